/* Nanoseconds a message and core for a whole verdict, stage by stage, beside the bound that no engine can beat: the sum of int8
 * weights over features that are already there.
 *
 *   engine_bench FILE.jsonl[.gz] [MESSAGES]      (objects with "text" and "label"; by default 20,000 of them)
 *
 * A row runs all stages up to its own; what a stage costs is the difference to the row above. Time of the processor, in chunks,
 * of each the best of ROUNDS: a neighbour can only make it slower. */
#include "integrity/integrity_private.h"
#include "integrity/text/lexemes.h"

#include "base/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 9
#define CHUNK 100
#define LINE_MAX_BYTES ((size_t)1 << 20)

struct sample {
	str text;
	struct features features; /* precomputed for the bound */
	double ns;                /* best time of a whole verdict */
	bool malicious;
};

struct bench {
	struct arena *texts_mem, *mem;
	struct engine *engine;
	struct sample *samples;
	size_t n;
	int64_t sum; /* keeps the compiler from dropping the work */
};

enum stage {
	STAGE_VIEWS,
	STAGE_FEATURES,
	STAGE_MODEL,
	STAGE_KINDS,
	STAGE_CONTACTS,
	STAGE_EXTRACTS,
	STAGE_PATTERNS,
	STAGE_VERDICT,
	STAGE_BOUND,
	STAGES
};

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void take(struct bench *b, const json_t *object)
{
	const json_t *text = json_object_get(object, "text");
	if (!json_is_string(text))
		return;
	struct sample *s = &b->samples[b->n++];
	struct views v;
	struct features f;
	s->text = str_dup(b->texts_mem, (str){ json_string_value(text), json_string_length(text) });
	s->malicious = json_integer_value(json_object_get(object, "label")) == 1;
	s->ns = 1e18;
	views_of(s->text, b->mem, &v);
	features_of(&v, b->mem, &f);
	s->features.n = f.n;
	s->features.list = arena_copy(b->texts_mem, f.list, f.n * sizeof *f.list);
	arena_reset(b->mem);
}

static err read_samples(struct bench *b, const char *path, size_t max)
{
	struct line_reader *lines;
	str line;
	bool cut;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	if (failed(e))
		return e;
	while (b->n < max && lines_next(lines, &line, &cut)) {
		json_t *object = json_loadb(line.p, line.n, 0, NULL);
		take(b, object);
		json_decref(object);
	}
	return lines_close(&lines);
}

static int64_t bound(const struct bench *b, const struct sample *s)
{
	const int8_t *weights = b->engine->model.weights;
	int32_t sum = 0;
	for (size_t k = 0; k < s->features.n; k++)
		sum += weights[s->features.list[k] & FEATURE_INDEX_MASK];
	return sum;
}

static int64_t verdict(const struct bench *b, const struct sample *s)
{
	struct facts facts = { .kind = FACTS_POST, .text = s->text };
	struct verdict v;
	return failed(screen(b->engine, NULL, &facts, b->mem, &v)) ? 0 : (int64_t)v.reason_count;
}

static int64_t look(const struct bench *b, const struct sample *s, enum stage last)
{
	struct views v;
	struct features f;
	struct judgement judged;
	struct kinds_judgement kinds;
	int64_t sum = 0;
	views_of(s->text, b->mem, &v);
	if (last >= STAGE_FEATURES)
		features_of(&v, b->mem, &f);
	if (last >= STAGE_MODEL)
		model_judge(&b->engine->model, &v, &f, &judged);
	if (last >= STAGE_KINDS)
		kinds_judge(&b->engine->kinds, &f, &kinds);
	if (last >= STAGE_CONTACTS) {
		struct contact *contacts = arena_room(b->mem, CONTACTS_MAX * sizeof *contacts);
		struct lexemes lexemes = { 0 };
		size_t n = contact_find_in(&v, &lexemes, b->mem, contacts);
		if (last >= STAGE_EXTRACTS)
			sum += (int64_t)extract_all_in(
				&v, &lexemes, contacts, n, b->mem,
				arena_room(b->mem, EXTRACTS_MAX * sizeof(struct extract)));
		sum += (int64_t)n;
	}
	if (last >= STAGE_PATTERNS)
		sum += (int64_t)patterns_find(
			b->engine->patterns, &v, b->mem,
			arena_room(b->mem, PATTERN_HITS_MAX * sizeof(struct pattern_hit)));
	return sum + (int64_t)v.skeleton.n;
}

static int64_t run(const struct bench *b, const struct sample *s, enum stage stage)
{
	return stage == STAGE_BOUND     ? bound(b, s)
	       : stage == STAGE_VERDICT ? verdict(b, s)
	                                : look(b, s, stage);
}

/* Chunk by chunk, of the samples of one label, the best of all rounds. */
static double best_ns(struct bench *b, enum stage stage, bool malicious)
{
	double sum = 0;
	size_t counted = 0;
	for (size_t from = 0; from < b->n; from += CHUNK) {
		size_t to = from + CHUNK < b->n ? from + CHUNK : b->n;
		double best = 1e18;
		for (int round = 0; round < ROUNDS; round++) {
			double start = now_ns();
			for (size_t i = from; i < to; i++) {
				if (b->samples[i].malicious != malicious)
					continue;
				b->sum += run(b, &b->samples[i], stage);
				arena_reset(b->mem);
			}
			double ns = now_ns() - start;
			best = ns < best ? ns : best;
		}
		sum += best;
	}
	for (size_t i = 0; i < b->n; i++)
		counted += b->samples[i].malicious == malicious ? 1 : 0;
	return counted > 0 ? sum / (double)counted : 0;
}

static int by_ns(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* The clock itself is in it. Sorts the samples: comes last. */
static double p99_ns(struct bench *b)
{
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < b->n; i++) {
			struct sample *s = &b->samples[i];
			double start = now_ns();
			b->sum += verdict(b, s);
			double ns = now_ns() - start;
			s->ns = ns < s->ns ? ns : s->ns;
			arena_reset(b->mem);
		}
	}
	qsort(b->samples, b->n, sizeof *b->samples, by_ns);
	return b->samples[b->n * 99 / 100].ns;
}

static void print_rows(struct bench *b)
{
	static const char *const names[STAGES] = { [STAGE_VIEWS] = "views",
		                                   [STAGE_FEATURES] = "+ features",
		                                   [STAGE_MODEL] = "+ text model",
		                                   [STAGE_KINDS] = "+ kinds",
		                                   [STAGE_CONTACTS] = "+ contacts",
		                                   [STAGE_EXTRACTS] = "+ extracts",
		                                   [STAGE_PATTERNS] = "+ words",
		                                   [STAGE_VERDICT] = "verdict",
		                                   [STAGE_BOUND] = "bound: sum of weights" };
	double ns[STAGES][2], share = 0;
	for (size_t i = 0; i < b->n; i++)
		share += b->samples[i].malicious ? 1 / (double)b->n : 0;
	printf("%-24s %10s %10s %10s   ns/message; %zu messages, %.0f %% malicious\n", "", "honest",
	       "malicious", "all", b->n, share * 100);
	for (int s = 0; s < STAGES; s++) {
		for (int m = 0; m < 2; m++)
			ns[s][m] = best_ns(b, (enum stage)s, m == 1);
		printf("%-24s %10.0f %10.0f %10.0f\n", names[s], ns[s][0], ns[s][1],
		       ns[s][0] * (1 - share) + ns[s][1] * share);
	}
	double all = ns[STAGE_VERDICT][0] * (1 - share) + ns[STAGE_VERDICT][1] * share;
	double least = ns[STAGE_BOUND][0] * (1 - share) + ns[STAGE_BOUND][1] * share;
	printf("%.0f verdicts/s/core, %.1f times the bound; p99 %.1f us\n", 1e9 / all, all / least,
	       p99_ns(b) / 1000);
}

int main(int argc, char **argv)
{
	size_t max = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
	if (argc < 2 || max == 0) {
		fprintf(stderr, "usage: engine_bench FILE.jsonl[.gz] [MESSAGES]\n");
		return 2;
	}
	struct bench b = { .texts_mem = arena_new((size_t)1 << 20),
		           .mem = arena_new((size_t)1 << 20) };
	b.samples = ARENA_ARRAY(b.texts_mem, max, struct sample);
	err e = engine_open_default(&b.engine);
	if (!failed(e))
		e = read_samples(&b, argv[1], max);
	if (failed(e) || b.n == 0)
		fprintf(stderr, "engine_bench: %s: %s\n", argv[1], failed(e) ? e.why : "no texts");
	else
		print_rows(&b);
	bool good = !failed(e) && b.n > 0;
	engine_close(b.engine);
	arena_free(b.mem);
	arena_free(b.texts_mem);
	return good ? b.sum == 42 : 1;
}
