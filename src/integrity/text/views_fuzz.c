/* views_fuzz.c - whatever the bytes are, every view maps back into them, ascending, and nothing shown is lost on the way. */
#include <assert.h>

#include "integrity/text/features.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_map(const struct view *view, size_t n)
{
	uint32_t from = 0, to = 0;
	for (size_t i = 0; i < view->n; i++) {
		const struct glyph *g = &view->glyphs[i];
		assert(g->from < g->to && g->to <= n);
		assert(g->from >= from && g->to >= to);
		from = g->from;
		to = g->to;
	}
}

/* Raw glyphs lie end to end. */
static void check_raw(const struct view *raw, size_t n)
{
	size_t at = 0;
	for (size_t i = 0; i < raw->n; i++) {
		assert(raw->glyphs[i].from == at);
		at = raw->glyphs[i].to;
	}
	assert(at == n);
}

/* The bytes of every folded letter, digit or sign are those of some joined glyph. */
static void check_cover(const struct view *folded, const struct view *joined)
{
	size_t k = 0;
	for (size_t i = 0; i < folded->n; i++) {
		const struct glyph *g = &folded->glyphs[i];
		while (k < joined->n && joined->glyphs[k].to < g->to)
			k++;
		assert(k < joined->n && joined->glyphs[k].from <= g->from);
	}
}

static void check_effort(const struct views *v, struct arena *mem)
{
	struct effort_trace trace;
	uint32_t from = 0;
	views_trace(v, mem, &trace);
	assert(trace.n <= EFFORT_STEPS_MAX);
	assert((views_effort(v) > 0) == (trace.n > 0));
	for (size_t i = 0; i < trace.n; i++) {
		const struct effort_step *s = &trace.steps[i];
		assert(s->kind > EFFORT_NONE && s->kind < EFFORT_KINDS && s->cp <= 0x10FFFF);
		assert(s->from >= from && s->from < s->to && s->to <= v->text.n);
		from = s->from;
	}
}

static void check_features(const struct views *v, struct arena *mem)
{
	struct features f;
	struct located_features located;
	features_of(v, mem, &f);
	features_locate(v, mem, &located);
	assert(f.n == located.n);
	for (size_t i = 0; i < f.n; i++) {
		const struct feature *at = &located.list[i];
		assert(at->index == (f.list[i] & FEATURE_INDEX_MASK));
		assert(at->from < at->to && at->to <= v->text.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	struct views v;
	views_of((str){ (const char *)bytes, n }, mem, &v);
	check_raw(&v.raw, n);
	const struct view *all[] = { &v.raw, &v.folded, &v.joined, &v.skeleton, &v.pinyin };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		check_map(all[i], n);
	check_cover(&v.folded, &v.joined);
	check_effort(&v, mem);
	check_features(&v, mem);
	arena_free(mem);
	return 0;
}
