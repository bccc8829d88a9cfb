#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/seam.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void known_answers(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *hex, *base64;
	} rows[] = {
		{ "", "", "" }, /* RFC 4648 section 10, without padding */
		{ "f", "66", "Zg" },
		{ "fo", "666f", "Zm8" },
		{ "foo", "666f6f", "Zm9v" },
		{ "foob", "666f6f62", "Zm9vYg" },
		{ "\xFB\xFF\xBF", "fbffbf", "-_-_" },
	};
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i].bytes);
		char back[8];
		assert_true(str_eq(hex_of(mem, rows[i].bytes, n), str_of(rows[i].hex)));
		assert_true(str_eq(base64url_of(mem, rows[i].bytes, n), str_of(rows[i].base64)));
		assert_true(hex_to(str_of(rows[i].hex), back, n));
		assert_memory_equal(back, rows[i].bytes, n);
		assert_true(base64url_to(str_of(rows[i].base64), back, n));
		assert_memory_equal(back, rows[i].bytes, n);
	}
	assert_true(hex_to(S("FbFf"), (char[2]){ 0 }, 2));
	arena_free(mem);
}

static void other_forms_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		size_t n;
		bool hex;
	} rows[] = {
		{ "hex of odd length", "abc", 1, true },
		{ "hex too short", "ab", 2, true },
		{ "hex too long", "abcd", 1, true },
		{ "hex with a letter too many", "0g", 1, true },
		{ "hex with white space", "a ", 1, true },
		{ "base64 with padding", "Zg==", 1, false },
		{ "base64 of the other alphabet", "+/+/", 3, false },
		{ "base64 too short", "Zg", 2, false },
		{ "base64 too long", "Zm9v", 2, false },
		{ "base64 of an impossible length", "Z", 0, false },
		{ "left-over bits that are not zero", "Zh", 1, false },
		{ "left-over bits of two bytes", "Zm9", 2, false },
		{ "a byte above ASCII", "\xC3g", 1, false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[4];
		str text = str_of(rows[i].text);
		if (rows[i].hex ? hex_to(text, out, rows[i].n) : base64url_to(text, out, rows[i].n))
			fail_msg("%s", rows[i].name);
	}
}

static void random_bytes_come_back(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	uint64_t seed = 1;
	for (size_t n = 0; n < 200; n++) {
		char bytes[200], back[200];
		chance_fill(chance_seeded(&seed), bytes, n);
		assert_true(hex_to(hex_of(mem, bytes, n), back, n));
		assert_memory_equal(back, bytes, n);
		assert_true(base64url_to(base64url_of(mem, bytes, n), back, n));
		assert_memory_equal(back, bytes, n);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(random_bytes_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
