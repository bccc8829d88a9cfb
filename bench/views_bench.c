/* Nanoseconds a message and core for looking at texts: folding, all views, features; beside the bound that no look can beat,
 * the sum of int8 weights over features that are already there.
 *
 *   views_bench FILE.jsonl[.gz] [MESSAGES]      (objects with a "text"; by default 100,000 of them)
 *
 * Time of the processor, in chunks, of each the best of ROUNDS: a neighbour can only make it slower. */
#include "base/file.h"
#include "integrity/text/model.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 15
#define CHUNK 250
#define LINE_MAX_BYTES ((size_t)1 << 20)

struct bench {
	struct arena *texts_mem, *mem;
	str *texts;
	struct features *features; /* of each text, precomputed for the bound */
	const int8_t *weights;
	size_t n, bytes, features_n;
	int64_t sum; /* keeps the compiler from dropping the work */
};

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void read_texts(struct bench *b, const char *path, size_t max)
{
	struct line_reader *lines;
	str line;
	bool cut;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	while (!failed(e) && b->n < max && lines_next(lines, &line, &cut)) {
		json_t *object = json_loadb(line.p, line.n, 0, NULL);
		const json_t *text = json_object_get(object, "text");
		if (json_is_string(text)) {
			b->texts[b->n] = str_dup(b->texts_mem, (str){ json_string_value(text),
			                                              json_string_length(text) });
			b->bytes += b->texts[b->n++].n;
		}
		json_decref(object);
	}
	if (!failed(e))
		e = lines_close(&lines);
	if (failed(e) || b->n == 0) {
		fprintf(stderr, "views_bench: %s: %s\n", path, failed(e) ? e.why : "no texts");
		exit(1);
	}
}

static void precompute(struct bench *b)
{
	b->features = ARENA_ARRAY(b->texts_mem, b->n, struct features);
	for (size_t i = 0; i < b->n; i++) {
		struct views v;
		struct features f;
		views_of(b->texts[i], b->mem, &v);
		features_of(&v, b->mem, &f);
		b->features[i].n = f.n;
		b->features[i].list = arena_copy(b->texts_mem, f.list, f.n * sizeof *f.list);
		b->features_n += f.n;
		arena_reset(b->mem);
	}
}

static int64_t fold_one(struct bench *b, size_t i)
{
	struct views v;
	views_fold(b->texts[i], b->mem, &v);
	return (int64_t)v.folded.n;
}

static int64_t views_one(struct bench *b, size_t i)
{
	struct views v;
	views_of(b->texts[i], b->mem, &v);
	return (int64_t)(v.skeleton.n + v.pinyin.n);
}

static int64_t features_one(struct bench *b, size_t i)
{
	struct views v;
	struct features f;
	views_of(b->texts[i], b->mem, &v);
	features_of(&v, b->mem, &f);
	return (int64_t)f.n;
}

static int64_t bound_one(struct bench *b, size_t i)
{
	const struct features *f = &b->features[i];
	int32_t sum = 0;
	for (size_t k = 0; k < f->n; k++)
		sum += b->weights[f->list[k] & FEATURE_INDEX_MASK];
	return sum;
}

/* Chunk by chunk the best of all rounds. */
static double best_ns(struct bench *b, int64_t (*one)(struct bench *, size_t))
{
	double sum = 0;
	for (size_t from = 0; from < b->n; from += CHUNK) {
		size_t to = from + CHUNK < b->n ? from + CHUNK : b->n;
		double best = 1e18;
		for (int round = 0; round < ROUNDS; round++) {
			double start = now_ns();
			for (size_t i = from; i < to; i++) {
				b->sum += one(b, i);
				arena_reset(b->mem);
			}
			double ns = now_ns() - start;
			best = ns < best ? ns : best;
		}
		sum += best;
	}
	return sum / (double)b->n;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int64_t (*one)(struct bench *, size_t);
	} rows[] = { { "raw and folded", fold_one },
		     { "all views", views_one },
		     { "views and features", features_one },
		     { "bound: sum of weights", bound_one } };
	size_t max = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
	if (argc < 2 || max == 0) {
		fprintf(stderr, "usage: views_bench FILE.jsonl[.gz] [MESSAGES]\n");
		return 2;
	}
	struct bench b = { .texts_mem = arena_new((size_t)1 << 20),
		           .mem = arena_new((size_t)1 << 20) };
	int8_t *weights = ARENA_ARRAY(b.texts_mem, FEATURES_COUNT, int8_t);
	for (uint32_t i = 0; i < FEATURES_COUNT; i++)
		weights[i] = (int8_t)(i * 2654435761u >> 24);
	b.weights = weights;
	b.texts = ARENA_ARRAY(b.texts_mem, max, str);
	read_texts(&b, argv[1], max);
	precompute(&b);
	printf("%zu messages, %.1f bytes, %.1f features on average\n", b.n,
	       (double)b.bytes / (double)b.n, (double)b.features_n / (double)b.n);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double ns = best_ns(&b, rows[i].one);
		printf("%-24s %8.1f ns/message %12.0f messages/s\n", rows[i].name, ns, 1e9 / ns);
	}
	arena_free(b.mem);
	arena_free(b.texts_mem);
	return b.sum == 42;
}
