#include "integrity/learn/calibrate.h"

#include <math.h>
#include <stdlib.h>

#define ROUNDS 50

static int by_score_down(const void *a, const void *b)
{
	double x = ((const struct scored *)a)->score, y = ((const struct scored *)b)->score;
	return (x < y) - (x > y);
}

void calibrate_sort(struct scored *list, size_t n) { qsort(list, n, sizeof *list, by_score_down); }

static size_t count_is(const struct scored *list, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += list[i].is ? 1 : 0;
	return count;
}

double calibrate_threshold(const struct scored *list, size_t n, size_t per, double *recall)
{
	size_t is = count_is(list, n), allowed = (n - is) / per, wrong = 0, caught = 0, i = 0;
	for (; i < n; i++) {
		wrong += list[i].is ? 0 : 1;
		if (wrong > allowed)
			break;
		caught += list[i].is ? 1 : 0;
	}
	*recall = is ? (double)caught / (double)is : 0;
	return i < n ? nextafter(list[i].score, HUGE_VAL) : -1e9;
}

/* What a new `a` and `b` are measured by: logistic loss against the smoothed targets. */
static double loss_of(const struct scored *list, size_t n, double hi, double lo, double a, double b)
{
	double loss = 0;
	for (size_t i = 0; i < n; i++) {
		double z = a * list[i].score + b, t = list[i].is ? hi : lo;
		loss += (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z))) - t * z;
	}
	return loss;
}

/* Newton's method on two parameters, each step halved until it is one down; smoothed targets as in the paper. */
void calibrate_platt(const struct scored *list, size_t n, double *a, double *b)
{
	double is = (double)count_is(list, n), hi = (is + 1) / (is + 2),
	       lo = 1 / ((double)n - is + 2);
	*a = *b = 0;
	double loss = loss_of(list, n, hi, lo, *a, *b);
	for (int round = 0; round < ROUNDS; round++) {
		double ga = 0, gb = 0, haa = 1e-6, hab = 0, hbb = 1e-6;
		for (size_t i = 0; i < n; i++) {
			double x = list[i].score, p = 1 / (1 + exp(-(*a * x + *b))),
			       d = p - (list[i].is ? hi : lo), v = p * (1 - p);
			ga += d * x;
			gb += d;
			haa += v * x * x;
			hab += v * x;
			hbb += v;
		}
		double det = haa * hbb - hab * hab, da = (hbb * ga - hab * gb) / det,
		       db = (haa * gb - hab * ga) / det, step = 1, better = HUGE_VAL;
		for (; step > 1e-6; step /= 2) {
			better = loss_of(list, n, hi, lo, *a - step * da, *b - step * db);
			if (better < loss)
				break;
		}
		if (!(better < loss))
			return;
		*a -= step * da;
		*b -= step * db;
		loss = better;
	}
}
