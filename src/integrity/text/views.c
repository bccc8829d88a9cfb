/* All views from one pass over the bytes and one over the joined text.
 *
 * Both loops are written for what texts mostly are: letters that fold to one letter, and nothing to join. Whatever else there is
 * leaves the loop for a function of its own. */
#include "integrity/text/views.h"

#include "integrity/text/joins.h"

#include <string.h>

struct pass {
	struct fold_table table;
	struct views *v;
	uint32_t begin; /* the last Han character, when a join may begin with it; 0: none */
	bool apart;     /* a sign or space came after it */
};

static bool is_ascii_letter(uint32_t cp) { return cp - 'a' < 26; }

static void push(struct view *view, struct glyph g) { view->glyphs[view->n++] = g; }

/* Bits 24 to 29 of a fold entry as the `kind` of a glyph: class, Han, styled, look-alike, one byte each. */
static uint32_t kind_of(uint32_t entry)
{
	uint32_t bits = entry >> 24;
	return (bits & 7) | (bits & 8) << 5 | (bits & 16) << 12 | (bits & 32) << 19;
}

/* ---- raw and folded ---- */

static bool is_selector(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* What shows nothing hides something only inside a Latin or Han word: marks are how other scripts are written, joiners and
 * selectors belong to emoji and to forms of a character, marks of direction to names, and the usual accents to letters. */
bool glyph_hides(const struct glyph *before, uint32_t cp)
{
	bool accent = cp >= 0x300 && cp <= 0x32F, joiner = cp == 0x200D || is_selector(cp),
	     direction = cp == 0x200E || cp == 0x200F || (cp >= 0x2066 && cp <= 0x2069);
	return before && (before->han || glyph_is_latin(before)) && !accent && !joiner &&
	       !direction;
}

/* Two Han characters with at most signs between: is there anything to join? */
static void note_pair(struct pass *p, uint32_t cp)
{
	const struct fold_join *join = fold_joins(p->begin, cp);
	p->v->may_join |= join && (join->kind != FOLD_WORD || p->apart);
}

/* Counts what the join pass and disguise effort want to know of a unit. */
static void note_unit(struct pass *p, uint32_t entry, uint32_t cp)
{
	struct views *v = p->v;
	v->digits += FOLD_CLASS(entry) == FOLD_DIGIT ? 1 : 0;
	v->numerals += entry >> 31;
	if (FOLD_CLASS(entry) == FOLD_NOISE) {
		v->may_join |= (entry & FOLD_BEGINS) != 0;
		p->apart = true;
	} else if (entry & FOLD_HAN) {
		v->has_han = true;
		if (p->begin && fold_may_join(&p->table, p->begin, cp))
			note_pair(p, cp);
		p->begin = entry & FOLD_BEGINS ? cp : 0;
		p->apart = false;
	} else if (FOLD_CLASS(entry) != FOLD_SPACE) {
		p->begin = 0;
	}
}

static void push_unit(struct pass *p, uint32_t entry, uint32_t cp, uint32_t from, uint32_t to)
{
	cp = FOLD_VALUE(entry) ? FOLD_VALUE(entry) : cp;
	p->v->styled += (entry & FOLD_STYLED) != 0;
	p->v->mixed += (entry & FOLD_LOOKALIKE) != 0;
	push(&p->v->folded,
	     (struct glyph){ .cp = cp, .from = from, .to = to, .kind = kind_of(entry) });
	note_unit(p, entry, cp);
}

static void push_folded(struct pass *p, uint32_t cp, uint32_t from, uint32_t to)
{
	uint32_t entry = cp < FOLD_PLANES_END ? fold_entry(&p->table, cp)
	                                      : (uint32_t)FOLD_DELETED << 24;
	if (FOLD_CLASS(entry) == FOLD_DELETED) {
		const struct view *f = &p->v->folded;
		p->v->hidden += glyph_hides(f->n ? &f->glyphs[f->n - 1] : NULL, cp) ? 1 : 0;
	} else if (FOLD_CLASS(entry) == FOLD_EXPANSION) {
		const uint32_t *parts = p->table.expansions[FOLD_VALUE(entry)];
		for (unsigned i = 0; i < FOLD_MAX && parts[i] != 0; i++)
			push_unit(p, parts[i] | (entry & FOLD_STYLED), cp, from, to);
	} else {
		push_unit(p, entry, cp, from, to);
	}
}

static uint32_t raw_symbol(uint32_t cp) { return cp - 'A' < 26 ? cp + 32 : cp; }

/* ASCII from `at` on, up to something else or to a byte that shows nothing: returns where it stopped. */
static size_t fold_ascii(struct pass *p, str bytes, size_t at)
{
	struct glyph *raw = p->v->raw.glyphs + p->v->raw.n,
		     *folded = p->v->folded.glyphs + p->v->folded.n;
	const uint32_t *entries = p->table.pages + (size_t)p->table.page_of[0] * 256;
	size_t from = at;
	unsigned digits = 0, classes = 0;
	for (; at < bytes.n; at++) {
		uint32_t cp = (unsigned char)bytes.p[at], entry = entries[cp],
			 class = FOLD_CLASS(entry);
		if (cp >= 0x80 || class > FOLD_NOISE)
			break;
		uint32_t lower = raw_symbol(cp);
		*raw++ =
			(struct glyph){ .cp = lower, .from = (uint32_t)at, .to = (uint32_t)at + 1 };
		*folded++ = (struct glyph){ .cp = class == FOLD_SPACE ? ' ' : lower,
			                    .from = (uint32_t)at,
			                    .to = (uint32_t)at + 1,
			                    .kind = class };
		digits += class == FOLD_DIGIT;
		classes |= 1u << class;
	}
	if (classes & (1u << FOLD_LETTER | 1u << FOLD_DIGIT))
		p->begin = 0;
	p->apart = true;
	p->v->digits += digits;
	p->v->raw.n += at - from;
	p->v->folded.n += at - from;
	return at;
}

/* Valid UTF-8 in three bytes, away from the edges where a second look is needed. */
static bool is_three_bytes(str bytes, size_t at)
{
	const unsigned char *b = (const unsigned char *)bytes.p + at;
	return bytes.n - at >= 3 && b[0] - 0xE1u < 12 && (b[1] & 0xC0) == 0x80 &&
	       (b[2] & 0xC0) == 0x80;
}

static uint32_t three_bytes(str bytes, size_t at)
{
	const unsigned char *b = (const unsigned char *)bytes.p + at;
	return (b[0] & 15u) << 12 | (b[1] & 63u) << 6 | (b[2] & 63u);
}

/* Letters and signs of three bytes that fold to one, which is what Han text is, from `at` on: returns where they stopped. */
static size_t fold_letters(struct pass *p, str bytes, size_t at)
{
	struct glyph *raw = p->v->raw.glyphs + p->v->raw.n,
		     *folded = p->v->folded.glyphs + p->v->folded.n;
	const struct fold_table table = p->table;
	const uint32_t mask = (uint32_t)7 << 24 | FOLD_STYLED | FOLD_LOOKALIKE;
	uint32_t begin = p->begin, seen = 0, numerals = 0;
	size_t from = at;
	for (; is_three_bytes(bytes, at); at += 3) {
		uint32_t cp = three_bytes(bytes, at), entry = fold_entry(&table, cp);
		bool noise = (entry & mask) == (uint32_t)FOLD_NOISE << 24;
		if ((entry & mask) != (uint32_t)FOLD_LETTER << 24 &&
		    (!noise || entry & FOLD_BEGINS))
			break;
		uint32_t letter = FOLD_VALUE(entry) ? FOLD_VALUE(entry) : cp;
		*raw++ = (struct glyph){ .cp = cp, .from = (uint32_t)at, .to = (uint32_t)at + 3 };
		*folded++ = (struct glyph){ .cp = letter,
			                    .from = (uint32_t)at,
			                    .to = (uint32_t)at + 3,
			                    .kind = kind_of(entry) };
		seen |= entry;
		numerals += entry >> 31;
		if (begin && !noise && fold_may_join(&table, begin, letter)) {
			p->begin = begin;
			note_pair(p, letter);
		}
		begin = noise ? begin : entry & FOLD_BEGINS ? letter : 0;
		p->apart = noise;
	}
	p->begin = begin;
	p->v->has_han |= (seen & FOLD_HAN) != 0;
	p->v->numerals += numerals;
	p->v->raw.n += (at - from) / 3;
	p->v->folded.n += (at - from) / 3;
	return at;
}

/* Every glyph is written before it is read. */
static struct glyph *room(struct arena *mem, size_t n)
{
	return arena_room(mem, n * sizeof(struct glyph));
}

void views_fold(str bytes, struct arena *mem, struct views *out)
{
	struct pass p = { .table = fold_table(), .v = out };
	*out = (struct views){ .text = bytes };
	out->raw.glyphs = room(mem, bytes.n);
	/* At most 4 units from 3 bytes. */
	out->folded.glyphs = room(mem, bytes.n + bytes.n / 3 + 1);
	for (size_t at = 0; at < bytes.n;) {
		size_t from = at;
		if ((unsigned char)bytes.p[at] < 0x80)
			at = fold_ascii(&p, bytes, at);
		else if ((unsigned char)bytes.p[at] >= 0xE0)
			at = fold_letters(&p, bytes, at);
		if (at > from)
			continue;
		uint32_t cp = utf8_next(bytes, &at);
		push(&out->raw, (struct glyph){ .cp = raw_symbol(cp),
		                                .from = (uint32_t)from,
		                                .to = (uint32_t)at });
		push_folded(&p, cp, (uint32_t)from, (uint32_t)at);
	}
}

/* A look-alike is a disguise beside plain Latin letters; among its own kind it is somebody's language. */
static unsigned count_mixed(const struct view *folded)
{
	const struct glyph *g = folded->glyphs;
	unsigned mixed = 0;
	for (size_t i = 0; i < folded->n; i++) {
		if (!g[i].lookalike)
			continue;
		bool before = i > 0 && is_ascii_letter(g[i - 1].cp) && !g[i - 1].lookalike;
		bool after = i + 1 < folded->n && is_ascii_letter(g[i + 1].cp) &&
		             !g[i + 1].lookalike;
		mixed += before || after ? 1 : 0;
	}
	return mixed;
}

static unsigned count_plain(const struct view *folded)
{
	unsigned plain = 0;
	for (size_t i = 0; i < folded->n; i++) {
		const struct glyph *g = &folded->glyphs[i];
		plain += !g->styled && is_ascii_letter(g->cp) ? 1 : 0;
	}
	return plain;
}

/* ---- skeleton ---- */

/* What digits and signs are read as inside a word. */
static const char leet_letters[128] = {
	['0'] = 'o', ['1'] = 'i', ['3'] = 'e', ['4'] = 'a', ['5'] = 's',
	['7'] = 't', ['8'] = 'b', ['@'] = 'a', ['$'] = 's', ['!'] = 'i'
};

/* A digit or sign that a Latin letter touches on one side (a sign: on both) stands for a letter. */
uint32_t view_leet(const struct view *view, size_t i)
{
	const struct glyph *g = &view->glyphs[i];
	uint32_t letter = g->cp < 128 ? (unsigned char)leet_letters[g->cp] : 0;
	if (!letter || (g->class != FOLD_DIGIT && g->class != FOLD_NOISE))
		return 0;
	bool before = i > 0 && glyph_is_latin(g - 1),
	     after = i + 1 < view->n && glyph_is_latin(g + 1);
	return (g->class == FOLD_DIGIT ? before || after : before && after) ? letter : 0;
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
		if (class == FOLD_DIGIT && !view_leet(f, k)) {
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

/* A digit, or a sign that may be a letter: returns the glyph after it. */
static size_t push_digits(struct views *v, size_t i)
{
	const struct view *f = &v->joined;
	struct glyph g = f->glyphs[i];
	uint32_t letter = view_leet(f, i);
	size_t end = i + 1;
	if (letter) {
		g.cp = letter;
		g.class = FOLD_LETTER;
		v->leet++;
		push_skeleton(&v->skeleton, g);
	} else if (g.class == FOLD_DIGIT) {
		size_t digits = 0;
		end = digit_run(f, i, &digits);
		g.cp = digits_symbol(digits);
		g.to = f->glyphs[end - 1].to;
		push_skeleton(&v->skeleton, g);
	}
	return end;
}

static void make_skeleton(struct views *v)
{
	const struct view *f = &v->joined;
	struct view *s = &v->skeleton;
	for (size_t i = 0; i < f->n;) {
		struct glyph g = f->glyphs[i];
		if (g.class == FOLD_DIGIT ||
		    (g.class == FOLD_NOISE && g.cp < 128 && leet_letters[g.cp])) {
			i = push_digits(v, i);
			continue;
		}
		i++;
		if (g.class != FOLD_LETTER)
			continue;
		g.cp = g.cp == 'l' ? 'i' : g.cp;
		push_skeleton(s, g);
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
	views_fold(bytes, mem, out);
	out->mixed = out->mixed ? count_mixed(&out->folded) : 0;
	out->latin = out->styled ? count_plain(&out->folded) : 0;
	joins_make(out, mem);
	out->skeleton.glyphs = room(mem, out->joined.n + 1);
	make_skeleton(out);
	if (!out->has_han)
		return;
	out->pinyin.glyphs = room(mem, out->skeleton.n);
	make_pinyin(out);
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
