/* Disguise effort: one walk over the folded and the joined view, which either adds up weights or writes the steps down. */
#include "integrity/text/views.h"

#include <math.h>
#include <stdlib.h>

/* However many there are: a greeting in script is as long as a name that a filter should miss, whole words in leet are a habit. */
#define STYLED_MAX 2.5
#define LEET_MAX 1.0
/* Letters of a word that a digit inside may disguise: shorter ones are product codes. */
#define LEET_WORD_MIN 4

const char *const effort_names[EFFORT_KINDS] = {
	[EFFORT_NONE] = "none",           [EFFORT_STYLED] = "styled", [EFFORT_HIDDEN] = "hidden",
	[EFFORT_LOOKALIKE] = "lookalike", [EFFORT_LEET] = "leet",     [EFFORT_SPLIT] = "split",
	[EFFORT_RESPELT] = "respelt",     [EFFORT_EMOJI] = "emoji",   [EFFORT_DIGIT] = "digit",
	[EFFORT_NOISE] = "noise",
};

static const double weights[EFFORT_KINDS] = {
	[EFFORT_STYLED] = 0.5, [EFFORT_HIDDEN] = 1,   [EFFORT_LOOKALIKE] = 1,
	[EFFORT_LEET] = 0.25,  [EFFORT_SPLIT] = 1,    [EFFORT_RESPELT] = 2,
	[EFFORT_EMOJI] = 1,    [EFFORT_DIGIT] = 0.25, [EFFORT_NOISE] = 1,
};

struct walk {
	const struct views *v;
	double sums[EFFORT_KINDS];
	struct effort_trace *out; /* or NULL */
	bool plain; /* there are enough plain Latin letters, beside which styled ones are odd */
};

static void step(struct walk *w, enum effort_kind kind, uint32_t from, uint32_t to, uint32_t cp)
{
	w->sums[kind] += weights[kind];
	if (!w->out)
		return;
	if (w->out->n == EFFORT_STEPS_MAX)
		w->out->cut = true;
	else
		w->out->steps[w->out->n++] = (struct effort_step){ kind, from, to, cp };
}

static bool is_ascii_letter(uint32_t cp) { return cp - 'a' < 26; }

static uint32_t original(const struct views *v, const struct glyph *g)
{
	size_t at = g->from;
	return utf8_next(v->text, &at);
}

static bool is_flag_letter(uint32_t cp) { return cp >= 0x1F1E6 && cp <= 0x1F1FF; }

/* In a run of two or four regional letters: one flag or two. */
static bool is_flag(const struct views *v, size_t i)
{
	const struct glyph *g = v->folded.glyphs;
	size_t first = i, end = i;
	while (first > 0 && i - first < 5 && is_flag_letter(original(v, &g[first - 1])) &&
	       g[first - 1].to == g[first].from)
		first--;
	while (end < v->folded.n && end - i < 5 && is_flag_letter(original(v, &g[end])) &&
	       (end == i || g[end].from == g[end - 1].to))
		end++;
	return end - first == 2 || end - first == 4;
}

/* The alphabet a styled letter is drawn from: mathematical ones have 52 letters each, capitals of other styles are apart. */
static uint32_t style_of(uint32_t cp)
{
	if (cp >= 0x1D400 && cp <= 0x1D6A3)
		return 0x10000 + (cp - 0x1D400) / 52;
	return cp >= 0x2100 && cp <= 0x214F
	               ? 0
	               : cp >> 8; /* letterlike signs fill holes of the alphabets */
}

/* Whoever writes all of a text in one style hides nothing; a styled word in a plain text, or one of several styles, is for a
 * filter's sake. */
static bool styled_is_odd(const struct walk *w, size_t i)
{
	const struct glyph *g = &w->v->folded.glyphs[i];
	uint32_t cp = original(w->v, g);
	if (is_flag_letter(cp) ? is_flag(w->v, i) : g->class != FOLD_LETTER)
		return false;
	if (w->plain)
		return true;
	if (i == 0 || !g[-1].styled || g[-1].from == g->from)
		return false;
	uint32_t style = style_of(cp), before = style_of(original(w->v, g - 1));
	return style != before && style && before;
}

static bool lookalike_is_odd(const struct view *f, size_t i)
{
	const struct glyph *g = f->glyphs;
	bool before = i > 0 && is_ascii_letter(g[i - 1].cp) && !g[i - 1].lookalike;
	bool after = i + 1 < f->n && is_ascii_letter(g[i + 1].cp) && !g[i + 1].lookalike;
	return before || after;
}

/* The sign in an address of mail: letters follow, and a dot before more of them. */
static bool is_mail(const struct view *f, size_t i)
{
	size_t k = i + 1;
	while (k < f->n && k - i < 64 &&
	       (f->glyphs[k].class <= FOLD_DIGIT || f->glyphs[k].cp == '-'))
		k++;
	return f->glyphs[i].cp == '@' && k + 1 < f->n && f->glyphs[k].cp == '.' &&
	       is_ascii_letter(f->glyphs[k + 1].cp);
}

/* Inside a word of enough letters. */
static bool leet_is_odd(const struct view *f, size_t i)
{
	size_t letters = 0, from = i, to = i;
	if (!view_leet(f, i) || i == 0 || i + 1 >= f->n || !is_ascii_letter(f->glyphs[i - 1].cp) ||
	    !is_ascii_letter(f->glyphs[i + 1].cp) || is_mail(f, i))
		return false;
	while (from > 0 && i - from < 8 && f->glyphs[from - 1].class <= FOLD_DIGIT)
		letters += is_ascii_letter(f->glyphs[--from].cp) ? 1 : 0;
	while (to + 1 < f->n && to - i < 8 && f->glyphs[to + 1].class <= FOLD_DIGIT)
		letters += is_ascii_letter(f->glyphs[++to].cp) ? 1 : 0;
	return letters >= LEET_WORD_MIN;
}

/* What stood between two glyphs of the folded text and is gone, code point by code point. */
static void walk_gap(struct walk *w, const struct glyph *before, size_t at, size_t to)
{
	while (at < to) {
		size_t from = at;
		uint32_t cp = utf8_next(w->v->text, &at);
		if (glyph_hides(before, cp))
			step(w, EFFORT_HIDDEN, (uint32_t)from, (uint32_t)at, 0);
	}
}

static void walk_folded(struct walk *w)
{
	const struct view *f = &w->v->folded;
	for (size_t i = 0; i < f->n; i++) {
		const struct glyph *g = &f->glyphs[i];
		if (g->styled && styled_is_odd(w, i))
			step(w, EFFORT_STYLED, g->from, g->to, g->cp);
		if (g->lookalike && lookalike_is_odd(f, i))
			step(w, EFFORT_LOOKALIKE, g->from, g->to, g->cp);
		if (w->v->leet && leet_is_odd(f, i))
			step(w, EFFORT_LEET, g->from, g->to, view_leet(f, i));
		size_t next = i + 1 < f->n ? g[1].from : w->v->text.n;
		if (w->v->hidden && next > g->to)
			walk_gap(w, g, g->to, next);
	}
}

static void walk_joined(struct walk *w)
{
	const struct view *j = &w->v->joined;
	for (size_t i = 0; w->v->joins && i < j->n; i++) {
		const struct glyph *g = &j->glyphs[i];
		enum effort_kind kind = (enum effort_kind)w->v->undone[i];
		if (kind != EFFORT_NONE)
			step(w, kind, g->from, g->to, kind == EFFORT_NOISE ? 0 : g->cp);
	}
}

static void walk(struct walk *w)
{
	w->plain = w->v->latin > 0 && w->v->styled <= 2 * w->v->latin;
	walk_folded(w);
	walk_joined(w);
}

double views_effort(const struct views *v)
{
	struct walk w = { .v = v };
	if (!(v->styled | v->hidden | v->mixed | v->leet | v->joins))
		return 0;
	walk(&w);
	w.sums[EFFORT_LEET] = fmin(w.sums[EFFORT_LEET], LEET_MAX);
	w.sums[EFFORT_STYLED] = fmin(w.sums[EFFORT_STYLED], STYLED_MAX);
	double sum = 0;
	for (size_t kind = 0; kind < EFFORT_KINDS; kind++)
		sum += w.sums[kind];
	return sum;
}

static int by_place(const void *a, const void *b)
{
	const struct effort_step *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
	                          : (x->kind > y->kind) - (x->kind < y->kind);
}

void views_trace(const struct views *v, struct arena *mem, struct effort_trace *out)
{
	struct walk w = { .v = v, .out = out };
	*out = (struct effort_trace){ .steps = ARENA_ARRAY(mem, EFFORT_STEPS_MAX,
		                                           struct effort_step) };
	walk(&w);
	qsort(out->steps, out->n, sizeof *out->steps, by_place);
}
