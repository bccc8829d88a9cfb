/* verdict.h - what the integrity engine found, why, and the strongest thing a machine may do about it.
 *
 * `score` and `malice` are two numbers and stay so: `score` says how much a text resembles what people call
 * spam, honest trade included; `malice` says how it behaves. `action` follows malice and the rules, never
 * the score. */
#ifndef KITH_MODEL_VERDICT_H
#define KITH_MODEL_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* In order of weight; all of them reversible. */
enum action { ACTION_ALLOW, ACTION_LABEL, ACTION_FOLD, ACTION_HOLD };

/* Bytes [from, to) of the original text, on code point borders where the text is valid UTF-8. */
struct span {
	uint32_t from, to;
};

/* One rule that fired. `en` and `zh` are whole sentences for the person who wrote the text. */
struct reason {
	str rule; /* stable id, as in docs/signals.md: "contact.disguised" */
	str en, zh;
	const struct span *spans; /* ascending, not overlapping; may be none */
	size_t span_count;
};

/* Everything it points to lives as long as the arena given to screen(). */
struct verdict {
	enum action action;
	double score;  /* 0..1, calibrated probability of what the corpora call spam */
	double malice; /* 0..1, conduct: disguise, recruitment, fraud, inducement; plain trade 0 */
	const struct reason *reasons; /* heaviest first; a hold or label has at least one */
	size_t reason_count;
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
