#include "circle/password.h"

#include "circle/stage_testing.h"

#include <string.h>
#include <time.h>

static const struct {
	const char *name, *password;
	bool fine;
} rows[] = {
	{ "eight characters are enough", "12345678", true },
	{ "seven are not", "1234567", false },
	{ "characters count, not bytes", "密码密码密码密", false },
	{ "eight Chinese characters are enough", "密码密码密码密码", true },
	{ "invalid UTF-8 is refused", "1234567\xff", false },
	{ "nothing is refused", "", false },
};

static void a_password_has_a_size(void **state)
{
	char most[1025];
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (failed(password_check(str_of(rows[i].password), "password")) == rows[i].fine)
			fail_msg("%s", rows[i].name);
	memset(most, 'a', sizeof most);
	assert_ok(password_check((str){ most, 1024 }, "password"));
	assert_blames(password_check((str){ most, 1025 }, "current"), ERR_INPUT, "current");
}

static void only_the_right_one_fits(void **state)
{
	struct arena *mem = arena_new(1024);
	str hash, other;
	(void)state;
	assert_ok(password_hash(S("correct horse"), mem, &hash));
	assert_ok(password_hash(S("correct horse"), mem, &other));
	assert_false(str_eq(hash, other)); /* salted */
	assert_true(str_starts(hash, S("$argon2id$v=19$m=65536,t=2,p=1$")));
	assert_true(password_verify(hash, S("correct horse")));
	assert_false(password_verify(hash, S("correct horsf")));
	assert_false(password_verify(hash, STR_NONE));
	assert_false(password_verify(S("$argon2id$broken"), S("correct horse")));
	assert_false(password_verify(STR_NONE, S("correct horse")));
	assert_false(password_verify(STR_NONE, STR_NONE));
	arena_free(mem);
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Not a timed test: one is a thousand times the other when the dummy is not a real hash. */
static void nobody_costs_what_somebody_costs(void **state)
{
	struct arena *mem = arena_new(1024);
	double start, real, nobody;
	str hash;
	(void)state;
	assert_ok(password_hash(S("correct horse"), mem, &hash));
	start = cpu_s();
	assert_false(password_verify(hash, S("wrong one")));
	real = cpu_s() - start;
	start = cpu_s();
	assert_false(password_verify(STR_NONE, S("wrong one")));
	nobody = cpu_s() - start;
	assert_true(nobody > real / 4 && nobody < real * 4);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_has_a_size),
		cmocka_unit_test(only_the_right_one_fits),
		cmocka_unit_test(nobody_costs_what_somebody_costs),
	};
	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
