/* What begins and ends by the clock, as far as the clock is believed (order_time.c). */
#include "circle/order_private.h"

#include "circle/verb.h"
#include "circle/world.h"

#include "store/measures.h"

#define BATCH 100

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
	now_ms = order_time_look(c, now_ms, mono_ms);
	log_if_failed(c->log, "clock.failed", order_time_keep(c, now_ms, mono_ms));
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
	TRY(store_read(c->store, &conn));
	TRY(order_time_begin(c, conn, &now_ms));
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
