/* net.h - six sums a feature, 32 rectified units, two outputs; learnt by logistic loss and AdaGrad.
 *
 * Half of a text's features are left out at random in every step. The shape is that of text/model.h. */
#ifndef KITH_INTEGRITY_LEARN_NET_H
#define KITH_INTEGRITY_LEARN_NET_H

#include "integrity/learn/examples.h"
#include "integrity/text/model.h"

struct net;

struct net *net_new(void);
void net_free(struct net *net);
/* Forgets what it knew and learns all but one fold. */
void net_learn(struct net *net, const struct examples *all, unsigned without_fold,
               uint64_t *random);
void net_logits(const struct net *net, const uint32_t *features, size_t n, double *malice,
                double *offer);
/* FEATURES_COUNT rows of MODEL_SUMS int8, and the numbers that belong to them. */
void net_quantise(const struct net *net, int8_t *out, struct model_numbers *numbers);

#endif
