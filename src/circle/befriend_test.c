#include "circle/befriend.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "model/limits.h"
#include "store/ties.h"

#include <stdatomic.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err ask(int a, int b)
{
	return befriend_request(s->c, s->people[a], s->people[b], S("it is me"), s->now_ms, s->mem);
}
static err accept(int a, int from)
{
	return befriend_accept(s->c, s->people[a], s->people[from], s->now_ms);
}
static err end(int a, int b) { return befriend_end(s->c, s->people[a], s->people[b]); }
static err block(int a, int b)
{
	return befriend_block(s->c, s->people[a], s->people[b], s->now_ms);
}

/* F friend of mine, > asked, < asked by, B blocking, T hiding theirs, M hiding mine; "-" for nothing, "!" for nobody. */
static str relation(int a, int b)
{
	struct relation r;
	err e = befriend_relation(s->c, s->people[a], s->people[b], &r);
	if (e.code == ERR_MISSING)
		return S("!");
	assert_ok(e);
	str out = str_format(s->mem, "%s%s%s%s%s%s", r.friend_of_mine ? "F" : "",
	                     r.requested ? ">" : "", r.requested_by ? "<" : "",
	                     r.blocking ? "B" : "", r.hiding_theirs ? "T" : "",
	                     r.hiding_mine ? "M" : "");
	return out.n > 0 ? out : S("-");
}

/* What the store says of ties, whoever may know it. */
static bool tied(int a, int b)
{
	struct conn *conn = NULL;
	bool has;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(ties_has(conn, s->people[a], s->people[b], &has));
	store_read_end(s->c->store, &conn);
	return has;
}

static void asking_and_accepting_makes_both_friends(void **state)
{
	struct friend_request *requests;
	size_t n;
	(void)state;
	assert_ok(ask(2, 3));
	assert_text(relation(2, 3), ">");
	assert_text(relation(3, 2), "<");
	assert_int_equal(stage_notices(s, 3, NOTICE_REQUEST), 1);
	assert_ok(befriend_asked_me(s->c, s->people[3], 10, s->mem, &requests, &n));
	assert_int_equal(n, 1);
	assert_text(requests[0].word, "it is me");
	assert_ok(befriend_i_asked(s->c, s->people[2], 10, s->mem, &requests, &n));
	assert_int_equal(n, 1);
	assert_ok(accept(3, 2));
	assert_text(relation(2, 3), "F");
	assert_text(relation(3, 2), "F");
	assert_int_equal(stage_notices(s, 2, NOTICE_ACCEPTED), 1);
	assert_fails(accept(3, 2), ERR_MISSING);
}

static void asking_one_who_asked_me_is_accepting(void **state)
{
	(void)state;
	assert_ok(ask(2, 3));
	assert_ok(ask(3, 2));
	assert_text(relation(2, 3), "F");
	assert_text(relation(3, 2), "F");
}

static void asking_twice_replaces_the_word_and_rings_once(void **state)
{
	struct friend_request *requests;
	size_t n;
	(void)state;
	assert_ok(ask(2, 3));
	assert_ok(befriend_request(s->c, s->people[2], s->people[3], S("your cousin"), s->now_ms,
	                           s->mem));
	assert_ok(befriend_asked_me(s->c, s->people[3], 10, s->mem, &requests, &n));
	assert_int_equal(n, 1);
	assert_text(requests[0].word, "your cousin");
	assert_int_equal(stage_notices(s, 3, NOTICE_REQUEST), 1);
}

static void declining_and_withdrawing_leave_nothing(void **state)
{
	(void)state;
	assert_ok(ask(2, 3));
	assert_ok(befriend_decline(s->c, s->people[3], s->people[2]));
	assert_text(relation(2, 3), "-");
	assert_fails(befriend_decline(s->c, s->people[3], s->people[2]), ERR_MISSING);
	assert_ok(ask(2, 3));
	assert_ok(end(2, 3));
	assert_text(relation(3, 2), "-");
	assert_fails(accept(3, 2), ERR_MISSING);
	assert_ok(end(2, 3)); /* nothing left to end is fine */
}

static void one_who_was_left_is_not_told(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(end(3, 2));
	assert_text(relation(2, 3), "F");
	assert_text(relation(3, 2), "-");
	assert_ok(ask(2, 3)); /* changes nothing: 3 does not even hear of it */
	assert_text(relation(3, 2), "-");
	assert_int_equal(stage_notices(s, 3, NOTICE_REQUEST), 1); /* of the first time */
	assert_false(tied(3, 2));
	assert_ok(ask(3, 2)); /* the one who left comes back alone */
	assert_text(relation(3, 2), "F");
	assert_int_equal(stage_notices(s, 2, NOTICE_ACCEPTED), 1); /* of the first time */
	assert_true(tied(3, 2) && tied(2, 3));
}

static void both_leaving_makes_them_strangers(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(end(2, 3));
	assert_ok(end(3, 2));
	assert_ok(ask(2, 3));
	assert_text(relation(2, 3), ">");
	assert_false(tied(2, 3) || tied(3, 2));
}

static void a_block_clears_everything_and_lifting_it_restores_nothing(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(ask(4, 2));
	assert_ok(ask(2, 5));
	assert_ok(block(2, 3));
	assert_ok(block(2, 4));
	assert_ok(block(2, 5));
	assert_text(relation(2, 3), "B");
	assert_text(relation(3, 2), "!");
	assert_false(tied(2, 3) || tied(3, 2));
	for (int i = 3; i <= 5; i++) {
		assert_fails(ask(2, i), ERR_MISSING);
		assert_fails(ask(i, 2), ERR_MISSING);
		assert_fails(accept(2, i), ERR_MISSING);
		assert_fails(accept(i, 2), ERR_MISSING);
		assert_ok(befriend_unblock(s->c, s->people[2], s->people[i]));
		assert_text(relation(2, i), "-");
		assert_text(relation(i, 2), "-");
	}
}

/* Every verb gives one who is blocked the same answer as for somebody who never was. */
static void one_who_blocks_me_is_not_there(void **state)
{
	const person_id absent[] = { s->people[3], { 12345 } };
	struct relation r;
	(void)state;
	assert_ok(block(3, 2));
	for (size_t i = 0; i < COUNT(absent); i++) {
		person_id me = s->people[2], other = absent[i];
		assert_fails(befriend_request(s->c, me, other, STR_NONE, s->now_ms, s->mem),
		             ERR_MISSING);
		assert_fails(befriend_accept(s->c, me, other, s->now_ms), ERR_MISSING);
		assert_fails(befriend_decline(s->c, me, other), ERR_MISSING);
		assert_fails(befriend_end(s->c, me, other), ERR_MISSING);
		assert_fails(befriend_block(s->c, me, other, s->now_ms), ERR_MISSING);
		assert_fails(befriend_unblock(s->c, me, other), ERR_MISSING);
		assert_fails(befriend_hide_theirs(s->c, me, other, true, s->now_ms), ERR_MISSING);
		assert_fails(befriend_hide_mine(s->c, me, other, false, s->now_ms), ERR_MISSING);
		assert_fails(befriend_relation(s->c, me, other, &r), ERR_MISSING);
	}
}

static void oneself_and_long_words_are_refused(void **state)
{
	char word[WORD_MAX + 1];
	(void)state;
	for (size_t i = 0; i < sizeof word; i++)
		word[i] = 'a';
	assert_blames(ask(2, 2), ERR_INPUT, "id");
	assert_blames(accept(2, 2), ERR_INPUT, "id");
	assert_blames(end(2, 2), ERR_INPUT, "id");
	assert_blames(block(2, 2), ERR_INPUT, "id");
	assert_blames(befriend_hide_mine(s->c, s->people[2], s->people[2], true, s->now_ms),
	              ERR_INPUT, "id");
	assert_blames(befriend_request(s->c, s->people[2], s->people[3], (str){ word, sizeof word },
	                               s->now_ms, s->mem),
	              ERR_INPUT, "kith_word");
	assert_ok(befriend_request(s->c, s->people[2], s->people[3], (str){ word, sizeof word - 1 },
	                           s->now_ms, s->mem));
}

static void the_sealed_neither_ask_nor_are_asked(void **state)
{
	(void)state;
	assert_ok(ask(4, 2));
	assert_ok(ask(2, 5));
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_fails(befriend_decline(s->c, s->people[5], s->people[2]), ERR_MISSING);
	assert_fails(ask(2, 3), ERR_DENIED);
	assert_fails(accept(2, 4), ERR_DENIED);
	assert_fails(block(2, 3), ERR_DENIED);
	assert_fails(ask(3, 2), ERR_MISSING);
	assert_text(relation(3, 2), "!");
	assert_text(relation(4, 2), ">"); /* something of mine points to them */
	assert_ok(end(4, 2));             /* my own request to them can still be taken back */
	assert_text(relation(4, 2), "!");
}

static void hiding_is_my_own_affair(void **state)
{
	person_id *hidden;
	size_t n;
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(befriend_hide_theirs(s->c, s->people[2], s->people[3], true, s->now_ms));
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], true, s->now_ms));
	assert_text(relation(2, 3), "FTM");
	assert_text(relation(3, 2), "F");
	assert_ok(befriend_hidden(s->c, s->people[2], s->mem, &hidden, &n));
	assert_int_equal(n, 1);
	assert_int_equal(hidden[0].v, s->people[3].v);
	assert_ok(befriend_hide_theirs(s->c, s->people[2], s->people[3], false, s->now_ms));
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], false, s->now_ms));
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], false, s->now_ms));
	assert_text(relation(2, 3), "F");
}

static void what_i_hid_of_one_i_block_is_mine_to_undo(void **state)
{
	person_id me = s->people[2], other = s->people[3];
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(befriend_hide_theirs(s->c, me, other, true, s->now_ms));
	assert_ok(block(3, 2));
	assert_fails(befriend_hide_theirs(s->c, me, other, false, s->now_ms), ERR_MISSING);
	assert_ok(befriend_unblock(s->c, other, me));
	assert_text(relation(2, 3), "T"); /* nothing of it happened */
	assert_ok(block(2, 3));
	assert_ok(befriend_hide_theirs(s->c, me, other, false, s->now_ms));
	assert_fails(befriend_hide_theirs(s->c, me, other, true, s->now_ms), ERR_MISSING);
}

static void lists_of_friends_page_and_leave_out_the_sealed(void **state)
{
	person_id *all, *rest;
	size_t n;
	(void)state;
	for (int i = 3; i < 8; i++)
		stage_befriend(s, 2, i);
	assert_ok(stage_seal(s->c, s->people[5], true, s->now_ms));
	assert_ok(befriend_friends(s->c, s->people[2], 0, 3, s->mem, &all, &n));
	assert_int_equal(n, 3);
	assert_int_equal(all[0].v, s->people[7].v);
	assert_ok(befriend_friends(s->c, s->people[2], all[2].v, 3, s->mem, &rest, &n));
	assert_int_equal(n, 1);
	assert_int_equal(rest[0].v, s->people[3].v);
	assert_ok(block(2, 3));
	assert_ok(befriend_blocked(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(n, 1);
}

static void all_of_it_outlasts_a_restart(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], true, s->now_ms));
	assert_ok(ask(2, 4));
	assert_ok(block(2, 5));
	assert_ok(end(3, 2));
	stage_reopen(s);
	assert_text(relation(2, 3), "FM");
	assert_text(relation(3, 2), "-");
	assert_text(relation(2, 4), ">");
	assert_text(relation(2, 5), "B");
}

/* The cap. */

static int set_up_small(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 40, .friends_max = 3 });
	return 0;
}

static void at_the_cap_a_request_waits(void **state)
{
	(void)state;
	for (int i = 3; i < 6; i++)
		stage_befriend(s, 2, i);
	err e = ask(6, 2);
	assert_blames(e, ERR_LIMIT, "friends");
	assert_true(str_starts(str_of(e.say), S("Their")));
	assert_text(relation(2, 6), "<");
	e = accept(2, 6);
	assert_blames(e, ERR_LIMIT, "friends");
	assert_true(str_starts(str_of(e.say), S("Your")));
	assert_text(relation(2, 6), "<"); /* nothing is lost */
	e = ask(2, 6);                    /* as accepting */
	assert_blames(e, ERR_LIMIT, "friends");
	assert_text(relation(6, 2), ">");
	assert_ok(end(2, 3));
	assert_ok(accept(2, 6));
	assert_text(relation(2, 6), "F");
}

static void coming_back_at_the_cap_is_refused_without_a_trace(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	assert_ok(end(2, 3));
	for (int i = 4; i < 7; i++)
		stage_befriend(s, 2, i);
	assert_blames(ask(2, 3), ERR_LIMIT, "friends");
	assert_text(relation(2, 3), "-");
	assert_text(relation(3, 2), "F"); /* and 3 has not seen a request from a friend */
	assert_int_equal(stage_notices(s, 3, NOTICE_REQUEST), 1); /* of the first time */
	assert_ok(end(2, 4));
	assert_ok(ask(2, 3));
	assert_text(relation(2, 3), "F");
}

static int ties_of(int a)
{
	struct conn *conn = NULL;
	int count;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(ties_count(conn, s->people[a], &count));
	store_read_end(s->c->store, &conn);
	return count;
}

static void count_outcome(err e, void *ctx)
{
	atomic_int *outcomes = ctx;
	atomic_fetch_add(&outcomes[e.code], 1);
}

static void accept_each(struct stage *stage, int i, void *ctx)
{
	count_outcome(
		befriend_accept(stage->c, stage->people[2], stage->people[10 + i], stage->now_ms),
		ctx);
}

static void ask_back_each(struct stage *stage, int i, void *ctx)
{
	count_outcome(befriend_request(stage->c, stage->people[10 + i], stage->people[3], STR_NONE,
	                               stage->now_ms, stage->mem),
	              ctx);
}

static void twenty_at_once_never_overrun_the_cap(void **state)
{
	atomic_int outcomes[ERR_SYSTEM + 1] = { 0 };
	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_ok(ask(10 + i, 2));
		assert_ok(ask(3, 10 + i));
	}
	stage_race(s, 20, accept_each, outcomes);
	assert_int_equal(outcomes[ERR_NONE], 3);
	assert_int_equal(outcomes[ERR_LIMIT], 17);
	assert_int_equal(ties_of(2), 3);
	for (int i = 0; i <= ERR_SYSTEM; i++)
		outcomes[i] = 0;
	stage_race(s, 20, ask_back_each, outcomes);
	assert_int_equal(outcomes[ERR_NONE], 3);
	assert_int_equal(outcomes[ERR_LIMIT], 17);
	assert_int_equal(ties_of(3), 3);
}

static void accept_or_block(struct stage *stage, int i, void *ctx)
{
	(void)ctx;
	err e = i == 0 ? befriend_accept(stage->c, stage->people[2], stage->people[3],
	                                 stage->now_ms)
	               : befriend_block(stage->c, stage->people[3], stage->people[2],
	                                stage->now_ms);
	if (failed(e))
		sure(e.code == ERR_MISSING);
}

static void a_block_during_accept_wins_in_either_order(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		assert_ok(ask(3, 2));
		stage_race(s, 2, accept_or_block, NULL);
		assert_false(tied(2, 3) || tied(3, 2));
		assert_text(relation(3, 2), "B");
		assert_ok(befriend_unblock(s->c, s->people[3], s->people[2]));
		assert_text(relation(2, 3), "-");
	}
}

static void end_each(struct stage *stage, int i, void *ctx)
{
	(void)i;
	(void)ctx;
	sure(!failed(befriend_end(stage->c, stage->people[2], stage->people[3])));
}

static void ending_twice_at_once_ends_once(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 4);
	stage_race(s, 8, end_each, NULL);
	assert_int_equal(ties_of(2), 1);
	assert_int_equal(ties_of(3), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define TEST_SMALL(f) cmocka_unit_test_setup_teardown(f, set_up_small, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asking_and_accepting_makes_both_friends),
		TEST(asking_one_who_asked_me_is_accepting),
		TEST(asking_twice_replaces_the_word_and_rings_once),
		TEST(declining_and_withdrawing_leave_nothing),
		TEST(one_who_was_left_is_not_told),
		TEST(both_leaving_makes_them_strangers),
		TEST(a_block_clears_everything_and_lifting_it_restores_nothing),
		TEST(one_who_blocks_me_is_not_there),
		TEST(oneself_and_long_words_are_refused),
		TEST(the_sealed_neither_ask_nor_are_asked),
		TEST(hiding_is_my_own_affair),
		TEST(what_i_hid_of_one_i_block_is_mine_to_undo),
		TEST(lists_of_friends_page_and_leave_out_the_sealed),
		TEST(all_of_it_outlasts_a_restart),
		TEST_SMALL(at_the_cap_a_request_waits),
		TEST_SMALL(coming_back_at_the_cap_is_refused_without_a_trace),
		TEST_SMALL(twenty_at_once_never_overrun_the_cap),
		TEST_SMALL(a_block_during_accept_wins_in_either_order),
		TEST_SMALL(ending_twice_at_once_ends_once),
	};
	return cmocka_run_group_tests_name("befriend", tests, NULL, NULL);
}
