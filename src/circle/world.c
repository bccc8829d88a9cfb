/* The world is loaded whole at start, from one snapshot, before anybody writes. */
#include "circle/world.h"
#include "circle/world_private.h"

#include "store/groups.h"
#include "store/filters.h"
#include "store/hushes.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/posts.h"

#include <stdlib.h>

static pthread_rwlock_t *lock_of(const struct world *world)
{
	return (pthread_rwlock_t *)(uintptr_t)&world->lock; /* a lock is not part of what is read */
}

void world_tell(struct world *world, struct live *live) { world->live = live; }

void world_lock(const struct world *world) { pthread_rwlock_rdlock(lock_of(world)); }

void world_unlock(const struct world *world) { pthread_rwlock_unlock(lock_of(world)); }

static err load_person(const struct person *person, str handle_key, void *ctx)
{
	world_set_person(ctx, person, handle_key);
	return OK;
}

static err load_tie(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	(void)kind;
	world_set_tie(ctx, a, b, true, at_ms);
	return OK;
}

static err load_block(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	(void)kind;
	(void)at_ms;
	world_set_block(ctx, a, b, true);
	return OK;
}

static err load_hide(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	(void)at_ms;
	world_set_hide(ctx, a, b, (enum hide_kind)kind, true);
	return OK;
}

static err load_sifts(person_id reader, void *ctx)
{
	world_set_sifts(ctx, reader, true);
	return OK;
}

static err load_hush(person_id reader, post_id post, void *ctx)
{
	world_set_hush(ctx, reader, post, true);
	return OK;
}

static err load_list(const struct list *list, void *ctx)
{
	world_set_list(ctx, list);
	return OK;
}

static err load_member(person_id owner, list_id list, person_id member, void *ctx)
{
	world_set_list_member(ctx, owner, list, member, true);
	return OK;
}

static err load_group(const struct group *group, void *ctx)
{
	world_set_group(ctx, group);
	return OK;
}

static err load_group_member(group_id group, const struct group_member *member, void *ctx)
{
	world_set_group_member(ctx, group, member->person, true, member->at_ms);
	return OK;
}

/* One more than a ring holds tells whether there are older ones. */
static err load_ring(struct conn *conn, struct node *node, struct arena *mem)
{
	struct post_gate *gates;
	size_t n;
	err e = posts_gates_of(conn, node->person.id, (post_id){ INT64_MAX }, WORLD_RING + 1, mem,
	                       &gates, &n);
	if (failed(e))
		return e;
	for (size_t i = 0; i < n; i++) /* newest first: the one too many lands below the floor */
		ring_add(&node->ring, &gates[i]);
	return OK;
}

static err load_all(struct conn *conn, struct world *world)
{
	struct arena *mem = arena_new(64 * 1024);
	err e;
	TRY(people_each(conn, load_person, world));
	TRY(ties_each(conn, load_tie, world));
	TRY(blocks_each(conn, load_block, world));
	TRY(hides_each(conn, load_hide, world));
	TRY(filters_each_reader(conn, load_sifts, world));
	TRY(hushes_each(conn, load_hush, world));
	TRY(lists_each(conn, load_list, world));
	TRY(list_members_each(conn, load_member, world));
	TRY(groups_each(conn, load_group, world));
	TRY(group_members_each(conn, load_group_member, world));
	for (size_t i = 0; i < world->n_nodes; i++) {
		TRY(load_ring(conn, world->nodes[i], mem));
		arena_reset(mem);
	}
out:
	arena_free(mem);
	return e;
}

err world_load(struct store *store, struct log *log, struct world **out)
{
	struct world *world = world_new();
	struct conn *conn = NULL;
	err e;
	TRY(store_read(store, &conn));
	TRY(load_all(conn, world));
	log_event(log, LOG_INFO, "world.loaded", LOG_I64("people", (int64_t)world->n_nodes));
	*out = world;
	world = NULL;
out:
	store_read_end(store, &conn);
	world_free(world);
	return e;
}

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
