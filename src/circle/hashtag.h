/* hashtag.h - #words in a text, as people write them in any script.
 *
 * A tag is the run of letters, digits and low lines after the sign, with at least one that is no digit. Chinese goes on without a
 * space, so a tag may begin right after a word of it, and a second sign may close one: in "#a#b" b is plain. */
#ifndef KITH_CIRCLE_HASHTAG_H
#define KITH_CIRCLE_HASHTAG_H

#include <stdbool.h>

#include "base/str.h"

#define HASHTAG_MAX 60  /* code points; what is longer is no tag */
#define HASHTAGS_MAX 30 /* of one text; the rest stays plain */

/* The next tag at or after byte `*at`, without its sign (the byte before it, or the three of U+FF03); `*at`
 * (0 at first) is moved behind it. */
bool hashtag_next(str text, size_t *at, str *tag);
/* Case and width folded, for comparing. */
str hashtag_fold(struct arena *mem, str tag);
/* All of a text, folded, each once, in order of appearance; `out` has room for HASHTAGS_MAX. */
size_t hashtag_all(str text, struct arena *mem, str *out);

#endif
