#include "integrity/learn/kinds_trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Forty posts of each kind that name it, forty honest ones, and honest texts. */
static err train(uint64_t seed, bool all_kinds, struct arena *mem, str *file,
                 struct kinds_trainer_figures *figures)
{
	struct kinds_trainer *t = kinds_trainer_new(seed, NULL);
	char text[128];
	for (int i = 0; i < 40; i++) {
		for (unsigned kind = all_kinds ? 0 : 1; kind < POST_KINDS; kind++) {
			const char *name = post_kind_name((enum post_kind)kind);
			int n = snprintf(text, sizeof text, "%s wicked offer %d of %s", name, i,
			                 name);
			kinds_trainer_add_post(t, (str){ text, (size_t)n }, kind);
		}
		int n = snprintf(text, sizeof text, "plain tea number %d with aunt", i);
		kinds_trainer_add_post(t, (str){ text, (size_t)n }, POST_KINDS);
	}
	for (int i = 0; i < 2000; i++) {
		int n = snprintf(text, sizeof text, "we walked %d steps by the lake", i);
		str words = { text, (size_t)n };
		kinds_trainer_add_honest(t, words, words);
	}
	err e = kinds_trainer_finish(t, mem, file, figures);
	kinds_trainer_free(t);
	return e;
}

static struct kinds_judgement judge(str file, str text, struct arena *mem)
{
	struct kinds kinds;
	struct views views;
	struct features features;
	struct kinds_judgement judged;
	assert_int_equal(kinds_of(file, &kinds).code, ERR_NONE);
	views_of(text, mem, &views);
	features_of(&views, mem, &features);
	kinds_judge(&kinds, &features, &judged);
	return judged;
}

static void training_is_reproducible_and_learns(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct kinds_trainer_figures f;
	str first, again, other;
	assert_int_equal(train(7, true, mem, &first, &f).code, ERR_NONE);
	assert_int_equal(f.honest, 2000);
	assert_int_equal(f.posts[POST_CURE], 40);
	assert_int_equal(f.posts[POST_KINDS], 40);
	assert_true(f.likely[POST_CURE] > 35 && f.right > 35 * POST_KINDS);
	assert_int_equal(train(7, true, mem, &again, &f).code, ERR_NONE);
	assert_int_equal(train(8, true, mem, &other, &f).code, ERR_NONE);
	assert_true(str_eq(first, again));
	assert_false(str_eq(first, other));
	struct kinds_judgement bad = judge(first, S("cure wicked offer 99 of cure"), mem),
			       good = judge(first, S("we walked 99 steps by the lake"), mem);
	assert_true(bad.likely && bad.shares[POST_CURE] > 0.5);
	assert_false(good.likely);
	assert_true(good.shares[POST_CURE] == 0);
	arena_free(mem);
}

static void a_kind_without_posts_trains_nothing(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct kinds_trainer_figures f;
	str file;
	assert_int_equal(train(7, false, mem, &file, &f).code, ERR_INPUT);
	arena_free(mem);
}

static void a_file_that_is_no_model_of_kinds_is_refused(void **state)
{
	(void)state;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct kinds_trainer_figures f;
	struct kinds kinds;
	str file;
	assert_int_equal(train(7, true, mem, &file, &f).code, ERR_NONE);
	assert_int_equal(kinds_of(str_slice(file, 0, file.n - 1), &kinds).code, ERR_INPUT);
	struct kinds_head *head = (struct kinds_head *)(uintptr_t)file.p;
	head->version++;
	assert_int_equal(kinds_of(file, &kinds).code, ERR_INPUT);
	head->version--;
	head->kind_scale[3] = NAN;
	assert_int_equal(kinds_of(file, &kinds).code, ERR_INPUT);
	head->kind_scale[3] = 1;
	assert_int_equal(kinds_of(file, &kinds).code, ERR_NONE);
	head->magic[0] = 'x';
	assert_int_equal(kinds_of(file, &kinds).code, ERR_INPUT);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(training_is_reproducible_and_learns),
		cmocka_unit_test(a_kind_without_posts_trains_nothing),
		cmocka_unit_test(a_file_that_is_no_model_of_kinds_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
