#include "integrity/image/pdq_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 60000

static uint64_t random_state = 7;

static uint64_t next_random(void)
{
	uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static void draw(unsigned char pdq[PDQ_BYTES])
{
	for (int i = 0; i < PDQ_BYTES; i += 8) {
		uint64_t r = next_random();
		memcpy(pdq + i, &r, 8);
	}
}

/* Turns over `bits` different bits. */
static void change(unsigned char pdq[PDQ_BYTES], unsigned bits)
{
	unsigned char before[PDQ_BYTES];
	memcpy(before, pdq, PDQ_BYTES);
	while (pdq_distance(before, pdq) < bits) {
		unsigned bit = (unsigned)(next_random() % 256);
		if (!((before[bit / 8] ^ pdq[bit / 8]) >> bit % 8 & 1))
			pdq[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
}

struct found {
	unsigned char *seen; /* by value */
	size_t n, stop_after;
	const unsigned char (*all)[PDQ_BYTES];
	const unsigned char *asked;
};

static bool note(uint64_t value, unsigned bits, void *ctx)
{
	struct found *f = ctx;
	assert_false(f->seen[value]); /* once each */
	assert_int_equal(pdq_distance(f->all[value], f->asked), bits);
	f->seen[value] = 1;
	return ++f->n != f->stop_after;
}

/* Equal to the linear scan over values [from, n). */
static void compare(const struct pdq_index *index, unsigned char (*all)[PDQ_BYTES], size_t from,
                    size_t n, const unsigned char asked[PDQ_BYTES], size_t at_least)
{
	struct found f = { calloc(n, 1), 0, 0, (const unsigned char(*)[PDQ_BYTES])all, asked };
	size_t want = 0;
	pdq_index_find(index, asked, note, &f);
	for (size_t i = from; i < n; i++) {
		bool near = pdq_distance(all[i], asked) <= PDQ_COPY_BITS;
		want += near;
		assert_int_equal(near, f.seen[i]);
	}
	assert_int_equal(want, f.n);
	assert_true(want >= at_least);
	free(f.seen);
}

static void test_finds_what_a_linear_scan_finds(void **state)
{
	static const unsigned distances[] = { 0, 1, 15, 16, 30, 31, 32, 33, 48 };
	unsigned char(*all)[PDQ_BYTES] = malloc(MANY * sizeof *all), asked[PDQ_BYTES];
	struct pdq_index *index = pdq_index_new(MANY);
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		if (i > 0 && next_random() % 4 == 0) { /* families of copies */
			memcpy(all[i], all[next_random() % i], PDQ_BYTES);
			change(all[i], (unsigned)(next_random() % 40));
		} else {
			draw(all[i]);
		}
		pdq_index_add(index, all[i], i);
	}
	for (size_t round = 0; round < 300; round++) {
		unsigned bits = distances[round % (sizeof distances / sizeof distances[0])];
		memcpy(asked, all[next_random() % MANY], PDQ_BYTES);
		change(asked, bits);
		compare(index, all, 0, MANY, asked, bits <= PDQ_COPY_BITS);
	}
	assert_int_equal(MANY, pdq_index_count(index));
	pdq_index_free(index);
	free(all);
}

static void test_a_few_are_scanned(void **state)
{
	unsigned char all[50][PDQ_BYTES];
	struct pdq_index *index = pdq_index_new(1000);
	(void)state;
	for (size_t i = 0; i < 50; i++) {
		draw(all[i]);
		pdq_index_add(index, all[i], i);
		compare(index, all, 0, i + 1, all[i], 1);
	}
	assert_true(pdq_index_bytes(index) < 16384);
	pdq_index_free(index);
}

static void test_the_oldest_half_goes(void **state)
{
	unsigned char all[300][PDQ_BYTES];
	struct pdq_index *index = pdq_index_new(200);
	(void)state;
	for (size_t i = 0; i < 300; i++) {
		draw(all[i]);
		pdq_index_add(index, all[i], i);
	}
	assert_int_equal(200, pdq_index_count(index));
	compare(index, all, 100, 300, all[100], 1);
	compare(index, all, 100, 300, all[99], 0);
	pdq_index_free(index);
}

static void test_stops_when_told(void **state)
{
	unsigned char pdq[PDQ_BYTES], all[10][PDQ_BYTES];
	struct pdq_index *index = pdq_index_new(100);
	(void)state;
	draw(pdq);
	for (size_t i = 0; i < 10; i++) {
		memcpy(all[i], pdq, PDQ_BYTES);
		pdq_index_add(index, pdq, i);
	}
	struct found f = { calloc(10, 1), 0, 3, (const unsigned char(*)[PDQ_BYTES])all, pdq };
	pdq_index_find(index, pdq, note, &f);
	assert_int_equal(3, f.n);
	free(f.seen);
	pdq_index_free(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_a_linear_scan_finds),
		cmocka_unit_test(test_a_few_are_scanned),
		cmocka_unit_test(test_the_oldest_half_goes),
		cmocka_unit_test(test_stops_when_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
