/* One hash runs along each view, so that a longer n-gram continues the shorter one. */
#include "integrity/text/features.h"

#include <string.h>

#define MARK_BEGIN 0x110010u
#define MARK_END 0x110011u
#define STEP UINT64_C(0xff51afd7ed558ccd)
#define SPREAD UINT64_C(0x9e3779b97f4a7c15)
/* Features a symbol can begin or end: raw 2, words 2, skeleton 3, pinyin 2. */
#define PER_SYMBOL 9

static const uint64_t seeds[] = { [FEATURE_RAW] = UINT64_C(0x243f6a8885a308d3),
	                          [FEATURE_WORD] = UINT64_C(0x13198a2e03707344),
	                          [FEATURE_SKELETON] = UINT64_C(0xa4093822299f31d0),
	                          [FEATURE_PINYIN] = UINT64_C(0x082efa98ec4e6c89) };

/* What has been seen in this text, open addressing; 0 is empty, so indexes are kept plus one. */
struct gathering {
	uint32_t *list;
	struct feature *places; /* NULL unless asked for */
	size_t n;
	uint32_t *seen;
	size_t mask;
};

static uint64_t step(uint64_t h, uint32_t symbol)
{
	h = (h ^ symbol) * STEP;
	return h ^ (h >> 32);
}

static void emit(struct gathering *g, enum feature_view view, uint64_t h, uint32_t from,
                 uint32_t to)
{
	uint32_t index = (uint32_t)(h * SPREAD >> (64 - FEATURE_BITS));
	for (size_t i = index & g->mask;; i = (i + 1) & g->mask) {
		if (g->seen[i] == index + 1)
			return;
		if (g->seen[i] == 0) {
			g->seen[i] = index + 1;
			if (g->places)
				g->places[g->n] = (struct feature){ index, from, to,
					                            (uint8_t)view };
			else
				g->list[g->n] = index | (uint32_t)view << FEATURE_VIEW_SHIFT;
			g->n++;
			return;
		}
	}
}

static size_t shown(size_t n) { return n < FEATURE_SYMBOLS_MAX ? n : FEATURE_SYMBOLS_MAX; }

static bool ascii_alpha(const struct view *v, size_t i)
{
	return i < v->n && v->glyphs[i].cp >= 'a' && v->glyphs[i].cp <= 'z';
}

/* Digits are one symbol unless a Latin letter touches them; runs are cut at three. */
static uint32_t raw_symbol_at(const struct view *v, size_t i)
{
	uint32_t cp = v->glyphs[i].cp;
	bool digit = cp >= '0' && cp <= '9';
	return digit && !(i > 0 && ascii_alpha(v, i - 1)) && !ascii_alpha(v, i + 1) ? '0' : cp;
}

static void gather_raw(struct gathering *g, const struct view *v)
{
	size_t n = shown(v->n);
	uint32_t before = MARK_BEGIN, run = 0, from = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t cp = raw_symbol_at(v, i);
		run = cp == before ? run + 1 : 1;
		if (run > 3)
			continue;
		const struct glyph *at = &v->glyphs[i];
		emit(g, FEATURE_RAW, step(seeds[FEATURE_RAW], cp), at->from, at->to);
		emit(g, FEATURE_RAW, step(step(seeds[FEATURE_RAW], before), cp), from, at->to);
		before = cp;
		from = at->from;
	}
	if (n > 0)
		emit(g, FEATURE_RAW, step(step(seeds[FEATURE_RAW], before), MARK_END), from,
		     v->glyphs[n - 1].to);
}

static void gather_words(struct gathering *g, const struct view *v)
{
	size_t n = shown(v->n);
	uint64_t word_before = 0;
	uint32_t from_before = 0;
	for (size_t i = 0; i < n;) {
		const struct glyph *at = &v->glyphs[i];
		if (at->han)
			word_before = 0;
		if (at->han || at->class > FOLD_DIGIT) {
			i++;
			continue;
		}
		uint64_t h = seeds[FEATURE_WORD];
		uint32_t from = at->from;
		for (; i < n && !v->glyphs[i].han && v->glyphs[i].class <= FOLD_DIGIT; i++)
			h = step(h, v->glyphs[i].class == FOLD_DIGIT ? '0' : v->glyphs[i].cp);
		emit(g, FEATURE_WORD, h, from, v->glyphs[i - 1].to);
		if (word_before)
			emit(g, FEATURE_WORD, step(word_before, (uint32_t)(h >> 20)), from_before,
			     v->glyphs[i - 1].to);
		word_before = h;
		from_before = from;
	}
}

/* Han n-grams may begin with a Han character and hold anything; others are longer, since a letter says less. */
static void gather_skeleton(struct gathering *g, const struct view *v)
{
	size_t n = shown(v->n);
	for (size_t i = 0; i < n; i++) {
		uint64_t h = seeds[FEATURE_SKELETON];
		bool han = false;
		for (size_t k = 0; k < 5 && i + k < n; k++) {
			han |= v->glyphs[i + k].han;
			h = step(h, v->glyphs[i + k].cp);
			if (han ? k < 3 : k >= 2)
				emit(g, FEATURE_SKELETON, h, v->glyphs[i].from,
				     v->glyphs[i + k].to);
			if (han && k >= 2)
				break;
		}
	}
}

static void gather_pinyin(struct gathering *g, const struct view *v)
{
	size_t n = shown(v->n);
	for (size_t i = 0; i < n; i++) {
		uint64_t h = step(seeds[FEATURE_PINYIN], v->glyphs[i].cp);
		for (size_t k = 1; k < 3 && i + k < n; k++) {
			h = step(h, v->glyphs[i + k].cp);
			emit(g, FEATURE_PINYIN, h, v->glyphs[i].from, v->glyphs[i + k].to);
		}
	}
}

static size_t symbols_of(const struct views *v)
{
	return shown(v->raw.n > v->folded.n ? v->raw.n : v->folded.n) + 1;
}

static void gather(struct gathering *g, const struct views *views, struct arena *mem)
{
	size_t slots = 64;
	while (slots < symbols_of(views) * PER_SYMBOL * 3 / 2)
		slots *= 2;
	g->seen = ARENA_ARRAY(mem, slots, uint32_t);
	g->mask = slots - 1;
	gather_raw(g, &views->raw);
	gather_words(g, &views->folded);
	gather_skeleton(g, &views->skeleton);
	if (views->has_han)
		gather_pinyin(g, &views->pinyin);
}

void features_of(const struct views *views, struct arena *mem, struct features *out)
{
	struct gathering g = { .list = ARENA_ARRAY(mem, symbols_of(views) * PER_SYMBOL, uint32_t) };
	gather(&g, views, mem);
	*out = (struct features){ g.list, g.n };
}

void features_locate(const struct views *views, struct arena *mem, struct located_features *out)
{
	struct gathering g = { .places = ARENA_ARRAY(mem, symbols_of(views) * PER_SYMBOL,
		                                     struct feature) };
	gather(&g, views, mem);
	*out = (struct located_features){ g.places, g.n };
}
