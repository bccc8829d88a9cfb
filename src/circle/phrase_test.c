#include "circle/phrase.h"

#include "circle/stage_testing.h"

static const struct {
	const char *name, *words;
	size_t min, max;
	const char *want; /* NULL: refused */
} lines[] = {
	{ "a plain line stays", "Aunt Mei", 1, 60, "Aunt Mei" },
	{ "space around goes", "  Aunt Mei \t", 1, 60, "Aunt Mei" },
	{ "characters are counted, not bytes", "林小雨", 1, 3, "林小雨" },
	{ "one too many is refused", "林小雨林", 1, 3, NULL },
	{ "nothing is fine where nothing is asked", "", 0, 3, "" },
	{ "nothing is refused where something is asked", "   ", 1, 3, NULL },
	{ "only invisible characters are nothing", "\u200b\u3000", 1, 60, NULL },
	{ "a line break inside is refused", "Aunt\nMei", 1, 60, NULL },
	{ "an escape is refused", "Aunt\x1bMei", 1, 60, NULL },
	{ "a right-to-left override is refused", "Aunt\u202eMei", 1, 60, NULL },
	{ "an isolate is refused", "Aunt\u2067Mei", 1, 60, NULL },
	{ "an emoji of several parts is fine", "👩\u200d👧", 1, 60, "👩\u200d👧" },
	{ "invalid UTF-8 is refused", "Aunt\xc3", 1, 60, NULL },
};

static void a_line_is_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		str out = STR_NONE;
		err e = phrase_line(str_of(lines[i].words), lines[i].min, lines[i].max, "title",
		                    "No.", &out);
		if (failed(e) != (lines[i].want == NULL))
			fail_msg("%s", lines[i].name);
		if (failed(e))
			assert_blames(e, ERR_INPUT, "title");
		else
			assert_text(out, lines[i].want);
	}
}

static err text(const char *words, size_t n)
{
	return phrase_text((str){ words, n }, 5, "status", err_input("status", "empty"),
	                   err_limit("status", "long"));
}

static void a_text_has_something_to_see(void **state)
{
	(void)state;
	assert_ok(text("ab\ncd", 5));
	assert_ok(text("好好好好好", 15));
	assert_fails(text("abcdef", 6), ERR_LIMIT);
	assert_fails(text("", 0), ERR_INPUT);
	assert_fails(text(" \n\t", 3), ERR_INPUT);
	assert_fails(text("\u200b\u200b", 6), ERR_INPUT);
	assert_fails(text("a\0b", 3), ERR_INPUT);
	assert_fails(text("a\xff", 2), ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_one_line),
		cmocka_unit_test(a_text_has_something_to_see),
	};
	return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
