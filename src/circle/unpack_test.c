#include "circle/unpack.h"

#include "circle/parcel.h"
#include "circle/stage_testing.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct seen {
	size_t entries, limit;
	str last;
	struct arena *mem;
};

static size_t wants(void *ctx, const char *name)
{
	const struct seen *seen = ctx;
	return strcmp(name, "not.json") == 0 ? 0 : seen->limit;
}

static err take(void *ctx, const char *name, str bytes)
{
	struct seen *seen = ctx;
	(void)name;
	seen->entries++;
	seen->last = str_dup(seen->mem, bytes);
	return OK;
}

/* A zip in memory with three entries, the last of them `n` bytes. */
static str packed(struct arena *mem, size_t n)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct parcel *w;
	char *large = arena_alloc(mem, n + 1);
	memset(large, 'a', n);
	assert_true(fd >= 0);
	assert_ok(parcel_begin(fd, &w));
	assert_ok(parcel_entry(w, "outbox.json", true, 1000));
	assert_ok(parcel_add(w, S("{}")));
	assert_ok(parcel_entry(w, "not.json", false, 1000));
	assert_ok(parcel_add(w, S("unwanted")));
	assert_ok(parcel_entry(w, "media/1.jpeg", true, 1000));
	assert_ok(parcel_add(w, (str){ large, n }));
	assert_ok(parcel_end(&w));
	size_t size = (size_t)lseek(fd, 0, SEEK_END);
	char *bytes = arena_alloc(mem, size);
	assert_int_equal(pread(fd, bytes, size, 0), (ssize_t)size);
	close(fd);
	return (str){ bytes, size };
}

static void what_was_packed_comes_out(void **state)
{
	struct arena *mem = arena_new(4096);
	struct seen seen = { .limit = 5000, .mem = mem };
	(void)state;
	assert_ok(unpack_each(packed(mem, 3000), &(struct unpack){ wants, take, &seen, 100000 }));
	assert_int_equal(seen.entries, 2);
	assert_int_equal(seen.last.n, 3000);
	arena_free(mem);
}

static void too_much_is_refused(void **state)
{
	static const struct {
		const char *name;
		size_t limit;
		int64_t of_all;
		enum err_code want;
	} cases[] = {
		{ "as much as is wanted of one", 3000, 3002, ERR_NONE },
		{ "one byte more of one", 2999, 100000, ERR_LIMIT },
		{ "one byte more of all", 3000, 3001, ERR_LIMIT },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		struct seen seen = { .limit = cases[i].limit, .mem = mem };
		err e = unpack_each(packed(mem, 3000),
		                    &(struct unpack){ wants, take, &seen, cases[i].of_all });
		if (e.code != cases[i].want)
			fail_msg("%s", cases[i].name);
		arena_free(mem);
	}
}

static void what_is_no_zip_is_said_to_be_none(void **state)
{
	struct arena *mem = arena_new(4096);
	struct seen seen = { .limit = 5000, .mem = mem };
	struct unpack unpack = { wants, take, &seen, 100000 };
	str zip = packed(mem, 3000);
	(void)state;
	assert_int_equal(unpack_each(S("not a zip at all"), &unpack).code, ERR_INPUT);
	for (size_t n = 1; n < zip.n; n += 7) /* cut anywhere: an error, or what came before */
		(void)failed(unpack_each(str_slice(zip, 0, n), &unpack));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_comes_out),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(what_is_no_zip_is_said_to_be_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
