/* evasion.h - texts as people disguise them, made by chance from public tables: what screening is judged by.
 *
 * Independent of the engine: it reads ../shared/data/tables itself (pinyin_all, chaizi-jt, chaizi-ft, confusables,
 * opencc_STCharacters) and uses neither the engine's fold tables nor what training disguises texts with.
 *
 * A disguise is a pair: a code point and what is written for it (0 and what is put between two letters). Half of
 * all pairs, by a hash of the pair alone, is marked. A hand-made list of the engine must not hold a marked pair,
 * so that recall on texts disguised with marked pairs alone shows what the engine does about a pair nobody told it. */
#ifndef KITH_INTEGRITY_ACCURACY_EVASION_H
#define KITH_INTEGRITY_ACCURACY_EVASION_H

#include "base/err.h"
#include "base/str.h"

enum evasion_kind {
	/* put between two letters */
	EVASION_ZERO_WIDTH,
	EVASION_EMOJI,
	EVASION_PUNCTUATION,
	EVASION_SPACE,
	/* written for a letter */
	EVASION_FULL_WIDTH,
	EVASION_MATH,
	EVASION_HOMOGLYPH, /* of another script: TR39 confusables */
	EVASION_TRADITIONAL,
	EVASION_HOMOPHONE, /* same first reading without its tone, both in use */
	EVASION_PINYIN,    /* the reading in letters */
	EVASION_SIMILAR,   /* shares a telling part (one few characters have), both in use */
	EVASION_SPLIT,     /* its two or three parts */
	EVASION_LEET,
	EVASION_KINDS
};

/* Which pairs may be used. Half of the pairs means fewer places to change: compare one half with the other. */
enum evasion_half { EVASION_BOTH, EVASION_MARKED, EVASION_UNMARKED };

/* Fewer letters than this that a kind could change, and it does not apply to the text. */
#define EVASION_PLACES_MIN 3

struct evasion;

/* Reads the tables in `folder`; one that is not there is ERR_MISSING. */
MUST_CHECK err evasion_open(const char *folder, struct evasion **out);
void evasion_close(struct evasion *e);
/* Counts the characters of a text: homophones and similar glyphs are characters in use. */
void evasion_count(struct evasion *e, str text);
/* After the last count and before the first disguise. */
void evasion_settle(struct evasion *e);

/* "zero width", "emoji", ... */
const char *evasion_name(enum evasion_kind kind);
size_t evasion_pairs(const struct evasion *e, enum evasion_kind kind, enum evasion_half half);
/* True for the half that no hand-made list may hold: bit 16 of FNV-1a (32 bits) over `from` in UTF-8 (nothing for
 * 0), '>', `to`. */
bool evasion_is_marked(uint32_t from, str to);

/* `text` with each place it could be changed at changed with a chance of `percent`, at least one.
 * Equal arguments give equal bytes on every machine. False, and nothing in
 * `*out`, when the kind does not apply. */
bool evasion_apply(const struct evasion *e, enum evasion_kind kind, unsigned percent,
                   enum evasion_half half, uint64_t seed, str text, struct arena *mem, str *out);

#endif
