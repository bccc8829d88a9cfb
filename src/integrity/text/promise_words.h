/* promise_words.h - the words beside an amount that say what it is: a fee, earnings, a level of agents, likes asked for. */
#ifndef KITH_INTEGRITY_TEXT_PROMISE_WORDS_H
#define KITH_INTEGRITY_TEXT_PROMISE_WORDS_H

#include "integrity/text/lexemes.h"

enum promise_group {
	PROMISE_FEE, /* to be paid to join, to be paid, to be sent something: nothing else is called so */
	PROMISE_FEE_WEAK, /* also what honest people pay: needs a word of paying first */
	PROMISE_PAY,
	PROMISE_NOT_FEE,
	PROMISE_JOIN, /* what the amount before it buys */
	PROMISE_EARN,
	PROMISE_WAGE,   /* earnings of a job: with an offer of one */
	PROMISE_AFTER,  /* a period after the amount */
	PROMISE_SLASH,  /* the same, after a slash */
	PROMISE_PERSON, /* who earns it tells of it */
	PROMISE_INVITE,
	PROMISE_RECRUIT,
	PROMISE_TIER,
	PROMISE_TIER_WEAK, /* with a word of agents in the text */
	PROMISE_AGENT,
	PROMISE_COLLECT, /* likes */
	PROMISE_SPREAD,  /* to groups, to people */
	PROMISE_BRING,   /* people */
	PROMISE_GROUPS
};

enum promise_period {
	PERIOD_NONE,
	PERIOD_HOUR,
	PERIOD_DAY,
	PERIOD_WEEK,
	PERIOD_MONTH,
	PERIOD_YEAR,
	PERIOD_ORDER,
	PERIODS
};

struct promise_word {
	const char *text;
	uint8_t group, period;
};

/* The longest word of the table at lexeme `i`, or NULL; its lexemes in *lexemes. */
const struct promise_word *promise_word_at(const struct lexemes *l, size_t i, size_t *lexemes);
/* For the tests: the whole table. */
const struct promise_word *promise_words_all(size_t *n);

#endif
