/* str_fuzz.c - the fast UTF-8 check against the decoder, and JSON output that must be valid text. */
#include <assert.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	str text = { (const char *)bytes, n };
	struct arena *mem = arena_new(4096);
	struct buf again, json;
	bool valid = true;
	size_t at = 0, points = 0;

	buf_init(&again, mem, n * 3);
	while (at < n) {
		char p[4];
		size_t from = at;
		uint32_t cp = utf8_next(text, &at);
		valid = valid && (cp != 0xFFFD || at - from == 3);
		buf_add(&again, (str){ p, utf8_put(p, cp) });
		points++;
	}
	assert(utf8_valid(text) == valid);
	assert(str_eq(text, buf_str(&again)) == valid);
	assert(!valid || utf8_length(text) == points);

	buf_init(&json, mem, n * 6 + 2);
	buf_json(&json, text);
	assert(!json.full && utf8_valid(buf_str(&json)));
	for (size_t i = 1; i + 1 < json.n; i++) {
		unsigned char c = (unsigned char)json.p[i];
		assert(c >= 0x20 && c != '"');
		if (c == '\\')
			i++;
	}

	int64_t v;
	if (str_to_i64(text, &v) && text.p[0] != '+') {
		buf_init(&again, mem, 32);
		buf_i64(&again, v);
		assert(again.n <= n);
	}
	arena_free(mem);
	return 0;
}
