/* model.h - the text model: two scorers over the same features, mapped from a file of at most 2 MB.
 *
 *   linear  bias + scale * sum of one int8 a feature
 *   net     six int8 sums a feature, divided by the root of the number of features, then 32 rectified units and two outputs:
 *           malice (what people call spam) and offer (anything that is for sale, an honest seller's post too)
 *
 * The logit is the mean of linear and malice. The net is asked where the linear part is not sure that a text is honest.
 * A text in a script that was not trained on is not judged: its probability is a low prior and it resembles nothing.
 *
 * File: struct model_head, FEATURES_COUNT int8 of the linear part, FEATURES_COUNT times MODEL_SUMS int8 of the net, 8 bytes of zero.
 * Source of the map to a probability: Platt, "Probabilistic outputs for support vector machines", 1999. */
#ifndef KITH_INTEGRITY_TEXT_MODEL_H
#define KITH_INTEGRITY_TEXT_MODEL_H

#include "base/err.h"
#include "integrity/text/features.h"

#define MODEL_MAGIC "KTEXT03"
#define MODEL_SUMS 6
#define MODEL_HIDDEN 32

/* Nothing but floats, all of them finite. */
struct model_numbers {
	float bias, scale; /* of the linear part */
	float sum_scale[MODEL_SUMS];
	float hidden[MODEL_HIDDEN][MODEL_SUMS], hidden_bias[MODEL_HIDDEN];
	float malice[MODEL_HIDDEN], malice_bias; /* + the first sum */
	float offer[MODEL_HIDDEN], offer_bias;   /* + the second sum */
	float platt_a, platt_b; /* probability = 1 / (1 + exp(-(a * logit + b))), a above 0 */
	/* Logits that 0.1 % and 1 % of held-out honest texts reach, and the offer output that 1 % of those that are no offer reach. */
	float at_1_in_1000, at_1_in_100, offer_at_1_in_100;
};

struct model_head {
	char magic[8];
	uint32_t bits;    /* FEATURE_BITS */
	uint32_t version; /* of the features: a model of other features is refused */
	struct model_numbers numbers;
	uint32_t spare[2];
};
#define MODEL_FEATURES_VERSION 4
#define MODEL_PAD 8 /* a row of sums is read as eight bytes */
#define MODEL_BYTES                                                                                \
	(sizeof(struct model_head) + (size_t)FEATURES_COUNT * (1 + MODEL_SUMS) + MODEL_PAD)

struct model {
	const struct model_head *head; /* borrows the bytes */
	const int8_t *weights;         /* of the linear part */
	const int8_t *sums;
};

/* `bytes` is 8-byte aligned and outlives the model. ERR_INPUT when it is not a model of these features. */
MUST_CHECK err model_of(str bytes, struct model *out);

struct judgement {
	double logit, probability; /* of what people call spam */
	double linear;             /* the linear part alone */
	bool known;      /* the script is one that was trained on; else the two below are false */
	bool resembles;  /* spam, as one honest text in 1,000 does */
	bool advertises; /* something is offered, or it is like one honest text in 100 */
};

/* `features` are those of `views`. Pure; no memory but the stack. */
void model_judge(const struct model *m, const struct views *views, const struct features *features,
                 struct judgement *out);

/* The net's two outputs, for training's own measure. */
void model_net(const struct model_numbers *numbers, const float sums[MODEL_SUMS], double *malice,
               double *offer);

/* The linear score from which the net is asked. Nothing near a threshold lies below; from -6 it is a quarter of honest texts, and the
 * order of all texts is as good as if every one were asked (PR-AUC on dev .9911; from -4 a twelfth and .9905). */
#define MODEL_NET_FROM (-6.0)
/* Below it the logit is this times the linear score: about what the mean would be. */
#define MODEL_NET_SAYS 1.5

#endif
