/* One pass from left to right. Each glyph taken is first made whole (parts, emoji, numbers), then looked at together with the Han
 * character before it: the two may be a word worth hiding. */
#include "integrity/text/joins.h"

#include <uchar.h>

#define NUMBER_MIN 7    /* symbols of a number one can call */
#define DIGITS_MIN 5    /* of them digits or numerals */
#define NUMERALS_MIN 2  /* Han numerals among digits: one alone is a dash or a word */
#define BETWEEN_MAX 2   /* signs and spaces inside a word or a split character */
#define PICTURES 0x2600 /* emoji and signs are above */

struct joining {
	const struct view *from;
	struct view *to;
	uint8_t *undone;
	unsigned splits,
		bound;       /* split characters, and those with a part that never stands alone */
	size_t numbers_from; /* before it, runs were looked at and are no numbers */
};

static bool is_one_of(uint32_t cp, const char32_t *set)
{
	while (*set && *set != cp)
		set++;
	return *set != 0;
}

static bool is_break(const struct glyph *g)
{
	return g->class == FOLD_NOISE && is_one_of(g->cp, U"，。！？；：、,!?;:()（）《》“”\"…");
}

static const struct glyph *at(const struct view *v, size_t i)
{
	static const struct glyph none = { .class = FOLD_SPACE };
	return i < v->n ? &v->glyphs[i] : &none; /* also when `i` went below 0 */
}

/* ---- words worth hiding ---- */

/* The Han character before the last glyph, with little between; or the last glyph itself. */
static size_t han_before(const struct view *v)
{
	size_t last = v->n - 1;
	for (size_t i = last; i > 0 && last - i <= BETWEEN_MAX; i--) {
		const struct glyph *g = &v->glyphs[i - 1];
		if (g->han)
			return i - 1;
		if (g->class <= FOLD_DIGIT || is_break(g))
			break;
	}
	return last;
}

static void put_right(struct joining *j, size_t i, uint32_t cp)
{
	if (j->to->glyphs[i].cp == cp)
		return;
	j->to->glyphs[i].cp = cp;
	j->undone[i] = EFFORT_RESPELT;
}

/* The last glyph and the Han character before it: a known word, or one with a look-alike. */
static void look_back(struct joining *j)
{
	size_t second = j->to->n - 1, first = han_before(j->to);
	if (first == second)
		return;
	const struct fold_join *word = fold_join(j->to->glyphs[first].cp, j->to->glyphs[second].cp,
	                                         0);
	if (!word || word->kind < FOLD_RESPELT || word->parts[2])
		return;
	put_right(j, first, word->result[0]);
	put_right(j, second, word->result[1]);
	for (size_t i = first + 1; i < second; i++)
		j->undone[i] = j->to->glyphs[i].class == FOLD_NOISE ? EFFORT_NOISE : EFFORT_NONE;
}

static void emit(struct joining *j, struct glyph g, enum effort_kind undone)
{
	j->undone[j->to->n] = (uint8_t)undone;
	j->to->glyphs[j->to->n++] = g;
	if (g.han)
		look_back(j);
}

/* ---- split characters ---- */

/* A part that never stands alone may be a sign or space away from the next; others touch. */
static size_t part_after(const struct view *f, size_t i)
{
	size_t k = i + 1;
	if (!at(f, k)->han && at(f, k)->class > FOLD_DIGIT && !is_break(at(f, k)))
		k++;
	return k;
}

/* Takes the character at `i`, with its parts if it was split: returns the glyph after it. */
static size_t take_han(struct joining *j, size_t i)
{
	const struct view *f = j->from;
	struct glyph g = f->glyphs[i];
	enum effort_kind undone = EFFORT_NONE;
	size_t last = i;
	for (;;) {
		size_t k = part_after(f, last);
		uint32_t third = at(f, k + 1)->han ? at(f, k + 1)->cp : 0;
		const struct fold_join *split = k < f->n && f->glyphs[k].han
		                                        ? fold_join(g.cp, f->glyphs[k].cp, third)
		                                        : NULL;
		if (!split || split->kind > FOLD_SPLIT_BOUND ||
		    (split->kind == FOLD_SPLIT && k != last + 1))
			break;
		last = split->parts[2] ? k + 1 : k;
		g.cp = split->result[0];
		g.to = f->glyphs[last].to;
		undone = EFFORT_SPLIT;
		j->splits++;
		j->bound += split->kind == FOLD_SPLIT_BOUND ? 1 : 0;
	}
	emit(j, g, undone);
	return last + 1;
}

/* ---- emoji ---- */

/* "Add" at the joined glyph `i`; 参加 and the like are no asking. */
static bool is_add(const struct view *v, size_t i)
{
	return at(v, i)->cp == U'加' && !is_one_of(at(v, i - 1)->cp, U"参增添更附外叠");
}

static bool after_add(const struct view *v, size_t i)
{
	return is_add(v, i) || (is_one_of(at(v, i)->cp, U"我个下") && is_add(v, i - 1));
}

/* A number, with a colon or a word for "number" before it. */
static bool number_after(const struct view *f, size_t i)
{
	size_t k = i + 1;
	while (k < i + 3 &&
	       (at(f, k)->class == FOLD_SPACE || is_one_of(at(f, k)->cp, U":：号群裙")))
		k++;
	return at(f, k)->class == FOLD_DIGIT;
}

/* How much of its word an emoji stands for at a place. */
enum stands { STANDS_FOR_NOTHING, STANDS_FOR_ALL, STANDS_FOR_FIRST, STANDS_FOR_SECOND };

/* After "add" the first half of the word, after the first half the second; but a row of hearts is joy. */
static enum stands heart_stands(const struct joining *j, size_t i, size_t last)
{
	const struct view *f = j->from, *v = j->to;
	size_t next = i + 1 + (at(f, i + 1)->class == FOLD_SPACE ? 1 : 0);
	if (at(f, i + 1)->cp == f->glyphs[i].cp)
		return STANDS_FOR_NOTHING;
	if (after_add(v, last))
		return STANDS_FOR_FIRST;
	bool half = is_one_of(at(v, last)->cp, U"微威维卫唯vw") && is_add(v, last - 1);
	return half && !is_one_of(at(f, next)->cp, U"信心芯x") ? STANDS_FOR_SECOND
	                                                       : STANDS_FOR_NOTHING;
}

/* An emoji that may stand after "add". */
static bool is_asking(uint32_t cp)
{
	const struct fold_emoji *e = cp >= PICTURES ? fold_emoji(cp) : NULL;
	return e && e->place != FOLD_EMOJI_PLUS && e->place != FOLD_EMOJI_BETWEEN;
}

static enum stands emoji_stands(const struct joining *j, size_t i, enum fold_emoji_place place)
{
	const struct view *f = j->from, *v = j->to;
	size_t next = i + 1 + (at(f, i + 1)->class == FOLD_SPACE ? 1 : 0);
	size_t last = v->n - 1; /* wraps when there is none, which `at` knows */
	last -= v->n > 0 && at(v, last)->class == FOLD_SPACE ? 1 : 0;
	bool all = false;
	switch (place) {
	case FOLD_EMOJI_PLUS:
		all = at(f, next)->class == FOLD_LETTER ||
		      (is_asking(at(f, next)->cp) && at(f, i - 1)->class != FOLD_NOISE);
		break;
	case FOLD_EMOJI_HEART:
		return heart_stands(j, i, last);
	case FOLD_EMOJI_ADDED:
		all = after_add(v, last);
		break;
	case FOLD_EMOJI_PENGUIN:
		all = after_add(v, last) || number_after(f, i);
		break;
	case FOLD_EMOJI_BETWEEN:
		all = at(v, v->n - 1)->han && at(f, i + 1)->han;
		break;
	}
	return all ? STANDS_FOR_ALL : STANDS_FOR_NOTHING;
}

static size_t take_sign(struct joining *j, size_t i)
{
	struct glyph g = j->from->glyphs[i];
	const struct fold_emoji *e = g.cp >= PICTURES ? fold_emoji(g.cp) : NULL;
	enum fold_emoji_place place = e ? (enum fold_emoji_place)e->place : 0;
	enum stands stands = e ? emoji_stands(j, i, place) : STANDS_FOR_NOTHING;
	enum effort_kind undone = place == FOLD_EMOJI_BETWEEN ? EFFORT_NONE : EFFORT_EMOJI;
	if (stands == STANDS_FOR_NOTHING) {
		emit(j, g, EFFORT_NONE);
		return i + 1;
	}
	g.class = FOLD_LETTER;
	g.han = e->word[0] >= 0x80;
	g.cp = e->word[stands == STANDS_FOR_SECOND ? 1 : 0];
	emit(j, g, undone);
	if (e->word[1] && stands == STANDS_FOR_ALL) {
		g.cp = e->word[1];
		emit(j, g, EFFORT_NONE); /* one emoji is one step */
	}
	return i + 1;
}

/* ---- numbers in other signs ---- */

/* What a glyph is as a digit: 0 to 9, or -1. */
static int digit_of(const struct glyph *g)
{
	/* The place in a row is the digit. */
	static const char32_t *const rows[] = { U"零一二三四五六七八九", U"〇幺",
		                                U"-壹贰叁肆伍陆柒捌玖" };
	if (g->class == FOLD_DIGIT)
		return (int)(g->cp - '0');
	for (size_t row = 0; g->han && row < sizeof rows / sizeof rows[0]; row++) {
		for (int i = 0; rows[row][i]; i++) {
			if (rows[row][i] == g->cp)
				return i;
		}
	}
	return -1;
}

static int letter_digit(const struct glyph *g)
{
	return g->cp == 'o' ? 0 : g->cp == 'l' || g->cp == 'i' ? 1 : -1;
}

/* Letters count only between digits: at most two of them, and a digit after. */
static bool digit_follows(const struct view *f, size_t i)
{
	for (size_t k = i + 1; k < i + 3; k++) {
		if (digit_of(at(f, k)) >= 0)
			return true;
		if (letter_digit(at(f, k)) < 0)
			return false;
	}
	return false;
}

/* Digits drawn in a way that no keyboard gives: circled, boxed, of another script. */
static bool is_odd_digit(const struct glyph *g)
{
	bool ascii = g->to - g->from == 1, full_width = g->to - g->from == 3 && !g->styled;
	return g->class == FOLD_DIGIT && !ascii && !full_width;
}

struct number {
	size_t end; /* after its last symbol */
	unsigned symbols, numerals, letters, odd;
	int first_step;  /* between its first two digits */
	bool inside;     /* of a word or handle */
	bool even_steps; /* 12345678 counts, 1111111 draws a line: nobody's number */
};

static struct number number_at(const struct view *f, size_t i)
{
	struct number n = { .end = i, .even_steps = true };
	int before = -1;
	for (size_t k = i; k < f->n && k - n.end <= 1; k++) {
		const struct glyph *g = &f->glyphs[k];
		int digit = digit_of(g);
		bool letter = digit < 0 && k == n.end && n.symbols > 0 && letter_digit(g) >= 0 &&
		              digit_follows(f, k);
		digit = letter ? letter_digit(g) : digit;
		if (digit < 0 && (g->class <= FOLD_DIGIT || is_one_of(g->cp, U"，。、；,;")))
			break;
		if (digit < 0)
			continue;
		if (n.symbols == 1)
			n.first_step = digit - before;
		n.even_steps &= n.symbols == 0 || digit - before == n.first_step;
		n.symbols++;
		n.numerals += g->han ? 1 : 0;
		n.letters += letter ? 1 : 0;
		n.odd += is_odd_digit(g) ? 1 : 0;
		n.end = k + 1;
		before = digit;
	}
	n.inside = glyph_is_latin(at(f, i - 1)) || glyph_is_latin(at(f, n.end));
	return n;
}

static bool is_called(const struct number *n)
{
	bool numerals = n->numerals == 0 || n->numerals == n->symbols ||
	                n->numerals >= NUMERALS_MIN;
	return n->symbols >= NUMBER_MIN && n->symbols - n->letters >= DIGITS_MIN && numerals &&
	       n->numerals + n->letters + n->odd > 0 && !n->even_steps && !n->inside;
}

/* Takes the symbols up to `end`: as digits when they are a number, else as they are. */
static size_t take_number(struct joining *j, size_t i)
{
	struct number n = number_at(j->from, i);
	bool called = is_called(&n);
	if (!called && n.numerals > 0) {
		j->numbers_from = n.end; /* ordinary characters: they may be parts */
		return i;
	}
	for (; i < n.end; i++) {
		struct glyph g = j->from->glyphs[i];
		int digit = digit_of(&g) >= 0 ? digit_of(&g) : letter_digit(&g);
		bool other = called && digit >= 0 && (g.class != FOLD_DIGIT || is_odd_digit(&g));
		if (other) {
			g.cp = (uint32_t)('0' + digit);
			g.class = FOLD_DIGIT;
			g.han = false;
		}
		emit(j, g, other ? EFFORT_DIGIT : EFFORT_NONE);
	}
	return n.end;
}

/* ---- the pass ---- */

static void join(struct joining *j, bool numbers)
{
	const struct view *f = j->from;
	for (size_t i = 0; i < f->n;) {
		const struct glyph *g = &f->glyphs[i];
		if (numbers && i >= j->numbers_from && digit_of(g) >= 0) {
			size_t end = take_number(j, i);
			if (end > i) {
				i = end;
				continue;
			}
		}
		if (g->han) {
			i = take_han(j, i);
		} else if (g->class == FOLD_NOISE) {
			i = take_sign(j, i);
		} else {
			emit(j, *g, EFFORT_NONE);
			i++;
		}
	}
}

/* One character that looks split, of parts that also stand alone, may be chance. */
static void forgive_chance(struct joining *j)
{
	if (j->splits != 1 || j->bound > 0)
		return;
	for (size_t i = 0; i < j->to->n; i++)
		j->undone[i] = j->undone[i] == EFFORT_SPLIT ? EFFORT_NONE : j->undone[i];
}

void joins_make(struct views *v, struct arena *mem)
{
	bool numbers = v->digits + v->numerals >= DIGITS_MIN;
	v->joined = v->folded;
	if (!v->may_join && !numbers)
		return;
	struct joining j = { .from = &v->folded, .to = &v->joined };
	/* One emoji may be two characters. */
	size_t most = v->may_join ? v->folded.n * 2 : v->folded.n;
	v->joined = (struct view){ arena_room(mem, most * sizeof(struct glyph)), 0 };
	j.undone = v->undone = ARENA_ARRAY(mem, most, uint8_t);
	join(&j, numbers);
	forgive_chance(&j);
	for (size_t i = 0; i < v->joined.n; i++)
		v->joins += v->undone[i] ? 1 : 0;
}
