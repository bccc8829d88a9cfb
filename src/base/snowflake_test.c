#include "base/snowflake.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const int64_t start_ms = SNOWFLAKE_EPOCH_MS + 1000000;

static void ids_rise_even_when_the_clock_steps_back(void **state)
{
	(void)state;
	int64_t at = start_ms;
	struct snowflake *s = snowflake_new(5, clock_fixed(&at));
	int64_t last = 0;
	for (int i = 0; i < 20000; i++) {
		at = start_ms + (i % 7) * 100 - i % 3;
		int64_t id = snowflake_next(s);
		assert_true(id > last);
		assert_int_equal(id & 1023, 5);
		last = id;
	}
	at = start_ms + 5000;
	assert_int_equal(snowflake_ms(snowflake_next(s)), at);
	snowflake_free(s);
	snowflake_free(NULL);
}

static void an_answer_sorts_after_what_was_seen_from_elsewhere(void **state)
{
	(void)state;
	int64_t at = start_ms, ahead = start_ms + 60000;
	struct snowflake *here = snowflake_new(1, clock_fixed(&at));
	struct snowflake *there = snowflake_new(1023, clock_fixed(&ahead));
	int64_t seen = snowflake_next(there);
	snowflake_seen(here, seen);
	int64_t answer = snowflake_next(here);
	assert_true(answer > seen);
	snowflake_seen(here, 1);
	assert_true(snowflake_next(here) > answer);
	snowflake_free(here);
	snowflake_free(there);
}

static void ids_of_the_past_carry_their_instant_and_leave_the_present_alone(void **state)
{
	(void)state;
	int64_t at = start_ms;
	struct snowflake *s = snowflake_new(0, clock_fixed(&at));
	int64_t now = snowflake_next(s), past = snowflake_at(s, start_ms - 777);
	assert_int_equal(snowflake_ms(past), start_ms - 777);
	assert_true(past < now);
	int64_t next = snowflake_next(s);
	assert_true(next > now && snowflake_ms(next) == at);
	int64_t not_past = snowflake_at(s, start_ms + 99999);
	assert_true(not_past > next && snowflake_ms(not_past) == at);
	snowflake_free(s);
}

static void ids_of_one_past_instant_rise_and_never_repeat(void **state)
{
	(void)state;
	int64_t at = start_ms;
	struct snowflake *s = snowflake_new(9, clock_fixed(&at));
	int64_t last = 0;
	for (int i = 0; i < 10000; i++) {
		int64_t id = snowflake_at(s, start_ms - 50);
		assert_true(id > last);
		last = id;
	}
	/* 10,000 ids have spilled into the milliseconds that follow; theirs come after */
	assert_true(snowflake_at(s, start_ms - 49) > last);
	snowflake_free(s);
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

#define THREADS 4
#define EACH 20000

struct shared {
	struct snowflake *s;
	int64_t *ids;
};

static void *draw(void *arg)
{
	struct shared *shared = arg;
	for (int i = 0; i < EACH; i++)
		shared->ids[i] = i % 4 ? snowflake_next(shared->s)
		                       : snowflake_at(shared->s, start_ms - i % 400);
	return NULL;
}

static void threads_never_draw_the_same_id(void **state)
{
	(void)state;
	int64_t at = start_ms;
	struct snowflake *s = snowflake_new(2, clock_fixed(&at));
	int64_t *ids = calloc(THREADS * EACH, sizeof *ids);
	struct shared shared[THREADS];
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		shared[i] = (struct shared){ s, ids + i * EACH };
		assert_int_equal(pthread_create(&threads[i], NULL, draw, &shared[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	qsort(ids, THREADS * EACH, sizeof *ids, compare_ids);
	for (size_t i = 1; i < THREADS * EACH; i++)
		assert_true(ids[i] > ids[i - 1]);
	free(ids);
	snowflake_free(s);
}

static void the_floor_of_an_instant_is_below_all_its_ids(void **state)
{
	(void)state;
	int64_t at = start_ms;
	struct snowflake *s = snowflake_new(0, clock_fixed(&at));
	assert_int_equal(snowflake_next(s), snowflake_floor(start_ms));
	assert_true(snowflake_floor(start_ms + 1) > snowflake_next(s));
	assert_int_equal(snowflake_floor(0), 0);
	assert_true(snowflake_floor(INT64_MAX) > 0);
	at = 0; /* a clock before the epoch still gives ids above 0 */
	struct snowflake *early = snowflake_new(0, clock_fixed(&at));
	assert_true(snowflake_next(early) > 0);
	snowflake_free(early);
	snowflake_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_rise_even_when_the_clock_steps_back),
		cmocka_unit_test(an_answer_sorts_after_what_was_seen_from_elsewhere),
		cmocka_unit_test(ids_of_the_past_carry_their_instant_and_leave_the_present_alone),
		cmocka_unit_test(ids_of_one_past_instant_rise_and_never_repeat),
		cmocka_unit_test(threads_never_draw_the_same_id),
		cmocka_unit_test(the_floor_of_an_instant_is_below_all_its_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
