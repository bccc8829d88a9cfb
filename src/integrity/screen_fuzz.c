/* screen_fuzz.c - any bytes get an answer, and its spans lie inside them. */
#include <assert.h>

#include "integrity/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct engine *engine;
	if (!engine && failed(engine_open_default(&engine)))
		return 0;
	struct arena *mem = arena_new(4096);
	struct facts facts = { .kind = FACTS_POST, .text = { (const char *)bytes, n } };
	struct verdict v;
	assert(!failed(screen(engine, NULL, &facts, mem, &v)));
	assert(v.score >= 0 && v.score <= 1 && v.malice >= 0 && v.malice <= 1);
	assert(v.action == ACTION_ALLOW || v.reason_count > 0);
	for (size_t i = 0; i < v.reason_count; i++) {
		uint32_t before = 0;
		for (size_t k = 0; k < v.reasons[i].span_count; k++) {
			const struct span *s = &v.reasons[i].spans[k];
			assert(s->from < s->to && s->to <= n && s->from >= before);
			before = s->to;
		}
	}
	arena_free(mem);
	return 0;
}
