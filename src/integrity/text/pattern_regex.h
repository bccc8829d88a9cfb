/* pattern_regex.h - the regular expressions of a policy over the folded text: Hyperscan says which and in linear time, PCRE2
 * confirms and says where. */
#ifndef KITH_INTEGRITY_TEXT_PATTERN_REGEX_H
#define KITH_INTEGRITY_TEXT_PATTERN_REGEX_H

#include "integrity/text/patterns.h"

struct pattern_regex; /* immutable; shared by threads */

/* ERR_INPUT for an expression that either library refuses: `why` names it. */
MUST_CHECK err pattern_regex_new(const struct policy_pattern *patterns, size_t n, const char *cache,
                                 str name, struct arena *mem, struct pattern_regex **out);
void pattern_regex_free(struct pattern_regex *regex);
/* Places in order of pattern, then of place; of one pattern they do not overlap. At most `max`. */
size_t pattern_regex_find(const struct pattern_regex *regex, const struct view *folded,
                          struct arena *mem, struct pattern_hit *hits, size_t max);
/* By PCRE2 alone: for tests. */
size_t pattern_regex_find_slowly(const struct pattern_regex *regex, const struct view *folded,
                                 struct arena *mem, struct pattern_hit *hits, size_t max);
size_t pattern_regex_bytes(const struct pattern_regex *regex);

#endif
