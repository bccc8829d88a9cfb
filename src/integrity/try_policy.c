/* A policy's own examples, run through the whole pipeline: what a rule says it fires on, it must fire on. */
#include "integrity/integrity_private.h"

#include <math.h>
#include <string.h>

/* As many others as any rule could ask for have written the same. */
#define COPIED_BY 9
#define FAILED_MAX 4096

struct trial {
	const struct engine *engine;
	struct arena *mem;
	struct failed_example *failed;
	size_t n_failed, n;
};

static void fail(struct trial *t, const char *kind, str name, const char *what, str text, str why)
{
	if (t->n_failed == FAILED_MAX)
		return;
	t->failed[t->n_failed++] = (struct failed_example){
		.where = str_format(t->mem, "%s %.*s %s", kind, STR_ARG(name), what),
		.text = text,
		.why = why,
	};
}

/* By whom and with what an example is tried: rules ask for what came before, or for pictures, that a text does not have. */
struct guise {
	bool copied;   /* the tenth who writes it */
	bool pictured; /* with a picture that has a QR code and that others have shown */
	bool banked;   /* which is in the bank */
};

/* What must stay silent may meet any but the last. */
static const struct guise guises[] = {
	{ false, false, false }, { true, false, false }, { false, true, false },
	{ true, true, false },   { false, true, true },
};
#define GUISES (sizeof guises / sizeof guises[0])
#define HARMLESS_GUISES (GUISES - 1)

/* The weight a rule has in a text. */
static double weight_in(const struct trial *t, size_t rule, str text, struct guise guise,
                        str *fired)
{
	static const struct shown_picture picture = { .quality = 100, .qr = 1 };
	const double many = guise.copied ? COPIED_BY : (double)NAN;
	const struct facts facts = { .kind = FACTS_POST,
		                     .author = guise.copied ? 1 : 0,
		                     .at_ms = 1,
		                     .text = text,
		                     .pictures = &picture,
		                     .n_pictures = guise.pictured };
	size_t n_windows, n_rules;
	struct arena *scratch = arena_new((size_t)64 * 1024);
	struct verdict v;
	double weight = 0;
	const struct policy_rule *rules = policy_rules(t->engine->policy, &n_rules);
	policy_windows(t->engine->policy, &n_windows);
	double *readings = ARENA_ARRAY(scratch, n_windows + 1, double);
	for (size_t i = 0; i < n_windows; i++)
		readings[i] = many;
	const struct recalled recalled = {
		readings,
		n_windows,
		{ .copy_authors = many,
		  .copy_depth = guise.copied ? 1 : (double)NAN,
		  .copy_first = guise.copied ? 0 : (double)NAN,
		  .picture_authors = guise.pictured ? COPIED_BY : many,
		  .picture_bank = guise.banked },
	};
	*fired = S("nothing fired");
	if (!failed(screen_again(t->engine, &recalled, &facts, scratch, &v))) {
		for (size_t i = 0; i < v.reason_count; i++) {
			if (str_eq(v.reasons[i].rule, rules[rule].id))
				weight = v.reasons[i].weight;
		}
		if (v.reason_count > 0)
			*fired = str_format(t->mem, "%.*s fired", STR_ARG(v.reasons[0].rule));
	}
	arena_free(scratch);
	return weight;
}

static bool fires_in(const struct trial *t, size_t n_guises, size_t rule, str text, str *fired)
{
	for (size_t i = 0; i < n_guises; i++)
		if (weight_in(t, rule, text, guises[i], fired) > 0)
			return true;
	return false;
}

static void try_rule(struct trial *t, const struct policy_rule *rule, size_t number)
{
	str fired;
	for (size_t i = 0; i < rule->n_fires; i++, t->n++) {
		if (!fires_in(t, GUISES, number, rule->fires[i], &fired))
			fail(t, "rule", rule->id, "fires", rule->fires[i], fired);
	}
	for (size_t i = 0; i < rule->n_silent; i++, t->n++) {
		if (fires_in(t, HARMLESS_GUISES, number, rule->silent[i], &fired))
			fail(t, "rule", rule->id, "silent", rule->silent[i], S("it fired"));
	}
}

static bool hits(const struct trial *t, size_t number, bool is_pattern, str text)
{
	struct arena *scratch = arena_new((size_t)64 * 1024);
	struct pattern_hit *found = ARENA_ARRAY(scratch, PATTERN_HITS_MAX, struct pattern_hit);
	struct views views;
	bool hit = false;
	views_of(text, scratch, &views);
	size_t n = patterns_find(t->engine->patterns, &views, scratch, found);
	for (size_t i = 0; i < n; i++)
		hit |= found[i].list == number && found[i].is_pattern == is_pattern;
	arena_free(scratch);
	return hit;
}

static void try_words(struct trial *t, const char *kind, str name, size_t number, bool is_pattern,
                      const str *texts, size_t n, bool want)
{
	for (size_t i = 0; i < n; i++, t->n++) {
		if (hits(t, number, is_pattern, texts[i]) != want)
			fail(t, kind, name, want ? "matches" : "passes", texts[i],
			     want ? S("nothing in it was found") : S("something in it was found"));
	}
}

size_t engine_try_examples(const struct engine *engine, struct arena *mem,
                           struct failed_example **failed_ones, size_t *n_failed)
{
	struct trial t = { engine, mem, ARENA_ARRAY(mem, FAILED_MAX, struct failed_example), 0, 0 };
	size_t n;
	const struct policy_words *lists = policy_lists(engine->policy, &n);
	for (size_t i = 0; i < n; i++) {
		try_words(&t, "words", lists[i].name, i, false, lists[i].matches,
		          lists[i].n_matches, true);
		try_words(&t, "words", lists[i].name, i, false, lists[i].passes, lists[i].n_passes,
		          false);
	}
	const struct policy_pattern *patterns = policy_patterns(engine->policy, &n);
	for (size_t i = 0; i < n; i++) {
		try_words(&t, "pattern", patterns[i].name, i, true, patterns[i].matches,
		          patterns[i].n_matches, true);
		try_words(&t, "pattern", patterns[i].name, i, true, patterns[i].passes,
		          patterns[i].n_passes, false);
	}
	const struct policy_rule *rules = policy_rules(engine->policy, &n);
	for (size_t i = 0; i < n; i++) {
		if (rules[i].status == RULE_LIVE)
			try_rule(&t, &rules[i], i);
	}
	*failed_ones = t.failed;
	*n_failed = t.n_failed;
	return t.n;
}
