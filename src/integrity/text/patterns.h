/* patterns.h - all words and patterns of a policy, looked for in one pass over one text.
 *
 * A phrase with Han characters is looked for in the skeleton, so that spaces, noise, styles and split characters change nothing;
 * one of four Han characters or more also by sound. Any other phrase is looked for between word borders of the folded text. In a
 * phrase 9 stands for any number, in digits or numerals, and ~ for a few symbols or words; ~ may not be among its first two symbols.
 * A pattern is a regular expression over the folded text. Hyperscan finds where to look; phrases are confirmed symbol by symbol,
 * patterns by PCRE2. */
#ifndef KITH_INTEGRITY_TEXT_PATTERNS_H
#define KITH_INTEGRITY_TEXT_PATTERNS_H

#include "base/err.h"
#include "integrity/policy/policy.h"
#include "integrity/text/views.h"

/* A phrase or pattern found: bytes of the original; `disguised` when something was hidden, drawn or put between inside it, or it
 * is there by its sound alone. */
struct pattern_hit {
	uint16_t list;   /* of phrases, or number of the pattern */
	uint16_t phrase; /* within its list */
	bool is_pattern, disguised;
	uint32_t from, to;
};

struct patterns; /* immutable, shared by threads */

/* `cache`: a folder where the compiled database is kept between starts, or NULL. ERR_INPUT names a phrase or regex that cannot be. */
MUST_CHECK err patterns_new(const struct policy *policy, const char *cache, struct arena *mem,
                            struct patterns **out);
void patterns_free(struct patterns *patterns);

#define PATTERN_HITS_MAX 256 /* one text says enough with these */
/* Of one list those that overlap count once, the longest first. */
size_t patterns_find(const struct patterns *patterns, const struct views *views, struct arena *mem,
                     struct pattern_hit hits[PATTERN_HITS_MAX]);
/* The same by trying everything everywhere, without Hyperscan: for tests. Equal where fewer than PATTERN_HITS_MAX are found. */
size_t patterns_find_slowly(const struct patterns *patterns, const struct views *views,
                            struct arena *mem, struct pattern_hit hits[PATTERN_HITS_MAX]);
size_t patterns_bytes(const struct patterns *patterns); /* memory held */

#endif
