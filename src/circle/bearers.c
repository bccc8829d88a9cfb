/* A set-associative table: the token's hash is uniform already and names the set, the set is searched whole. Only
 * tokens that lead somewhere are kept, so guesses cannot crowd out the real ones. */
#include "circle/bearers.h"

#include "circle/secret.h"

#include "base/leak.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SETS 4096 /* power of two */
#define WAYS 4

struct entry {
	secret_hash token;
	struct session session; /* id 0: free */
	int64_t written_at_ms;  /* the last_used_at_ms the store has */
};

struct bearers {
	pthread_mutex_t lock;
	uint64_t stamp; /* moves with every forgetting */
	struct entry entries[SETS][WAYS];
};

struct bearers *bearers_new(void)
{
	struct bearers *b = calloc(1, sizeof *b);
	if (b == NULL)
		abort();
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

void bearers_free(struct bearers *bearers)
{
	if (bearers == NULL)
		return;
	pthread_mutex_destroy(&bearers->lock);
	free(bearers);
}

static struct entry *set_of(struct bearers *b, const secret_hash *token)
{
	uint32_t first;
	memcpy(&first, token->b, sizeof first);
	return b->entries[first & (SETS - 1)];
}

static struct entry *find_entry(struct entry *set, const secret_hash *token)
{
	for (size_t i = 0; i < WAYS; i++)
		if (set[i].session.id.v != 0 && secret_equal(&set[i].token, token))
			return &set[i];
	return NULL;
}

bool bearers_find(struct bearers *bearers, const secret_hash *token, int64_t now_ms,
                  struct session *out)
{
	pthread_mutex_lock(&bearers->lock);
	struct entry *entry = find_entry(set_of(bearers, token), token);
	if (entry != NULL) {
		if (now_ms > entry->session.last_used_at_ms)
			entry->session.last_used_at_ms = now_ms;
		*out = entry->session;
	}
	pthread_mutex_unlock(&bearers->lock);
	return entry != NULL;
}

uint64_t bearers_stamp(struct bearers *bearers)
{
	pthread_mutex_lock(&bearers->lock);
	uint64_t stamp = bearers->stamp;
	pthread_mutex_unlock(&bearers->lock);
	return stamp;
}

/* Free, or used longest ago. */
static struct entry *place_in(struct entry *set)
{
	struct entry *place = set;
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].session.id.v == 0)
			return &set[i];
		if (set[i].session.last_used_at_ms < place->session.last_used_at_ms)
			place = &set[i];
	}
	return place;
}

void bearers_keep(struct bearers *bearers, const secret_hash *token, const struct session *session,
                  int64_t now_ms, uint64_t stamp)
{
	pthread_mutex_lock(&bearers->lock);
	struct entry *set = set_of(bearers, token);
	if (stamp == bearers->stamp && find_entry(set, token) == NULL) {
		struct entry *entry = place_in(set);
		*entry = (struct entry){ *token, *session, session->last_used_at_ms };
		entry->session.scope_words = entry->session.user_agent = STR_NONE;
		if (now_ms > session->last_used_at_ms)
			entry->session.last_used_at_ms = now_ms;
	}
	pthread_mutex_unlock(&bearers->lock);
}

/* One session, or a person's. Rare enough to walk the whole table. */
static void forget(struct bearers *b, person_id person, session_id id, session_id keep)
{
	pthread_mutex_lock(&b->lock);
	b->stamp++;
	for (size_t i = 0; i < (size_t)SETS * WAYS; i++) {
		struct entry *entry = &b->entries[i / WAYS][i % WAYS];
		const struct session *s = &entry->session;
		if (s->id.v == 0)
			continue;
		if (id.v != 0 ? s->id.v == id.v : s->person.v == person.v && s->id.v != keep.v)
			*entry = (struct entry){ 0 };
	}
	pthread_mutex_unlock(&b->lock);
}

void bearers_forget(struct bearers *bearers, session_id id)
{
	if (!LEAK("session.revoked"))
		forget(bearers, (person_id){ 0 }, id, (session_id){ 0 });
}

void bearers_forget_person(struct bearers *bearers, person_id person, session_id keep)
{
	if (!LEAK("session.password"))
		forget(bearers, person, (session_id){ 0 }, keep);
}

size_t bearers_used(struct bearers *bearers, int64_t after_ms, struct session *out, size_t max)
{
	size_t n = 0;
	pthread_mutex_lock(&bearers->lock);
	for (size_t i = 0; i < (size_t)SETS * WAYS && n < max; i++) {
		struct entry *entry = &bearers->entries[i / WAYS][i % WAYS];
		if (entry->session.id.v == 0 ||
		    entry->session.last_used_at_ms - entry->written_at_ms < after_ms)
			continue;
		entry->written_at_ms = entry->session.last_used_at_ms;
		out[n++] = entry->session;
	}
	pthread_mutex_unlock(&bearers->lock);
	return n;
}
