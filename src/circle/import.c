#include "circle/import.h"
#include "circle/import_private.h"

#include "circle/admit.h"
#include "circle/befriend.h"
#include "circle/handle.h"
#include "circle/picture.h"
#include "circle/publish.h"
#include "circle/tag.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "base/snowflake.h"
#include "model/limits.h"
#include "store/posts.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define KEY_BYTES 96
#define SAY_BUSY "Another archive is being taken in. Please try again later."

/* A tag as it is here: whether all who were in it are in it, and whether nobody else is. */
struct import_tag {
	str title;
	list_id id;
	bool whole, within;
};

struct import {
	struct circle *c;
	person_id me;
	int64_t now_ms;
	struct import_archive archive;
	struct import_tag tags[LISTS_MAX];
	size_t n_tags;
	struct arena *mem; /* of one post, tag or picture at a time */
	struct import_report *out;
};

/* What the person who brings the archive cannot help stops it; what lies in a piece skips the piece. */
static bool skips(err e)
{
	return e.code == ERR_INPUT || e.code == ERR_LIMIT || e.code == ERR_MISSING ||
	       e.code == ERR_CONFLICT || e.code == ERR_DENIED;
}

static err skip(struct import *im, err e)
{
	if (!failed(e) || !skips(e))
		return e;
	im->out->skipped++;
	return OK;
}

/* "2026-11-24T18:12:41.000Z", as buf_json_time writes it; 0 for anything else and for what is still to come. */
static int64_t read_time(str text, int64_t now_ms)
{
	struct tm tm = { 0 };
	char c[32];
	int ms = 0;
	if (text.n >= sizeof c)
		return 0;
	snprintf(c, sizeof c, "%.*s", STR_ARG(text));
	if (sscanf(c, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
	           &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms) != 7)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	int64_t at_ms = (int64_t)timegm(&tm) * 1000 + ms;
	if (at_ms <= SNOWFLAKE_EPOCH_MS)
		at_ms = SNOWFLAKE_EPOCH_MS + 1;
	return at_ms < now_ms ? at_ms : 0;
}

/* ---- people ---- */

static int by_id(const void *a, const void *b)
{
	const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
	return (one > two) - (one < two);
}

static person_id person_called(struct import *im, str handle)
{
	person_id id = { 0 };
	if (handle.n == 0 || handle.n > (size_t)HANDLE_MAX * 4)
		return id;
	str key = handle_key(im->mem, handle);
	world_lock(im->c->world);
	const struct person *found = world_person_by_key(im->c->world, key);
	if (found && found->status == PERSON_ACTIVE)
		id = found->id;
	world_unlock(im->c->world);
	return id;
}

static bool is_friend(const struct import *im, person_id id)
{
	struct see_source see;
	bool yes;
	world_lock(im->c->world);
	see = world_source(im->c->world);
	yes = id.v != 0 && see.tie(see.ctx, im->me, id);
	world_unlock(im->c->world);
	return yes;
}

/* The friends here among those named; false when one of them is none. */
static bool friends_named(struct import *im, const json_t *people, size_t most, person_id *out,
                          size_t *n)
{
	const json_t *person;
	bool all = true;
	size_t i;
	*n = 0;
	json_array_foreach(people, i, person)
	{
		person_id id = person_called(im, import_text(person, "preferredUsername"));
		if (*n < most && is_friend(im, id))
			out[(*n)++] = id;
		else
			all = false;
	}
	return all;
}

/* Who was kept from theirs there is kept from it here, before anything is written that they could see. */
static err hide_mine(struct import *im)
{
	const json_t *person;
	size_t i;
	err e = OK;
	json_array_foreach(json_object_get(im->archive.hidden, "items"), i, person)
	{
		struct arena_mark mark = arena_mark(im->mem);
		person_id id = person_called(im, import_text(person, "preferredUsername"));
		if (id.v != 0 && id.v != im->me.v)
			TRY(skip(im, befriend_hide_mine(im->c, im->me, id, true, im->now_ms)));
		arena_rewind(im->mem, mark);
	}
	e = OK;
out:
	return e;
}

static err ask_friends(struct import *im)
{
	const json_t *person;
	size_t i;
	err e = OK;
	json_array_foreach(json_object_get(im->archive.friends, "items"), i, person)
	{
		struct arena_mark mark = arena_mark(im->mem);
		person_id id = person_called(im, import_text(person, "preferredUsername"));
		if (id.v != 0 && id.v != im->me.v && !is_friend(im, id)) {
			e = befriend_request(im->c, im->me, id, S(""), im->now_ms, im->mem);
			im->out->asked += !failed(e);
			TRY(skip(im, e));
		}
		arena_rewind(im->mem, mark);
	}
	e = OK;
out:
	return e;
}

/* ---- tags ---- */

static struct import_tag *tag_titled(struct import *im, str title)
{
	for (size_t i = 0; i < im->n_tags; i++)
		if (str_eq(im->tags[i].title, title))
			return &im->tags[i];
	return NULL;
}

static err read_own_tags(struct import *im)
{
	struct list *lists;
	size_t n;
	err e;
	TRY(tag_all(im->c, im->me, im->archive.mem, &lists, &n));
	for (size_t i = 0; i < n && i < LISTS_MAX; i++)
		im->tags[im->n_tags++] = (struct import_tag){ .title = lists[i].title,
			                                      .id = lists[i].id };
out:
	return e;
}

/* Whether those in it here are all among these, who are sorted. */
static err is_within(struct import *im, const struct import_tag *tag, const person_id *people,
                     size_t n, bool *out)
{
	person_id *members;
	size_t n_members;
	err e;
	TRY(tag_members(im->c, im->me, tag->id, im->mem, &members, &n_members));
	*out = true;
	for (size_t i = 0; i < n_members; i++)
		*out &= n > 0 && bsearch(&members[i], people, n, sizeof *people, by_id) != NULL;
out:
	return e;
}

static err take_tag(struct import *im, const json_t *from)
{
	const json_t *members = json_object_get(from, "items");
	person_id *people = ARENA_ARRAY(im->mem, json_array_size(members) + 1, person_id);
	str title = import_text(from, "name");
	struct import_tag *tag = tag_titled(im, title);
	struct list list;
	size_t n;
	err e = OK;
	if (!tag && im->n_tags == LISTS_MAX)
		return err_limit(NULL, "too many tags");
	bool whole = friends_named(im, members, json_array_size(members), people, &n);
	qsort(people, n, sizeof *people, by_id);
	if (!tag) {
		TRY(tag_create(im->c, im->me, title, im->now_ms, &list));
		tag = &im->tags[im->n_tags++];
		*tag = (struct import_tag){ .title = title, .id = list.id };
		im->out->tags++;
	}
	TRY(is_within(im, tag, people, n, &tag->within));
	if (n > 0)
		TRY(tag_add(im->c, im->me, tag->id, people, n));
	tag->whole = whole;
out:
	return e;
}

static err take_tags(struct import *im)
{
	const json_t *tag;
	size_t i;
	err e;
	TRY(read_own_tags(im));
	json_array_foreach(json_object_get(im->archive.tags, "items"), i, tag)
	{
		struct arena_mark mark = arena_mark(im->mem);
		TRY(skip(im, take_tag(im, tag)));
		arena_rewind(im->mem, mark);
	}
out:
	return e;
}

/* ---- pictures ---- */

/* ERR_MISSING when it is not in the archive, ERR_INPUT when it does not open. */
static err take_picture(struct import *im, str name, str about, media_id *out)
{
	struct arena *mem = arena_new(64 * 1024);
	struct media media;
	str bytes;
	err e;
	TRY(import_picture(&im->archive, str_to_c(mem, name), mem, &bytes));
	TRY(picture_bring(im->c, im->me, bytes, about, im->now_ms, mem, &media));
	*out = media.id;
	im->out->pictures++;
out:
	arena_free(mem);
	return e;
}

static err take_pictures(struct import *im, const json_t *note, media_id *ids, size_t *n)
{
	const json_t *picture;
	size_t i;
	err e = OK;
	*n = 0;
	json_array_foreach(json_object_get(note, "attachment"), i, picture)
	{
		if (*n == MEDIA_MAX)
			break;
		e = take_picture(im, import_text(picture, "url"), import_text(picture, "name"),
		                 &ids[*n]);
		*n += !failed(e);
		TRY(skip(im, e));
	}
	e = OK;
out:
	return e;
}

/* Something already, which stays. */
static bool wears(const struct import *im, enum media_use use)
{
	bool yes;
	world_lock(im->c->world);
	const struct person *me = world_person(im->c->world, im->me);
	yes = me && (use == MEDIA_AVATAR ? me->avatar.v : me->cover.v) != 0;
	world_unlock(im->c->world);
	return yes;
}

static err wear(struct import *im, const char *member, enum media_use use)
{
	str name = import_text(im->archive.actor, member);
	struct person person;
	media_id id;
	err e;
	if (name.n == 0 || wears(im, use))
		return OK;
	TRY(take_picture(im, name, STR_NONE, &id));
	e = picture_wear(im->c, im->me, id, use, im->now_ms, im->mem, &person);
	if (failed(e)) {
		im->out->pictures--;
		log_if_failed(im->c->log, "import.picture", picture_drop(im->c, im->me, id));
	}
out:
	return e;
}

/* The narrower of the two, and by itself: nothing else in the profile may keep it from being heeded. */
static err take_range(struct import *im)
{
	enum person_range range;
	struct person person;
	bool narrower = false;
	if (!range_of(import_text(im->archive.actor, "kith:range"), &range))
		return OK;
	world_lock(im->c->world);
	const struct person *me = world_person(im->c->world, im->me);
	narrower = me && range > me->range;
	world_unlock(im->c->world);
	return narrower ? admit_profile(im->c, im->me, &(struct profile_draft){ .range = &range },
	                                im->now_ms, im->mem, &person)
	                : OK;
}

static err take_profile(struct import *im)
{
	const json_t *actor = im->archive.actor;
	str name = import_text(actor, "name"), note = import_text(actor, "summary");
	str question = import_text(actor, "kith:question"),
	    answer = import_text(actor, "kith:answer");
	struct person person;
	err e;
	if (!actor)
		return OK;
	struct profile_draft draft = { .display_name = name.n > 0 ? &name : NULL,
		                       .note = &note,
		                       .question = question.n > 0 ? &question : NULL,
		                       .answer = question.n > 0 ? &answer : NULL };
	TRY(take_range(im));
	TRY(skip(im, admit_profile(im->c, im->me, &draft, im->now_ms, im->mem, &person)));
	TRY(skip(im, wear(im, "kith:picture", MEDIA_AVATAR)));
	TRY(skip(im, wear(im, "kith:cover", MEDIA_COVER)));
out:
	return e;
}

/* ---- posts ---- */

static bool kind_of(str word, enum audience_kind *out)
{
	for (int kind = AUDIENCE_FRIENDS; kind <= AUDIENCE_GROUP; kind++)
		if (str_eq(word, str_of(audience_word((enum audience_kind)kind)))) {
			*out = (enum audience_kind)kind;
			return true;
		}
	return false;
}

/* The tags here among those named; false when one is not there, or not all who were in it are. One that admits must not have
 * anybody in it who was not. */
static bool tags_named(struct import *im, const json_t *tags, bool admits, list_id *out, size_t *n)
{
	const json_t *from;
	bool all = true;
	size_t i;
	*n = 0;
	json_array_foreach(tags, i, from)
	{
		const struct import_tag *tag = tag_titled(im, import_text(from, "title"));
		if (json_is_true(json_object_get(from, "deleted")) ||
		    (tag && admits && !tag->within) || *n == AUDIENCE_LISTS_MAX)
			tag = NULL;
		if (tag)
			out[(*n)++] = tag->id;
		all &= tag && tag->whole;
	}
	qsort(out, *n, sizeof *out, by_id);
	return all;
}

/* Never for more people than it was for. */
static struct audience take_audience(struct import *im, const json_t *note)
{
	const json_t *from = json_object_get(note, "kith:audience");
	list_id *lists = ARENA_ARRAY(im->mem, AUDIENCE_LISTS_MAX, list_id);
	person_id *people = ARENA_ARRAY(im->mem, AUDIENCE_PEOPLE_MAX, person_id);
	struct audience to = { .kind = AUDIENCE_SELF };
	enum audience_kind kind;
	if (!kind_of(import_text(from, "kind"), &kind) || kind == AUDIENCE_GROUP ||
	    json_array_size(json_object_get(from, "also")) > 0 ||
	    json_is_true(json_object_get(note, "kith:held")))
		return to;
	to.kind = kind;
	if (kind != AUDIENCE_ONLY && kind != AUDIENCE_EXCEPT)
		return to;
	bool whole = tags_named(im, json_object_get(from, "tags"), kind == AUDIENCE_ONLY, lists,
	                        &to.n_lists);
	whole &= friends_named(im, json_object_get(from, "people"), AUDIENCE_PEOPLE_MAX, people,
	                       &to.n_people);
	qsort(people, to.n_people, sizeof *people, by_id);
	to.lists = lists;
	to.people = people;
	if (to.n_lists + to.n_people == 0 || (kind == AUDIENCE_EXCEPT && !whole))
		return (struct audience){ .kind = AUDIENCE_SELF };
	return to;
}

struct keep_job {
	person_id me;
	str key;
};

static err keep_work(struct conn *tx, void *ctx)
{
	const struct keep_job *job = ctx;
	return retries_keep(tx, job->me, job->key);
}

static err find_earlier(struct import *im, str key, bool *is_here)
{
	struct conn *conn = NULL;
	int64_t id;
	err e;
	TRY(store_read(im->c->store, &conn));
	e = retries_find(conn, im->me, key, &id);
	*is_here = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(im->c->store, &conn);
	return e;
}

static void drop_pictures(struct import *im, const media_id *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		log_if_failed(im->c->log, "import.picture", picture_drop(im->c, im->me, ids[i]));
	im->out->pictures -= (int)n;
}

static err take_post(struct import *im, const json_t *note)
{
	const json_t *card = json_object_get(note, "kith:card");
	struct keep_job keep = { .me = im->me };
	media_id ids[MEDIA_MAX];
	struct published made;
	bool is_here;
	err e;
	keep.key = str_format(im->mem, "import %.*s", STR_ARG(import_text(note, "id")));
	if (import_text(note, "id").n == 0 || keep.key.n > KEY_BYTES)
		return err_input("file", "a post without an id");
	TRY(find_earlier(im, keep.key, &is_here));
	if (is_here)
		return err_conflict("file", "here already");
	struct post_draft draft = {
		.text = import_text(json_object_get(note, "source"), "content"),
		.place = import_text(json_object_get(note, "location"), "name"),
		.card = { import_text(card, "href"), import_text(card, "name"),
		          import_text(card, "summary") },
		.audience = take_audience(im, note),
		.language = import_text(note, "kith:language"),
		.retry_key = keep.key,
		.at_ms = read_time(import_text(note, "published"), im->now_ms),
		.media_ids = ids,
	};
	TRY(take_pictures(im, note, ids, &draft.n_media));
	e = publish_post(im->c, im->me, &draft, im->now_ms, im->mem, &made);
	if (failed(e)) {
		drop_pictures(im, ids, draft.n_media);
		goto out;
	}
	im->out->posts++;
	im->out->alone += draft.audience.kind == AUDIENCE_SELF &&
	                  !str_eq(import_text(json_object_get(note, "kith:audience"), "kind"),
	                          S("self"));
	TRY(verb_write(im->c, keep_work, NULL, &keep));
out:
	return e;
}

/* Oldest first, as they were written. */
static err take_posts(struct import *im, bool (*stopped)(void *ctx), void *ctx)
{
	const json_t *items = json_object_get(im->archive.outbox, "orderedItems");
	err e = OK;
	for (size_t i = json_array_size(items); i-- > 0;) {
		const json_t *note = import_note(json_array_get(items, i));
		struct arena_mark mark = arena_mark(im->mem);
		if (stopped && stopped(ctx))
			return err_busy("stopped");
		if (note)
			TRY(skip(im, take_post(im, note)));
		arena_rewind(im->mem, mark);
	}
out:
	return e;
}

static err take_all(struct import *im, bool (*stopped)(void *ctx), void *ctx)
{
	err e;
	TRY(hide_mine(im));
	TRY(take_profile(im));
	TRY(take_tags(im));
	TRY(take_posts(im, stopped, ctx));
	TRY(ask_friends(im));
out:
	return e;
}

err import_take(struct circle *c, person_id me, str zip, int64_t now_ms, bool (*stopped)(void *ctx),
                void *ctx, struct import_report *out)
{
	struct import *im;
	err e;
	*out = (struct import_report){ 0 };
	if (pthread_mutex_trylock(&c->importing) != 0) {
		e = err_busy("another import runs");
		e.say = SAY_BUSY;
		return e;
	}
	struct arena *mem = arena_new(64 * 1024);
	im = ARENA_ARRAY(mem, 1, struct import);
	*im = (struct import){ .c = c, .me = me, .now_ms = now_ms, .mem = mem, .out = out };
	TRY(import_open(zip, c->folder, &im->archive));
	TRY(take_all(im, stopped, ctx));
out:
	import_close(&im->archive);
	arena_free(mem);
	pthread_mutex_unlock(&c->importing);
	return e;
}
