/* trainer.h - labelled texts in, weights out; equal input and seed give equal bytes.
 *
 * Logistic loss, AdaGrad (Duchi, Hazan, Singer, JMLR 2011), binary features, whole views dropped at random. One in ten
 * texts is held out by its id for the map to a probability and for thresholds; then all of them train the weights. */
#ifndef KITH_INTEGRITY_LEARN_TRAINER_H
#define KITH_INTEGRITY_LEARN_TRAINER_H

#include "base/err.h"
#include "base/str.h"

struct trainer;

struct trainer_figures {
	uint64_t texts, spam, copies; /* copies: augmented ones */
	double recall_1_in_1000,
		recall_1_in_100; /* on the held-out tenth, by weights that never saw it */
};

struct trainer *trainer_new(uint64_t seed);
void trainer_free(struct trainer *t);
/* `fold`: texts of equal fold stay on one side when some are held out (a group of near copies). */
void trainer_add(struct trainer *t, str text, bool spam, str fold);
/* The file of weights (text/model.h) in `mem`. ERR_INPUT without texts of both kinds. */
MUST_CHECK err trainer_finish(struct trainer *t, struct arena *mem, str *file,
                              struct trainer_figures *figures);

#endif
