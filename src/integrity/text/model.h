/* model.h - the text model: one int8 weight a feature, a bias, and the map to a probability.
 *
 * File: struct model_head, then FEATURES_COUNT int8 weights; mapped read-only. Source of the map: Platt, "Probabilistic
 * outputs for support vector machines", 1999. */
#ifndef KITH_INTEGRITY_TEXT_MODEL_H
#define KITH_INTEGRITY_TEXT_MODEL_H

#include "base/err.h"
#include "integrity/text/features.h"

#define MODEL_MAGIC "KTEXT02"

struct model_head {
	char magic[8];
	uint32_t bits;          /* FEATURE_BITS */
	uint32_t version;       /* of the features: a model of other features is refused */
	float bias, scale;      /* logit = bias + scale * sum of the weights */
	float platt_a, platt_b; /* probability = 1 / (1 + exp(-(a * logit + b))) */
	float at_1_in_1000,
		at_1_in_100; /* logits that 0.1 % and 1 % of held-out honest texts reach */
	uint64_t spare[2];
};
#define MODEL_FEATURES_VERSION 2
#define MODEL_BYTES (sizeof(struct model_head) + FEATURES_COUNT)

struct model {
	const struct model_head *head; /* borrows the bytes */
	const int8_t *weights;
};

/* `bytes` is 8-byte aligned and outlives the model. ERR_INPUT when it is not a model of these features. */
MUST_CHECK err model_of(str bytes, struct model *out);
double model_logit(const struct model *m, const struct features *f);
double model_probability(const struct model *m, double logit);

#endif
