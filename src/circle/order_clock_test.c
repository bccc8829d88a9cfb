/* Two clocks: the one on the wall, which may jump, and the one that only goes forward. */
#include "circle/order.h"

#include "circle/complain.h"
#include "circle/docket.h"
#include "circle/order_testing.h"
#include "circle/read.h"
#include "circle/report.h"
#include "circle/transparency.h"

#include "model/limits.h"
#include "store/order_months.h"

#define AD STAGE_AD
#define MINUTE (INT64_C(60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY ORDER_DAY_MS
#define YEAR (365 * DAY)

static struct stage *s; /* of the test that runs */
static struct published held;

/* 2 writes, and is frozen; 3 is a friend. The held post and the freeze end at the same time. */
static int set_up(void **state)
{
	struct post_draft draft = { .text = S(AD) };
	struct measure freeze;
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4, .screen = true });
	stage_two_clocks(s);
	stage_befriend(s, 2, 3);
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &held));
	freeze = order_by(s, 1, 2, MEASURE_FREEZE);
	freeze.ends_at_ms = held.measure.ends_at_ms;
	assert_ok(order_try_impose(s, &freeze));
	order_ticks(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* Ticks each minute. */
static void pass(int64_t ms)
{
	for (int64_t end = s->now_ms + ms; s->now_ms < end;) {
		s->now_ms += MINUTE;
		order_ticks(s);
	}
}

static bool shows(void)
{
	struct status_ref ref = { held.post.gate.author, held.post.gate.id, { 0 } };
	struct seen_post post;
	err e = read_post(s->c, s->people[3], &ref, stage_wall(s), s->mem, &post);
	if (failed(e))
		assert_int_equal(e.code, ERR_MISSING);
	return !failed(e);
}

static err write_now(void)
{
	struct published out;
	struct post_draft draft = { .text = S("我回来了") };
	return publish_post(s->c, s->people[2], &draft, stage_wall(s), s->mem, &out);
}

/* Held, hidden and frozen still: in the record, for who reads, and for who writes. */
static void expect_running(void)
{
	assert_int_equal(order_look(s, held.measure.id).state, MEASURE_ACTIVE);
	assert_false(shows());
	assert_fails(write_now(), ERR_DENIED);
	assert_true(order_limits(s->c, s->people[2], stage_wall(s)).freeze.until_ms != 0);
}

static void expect_over(void)
{
	assert_int_equal(order_look(s, held.measure.id).state, MEASURE_LAPSED);
	assert_true(shows());
	assert_ok(write_now());
}

static const struct {
	const char *name;
	int64_t by_ms;
} jumps[] = {
	{ "an hour ahead", HOUR },
	{ "an hour back", -HOUR },
	{ "a year ahead", YEAR },
	{ "a year back", -YEAR },
};

static void a_jump_ends_nothing_and_prolongs_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		int64_t left_ms = held.measure.ends_at_ms - s->now_ms;
		s->jumped_ms = jumps[i].by_ms;
		expect_running(); /* before anything looked at the clocks */
		order_ticks(s);
		expect_running();
		pass(50 * MINUTE);
		expect_running();
		s->jumped_ms = 0; /* somebody set it right */
		order_ticks(s);
		expect_running();
		pass(left_ms - 51 * MINUTE);
		expect_running();
		pass(2 * MINUTE);
		expect_over();
		tear_down(state);
		set_up(state);
	}
}

static void time_goes_on_while_the_clock_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		pass(held.measure.ends_at_ms - s->now_ms - 30 * MINUTE);
		s->jumped_ms = jumps[i].by_ms;
		pass(29 * MINUTE);
		expect_running();
		pass(2 * MINUTE);
		expect_over();
		tear_down(state);
		set_up(state);
	}
}

static void what_begins_meanwhile_ends_when_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		struct post_draft draft = { .text = S(AD) };
		struct measure m;
		s->jumped_ms = jumps[i].by_ms;
		assert_ok(publish_post(s->c, s->people[3], &draft, stage_wall(s), s->mem, &held));
		m = order_look(s, held.measure.id);
		assert_int_equal(m.starts_at_ms, s->now_ms);
		assert_int_equal(m.ends_at_ms, s->now_ms + HOLD_MS);
		assert_ok(order_try_end(
			s, m.id, (struct order_end){ .state = MEASURE_KEPT, .by = s->people[1] }));
		assert_int_equal(order_newest(s, 3).ends_at_ms, s->now_ms + 60 * DAY);
		tear_down(state);
		set_up(state);
	}
}

/* Whatever is asked of stewards and outsiders: its clock is reckoned, and looked at, by the time that is believed. */
static void what_is_asked_meanwhile_is_due_when_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		struct complaint_draft complaint = { .contact = S("me@example.org"),
			                             .about = S("a picture"),
			                             .evidence = S("mine") };
		struct report_draft draft = { .target = s->people[3] };
		struct complaint_filed filed;
		struct report *reports;
		struct case_line *lines;
		struct case_look look;
		size_t n;
		s->jumped_ms = jumps[i].by_ms;
		assert_ok(report_file(s->c, s->people[2], &draft, stage_wall(s), s->mem, &reports,
		                      &n));
		assert_int_equal(reports[0].at_ms, s->now_ms);
		assert_ok(complain_file(s->c, &complaint, S(""), stage_wall(s), s->mem, &filed));
		assert_in_range(filed.complaint.due_at_ms - s->now_ms, 5 * DAY, 7 * DAY);
		assert_ok(docket_queue(s->c, s->people[1],
		                       &(struct queue_part){ .state = CASE_OPEN }, stage_wall(s),
		                       s->mem, &lines, &n));
		assert_int_equal(n, 3);
		for (size_t k = 0; k < n; k++)
			assert_in_range(lines[k].one.due_at_ms - s->now_ms, DAY, 7 * DAY);
		struct case_ruling release = { .id = held.measure.id };
		struct case_decision d = { .note = S("So."), .rulings = &release, .n_rulings = 1 };
		for (size_t k = 0; k < n; k++)
			if (lines[k].one.subject.v == s->people[2].v)
				d.version = (look.line = lines[k]).one.version;
		case_id in = look.line.one.id;
		assert_ok(docket_decide(s->c, s->people[1], in, &d, stage_wall(s), s->mem, &look));
		int64_t deed = look.deeds[0].id;
		s->jumped_ms = 0; /* somebody set it right */
		assert_ok(docket_undo(s->c, s->people[1], in, deed, stage_wall(s), s->mem, &look));
		tear_down(state);
		set_up(state);
	}
}

/* That a comment cannot be liked is told of those alone that one may see; one's own can be taken back and changed. */
static void what_is_held_is_not_there_while_the_clock_is_wrong(void **state)
{
	struct comment_draft draft = { .text = S(AD) };
	struct status_ref post, own, ref;
	struct commented theirs, mine;
	str words = S("other words");
	(void)state;
	assert_ok(
		order_try_end(s, order_newest(s, 2).id,
	                      (struct order_end){ .state = MEASURE_RELEASED, .by = s->people[1] }));
	post = stage_post(s, 2, "x");
	own = stage_post(s, 3, "y");
	assert_ok(publish_comment(s->c, s->people[3], &post, &draft, s->now_ms, s->mem, &theirs));
	assert_true(theirs.held);
	draft.text = S("z");
	assert_ok(publish_comment(s->c, s->people[2], &own, &draft, s->now_ms, s->mem, &mine));
	s->jumped_ms = YEAR;
	ref = (struct status_ref){ post.post_author, post.post, theirs.comment.gate.id };
	assert_fails(publish_like(s->c, s->people[2], &ref, stage_wall(s)), ERR_MISSING);
	ref = (struct status_ref){ own.post_author, own.post, mine.comment.gate.id };
	assert_ok(publish_change(s->c, s->people[2], &ref, &(struct change_draft){ .text = &words },
	                         stage_wall(s), s->mem));
	assert_ok(publish_delete(s->c, s->people[2], &ref, stage_wall(s)));
}

/* Dated by a clock that was believed and is set back: twenty days from now is not within a quarter of an hour. */
static void a_decision_of_the_future_is_not_taken_back(void **state)
{
	struct case_ruling release = { .id = held.measure.id };
	struct case_decision d = { .note = S("So."), .rulings = &release, .n_rulings = 1 };
	struct case_line *lines;
	struct case_look look;
	size_t n;
	(void)state;
	assert_ok(docket_queue(s->c, s->people[1], &(struct queue_part){ .state = CASE_OPEN },
	                       stage_wall(s), s->mem, &lines, &n));
	d.version = lines[0].one.version;
	assert_ok(docket_decide(s->c, s->people[1], lines[0].one.id, &d, stage_wall(s), s->mem,
	                        &look));
	s->jumped_ms = -20 * DAY;
	pass(62 * MINUTE);
	assert_fails(docket_undo(s->c, s->people[1], look.line.one.id, look.deeds[0].id,
	                         stage_wall(s), s->mem, &look),
	             ERR_CONFLICT);
}

static void after_an_hour_the_clock_is_believed(void **state)
{
	(void)state;
	s->jumped_ms = 20 * DAY;
	pass(60 * MINUTE);
	expect_running();
	pass(2 * MINUTE);
	expect_over();
}

static bool doubted(void) { return order_time(s->c, stage_wall(s)).doubted; }

static void more_than_a_month_is_not_believed_however_long_it_stands(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		s->jumped_ms = sign * 31 * DAY;
		pass(24 * HOUR);
		expect_running();
		assert_true(doubted());
		s->jumped_ms = 0;
		order_ticks(s);
		expect_running();
		assert_false(doubted());
		pass(held.measure.ends_at_ms - s->now_ms - MINUTE);
		expect_running();
		pass(2 * MINUTE);
		expect_over();
		tear_down(state);
		set_up(state);
	}
}

static size_t months(void)
{
	str *all;
	size_t n;
	struct conn *conn = order_reader(s);
	assert_ok(order_months_list(conn, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

static void nothing_lapses_by_a_clock_that_is_wrong_at_start(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		int64_t left_ms = held.measure.ends_at_ms - s->now_ms;
		s->jumped_ms = jumps[i].by_ms *
		               40; /* forward: more than a month; back: more than ten minutes */
		if (jumps[i].by_ms == HOUR)
			continue;
		stage_reopen(s);
		assert_true(doubted());
		pass(12 * HOUR);
		stage_reopen(s); /* and again, from where it was */
		assert_true(doubted());
		expect_running();
		assert_ok(transparency_tick(s->c, stage_wall(s)));
		assert_int_equal(months(), 0);
		s->jumped_ms = 0;
		order_ticks(s);
		assert_false(doubted());
		pass(left_ms - 12 * HOUR - MINUTE);
		expect_running();
		pass(2 * MINUTE);
		expect_over();
		tear_down(state);
		set_up(state);
	}
}

/* What a start does with a clock that is a little ahead: it was off for so long. */
static void a_rest_of_some_days_is_believed(void **state)
{
	(void)state;
	s->now_ms += 29 * DAY;
	stage_reopen(s);
	assert_false(doubted());
	order_ticks(s);
	expect_over();
}

static void after_two_months_of_rest_the_keeper_says_that_the_clock_is_right(void **state)
{
	(void)state;
	s->now_ms += 61 * DAY;
	stage_reopen(s);
	assert_true(doubted());
	pass(2 * HOUR);
	expect_running();
	assert_ok(order_believe(s->c, stage_wall(s)));
	assert_false(doubted());
	order_ticks(s);
	expect_over();
	stage_reopen(s);
	assert_false(doubted());
	assert_ok(transparency_tick(s->c, stage_wall(s)));
	assert_true(months() > 0);
}

/* It was off for three hours, and came up with a clock that somebody then set right. */
static void set_right_after_a_rest_it_is_believed_after_an_hour(void **state)
{
	(void)state;
	s->now_ms += 3 * HOUR;
	s->jumped_ms = YEAR;
	stage_reopen(s);
	order_ticks(s);
	s->jumped_ms = 0;
	pass(59 * MINUTE);
	assert_true(doubted());
	pass(3 * MINUTE);
	assert_false(doubted());
	assert_int_equal(order_now(s->c, stage_wall(s)), stage_wall(s));
}

static void a_clock_that_goes_on_jumping_is_not_believed(void **state)
{
	(void)state;
	for (int i = 1; i <= 10; i++) {
		s->jumped_ms = i * YEAR;
		pass(30 * MINUTE);
		expect_running();
	}
}

static void small_steps_are_followed(void **state)
{
	(void)state;
	s->jumped_ms = 9 * MINUTE;
	pass(held.measure.ends_at_ms - s->now_ms - 10 * MINUTE);
	expect_running();
	pass(1 * MINUTE);
	expect_over();
}

static void many_are_done_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < 250; i++) {
		struct measure notice = order_by(s, 1, 3, MEASURE_NOTICE);
		notice.ends_at_ms = s->now_ms + HOUR;
		assert_ok(order_try_impose(s, &notice));
	}
	s->now_ms += HOUR;
	order_ticks(s);
	assert_int_equal(order_newest(s, 3).state, MEASURE_LAPSED);
	assert_int_equal(stage_notices(s, 3, NOTICE_MEASURE_OVER),
	                 0); /* told once was all it was */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_jump_ends_nothing_and_prolongs_nothing),
		TEST(time_goes_on_while_the_clock_is_wrong),
		TEST(what_begins_meanwhile_ends_when_it_should),
		TEST(what_is_asked_meanwhile_is_due_when_it_should),
		TEST(what_is_held_is_not_there_while_the_clock_is_wrong),
		TEST(a_decision_of_the_future_is_not_taken_back),
		TEST(after_an_hour_the_clock_is_believed),
		TEST(more_than_a_month_is_not_believed_however_long_it_stands),
		TEST(nothing_lapses_by_a_clock_that_is_wrong_at_start),
		TEST(a_rest_of_some_days_is_believed),
		TEST(after_two_months_of_rest_the_keeper_says_that_the_clock_is_right),
		TEST(set_right_after_a_rest_it_is_believed_after_an_hour),
		TEST(a_clock_that_goes_on_jumping_is_not_believed),
		TEST(small_steps_are_followed),
		TEST(many_are_done_at_once),
	};
	return cmocka_run_group_tests_name("order_clock", tests, NULL, NULL);
}
