/* screen.h - facts in, verdict out: the whole integrity engine behind one function.
 *
 * An engine is immutable once open and may be used by any number of threads at once. screen() is pure: no
 * I/O, no clock, no randomness, no memory outside the arena, time linear in the text; equal facts under an
 * equal engine give an equal verdict on every machine. */
#ifndef KITH_INTEGRITY_SCREEN_H
#define KITH_INTEGRITY_SCREEN_H

#include "base/err.h"
#include "model/facts.h"
#include "model/verdict.h"

struct engine;

/* Text over this is ERR_LIMIT: bounded at every door far below. */
#define SCREEN_TEXT_MAX_BYTES ((size_t)2 << 20)

/* With the weights embedded in the program. */
MUST_CHECK err engine_open_default(struct engine **out);
/* With a weights file made by `kith train`, mapped read-only until close. A file that is not one: ERR_INPUT. */
MUST_CHECK err engine_open(const char *model_path, struct engine **out);
void engine_close(struct engine *engine);

/* Any bytes get an answer. `*verdict` and all it points to lives in `mem`. */
MUST_CHECK err screen(const struct engine *engine, const struct facts *facts, struct arena *mem,
                      struct verdict *verdict);

#endif
