/* answer.h - whether what a worker answered can be true.
 *
 * The worker has seen a picture, so what it says is a stranger's word: every number in range, every text harmless, every file of the
 * format and the sides it is said to have, one behind the other and nothing else. */
#ifndef KITH_MEDIA_ANSWER_H
#define KITH_MEDIA_ANSWER_H

#include "media/media_private.h"

/* `answer->fault` is FAULT_NONE. With `sizes`, `files` are all bytes it wrote. */
bool answer_holds(const struct answer *answer, bool sizes, str files);

#endif
