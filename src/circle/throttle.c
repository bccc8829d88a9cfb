#include "circle/throttle.h"

#include <pthread.h>
#include <stdlib.h>

#define SETS 2048 /* power of two; 16 bytes a slot: a quarter of a megabyte a table */
#define WAYS 8
#define KNOWN_MS (INT64_C(30) * 24 * 3600 * 1000)

enum bucket { ACCOUNT, ADDRESS, PLACE, CODE, CODE_PLACE };

/* A minute and a half of typing goes into a burst. What is left after it is what an attacker gets: with the account's
 * 1,440 guesses a day a password of the thousand commonest falls in a day, one of any other kind does not; a code out of
 * a million, of which three are good at a time, with 288 guesses a day is found once in three years. */
static const struct {
	int burst;
	int64_t each_ms; /* one comes back */
} limits[] = {
	[ACCOUNT] = { 20, 60 * 1000 },    [ADDRESS] = { 20, 120 * 1000 },
	[PLACE] = { 10, 60 * 1000 },      [CODE] = { 10, 300 * 1000 },
	[CODE_PLACE] = { 10, 60 * 1000 },
};

struct slot {
	uint64_t key;  /* 0: free */
	int64_t at_ms; /* a bucket: when it is full again; a known address: until when */
};

struct table {
	struct slot slots[SETS][WAYS];
};

struct throttle {
	uint64_t seed;
	pthread_mutex_t lock;
	struct table buckets, known;
};

struct throttle *throttle_new(uint64_t seed)
{
	struct throttle *t = calloc(1, sizeof *t);
	if (t == NULL)
		abort();
	t->seed = seed;
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void throttle_free(struct throttle *throttle)
{
	if (throttle == NULL)
		return;
	pthread_mutex_destroy(&throttle->lock);
	free(throttle);
}

/* The finalizer of MurmurHash3 (Appleby, public domain). */
static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
	h = (h ^ h >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
	return h ^ h >> 33;
}

static uint64_t key_of(const struct throttle *t, unsigned what, uint64_t a, uint64_t b)
{
	uint64_t key = mix(mix(mix(t->seed + what) ^ a) ^ b);
	return key ? key : 1;
}

/* The key's own slot, or NULL. */
static struct slot *find_slot(struct table *table, uint64_t key)
{
	struct slot *set = table->slots[key & (SETS - 1)];
	for (size_t i = 0; i < WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* The same, made where it is missing in place of the one whose loss gives away least. */
static struct slot *make_slot(struct table *table, uint64_t key)
{
	struct slot *slot = find_slot(table, key), *set = table->slots[key & (SETS - 1)];
	if (slot != NULL)
		return slot;
	slot = set;
	for (size_t i = 1; i < WAYS; i++)
		if (set[i].at_ms < slot->at_ms)
			slot = &set[i];
	*slot = (struct slot){ .key = key };
	return slot;
}

struct guess throttle_guess(struct throttle *throttle, uint64_t account, uint64_t address,
                            uint64_t device, int64_t now_mono_ms)
{
	struct guess guess = { account, address, device, device != 0 };
	pthread_mutex_lock(&throttle->lock);
	const struct slot *slot = find_slot(&throttle->known,
	                                    key_of(throttle, 0, account, address));
	if (slot != NULL && slot->at_ms > now_mono_ms)
		guess.known = true;
	pthread_mutex_unlock(&throttle->lock);
	return guess;
}

struct share {
	enum bucket bucket;
	uint64_t key;
};

/* From which buckets a guess takes: how many. */
static size_t shares_of(const struct throttle *t, enum guess_kind kind, const struct guess *g,
                        struct share out[2])
{
	bool code = kind == GUESS_CODE;
	if (g->known) {
		enum bucket bucket = code ? CODE_PLACE : PLACE;
		/* A browser's own, lest two behind one address share it. */
		bool device = g->device != 0;
		out[0] = (struct share){ bucket, key_of(t, 2 * bucket + device, g->account,
			                                device ? g->device : g->address) };
		return 1;
	}
	out[0].bucket = code ? CODE : ACCOUNT;
	out[0].key = key_of(t, 2 * out[0].bucket, g->account, 0);
	if (code) /* the password before it has been right: an address is not what is guessed with */
		return 1;
	out[1] = (struct share){ ADDRESS, key_of(t, 2 * ADDRESS, g->address, 0) };
	return 2;
}

/* How long until this bucket has one to give. */
static int64_t wait_ms(struct throttle *t, const struct share *share, int64_t now_ms)
{
	const struct slot *slot = find_slot(&t->buckets, share->key);
	int64_t each_ms = limits[share->bucket].each_ms;
	int64_t full_at_ms = slot != NULL && slot->at_ms > now_ms ? slot->at_ms : now_ms;
	return full_at_ms + each_ms - now_ms - limits[share->bucket].burst * each_ms;
}

bool throttle_begin(struct throttle *throttle, enum guess_kind kind, const struct guess *guess,
                    int64_t now_mono_ms, unsigned *retry_after_s)
{
	struct share shares[2];
	size_t n = shares_of(throttle, kind, guess, shares);
	int64_t longest_ms = 0;
	pthread_mutex_lock(&throttle->lock);
	for (size_t i = 0; i < n; i++) {
		int64_t ms = wait_ms(throttle, &shares[i], now_mono_ms);
		longest_ms = ms > longest_ms ? ms : longest_ms;
	}
	for (size_t i = 0; i < n && longest_ms <= 0; i++) {
		struct slot *slot = make_slot(&throttle->buckets, shares[i].key);
		int64_t full_at_ms = slot->at_ms > now_mono_ms ? slot->at_ms : now_mono_ms;
		slot->at_ms = full_at_ms + limits[shares[i].bucket].each_ms;
	}
	pthread_mutex_unlock(&throttle->lock);
	*retry_after_s = (unsigned)((longest_ms + 999) / 1000);
	return longest_ms <= 0;
}

void throttle_right(struct throttle *throttle, enum guess_kind kind, const struct guess *guess,
                    int64_t now_mono_ms)
{
	struct share shares[2];
	size_t n = shares_of(throttle, kind, guess, shares);
	pthread_mutex_lock(&throttle->lock);
	for (size_t i = 0; i < n; i++) {
		struct slot *slot = find_slot(&throttle->buckets, shares[i].key);
		if (slot != NULL && slot->at_ms > now_mono_ms)
			slot->at_ms -= limits[shares[i].bucket].each_ms;
	}
	pthread_mutex_unlock(&throttle->lock);
}

void throttle_came_in(struct throttle *throttle, uint64_t account, uint64_t address,
                      int64_t now_mono_ms)
{
	pthread_mutex_lock(&throttle->lock);
	make_slot(&throttle->known, key_of(throttle, 0, account, address))->at_ms = now_mono_ms +
	                                                                            KNOWN_MS;
	pthread_mutex_unlock(&throttle->lock);
}
