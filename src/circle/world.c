/* The mirror itself: its lock, its beginning and its end. */
#include "circle/world.h"
#include "circle/world_private.h"

#include <stdlib.h>

static pthread_rwlock_t *lock_of(const struct world *world)
{
	return (pthread_rwlock_t *)(uintptr_t)&world->lock; /* a lock is not part of what is read */
}

void world_tell(struct world *world, struct live *live) { world->live = live; }

void world_lock(const struct world *world) { pthread_rwlock_rdlock(lock_of(world)); }

void world_unlock(const struct world *world) { pthread_rwlock_unlock(lock_of(world)); }

struct world *world_new(void)
{
	struct world *world = keep_alloc(sizeof(*world));
	pthread_rwlockattr_t kind;
	pthread_rwlockattr_init(&kind);
	/* Readers come all the time: without this a change could wait forever. */
	pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&world->lock, &kind);
	pthread_rwlockattr_destroy(&kind);
	world_grow_index(world);
	return world;
}

void world_free(struct world *world)
{
	if (world == NULL)
		return;
	for (size_t i = 0; i < world->n_nodes; i++)
		world_free_node(world->nodes[i]);
	pieces_free(&world->pieces);
	families_free(&world->families);
	groups_free(world);
	free(world->nodes);
	free(world->by_id);
	free(world->by_key);
	pthread_rwlock_destroy(&world->lock);
	free(world);
}
