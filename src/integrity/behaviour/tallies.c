/* Two pools of tallies (near-copies, all else): an array with a hash index and a list by last use in each. */
#include "integrity/behaviour/tallies.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LATE_MIN_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define KEPT_MAX_MS (45 * DAY_MS)    /* stamps are 32 bits of milliseconds: 49 days */
#define PARTS_KEPT (TALLY_PARTS + 1) /* a window touches one more than it is long */
#define POOL_FIRST 64u
#define NONE UINT32_MAX

#define NEAR_CELLS 8 /* fill the rest of a cache line: most keys need no more */

/* Cells: of a counting window stamps, ascending, and once those overflow PARTS_KEPT pairs (number of the part, pieces); of
 * WINDOW_DISTINCT pairs (value, stamp). */
struct tally {
	uint64_t key;
	int64_t newest_ms;
	union {
		uint32_t near[NEAR_CELLS];
		uint32_t *far; /* when `cap` is more */
	} cells;
	uint32_t less, more; /* towards used longer ago, towards used later */
	uint8_t n, cap, window;
	bool parts;
};
static_assert(sizeof(struct tally) == 64, "one look at memory");

/* One place of the index; `id` NONE is empty. With the hash beside it a tally that is not meant need not be looked at. */
struct slot {
	uint32_t id, hash;
};

struct pool {
	struct tally *list;
	struct slot *index; /* open addressing */
	uint32_t n, cap, max, mask;
	uint32_t oldest, newest;
};

struct tallies {
	struct window_spec windows[WINDOWS_MAX];
	struct pool pools[2];
	size_t cell_bytes;
};

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 32)) * UINT64_C(0x9FB21C651E98DF25);
	x = (x ^ (x >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
	return x ^ (x >> 32);
}

static uint32_t hash_of(uint64_t key, size_t window)
{
	return (uint32_t)mix(key + UINT64_C(0x9E3779B97F4A7C15) * (window + 1));
}

/* ---- the pool ---- */

static struct slot *slot_of(const struct pool *p, uint64_t key, size_t window)
{
	uint32_t hash = hash_of(key, window), at = hash & p->mask;
	for (; p->index[at].id != NONE; at = (at + 1) & p->mask) {
		const struct tally *t = &p->list[p->index[at].id];
		if (p->index[at].hash == hash && t->key == key && t->window == window)
			break;
	}
	return &p->index[at];
}

static void unlink_use(struct pool *p, uint32_t id)
{
	struct tally *t = &p->list[id];
	*(t->less == NONE ? &p->oldest : &p->list[t->less].more) = t->more;
	*(t->more == NONE ? &p->newest : &p->list[t->more].less) = t->less;
}

static void link_newest(struct pool *p, uint32_t id)
{
	p->list[id].less = p->newest;
	p->list[id].more = NONE;
	*(p->newest == NONE ? &p->oldest : &p->list[p->newest].more) = id;
	p->newest = id;
}

/* Empties a slot and moves back what was put further on because of it. */
static void close_gap(struct pool *p, struct slot *slot)
{
	uint32_t at = (uint32_t)(slot - p->index);
	for (uint32_t next = (at + 1) & p->mask; p->index[next].id != NONE;
	     next = (next + 1) & p->mask) {
		if (((next - p->index[next].hash) & p->mask) < ((next - at) & p->mask))
			continue;
		p->index[at] = p->index[next];
		at = next;
	}
	p->index[at].id = NONE;
}

static void *lines_new(size_t n, size_t size)
{
	void *p = aligned_alloc(64, (n * size + 63) / 64 * 64);
	if (!p)
		abort(); /* as an arena does: sizes are bounded by limits given at the start */
	return p;
}

static void pool_grow(struct pool *p)
{
	uint32_t cap = p->cap == 0 ? POOL_FIRST : p->cap * 2, slots = POOL_FIRST;
	cap = cap < p->max ? cap : p->max;
	while (slots < cap * 2)
		slots *= 2;
	struct tally *list = lines_new(cap, sizeof *list);
	if (p->n > 0)
		memcpy(list, p->list, p->n * sizeof *list);
	free(p->list);
	free(p->index);
	p->list = list;
	p->index = lines_new(slots, sizeof *p->index);
	p->cap = cap;
	p->mask = slots - 1;
	memset(p->index, 0xFF, slots * sizeof *p->index);
	for (uint32_t id = 0; id < p->n; id++) {
		const struct tally *t = &list[id];
		*slot_of(p, t->key, t->window) = (struct slot){ id, hash_of(t->key, t->window) };
	}
}

static uint32_t *cells_of(struct tally *k)
{
	return k->cap > NEAR_CELLS ? k->cells.far : k->cells.near;
}

static const uint32_t *cells_in(const struct tally *k)
{
	return k->cap > NEAR_CELLS ? k->cells.far : k->cells.near;
}

/* Of the part that is allocated. */
static size_t far_cells(const struct tally *k)
{
	return (k->cap > NEAR_CELLS ? k->cap : 0u) + (k->parts ? 2u * PARTS_KEPT : 0u);
}

static void free_cells(struct tallies *t, struct tally *k)
{
	if (k->cap <= NEAR_CELLS)
		return;
	t->cell_bytes -= far_cells(k) * sizeof *k->cells.far;
	free(k->cells.far);
}

/* A place for one more: a new one, or that of the tally used longest ago. */
static uint32_t make_room(struct tallies *t, struct pool *p)
{
	if (p->n == p->cap && p->cap < p->max)
		pool_grow(p);
	if (p->n < p->cap)
		return p->n++;
	uint32_t id = p->oldest;
	struct tally *old = &p->list[id];
	close_gap(p, slot_of(p, old->key, old->window));
	unlink_use(p, id);
	free_cells(t, old);
	return id;
}

static struct pool *pool_of(const struct tallies *t, size_t window)
{
	return (struct pool *)&t->pools[t->windows[window].key == KEY_SIMILAR ? 1 : 0];
}

static struct tally *used(struct tallies *t, size_t window, uint64_t key, int64_t at_ms)
{
	struct pool *p = pool_of(t, window);
	uint32_t id = p->cap ? slot_of(p, key, window)->id : NONE;
	if (id != NONE) {
		unlink_use(p, id);
	} else {
		id = make_room(t, p);
		p->list[id] = (struct tally){
			.key = key, .newest_ms = at_ms, .cap = NEAR_CELLS, .window = (uint8_t)window
		};
		*slot_of(p, key, window) = (struct slot){ id, hash_of(key, window) };
	}
	link_newest(p, id);
	return &p->list[id];
}

/* ---- one tally ---- */

static int64_t full(const struct tally *t, uint32_t stamp)
{
	return t->newest_ms - (int64_t)(uint32_t)((uint32_t)t->newest_ms - stamp);
}

static void cells_grow(struct tallies *t, struct tally *k, size_t cap, bool parts)
{
	size_t before = far_cells(k);
	uint32_t *far = k->cap > NEAR_CELLS ? k->cells.far : NULL, near[NEAR_CELLS];
	memcpy(near, k->cells.near, sizeof near);
	bool was_near = far == NULL;
	k->cap = (uint8_t)cap;
	k->parts = parts;
	size_t after = far_cells(k);
	far = realloc(far, after * sizeof *far);
	if (!far)
		abort();
	if (was_near)
		memcpy(far, near, sizeof near);
	else
		memset(far + before, 0, (after - before) * sizeof *far);
	k->cells.far = far;
	t->cell_bytes += (after - before) * sizeof *far;
}

static int64_t part_ms(const struct window_spec *w)
{
	return (w->window_ms + TALLY_PARTS - 1) / TALLY_PARTS;
}

/* Into the sixteenth it belongs to. The place of a part is used again by a later one, never by an earlier. */
static void add_to_part(const struct window_spec *w, struct tally *k, int64_t at_ms)
{
	int64_t part = at_ms / part_ms(w);
	uint32_t *pair = k->cells.far + k->cap + 2 * (part % PARTS_KEPT);
	if (pair[1] != 0 && pair[0] != (uint32_t)part) {
		if ((int32_t)((uint32_t)part - pair[0]) < 0)
			return;
		pair[1] = 0;
	}
	pair[0] = (uint32_t)part;
	pair[1]++;
}

/* How long a piece is kept after its window has left it: so late may others come and be told right. */
static int64_t kept_ms(const struct window_spec *w)
{
	int64_t late = w->window_ms > LATE_MIN_MS ? w->window_ms : LATE_MIN_MS;
	return w->window_ms + late < KEPT_MAX_MS ? w->window_ms + late : KEPT_MAX_MS;
}

static void drop_old_stamps(struct tally *k, int64_t from_ms)
{
	uint32_t *stamps = cells_of(k);
	uint8_t old = 0;
	while (old < k->n && full(k, stamps[old]) <= from_ms)
		old++;
	if (old == 0)
		return;
	k->n = (uint8_t)(k->n - old);
	memmove(stamps, stamps + old, k->n * sizeof *stamps);
}

static void drop_old_values(struct tally *k, int64_t from_ms)
{
	uint32_t *pairs = cells_of(k);
	uint8_t kept = 0;
	for (uint8_t i = 0; i < k->n; i++) {
		if (full(k, pairs[2 * i + 1]) <= from_ms)
			continue;
		pairs[2 * kept] = pairs[2 * i];
		pairs[2 * kept++ + 1] = pairs[2 * i + 1];
	}
	k->n = kept;
}

/* Values are in no order, so they are gone through where it pays: before more room is taken, and once a day for the stamps' sake. */
static void move_on(const struct window_spec *w, struct tally *k, int64_t at_ms)
{
	int64_t from_ms = (at_ms > k->newest_ms ? at_ms : k->newest_ms) - kept_ms(w);
	if (w->op != WINDOW_DISTINCT)
		drop_old_stamps(k, from_ms);
	else if (2 * k->n == k->cap || at_ms / DAY_MS > k->newest_ms / DAY_MS)
		drop_old_values(k, from_ms);
	if (at_ms > k->newest_ms)
		k->newest_ms = at_ms;
}

static void add_stamp(struct tallies *t, const struct window_spec *w, struct tally *k,
                      int64_t at_ms)
{
	if (k->n == TALLY_STAMPS) {
		if (!k->parts)
			cells_grow(t, k, TALLY_STAMPS, true);
		uint32_t *stamps = cells_of(k);
		int64_t first = full(k, stamps[0]);
		add_to_part(w, k, at_ms < first ? at_ms : first);
		if (at_ms < first)
			return;
		memmove(stamps, stamps + 1, (TALLY_STAMPS - 1) * sizeof *stamps);
		k->n--;
	}
	if (k->n == k->cap)
		cells_grow(t, k, k->cap * 2u, false);
	uint32_t *stamps = cells_of(k);
	uint8_t at = k->n++;
	for (; at > 0 && full(k, stamps[at - 1]) > at_ms; at--)
		stamps[at] = stamps[at - 1];
	stamps[at] = (uint32_t)at_ms;
}

/* Where a value is noted: its own place, a new one, else that of the value seen longest ago. */
static uint32_t *value_place(struct tallies *t, struct tally *k, uint32_t value)
{
	uint32_t *pairs = cells_of(k);
	size_t oldest = 0;
	for (size_t i = 0; i < k->n; i++) {
		if (pairs[2 * i] == value)
			return pairs + 2 * i;
		if (full(k, pairs[2 * i + 1]) < full(k, pairs[2 * oldest + 1]))
			oldest = i;
	}
	if (k->n == TALLY_VALUES)
		return pairs + 2 * oldest;
	if (2 * k->n == k->cap)
		cells_grow(t, k, k->cap * 2u, false);
	uint32_t *pair = cells_of(k) + 2 * k->n++;
	pair[1] = (uint32_t)(k->newest_ms - KEPT_MAX_MS); /* earlier than any */
	return pair;
}

static void add_value(struct tallies *t, struct tally *k, uint32_t value, int64_t at_ms)
{
	uint32_t *pair = value_place(t, k, value);
	if (full(k, pair[1]) >= at_ms)
		return;
	pair[0] = value;
	pair[1] = (uint32_t)at_ms;
}

void tallies_add(struct tallies *t, size_t window, uint64_t key, uint64_t value, int64_t at_ms)
{
	const struct window_spec *w = &t->windows[window];
	struct tally *k = used(t, window, key, at_ms);
	if (k->newest_ms - at_ms >= kept_ms(w))
		return;
	move_on(w, k, at_ms);
	if (w->op == WINDOW_DISTINCT)
		add_value(t, k, (uint32_t)(mix(value) >> 32), at_ms);
	else
		add_stamp(t, w, k, at_ms);
}

static uint64_t count_parts(const struct window_spec *w, const struct tally *k, int64_t at_ms)
{
	uint32_t now = (uint32_t)(at_ms / part_ms(w)),
		 from = (uint32_t)((at_ms - w->window_ms) / part_ms(w));
	uint64_t n = 0;
	for (size_t i = 0; k->parts && i < PARTS_KEPT; i++) {
		const uint32_t *pair = k->cells.far + k->cap + 2 * i;
		bool inside = pair[0] - from <= now - from;
		n += inside ? pair[1] : 0;
	}
	return n;
}

static double count(const struct window_spec *w, const struct tally *k, int64_t at_ms)
{
	const uint32_t *stamps = cells_in(k);
	uint64_t n = 0;
	for (uint8_t i = k->n; i-- > 0;) {
		int64_t at = full(k, stamps[i]);
		if (at <= at_ms - w->window_ms)
			return (double)n; /* what overflowed is older still */
		n += at <= at_ms ? 1 : 0;
	}
	return (double)(n + count_parts(w, k, at_ms));
}

static double count_values(const struct window_spec *w, const struct tally *k, int64_t at_ms)
{
	const uint32_t *pairs = cells_in(k);
	uint64_t n = 0;
	for (uint8_t i = 0; i < k->n; i++) {
		int64_t at = full(k, pairs[2 * i + 1]);
		n += at <= at_ms && at > at_ms - w->window_ms ? 1 : 0;
	}
	return (double)n;
}

static double last(const struct window_spec *w, const struct tally *k, int64_t at_ms)
{
	const uint32_t *stamps = cells_in(k);
	for (uint8_t i = k->n; i-- > 0;) {
		int64_t at = full(k, stamps[i]);
		if (at <= at_ms)
			return at > at_ms - w->window_ms ? (double)(at_ms - at) : NAN;
	}
	return NAN;
}

const struct tally *tallies_find(const struct tallies *t, size_t window, uint64_t key)
{
	const struct pool *p = pool_of(t, window);
	uint32_t id = p->cap && key ? slot_of(p, key, window)->id : NONE;
	const struct tally *k = id != NONE ? &p->list[id] : NULL;
	if (k && k->cap > NEAR_CELLS)
		__builtin_prefetch(k->cells.far);
	return k;
}

double tallies_read(const struct tallies *t, size_t window, const struct tally *k, int64_t at_ms)
{
	static const struct tally nothing;
	const struct window_spec *w = &t->windows[window];
	k = k ? k : &nothing;
	switch (w->op) {
	case WINDOW_LAST:
		return last(w, k, at_ms);
	case WINDOW_RATE:
		return count(w, k, at_ms) * 3600000.0 / (double)w->window_ms;
	case WINDOW_DISTINCT:
		return count_values(w, k, at_ms);
	case WINDOW_COUNT:
		break;
	}
	return count(w, k, at_ms);
}

void tallies_expect(const struct tallies *t, size_t window, uint64_t key, unsigned step)
{
	const struct pool *p = pool_of(t, window);
	if (p->cap == 0 || key == 0)
		return;
	const struct slot *slot = &p->index[hash_of(key, window) & p->mask];
	if (step == 0)
		__builtin_prefetch(slot);
	else if (slot->id != NONE)
		__builtin_prefetch(&p->list[slot->id]);
}

struct tallies *tallies_new(const struct window_spec *windows, size_t n, uint32_t keys_max)
{
	struct tallies *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	if (n > 0)
		memcpy(t->windows, windows, n * sizeof *windows);
	uint32_t max = keys_max ? keys_max : TALLY_KEYS_DEFAULT;
	for (size_t i = 0; i < 2; i++)
		t->pools[i] = (struct pool){ .max = max < 2 ? 1 : max / 2,
			                     .oldest = NONE,
			                     .newest = NONE };
	return t;
}

void tallies_free(struct tallies *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < 2; i++) {
		struct pool *p = &t->pools[i];
		for (uint32_t id = 0; id < p->n; id++)
			free_cells(t, &p->list[id]);
		free(p->list);
		free(p->index);
	}
	free(t);
}

size_t tallies_bytes(const struct tallies *t)
{
	size_t bytes = sizeof *t + t->cell_bytes;
	for (size_t i = 0; i < 2; i++) {
		const struct pool *p = &t->pools[i];
		bytes += p->cap * sizeof *p->list + (p->cap ? p->mask + 1 : 0) * sizeof *p->index;
	}
	return bytes;
}
