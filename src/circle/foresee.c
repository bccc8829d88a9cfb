/* One walk collects what comes out otherwise, by piece and whose it is; the last judgement of a piece counts. The result is a value that
 * is replaced whole: who reads it holds the lock for the copying of their own few rows. */
#include "circle/foresee.h"

#include "circle/enact.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/turndown.h"
#include "integrity/policy/policy_compare.h"
#include "store/measures.h"
#include "store/policies.h"
#include "store/screenings.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AGAIN_MS (INT64_C(10) * 60 * 1000) /* not sooner, however much is written */
#define STALE_MS DAY_MS                    /* then also without anything new */

/* One sentence a rule, however many pieces it is said of. */
struct said {
	str rule, en, zh;
};

struct ahead {
	struct status_ref piece;
	person_id author;
	int64_t at_ms;
	enum action was, will;
	const struct said *said; /* NULL: nothing would be done */
};

struct counted {
	int64_t author;
	size_t pieces;
};

struct result {
	struct arena *mem;
	str hash;
	int64_t as_of_seq, as_of_ms, made_mono_ms;
	struct ahead *all; /* by author, then as judged */
	size_t n, cap;
	struct counted *writers; /* by author */
	size_t n_writers, writers_cap;
	const struct said *said[POLICY_RULES_MAX];
	size_t n_said;
};

struct foresee {
	struct circle *c;
	pthread_mutex_t lock; /* of the next four */
	struct result *result;
	str wanted; /* the version the thread reckons, in `wanted_mem` */
	struct arena *wanted_mem;
	bool running;
	pthread_mutex_t joining;
	pthread_t thread;
	bool has_thread;
	atomic_bool stops;
};

static void result_free(struct result *r)
{
	if (r)
		arena_free(r->mem);
}

/* ---- the walk ---- */

static enum action done(enum action action, double copy_depth)
{
	/* As circle/hold.c has it: what is no copy of somebody else's is labelled at most. */
	return action == ACTION_FOLD && !(copy_depth >= 1) ? ACTION_LABEL : action;
}

static const struct said *said_of(struct result *r, const struct verdict *v)
{
	const struct reason *first = v->reason_count > 0 ? &v->reasons[0] : NULL;
	if (!first || v->allowed == ACTION_ALLOW)
		return NULL;
	for (size_t i = 0; i < r->n_said; i++)
		if (str_eq(r->said[i]->rule, first->rule))
			return r->said[i];
	if (r->n_said == POLICY_RULES_MAX)
		return NULL;
	struct said *said = ARENA_NEW(r->mem, struct said);
	*said = (struct said){ str_dup(r->mem, first->rule), str_dup(r->mem, first->en),
		               str_dup(r->mem, first->zh) };
	return r->said[r->n_said++] = said;
}

static void count_writer(struct result *r, int64_t author)
{
	if (r->n_writers == r->writers_cap) {
		size_t cap = r->writers_cap ? 2 * r->writers_cap : 256;
		r->writers = arena_grow(r->mem, r->writers, r->writers_cap * sizeof *r->writers,
		                        cap * sizeof *r->writers);
		r->writers_cap = cap;
	}
	r->writers[r->n_writers++] = (struct counted){ author, 1 };
}

struct walk {
	struct result *result;
	int64_t since_ms;
	bool (*goes_on)(void *ctx);
	void *ctx;
};

static bool walk_goes_on(void *ctx)
{
	const struct walk *w = ctx;
	return !w->goes_on || w->goes_on(w->ctx);
}

static void take_piece(void *ctx, const struct rehearsed *piece)
{
	struct walk *w = ctx;
	struct result *r = w->result;
	const struct screened *was = piece->was;
	if (was->observation.at_ms < w->since_ms)
		return;
	if (was->revision == 0)
		count_writer(r, was->author.v);
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 256;
		r->all = arena_grow(r->mem, r->all, r->cap * sizeof *r->all, cap * sizeof *r->all);
		r->cap = cap;
	}
	struct ahead ahead = {
		.piece = was->piece,
		.author = was->author,
		.at_ms = was->observation.at_ms,
		.was = done(was->action, was->recollection.copy_depth),
		.will = done(piece->is->allowed, piece->is->recollection.copy_depth),
	};
	/* An earlier judgement of the same piece is to be known, to be forgotten. */
	if (ahead.was == ahead.will && was->revision == 0)
		return;
	ahead.said = said_of(r, piece->is);
	r->all[r->n++] = ahead;
}

static int by_author(const void *a, const void *b)
{
	const struct ahead *x = a, *y = b;
	if (x->author.v != y->author.v)
		return x->author.v < y->author.v ? -1 : 1;
	if (x->piece.post.v != y->piece.post.v)
		return x->piece.post.v < y->piece.post.v ? -1 : 1;
	if (x->piece.comment.v != y->piece.comment.v)
		return x->piece.comment.v < y->piece.comment.v ? -1 : 1;
	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static bool same_piece(const struct ahead *x, const struct ahead *y)
{
	return x->piece.post.v == y->piece.post.v && x->piece.comment.v == y->piece.comment.v;
}

static int by_writer(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;
	return (x->author > y->author) - (x->author < y->author);
}

/* Of each piece its last judgement, where that comes out otherwise. */
static void settle(struct result *r)
{
	size_t kept = 0, writers = 0;
	if (r->n > 0)
		qsort(r->all, r->n, sizeof *r->all, by_author);
	for (size_t i = 0; i < r->n; i++) {
		bool last = i + 1 == r->n || !same_piece(&r->all[i], &r->all[i + 1]);
		if (last && r->all[i].was != r->all[i].will)
			r->all[kept++] = r->all[i];
	}
	r->n = kept;
	if (r->n_writers > 0)
		qsort(r->writers, r->n_writers, sizeof *r->writers, by_writer);
	for (size_t i = 0; i < r->n_writers; i++) {
		if (writers > 0 && r->writers[writers - 1].author == r->writers[i].author)
			r->writers[writers - 1].pieces++;
		else
			r->writers[writers++] = r->writers[i];
	}
	r->n_writers = writers;
}

/* How many of the newest pieces are to be judged. */
static err bounds(struct circle *c, int64_t since_ms, int64_t *last, int64_t *highest)
{
	struct conn *conn = NULL;
	int64_t first;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(screenings_first_since(conn, since_ms - 1, &first));
	TRY(screenings_last_seq(conn, highest));
	*last = first > 0 ? *highest - first + 1 : 0;
	if (*last > FORESEE_PIECES_MAX)
		*last = FORESEE_PIECES_MAX;
out:
	store_read_end(c->store, &conn);
	return e;
}

static void keep_result(struct foresee *f, struct result *result)
{
	pthread_mutex_lock(&f->lock);
	struct result *old = f->result;
	f->result = result;
	pthread_mutex_unlock(&f->lock);
	result_free(old);
}

err foresee_make(struct circle *c, const struct engine *engine, int64_t now_ms,
                 bool (*goes_on)(void *ctx), void *ctx, struct arena *mem, struct rehearsal *out)
{
	struct arena *own = arena_new((size_t)1 << 16);
	struct result *r = ARENA_NEW(own, struct result);
	struct walk walk = { r, now_ms - FORESEE_DAYS * DAY_MS, goes_on, ctx };
	struct rehearse_ask ask = {
		.engine = engine, .each = take_piece, .goes_on = walk_goes_on, .ctx = &walk
	};
	err e;
	*r = (struct result){ .mem = own,
		              .hash = str_dup(own, policy_hash(engine_policy(engine))) };
	TRY(bounds(c, walk.since_ms, &ask.last, &r->as_of_seq));
	TRY(enact_down_under(c, engine_policy(engine), mem, &ask.down, &ask.n_down));
	TRY(rehearse(c, &ask, mem, out));
	settle(r);
	r->as_of_ms = now_ms;
	r->made_mono_ms = clock_mono(c->clock);
	if (c->foresee) {
		keep_result(c->foresee, r);
		own = NULL;
	}
out:
	arena_free(own);
	return e;
}

/* ---- in the background ---- */

static bool not_stopped(void *ctx)
{
	struct foresee *f = ctx;
	return !atomic_load(&f->stops);
}

static err make_again(struct foresee *f, struct arena *mem)
{
	struct policy_fault fault = { .line = 0 };
	struct engine *engine = NULL;
	struct rehearsal rehearsal;
	str hash;
	err e;
	pthread_mutex_lock(&f->lock);
	hash = str_dup(mem, f->wanted);
	pthread_mutex_unlock(&f->lock);
	TRY(enact_engine(f->c, hash, mem, &engine, &fault));
	TRY(foresee_make(f->c, engine, order_now(f->c, clock_now(f->c->clock)), not_stopped, f, mem,
	                 &rehearsal));
out:
	engine_close(engine);
	if (atomic_load(&f->stops))
		e = OK;
	/* Its `why` may lie in the arena. */
	log_if_failed(f->c->log, "foresight.failed", e);
	return failed(e) ? err_system("no foresight") : OK;
}

static void *make_thread(void *ctx)
{
	struct foresee *f = ctx;
	struct arena *mem = arena_new((size_t)1 << 20);
	err e = make_again(f, mem);
	(void)e; /* it was logged; who asks again starts it again */
	arena_free(mem);
	pthread_mutex_lock(&f->lock);
	f->running = false;
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static void join(struct foresee *f)
{
	if (f->has_thread)
		pthread_join(f->thread, NULL);
	f->has_thread = false;
}

/* One at a time; while one runs nothing is begun. */
static err start(struct foresee *f, str hash)
{
	bool begin;
	err e = OK;
	pthread_mutex_lock(&f->joining);
	pthread_mutex_lock(&f->lock);
	begin = !f->running && !atomic_load(&f->stops);
	if (begin) {
		f->running = true;
		arena_reset(f->wanted_mem);
		f->wanted = str_dup(f->wanted_mem, hash);
	}
	pthread_mutex_unlock(&f->lock);
	if (begin) {
		join(f);
		f->has_thread = pthread_create(&f->thread, NULL, make_thread, f) == 0;
		if (!f->has_thread) {
			pthread_mutex_lock(&f->lock);
			f->running = false;
			pthread_mutex_unlock(&f->lock);
			e = err_system("no thread for the foresight");
		} else {
			pthread_setname_np(f->thread, "kith-foresight");
		}
	}
	pthread_mutex_unlock(&f->joining);
	return e;
}

err foresee_open(struct circle *c)
{
	struct foresee *f = calloc(1, sizeof *f);
	if (!f)
		return err_system("no memory for the foresight");
	f->c = c;
	f->wanted_mem = arena_new(256);
	pthread_mutex_init(&f->lock, NULL);
	pthread_mutex_init(&f->joining, NULL);
	c->foresee = f;
	return OK;
}

void foresee_wait(struct circle *c)
{
	struct foresee *f = c->foresee;
	if (!f)
		return;
	pthread_mutex_lock(&f->joining);
	join(f);
	pthread_mutex_unlock(&f->joining);
}

void foresee_stop(struct circle *c)
{
	if (c->foresee)
		atomic_store(&c->foresee->stops, true);
	foresee_wait(c);
}

void foresee_close(struct circle *c)
{
	struct foresee *f = c->foresee;
	if (!f)
		return;
	result_free(f->result);
	arena_free(f->wanted_mem);
	pthread_mutex_destroy(&f->lock);
	pthread_mutex_destroy(&f->joining);
	free(f);
	c->foresee = NULL;
}

/* ---- mine ---- */

static size_t first_of(const struct result *r, person_id me)
{
	size_t from = 0, to = r->n;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (r->all[mid].author.v < me.v)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* What there is of mine, newest first, out of the shared result. False: there is none under this hash. */
static bool copy_mine(struct foresee *f, str hash, person_id me, struct arena *mem,
                      struct foreseen_mine *out, int64_t *as_of_seq, int64_t *made_mono_ms)
{
	pthread_mutex_lock(&f->lock);
	const struct result *r = f->result;
	bool there = r && str_eq(r->hash, hash);
	if (there) {
		const struct counted key = { .author = me.v };
		const struct counted *mine = r->n_writers ? bsearch(&key, r->writers, r->n_writers,
		                                                    sizeof key, by_writer)
		                                          : NULL;
		size_t from = first_of(r, me), to = from;
		while (to < r->n && r->all[to].author.v == me.v)
			to++;
		size_t n = to - from < FORESEE_SHOWN_MAX ? to - from : FORESEE_SHOWN_MAX;
		struct foreseen *list = ARENA_ARRAY(mem, n, struct foreseen);
		for (size_t i = 0; i < n; i++) {
			const struct ahead *a = &r->all[to - 1 - i];
			list[i] = (struct foreseen){
				.piece = a->piece, .at_ms = a->at_ms, .was = a->was, .will = a->will
			};
			if (a->said) {
				list[i].rule = str_dup(mem, a->said->rule);
				list[i].en = str_dup(mem, a->said->en);
				list[i].zh = str_dup(mem, a->said->zh);
			}
		}
		*out = (struct foreseen_mine){ mine ? mine->pieces : 0, list, n, r->as_of_ms };
		*as_of_seq = r->as_of_seq;
		*made_mono_ms = r->made_mono_ms;
	}
	pthread_mutex_unlock(&f->lock);
	return there;
}

static enum action action_of(enum measure_kind kind)
{
	return kind == MEASURE_HOLD    ? ACTION_HOLD
	       : kind == MEASURE_FOLD  ? ACTION_FOLD
	       : kind == MEASURE_LABEL ? ACTION_LABEL
	                               : ACTION_ALLOW;
}

/* The words as they were judged, and what was done then: a rule that was down did less than the engine said. False: it is gone. */
static err read_piece(struct conn *conn, struct foreseen *piece, struct arena *mem, bool *there)
{
	struct screened latest;
	struct measure measure;
	err e = screenings_find(conn, &piece->piece, mem, &latest);
	*there = false;
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	TRY(remember_text(conn, &latest, mem, &piece->text));
	e = measures_made_at(conn, &piece->piece, piece->at_ms, mem, &measure);
	if (!failed(e))
		piece->was = action_of(measure.kind);
	else if (e.code == ERR_MISSING)
		e = OK;
	*there = piece->text.n > 0 && piece->was != piece->will &&
	         latest.observation.at_ms == piece->at_ms;
out:
	return e;
}

static err fill(struct circle *c, struct arena *mem, struct foreseen_mine *mine)
{
	struct foreseen *list = (struct foreseen *)(uintptr_t)mine->changed;
	struct conn *conn = NULL;
	size_t kept = 0;
	bool there;
	err e;
	TRY(store_read(c->store, &conn));
	for (size_t i = 0; i < mine->n; i++) {
		TRY(read_piece(conn, &list[i], mem, &there));
		if (there)
			list[kept++] = list[i];
	}
	mine->n = kept;
out:
	store_read_end(c->store, &conn);
	return e;
}

static err check_announced(struct circle *c, str hash, struct arena *mem, int64_t *last_seq)
{
	struct stored_policy policy;
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(policies_announced(conn, mem, &policy));
	if (!str_eq(policy.hash, hash))
		TRY(err_missing("not the announced version"));
	TRY(screenings_last_seq(conn, last_seq));
out:
	store_read_end(c->store, &conn);
	return e;
}

err foresee_mine(struct circle *c, str hash, person_id me, int64_t now_ms, struct arena *mem,
                 struct foreseen_mine *out)
{
	struct foresee *f = c->foresee;
	int64_t last_seq, as_of_seq, made_mono_ms, age_ms;
	err e;
	memset(out, 0, sizeof *out);
	if (!f || !c->memory)
		return err_missing("nothing is screened here");
	now_ms = order_now(c, now_ms);
	TRY(check_announced(c, hash, mem, &last_seq));
	if (!copy_mine(f, hash, me, mem, out, &as_of_seq, &made_mono_ms)) {
		TRY(start(f, hash));
		return err_busy("it is being reckoned");
	}
	age_ms = clock_mono(c->clock) - made_mono_ms;
	if ((last_seq > as_of_seq && age_ms >= AGAIN_MS) || now_ms - out->as_of_ms >= STALE_MS)
		TRY(start(f, hash));
	TRY(fill(c, mem, out));
out:
	return e;
}
