/* judge.h - the one call of screen() behind every figure of accuracy. */
#ifndef KITH_INTEGRITY_ACCURACY_JUDGE_H
#define KITH_INTEGRITY_ACCURACY_JUDGE_H

#include "integrity/screen.h"

/* The verdict on a post of which nothing but its text is known. A text the engine refuses ends the program:
 * a figure without it would be wrong. */
struct verdict judge_post(const struct engine *engine, str text, struct arena *mem);

/* `path` below the source tree, where tests of the tree find their files. */
char *judge_path(const char *path, struct arena *mem);

/* True when KITH_ACCURACY_FULL is set: measure everything, however long it takes. */
bool judge_everything(void);

#endif
