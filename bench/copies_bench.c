/* How near-copies are told: what each choice finds of the pairs that truly overlap, and what an index of a million costs.
 *
 *   copies_bench FILE.jsonl[.gz] [MESSAGES]      (objects with a "text"; by default 40,000 of them)
 *
 * The truth is the overlap (Jaccard) of the shingle sets of every pair that shares one. */
#include "base/file.h"
#include "integrity/behaviour/copies.h"
#include "integrity/behaviour/past.h"
#include "integrity/text/signature.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MINIMA 24
#define BANDS_MAX 8
#define INDEX_PIECES 1000000

struct text {
	const uint64_t *shingles;
	size_t n;
	uint32_t minima[MINIMA];
	uint64_t simhash;
};

struct posting {
	uint64_t shingle;
	uint32_t text;
};

struct bench {
	struct text *texts;
	struct posting *postings;
	size_t n, postings_n;
};

/* What is compared: bands of two minima each and how many of `minima` must be equal; or bits of a SimHash. */
static struct choice {
	unsigned bands, minima, equal, simhash_bits;
	size_t candidates, told, told_near, told_half;
} choices[] = {
	{ .bands = 3, .minima = 20, .equal = 12 },
	{ .bands = 4, .minima = 16, .equal = 9 },
	{ .bands = 4, .minima = 16, .equal = 10 },
	{ .bands = 4, .minima = 20, .equal = 11 },
	{ .bands = 4, .minima = 20, .equal = 12 },
	{ .bands = 4, .minima = 20, .equal = 13 },
	{ .bands = 5, .minima = 16, .equal = 10 },
	{ .bands = 5, .minima = 20, .equal = 12 },
	{ .bands = 8, .minima = 24, .equal = 14 },
	{ .simhash_bits = 3 },
	{ .simhash_bits = 6 },
	{ .simhash_bits = 10 },
	{ .simhash_bits = 14 },
};

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static void sketch(struct text *t)
{
	uint64_t state = 1;
	for (size_t m = 0; m < MINIMA; m++) {
		uint64_t order = next_random(&state) | 1;
		t->minima[m] = UINT32_MAX;
		for (size_t i = 0; i < t->n; i++) {
			uint32_t h = (uint32_t)((t->shingles[i] * order) >> 32);
			t->minima[m] = h < t->minima[m] ? h : t->minima[m];
		}
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		size_t ones = 0;
		for (size_t i = 0; i < t->n; i++)
			ones += t->shingles[i] >> bit & 1;
		t->simhash |= (uint64_t)(2 * ones > t->n) << bit;
	}
}

static void read_texts(struct bench *b, const char *path, size_t max)
{
	struct arena *keep = arena_new(1 << 20), *mem = arena_new(1 << 16);
	struct line_reader *lines;
	str line;
	bool cut;
	err e = lines_open(path, (size_t)1 << 20, &lines);
	b->texts = calloc(max, sizeof *b->texts);
	while (!failed(e) && b->texts && b->n < max && lines_next(lines, &line, &cut)) {
		json_t *object = json_loadb(line.p, line.n, 0, NULL);
		const json_t *text = json_object_get(object, "text");
		struct views v;
		const uint64_t *shingles;
		views_of(str_of(json_is_string(text) ? json_string_value(text) : ""), mem, &v);
		size_t n = signature_shingles(&v, mem, &shingles);
		if (v.skeleton.n >= SIGNATURE_SYMBOLS_MIN) {
			struct text *t = &b->texts[b->n++];
			t->shingles = arena_copy(keep, shingles, n * sizeof *shingles);
			t->n = n;
			b->postings_n += n;
			sketch(t);
		}
		arena_reset(mem);
		json_decref(object);
	}
	if (failed(e) || b->n == 0) {
		fprintf(stderr, "copies_bench: %s: %s\n", path, failed(e) ? e.why : "no texts");
		exit(1);
	}
	arena_free(mem);
}

static int by_shingle(const void *a, const void *b)
{
	const struct posting *x = a, *y = b;
	if (x->shingle != y->shingle)
		return x->shingle < y->shingle ? -1 : 1;
	return x->text < y->text ? -1 : x->text > y->text;
}

static void index_texts(struct bench *b)
{
	size_t n = 0;
	b->postings = calloc(b->postings_n, sizeof *b->postings);
	for (size_t i = 0; b->postings && i < b->n; i++) {
		for (size_t k = 0; k < b->texts[i].n; k++)
			b->postings[n++] = (struct posting){ b->texts[i].shingles[k], (uint32_t)i };
	}
	qsort(b->postings, n, sizeof *b->postings, by_shingle);
}

static size_t first_posting(const struct bench *b, uint64_t shingle)
{
	size_t low = 0, high = b->postings_n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (b->postings[middle].shingle < shingle)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool tells(struct choice *c, const struct text *x, const struct text *y)
{
	if (c->simhash_bits)
		return (unsigned)__builtin_popcountll(x->simhash ^ y->simhash) <= c->simhash_bits;
	bool band = false;
	for (size_t i = 0; i < c->bands; i++)
		band |= x->minima[2 * i] == y->minima[2 * i] &&
		        x->minima[2 * i + 1] == y->minima[2 * i + 1];
	c->candidates += band ? 1 : 0;
	unsigned equal = 0;
	for (size_t i = 0; i < c->minima; i++)
		equal += (uint8_t)x->minima[i] == (uint8_t)y->minima[i] ? 1 : 0;
	return band && 2 * x->n >= y->n && 2 * y->n >= x->n && equal >= c->equal;
}

static void try_pair(const struct text *x, const struct text *y, double overlap)
{
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		if (!tells(&choices[i], x, y))
			continue;
		choices[i].told++;
		choices[i].told_near += overlap >= 0.7 ? 1 : 0;
		choices[i].told_half += overlap >= 0.5 ? 1 : 0;
	}
}

/* Every earlier text that shares a shingle with text `i`, with how many. */
static size_t try_text(const struct bench *b, size_t i, uint16_t *shared, uint32_t *touched)
{
	const struct text *x = &b->texts[i];
	size_t n = 0, near = 0;
	for (size_t k = 0; k < x->n; k++) {
		size_t at = first_posting(b, x->shingles[k]);
		for (; at < b->postings_n && b->postings[at].shingle == x->shingles[k] &&
		       b->postings[at].text < i;
		     at++) {
			if (shared[b->postings[at].text]++ == 0)
				touched[n++] = b->postings[at].text;
		}
	}
	for (size_t k = 0; k < n; k++) {
		const struct text *y = &b->texts[touched[k]];
		double both = shared[touched[k]], overlap = both / ((double)(x->n + y->n) - both);
		shared[touched[k]] = 0;
		near += overlap >= 0.7 ? 1 : 0;
		try_pair(x, y, overlap);
	}
	return near;
}

static void compare_choices(const struct bench *b)
{
	uint16_t *shared = calloc(b->n, sizeof *shared);
	uint32_t *touched = calloc(b->n, sizeof *touched);
	size_t near = 0;
	for (size_t i = 0; shared && touched && i < b->n; i++)
		near += try_text(b, i, shared, touched);
	printf("%zu texts, %.1f shingles each, %zu pairs overlap by .7\n", b->n,
	       (double)b->postings_n / (double)b->n, near);
	printf("%-32s %9s %15s %15s %15s\n", "", "recall", "precision at .7", "precision at .5",
	       "candidates each");
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		const struct choice *c = &choices[i];
		char name[64];
		if (c->simhash_bits)
			snprintf(name, sizeof name, "SimHash within %u bits", c->simhash_bits);
		else
			snprintf(name, sizeof name, "%u bands, %u of %u minima", c->bands, c->equal,
			         c->minima);
		printf("%-32s %9.4f %15.4f %15.4f %15.2f\n", name,
		       (double)c->told_near / (double)near, (double)c->told_near / (double)c->told,
		       (double)c->told_half / (double)c->told,
		       (double)c->candidates / (double)b->n);
	}
	free(shared);
	free(touched);
}

/* ---- what it costs ---- */

static struct observation piece(int64_t i, uint64_t *random)
{
	uint64_t r = next_random(random);
	uint64_t state = r % 5 ? (uint64_t)i + 1000000 : r / 5 % 20000; /* a fifth are copies */
	struct observation o = { .seq = i,
		                 .at_ms = INT64_C(1700000000000) + i * 500,
		                 .author = 1 + next_random(random) % 20000,
		                 .handle = next_random(random) % 20000,
		                 .filters = UINT64_MAX,
		                 .signature = { .shingles = 30 } };
	for (size_t k = 0; k < SIGNATURE_MINIMA; k++)
		o.signature.minima[k] = (uint8_t)next_random(&state);
	for (size_t k = 0; k < SIGNATURE_BANDS; k++)
		o.signature.bands[k] = (uint32_t)next_random(&state);
	return o;
}

static void measure_past(const char *name, const struct window_spec *windows, size_t n)
{
	struct past *past = past_new(windows, n, (struct past_limits){ 0 });
	uint64_t random = 3;
	double read_ns = 0, observe_ns = 0, readings[WINDOWS_MAX];
	static struct observation batch[1000];
	for (int64_t i = 0; past && i < 2 * INDEX_PIECES; i += 1000) {
		struct copy_reading copies;
		for (int64_t k = 0; k < 1000; k++)
			batch[k] = piece(i + k + 1, &random);
		double from = now_ns();
		for (size_t k = 0; k < 1000; k++) {
			const struct observation *o = &batch[k];
			struct past_question q = { .at_ms = o->at_ms,
				                   .author = o->author,
				                   .handle = o->handle,
				                   .signature = &o->signature };
			past_read(past, &q, readings, &copies);
		}
		double middle = now_ns();
		for (size_t k = 0; k < 1000; k++)
			past_observe(past, &batch[k]);
		if (i >= INDEX_PIECES) { /* full from here on */
			read_ns += middle - from;
			observe_ns += now_ns() - middle;
		}
	}
	printf("%s: a question %.0f ns, an observation %.0f ns, %.1f MB\n", name,
	       read_ns / INDEX_PIECES, observe_ns / INDEX_PIECES, (double)past_bytes(past) / 1e6);
	past_free(past);
}

int main(int argc, char **argv)
{
	static const struct window_spec windows[] = {
		{ WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, 3600000 },
		{ WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, 86400000 },
		{ WINDOW_LAST, KEY_AUTHOR, KEY_NONE, 86400000 },
		{ WINDOW_DISTINCT, KEY_HANDLE, KEY_AUTHOR, 604800000 },
		{ WINDOW_DISTINCT, KEY_SIMILAR, KEY_AUTHOR, 86400000 },
		{ WINDOW_COUNT, KEY_SIMILAR, KEY_NONE, 86400000 },
	};
	struct bench b = { 0 };
	if (argc > 1) {
		read_texts(&b, argv[1], argc > 2 ? (size_t)atol(argv[2]) : 40000);
		index_texts(&b);
		compare_choices(&b);
	}
	printf("a million pieces kept, a fifth of them copies, two million observed\n");
	measure_past("near-copies alone", NULL, 0);
	measure_past("with six windows", windows, sizeof windows / sizeof windows[0]);
	return 0;
}
