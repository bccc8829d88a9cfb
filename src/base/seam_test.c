#include "base/seam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void the_real_clock_tells_the_time(void **state)
{
	(void)state;
	struct clock c = clock_real();
	int64_t before = (int64_t)time(NULL) * 1000, now = clock_now(c);
	assert_true(now >= before && now < before + 10000);
	int64_t mono = clock_mono(c);
	assert_true(mono > 0 && clock_mono(c) >= mono);
}

static void a_fixed_clock_stands_until_moved(void **state)
{
	(void)state;
	int64_t at = 5;
	struct clock c = clock_fixed(&at);
	assert_int_equal(clock_now(c), 5);
	at = 7;
	assert_int_equal(clock_now(c), 7);
	assert_int_equal(clock_mono(c), 7);
}

static void real_chance_fills_and_differs(void **state)
{
	(void)state;
	unsigned char a[1000] = { 0 }, b[1000] = { 0 };
	chance_fill(chance_real(), a, sizeof a);
	chance_fill(chance_real(), b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	assert_memory_not_equal(a + 980, (char[20]){ 0 }, 20);
}

static void a_seed_replays(void **state)
{
	(void)state;
	/* the published first outputs of splitmix64 from seed 0 */
	static const uint64_t want[2] = { UINT64_C(0xE220A8397B1DCDAF),
		                          UINT64_C(0x6E789E6AA1B965F4) };
	uint64_t one = 0, two = 0;
	unsigned char a[16], b[16];
	chance_fill(chance_seeded(&one), a, 16);
	chance_fill(chance_seeded(&two), b, 16);
	assert_memory_equal(a, b, 16);
	assert_memory_equal(a, want, 16);
	chance_fill(chance_seeded(&one), b, 16);
	assert_memory_not_equal(a, b, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_real_clock_tells_the_time),
		cmocka_unit_test(a_fixed_clock_stands_until_moved),
		cmocka_unit_test(real_chance_fills_and_differs),
		cmocka_unit_test(a_seed_replays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
