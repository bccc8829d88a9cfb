/* The world is loaded whole at start, before anybody writes: so several readers see the same. */
#include "circle/world.h"
#include "circle/world_private.h"

#include "store/filters.h"
#include "store/groups.h"
#include "store/hushes.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/ties.h"

#define SHARES 4
#define SHARES_FROM 50 /* people; fewer are loaded before threads have begun */

static err load_person(const struct person *person, str handle_key, void *ctx)
{
	world_set_person(ctx, person, handle_key);
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

/* ---- what each person has most of, side by side ---- */

/* People in order of arrival, which is that of their ids; each share is one thread's, so nobody waits for a lock. */
struct share {
	struct store *store;
	struct world *world;
	size_t from, n; /* among the nodes */
	size_t at;      /* ties come by person: whose turn it is */
	pthread_t thread;
	bool has_thread;
	err e;
};

static err load_tie(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	struct share *share = ctx;
	struct node **nodes = share->world->nodes;
	(void)kind;
	while (share->at < share->from + share->n && nodes[share->at]->person.id.v < a.v)
		share->at++;
	if (share->at < share->from + share->n && nodes[share->at]->person.id.v == a.v)
		id_set_put(&nodes[share->at]->ties, b, true, &nodes[share->at]->ties_at, at_ms);
	return OK;
}

/* Newest first, until one is too many, which lands below the floor, or there are no more. */
static err load_ring(struct conn *conn, struct node *node, struct arena *mem)
{
	post_id before = { INT64_MAX };
	struct ring *ring = &node->ring;
	struct post_gate *gates;
	int page = WORLD_RING + 1;
	size_t n;
	err e;
	do {
		TRY(posts_gates_of(conn, node->person.id, before, page, mem, &gates, &n));
		for (size_t i = 0; i < n; i++)
			ring_add(ring, &gates[i]);
		if (n > 0)
			before = gates[n - 1].id;
	} while (n == (size_t)page && ring->floor.v == 0);
out:
	return e;
}

static err load_share(struct share *share)
{
	struct arena *mem = arena_new(64 * 1024);
	struct node **nodes = share->world->nodes;
	struct conn *conn = NULL;
	size_t end = share->from + share->n;
	err e = OK;
	if (share->n == 0)
		goto out;
	share->at = share->from;
	TRY(store_read(share->store, &conn));
	TRY(ties_each(conn, nodes[share->from]->person.id, nodes[end - 1]->person.id, load_tie,
	              share));
	for (size_t i = share->from; i < end; i++) {
		TRY(load_ring(conn, nodes[i], mem));
		arena_reset(mem);
	}
out:
	store_read_end(share->store, &conn);
	arena_free(mem);
	return e;
}

static void *share_thread(void *arg)
{
	struct share *share = arg;
	share->e = load_share(share);
	return NULL;
}

/* Where there is no thread for a share it is loaded by this one. */
static err load_shares(struct store *store, struct world *world)
{
	struct share shares[SHARES] = { 0 };
	err e = OK;
	for (size_t i = 0; i < SHARES; i++) {
		size_t from = world->n_nodes * i / SHARES;
		shares[i] = (struct share){ .store = store,
			                    .world = world,
			                    .from = from,
			                    .n = world->n_nodes * (i + 1) / SHARES - from };
		shares[i].has_thread = world->n_nodes >= SHARES_FROM &&
		                       pthread_create(&shares[i].thread, NULL, share_thread,
		                                      &shares[i]) == 0;
		if (!shares[i].has_thread)
			share_thread(&shares[i]);
	}
	for (size_t i = 0; i < SHARES; i++) {
		if (shares[i].has_thread)
			pthread_join(shares[i].thread, NULL);
		if (failed(shares[i].e))
			e = shares[i].e;
	}
	return e;
}

/* ---- all of it ---- */

static err load_all(struct conn *conn, struct world *world)
{
	err e;
	TRY(people_each(conn, load_person, world));
	TRY(blocks_each(conn, load_block, world));
	TRY(hides_each(conn, load_hide, world));
	TRY(filters_each_reader(conn, load_sifts, world));
	TRY(hushes_each(conn, load_hush, world));
	TRY(lists_each(conn, load_list, world));
	TRY(list_members_each(conn, load_member, world));
	TRY(groups_each(conn, load_group, world));
	TRY(group_members_each(conn, load_group_member, world));
out:
	return e;
}

err world_load(struct store *store, struct log *log, struct world **out)
{
	struct world *world = world_new();
	struct conn *conn = NULL;
	err e;
	TRY(store_read(store, &conn));
	TRY(load_all(conn, world));
	TRY(load_shares(store, world));
	log_event(log, LOG_INFO, "world.loaded", LOG_I64("people", (int64_t)world->n_nodes));
	*out = world;
	world = NULL;
out:
	store_read_end(store, &conn);
	world_free(world);
	return e;
}
