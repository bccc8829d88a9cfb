/* figures.h - how well a list of scores tells two classes apart, and whether a probability means what it says.
 *
 * Every function wants the list as figures_sort leaves it: highest score first. Ties count against the scorer. */
#ifndef KITH_INTEGRITY_ACCURACY_FIGURES_H
#define KITH_INTEGRITY_ACCURACY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

struct scored {
	double score;
	bool spam;
};

#define FIGURES_BINS 10

/* Of the scores in one tenth of 0..1: their mean, and the share of spam among them (both 0 where there are none). */
struct reliability {
	size_t n;
	double predicted, observed;
};

void figures_sort(struct scored *list, size_t n);
size_t figures_spam(const struct scored *list, size_t n);
/* The lowest threshold that at most one in `per` of the honest exceed; without honest ones, -1. */
double figures_threshold(const struct scored *list, size_t n, size_t per);
/* Share of spam (or of the honest) strictly above a threshold; 0 where there are none. */
double figures_above(const struct scored *list, size_t n, bool spam, double threshold);
/* Area under precision and recall as average precision: equal scores are one step. */
double figures_precision_area(const struct scored *list, size_t n);
/* Fills the bins; the expected calibration error: the mean of |predicted - observed|, by members of the bin.
 * Source: Guo et al., "On calibration of modern neural networks", ICML 2017. */
double figures_reliability(const struct scored *list, size_t n,
                           struct reliability bins[FIGURES_BINS]);

#endif
