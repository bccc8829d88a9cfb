#include "base/buf.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int set_up(void **state)
{
	*state = arena_new(1024);
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void check_buf(const char *name, const struct buf *b, str want)
{
	if (!str_eq(buf_str(b), want))
		fail_msg("%s: got %.*s, want %.*s", name, STR_ARG(buf_str(b)), STR_ARG(want));
}

static void json_strings_are_quoted_and_escaped(void **state)
{
	static const struct {
		const char *name;
		str text, want;
	} rows[] = {
		{ "nothing", { NULL, 0 }, { "\"\"", 2 } },
		{ "plain", { "abc", 3 }, { "\"abc\"", 5 } },
		{ "quote and backslash", { "a\"b\\c", 5 }, { "\"a\\\"b\\\\c\"", 9 } },
		{ "slash and DEL stay", { "/\x7F", 2 }, { "\"/\x7F\"", 4 } },
		{ "short escapes", { "\b\t\n\f\r", 5 }, { "\"\\b\\t\\n\\f\\r\"", 12 } },
		{ "other controls", { "\0\x1F", 2 }, { "\"\\u0000\\u001f\"", 14 } },
		{ "Chinese stays",
		  { "\xE4\xBD\xA0"
		    "a",
		    4 },
		  { "\"\xE4\xBD\xA0"
		    "a\"",
		    6 } },
		{ "a true U+FFFD stays", { "\xEF\xBF\xBD", 3 }, { "\"\xEF\xBF\xBD\"", 5 } },
		{ "a bad byte becomes U+FFFD", { "a\xFFz", 3 }, { "\"a\xEF\xBF\xBDz\"", 7 } },
		{ "a cut sequence, byte by byte",
		  { "\xE4\xBD", 2 },
		  { "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", 8 } },
		{ "a surrogate is no text",
		  { "\xED\xA0\x80", 3 },
		  { "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", 11 } },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b;
		buf_init(&b, *state, 1000);
		buf_json(&b, rows[i].text);
		check_buf(rows[i].name, &b, rows[i].want);
	}
}

/* Every byte at every place of a word: the eight-at-a-time scan against a plain loop. */
static void the_fast_scan_agrees_with_a_plain_one(void **state)
{
	for (int c = 0; c < 0x80; c++) {
		for (size_t at = 0; at < 24; at++) {
			struct arena_mark mark = arena_mark(*state);
			char text[24], want[40];
			size_t n = 0;
			memset(text, '!', sizeof text);
			text[at] = (char)c;
			if (at + 1 < sizeof text)
				text[at + 1] = '#'; /* a quote and one, which a borrow could mark */
			want[n++] = '"';
			for (size_t i = 0; i < sizeof text; i++) {
				static const char escaped[] = "\b\t\n\f\r\"\\", as[] = "btnfr\"\\";
				const char *letter = memchr(escaped, text[i], 7);
				if (letter)
					n += (size_t)sprintf(want + n, "\\%c",
					                     as[letter - escaped]);
				else if (text[i] >= 0 && text[i] < 0x20)
					n += (size_t)sprintf(want + n, "\\u%04x", text[i]);
				else
					want[n++] = text[i];
			}
			want[n++] = '"';
			struct buf b;
			buf_init(&b, *state, 1000);
			buf_json(&b, (str){ text, sizeof text });
			check_buf("scan", &b, (str){ want, n });
			arena_rewind(*state, mark);
		}
	}
}

static void numbers_are_written_short(void **state)
{
	static const struct {
		double v;
		const char *want;
	} rows[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 1, "1" },
		{ 0.5, "0.5" },
		{ -2.25, "-2.25" },
		{ 0.1, "0.1" },
		{ 0.123456789, "0.123457" },
		{ 0.0000004, "0" },
		{ -0.0000004, "0" },
		{ 999999999.5, "999999999.5" },
		{ 1e9, "1000000000" },
		{ 1e15, "1000000000000000" },
		{ NAN, "0" },
		{ INFINITY, "0" },
		{ -INFINITY, "0" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b;
		buf_init(&b, *state, 1000);
		buf_json_real(&b, rows[i].v);
		check_buf(rows[i].want, &b, str_of(rows[i].want));
	}
	struct buf b;
	buf_init(&b, *state, 1000);
	buf_json_real(&b, -1.7976931348623157e308);
	assert_int_equal(buf_str(&b).n, 310);
	buf_init(&b, *state, 1000);
	buf_json_id(&b, INT64_MIN);
	buf_i64(&b, INT64_MAX);
	check_buf("ids", &b, S("\"-9223372036854775808\"9223372036854775807"));
}

static void times_agree_with_the_c_library(void **state)
{
	const int64_t low = -62167219200000, high = 253402300799999;
	for (int64_t at = low; at <= high; at += 86400000LL * 9 + 3723456) {
		struct arena_mark mark = arena_mark(*state);
		int64_t seconds = at >= 0 ? at / 1000 : -((999 - at) / 1000);
		struct tm tm;
		time_t t = (time_t)seconds;
		gmtime_r(&t, &tm);
		str want = str_format(*state, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"",
		                      tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		                      tm.tm_min, tm.tm_sec, (int)(at - seconds * 1000));
		struct buf b;
		buf_init(&b, *state, 1000);
		buf_json_time(&b, at);
		check_buf("time", &b, want);
		arena_rewind(*state, mark);
	}
	static const struct {
		const char *want;
		int64_t at;
	} rows[] = {
		{ "1970-01-01T00:00:00.000Z", 0 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2000-02-29T23:59:59.999Z", 951868799999 },
		{ "0000-01-01T00:00:00.000Z", INT64_MIN },
		{ "9999-12-31T23:59:59.999Z", INT64_MAX },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b;
		buf_init(&b, *state, 1000);
		buf_time(&b, rows[i].at);
		check_buf("row", &b, str_of(rows[i].want));
	}
}

static void html_cannot_break_out(void **state)
{
	struct buf b;
	buf_init(&b, *state, 1000);
	buf_html(&b, S("a<b>&\"'\xE4\xBD\xA0"));
	check_buf("html", &b, S("a&lt;b&gt;&amp;&quot;&#39;\xE4\xBD\xA0"));
}

static void past_the_maximum_nothing_is_added(void **state)
{
	struct buf b;
	buf_init(&b, *state, 10);
	buf_lit(&b, "12345");
	buf_lit(&b, "67890");
	assert_false(b.full);
	buf_char(&b, 'x');
	assert_true(b.full);
	check_buf("full", &b, S("1234567890"));

	buf_init(&b, *state, 10);
	buf_lit(&b, "12345678");
	buf_format(&b, "%d", 1000);
	assert_true(b.full);
	buf_char(&b, 'x'); /* would fit, but a hole in the text would be worse */
	check_buf("no holes", &b, S("12345678"));

	buf_init(&b, *state, 4);
	buf_json(&b, S("abc"));
	assert_true(b.full);
}

static void it_grows_to_any_size(void **state)
{
	struct buf b;
	buf_init(&b, *state, SIZE_MAX);
	for (int i = 0; i < 100000; i++)
		buf_format(&b, "%d,", i % 10);
	assert_false(b.full);
	assert_int_equal(b.n, 200000);
	assert_memory_equal(b.p + 199994, "7,8,9,", 6);
	buf_format(&b, "%100000d", 5);
	assert_int_equal(b.n, 300000);
	assert_int_equal(b.p[299999], '5');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_strings_are_quoted_and_escaped),
		cmocka_unit_test(the_fast_scan_agrees_with_a_plain_one),
		cmocka_unit_test(numbers_are_written_short),
		cmocka_unit_test(times_agree_with_the_c_library),
		cmocka_unit_test(html_cannot_break_out),
		cmocka_unit_test(past_the_maximum_nothing_is_added),
		cmocka_unit_test(it_grows_to_any_size),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
