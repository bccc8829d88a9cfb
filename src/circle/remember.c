/* The lock is read while a text is judged, some microseconds, and written for one observation. A rebuild reads the store without
 * it and takes it only for the last page: what was committed meanwhile is in that page, and the `after` of such a piece finds
 * its number passed. */
#include "circle/remember.h"

#include "circle/wording.h"

#include "integrity/behaviour/past.h"
#include "integrity/policy/policy.h"
#include "store/comments.h"
#include "store/posts.h"
#include "store/screenings.h"
#include "store/versions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 2000
#define COPIES_MS (INT64_C(7) * 86400000) /* how long near-copies are compared: as past.h has it */

struct memory {
	const struct circle *circle;
	pthread_rwlock_t lock;
	struct engine *engine;   /* under the lock; replaced by remember_swap alone */
	uint64_t engines;        /* under the lock: how many were replaced */
	struct past *past;       /* under the lock; NULL while it is being made */
	int64_t last_seq;        /* the writer's thread alone */
	pthread_mutex_t joining; /* of these two */
	pthread_t thread;
	bool has_thread;
	atomic_bool stops;
};

struct past *remember_past(const struct engine *engine)
{
	return engine_past(engine, (struct past_limits){ .copies_ms = COPIES_MS });
}

int64_t remember_span_ms(const struct engine *engine)
{
	size_t n;
	const struct window_spec *windows = policy_windows(engine_policy(engine), &n);
	int64_t span = COPIES_MS;
	for (size_t i = 0; i < n; i++)
		span = windows[i].window_ms > span ? windows[i].window_ms : span;
	return span;
}

/* A changed piece as it was when it was judged; `post` NULL for a comment. */
static err words_then(struct conn *conn, const struct screened *s, struct arena *mem, str *text,
                      struct post *post)
{
	struct version v;
	err e = versions_at(conn, &s->piece, s->observation.at_ms, false, mem, &v);
	if (failed(e))
		return e.code == ERR_MISSING ? OK : e;
	*text = v.text;
	if (post != NULL) {
		post->place = v.place;
		post->card = v.card;
	}
	return OK;
}

err remember_text(struct conn *conn, const struct screened *s, struct arena *mem, str *text)
{
	struct comment comment;
	struct post post;
	err e = OK;
	*text = STR_NONE;
	if (s->kind == FACTS_POST) {
		TRY(posts_find(conn, s->piece.post_author, s->piece.post, mem, &post));
		if (post.edited_at_ms != 0 || post.pending.version.v != 0)
			TRY(words_then(conn, s, mem, &post.text, &post));
		*text = wording_of_post(&post, mem);
	} else if (s->kind == FACTS_COMMENT) {
		TRY(comments_find(conn, s->piece.post_author, s->piece.post, s->piece.comment, mem,
		                  &comment));
		if (comment.edited_at_ms != 0 || comment.pending.version.v != 0)
			TRY(words_then(conn, s, mem, &comment.text, NULL));
		*text = comment.text;
	}
out:
	return e.code == ERR_MISSING ? OK : e;
}

/* Which windows count a piece was written down for the windows of its policy: under another one it is judged again. */
err remember_fit(const struct engine *engine, struct conn *conn, struct screened *s,
                 struct arena *mem)
{
	struct verdict v;
	str text;
	err e = OK;
	if (str_eq(s->policy, policy_hash(engine_policy(engine))))
		return OK;
	s->observation.filters = 0;
	TRY(remember_text(conn, s, mem, &text));
	if (text.n == 0)
		return OK;
	struct facts facts = { .kind = s->kind,
		               .author = s->observation.author,
		               .at_ms = s->observation.at_ms,
		               .text = text,
		               .pictures = s->observation.pictures,
		               .n_pictures = s->observation.n_pictures,
		               .author_since_ms = s->author_since_ms,
		               .author_friends = s->author_friends };
	TRY(screen(engine, NULL, &facts, mem, &v));
	s->observation.filters = v.observation.filters;
out:
	return e;
}

/* Observes the pieces of the next PAGE numbers after `*seq`. */
static err observe_page(struct memory *m, const struct engine *engine, struct past *past,
                        struct arena *mem, int64_t *seq)
{
	struct conn *conn = NULL;
	struct screened *page;
	size_t n;
	err e;
	TRY(store_read(m->circle->store, &conn));
	TRY(screenings_after(conn, *seq, PAGE, mem, &page, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(remember_fit(engine, conn, &page[i], mem));
		past_observe(past, &page[i].observation);
	}
	*seq += PAGE;
out:
	store_read_end(m->circle->store, &conn);
	return e;
}

static err bounds(struct memory *m, int64_t since_ms, int64_t *first, int64_t *last)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(m->circle->store, &conn));
	TRY(screenings_first_since(conn, since_ms, first));
	TRY(screenings_last_seq(conn, last));
out:
	store_read_end(m->circle->store, &conn);
	return e;
}

static err observe_until(struct memory *m, const struct engine *engine, struct past *past,
                         int64_t *seq, int64_t last)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	err e = OK;
	while (*seq < last && !atomic_load(&m->stops)) {
		TRY(observe_page(m, engine, past, mem, seq));
		arena_reset(mem);
	}
out:
	arena_free(mem);
	return e;
}

/* The last pages under the lock, since every commit made before it was taken is in the store, and none after it has been
 * observed. What was in place before is given back. */
static err finish(struct memory *m, struct engine **engine, struct past **past, int64_t seq)
{
	int64_t first, last;
	err e;
	pthread_rwlock_wrlock(&m->lock);
	TRY(bounds(m, INT64_MAX, &first, &last));
	seq = past_seq(*past) > seq ? past_seq(*past) : seq;
	TRY(observe_until(m, *engine, *past, &seq, last));
	if (!atomic_load(&m->stops)) {
		struct past *old = m->past;
		m->past = *past;
		*past = old;
		if (*engine != m->engine) {
			struct engine *before = m->engine;
			m->engine = *engine;
			*engine = before;
			m->engines++;
		}
	}
out:
	pthread_rwlock_unlock(&m->lock);
	return e;
}

static err rebuild(struct memory *m, struct engine **engine)
{
	int64_t since_ms = clock_now(m->circle->clock) - remember_span_ms(*engine), first, last,
		seq;
	struct past *past = remember_past(*engine);
	err e = past ? OK : err_system("no memory for the past");
	TRY(e);
	TRY(bounds(m, since_ms, &first, &last));
	seq = first > 0 ? first - 1 : last;
	TRY(observe_until(m, *engine, past, &seq, last));
	TRY(finish(m, engine, &past, last));
out:
	past_free(past);
	return e;
}

static void *rebuild_thread(void *ctx)
{
	struct memory *m = ctx;
	int64_t began = clock_mono(m->circle->clock);
	struct engine *engine = m->engine; /* replaced by nobody while this thread runs */
	err e = rebuild(m, &engine);
	log_if_failed(m->circle->log, "past.failed", e);
	if (!failed(e) && !atomic_load(&m->stops))
		log_event(m->circle->log, LOG_INFO, "past.ready",
		          LOG_I64("ms", clock_mono(m->circle->clock) - began));
	return NULL;
}

static void lock_init(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attributes;
	pthread_rwlockattr_init(&attributes);
	/* The writer's thread answers everybody: it does not wait for a stream of readers. */
	pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
}

static void join(struct memory *m)
{
	if (m->has_thread)
		pthread_join(m->thread, NULL);
	m->has_thread = false;
}

static err start_rebuild(struct memory *m)
{
	if (pthread_create(&m->thread, NULL, rebuild_thread, m))
		return err_system("no thread for the past");
	m->has_thread = true;
	pthread_setname_np(m->thread, "kith-past");
	return OK;
}

err remember_open(struct circle *c, struct engine **engine)
{
	struct memory *m = calloc(1, sizeof *m);
	int64_t first;
	err e;
	if (!m)
		return err_system("no memory for the past");
	m->circle = c;
	m->engine = *engine;
	*engine = NULL;
	lock_init(&m->lock);
	pthread_mutex_init(&m->joining, NULL);
	c->memory = m;
	TRY(bounds(m, INT64_MAX, &first, &m->last_seq));
	TRY(start_rebuild(m));
out:
	return e; /* the circle closes what is open */
}

void remember_again(struct circle *c)
{
	struct memory *m = c->memory;
	if (!m)
		return;
	pthread_mutex_lock(&m->joining);
	join(m);
	pthread_rwlock_wrlock(&m->lock);
	struct past *old = m->past;
	m->past = NULL;
	pthread_rwlock_unlock(&m->lock);
	past_free(old);
	log_if_failed(c->log, "past.failed", start_rebuild(m));
	pthread_mutex_unlock(&m->joining);
}

void remember_wait(struct circle *c)
{
	struct memory *m = c->memory;
	if (!m)
		return;
	pthread_mutex_lock(&m->joining);
	join(m);
	pthread_mutex_unlock(&m->joining);
}

void remember_stop(struct circle *c)
{
	if (c->memory)
		atomic_store(&c->memory->stops, true);
	remember_wait(c);
}

void remember_close(struct circle *c)
{
	struct memory *m = c->memory;
	if (!m)
		return;
	past_free(m->past);
	engine_close(m->engine);
	pthread_rwlock_destroy(&m->lock);
	pthread_mutex_destroy(&m->joining);
	free(m);
	c->memory = NULL;
}

/* What the verdict borrows of the engine, which may be another one when the lock is given back. */
static void keep(struct verdict *v, struct arena *mem)
{
	struct reason *reasons = arena_copy(mem, v->reasons, v->reason_count * sizeof *reasons);
	for (size_t i = 0; i < v->reason_count; i++) {
		str *words[] = { &reasons[i].rule, &reasons[i].clause,  &reasons[i].en,
			         &reasons[i].zh,   &reasons[i].pass_en, &reasons[i].pass_zh };
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
			*words[k] = str_dup(mem, *words[k]);
	}
	v->reasons = reasons;
	v->policy_hash = str_dup(mem, v->policy_hash);
	v->model_hash = str_dup(mem, v->model_hash);
}

err remember_screen(const struct circle *c, const struct facts *facts, struct arena *mem,
                    struct verdict *verdict, int64_t *as_of_seq)
{
	struct memory *m = c->memory;
	pthread_rwlock_rdlock(&m->lock);
	*as_of_seq = m->past ? past_seq(m->past) : -1;
	err e = screen(m->engine, m->past, facts, mem, verdict);
	if (!failed(e))
		keep(verdict, mem);
	pthread_rwlock_unlock(&m->lock);
	return e;
}

err remember_write(struct circle *c, struct conn *tx, struct screened *screened)
{
	screened->observation.seq = ++c->memory->last_seq; /* undone with the piece: a gap */
	return screenings_insert(tx, screened);
}

void remember_after(struct circle *c, const struct screened *screened)
{
	struct memory *m = c->memory;
	if (!m || screened->observation.seq == 0)
		return;
	pthread_rwlock_wrlock(&m->lock);
	if (m->past && screened->observation.seq > past_seq(m->past))
		past_observe(m->past, &screened->observation);
	pthread_rwlock_unlock(&m->lock);
}

err remember_swap(struct circle *c, struct engine **engine, err (*record)(void *ctx), void *ctx)
{
	struct memory *m = c->memory;
	err e;
	pthread_mutex_lock(&m->joining);
	join(m);
	TRY(record(ctx));
	TRY(rebuild(m, engine)); /* *engine is the old one now, and the caller's */
out:
	pthread_mutex_unlock(&m->joining);
	return e;
}

size_t remember_bytes(const struct circle *c)
{
	struct memory *m = c->memory;
	if (!m)
		return 0;
	pthread_rwlock_rdlock(&m->lock);
	size_t bytes = m->past ? past_bytes(m->past) : 0;
	pthread_rwlock_unlock(&m->lock);
	return bytes;
}

str remember_policy(const struct circle *c, struct arena *mem)
{
	struct memory *m = c->memory;
	pthread_rwlock_rdlock(&m->lock);
	str hash = str_dup(mem, policy_hash(engine_policy(m->engine)));
	pthread_rwlock_unlock(&m->lock);
	return hash;
}

void remember_rules(const struct circle *c, struct arena *mem, str **out, size_t *n)
{
	struct memory *m = c->memory;
	size_t all;
	*n = 0;
	if (!m)
		return;
	pthread_rwlock_rdlock(&m->lock);
	const struct policy_rule *rules = policy_rules(engine_policy(m->engine), &all);
	*out = ARENA_ARRAY(mem, all, str);
	for (size_t i = 0; i < all; i++)
		if (rules[i].status == RULE_LIVE)
			(*out)[(*n)++] = str_dup(mem, rules[i].id);
	pthread_rwlock_unlock(&m->lock);
}

str remember_clause(const struct circle *c, str rule, struct arena *mem)
{
	struct memory *m = c->memory;
	str clause = STR_NONE;
	size_t all;
	if (!m)
		return clause;
	pthread_rwlock_rdlock(&m->lock);
	const struct policy_rule *rules = policy_rules(engine_policy(m->engine), &all);
	for (size_t i = 0; i < all; i++)
		if (str_eq(rules[i].id, rule))
			clause = str_dup(mem, rules[i].clause);
	pthread_rwlock_unlock(&m->lock);
	return clause;
}

bool remember_has_rule(const struct circle *c, str rule)
{
	struct arena *mem = arena_new(4096);
	str *rules;
	size_t n;
	bool has = false;
	remember_rules(c, mem, &rules, &n);
	for (size_t i = 0; i < n; i++)
		has |= str_eq(rules[i], rule);
	arena_free(mem);
	return has;
}

void remember_look(const struct circle *c, void (*look)(const struct policy *policy, void *ctx),
                   void *ctx)
{
	struct memory *m = c->memory;
	if (m == NULL)
		return;
	pthread_rwlock_rdlock(&m->lock);
	look(engine_policy(m->engine), ctx);
	pthread_rwlock_unlock(&m->lock);
}

err remember_aside(const struct circle *c, struct aside *aside, struct past_limits limits,
                   const struct facts *facts, struct arena *mem, struct verdict *verdict)
{
	struct memory *m = c->memory;
	err e = OK;
	pthread_rwlock_rdlock(&m->lock);
	if (!aside->past || aside->engine != m->engines) {
		past_free(aside->past);
		aside->past = engine_past(m->engine, limits);
		aside->engine = m->engines;
	}
	if (!aside->past)
		TRY(err_system("no memory for a past"));
	TRY(screen(m->engine, aside->past, facts, mem, verdict));
	keep(verdict, mem);
out:
	pthread_rwlock_unlock(&m->lock);
	return e;
}
