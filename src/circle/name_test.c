#include "circle/name.h"

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *name, *text, *want;
} rows[] = {
	{ "nothing stays nothing", "", "" },
	{ "capitals become small", "Aunt MEI", "aunt mei" },
	{ "accented capitals too", "ÉÖØ Ā Ž Ẽ", "éöø ā ž ẽ" },
	{ "Greek and Cyrillic too", "ΑΩ ЯЁ", "αω яё" },
	{ "small letters stay", "straße ř ÷ ×", "straße ř ÷ ×" },
	{ "full width becomes plain", "Ｌｉｎ　９", "lin 9" },
	{ "Han characters stay", "林小美", "林小美" },
	{ "a stray byte becomes the replacement character", "a\xff", "a\xef\xbf\xbd" },
};

static void folds(void **state)
{
	struct arena *mem = arena_new(1024);
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str got = name_fold(mem, str_of(rows[i].text));
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("%s: got \"%.*s\"", rows[i].name, STR_ARG(got));
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(folds) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
