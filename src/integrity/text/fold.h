/* fold.h - what a code point is taken for, how a Han character is read, which ones are split in two. One look-up each.
 *
 * Sources: Unicode 14 (NFKC, case, names), TR39 confusables, OpenCC (traditional to simplified), pinyin-data, chaizi (parts of
 * characters); made by tools/gen-fold into tables.bin, which is embedded. */
#ifndef KITH_INTEGRITY_TEXT_FOLD_H
#define KITH_INTEGRITY_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fold_class { FOLD_LETTER, FOLD_DIGIT, FOLD_SPACE, FOLD_NOISE, FOLD_DELETED };

struct fold_unit {
	uint32_t cp;
	enum fold_class class;
	bool han;
	bool styled; /* a letter drawn as a symbol: mathematical, circled, squared, small capital */
	bool lookalike; /* a letter of another script that passes for this one */
};

#define FOLD_MAX 4

/* What `cp` stands for: 1 to FOLD_MAX units in `out`, returns how many. A deleted one gives one unit of that class. */
unsigned fold_code_point(uint32_t cp, struct fold_unit out[FOLD_MAX]);

/* The table itself, for a pass that cannot pay a call a character. An entry is laid out as tools/gen-fold says. */
struct fold_table {
	const uint16_t *page_of;
	const uint32_t *pages;
	const uint32_t (*expansions)[FOLD_MAX];
	const uint32_t *pair_bits;
};
struct fold_table fold_table(void);

#define FOLD_PLANES_END                                                                            \
	0x30000u /* code points from here on are not in the table: nothing to read there */
#define FOLD_VALUE(entry) ((entry)&0x1FFFFF)
#define FOLD_CLASS(entry) ((entry) >> 24 & 7)
#define FOLD_EXPANSION 5 /* the class of an entry whose value is a number of `expansions` */
#define FOLD_HAN (UINT32_C(1) << 27)
#define FOLD_STYLED (UINT32_C(1) << 28)
#define FOLD_LOOKALIKE (UINT32_C(1) << 29)
#define FOLD_BEGINS                                                                                \
	(UINT32_C(1) << 30) /* may begin a join, or is an emoji that stands for a word */
#define FOLD_NUMERAL (UINT32_C(1) << 31)

static inline uint32_t fold_entry(const struct fold_table *t, uint32_t cp)
{
	return t->pages[(size_t)t->page_of[cp >> 8] * 256 + (cp & 255)];
}

/* False when no join begins with these two; true now and then without one. */
static inline bool fold_may_join(const struct fold_table *t, uint32_t a, uint32_t b)
{
	uint32_t bit = (a * UINT32_C(0x9E3779B1) ^ b * UINT32_C(0x85EBCA6B)) >> 15;
	return t->pair_bits[bit >> 5] >> (bit & 31) & 1;
}

enum fold_join_kind {
	FOLD_SPLIT = 1,   /* a character written as its parts */
	FOLD_SPLIT_BOUND, /* the same, with a part that never stands alone */
	FOLD_RESPELT,     /* a word worth hiding, with a look-alike in it */
	FOLD_WORD         /* the word as it is */
};

struct fold_join {
	uint16_t parts[3];  /* the third 0: there are two */
	uint16_t result[2]; /* the second 0: there is one */
	uint16_t kind;
};
/* The first of the joins that begin with these two, the one of two parts if there is one; NULL when there is none. */
const struct fold_join *fold_joins(uint32_t a, uint32_t b);
/* The join of these parts, three if there is one, else two; NULL when there is none. */
const struct fold_join *fold_join(uint32_t a, uint32_t b, uint32_t c);

/* Where an emoji stands for its word. */
enum fold_emoji_place {
	FOLD_EMOJI_PLUS = 1, /* before a letter: "add" */
	FOLD_EMOJI_HEART,    /* after "add", or after "add" and the first half */
	FOLD_EMOJI_ADDED,    /* after "add" */
	FOLD_EMOJI_PENGUIN,  /* after "add" or before a number */
	FOLD_EMOJI_BETWEEN   /* between Han */
};

struct fold_emoji {
	uint32_t cp, word[2], place; /* word[1] 0: one unit */
};
const struct fold_emoji *fold_emoji(uint32_t cp);

/* Toneless reading of a Han character as a syllable number from 1, or 0 when there is none. */
unsigned fold_reading(uint32_t cp);
/* The syllable's letters, NUL-terminated. `syllable` 1 .. fold_syllables(). */
const char *fold_syllable(unsigned syllable);
unsigned fold_syllables(void);
/* The syllable that these letters spell, or 0. `l` and `i` count as one, since skeletons make them one. */
unsigned fold_spelled(const char *letters, size_t n);

#endif
