/* screen.h - facts in, verdict out: the whole integrity engine behind one function.
 *
 * An engine is immutable once open and may be used by any number of threads at once. screen() is pure: no I/O, no clock, no
 * randomness, no memory outside the arena, time linear in the text; equal facts under an equal engine and an equal past give an
 * equal verdict on every machine. */
#ifndef KITH_INTEGRITY_SCREEN_H
#define KITH_INTEGRITY_SCREEN_H

#include "base/err.h"
#include "integrity/behaviour/past.h"
#include "integrity/policy/policy.h"
#include "model/facts.h"
#include "model/verdict.h"

struct engine;

/* Text over this is ERR_LIMIT: bounded at every door far below. */
#define SCREEN_TEXT_MAX_BYTES ((size_t)2 << 20)

/* What is NULL or 0 is what the program carries. */
struct engine_options {
	const char *model_path; /* weights made by `kith train`, mapped read-only until close */
	const struct policy_source *policy; /* read until engine_open returns */
	size_t policy_files;
	/* Pictures known to be bad: lines of a PDQ hash in hex, and what the keeper notes after it. NULL, or not there: none. */
	const char *bank;
	const char *cache; /* folder for compiled words; NULL: compiled at each open, about 0.2 s */
};

/* ERR_INPUT for a file that is not a model, and for a policy that does not compile: then `*fault` (may be NULL) says where, in
 * `mem`; so may `why`. */
MUST_CHECK err engine_open(const struct engine_options *options, struct arena *mem,
                           struct engine **out, struct policy_fault *fault);
MUST_CHECK err engine_open_default(struct engine **out);
void engine_close(struct engine *engine);

const struct policy *engine_policy(const struct engine *engine);
str engine_model_hash(const struct engine *engine);
/* A past for the windows of the engine's policy, to be freed with past_free; NULL when there is no memory. */
struct past *engine_past(const struct engine *engine, struct past_limits limits);
/* The files of the default policy, in the order they are compiled in. Returns how many. */
size_t engine_default_policy(struct policy_source *files, size_t max);

/* Any bytes get an answer. `*verdict` and all it points to lives in `mem`. Without a `past` nothing is known of earlier pieces;
 * the caller keeps it from being changed meanwhile. verdict->observation is for past_observe, once the piece is there. */
MUST_CHECK err screen(const struct engine *engine, const struct past *past,
                      const struct facts *facts, struct arena *mem, struct verdict *verdict);

/* What a verdict read of the past. Unknown values are NAN. */
struct recalled {
	const double *readings; /* as verdict->readings; NULL: all unknown */
	size_t reading_count;
	struct recollection before;
};
/* The same with what was read then instead of a past: under the same policy, weights and facts the same verdict bit for bit. Other
 * than reading_count windows in the policy: all are unknown. */
MUST_CHECK err screen_again(const struct engine *engine, const struct recalled *recalled,
                            const struct facts *facts, struct arena *mem, struct verdict *verdict);

/* An example of the policy that does not do what it says. */
struct failed_example {
	str where; /* "rule fraud.loan fires", "words heads passes" */
	str text, why;
};
/* Runs every example of the policy: texts that must fire a rule do so as a post by somebody unknown, rules that need a past are given
 * one in which the words were already written by others. Returns how many there are; the failed ones in `mem`. */
size_t engine_try_examples(const struct engine *engine, struct arena *mem,
                           struct failed_example **failed_ones, size_t *n_failed);

#endif
