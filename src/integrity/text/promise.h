/* promise.h - what a text asks to be paid, promises to earn, sells by levels, or wants spread; and its prices.
 *
 * An amount is what the words around it in its clause say. Earnings are a promise only where they are held out to the reader: what
 * somebody earned, lost or spends is a story, and a wage counts beside an offer of work. */
#ifndef KITH_INTEGRITY_TEXT_PROMISE_H
#define KITH_INTEGRITY_TEXT_PROMISE_H

#include "integrity/text/money.h"

enum promise_kind { PROMISED_PRICE, PROMISED_FEE, PROMISED_INCOME, PROMISED_TIER, PROMISED_LIKES };

struct promise {
	enum promise_kind kind;
	uint32_t g0, g1; /* glyphs: of a price the amount alone, else its word too */
	int64_t cents;   /* of an income: a month, at 30 days, 176 hours, 10 orders a day */
	unsigned count;  /* likes, people or groups asked for */
};

#define PROMISES_MAX 32
/* In order of place. Amounts in the bytes of a contact are part of it. */
size_t promise_find(const struct lexemes *l, const struct contact *contacts, size_t n_contacts,
                    struct arena *mem, struct promise out[PROMISES_MAX]);

#endif
