/* Merges the rings of a page's authors, newest (or oldest) first, with a heap of one entry an author.
 *
 * A ring that runs out while older posts of its author lie in the store leaves a barrier in the heap, at the highest
 * id that may be missing. When the first barrier comes up, the posts of all such authors come from the store from there on, and those
 * of the others, who have nothing there, from memory still: of most people everything they ever wrote is in their ring. */
#include "circle/read_private.h"

#include <string.h>

struct walk_ring {
	int64_t key; /* what comes up first is largest: the id, or minus the id for oldest first */
	const struct post_gate *gate;  /* NULL: a barrier */
	const struct post_gate *first; /* of the ring */
	size_t left;                   /* gates still to come after this one */
	int64_t floor;
	bool deep;
};

static void sift_down(struct walk_ring *heap, size_t n, size_t at)
{
	struct walk_ring moved = heap[at];
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && heap[child + 1].key > heap[child].key)
			child++;
		if (heap[child].key <= moved.key)
			break;
		heap[at] = heap[child];
	}
	heap[at] = moved;
}

/* Where the ring is not whole, down to the page's lower bound. False: nothing is missing. */
static bool barrier_of(const struct walk *walk, struct walk_ring *r)
{
	r->gate = NULL;
	r->key = r->floor - 1 < walk->before - 1 ? r->floor - 1 : walk->before - 1;
	return r->key > walk->after;
}

static bool ring_descending(const struct walk *walk, const struct world_ring *ring,
                            struct walk_ring *r)
{
	size_t n = world_ring_at(ring->gates, ring->n, walk->before);
	if (n == 0)
		return barrier_of(walk, r);
	r->gate = &ring->gates[n - 1];
	r->left = n - 1;
	r->key = r->gate->id.v;
	if (r->key <= walk->after)
		return false;
	return true;
}

/* Called only for a ring that is whole from the lower bound up. */
static bool ring_ascending(const struct walk *walk, const struct world_ring *ring,
                           struct walk_ring *r)
{
	size_t i = world_ring_at(ring->gates, ring->n, walk->after);
	i += i < ring->n && ring->gates[i].id.v == walk->after;
	if (i == ring->n || ring->gates[i].id.v >= walk->before)
		return false;
	r->gate = &ring->gates[i];
	r->left = ring->n - 1 - i;
	r->key = -r->gate->id.v;
	return true;
}

static void heap_up(struct walk *walk)
{
	for (size_t i = walk->n_heap / 2; i-- > 0;)
		sift_down(walk->heap, walk->n_heap, i);
}

static void fill_heap(struct walk *walk)
{
	walk->heap = ARENA_ARRAY(walk->view->mem, walk->n_authors, struct walk_ring);
	for (size_t i = 0; i < walk->n_authors; i++) {
		struct world_ring ring = world_ring(walk->view->c->world, walk->authors[i]);
		struct walk_ring *r = &walk->heap[walk->n_heap];
		bool deep = ring.floor.v > walk->after + 1;
		*r = (struct walk_ring){ .first = ring.gates, .floor = ring.floor.v, .deep = deep };
		if (deep)
			walk->deep[walk->n_deep++] = walk->authors[i];
		if (deep && walk->oldest_first)
			continue; /* from the bottom up there is no half way */
		walk->n_heap += walk->oldest_first ? ring_ascending(walk, &ring, r)
		                                   : ring_descending(walk, &ring, r);
	}
	heap_up(walk);
}

/* Whether what has been pulled so far begins no later than here, is of the same people, and still holds. */
static bool pull_serves(const struct walk *walk, int64_t start)
{
	const struct pull *p = &walk->view->pull;
	return p->authors != NULL && p->oldest_first == walk->oldest_first &&
	       (walk->oldest_first ? p->start <= start : p->start >= start) &&
	       p->n_authors == walk->n_deep &&
	       memcmp(p->authors, walk->deep, p->n_authors * sizeof(*p->authors)) == 0 &&
	       view_trusts(walk->view, p->retractions);
}

static void drop_deep(struct walk *walk)
{
	size_t kept = 0;
	for (size_t i = 0; i < walk->n_heap; i++)
		if (!walk->heap[i].deep)
			walk->heap[kept++] = walk->heap[i];
	walk->n_heap = kept;
	heap_up(walk);
}

/* Turns to the store for the deep: `start` is the exclusive bound from which memory has nothing of them. */
static void turn_to_store(struct walk *walk, int64_t start)
{
	struct view *view = walk->view;
	struct pull *p = &view->pull;
	walk->turned = true;
	drop_deep(walk);
	if (!pull_serves(walk, start)) {
		view->tries += p->authors != NULL;
		*p = (struct pull){ .authors = walk->deep,
			            .n_authors = walk->n_deep,
			            .oldest_first = walk->oldest_first,
			            .start = start,
			            .stop = walk->oldest_first ? walk->before : walk->after,
			            .retractions = world_retractions(view->c->world) };
	}
	walk->at = 0;
	while (walk->at < p->n && (walk->oldest_first ? p->gates[walk->at].id.v <= start
	                                              : p->gates[walk->at].id.v >= start))
		walk->at++;
}

/* The store alone. */
static void all_deep(struct walk *walk)
{
	for (size_t i = 0; i < walk->n_authors; i++)
		walk->deep[walk->n_deep++] = walk->authors[i];
}

struct walk walk_of(struct view *view, const person_id *authors, size_t n, struct page page,
                    bool rings)
{
	struct walk walk = { .view = view,
		             .authors = authors,
		             .n_authors = n,
		             .after = page.since_id > page.min_id ? page.since_id : page.min_id,
		             .before = page.max_id > 0 ? page.max_id : INT64_MAX,
		             .oldest_first = page.min_id > 0 };
	walk.deep = ARENA_ARRAY(view->mem, n, person_id);
	walk.last = walk.before;
	if (rings)
		fill_heap(&walk);
	else
		all_deep(&walk);
	if (walk.n_deep > 0 && (!rings || walk.oldest_first))
		turn_to_store(&walk, walk.oldest_first ? walk.after : walk.before);
	return walk;
}

/* The next of the same author, or its barrier, or nothing. */
static void advance(struct walk *walk)
{
	struct walk_ring *r = &walk->heap[0];
	bool more;
	if (r->left == 0) {
		more = !walk->oldest_first && barrier_of(walk, r);
	} else {
		r->left--;
		r->gate += walk->oldest_first ? 1 : -1;
		r->key = walk->oldest_first ? -r->gate->id.v : r->gate->id.v;
		more = walk->oldest_first ? r->gate->id.v < walk->before : r->key > walk->after;
	}
	if (!more)
		walk->heap[0] = walk->heap[--walk->n_heap];
	if (walk->n_heap > 0)
		sift_down(walk->heap, walk->n_heap, 0);
}

/* The next of the deep; NULL with `*more`: it has been asked for. */
static const struct post_gate *next_deep(struct walk *walk, bool *more)
{
	struct pull *p = &walk->view->pull;
	*more = walk->turned && walk->at == p->n && !p->ended;
	if (*more)
		walk->view->pull_wanted = true;
	return walk->turned && walk->at < p->n ? &p->gates[walk->at] : NULL;
}

static const struct post_gate *next_in_memory(struct walk *walk)
{
	const struct post_gate *gate = walk->heap[0].gate;
	walk->last = gate->id.v;
	advance(walk);
	return gate;
}

const struct post_gate *walk_next(struct walk *walk)
{
	bool more;
	if (walk->n_heap > 0 && walk->heap[0].gate == NULL) {
		int64_t start = walk->heap[0].key + 1;
		turn_to_store(walk, start < walk->last ? start : walk->last);
	}
	const struct post_gate *deep = next_deep(walk, &more);
	if (more)
		return NULL;
	if (walk->n_heap > 0 &&
	    (deep == NULL || walk->heap[0].key > (walk->oldest_first ? -deep->id.v : deep->id.v)))
		return next_in_memory(walk);
	walk->at += deep != NULL;
	return deep;
}
