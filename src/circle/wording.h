/* wording.h - all the words of a post, as they are judged.
 *
 * One text, so that a verdict can be made again from what is stored. Its author knows the post by its own text: reasons mark
 * that alone, and what stands below it counts as `beside_bytes` of the facts. */
#ifndef KITH_CIRCLE_WORDING_H
#define KITH_CIRCLE_WORDING_H

#include "model/facts.h"
#include "model/post.h"

/* The text, and below it, a line each, its place, its card and what its pictures are said to show; what is empty is left out. A post
 * without such words gives its own text, not copied. */
str wording_of_post(const struct post *post, struct arena *mem);
/* The same into the facts about it, and what is known of its pictures. */
void wording_tell(struct facts *facts, const struct post *post, struct arena *mem);

#endif
