/* features.h - hashed n-grams of the views: what the text model counts.
 *
 * raw: 1- and 2-grams with begin and end marks; words: runs of non-Han letters and digits, unigrams and bigrams;
 * skeleton: Han 1- to 3-grams, others 3- to 5-grams; pinyin: 2- and 3-grams. Each feature counts once a text. */
#ifndef KITH_INTEGRITY_TEXT_FEATURES_H
#define KITH_INTEGRITY_TEXT_FEATURES_H

#include "integrity/text/views.h"

#define FEATURE_BITS 18
#define FEATURES_COUNT (1u << FEATURE_BITS)
/* Symbols of each view that are looked at: far above any text that a door lets in. */
#define FEATURE_SYMBOLS_MAX 20000u

enum feature_view { FEATURE_RAW, FEATURE_WORD, FEATURE_SKELETON, FEATURE_PINYIN };

#define FEATURE_VIEW_SHIFT 28
#define FEATURE_INDEX_MASK (FEATURES_COUNT - 1)

/* Distinct indexes, each as index | enum feature_view << FEATURE_VIEW_SHIFT; the view is the first that gave it. */
struct features {
	uint32_t *list;
	size_t n;
};

void features_of(const struct views *views, struct arena *mem, struct features *out);

/* The same features with their places, for reasons: slower and larger. */
struct feature {
	uint32_t index;    /* 0 .. FEATURES_COUNT - 1 */
	uint32_t from, to; /* bytes of the original, where it stands first */
	uint8_t view;      /* enum feature_view */
};

struct located_features {
	struct feature *list;
	size_t n;
};

void features_locate(const struct views *views, struct arena *mem, struct located_features *out);

#endif
