#include "integrity/learn/trainer.h"

#include "integrity/learn/augment.h"
#include "integrity/learn/calibrate.h"
#include "integrity/text/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static err train(uint64_t seed, bool both_kinds, struct arena *mem, str *file,
                 struct trainer_figures *figures)
{
	struct trainer *t = trainer_new(&(struct trainer_settings){ .seed = seed });
	for (int i = 0; i < 400; i++) {
		char text[64];
		bool spam = both_kinds && i % 4 == 0;
		int n = snprintf(text, sizeof text,
		                 spam ? "win a prize number %d now" : "tea with aunt %d today", i);
		str s = { text, (size_t)n };
		trainer_add(t, &(struct lesson){ s, s, LESSON_CORPUS, spam });
	}
	err e = trainer_finish(t, mem, file, figures);
	trainer_free(t);
	return e;
}

static double probability(str file, str text, struct arena *mem)
{
	struct model model;
	struct views views;
	struct features features;
	struct judgement judged;
	assert_int_equal(model_of(file, &model).code, ERR_NONE);
	views_of(text, mem, &views);
	features_of(&views, mem, &features);
	model_judge(&model, &views, &features, &judged);
	return judged.probability;
}

static void training_is_reproducible_and_learns(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct trainer_figures f;
	str first, again, other;
	assert_int_equal(train(7, true, mem, &first, &f).code, ERR_NONE);
	assert_int_equal(f.texts, 400);
	assert_int_equal(f.spam, 100);
	assert_int_equal(train(7, true, mem, &again, &f).code, ERR_NONE);
	assert_int_equal(train(8, true, mem, &other, &f).code, ERR_NONE);
	assert_true(str_eq(first, again));
	assert_false(str_eq(first, other));
	assert_true(probability(first, S("win a prize number 99 now"), mem) > 0.8);
	assert_true(probability(first, S("tea with aunt 99 today"), mem) < 0.2);
	arena_free(mem);
}

static void one_kind_alone_trains_nothing(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct trainer_figures f;
	str file;
	assert_int_equal(train(7, false, mem, &file, &f).code, ERR_INPUT);
	arena_free(mem);
}

static void a_source_of_our_own_sets_no_threshold(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct trainer *t = trainer_new(&(struct trainer_settings){ .seed = 7 });
	for (int i = 0; i < 300; i++) {
		str text = str_format(
			mem, i % 3 ? "tea with aunt %d today" : "win a prize number %d now", i);
		trainer_add(t, &(struct lesson){ text, text, LESSON_CORPUS, i % 3 == 0 });
		text = str_format(mem, "two chairs for sale, number %d", i);
		trainer_add(t, &(struct lesson){ text, text, LESSON_SELLER, false });
	}
	struct trainer_figures f;
	str file;
	assert_int_equal(trainer_finish(t, mem, &file, &f).code, ERR_NONE);
	assert_int_equal(f.of_source[LESSON_CORPUS], 300);
	assert_int_equal(f.of_source[LESSON_SELLER], 300);
	assert_int_equal(f.resemble[LESSON_SELLER], 0);
	trainer_free(t);
	arena_free(mem);
}

static void the_map_to_a_probability_finds_what_made_the_labels(void **state)
{
	(void)state;
	enum { N = 20000 };
	struct arena *mem = arena_new((size_t)1 << 20);
	struct scored *list = ARENA_ARRAY(mem, N, struct scored);
	uint64_t random = 1;
	for (size_t i = 0; i < N; i++) {
		double score = (double)augment_below(&random, 60000) / 1000 - 30;
		double p = 1 / (1 + exp(-(0.4 * score - 1)));
		list[i] = (struct scored){ score, augment_below(&random, 1000000) < p * 1e6 };
	}
	double a, b;
	calibrate_platt(list, N, &a, &b);
	assert_true(fabs(a - 0.4) < 0.03 && fabs(b + 1) < 0.1);
	arena_free(mem);
}

static void a_threshold_lets_through_no_more_than_its_share(void **state)
{
	(void)state;
	struct scored list[] = { { 9, true }, { 8, false }, { 7, true }, { 7, false },
		                 { 6, true }, { 5, false }, { 1, false } };
	double recall;
	calibrate_sort(list, 7);
	double at = calibrate_threshold(list, 7, 4, &recall);
	size_t over = 0;
	for (size_t i = 0; i < 7; i++)
		over += !list[i].is && list[i].score >= at ? 1 : 0;
	assert_int_equal(over, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(training_is_reproducible_and_learns),
		cmocka_unit_test(one_kind_alone_trains_nothing),
		cmocka_unit_test(a_source_of_our_own_sets_no_threshold),
		cmocka_unit_test(the_map_to_a_probability_finds_what_made_the_labels),
		cmocka_unit_test(a_threshold_lets_through_no_more_than_its_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
