/* conduct.h - what a text does, from the evidence in it: a table of rules, each with a weight.
 *
 * Conduct is judged, never trade: a shop, a price, a telephone number weigh nothing. Of one rule only its heaviest row counts;
 * different rules combine as independent evidence, 1 - (1 - a)(1 - b). A text that tells of harm or warns of it, and asks for
 * nothing, weighs a fraction. */
#ifndef KITH_INTEGRITY_CONDUCT_H
#define KITH_INTEGRITY_CONDUCT_H

#include "integrity/text/contact.h"
#include "integrity/text/phrases.h"
#include "model/verdict.h"

enum conduct_rule {
	CONDUCT_CONTACT_DISGUISED,
	CONDUCT_ADVERT_DISGUISED,
	CONDUCT_ADVERT_CLAIM,
	CONDUCT_EVADE_MOVE,
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

/* All that is known of one text. */
struct evidence {
	const struct phrase_hit *hits;
	size_t n_hits;
	const struct contact *contacts;
	size_t n_contacts;
	double effort; /* views_effort */
	bool resembles; /* the text model finds it among the one in a thousand: weighs only beside other evidence */
	bool advertises; /* ... among the one in a hundred: tells an offer from a chat, weighs nothing */
};

struct conduct {
	double weights[CONDUCT_RULES]; /* 0..1 */
	double malice;                 /* 0..1, of all of them */
};

void conduct_of(const struct evidence *evidence, struct conduct *out);
/* Whether a phrase or contact is what the rule speaks of: its bytes are marked in the reason. */
bool conduct_marks_phrase(enum conduct_rule rule, const struct phrase_hit *hit);
bool conduct_marks_contact(enum conduct_rule rule, const struct contact *contact);

struct conduct_words {
	const char *id, *en, *zh; /* en and zh: sentences for the person who wrote the text */
};
extern const struct conduct_words conduct_words[CONDUCT_RULES];
/* Changes with every change of what a verdict depends on here: stored with verdicts. */
uint64_t conduct_hash(void);

#endif
