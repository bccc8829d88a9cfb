#include "integrity/learn/augment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void masks_become_digits_and_words_stay(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	uint64_t random = 1;
	str out;
	assert_true(augment_digits(S("电话xxxx找我"), &random, mem, &out));
	assert_int_equal(out.n, S("电话xxxx找我").n);
	for (size_t i = 0; i < 4; i++)
		assert_true(out.p[6 + i] >= '0' && out.p[6 + i] <= '9');
	assert_false(augment_digits(S("fix the box, xenia"), &random, mem, &out));
	assert_true(str_eq(out, S("fix the box, xenia")));
	arena_free(mem);
}

/* Disguises are valid text, come out the same for the same chance, and as a rule change something. */
static void disguises_change_a_text_and_keep_it_text(void **state)
{
	(void)state;
	static const char *const texts[] = { "加微信领红包每天都有", "claim your free prize today",
		                             "" };
	struct augment *a = augment_new();
	struct arena *mem = arena_new(4096);
	for (int i = 0; i < 20; i++)
		augment_learn(a, S("加家佳微薇威信心新领零红洪包每天都有"));
	augment_settle(a);
	for (size_t i = 0; i < 3; i++) {
		str text = str_of(texts[i]);
		size_t changed = 0;
		for (uint64_t seed = 1; seed <= 50; seed++) {
			uint64_t one = seed, two = seed;
			str first = augment_disguise(a, text, &one, mem);
			assert_true(utf8_valid(first));
			assert_true(str_eq(first, augment_disguise(a, text, &two, mem)));
			changed += str_eq(first, text) ? 0 : 1;
		}
		assert_true(text.n == 0 ? changed == 0 : changed > 25);
	}
	augment_free(a);
	arena_free(mem);
}

static void a_folder_without_tables_is_refused(void **state)
{
	(void)state;
	struct augment *a = augment_new();
	assert_true(failed(augment_read(a, "/nowhere")));
	augment_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_become_digits_and_words_stay),
		cmocka_unit_test(disguises_change_a_text_and_keep_it_text),
		cmocka_unit_test(a_folder_without_tables_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
