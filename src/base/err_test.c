#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_code_has_its_name(void **state)
{
	(void)state;
	static const struct {
		enum err_code code;
		const char *name;
	} rows[] = {
		{ ERR_NONE, "none" },       { ERR_INPUT, "input" },       { ERR_DENIED, "denied" },
		{ ERR_MISSING, "missing" }, { ERR_CONFLICT, "conflict" }, { ERR_LIMIT, "limit" },
		{ ERR_BUSY, "busy" },       { ERR_SYSTEM, "system" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(err_name(rows[i].code), rows[i].name);
}

static err step(err outcome, int *ran)
{
	++*ran;
	return outcome;
}

static err three_steps(err second, int *ran)
{
	err e;
	TRY(step(OK, ran));
	TRY(step(second, ran));
	TRY(step(OK, ran));
out:
	return e;
}

static void try_stops_at_the_first_failure_and_keeps_it(void **state)
{
	(void)state;
	int ran = 0;
	assert_false(failed(three_steps(OK, &ran)));
	assert_int_equal(ran, 3);
	ran = 0;
	err e = three_steps(err_input("text", "Write something first."), &ran);
	assert_int_equal(ran, 2);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.field, "text");
	assert_string_equal(e.say, "Write something first.");
}

static void refusals_carry_no_words_for_the_member(void **state)
{
	(void)state;
	const err refusals[] = { err_denied("not a friend"), err_missing("hidden"),
		                 err_busy("queue full"), err_system("disk") };
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		assert_true(failed(refusals[i]));
		assert_non_null(refusals[i].why);
		assert_null(refusals[i].field);
		assert_null(refusals[i].say);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_name),
		cmocka_unit_test(try_stops_at_the_first_failure_and_keeps_it),
		cmocka_unit_test(refusals_carry_no_words_for_the_member),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
