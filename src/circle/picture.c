/* Bringing takes the steps in the one order that leaves nothing half: hold the content, develop, files to the disk, then the row. A
 * crash in between leaves files without a row, which the sweep takes away; a row without files cannot come about. */
#include "circle/picture.h"
#include "circle/picture_private.h"

#include "circle/handle.h"
#include "circle/hold.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "media/darkroom.h"
#include "model/limits.h"
#include "store/people.h"
#include "store/pictures.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define SWEEP_BATCH 100
#define SWEEP_MS (INT64_C(24) * 3600 * 1000)
#define SAY_NONE "Pictures cannot be opened safely on this machine, so none are taken."
#define SAY_LARGE "A picture has at most 20 MB."
#define SAY_EMPTY "There is nothing in this file."
#define SAY_ABOUT "The words for a picture have at most 1500 characters."
#define SAY_LYING "There are pictures you sent and have not used. Use them or take them back first."
#define SAY_IN_USE "This picture is in use."

const char *picture_refusal(const struct circle *c) { return c->darkroom ? NULL : SAY_NONE; }

bool album_named(void *ctx, const unsigned char content[MEDIA_CONTENT_BYTES])
{
	struct circle *c = ctx;
	struct conn *conn = NULL;
	bool has = true;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(pictures_has_content(conn, content, &has));
out:
	store_read_end(c->store, &conn);
	log_if_failed(c->log, "picture.unknown", e);
	return failed(e) || has;
}

static void erase(struct circle *c, const unsigned char content[MEDIA_CONTENT_BYTES])
{
	picture_files_erase(c->album->files, content, album_named, c);
}

/* ---- bringing ---- */

err picture_check_about(str about)
{
	return phrase_text(about, ALT_TEXT_MAX, "description", OK,
	                   err_limit("description", SAY_ABOUT));
}

static err below_most(struct conn *conn, person_id owner)
{
	int n = 0;
	err e = pictures_count_unused(conn, owner, &n);
	return failed(e) || n < MEDIA_UNUSED_MAX ? e : err_limit("file", SAY_LYING);
}

/* Before the work: it is asked again in the transaction. */
static err check_most(struct circle *c, person_id owner)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(below_most(conn, owner));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct bring_job {
	struct arena *mem;
	struct media media;
};

static err bring_work(struct conn *tx, void *ctx)
{
	struct bring_job *job = ctx;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->media.owner));
	TRY(below_most(tx, job->media.owner));
	TRY(pictures_insert(tx, &job->media));
out:
	return e;
}

/* The content is held. */
static err develop(struct circle *c, str bytes, struct bring_job *job)
{
	struct media *m = &job->media;
	struct print print = { .fd = -1 };
	int fd = -1;
	err e;
	TRY(picture_files_scratch(c->album->files, bytes, &fd));
	TRY(darkroom_develop(c->darkroom, fd, bytes.n, true, job->mem, &print));
	TRY(picture_files_keep(c->album->files, m->content, &print, m->id.v));
	m->width = print.width;
	m->height = print.height;
	m->blurhash = print.blurhash;
	memcpy(m->pdq, print.pdq, sizeof m->pdq);
	m->pdq_quality = print.pdq_quality;
	m->qr = print.qr;
	TRY(verb_write(c, bring_work, NULL, job));
out:
	if (fd >= 0)
		close(fd);
	if (print.fd >= 0)
		close(print.fd);
	return e;
}

err picture_bring(struct circle *c, person_id owner, str bytes, str about, int64_t now_ms,
                  struct arena *mem, struct media *out)
{
	struct bring_job job = { .mem = mem };
	err e;
	if (picture_refusal(c))
		return err_input("file", picture_refusal(c));
	if (bytes.n == 0)
		return err_input("file", SAY_EMPTY);
	if (bytes.n > MEDIA_MAX_BYTES)
		return err_limit("file", SAY_LARGE);
	TRY(picture_check_about(about));
	TRY(check_most(c, owner));
	job.media = (struct media){ .id = { snowflake_next(c->ids) },
		                    .owner = owner,
		                    .about = about,
		                    .created_at_ms = now_ms };
	crypto_generichash(job.media.content, sizeof job.media.content,
	                   (const unsigned char *)bytes.p, bytes.n, NULL, 0);
	TRY(picture_files_hold(c->album->files, owner, job.media.content));
	e = develop(c, bytes, &job);
	picture_files_release(c->album->files, owner, job.media.content);
	if (failed(e))
		erase(c, job.media.content); /* what was written has no row */
	else
		*out = job.media;
out:
	return e;
}

/* ---- one's own ---- */

err picture_find(struct circle *c, person_id owner, media_id id, struct arena *mem,
                 struct media *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(pictures_find(conn, owner, id, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct own_job {
	struct circle *c;
	struct arena *mem;
	person_id owner;
	media_id id;
	str about;
	enum media_use use;
	struct media media;
	struct person person;
	struct screening screening; /* of what shall be worn */
	struct picture_change change;
};

/* Active, and the picture is theirs and lies about. */
static err find_unused(struct conn *tx, struct own_job *job)
{
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->owner));
	TRY(pictures_find(tx, job->owner, job->id, job->mem, &job->media));
	if (job->media.use != MEDIA_UNUSED)
		e = err_conflict("id", SAY_IN_USE);
out:
	return e;
}

static err about_work(struct conn *tx, void *ctx)
{
	struct own_job *job = ctx;
	err e;
	TRY(find_unused(tx, job));
	TRY(pictures_set_about(tx, job->owner, job->id, job->about));
	job->media.about = job->about;
out:
	return e;
}

err picture_set_about(struct circle *c, person_id owner, media_id id, str about, struct arena *mem,
                      struct media *out)
{
	struct own_job job = { .c = c, .mem = mem, .owner = owner, .id = id, .about = about };
	err e;
	TRY(picture_check_about(about));
	TRY(verb_write(c, about_work, NULL, &job));
	*out = job.media;
out:
	return e;
}

static err drop_work(struct conn *tx, void *ctx)
{
	struct own_job *job = ctx;
	err e;
	TRY(find_unused(tx, job));
	TRY(pictures_delete(tx, job->owner, job->id));
	job->change = (struct picture_change){ .gone = &job->media, .n_gone = 1 };
out:
	return e;
}

static void own_after(void *ctx)
{
	const struct own_job *job = ctx;
	picture_after(job->c, &job->change);
}

err picture_drop(struct circle *c, person_id owner, media_id id)
{
	struct arena *mem = arena_new(4096);
	struct own_job job = { .c = c, .mem = mem, .owner = owner, .id = id };
	err e = verb_write(c, drop_work, own_after, &job);
	arena_free(mem);
	return e;
}

/* ---- worn ---- */

static const char *field_of(enum media_use use)
{
	return use == MEDIA_AVATAR ? "kith_avatar_id" : "kith_cover_id";
}

/* It stands beside all they write, so it is judged as a profile's words are: what would be held is refused. */
static err judge_worn(struct own_job *job, int64_t now_ms)
{
	struct facts facts = { .kind = FACTS_PROFILE,
		               .author = (uint64_t)job->owner.v,
		               .at_ms = now_ms };
	struct media *media;
	struct post shown = { .n_media = 0 };
	err e;
	TRY(picture_intended(job->c, job->owner, &job->id, job->id.v != 0, job->mem, &media,
	                     &shown.n_media));
	shown.media = media;
	wording_tell(&facts, &shown, job->mem);
	TRY(hold_refuse(job->c, &facts, field_of(job->use), job->mem, &job->screening));
out:
	return e;
}

static err take_on(struct conn *tx, struct own_job *job)
{
	err e = find_unused(tx, job);
	if (e.code == ERR_MISSING || e.code == ERR_CONFLICT)
		return err_input(field_of(job->use), "This is not an unused picture of yours.");
	TRY(e);
	TRY(pictures_use_for(tx, job->owner, job->id, job->use, (post_id){ 0 }, 0));
	job->change.now = &job->media;
	job->change.n_now = 1;
out:
	return e;
}

static err take_off(struct conn *tx, struct own_job *job, media_id old)
{
	struct media *gone = ARENA_NEW(job->mem, struct media);
	err e = pictures_find(tx, job->owner, old, job->mem, gone);
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	TRY(pictures_delete(tx, job->owner, old));
	job->change.gone = gone;
	job->change.n_gone = 1;
out:
	return e;
}

static err wear_work(struct conn *tx, void *ctx)
{
	struct own_job *job = ctx;
	struct person *p = &job->person;
	media_id *worn = job->use == MEDIA_AVATAR ? &p->avatar : &p->cover;
	err e;
	TRY(people_find(tx, job->owner, job->mem, p));
	if (p->status != PERSON_ACTIVE)
		return err_denied("only active people change their profile");
	if (worn->v == job->id.v)
		return OK;
	if (job->id.v)
		TRY(take_on(tx, job));
	if (worn->v)
		TRY(take_off(tx, job, *worn));
	*worn = job->id;
	TRY(people_update(tx, p));
	TRY(hold_write_words(job->c, tx, &job->screening, job->owner));
out:
	return e;
}

static void wear_after(void *ctx)
{
	struct own_job *job = ctx;
	world_set_person(job->c->world, &job->person, handle_key(job->mem, job->person.handle));
	hold_after(job->c, &job->screening);
	picture_after(job->c, &job->change);
}

err picture_wear(struct circle *c, person_id me, media_id id, enum media_use use, int64_t now_ms,
                 struct arena *mem, struct person *out)
{
	struct own_job job = { .c = c, .mem = mem, .owner = me, .id = id, .use = use };
	err e;
	TRY(judge_worn(&job, now_ms));
	TRY(verb_write(c, wear_work, wear_after, &job));
	*out = job.person;
out:
	return e;
}

/* ---- with posts ---- */

err picture_intended(struct circle *c, person_id author, const media_id *ids, size_t n,
                     struct arena *mem, struct media **out, size_t *n_out)
{
	struct conn *conn = NULL;
	err e = OK;
	*out = ARENA_ARRAY(mem, n, struct media);
	*n_out = 0;
	if (n == 0)
		return OK;
	TRY(store_read(c->store, &conn));
	for (size_t i = 0; i < n; i++) {
		e = pictures_find(conn, author, ids[i], mem, &(*out)[*n_out]);
		*n_out += !failed(e);
		if (failed(e) && e.code != ERR_MISSING)
			goto out;
	}
	e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

/* Index of the picture among these, or n. */
static size_t find_in(const struct media *media, size_t n, media_id id)
{
	size_t i = 0;
	while (i < n && media[i].id.v != id.v)
		i++;
	return i;
}

static err arrange_one(struct conn *tx, person_id author, post_id post, media_id id, int position,
                       struct arena *mem, struct media *out)
{
	err e = pictures_find(tx, author, id, mem, out);
	if (e.code == ERR_MISSING)
		return err_input("media_ids", "One of these is not a picture of yours.");
	TRY(e);
	if (out->use != MEDIA_UNUSED && !(out->use == MEDIA_POST && out->post.v == post.v))
		return err_input("media_ids", "One of these pictures is in use elsewhere.");
	out->use = MEDIA_POST;
	out->post = post;
	out->position = position;
	TRY(pictures_use_for(tx, author, id, MEDIA_POST, post, position));
out:
	return e;
}

err picture_arrange(struct conn *tx, person_id author, post_id post, const media_id *ids, size_t n,
                    struct arena *mem, struct picture_change *out)
{
	struct media *had;
	size_t n_had;
	err e;
	*out = (struct picture_change){ .now = ARENA_ARRAY(mem, n, struct media) };
	if (n > MEDIA_MAX)
		return err_limit("media_ids", "A moment has at most 9 pictures.");
	TRY(pictures_of_post(tx, author, post, mem, &had, &n_had));
	for (size_t i = 0; i < n; i++) {
		if (find_in(out->now, out->n_now, ids[i]) < out->n_now)
			return err_input("media_ids", "One of these pictures comes twice.");
		TRY(arrange_one(tx, author, post, ids[i], (int)i, mem, &out->now[i]));
		out->n_now++;
	}
	out->gone = had;
	for (size_t i = 0; i < n_had; i++) {
		if (find_in(out->now, n, had[i].id) < n)
			continue;
		TRY(pictures_delete(tx, author, had[i].id));
		out->gone[out->n_gone++] = had[i];
	}
out:
	return e;
}

bool picture_same(const struct media *a, size_t n_a, const struct media *b, size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++)
		if (a[i].id.v != b[i].id.v || !str_eq(a[i].about, b[i].about))
			return false;
	return n_a == n_b;
}

err picture_leave(struct conn *tx, person_id author, post_id post, struct arena *mem,
                  struct picture_change *out)
{
	return picture_arrange(tx, author, post, NULL, 0, mem, out);
}

void picture_after(struct circle *c, const struct picture_change *change)
{
	for (size_t i = 0; i < change->n_now; i++)
		album_forget(c->album, change->now[i].id);
	for (size_t i = 0; i < change->n_gone; i++)
		album_forget(c->album, change->gone[i].id);
	for (size_t i = 0; i < change->n_gone; i++)
		erase(c, change->gone[i].content);
}

/* ---- what is left over ---- */

struct expire_job {
	struct circle *c;
	struct arena *mem;
	int64_t before_ms;
	struct picture_change change;
};

static err expire_work(struct conn *tx, void *ctx)
{
	struct expire_job *job = ctx;
	struct picture_change *change = &job->change;
	err e;
	TRY(pictures_expired(tx, job->before_ms, SWEEP_BATCH, job->mem, &change->gone,
	                     &change->n_gone));
	for (size_t i = 0; i < change->n_gone; i++)
		TRY(pictures_delete(tx, change->gone[i].owner, change->gone[i].id));
out:
	return e;
}

static void expire_after(void *ctx)
{
	const struct expire_job *job = ctx;
	picture_after(job->c, &job->change);
}

err picture_sweep(struct circle *c, int64_t now_ms)
{
	struct expire_job job = { .c = c,
		                  .mem = arena_new(64 * 1024),
		                  .before_ms = now_ms - MEDIA_UNUSED_MS };
	struct album *album = c->album;
	int gone = 0;
	err e;
	do {
		TRY(verb_write(c, expire_work, expire_after, &job));
	} while (job.change.n_gone == SWEEP_BATCH);
	if (picture_files_missed(album->files) || album->swept_at_ms == 0 ||
	    now_ms - album->swept_at_ms >= SWEEP_MS) {
		album->swept_at_ms = now_ms;
		TRY(picture_files_sweep(album->files, album_named, c, &gone));
	}
	if (gone > 0)
		log_event(c->log, LOG_INFO, "picture.swept", LOG_I64("files", gone));
out:
	arena_free(job.mem);
	return e;
}
