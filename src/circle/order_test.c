/* Beginning and ending, by whom, and that an end takes everything back. */
#include "circle/order.h"

#include "circle/admit.h"
#include "circle/erase.h"
#include "circle/order_testing.h"
#include "circle/review.h"

#include "model/limits.h"
#include "store/audits.h"
#include "store/cases.h"
#include "store/measures.h"

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

static struct audit_row last_row(void)
{
	struct conn *conn = order_reader(s);
	struct audit_row last;
	assert_ok(audits_last(conn, s->mem, &last));
	store_read_end(s->c->store, &conn);
	return last;
}

static int64_t log_length(void) { return last_row().seq; }
static str last_record(void) { return last_row().record; }

/* Whether it is an item of a case that somebody has to decide. */
static bool waits(measure_id id, struct order_case *out)
{
	struct conn *conn = order_reader(s);
	struct case_item *items;
	bool open = false;
	case_id in;
	size_t n;
	err e = cases_of_item(conn, ITEM_MEASURE, id.v, &in);
	if (!failed(e)) {
		assert_ok(cases_find(conn, in, s->mem, out));
		assert_ok(cases_items(conn, in, 100, s->mem, &items, &n));
		for (size_t i = 0; i < n; i++)
			open |= items[i].id == id.v && !items[i].done && out->state == CASE_OPEN;
	}
	store_read_end(s->c->store, &conn);
	return open;
}

/* ---- who may ---- */

static void the_program_only_tells_people(void **state)
{
	(void)state;
	for (enum measure_kind kind = 0; kind < MEASURE_KINDS; kind++) {
		struct measure m = order_by(s, 0, 2, kind);
		m.decider = DECIDER_POLICY;
		m.by.v = 0;
		if (!measure_on_person(kind))
			continue;
		err e = order_try_impose(s, &m);
		assert_int_equal(e.code, kind == MEASURE_NOTICE ? ERR_NONE : ERR_DENIED);
	}
	assert_int_equal(order_newest(s, 2).kind, MEASURE_NOTICE);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).freeze.until_ms, 0);
}

static void only_an_active_steward_who_is_no_party_imposes(void **state)
{
	struct measure m = order_by(s, 3, 2, MEASURE_FREEZE);
	struct published held = order_publish(s, 1, AD);
	(void)state;
	assert_fails(order_try_impose(s, &m), ERR_DENIED); /* a member */
	m = order_by(s, 1, 1, MEASURE_FREEZE);
	assert_fails(order_try_impose(s, &m), ERR_DENIED); /* on themselves */
	m = order_by(s, 1, 2, MEASURE_LABEL);
	m.post_author = s->people[1];
	m.post = held.post.gate.id;
	assert_fails(order_try_impose(s, &m), ERR_DENIED); /* under their own post */
	m = order_by(s, 1, 2, MEASURE_FREEZE);
	m.by.v = 0;
	assert_fails(order_try_impose(s, &m), ERR_DENIED); /* nobody */
	assert_ok(stage_seal(s->c, s->people[1], true, s->now_ms));
	m = order_by(s, 1, 2, MEASURE_FREEZE);
	assert_fails(order_try_impose(s, &m), ERR_DENIED); /* sealed themselves */
	assert_int_equal(order_newest(s, 2).id.v, 0);
	m = order_by(s, 0, 42, MEASURE_FREEZE);
	m.subject.v = 42;
	assert_fails(order_try_impose(s, &m), ERR_MISSING);
}

static void every_measure_on_a_person_ends(void **state)
{
	static const struct {
		enum measure_kind kind;
		int64_t days;
	} spans[] = {
		{ MEASURE_NOTICE, 60 }, { MEASURE_FEWER, 14 }, { MEASURE_NO_FRIENDS, 14 },
		{ MEASURE_FREEZE, 7 },  { MEASURE_SEAL, 365 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(spans); i++) {
		struct measure m = order_by(s, 0, 2, spans[i].kind);
		m.decider = DECIDER_JURY;
		m.by.v = 0;
		assert_ok(order_try_impose(s, &m));
		assert_int_equal(m.ends_at_ms, s->now_ms + spans[i].days * DAY);
		m = order_by(s, 0, 2, spans[i].kind);
		m.decider = DECIDER_JURY;
		m.ends_at_ms = s->now_ms + 1000 * DAY;
		assert_ok(order_try_impose(s, &m));
		assert_int_equal(m.ends_at_ms, s->now_ms + 365 * DAY);
		m.ends_at_ms = s->now_ms;
		assert_blames(order_try_impose(s, &m), ERR_INPUT, "days");
	}
}

/* ---- a seal ---- */

static void a_seal_waits_for_another_steward(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_SEAL);
	struct order_case in;
	(void)state;
	assert_int_equal(m.state, MEASURE_PROPOSED);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	assert_true(waits(m.id, &in));
	assert_int_equal(in.due_at_ms, m.due_at_ms);
	assert_in_range(m.due_at_ms - s->now_ms, 5 * DAY, 8 * DAY);
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE), 1);
	assert_fails(order_decide(s, m.id, 1, MEASURE_KEPT), ERR_DENIED); /* who proposed it */
	assert_fails(order_decide(s, m.id, 3, MEASURE_KEPT), ERR_DENIED); /* a member */
	assert_fails(order_decide(s, m.id, 2, MEASURE_KEPT), ERR_DENIED); /* its subject */
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	s->now_ms += DAY;
	assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
	assert_int_equal(order_status(s, 2), PERSON_SEALED);
	assert_false(waits(m.id, &in));
	m = order_look(s, m.id);
	assert_true(m.state == MEASURE_KEPT && m.starts_at_ms == s->now_ms &&
	            m.ends_at_ms == s->now_ms + 365 * DAY);
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE), 2);
	stage_reopen(s);
	assert_int_equal(order_status(s, 2), PERSON_SEALED);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, m.id.v);
	s->now_ms += 365 * DAY;
	order_ticks(s);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	assert_int_equal(order_look(s, m.id).state, MEASURE_LAPSED);
	assert_fails(order_decide(s, m.id, 0, MEASURE_OVERTURNED), ERR_CONFLICT);
}

static void a_seal_that_nobody_confirms_is_none(void **state)
{
	struct measure first = order_put(s, 1, 2, MEASURE_SEAL), second;
	struct order_case in;
	(void)state;
	s->now_ms = first.due_at_ms - 1;
	order_ticks(s);
	assert_true(waits(first.id, &in));
	s->now_ms += 1;
	assert_fails(order_decide(s, first.id, 0, MEASURE_KEPT),
	             ERR_CONFLICT); /* too late, be it by nothing */
	order_ticks(s);
	first = order_look(s, first.id);
	assert_true(first.state == MEASURE_LAPSED && first.ends_at_ms == first.starts_at_ms);
	assert_false(waits(first.id, &in));
	second = order_put(s, 0, 2, MEASURE_SEAL);
	assert_ok(order_decide(s, second.id, 1, MEASURE_RELEASED));
	assert_int_equal(order_look(s, second.id).state, MEASURE_RELEASED);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	second = order_put(s, 0, 2, MEASURE_SEAL);
	assert_ok(order_decide(s, second.id, 0, MEASURE_RELEASED)); /* thought better of it */
}

static void a_seal_by_the_only_steward_begins_a_day_later(void **state)
{
	struct measure m;
	struct order_case in;
	(void)state;
	assert_ok(stage_seal(s->c, s->people[1], true, s->now_ms));
	m = order_put(s, 0, 2, MEASURE_SEAL);
	assert_int_equal(m.state, MEASURE_ACTIVE);
	assert_int_equal(m.starts_at_ms, s->now_ms + SECOND_LOOK_MS);
	assert_false(waits(m.id, &in));
	s->now_ms += SECOND_LOOK_MS - 1;
	order_ticks(s);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.until_ms, 0);
	stage_reopen(s);
	s->now_ms += 1;
	order_ticks(s);
	assert_int_equal(order_status(s, 2), PERSON_SEALED);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, m.id.v);
	assert_true(str_starts(last_record(), S("measure.in-force\n")));
	s->now_ms = m.ends_at_ms;
	order_ticks(s);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
}

static void one_that_was_ended_in_time_never_begins(void **state)
{
	struct measure m;
	(void)state;
	assert_ok(stage_seal(s->c, s->people[1], true, s->now_ms));
	m = order_put(s, 0, 2, MEASURE_SEAL);
	assert_ok(order_decide(s, m.id, -1, MEASURE_OVERTURNED));
	s->now_ms += 2 * SECOND_LOOK_MS;
	order_ticks(s);
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
	assert_int_equal(order_look(s, m.id).state, MEASURE_OVERTURNED);
}

static void of_two_seals_the_last_to_end_lets_them_back(void **state)
{
	struct measure first, second = order_put(s, 1, 2, MEASURE_SEAL);
	(void)state;
	assert_ok(order_decide(s, second.id, 0, MEASURE_KEPT));
	first = order_by(s, 0, 2, MEASURE_SEAL);
	first.decider = DECIDER_JURY;
	assert_ok(order_try_impose(s, &first));
	assert_ok(order_decide(s, second.id, -1, MEASURE_OVERTURNED));
	assert_int_equal(order_status(s, 2), PERSON_SEALED);
	assert_ok(order_decide(s, first.id, 0, MEASURE_RELEASED));
	assert_int_equal(order_status(s, 2), PERSON_ACTIVE);
}

/* ---- pieces ---- */

static void a_hold_waits_in_the_case_of_its_author(void **state)
{
	struct published a = order_publish(s, 2, AD), b = order_publish(s, 2, AD);
	struct order_case in, again;
	(void)state;
	assert_int_equal(a.measure.harm, HARM_CLASS_B);
	assert_int_equal(a.measure.points, 2);
	assert_true(waits(a.measure.id, &in));
	assert_true(waits(b.measure.id, &again));
	assert_int_equal(in.id.v, again.id.v);
	assert_int_equal(in.due_at_ms, a.measure.ends_at_ms);
	assert_true(in.priority > 0 && in.priority <= 1000);
	assert_ok(order_decide(s, a.measure.id, 1, MEASURE_RELEASED));
	assert_false(waits(a.measure.id, &in));
	s->now_ms = b.measure.ends_at_ms;
	order_ticks(s);
	assert_false(waits(b.measure.id, &in));
	assert_true(stage_sees(s, 3, order_ref(&a)) && stage_sees(s, 3, order_ref(&b)));
}

static void what_is_taken_back_waits_for_nobody(void **state)
{
	struct published held = order_publish(s, 2, AD);
	struct status_ref ref = order_ref(&held);
	struct order_case in;
	(void)state;
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_false(waits(held.measure.id, &in));
	assert_int_equal(order_look(s, held.measure.id).state, MEASURE_WITHDRAWN);
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 0);
	assert_fails(order_decide(s, held.measure.id, 1, MEASURE_KEPT), ERR_CONFLICT);
}

static measure_id held_comment(struct status_ref under, int64_t *id)
{
	struct commented out;
	struct comment_draft draft = { .text = S(AD) };
	assert_ok(publish_comment(s->c, s->people[3], &under, &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	*id = out.comment.gate.id.v;
	return out.measure.id;
}

/* Whoever's post it stood under, and however that went: nobody waits for what nobody can see. */
static void with_a_post_ends_what_waits_under_it(void **state)
{
	(void)state;
	for (int how = 0; how < 2; how++) {
		struct status_ref post = stage_post(s, 2, "a walk"), other = stage_post(s, 2, "x");
		struct order_case in;
		int64_t comment, rest;
		measure_id id = held_comment(post, &comment), left = held_comment(other, &rest);
		int notices = stage_notices(s, 3, NOTICE_DECIDED);
		assert_true(waits(id, &in) && in.subject.v == s->people[3].v);
		if (how == 0)
			assert_ok(publish_delete(s->c, s->people[2], &post, s->now_ms));
		else
			assert_ok(erase_person(s->c, s->people[2], s->now_ms));
		assert_int_equal(order_look(s, id).state, MEASURE_WITHDRAWN);
		assert_int_equal(order_look(s, id).decided_by.v, 0);
		assert_false(waits(id, &in));
		assert_int_equal(waits(left, &in), how == 0);
		assert_int_equal(stage_notices(s, 3, NOTICE_DECIDED), notices);
		if (how == 0) {
			struct status_ref ref = { s->people[2], other.post, { rest } };
			assert_ok(publish_delete(s->c, s->people[3], &ref, s->now_ms));
		}
	}
}

static void a_kept_hold_is_followed_by_a_notice_that_goes_with_it(void **state)
{
	struct published held = order_publish(s, 2, AD);
	measure_id id = held.measure.id;
	struct measure notice;
	(void)state;
	assert_ok(order_decide(s, id, 1, MEASURE_KEPT));
	notice = order_newest(s, 2);
	assert_true(notice.kind == MEASURE_NOTICE && notice.decider == DECIDER_POLICY &&
	            notice.post.v == held.post.gate.id.v && notice.points == 0);
	assert_true(str_eq(notice.rule, held.measure.rule));
	assert_int_equal(notice.ends_at_ms, s->now_ms + 60 * DAY);
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 1);
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE), 1);
	assert_int_equal(order_stands(s, 2).points, 2); /* counted once */
	assert_fails(order_decide(s, id, 0, MEASURE_KEPT), ERR_CONFLICT);
	assert_false(stage_sees(s, 3, order_ref(&held)));
	assert_ok(order_decide(s, id, -1, MEASURE_OVERTURNED));
	assert_true(stage_sees(s, 3, order_ref(&held)));
	assert_int_equal(order_look(s, notice.id).state, MEASURE_OVERTURNED);
	assert_int_equal(order_stands(s, 2).points, 0);
	assert_fails(order_decide(s, id, -1, MEASURE_OVERTURNED), ERR_CONFLICT);
	stage_reopen(s);
	assert_true(stage_sees(s, 3, order_ref(&held)));
}

static void a_label_is_told_and_ends(void **state)
{
	struct status_ref ref = stage_post(s, 2, "a walk");
	struct measure m = order_by(s, 1, 2, MEASURE_LABEL);
	(void)state;
	m.post_author = ref.post_author;
	m.post = ref.post;
	m.ends_at_ms = INT64_MAX;
	assert_ok(order_try_impose(s, &m));
	assert_int_equal(m.ends_at_ms, INT64_MAX);
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE), 1);
	assert_true(stage_sees(s, 3, ref));
	assert_ok(order_decide(s, m.id, 0, MEASURE_RELEASED));
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE_OVER), 1);
	s->now_ms += 1000 * DAY;
	order_ticks(s);
	assert_int_equal(order_look(s, m.id).state, MEASURE_RELEASED);
}

/* ---- the rest ---- */

static void each_beginning_and_end_is_one_record(void **state)
{
	int64_t before = log_length();
	struct measure m = order_put(s, 1, 2, MEASURE_FREEZE);
	(void)state;
	assert_int_equal(log_length(), before + 1);
	assert_true(str_starts(last_record(), S("measure.begun\n")));
	assert_true(str_find(last_record(), S("\nrule=order.case\n")) != SIZE_MAX);
	assert_ok(order_decide(s, m.id, 0, MEASURE_RELEASED));
	assert_int_equal(log_length(), before + 2);
	assert_true(str_starts(last_record(), S("measure.released\n")));
	assert_true(str_find(last_record(), S("So.")) == SIZE_MAX); /* no words are in it */
	assert_fails(order_decide(s, m.id, 0, MEASURE_RELEASED), ERR_CONFLICT);
	assert_int_equal(log_length(), before + 2);
	assert_ok(order_try_restore(s, m));
	assert_true(str_starts(last_record(), S("measure.restored\n")));
	s->now_ms = m.ends_at_ms;
	order_ticks(s);
	assert_int_equal(log_length(), before + 4);
	assert_true(str_starts(last_record(), S("measure.lapsed\n")));
}

static bool all_but_freezes(void *ctx, const struct measure *m, struct arena *mem)
{
	(void)ctx, (void)mem;
	return m->kind != MEASURE_FREEZE;
}

static int lift(str policy)
{
	struct order_lifting lifting = { policy, all_but_freezes, NULL };
	int lifted;
	assert_ok(order_lift(s->c, &lifting, s->now_ms, &lifted));
	return lifted;
}

static void what_was_done_under_a_policy_is_lifted_whole(void **state)
{
	struct published a = order_publish(s, 2, AD), b = order_publish(s, 2, AD);
	struct measure other = order_by(s, 1, 2, MEASURE_FREEZE),
		       fewer = order_by(s, 1, 2, MEASURE_FEWER);
	(void)state;
	other.policy = fewer.policy = a.measure.policy;
	assert_ok(order_try_impose(s, &other));
	assert_ok(order_try_impose(s, &fewer));
	assert_ok(order_decide(s, b.measure.id, 1, MEASURE_KEPT));
	assert_int_equal(lift(S("another")), 0);
	assert_in_range(lift(a.measure.policy), 3, 4); /* a notice may go with its hold */
	assert_true(stage_sees(s, 3, order_ref(&a)) && stage_sees(s, 3, order_ref(&b)));
	assert_int_equal(order_look(s, b.measure.id).state, MEASURE_RELEASED);
	assert_int_equal(order_look(s, fewer.id).state, MEASURE_RELEASED);
	assert_int_equal(order_look(s, other.id).state, MEASURE_ACTIVE); /* none of its */
	assert_int_equal(order_newest(s, 2).state,
	                 MEASURE_RELEASED); /* the notice of the kept one */
	assert_int_equal(order_stands(s, 2).offences, 0);
	assert_int_equal(lift(a.measure.policy), 0);
}

static void with_who_leaves_everything_ends_that_is_in_force(void **state)
{
	struct published held = order_publish(s, 2, AD), kept = order_publish(s, 2, AD);
	struct measure freeze = order_put(s, 1, 2, MEASURE_FREEZE),
		       seal = order_put(s, 1, 2, MEASURE_SEAL);
	struct measure *due;
	struct conn *conn = NULL;
	struct order_case in;
	size_t n;
	(void)state;
	assert_ok(order_decide(s, kept.measure.id, 1, MEASURE_KEPT));
	assert_ok(order_decide(s, seal.id, 0, MEASURE_KEPT));
	assert_ok(erase_person(s->c, s->people[2], s->now_ms));
	assert_int_equal(order_status(s, 2), PERSON_ERASED);
	assert_int_equal(order_look(s, held.measure.id).state, MEASURE_WITHDRAWN);
	assert_int_equal(order_look(s, kept.measure.id).state, MEASURE_KEPT); /* found is found */
	assert_int_equal(order_look(s, freeze.id).state, MEASURE_WITHDRAWN);
	assert_int_equal(order_look(s, seal.id).state, MEASURE_WITHDRAWN);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).freeze.until_ms, 0);
	assert_false(waits(held.measure.id, &in));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_due(conn, INT64_MAX, 10, s->mem, &due, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 0);
	freeze = order_by(s, 1, 2, MEASURE_FREEZE);
	assert_fails(order_try_impose(s, &freeze), ERR_MISSING);
}

static void copies_are_of_the_family_of_the_first(void **state)
{
	struct published first = order_publish(s, 2, AD), copy = order_publish(s, 3, AD),
			 own = order_publish(s, 2, AD);
	(void)state;
	assert_int_equal(first.measure.family, 0);
	assert_true(copy.measure.family != 0);
	assert_int_equal(own.measure.family, copy.measure.family);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_program_only_tells_people),
		TEST(only_an_active_steward_who_is_no_party_imposes),
		TEST(every_measure_on_a_person_ends),
		TEST(a_seal_waits_for_another_steward),
		TEST(a_seal_that_nobody_confirms_is_none),
		TEST(a_seal_by_the_only_steward_begins_a_day_later),
		TEST(one_that_was_ended_in_time_never_begins),
		TEST(of_two_seals_the_last_to_end_lets_them_back),
		TEST(a_hold_waits_in_the_case_of_its_author),
		TEST(what_is_taken_back_waits_for_nobody),
		TEST(with_a_post_ends_what_waits_under_it),
		TEST(a_kept_hold_is_followed_by_a_notice_that_goes_with_it),
		TEST(a_label_is_told_and_ends),
		TEST(each_beginning_and_end_is_one_record),
		TEST(what_was_done_under_a_policy_is_lifted_whole),
		TEST(with_who_leaves_everything_ends_that_is_in_force),
		TEST(copies_are_of_the_family_of_the_first),
	};
	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
