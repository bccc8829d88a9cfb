#include "circle/address.h"

#include "circle/handle.h"

#include "model/limits.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/ties.h"

#include <stdlib.h>
#include <string.h>

#define FIELD "kith_audience"
#define SAY_LIST "One of these tags is not yours or does not exist any more."
#define SAY_PERSON "One of these people is not among your friends."
#define SAY_LISTS_MAX "An audience names at most 50 tags."
#define SAY_PEOPLE_MAX "An audience names at most 500 people."
#define SAY_EMPTY "Name at least one tag or person."
#define SAY_NO_NAMES "Only the kinds only and except name tags or people."
#define SAY_GROUP "This group is not yours or does not exist any more."

static int cmp_id(const void *a, const void *b)
{
	int64_t x, y;
	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

/* Every id is one int64_t. */
static size_t sort_unique(int64_t *ids, size_t n)
{
	size_t kept = 0;
	if (n > 1)
		qsort(ids, n, sizeof *ids, cmp_id);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	return kept;
}

void address_sort_people(person_id *people, size_t n)
{
	if (n > 1)
		qsort(people, n, sizeof *people, cmp_id);
}

err address_sort(const struct audience *asked, struct arena *mem, struct audience *out)
{
	bool names = asked->n_lists > 0 || asked->n_people > 0;
	/* Doubles are forgiven, masses are not even sorted. */
	if (asked->n_lists > 4 * AUDIENCE_LISTS_MAX)
		return err_limit(FIELD, SAY_LISTS_MAX);
	if (asked->n_people > 4 * AUDIENCE_PEOPLE_MAX)
		return err_limit(FIELD, SAY_PEOPLE_MAX);
	*out = (struct audience){ .kind = asked->kind };
	if (asked->kind == AUDIENCE_GROUP)
		out->group = asked->group;
	if (asked->kind == AUDIENCE_FRIENDS || asked->kind == AUDIENCE_SELF ||
	    asked->kind == AUDIENCE_GROUP)
		return names ? err_input(FIELD, SAY_NO_NAMES) : OK; /* dropping them could widen */
	if (asked->kind == AUDIENCE_ONLY && !names)
		return err_input(FIELD, SAY_EMPTY);
	int64_t *lists = ARENA_ARRAY(mem, asked->n_lists, int64_t);
	int64_t *people = ARENA_ARRAY(mem, asked->n_people, int64_t);
	for (size_t i = 0; i < asked->n_lists; i++)
		lists[i] = asked->lists[i].v;
	for (size_t i = 0; i < asked->n_people; i++)
		people[i] = asked->people[i].v;
	out->n_lists = sort_unique(lists, asked->n_lists);
	out->n_people = sort_unique(people, asked->n_people);
	if (out->n_lists > AUDIENCE_LISTS_MAX)
		return err_limit(FIELD, SAY_LISTS_MAX);
	if (out->n_people > AUDIENCE_PEOPLE_MAX)
		return err_limit(FIELD, SAY_PEOPLE_MAX);
	out->lists = (const list_id *)(const void *)lists;
	out->people = (const person_id *)(const void *)people;
	return OK;
}

static err check_member(struct conn *tx, person_id author, group_id group)
{
	struct group_member row;
	err e = group_members_find(tx, group, author, &row);
	return failed(e) || row.state == GROUP_MEMBER ? e : err_input(FIELD, SAY_GROUP);
}

err address_check(struct conn *tx, person_id author, const struct audience *audience,
                  struct arena *mem)
{
	struct list list;
	bool is_friend;
	err e = OK;
	if (audience->kind == AUDIENCE_GROUP)
		return check_member(tx, author, audience->group);
	for (size_t i = 0; i < audience->n_lists; i++) {
		e = lists_find(tx, author, audience->lists[i], mem, &list);
		if (e.code == ERR_MISSING || (!failed(e) && list.deleted))
			e = err_input(FIELD, SAY_LIST);
		TRY(e);
	}
	for (size_t i = 0; i < audience->n_people; i++) {
		TRY(ties_has(tx, author, audience->people[i], &is_friend));
		if (!is_friend)
			return err_input(FIELD, SAY_PERSON);
	}
out:
	return e;
}

/* Bytes of the run of handle characters at `at`: of one script, as handles are. */
static size_t run_of(str text, size_t at)
{
	size_t end = at, count = 0;
	bool han = false, latin = false;
	while (end < text.n && count < HANDLE_MAX) {
		size_t next = end;
		uint32_t cp = utf8_next(text, &next);
		bool is_letter = (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
		if (!handle_has(cp) || (handle_is_han(cp) && latin) || (is_letter && han))
			break;
		han = han || handle_is_han(cp);
		latin = latin || is_letter;
		end = next;
		count++;
	}
	return end - at;
}

static bool is_han_run(str run)
{
	size_t at = 0;
	while (at < run.n)
		if (handle_is_han(utf8_next(run, &at)))
			return true;
	return false;
}

static str drop_last(str run)
{
	do
		run.n--;
	while (run.n > 0 && ((unsigned char)run.p[run.n] & 0xC0) == 0x80);
	return run;
}

/* A Latin run is a handle whole, but for a full stop after it; Han is written without spaces, so the longest
 * beginning that is somebody counts. [locked] */
static const struct person *person_at(const struct world *world, str run, struct arena *mem)
{
	bool han = is_han_run(run);
	while (run.n > 0) {
		struct arena_mark mark = arena_mark(mem);
		const struct person *p = world_person_by_key(world, handle_key(mem, run));
		char last = run.p[run.n - 1];
		arena_rewind(mem, mark);
		if (p != NULL)
			return p;
		if (!han && last != '.' && last != '_')
			return NULL;
		run = drop_last(run);
	}
	return NULL;
}

static bool is_among(const person_id *ids, size_t n, person_id id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i].v == id.v)
			return true;
	return false;
}

/* "@" in the middle of a word is an address of another kind: me@example.org. */
static bool starts_name(str text, size_t at)
{
	char before = at > 0 ? text.p[at - 1] : ' ';
	bool word = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
	            (before >= '0' && before <= '9') || before == '_' || before == '.' ||
	            before == '@';
	return text.p[at] == '@' && !word;
}

void address_named(const struct world *world, str text, struct arena *mem, person_id *out,
                   size_t *n)
{
	size_t signs = 0;
	*n = 0;
	world_lock(world);
	for (size_t at = 0; at < text.n && signs < ADDRESS_NAMED_MAX; at++) {
		if (!starts_name(text, at))
			continue;
		signs++;
		const struct person *p = person_at(
			world, str_slice(text, at + 1, at + 1 + run_of(text, at + 1)), mem);
		if (p != NULL && !is_among(out, *n, p->id))
			out[(*n)++] = p->id;
	}
	world_unlock(world);
}

static bool lets_in(const struct door *door, person_id author, const struct audience *audience,
                    person_id p)
{
	const struct see_source *see = &door->see;
	if (p.v == author.v || !see->person(see->ctx, p).active)
		return false;
	if (audience != NULL && audience->kind == AUDIENCE_GROUP)
		return see_admits(see, p, author, audience) && !see->block(see->ctx, author, p);
	return see->tie(see->ctx, author, p) && !see->hides_mine(see->ctx, author, p) &&
	       (audience == NULL || see_admits(see, p, author, audience));
}

void address_mentions(const struct door *door, person_id author, const struct audience *audience,
                      const person_id *named, size_t n_named, struct arena *mem, person_id **out,
                      size_t *n)
{
	*out = ARENA_ARRAY(mem, MENTIONS_MAX, person_id);
	*n = 0;
	for (size_t i = 0; i < n_named && *n < MENTIONS_MAX; i++)
		if (lets_in(door, author, audience, named[i]))
			(*out)[(*n)++] = named[i];
	address_sort_people(*out, *n);
}
