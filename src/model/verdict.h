/* verdict.h - what the integrity engine found, why, and the strongest thing a machine may do about it.
 *
 * `score` and `malice` are two numbers and stay so: `score` says how much a text resembles what people call
 * spam, honest trade included; `malice` says how it behaves. `action` follows malice and the rules, never
 * the score. */
#ifndef KITH_MODEL_VERDICT_H
#define KITH_MODEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/measure.h"
#include "model/observation.h"

/* In order of weight; all of them reversible. */
enum action { ACTION_ALLOW, ACTION_LABEL, ACTION_FOLD, ACTION_HOLD };

/* Bytes [from, to) of the original text, on code point borders where the text is valid UTF-8. */
struct span {
	uint32_t from, to;
};

/* One rule that fired. `en` and `zh` are whole sentences for the person who wrote the text. */
struct reason {
	str rule;   /* stable id: "contact.disguised" */
	str clause; /* of the policy: "b.2" */
	str en, zh;
	str pass_en, pass_zh;     /* what would make it pass */
	double weight;            /* 0..1, of this rule alone */
	const struct span *spans; /* ascending, not overlapping; may be none */
	size_t span_count;
	bool alone; /* it fires on the piece by itself, whoever wrote it and whatever others did */
};

/* What a verdict read of what came before it, beside the windows; NAN unknown. Kept with it, so that it can be recomputed. */
struct recollection {
	double copy_authors, copy_depth, copy_first;
	double picture_authors; /* others who showed one of its pictures */
	double picture_bank;    /* pictures of it that are in the keeper's bank */
};

/* Everything it points to lives as long as the arena given to screen(). */
struct verdict {
	enum action action;
	/* What the piece by itself earns, at most `action`: who may read it may know as much, and learns nothing of what they may not. */
	enum action alone;
	/* `action`, were the rules of facts.down those that may do no more than label; at most `action`. What is remembered and recomputed is
	 * `action`: which rules are down is not known of the past. */
	enum action allowed;
	double score;  /* 0..1, calibrated probability of what the corpora call spam */
	double malice; /* 0..1, conduct: disguise, recruitment, fraud, inducement; plain trade 0 */
	const struct reason *reasons; /* heaviest first; a hold or label has at least one */
	size_t reason_count;
	/* Class a where one reason of that class weighs enough for the action by itself, whatever else there is; else that of the heaviest. */
	enum harm_class harm;
	str trace; /* JSON, for stewards; only where it was asked for */
	/* What the windows of the policy read, one each, NAN unknown: kept with the verdict, so that it can be recomputed. */
	const double *readings;
	size_t reading_count;
	struct recollection recollection;
	int64_t family; /* of near-copies, the number of the first one; 0: like nothing so far */
	struct observation observation; /* to be remembered once the piece is; `seq` is not set */
	str policy_hash,
		model_hash; /* hex: which rules and weights decided, to recompute it later */
};

/* "allow", "label", "fold", "hold": as in JSON. */
static inline const char *action_name(enum action a)
{
	static const char *const names[] = { "allow", "label", "fold", "hold" };
	return names[a];
}

#endif
