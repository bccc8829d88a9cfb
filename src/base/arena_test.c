#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) __asan_address_is_poisoned(p)
#endif

static bool all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

static void every_allocation_is_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 1000, 1023, 1024, 5000, 3 << 20, 7 };
	struct arena *mem = arena_new(0);
	char *before = NULL;
	for (int round = 0; round < 5; round++) {
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
			char *p = arena_alloc(mem, sizes[i]);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 16, 0);
			assert_true(all_zero(p, sizes[i]));
			memset(p, 0xAA, sizes[i]);
			if (before)
				assert_int_equal((unsigned char)*before, 0xAA);
			before = sizes[i] ? p : before;
		}
		arena_reset(mem);
		before = NULL;
	}
	arena_free(mem);
}

static void rewind_gives_back_what_came_after_the_mark(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	char *kept = arena_copy(mem, "kept", 5);
	size_t used = arena_used(mem);
	for (int i = 0; i < 1000; i++) {
		struct arena_mark outer = arena_mark(mem);
		char *first = arena_alloc(mem, 100);
		struct arena_mark inner = arena_mark(mem);
		arena_alloc(mem, 100000);
		arena_rewind(mem, inner);
		first[99] = 1;
		arena_rewind(mem, outer);
		assert_int_equal(arena_used(mem), used);
	}
	assert_string_equal(kept, "kept");
	arena_free(mem);
}

static void reset_keeps_the_first_chunk_alone(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	void *first = arena_alloc(mem, 10);
	arena_alloc(mem, 100000);
	arena_reset(mem);
	assert_int_equal(arena_used(mem), 0);
	assert_ptr_equal(arena_alloc(mem, 10), first);
	arena_free(mem);
}

static void growing_the_newest_allocation_moves_nothing(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	char *p = arena_copy(mem, "abc", 3);
	assert_ptr_equal(arena_grow(mem, p, 3, 100), p);
	assert_memory_equal(p, "abc\0", 4);
	assert_true(all_zero(p + 3, 97));
	arena_alloc(mem, 1);
	char *moved = arena_grow(mem, p, 100, 200);
	assert_ptr_not_equal(moved, p);
	assert_memory_equal(moved, "abc", 3);
	assert_true(all_zero(moved + 3, 197));
	char *far = arena_grow(mem, moved, 200, 1 << 20);
	assert_memory_equal(far, "abc", 3);
	assert_true(all_zero(far + 3, (1 << 20) - 3));
	assert_non_null(arena_grow(mem, NULL, 0, 8));
	arena_free(mem);
}

static void arrays_count_elements(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	int64_t *list = ARENA_ARRAY(mem, 1000, int64_t);
	list[999] = 7;
	struct arena_mark *one = ARENA_NEW(mem, struct arena_mark);
	assert_null(one->chunk);
	assert_int_equal(list[999], 7);
	arena_free(mem);
	arena_free(NULL);
}

#ifdef IS_POISONED
static void the_sanitizer_sees_use_after_rewind_and_past_the_end(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	struct arena_mark mark = arena_mark(mem);
	char *p = arena_alloc(mem, 32);
	assert_false(IS_POISONED(p + 31));
	assert_true(IS_POISONED(p + 32));
	arena_rewind(mem, mark);
	assert_true(IS_POISONED(p));
	assert_ptr_equal(arena_alloc(mem, 8), p);
	assert_false(IS_POISONED(p + 7));
	arena_reset(mem);
	assert_true(IS_POISONED(p));
	arena_free(mem);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_is_zeroed_aligned_and_apart),
		cmocka_unit_test(rewind_gives_back_what_came_after_the_mark),
		cmocka_unit_test(reset_keeps_the_first_chunk_alone),
		cmocka_unit_test(growing_the_newest_allocation_moves_nothing),
		cmocka_unit_test(arrays_count_elements),
#ifdef IS_POISONED
		cmocka_unit_test(the_sanitizer_sees_use_after_rewind_and_past_the_end),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
