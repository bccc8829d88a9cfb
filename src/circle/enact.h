/* enact.h - which policy the circle is judged by: published, gone back from, read at start. The default one where none was. */
#ifndef KITH_CIRCLE_ENACT_H
#define KITH_CIRCLE_ENACT_H

#include "circle/circle.h"
#include "integrity/policy/policy.h"

#define ENACT_FILES_MAX 64
#define ENACT_SOURCE_MAX_BYTES ((size_t)4 << 20)

/* Files as one text, for the store and for the way to it: for each a line "BYTES NAME" and its bytes. */
MUST_CHECK err enact_unbundle(str source, struct policy_source files[ENACT_FILES_MAX], size_t *n);

/* An engine of its own with the policy in force. `*fault` as in engine_open. */
MUST_CHECK err enact_open(struct circle *c, struct arena *mem, struct engine **out,
                          struct policy_fault *fault);

struct enacted {
	str hash, was; /* in force now, and before */
	int lifted;    /* measures released, by a rollback */
};
/* Compiles, tries every example, then writes it down and judges by it from the next piece on. ERR_INPUT for a fault (see `fault`)
 * and for examples that do not do what they say (`failed_ones`). Takes as long as it takes to judge again what a window can
 * still see, while others go on writing. */
struct failed_example;
MUST_CHECK err enact_publish(struct circle *c, str source, int64_t now_ms, struct arena *mem,
                             struct enacted *out, struct policy_fault *fault,
                             struct failed_example **failed_ones, size_t *n_failed);
/* Back to `hash`, or when that is empty to the policy before, or to the default one; what the one that is withdrawn did and is still in
 * force is released. ERR_CONFLICT when the default policy is in force, ERR_MISSING for a hash that was never published. */
MUST_CHECK err enact_rollback(struct circle *c, str hash, int64_t now_ms, struct arena *mem,
                              struct enacted *out);

#endif
