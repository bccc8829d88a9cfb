/* fold.h - what a code point is taken for, and how a Han character is read. One look-up each.
 *
 * Sources: Unicode 14 (NFKC, case, names), TR39 confusables, OpenCC (traditional to simplified), pinyin-data; made by
 * tools/gen-fold into tables.bin, which is embedded. */
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

/* Toneless reading of a Han character as a syllable number from 1, or 0 when there is none. */
unsigned fold_reading(uint32_t cp);
/* The syllable's letters, NUL-terminated. `syllable` 1 .. fold_syllables(). */
const char *fold_syllable(unsigned syllable);
unsigned fold_syllables(void);
/* The syllable that these letters spell, or 0. `l` and `i` count as one, since skeletons make them one. */
unsigned fold_spelled(const char *letters, size_t n);

#endif
