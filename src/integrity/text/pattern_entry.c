#include "integrity/text/pattern_entry.h"

#define GAP_HAN 12 /* symbols that ~ may stand for */
#define GAP_LATIN 24
#define NUMBER_RUN 8 /* symbols of one number */

static bool is_digits(const struct glyph *g)
{
	return g->class == FOLD_DIGIT || (g->cp >= GLYPH_FEW_DIGITS && g->cp <= GLYPH_MANY_DIGITS);
}

static bool is_numeral(uint32_t cp)
{
	switch (cp) {
	case 0x4E00:
	case 0x4E8C:
	case 0x4E09:
	case 0x56DB:
	case 0x4E94:
	case 0x516D:
	case 0x4E03:
	case 0x516B:
	case 0x4E5D:
	case 0x5341:
	case 0x767E:
	case 0x5343:
	case 0x4E07:
	case 0x4E24:
	case 0x51E0:
	case 0x534A:
	case 0x4EBF:
		return true; /* 一二三四五六七八九十百千万两几半亿 */
	default:
		return false;
	}
}

bool pattern_is_number(const struct view *v, size_t i)
{
	return i < v->n &&
	       (is_digits(&v->glyphs[i]) || (v->glyphs[i].han && is_numeral(v->glyphs[i].cp)));
}

/* The end of a number that begins at `at`, or `at` itself. English number words are spelled out in the lists. */
static size_t number_end(const struct view *v, size_t at)
{
	size_t end = at;
	while (end < at + NUMBER_RUN && pattern_is_number(v, end))
		end++;
	return end;
}

static bool is_word(const struct view *v, size_t i)
{
	return i < v->n && v->glyphs[i].class <= FOLD_DIGIT && !v->glyphs[i].han;
}

bool pattern_is_border(const struct view *v, size_t i)
{
	return i == 0 || !is_word(v, i - 1) || !is_word(v, i);
}

/* Letters and digits of the folded text with one space between words. */
struct view pattern_spaced(const struct view *folded, struct arena *mem)
{
	struct view v = { arena_room(mem, (folded->n + 1) * sizeof(struct glyph)), 0 };
	for (size_t i = 0; i < folded->n; i++) {
		struct glyph g = folded->glyphs[i];
		bool between = g.class == FOLD_SPACE || g.class == FOLD_NOISE || g.han;
		if (between && (v.n == 0 || v.glyphs[v.n - 1].class == FOLD_SPACE))
			continue;
		if (between) {
			g.class = FOLD_SPACE;
			g.han = false;
			g.cp = ' ';
		}
		v.glyphs[v.n++] = g;
	}
	return v;
}

void pattern_put_symbol(struct pattern_entry *e, uint32_t symbol)
{
	if (symbol != PATTERN_NUMBER || e->n == 0 || e->symbols[e->n - 1] != PATTERN_NUMBER)
		e->symbols[e->n < PATTERN_SYMBOLS_MAX ? e->n++ : PATTERN_SYMBOLS_MAX - 1] = symbol;
}

void pattern_put_view(struct pattern_entry *e, const struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		pattern_put_symbol(e, is_digits(&v->glyphs[i]) ? PATTERN_NUMBER : v->glyphs[i].cp);
}

static unsigned letters_in(const struct pattern_entry *e, unsigned from, unsigned to)
{
	unsigned n = 0;
	for (unsigned i = from; i < to; i++)
		n += e->symbols[i] != ' ' ? 1 : 0;
	return n;
}

/* The symbols that are looked for: before the first gap the run between numbers that has most letters; a number beside it when it
 * is a single Han letter. */
bool pattern_choose_anchor(struct pattern_entry *e)
{
	unsigned best = 0;
	for (unsigned from = 0, to; from < e->n && e->symbols[from] != PATTERN_GAP; from = to + 1) {
		to = from;
		while (to < e->n && e->symbols[to] != PATTERN_NUMBER &&
		       e->symbols[to] != PATTERN_GAP)
			to++;
		unsigned end = to - from > PATTERN_ANCHOR_MAX ? from + PATTERN_ANCHOR_MAX : to;
		if (letters_in(e, from, end) > best) {
			best = letters_in(e, from, end);
			e->anchor_from = (uint8_t)from;
			e->anchor_to = (uint8_t)end;
		}
		if (to < e->n && e->symbols[to] == PATTERN_GAP)
			break;
	}
	if (best != 1 || e->part == PART_WORDS)
		return best > 0;
	if (e->anchor_to < e->n && e->symbols[e->anchor_to] == PATTERN_NUMBER)
		e->anchor_to++;
	else if (e->anchor_from > 0)
		e->anchor_from--;
	return e->anchor_to - e->anchor_from > 1;
}

bool pattern_anchor_has_number(const struct pattern_entry *e)
{
	for (unsigned i = e->anchor_from; i < e->anchor_to; i++) {
		if (e->symbols[i] == PATTERN_NUMBER)
			return true;
	}
	return false;
}

/* Where the symbols, matched from `at` on, end; 0 when they do not stand there. Gaps nest as deep as a phrase has them. */
size_t pattern_match(const uint32_t *symbols, size_t n, const struct view *v, size_t at, bool words)
{
	for (size_t k = 0; k < n; k++) {
		if (symbols[k] == PATTERN_GAP) {
			size_t reach = words ? GAP_LATIN : GAP_HAN;
			if (words && !pattern_is_border(v, at))
				return 0;
			for (size_t skip = 0; skip <= reach && at + skip < v->n; skip++) {
				size_t end = words && !pattern_is_border(v, at + skip)
				                     ? 0
				                     : pattern_match(symbols + k + 1, n - k - 1, v,
				                                     at + skip, words);
				if (end)
					return end;
			}
			return 0;
		}
		size_t end = symbols[k] == PATTERN_NUMBER
		                     ? number_end(v, at)
		                     : at + (at < v->n && v->glyphs[at].cp == symbols[k]);
		if (end == at)
			return 0;
		at = end;
	}
	return words && !pattern_is_border(v, at) ? 0 : at;
}

bool pattern_has_gap(const struct pattern_entry *e)
{
	for (unsigned i = 0; i < e->n; i++) {
		if (e->symbols[i] == PATTERN_GAP)
			return true;
	}
	return false;
}

/* Where a phrase begins whose anchor begins at `at`: numbers before it may be of any length. SIZE_MAX when it cannot. */
size_t pattern_begins(const struct pattern_entry *e, const struct view *v, size_t at)
{
	unsigned k = e->anchor_from;
	if (e->symbols[k] == PATTERN_NUMBER) { /* the anchor has its last digit */
		at++;
		k++;
	}
	for (; k > 0; k--) {
		size_t first = at;
		if (e->symbols[k - 1] != PATTERN_NUMBER)
			first -= at > 0 && v->glyphs[at - 1].cp == e->symbols[k - 1] ? 1 : 0;
		else
			while (first > 0 && at - first < NUMBER_RUN &&
			       pattern_is_number(v, first - 1))
				first--;
		if (first == at)
			return SIZE_MAX;
		at = first;
	}
	return at;
}

bool pattern_anchor_ends(const struct pattern_entry *e, const struct view *v, size_t after)
{
	size_t length = (size_t)(e->anchor_to - e->anchor_from);
	for (size_t i = 0; i < length && after >= length; i++) {
		uint32_t symbol = e->symbols[e->anchor_from + i];
		size_t at = after - length + i;
		if (symbol == PATTERN_NUMBER ? !pattern_is_number(v, at)
		                             : v->glyphs[at].cp != symbol)
			return false;
	}
	return after >= length;
}
