/* phrase.h - the words people send: short lines and longer texts, checked for size and for what must not be shown. */
#ifndef KITH_CIRCLE_PHRASE_H
#define KITH_CIRCLE_PHRASE_H

#include "base/err.h"
#include "base/str.h"

/* One line, trimmed: `min` to `max` code points, no control characters, nothing that turns the direction of what
 * stands beside it. ERR_INPUT names `field` and says `say`. */
MUST_CHECK err phrase_line(str words, size_t min, size_t max, const char *field, const char *say,
                           str *out);
/* A text as written: 1 to `max` code points with something to see in it, no NUL. Kept byte for byte, since reasons
 * point into it. */
MUST_CHECK err phrase_text(str text, size_t max, const char *field, err empty, err long_one);
/* Whether a code point shows nothing by itself: spaces of every width, joiners, marks of direction. */
bool phrase_is_blank(uint32_t cp);

#endif
