/* Changes that were stopped or let through, and decisions taken back: what comes back is what was, words and all. */
#include "circle/order.h"

#include "circle/order_testing.h"
#include "circle/read.h"

#define AD STAGE_AD
#define DAY ORDER_DAY_MS

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 writes, 3 is a friend of 2. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 5, .screen = true });
	stage_befriend(s, 2, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* ---- changes ---- */

static str text_for(int who, struct status_ref ref)
{
	struct seen_post post;
	err e = read_post(s->c, s->people[who], &ref, s->now_ms, s->mem, &post);
	return failed(e) ? S("-") : post.post.text;
}

static err change(struct status_ref ref, const char *text)
{
	str words = str_of(text);
	return publish_change(s->c, s->people[2], &ref, &(struct change_draft){ .text = &words },
	                      s->now_ms, s->mem);
}

static void a_change_that_was_stopped_shows_when_that_is_overturned(void **state)
{
	struct status_ref ref = stage_post(s, 2, "one"), other = stage_post(s, 2, "one");
	measure_id id;
	(void)state;
	assert_ok(change(ref, AD));
	id = order_newest(s, 2).id;
	assert_ok(order_decide(s, id, 1, MEASURE_KEPT));
	assert_text(text_for(3, ref), "one");
	assert_ok(order_decide(s, id, -1, MEASURE_OVERTURNED));
	assert_text(text_for(3, ref), AD);
	assert_ok(change(other, AD));
	id = order_newest(s, 2).id;
	assert_ok(order_decide(s, id, 1, MEASURE_KEPT));
	assert_ok(change(other, "three")); /* its author went on */
	assert_ok(order_decide(s, id, -1, MEASURE_OVERTURNED));
	assert_text(text_for(3, other), "three");
}

/* ---- decisions taken back ---- */

static void a_released_hold_holds_again(void **state)
{
	struct published held = order_publish(s, 2, AD);
	measure_id id = held.measure.id;
	struct measure was = order_look(s, id);
	(void)state;
	assert_ok(order_decide(s, id, 1, MEASURE_RELEASED));
	assert_true(stage_sees(s, 3, order_ref(&held)));
	assert_ok(order_try_restore(s, was));
	assert_false(stage_sees(s, 3, order_ref(&held)));
	assert_int_equal(order_look(s, id).decided_by.v, 0);
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), 2);
	s->now_ms = held.measure.ends_at_ms; /* and has kept its clock */
	order_ticks(s);
	assert_true(stage_sees(s, 3, order_ref(&held)));
	assert_fails(order_try_restore(s, was), ERR_CONFLICT);
}

static void a_kept_hold_waits_again_without_its_notice(void **state)
{
	struct published held = order_publish(s, 2, AD);
	measure_id id = held.measure.id, notice;
	struct measure was = order_look(s, id);
	(void)state;
	assert_ok(order_decide(s, id, 1, MEASURE_KEPT));
	notice = order_newest(s, 2).id;
	assert_ok(order_try_restore(s, was));
	assert_int_equal(order_look(s, notice).state, MEASURE_RELEASED);
	assert_int_equal(order_stands(s, 2).offences, 0);
	assert_ok(order_decide(s, id, 0, MEASURE_RELEASED));
	assert_true(stage_sees(s, 3, order_ref(&held)));
}

static void a_change_that_was_let_through_waits_again(void **state)
{
	struct status_ref ref = stage_post(s, 2, "one");
	struct measure was;
	measure_id id;
	(void)state;
	assert_ok(change(ref, AD));
	was = order_newest(s, 2);
	id = was.id;
	assert_ok(order_decide(s, id, 1, MEASURE_RELEASED));
	assert_text(text_for(3, ref), AD);
	assert_ok(order_try_restore(s, was));
	assert_text(text_for(3, ref), "one");
	stage_reopen(s);
	assert_text(text_for(3, ref), "one");
	assert_ok(order_decide(s, id, 1, MEASURE_KEPT));
	assert_ok(order_try_restore(s, was));
	assert_ok(order_decide(s, id, 1, MEASURE_RELEASED));
	assert_text(text_for(3, ref), AD);
	assert_ok(change(ref, "three"));
	assert_fails(order_try_restore(s, was), ERR_CONFLICT);
	assert_text(text_for(3, ref), "three");
	assert_int_equal(order_look(s, id).state, MEASURE_RELEASED); /* nothing by halves */
}

/* Kept, overturned, and that taken back: what was stopped is not shown. */
static void a_change_that_was_stopped_is_stopped_again(void **state)
{
	struct status_ref ref = stage_post(s, 2, "one");
	struct measure was;
	(void)state;
	assert_ok(change(ref, AD));
	was = order_newest(s, 2);
	assert_ok(order_decide(s, was.id, 1, MEASURE_KEPT));
	was = order_look(s, was.id);
	assert_ok(order_decide(s, was.id, -1, MEASURE_OVERTURNED));
	assert_text(text_for(3, ref), AD);
	assert_ok(order_try_restore(s, was));
	assert_text(text_for(3, ref), "one");
	stage_reopen(s);
	assert_text(text_for(3, ref), "one");
	assert_ok(order_decide(s, was.id, -1, MEASURE_OVERTURNED));
	assert_text(text_for(3, ref), AD);
}

static void a_confirmed_seal_is_a_proposal_again(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_SEAL);
	int64_t due_at_ms = m.due_at_ms;
	(void)state;
	assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
	assert_ok(order_try_restore(s, m));
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	m = order_look(s, m.id);
	assert_int_equal(m.due_at_ms, due_at_ms);
	assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
	s->now_ms = due_at_ms - 1; /* nearly over: the other steward has a day more */
	assert_ok(order_try_restore(s, m));
	m = order_look(s, m.id);
	assert_int_equal(m.due_at_ms, s->now_ms + SECOND_LOOK_MS);
	assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
	assert_int_equal(order_status(s, 2), PERSON_SEALED);
	assert_int_equal(order_look(s, m.id).ends_at_ms, s->now_ms + 365 * DAY);
}

/* One that a single steward gave begins a day later: that too is as it was. */
static void a_seal_to_come_is_to_come_again(void **state)
{
	struct measure m = order_put(s, 0, 1, MEASURE_SEAL);
	(void)state;
	assert_int_equal(m.due_at_ms, s->now_ms + SECOND_LOOK_MS);
	assert_ok(order_decide(s, m.id, -1, MEASURE_OVERTURNED));
	assert_ok(order_try_restore(s, m));
	assert_int_equal(order_status(s, 1), PERSON_ACTIVE);
	s->now_ms = m.starts_at_ms;
	order_ticks(s);
	assert_int_equal(order_status(s, 1), PERSON_SEALED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_that_was_stopped_shows_when_that_is_overturned),
		TEST(a_released_hold_holds_again),
		TEST(a_kept_hold_waits_again_without_its_notice),
		TEST(a_change_that_was_let_through_waits_again),
		TEST(a_change_that_was_stopped_is_stopped_again),
		TEST(a_confirmed_seal_is_a_proposal_again),
		TEST(a_seal_to_come_is_to_come_again),
	};
	return cmocka_run_group_tests_name("order_restore", tests, NULL, NULL);
}
