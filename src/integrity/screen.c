/* The pipeline on one page: views, signals, conduct, verdict. */
#include "integrity/screen.h"

#include "integrity/conduct.h"
#include "integrity/text/model.h"

#include "model_embed.h"

#include "base/encode.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The thresholds, all of them. Action follows malice, never the score. */
#define HOLD_FROM 0.6
#define LABEL_FROM 0.44
/* A reason marks at most this many places. */
#define SPANS_MAX 12
/* Features of the text model that a reason shows: the heaviest, if they weigh anything. */
#define MODEL_SPANS 5

struct engine {
	struct model model;
	struct phrase_book *book;
	str mapped; /* of a file, or STR_NONE */
	char model_hash[17], policy_hash[17];
};

static void put_hex(char out[17], uint64_t h)
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 15; i >= 0; i--, h >>= 4)
		out[i] = digits[h & 15];
	out[16] = '\0';
}

static err engine_of(str model, struct engine **out)
{
	struct engine *e = calloc(1, sizeof *e);
	if (!e)
		return err_system("no memory for the engine");
	err failure = model_of(model, &e->model);
	if (failed(failure)) {
		free(e);
		return failure;
	}
	e->book = phrase_book_new();
	const double thresholds[] = { HOLD_FROM, LABEL_FROM };
	put_hex(e->model_hash, XXH3_64bits(model.p, model.n));
	put_hex(e->policy_hash,
	        XXH3_64bits_withSeed(thresholds, sizeof thresholds, conduct_hash()));
	*out = e;
	return OK;
}

err engine_open_default(struct engine **out)
{
	return engine_of((str){ (const char *)text_model, text_model_bytes }, out);
}

err engine_open(const char *model_path, struct engine **out)
{
	str map;
	err e = file_map(model_path, &map);
	if (failed(e))
		return e;
	e = engine_of(map, out);
	if (failed(e))
		file_unmap(&map);
	else
		(*out)->mapped = map;
	return e;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	phrase_book_free(engine->book);
	if (engine->mapped.p)
		file_unmap(&engine->mapped);
	free(engine);
}

/* ---- reasons ---- */

static int by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
	                          : (x->to > y->to) - (x->to < y->to);
}

/* Ascending, overlapping ones joined. */
static size_t tidy(struct span *spans, size_t n)
{
	qsort(spans, n, sizeof *spans, by_place);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && spans[i].from <= spans[kept - 1].to)
			spans[kept - 1].to = spans[i].to > spans[kept - 1].to ? spans[i].to
			                                                      : spans[kept - 1].to;
		else
			spans[kept++] = spans[i];
	}
	return kept;
}

static size_t conduct_spans(enum conduct_rule rule, const struct evidence *e, struct span *spans)
{
	size_t n = 0;
	for (size_t i = 0; i < e->n_contacts && n < SPANS_MAX; i++) {
		if (conduct_marks_contact(rule, &e->contacts[i]))
			spans[n++] = (struct span){ e->contacts[i].from, e->contacts[i].to };
	}
	for (size_t i = 0; i < e->n_hits && n < SPANS_MAX; i++) {
		if (conduct_marks_phrase(rule, &e->hits[i]))
			spans[n++] = (struct span){ e->hits[i].from, e->hits[i].to };
	}
	return tidy(spans, n);
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* An n-gram cuts English anywhere: a reader is shown whole words, and no bare spaces. */
static struct span whole_words(str text, uint32_t from, uint32_t to)
{
	while (from > 0 && is_word_byte(text.p[from]) && is_word_byte(text.p[from - 1]))
		from--;
	while (to < text.n && is_word_byte(text.p[to - 1]) && is_word_byte(text.p[to]))
		to++;
	return (struct span){ from, to };
}

/* The places of the skeleton and of words that weighed most. */
static size_t model_spans(const struct model *m, const struct views *views, struct arena *mem,
                          struct span *spans)
{
	const struct feature *best[MODEL_SPANS] = { 0 };
	struct located_features f;
	size_t n = 0;
	features_locate(views, mem, &f);
	for (size_t i = 0; i < f.n; i++) {
		const struct feature *x = &f.list[i];
		if ((x->view != FEATURE_SKELETON && x->view != FEATURE_WORD) ||
		    m->weights[x->index] <= 0)
			continue;
		size_t at = n < MODEL_SPANS ? n++ : MODEL_SPANS;
		while (at > 0 && m->weights[x->index] > m->weights[best[at - 1]->index]) {
			if (at < MODEL_SPANS)
				best[at] = best[at - 1];
			at--;
		}
		if (at < MODEL_SPANS)
			best[at] = x;
	}
	for (size_t i = 0; i < n; i++)
		spans[i] = whole_words(views->text, best[i]->from, best[i]->to);
	return tidy(spans, n);
}

/* Code points that show nothing, or are drawn as others, in runs; and words with something put between. */
static size_t hidden_spans(const struct views *v, const struct evidence *e, struct span *spans)
{
	size_t n = 0;
	for (size_t i = 0; i < e->n_hits && n < SPANS_MAX / 2; i++) {
		if (e->hits[i].disguised)
			spans[n++] = (struct span){ e->hits[i].from, e->hits[i].to };
	}
	for (size_t i = 0; i < v->folded.n && n < SPANS_MAX; i++) {
		const struct glyph *g = &v->folded.glyphs[i];
		bool gap = i > 0 && g->from > v->folded.glyphs[i - 1].to;
		if (g->styled || g->lookalike || gap)
			spans[n++] = (struct span){ gap ? v->folded.glyphs[i - 1].to : g->from,
				                    g->to };
	}
	return tidy(spans, n);
}

struct looked {
	struct views views;
	struct features features;
	struct evidence evidence;
	struct conduct conduct;
};

static size_t spans_of(const struct engine *e, enum conduct_rule rule, const struct looked *l,
                       struct arena *mem, struct span *spans)
{
	switch (rule) {
	case CONDUCT_TEXT_RESEMBLES:
		return model_spans(&e->model, &l->views, mem, spans);
	case CONDUCT_TEXT_HIDDEN:
		return hidden_spans(&l->views, &l->evidence, spans);
	default:
		return conduct_spans(rule, &l->evidence, spans);
	}
}

/* Every rule that weighed something, heaviest first. */
static void give_reasons(const struct engine *e, const struct looked *l, struct arena *mem,
                         struct verdict *verdict)
{
	struct reason *reasons = ARENA_ARRAY(mem, CONDUCT_RULES, struct reason);
	double weights[CONDUCT_RULES];
	size_t n = 0;
	for (int rule = 0; rule < CONDUCT_RULES; rule++) {
		double weight = l->conduct.weights[rule];
		if (weight <= 0.05)
			continue;
		struct span *spans = ARENA_ARRAY(mem, SPANS_MAX, struct span);
		struct reason reason = { .rule = str_of(conduct_words[rule].id),
			                 .en = str_of(conduct_words[rule].en),
			                 .zh = str_of(conduct_words[rule].zh),
			                 .spans = spans };
		reason.span_count = spans_of(e, (enum conduct_rule)rule, l, mem, spans);
		size_t at = n++;
		for (; at > 0 && weights[at - 1] < weight; at--) {
			reasons[at] = reasons[at - 1];
			weights[at] = weights[at - 1];
		}
		reasons[at] = reason;
		weights[at] = weight;
	}
	verdict->reasons = reasons;
	verdict->reason_count = n;
}

err screen(const struct engine *engine, const struct facts *facts, struct arena *mem,
           struct verdict *verdict)
{
	if (facts->text.n > SCREEN_TEXT_MAX_BYTES)
		return err_limit("text", "the text is over 2 MiB");
	struct looked l = { 0 };
	struct phrase_hit *hits = ARENA_ARRAY(mem, PHRASE_HITS_MAX, struct phrase_hit);
	struct contact *contacts = ARENA_ARRAY(mem, CONTACTS_MAX, struct contact);
	views_of(facts->text, mem, &l.views);
	features_of(&l.views, mem, &l.features);
	struct judgement judged;
	model_judge(&engine->model, &l.views, &l.features, &judged);
	l.evidence = (struct evidence){
		.hits = hits,
		.n_hits = phrase_find(engine->book, &l.views, mem, hits),
		.contacts = contacts,
		.n_contacts = contact_find(&l.views, mem, contacts),
		.effort = views_effort(&l.views),
		.resembles = judged.resembles,
		.advertises = judged.advertises,
	};
	conduct_of(&l.evidence, &l.conduct);
	*verdict = (struct verdict){
		.action = l.conduct.malice >= HOLD_FROM    ? ACTION_HOLD
		          : l.conduct.malice >= LABEL_FROM ? ACTION_LABEL
		                                           : ACTION_ALLOW,
		.score = judged.probability,
		.malice = l.conduct.malice,
		.policy_hash = str_of(engine->policy_hash),
		.model_hash = str_of(engine->model_hash),
	};
	give_reasons(engine, &l, mem, verdict);
	return OK;
}
