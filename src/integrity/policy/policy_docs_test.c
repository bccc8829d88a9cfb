/* What docs/policy.md teaches compiles: its blocks, one after the other, are one policy. */
#include "integrity/policy/policy_read.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLOCKS_MAX 32

static str path_below(const char *path, struct arena *mem)
{
	const char *root = getenv("KITH_SOURCE_ROOT");
	return str_format(mem, "%s/%s", root ? root : ".", path);
}

/* The fenced blocks marked `policy`. The first is the file that the last ones include. */
static size_t blocks_of(str page, struct arena *mem, struct policy_source blocks[BLOCKS_MAX])
{
	const str open = S("\n```policy\n"), close = S("\n```");
	size_t n = 0;
	for (size_t at = str_find(page, open); at != SIZE_MAX; at = str_find(page, open)) {
		page = str_slice(page, at + open.n, page.n);
		size_t end = str_find(page, close);
		assert_true(end != SIZE_MAX && n < BLOCKS_MAX);
		blocks[n].file = n ? str_format(mem, "block %zu", n + 1) : S("default.policy");
		blocks[n++].text = str_slice(page, 0, end + 1);
		page = str_slice(page, end, page.n);
	}
	return n;
}

static size_t read_blocks(struct arena *mem, struct policy_source blocks[BLOCKS_MAX])
{
	str page;
	assert_false(failed(
		file_read(str_to_c(mem, path_below("docs/policy.md", mem)), 1 << 20, mem, &page)));
	return blocks_of(page, mem, blocks);
}

static void expect_compiles(const struct policy_source *files, size_t n, struct arena *mem)
{
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	if (failed(policy_compile(files, n, mem, &policy, &fault)))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	policy_free(policy);
}

static void test_every_block_compiles_after_those_before(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy_source blocks[BLOCKS_MAX];
	size_t n = read_blocks(mem, blocks);
	assert_true(n >= 8);
	for (size_t i = 1; i <= n; i++)
		expect_compiles(blocks, i, mem);
	arena_free(mem);
}

static void test_nothing_in_it_is_left_unused(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy_source blocks[BLOCKS_MAX];
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	size_t n = read_blocks(mem, blocks), notes;
	assert_false(failed(policy_compile(blocks, n, mem, &policy, &fault)));
	const struct policy_fault *list = policy_warnings(policy, &notes);
	if (notes)
		fail_msg("%.*s", STR_ARG(list->rendered));
	policy_free(policy);
	arena_free(mem);
}

/* A block that includes the default policy goes with the real one too. */
static void test_the_family_adds_to_the_default_policy(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy_source blocks[BLOCKS_MAX];
	size_t n = read_blocks(mem, blocks), n_files, with = 0;
	const struct policy_source *files;
	struct policy_fault fault = { .line = 0 };
	str path = path_below("policy/default.policy", mem);
	err e = policy_read(str_to_c(mem, path), mem, &files, &n_files, &fault);
	if (failed(e))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	struct policy_source *all = ARENA_ARRAY(mem, n_files + 1, struct policy_source);
	memcpy(all, files, n_files * sizeof *files);
	for (size_t i = 0; i < n; i++) {
		if (!str_starts(blocks[i].text, S("include \"default.policy\"")))
			continue;
		all[n_files].file = path_below("policy/family.policy", mem);
		all[n_files].text = blocks[i].text;
		expect_compiles(all, n_files + 1, mem);
		with++;
	}
	assert_int_equal(with, 1);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_block_compiles_after_those_before),
		cmocka_unit_test(test_nothing_in_it_is_left_unused),
		cmocka_unit_test(test_the_family_adds_to_the_default_policy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
