#include "integrity/text/kinds.h"

#include "integrity/text/model.h"

#include <math.h>
#include <string.h>

const char *post_kind_name(enum post_kind kind)
{
	static const char *const names[POST_KINDS] = {
		[POST_LADDER] = "ladder",     [POST_COUNTERFEIT] = "counterfeit",
		[POST_OVERSEAS] = "overseas", [POST_INDUCE] = "induce",
		[POST_CONTACT] = "contact",   [POST_FRAUD] = "fraud",
		[POST_GAMBLING] = "gambling", [POST_PAPERS] = "papers",
		[POST_COPIES] = "copies",     [POST_CURE] = "cure",
		[POST_MOVE] = "move",
	};
	return names[kind];
}

err kinds_of(str bytes, struct kinds *out)
{
	if (bytes.n != KINDS_BYTES || memcmp(bytes.p, KINDS_MAGIC, sizeof KINDS_MAGIC) != 0)
		return err_input("kinds", "this file is not a model of kinds made by kith train");
	const struct kinds_head *h = (const struct kinds_head *)(const void *)bytes.p;
	const float *floats = &h->bias;
	if (h->bits != KINDS_BITS || h->small_bits != KINDS_SMALL_BITS || h->kinds != POST_KINDS ||
	    h->version != MODEL_FEATURES_VERSION)
		return err_input("kinds",
		                 "this model of kinds was trained for another version of kith");
	for (size_t i = 0; i < 4 + 2 * POST_KINDS; i++) {
		if (!isfinite(floats[i]))
			return err_input("kinds", "this model of kinds has a number that is none");
	}
	*out = (struct kinds){ h, (const int8_t *)(h + 1),
		               (const int8_t *)(h + 1) + KINDS_FEATURES };
	return OK;
}

/* This many rows of int8 fit into sums of int16. */
#define BLOCK 256
#define HALF 8

typedef int8_t bytes8 __attribute__((vector_size(HALF)));
typedef int16_t shorts8 __attribute__((vector_size(2 * HALF)));
_Static_assert(POST_KINDS >= HALF && POST_KINDS <= 2 * HALF, "a row is read as two halves");

/* The two halves of a row overlap, so that nothing beyond it is read. */
static void sum_rows(const struct kinds *k, const struct features *f, int32_t sums[POST_KINDS])
{
	for (size_t from = 0; from < f->n; from += BLOCK) {
		size_t end = f->n - from < BLOCK ? f->n : from + BLOCK;
		shorts8 low = { 0 }, high = { 0 };
		for (size_t i = from; i < end; i++) {
			size_t at = KINDS_SMALL_INDEX(f->list[i] & FEATURE_INDEX_MASK);
			const int8_t *row = k->small + at * POST_KINDS;
			bytes8 half;
			memcpy(&half, row, HALF);
			low += __builtin_convertvector(half, shorts8);
			memcpy(&half, row + POST_KINDS - HALF, HALF);
			high += __builtin_convertvector(half, shorts8);
		}
		for (int kind = 0; kind < HALF; kind++)
			sums[kind] += low[kind];
		for (int kind = HALF; kind < POST_KINDS; kind++)
			sums[kind] += high[kind - (POST_KINDS - HALF)];
	}
}

/* The heaviest sum has share near 1 as soon as it leads clearly. */
static void share(const struct kinds *k, const struct features *f, double shares[POST_KINDS])
{
	int32_t sums[POST_KINDS] = { 0 };
	double most = -INFINITY, total = 0;
	sum_rows(k, f, sums);
	for (size_t kind = 0; kind < POST_KINDS; kind++) {
		shares[kind] = (double)k->head->kind_bias[kind] +
		               (double)k->head->kind_scale[kind] * sums[kind];
		most = shares[kind] > most ? shares[kind] : most;
	}
	for (size_t kind = 0; kind < POST_KINDS; kind++)
		total += shares[kind] = exp(shares[kind] - most);
	for (size_t kind = 0; kind < POST_KINDS; kind++)
		shares[kind] /= total;
}

void kinds_judge(const struct kinds *k, const struct features *f, struct kinds_judgement *out)
{
	int32_t sum = 0;
	for (size_t i = 0; i < f->n; i++)
		sum += k->weights[KINDS_INDEX(f->list[i] & FEATURE_INDEX_MASK)];
	*out = (struct kinds_judgement){ .logit = (double)k->head->bias +
		                                  (double)k->head->scale * sum };
	out->likely = out->logit >= (double)k->head->likely_from;
	out->sure = out->logit >= (double)k->head->sure_from;
	if (out->likely)
		share(k, f, out->shares);
}
