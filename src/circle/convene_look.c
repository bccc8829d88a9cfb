/* Groups as one viewer sees them: who is in one is asked of memory, who invited whom of the store. The interface is convene.h. */
#include "circle/convene.h"

#include "circle/world.h"

#include "model/limits.h"
#include "store/groups.h"

#include "base/leak.h"

#include <stdlib.h>

#define INVITATIONS_MAX 200 /* shown at once */

/* The owner while active and a member, else the longest-standing active member; 0 when there is none. [locked] */
static person_id owner_now(const struct world *world, const struct see_source *see,
                           const struct group *group)
{
	size_t n, best = SIZE_MAX;
	const person_id *members = world_group_members(world, group->id, &n);
	const int64_t *joined = world_group_joined_at(world, group->id);
	if (see_group(see, group->owner, group->id))
		return group->owner;
	for (size_t i = 0; i < n; i++)
		if (see_group(see, members[i], group->id) &&
		    (best == SIZE_MAX || joined[i] < joined[best]))
			best = i;
	return best == SIZE_MAX ? (person_id){ 0 } : members[best];
}

static int count_seen(const struct world *world, const struct see_source *see, person_id me,
                      group_id id)
{
	size_t n;
	const person_id *members = world_group_members(world, id, &n);
	int seen = 0;
	for (size_t i = 0; i < n; i++)
		seen += see_card(see, me, members[i]) || LEAK("group.count");
	return seen;
}

/* False: for this viewer there is no such group. `row`: how the viewer stands to it in the store. [locked] */
static bool look(const struct world *world, const struct group_member *row, group_id id,
                 struct arena *mem, struct seen_group *out)
{
	struct see_source see = world_source(world);
	const struct group *group = world_group(world, id);
	person_id me = row->person;
	bool member = see_group(&see, me, id);
	bool by_card = row->state != GROUP_NONE && see_card(&see, me, row->invited_by);
	if (group == NULL ||
	    (!member && (row->state != GROUP_INVITED || !by_card) && !LEAK("group.stranger")))
		return false;
	person_id owner = owner_now(world, &see, group);
	*out = (struct seen_group){
		.group = *group,
		.state = member ? GROUP_MEMBER : GROUP_INVITED,
		.owned = member && owner.v == me.v,
		.members = member || LEAK("group.invited_count") ? count_seen(world, &see, me, id)
		                                                 : 0,
	};
	if (by_card)
		out->invited_by = row->invited_by;
	out->group.owner = see_card(&see, me, owner) ? owner : (person_id){ 0 };
	out->group.title = str_dup(mem, group->title);
	out->group.about = str_dup(mem, group->about);
	return true;
}

err convene_find(struct circle *c, person_id me, group_id id, struct arena *mem,
                 struct seen_group *out)
{
	struct conn *conn = NULL;
	struct group_member row;
	bool found;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(group_members_find(conn, id, me, &row));
	world_lock(c->world);
	found = look(c->world, &row, id, mem, out);
	world_unlock(c->world);
	if (!found)
		e = err_missing("no such group for this person");
out:
	store_read_end(c->store, &conn);
	return e;
}

static err rows_of(struct conn *conn, person_id me, struct arena *mem, group_id **ids,
                   struct group_member **rows, size_t *n)
{
	group_id *mine, *invited;
	size_t n_mine, n_invited;
	err e;
	TRY(groups_of(conn, me, GROUP_MEMBER, GROUPS_MAX, mem, &mine, &n_mine));
	TRY(groups_of(conn, me, GROUP_INVITED, INVITATIONS_MAX, mem, &invited, &n_invited));
	*n = n_mine + n_invited;
	*ids = ARENA_ARRAY(mem, *n, group_id);
	*rows = ARENA_ARRAY(mem, *n, struct group_member);
	for (size_t i = 0; i < *n; i++) {
		(*ids)[i] = i < n_mine ? mine[i] : invited[i - n_mine];
		TRY(group_members_find(conn, (*ids)[i], me, &(*rows)[i]));
	}
out:
	return e;
}

err convene_all(struct circle *c, person_id me, struct arena *mem, struct seen_group **out,
                size_t *n)
{
	struct conn *conn = NULL;
	struct group_member *rows;
	group_id *ids;
	size_t all = 0;
	err e;
	*n = 0;
	TRY(store_read(c->store, &conn));
	TRY(rows_of(conn, me, mem, &ids, &rows, &all));
	*out = ARENA_ARRAY(mem, all, struct seen_group);
	world_lock(c->world);
	for (size_t i = 0; i < all; i++)
		*n += look(c->world, &rows[i], ids[i], mem, &(*out)[*n]);
	world_unlock(c->world);
out:
	store_read_end(c->store, &conn);
	return e;
}

static int by_joined(const void *pa, const void *pb)
{
	const struct seen_group_member *a = pa, *b = pb;
	if (a->joined_at_ms != b->joined_at_ms)
		return a->joined_at_ms < b->joined_at_ms ? -1 : 1;
	return (a->person.v > b->person.v) - (a->person.v < b->person.v);
}

err convene_members(struct circle *c, person_id me, group_id id, struct arena *mem,
                    struct seen_group_member **out, size_t *n)
{
	size_t all;
	*n = 0;
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	const struct group *group = world_group(c->world, id);
	bool in = group != NULL && see_group(&see, me, id);
	person_id owner = in ? owner_now(c->world, &see, group) : (person_id){ 0 };
	const person_id *members = world_group_members(c->world, id, &all);
	const int64_t *joined = world_group_joined_at(c->world, id);
	*out = ARENA_ARRAY(mem, all, struct seen_group_member);
	for (size_t i = 0; in && i < all; i++)
		if (see_card(&see, me, members[i]))
			(*out)[(*n)++] = (struct seen_group_member){ members[i],
				                                     members[i].v == owner.v,
				                                     joined[i] };
	world_unlock(c->world);
	if (*n > 1)
		qsort(*out, *n, sizeof **out, by_joined);
	return in ? OK : err_missing("not in the group");
}
