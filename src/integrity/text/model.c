#include "integrity/text/model.h"

#include "integrity/text/scripts.h"

#include <math.h>
#include <string.h>

/* What is said of a text in a script nobody trained on. */
#define UNKNOWN_PROBABILITY 0.02
/* This many rows of int8 fit into sums of int16. */
#define BLOCK 256

typedef int8_t bytes8 __attribute__((vector_size(8)));
typedef int16_t shorts8 __attribute__((vector_size(16)));

static bool numbers_make_sense(const struct model_numbers *n)
{
	const float *list = &n->bias;
	for (size_t i = 0; i < sizeof *n / sizeof *list; i++) {
		if (!isfinite(list[i]))
			return false;
	}
	return n->platt_a > 0;
}

err model_of(str bytes, struct model *out)
{
	if (bytes.n != MODEL_BYTES || memcmp(bytes.p, MODEL_MAGIC, sizeof MODEL_MAGIC) != 0)
		return err_input("model", "this file is not a text model made by kith train");
	out->head = (const struct model_head *)(const void *)bytes.p;
	if (out->head->bits != FEATURE_BITS || out->head->version != MODEL_FEATURES_VERSION)
		return err_input("model",
		                 "this text model was trained for another version of kith");
	if (!numbers_make_sense(&out->head->numbers))
		return err_input("model", "this text model is damaged");
	out->weights = (const int8_t *)(out->head + 1);
	out->sums = out->weights + FEATURES_COUNT;
	return OK;
}

static double linear_of(const struct model *m, const struct features *f)
{
	int32_t sum = 0;
	for (size_t i = 0; i < f->n; i++)
		sum += m->weights[f->list[i] & FEATURE_INDEX_MASK];
	return (double)m->head->numbers.bias + (double)m->head->numbers.scale * sum;
}

/* A row is read as eight bytes; the last two belong to the next row and are left out at the end. */
static void sums_of(const struct model *m, const struct features *f, float sums[MODEL_SUMS])
{
	int32_t total[MODEL_SUMS] = { 0 };
	for (size_t from = 0; from < f->n; from += BLOCK) {
		size_t end = f->n - from < BLOCK ? f->n : from + BLOCK;
		shorts8 block = { 0 };
		for (size_t i = from; i < end; i++) {
			bytes8 row;
			size_t at = (size_t)(f->list[i] & FEATURE_INDEX_MASK) * MODEL_SUMS;
			memcpy(&row, m->sums + at, sizeof row);
			block += __builtin_convertvector(row, shorts8);
		}
		for (int k = 0; k < MODEL_SUMS; k++)
			total[k] += block[k];
	}
	float root = 1 / sqrtf((float)(f->n > 0 ? f->n : 1));
	for (int k = 0; k < MODEL_SUMS; k++)
		sums[k] = (float)total[k] * m->head->numbers.sum_scale[k] * root;
}

void model_net(const struct model_numbers *n, const float sums[MODEL_SUMS], double *malice,
               double *offer)
{
	float m = n->malice_bias + sums[0], o = n->offer_bias + sums[1];
	for (int j = 0; j < MODEL_HIDDEN; j++) {
		float unit = n->hidden_bias[j];
		for (int k = 0; k < MODEL_SUMS; k++)
			unit += n->hidden[j][k] * sums[k];
		unit = unit > 0 ? unit : 0;
		m += n->malice[j] * unit;
		o += n->offer[j] * unit;
	}
	*malice = (double)m;
	*offer = (double)o;
}

void model_judge(const struct model *m, const struct views *views, const struct features *features,
                 struct judgement *out)
{
	const struct model_numbers *n = &m->head->numbers;
	double a = (double)n->platt_a, b = (double)n->platt_b;
	double linear = linear_of(m, features), logit = linear * MODEL_NET_SAYS, offer = -HUGE_VAL;
	if (linear > MODEL_NET_FROM) {
		float sums[MODEL_SUMS];
		double malice;
		sums_of(m, features, sums);
		model_net(n, sums, &malice, &offer);
		logit = (linear + malice) / 2;
	}
	bool known = scripts_known(views->text);
	if (!known)
		logit = fmin(logit, (log(UNKNOWN_PROBABILITY / (1 - UNKNOWN_PROBABILITY)) - b) / a);
	*out = (struct judgement){
		.logit = logit,
		.probability = 1 / (1 + exp(-(a * logit + b))),
		.linear = linear,
		.known = known,
		.resembles = known && logit >= (double)n->at_1_in_1000,
		.advertises = known && (logit >= (double)n->at_1_in_100 ||
		                        offer >= (double)n->offer_at_1_in_100),
	};
}
