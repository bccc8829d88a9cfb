/* What is published gives away no small count, whatever one reckons with it. */
#include "circle/few.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static str shown(void (*json)(struct buf *b, int64_t n), int64_t n, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, 64);
	json(&b, n);
	return buf_str(&b);
}

static void one_to_four_look_alike(void **state)
{
	static const struct {
		int64_t n;
		const char *sure, *about;
	} rows[] = { { 0, "\"<5\"", "0" }, { 1, "\"<5\"", "\"<5\"" }, { 4, "\"<5\"", "\"<5\"" },
		     { 5, "5", "5" },      { 7, "5", "5" },           { 9, "5", "5" },
		     { 17, "15", "15" },   { 20, "20", "20" } };
	struct arena *mem = arena_new(1024);
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_string_equal(str_to_c(mem, shown(few_json_sure, rows[i].n, mem)),
		                    rows[i].sure);
		assert_string_equal(str_to_c(mem, shown(few_json_about, rows[i].n, mem)),
		                    rows[i].about);
	}
	arena_free(mem);
}

static str total_of(const int64_t *counts, size_t n, struct arena *mem)
{
	struct few_total total = { 0, 0 };
	struct buf b;
	buf_init(&b, mem, 64);
	for (size_t i = 0; i < n; i++)
		few_add(&total, counts[i]);
	few_json_total(&b, &total);
	return buf_str(&b);
}

/* For whatever is hidden behind one row, the total is the same: it tells nothing of it. */
static void a_total_says_no_more_than_the_counts_do(void **state)
{
	struct arena *mem = arena_new(1024);
	(void)state;
	for (int64_t other = 0; other < 30; other += other == 0 ? 5 : 1) {
		int64_t first[] = { 1, other };
		str want = total_of(first, 2, mem);
		for (int64_t hidden = 2; hidden < FEW; hidden++) {
			int64_t counts[] = { hidden, other };
			assert_true(str_eq(total_of(counts, 2, mem), want));
		}
	}
	assert_string_equal(str_to_c(mem, total_of((int64_t[]){ 2, 17, 3 }, 3, mem)),
	                    "{\"from\":15,\"to\":27}");
	assert_string_equal(str_to_c(mem, total_of((int64_t[]){ 6, 7 }, 2, mem)),
	                    "{\"from\":10,\"to\":18}");
	assert_string_equal(str_to_c(mem, total_of(NULL, 0, mem)), "0");
	assert_string_equal(str_to_c(mem, total_of((int64_t[]){ 3 }, 1, mem)), "\"<5\"");
	arena_free(mem);
}

/* Of a whole and all its parts but one, each shown to fives: every value from one to four is still possible for the last. */
static void a_part_cannot_be_reckoned_from_the_whole(void **state)
{
	struct arena *mem = arena_new(1 << 16);
	(void)state;
	for (int64_t part = 1; part < FEW; part++) {
		for (int64_t other = 5; other < 40; other++) {
			str whole = shown(few_json_about, part + other, mem),
			    rest = shown(few_json_about, other, mem);
			for (int64_t guess = 1; guess < FEW; guess++) {
				bool possible = false;
				for (int64_t o = 5; o < 60; o++)
					possible |= str_eq(shown(few_json_about, o, mem), rest) &&
					            str_eq(shown(few_json_about, o + guess, mem),
					                   whole);
				assert_true(possible);
			}
		}
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_to_four_look_alike),
		cmocka_unit_test(a_total_says_no_more_than_the_counts_do),
		cmocka_unit_test(a_part_cannot_be_reckoned_from_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
