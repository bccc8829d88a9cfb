#include "integrity/text/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct signature sign(const char *text)
{
	struct arena *mem = arena_new(4096);
	struct views v;
	struct signature s;
	views_of(str_of(text), mem, &v);
	bool comparable = signature_of(&v, mem, &s);
	assert_int_equal(comparable, s.shingles > 0);
	arena_free(mem);
	return s;
}

static bool alike(const char *a, const char *b)
{
	struct signature x = sign(a), y = sign(b);
	return x.shingles > 0 && y.shingles > 0 &&
	       signature_similar(x.minima, x.shingles, y.minima, y.shingles);
}

static void shingles_are_pairs_of_han_and_fours_of_letters(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		size_t want;
	} rows[] = {
		{ "nothing has none", "", 0 },
		{ "four Han have three pairs", "天下大同", 3 },
		{ "six letters have three fours", "abcdef", 3 },
		{ "spaces make no difference", "ab cd ef", 3 },
		{ "a short run between Han counts once", "加vx号",
		  2 }, /* 加v, vx; 号 has nothing after it */
		{ "equal shingles count once", "好吗好吗好吗", 2 },
		{ "a number is one symbol", "价格13800138000元", 3 }, /* 价格, 格#, #; 元 ends */
	};
	struct arena *mem = arena_new(4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct views v;
		const uint64_t *hashes;
		views_of(str_of(rows[i].text), mem, &v);
		size_t n = signature_shingles(&v, mem, &hashes);
		if (n != rows[i].want)
			fail_msg("%s: %zu", rows[i].name, n);
	}
	arena_free(mem);
}

static void short_texts_are_not_compared(void **state)
{
	(void)state;
	assert_int_equal(sign("").shingles, 0);
	assert_int_equal(sign("早上好大家辛苦").shingles, 0);
	assert_true(sign("早上好大家辛苦了").shingles > 0);
	assert_false(alike("happy", "happy"));
}

static void small_changes_stay_alike(void **state)
{
	(void)state;
	static const struct {
		const char *name, *a, *b;
		bool want;
	} rows[] = {
		{ "the same", "今天的新货到了，要的姐妹抓紧下单",
		  "今天的新货到了，要的姐妹抓紧下单", true },
		{ "other punctuation and emoji", "今天的新货到了，要的姐妹抓紧下单",
		  "今天的新货到了！！要的姐妹❤抓紧下单～", true },
		{ "another number of as many digits",
		  "工厂直销，只要388一件，先到先得，售完就没有了",
		  "工厂直销，只要299一件，先到先得，售完就没有了", true },
		{ "traditional script", "今天的新货到了，要的姐妹抓紧下单",
		  "今天的新貨到了，要的姐妹抓緊下單", true },
		{ "one word more at the end",
		  "our new arrivals are here ladies order before friday night",
		  "our new arrivals are here ladies order before friday night ok", true },
		{ "mathematical letters", "our new arrivals are here ladies",
		  "𝗼𝘂𝗿 𝗻𝗲𝘄 arrivals are here ladies", true },
		{ "another sentence", "今天的新货到了，要的姐妹抓紧下单",
		  "周末一起去湖边走走吧，听说花都开了", false },
		{ "one shared word", "our new arrivals are here ladies order before friday night",
		  "the arrivals hall of the airport was full of people waiting", false },
		{ "a part of a long text", "今天的新货到了",
		  "今天的新货到了，可是我最喜欢的还是去年冬天在老街买的那一件灰色大衣，穿了很久也没有坏",
		  false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (alike(rows[i].a, rows[i].b) != rows[i].want)
			fail_msg("%s", rows[i].name);
		assert_int_equal(alike(rows[i].a, rows[i].b), alike(rows[i].b, rows[i].a));
	}
}

static void equal_texts_share_every_band_and_others_hardly_one(void **state)
{
	(void)state;
	struct signature a = sign("今天的新货到了，要的姐妹抓紧下单"), b = a,
			 c = sign("周末一起去湖边走走吧，听说花都开了");
	assert_memory_equal(&a, &b, sizeof a);
	for (size_t i = 0; i < SIGNATURE_BANDS; i++)
		assert_int_not_equal(a.bands[i], c.bands[i]);
}

static void a_huge_text_has_a_count_that_stops(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 20);
	size_t n = (size_t)1 << 20;
	char *text = arena_alloc(mem, n);
	uint32_t random = 7;
	for (size_t i = 0; i < n; i++) {
		random = random * 1664525u + 1013904223u;
		text[i] = (char)('a' + (random >> 24) % 26);
	}
	struct views v;
	struct signature s;
	views_of((str){ text, n }, mem, &v);
	assert_true(signature_of(&v, mem, &s));
	assert_int_equal(s.shingles, UINT16_MAX);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shingles_are_pairs_of_han_and_fours_of_letters),
		cmocka_unit_test(short_texts_are_not_compared),
		cmocka_unit_test(small_changes_stay_alike),
		cmocka_unit_test(equal_texts_share_every_band_and_others_hardly_one),
		cmocka_unit_test(a_huge_text_has_a_count_that_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
