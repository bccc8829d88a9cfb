#include "integrity/learn/net.h"

#include "integrity/learn/augment.h"
#include "integrity/learn/linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Found on train and dev of the project's corpora; see the provenance file of the weights. */
#define EPOCHS 8
#define RATE 0.3f
#define START 1e-2f
#define HONEST_WEIGHT 2.0f
#define OFFER_WEIGHT 0.3f
#define SPREAD 0.05f        /* of the sums at first, each way */
#define HIDDEN_SPREAD 0.4f  /* of the units' weights: about one over the root of six */
#define OUTPUT_SPREAD 0.18f /* of the outputs': about one over the root of 32 */

/* One feature: its sums and their squared gradients share a line of the cache. */
struct row {
	float e[8], g[8];
};

struct net {
	struct row *rows;           /* FEATURES_COUNT */
	struct model_numbers n, ng; /* the numbers, and their squared gradients */
	uint32_t *kept;             /* features of the text in hand */
	size_t kept_cap;
};

struct net *net_new(void)
{
	struct net *net = calloc(1, sizeof *net);
	if (net)
		net->rows = aligned_alloc(64, FEATURES_COUNT * sizeof *net->rows);
	if (!net || !net->rows)
		abort();
	return net;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	free(net->rows);
	free(net->kept);
	free(net);
}

static float around(float spread, uint64_t *random)
{
	return spread * ((float)(augment_random(random) >> 40) / (float)(1 << 23) - 1);
}

static void forget(struct net *net, uint64_t *random)
{
	memset(net->rows, 0, FEATURES_COUNT * sizeof *net->rows);
	net->n = net->ng = (struct model_numbers){ 0 };
	for (size_t i = 0; i < FEATURES_COUNT; i++) {
		for (int k = 0; k < MODEL_SUMS; k++)
			net->rows[i].e[k] = around(SPREAD, random);
	}
	for (int j = 0; j < MODEL_HIDDEN; j++) {
		for (int k = 0; k < MODEL_SUMS; k++)
			net->n.hidden[j][k] = around(HIDDEN_SPREAD, random);
		net->n.malice[j] = around(OUTPUT_SPREAD, random);
		net->n.offer[j] = around(OUTPUT_SPREAD, random);
	}
}

static void sums_of(const struct net *net, const uint32_t *features, size_t n, float root,
                    float sums[MODEL_SUMS])
{
	float total[8] = { 0 };
	for (size_t i = 0; i < n; i++) {
		const float *e = net->rows[features[i] & FEATURE_INDEX_MASK].e;
		for (int k = 0; k < 8; k++)
			total[k] += e[k];
	}
	for (int k = 0; k < MODEL_SUMS; k++)
		sums[k] = total[k] * root;
}

static void move(float *w, float *g, float gradient, float rate)
{
	*g += gradient * gradient;
	*w -= rate * gradient / sqrtf(START + *g);
}

/* The gradients of both outputs through the units; `back` gets those of the sums. */
static void move_units(struct net *net, const float sums[MODEL_SUMS], float malice, float offer,
                       float rate, float back[MODEL_SUMS])
{
	struct model_numbers *n = &net->n, *g = &net->ng;
	for (int j = 0; j < MODEL_HIDDEN; j++) {
		float unit = n->hidden_bias[j];
		for (int k = 0; k < MODEL_SUMS; k++)
			unit += n->hidden[j][k] * sums[k];
		if (unit <= 0)
			continue;
		float down = malice * n->malice[j] + offer * n->offer[j];
		move(&n->malice[j], &g->malice[j], malice * unit, rate);
		move(&n->offer[j], &g->offer[j], offer * unit, rate);
		for (int k = 0; k < MODEL_SUMS; k++) {
			back[k] += down * n->hidden[j][k];
			move(&n->hidden[j][k], &g->hidden[j][k], down * sums[k], rate);
		}
		move(&n->hidden_bias[j], &g->hidden_bias[j], down, rate);
	}
	move(&n->malice_bias, &g->malice_bias, malice, rate);
	move(&n->offer_bias, &g->offer_bias, offer, rate);
}

/* About half of the features, each with equal chance. Those that stay count twice, so that sums are as large as of all. */
static size_t keep_half(struct net *net, const uint32_t *features, size_t n, uint64_t *random)
{
	if (net->kept_cap < n) {
		net->kept_cap = n * 2;
		net->kept = realloc(net->kept, net->kept_cap * sizeof *net->kept);
		if (!net->kept)
			abort();
	}
	size_t kept = 0;
	uint64_t bits = 0;
	for (size_t i = 0; i < n; i++) {
		if (i % 64 == 0)
			bits = augment_random(random);
		net->kept[kept] = features[i];
		kept += bits >> (i % 64) & 1;
	}
	return kept;
}

static float error_of(double logit, bool is, float weight)
{
	float p = 1 / (1 + expf(-(float)logit));
	return weight * (is ? p - 1 : p * HONEST_WEIGHT);
}

static void step(void *learner, const struct example *e, const uint32_t *features, float progress,
                 uint64_t *random)
{
	struct net *net = learner;
	size_t n = keep_half(net, features, e->n, random);
	float sums[MODEL_SUMS], root = 2 / sqrtf((float)(e->n > 0 ? e->n : 1));
	double malice, offer;
	sums_of(net, net->kept, n, root, sums);
	model_net(&net->n, sums, &malice, &offer);
	float m = error_of(malice, e->kind == EXAMPLE_SPAM, e->weight);
	float o = error_of(offer, e->kind != EXAMPLE_HONEST, e->weight * OFFER_WEIGHT);
	float rate = RATE * (1 - progress), back[8] = { m, o };
	move_units(net, sums, m, o, rate, back);
	for (int k = 0; k < 8; k++)
		back[k] *= root;
	for (size_t i = 0; i < n; i++) {
		struct row *r = &net->rows[net->kept[i] & FEATURE_INDEX_MASK];
		for (int k = 0; k < MODEL_SUMS; k++)
			move(&r->e[k], &r->g[k], back[k], rate);
	}
}

void net_learn(struct net *net, const struct examples *all, unsigned without_fold, uint64_t *random)
{
	forget(net, random);
	examples_teach(all, EPOCHS, without_fold, step, net, random);
}

void net_logits(const struct net *net, const uint32_t *features, size_t n, double *malice,
                double *offer)
{
	float sums[MODEL_SUMS];
	sums_of(net, features, n, 1 / sqrtf((float)(n > 0 ? n : 1)), sums);
	model_net(&net->n, sums, malice, offer);
}

void net_quantise(const struct net *net, int8_t *out, struct model_numbers *numbers)
{
	*numbers = net->n;
	for (int k = 0; k < MODEL_SUMS; k++) {
		float unit = quantise_unit(&net->rows[0].e[k], FEATURES_COUNT,
		                           sizeof *net->rows / sizeof net->rows[0].e[0]);
		for (size_t i = 0; i < FEATURES_COUNT; i++)
			out[i * MODEL_SUMS + (size_t)k] = quantise(net->rows[i].e[k], unit);
		numbers->sum_scale[k] = unit;
	}
}
