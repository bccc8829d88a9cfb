#include "integrity/learn/trainer.h"

#include "integrity/text/model.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(training_is_reproducible_and_learns),
		cmocka_unit_test(one_kind_alone_trains_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
