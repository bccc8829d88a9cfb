/* One question is one or two lookups by primary key. What cannot be read counts as the stricter answer. */
#include "circle/see_store.h"

#include "store/groups.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/ties.h"

/* The source is const for the door; only the mark of a fault is written back. */
static struct see_store *facts_of(const void *ctx) { return (struct see_store *)(uintptr_t)ctx; }

static struct see_person store_person(const void *ctx, person_id p)
{
	struct see_store *facts = facts_of(ctx);
	struct arena_mark mark = arena_mark(facts->mem);
	struct see_person answer = { 0 };
	struct person person;
	err e = people_find(facts->conn, p, facts->mem, &person);
	if (!failed(e))
		answer = (struct see_person){ person.status == PERSON_ACTIVE, person.role,
			                      person.range };
	else if (e.code != ERR_MISSING)
		facts->broken = true;
	arena_rewind(facts->mem, mark);
	return answer;
}

static bool answer_or(struct see_store *facts, err e, bool answer, bool strict)
{
	if (!failed(e))
		return answer;
	facts->broken = true;
	return strict;
}

static bool store_tie(const void *ctx, person_id a, person_id b)
{
	struct see_store *facts = facts_of(ctx);
	bool has = false;
	err e = ties_has(facts->conn, a, b, &has);
	return answer_or(facts, e, has, false);
}

static bool store_block(const void *ctx, person_id a, person_id b)
{
	struct see_store *facts = facts_of(ctx);
	bool has = false;
	err e = blocks_has(facts->conn, a, b, &has);
	return answer_or(facts, e, has, true);
}

static bool store_hides_mine(const void *ctx, person_id a, person_id b)
{
	struct see_store *facts = facts_of(ctx);
	bool has = false;
	err e = hides_has(facts->conn, a, b, HIDE_MINE, &has);
	return answer_or(facts, e, has, true);
}

/* A tag nobody knows admits nobody and excludes everybody. */
static bool store_in_list(const void *ctx, person_id owner, list_id list, person_id b,
                          bool *deleted)
{
	struct see_store *facts = facts_of(ctx);
	struct arena_mark mark = arena_mark(facts->mem);
	struct list row;
	bool has = false;
	err e = lists_find(facts->conn, owner, list, facts->mem, &row);
	arena_rewind(facts->mem, mark);
	*deleted = failed(e) || row.deleted;
	if (e.code == ERR_MISSING)
		return true;
	if (!failed(e))
		e = list_members_has(facts->conn, owner, list, b, &has);
	if (failed(e))
		*deleted = true;
	return answer_or(facts, e, has, true);
}

static bool store_in_group(const void *ctx, group_id g, person_id p)
{
	struct see_store *facts = facts_of(ctx);
	struct group_member member = { .state = GROUP_NONE };
	err e = group_members_find(facts->conn, g, p, &member); /* a deleted group has no members */
	return answer_or(facts, e, member.state == GROUP_MEMBER, false);
}

struct see_source see_store_source(struct see_store *facts)
{
	return (struct see_source){ facts,         store_person,     store_tie,
		                    store_block,   store_hides_mine, store_in_list,
		                    store_in_group };
}
