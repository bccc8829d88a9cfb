/* What begins and ends by the clock. A clock that jumps is not believed at once: while the wall clock has parted from the one that
 * only goes forward, time goes on as that one has it, until the difference has stood for an hour. */
#include "circle/order_private.h"

#include "circle/verb.h"
#include "circle/world.h"

#include "store/measures.h"

#include <stdlib.h>

#define PARTED_MS (INT64_C(10) * 60 * 1000)
#define BELIEVED_MS (INT64_C(60) * 60 * 1000)
#define BATCH 100

struct order *order_new(void)
{
	struct order *o = calloc(1, sizeof *o);
	if (o == NULL)
		abort();
	pthread_mutex_init(&o->lock, NULL);
	return o;
}

void order_free(struct order *o)
{
	if (o == NULL)
		return;
	pthread_mutex_destroy(&o->lock);
	free(o);
}

/* ---- two clocks ---- */

static int64_t expected(const struct order *o, int64_t mono_ms)
{
	return o->wall_ms + (mono_ms - o->mono_ms);
}

static bool apart(int64_t a, int64_t b) { return a - b > PARTED_MS || b - a > PARTED_MS; }

static void agree(struct order *o, int64_t now_ms, int64_t mono_ms)
{
	o->seen = true;
	o->parted = false;
	o->wall_ms = now_ms;
	o->mono_ms = mono_ms;
}

int64_t order_now(const struct circle *c, int64_t now_ms)
{
	struct order *o = c->order;
	int64_t mono_ms, want_ms = now_ms;
	if (o == NULL || now_ms == 0)
		return now_ms;
	mono_ms = clock_mono(c->clock);
	pthread_mutex_lock(&o->lock);
	if (o->seen && apart(now_ms, expected(o, mono_ms)))
		want_ms = expected(o, mono_ms);
	pthread_mutex_unlock(&o->lock);
	return want_ms;
}

/* The same, and what it was remembers. */
static int64_t look_at_clocks(struct circle *c, int64_t now_ms, int64_t mono_ms)
{
	struct order *o = c->order;
	int64_t want_ms, by_ms;
	bool news = false;
	pthread_mutex_lock(&o->lock);
	want_ms = expected(o, mono_ms);
	by_ms = now_ms - want_ms;
	if (!o->seen || !apart(now_ms, want_ms)) {
		agree(o, now_ms, mono_ms);
		want_ms = now_ms;
	} else if (!o->parted || apart(by_ms, o->parted_by_ms)) {
		news = o->parted = true;
		o->parted_by_ms = by_ms;
		o->parted_mono_ms = mono_ms;
	} else if (mono_ms - o->parted_mono_ms >= BELIEVED_MS) {
		agree(o, now_ms, mono_ms);
		want_ms = now_ms;
		news = true;
	}
	pthread_mutex_unlock(&o->lock);
	if (news)
		log_event(c->log, LOG_WARN, want_ms == now_ms ? "clock.believed" : "clock.jumped",
		          LOG_I64("by_ms", by_ms));
	return want_ms;
}

/* ---- what is due ---- */

struct due_job {
	struct order_changes x;
	const struct measure *all;
	size_t n;
	int64_t now_ms;
};

static err due_one(struct order_changes *x, struct conn *tx, const struct measure *m,
                   int64_t now_ms)
{
	const struct order_end end = { .state = MEASURE_LAPSED };
	bool begins = m->state == MEASURE_ACTIVE && now_ms < m->ends_at_ms;
	err e = begins ? order_begin(x, tx, m, now_ms) : order_end(x, tx, m, &end, now_ms);
	return e.code == ERR_CONFLICT ? OK : e; /* decided since it was looked for */
}

static err due_work(struct conn *tx, void *ctx)
{
	struct due_job *job = ctx;
	err e = OK;
	for (size_t i = 0; i < job->n; i++)
		TRY(due_one(&job->x, tx, &job->all[i], job->now_ms));
out:
	return e;
}

static void due_after(void *ctx)
{
	struct due_job *job = ctx;
	order_after(&job->x);
}

static err do_due(struct circle *c, const struct measure *all, size_t n, int64_t now_ms)
{
	struct arena *mem = arena_new(16 * 1024);
	struct due_job job = { order_changes(c, mem), all, n, now_ms };
	err e = verb_write(c, due_work, due_after, &job);
	arena_free(mem);
	return e;
}

/* One that cannot be ended holds up no other. */
static err do_each(struct circle *c, const struct measure *all, size_t n, int64_t now_ms)
{
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		err one = do_due(c, &all[i], 1, now_ms);
		if (failed(one))
			e = one;
	}
	return e;
}

static err look_for_due(struct circle *c, int64_t now_ms, struct arena *mem, struct measure **all,
                        size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(measures_due(conn, now_ms, BATCH, mem, all, n));
out:
	store_read_end(c->store, &conn);
	return e;
}

err order_tick(struct circle *c, int64_t now_ms, int64_t mono_ms)
{
	struct arena *mem = arena_new(4096);
	struct measure *all;
	size_t n = 0;
	err e;
	now_ms = look_at_clocks(c, now_ms, mono_ms);
	do {
		TRY(look_for_due(c, now_ms, mem, &all, &n));
		if (n > 0 && failed(do_due(c, all, n, now_ms)))
			TRY(do_each(c, all, n, now_ms));
		arena_reset(mem);
	} while (n == BATCH);
out:
	arena_free(mem);
	return e;
}

err order_load(struct circle *c, int64_t now_ms)
{
	struct arena *mem = arena_new(64 * 1024);
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	err e;
	agree(c->order, now_ms, clock_mono(c->clock));
	TRY(store_read(c->store, &conn));
	TRY(measures_on_all(conn, now_ms, mem, &all, &n));
	for (size_t i = 0, to; i < n; i = to) {
		struct limited limited;
		for (to = i; to < n && all[to].subject.v == all[i].subject.v;)
			to++;
		limited = limited_by(&all[i], to - i, now_ms);
		world_set_limited(c->world, all[i].subject, &limited);
	}
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}
