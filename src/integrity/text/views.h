/* views.h - one text, read the ways a person reads it; every view knows the original bytes of each of its parts.
 *
 *   raw       code points as they came, ASCII lower-cased; malformed bytes are U+FFFD
 *   folded    styles, case, width, scripts that look alike and digit forms undone; what shows nothing is gone
 *   joined    folded with split characters put together, look-alikes in words worth hiding, emoji that stand for words and
 *             numbers in other signs read as what they stand for (text/joins.h)
 *   skeleton  joined without spaces and noise, leet undone, digit runs as one symbol by length, repeats cut at two
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
	union {
		struct {
			uint8_t class; /* enum fold_class */
			bool han, styled, lookalike;
		};
		uint32_t kind; /* the four of them at once */
	};
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
	struct view raw, folded;
	struct view joined; /* shares the glyphs of `folded` when nothing was joined */
	struct view skeleton, pinyin;
	uint8_t *undone; /* enum effort_kind of each joined glyph; NULL when nothing was joined */
	bool has_han;
	/* How much there is to undo, by kind; what of it is effort, views_effort says (views_trace.c). */
	unsigned styled, hidden, mixed, leet, joins;
	unsigned
		latin; /* plain Latin letters, beside which styled ones are odd; counted when there are any */
	/* What the first pass saw that the join pass has to look at. */
	unsigned digits, numerals;
	bool may_join;
};

/* Raw and folded alone, the first pass of views_of. */
void views_fold(str bytes, struct arena *mem, struct views *out);
void views_of(str bytes, struct arena *mem, struct views *out);
/* A view as text again, for people and for patterns. */
str view_text(const struct view *view, struct arena *mem);

static inline bool glyph_is_latin(const struct glyph *g)
{
	return g->class == FOLD_LETTER && !g->han && g->cp < 0x250;
}
/* What `cp`, which does not show, does after this glyph (or NULL): hide something, or what it is there for. */
bool glyph_hides(const struct glyph *before, uint32_t cp);
/* The letter that a digit or sign at folded or joined glyph `i` stands for because of the Latin letters it touches, or 0. */
uint32_t view_leet(const struct view *view, size_t i);

/* ---- disguise effort: how much undoing a text took, as a number and step by step ---- */

enum effort_kind {
	EFFORT_NONE,
	EFFORT_STYLED, /* a letter drawn as a symbol beside plain ones, or styles mixed in a word */
	EFFORT_HIDDEN, /* something that does not show inside a word */
	EFFORT_LOOKALIKE, /* a letter of another script among Latin ones */
	EFFORT_LEET,      /* a digit or sign for a letter, inside a word */
	EFFORT_SPLIT,     /* a character in parts */
	EFFORT_RESPELT,   /* a word worth hiding, with a look-alike in it */
	EFFORT_EMOJI,     /* an emoji for a word of asking */
	EFFORT_DIGIT,     /* another sign for a digit of a long number */
	EFFORT_NOISE,     /* a sign inside a word worth hiding */
	EFFORT_KINDS
};
extern const char *const effort_names[EFFORT_KINDS];

struct effort_step {
	enum effort_kind kind;
	uint32_t from, to; /* bytes of the original */
	uint32_t cp;       /* what it was read as; 0: nothing, it is gone */
};

struct effort_trace {
	struct effort_step *steps; /* ascending */
	size_t n;
	bool cut; /* there were more than EFFORT_STEPS_MAX */
};
#define EFFORT_STEPS_MAX 64

/* From 0, the weighed sum of the steps: one odd character is little, a hidden word is much. Honest habits are no steps: full width,
 * traditional script, emoji as emoji, accents, a text all in one style, flags, lists with circled numbers, product codes. */
double views_effort(const struct views *v);
void views_trace(const struct views *v, struct arena *mem, struct effort_trace *out);

#endif
