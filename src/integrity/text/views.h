/* views.h - one text, read the ways a person reads it; every view knows the original bytes of each of its parts.
 *
 *   raw       code points as they came, ASCII lower-cased; malformed bytes are U+FFFD
 *   folded    styles, case, width, scripts that look alike and digit forms undone; what shows nothing is gone
 *   skeleton  folded without spaces and noise, leet undone, digit runs as one symbol by length, repeats cut at two
 *   pinyin    the skeleton by sound: Han as toneless syllables, Latin runs cut into syllables where they are some
 *
 * Time and memory are linear in the text. The recipe is measured in text-model work on public corpora. */
#ifndef KITH_INTEGRITY_TEXT_VIEWS_H
#define KITH_INTEGRITY_TEXT_VIEWS_H

#include "base/arena.h"
#include "base/str.h"
#include "integrity/text/fold.h"

/* One symbol of a view and the bytes [from, to) of the original that it stands for. */
struct glyph {
	uint32_t cp;
	uint32_t from, to;
	uint8_t class; /* enum fold_class */
	bool han, styled, lookalike;
};

/* Symbols above Unicode: a run of digits by how many, and pinyin syllables. */
#define GLYPH_FEW_DIGITS 0x110001u  /* 1 or 2 */
#define GLYPH_SOME_DIGITS 0x110002u /* 3 to 5 */
#define GLYPH_MANY_DIGITS 0x110003u /* 6 and more: a number one can call */
#define GLYPH_SYLLABLE 0x111000u    /* + syllable number */

struct view {
	struct glyph *glyphs;
	size_t n;
};

struct views {
	str text;
	struct view raw, folded, skeleton, pinyin;
	bool has_han;
	/* How much undoing it took, by kind. What honest people do (full width, traditional script, emoji as
	 * emoji, accents) is not counted. */
	unsigned styled, hidden, mixed, leet;
	unsigned latin; /* plain Latin letters, beside which styled ones are odd */
};

void views_of(str bytes, struct arena *mem, struct views *out);
/* Disguise effort: a number from 0, weighed so that one odd character is little and a hidden word is much. */
double views_effort(const struct views *v);
/* A view as text again, for people and for patterns. */
str view_text(const struct view *view, struct arena *mem);

#endif
