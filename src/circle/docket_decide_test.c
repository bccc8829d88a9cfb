#include "circle/docket.h"

#include "circle/admit.h"
#include "circle/appeal.h"
#include "circle/audit.h"
#include "circle/complain.h"
#include "circle/report.h"
#include "circle/review.h"
#include "circle/order_testing.h"
#include "circle/verb.h"

#include "model/limits.h"
#include "store/appeals.h"
#include "store/audits.h"
#include "store/cases.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/reports.h"

#include <stdatomic.h>
#include <string.h>

#define MINUTE_MS (INT64_C(60) * 1000)

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 and 3 are friends, 4 is one of 2. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6, .screen = true });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 4);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err decide(int steward, case_id id, struct case_decision d, struct case_look *out)
{
	if (d.note.p == NULL)
		d.note = S("looked at it");
	return docket_decide(s->c, s->people[steward], id, &d, s->now_ms, s->mem, out);
}

static err rule(int steward, const struct order_case *one, measure_id id, enum case_ruling_how how,
                struct case_look *out)
{
	struct case_ruling ruling = { .id = id, .how = how };
	return decide(steward, one->id,
	              (struct case_decision){
			      .version = one->version, .rulings = &ruling, .n_rulings = 1 },
	              out);
}

/* ---- measures ---- */

static void what_is_decided_is_so_at_once(void **state)
{
	static const struct {
		const char *name;
		enum case_ruling_how how;
		enum measure_state state;
		enum deed_kind last;
		bool seen;
	} rows[] = {
		{ "released", RULING_RELEASE, MEASURE_RELEASED, DEED_RELEASED, true },
		{ "kept", RULING_KEEP, MEASURE_KEPT, DEED_KEPT, false },
		{ "labelled", RULING_LABEL, MEASURE_RELEASED, DEED_LABELLED, true },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct status_ref ref;
		struct case_look look;
		measure_id id = order_hold(s, 2, &ref);
		struct order_case one = order_case_of(s, 2);
		assert_false(stage_sees(s, 3, ref));
		assert_ok(rule(1, &one, id, rows[i].how, &look));
		if (order_look(s, id).state != rows[i].state)
			fail_msg("%s: its measure is %d", rows[i].name, order_look(s, id).state);
		assert_int_equal(stage_sees(s, 3, ref), rows[i].seen);
		assert_int_equal(look.deeds[0].kind, rows[i].last);
		assert_int_equal(look.line.one.state, CASE_DECIDED);
		assert_int_equal(look.line.one.decided_by.v, s->people[1].v);
		assert_text(look.line.one.note, "looked at it");
		assert_text(order_look(s, id).decision_note, "looked at it");
	}
	struct measure label = order_newest(s, 2);
	assert_true(label.kind == MEASURE_LABEL && label.decider == DECIDER_STEWARD);
	assert_true(measure_in_force(&label, s->now_ms + INT64_C(400) * 24 * 3600 * 1000));
}

static void a_decision_needs_a_reason_and_something_decided(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	struct case_ruling ruling = { .id = id };
	struct case_decision d = { .version = one.version, .rulings = &ruling, .n_rulings = 1 };
	char long_note[NOTE_MAX + 2];
	(void)state;
	d.note = S(" ");
	assert_blames(decide(1, one.id, d, &look), ERR_INPUT, "note");
	memset(long_note, 'a', sizeof long_note);
	d.note = (str){ long_note, NOTE_MAX + 1 };
	assert_blames(decide(1, one.id, d, &look), ERR_INPUT, "note");
	assert_blames(decide(1, one.id, (struct case_decision){ .version = one.version }, &look),
	              ERR_INPUT, "measures");
	assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
	assert_int_equal(order_find_case(s, one.id).version, one.version);
	d.note.n = NOTE_MAX;
	assert_ok(decide(1, one.id, d, &look));
}

static void all_of_it_or_nothing(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_ruling rulings[] = { { .id = id }, { .id = { 42 } } };
	struct case_look look;
	(void)state;
	assert_fails(decide(1, one.id,
	                    (struct case_decision){
				    .version = one.version, .rulings = rulings, .n_rulings = 2 },
	                    &look),
	             ERR_MISSING);
	assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
	assert_false(stage_sees(s, 3, ref));
	assert_int_equal(order_find_case(s, one.id).version, one.version);
	rulings[1] = rulings[0]; /* twice the same */
	assert_fails(decide(1, one.id,
	                    (struct case_decision){
				    .version = one.version, .rulings = rulings, .n_rulings = 2 },
	                    &look),
	             ERR_CONFLICT);
	assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
}

static void what_is_not_named_goes_on_waiting(void **state)
{
	struct status_ref first, second;
	measure_id a = order_hold(s, 2, &first), b = order_hold(s, 2, &second);
	struct order_case one = order_case_of(s, 2), after;
	struct case_look look;
	(void)state;
	assert_ok(rule(1, &one, a, RULING_RELEASE, &look));
	after = order_find_case(s, one.id);
	assert_true(after.state == CASE_OPEN && after.version > one.version);
	assert_true(after.decided_by.v == 0 && after.note.n == 0);
	assert_fails(rule(1, &after, a, RULING_RELEASE, &look), ERR_CONFLICT);
	assert_ok(rule(1, &after, b, RULING_KEEP, &look));
	assert_int_equal(order_find_case(s, one.id).state, CASE_DECIDED);
}

static void others_and_parties_decide_nothing(void **state)
{
	struct status_ref ref;
	measure_id own = order_hold(s, 1, &ref), theirs = order_hold(s, 2, &ref);
	struct order_case mine = order_case_of(s, 1), other = order_case_of(s, 2);
	struct case_look look;
	(void)state;
	assert_fails(rule(1, &mine, own, RULING_RELEASE, &look), ERR_MISSING);
	assert_fails(rule(3, &other, theirs, RULING_RELEASE, &look), ERR_DENIED);
	assert_fails(rule(1, &other, own, RULING_RELEASE, &look), ERR_MISSING);
	assert_int_equal(order_look(s, own).state, MEASURE_ACTIVE);
	assert_ok(rule(0, &mine, own, RULING_RELEASE, &look));
}

/* Who wrote the same judges none of the copies, wherever one of them waits. */
static void who_wrote_a_copy_decides_nothing(void **state)
{
	struct status_ref ref;
	measure_id own = order_hold(s, 1, &ref), theirs = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct seen_measure *waiting;
	struct case_line *lines;
	struct case_look look;
	size_t n;
	(void)state;
	assert_int_equal(order_look(s, own).family, 0); /* the first; the other is its copy */
	assert_fails(rule(1, &one, theirs, RULING_RELEASE, &look), ERR_MISSING);
	assert_fails(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look),
	             ERR_MISSING);
	assert_ok(docket_queue(s->c, s->people[1], &(struct queue_part){ .state = CASE_OPEN },
	                       s->now_ms, s->mem, &lines, &n));
	assert_int_equal(n, 0);
	assert_ok(review_queue(s->c, s->people[1], 0, s->now_ms, s->mem, &waiting, &n));
	assert_int_equal(n, 0);
	assert_ok(rule(0, &one, theirs, RULING_RELEASE, &look));
}

static void a_case_that_changed_is_looked_at_again(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	err e;
	(void)state;
	order_hold(s, 2, &ref); /* one more item since the look */
	e = rule(1, &one, id, RULING_RELEASE, &look);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_string_equal(e.say, "This case was decided or changed by another steward.");
	assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
}

struct race {
	struct order_case one;
	measure_id id;
	atomic_int won, told;
};

static void decide_once(struct stage *stage, int i, void *ctx)
{
	struct race *race = ctx;
	struct arena *mem = arena_new(64 * 1024);
	struct case_ruling ruling = { .id = race->id };
	struct case_look look;
	ruling.how = i % 2 ? RULING_RELEASE : RULING_KEEP;
	struct case_decision d = { .version = race->one.version,
		                   .note = S("looked at it"),
		                   .rulings = &ruling,
		                   .n_rulings = 1 };
	err e = docket_decide(stage->c, stage->people[i % 2], race->one.id, &d, stage->now_ms, mem,
	                      &look);
	sure(!failed(e) || e.code == ERR_CONFLICT);
	atomic_fetch_add(failed(e) ? &race->told : &race->won, 1);
	arena_free(mem);
}

static void of_stewards_deciding_at_once_one_wins_and_the_others_are_told(void **state)
{
	struct race race = { .won = 0 };
	struct status_ref ref;
	struct case_deed *deeds;
	struct conn *conn;
	size_t n;
	(void)state;
	race.id = order_hold(s, 2, &ref);
	race.one = order_case_of(s, 2);
	stage_race(s, 16, decide_once, &race);
	assert_int_equal(race.won, 1);
	assert_int_equal(race.told, 15);
	conn = order_reader(s);
	assert_ok(cases_deeds(conn, race.one.id, 100, s->mem, &deeds, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 1);
}

/* ---- persons ---- */

static void a_step_on_the_person_has_its_reason_and_its_end(void **state)
{
	struct status_ref ref;
	/* The second offence is what the second step needs. */
	measure_id id = order_hold(s, 2, &ref), again = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_ruling rulings[] = { { .id = id, .how = RULING_KEEP },
		                         { .id = again, .how = RULING_KEEP } };
	struct case_decision d = { .version = one.version,
		                   .rulings = rulings,
		                   .n_rulings = 2,
		                   .has_step = true,
		                   .step = MEASURE_FEWER,
		                   .days = 3 };
	struct case_look look;
	struct measure step;
	(void)state;
	assert_ok(decide(1, one.id, d, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_int_equal(look.n_deeds, 3);
	step = order_look(s, (measure_id){ look.deeds[2].item });
	assert_true(step.kind == MEASURE_FEWER && step.decider == DECIDER_STEWARD);
	assert_true(step.by.v == s->people[1].v && step.in.v == one.id.v);
	assert_int_equal(step.ends_at_ms - step.starts_at_ms, INT64_C(3) * 24 * 3600 * 1000);
	assert_true(str_eq(step.rule, order_look(s, id).rule));
	assert_true(str_find(step.evidence, S("\"spans\":[]")) != SIZE_MAX);
	assert_true(str_find(step.evidence, S("\"zh\"")) != SIZE_MAX);
	assert_true(order_limits(s->c, s->people[2], s->now_ms).fewer.by.v == step.id.v);
	assert_true(look.standing.offences >= 1);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).fewer.by.v, 0);
	assert_int_equal(look.standing.offences, 0);
}

static void a_step_that_makes_no_sense_is_refused(void **state)
{
	struct status_ref ref;
	struct case_look look;
	order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_decision d = { .version = one.version, .has_step = true, .step = MEASURE_HOLD };
	(void)state;
	assert_blames(decide(1, one.id, d, &look), ERR_INPUT, "person");
	d.step = MEASURE_FREEZE;
	d.days = 366;
	assert_blames(decide(1, one.id, d, &look), ERR_INPUT, "person");
	d.days = -1;
	assert_blames(decide(1, one.id, d, &look), ERR_INPUT, "person");
	assert_int_equal(order_find_case(s, one.id).version, one.version);
}

/* Keeps the hold on a piece of 2's and proposes a seal; `look` is of that. */
static measure_id propose_seal(struct case_look *look)
{
	struct status_ref ref;
	struct case_ruling ruling = { .id = order_hold(s, 2, &ref), .how = RULING_KEEP };
	struct order_case one = order_case_of(s, 2);
	struct case_decision d = { .version = one.version,
		                   .rulings = &ruling,
		                   .n_rulings = 1,
		                   .has_step = true,
		                   .step = MEASURE_SEAL };
	assert_ok(decide(1, one.id, d, look));
	return (measure_id){ look->deeds[look->n_deeds - 1].item };
}

static void a_seal_is_confirmed_by_another_steward(void **state)
{
	struct case_look look;
	measure_id seal = propose_seal(&look), id = look.measures[1].measure.id;
	struct order_case one = look.line.one;
	struct case_decision d = { .version = one.version, .confirmed = &seal, .n_confirmed = 1 };
	(void)state;
	assert_int_equal(one.state, CASE_OPEN); /* it waits for the other */
	assert_int_equal(order_look(s, seal).state, MEASURE_PROPOSED);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, 0);
	assert_fails(decide(1, one.id, d, &look), ERR_DENIED);
	assert_int_equal(order_look(s, seal).state, MEASURE_PROPOSED);
	d.confirmed = &id;
	assert_fails(decide(0, one.id, d, &look), ERR_CONFLICT); /* a hold, and done */
	d.confirmed = &seal;
	assert_ok(decide(0, one.id, d, &look));
	assert_int_equal(order_look(s, seal).state, MEASURE_KEPT);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, seal.v);
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_ok(order_undo(s, 0, &look, &look));
	assert_int_equal(order_look(s, seal).state, MEASURE_PROPOSED);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, 0);
	assert_int_equal(look.line.one.state, CASE_OPEN);
}

/* Who reported them sees no case of theirs, and so could confirm nothing: then there is one steward only. */
static void a_seal_that_another_confirmed_is_not_taken_back_by_who_proposed_it(void **state)
{
	struct case_look proposed, look;
	measure_id seal = propose_seal(&proposed), hold = proposed.measures[1].measure.id;
	struct case_decision d = { .version = proposed.line.one.version,
		                   .confirmed = &seal,
		                   .n_confirmed = 1 };
	(void)state;
	assert_ok(decide(0, proposed.line.one.id, d, &look));
	assert_fails(order_undo(s, 1, &proposed, &look), ERR_CONFLICT);
	assert_int_equal(order_look(s, seal).state, MEASURE_KEPT);
	assert_int_equal(order_look(s, hold).state, MEASURE_KEPT); /* nothing by halves */
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).seal.by.v, seal.v);
	assert_int_equal(order_find_case(s, proposed.line.one.id).state, CASE_DECIDED);
	/* Who confirmed it may think better of it, and then who proposed it. */
	assert_ok(docket_look(s->c, s->people[0], proposed.line.one.id, s->now_ms, s->mem, &look));
	assert_ok(order_undo(s, 0, &look, &look));
	assert_ok(order_undo(s, 1, &proposed, &look));
	assert_int_equal(order_look(s, seal).state, MEASURE_RELEASED);
}

struct seal_race {
	struct case_look look;
	measure_id seal;
	atomic_int confirmed, taken_back, told;
};

static void confirm_or_take_back(struct stage *stage, int i, void *ctx)
{
	struct seal_race *race = ctx;
	struct arena *mem = arena_new(64 * 1024);
	const struct order_case *one = &race->look.line.one;
	struct case_decision d = { .version = one->version,
		                   .note = S("looked at it"),
		                   .confirmed = &race->seal,
		                   .n_confirmed = 1 };
	struct case_look look;
	bool confirms = i % 2 == 0;
	err e = confirms ? docket_decide(stage->c, stage->people[0], one->id, &d, stage->now_ms,
	                                 mem, &look)
	                 : docket_undo(stage->c, stage->people[1], one->id, race->look.deeds[0].id,
	                               stage->now_ms, mem, &look);
	sure(!failed(e) || e.code == ERR_CONFLICT);
	atomic_fetch_add(failed(e)  ? &race->told
	                 : confirms ? &race->confirmed
	                            : &race->taken_back,
	                 1);
	arena_free(mem);
}

static void of_two_at_a_proposed_seal_one_wins_and_the_other_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct seal_race race = { .told = 0 };
		race.seal = propose_seal(&race.look);
		stage_race(s, 2, confirm_or_take_back, &race);
		assert_int_equal(race.confirmed + race.taken_back, 1);
		assert_int_equal(race.told, 1);
		assert_int_equal(order_look(s, race.seal).state,
		                 race.confirmed ? MEASURE_KEPT : MEASURE_RELEASED);
		if (race.confirmed) { /* so that the next one can be proposed */
			struct case_look look;
			assert_ok(docket_look(s->c, s->people[0], race.look.line.one.id, s->now_ms,
			                      s->mem, &look));
			assert_ok(order_undo(s, 0, &look, &look));
			assert_ok(order_undo(s, 1, &race.look, &look));
		}
	}
}

static void a_seal_that_the_other_may_not_confirm_begins_a_day_later(void **state)
{
	struct report_draft draft = { .target = s->people[2], .category = REPORT_FRAUD };
	struct report *reports;
	struct case_look look;
	size_t n;
	(void)state;
	assert_ok(report_file(s->c, s->people[0], &draft, s->now_ms, s->mem, &reports, &n));
	struct order_case one = order_case_of(s, 2);
	assert_ok(decide(1, one.id,
	                 (struct case_decision){ .version = one.version,
	                                         .has_step = true,
	                                         .step = MEASURE_SEAL,
	                                         .finding = REPORT_RIGHT },
	                 &look));
	struct measure seal = order_newest(s, 2);
	assert_int_equal(seal.state, MEASURE_ACTIVE);
	assert_int_equal(seal.starts_at_ms, s->now_ms + SECOND_LOOK_MS);
	assert_int_equal(look.line.one.state, CASE_DECIDED);
}

/* ---- undoing ---- */

static void a_decision_is_undone_entirely(void **state)
{
	(void)state;
	for (int how = RULING_RELEASE; how <= RULING_LABEL; how++) {
		struct status_ref ref;
		struct case_look look;
		measure_id id = order_hold(s, 2, &ref);
		struct order_case one = order_case_of(s, 2);
		struct measure was = order_look(s, id), is;
		assert_ok(rule(1, &one, id, (enum case_ruling_how)how, &look));
		assert_ok(order_undo(s, 1, &look, &look));
		is = order_look(s, id);
		assert_true(is.state == was.state && is.ends_at_ms == was.ends_at_ms);
		assert_true(is.decided_by.v == 0 && is.decided_at_ms == 0);
		assert_false(stage_sees(s, 3, ref));
		assert_true(look.line.one.state == CASE_OPEN && look.line.one.decided_by.v == 0);
		for (size_t i = 0; i < look.n_deeds; i++)
			assert_true(look.deeds[i].undone);
		if (how == RULING_LABEL)
			assert_int_equal(order_look(s, (measure_id){ look.deeds[0].item }).state,
			                 MEASURE_RELEASED);
		one = look.line.one; /* and it can be decided anew */
		assert_ok(rule(1, &one, id, RULING_RELEASE, &look));
		assert_true(stage_sees(s, 3, ref));
	}
}

static void undoing_is_for_who_decided_and_for_a_quarter_of_an_hour(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_look look, out;
	(void)state;
	assert_ok(rule(1, &one, id, RULING_RELEASE, &look));
	assert_fails(order_undo(s, 0, &look, &out), ERR_DENIED);
	assert_fails(order_undo(s, 3, &look, &out), ERR_DENIED);
	assert_fails(docket_undo(s->c, s->people[1], one.id, 42, s->now_ms, s->mem, &out),
	             ERR_MISSING);
	s->now_ms += CASE_UNDO_MS;
	assert_fails(order_undo(s, 1, &look, &out), ERR_CONFLICT);
	s->now_ms -= 1;
	assert_ok(order_undo(s, 1, &look, &out));
	assert_fails(order_undo(s, 1, &look, &out), ERR_CONFLICT); /* once */
}

static void what_came_since_becomes_part_of_the_case(void **state)
{
	struct status_ref ref;
	measure_id first = order_hold(s, 2, &ref), second, third;
	struct order_case one = order_case_of(s, 2), other;
	struct case_look look, then;
	(void)state;
	assert_ok(rule(1, &one, first, RULING_RELEASE, &look));
	second = order_hold(s, 2, &ref);
	third = order_hold(s, 2, &ref);
	other = order_case_of(s, 2);
	assert_true(other.id.v != one.id.v);
	assert_ok(rule(0, &other, third, RULING_KEEP, &then));
	assert_ok(order_undo(s, 1, &look, &look));
	assert_ok(docket_undo(s->c, s->people[0], one.id, then.deeds[0].id, s->now_ms, s->mem,
	                      &then));
	look = then; /* what was decided in the other can be taken back in this one */
	assert_int_equal(order_find_case(s, other.id).state, CASE_MERGED);
	assert_int_equal(order_case_of(s, 2).id.v, one.id.v);
	assert_int_equal(look.line.items[ITEM_MEASURE], 3);
	assert_int_equal(look.n_measures, 3);
	assert_ok(rule(1, &look.line.one, second, RULING_RELEASE, &look));
	assert_fails(rule(1, &other, second, RULING_RELEASE, &look), ERR_MISSING);
}

static void what_went_on_since_is_not_undone(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_look look, out;
	(void)state;
	assert_ok(rule(1, &one, id, RULING_KEEP, &look));
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_fails(order_undo(s, 1, &look, &out), ERR_CONFLICT);
	assert_int_equal(order_find_case(s, one.id).state, CASE_DECIDED);
}

/* ---- the log ---- */

struct count {
	const char *kind;
	int n;
};

static err count_row(void *ctx, const struct audit_step *step)
{
	struct count *t = ctx;
	if (step->row != NULL)
		t->n += str_eq(step->row->kind, str_of(t->kind));
	return OK;
}

static int records(const char *kind)
{
	struct count t = { kind, 0 };
	struct conn *conn = order_reader(s);
	assert_ok(audits_each(conn, 1, count_row, &t));
	store_read_end(s->c->store, &conn);
	return t.n;
}

static void each_deed_is_a_record(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	(void)state;
	assert_ok(rule(1, &one, id, RULING_LABEL, &look));
	assert_int_equal(records("case.deed"), 2);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(records("case.undone"), 2);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(what_is_decided_is_so_at_once),
		STAGE_TEST(a_decision_needs_a_reason_and_something_decided),
		STAGE_TEST(all_of_it_or_nothing),
		STAGE_TEST(what_is_not_named_goes_on_waiting),
		STAGE_TEST(others_and_parties_decide_nothing),
		STAGE_TEST(who_wrote_a_copy_decides_nothing),
		STAGE_TEST(a_case_that_changed_is_looked_at_again),
		STAGE_TEST(of_stewards_deciding_at_once_one_wins_and_the_others_are_told),
		STAGE_TEST(a_step_on_the_person_has_its_reason_and_its_end),
		STAGE_TEST(a_step_that_makes_no_sense_is_refused),
		STAGE_TEST(a_seal_is_confirmed_by_another_steward),
		STAGE_TEST(a_seal_that_another_confirmed_is_not_taken_back_by_who_proposed_it),
		STAGE_TEST(of_two_at_a_proposed_seal_one_wins_and_the_other_is_told),
		STAGE_TEST(a_seal_that_the_other_may_not_confirm_begins_a_day_later),
		STAGE_TEST(a_decision_is_undone_entirely),
		STAGE_TEST(undoing_is_for_who_decided_and_for_a_quarter_of_an_hour),
		STAGE_TEST(what_came_since_becomes_part_of_the_case),
		STAGE_TEST(what_went_on_since_is_not_undone),
		STAGE_TEST(each_deed_is_a_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
