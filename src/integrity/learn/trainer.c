/* Texts to examples, examples to learners, what they learnt to a file. */
#include "integrity/learn/trainer.h"

#include "integrity/learn/augment.h"
#include "integrity/learn/calibrate.h"
#include "integrity/learn/examples.h"
#include "integrity/learn/linear.h"
#include "integrity/learn/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define COPY_WEIGHT 0.5f

struct text {
	str text;
	uint8_t kind, fold, source;
};

struct trainer {
	struct trainer_settings settings;
	uint64_t random;
	struct arena *mem; /* of the texts */
	struct text *texts;
	size_t n_texts, texts_cap;
	struct examples examples;
	struct linear *linear;
	struct net *net;
};

struct trainer *trainer_new(const struct trainer_settings *settings)
{
	struct trainer *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	t->settings = *settings;
	t->random = settings->seed;
	t->mem = arena_new((size_t)1 << 20);
	t->linear = linear_new();
	t->net = net_new();
	return t;
}

void trainer_free(struct trainer *t)
{
	if (!t)
		return;
	arena_free(t->mem);
	free(t->texts);
	examples_free(&t->examples);
	linear_free(t->linear);
	net_free(t->net);
	free(t);
}

void trainer_add(struct trainer *t, const struct lesson *lesson)
{
	if (t->n_texts == t->texts_cap) {
		t->texts_cap = t->texts_cap * 2 + 1024;
		t->texts = realloc(t->texts, t->texts_cap * sizeof *t->texts);
		if (!t->texts)
			abort();
	}
	t->texts[t->n_texts++] = (struct text){
		.text = str_dup(t->mem, lesson->text),
		.kind = lesson->spam                      ? EXAMPLE_SPAM
		        : lesson->source == LESSON_SELLER ? EXAMPLE_OFFER
		                                          : EXAMPLE_HONEST,
		.fold = (uint8_t)(XXH3_64bits(lesson->fold.p, lesson->fold.n) % FOLDS),
		.source = (uint8_t)lesson->source,
	};
}

/* ---- texts to examples ---- */

static void add_example(struct trainer *t, const struct text *from, str text, bool copy,
                        struct arena *scratch)
{
	struct views views;
	struct features features;
	views_of(text, scratch, &views);
	features_of(&views, scratch, &features);
	struct example e = { .n = (uint32_t)features.n,
		             .weight = copy ? COPY_WEIGHT : 1,
		             .kind = from->kind,
		             .fold = from->fold,
		             .source = from->source,
		             .copy = copy };
	examples_add(&t->examples, e, features.list);
}

/* The text itself, digits where a corpus masked them, and disguised copies: one of ham, two of spam. */
static void expand(struct trainer *t, const struct augment *a, const struct text *text,
                   struct arena *scratch)
{
	str digits = text->text;
	add_example(t, text, text->text, false, scratch);
	if (!t->settings.plain) {
		if (augment_digits(text->text, &t->random, scratch, &digits))
			add_example(t, text, digits, true, scratch);
		for (int i = 0; i < (text->kind == EXAMPLE_SPAM ? 2 : 1); i++) {
			str base = augment_random(&t->random) & 1 ? digits : text->text;
			add_example(t, text, augment_disguise(a, base, &t->random, scratch), true,
			            scratch);
		}
	}
	arena_reset(scratch);
}

static err make_examples(struct trainer *t)
{
	struct augment *a = augment_new();
	err e = t->settings.tables ? augment_read(a, t->settings.tables) : OK;
	if (!failed(e)) {
		struct arena *scratch = arena_new((size_t)1 << 20);
		for (size_t i = 0; i < t->n_texts; i++)
			augment_learn(a, t->texts[i].text);
		augment_settle(a);
		for (size_t i = 0; i < t->n_texts; i++)
			expand(t, a, &t->texts[i], scratch);
		arena_free(scratch);
	}
	augment_free(a);
	return e;
}

/* ---- scores out of fold ---- */

struct judged {
	double logit, offer;
	uint8_t kind, source;
};

/* As model_judge does, in floats. */
static struct judged judge(const struct trainer *t, const struct example *e)
{
	const uint32_t *features = t->examples.features + e->first;
	double linear = linear_logit(t->linear, features, e->n), malice, offer;
	net_logits(t->net, features, e->n, &malice, &offer);
	bool asked = linear > MODEL_NET_FROM;
	double logit = asked ? (linear + malice) / 2 : linear * MODEL_NET_SAYS;
	return (struct judged){ logit, asked ? offer : -HUGE_VAL, e->kind, e->source };
}

static size_t judge_out_of_fold(struct trainer *t, struct judged *out)
{
	size_t n = 0;
	for (unsigned fold = 0; fold < FOLDS; fold++) {
		linear_learn(t->linear, &t->examples, fold, &t->random);
		net_learn(t->net, &t->examples, fold, &t->random);
		for (size_t i = 0; i < t->examples.n; i++) {
			const struct example *e = &t->examples.list[i];
			if (e->fold == fold && !e->copy)
				out[n++] = judge(t, e);
		}
	}
	return n;
}

/* Rounded up: a float below the limit would let one more text through. */
static float at_least(double limit)
{
	float f = (float)limit;
	return (double)f < limit ? nextafterf(f, HUGE_VALF) : f;
}

/* The offer threshold is set on honest texts that offer nothing, so far as anybody knows. */
static void set_thresholds(const struct judged *judged, size_t n, struct model_numbers *numbers,
                           struct trainer_figures *figures)
{
	struct scored *list = calloc(n + 1, sizeof *list);
	if (!list)
		abort();
	size_t m = 0;
	double a, b, recall;
	for (size_t i = 0; i < n; i++) {
		if (judged[i].source == LESSON_CORPUS)
			list[m++] = (struct scored){ judged[i].logit,
				                     judged[i].kind == EXAMPLE_SPAM };
	}
	calibrate_sort(list, m);
	calibrate_platt(list, m, &a, &b);
	numbers->platt_a = (float)a;
	numbers->platt_b = (float)b;
	numbers->at_1_in_1000 = at_least(
		calibrate_threshold(list, m, 1000, &figures->recall_1_in_1000));
	numbers->at_1_in_100 = at_least(
		calibrate_threshold(list, m, 100, &figures->recall_1_in_100));
	m = 0;
	for (size_t i = 0; i < n; i++) {
		if (judged[i].source == LESSON_CORPUS)
			list[m++] = (struct scored){ judged[i].offer,
				                     judged[i].kind != EXAMPLE_HONEST };
	}
	calibrate_sort(list, m);
	numbers->offer_at_1_in_100 = at_least(calibrate_threshold(list, m, 100, &recall));
	free(list);
}

static err measure(struct trainer *t, struct model_numbers *numbers,
                   struct trainer_figures *figures)
{
	struct judged *judged = calloc(t->n_texts + 1, sizeof *judged);
	if (!judged)
		abort();
	size_t n = judge_out_of_fold(t, judged), spam = 0, corpus = 0;
	for (size_t i = 0; i < n; i++) {
		corpus += judged[i].source == LESSON_CORPUS ? 1 : 0;
		spam += judged[i].source == LESSON_CORPUS && judged[i].kind == EXAMPLE_SPAM ? 1 : 0;
	}
	if (spam == 0 || spam == corpus) {
		free(judged);
		return err_input("texts", "training needs texts of both labels");
	}
	set_thresholds(judged, n, numbers, figures);
	for (size_t i = 0; i < n; i++) {
		bool resembles = judged[i].logit >= (double)numbers->at_1_in_1000;
		bool advertises = judged[i].logit >= (double)numbers->at_1_in_100 ||
		                  judged[i].offer >= (double)numbers->offer_at_1_in_100;
		figures->of_source[judged[i].source]++;
		figures->resemble[judged[i].source] += resembles ? 1 : 0;
		figures->advertise[judged[i].source] += advertises ? 1 : 0;
	}
	free(judged);
	return OK;
}

/* ---- all together ---- */

static void write_weights(const struct trainer *t, char *bytes)
{
	struct model_head *head = (struct model_head *)(void *)bytes;
	int8_t *weights = (int8_t *)(head + 1);
	memcpy(head->magic, MODEL_MAGIC, sizeof MODEL_MAGIC);
	head->bits = FEATURE_BITS;
	head->version = MODEL_FEATURES_VERSION;
	net_quantise(t->net, weights + FEATURES_COUNT, &head->numbers);
	linear_quantise(t->linear, weights, &head->numbers.bias, &head->numbers.scale);
}

err trainer_finish(struct trainer *t, struct arena *mem, str *file, struct trainer_figures *figures)
{
	*figures = (struct trainer_figures){ .texts = t->n_texts };
	for (size_t i = 0; i < t->n_texts; i++)
		figures->spam += t->texts[i].kind == EXAMPLE_SPAM ? 1 : 0;
	if (t->n_texts == 0)
		return err_input("texts", "there is nothing to train on");
	err e;
	TRY(make_examples(t));
	figures->copies = t->examples.n - t->n_texts;
	linear_learn(t->linear, &t->examples, FOLD_NONE, &t->random);
	net_learn(t->net, &t->examples, FOLD_NONE, &t->random);
	char *bytes = arena_alloc(mem, MODEL_BYTES);
	memset(bytes, 0, MODEL_BYTES);
	write_weights(t, bytes);
	TRY(measure(t, &((struct model_head *)(void *)bytes)->numbers, figures));
	*file = (str){ bytes, MODEL_BYTES };
out:
	return e;
}
