#include "http/lane.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

struct item {
	atomic_bool gate, begun, done;
};

static void work(void *arg)
{
	struct item *item = arg;
	atomic_store(&item->begun, true);
	while (!atomic_load(&item->gate))
		usleep(1000);
	atomic_store(&item->done, true);
}

static void await(atomic_bool *flag)
{
	for (int i = 0; !atomic_load(flag) && i < 20000; i++)
		usleep(1000);
	assert_true(atomic_load(flag));
}

static void places_are_those_at_work_and_those_waiting(void **state)
{
	struct item items[5] = { 0 };
	struct lane *lane;
	(void)state;
	assert_false(failed(lane_open(2, 3, work, &lane)));
	for (int i = 0; i < 5; i++) {
		assert_true(lane_reserve(lane));
		lane_put(lane, &items[i]);
	}
	assert_false(lane_reserve(lane));
	await(&items[0].begun);
	await(&items[1].begun);
	assert_false(atomic_load(&items[2].begun));
	atomic_store(&items[0].gate, true);
	await(&items[2].begun); /* first come, first served */
	assert_false(atomic_load(&items[3].begun));
	assert_true(lane_reserve(lane));
	assert_false(lane_reserve(lane));
	for (int i = 1; i < 5; i++)
		atomic_store(&items[i].gate, true);
	struct item last = { .gate = true };
	lane_put(lane, &last);
	lane_end(lane);
	for (int i = 0; i < 5; i++)
		assert_true(atomic_load(&items[i].done));
	assert_true(atomic_load(&last.done));
	lane_free(lane);
}

static void *end(void *lane)
{
	lane_end(lane);
	return NULL;
}

static void ending_waits_for_what_was_reserved(void **state)
{
	struct item first = { 0 }, reserved = { .gate = true };
	struct lane *lane;
	pthread_t ender;
	(void)state;
	assert_false(failed(lane_open(1, 3, work, &lane)));
	assert_true(lane_reserve(lane));
	lane_put(lane, &first);
	await(&first.begun);
	assert_true(lane_reserve(lane));
	assert_int_equal(pthread_create(&ender, NULL, end, lane), 0);
	usleep(50 * 1000);
	/* The only thread runs out of work while the end has begun and one place is open. */
	atomic_store(&first.gate, true);
	await(&first.done);
	usleep(50 * 1000);
	lane_put(lane, &reserved);
	await(&reserved.done);
	pthread_join(ender, NULL);
	assert_false(lane_reserve(lane)); /* and may still be asked */
	lane_free(lane);
}

static void nothing_is_ended_and_freed(void **state)
{
	struct lane *lane;
	(void)state;
	lane_end(NULL);
	lane_free(NULL);
	assert_false(failed(lane_open(8, 1, work, &lane)));
	lane_end(lane);
	lane_free(lane);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_those_at_work_and_those_waiting),
		cmocka_unit_test(ending_waits_for_what_was_reserved),
		cmocka_unit_test(nothing_is_ended_and_freed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
