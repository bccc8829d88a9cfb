/* Against the plainest answer there is: look at all observations each time. */
#include "integrity/behaviour/past.h"

#include "integrity/behaviour/copies.h"
#include "integrity/behaviour/tallies.h"
#include "integrity/text/signature.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define START INT64_C(1700000000000)

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* A signature that is like those of the same group alone. */
static struct signature of_group(uint64_t group)
{
	struct signature s = { .shingles = group ? 20 : 0 };
	uint64_t state = group;
	for (size_t i = 0; group && i < SIGNATURE_MINIMA; i++)
		s.minima[i] = (uint8_t)next_random(&state);
	for (size_t i = 0; group && i < SIGNATURE_BANDS; i++)
		s.bands[i] = (uint32_t)next_random(&state);
	return s;
}

static const struct window_spec windows[] = {
	{ WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, HOUR },
	{ WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, 7 * DAY },
	{ WINDOW_RATE, KEY_AUTHOR, KEY_NONE, 2 * HOUR },
	{ WINDOW_LAST, KEY_AUTHOR, KEY_NONE, DAY },
	{ WINDOW_DISTINCT, KEY_HANDLE, KEY_AUTHOR, DAY },
	{ WINDOW_COUNT, KEY_SIMILAR, KEY_NONE, 3 * DAY },
	{ WINDOW_DISTINCT, KEY_SIMILAR, KEY_AUTHOR, 2 * DAY },
	{ WINDOW_DISTINCT, KEY_AUTHOR, KEY_SIMILAR, 3 * DAY },
	{ WINDOW_LAST, KEY_SIMILAR, KEY_NONE, 6 * HOUR },
};

/* ---- the plain answer ---- */

#define PLAIN_MAX 6000
struct plain {
	struct observation list[PLAIN_MAX];
	uint64_t group[PLAIN_MAX], similar[PLAIN_MAX];
	size_t n;
	int64_t keep_ms;
};

static bool is_before(const struct observation *o, int64_t at_ms, int64_t window_ms)
{
	return o->at_ms <= at_ms && o->at_ms > at_ms - window_ms;
}

static size_t plain_parent(const struct plain *p, uint64_t group, uint64_t author, int64_t at_ms)
{
	size_t any = SIZE_MAX, other = SIZE_MAX;
	for (size_t i = 0; group && i < p->n; i++) {
		const struct observation *o = &p->list[i];
		if (p->group[i] != group || !is_before(o, at_ms, p->keep_ms))
			continue;
		if (any == SIZE_MAX || o->at_ms < p->list[any].at_ms)
			any = i;
		bool another = author && o->author && o->author != author;
		if (another && (other == SIZE_MAX || o->at_ms < p->list[other].at_ms))
			other = i;
	}
	return other != SIZE_MAX ? other : any;
}

static uint64_t key_of(const struct observation *o, uint64_t similar, enum window_key key)
{
	return key == KEY_AUTHOR ? o->author : key == KEY_HANDLE ? o->handle : similar;
}

static double plain_window(const struct plain *p, size_t w, const struct observation *q,
                           uint64_t similar)
{
	const struct window_spec *s = &windows[w];
	uint64_t key = key_of(q, similar, s->key), values[PLAIN_MAX];
	size_t n = 0, different = 0;
	int64_t latest = 0;
	if (key == 0 && !(s->key == KEY_SIMILAR && q->signature.shingles))
		return NAN;
	for (size_t i = 0; key && i < p->n; i++) {
		const struct observation *o = &p->list[i];
		if (!(o->filters >> w & 1) || key_of(o, p->similar[i], s->key) != key ||
		    !is_before(o, q->at_ms, s->window_ms))
			continue;
		n++;
		latest = o->at_ms > latest ? o->at_ms : latest;
		uint64_t value = s->op == WINDOW_DISTINCT ? key_of(o, p->similar[i], s->field) : 0;
		size_t k = 0;
		while (k < different && values[k] != value)
			k++;
		if (value && k == different)
			values[different++] = value;
	}
	switch (s->op) {
	case WINDOW_DISTINCT:
		return (double)different;
	case WINDOW_RATE:
		return (double)n * 3600000.0 / (double)s->window_ms;
	case WINDOW_LAST:
		return n ? (double)(q->at_ms - latest) : NAN;
	case WINDOW_COUNT:
		break;
	}
	return (double)n;
}

static unsigned plain_authors(const struct plain *p, uint64_t similar, const struct observation *q)
{
	unsigned n = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct observation *o = &p->list[i];
		bool counts = p->similar[i] == similar && o->author && o->author != q->author &&
		              is_before(o, q->at_ms, p->keep_ms);
		for (size_t k = 0; counts && k < i; k++)
			counts = !(p->similar[k] == similar && p->list[k].author == o->author &&
			           is_before(&p->list[k], q->at_ms, p->keep_ms));
		n += counts ? 1 : 0;
	}
	return n;
}

static void check_one(const struct plain *p, const struct past *past, const struct observation *o,
                      uint64_t group, uint64_t *similar)
{
	struct past_question q = { o->at_ms, o->author, o->handle, &o->signature, NULL, 0 };
	double got[COUNT(windows)];
	struct copy_reading copies;
	past_read(past, &q, got, &copies);
	size_t parent = plain_parent(p, group, o->author, o->at_ms);
	*similar = parent == SIZE_MAX ? 0 : p->similar[parent];
	assert_int_equal(copies.similar, *similar);
	assert_int_equal(copies.authors, *similar ? plain_authors(p, *similar, o) : 0);
	for (size_t w = 0; w < COUNT(windows); w++) {
		double want = plain_window(p, w, o, *similar);
		if (!(isnan(want) && isnan(got[w])) && fabs(want - got[w]) > 1e-9)
			fail_msg("observation %zu window %zu: %g, not %g", p->n, w, got[w], want);
	}
}

static void readings_equal_the_plain_answer_on_a_random_stream(void **state)
{
	(void)state;
	struct plain *p = calloc(1, sizeof *p);
	struct past *past = past_new(windows, COUNT(windows), (struct past_limits){ 0 });
	uint64_t random = 42;
	int64_t at_ms = START;
	p->keep_ms = 7 * DAY;
	while (p->n < PLAIN_MAX) {
		at_ms += (int64_t)(next_random(&random) % (uint64_t)(HOUR / 2));
		uint64_t r = next_random(&random), group = r % 3 == 0 ? 0 : 1 + r / 3 % 900;
		struct observation o = { .seq = (int64_t)p->n + 1,
			                 .at_ms = at_ms,
			                 .author = next_random(&random) % 300,
			                 .handle = next_random(&random) % 100,
			                 .filters = next_random(&random),
			                 .signature = of_group(group) };
		uint64_t similar;
		check_one(p, past, &o, group, &similar);
		past_observe(past, &o);
		p->list[p->n] = o;
		p->group[p->n] = group;
		p->similar[p->n++] = similar ? similar : group ? (uint64_t)o.seq : 0;
		assert_int_equal(past_seq(past), o.seq);
	}
	past_free(past);
	free(p);
}

static void counting_windows_are_exact_when_pieces_come_late(void **state)
{
	(void)state;
	struct plain *p = calloc(1, sizeof *p);
	struct past *past = past_new(windows, 2, (struct past_limits){ 0 });
	uint64_t random = 43;
	for (int64_t at_ms = START; p->n < 3000; at_ms += HOUR / 4) {
		struct observation o = { .seq = (int64_t)p->n + 1,
			                 .at_ms = at_ms -
			                          (int64_t)(next_random(&random) % (uint64_t)HOUR),
			                 .author = 1 + next_random(&random) % 30,
			                 .filters = 3 };
		struct past_question q = { o.at_ms, o.author, 0, NULL, NULL, 0 };
		double got[2];
		struct copy_reading copies;
		past_read(past, &q, got, &copies);
		for (size_t w = 0; w < 2; w++)
			assert_true(got[w] == plain_window(p, w, &o, 0));
		past_observe(past, &o);
		p->list[p->n++] = o;
	}
	past_free(past);
	free(p);
}

/* One author a minute for a day: more than the stamps that are kept. */
static void a_busy_key_is_counted_by_sixteenths(void **state)
{
	(void)state;
	static const struct window_spec day = { WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, DAY };
	struct past *past = past_new(&day, 1, (struct past_limits){ 0 });
	for (int64_t i = 1; i <= 5000; i++) {
		struct observation o = { i, START + i * 60000,  7, 0, 1, { 0 },
			                 0, { { { 0 }, 0, 0 } } };
		past_observe(past, &o);
		struct past_question q = { o.at_ms, 7, 0, NULL, NULL, 0 };
		double got, want = (double)(i < 1440 ? i : 1440);
		struct copy_reading copies;
		past_read(past, &q, &got, &copies);
		assert_true(got >= want && got <= want + 1440 / TALLY_PARTS);
	}
	past_free(past);
}

static void different_values_stop_at_the_maximum_and_forget_the_oldest(void **state)
{
	(void)state;
	static const struct window_spec w = { WINDOW_DISTINCT, KEY_HANDLE, KEY_AUTHOR, DAY };
	struct past *past = past_new(&w, 1, (struct past_limits){ 0 });
	for (int64_t i = 1; i <= 1000; i++) {
		struct observation o = { i, START + i * 1000,   (uint64_t)i, 5, 1, { 0 },
			                 0, { { { 0 }, 0, 0 } } };
		past_observe(past, &o);
		struct past_question q = { o.at_ms, 1, 5, NULL, NULL, 0 };
		double got;
		struct copy_reading copies;
		past_read(past, &q, &got, &copies);
		assert_true(got == (double)(i < TALLY_VALUES ? i : TALLY_VALUES));
	}
	past_free(past);
}

static void keys_unused_longest_go_first(void **state)
{
	(void)state;
	static const struct window_spec w = { WINDOW_COUNT, KEY_AUTHOR, KEY_NONE, DAY };
	struct past *past = past_new(&w, 1, (struct past_limits){ .keys_max = 20 });
	size_t full_bytes = 0;
	for (int64_t i = 1; i <= 2000; i++) {
		/* author 1 writes all the time, the others once each */
		struct observation o = { i,     START + i, i % 2 ? 1 : (uint64_t)i, 0, 1,
			                 { 0 }, 0,         { { { 0 }, 0, 0 } } };
		past_observe(past, &o);
		if (i == 100)
			full_bytes = past_bytes(past);
	}
	const struct past_question busy = { START + 2000, 1, 0, NULL, NULL, 0 },
				   recent = { START + 2000, 1998, 0, NULL, NULL, 0 },
				   gone = { START + 2000, 1000, 0, NULL, NULL, 0 };
	double got;
	struct copy_reading copies;
	past_read(past, &busy, &got, &copies);
	assert_true(got == 1000);
	past_read(past, &recent, &got, &copies);
	assert_true(got == 1);
	past_read(past, &gone, &got, &copies);
	assert_true(got == 0);
	assert_true(past_bytes(past) <= full_bytes + 1024);
	past_free(past);
}

/* ---- near-copies ---- */

struct line {
	uint64_t author, group;
	int64_t at_ms;
};

static struct copy_reading tell_and_add(struct copies *c, int64_t seq, struct line l)
{
	struct observation o = { .seq = seq,
		                 .at_ms = START + l.at_ms,
		                 .author = l.author,
		                 .signature = of_group(l.group) };
	struct past_question q = { o.at_ms, o.author, 0, &o.signature, NULL, 0 };
	struct copy_reading asked, added;
	copies_find(c, &q, &asked);
	copies_add(c, &o, &added);
	assert_int_equal(asked.similar, added.similar);
	assert_int_equal(asked.authors, added.authors);
	return added;
}

static void a_copy_names_the_first_and_repeating_oneself_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct line line;
		uint64_t similar, first;
		unsigned authors, depth;
	} rows[] = {
		{ "the first is like nothing", { 11, 1, 0 }, 0, 0, 0, 0 },
		{ "repeating oneself is no copy", { 11, 1, 1000 }, 1, 11, 0, 0 },
		{ "another text is like nothing", { 12, 2, 2000 }, 0, 0, 0, 0 },
		{ "a second author copies the first", { 12, 1, 3000 }, 1, 11, 1, 1 },
		{ "a third sees two", { 13, 1, 4000 }, 1, 11, 2, 1 },
		{ "the first sees two others and no tree above", { 11, 1, 5000 }, 1, 11, 2, 0 },
		{ "the second again sees the two others", { 12, 1, 6000 }, 1, 11, 2, 1 },
		{ "an unknown author sees all three", { 0, 1, 7000 }, 1, 11, 3, 0 },
		{ "the unknown one does not count", { 14, 1, 8000 }, 1, 11, 3, 1 },
		{ "too short is never like anything", { 15, 0, 9000 }, 0, 0, 0, 0 },
		{ "at the last moment", { 16, 2, 2000 + 7 * DAY - 1 }, 3, 12, 1, 1 },
		{ "a week later only those of the week count",
		  { 17, 1, 3000 + 7 * DAY },
		  1,
		  11,
		  4,
		  2 },
		{ "when all are gone it is new", { 18, 2, 20 * DAY }, 0, 0, 0, 0 },
	};
	struct copies *c = copies_new(0, 7 * DAY);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct copy_reading r = tell_and_add(c, (int64_t)i + 1, rows[i].line);
		if (r.similar != rows[i].similar || r.first_author != rows[i].first ||
		    r.authors != rows[i].authors || r.depth != rows[i].depth ||
		    (uint64_t)r.first_seq != r.similar)
			fail_msg("%s: similar %u first %u authors %u depth %u", rows[i].name,
			         (unsigned)r.similar, (unsigned)r.first_author, r.authors, r.depth);
	}
	assert_int_equal(copies_live(c), 1);
	copies_free(c);
}

static void the_oldest_signatures_go_when_the_index_is_full(void **state)
{
	(void)state;
	struct copies *c = copies_new(3000, 7 * DAY);
	for (int64_t i = 1; i <= 9000; i++)
		tell_and_add(c, i, (struct line){ 1, (uint64_t)i, i });
	assert_int_equal(copies_live(c), 3000);
	unsigned recent = 0, gone = 0;
	for (uint64_t g = 1; g <= 9000; g++) {
		struct signature s = of_group(g);
		struct past_question q = { START + 9001, 2, 0, &s, NULL, 0 };
		struct copy_reading r;
		copies_find(c, &q, &r);
		*(g > 6000 ? &recent : &gone) += r.similar == g ? 1 : 0;
	}
	assert_int_equal(recent, 3000);
	assert_int_equal(gone, 0);
	copies_free(c);
}

/* A flood fills the buckets of its own bands. Those that come after the first of it are gone still find it. */
static void a_flood_is_one_cluster_and_stays_found(void **state)
{
	(void)state;
	struct copies *c = copies_new(0, 7 * DAY);
	for (int64_t i = 1; i <= 20000; i++) {
		struct copy_reading r = tell_and_add(
			c, i, (struct line){ 100 + (uint64_t)i, 77, i * (6 * DAY / 20000) });
		assert_int_equal(r.similar, i == 1 ? 0 : 1);
		if (i > 1)
			assert_int_equal(r.authors,
			                 i - 1 < COPY_AUTHORS_MAX ? i - 1 : COPY_AUTHORS_MAX);
	}
	struct copy_reading r = tell_and_add(c, 20001, (struct line){ 9, 77, 12 * DAY });
	assert_int_equal(r.similar, 1);
	copies_free(c);
}

static void what_is_later_by_event_time_is_not_the_past(void **state)
{
	(void)state;
	struct copies *c = copies_new(0, 7 * DAY);
	tell_and_add(c, 1, (struct line){ 1, 5, 10 * HOUR });
	assert_int_equal(tell_and_add(c, 2, (struct line){ 2, 5, 9 * HOUR }).similar, 0);
	assert_int_equal(tell_and_add(c, 3, (struct line){ 3, 5, 11 * HOUR }).first_author, 2);
	copies_free(c);
}

/* ---- against the true overlap of shingles ---- */

#define TEXTS 3000
#define TEXT_LETTERS 40

static void write_text(uint64_t *random, char *text)
{
	for (size_t i = 0; i < TEXT_LETTERS; i++)
		memcpy(text + 3 * i, "\xE4\xB8\x80", 3), /* one of 1,024 Han characters */
			text[3 * i + 1] = (char)(0xB8 + next_random(random) % 16),
				     text[3 * i + 2] = (char)(0x80 + next_random(random) % 64);
}

/* Half of the texts are earlier ones with some characters changed. */
static void make_texts(char (*texts)[3 * TEXT_LETTERS])
{
	uint64_t random = 5;
	for (size_t i = 0; i < TEXTS; i++) {
		char other[3 * TEXT_LETTERS];
		write_text(&random, texts[i]);
		if (i == 0 || next_random(&random) % 2)
			continue;
		memcpy(other, texts[i], sizeof other);
		memcpy(texts[i], texts[next_random(&random) % i], sizeof other);
		for (uint64_t k = next_random(&random) % 8; k > 0; k--) {
			size_t at = 3 * (size_t)(next_random(&random) % TEXT_LETTERS);
			memcpy(texts[i] + at, other + at, 3);
		}
	}
}

static double overlap(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	size_t both = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < m; k++)
			both += a[i] == b[k] ? 1 : 0;
	}
	return (double)both / (double)(n + m - both);
}

struct tried {
	const uint64_t *shingles;
	size_t n;
	struct signature signature;
};

/* Recall: of the texts that overlap an earlier one by .7 the share that is told so. Precision: of those told, the share that
 * overlaps an earlier one by half. */
static void near_copies_are_found_and_others_are_not(void **state)
{
	(void)state;
	static char texts[TEXTS][3 * TEXT_LETTERS];
	static struct tried tried[TEXTS];
	struct arena *mem = arena_new(1 << 20);
	struct copies *c = copies_new(0, 7 * DAY);
	size_t near = 0, near_found = 0, found = 0, found_half = 0;
	make_texts(texts);
	for (size_t i = 0; i < TEXTS; i++) {
		struct views v;
		struct copy_reading r;
		struct tried *t = &tried[i];
		views_of((str){ texts[i], sizeof texts[i] }, mem, &v);
		t->n = signature_shingles(&v, mem, &t->shingles);
		signature_of(&v, mem, &t->signature);
		struct observation o = { .seq = (int64_t)i + 1,
			                 .at_ms = START + (int64_t)i,
			                 .author = i + 1,
			                 .signature = t->signature };
		copies_add(c, &o, &r);
		double best = 0;
		for (size_t k = 0; k < i && best < 0.7; k++) {
			double j = overlap(t->shingles, t->n, tried[k].shingles, tried[k].n);
			best = j > best ? j : best;
		}
		near += best >= 0.7 ? 1 : 0;
		near_found += best >= 0.7 && r.similar ? 1 : 0;
		found += r.similar ? 1 : 0;
		found_half += best >= 0.5 && r.similar ? 1 : 0;
	}
	double recall = (double)near_found / (double)near,
	       precision = (double)found_half / (double)found;
	print_message("# %zu near-copies: recall %.3f, precision %.3f\n", near, recall, precision);
	assert_true(near > 500);
	assert_true(recall >= 0.95);
	assert_true(precision >= 0.95);
	copies_free(c);
	arena_free(mem);
}

/* 200,000 pieces, a tenth of them copies: what a full index holds. */
static void a_full_index_stays_under_64_bytes_a_piece(void **state)
{
	(void)state;
	uint32_t max = 200000;
	uint64_t random = 9;
	struct copies *c = copies_new(max, 7 * DAY);
	for (int64_t i = 1; i <= 2 * (int64_t)max; i++) {
		uint64_t r = next_random(&random);
		uint64_t group = r % 10 ? 1000000 + (uint64_t)i : 1 + r / 10 % 2000;
		struct observation o = { .seq = i,
			                 .at_ms = START + i,
			                 .author = 1 + r % 5000,
			                 .signature = of_group(group) };
		struct copy_reading reading;
		copies_add(c, &o, &reading);
	}
	double each = (double)copies_bytes(c) / max;
	print_message("# %.1f bytes a piece\n", each);
	assert_int_equal(copies_live(c), max);
	assert_true(each <= 64);
	copies_free(c);
}

static void equal_observations_give_equal_readings(void **state)
{
	(void)state;
	struct past *a = past_new(windows, COUNT(windows), (struct past_limits){ 2000, 300, 0, 0 }),
		    *b = past_new(windows, COUNT(windows), (struct past_limits){ 2000, 300, 0, 0 });
	uint64_t random = 44;
	for (int64_t i = 1; i <= 20000; i++) {
		struct observation o = { .seq = i,
			                 .at_ms = START + i * 1000,
			                 .author = next_random(&random) % 500,
			                 .handle = next_random(&random) % 500,
			                 .filters = next_random(&random),
			                 .signature = of_group(next_random(&random) % 3000) };
		struct past_question q = { o.at_ms, o.author, o.handle, &o.signature, NULL, 0 };
		double x[COUNT(windows)], y[COUNT(windows)];
		struct copy_reading c, d;
		past_read(a, &q, x, &c);
		past_read(b, &q, y, &d);
		assert_memory_equal(x, y, sizeof x);
		assert_int_equal(c.similar, d.similar);
		assert_int_equal(c.depth, d.depth);
		past_observe(a, &o);
		past_observe(b, &o);
	}
	assert_int_equal(past_bytes(a), past_bytes(b));
	past_free(a);
	past_free(b);
}

static void without_a_time_nothing_is_known_and_nothing_remembered(void **state)
{
	(void)state;
	struct past *past = past_new(windows, COUNT(windows), (struct past_limits){ 0 });
	struct observation o = { 1, 0, 3, 4, UINT64_MAX, of_group(5), 0, { { { 0 }, 0, 0 } } };
	past_observe(past, &o);
	struct past_question q = { 0, 3, 4, &o.signature, NULL, 0 };
	double got[COUNT(windows)];
	struct copy_reading copies;
	past_read(past, &q, got, &copies);
	for (size_t i = 0; i < COUNT(windows); i++)
		assert_true(isnan(got[i]));
	q.at_ms = START;
	past_read(past, &q, got, &copies);
	assert_true(got[0] == 0 && copies.similar == 0);
	past_free(past);
	past_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readings_equal_the_plain_answer_on_a_random_stream),
		cmocka_unit_test(counting_windows_are_exact_when_pieces_come_late),
		cmocka_unit_test(a_busy_key_is_counted_by_sixteenths),
		cmocka_unit_test(different_values_stop_at_the_maximum_and_forget_the_oldest),
		cmocka_unit_test(keys_unused_longest_go_first),
		cmocka_unit_test(a_copy_names_the_first_and_repeating_oneself_is_none),
		cmocka_unit_test(the_oldest_signatures_go_when_the_index_is_full),
		cmocka_unit_test(a_flood_is_one_cluster_and_stays_found),
		cmocka_unit_test(what_is_later_by_event_time_is_not_the_past),
		cmocka_unit_test(near_copies_are_found_and_others_are_not),
		cmocka_unit_test(a_full_index_stays_under_64_bytes_a_piece),
		cmocka_unit_test(equal_observations_give_equal_readings),
		cmocka_unit_test(without_a_time_nothing_is_known_and_nothing_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
