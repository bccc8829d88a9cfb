#include "circle/warm.h"

#include "circle/piece.h"
#include "circle/world.h"
#include "store/posts.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIECE_BYTES_MIN 512 /* none takes less: so many there may be */
#define ROOM_MIN ((size_t)64 << 10)
#define RINGS 256 /* looked at under one lock */
#define BATCH 256 /* pieces read in one snapshot */
#define NICE 10

struct place {
	post_id post;
	person_id author;
};

/* The newest posts of all, found without sorting all: as soon as there are twice as many as are wanted the older half goes. */
struct newest {
	struct place *all;
	size_t n, most;
	int64_t floor; /* nothing as old is wanted any more */
};

static int cmp_newest(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	return (a->post.v < b->post.v) - (a->post.v > b->post.v);
}

static void keep_newest(struct newest *newest)
{
	if (newest->n > 1)
		qsort(newest->all, newest->n, sizeof(*newest->all), cmp_newest);
	if (newest->n >= newest->most) {
		newest->n = newest->most;
		newest->floor = newest->all[newest->n - 1].post.v;
	}
}

static void add_ring(const struct world_ring *ring, void *ctx)
{
	struct newest *newest = ctx;
	for (size_t i = ring->n; i-- > 0 && ring->gates[i].id.v > newest->floor;) {
		newest->all[newest->n++] = (struct place){ ring->gates[i].id,
			                                   ring->gates[i].author };
		if (newest->n == 2 * newest->most)
			keep_newest(newest);
	}
}

static err find_newest(const struct world *world, struct newest *newest)
{
	world_lock(world);
	size_t room = world_pieces_room(world);
	world_unlock(world);
	*newest = (struct newest){ .most = room / PIECE_BYTES_MIN + 1 };
	newest->all = malloc(2 * newest->most * sizeof(*newest->all));
	if (newest->all == NULL)
		return err_system("no memory for the places of posts");
	for (size_t from = 0, n = RINGS; n == RINGS; from += n) {
		world_lock(world);
		n = world_each_ring(world, from, RINGS, add_ring, newest);
		world_unlock(world);
	}
	keep_newest(newest);
	return OK;
}

struct batch {
	struct place places[BATCH];
	uint32_t stamps[BATCH];
	size_t n;
};

static bool has_room(const struct world *world)
{
	world_lock(world);
	bool room = world_pieces_room(world) >= ROOM_MIN;
	world_unlock(world);
	return room;
}

/* The next that are not there yet; false when there are no more. */
static bool next_batch(const struct world *world, const struct newest *newest, size_t *at,
                       struct batch *batch)
{
	batch->n = 0;
	world_lock(world);
	for (; *at < newest->n && batch->n < BATCH; ++*at) {
		const struct place *place = &newest->all[*at];
		if (world_piece(world, place->post) != NULL ||
		    world_gate(world, place->author, place->post) == NULL)
			continue;
		batch->stamps[batch->n] = world_piece_stamp(world, place->post);
		batch->places[batch->n++] = *place;
	}
	world_unlock(world);
	return batch->n > 0;
}

static err read_batch(struct circle *c, const struct batch *batch, struct arena *mem)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	for (size_t i = 0; i < batch->n && has_room(c->world); i++) {
		struct piece piece = { 0 };
		e = posts_find(conn, batch->places[i].author, batch->places[i].post, mem,
		               &piece.post);
		if (e.code == ERR_MISSING || (!failed(e) && piece.post.gate.deleted)) {
			e = OK;
			continue;
		}
		TRY(e);
		TRY(piece_read(conn, mem, &piece));
		world_offer_piece(c->world, &piece, batch->stamps[i]);
	}
out:
	store_read_end(c->store, &conn);
	return e;
}

err warm_run(struct circle *c, const atomic_bool *stops)
{
	struct arena *mem = arena_new(64 * 1024);
	struct newest newest;
	struct batch batch;
	size_t at = 0, pieces = 0;
	err e;
	TRY(find_newest(c->world, &newest));
	while (!atomic_load(stops) && has_room(c->world) &&
	       next_batch(c->world, &newest, &at, &batch)) {
		TRY(read_batch(c, &batch, mem));
		pieces += batch.n;
		arena_reset(mem);
	}
	log_event(c->log, LOG_INFO, "world.warm", LOG_I64("pieces", (int64_t)pieces));
out:
	free(newest.all);
	arena_free(mem);
	return e;
}

struct warm {
	struct circle *circle;
	pthread_t thread;
	atomic_bool stops;
};

static void *warm_thread(void *arg)
{
	struct warm *warm = arg;
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	log_if_failed(warm->circle->log, "warm.failed", warm_run(warm->circle, &warm->stops));
	return NULL;
}

err warm_start(struct circle *c, struct warm **out)
{
	struct warm *warm = calloc(1, sizeof(*warm));
	if (warm == NULL)
		return err_system("no memory for the warmer");
	warm->circle = c;
	if (pthread_create(&warm->thread, NULL, warm_thread, warm) != 0) {
		free(warm);
		return err_system("no thread for the warmer");
	}
	pthread_setname_np(warm->thread, "kith-warm");
	*out = warm;
	return OK;
}

void warm_stop(struct warm **warm)
{
	if (*warm == NULL)
		return;
	atomic_store(&(*warm)->stops, true);
	pthread_join((*warm)->thread, NULL);
	free(*warm);
	*warm = NULL;
}
