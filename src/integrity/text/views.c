/* All views from one pass over the bytes and one over the folded text. */
#include "integrity/text/views.h"

#include <string.h>

struct pass {
	struct views *v;
	struct arena *mem;
};

static bool is_ascii_letter(uint32_t cp) { return cp >= 'a' && cp <= 'z'; }

static bool is_latin(const struct glyph *g)
{
	return g->class == FOLD_LETTER && !g->han && g->cp < 0x250;
}

static uint32_t raw_symbol(uint32_t cp) { return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp; }

static void push(struct view *view, struct glyph g) { view->glyphs[view->n++] = g; }

/* ---- raw and folded ---- */

/* What shows nothing hides something only inside a Latin or Han word: marks are how other scripts are written, joiners and
 * selectors belong to emoji, and the usual accents to letters. */
static bool hides(const struct views *v, uint32_t cp)
{
	const struct glyph *before = v->folded.n > 0 ? &v->folded.glyphs[v->folded.n - 1] : NULL;
	bool accent = cp >= 0x300 && cp <= 0x32F;
	return before && (before->han || is_latin(before)) && !accent && cp != 0xFE0F &&
	       cp != 0x200D;
}

static void take_code_point(struct views *v, uint32_t cp, uint32_t from, uint32_t to)
{
	struct fold_unit units[FOLD_MAX];
	push(&v->raw, (struct glyph){ .cp = raw_symbol(cp), .from = from, .to = to });
	unsigned n = fold_code_point(cp, units);
	if (units[0].class == FOLD_DELETED) {
		v->hidden += hides(v, cp) ? 1 : 0;
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		push(&v->folded, (struct glyph){ .cp = units[i].cp,
		                                 .from = from,
		                                 .to = to,
		                                 .class = (uint8_t)units[i].class,
		                                 .han = units[i].han,
		                                 .styled = units[i].styled,
		                                 .lookalike = units[i].lookalike });
		v->has_han |= units[i].han;
		v->styled += units[i].styled ? 1 : 0;
		v->latin += !units[i].styled && is_ascii_letter(units[i].cp) ? 1 : 0;
	}
}

/* A look-alike is a disguise beside plain Latin letters; among its own kind it is somebody's language. */
static void count_mixed(struct views *v)
{
	const struct glyph *g = v->folded.glyphs;
	for (size_t i = 0; i < v->folded.n; i++) {
		if (!g[i].lookalike)
			continue;
		bool before = i > 0 && is_ascii_letter(g[i - 1].cp) && !g[i - 1].lookalike;
		bool after = i + 1 < v->folded.n && is_ascii_letter(g[i + 1].cp) &&
		             !g[i + 1].lookalike;
		v->mixed += before || after ? 1 : 0;
	}
}

/* ---- skeleton ---- */

static uint32_t leet_letter(uint32_t cp)
{
	static const struct {
		char from, to;
	} rows[] = { { '0', 'o' }, { '1', 'i' }, { '3', 'e' }, { '4', 'a' }, { '5', 's' },
		     { '7', 't' }, { '8', 'b' }, { '@', 'a' }, { '$', 's' }, { '!', 'i' } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if ((uint32_t)rows[i].from == cp)
			return (uint32_t)rows[i].to;
	}
	return 0;
}

static bool latin_at(const struct view *f, size_t i) { return i < f->n && is_latin(&f->glyphs[i]); }

/* A digit or sign that a Latin letter touches on one side (a sign: on both) stands for a letter. */
static bool is_leet(const struct view *f, size_t i)
{
	if (f->glyphs[i].class == FOLD_LETTER || f->glyphs[i].class == FOLD_SPACE)
		return false;
	bool before = i > 0 && latin_at(f, i - 1), after = latin_at(f, i + 1);
	return leet_letter(f->glyphs[i].cp) &&
	       (f->glyphs[i].class == FOLD_DIGIT ? before || after : before && after);
}

static uint32_t digits_symbol(size_t n)
{
	return n <= 2 ? GLYPH_FEW_DIGITS : n <= 5 ? GLYPH_SOME_DIGITS : GLYPH_MANY_DIGITS;
}

/* The run of digits at `i`, single separators inside: returns its end and counts the digits. */
static size_t digit_run(const struct view *f, size_t i, size_t *digits)
{
	size_t end = i;
	for (size_t k = i; k < f->n; k++) {
		uint8_t class = f->glyphs[k].class;
		if (class == FOLD_DIGIT && !is_leet(f, k)) {
			++*digits;
			end = k + 1;
		} else if (k - end > 1 || (class != FOLD_SPACE && class != FOLD_NOISE)) {
			break;
		}
	}
	return end;
}

static void push_skeleton(struct view *s, struct glyph g)
{
	if (s->n >= 2 && s->glyphs[s->n - 1].cp == g.cp && s->glyphs[s->n - 2].cp == g.cp)
		s->glyphs[s->n - 1].to = g.to;
	else
		push(s, g);
}

static void make_skeleton(struct views *v)
{
	const struct view *f = &v->folded;
	for (size_t i = 0; i < f->n;) {
		struct glyph g = f->glyphs[i];
		if (is_leet(f, i)) {
			g.cp = leet_letter(g.cp);
			g.class = FOLD_LETTER;
			v->leet++;
			push_skeleton(&v->skeleton, g);
		} else if (g.class == FOLD_DIGIT) {
			size_t digits = 0, end = digit_run(f, i, &digits);
			g.cp = digits_symbol(digits);
			g.to = f->glyphs[end - 1].to;
			push_skeleton(&v->skeleton, g);
			i = end;
			continue;
		} else if (g.class == FOLD_LETTER) {
			g.cp = g.cp == 'l' ? 'i' : g.cp;
			push_skeleton(&v->skeleton, g);
		}
		i++;
	}
}

/* ---- pinyin ---- */

/* The longest syllable that the Latin letters from `i` on spell, as its number, and its length. `l` was folded to `i`. */
static unsigned spelled(const struct view *s, size_t i, size_t *length)
{
	char letters[8] = { 0 };
	size_t n = 0;
	while (n < 6 && i + n < s->n && is_ascii_letter(s->glyphs[i + n].cp)) {
		letters[n] = (char)s->glyphs[i + n].cp;
		n++;
	}
	for (; n >= 2; n--) {
		letters[n] = '\0';
		unsigned syllable = fold_spelled(letters, n);
		if (syllable) {
			*length = n;
			return syllable;
		}
	}
	return 0;
}

static void make_pinyin(struct views *v)
{
	const struct view *s = &v->skeleton;
	for (size_t i = 0; i < s->n;) {
		struct glyph g = s->glyphs[i];
		size_t length = 1;
		unsigned syllable = g.han                   ? fold_reading(g.cp)
		                    : is_ascii_letter(g.cp) ? spelled(s, i, &length)
		                                            : 0;
		if (syllable) {
			g.cp = GLYPH_SYLLABLE + syllable;
			g.to = s->glyphs[i + length - 1].to;
		}
		push(&v->pinyin, g);
		i += length;
	}
}

void views_of(str bytes, struct arena *mem, struct views *out)
{
	*out = (struct views){ .text = bytes };
	out->raw.glyphs = ARENA_ARRAY(mem, bytes.n, struct glyph);
	out->folded.glyphs = ARENA_ARRAY(mem, bytes.n * 2,
	                                 struct glyph); /* at most 4 units from 3 bytes */
	for (size_t at = 0; at < bytes.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(bytes, &at);
		take_code_point(out, cp, (uint32_t)from, (uint32_t)at);
	}
	count_mixed(out);
	out->skeleton.glyphs = ARENA_ARRAY(mem, out->folded.n, struct glyph);
	make_skeleton(out);
	if (!out->has_han)
		return;
	out->pinyin.glyphs = ARENA_ARRAY(mem, out->skeleton.n, struct glyph);
	make_pinyin(out);
}

double views_effort(const struct views *v)
{
	/* Whoever writes all of a text in bold hides nothing; one bold name in a plain text is for a filter's sake. */
	double styled = v->styled > 2 * v->latin ? 0.1 : 0.5;
	return styled * v->styled + 1.0 * v->hidden + 1.0 * v->mixed +
	       (v->leet < 4 ? 0.25 * v->leet : 1.0);
}

static void put_glyph(char **to, uint32_t cp)
{
	if (cp > GLYPH_SYLLABLE) {
		const char *letters = fold_syllable(cp - GLYPH_SYLLABLE);
		size_t n = strlen(letters);
		memcpy(*to, letters, n);
		(*to)[n] = ' ';
		*to += n + 1;
	} else if (cp > 0x10FFFF) {
		*(*to)++ = '#';
	} else {
		*to += utf8_put(*to, cp);
	}
}

str view_text(const struct view *view, struct arena *mem)
{
	char *p = arena_alloc(mem, view->n * 9 + 1), *to = p;
	for (size_t i = 0; i < view->n; i++)
		put_glyph(&to, view->glyphs[i].cp);
	return (str){ p, (size_t)(to - p) };
}
