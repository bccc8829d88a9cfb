#include "circle/summon.h"

#include "circle/world.h"

#include "base/err.h"
#include "store/appeals.h"
#include "store/cases.h"
#include "store/factors.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/reports.h"
#include "store/seats.h"

#include <stdlib.h>
#include <string.h>

#define REPORTS_MAX 1000 /* of one case */
#define UNKNOWN (-1)

struct people {
	person_id *ids; /* ascending */
	size_t n, cap;
};

struct side {
	person_id id;
	struct people ring;    /* whom they count as friends */
	struct people devices; /* who shares a browser with them */
};

struct summoning {
	struct circle *c;
	struct conn *conn;
	struct arena *mem;
	const struct summon_ask *ask;
	bool sitting; /* asked of those who sit */
	struct side *sides;
	size_t n_sides;
	struct people barred; /* who sat before */
	int64_t *arrivals; /* of everybody by then the invitation by which they came; ascending */
	size_t n_arrivals, arrivals_cap;
	const struct juror *jurors;
	int *distance;          /* enum draw_distance, or UNKNOWN */
	struct people *devices; /* of each juror who sits; ids NULL: not read yet */
	err broken;
};

/* ---- sets of people ---- */

static int by_id(const void *a, const void *b)
{
	const person_id *x = a, *y = b;
	return (x->v > y->v) - (x->v < y->v);
}

static void add(struct people *people, person_id id, struct arena *mem)
{
	if (people->n == people->cap) {
		size_t cap = people->cap ? 2 * people->cap : 16;
		people->ids = arena_grow(mem, people->ids, people->cap * sizeof(person_id),
		                         cap * sizeof(person_id));
		people->cap = cap;
	}
	people->ids[people->n++] = id;
}

static void settle(struct people *people)
{
	size_t kept = 0;
	if (people->n > 1)
		qsort(people->ids, people->n, sizeof(person_id), by_id);
	for (size_t i = 0; i < people->n; i++)
		if (kept == 0 || people->ids[kept - 1].v != people->ids[i].v)
			people->ids[kept++] = people->ids[i];
	people->n = kept;
}

static bool has(const struct people *people, person_id id)
{
	return people->n > 0 &&
	       bsearch(&id, people->ids, people->n, sizeof(person_id), by_id) != NULL;
}

/* ---- the sides ---- */

err summon_sides(struct conn *conn, const struct measure *m, int64_t at_ms, struct arena *mem,
                 person_id **out, size_t *n)
{
	const struct status_ref piece = { m->post_author, m->post, m->comment };
	const person_id decided_by = m->decided_at_ms <= at_ms ? m->decided_by : (person_id){ 0 };
	const person_id known[] = { m->subject, m->by, decided_by, m->post_author };
	struct people sides = { 0 };
	struct report *reports;
	person_id *who;
	size_t k;
	err e;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].v != 0)
			add(&sides, known[i], mem);
	TRY(reports_who(conn, m->subject, &piece, at_ms, mem, &who, &k));
	for (size_t i = 0; i < k; i++)
		add(&sides, who[i], mem);
	if (m->in.v != 0) {
		TRY(reports_of_case(conn, m->in, REPORTS_MAX, mem, &reports, &k));
		for (size_t i = 0; i < k; i++)
			if (reports[i].reporter.v != 0 && reports[i].at_ms <= at_ms)
				add(&sides, reports[i].reporter, mem);
	}
	if (m->decider == DECIDER_SHELL) {
		TRY(people_of_role(conn, ROLE_KEEPER, mem, &who, &k));
		for (size_t i = 0; i < k; i++)
			add(&sides, who[i], mem);
	}
	settle(&sides);
	*out = sides.ids;
	*n = sides.n;
out:
	return e;
}

/* Since when a counts b as a friend; INT64_MAX: not. [locked] */
static int64_t tied_since(const struct world *world, person_id a, person_id b)
{
	size_t n;
	const person_id *ties = world_ties(world, a, &n);
	const person_id *found = n > 0 ? bsearch(&b, ties, n, sizeof b, by_id) : NULL;
	return found ? world_ties_at(world, a)[found - ties] : INT64_MAX;
}

/* [locked] */
static void read_ring(struct summoning *how, struct side *side)
{
	size_t n;
	const person_id *ties = world_ties(how->c->world, side->id, &n);
	const int64_t *since = world_ties_at(how->c->world, side->id);
	for (size_t i = 0; i < n; i++)
		if (since[i] <= how->ask->at_ms)
			add(&side->ring, ties[i], how->mem); /* in their order */
}

static err read_devices(struct summoning *how, person_id person, struct people *out)
{
	err e = devices_shared(how->conn, person, how->ask->at_ms, how->mem, &out->ids, &out->n);
	if (failed(e))
		return e;
	if (out->ids == NULL)
		out->ids = ARENA_ARRAY(how->mem, 1, person_id); /* read, and nobody */
	settle(out);
	return OK;
}

static err read_sides(struct summoning *how, const struct measure *m, int64_t at_ms)
{
	person_id *ids;
	err e;
	TRY(summon_sides(how->conn, m, at_ms, how->mem, &ids, &how->n_sides));
	how->sides = ARENA_ARRAY(how->mem, how->n_sides, struct side);
	for (size_t i = 0; i < how->n_sides; i++) {
		how->sides[i].id = ids[i];
		TRY(read_devices(how, ids[i], &how->sides[i].devices));
	}
	world_lock(how->c->world);
	for (size_t i = 0; i < how->n_sides; i++)
		read_ring(how, &how->sides[i]);
	world_unlock(how->c->world);
out:
	return e;
}

/* Of this measure, where it was appealed before. */
static err read_seated(struct summoning *how, measure_id measure)
{
	struct appeal first;
	struct seat *seats;
	size_t n;
	err e = appeals_of_measure(how->conn, measure, 1, how->mem, &first);
	if (e.code == ERR_MISSING || first.id.v >= how->ask->appeal->id.v)
		return OK;
	TRY(e);
	TRY(seats_of(how->conn, first.id, how->mem, &seats, &n));
	for (size_t i = 0; i < n; i++)
		if (seats[i].id != 0)
			add(&how->barred, seats[i].person, how->mem);
out:
	return e;
}

/* Who sat in the first appeal sits in no second one, be it of the milder measure that the first one gave. */
static err read_barred(struct summoning *how)
{
	struct measure m = *how->ask->measure;
	err e;
	if (how->ask->appeal->nth == 1)
		return OK;
	TRY(read_seated(how, m.id));
	while (m.follows.v != 0) {
		TRY(measures_find(how->conn, m.follows, how->mem, &m));
		TRY(read_seated(how, m.id));
	}
	settle(&how->barred);
out:
	return e;
}

/* [locked] */
static bool same_branch(const struct world *world, person_id a, person_id b)
{
	const struct branch x = world_branch(world, a), y = world_branch(world, b);
	return branch_same(&x, &y);
}

/* ---- how near ---- */

/* [locked] */
static enum draw_distance distance_to(const struct summoning *how, const struct side *side,
                                      person_id person)
{
	const struct world *world = how->c->world;
	struct see_source see = world_source(world);
	bool blocked = see.block(see.ctx, person, side->id) ||
	               (!how->sitting && see.block(see.ctx, side->id, person));
	size_t n;
	if (side->id.v == person.v || has(&side->devices, person) ||
	    same_branch(world, side->id, person) || (blocked && !how->ask->again))
		return DRAW_BARRED;
	if (has(&side->ring, person) || tied_since(world, person, side->id) <= how->ask->at_ms)
		return DRAW_FRIEND;
	const person_id *ties = world_ties(world, person, &n);
	const int64_t *since = world_ties_at(world, person);
	for (size_t i = 0; i < n; i++)
		if (since[i] <= how->ask->at_ms && has(&side->ring, ties[i]))
			return DRAW_SECOND;
	return DRAW_FAR;
}

static enum draw_distance to_nearest(const struct summoning *how, person_id person)
{
	enum draw_distance nearest = DRAW_FAR;
	world_lock(how->c->world);
	for (size_t i = 0; i < how->n_sides && nearest != DRAW_BARRED; i++) {
		enum draw_distance d = distance_to(how, &how->sides[i], person);
		nearest = d < nearest ? d : nearest;
	}
	world_unlock(how->c->world);
	return nearest;
}

/* In standing, and of none of the copies: whoever wrote the same judges themselves. Their friends may. */
static err may_sit(struct summoning *how, const struct juror *juror, bool *may)
{
	const struct summon_why *why = NULL;
	bool copied;
	err e;
	*may = false;
	TRY(measures_wrote_copy(how->conn, how->ask->measure, juror->person, how->ask->at_ms,
	                        &copied));
	if (copied)
		return OK;
	TRY(summon_standing(how->c, how->conn, juror, how->ask->at_ms, how->ask->again, how->mem,
	                    &why));
	*may = why == NULL;
out:
	return e;
}

static enum draw_distance distance(void *ctx, size_t i)
{
	struct summoning *how = ctx;
	const struct juror *juror = &how->jurors[i];
	enum draw_distance nearest = DRAW_BARRED;
	bool may = false;
	if (how->distance[i] != UNKNOWN)
		return (enum draw_distance)how->distance[i];
	if (juror->person.v != 0 && !has(&how->barred, juror->person))
		nearest = to_nearest(how, juror->person);
	/* No step seats a friend, so that of them no more need be read: of somebody whom all know there are many. */
	if (nearest > DRAW_FRIEND) {
		struct arena_mark mark = arena_mark(how->mem);
		err e = may_sit(how, juror, &may);
		arena_rewind(how->mem, mark);
		if (failed(e))
			how->broken = e;
		if (failed(e) || !may)
			nearest = DRAW_BARRED;
	}
	how->distance[i] = (int)nearest;
	return nearest;
}

static bool alike(void *ctx, size_t i, size_t j)
{
	struct summoning *how = ctx;
	person_id a = how->jurors[i].person, b = how->jurors[j].person;
	if (how->devices[i].ids == NULL) {
		err e = read_devices(how, a, &how->devices[i]);
		if (failed(e)) {
			how->broken = e;
			return true;
		}
	}
	if (has(&how->devices[i], b))
		return true;
	world_lock(how->c->world);
	bool same = same_branch(how->c->world, a, b);
	world_unlock(how->c->world);
	return same;
}

/* ---- how they came ---- */

static bool add_arrival(const struct person *person, str handle_key, str name_key, void *ctx)
{
	struct summoning *how = ctx;
	(void)handle_key, (void)name_key;
	if (person->created_at_ms > how->ask->at_ms)
		return true;
	if (how->n_arrivals == how->arrivals_cap) {
		size_t cap = how->arrivals_cap ? 2 * how->arrivals_cap : 256;
		how->arrivals = arena_grow(how->mem, how->arrivals,
		                           how->arrivals_cap * sizeof(int64_t),
		                           cap * sizeof(int64_t));
		how->arrivals_cap = cap;
	}
	how->arrivals[how->n_arrivals++] = person->invite.v;
	return true;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Also who has left or was sealed since: that leaves no time, and what is reckoned later must come out the same. */
static void read_arrivals(struct summoning *how)
{
	world_lock(how->c->world);
	world_each_person(how->c->world, add_arrival, how);
	world_unlock(how->c->world);
	if (how->n_arrivals > 1)
		qsort(how->arrivals, how->n_arrivals, sizeof(int64_t), by_number);
}

static int64_t invite_of(const struct summoning *how, person_id person)
{
	world_lock(how->c->world);
	const struct person *p = world_person(how->c->world, person);
	int64_t invite = p != NULL ? p->invite.v : 0;
	world_unlock(how->c->world);
	return invite;
}

static bool together(void *ctx, size_t i, size_t j)
{
	const struct summoning *how = ctx;
	int64_t invite = invite_of(how, how->jurors[i].person);
	return invite != 0 && invite == invite_of(how, how->jurors[j].person);
}

/* How many came by invitations up to this one. */
static size_t arrivals_until(const struct summoning *how, int64_t invite)
{
	size_t from = 0, to = how->n_arrivals;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (how->arrivals[middle] <= invite)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int room(void *ctx, size_t i, int seats)
{
	const struct summoning *how = ctx;
	int64_t invite = invite_of(how, how->jurors[i].person);
	bool side = false;
	if (invite == 0)
		return seats;
	for (size_t k = 0; k < how->n_sides; k++)
		side |= invite_of(how, how->sides[k].id) == invite;
	return draw_room(arrivals_until(how, invite) - arrivals_until(how, invite - 1),
	                 how->n_arrivals, side, seats);
}

/* ---- the list ---- */

static err read_willing(struct summoning *how, struct juror **out, size_t *n)
{
	return jurors_willing(how->conn, how->mem, out, n);
}

/* As it was, and who of them is still here. */
static err read_list(struct summoning *how, struct juror **out, size_t *n)
{
	str rest = how->ask->list;
	struct juror *all = ARENA_ARRAY(how->mem, rest.n / (DRAW_NUMBER_CHARS + 1) + 1,
	                                struct juror);
	err e = OK;
	*n = 0;
	while (rest.n > 0) {
		str number = str_cut(&rest, '\n');
		e = jurors_by_number(how->conn, number, how->mem, &all[*n]);
		if (e.code == ERR_MISSING) {
			all[*n] = (struct juror){ .number = number };
			e = OK;
		}
		TRY(e);
		(*n)++;
	}
	*out = all;
out:
	return e;
}

static void rank(struct summoning *how, const struct juror *willing, size_t n, struct summons *out)
{
	const struct appeal *a = how->ask->appeal;
	str *numbers = ARENA_ARRAY(how->mem, n, str);
	struct juror *ranked = ARENA_ARRAY(how->mem, n, struct juror);
	unsigned char seed[HASH_BYTES];
	for (size_t i = 0; i < n; i++)
		numbers[i] = willing[i].number;
	out->list = draw_list(numbers, n, how->mem);
	draw_list_hash(out->list, out->list_hash);
	draw_seed(a->root, a->number, seed);
	const size_t *order = draw_order(seed, numbers, n, how->mem);
	for (size_t i = 0; i < n; i++)
		ranked[i] = willing[order[i]];
	how->jurors = ranked;
}

err summon(struct circle *c, struct conn *conn, const struct summon_ask *ask, struct arena *mem,
           struct summons *out)
{
	struct summoning *how = ARENA_NEW(mem, struct summoning);
	struct juror *willing;
	size_t n;
	err e;
	*how = (struct summoning){ .c = c, .conn = conn, .mem = mem, .ask = ask, .broken = OK };
	memset(out, 0, sizeof *out);
	TRY(ask->list.n > 0 ? read_list(how, &willing, &n) : read_willing(how, &willing, &n));
	rank(how, willing, n, out);
	how->distance = ARENA_ARRAY(mem, n, int);
	for (size_t i = 0; i < n; i++)
		how->distance[i] = UNKNOWN;
	how->devices = ARENA_ARRAY(mem, n, struct people);
	TRY(read_sides(how, ask->measure, ask->at_ms));
	TRY(read_barred(how));
	read_arrivals(how);
	out->jurors = how->jurors;
	out->circle = (struct draw_circle){ .n = n,
		                            .distance = distance,
		                            .alike = alike,
		                            .together = together,
		                            .room = room,
		                            .ctx = how };
	out->how = how;
out:
	return e;
}

/* Who decided about the measure meanwhile is near as whoever made it. */
static err read_sides_when_filed(struct summoning *how)
{
	struct measure m = *how->ask->measure;
	m.decided_at_ms = 0;
	return read_sides(how, &m, how->ask->appeal->filed_at_ms);
}

err summon_still(struct circle *c, struct conn *conn, const struct summon_ask *ask,
                 const person_id *jurors, size_t n, struct arena *mem, bool *still)
{
	struct summoning how = {
		.c = c, .conn = conn, .mem = mem, .ask = ask, .sitting = true, .broken = OK
	};
	enum draw_distance least = draw_least(ask->appeal->step);
	struct people now = { 0 };
	bool copied;
	err e;
	TRY(read_sides_when_filed(&how));
	TRY(summon_sides(conn, ask->measure, ask->at_ms, mem, &now.ids, &now.n));
	for (size_t i = 0; i < n; i++) {
		TRY(measures_wrote_copy(conn, ask->measure, jurors[i], ask->at_ms, &copied));
		still[i] = !copied && !has(&now, jurors[i]) && to_nearest(&how, jurors[i]) >= least;
		if (still[i])
			TRY(summon_unharmed(c, conn, jurors[i], ask->at_ms, ask->again, mem,
			                    &still[i]));
	}
out:
	return e;
}

err summon_sound(const struct summons *summons) { return summons->how->broken; }

/* ---- a steward ---- */

struct steward_search {
	struct arena *mem;
	struct people sides, free;
};

static bool collect_steward(const struct person *person, str handle_key, str name_key, void *ctx)
{
	struct steward_search *search = ctx;
	(void)handle_key, (void)name_key;
	if (person->role != ROLE_MEMBER && person->status == PERSON_ACTIVE &&
	    !has(&search->sides, person->id))
		add(&search->free, person->id, search->mem);
	return true;
}

err summon_steward(struct circle *c, struct conn *conn, const struct measure *m, int64_t at_ms,
                   struct arena *mem, bool *there)
{
	struct steward_search search = { .mem = mem };
	bool copied;
	err e;
	*there = false;
	TRY(summon_sides(conn, m, at_ms, mem, &search.sides.ids, &search.sides.n));
	world_lock(c->world);
	world_each_person(c->world, collect_steward, &search);
	world_unlock(c->world);
	for (size_t i = 0; i < search.free.n && !*there; i++) {
		TRY(measures_wrote_copy(conn, m, search.free.ids[i], at_ms, &copied));
		*there = !copied;
	}
out:
	return e;
}
