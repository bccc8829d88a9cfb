/* calibrate.h - scores of texts that were held out, to thresholds and the map to a probability.
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", 1999. */
#ifndef KITH_INTEGRITY_LEARN_CALIBRATE_H
#define KITH_INTEGRITY_LEARN_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>

struct scored {
	double score;
	bool is; /* what the score should be high for */
};

/* Highest first. */
void calibrate_sort(struct scored *list, size_t n);
/* The lowest score that no more than one in `per` of those that are not reach, and the share above it of those that are. Sorted. */
double calibrate_threshold(const struct scored *list, size_t n, size_t per, double *recall);
/* probability = 1 / (1 + exp(-(a * score + b))) */
void calibrate_platt(const struct scored *list, size_t n, double *a, double *b);

#endif
