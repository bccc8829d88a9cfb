/* The newest posts of each author, as gates: enough for every first page of every feed. */
#include "circle/world_private.h"

#include <stdlib.h>
#include <string.h>

/* A copy that owns its audience: one block, lists first, so that `lists` is always what to free. */
static struct post_gate gate_keep(const struct post_gate *gate)
{
	struct post_gate kept = *gate;
	size_t lists = gate->audience.n_lists * sizeof(list_id);
	size_t people = gate->audience.n_people * sizeof(person_id);
	kept.audience.lists = NULL;
	kept.audience.people = NULL;
	if (lists + people > 0) {
		char *block = keep_alloc(lists + people);
		if (lists > 0)
			memcpy(block, gate->audience.lists, lists);
		if (people > 0)
			memcpy(block + lists, gate->audience.people, people);
		kept.audience.lists = (const list_id *)(void *)block;
		kept.audience.people = (const person_id *)(void *)(block + lists);
	}
	return kept;
}

static void gate_free(struct post_gate *gate) { free((void *)(uintptr_t)gate->audience.lists); }

/* Index of the first gate not below `id`; new posts go at the end, so look from there. */
static uint32_t gate_at(const struct ring *ring, post_id id)
{
	uint32_t at = ring->n;
	while (at > 0 && ring->gates[at - 1].id.v >= id.v)
		at--;
	return at;
}

static struct post_gate *find_gate(const struct ring *ring, post_id id)
{
	uint32_t at = gate_at(ring, id);
	return at < ring->n && ring->gates[at].id.v == id.v ? &ring->gates[at] : NULL;
}

static void remove_at(struct ring *ring, uint32_t at)
{
	gate_free(&ring->gates[at]);
	memmove(ring->gates + at, ring->gates + at + 1, (ring->n - at - 1) * sizeof(*ring->gates));
	ring->n--;
}

void ring_add(struct ring *ring, const struct post_gate *gate)
{
	if (gate->deleted || gate->id.v < ring->floor.v || find_gate(ring, gate->id) != NULL)
		return;
	if (ring->n == WORLD_RING) {
		/* The oldest leaves, be it the new one (bulk load brings old posts). */
		bool newest_of_old = gate->id.v < ring->gates[0].id.v;
		ring->floor.v = (newest_of_old ? gate->id.v : ring->gates[0].id.v) + 1;
		if (newest_of_old)
			return;
		remove_at(ring, 0);
	}
	if (ring->n == ring->cap) {
		ring->cap = ring->cap ? ring->cap * 2 : 4;
		ring->gates = keep_grow(ring->gates, ring->cap * sizeof(*ring->gates));
	}
	uint32_t at = gate_at(ring, gate->id);
	memmove(ring->gates + at + 1, ring->gates + at, (ring->n - at) * sizeof(*ring->gates));
	ring->gates[at] = gate_keep(gate);
	ring->n++;
}

void ring_free(struct ring *ring)
{
	for (uint32_t i = 0; i < ring->n; i++)
		gate_free(&ring->gates[i]);
	free(ring->gates);
}

struct world_ring world_ring(const struct world *world, person_id author)
{
	const struct node *node = world_find_node(world, author);
	if (node == NULL)
		return (struct world_ring){ 0 };
	return (struct world_ring){ node->ring.gates, node->ring.n, node->ring.floor };
}

const struct post_gate *world_gate(const struct world *world, person_id author, post_id id)
{
	const struct node *node = world_find_node(world, author);
	return node ? find_gate(&node->ring, id) : NULL;
}

uint64_t world_retractions(const struct world *world) { return world->retractions; }

void world_add_post(struct world *world, const struct post_gate *gate)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, gate->author);
	if (node != NULL)
		ring_add(&node->ring, gate);
	world_unlock_write(world);
}

void world_delete_post(struct world *world, person_id author, post_id id)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, author);
	struct post_gate *gate = node ? find_gate(&node->ring, id) : NULL;
	if (gate != NULL)
		remove_at(&node->ring, (uint32_t)(gate - node->ring.gates));
	pieces_drop(&world->pieces, id);
	pieces_stir(&world->pieces, id);
	world->retractions++;
	world_unlock_write(world);
}

void world_set_held(struct world *world, person_id post_author, post_id post, comment_id comment,
                    int64_t held_until_ms)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, post_author);
	struct post_gate *gate = node && comment.v == 0 ? find_gate(&node->ring, post) : NULL;
	if (gate != NULL)
		gate->held_until_ms = held_until_ms;
	if (comment.v == 0)
		world->retractions++;
	else
		pieces_set_held(&world->pieces, post, comment, held_until_ms);
	pieces_stir(&world->pieces, post);
	world_unlock_write(world);
}
