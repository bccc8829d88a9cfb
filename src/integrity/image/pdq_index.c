/* Sorted hashes lie, for each of 16 slots, in buckets by the 16 bits of that slot: offsets into one array of positions. What was added
 * since the last sorting is scanned; when that is a sixteenth of the whole, all is sorted anew, so an addition costs a constant on average. */
#include "integrity/image/pdq_index.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 16
#define BUCKETS 65536
/* As many are scanned in the time a lookup in the buckets takes. */
#define SCANNED 8192

struct hash {
	uint16_t words[SLOTS];
};

struct pdq_index {
	struct hash *hashes; /* oldest first */
	uint64_t *values;
	uint32_t n, cap, max;
	uint32_t sorted;     /* the first so many are in the buckets */
	uint32_t *offsets;   /* SLOTS times BUCKETS + 1 */
	uint32_t *positions; /* SLOTS times `sorted` */
};

static void *grow(void *from, size_t size)
{
	void *p = realloc(from, size);
	if (p == NULL)
		abort();
	return p;
}

struct pdq_index *pdq_index_new(uint32_t max)
{
	struct pdq_index *index = calloc(1, sizeof *index);
	if (index != NULL)
		index->max = max;
	return index;
}

void pdq_index_free(struct pdq_index *index)
{
	if (index == NULL)
		return;
	free(index->hashes);
	free(index->values);
	free(index->offsets);
	free(index->positions);
	free(index);
}

/* Counting sort, slot by slot; within a bucket oldest first. */
static void sort_slot(struct pdq_index *index, int slot)
{
	uint32_t *offsets = index->offsets + (size_t)slot * (BUCKETS + 1);
	uint32_t *positions = index->positions + (size_t)slot * index->n;
	memset(offsets, 0, (BUCKETS + 1) * sizeof *offsets);
	for (uint32_t i = 0; i < index->n; i++)
		offsets[index->hashes[i].words[slot] + 1]++;
	for (size_t b = 0; b < BUCKETS; b++)
		offsets[b + 1] += offsets[b];
	for (uint32_t i = 0; i < index->n; i++)
		positions[offsets[index->hashes[i].words[slot]]++] = i;
	memmove(offsets + 1, offsets, BUCKETS * sizeof *offsets); /* starts again, not ends */
	offsets[0] = 0;
}

static void sort(struct pdq_index *index)
{
	index->offsets = grow(index->offsets,
	                      (size_t)SLOTS * (BUCKETS + 1) * sizeof *index->offsets);
	index->positions = grow(index->positions,
	                        (size_t)SLOTS * index->n * sizeof *index->positions);
	index->sorted = index->n;
	for (int slot = 0; slot < SLOTS; slot++)
		sort_slot(index, slot);
}

static void forget_older_half(struct pdq_index *index)
{
	uint32_t gone = index->n / 2;
	index->n -= gone;
	memmove(index->hashes, index->hashes + gone, index->n * sizeof *index->hashes);
	memmove(index->values, index->values + gone, index->n * sizeof *index->values);
	index->sorted = 0;
}

void pdq_index_add(struct pdq_index *index, const unsigned char pdq[PDQ_BYTES], uint64_t value)
{
	if (index->n == index->max)
		forget_older_half(index);
	if (index->n == index->cap) {
		index->cap = index->cap ? index->cap + index->cap / 2 : 64;
		index->hashes = grow(index->hashes, index->cap * sizeof *index->hashes);
		index->values = grow(index->values, index->cap * sizeof *index->values);
	}
	memcpy(&index->hashes[index->n], pdq, PDQ_BYTES);
	index->values[index->n++] = value;
	if (index->n - index->sorted > SCANNED && index->n - index->sorted > index->n / 16)
		sort(index);
}

struct search {
	const struct pdq_index *index;
	struct hash hash;
	bool (*each)(uint64_t value, unsigned bits, void *ctx);
	void *ctx;
};

static unsigned word_distance(const struct hash *a, const struct hash *b, int slot)
{
	return (unsigned)__builtin_popcount((unsigned)(a->words[slot] ^ b->words[slot]));
}

/* Within a bit in an earlier slot it was found there. */
static bool found_before(const struct search *s, const struct hash *hash, int slot)
{
	for (int earlier = 0; earlier < slot; earlier++)
		if (word_distance(&s->hash, hash, earlier) <= 1)
			return true;
	return false;
}

static bool try_one(const struct search *s, uint32_t at, int slot)
{
	const struct hash *hash = &s->index->hashes[at];
	unsigned bits = pdq_distance((const unsigned char *)&s->hash, (const unsigned char *)hash);
	if (bits > PDQ_COPY_BITS || found_before(s, hash, slot))
		return true;
	return s->each(s->index->values[at], bits, s->ctx);
}

/* Where the 17 buckets of a slot lie. Nothing of it is near anything else in memory, so it is all asked for before any is used. */
#define NEAR_WORDS 17

struct bucket {
	const uint32_t *from, *to;
};

static void find_buckets(const struct search *s, int slot, struct bucket buckets[NEAR_WORDS])
{
	const uint32_t *offsets = s->index->offsets + (size_t)slot * (BUCKETS + 1);
	const uint32_t *positions = s->index->positions + (size_t)slot * s->index->sorted;
	uint16_t words[NEAR_WORDS] = { s->hash.words[slot] };
	for (int bit = 0; bit < NEAR_WORDS - 1; bit++)
		words[bit + 1] = (uint16_t)(words[0] ^ 1U << bit);
	for (int i = 0; i < NEAR_WORDS; i++)
		__builtin_prefetch(&offsets[words[i]]);
	for (int i = 0; i < NEAR_WORDS; i++) {
		buckets[i] = (struct bucket){ positions + offsets[words[i]],
			                      positions + offsets[words[i] + 1] };
		__builtin_prefetch(buckets[i].from);
	}
}

static void expect_bucket(const struct search *s, struct bucket bucket)
{
	for (const uint32_t *at = bucket.from; at < bucket.to; at++)
		__builtin_prefetch(&s->index->hashes[*at]);
}

static bool try_slot(const struct search *s, int slot)
{
	struct bucket buckets[NEAR_WORDS];
	find_buckets(s, slot, buckets);
	expect_bucket(s, buckets[0]);
	for (int i = 0; i < NEAR_WORDS; i++) {
		if (i + 1 < NEAR_WORDS)
			expect_bucket(s, buckets[i + 1]);
		for (const uint32_t *at = buckets[i].from; at < buckets[i].to; at++)
			if (!try_one(s, *at, slot))
				return false;
	}
	return true;
}

void pdq_index_find(const struct pdq_index *index, const unsigned char pdq[PDQ_BYTES],
                    bool (*each)(uint64_t value, unsigned bits, void *ctx), void *ctx)
{
	struct search s = { .index = index, .each = each, .ctx = ctx };
	memcpy(&s.hash, pdq, PDQ_BYTES);
	for (int slot = 0; slot < SLOTS && index->sorted > 0; slot++)
		if (!try_slot(&s, slot))
			return;
	for (uint32_t i = index->sorted; i < index->n; i++)
		if (!try_one(&s, i, 0))
			return;
}

uint32_t pdq_index_count(const struct pdq_index *index) { return index->n; }

size_t pdq_index_bytes(const struct pdq_index *index)
{
	size_t sorted = index->sorted
	                        ? SLOTS * ((BUCKETS + 1) + (size_t)index->sorted) * sizeof(uint32_t)
	                        : 0;
	return sizeof *index + index->cap * (sizeof(struct hash) + sizeof(uint64_t)) + sorted;
}
