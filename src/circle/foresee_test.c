/* What a person is told of the next version is what happens when it binds: the same texts by the same people in the same order, written
 * once before and once under it, come out as foreseen, also where they count for one another. */
#include "circle/foresee.h"

#include "circle/enact.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/stage_testing.h"
#include "integrity/policy/policy.h"
#include "store/measures.h"

#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define FRUIT "自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家"
#define AD STAGE_AD
#define PLAIN "周末和爸妈去爬山，下雨了，回来煮了一锅汤。"

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8, .screen = true });
	remember_wait(s->c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* The policy in force, and a rule beside it: on a word, on copies by others, and on a pace. */
static str next_policy(void)
{
	static const char *const more =
		"words fruitful \"柿子熟了\" matches \"院子里的柿子熟了\" passes \"今天吃饺子\" end\n"
		"rule next.fruit clause \"b.9\" owner \"stewards\" status live harm marketing dsa VIOLENCE\n"
		"evidence 0.5 when words(fruitful) >= 1\n"
		"evidence 0.9 when words(fruitful) >= 1 and (copy.authors else 0) >= 3\n"
		"evidence 0.7 when words(fruitful) >= 1 and "
		"count(by author within 1d where words(fruitful) >= 1) else 0 >= 1\n"
		"en \"It names a fruit.\" zh \"它提到了柿子。\" pass en \"Without.\" zh \"不提。\" "
		"false_positives \"many\" fires \"院子里的柿子熟了\" silent \"今天吃饺子\" end\n";
	struct enacted_policy now;
	str hash = remember_policy(s->c, s->mem);
	assert_ok(enact_find(s->c, hash, s->mem, &now));
	return str_format(s->mem, "%.*s%zu more.policy\n%s", STR_ARG(now.row.source), strlen(more),
	                  more);
}

static struct enacted publish(str source)
{
	struct publication ask = { .source = source };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	struct enacted out;
	size_t n_failed;
	err e = enact_publish(s->c, &ask, s->now_ms, s->mem, &out, &fault, &failed_ones, &n_failed);
	if (failed(e))
		fail_msg("%s %.*s", e.why, STR_ARG(fault.rendered));
	return out;
}

static const struct {
	int who;
	const char *text;
} texts[] = {
	{ 2, FRUIT }, { 2, PLAIN }, { 3, AD },    { 4, FRUIT }, { 2, FRUIT },
	{ 5, FRUIT }, { 6, FRUIT }, { 6, PLAIN }, { 7, FRUIT }, { 3, FRUIT },
};

static void write_all(struct status_ref refs[COUNT(texts)])
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		s->now_ms += 60 * 1000;
		refs[i] = stage_post(s, texts[i].who, texts[i].text);
	}
}

static enum action done_to(struct status_ref ref)
{
	static const enum action as[] = { [MEASURE_HOLD] = ACTION_HOLD,
		                          [MEASURE_LABEL] = ACTION_LABEL,
		                          [MEASURE_FOLD] = ACTION_FOLD };
	struct conn *conn = NULL;
	struct measure *all;
	enum action found = ACTION_ALLOW;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, ref.post_author, (measure_id){ 0 }, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		if (all[i].post.v == ref.post.v)
			found = as[all[i].kind];
	return found;
}

static struct foreseen_mine mine(str hash, int who)
{
	struct foreseen_mine out;
	assert_ok(foresee_mine(s->c, hash, s->people[who], s->now_ms, s->mem, &out));
	return out;
}

static enum action foreseen(const struct foreseen_mine *mine, struct status_ref ref)
{
	for (size_t i = 0; i < mine->n; i++) {
		if (mine->changed[i].piece.post.v != ref.post.v)
			continue;
		assert_int_equal(mine->changed[i].was, done_to(ref));
		return mine->changed[i].will;
	}
	return done_to(ref); /* it is not told: it comes out as it did */
}

static void what_is_foreseen_is_what_happens_when_it_binds(void **state)
{
	struct status_ref before[COUNT(texts)], after[COUNT(texts)];
	enum action will[COUNT(texts)];
	size_t changed[ACTION_HOLD + 1] = { 0 };
	(void)state;
	write_all(before);
	struct enacted out = publish(next_policy());
	assert_int_equal(out.state, POLICY_ANNOUNCED);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct foreseen_mine m = mine(out.hash, texts[i].who);
		will[i] = foreseen(&m, before[i]);
		changed[will[i]] += will[i] != done_to(before[i]);
	}
	assert_true(changed[ACTION_LABEL] >= 1 && changed[ACTION_HOLD] >= 2);
	/* By then the past of before counts for nothing any more. */
	s->now_ms += 40 * DAY_MS;
	assert_ok(enact_tick(s->c, s->now_ms));
	str now = remember_policy(s->c, s->mem);
	assert_true(str_eq(now, out.hash));
	write_all(after);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (done_to(after[i]) != will[i])
			fail_msg("text %zu: foreseen %s, then %s", i, action_name(will[i]),
			         action_name(done_to(after[i])));
}

static void each_is_told_of_their_own_alone(void **state)
{
	struct status_ref refs[COUNT(texts)];
	(void)state;
	write_all(refs);
	str hash = publish(next_policy()).hash;
	for (int who = 0; who < 8; who++) {
		struct foreseen_mine m = mine(hash, who);
		size_t written = 0;
		for (size_t i = 0; i < COUNT(texts); i++)
			written += texts[i].who == who ? 1 : 0;
		assert_int_equal(m.pieces, written);
		for (size_t i = 0; i < m.n; i++) {
			assert_true(m.changed[i].piece.post_author.v == s->people[who].v);
			assert_true(m.changed[i].was != m.changed[i].will);
			assert_text(m.changed[i].text, FRUIT);
			assert_true(m.changed[i].en.n > 0 && m.changed[i].zh.n > 0);
			assert_true(i == 0 || m.changed[i].at_ms <= m.changed[i - 1].at_ms);
		}
	}
	struct foreseen_mine first = mine(hash, 2);
	assert_true(first.n >= 1);
	assert_text(first.changed[first.n - 1].rule, "next.fruit");
	assert_text(first.changed[first.n - 1].en, "It names a fruit.");
}

static void what_is_deleted_or_long_ago_is_not_told(void **state)
{
	(void)state;
	stage_post(s, 2, FRUIT);
	s->now_ms += 31 * DAY_MS;
	struct status_ref gone = stage_post(s, 4, FRUIT);
	struct status_ref there = stage_post(s, 5, FRUIT);
	str hash = publish(next_policy()).hash;
	assert_int_equal(mine(hash, 2).n, 0);
	assert_int_equal(mine(hash, 2).pieces, 0);
	assert_int_equal(mine(hash, 4).n, 1);
	assert_ok(publish_delete(s->c, s->people[4], &gone, s->now_ms));
	assert_int_equal(mine(hash, 4).n, 0);
	assert_int_equal(mine(hash, 5).n, 1);
	assert_true(mine(hash, 5).changed[0].piece.post.v == there.post.v);
}

/* A piece counts as it was judged last. */
static void a_changed_piece_is_told_as_it_is(void **state)
{
	str plain = S(PLAIN), fruit = S(FRUIT);
	struct change_draft to_plain = { .text = &plain }, to_fruit = { .text = &fruit };
	(void)state;
	struct status_ref a = stage_post(s, 2, FRUIT), b = stage_post(s, 4, PLAIN);
	s->now_ms += 1000;
	assert_ok(publish_change(s->c, s->people[2], &a, &to_plain, s->now_ms, s->mem));
	assert_ok(publish_change(s->c, s->people[4], &b, &to_fruit, s->now_ms, s->mem));
	str hash = publish(next_policy()).hash;
	assert_int_equal(mine(hash, 2).n, 0);
	assert_int_equal(mine(hash, 2).pieces, 1);
	assert_int_equal(mine(hash, 4).n, 1);
	assert_text(mine(hash, 4).changed[0].text, FRUIT);
}

/* After a restart it is reckoned again, in the background, when somebody asks. */
static void a_restart_reckons_it_again_when_asked(void **state)
{
	struct foreseen_mine out;
	(void)state;
	stage_post(s, 2, FRUIT);
	str hash = publish(next_policy()).hash;
	stage_reopen(s);
	remember_wait(s->c);
	assert_fails(foresee_mine(s->c, hash, s->people[2], s->now_ms, s->mem, &out), ERR_BUSY);
	foresee_wait(s->c);
	assert_int_equal(mine(hash, 2).n, 1);
	/* What is written meanwhile is told ten minutes later, from the second look on. */
	stage_post(s, 3, FRUIT);
	assert_int_equal(mine(hash, 3).n, 0);
	foresee_wait(s->c);
	assert_int_equal(mine(hash, 3).n, 0);
	s->now_ms += 10 * 60 * 1000;
	assert_int_equal(mine(hash, 3).n, 0);
	foresee_wait(s->c);
	assert_int_equal(mine(hash, 3).n, 1);
	assert_int_equal(mine(hash, 2).n, 1);
}

/* Not the thirty days before next year, in which nobody wrote anything. */
static void a_clock_that_jumps_changes_no_month(void **state)
{
	struct status_ref refs[COUNT(texts)];
	struct foreseen_mine out;
	(void)state;
	write_all(refs);
	str hash = publish(next_policy()).hash;
	size_t pieces = mine(hash, 2).pieces;
	assert_true(pieces > 0);
	stage_reopen(s);
	remember_wait(s->c);
	stage_two_clocks(s);
	assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
	s->jumped_ms = INT64_C(365) * 24 * 3600 * 1000;
	assert_fails(foresee_mine(s->c, hash, s->people[2], stage_wall(s), s->mem, &out), ERR_BUSY);
	foresee_wait(s->c);
	assert_ok(foresee_mine(s->c, hash, s->people[2], stage_wall(s), s->mem, &out));
	assert_int_equal(out.pieces, pieces);
	assert_int_equal(out.as_of_ms, s->now_ms);
	foresee_wait(s->c);
}

static void only_what_is_announced_is_foreseen(void **state)
{
	struct foreseen_mine out;
	struct enacted done;
	(void)state;
	str now = remember_policy(s->c, s->mem);
	assert_fails(foresee_mine(s->c, now, s->people[2], s->now_ms, s->mem, &out), ERR_MISSING);
	str hash = publish(next_policy()).hash;
	assert_fails(foresee_mine(s->c, now, s->people[2], s->now_ms, s->mem, &out), ERR_MISSING);
	(void)mine(hash, 2);
	assert_ok(enact_withdraw(s->c, hash, s->people[0], s->now_ms, s->mem, &done));
	assert_fails(foresee_mine(s->c, hash, s->people[2], s->now_ms, s->mem, &out), ERR_MISSING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_foreseen_is_what_happens_when_it_binds),
		TEST(each_is_told_of_their_own_alone),
		TEST(what_is_deleted_or_long_ago_is_not_told),
		TEST(a_changed_piece_is_told_as_it_is),
		TEST(a_restart_reckons_it_again_when_asked),
		TEST(a_clock_that_jumps_changes_no_month),
		TEST(only_what_is_announced_is_foreseen),
	};
	return cmocka_run_group_tests_name("foresee", tests, NULL, NULL);
}
