/* See senders.h. Few are in it at a time, and each of them waited for a commit: they are looked through from the first to the last. */
#include "circle/senders.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct sender {
	uint64_t who;       /* 0: free */
	int64_t full_at_ms; /* when it has all of its own again */
};

struct senders {
	unsigned char secret[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock;
	struct sender all[SENDERS_MAX];
};

struct senders *senders_new(struct chance chance)
{
	struct senders *senders = calloc(1, sizeof *senders);
	if (senders == NULL)
		abort();
	chance_fill(chance, senders->secret, sizeof senders->secret);
	pthread_mutex_init(&senders->lock, NULL);
	return senders;
}

void senders_free(struct senders *senders)
{
	if (senders == NULL)
		return;
	pthread_mutex_destroy(&senders->lock);
	free(senders);
}

static uint64_t who_is(const struct senders *senders, uint64_t address)
{
	unsigned char bytes[sizeof address], hash[crypto_shorthash_BYTES];
	uint64_t who;
	memcpy(bytes, &address, sizeof bytes);
	crypto_shorthash(hash, bytes, sizeof bytes, senders->secret);
	memcpy(&who, hash, sizeof who);
	return who ? who : 1;
}

static struct sender *find(struct senders *senders, uint64_t who)
{
	for (size_t i = 0; i < SENDERS_MAX; i++)
		if (senders->all[i].who == who)
			return &senders->all[i];
	return NULL;
}

/* Its own place, or a free one, or that of whoever is nearest to counting no more. */
static struct sender *place_of(struct senders *senders, uint64_t who)
{
	struct sender *place = find(senders, who);
	if (place != NULL)
		return place;
	place = senders->all;
	for (size_t i = 1; i < SENDERS_MAX; i++)
		if (senders->all[i].full_at_ms < place->full_at_ms)
			place = &senders->all[i];
	*place = (struct sender){ .who = who };
	return place;
}

bool senders_take(struct senders *senders, uint64_t address, int64_t now_mono_ms, int64_t *wait_ms)
{
	uint64_t who = who_is(senders, address);
	pthread_mutex_lock(&senders->lock);
	struct sender *sender = place_of(senders, who);
	int64_t full_at_ms = sender->full_at_ms > now_mono_ms ? sender->full_at_ms : now_mono_ms;
	int64_t wait = full_at_ms + SENDER_EACH_MS - now_mono_ms - SENDER_BURST * SENDER_EACH_MS;
	if (wait <= 0)
		sender->full_at_ms = full_at_ms + SENDER_EACH_MS;
	pthread_mutex_unlock(&senders->lock);
	*wait_ms = wait > 0 ? wait : 0;
	return wait <= 0;
}

void senders_give_back(struct senders *senders, uint64_t address)
{
	pthread_mutex_lock(&senders->lock);
	struct sender *sender = find(senders, who_is(senders, address));
	if (sender != NULL)
		sender->full_at_ms -= SENDER_EACH_MS;
	pthread_mutex_unlock(&senders->lock);
}

int senders_forget(struct senders *senders, int64_t now_mono_ms)
{
	int left = 0;
	pthread_mutex_lock(&senders->lock);
	for (size_t i = 0; i < SENDERS_MAX; i++) {
		struct sender *sender = &senders->all[i];
		if (sender->full_at_ms <= now_mono_ms)
			*sender = (struct sender){ 0 };
		left += sender->who != 0;
	}
	pthread_mutex_unlock(&senders->lock);
	return left;
}
