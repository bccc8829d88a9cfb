/* From the rules that fired to sentences with marked places in the writer's own text. */
#include "integrity/integrity_private.h"

#include <stdlib.h>

/* Features of the text model that a reason shows: the heaviest, if they weigh anything. */
#define MODEL_SPANS 5
#define WEIGHT_SHOWN 0.05

struct marks {
	struct span *spans;
	size_t n;
	struct span model[MODEL_SPANS]; /* where the model looked: the same for every rule */
	size_t n_model;
	bool model_known;
};

static void mark(struct marks *m, uint32_t from, uint32_t to)
{
	if (m->n < SPANS_MAX && to > from)
		m->spans[m->n++] = (struct span){ from, to };
}

static int by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
	                          : (x->to > y->to) - (x->to < y->to);
}

/* Ascending, overlapping ones joined. */
static size_t tidy(struct span *spans, size_t n)
{
	size_t kept = 0;
	if (n > 1)
		qsort(spans, n, sizeof *spans, by_place);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && spans[i].from <= spans[kept - 1].to)
			spans[kept - 1].to = spans[i].to > spans[kept - 1].to ? spans[i].to
			                                                      : spans[kept - 1].to;
		else
			spans[kept++] = spans[i];
	}
	return kept;
}

static bool is_among(const uint8_t *list, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == id)
			return true;
	}
	return false;
}

static void mark_hits(const struct policy_rule *rule, const struct look *l, struct marks *m)
{
	for (size_t i = 0; i < l->n_hits; i++) {
		const struct pattern_hit *h = &l->hits[i];
		if (h->is_pattern ? is_among(rule->marks_patterns, rule->n_marks_patterns, h->list)
		                  : is_among(rule->marks_lists, rule->n_marks_lists, h->list))
			mark(m, h->from, h->to);
	}
}

/* Plain contacts are marked only where a rule is about the contact itself being shared. */
static void mark_contacts(const struct look *l, struct marks *m)
{
	bool odd = l->signals[SIG_CONTACT_SLANG] + l->signals[SIG_CONTACT_DISGUISED] > 0;
	for (size_t i = 0; i < l->n_contacts; i++) {
		if (!odd || l->contacts[i].kind != CONTACT_PLAIN)
			mark(m, l->contacts[i].from, l->contacts[i].to);
	}
}

static void mark_extracts(uint32_t marks, const struct look *l, struct marks *m)
{
	static const uint32_t mark_of[] = {
		[EXTRACT_PRICE] = MARK_PRICE,   [EXTRACT_FEE] = MARK_FEE,
		[EXTRACT_INCOME] = MARK_INCOME, [EXTRACT_LIKES] = MARK_LIKES,
		[EXTRACT_TIER] = MARK_TIER,     [EXTRACT_LINK] = MARK_LINK,
	};
	for (size_t i = 0; i < l->n_extracts; i++) {
		unsigned kind = l->extracts[i].kind;
		if (kind < sizeof mark_of / sizeof mark_of[0] && (marks & mark_of[kind]))
			mark(m, l->extracts[i].from, l->extracts[i].to);
	}
}

/* Code points that show nothing, or are drawn as others, in runs; and words with something put between. */
static void mark_effort(const struct look *l, struct marks *m)
{
	const struct view *f = &l->views.folded;
	for (size_t i = 0; i < l->n_hits && m->n < SPANS_MAX / 2; i++) {
		if (l->hits[i].disguised)
			mark(m, l->hits[i].from, l->hits[i].to);
	}
	for (size_t i = 0; i < f->n && m->n < SPANS_MAX; i++) {
		const struct glyph *g = &f->glyphs[i];
		bool gap = i > 0 && g->from > f->glyphs[i - 1].to;
		if (g->styled || g->lookalike || gap)
			mark(m, gap ? f->glyphs[i - 1].to : g->from, g->to);
	}
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

/* Which of the features of the skeleton and of words weighed most; returns how many of them weigh anything. */
static size_t heaviest(const struct engine *e, const struct features *f, size_t best[MODEL_SPANS])
{
	const int8_t *weights = e->model.weights;
	int held[MODEL_SPANS];
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		uint32_t view = f->list[i] >> FEATURE_VIEW_SHIFT;
		int weight = weights[f->list[i] & FEATURE_INDEX_MASK];
		if (weight <= 0 || (view != FEATURE_SKELETON && view != FEATURE_WORD))
			continue;
		size_t at = n < MODEL_SPANS ? n++ : MODEL_SPANS;
		for (; at > 0 && weight > held[at - 1]; at--) {
			if (at < MODEL_SPANS) {
				best[at] = best[at - 1];
				held[at] = held[at - 1];
			}
		}
		if (at < MODEL_SPANS) {
			best[at] = i;
			held[at] = weight;
		}
	}
	return n;
}

/* Their places, found once for all reasons of a verdict: both lists of features are in the same order. */
static void find_model(const struct engine *e, const struct look *l, struct arena *mem,
                       struct marks *m)
{
	size_t best[MODEL_SPANS];
	struct located_features places;
	m->model_known = true;
	m->n_model = heaviest(e, &l->features, best);
	if (m->n_model > 0)
		features_locate(&l->views, mem, &places);
	for (size_t i = 0; i < m->n_model; i++) {
		const struct feature *x = &places.list[best[i]];
		m->model[i] = whole_words(l->views.text, x->from, x->to);
	}
}

/* The places of the skeleton and of words that weighed most. */
static void mark_model(const struct engine *e, const struct look *l, struct arena *mem,
                       struct marks *m)
{
	if (!m->model_known)
		find_model(e, l, mem, m);
	for (size_t i = 0; i < m->n_model; i++)
		mark(m, m->model[i].from, m->model[i].to);
}

static size_t spans_of(const struct engine *e, const struct policy_rule *rule, const struct look *l,
                       struct arena *mem, struct marks *m)
{
	m->spans = arena_room(mem, SPANS_MAX * sizeof *m->spans);
	m->n = 0;
	mark_hits(rule, l, m);
	if (rule->marks & MARK_CONTACT)
		mark_contacts(l, m);
	mark_extracts(rule->marks, l, m);
	if (rule->marks & MARK_EFFORT)
		mark_effort(l, m);
	if (rule->marks & MARK_MODEL)
		mark_model(e, l, mem, m);
	return tidy(m->spans, m->n);
}

void reasons_give(const struct engine *e, const struct look *l, const struct policy_result *result,
                  const struct policy_result *alone, struct arena *mem, struct verdict *verdict)
{
	size_t n_rules, n = 0, fired = 0;
	enum harm_class heaviest_harm = HARM_CLASS_B;
	bool grave = false;
	struct marks m = { 0 };
	const struct policy_rule *rules = policy_rules(e->policy, &n_rules);
	for (size_t i = 0; i < n_rules; i++)
		fired += result->weights[i] > WEIGHT_SHOWN && rules[i].status == RULE_LIVE ? 1 : 0;
	if (fired == 0)
		return;
	struct reason *reasons = arena_room(mem, fired * sizeof *reasons);
	for (size_t i = 0; i < n_rules; i++) {
		const struct policy_rule *rule = &rules[i];
		if (result->weights[i] <= WEIGHT_SHOWN || rule->status != RULE_LIVE)
			continue;
		struct reason reason = { .rule = rule->id,
			                 .clause = rule->clause,
			                 .en = rule->en,
			                 .zh = rule->zh,
			                 .pass_en = rule->pass_en,
			                 .pass_zh = rule->pass_zh,
			                 .weight = result->weights[i],
			                 .alone = alone->weights[i] > WEIGHT_SHOWN };
		reason.span_count = spans_of(e, rule, l, mem, &m);
		reason.spans = m.spans;
		size_t at = n++;
		for (; at > 0 && reasons[at - 1].weight < reason.weight; at--)
			reasons[at] = reasons[at - 1];
		reasons[at] = reason;
		if (at == 0)
			heaviest_harm = rule_harm_class(rule->harm);
		grave |= rule->harm == HARM_FRAUD &&
		         policy_step(e->policy, reason.weight) >= verdict->action;
	}
	verdict->harm = grave ? HARM_CLASS_A : heaviest_harm;
	verdict->reasons = reasons;
	verdict->reason_count = n;
}
