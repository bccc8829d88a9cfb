#include "circle/redraw.h"

#include "circle/audit.h"
#include "circle/summon.h"

#include "store/appeals.h"
#include "store/audits.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/seats.h"

#include <string.h>

struct redrawing {
	struct circle *c;
	struct conn *conn;
	struct arena *mem;
	struct measure measure;
	str list;
	struct seat *walk;
	struct redrawn *out;
};

static void fault(struct redrawing *r, const char *what, int place)
{
	struct redrawn *out = r->out;
	if (out->n_faults == REDRAW_FAULTS_MAX)
		return;
	out->faults[out->n_faults] = what;
	out->places[out->n_faults++] = place;
}

static err read(struct redrawing *r, int64_t appeal)
{
	struct redrawn *out = r->out;
	err e = appeals_by_number(r->conn, appeal, r->mem, &out->appeal);
	if (e.code == ERR_MISSING)
		e = appeals_find(r->conn, (appeal_id){ appeal }, r->mem, &out->appeal);
	TRY(e);
	TRY(measures_find(r->conn, out->appeal.measure, r->mem, &r->measure));
	TRY(seats_of(r->conn, out->appeal.id, r->mem, &r->walk, &out->walked));
	if (out->appeal.seats == 0)
		return OK;
	TRY(juror_lists_find(r->conn, out->appeal.list_hash, r->mem, &r->list));
	out->willing = r->list.n / (DRAW_NUMBER_CHARS + 1);
out:
	return e;
}

static err check_root(struct redrawing *r)
{
	const struct appeal *a = &r->out->appeal;
	struct audit_root root;
	err e = audit_roots_find(r->conn, a->root_day, &root);
	if (e.code == ERR_MISSING) {
		fault(r, "there is no root of that day", -1);
		return OK;
	}
	if (!failed(e) && memcmp(root.root, a->root, HASH_BYTES) != 0)
		fault(r, "the root of that day is another one", -1);
	return e;
}

/* As of an instant: `again` without what keeps no time, which explains why somebody was passed over and proves nothing against a seat. */
struct instant {
	struct summon_ask ask;
	struct summons summons;
};

static err summon_at(struct redrawing *r, int64_t at_ms, bool again, struct instant *out)
{
	out->ask = (struct summon_ask){ &r->out->appeal, &r->measure, r->list, at_ms, again };
	return summon(r->c, r->conn, &out->ask, r->mem, &out->summons);
}

static bool has_left(const struct seat *seat)
{
	return seat->state == SEAT_SKIPPED || seat->state == SEAT_LEFT;
}

/* Numbers and places alone: what everybody can see. */
static void check_ranking(struct redrawing *r, const struct summons *summons)
{
	struct redrawn *out = r->out;
	if (memcmp(summons->list_hash, out->appeal.list_hash, HASH_BYTES) != 0)
		fault(r, "the list is not the one whose hash was kept", -1);
	for (size_t i = 0; i < out->walked; i++) {
		if (r->walk[i].place != (int)i || i >= out->willing ||
		    !str_eq(r->walk[i].number, summons->jurors[i].number))
			fault(r, "the walk does not go along the ranking", (int)i);
		out->passed_over += r->walk[i].state == SEAT_PASSED_OVER;
		out->replaced += has_left(&r->walk[i]);
	}
	out->seated = out->walked - out->passed_over - out->replaced;
	if (out->seated > (size_t)out->appeal.seats)
		fault(r, "more are seated than there are seats", -1);
}

/* Who walked then might sit then, beside those who sat already. When somebody left keeps no time: for whoever was seated it may have been
 * before, for whoever was passed over it may have been after. */
static err check_places(struct redrawing *r)
{
	struct redrawn *out = r->out;
	struct draw_seat *seated = ARENA_ARRAY(r->mem, out->walked + 1, struct draw_seat);
	size_t n = 0;
	struct instant *proves = NULL, *explains = NULL;
	err e = OK;
	for (size_t i = 0; i < out->walked; i++) {
		const struct seat *seat = &r->walk[i];
		bool passed = seat->state == SEAT_PASSED_OVER;
		if (i == 0 || seat->asked_at_ms != r->walk[i - 1].asked_at_ms) {
			proves = ARENA_NEW(r->mem, struct instant);
			explains = ARENA_NEW(r->mem, struct instant);
			TRY(summon_at(r, seat->asked_at_ms, true, proves));
			TRY(summon_at(r, seat->asked_at_ms, false, explains));
		}
		const struct summons *then = passed ? &explains->summons : &proves->summons;
		for (size_t k = 0; k < n; k++)
			seated[k].left = !passed && has_left(&r->walk[seated[k].at]);
		bool may = draw_next(&then->circle, out->appeal.step, seated, n, i) == i;
		TRY(summon_sound(then));
		out->unexplained += passed && may;
		/* Who is gone since left nothing to tell by. */
		if (!passed && !may && then->jurors[i].person.v != 0)
			fault(r, "somebody was seated who could not sit", (int)i);
		if (!passed)
			seated[n++].at = i;
	}
out:
	return e;
}

/* Whose votes a jury decided by might still judge then. */
static err check_votes(struct redrawing *r)
{
	struct redrawn *out = r->out;
	const struct appeal *a = &out->appeal;
	const struct summon_ask ask = { a, &r->measure, STR_NONE, a->decided_at_ms, true };
	person_id *jurors = ARENA_ARRAY(r->mem, out->walked, person_id);
	bool *still = ARENA_ARRAY(r->mem, out->walked, bool);
	bool by_jury = a->way == APPEAL_BY_JURY &&
	               (a->state == APPEAL_KEPT || a->state == APPEAL_OVERTURNED);
	err e;
	if (!by_jury)
		return OK;
	for (size_t i = 0; i < out->walked; i++)
		jurors[i] = r->walk[i].person;
	TRY(summon_still(r->c, r->conn, &ask, jurors, out->walked, r->mem, still));
	for (size_t i = 0; i < out->walked; i++)
		if (r->walk[i].state == SEAT_VOTED && !still[i] && r->walk[i].person.v != 0)
			fault(r, "a vote counted of somebody who could not judge it any more",
			      (int)i);
out:
	return e;
}

static err check_step(struct redrawing *r)
{
	struct instant filed;
	struct drawn drawn;
	err e;
	TRY(summon_at(r, r->out->appeal.filed_at_ms, false, &filed));
	check_ranking(r, &filed.summons);
	draw_jury(&filed.summons.circle, r->mem, &drawn);
	TRY(summon_sound(&filed.summons));
	r->out->step_again = drawn.step == r->out->appeal.step;
out:
	return e;
}

err redraw(struct circle *c, int64_t appeal, struct arena *mem, struct redrawn *out)
{
	struct redrawing r = { .c = c, .mem = mem, .out = out };
	err e;
	memset(out, 0, sizeof *out);
	TRY(store_read(c->store, &r.conn));
	TRY(read(&r, appeal));
	if (out->appeal.seats > 0) {
		TRY(check_root(&r));
		TRY(check_step(&r));
		TRY(check_places(&r));
		TRY(check_votes(&r));
	}
out:
	store_read_end(c->store, &r.conn);
	return e;
}
