#include "circle/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* The secret of RFC 6238, appendix B. */
static const unsigned char secret[] = "12345678901234567890";

/* Its table for SHA-1; six digits are the last six of its eight. */
static const struct {
	int64_t at_s;
	const char *code;
	int64_t step;
} vectors[] = {
	{ 59, "287082", 0x1 },
	{ 1111111109, "081804", 0x23523EC },
	{ 1111111111, "050471", 0x23523ED },
	{ 1234567890, "005924", 0x273EF07 },
	{ 2000000000, "279037", 0x3F940AA },
	{ 20000000000, "353130", 0x27BC86AA },
};

static void the_vectors_of_the_rfc_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		int64_t step = 0;
		assert_true(
			totp_check(secret, str_of(vectors[i].code), vectors[i].at_s * 1000, &step));
		assert_int_equal(step, vectors[i].step);
	}
}

static const struct {
	const char *name, *code;
	int64_t at_s;
	bool good;
} cases[] = {
	{ "the step before counts", "050471", 1111111111 + 30, true },
	{ "the step after counts", "050471", 1111111111 - 30, true },
	{ "two steps later does not", "050471", 1111111111 + 60, false },
	{ "two steps early does not", "050471", 1111111111 - 60, false },
	{ "spaces do not count", " 050 471", 1111111111, true },
	{ "a wrong code", "050472", 1111111111, false },
	{ "nothing", "", 1111111111, false },
	{ "five digits", "05047", 1111111111, false },
	{ "eight digits", "14050471", 1111111111, false },
	{ "letters", "05047a", 1111111111, false },
	{ "a sign", "+50471", 1111111111, false },
	{ "digits of another script", "٠٥٠٤٧١", 1111111111, false },
};

static void codes_are_good_for_a_minute_and_a_half(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t step = 0;
		if (totp_check(secret, str_of(cases[i].code), cases[i].at_s * 1000, &step) !=
		    cases[i].good)
			fail_msg("%s", cases[i].name);
		if (cases[i].good) /* whenever it is typed, it is the same step */
			assert_int_equal(step, 0x23523ED);
	}
}

static void a_secret_is_typed_as_base32(void **state)
{
	struct arena *mem = arena_new(1024);
	unsigned char made[TOTP_SECRET_BYTES], again[TOTP_SECRET_BYTES];
	uint64_t seed = 1;
	(void)state;
	assert_true(str_eq(totp_secret_text(secret, mem), S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")));
	totp_secret_new(chance_seeded(&seed), made);
	totp_secret_new(chance_seeded(&seed), again);
	assert_true(memcmp(made, again, sizeof made) != 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold),
		cmocka_unit_test(codes_are_good_for_a_minute_and_a_half),
		cmocka_unit_test(a_secret_is_typed_as_base32),
	};
	return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
