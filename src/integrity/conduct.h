/* conduct.h - what a text does, from the phrases in it: evidence with weight, by rule.
 *
 * Conduct is judged, never trade: a shop, a price, a telephone number weigh nothing. Weights of one rule do not add up; those of
 * different rules combine as independent evidence, 1 - (1 - a)(1 - b). */
#ifndef KITH_INTEGRITY_CONDUCT_H
#define KITH_INTEGRITY_CONDUCT_H

#include "integrity/text/phrases.h"
#include "model/verdict.h"

enum conduct_rule {
	CONDUCT_CONTACT_DISGUISED,
	CONDUCT_RECRUIT_LADDER,
	CONDUCT_RECRUIT_INCOME,
	CONDUCT_INDUCE_SPREAD,
	CONDUCT_FRAUD_COUNTERFEIT,
	CONDUCT_FRAUD_GAMBLING,
	CONDUCT_FRAUD_SCHEME,
	CONDUCT_TEXT_HIDDEN,
	CONDUCT_TEXT_RESEMBLES,
	CONDUCT_RULES
};

struct conduct {
	double weights[CONDUCT_RULES]; /* 0..1 */
	double malice;                 /* 0..1, of all of them */
};

/* `resembles`: the text model finds it among the one in a thousand; weighs only beside other evidence. */
void conduct_of(const struct phrase_hit *hits, size_t n, double effort, bool resembles,
                struct conduct *out);
/* Whether a phrase of this group is what the rule speaks of: its bytes are marked in the reason. */
bool conduct_marks(enum conduct_rule rule, const struct phrase_hit *hit);

struct conduct_words {
	const char *id, *en, *zh;
};
extern const struct conduct_words conduct_words[CONDUCT_RULES];

#endif
