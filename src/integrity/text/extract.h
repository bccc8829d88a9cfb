/* extract.h - what can be lifted out of a text: handles to reach somebody by, long numbers, addresses, prices, fees, promised
 * earnings, levels of agents, likes asked for. */
#ifndef KITH_INTEGRITY_TEXT_EXTRACT_H
#define KITH_INTEGRITY_TEXT_EXTRACT_H

#include "integrity/signals.h"
#include "integrity/text/contact.h"

enum extract_kind {
	EXTRACT_HANDLE, /* what stands after a way to get in touch (text/contact.h) */
	EXTRACT_NUMBER, /* 5 digits and more, separators dropped */
	EXTRACT_PRICE,  /* an amount beside a sign or word of money, or of one thing */
	EXTRACT_FEE,    /* to be paid to join, to be paid, to be sent something */
	EXTRACT_INCOME, /* earnings held out to the reader */
	EXTRACT_TIER,   /* a level of agents with its price or discount */
	EXTRACT_LIKES,  /* likes, forwards, people asked for */
	EXTRACT_LINK
};

struct extract {
	enum extract_kind kind;
	str value; /* as it reads once folded; in the arena */
	uint32_t from, to;
	enum contact_service service; /* of a handle or link */
	int64_t cents;  /* hundredths of a yuan (text/money.h); of an income: a month */
	unsigned count; /* likes asked for */
};

#define EXTRACTS_MAX 64
/* A text without a digit, numeral or contact costs one look at each symbol. Time is linear in the text. */
size_t extract_all(const struct views *views, const struct contact *contacts, size_t n_contacts,
                   struct arena *mem, struct extract out[EXTRACTS_MAX]);
/* The same, with the lexemes that contact_find_in has read, if it has. */
struct lexemes;
size_t extract_all_in(const struct views *views, struct lexemes *lexemes,
                      const struct contact *contacts, size_t n_contacts, struct arena *mem,
                      struct extract out[EXTRACTS_MAX]);

/* Sets contact.*, links, prices, fees, fee.money, incomes, income.money, tiers and likes.asked; no other signal. A web address counts
 * as a link, and as a contact only when it is disguised. */
void extract_signals(const struct extract *extracts, size_t n, const struct contact *contacts,
                     size_t n_contacts, double signals[SIGNALS]);

/* Hash of the first handle that is no web address, as it would be typed: one id in two disguises gives one hash. 0: there is none. */
uint64_t extract_handle_hash(const struct views *views, const struct contact *contacts,
                             size_t n_contacts);

#endif
