#include "http/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned taken(struct rate *rate, unsigned route, uint64_t key, unsigned per_minute,
                      int64_t now_ms, unsigned tries)
{
	unsigned n = 0, retry;
	for (unsigned i = 0; i < tries; i++)
		n += rate_take(rate, route, key, per_minute, now_ms, &retry);
	return n;
}

static void a_minutes_worth_then_no_more(void **state)
{
	struct rate *rate = rate_new(1024, 7);
	unsigned retry;
	(void)state;
	assert_int_equal(taken(rate, 1, 42, 20, 5000, 100), 20);
	assert_false(rate_take(rate, 1, 42, 20, 5000, &retry));
	assert_int_equal(retry, 3);
	rate_free(rate);
}

static void tokens_come_back_evenly(void **state)
{
	struct rate *rate = rate_new(1024, 7);
	(void)state;
	assert_int_equal(taken(rate, 1, 42, 20, 0, 100), 20);
	assert_int_equal(taken(rate, 1, 42, 20, 2999, 100), 0);
	assert_int_equal(taken(rate, 1, 42, 20, 3000, 100), 1);
	assert_int_equal(taken(rate, 1, 42, 20, 33000, 100), 10);
	assert_int_equal(taken(rate, 1, 42, 20, 10000000, 100), 20);
	rate_free(rate);
}

static void the_answer_to_when_is_true(void **state)
{
	struct rate *rate = rate_new(1024, 7);
	unsigned retry;
	(void)state;
	for (unsigned per_minute = 1; per_minute < 200; per_minute += 7) {
		assert_int_equal(taken(rate, per_minute, 1, per_minute, 0, 400), per_minute);
		assert_false(rate_take(rate, per_minute, 1, per_minute, 0, &retry));
		assert_in_range(retry, 1, 60);
		assert_true(rate_take(rate, per_minute, 1, per_minute, 1000 * retry, &retry));
	}
	rate_free(rate);
}

static void routes_and_callers_are_apart(void **state)
{
	struct rate *rate = rate_new(1024, 7);
	(void)state;
	assert_int_equal(taken(rate, 1, 42, 5, 0, 9), 5);
	assert_int_equal(taken(rate, 2, 42, 5, 0, 9), 5);
	assert_int_equal(taken(rate, 1, 43, 5, 0, 9), 5);
	assert_int_equal(taken(rate, 1, 42, 0, 0, 1000), 1000); /* 0: no limit */
	rate_free(rate);
}

static void a_flood_of_strangers_does_not_free_the_one_at_his_limit(void **state)
{
	struct rate *rate = rate_new(1024, 7);
	unsigned retry;
	(void)state;
	assert_int_equal(taken(rate, 1, 42, 20, 1000, 100), 20);
	for (uint64_t key = 1000; key < 101000; key++)
		(void)rate_take(rate, 1, key, 20, 1000, &retry);
	assert_int_equal(taken(rate, 1, 42, 20, 1000, 100), 0);
	rate_free(rate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minutes_worth_then_no_more),
		cmocka_unit_test(tokens_come_back_evenly),
		cmocka_unit_test(the_answer_to_when_is_true),
		cmocka_unit_test(routes_and_callers_are_apart),
		cmocka_unit_test(a_flood_of_strangers_does_not_free_the_one_at_his_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
