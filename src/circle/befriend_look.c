/* One's own side of every relation, as oneself may see it. The interface is befriend.h. */
#include "circle/befriend.h"

#include "circle/world.h"

#include "model/limits.h"
#include "store/ties.h"

static bool includes(const person_id *ids, size_t n, person_id id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i].v == id.v)
			return true;
	return false;
}

/* From memory, all but requests. [locked] */
static err own_side(const struct circle *c, person_id me, person_id other, struct relation *out,
                    bool *active)
{
	struct see_source see = world_source(c->world);
	const struct person *person = world_person(c->world, other);
	size_t n;
	const person_id *hidden = world_hides(c->world, me, HIDE_THEIRS, &n);
	*out = (struct relation){ .other = other };
	if (person == NULL || person->status == PERSON_ERASED || see.block(see.ctx, other, me))
		return err_missing("nobody this person may know of");
	out->friend_of_mine = see.tie(see.ctx, me, other);
	out->blocking = see.block(see.ctx, me, other);
	out->hiding_theirs = includes(hidden, n, other);
	out->hiding_mine = see.hides_mine(see.ctx, me, other);
	*active = person->status == PERSON_ACTIVE;
	return OK;
}

/* The sealed are there for me while something of mine points to them. */
static err there_for_me(const struct relation *mine, bool active)
{
	if (active || mine->friend_of_mine || mine->requested || mine->blocking ||
	    mine->hiding_theirs || mine->hiding_mine)
		return OK;
	return err_missing("sealed");
}

static err is_open(struct conn *conn, person_id from, person_id to, struct arena *mem, bool *open)
{
	struct friend_request request;
	err e = requests_find(conn, from, to, mem, &request);
	*open = !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

err befriend_relation(struct circle *c, person_id me, person_id other, struct relation *out)
{
	struct arena *mem = arena_new(2048);
	struct conn *conn = NULL;
	bool active = false, asked_me;
	err e;
	world_lock(c->world);
	e = own_side(c, me, other, out, &active);
	world_unlock(c->world);
	if (failed(e) || out->friend_of_mine || out->blocking || me.v == other.v)
		goto out; /* no request can be open */
	TRY(store_read(c->store, &conn));
	TRY(is_open(conn, me, other, mem, &out->requested));
	TRY(is_open(conn, other, me, mem, &asked_me));
	out->requested_by = asked_me && active;
	TRY(there_for_me(out, active));
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}

static bool is_active(const struct world *world, person_id id)
{
	const struct person *person = world_person(world, id);
	return person != NULL && person->status == PERSON_ACTIVE;
}

err befriend_friends(struct circle *c, person_id me, int64_t before, int limit, struct arena *mem,
                     person_id **out, size_t *n)
{
	size_t max = limit > 0 ? (size_t)limit : 0, ties;
	*n = 0;
	world_lock(c->world);
	const person_id *friends = world_ties(c->world, me, &ties);
	*out = ARENA_ARRAY(mem, max < ties ? max : ties, person_id);
	for (size_t i = ties; i > 0 && *n < max; i--)
		if ((before == 0 || friends[i - 1].v < before) &&
		    is_active(c->world, friends[i - 1]))
			(*out)[(*n)++] = friends[i - 1];
	world_unlock(c->world);
	return OK;
}

/* Those whose other side may be shown to me. */
static void keep_seen(const struct circle *c, person_id me, bool by_from,
                      struct friend_request *all, size_t *n)
{
	size_t kept = 0;
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	for (size_t i = 0; i < *n; i++)
		if (see_card(&see, me, by_from ? all[i].from : all[i].to))
			all[kept++] = all[i];
	world_unlock(c->world);
	*n = kept;
}

err befriend_asked_me(struct circle *c, person_id me, int limit, struct arena *mem,
                      struct friend_request **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(requests_to(conn, me, INT64_MAX, limit, mem, out, n));
	keep_seen(c, me, true, *out, n);
out:
	store_read_end(c->store, &conn);
	return e;
}

person_id befriend_inviter(struct circle *c, person_id me, person_id other)
{
	person_id by = { 0 };
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	const struct person *person = world_person(c->world, other);
	if (person != NULL && see_card(&see, me, other) && see_card(&see, me, person->invited_by))
		by = person->invited_by;
	world_unlock(c->world);
	return by;
}

err befriend_i_asked(struct circle *c, person_id me, int limit, struct arena *mem,
                     struct friend_request **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(requests_from(conn, me, limit, mem, out, n));
	keep_seen(c, me, false, *out, n);
out:
	store_read_end(c->store, &conn);
	return e;
}

err befriend_blocked(struct circle *c, person_id me, struct arena *mem, person_id **out, size_t *n)
{
	world_lock(c->world);
	const person_id *blocked = world_blocks(c->world, me, n);
	*out = arena_copy(mem, blocked, *n * sizeof *blocked);
	world_unlock(c->world);
	return OK;
}

err befriend_hidden(struct circle *c, person_id me, struct arena *mem, person_id **out, size_t *n)
{
	world_lock(c->world);
	const person_id *hidden = world_hides(c->world, me, HIDE_THEIRS, n);
	*out = arena_copy(mem, hidden, *n * sizeof *hidden);
	world_unlock(c->world);
	return OK;
}
