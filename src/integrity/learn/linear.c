#include "integrity/learn/linear.h"

#include "integrity/learn/augment.h"
#include "integrity/text/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Found on train and dev of the project's corpora; see the provenance file of the weights. */
#define EPOCHS 6
#define RATE 0.3f
#define START 1e-2f
#define HONEST_WEIGHT 3.0f
#define SUM_SCALE 0.1f
#define DROP_PERCENT 15
#define QUANTILE 0.9998
#define VIEWS_MAX 8 /* that a text is read in */

struct cell {
	float w, g; /* the weight, and the sum of its squared gradients */
};

struct linear {
	struct cell *cells; /* FEATURES_COUNT */
	struct cell bias;
};

struct linear *linear_new(void)
{
	struct linear *l = calloc(1, sizeof *l);
	if (l)
		l->cells = calloc(FEATURES_COUNT, sizeof *l->cells);
	if (!l || !l->cells)
		abort();
	return l;
}

void linear_free(struct linear *l)
{
	if (!l)
		return;
	free(l->cells);
	free(l);
}

static float sum_of(const struct linear *l, const uint32_t *features, size_t n, unsigned dropped)
{
	float sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (!(dropped >> (features[i] >> FEATURE_VIEW_SHIFT) & 1))
			sum += l->cells[features[i] & FEATURE_INDEX_MASK].w;
	}
	return l->bias.w + SUM_SCALE * sum;
}

static void move(struct cell *c, float gradient, float rate)
{
	c->g += gradient * gradient;
	c->w -= rate * gradient / sqrtf(START + c->g);
}

static void step(void *learner, const struct example *e, const uint32_t *features, float progress,
                 uint64_t *random)
{
	struct linear *l = learner;
	unsigned dropped = 0;
	for (unsigned view = 0; view < VIEWS_MAX; view++)
		dropped |= augment_random(random) % 100 < DROP_PERCENT ? 1u << view : 0;
	bool spam = e->kind == EXAMPLE_SPAM;
	float p = 1 / (1 + expf(-sum_of(l, features, e->n, dropped)));
	float gradient = e->weight * (spam ? p - 1 : p * HONEST_WEIGHT);
	float rate = RATE * (1 - progress);
	move(&l->bias, gradient, rate);
	for (uint32_t i = 0; i < e->n; i++) {
		if (!(dropped >> (features[i] >> FEATURE_VIEW_SHIFT) & 1))
			move(&l->cells[features[i] & FEATURE_INDEX_MASK], gradient * SUM_SCALE,
			     rate);
	}
}

void linear_learn(struct linear *l, const struct examples *all, unsigned without_fold,
                  uint64_t *random)
{
	memset(l->cells, 0, FEATURES_COUNT * sizeof *l->cells);
	l->bias = (struct cell){ 0 };
	examples_teach(all, EPOCHS, without_fold, step, l, random);
}

double linear_logit(const struct linear *l, const uint32_t *features, size_t n)
{
	return (double)sum_of(l, features, n, 0);
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

float quantise_unit(const float *from, size_t n, size_t stride)
{
	float *sizes = calloc(n, sizeof *sizes);
	if (!sizes)
		abort();
	for (size_t i = 0; i < n; i++)
		sizes[i] = fabsf(from[i * stride]);
	qsort(sizes, n, sizeof *sizes, by_size);
	float unit = sizes[(size_t)(QUANTILE * (double)(n - 1))] / 127;
	free(sizes);
	return unit;
}

int8_t quantise(float value, float unit)
{
	float q = unit > 0 ? roundf(value / unit) : 0;
	return (int8_t)(q > 127 ? 127 : q < -127 ? -127 : q);
}

void linear_quantise(const struct linear *l, int8_t *out, float *bias, float *scale)
{
	float unit = quantise_unit(&l->cells[0].w, FEATURES_COUNT,
	                           sizeof *l->cells / sizeof l->cells[0].w);
	for (size_t i = 0; i < FEATURES_COUNT; i++)
		out[i] = quantise(l->cells[i].w, unit);
	*bias = l->bias.w;
	*scale = SUM_SCALE * unit;
}
