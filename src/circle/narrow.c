#include "circle/narrow.h"

#include "circle/address.h"

#include "model/limits.h"
#include "store/lists.h"
#include "store/ties.h"

#include "base/leak.h"

#define FIELD "kith_audience"
#define SAY_WIDER "A post can be shown to fewer people later, never to more."
#define SAY_CLAUSES "This post has been narrowed too often. It can still be made yours alone."

static bool has_list(const struct audience *a, list_id id)
{
	for (size_t i = 0; i < a->n_lists; i++)
		if (a->lists[i].v == id.v)
			return true;
	return false;
}

static bool has_person(const struct audience *a, person_id id)
{
	for (size_t i = 0; i < a->n_people; i++)
		if (a->people[i].v == id.v)
			return true;
	return false;
}

/* Everything `a` names, `b` names too. */
static bool names_within(const struct audience *a, const struct audience *b)
{
	for (size_t i = 0; i < a->n_lists; i++)
		if (!has_list(b, a->lists[i]))
			return false;
	for (size_t i = 0; i < a->n_people; i++)
		if (!has_person(b, a->people[i]))
			return false;
	return true;
}

bool narrow_is_inside(const struct audience *inner, const struct audience *outer)
{
	if (inner->kind == AUDIENCE_SELF)
		return true;
	switch (outer->kind) {
	case AUDIENCE_FRIENDS:
		return inner->kind != AUDIENCE_GROUP;
	case AUDIENCE_ONLY:
		return inner->kind == AUDIENCE_ONLY && names_within(inner, outer);
	case AUDIENCE_EXCEPT:
		return inner->kind == AUDIENCE_EXCEPT && names_within(outer, inner);
	case AUDIENCE_SELF:
		return false;
	case AUDIENCE_GROUP:
		return inner->kind == AUDIENCE_GROUP && inner->group.v == outer->group.v;
	}
	return false;
}

/* Names the post had already are the author's, also when the tag is gone or the friendship over; new ones are checked. */
static err check_names(struct conn *tx, person_id author, const struct audience *was,
                       const struct audience *asked, struct arena *mem)
{
	list_id *lists = ARENA_ARRAY(mem, asked->n_lists, list_id);
	person_id *people = ARENA_ARRAY(mem, asked->n_people, person_id);
	struct audience fresh = { .kind = asked->kind, .lists = lists, .people = people };
	if (asked->kind == AUDIENCE_GROUP)
		return OK; /* it is the one it was for already, left meanwhile or not */
	for (size_t i = 0; i < asked->n_lists; i++)
		if (!has_list(was, asked->lists[i]))
			lists[fresh.n_lists++] = asked->lists[i];
	for (size_t i = 0; i < asked->n_people; i++)
		if (!has_person(was, asked->people[i]))
			people[fresh.n_people++] = asked->people[i];
	return address_check(tx, author, &fresh, mem);
}

/* For only these: people who were let in, and no tag that the old one does not name, or that it leaves out. */
static bool picks_inside(const struct door *door, person_id author, const struct audience *was,
                         const struct audience *asked)
{
	bool excepts = was->kind == AUDIENCE_EXCEPT;
	for (size_t i = 0; i < asked->n_lists; i++)
		if (has_list(was, asked->lists[i]) == excepts)
			return false;
	for (size_t i = 0; i < asked->n_people; i++)
		if (!see_admits(&door->see, asked->people[i], author, was))
			return false;
	return true;
}

/* For all except these: whoever was left out is left out by name again, but for tags that are gone and people who are no
 * friends any more, who cannot be named. The old one goes on leaving them out. */
static err leaves_out(struct conn *tx, person_id author, const struct audience *was,
                      const struct audience *asked, struct arena *mem, bool *yes)
{
	struct list list;
	bool is_friend;
	err e = OK;
	*yes = false;
	for (size_t i = 0; i < was->n_lists; i++) {
		if (has_list(asked, was->lists[i]))
			continue;
		e = lists_find(tx, author, was->lists[i], mem, &list);
		if (e.code != ERR_MISSING)
			TRY(e);
		if (!failed(e) && !list.deleted)
			return OK;
	}
	e = OK;
	for (size_t i = 0; i < was->n_people; i++) {
		if (has_person(asked, was->people[i]))
			continue;
		TRY(ties_has(tx, author, was->people[i], &is_friend));
		if (is_friend)
			return OK;
	}
	*yes = true;
out:
	return e;
}

static err is_narrower(struct conn *tx, const struct door *door, person_id author,
                       const struct audience *was, const struct audience *asked, struct arena *mem,
                       bool *yes)
{
	bool picks = was->kind == AUDIENCE_ONLY || was->kind == AUDIENCE_EXCEPT;
	*yes = narrow_is_inside(asked, was);
	if (*yes)
		return OK;
	if (was->kind == AUDIENCE_EXCEPT && asked->kind == AUDIENCE_EXCEPT)
		return leaves_out(tx, author, was, asked, mem, yes);
	*yes = picks && asked->kind == AUDIENCE_ONLY && picks_inside(door, author, was, asked);
	return door_answer(door, true, NULL);
}

err narrow_audience(struct conn *tx, const struct door *door, person_id author,
                    const struct audience *was, const struct audience *asked, struct arena *mem,
                    struct audience *out)
{
	const struct audience **link = &out->also;
	size_t clauses = 0;
	bool yes;
	err e;
	*out = *asked;
	out->also = NULL;
	TRY(is_narrower(tx, door, author, was, asked, mem, &yes));
	if (!yes && !LEAK("narrow.wider"))
		return err_input(FIELD, SAY_WIDER);
	TRY(check_names(tx, author, was, asked, mem));
	for (const struct audience *clause = was; clause != NULL; clause = clause->also) {
		if (narrow_is_inside(asked, clause))
			continue;
		if (clauses++ == AUDIENCE_CLAUSES_MAX)
			return err_limit(FIELD, SAY_CLAUSES);
		struct audience *kept = arena_copy(mem, clause, sizeof(*clause));
		kept->also = NULL;
		*link = kept;
		link = &kept->also;
	}
out:
	return e;
}
