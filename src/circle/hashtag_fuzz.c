/* hashtag_fuzz.c - tags lie in the text, one behind the other, each right behind a sign, and a tag found is one by itself. */
#include <assert.h>
#include <stdint.h>

#include "circle/hashtag.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static size_t sign_before(str text, const char *tag)
{
	size_t at = (size_t)(tag - text.p);
	if (at >= 1 && text.p[at - 1] == '#')
		return 1;
	return at >= 3 && str_eq(str_slice(text, at - 3, at), S("\xef\xbc\x83")) ? 3 : 0;
}

static void check_one(str text, str tag, struct arena *mem)
{
	size_t again = 0;
	str alone = str_format(mem, "#%.*s", STR_ARG(tag)), found;
	assert(tag.n > 0 && utf8_length(tag) <= HASHTAG_MAX);
	assert(tag.p >= text.p && tag.p + tag.n <= text.p + text.n);
	assert(sign_before(text, tag.p) > 0);
	assert(hashtag_next(alone, &again, &found) && str_eq(found, tag));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	str text = { (const char *)bytes, n }, tag, tags[HASHTAGS_MAX];
	size_t at = 0, before = 0;
	if (!utf8_valid(text))
		return 0;
	struct arena *mem = arena_new(4096);
	while (hashtag_next(text, &at, &tag)) {
		check_one(text, tag, mem);
		assert((size_t)(tag.p - text.p) > before && at > before && at <= n);
		before = (size_t)(tag.p - text.p);
	}
	size_t all = hashtag_all(text, mem, tags);
	assert(all <= HASHTAGS_MAX);
	for (size_t i = 0; i < all; i++)
		for (size_t j = 0; j < i; j++)
			assert(!str_eq(tags[i], tags[j]));
	arena_free(mem);
	return 0;
}
