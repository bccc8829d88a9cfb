#include "circle/tag.h"

#include "circle/address.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/lists.h"
#include "store/ties.h"

#include "base/leak.h"

#define CHANGE_MAX 500 /* people put into or taken out of a tag at once */
#define SAY_TITLE "A tag has 1 to 60 characters in one line."
#define SAY_MAX "You have 100 tags already."
#define SAY_FRIENDS "Only friends of yours can be in a tag."
#define SAY_CHANGE "At most 500 people at once."

struct tag_job {
	struct circle *c;
	struct arena *mem;
	struct list list;
	const person_id *people;
	size_t n;
	bool on;
};

static err check_writer(struct conn *tx, const struct tag_job *job)
{
	struct door door;
	door_open(&door, tx, job->mem);
	return door_writer(&door, job->list.owner);
}

/* Mine and living, with its title. */
static err find_living(struct conn *conn, person_id me, list_id id, struct arena *mem,
                       struct list *out)
{
	err e = lists_find(conn, me, id, mem, out);
	if (!failed(e) && out->deleted)
		e = err_missing("the tag is deleted");
	return e;
}

static err check_own(struct conn *tx, const struct tag_job *job)
{
	struct list found;
	err e;
	TRY(check_writer(tx, job));
	TRY(find_living(tx, job->list.owner, job->list.id, job->mem, &found));
out:
	return e;
}

static err run(struct circle *c, err (*work)(struct conn *, void *), void (*after)(void *),
               struct tag_job *job)
{
	err e;
	job->c = c;
	job->mem = arena_new(2048);
	e = verb_write(c, work, after, job);
	arena_free(job->mem);
	return e;
}

static void list_after(void *ctx)
{
	const struct tag_job *job = ctx;
	world_set_list(job->c->world, &job->list);
}

static err create_work(struct conn *tx, void *ctx)
{
	struct tag_job *job = ctx;
	int count;
	err e;
	TRY(check_writer(tx, job));
	TRY(lists_count(tx, job->list.owner, &count));
	if (count >= LISTS_MAX)
		return err_limit("lists", SAY_MAX);
	job->list.id = (list_id){ snowflake_next(job->c->ids) };
	TRY(lists_insert(tx, &job->list));
out:
	return e;
}

err tag_create(struct circle *c, person_id me, str title, int64_t now_ms, struct list *out)
{
	struct tag_job job = { .list = { .owner = me } };
	err e;
	(void)now_ms; /* the id carries it */
	TRY(phrase_line(title, 1, LIST_TITLE_MAX, "title", SAY_TITLE, &job.list.title));
	TRY(run(c, create_work, list_after, &job));
	*out = job.list;
out:
	return e;
}

static err rename_work(struct conn *tx, void *ctx)
{
	const struct tag_job *job = ctx;
	err e;
	TRY(check_own(tx, job));
	TRY(lists_rename(tx, job->list.owner, job->list.id, job->list.title));
out:
	return e;
}

err tag_rename(struct circle *c, person_id me, list_id id, str title)
{
	struct tag_job job = { .list = { .owner = me, .id = id } };
	err e;
	TRY(phrase_line(title, 1, LIST_TITLE_MAX, "title", SAY_TITLE, &job.list.title));
	TRY(run(c, rename_work, NULL, &job));
out:
	return e;
}

static err delete_work(struct conn *tx, void *ctx)
{
	const struct tag_job *job = ctx;
	err e;
	TRY(check_own(tx, job));
	TRY(lists_delete(tx, job->list.owner, job->list.id));
out:
	return e;
}

err tag_delete(struct circle *c, person_id me, list_id id)
{
	struct tag_job job = { .list = { .owner = me, .id = id, .deleted = true } };
	return run(c, delete_work, list_after, &job);
}

static err change_one(struct conn *tx, const struct tag_job *job, person_id member)
{
	const struct list *list = &job->list;
	bool is_friend;
	err e;
	if (!job->on)
		return list_members_remove(tx, list->owner, list->id, member);
	TRY(ties_has(tx, list->owner, member, &is_friend));
	if (!is_friend)
		return err_input("account_ids", SAY_FRIENDS);
	TRY(list_members_add(tx, list->owner, list->id, member));
out:
	return e;
}

static err change_work(struct conn *tx, void *ctx)
{
	const struct tag_job *job = ctx;
	err e;
	TRY(check_own(tx, job));
	for (size_t i = 0; i < job->n; i++)
		TRY(change_one(tx, job, job->people[i]));
out:
	return e;
}

static void change_after(void *ctx)
{
	const struct tag_job *job = ctx;
	for (size_t i = 0; i < job->n && (job->on || !LEAK("world.untagged")); i++)
		world_set_list_member(job->c->world, job->list.owner, job->list.id, job->people[i],
		                      job->on);
}

static err change(struct circle *c, person_id me, list_id id, const person_id *people, size_t n,
                  bool on)
{
	struct tag_job job = {
		.list = { .owner = me, .id = id }, .people = people, .n = n, .on = on
	};
	if (n > CHANGE_MAX)
		return err_limit("account_ids", SAY_CHANGE);
	return run(c, change_work, change_after, &job);
}

err tag_add(struct circle *c, person_id me, list_id id, const person_id *people, size_t n)
{
	return change(c, me, id, people, n, true);
}

err tag_remove(struct circle *c, person_id me, list_id id, const person_id *people, size_t n)
{
	return change(c, me, id, people, n, false);
}

err tag_find(struct circle *c, person_id me, list_id id, struct arena *mem, struct list *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(find_living(conn, me, id, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

err tag_all(struct circle *c, person_id me, struct arena *mem, struct list **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(lists_of(conn, me, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* Membership outlasts a friendship and has no effect without it. */
err tag_members(struct circle *c, person_id me, list_id id, struct arena *mem, person_id **out,
                size_t *n)
{
	size_t all;
	*n = 0;
	world_lock(c->world);
	const person_id *members = world_list_members(c->world, me, id, &all);
	struct see_source see = world_source(c->world);
	*out = ARENA_ARRAY(mem, all, person_id);
	for (size_t i = 0; i < all; i++)
		if (see.tie(see.ctx, me, members[i]) && see_card(&see, me, members[i]))
			(*out)[(*n)++] = members[i];
	world_unlock(c->world);
	return members != NULL ? OK : err_missing("no such tag");
}

err tag_of_person(struct circle *c, person_id me, person_id other, struct arena *mem,
                  struct list **out, size_t *n)
{
	struct conn *conn = NULL;
	size_t kept = 0;
	bool has, card;
	err e;
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	card = see_card(&see, me, other);
	world_unlock(c->world);
	if (!card)
		return err_missing("nobody this person may know of");
	TRY(store_read(c->store, &conn));
	TRY(lists_of(conn, me, mem, out, n));
	for (size_t i = 0; i < *n; i++) {
		TRY(list_members_has(conn, me, (*out)[i].id, other, &has));
		if (has)
			(*out)[kept++] = (*out)[i];
	}
	*n = kept;
out:
	store_read_end(c->store, &conn);
	return e;
}

/* Friends of mine, or for a group its other members, as far as I may know of them. [locked] */
static const person_id *counted(const struct world *world, person_id me,
                                const struct audience *audience, size_t *n)
{
	return audience->kind == AUDIENCE_GROUP ? world_group_members(world, audience->group, n)
	                                        : world_ties(world, me, n);
}

err tag_audience_count(struct circle *c, person_id me, const struct audience *audience, int *out)
{
	struct arena *mem = arena_new(2048);
	struct conn *conn = NULL;
	struct audience sorted;
	size_t n;
	err e;
	*out = 0;
	TRY(address_sort(audience, mem, &sorted));
	TRY(store_read(c->store, &conn));
	TRY(address_check(conn, me, &sorted, mem));
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	const person_id *people = counted(c->world, me, &sorted, &n);
	bool hides = sorted.kind != AUDIENCE_GROUP;
	for (size_t i = 0; i < n; i++)
		*out += people[i].v != me.v && see_card(&see, me, people[i]) &&
		        !(hides && see.hides_mine(see.ctx, me, people[i])) &&
		        see_admits(&see, people[i], me, &sorted);
	world_unlock(c->world);
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}
