/* One pass over the skeleton for the shingles, one over the shingles for each minimum. */
#include "integrity/text/signature.h"

#include <string.h>

#define HAN_GRAM 2
#define LETTER_GRAM 4

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 32)) * UINT64_C(0x9FB21C651E98DF25);
	x = (x ^ (x >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
	return x ^ (x >> 32);
}

/* How many symbols the shingle at `i` has, 0 for none. */
static size_t gram_at(const struct view *s, size_t i)
{
	const struct glyph *g = s->glyphs;
	if (g[i].han)
		return i + HAN_GRAM <= s->n ? HAN_GRAM : 0;
	size_t n = 0;
	while (n < LETTER_GRAM && i + n < s->n && !g[i + n].han)
		n++;
	bool whole_run = i == 0 || g[i - 1].han;
	return n == LETTER_GRAM || whole_run ? n : 0;
}

static uint64_t hash_gram(const struct glyph *g, size_t n)
{
	uint64_t h = n;
	for (size_t i = 0; i < n; i++)
		h = mix(h * 0x200000 + g[i].cp);
	return h ? h : 1;
}

/* True when `h` was not in the set yet. Slots are a power of two and more than it will hold. */
static bool add(uint64_t *slots, size_t mask, uint64_t h)
{
	size_t at = (size_t)h & mask;
	for (; slots[at]; at = (at + 1) & mask) {
		if (slots[at] == h)
			return false;
	}
	slots[at] = h;
	return true;
}

size_t signature_shingles(const struct views *views, struct arena *mem, const uint64_t **hashes)
{
	const struct view *s = &views->skeleton;
	size_t slots_n = 16, n = 0;
	while (slots_n < s->n * 2)
		slots_n *= 2;
	uint64_t *list = ARENA_ARRAY(mem, s->n, uint64_t);
	uint64_t *slots = ARENA_ARRAY(mem, slots_n, uint64_t);
	for (size_t i = 0; i < s->n; i++) {
		size_t gram = gram_at(s, i);
		if (gram == 0)
			continue;
		uint64_t h = hash_gram(s->glyphs + i, gram);
		if (add(slots, slots_n - 1, h))
			list[n++] = h;
	}
	*hashes = list;
	return n;
}

/* Odd numbers from splitmix64: each makes another order of the same hashes. */
static const uint64_t orders[SIGNATURE_MINIMA] = {
	UINT64_C(0xE220A8397B1DCDAF), UINT64_C(0x6E789E6AA1B965F5), UINT64_C(0x06C45D188009454F),
	UINT64_C(0xF88BB8A8724C81ED), UINT64_C(0x1B39896A51A8749B), UINT64_C(0x53CB9F0C747EA2EB),
	UINT64_C(0x2C829ABE1F4532E1), UINT64_C(0xC584133AC916AB3D), UINT64_C(0x3EE5789041C98AC3),
	UINT64_C(0xF3B8488C368CB0A7), UINT64_C(0x657EECDD3CB13D09), UINT64_C(0xC2D326E0055BDEF7),
	UINT64_C(0x8621A03FE0BBDB7B), UINT64_C(0x8E1F7555983AA92F), UINT64_C(0xB54E0F1600CC4D19),
	UINT64_C(0x84BB3F97971D80AB), UINT64_C(0x7D29825C75521255), UINT64_C(0xC3CF17102B7F7F87),
	UINT64_C(0x3466E9A083914F65), UINT64_C(0xD81A8D2B5A4485AD),
};

static uint32_t least(const uint64_t *hashes, size_t n, uint64_t order)
{
	uint32_t best = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		uint32_t h = (uint32_t)((hashes[i] * order) >> 32);
		best = h < best ? h : best;
	}
	return best;
}

bool signature_of(const struct views *views, struct arena *mem, struct signature *out)
{
	*out = (struct signature){ 0 };
	if (views->skeleton.n < SIGNATURE_SYMBOLS_MIN)
		return false;
	const uint64_t *hashes;
	size_t n = signature_shingles(views, mem, &hashes);
	uint32_t minima[SIGNATURE_MINIMA];
	for (size_t i = 0; i < SIGNATURE_MINIMA; i++) {
		minima[i] = least(hashes, n, orders[i]);
		out->minima[i] = (uint8_t)minima[i];
	}
	for (size_t b = 0; b < SIGNATURE_BANDS; b++)
		out->bands[b] = (uint32_t)(mix((uint64_t)minima[2 * b] << 32 | minima[2 * b + 1]) >>
		                           32);
	out->shingles = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
	return true;
}

bool signature_similar(const uint8_t *a, unsigned a_shingles, const uint8_t *b, unsigned b_shingles)
{
	if (2 * a_shingles < b_shingles || 2 * b_shingles < a_shingles)
		return false;
	unsigned equal = 0;
	for (size_t i = 0; i < SIGNATURE_MINIMA; i++)
		equal += a[i] == b[i] ? 1 : 0;
	return equal >= SIGNATURE_EQUAL_MIN;
}
