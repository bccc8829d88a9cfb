#include "integrity/learn/kinds_trainer.h"

#include "integrity/learn/augment.h"
#include "integrity/learn/calibrate.h"
#include "integrity/learn/linear.h"
#include "integrity/text/model.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Found by recall out of fold and on posts of other writers. */
#define COPIES 2 /* disguised ones of each post */
#define COPY_WEIGHT 0.5f
#define POST_WEIGHT 3.0f
#define HONEST_POST_WEIGHT 2.0f
#define CORPUS_WEIGHT 0.08f
/* Honest posts written to sound like malice are harder than honest people: one in so many may be likely, or sure. */
#define LIKELY_POSTS 55
#define SURE_POSTS 500

struct text {
	str text;
	uint8_t kind, fold; /* POST_KINDS: an honest post, POST_KINDS + 1: of a corpus */
};

struct kinds_trainer {
	uint64_t random;
	const char *tables;
	struct arena *mem;
	struct text *texts;
	size_t n, cap;
	struct examples examples;
	size_t *first; /* example of each text as it is */
};

struct kinds_trainer *kinds_trainer_new(uint64_t seed, const char *tables)
{
	struct kinds_trainer *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	t->random = seed;
	t->tables = tables;
	t->mem = arena_new((size_t)1 << 20);
	return t;
}

void kinds_trainer_free(struct kinds_trainer *t)
{
	if (!t)
		return;
	examples_free(&t->examples);
	arena_free(t->mem);
	free(t->texts);
	free(t->first);
	free(t);
}

static void add(struct kinds_trainer *t, str text, str fold, unsigned kind)
{
	if (t->n == t->cap) {
		t->cap = t->cap * 2 + 1024;
		t->texts = realloc(t->texts, t->cap * sizeof *t->texts);
		if (!t->texts)
			abort();
	}
	t->texts[t->n++] = (struct text){ str_dup(t->mem, text), (uint8_t)kind,
		                          (uint8_t)(XXH3_64bits(fold.p, fold.n) % FOLDS) };
}

void kinds_trainer_add_honest(struct kinds_trainer *t, str text, str fold)
{
	add(t, text, fold, POST_KINDS + 1);
}

void kinds_trainer_add_post(struct kinds_trainer *t, str text, unsigned kind)
{
	add(t, text, text, kind);
}

/* ---- texts to examples ---- */

static float weight_of(const struct text *text, bool copy)
{
	float weight = text->kind < POST_KINDS    ? POST_WEIGHT
	               : text->kind == POST_KINDS ? HONEST_POST_WEIGHT
	                                          : CORPUS_WEIGHT;
	return weight * (copy ? COPY_WEIGHT : 1);
}

static void add_example(struct kinds_trainer *t, const struct text *from, str text, bool copy,
                        struct arena *scratch)
{
	struct views views;
	struct features f;
	views_of(text, scratch, &views);
	features_of(&views, scratch, &f);
	for (size_t i = 0; i < f.n; i++)
		f.list[i] = (f.list[i] & ~FEATURE_INDEX_MASK) |
		            KINDS_INDEX(f.list[i] & FEATURE_INDEX_MASK);
	examples_add(&t->examples,
	             (struct example){
			     .n = (uint32_t)f.n,
			     .weight = weight_of(from, copy),
			     .kind = from->kind < POST_KINDS ? EXAMPLE_SPAM : EXAMPLE_HONEST,
			     .fold = from->fold,
			     .source = from->kind,
			     .copy = copy,
		     },
	             f.list);
}

static err make_examples(struct kinds_trainer *t)
{
	struct augment *a = augment_new();
	struct arena *scratch = arena_new(65536);
	err e = t->tables ? augment_read(a, t->tables) : OK;
	t->first = calloc(t->n + 1, sizeof *t->first);
	if (!t->first)
		abort();
	for (size_t i = 0; i < t->n && !failed(e); i++)
		augment_learn(a, t->texts[i].text);
	augment_settle(a);
	for (size_t i = 0; i < t->n && !failed(e); i++) {
		const struct text *text = &t->texts[i];
		t->first[i] = t->examples.n;
		add_example(t, text, text->text, false, scratch);
		for (int k = 0; k < COPIES && text->kind <= POST_KINDS; k++)
			add_example(t, text, augment_disguise(a, text->text, &t->random, scratch),
			            true, scratch);
		arena_reset(scratch);
	}
	arena_free(scratch);
	augment_free(a);
	return e;
}

/* ---- the kinds: each against the others, over malicious posts alone ---- */

struct kind_learners {
	struct linear *of[POST_KINDS];
};

static void learn_kinds(const struct kinds_trainer *t, unsigned without_fold,
                        struct kind_learners *l, uint64_t *random)
{
	struct examples posts = { 0 };
	for (size_t i = 0; i < t->examples.n; i++) {
		struct example e = t->examples.list[i];
		if (e.source >= POST_KINDS)
			continue;
		const uint32_t *from = t->examples.features + e.first;
		uint32_t *small = malloc(e.n * sizeof *small + 1);
		if (!small)
			abort();
		for (uint32_t k = 0; k < e.n; k++)
			small[k] = (from[k] & ~FEATURE_INDEX_MASK) |
			           (from[k] & FEATURE_INDEX_MASK) >>
			                   (KINDS_BITS - KINDS_SMALL_BITS);
		e.weight = e.copy ? COPY_WEIGHT : 1;
		examples_add(&posts, e, small);
		free(small);
	}
	for (unsigned kind = 0; kind < POST_KINDS; kind++) {
		for (size_t i = 0; i < posts.n; i++)
			posts.list[i].kind = posts.list[i].source == kind ? EXAMPLE_SPAM
			                                                  : EXAMPLE_HONEST;
		l->of[kind] = linear_new();
		linear_learn(l->of[kind], &posts, without_fold, random);
	}
	examples_free(&posts);
}

/* ---- figures out of fold ---- */

static void file_of(const struct linear *binary, const struct kind_learners *l, struct arena *mem,
                    str *file, struct kinds_head **head)
{
	char *bytes = arena_alloc(mem, KINDS_BYTES);
	struct kinds_head *h = (struct kinds_head *)(void *)bytes;
	int8_t *weights = (int8_t *)(h + 1), *small = weights + KINDS_FEATURES;
	int8_t *all = calloc(FEATURES_COUNT, 1);
	if (!all)
		abort();
	memset(bytes, 0, KINDS_BYTES);
	memcpy(h->magic, KINDS_MAGIC, sizeof KINDS_MAGIC);
	h->bits = KINDS_BITS;
	h->small_bits = KINDS_SMALL_BITS;
	h->version = MODEL_FEATURES_VERSION;
	h->kinds = POST_KINDS;
	linear_quantise(binary, all, &h->bias, &h->scale);
	memcpy(weights, all, KINDS_FEATURES);
	for (unsigned kind = 0; kind < POST_KINDS; kind++) {
		linear_quantise(l->of[kind], all, &h->kind_bias[kind], &h->kind_scale[kind]);
		for (size_t i = 0; i < KINDS_SMALL; i++)
			small[i * POST_KINDS + kind] = all[i];
	}
	free(all);
	*file = (str){ bytes, KINDS_BYTES };
	*head = h;
}

static void free_learners(struct kind_learners *l)
{
	for (unsigned kind = 0; kind < POST_KINDS; kind++)
		linear_free(l->of[kind]);
}

/* A model without the fold judges the texts of the fold, as they are. */
static void judge_fold(struct kinds_trainer *t, unsigned fold, struct kinds_judgement *judged)
{
	struct arena *mem = arena_new(65536);
	struct linear *binary = linear_new();
	struct kind_learners l;
	struct kinds_head *head;
	struct kinds kinds;
	str file;
	linear_learn(binary, &t->examples, fold, &t->random);
	learn_kinds(t, fold, &l, &t->random);
	file_of(binary, &l, mem, &file, &head);
	head->likely_from = -1e9f; /* every text gets its shares */
	if (failed(kinds_of(file, &kinds)))
		abort();
	for (size_t i = 0; i < t->n; i++) {
		struct views views;
		struct features f;
		if (t->texts[i].fold != fold)
			continue;
		struct arena *scratch = arena_new(16384);
		views_of(t->texts[i].text, scratch, &views);
		features_of(&views, scratch, &f);
		kinds_judge(&kinds, &f, &judged[i]);
		arena_free(scratch);
	}
	free_learners(&l);
	linear_free(binary);
	arena_free(mem);
}

static unsigned heaviest(const struct kinds_judgement *j)
{
	unsigned best = 0;
	for (unsigned kind = 1; kind < POST_KINDS; kind++)
		best = j->shares[kind] > j->shares[best] ? kind : best;
	return best;
}

/* The logit that no more than one in `per` of the texts of a kind reach. */
static double reached_by(const struct kinds_trainer *t, const struct kinds_judgement *judged,
                         unsigned kind, size_t per)
{
	struct scored *scored = calloc(t->n, sizeof *scored);
	size_t n = 0;
	double recall;
	if (!scored)
		abort();
	for (size_t i = 0; i < t->n; i++) {
		if (t->texts[i].kind == kind || t->texts[i].kind < POST_KINDS)
			scored[n++] = (struct scored){ judged[i].logit,
				                       t->texts[i].kind < POST_KINDS };
	}
	calibrate_sort(scored, n);
	double threshold = calibrate_threshold(scored, n, per, &recall);
	free(scored);
	return threshold;
}

static float higher(double a, double b) { return (float)(a > b ? a : b); }

static void thresholds_of(struct kinds_trainer *t, float *likely, float *sure,
                          struct kinds_trainer_figures *f)
{
	struct kinds_judgement *judged = calloc(t->n, sizeof *judged);
	if (!judged)
		abort();
	for (unsigned fold = 0; fold < FOLDS; fold++)
		judge_fold(t, fold, judged);
	*likely = higher(reached_by(t, judged, POST_KINDS + 1, 1000),
	                 reached_by(t, judged, POST_KINDS, LIKELY_POSTS));
	*sure = higher(reached_by(t, judged, POST_KINDS + 1, 10000),
	               reached_by(t, judged, POST_KINDS, SURE_POSTS));
	for (size_t i = 0; i < t->n; i++) {
		unsigned kind = t->texts[i].kind;
		bool likely_one = judged[i].logit >= (double)*likely;
		f->honest += kind > POST_KINDS ? 1 : 0;
		if (kind > POST_KINDS)
			continue;
		f->posts[kind]++;
		f->likely[kind] += likely_one ? 1 : 0;
		f->sure[kind] += judged[i].logit >= (double)*sure ? 1 : 0;
		f->right += likely_one && kind < POST_KINDS && heaviest(&judged[i]) == kind ? 1 : 0;
	}
	free(judged);
}

err kinds_trainer_finish(struct kinds_trainer *t, struct arena *mem, str *file,
                         struct kinds_trainer_figures *figures)
{
	uint64_t counts[POST_KINDS + 2] = { 0 };
	struct kind_learners l;
	struct kinds_head *head;
	float likely, sure;
	err e = OK;
	*figures = (struct kinds_trainer_figures){ 0 };
	for (size_t i = 0; i < t->n; i++)
		counts[t->texts[i].kind]++;
	for (unsigned kind = 0; kind < POST_KINDS + 2; kind++) {
		if (counts[kind] < FOLDS)
			return err_input("posts", "too few posts of some kind, or honest ones");
	}
	e = make_examples(t);
	if (failed(e))
		return e;
	thresholds_of(t, &likely, &sure, figures);
	struct linear *binary = linear_new();
	linear_learn(binary, &t->examples, FOLD_NONE, &t->random);
	learn_kinds(t, FOLD_NONE, &l, &t->random);
	file_of(binary, &l, mem, file, &head);
	head->likely_from = likely;
	head->sure_from = sure;
	free_learners(&l);
	linear_free(binary);
	return OK;
}
