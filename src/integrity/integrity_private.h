/* integrity_private.h - what the files of the pipeline share: an open engine, and one text looked at from all sides. */
#ifndef KITH_INTEGRITY_INTEGRITY_PRIVATE_H
#define KITH_INTEGRITY_INTEGRITY_PRIVATE_H

#include "integrity/behaviour/past.h"
#include "integrity/image/pdq_index.h"
#include "integrity/policy/policy.h"
#include "integrity/screen.h"
#include "integrity/text/extract.h"
#include "integrity/text/kinds.h"
#include "integrity/text/model.h"
#include "integrity/text/patterns.h"
#include "model/facts.h"

struct engine {
	struct model model;
	struct kinds kinds;
	struct policy *policy;
	struct patterns *patterns;
	struct pdq_index *bank; /* pictures the keeper knows to be bad; NULL: none */
	str mapped;             /* of a file, or STR_NONE */
	char model_hash[17];
};

/* A reason marks at most this many places. */
#define SPANS_MAX 12

/* One text and all that was found in it; everything lives in the arena of the call. */
struct look {
	const struct facts *facts;
	struct views views;
	struct features features;
	struct judgement judged;
	struct kinds_judgement kinds;
	const struct contact *contacts;
	size_t n_contacts;
	const struct extract *extracts;
	size_t n_extracts;
	const struct pattern_hit *hits;
	size_t n_hits;
	double signals[SIGNALS];
	uint16_t words[POLICY_LISTS_MAX], patterns[POLICY_PATTERNS_MAX];
	const double *readings; /* NULL: nothing is known of the past */
};

/* Reasons of every live rule that fired, heaviest first, into the verdict. */
void reasons_give(const struct engine *engine, const struct look *look,
                  const struct policy_result *result, const struct policy_result *alone,
                  struct arena *mem, struct verdict *verdict);

#endif
