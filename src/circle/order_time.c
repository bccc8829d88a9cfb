/* Which time it is. A clock that jumps is not believed at once: while the wall clock has parted from the one that only goes forward, time
 * goes on as that one has it, until the difference has stood for an hour. One that is off by more than a circle rests or a hand slips
 * is not believed at all: everything that waits would lapse for good. Nor is one at start that contradicts the last time that was
 * written down. Then time goes on from there, until the keeper says which is right. */
#include "circle/order_private.h"

#include "circle/verb.h"

#include "store/order_settings.h"

#include <stdlib.h>

#define PARTED_MS (INT64_C(10) * 60 * 1000)
#define BELIEVED_MS (INT64_C(60) * 60 * 1000)
#define DOUBTED_MS (INT64_C(30) * 24 * 3600 * 1000)
#define KEPT_EACH_MS (INT64_C(5) * 60 * 1000) /* half of what is noticed */
#define SETTING S("clock")

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
	o->parted = o->doubted = false;
	o->wall_ms = now_ms;
	o->mono_ms = mono_ms;
}

struct order_time order_time(const struct circle *c, int64_t now_ms)
{
	struct order *o = c->order;
	struct order_time is = { now_ms, now_ms, false };
	int64_t mono_ms;
	if (o == NULL || now_ms == 0)
		return is;
	mono_ms = clock_mono(c->clock);
	pthread_mutex_lock(&o->lock);
	if (apart(now_ms, expected(o, mono_ms))) {
		is.now_ms = expected(o, mono_ms);
		is.doubted = o->doubted;
	}
	pthread_mutex_unlock(&o->lock);
	return is;
}

int64_t order_now(const struct circle *c, int64_t now_ms) { return order_time(c, now_ms).now_ms; }

/* It has parted by so much: true when that is news. */
static bool part(struct order *o, int64_t by_ms, int64_t mono_ms)
{
	bool was = o->doubted;
	o->doubted |= by_ms > DOUBTED_MS || by_ms < -DOUBTED_MS;
	if (o->doubted && (by_ms > DOUBTED_MS || by_ms < 0)) {
		o->parted = false;
		return !was;
	}
	if (o->parted && !apart(by_ms, o->parted_by_ms))
		return false;
	o->parted = true;
	o->parted_by_ms = by_ms;
	o->parted_mono_ms = mono_ms;
	return true;
}

int64_t order_time_look(struct circle *c, int64_t now_ms, int64_t mono_ms)
{
	struct order *o = c->order;
	int64_t want_ms, by_ms;
	bool news = false, doubted;
	pthread_mutex_lock(&o->lock);
	want_ms = expected(o, mono_ms);
	by_ms = now_ms - want_ms;
	if (apart(now_ms, want_ms))
		news = part(o, by_ms, mono_ms);
	if (!apart(now_ms, want_ms) || (o->parted && mono_ms - o->parted_mono_ms >= BELIEVED_MS)) {
		news = o->doubted || o->parted;
		o->kept = o->kept && !news;
		agree(o, now_ms, mono_ms);
		want_ms = now_ms;
	}
	doubted = o->doubted;
	pthread_mutex_unlock(&o->lock);
	if (news)
		log_event(c->log, LOG_WARN,
		          doubted             ? "clock.doubted"
		          : want_ms == now_ms ? "clock.believed"
		                              : "clock.jumped",
		          LOG_I64("by_ms", by_ms));
	return want_ms;
}

/* ---- what is written down ---- */

struct keep_job {
	struct circle *c;
	int64_t now_ms,
		from_ms; /* from: as it was, where the keeper says that it was not so; 0: nobody says anything */
};

static err keep_work(struct conn *tx, void *ctx)
{
	const struct keep_job *job = ctx;
	struct audit_entry entry = { .kind = "clock.believed",
		                     .fields = { { "from", AUDIT_NUMBER, job->from_ms, STR_NONE },
		                                 { "to", AUDIT_NUMBER, job->now_ms, STR_NONE } },
		                     .n = 2 };
	struct arena *mem = arena_new(256);
	err e;
	TRY(order_settings_put(tx, SETTING, str_format(mem, "%lld", (long long)job->now_ms)));
	if (job->from_ms != 0)
		TRY(audit_append(job->c, tx, &entry, job->now_ms, NULL));
out:
	arena_free(mem);
	return e;
}

err order_time_keep(struct circle *c, int64_t now_ms, int64_t mono_ms)
{
	struct order *o = c->order;
	struct keep_job job = { c, now_ms, 0 };
	bool due;
	pthread_mutex_lock(&o->lock);
	due = !o->kept || mono_ms - o->kept_mono_ms >= KEPT_EACH_MS;
	if (due) {
		o->kept = true;
		o->kept_mono_ms = mono_ms;
	}
	pthread_mutex_unlock(&o->lock);
	return due ? verb_write(c, keep_work, NULL, &job) : OK;
}

err order_time_begin(struct circle *c, struct conn *conn, int64_t *now_ms)
{
	struct arena *mem = arena_new(256);
	struct order *o = c->order;
	int64_t mono_ms = clock_mono(c->clock), last_ms = 0, by_ms;
	str value;
	err e;
	TRY(order_settings_get(conn, SETTING, mem, &value));
	agree(o, *now_ms, mono_ms);
	if (value.n == 0 || !str_to_i64(value, &last_ms))
		goto out;
	by_ms = *now_ms - last_ms;
	if (by_ms <= DOUBTED_MS && by_ms >= -PARTED_MS)
		goto out;
	agree(o, last_ms, mono_ms);
	o->doubted = true;
	*now_ms = last_ms;
	log_event(c->log, LOG_WARN, "clock.doubted", LOG_I64("by_ms", by_ms));
out:
	arena_free(mem);
	return e;
}

err order_believe(struct circle *c, int64_t now_ms)
{
	struct order *o = c->order;
	struct keep_job job = { c, now_ms, order_now(c, now_ms) };
	err e = verb_write(c, keep_work, NULL, &job);
	if (failed(e))
		return e;
	pthread_mutex_lock(&o->lock);
	agree(o, now_ms, clock_mono(c->clock));
	pthread_mutex_unlock(&o->lock);
	return OK;
}
