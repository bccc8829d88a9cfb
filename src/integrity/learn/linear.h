/* linear.h - one weight a feature, learnt by logistic loss and AdaGrad (Duchi, Hazan, Singer, JMLR 2011).
 *
 * Whole views are left out at random while learning, so that no view rests on another: a disguise spoils some and not all. */
#ifndef KITH_INTEGRITY_LEARN_LINEAR_H
#define KITH_INTEGRITY_LEARN_LINEAR_H

#include "integrity/learn/examples.h"

struct linear;

struct linear *linear_new(void);
void linear_free(struct linear *l);
/* Forgets what it knew and learns all but one fold. */
void linear_learn(struct linear *l, const struct examples *all, unsigned without_fold,
                  uint64_t *random);
double linear_logit(const struct linear *l, const uint32_t *features, size_t n);
/* logit = bias + scale * sum of the int8 weights, of which `out` has FEATURES_COUNT. */
void linear_quantise(const struct linear *l, int8_t *out, float *bias, float *scale);

/* The unit of an int8 for `n` floats that lie `stride` apart: 127 units are what all but the largest 0.02 % reach. */
float quantise_unit(const float *from, size_t n, size_t stride);
int8_t quantise(float value, float unit);

#endif
