/* One hash runs along each view, so that a longer n-gram continues the shorter one.
 *
 * The loops are always inlined with `places` known, so that those who want numbers alone pay for nothing else. Whether a feature is
 * new is added instead of branched on, and a bit for every index costs less to clear than a table costs in wrong guesses: 1,060
 * against 1,190 ns a message, views included. */
#include "integrity/text/features.h"

#define MARK_BEGIN 0x110010u
#define MARK_END 0x110011u
#define STEP UINT64_C(0xff51afd7ed558ccd)
#define INLINE static inline __attribute__((always_inline))

static const uint64_t seeds[] = { [FEATURE_RAW] = UINT64_C(0x243f6a8885a308d3),
	                          [FEATURE_WORD] = UINT64_C(0x13198a2e03707344),
	                          [FEATURE_SKELETON] = UINT64_C(0xa4093822299f31d0),
	                          [FEATURE_PINYIN] = UINT64_C(0x082efa98ec4e6c89) };

#define SEEN_WORDS (FEATURES_COUNT / 64)

/* Handed on by value: one owner at a time, in registers. */
struct gathering {
	uint32_t *list;
	struct feature *places; /* instead of `list` */
	uint64_t *seen;         /* a bit for each index */
	size_t n;
};

/* Multiplication carries a symbol upwards: an index is made of the highest bits, which depend on all of them. */
INLINE uint64_t step(uint64_t h, uint32_t symbol) { return (h ^ symbol) * STEP; }

INLINE struct gathering emit(struct gathering g, bool places, enum feature_view view, uint64_t h,
                             const struct glyph *first, const struct glyph *last)
{
	uint32_t index = (uint32_t)(h >> (64 - FEATURE_BITS));
	uint64_t word = g.seen[index / 64], bit = UINT64_C(1) << index % 64;
	g.seen[index / 64] = word | bit;
	if (places)
		g.places[g.n] = (struct feature){ index, first->from, last->to, (uint8_t)view };
	else
		g.list[g.n] = index | (uint32_t)view << FEATURE_VIEW_SHIFT;
	g.n += (word & bit) == 0;
	return g;
}

static size_t shown(size_t n) { return n < FEATURE_SYMBOLS_MAX ? n : FEATURE_SYMBOLS_MAX; }

static bool ascii_alpha(const struct glyph *g) { return g->cp - 'a' < 26; }

/* Digits are one symbol unless a Latin letter touches them; runs are cut at three. */
INLINE struct gathering gather_raw(struct gathering g, bool places, const struct view *v)
{
	const struct glyph *list = v->glyphs, *from = list;
	size_t n = shown(v->n);
	uint64_t alone, before_alone = step(seeds[FEATURE_RAW], MARK_BEGIN);
	uint32_t before = MARK_BEGIN, run = 0;
	for (size_t i = 0; i < n; i++) {
		const struct glyph *at = &list[i];
		uint32_t cp = at->cp;
		if (cp - '0' < 10 && !(i > 0 && ascii_alpha(at - 1)) &&
		    !(i + 1 < v->n && ascii_alpha(at + 1)))
			cp = '0';
		run = cp == before ? run + 1 : 1;
		if (run > 3)
			continue;
		alone = step(seeds[FEATURE_RAW], cp);
		g = emit(g, places, FEATURE_RAW, alone, at, at);
		g = emit(g, places, FEATURE_RAW, step(before_alone, cp), from, at);
		before = cp;
		before_alone = alone;
		from = at;
	}
	if (n > 0)
		g = emit(g, places, FEATURE_RAW, step(before_alone, MARK_END), from, &list[n - 1]);
	return g;
}

INLINE struct gathering gather_words(struct gathering g, bool places, const struct view *v)
{
	const struct glyph *list = v->glyphs, *from_before = NULL;
	size_t n = shown(v->n);
	uint64_t word_before = 0;
	for (size_t i = 0; i < n;) {
		const struct glyph *from = &list[i];
		if (from->han)
			word_before = 0;
		if (from->han || from->class > FOLD_DIGIT) {
			i++;
			continue;
		}
		uint64_t h = seeds[FEATURE_WORD];
		for (; i < n && !list[i].han && list[i].class <= FOLD_DIGIT; i++)
			h = step(h, list[i].class == FOLD_DIGIT ? '0' : list[i].cp);
		const struct glyph *last = &list[i - 1];
		g = emit(g, places, FEATURE_WORD, h, from, last);
		if (word_before)
			g = emit(g, places, FEATURE_WORD, step(word_before, (uint32_t)(h >> 20)),
			         from_before, last);
		word_before = h;
		from_before = from;
	}
	return g;
}

/* The n-grams of up to five symbols from `at` on: those with a Han character among their first three give lengths 1 to 3 from
 * that character on, others 3 to 5 without a later Han character at their end. */
INLINE struct gathering gather_mixed(struct gathering g, bool places, const struct glyph *at,
                                     size_t left)
{
	uint64_t h = seeds[FEATURE_SKELETON];
	bool han = false;
	for (size_t k = 0; k < 5 && k < left; k++) {
		han |= at[k].han;
		h = step(h, at[k].cp);
		if (han ? k < 3 : k >= 2)
			g = emit(g, places, FEATURE_SKELETON, h, at, at + k);
		if (han && k >= 2)
			break;
	}
	return g;
}

/* Han n-grams may begin with a Han character and hold anything; others are longer, since a letter says less. */
INLINE struct gathering gather_skeleton(struct gathering g, bool places, const struct view *v)
{
	const struct glyph *list = v->glyphs;
	size_t n = shown(v->n), next_han = 0;
	for (size_t i = 0; i < n; i++) {
		const struct glyph *at = &list[i];
		while (next_han < n && (next_han < i || !list[next_han].han))
			next_han++;
		uint64_t h = step(seeds[FEATURE_SKELETON], at->cp);
		if (next_han == i && n - i >= 3) {
			g = emit(g, places, FEATURE_SKELETON, h, at, at);
			h = step(h, at[1].cp);
			g = emit(g, places, FEATURE_SKELETON, h, at, at + 1);
			h = step(h, at[2].cp);
			g = emit(g, places, FEATURE_SKELETON, h, at, at + 2);
		} else if (next_han - i >= 5) {
			h = step(step(h, at[1].cp), at[2].cp);
			g = emit(g, places, FEATURE_SKELETON, h, at, at + 2);
			h = step(h, at[3].cp);
			g = emit(g, places, FEATURE_SKELETON, h, at, at + 3);
			h = step(h, at[4].cp);
			g = emit(g, places, FEATURE_SKELETON, h, at, at + 4);
		} else {
			g = gather_mixed(g, places, at, n - i);
		}
	}
	return g;
}

INLINE struct gathering gather_pinyin(struct gathering g, bool places, const struct view *v)
{
	const struct glyph *list = v->glyphs;
	size_t n = shown(v->n);
	for (size_t i = 0; i + 1 < n; i++) {
		uint64_t h = step(step(seeds[FEATURE_PINYIN], list[i].cp), list[i + 1].cp);
		g = emit(g, places, FEATURE_PINYIN, h, &list[i], &list[i + 1]);
		if (i + 2 < n)
			g = emit(g, places, FEATURE_PINYIN, step(h, list[i + 2].cp), &list[i],
			         &list[i + 2]);
	}
	return g;
}

/* No text gives more: raw 2 a symbol and the end, words 2 a word, skeleton 3 a symbol, pinyin 2; one more that is written and
 * not kept. */
static size_t features_most(const struct views *v)
{
	return shown(v->raw.n) * 2 + 1 + shown(v->folded.n) + 1 + shown(v->skeleton.n) * 3 +
	       shown(v->pinyin.n) * 2 + 1;
}

INLINE struct gathering gather(struct gathering g, bool places, const struct views *views,
                               struct arena *mem)
{
	struct arena_mark mark = arena_mark(mem);
	g.seen = ARENA_ARRAY(mem, SEEN_WORDS, uint64_t);
	g = gather_raw(g, places, &views->raw);
	g = gather_words(g, places, &views->folded);
	g = gather_skeleton(g, places, &views->skeleton);
	g = gather_pinyin(g, places, &views->pinyin);
	arena_rewind(mem, mark);
	return g;
}

void features_of(const struct views *views, struct arena *mem, struct features *out)
{
	struct gathering g = { .list = arena_room(mem, features_most(views) * sizeof(uint32_t)) };
	g = gather(g, false, views, mem);
	*out = (struct features){ g.list, g.n };
}

void features_locate(const struct views *views, struct arena *mem, struct located_features *out)
{
	struct gathering g = { .places = arena_room(mem, features_most(views) *
		                                                 sizeof(struct feature)) };
	g = gather(g, true, views, mem);
	*out = (struct located_features){ g.places, g.n };
}
