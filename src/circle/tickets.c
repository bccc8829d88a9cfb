#include "circle/tickets.h"

#include "circle/secret.h"

#include <pthread.h>
#include <stdlib.h>

#define SETS 256 /* power of two */
#define WAYS 8

struct place {
	secret_hash key;
	int64_t until_ms; /* 0: free */
	int tries_left;
	struct ticket what;
};

struct tickets {
	uint64_t seed;
	pthread_mutex_t lock;
	struct place places[TICKET_KINDS][SETS][WAYS];
};

struct tickets *tickets_new(uint64_t seed)
{
	struct tickets *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->seed = seed;
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void tickets_free(struct tickets *tickets)
{
	if (tickets == NULL)
		return;
	pthread_mutex_destroy(&tickets->lock);
	free(tickets);
}

void tickets_put(struct tickets *tickets, const secret_hash *key, uint64_t crowd,
                 const struct ticket *what, int64_t now_mono_ms)
{
	/* Fibonacci hashing: the high bits depend on all of the crowd's. */
	size_t at = (size_t)((crowd ^ tickets->seed) * UINT64_C(0x9E3779B97F4A7C15) >> 56);
	struct place *set = tickets->places[what->kind][at & (SETS - 1)], *place = set;
	pthread_mutex_lock(&tickets->lock);
	for (size_t i = 1; i < WAYS; i++) /* free, or nearest to its end */
		if (set[i].until_ms < place->until_ms)
			place = &set[i];
	*place = (struct place){ *key, now_mono_ms + TICKET_MS, TICKET_TRIES, *what };
	pthread_mutex_unlock(&tickets->lock);
}

/* Whoever asks knows the key and not the set; there are few enough to look at all. */
static struct place *find_place(struct tickets *p, enum ticket_kind kind, const secret_hash *key,
                                int64_t now_mono_ms)
{
	struct place *all = &p->places[kind][0][0];
	for (size_t i = 0; i < (size_t)SETS * WAYS; i++)
		if (all[i].until_ms > now_mono_ms && secret_equal(&all[i].key, key))
			return &all[i];
	return NULL;
}

bool tickets_try(struct tickets *tickets, enum ticket_kind kind, const secret_hash *key,
                 int64_t now_mono_ms, struct ticket *out)
{
	pthread_mutex_lock(&tickets->lock);
	struct place *place = find_place(tickets, kind, key, now_mono_ms);
	bool found = place != NULL && place->tries_left > 0;
	if (found) {
		place->tries_left--;
		*out = place->what;
	}
	pthread_mutex_unlock(&tickets->lock);
	return found;
}

bool tickets_take(struct tickets *tickets, enum ticket_kind kind, const secret_hash *key,
                  int64_t now_mono_ms, struct ticket *out)
{
	pthread_mutex_lock(&tickets->lock);
	struct place *place = find_place(tickets, kind, key, now_mono_ms);
	bool found = place != NULL;
	if (found) {
		*out = place->what;
		*place = (struct place){ 0 };
	}
	pthread_mutex_unlock(&tickets->lock);
	return found;
}

void tickets_forget(struct tickets *tickets, person_id person)
{
	struct place *all = &tickets->places[0][0][0];
	pthread_mutex_lock(&tickets->lock);
	for (size_t i = 0; i < (size_t)TICKET_KINDS * SETS * WAYS; i++)
		if (all[i].until_ms != 0 && all[i].what.person.v == person.v)
			all[i] = (struct place){ 0 };
	pthread_mutex_unlock(&tickets->lock);
}
