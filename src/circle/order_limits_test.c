/* What a measure in force keeps a person from, and nothing else. */
#include "circle/order.h"

#include "circle/admit.h"
#include "circle/order_testing.h"

#define DAY ORDER_DAY_MS

static struct stage *s; /* of the test that runs */
static struct status_ref theirs, mine;

/* 0 keeper, 1 steward; 2 is limited, 3 a friend of theirs, 4 asks to be one, 5 is asked. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6 });
	stage_befriend(s, 2, 3);
	theirs = stage_post(s, 3, "a post of a friend");
	mine = stage_post(s, 2, "one of mine");
	s->now_ms += 2 * DAY;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err post_as(const char *key)
{
	struct published out;
	struct post_draft draft = { .text = S("something"), .retry_key = str_of(key) };
	return publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out);
}

static err post(void) { return post_as(""); }

static err comment(void)
{
	struct commented out;
	struct comment_draft draft = { .text = S("something") };
	return publish_comment(s->c, s->people[2], &theirs, &draft, s->now_ms, s->mem, &out);
}

static err change(void)
{
	static int n;
	str text = str_format(s->mem, "other words %d", n++);
	return publish_change(s->c, s->people[2], &mine, &(struct change_draft){ .text = &text },
	                      s->now_ms, s->mem);
}

static err narrow(void)
{
	struct audience self = { .kind = AUDIENCE_SELF };
	return publish_change(s->c, s->people[2], &mine,
	                      &(struct change_draft){ .audience = &self }, s->now_ms, s->mem);
}

static err like(void) { return publish_like(s->c, s->people[2], &theirs, s->now_ms); }

static err ask(void)
{
	return befriend_request(s->c, s->people[2], s->people[5], STR_NONE, s->now_ms, s->mem);
}

static err accept(void)
{
	err e = befriend_request(s->c, s->people[4], s->people[2], STR_NONE, s->now_ms, s->mem);
	return failed(e) ? e : befriend_accept(s->c, s->people[2], s->people[4], s->now_ms);
}

static err decline(void)
{
	err e = befriend_request(s->c, s->people[4], s->people[2], STR_NONE, s->now_ms, s->mem);
	return failed(e) ? e : befriend_decline(s->c, s->people[2], s->people[4]);
}

/* As they were before: no friends, and nobody has asked. */
static void part(void)
{
	assert_ok(befriend_end(s->c, s->people[2], s->people[4]));
	assert_ok(befriend_end(s->c, s->people[4], s->people[2]));
	assert_ok(befriend_end(s->c, s->people[2], s->people[5]));
}

static err take_back(void)
{
	struct status_ref ref = stage_post(s, 2, "x");
	return publish_delete(s->c, s->people[2], &ref, s->now_ms);
}

/* A refusal of the order says in both languages where the reasons are. */
static void expect(const char *what, err e, bool allowed)
{
	if (allowed != !failed(e))
		fail_msg("%s: %s", what, failed(e) ? e.why : "allowed");
	if (allowed)
		return;
	assert_int_equal(e.code, ERR_DENIED);
	assert_non_null(e.say);
	assert_true(str_find(str_of(e.say), S("measures")) != SIZE_MAX);
	assert_true(str_find(str_of(e.say), S("申诉")) != SIZE_MAX);
}

static void each_measure_forbids_its_own(void **state)
{
	static const struct {
		const char *what;
		err (*deed)(void);
		bool freeze, no_friends, notice; /* allowed under it */
	} deeds[] = {
		{ "to decline", decline, true, true, true },
		{ "to like", like, true, true, true },
		{ "to ask to be a friend", ask, true, false, true },
		{ "to accept a friend", accept, true, false, true },
		{ "to post", post, false, true, true },
		{ "to comment", comment, false, true, true },
		{ "to change words", change, false, true, true },
		{ "to narrow an audience", narrow, true, true, true },
	};
	static const enum measure_kind kinds[] = { MEASURE_FREEZE, MEASURE_NO_FRIENDS,
		                                   MEASURE_NOTICE };
	(void)state;
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct measure m = order_put(s, 1, 2, kinds[k]);
		for (size_t i = 0; i < COUNT(deeds); i++) {
			bool allowed = kinds[k] == MEASURE_FREEZE       ? deeds[i].freeze
			               : kinds[k] == MEASURE_NO_FRIENDS ? deeds[i].no_friends
			                                                : deeds[i].notice;
			expect(deeds[i].what, deeds[i].deed(), allowed);
		}
		assert_ok(order_try_end(
			s, m.id,
			(struct order_end){ .state = MEASURE_RELEASED, .by = s->people[0] }));
		part();
		for (size_t i = 0; i < COUNT(deeds); i++) /* undone at once */
			expect(deeds[i].what, deeds[i].deed(), true);
		part();
	}
}

static void what_was_written_can_be_taken_back(void **state)
{
	struct status_ref ref = stage_post(s, 2, "x");
	(void)state;
	order_put(s, 1, 2, MEASURE_FREEZE);
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
}

static int64_t wait_for(enum order_deed deed)
{
	int64_t wait_ms;
	assert_ok(order_wait(s->c, s->people[2], deed, s->now_ms, &wait_ms));
	return wait_ms;
}

static void fewer_are_three_posts_and_three_comments_a_day(void **state)
{
	(void)state;
	assert_ok(take_back()); /* what was deleted was written */
	assert_ok(post());
	order_put(s, 1, 2, MEASURE_FEWER);
	assert_ok(post());
	assert_fails(post(), ERR_LIMIT);
	assert_non_null(post().say);
	for (int i = 0; i < 3; i++)
		assert_ok(comment());
	assert_fails(comment(), ERR_LIMIT);
	assert_int_equal(wait_for(ORDER_POST), DAY + 1);
	assert_int_equal(wait_for(ORDER_COMMENT), DAY + 1);
	assert_int_equal(wait_for(ORDER_PAST_POST), 14 * DAY);
	assert_ok(change());
	assert_ok(like());
	s->now_ms += DAY - 1;
	assert_fails(post(), ERR_LIMIT);
	s->now_ms += wait_for(ORDER_POST);
	assert_int_equal(wait_for(ORDER_POST), 0);
	for (int i = 0; i < 3; i++) {
		assert_ok(post());
		assert_ok(comment());
	}
	assert_fails(post(), ERR_LIMIT);
	assert_fails(comment(), ERR_LIMIT);
	stage_reopen(s);
	assert_fails(post(), ERR_LIMIT);
	s->now_ms += 13 * DAY - 1000;
	for (int i = 0; i < 3; i++)
		assert_ok(post());
	/* With the measure its waiting is over: it ends before a day is. */
	assert_true(wait_for(ORDER_POST) > 0 && wait_for(ORDER_POST) <= 1000);
	s->now_ms += wait_for(ORDER_POST);
	for (int i = 0; i < 5; i++) /* over by its clock, before anybody wrote that down */
		assert_ok(post());
}

/* Brought along, from long ago: it would not count, so there is none. */
static void fewer_are_no_old_ones_either(void **state)
{
	struct published out;
	struct post_draft draft = { .text = S("of last year"), .at_ms = s->now_ms - 300 * DAY };
	(void)state;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	order_put(s, 1, 2, MEASURE_FEWER);
	draft.at_ms += 1000;
	assert_fails(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out), ERR_LIMIT);
	assert_ok(post());
}

static void a_retry_is_no_new_post(void **state)
{
	(void)state;
	assert_ok(post_as("key"));
	order_put(s, 1, 2, MEASURE_FREEZE);
	assert_ok(post_as("key"));
	assert_fails(post_as("another"), ERR_DENIED);
}

static void limits_of_several_are_the_longest(void **state)
{
	struct measure longer, shorter = order_put(s, 1, 2, MEASURE_FREEZE);
	struct limited limited;
	(void)state;
	longer = order_by(s, 0, 2, MEASURE_FREEZE);
	longer.ends_at_ms = s->now_ms + 20 * DAY;
	assert_ok(order_try_impose(s, &longer));
	limited = order_limits(s->c, s->people[2], s->now_ms);
	assert_true(limited.freeze.until_ms == longer.ends_at_ms &&
	            limited.freeze.by.v == longer.id.v && limited.fewer.until_ms == 0);
	stage_reopen(s);
	limited = order_limits(s->c, s->people[2], s->now_ms);
	assert_int_equal(limited.freeze.by.v, longer.id.v);
	assert_ok(order_try_end(
		s, longer.id,
		(struct order_end){ .state = MEASURE_OVERTURNED, .decider = DECIDER_JURY }));
	limited = order_limits(s->c, s->people[2], s->now_ms);
	assert_int_equal(limited.freeze.by.v, shorter.id.v);
	limited = order_limits(s->c, s->people[3], s->now_ms);
	assert_int_equal(limited.freeze.until_ms, 0);
	s->now_ms = shorter.ends_at_ms;
	limited = order_limits(s->c, s->people[2], s->now_ms);
	assert_int_equal(limited.freeze.until_ms, 0);
}

static void a_seal_hides_them_and_its_end_brings_them_back(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_SEAL);
	(void)state;
	assert_true(stage_sees(s, 3, mine));
	assert_ok(post()); /* proposed, it is nothing yet */
	assert_ok(order_try_end(s, m.id,
	                        (struct order_end){ .state = MEASURE_KEPT, .by = s->people[0] }));
	assert_false(stage_sees(s, 3, mine));
	assert_fails(post(), ERR_DENIED);
	assert_fails(like(), ERR_DENIED);
	assert_ok(order_try_end(
		s, m.id,
		(struct order_end){ .state = MEASURE_OVERTURNED, .decider = DECIDER_JURY }));
	assert_true(stage_sees(s, 3, mine));
	assert_ok(post());
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_measure_forbids_its_own),
		TEST(what_was_written_can_be_taken_back),
		TEST(fewer_are_three_posts_and_three_comments_a_day),
		TEST(fewer_are_no_old_ones_either),
		TEST(a_retry_is_no_new_post),
		TEST(limits_of_several_are_the_longest),
		TEST(a_seal_hides_them_and_its_end_brings_them_back),
	};
	return cmocka_run_group_tests_name("order_limits", tests, NULL, NULL);
}
