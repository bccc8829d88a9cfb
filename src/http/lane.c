/* See lane.h. One mutex, one ring; `places` counts items reserved, waiting and at work, so the ring
 * never overflows. */
#include "http/lane.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/* Room for a request's deepest call (JSON of depth 16, screening, SQLite) with a wide margin;
 * untouched pages cost nothing. Sanitizers make frames several times larger. */
#define STACK_BYTES ((size_t)1 << 20)

struct lane {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	void (*work)(void *item);
	void **ring;
	size_t cap, head, waiting, places;
	bool ending;
	pthread_t *threads;
	unsigned threads_n;
};

static void *run(void *arg)
{
	struct lane *lane = arg;
	pthread_mutex_lock(&lane->lock);
	for (;;) {
		/* Not before the last place is used up: what was reserved is still to come. */
		while (lane->waiting == 0 && !(lane->ending && lane->places == 0))
			pthread_cond_wait(&lane->filled, &lane->lock);
		if (lane->waiting == 0)
			break;
		void *item = lane->ring[lane->head];
		lane->head = (lane->head + 1) % lane->cap;
		lane->waiting--;
		pthread_mutex_unlock(&lane->lock);
		lane->work(item);
		pthread_mutex_lock(&lane->lock);
		if (--lane->places == 0)
			pthread_cond_signal(&lane->emptied);
	}
	pthread_mutex_unlock(&lane->lock);
	return NULL;
}

err lane_open(unsigned threads, unsigned queue_max, void (*work)(void *item), struct lane **out)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	pthread_attr_t attr;
	if (!lane)
		abort();
	lane->cap = (size_t)threads + queue_max;
	lane->work = work;
	lane->ring = calloc(lane->cap, sizeof(*lane->ring));
	lane->threads = calloc(threads, sizeof(*lane->threads));
	if (!lane->ring || !lane->threads)
		abort();
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->filled, NULL);
	pthread_cond_init(&lane->emptied, NULL);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	int fault = 0;
	while (!fault && lane->threads_n < threads) {
		fault = pthread_create(&lane->threads[lane->threads_n], &attr, run, lane);
		lane->threads_n += !fault;
	}
	pthread_attr_destroy(&attr);
	if (fault) {
		lane_end(lane);
		lane_free(lane);
		return err_system("a worker thread could not be started");
	}
	*out = lane;
	return OK;
}

bool lane_reserve(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	bool free_place = !lane->ending && lane->places < lane->cap;
	lane->places += free_place;
	pthread_mutex_unlock(&lane->lock);
	return free_place;
}

void lane_put(struct lane *lane, void *item)
{
	pthread_mutex_lock(&lane->lock);
	assert(lane->waiting < lane->cap);
	lane->ring[(lane->head + lane->waiting++) % lane->cap] = item;
	pthread_cond_signal(&lane->filled);
	pthread_mutex_unlock(&lane->lock);
}

void lane_end(struct lane *lane)
{
	if (!lane)
		return;
	pthread_mutex_lock(&lane->lock);
	lane->ending = true; /* no new places; those given are waited for */
	while (lane->places > 0)
		pthread_cond_wait(&lane->emptied, &lane->lock);
	pthread_cond_broadcast(&lane->filled);
	pthread_mutex_unlock(&lane->lock);
	for (unsigned i = 0; i < lane->threads_n; i++)
		pthread_join(lane->threads[i], NULL);
	lane->threads_n = 0;
}

void lane_free(struct lane *lane)
{
	if (!lane)
		return;
	assert(lane->threads_n == 0);
	pthread_cond_destroy(&lane->filled);
	pthread_cond_destroy(&lane->emptied);
	pthread_mutex_destroy(&lane->lock);
	free(lane->threads);
	free(lane->ring);
	free(lane);
}
