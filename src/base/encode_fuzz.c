/* encode_fuzz.c - what decodes must be the one and only spelling of its bytes. */
#include <assert.h>

#include "base/encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	str text = { (const char *)bytes, n };
	struct arena *mem = arena_new(4096);
	size_t room = n * 3 / 4;
	void *out = arena_alloc(mem, room);
	if (base64url_to(text, out, room))
		assert(str_eq(base64url_of(mem, out, room), text));
	if (hex_to(text, out, n / 2))
		assert(str_eq_ascii_nocase(hex_of(mem, out, n / 2), text));
	assert(hex_to(hex_of(mem, bytes, n), arena_alloc(mem, n), n));
	arena_free(mem);
	return 0;
}
