/* See rate.h. Sets of eight slots; a caller lives in one set, so a take touches two cache lines
 * under one of 64 locks. */
#include "http/rate.h"

#include <pthread.h>
#include <stdlib.h>

#define WAYS 8
#define LOCKS 64
#define MINUTE_US INT64_C(60000000)

struct slot {
	uint64_t caller;    /* hash of route and key; 0: free */
	int64_t full_at_us; /* when this bucket holds all its tokens again */
};

struct rate {
	uint64_t seed;
	size_t sets; /* a power of two */
	struct slot *slots;
	pthread_mutex_t locks[LOCKS];
};

struct rate *rate_new(size_t slots, uint64_t seed)
{
	struct rate *rate = calloc(1, sizeof(*rate));
	size_t sets = LOCKS;
	while (sets * WAYS < slots)
		sets *= 2;
	if (!rate || !(rate->slots = calloc(sets * WAYS, sizeof(struct slot))))
		abort();
	rate->seed = seed;
	rate->sets = sets;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&rate->locks[i], NULL);
	return rate;
}

void rate_free(struct rate *rate)
{
	if (!rate)
		return;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&rate->locks[i]);
	free(rate->slots);
	free(rate);
}

/* The finalizer of MurmurHash3 (Appleby, public domain). */
static uint64_t mix(uint64_t h)
{
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

static uint64_t caller_of(const struct rate *rate, unsigned route, uint64_t key)
{
	uint64_t h = mix(mix(key ^ rate->seed) + route + rate->seed);
	return h ? h : 1;
}

/* The caller's slot in its set, or the one whose loss gives away least. */
static struct slot *find_slot(struct slot *set, uint64_t caller)
{
	struct slot *emptiest = set;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].caller == caller)
			return &set[i];
		if (set[i].full_at_us < emptiest->full_at_us)
			emptiest = &set[i];
	}
	*emptiest = (struct slot){ .caller = caller };
	return emptiest;
}

bool rate_take(struct rate *rate, unsigned route, uint64_t key, unsigned per_minute,
               int64_t now_mono_ms, unsigned *retry_after_s)
{
	*retry_after_s = 0;
	if (per_minute == 0)
		return true;
	int64_t now_us = now_mono_ms * 1000;
	int64_t token_us = MINUTE_US / per_minute;
	uint64_t caller = caller_of(rate, route, key);
	size_t set = caller & (rate->sets - 1);
	pthread_mutex_t *lock = &rate->locks[set % LOCKS];

	pthread_mutex_lock(lock);
	struct slot *slot = find_slot(&rate->slots[set * WAYS], caller);
	int64_t full_at_us = slot->full_at_us > now_us ? slot->full_at_us : now_us;
	int64_t wait_us = full_at_us + token_us - now_us - MINUTE_US;
	if (wait_us <= 0)
		slot->full_at_us = full_at_us + token_us;
	pthread_mutex_unlock(lock);

	if (wait_us > 0)
		*retry_after_s = (unsigned)((wait_us + 999999) / 1000000);
	return wait_us <= 0;
}
