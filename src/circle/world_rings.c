/* The newest posts of each author, as gates: enough for every first page of every feed. */
#include "circle/world_private.h"

#include "circle/live.h"

#include <stdlib.h>
#include <string.h>

/* A copy that owns its names: one block, lists first, so that `lists` is always what to free. Its earlier ones are blocks of
 * their own. */
static struct audience audience_keep(const struct audience *audience)
{
	struct audience kept = *audience;
	size_t lists = audience->n_lists * sizeof(list_id);
	size_t people = audience->n_people * sizeof(person_id);
	kept.lists = NULL;
	kept.people = NULL;
	if (lists + people > 0) {
		char *block = keep_alloc(lists + people);
		if (lists > 0)
			memcpy(block, audience->lists, lists);
		if (people > 0)
			memcpy(block + lists, audience->people, people);
		kept.lists = (const list_id *)(void *)block;
		kept.people = (const person_id *)(void *)(block + lists);
	}
	if (audience->also != NULL) {
		struct audience *also = keep_alloc(sizeof(*also));
		*also = audience_keep(audience->also);
		kept.also = also;
	}
	return kept;
}

static void audience_free(const struct audience *audience)
{
	free((void *)(uintptr_t)audience->lists);
	if (audience->also != NULL)
		audience_free(audience->also);
	free((void *)(uintptr_t)audience->also);
}

size_t world_ring_at(const struct post_gate *gates, size_t n, int64_t id)
{
	size_t from = 0, to = n;
	if (n > 0 && gates[n - 1].id.v < id)
		return n;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (gates[mid].id.v < id)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static uint32_t gate_at(const struct ring *ring, post_id id)
{
	return (uint32_t)world_ring_at(ring->gates, ring->n, id.v);
}

static struct post_gate *find_gate(const struct ring *ring, post_id id)
{
	uint32_t at = gate_at(ring, id);
	return at < ring->n && ring->gates[at].id.v == id.v ? &ring->gates[at] : NULL;
}

/* The audience is the caller's to free. */
static void take_out(struct ring *ring, uint32_t at)
{
	memmove(ring->gates + at, ring->gates + at + 1, (ring->n - at - 1) * sizeof(*ring->gates));
	ring->n--;
}

/* Whether the oldest has to go before this one can come, be it this one. */
static bool is_full(const struct ring *ring, const struct post_gate *gate)
{
	if (ring->n < WORLD_RING || ring->n == WORLD_RING_MAX)
		return ring->n == WORLD_RING_MAX;
	int64_t oldest_ms = ring->gates[0].created_at_ms;
	int64_t newest_ms = ring->gates[ring->n - 1].created_at_ms, ms = gate->created_at_ms;
	return (ms > newest_ms ? ms : newest_ms) - (ms < oldest_ms ? ms : oldest_ms) >
	       WORLD_RING_MS;
}

void ring_add(struct ring *ring, const struct post_gate *gate)
{
	if (gate->deleted || gate->id.v < ring->floor.v || find_gate(ring, gate->id) != NULL)
		return;
	while (is_full(ring, gate)) {
		/* Bulk load brings old posts. */
		bool newest_of_old = gate->id.v < ring->gates[0].id.v;
		ring->floor.v = (newest_of_old ? gate->id.v : ring->gates[0].id.v) + 1;
		if (newest_of_old)
			return;
		audience_free(&ring->gates[0].audience);
		take_out(ring, 0);
	}
	if (ring->n == ring->cap) {
		ring->cap = ring->cap ? ring->cap * 2 : 4;
		ring->gates = keep_grow(ring->gates, ring->cap * sizeof(*ring->gates));
	}
	uint32_t at = gate_at(ring, gate->id);
	memmove(ring->gates + at + 1, ring->gates + at, (ring->n - at) * sizeof(*ring->gates));
	ring->gates[at] = *gate;
	ring->gates[at].audience = audience_keep(&gate->audience);
	ring->n++;
}

void ring_free(struct ring *ring)
{
	for (uint32_t i = 0; i < ring->n; i++)
		audience_free(&ring->gates[i].audience);
	free(ring->gates);
}

struct world_ring world_ring(const struct world *world, person_id author)
{
	const struct node *node = world_find_node(world, author);
	if (node == NULL)
		return (struct world_ring){ 0 };
	return (struct world_ring){ node->ring.gates, node->ring.n, node->ring.floor };
}

size_t world_each_ring(const struct world *world, size_t from, size_t n,
                       void (*each)(const struct world_ring *ring, void *ctx), void *ctx)
{
	size_t left = from < world->n_nodes ? world->n_nodes - from : 0;
	n = n < left ? n : left;
	for (size_t i = from; i < from + n; i++) {
		const struct ring *ring = &world->nodes[i]->ring;
		each(&(struct world_ring){ ring->gates, ring->n, ring->floor }, ctx);
	}
	return n;
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
	live_post(world->live, gate);
}

bool world_delete_post(struct world *world, person_id author, post_id id)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, author);
	struct post_gate *gate = node ? find_gate(&node->ring, id) : NULL;
	bool known = gate != NULL;
	struct post_gate was = known ? *gate : (struct post_gate){ .id = id };
	if (known)
		take_out(&node->ring, (uint32_t)(gate - node->ring.gates));
	pieces_drop(&world->pieces, id);
	pieces_stir(&world->pieces, id);
	families_leave(&world->families, id);
	world->retractions++;
	world_unlock_write(world);
	if (known) {
		live_gone(world->live, &was);
		audience_free(&was.audience);
	}
	return known;
}

/* The gate of a comment, when it is at hand. */
static bool find_comment(const struct world *world, post_id post, comment_id comment,
                         struct comment_gate *out)
{
	const struct piece *piece = world_piece(world, post);
	for (size_t i = 0; piece != NULL && i < piece->n_comments; i++) {
		if (piece->comments[i].gate.id.v != comment.v)
			continue;
		*out = piece->comments[i].gate;
		return true;
	}
	return false;
}

/* A hold takes away what could be seen; its end brings it. */
static void tell_held(struct world *world, const struct post_gate *was, int64_t held_until_ms)
{
	if (was->held_until_ms == 0 && held_until_ms != 0)
		live_gone(world->live, was);
	else if (was->held_until_ms != 0 && held_until_ms == 0)
		live_post(world->live, was);
}

static void tell_comment_held(struct world *world, const struct status_ref *ref, bool known,
                              const struct comment_gate *was, int64_t held_until_ms)
{
	if (known && was->held_until_ms == held_until_ms)
		return;
	if (known && held_until_ms != 0)
		live_comment_gone(world->live, was);
	else
		live_changed(world->live, ref);
}

void world_set_held(struct world *world, person_id post_author, post_id post, comment_id comment,
                    int64_t held_until_ms)
{
	struct status_ref ref = { post_author, post, comment };
	struct comment_gate comment_was;
	world_lock_write(world);
	struct node *node = world_find_node(world, post_author);
	struct post_gate *gate = node && comment.v == 0 ? find_gate(&node->ring, post) : NULL;
	/* Its names stay the ring's: no other thread changes them. */
	struct post_gate was = gate ? *gate : (struct post_gate){ .id = post };
	bool known = comment.v != 0 && find_comment(world, post, comment, &comment_was);
	if (gate != NULL)
		gate->held_until_ms = held_until_ms;
	if (comment.v == 0)
		world->retractions++;
	else
		pieces_set_held(&world->pieces, post, comment, held_until_ms);
	pieces_stir(&world->pieces, post);
	world_unlock_write(world);
	if (comment.v != 0)
		tell_comment_held(world, &ref, known, &comment_was, held_until_ms);
	else if (gate != NULL)
		tell_held(world, &was, held_until_ms);
}

bool world_set_audience(struct world *world, person_id author, post_id id,
                        const struct audience *audience)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, author);
	struct post_gate *gate = node ? find_gate(&node->ring, id) : NULL;
	bool known = gate != NULL;
	struct post_gate was = known ? *gate : (struct post_gate){ .id = id };
	if (known)
		gate->audience = audience_keep(audience);
	world->retractions++;
	pieces_stir(&world->pieces, id);
	world_unlock_write(world);
	if (known) {
		live_gone(world->live, &was);
		audience_free(&was.audience);
	}
	return known;
}
