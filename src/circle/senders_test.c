/* What one address has, when it has it again, and that nothing is kept of it longer. */
#include "circle/senders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct senders *all; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	all = senders_new(chance_real());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	senders_free(all);
	return 0;
}

static bool take(uint64_t address, int64_t now_ms)
{
	int64_t wait_ms;
	bool taken = senders_take(all, address, now_ms, &wait_ms);
	assert_true(taken == (wait_ms == 0));
	return taken;
}

static int take_all(uint64_t address, int64_t now_ms)
{
	int n = 0;
	while (n < 1000 && take(address, now_ms))
		n++;
	return n;
}

static void a_handful_and_then_one_every_two_hours(void **state)
{
	int64_t wait_ms;
	(void)state;
	assert_int_equal(take_all(7, 1000), SENDER_BURST);
	assert_false(senders_take(all, 7, 1000, &wait_ms));
	assert_int_equal(wait_ms, SENDER_EACH_MS);
	assert_false(take(7, 1000 + wait_ms - 1));
	assert_int_equal(take_all(7, 1000 + wait_ms), 1);
	assert_int_equal(take_all(7, 1000 + 100 * SENDER_EACH_MS), SENDER_BURST); /* never more */
}

static void another_address_has_its_own(void **state)
{
	(void)state;
	assert_int_equal(take_all(7, 1000), SENDER_BURST);
	assert_int_equal(take_all(8, 1000), SENDER_BURST);
	assert_int_equal(take_all(0, 1000), SENDER_BURST); /* a number like any other */
}

static void what_came_to_nothing_is_given_back(void **state)
{
	(void)state;
	assert_int_equal(take_all(7, 1000), SENDER_BURST);
	senders_give_back(all, 7);
	assert_int_equal(take_all(7, 1000), 1);
	senders_give_back(all, 9); /* of nobody, nothing */
	assert_int_equal(take_all(9, 1000), SENDER_BURST);
}

static void nobody_is_kept_longer_than_they_count(void **state)
{
	(void)state;
	assert_true(take(7, 1000));
	assert_int_equal(take_all(8, 1000), SENDER_BURST);
	assert_int_equal(senders_forget(all, 999 + SENDER_EACH_MS), 2);
	assert_int_equal(senders_forget(all, 1000 + SENDER_EACH_MS), 1);
	assert_int_equal(senders_forget(all, 1000 + SENDER_BURST * SENDER_EACH_MS), 0);
}

/* The places are as many as they are: who comes when all are taken takes the place of who counted least. */
static void memory_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(take_all(1, 1000), SENDER_BURST);
	for (uint64_t i = 2; i < 3 * SENDERS_MAX; i++)
		assert_true(take(i, 1000));
	assert_int_equal(senders_forget(all, 1000), SENDERS_MAX);
	assert_false(take(1, 1000)); /* is still among them */
}

#define SENDERS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENDERS_TEST(a_handful_and_then_one_every_two_hours),
		SENDERS_TEST(another_address_has_its_own),
		SENDERS_TEST(what_came_to_nothing_is_given_back),
		SENDERS_TEST(nobody_is_kept_longer_than_they_count),
		SENDERS_TEST(memory_is_bounded),
	};
	return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
