/* money.h - amounts, in digits or Han numerals, with or without a sign of money.
 *
 * Brought to hundredths of a yuan at a fixed rough rate: a policy asks for orders of magnitude and must give the same answer on
 * every day and every machine. The table is in money.c. */
#ifndef KITH_INTEGRITY_TEXT_MONEY_H
#define KITH_INTEGRITY_TEXT_MONEY_H

#include "integrity/text/lexemes.h"

struct amount {
	size_t from, to; /* lexemes; equal when there is none */
	int64_t cents; /* hundredths of a yuan; of a range (300-500) the upper end; without a currency as if in yuan */
	double number; /* before it was changed into yuan */
	bool money;    /* a sign or word of money stands beside it */
	bool scaled;   /* with 万, k, w: nobody counts things so */
};

/* The amount that begins at lexeme `i`, its sign of money included. */
struct amount money_at(const struct lexemes *l, size_t i);
/* 一盒, /斤, a box: what an amount without a sign is the price of, or 每 of it. */
bool money_is_per_thing(const struct lexemes *l, size_t i);

#endif
