/* A place of the table is found under the table's lock and used under its own: a place in use is never given to another token. */
#include "circle/assess.h"

#include "circle/remember.h"

#include <pthread.h>
#include <stdlib.h>

/* Of one token; about 13 MB of near-copies and 10 MB of windows when full. */
#define COPIES_MAX_EACH 200000
#define KEYS_MAX_EACH 50000

struct platform {
	pthread_mutex_t lock; /* of aside and seq */
	struct aside aside;
	int64_t seq;
	session_id token; /* these three under the table's lock; 0: free */
	uint64_t last_used;
	unsigned users;
};

struct platforms {
	pthread_mutex_t lock;
	uint64_t uses;
	struct platform all[ASSESS_TOKENS];
};

struct platforms *assess_open(void)
{
	struct platforms *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	for (size_t i = 0; i < ASSESS_TOKENS; i++)
		pthread_mutex_init(&p->all[i].lock, NULL);
	return p;
}

void assess_close(struct platforms *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < ASSESS_TOKENS; i++) {
		past_free(p->all[i].aside.past);
		pthread_mutex_destroy(&p->all[i].lock);
	}
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The token's own place, else the one that nobody is in and that was used longest ago. */
static struct platform *choose(struct platforms *p, session_id token)
{
	struct platform *best = NULL;
	for (size_t i = 0; i < ASSESS_TOKENS; i++) {
		struct platform *at = &p->all[i];
		if (at->token.v == token.v)
			return at;
		if (at->users == 0 && (!best || at->last_used < best->last_used))
			best = at;
	}
	return best;
}

static struct platform *enter(struct platforms *p, session_id token)
{
	struct past *old = NULL;
	pthread_mutex_lock(&p->lock);
	struct platform *at = choose(p, token);
	if (at) {
		if (at->token.v != token.v) {
			old = at->aside.past;
			at->aside.past = NULL;
			at->seq = 0;
			at->token = token;
		}
		at->users++;
		at->last_used = ++p->uses;
	}
	pthread_mutex_unlock(&p->lock);
	past_free(old);
	if (at)
		pthread_mutex_lock(&at->lock);
	return at;
}

static void leave(struct platforms *p, struct platform *at)
{
	pthread_mutex_unlock(&at->lock);
	pthread_mutex_lock(&p->lock);
	at->users--;
	pthread_mutex_unlock(&p->lock);
}

err assess_batch(struct circle *c, session_id token, const struct facts *facts, size_t n,
                 void (*each)(void *ctx, size_t i, const struct verdict *verdict), void *ctx)
{
	struct platform *at = c->memory ? enter(c->platforms, token) : NULL;
	if (!at)
		return err_busy("no place to judge for another token");
	struct arena *mem = arena_new((size_t)256 << 10);
	struct past_limits limits = { .copies_max = COPIES_MAX_EACH, .keys_max = KEYS_MAX_EACH };
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		struct verdict v;
		struct arena_mark mark = arena_mark(mem);
		TRY(remember_aside(c, &at->aside, limits, &facts[i], mem, &v));
		if (facts[i].author != 0) {
			v.observation.seq = ++at->seq;
			past_observe(at->aside.past, &v.observation);
		}
		each(ctx, i, &v);
		arena_rewind(mem, mark);
	}
out:
	leave(c->platforms, at);
	arena_free(mem);
	return e;
}
