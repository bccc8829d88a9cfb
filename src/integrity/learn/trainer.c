#include "integrity/learn/trainer.h"

#include "integrity/learn/augment.h"
#include "integrity/text/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Found on train and dev of the project's corpora; see the provenance file of the weights. */
#define EPOCHS 6
#define RATE 0.3f
#define ADA_START 1e-2f
#define HAM_WEIGHT 3.0f
#define COPY_WEIGHT 0.5f
#define SUM_SCALE 0.1f
#define DROP_PERCENT 15
#define HELD_OUT 10
#define QUANTILE 0.9998

struct example {
	size_t first; /* in `features` */
	uint32_t n;
	float weight;
	bool spam, copy, held_out;
};

struct text {
	str text;
	bool spam, held_out;
};

struct trainer {
	uint64_t random;
	struct arena *mem; /* of the texts */
	struct text *texts;
	size_t n_texts, texts_cap;
	struct example *examples;
	size_t n_examples, examples_cap;
	uint32_t *features;
	size_t n_features, features_cap;
	float *w, *g; /* FEATURES_COUNT */
	float bias, bias_g;
};

static void *grown(void *from, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return from;
	*cap = need + need / 2 + 1024;
	void *to = realloc(from, *cap * size);
	if (!to)
		abort();
	return to;
}

struct trainer *trainer_new(uint64_t seed)
{
	struct trainer *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	t->random = seed;
	t->mem = arena_new((size_t)1 << 20);
	t->w = calloc(FEATURES_COUNT, sizeof *t->w);
	t->g = calloc(FEATURES_COUNT, sizeof *t->g);
	if (!t->w || !t->g)
		abort();
	return t;
}

void trainer_free(struct trainer *t)
{
	if (!t)
		return;
	arena_free(t->mem);
	free(t->texts);
	free(t->examples);
	free(t->features);
	free(t->w);
	free(t->g);
	free(t);
}

void trainer_add(struct trainer *t, str text, bool spam, str fold)
{
	t->texts = grown(t->texts, &t->texts_cap, t->n_texts + 1, sizeof *t->texts);
	bool held_out = XXH3_64bits(fold.p, fold.n) % HELD_OUT == 0;
	t->texts[t->n_texts++] = (struct text){ str_dup(t->mem, text), spam, held_out };
}

static void add_example(struct trainer *t, const struct text *from, str text, bool copy,
                        struct arena *scratch)
{
	struct views views;
	struct features features;
	views_of(text, scratch, &views);
	features_of(&views, scratch, &features);
	t->examples = grown(t->examples, &t->examples_cap, t->n_examples + 1, sizeof *t->examples);
	t->features = grown(t->features, &t->features_cap, t->n_features + features.n,
	                    sizeof *t->features);
	float weight = (from->spam ? 1.0f : HAM_WEIGHT) * (copy ? COPY_WEIGHT : 1.0f);
	t->examples[t->n_examples++] = (struct example){ t->n_features, (uint32_t)features.n,
		                                         weight,        from->spam,
		                                         copy,          from->held_out };
	memcpy(t->features + t->n_features, features.list, features.n * sizeof *features.list);
	t->n_features += features.n;
}

/* The text, a copy with digits where a corpus masked them, and disguised copies: one of ham, two of spam. */
static void expand(struct trainer *t, const struct augment *a, const struct text *text,
                   struct arena *scratch)
{
	str digits = text->text;
	add_example(t, text, text->text, false, scratch);
	if (augment_digits(a, text->text, &t->random, scratch, &digits))
		add_example(t, text, digits, true, scratch);
	for (int i = 0; i < (text->spam ? 2 : 1); i++) {
		str base = augment_random(&t->random) & 1 ? digits : text->text;
		add_example(t, text, augment_disguise(a, base, &t->random, scratch), true, scratch);
	}
	arena_reset(scratch);
}

/* ---- descent ---- */

static float logit(const struct trainer *t, const struct example *e, unsigned dropped)
{
	float sum = 0;
	for (uint32_t i = 0; i < e->n; i++) {
		uint32_t f = t->features[e->first + i];
		if (!(dropped >> (f >> FEATURE_VIEW_SHIFT) & 1))
			sum += t->w[f & FEATURE_INDEX_MASK];
	}
	return t->bias + SUM_SCALE * sum;
}

static void learn(struct trainer *t, const struct example *e, float rate)
{
	unsigned dropped = 0;
	for (unsigned view = FEATURE_RAW; view <= FEATURE_PINYIN; view++)
		dropped |= augment_random(&t->random) % 100 < DROP_PERCENT ? 1u << view : 0;
	float p = 1 / (1 + expf(-logit(t, e, dropped)));
	float gradient = e->weight * (p - (e->spam ? 1.0f : 0.0f));
	t->bias_g += gradient * gradient;
	t->bias -= rate * gradient / sqrtf(ADA_START + t->bias_g);
	gradient *= SUM_SCALE;
	float square = gradient * gradient;
	for (uint32_t i = 0; i < e->n; i++) {
		uint32_t f = t->features[e->first + i], k = f & FEATURE_INDEX_MASK;
		if (dropped >> (f >> FEATURE_VIEW_SHIFT) & 1)
			continue;
		t->g[k] += square;
		t->w[k] -= rate * gradient / sqrtf(ADA_START + t->g[k]);
	}
}

static void descend(struct trainer *t, bool with_held_out)
{
	memset(t->w, 0, FEATURES_COUNT * sizeof *t->w);
	memset(t->g, 0, FEATURES_COUNT * sizeof *t->g);
	t->bias = t->bias_g = 0;
	uint32_t *order = calloc(t->n_examples, sizeof *order);
	if (!order)
		abort();
	for (size_t i = 0; i < t->n_examples; i++)
		order[i] = (uint32_t)i;
	size_t steps = t->n_examples * EPOCHS, done = 0;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		for (size_t i = t->n_examples - 1; i > 0; i--) {
			size_t k = (size_t)(augment_random(&t->random) % (i + 1));
			uint32_t swap = order[i];
			order[i] = order[k];
			order[k] = swap;
		}
		for (size_t i = 0; i < t->n_examples; i++, done++) {
			const struct example *e = &t->examples[order[i]];
			if (with_held_out || !e->held_out)
				learn(t, e, RATE * (1 - (float)done / (float)steps));
		}
	}
	free(order);
}

/* ---- the map to a probability, and thresholds, from texts the weights never saw ---- */

struct judged {
	double logit;
	bool spam;
};

static int by_logit_down(const void *a, const void *b)
{
	double x = ((const struct judged *)a)->logit, y = ((const struct judged *)b)->logit;
	return (x < y) - (x > y);
}

/* Newton's method on two parameters; smoothed targets as in Platt's paper. */
static void fit_platt(const struct judged *j, size_t n, size_t spam, struct model_head *head)
{
	double a = 1, b = 0, hi = ((double)spam + 1) / ((double)spam + 2),
	       lo = 1 / ((double)(n - spam) + 2);
	for (int round = 0; round < 50; round++) {
		double ga = 0, gb = 0, haa = 1e-6, hab = 0, hbb = 1e-6;
		for (size_t i = 0; i < n; i++) {
			double p = 1 / (1 + exp(-(a * j[i].logit + b))),
			       d = p - (j[i].spam ? hi : lo), v = p * (1 - p);
			ga += d * j[i].logit;
			gb += d;
			haa += v * j[i].logit * j[i].logit;
			hab += v * j[i].logit;
			hbb += v;
		}
		double det = haa * hbb - hab * hab;
		a -= (hbb * ga - hab * gb) / det;
		b -= (haa * gb - hab * ga) / det;
	}
	head->platt_a = (float)a;
	head->platt_b = (float)b;
}

/* The logit that one in `per` honest texts reaches, and the share of spam above it. `j` is sorted, highest first. */
static float threshold(const struct judged *j, size_t n, size_t spam, size_t per, double *recall)
{
	size_t allowed = (n - spam) / per, ham = 0, caught = 0, i = 0;
	for (; i < n; i++) {
		ham += j[i].spam ? 0 : 1;
		if (ham > allowed)
			break;
		caught += j[i].spam ? 1 : 0;
	}
	*recall = spam ? (double)caught / (double)spam : 0;
	return (float)(i < n ? j[i].logit : -1e9);
}

static err measure(struct trainer *t, struct model_head *head, struct trainer_figures *figures)
{
	struct judged *judged = calloc(t->n_examples, sizeof *judged);
	if (!judged)
		abort();
	size_t n = 0, spam = 0;
	for (size_t i = 0; i < t->n_examples; i++) {
		const struct example *e = &t->examples[i];
		if (!e->held_out || e->copy)
			continue;
		judged[n++] = (struct judged){ (double)logit(t, e, 0), e->spam };
		spam += e->spam ? 1 : 0;
	}
	err e = spam == 0 || spam == n
	                ? err_input("texts",
	                            "training needs texts of both labels, enough to hold some out")
	                : OK;
	if (!failed(e)) {
		qsort(judged, n, sizeof *judged, by_logit_down);
		fit_platt(judged, n, spam, head);
		head->at_1_in_1000 = threshold(judged, n, spam, 1000, &figures->recall_1_in_1000);
		head->at_1_in_100 = threshold(judged, n, spam, 100, &figures->recall_1_in_100);
	}
	free(judged);
	return e;
}

/* ---- int8 ---- */

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static void quantise(const struct trainer *t, struct model_head *head, int8_t *out)
{
	float *sizes = calloc(FEATURES_COUNT, sizeof *sizes);
	if (!sizes)
		abort();
	for (size_t i = 0; i < FEATURES_COUNT; i++)
		sizes[i] = fabsf(t->w[i]);
	qsort(sizes, FEATURES_COUNT, sizeof *sizes, by_size);
	float unit = sizes[(size_t)(QUANTILE * (FEATURES_COUNT - 1))] / 127;
	free(sizes);
	for (size_t i = 0; i < FEATURES_COUNT; i++) {
		float q = unit > 0 ? roundf(t->w[i] / unit) : 0;
		out[i] = (int8_t)(q > 127 ? 127 : q < -127 ? -127 : q);
	}
	head->bias = t->bias;
	head->scale = SUM_SCALE * unit;
}

err trainer_finish(struct trainer *t, struct arena *mem, str *file, struct trainer_figures *figures)
{
	*figures = (struct trainer_figures){ .texts = t->n_texts };
	struct augment *a = augment_new();
	struct arena *scratch = arena_new((size_t)1 << 20);
	for (size_t i = 0; i < t->n_texts; i++) {
		augment_learn(a, t->texts[i].text);
		figures->spam += t->texts[i].spam ? 1 : 0;
	}
	for (size_t i = 0; i < t->n_texts; i++)
		expand(t, a, &t->texts[i], scratch);
	arena_free(scratch);
	augment_free(a);
	figures->copies = t->n_examples - t->n_texts;
	if (t->n_examples == 0)
		return err_input("texts", "there is nothing to train on");

	char *bytes = arena_alloc(mem, MODEL_BYTES);
	struct model_head *head = (struct model_head *)(void *)bytes;
	memcpy(head->magic, MODEL_MAGIC, sizeof MODEL_MAGIC);
	head->bits = FEATURE_BITS;
	head->version = MODEL_FEATURES_VERSION;
	descend(t, false);
	err e = measure(t, head, figures);
	if (failed(e))
		return e;
	descend(t, true);
	quantise(t, head, (int8_t *)(head + 1));
	*file = (str){ bytes, MODEL_BYTES };
	return OK;
}
