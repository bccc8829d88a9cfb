/* The groups of the world: title and owner, and who is in them now. */
#include "circle/world_private.h"

#include <stdlib.h>
#include <string.h>

/* Index of the first group not below `id`. */
static uint32_t group_at(const struct world *world, group_id id)
{
	uint32_t from = 0, to = world->n_groups;
	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (world->groups[mid].group.id.v < id.v)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static struct circle_group *find_group(const struct world *world, group_id id)
{
	uint32_t at = group_at(world, id);
	return at < world->n_groups && world->groups[at].group.id.v == id.v ? &world->groups[at]
	                                                                    : NULL;
}

bool groups_has(const struct world *world, group_id group, person_id person)
{
	const struct circle_group *g = find_group(world, group);
	return g != NULL && id_set_has(&g->members, person);
}

const struct group *world_group(const struct world *world, group_id id)
{
	const struct circle_group *g = find_group(world, id);
	return g ? &g->group : NULL;
}

const person_id *world_group_members(const struct world *world, group_id id, size_t *n)
{
	const struct circle_group *g = find_group(world, id);
	*n = g ? g->members.n : 0;
	return g ? g->members.ids : NULL;
}

const int64_t *world_group_joined_at(const struct world *world, group_id id)
{
	const struct circle_group *g = find_group(world, id);
	return g ? g->joined_at : NULL;
}

const person_id *world_group_company(const struct world *world, person_id person, struct arena *mem,
                                     size_t *n)
{
	size_t most = 0;
	person_id *company;
	*n = 0;
	for (uint32_t i = 0; i < world->n_groups; i++)
		if (id_set_has(&world->groups[i].members, person))
			most += world->groups[i].members.n;
	company = ARENA_ARRAY(mem, most, person_id);
	for (uint32_t i = 0; i < world->n_groups; i++) {
		const struct id_set *members = &world->groups[i].members;
		if (!id_set_has(members, person))
			continue;
		for (uint32_t m = 0; m < members->n; m++)
			if (members->ids[m].v != person.v)
				company[(*n)++] = members->ids[m];
	}
	return company;
}

static void group_free(struct circle_group *g)
{
	free(g->words);
	free(g->members.ids);
	free(g->joined_at);
}

void groups_free(struct world *world)
{
	for (uint32_t i = 0; i < world->n_groups; i++)
		group_free(&world->groups[i]);
	free(world->groups);
}

static void set_words(struct circle_group *g, const struct group *group)
{
	char *words = keep_alloc(group->title.n + group->about.n);
	if (group->title.n > 0)
		memcpy(words, group->title.p, group->title.n);
	if (group->about.n > 0)
		memcpy(words + group->title.n, group->about.p, group->about.n);
	free(g->words);
	g->words = words;
	g->group = *group;
	g->group.title.p = words;
	g->group.about.p = words + group->title.n;
}

/* A place at `at` for a new one: ids grow, so mostly at the end. */
static void open_place(struct world *world, uint32_t at)
{
	if (world->n_groups == world->groups_cap) {
		world->groups_cap += world->groups_cap / 2 + 4;
		world->groups = keep_grow(world->groups,
		                          world->groups_cap * sizeof(*world->groups));
	}
	memmove(world->groups + at + 1, world->groups + at,
	        (world->n_groups - at) * sizeof(*world->groups));
	memset(world->groups + at, 0, sizeof(*world->groups));
	world->n_groups++;
}

static void close_place(struct world *world, uint32_t at)
{
	group_free(&world->groups[at]);
	world->n_groups--;
	memmove(world->groups + at, world->groups + at + 1,
	        (world->n_groups - at) * sizeof(*world->groups));
}

void world_set_group(struct world *world, const struct group *group)
{
	world_lock_write(world);
	uint32_t at = group_at(world, group->id);
	bool there = at < world->n_groups && world->groups[at].group.id.v == group->id.v;
	if (group->deleted && there)
		close_place(world, at);
	if (!group->deleted && !there)
		open_place(world, at);
	if (!group->deleted)
		set_words(&world->groups[at], group);
	world_unlock_write(world);
}

void world_set_group_member(struct world *world, group_id group, person_id member, bool on,
                            int64_t at_ms)
{
	world_lock_write(world);
	struct circle_group *g = find_group(world, group);
	if (g != NULL)
		id_set_put(&g->members, member, on, &g->joined_at, at_ms);
	world_unlock_write(world);
}
