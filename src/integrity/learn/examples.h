/* examples.h - what the learners are shown: lists of features with a label, drawn in a random order.
 *
 * Examples of one group lie in one fold; a learner that leaves out a fold has seen nothing like it. */
#ifndef KITH_INTEGRITY_LEARN_EXAMPLES_H
#define KITH_INTEGRITY_LEARN_EXAMPLES_H

#include "base/str.h"

enum example_kind {
	EXAMPLE_HONEST,
	EXAMPLE_OFFER, /* honest, and something is for sale */
	EXAMPLE_SPAM,
};

struct example {
	size_t first; /* in `features` */
	uint32_t n;
	float weight;
	uint8_t kind, fold, source;
	bool copy;
};

struct examples {
	struct example *list;
	size_t n, cap;
	uint32_t *features; /* as features_of gives them */
	size_t n_features, features_cap;
};

#define FOLDS 5
#define FOLD_NONE FOLDS /* leaves out nothing */

/* `features` are copied. */
void examples_add(struct examples *all, struct example e, const uint32_t *features);
void examples_free(struct examples *all);
/* One step of descent; `progress` runs from 0 to 1 over the whole lesson. */
typedef void example_step(void *learner, const struct example *e, const uint32_t *features,
                          float progress, uint64_t *random);
/* Shows every example `epochs` times, each time in a new order. */
void examples_teach(const struct examples *all, unsigned epochs, unsigned without_fold,
                    example_step *step, void *learner, uint64_t *random);

#endif
