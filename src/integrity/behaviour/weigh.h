/* weigh.h - how much the reports on one person count for the order of the stewards' queue, and for nothing else.
 *
 * Reporters who may be one and the same, or of one mind, count once: union-find over the pairs of witness_linked, each group by its
 * weightiest member. What one report counts is how often this reporter was right so far, shrunk towards a half while little is known
 * (Beta prior), less for a new account, and divided by how many could have seen the thing: per viewer, so that a piece that 500 people see
 * needs more reporters than one that five see. The sum is bounded: no number of reports makes more than a few.
 * Sources: Tarjan, "Efficiency of a good but not linear set union algorithm" (1975); Beta prior as in Josang and Ismail, "The beta
 * reputation system" (2002). */
#ifndef KITH_INTEGRITY_WEIGH_H
#define KITH_INTEGRITY_WEIGH_H

#include <stdbool.h>
#include <stddef.h>

#include "integrity/behaviour/branch.h"
#include "model/lead.h"

#define WITNESSES_MAX 128                          /* weighed at once: the weightiest */
#define WITNESS_YOUNG_MS (INT64_C(30) * 86400000)  /* younger accounts count less */
#define WITNESS_BURST_MS (INT64_C(10) * 60 * 1000) /* between reports of young accounts */
#define WITNESS_SUM_MAX 4.0

struct witness {
	person_id id;
	struct branch branch;
	int64_t since_ms; /* here since */
	int64_t at_ms;    /* of the report */
	struct reporter past;
	int seen_by; /* at least 1 */
	enum report_category about;
	const uint64_t *devices;  /* ascending */
	const person_id *friends; /* whom they count as one; ascending */
	size_t n_devices, n_friends;
	/* Set here: what it counts by itself, 0 to 1; and which ones count once, from 1. */
	double weight;
	int group;
};

/* Of one invitation branch; a device in common; both young and within a burst; friends of each other; one person twice. */
bool witness_linked(const struct witness *a, const struct witness *b);
/* By itself: 0 to 1. */
double witness_weight(const struct witness *w);
/* How often they are right, as far as one may assume: 0 to 1, a half of who never reported. Bad faith counts as three times wrong. */
double witness_accuracy(const struct reporter *past);

/* Weighs and groups all of them; of more than WITNESSES_MAX the others get group 0 and count nothing. Gives thousandths for
 * struct order_case's priority: of each group what its weightiest counts, times how grave it is. Pure; in which order they lie changes
 * nothing. */
int64_t weigh_witnesses(struct witness *all, size_t n);

#endif
