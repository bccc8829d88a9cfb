#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void check_str(const char *name, str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", name, STR_ARG(got), want);
}

static void numbers_are_read_whole_or_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		bool ok;
		int64_t want;
	} rows[] = {
		{ "zero", "0", true, 0 },
		{ "a sign is allowed", "-12", true, -12 },
		{ "a plus too", "+12", true, 12 },
		{ "leading zeros count nothing", "0007", true, 7 },
		{ "the largest", "9223372036854775807", true, INT64_MAX },
		{ "the smallest", "-9223372036854775808", true, INT64_MIN },
		{ "one above the largest is refused", "9223372036854775808", false, 0 },
		{ "one below the smallest is refused", "-9223372036854775809", false, 0 },
		{ "twenty digits are refused", "99999999999999999999", false, 0 },
		{ "nothing is no number", "", false, 0 },
		{ "a sign alone is no number", "-", false, 0 },
		{ "white space is refused", " 1", false, 0 },
		{ "a tail is refused", "1a", false, 0 },
		{ "hex is refused", "0x10", false, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v = 0;
		bool ok = str_to_i64(str_of(rows[i].text), &v);
		if (ok != rows[i].ok || v != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

static void utf8_is_checked_as_rfc_3629_says(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		str bytes;
		bool ok;
	} rows[] = {
		{ "empty", { "", 0 }, true },
		{ "ASCII with NUL", { "a\0b", 3 }, true },
		{ "two bytes", { "\xC2\x80", 2 }, true },
		{ "three bytes", { "\xE2\x82\xAC", 3 }, true },
		{ "four bytes", { "\xF0\x9F\x98\x80", 4 }, true },
		{ "the last code point", { "\xF4\x8F\xBF\xBF", 4 }, true },
		{ "just below the surrogates", { "\xED\x9F\xBF", 3 }, true },
		{ "just above the surrogates", { "\xEE\x80\x80", 3 }, true },
		{ "a low surrogate", { "\xED\xA0\x80", 3 }, false },
		{ "a high surrogate", { "\xED\xBF\xBF", 3 }, false },
		{ "above the last code point", { "\xF4\x90\x80\x80", 4 }, false },
		{ "overlong slash", { "\xC0\xAF", 2 }, false },
		{ "overlong of two bytes", { "\xC1\xBF", 2 }, false },
		{ "overlong of three bytes", { "\xE0\x9F\xBF", 3 }, false },
		{ "overlong of four bytes", { "\xF0\x8F\xBF\xBF", 4 }, false },
		{ "a lone follower", { "\x80", 1 }, false },
		{ "cut after one of two", { "\xC3", 1 }, false },
		{ "cut after two of three", { "\xE4\xB8", 2 }, false },
		{ "cut after three of four", { "\xF0\x9F\x98", 3 }, false },
		{ "a follower missing inside", { "\xE4\xB8z", 3 }, false },
		{ "a byte UTF-8 never has", { "\xFF", 1 }, false },
		{ "fault behind a long ASCII run", { "0123456789abcdef0123456\xC3", 24 }, false },
		{ "Chinese between ASCII runs",
		  { "01234567\xE4\xBD\xA0\xE5\xA5\xBD"
		    "89abcdefg",
		    23 },
		  true },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (utf8_valid(rows[i].bytes) != rows[i].ok)
			fail_msg("%s", rows[i].name);
	}
}

static void every_code_point_survives_the_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char p[4];
		size_t at = 0, n = utf8_put(p, cp);
		bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;
		uint32_t back = utf8_next((str){ p, n }, &at);
		if (back != (surrogate ? 0xFFFD : cp) || at != n || !utf8_valid((str){ p, n }))
			fail_msg("U+%04X", (unsigned)cp);
	}
}

static void a_malformed_byte_is_one_replacement(void **state)
{
	(void)state;
	str bytes = S("\xE4\xB8z\xFF");
	static const uint32_t want[] = { 0xFFFD, 0xFFFD, 'z', 0xFFFD };
	size_t at = 0, i = 0;
	while (at < bytes.n)
		assert_int_equal(utf8_next(bytes, &at), want[i++]);
	assert_int_equal(i, COUNT(want));
}

static void length_counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(STR_NONE), 0);
	assert_int_equal(utf8_length(S("abcdefghijklmnop")), 16);
	assert_int_equal(utf8_length(S("\xE4\xBD\xA0\xE5\xA5\xBD, \xF0\x9F\x98\x80 caf\xC3\xA9")),
	                 10);
}

static void cutting_yields_every_part_once(void **state)
{
	(void)state;
	str rest = S("a,,b,");
	check_str("first", str_cut(&rest, ','), "a");
	check_str("an empty part", str_cut(&rest, ','), "");
	check_str("third", str_cut(&rest, ','), "b");
	assert_non_null(rest.p);
	check_str("the part after the last separator", str_cut(&rest, ','), "");
	assert_null(rest.p);
	check_str("nothing left", str_cut(&rest, ','), "");
}

static void slices_stay_inside(void **state)
{
	(void)state;
	str s = S("hello");
	check_str("middle", str_slice(s, 1, 3), "el");
	check_str("clamped at the end", str_slice(s, 3, 99), "lo");
	check_str("turned round is empty", str_slice(s, 4, 2), "");
	check_str("beyond is empty", str_slice(s, 9, 12), "");
	check_str("of nothing", str_slice(STR_NONE, 0, 3), "");
	check_str("trimmed", str_trim(S(" \t a b \r\n")), "a b");
	check_str("all space trims to nothing", str_trim(S(" \n ")), "");
}

static void comparing_and_finding(void **state)
{
	(void)state;
	assert_true(str_eq(STR_NONE, S("")));
	assert_true(str_cmp(S("ab"), S("abc")) < 0);
	assert_true(str_cmp(S("b"), S("abc")) > 0);
	assert_true(str_cmp(S("\xE4"), S("a")) > 0);
	assert_int_equal(str_cmp(S("x"), S("x")), 0);
	assert_true(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")));
	assert_true(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")));
	assert_true(str_eq_ascii_nocase(S("Content-TYPE"), S("content-type")));
	assert_false(str_eq_ascii_nocase(S("[a"), S("{a")));
	assert_int_equal(str_find(S("abcabc"), S("ca")), 2);
	assert_int_equal(str_find(S("abc"), S("")), 0);
	assert_true(str_find(S("abc"), S("abcd")) == SIZE_MAX);
	assert_true(str_find(STR_NONE, S("a")) == SIZE_MAX);
}

static void copies_live_in_the_arena(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	char text[] = "MiXed";
	str copy = str_dup(mem, str_of(text)), low = str_lower_ascii(mem, str_of(text));
	char *c = str_to_c(mem, (str){ text, 3 });
	text[0] = 'x';
	check_str("dup", copy, "MiXed");
	check_str("lower", low, "mixed");
	assert_string_equal(c, "MiX");
	assert_string_equal(str_to_c(mem, STR_NONE), "");
	check_str("format", str_format(mem, "%s-%d", "n", 7), "n-7");
	assert_int_equal(str_format(mem, "%5000d", 1).n, 5000);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_whole_or_refused),
		cmocka_unit_test(utf8_is_checked_as_rfc_3629_says),
		cmocka_unit_test(every_code_point_survives_the_round_trip),
		cmocka_unit_test(a_malformed_byte_is_one_replacement),
		cmocka_unit_test(length_counts_code_points),
		cmocka_unit_test(cutting_yields_every_part_once),
		cmocka_unit_test(slices_stay_inside),
		cmocka_unit_test(comparing_and_finding),
		cmocka_unit_test(copies_live_in_the_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
