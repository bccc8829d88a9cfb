/* snowflake.c - ids that sort by time.
 *
 * `last` packs milliseconds and step of the newest id into one number, so that "above everything so far" is
 * one compare-and-set. The present uses the lower half of a millisecond's steps and then runs ahead of the
 * clock; ids for the past use the upper half, and a small table remembers how many each millisecond has given. */
#include "base/snowflake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#define WORKER_BITS 10
#define STEP_BITS 12
#define MS_MAX ((INT64_C(1) << 41) - 1)
#define STEP_MASK ((INT64_C(1) << STEP_BITS) - 1)
#define PAST_FIRST_STEP 2048
#define PAST_STEPS ((1 << STEP_BITS) - PAST_FIRST_STEP)

struct past {
	int64_t ms_plus_1; /* 0 = empty slot */
	int64_t given;
};

struct snowflake {
	unsigned worker;
	struct clock clock;
	_Atomic int64_t last; /* milliseconds << 12 | step */
	pthread_mutex_t past_lock;
	struct past *past; /* open addressing, a power of two, at most half full */
	size_t past_slots, past_used;
};

struct snowflake *snowflake_new(unsigned worker, struct clock clock)
{
	struct snowflake *s = calloc(1, sizeof *s);
	if (!s || worker >= 1u << WORKER_BITS)
		abort();
	s->worker = worker;
	s->clock = clock;
	pthread_mutex_init(&s->past_lock, NULL);
	return s;
}

void snowflake_free(struct snowflake *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->past_lock);
	free(s->past);
	free(s);
}

static int64_t since_epoch(int64_t at_ms)
{
	if (at_ms <= SNOWFLAKE_EPOCH_MS)
		return 0;
	return at_ms - SNOWFLAKE_EPOCH_MS > MS_MAX ? MS_MAX : at_ms - SNOWFLAKE_EPOCH_MS;
}

int64_t snowflake_next(struct snowflake *s)
{
	int64_t now = since_epoch(clock_now(s->clock)) << STEP_BITS;
	int64_t last = atomic_load(&s->last), next;
	do {
		next = now > last ? now : last + 1;
		if ((next & STEP_MASK) >= PAST_FIRST_STEP)
			next = (next | STEP_MASK) + 1;
	} while (!atomic_compare_exchange_weak(&s->last, &last, next));
	return next << WORKER_BITS | s->worker;
}

void snowflake_seen(struct snowflake *s, int64_t id)
{
	int64_t seen = id >> WORKER_BITS, last = atomic_load(&s->last);
	while (seen > last && !atomic_compare_exchange_weak(&s->last, &last, seen))
		;
}

static struct past *past_slot(struct past *table, size_t slots, int64_t ms)
{
	size_t i = (size_t)((uint64_t)ms * UINT64_C(0x9E3779B97F4A7C15) >> 20);
	while (table[i & (slots - 1)].ms_plus_1 && table[i & (slots - 1)].ms_plus_1 != ms + 1)
		i++;
	return &table[i & (slots - 1)];
}

static void past_widen(struct snowflake *s)
{
	size_t slots = s->past_slots ? s->past_slots * 2 : 1024;
	struct past *table = calloc(slots, sizeof *table);
	if (!table)
		abort();
	for (size_t i = 0; i < s->past_slots; i++) {
		if (s->past[i].ms_plus_1)
			*past_slot(table, slots, s->past[i].ms_plus_1 - 1) = s->past[i];
	}
	free(s->past);
	s->past = table;
	s->past_slots = slots;
}

int64_t snowflake_at(struct snowflake *s, int64_t at_ms)
{
	int64_t ms = since_epoch(at_ms);
	if (ms >= since_epoch(clock_now(s->clock)))
		return snowflake_next(s);
	pthread_mutex_lock(&s->past_lock);
	struct past *slot;
	for (;; ms++) {
		if (s->past_used * 2 >= s->past_slots)
			past_widen(s);
		slot = past_slot(s->past, s->past_slots, ms);
		s->past_used += slot->ms_plus_1 == 0;
		slot->ms_plus_1 = ms + 1;
		if (slot->given < PAST_STEPS)
			break;
	}
	int64_t step = PAST_FIRST_STEP + slot->given++;
	pthread_mutex_unlock(&s->past_lock);
	return (ms << STEP_BITS | step) << WORKER_BITS | s->worker;
}

int64_t snowflake_ms(int64_t id) { return (id >> (WORKER_BITS + STEP_BITS)) + SNOWFLAKE_EPOCH_MS; }

int64_t snowflake_floor(int64_t at_ms) { return since_epoch(at_ms) << (WORKER_BITS + STEP_BITS); }
