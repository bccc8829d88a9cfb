/* kinds.h - what kind of malicious marketing a text is like: a linear model over the same features as the text model.
 *
 * Learnt from posts written for this project, because corpora hold no recruiting ladders, counterfeits or agents' copies. Like the
 * text model it only says what a text is like; a policy says what follows.
 *
 * File: struct kinds_head, KINDS_FEATURES int8 that tell malice from honest posts, then for each of KINDS_SMALL features POST_KINDS
 * int8 that tell the kinds from each other. */
#ifndef KITH_INTEGRITY_TEXT_KINDS_H
#define KITH_INTEGRITY_TEXT_KINDS_H

#include "base/err.h"
#include "integrity/text/features.h"

enum post_kind {
	POST_LADDER,
	POST_COUNTERFEIT,
	POST_OVERSEAS,
	POST_INDUCE,
	POST_CONTACT,
	POST_FRAUD,
	POST_GAMBLING,
	POST_PAPERS,
	POST_COPIES,
	POST_CURE,
	POST_MOVE,
	POST_KINDS
};

#define KINDS_BITS 17
#define KINDS_FEATURES (1u << KINDS_BITS)
#define KINDS_SMALL_BITS 12
#define KINDS_SMALL (1u << KINDS_SMALL_BITS)
/* From an index of features.h: the first bits, since hashes are even in all of them. */
#define KINDS_INDEX(index) ((index) >> (FEATURE_BITS - KINDS_BITS))
#define KINDS_SMALL_INDEX(index) ((index) >> (FEATURE_BITS - KINDS_SMALL_BITS))

#define KINDS_MAGIC "KKIND01"
struct kinds_head {
	char magic[8];
	uint32_t bits, small_bits, version, kinds; /* of other features or kinds: refused */
	float bias, scale;                         /* logit = bias + scale * sum of the weights */
	float likely_from, sure_from;              /* logits, from honest texts out of fold */
	float kind_bias[POST_KINDS], kind_scale[POST_KINDS];
};
#define KINDS_BYTES (sizeof(struct kinds_head) + KINDS_FEATURES + (size_t)KINDS_SMALL * POST_KINDS)

struct kinds {
	const struct kinds_head *head; /* borrows the bytes */
	const int8_t *weights, *small;
};

struct kinds_judgement {
	double logit;
	bool likely, sure; /* as at most one in a thousand, in ten thousand of honest texts */
	double shares[POST_KINDS]; /* sum 1; all 0 unless likely */
};

/* `bytes` is 8-byte aligned and outlives the model. ERR_INPUT when it is not one of these. */
MUST_CHECK err kinds_of(str bytes, struct kinds *out);
void kinds_judge(const struct kinds *k, const struct features *features,
                 struct kinds_judgement *out);
/* "ladder", "counterfeit", ...: as training files and policies name them. */
const char *post_kind_name(enum post_kind kind);

#endif
