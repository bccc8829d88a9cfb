/* form_fuzz.c - the three parsers of parameters; the first byte picks one. What was read must keep
 * the promises of form.h: valid UTF-8, no NUL, bounded lists, files within the body, and the same
 * answer twice. */
#include <assert.h>
#include <string.h>

#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static err read_one(uint8_t how, str bytes, struct arena *mem, const struct params **p)
{
	switch (how % 3) {
	case 0:
		return params_of_json(bytes, mem, p);
	case 1:
		return params_of_form(bytes, mem, p);
	default:
		/* A line with the content type, then the body. */
		for (str rest = bytes;;) {
			str type = str_cut(&rest, '\n');
			return params_of_multipart(rest, type, mem, p);
		}
	}
}

static void check(const struct params *p, str whole, struct arena *mem, int depth)
{
	static const char *const names[] = { "a", "b", "status", "ids", "items", "kind" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		str text, *texts;
		int64_t v, *ids;
		size_t k;
		bool flag;
		struct params_file file;
		const struct params *object, **objects;
		if (!failed(params_str(p, names[i], &text)))
			assert(utf8_valid(text));
		if (!failed(params_strs(p, names[i], 1000, mem, &texts, &k)))
			for (size_t j = 0; j < k; j++)
				assert(utf8_valid(texts[j]) &&
				       !(texts[j].n && memchr(texts[j].p, 0, texts[j].n)));
		if (!failed(params_ids(p, names[i], 1000, mem, &ids, &k)))
			for (size_t j = 0; j < k; j++)
				assert(ids[j] > 0);
		if (!failed(params_file(p, names[i], &file)) && file.bytes.p) {
			assert(file.bytes.p >= whole.p &&
			       file.bytes.p + file.bytes.n <= whole.p + whole.n);
			assert(utf8_valid(file.name) && utf8_valid(file.type));
		}
		(void)failed(params_bool(p, names[i], false, &flag));
		(void)failed(params_i64(p, names[i], 0, &v));
		if (!failed(params_objects(p, names[i], 1000, mem, &objects, &k)))
			assert(k <= 1000);
		if (!failed(params_object(p, names[i], &object)) && object) {
			assert(depth < 16);
			check(object, whole, mem, depth + 1);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	const struct params *first, *second;
	if (n > 0) {
		str rest = { (const char *)bytes + 1, n - 1 };
		err e = read_one(bytes[0], rest, mem, &first);
		assert(failed(read_one(bytes[0], rest, mem, &second)) == failed(e));
		assert(!failed(e) || (e.code == ERR_INPUT && !e.field && e.say));
		if (!failed(e))
			check(first, rest, mem, 1);
	}
	arena_free(mem);
	return 0;
}
