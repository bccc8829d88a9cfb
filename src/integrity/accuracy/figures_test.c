/* Figures of lists small enough to be counted by hand. */
#include "integrity/accuracy/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void a_threshold_lets_one_in_so_many_honest_ones_pass(void **state)
{
	(void)state;
	struct scored list[] = { { .2, false }, { .9, true },  { .8, false }, { .7, true },
		                 { .1, false }, { .95, true }, { .6, false } };
	figures_sort(list, COUNT(list));
	assert_true(list[0].score == .95 && list[6].score == .1);
	assert_int_equal(figures_spam(list, COUNT(list)), 3);
	/* Four honest: one in four may exceed it, one in five may not. */
	assert_true(figures_threshold(list, COUNT(list), 4) == .6);
	assert_true(figures_threshold(list, COUNT(list), 5) == .8);
	assert_true(figures_above(list, COUNT(list), true, .8) > .66);
	assert_true(figures_above(list, COUNT(list), true, .8) < .67);
	assert_true(figures_above(list, COUNT(list), false, .6) == .25);
}

static void a_tie_with_an_honest_text_is_not_caught(void **state)
{
	(void)state;
	struct scored list[] = { { 1, true }, { 1, false }, { 1, true }, { 0, false } };
	figures_sort(list, COUNT(list));
	double threshold = figures_threshold(list, COUNT(list), 1000);
	assert_true(figures_above(list, COUNT(list), true, threshold) == 0);
	/* Four equal scores are one step: its precision is that of all of them. */
	assert_true(figures_precision_area(list, COUNT(list)) > .66);
	assert_true(figures_precision_area(list, COUNT(list)) < .67);
}

static void the_area_is_one_when_all_spam_comes_first(void **state)
{
	(void)state;
	struct scored list[] = { { .9, true }, { .8, true }, { .1, false } };
	assert_true(figures_precision_area(list, COUNT(list)) == 1);
	struct scored reversed[] = { { .9, false }, { .8, true } };
	assert_true(figures_precision_area(reversed, COUNT(reversed)) == .5);
	assert_true(figures_precision_area(list, 0) == 0);
}

static void a_probability_that_lies_has_an_error(void **state)
{
	(void)state;
	struct reliability bins[FIGURES_BINS];
	struct scored honest[] = { { .95, true }, { .95, true }, { .05, false } };
	assert_true(figures_reliability(honest, COUNT(honest), bins) < .051);
	assert_int_equal(bins[9].n, 2);
	assert_true(bins[9].observed == 1);
	struct scored liar[] = { { 1, false }, { 1, true } };
	assert_true(figures_reliability(liar, COUNT(liar), bins) == .5);
	assert_int_equal(bins[0].n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_threshold_lets_one_in_so_many_honest_ones_pass),
		cmocka_unit_test(a_tie_with_an_honest_text_is_not_caught),
		cmocka_unit_test(the_area_is_one_when_all_spam_comes_first),
		cmocka_unit_test(a_probability_that_lies_has_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
