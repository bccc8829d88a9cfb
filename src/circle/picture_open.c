/* The one way to a picture's bytes. Where the picture belongs may be remembered; whether it may be seen is asked anew at every fetch, of
 * the world at one instant. */
#include "circle/picture_private.h"

#include "circle/disclose.h"
#include "circle/read_private.h"
#include "circle/verb.h"

#include "store/cases.h"
#include "store/measures.h"
#include "store/pictures.h"
#include "store/posts.h"

#include "base/leak.h"

#include <stdlib.h>

/* Rows that change faster than they are read: then a reading from within this request is good enough. */
#define FRESH_TRIES 4
#define MEASURES_MAX 100 /* in force on one post at once */
#define CASES_MAX 20     /* in which one post waits */

/* ---- what is remembered of rows ---- */

err album_open(const char *folder, struct album **out)
{
	struct album *album = calloc(1, sizeof *album);
	err e;
	if (!album)
		return err_system("no memory for pictures");
	TRY(picture_files_open(folder, PICTURES_RESERVE_BYTES, &album->files));
	pthread_mutex_init(&album->lock, NULL);
	*out = album;
	album = NULL;
out:
	free(album);
	return e;
}

void album_close(struct album **album)
{
	if (!*album)
		return;
	picture_files_close(&(*album)->files);
	pthread_mutex_destroy(&(*album)->lock);
	free(*album);
	*album = NULL;
}

/* Newer ones push older ones out. */
static struct media *hint_of(struct album *album, media_id id)
{
	return &album->hints[((uint64_t)id.v * UINT64_C(0x9E3779B97F4A7C15) >> 32) % HINTS];
}

uint64_t album_changes(struct album *album)
{
	pthread_mutex_lock(&album->lock);
	uint64_t changes = album->changes;
	pthread_mutex_unlock(&album->lock);
	return changes;
}

bool album_find(struct album *album, media_id id, struct media *out)
{
	pthread_mutex_lock(&album->lock);
	const struct media *hint = hint_of(album, id);
	bool found = hint->id.v == id.v && id.v != 0;
	if (found)
		*out = *hint;
	pthread_mutex_unlock(&album->lock);
	return found;
}

void album_offer(struct album *album, const struct media *media, uint64_t changes)
{
	struct media hint = *media;
	hint.blurhash = hint.about = hint.qr = STR_NONE; /* the reader's own memory */
	pthread_mutex_lock(&album->lock);
	if (album->changes == changes)
		*hint_of(album, hint.id) = hint;
	pthread_mutex_unlock(&album->lock);
}

void album_forget(struct album *album, media_id id)
{
	pthread_mutex_lock(&album->lock);
	struct media *hint = hint_of(album, id);
	if (hint->id.v == id.v && !LEAK("picture.deleted_post"))
		*hint = (struct media){ .id = { 0 } };
	album->changes++;
	pthread_mutex_unlock(&album->lock);
}

/* ---- the door ---- */

struct opening {
	media_id id;
	struct media media;
	bool known;       /* `media` was read, when `changes` stood so */
	bool gone;        /* and there is none */
	uint64_t changes; /* of the album */
	bool has_gate;    /* `gate` was read, when `retractions` stood so */
	struct post_gate gate;
	uint64_t retractions; /* of the world */
	bool wants_gate;      /* of what is to be read next; else the row */
	bool may, review;
	bool steward; /* and not its author: what waits in a case may be looked at */
};

/* A row read from the store while nothing changed it, or read often enough: then the last one is good. */
static bool knows_row(struct view *view, struct opening *o)
{
	struct album *album = view->c->album;
	if (album_find(album, o->id, &o->media)) {
		o->gone = false;
		return true;
	}
	uint64_t changes = album_changes(album);
	if (o->known && (o->changes == changes || view->tries++ > FRESH_TRIES))
		return true;
	o->changes = changes;
	o->wants_gate = false;
	view->more_wanted = true;
	return false;
}

/* False: asked for. */
static bool knows_gate(struct view *view, struct opening *o, const struct post_gate **gate)
{
	*gate = world_gate(view->c->world, o->media.owner, o->media.post);
	if (*gate != NULL)
		return true;
	if (o->has_gate && view_trusts(view, o->retractions)) {
		*gate = o->gate.deleted ? NULL : &o->gate;
		return true;
	}
	view->tries += o->has_gate;
	o->retractions = world_retractions(view->c->world);
	o->wants_gate = true;
	view->more_wanted = true;
	return false;
}

static void look(struct view *view, void *ctx)
{
	struct opening *o = ctx;
	const struct post_gate *gate = NULL;
	const struct see_source *see = &view->see;
	struct see_person who = see->person(see->ctx, view->v);
	o->may = o->review = false;
	o->steward = who.active && who.role != ROLE_MEMBER;
	if (!knows_row(view, o) || o->gone)
		return;
	if (o->media.use == MEDIA_POST && !knows_gate(view, o, &gate))
		return;
	o->may = see_picture(see, view->v, &o->media, gate, view->now_ms) ||
	         LEAK("picture.unchecked") ||
	         (LEAK("picture.deleted_post") && o->media.use == MEDIA_POST && gate == NULL);
	o->review = !o->may && gate != NULL && gate->id.v == o->media.post.v && !gate->deleted &&
	            see_review(see, view->v, gate->author, gate->author, gate->held_until_ms,
	                       view->now_ms);
}

static err read_row(struct view *view, struct conn *conn, struct opening *o)
{
	person_id owner;
	err e;
	TRY(pictures_owner(conn, o->id, &owner));
	TRY(pictures_find(conn, owner, o->id, view->mem, &o->media));
	album_offer(view->c->album, &o->media, o->changes);
out:
	o->known = true;
	o->gone = e.code == ERR_MISSING;
	return o->gone ? OK : e;
}

static err more(struct view *view, struct conn *conn, void *ctx)
{
	struct opening *o = ctx;
	if (!o->wants_gate)
		return read_row(view, conn, o);
	err e = posts_gate(conn, o->media.owner, o->media.post, view->mem, &o->gate);
	o->has_gate = true;
	if (e.code != ERR_MISSING)
		return e;
	o->gate.deleted = true;
	return OK;
}

/* ---- a steward's look ---- */

struct look_job {
	struct circle *c;
	person_id steward;
	const struct media *media;
	int64_t now_ms, seen_ms; /* as the wall has it, and as deadlines are asked against */
	struct arena *mem;
};

/* The case in which the post waits, if this steward is no party to it: 0 when there is none. */
static err find_case(struct conn *conn, const struct look_job *job, case_id *out)
{
	static const struct media none;
	const struct look_job nothing = { job->c,      job->steward, &none,
		                          job->now_ms, job->seen_ms, job->mem };
	case_id *in;
	bool party = true;
	size_t n;
	err e;
	*out = (case_id){ 0 };
	if (job->media->use != MEDIA_POST || job->media->owner.v == job->steward.v)
		job = &nothing; /* asked all the same, so that it takes as long */
	TRY(cases_waiting_on(conn, job->media->owner, job->media->post, CASES_MAX, job->mem, &in,
	                     &n));
	for (size_t i = 0; i < n && out->v == 0; i++) {
		TRY(cases_is_party(conn, in[i], job->steward, &party));
		if (!party)
			*out = in[i];
	}
out:
	return e;
}

static err waits(struct circle *c, const struct look_job *job, bool *out)
{
	struct conn *conn = NULL;
	case_id in;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(find_case(conn, job, &in));
	*out = in.v != 0;
out:
	store_read_end(c->store, &conn);
	return e;
}

/* The case that the hold waits in is none of theirs who are a party to it. */
static err check_party(struct conn *tx, const struct look_job *job, measure_id hold)
{
	bool party = false;
	case_id in;
	err e = cases_of_item(tx, ITEM_MEASURE, hold.v, &in);
	if (!failed(e))
		e = cases_is_party(tx, in, job->steward, &party);
	if (party)
		return err_missing("a party to the case");
	return e.code == ERR_MISSING ? OK : e;
}

/* Into the record first; nothing to review, nothing to see. */
static err look_work(struct conn *tx, void *ctx)
{
	const struct look_job *job = ctx;
	const struct status_ref post = { job->media->owner, job->media->post, { 0 } };
	struct post_gate gate;
	struct measure *open;
	size_t n, i = 0;
	case_id in = { 0 };
	err e;
	TRY(posts_gate(tx, post.post_author, post.post, job->mem, &gate));
	TRY(measures_open_of(tx, post.post_author, &post, MEASURES_MAX, job->mem, &open, &n));
	while (i < n && !(open[i].kind == MEASURE_HOLD && open[i].version.v == 0 &&
	                  measure_state_at(&open[i], job->seen_ms) == MEASURE_ACTIVE))
		i++;
	if (i < n)
		TRY(check_party(tx, job, open[i].id));
	else
		TRY(find_case(tx, job, &in));
	if (gate.deleted || (i == n && in.v == 0))
		return err_missing("nothing to review");
	TRY(disclose_look(job->c, tx,
	                  &(struct access){ job->steward, i < n ? open[i].id.v : in.v,
	                                    ACCESS_STEWARD, job->seen_ms }));
out:
	return e;
}

/* A picture whose row lies in memory is denied as late as one that is not there (bench/timing). */
static void read_in_vain(struct view *view)
{
	struct conn *conn = NULL;
	person_id owner;
	if (!failed(store_read(view->c->store, &conn)))
		(void)failed(pictures_owner(conn, (media_id){ 0 }, &owner));
	store_read_end(view->c->store, &conn);
}

err picture_open(struct circle *c, person_id v, media_id id, enum media_size size,
                 enum media_format format, int64_t now_ms, int *fd, size_t *bytes)
{
	struct arena *mem = arena_new(4096);
	struct view view = view_of(c, v, now_ms, mem);
	struct opening o = { .id = id };
	struct look_job looks = { c, v, &o.media, now_ms, view.now_ms, mem };
	err e;
	view.more = more;
	TRY(view_run(&view, look, &o));
	if (!o.may && !o.review && !o.known)
		read_in_vain(&view);
	if (!o.may && !o.review && o.steward)
		TRY(waits(c, &looks, &o.review));
	if (!o.may && !o.review)
		TRY(err_missing("no such picture for this viewer"));
	if (o.review)
		TRY(verb_write(c, look_work, NULL, &looks));
	TRY(picture_files_read(c->album->files, o.media.content, size, format, fd, bytes));
out:
	arena_free(mem);
	return e;
}
