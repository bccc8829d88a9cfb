#include "circle/throttle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)

static struct throttle *t; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	t = throttle_new(42);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	throttle_free(t);
	return 0;
}

static bool guess(uint64_t account, uint64_t address, uint64_t device, int64_t now_ms)
{
	struct guess g = throttle_guess(t, account, address, device, now_ms);
	unsigned wait;
	bool may = throttle_begin(t, GUESS_PASSWORD, &g, now_ms, &wait);
	assert_true(may == (wait == 0));
	return may;
}

static int guesses(uint64_t account, uint64_t address, uint64_t device, int64_t now_ms)
{
	int n = 0;
	while (n < 1000 && guess(account, address, device, now_ms))
		n++;
	return n;
}

static void a_stranger_gets_twenty_and_then_waits(void **state)
{
	struct guess g = throttle_guess(t, 1, 100, 0, 5);
	unsigned wait;
	(void)state;
	assert_int_equal(guesses(1, 100, 0, 5), 20);
	assert_false(throttle_begin(t, GUESS_PASSWORD, &g, 5, &wait));
	assert_int_equal(wait, 120);
	assert_false(guess(2, 100, 0, 5)); /* nor at another account */
	assert_int_equal(guesses(1, 100, 0, 5 + 2 * MINUTE), 1);
	assert_int_equal(guesses(1, 100, 0, 5 + 1000 * MINUTE), 20); /* never more than that */
}

static void many_strangers_share_what_an_account_allows(void **state)
{
	int n = 0;
	(void)state;
	for (uint64_t address = 0; address < 200; address++)
		n += guess(1, address, 0, 0);
	assert_int_equal(n, 20);
	assert_true(guess(2, 500, 0, 0)); /* another account is not concerned */
}

/* What somebody else does is no reason to keep the owner out. */
static void a_known_place_has_its_own(void **state)
{
	(void)state;
	throttle_came_in(t, 1, 7, 0);
	for (uint64_t address = 1000; address < 1200; address++)
		(void)guess(1, address, 0, 0);
	assert_false(guess(1, 2000, 0, 0));
	assert_int_equal(guesses(1, 7, 0, 0), 10);     /* by the address */
	assert_int_equal(guesses(1, 2000, 55, 0), 10); /* by the browser */
	assert_int_equal(guesses(1, 7, 55, 0), 0);     /* the browser's, wherever it is */
	assert_int_equal(guesses(1, 7, 56, 0), 10);    /* another's behind the same address */
	assert_false(guess(2, 7, 0, 0) && guesses(2, 7, 0, 0) > 20);
}

static void an_address_is_known_for_one_account_and_a_month(void **state)
{
	(void)state;
	throttle_came_in(t, 1, 7, 0);
	assert_true(throttle_guess(t, 1, 7, 0, 0).known);
	assert_false(throttle_guess(t, 2, 7, 0, 0).known);
	assert_false(throttle_guess(t, 1, 8, 0, 0).known);
	assert_true(throttle_guess(t, 1, 7, 0, 30 * 24 * 60 * MINUTE - 1).known);
	assert_false(throttle_guess(t, 1, 7, 0, 30 * 24 * 60 * MINUTE).known);
	assert_true(throttle_guess(t, 1, 8, 9, 0).known);
}

/* One address alone, at its steady pace, leaves the account's bucket room for others. */
static void one_address_cannot_keep_an_account_from_strangers(void **state)
{
	int64_t now = 0;
	(void)state;
	assert_int_equal(guesses(1, 100, 0, now), 20);
	for (int i = 0; i < 120; i++) {
		now += MINUTE / 2;
		(void)guess(1, 100, 0, now);
	}
	assert_true(guesses(1, 200, 0, now) >= 19);
}

static void right_guesses_cost_nothing(void **state)
{
	struct guess g = throttle_guess(t, 1, 100, 0, 0);
	unsigned wait;
	(void)state;
	for (int i = 0; i < 500; i++) {
		assert_true(throttle_begin(t, GUESS_PASSWORD, &g, 0, &wait));
		throttle_right(t, GUESS_PASSWORD, &g, 0);
	}
	assert_int_equal(guesses(1, 100, 0, 0), 20);
}

static void codes_are_counted_by_themselves(void **state)
{
	struct guess far = throttle_guess(t, 1, 100, 0, 0), near = throttle_guess(t, 1, 100, 9, 0);
	unsigned wait;
	int n = 0;
	(void)state;
	assert_int_equal(guesses(1, 100, 0, 0), 20);
	while (throttle_begin(t, GUESS_CODE, &far, 0, &wait))
		n++;
	assert_int_equal(n, 10);
	assert_int_equal(wait, 300);
	assert_true(throttle_begin(t, GUESS_CODE, &near, 0, &wait));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stranger_gets_twenty_and_then_waits),
		TEST(many_strangers_share_what_an_account_allows),
		TEST(a_known_place_has_its_own),
		TEST(an_address_is_known_for_one_account_and_a_month),
		TEST(one_address_cannot_keep_an_account_from_strangers),
		TEST(right_guesses_cost_nothing),
		TEST(codes_are_counted_by_themselves),
	};
	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
