#include "circle/review.h"

#include "circle/admit.h"
#include "circle/order.h"
#include "circle/order_testing.h"
#include "circle/report.h"
#include "circle/stage_testing.h"

#include "model/limits.h"

#include <stdatomic.h>

#define AD STAGE_AD
#define OTHER_AD                                                                                   \
	"躺赚项目火爆招募代理！交398元入门费，发展下级三级返佣，推荐一人奖励200，月入过万不是梦。想赚钱的➕V❤：q w e 7 7 5 5 进群"
#define HONEST "周末和爸妈去爬山，下雨了，回来煮了一锅汤。"

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 writes, 3 and the steward are friends of 2. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 5, .screen = true });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static measure_id hold_words(int author, str text, struct status_ref *ref)
{
	struct published out;
	struct post_draft draft = { .text = text };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	*ref = (struct status_ref){ s->people[author], out.post.gate.id, { 0 } };
	return out.measure.id;
}

static measure_id hold(int author, struct status_ref *ref)
{
	return hold_words(author, S(AD), ref);
}

static size_t queue(int steward, struct seen_measure **out)
{
	size_t n;
	assert_ok(review_queue(s->c, s->people[steward], 20, s->now_ms, s->mem, out, &n));
	return n;
}

static err decide(int steward, measure_id id, bool release, struct seen_measure *out)
{
	return review_decide(s->c, s->people[steward], id, release, S("looked at it"), s->now_ms,
	                     s->mem, out);
}

static void stewards_see_what_waits_and_each_look_is_written_down(void **state)
{
	struct seen_measure *waiting;
	struct status_ref ref;
	measure_id id = hold(2, &ref);
	size_t n;
	(void)state;
	assert_int_equal(order_looks(s, id.v), 0);
	assert_int_equal(queue(1, &waiting), 1);
	assert_text(waiting[0].text, AD);
	assert_int_equal(waiting[0].measure.id.v, id.v);
	assert_text(waiting[0].subject.handle, "p02");
	assert_true(waiting[0].has_post && waiting[0].post.held);
	assert_int_equal(order_looks(s, id.v), 1);
	assert_int_equal(queue(0, &waiting), 1);
	assert_int_equal(order_looks(s, id.v), 2);
	assert_fails(review_queue(s->c, s->people[3], 20, s->now_ms, s->mem, &waiting, &n),
	             ERR_DENIED);
	assert_fails(review_queue(s->c, (person_id){ 42 }, 20, s->now_ms, s->mem, &waiting, &n),
	             ERR_DENIED);
	assert_ok(stage_seal(s->c, s->people[1], true, s->now_ms));
	assert_fails(review_queue(s->c, s->people[1], 20, s->now_ms, s->mem, &waiting, &n),
	             ERR_DENIED);
	assert_int_equal(order_looks(s, id.v), 2);
}

static void a_steward_learns_no_more_than_the_piece(void **state)
{
	struct seen_measure *waiting;
	struct audience only = { AUDIENCE_ONLY, 0, 1, NULL, &s->people[3], { 0 }, NULL };
	struct post_draft draft = { .text = S(AD " @p03"), .audience = only };
	struct published out;
	(void)state;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_int_equal(out.post.n_mentions, 1);
	assert_int_equal(queue(0, &waiting), 1);
	assert_int_equal(waiting[0].post.post.gate.audience.n_people, 0);
	assert_int_equal(waiting[0].post.post.n_mentions, 0);
	assert_int_equal(waiting[0].post.n_mentions, 0);
	assert_int_equal(waiting[0].subject.note.n, 0);
}

static void release_lets_it_appear_and_keep_does_not(void **state)
{
	struct seen_measure out, *mine;
	struct status_ref first, second;
	measure_id a = hold(2, &first), b = hold(2, &second);
	size_t n;
	(void)state;
	assert_ok(decide(1, a, true, &out));
	assert_int_equal(out.measure.state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 3, first));
	assert_ok(decide(0, b, false, &out));
	assert_int_equal(out.measure.state, MEASURE_KEPT);
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 2);
	s->now_ms += 2 * HOLD_MS;
	assert_false(stage_sees(s, 3, second)); /* kept has no end */
	assert_true(stage_sees(s, 2, second));
	assert_int_equal(queue(1, &mine), 0);
	assert_ok(
		review_mine(s->c, s->people[2], (struct page){ 0 }, s->now_ms, s->mem, &mine, &n));
	assert_int_equal(n, 3);
	assert_int_equal(mine[0].measure.kind, MEASURE_NOTICE); /* the program says what it broke */
	assert_text(mine[1].measure.decision_note, "looked at it");
	assert_int_equal(mine[1].measure.id.v, b.v);
	assert_ok(review_mine(s->c, s->people[2], (struct page){ .max_id = b.v }, s->now_ms, s->mem,
	                      &mine, &n));
	assert_int_equal(n, 1);
	assert_ok(
		review_mine(s->c, s->people[3], (struct page){ 0 }, s->now_ms, s->mem, &mine, &n));
	assert_int_equal(n, 0);
	stage_reopen(s);
	assert_true(stage_sees(s, 3, first));
	assert_false(stage_sees(s, 3, second));
}

static void a_decision_is_made_once_and_by_no_party(void **state)
{
	struct seen_measure out, *waiting;
	struct status_ref ref;
	measure_id own = hold_words(1, S(OTHER_AD), &ref), id = hold(2, &ref);
	(void)state;
	assert_int_equal(queue(1, &waiting), 1); /* not their own */
	assert_fails(decide(1, own, true, &out), ERR_MISSING);
	assert_fails(decide(3, id, true, &out), ERR_DENIED);
	assert_fails(decide(1, (measure_id){ 42 }, true, &out), ERR_MISSING);
	assert_blames(
		review_decide(s->c, s->people[1], id, true, S("a\nb"), s->now_ms, s->mem, &out),
		ERR_INPUT, "note");
	assert_ok(decide(1, id, false, &out));
	assert_fails(decide(1, id, true, &out), ERR_CONFLICT);
	assert_fails(decide(0, id, true, &out), ERR_CONFLICT);
	assert_ok(decide(0, own, true, &out));
}

/* One case, one rule: what is no steward's to see in the case is not in the queue either. */
static void who_reported_somebody_reviews_nothing_of_theirs(void **state)
{
	struct seen_measure out, *waiting;
	struct report_draft report = { .target = s->people[2], .category = REPORT_OTHER };
	struct report *reports;
	struct status_ref ref;
	size_t n;
	(void)state;
	measure_id id = hold(2, &ref);
	assert_int_equal(queue(1, &waiting), 1);
	assert_ok(report_file(s->c, s->people[1], &report, s->now_ms, s->mem, &reports, &n));
	assert_int_equal(queue(1, &waiting), 0);
	assert_fails(decide(1, id, true, &out), ERR_MISSING);
	assert_int_equal(queue(0, &waiting), 1);
	assert_ok(decide(0, id, true, &out));
}

/* The author of the post is a party to a comment under it. */
static void a_comment_on_a_stewards_post_is_for_others(void **state)
{
	struct status_ref post = stage_post(s, 1, HONEST);
	struct comment_draft draft = { .text = S(AD) };
	struct seen_measure out, *waiting;
	struct commented held;
	(void)state;
	assert_ok(publish_comment(s->c, s->people[2], &post, &draft, s->now_ms, s->mem, &held));
	assert_true(held.held);
	assert_int_equal(queue(1, &waiting), 0);
	assert_fails(decide(1, held.measure.id, true, &out), ERR_MISSING);
	assert_int_equal(queue(0, &waiting), 1);
	assert_true(waiting[0].has_comment && !waiting[0].has_post);
	assert_ok(decide(0, held.measure.id, true, &out));
	assert_true(stage_sees(
		s, 1, (struct status_ref){ post.post_author, post.post, held.comment.gate.id }));
}

static void what_nobody_decides_appears_by_itself(void **state)
{
	struct seen_measure out, *waiting, *mine;
	struct status_ref ref, gone;
	measure_id id = hold(2, &ref);
	size_t n;
	(void)state;
	hold(2, &gone);
	assert_ok(publish_delete(s->c, s->people[2], &gone, s->now_ms));
	assert_int_equal(queue(1, &waiting), 1); /* what was taken back is nobody's to judge */
	s->now_ms += HOLD_MS - 1;
	assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 0);
	assert_false(stage_sees(s, 3, ref));
	s->now_ms += 1;
	assert_true(stage_sees(s, 3, ref)); /* even before the clock wrote it down */
	assert_ok(
		review_mine(s->c, s->people[2], (struct page){ 0 }, s->now_ms, s->mem, &mine, &n));
	assert_int_equal(mine[0].measure.state,
	                 MEASURE_WITHDRAWN); /* of what was taken back nobody decides */
	assert_int_equal(mine[1].measure.state, MEASURE_LAPSED);
	assert_fails(decide(1, id, false, &out), ERR_CONFLICT);
	for (int i = 0; i < 2; i++) {
		assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
		assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 1);
	}
	stage_reopen(s);
	assert_true(stage_sees(s, 3, ref));
	assert_false(stage_sees(s, 2, gone));
}

struct rush {
	measure_id id;
	atomic_int outcomes[ERR_SYSTEM + 1];
};

static void decide_each(struct stage *stage, int i, void *ctx)
{
	struct rush *rush = ctx;
	struct arena *mem = arena_new(4096);
	struct seen_measure out;
	err e = review_decide(stage->c, stage->people[i % 2], rush->id, i % 3 != 0, STR_NONE,
	                      stage->now_ms, mem, &out);
	atomic_fetch_add(&rush->outcomes[e.code], 1);
	arena_free(mem);
}

static void of_many_at_once_one_decides(void **state)
{
	struct status_ref ref;
	struct rush rush = { .id = hold(2, &ref) };
	(void)state;
	stage_race(s, 12, decide_each, &rush);
	assert_int_equal(rush.outcomes[ERR_NONE], 1);
	assert_int_equal(rush.outcomes[ERR_CONFLICT], 11);
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stewards_see_what_waits_and_each_look_is_written_down),
		TEST(a_steward_learns_no_more_than_the_piece),
		TEST(release_lets_it_appear_and_keep_does_not),
		TEST(a_decision_is_made_once_and_by_no_party),
		TEST(who_reported_somebody_reviews_nothing_of_theirs),
		TEST(a_comment_on_a_stewards_post_is_for_others),
		TEST(what_nobody_decides_appears_by_itself),
		TEST(of_many_at_once_one_decides),
	};
	return cmocka_run_group_tests_name("review", tests, NULL, NULL);
}
