/* lexemes.h - a folded text as the units that extractors look at: a Han character, a run of Latin letters and digits, a sign.
 *
 * Each says in one byte what it may be part of. The classes of a whole text in one word of 64 bits tell an extractor at once that
 * nothing it looks for can be there: most texts are left after that. */
#ifndef KITH_INTEGRITY_TEXT_LEXEMES_H
#define KITH_INTEGRITY_TEXT_LEXEMES_H

#include <uchar.h>

#include "integrity/text/contact_words.h"
#include "integrity/text/views.h"

enum lexeme_type { LEXEME_HAN, LEXEME_RUN, LEXEME_SIGN, LEXEME_LETTER /* of another script */ };

enum lexeme_class {
	CLASS_NONE,
	/* Han */
	CLASS_WEI,       /* 微 */
	CLASS_WEI_LOOK,  /* sounds or looks like it and is used for little else */
	CLASS_WEI_SOUND, /* sounds like it and is used for much else */
	CLASS_KOU,       /* 扣, 球: QQ twice */
	CLASS_BEGINS,    /* a word of contact_words that needs no id */
	CLASS_ADD,       /* 加 and what sounds so */
	CLASS_NAMES,     /* begins another word of contact_words */
	CLASS_NUMERAL,
	CLASS_UNIT, /* 十百千万 */
	/* runs */
	CLASS_WORD, /* a word of contact_words */
	CLASS_ID,   /* 5 symbols or more, not letters alone */
	CLASS_LONG, /* 6 letters or more */
	CLASS_DIGITS,
	/* signs */
	CLASS_PLUS,
	CLASS_HEART,
	CLASS_SYMBOL, /* emoji that stand for a service */
	CLASS_AT,
	CLASS_DOT, /* with Latin letters or digits close on both sides */
	CLASS_COLON,
	CLASS_STOP, /* ends a clause */
	CLASS_MONEY,
	/* of a whole text alone */
	CLASS_STREAK, /* many digits or single letters in a row */
	CLASS_HAN
};
#define CLASS_BIT(class) (UINT64_C(1) << (class))

struct lexeme {
	uint32_t cp;     /* Han, letter or sign; of a run its first symbol */
	uint32_t g0, g1; /* glyphs of the view */
	uint8_t type, class;
	uint8_t digits, letters; /* of a run, each at most 255 */
	bool line;               /* the first of its line */
	const struct contact_word *word;
};

struct lexemes {
	const struct view *view;
	str text;
	struct lexeme *list;
	size_t n;
};

/* The view that extractors read. */
const struct view *lexemes_view(const struct views *views);
/* CLASS_BIT of every class in the text. */
uint64_t lexemes_classes(const struct view *view);
/* Any digit, or a Han numeral that may be an amount (三, 千; 一 only before money). */
bool lexemes_number_in(const struct views *views);
void lexemes_read(const struct views *views, struct arena *mem, struct lexemes *out);

extern const struct lexeme lexeme_none;
/* The lexeme, or one of type LEXEME_SIGN and cp 0 beyond the end. */
static inline const struct lexeme *lexemes_at(const struct lexemes *l, size_t i)
{
	return i < l->n ? &l->list[i] : &lexeme_none;
}
bool lexeme_is_of(const struct lexeme *x, const char32_t *set); /* a Han character of the set */
bool lexeme_is_digits(const struct lexeme *x); /* a run of digits, hyphens, low lines */
bool lexemes_spell(const struct lexemes *l, size_t i, const char *run);
/* How many lexemes from `i` on read as these words: Han characters, runs, one space between words; 0 when they do not. Han
 * may have signs between, but no end of a clause. */
size_t lexemes_match(const struct lexemes *l, size_t i, const char *words);
/* Nothing, not even what is not shown, stands between the end of lexeme `i` and the next one. */
bool lexemes_touch(const struct lexemes *l, size_t i);
/* Put together from parts, or an emoji or another character read as this one, by the joined view. */
bool lexemes_changed(const struct lexemes *l, uint32_t glyph);
/* The lexeme in which a glyph lies. */
size_t lexemes_of_glyph(const struct lexemes *l, uint32_t glyph);

#endif
