/* Plain counting over a sorted list. */
#include "integrity/accuracy/figures.h"

#include <math.h>
#include <stdlib.h>

static int by_score_down(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	return (x->score < y->score) - (x->score > y->score);
}

void figures_sort(struct scored *list, size_t n)
{
	if (n > 1)
		qsort(list, n, sizeof *list, by_score_down);
}

size_t figures_spam(const struct scored *list, size_t n)
{
	size_t spam = 0;
	for (size_t i = 0; i < n; i++)
		spam += list[i].spam ? 1 : 0;
	return spam;
}

double figures_threshold(const struct scored *list, size_t n, size_t per)
{
	size_t seen = 0, allowed = (n - figures_spam(list, n)) / per;
	for (size_t i = 0; i < n; i++) {
		if (!list[i].spam && seen++ == allowed)
			return list[i].score;
	}
	return -1;
}

double figures_above(const struct scored *list, size_t n, bool spam, double threshold)
{
	size_t above = 0, all = 0;
	for (size_t i = 0; i < n; i++) {
		if (list[i].spam != spam)
			continue;
		all++;
		above += list[i].score > threshold ? 1 : 0;
	}
	return all > 0 ? (double)above / (double)all : 0;
}

double figures_precision_area(const struct scored *list, size_t n)
{
	size_t spam = figures_spam(list, n), hits = 0, end;
	double area = 0;
	for (size_t i = 0; i < n && spam > 0; i = end) {
		size_t before = hits;
		for (end = i; end < n && list[end].score >= list[i].score; end++)
			hits += list[end].spam ? 1 : 0;
		area += (double)(hits - before) / (double)spam * (double)hits / (double)end;
	}
	return area;
}

double figures_reliability(const struct scored *list, size_t n,
                           struct reliability bins[FIGURES_BINS])
{
	for (size_t b = 0; b < FIGURES_BINS; b++)
		bins[b] = (struct reliability){ 0 };
	for (size_t i = 0; i < n; i++) {
		size_t b = (size_t)(fmax(list[i].score, 0) * FIGURES_BINS);
		struct reliability *bin = &bins[b < FIGURES_BINS ? b : FIGURES_BINS - 1];
		bin->n++;
		bin->predicted += list[i].score;
		bin->observed += list[i].spam ? 1 : 0;
	}
	double error = 0;
	for (size_t b = 0; b < FIGURES_BINS; b++) {
		if (bins[b].n == 0)
			continue;
		bins[b].predicted /= (double)bins[b].n;
		bins[b].observed /= (double)bins[b].n;
		error += fabs(bins[b].predicted - bins[b].observed) * (double)bins[b].n;
	}
	return n > 0 ? error / (double)n : 0;
}
