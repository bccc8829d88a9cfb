#include "http/sha1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/encode.h"

static void digests_are_those_of_the_standard(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "nothing", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "one block", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "the length goes to a second block",
		  "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
		{ "a key of RFC 6455",
		  "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
		  "b37a4f2cc0624f1690f64606cf385945b2bec4ea" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(256);
		uint8_t digest[SHA1_BYTES];
		sha1_of(str_of(cases[i].text), digest);
		if (!str_eq(hex_of(mem, digest, sizeof digest), str_of(cases[i].want)))
			fail_msg("%s", cases[i].name);
		arena_free(mem);
	}
}

static void a_million_letters(void **state)
{
	static char text[1000000];
	struct arena *mem = arena_new(256);
	uint8_t digest[SHA1_BYTES];
	(void)state;
	memset(text, 'a', sizeof text);
	sha1_of((str){ text, sizeof text }, digest);
	assert_true(str_eq(hex_of(mem, digest, sizeof digest),
	                   S("34aa973cd4c4daa4f61eeb2bdbad27316534016f")));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standard),
		cmocka_unit_test(a_million_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
