/* wording.h - all the words of a post, as they are judged and as reasons point into them.
 *
 * One text, so that a verdict can be made again from what is stored: byte offsets of a reason count in it. */
#ifndef KITH_CIRCLE_WORDING_H
#define KITH_CIRCLE_WORDING_H

#include "model/post.h"

/* The text, and below it what its pictures are said to show, one after the other; what is empty is left out. A post without such
 * words gives its own text, not copied. */
str wording_of_post(const struct post *post, struct arena *mem);

#endif
