/* Beginning. The row, the record of the log, the notice and the item of the case are one transaction; what memory and streams have
 * to follow is left in `struct order_changes`. */
#include "circle/order_private.h"

#include "circle/calendar.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/cases.h"
#include "store/measures.h"
#include "store/people.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define SPAN_MAX_MS (365 * DAY_MS)
#define SECOND_LOOK_WORKING_DAYS 5
#define SECOND_LOOKERS_MAX 64 /* of all stewards so many are asked after */
#define SAY_SPAN "A measure on a person lasts at least a minute."

static const int64_t spans_ms[MEASURE_KINDS] = {
	[MEASURE_NOTICE] = 60 * DAY_MS,     [MEASURE_FEWER] = 14 * DAY_MS,
	[MEASURE_NO_FRIENDS] = 14 * DAY_MS, [MEASURE_FREEZE] = 7 * DAY_MS,
	[MEASURE_SEAL] = SPAN_MAX_MS,
};
struct order_changes order_changes(struct circle *c, struct arena *mem)
{
	return (struct order_changes){ .c = c, .mem = mem };
}

struct order_change *order_change(struct order_changes *x, const struct measure *m, bool began)
{
	if (x->n == x->cap) {
		size_t cap = x->cap ? 2 * x->cap : 8;
		x->all = arena_grow(x->mem, x->all, x->cap * sizeof *x->all, cap * sizeof *x->all);
		x->cap = cap;
	}
	x->all[x->n] = (struct order_change){ .measure = *m, .began = began, .held_until_ms = -1 };
	return &x->all[x->n++];
}

err order_check_steward(struct order_changes *x, struct conn *tx, person_id by,
                        const struct measure *m)
{
	struct see_person who;
	struct door door;
	err e;
	door_open(&door, tx, x->mem);
	who = door.see.person(door.see.ctx, by);
	TRY(door_answer(&door, true, NULL));
	if (!who.active || who.role == ROLE_MEMBER || by.v == m->subject.v ||
	    by.v == m->post_author.v)
		e = err_denied("no steward, or a party to it");
out:
	return e;
}

struct others {
	const struct measure *m;
	person_id ids[SECOND_LOOKERS_MAX];
	size_t n;
};

static bool is_other(const struct person *p, str handle, str name, void *ctx)
{
	struct others *o = ctx;
	(void)handle, (void)name;
	if (p->role != ROLE_MEMBER && p->status == PERSON_ACTIVE && p->id.v != o->m->by.v &&
	    p->id.v != o->m->subject.v)
		o->ids[o->n++] = p->id;
	return o->n < SECOND_LOOKERS_MAX;
}

/* Another steward who may look at it: no party to the case that it comes from, who would never see it. */
static err find_other(struct order_changes *x, struct conn *tx, const struct measure *m, bool *any)
{
	struct others others = { .m = m };
	bool party;
	err e = OK;
	*any = false;
	world_lock(x->c->world);
	world_each_person(x->c->world, is_other, &others);
	world_unlock(x->c->world);
	for (size_t i = 0; i < others.n && !*any; i++) {
		TRY(cases_is_party(tx, m->in, others.ids[i], &party));
		*any = !party;
	}
out:
	return e;
}

/* Two look at it before it takes effect; where there is only one, everybody has a day for it. */
static err plan_second_look(struct order_changes *x, struct conn *tx, struct measure *m)
{
	int64_t span_ms = m->ends_at_ms - m->starts_at_ms;
	bool any;
	err e;
	TRY(find_other(x, tx, m, &any));
	if (any) {
		m->state = MEASURE_PROPOSED;
		return calendar_after(tx, m->starts_at_ms, SECOND_LOOK_WORKING_DAYS, x->mem,
		                      &m->due_at_ms);
	}
	m->starts_at_ms += SECOND_LOOK_MS;
	m->ends_at_ms = m->starts_at_ms + span_ms;
	m->due_at_ms = m->starts_at_ms;
out:
	return e;
}

static err check_decider(struct order_changes *x, struct conn *tx, const struct measure *m)
{
	switch (m->decider) {
	case DECIDER_POLICY:
		return measure_on_person(m->kind) && m->kind != MEASURE_NOTICE
		               ? err_denied("the program does this to nobody")
		               : OK;
	case DECIDER_STEWARD:
		return order_check_steward(x, tx, m->by, m);
	case DECIDER_JURY:
	case DECIDER_SHELL:
		return OK;
	}
	return err_denied("nobody decided it");
}

/* A measure on a person always ends, and they are here. What begins later waits for its clock. */
static err plan_on_person(struct order_changes *x, struct conn *tx, struct measure *m,
                          bool looked_at_twice, int64_t now_ms)
{
	int64_t most_ms = looked_at_twice ? spans_ms[m->kind] : SPAN_MAX_MS;
	struct person person;
	err e;
	if (m->ends_at_ms == 0 || m->ends_at_ms == INT64_MAX)
		m->ends_at_ms = m->starts_at_ms + spans_ms[m->kind];
	if (m->ends_at_ms > m->starts_at_ms + most_ms)
		m->ends_at_ms = m->starts_at_ms + most_ms;
	if (m->ends_at_ms < m->starts_at_ms + 60 * 1000)
		return err_input("days", SAY_SPAN);
	TRY(people_find(tx, m->subject, x->mem, &person));
	if (person.status == PERSON_ERASED)
		return err_missing("they have left");
	if (looked_at_twice)
		TRY(plan_second_look(x, tx, m));
	else if (m->starts_at_ms > now_ms)
		m->due_at_ms = m->starts_at_ms;
out:
	return e;
}

/* A clock that jumped is not what a measure is reckoned from. */
static void set_clock_right(struct order_changes *x, struct measure *m, int64_t *now_ms)
{
	int64_t ahead_ms = *now_ms - order_now(x->c, *now_ms);
	m->starts_at_ms -= ahead_ms;
	if (m->ends_at_ms != 0 && m->ends_at_ms != INT64_MAX)
		m->ends_at_ms -= ahead_ms;
	*now_ms -= ahead_ms;
}

err order_impose(struct order_changes *x, struct conn *tx, struct measure *m, int64_t now_ms)
{
	bool on_person = measure_on_person(m->kind);
	bool kept = m->kind == MEASURE_HOLD && m->state == MEASURE_KEPT;
	bool looked_at_twice = m->decider == DECIDER_STEWARD &&
	                       (m->kind == MEASURE_SEAL || m->state == MEASURE_PROPOSED);
	struct order_change *change;
	err e;
	if (m->starts_at_ms == 0)
		m->starts_at_ms = now_ms;
	set_clock_right(x, m, &now_ms);
	m->id = (measure_id){ snowflake_next(x->c->ids) };
	if (!kept)
		m->state = MEASURE_ACTIVE;
	m->due_at_ms = 0;
	TRY(check_decider(x, tx, m));
	if (on_person)
		TRY(plan_on_person(x, tx, m, looked_at_twice, now_ms));
	TRY(measures_insert(tx, m));
	TRY(order_log_begun(x, tx, "measure.begun", m, now_ms));
	TRY(order_into_case(x, tx, m, now_ms));
	TRY(order_tell(x, tx, m, true, now_ms));
	change = order_change(x, m, true);
	if (on_person)
		TRY(order_follow_person(change, tx, now_ms, x->mem));
	else
		change->held_until_ms = measure_held_until(m);
	if (kept)
		TRY(order_send_notice(x, tx, m, now_ms));
out:
	return e;
}

err order_begin(struct order_changes *x, struct conn *tx, const struct measure *m, int64_t now_ms)
{
	struct measure is = *m;
	err e;
	is.due_at_ms = 0;
	TRY(measures_move(tx, m, &is));
	TRY(order_log_begun(x, tx, "measure.in-force", &is, now_ms));
	TRY(order_follow_person(order_change(x, &is, true), tx, now_ms, x->mem));
out:
	return e;
}
