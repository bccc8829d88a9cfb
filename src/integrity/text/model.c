#include "integrity/text/model.h"

#include <math.h>
#include <string.h>

err model_of(str bytes, struct model *out)
{
	if (bytes.n != MODEL_BYTES || memcmp(bytes.p, MODEL_MAGIC, sizeof MODEL_MAGIC) != 0)
		return err_input("model", "this file is not a text model made by kith train");
	out->head = (const struct model_head *)(const void *)bytes.p;
	if (out->head->bits != FEATURE_BITS || out->head->version != MODEL_FEATURES_VERSION)
		return err_input("model",
		                 "this text model was trained for another version of kith");
	out->weights = (const int8_t *)(out->head + 1);
	return OK;
}

double model_logit(const struct model *m, const struct features *f)
{
	int32_t sum = 0;
	for (size_t i = 0; i < f->n; i++)
		sum += m->weights[f->list[i] & FEATURE_INDEX_MASK];
	return (double)m->head->bias + (double)m->head->scale * sum;
}

double model_probability(const struct model *m, double logit)
{
	return 1 / (1 + exp(-((double)m->head->platt_a * logit + (double)m->head->platt_b)));
}
