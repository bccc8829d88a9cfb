#include "integrity/text/views.h"

#include "integrity/text/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void views_undo_what_hides_words(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *folded, *skeleton;
	} rows[] = {
		{ "nothing has nothing", "", "", "" },
		{ "case and width are one", "Ｌｉｎ ABC", "lin abc", "iinabc" },
		{ "mathematical letters are letters", "𝗪𝗲𝗖𝗵𝗮𝘁", "wechat", "wechat" },
		{ "squared and regional letters too", "🅺🅸🅽🅶 🇰", "king k", "kingk" },
		{ "zero-width characters are gone", "微\xE2\x80\x8B信", "微信", "微信" },
		{ "combining marks are gone", "s\xCC\xB6l\xCC\xB6o\xCC\xB6t", "slot", "siot" },
		{ "traditional is simplified", "微信號碼", "微信号码", "微信号码" },
		{ "cyrillic look-alikes are latin", "Рау", "pay", "pay" },
		{ "noise between letters is gone from the skeleton", "加-薇❤信", "加-薇❤信",
		  "加薇信" },
		{ "circled digits are digits", "①②③", "123", "\x23" },
		{ "leet inside a word is letters", "w3chat", "w3chat", "wechat" },
		{ "a long number is one symbol", "138 1234 5678", "138 1234 5678", "#" },
		{ "repeats are cut at two", "哈哈哈哈哈", "哈哈哈哈哈", "哈哈" },
	};
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct views v;
		views_of(str_of(rows[i].text), mem, &v);
		if (!str_eq(view_text(&v.folded, mem), str_of(rows[i].folded)))
			fail_msg("%s: folded to \"%.*s\"", rows[i].name,
			         STR_ARG(view_text(&v.folded, mem)));
		if (!str_eq(view_text(&v.skeleton, mem), str_of(rows[i].skeleton)))
			fail_msg("%s: skeleton \"%.*s\"", rows[i].name,
			         STR_ARG(view_text(&v.skeleton, mem)));
	}
	arena_free(mem);
}

static void homophones_and_letters_sound_alike(void **state)
{
	(void)state;
	static const char *const texts[] = { "加微信", "佳薇心", "加wei信", "家威欣" };
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct views v;
		views_of(str_of(texts[i]), mem, &v);
		if (!str_eq(view_text(&v.pinyin, mem), S("jia wei xin ")))
			fail_msg("%s sounds \"%.*s\"", texts[i],
			         STR_ARG(view_text(&v.pinyin, mem)));
	}
	arena_free(mem);
}

static void honest_habits_take_no_effort(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"今天天氣很好，我們去湖邊走走吧！",
		"哈哈哈哈哈哈，太好笑了😂😂😂",
		"ＡＢＣ　１２３　全角也是习惯",
		"café naïve Zürich",
		"Привет, как дела сегодня?",
		"👨‍👩‍👧‍👦 一家人 ❤️",
		"see you at 7:30, bring 2 bottles (or 3)",
		"안녕하세요 오늘 날씨가 좋네요",
		"สวัสดีครับ วันนี้อากาศดี",
	};
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct views v;
		views_of(str_of(texts[i]), mem, &v);
		if (views_effort(&v) > 0)
			fail_msg("%s took %g", texts[i], views_effort(&v));
	}
	arena_free(mem);
}

static void hiding_takes_effort(void **state)
{
	(void)state;
	static const char *const texts[] = { "𝗪𝗲𝗖𝗵𝗮𝘁", "微\xE2\x80\x8B信",
		                             "wеchat" /* a Cyrillic e */, "wh4tsapp" };
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct views v;
		views_of(str_of(texts[i]), mem, &v);
		if (views_effort(&v) <= 0)
			fail_msg("%s took nothing", texts[i]);
	}
	arena_free(mem);
}

/* Every glyph's bytes lie inside the text, ascending; whatever the bytes are. */
static void check_map(str bytes, struct arena *mem)
{
	struct views v;
	views_of(bytes, mem, &v);
	const struct view *all[] = { &v.raw, &v.folded, &v.skeleton, &v.pinyin };
	for (size_t k = 0; k < COUNT(all); k++) {
		uint32_t before = 0;
		for (size_t i = 0; i < all[k]->n; i++) {
			const struct glyph *g = &all[k]->glyphs[i];
			assert_true(g->from < g->to && g->to <= bytes.n && g->from >= before);
			before = g->from;
		}
	}
}

static void every_symbol_knows_its_bytes(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	uint32_t random = 1;
	char bytes[300];
	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)round % sizeof bytes;
		for (size_t i = 0; i < n; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = (char)(random >> 24);
		}
		check_map((str){ bytes, n }, mem);
		arena_reset(mem);
	}
	check_map(S("a\0b\xFF\xFE\xE2\x80\xAE right to left \xF4\x90\x80\x80"), mem);
	arena_free(mem);
}

static void handles_numbers_and_prices_are_lifted_out(void **state)
{
	(void)state;
	static const str text = { "加薇❤信 abc_12345 ￥380 电话138-1234-5678",
		                  sizeof "加薇❤信 abc_12345 ￥380 电话138-1234-5678" - 1 };
	struct arena *mem = arena_new(1024);
	struct contact contacts[CONTACTS_MAX];
	struct extract found[EXTRACTS_MAX];
	struct views v;
	views_of(text, mem, &v);
	size_t n = extract_all(&v, contacts, contact_find(&v, mem, contacts), mem, found);
	bool handle = false, number = false, price = false;
	for (size_t i = 0; i < n; i++) {
		assert_true(found[i].from < found[i].to && found[i].to <= text.n);
		handle |= found[i].kind == EXTRACT_HANDLE && str_eq(found[i].value, S("abc_12345"));
		number |= found[i].kind == EXTRACT_NUMBER &&
		          str_eq(found[i].value, S("13812345678"));
		price |= found[i].kind == EXTRACT_PRICE &&
		         str_find(found[i].value, S("380")) != SIZE_MAX;
	}
	assert_true(handle && number && price);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_undo_what_hides_words),
		cmocka_unit_test(homophones_and_letters_sound_alike),
		cmocka_unit_test(honest_habits_take_no_effort),
		cmocka_unit_test(hiding_takes_effort),
		cmocka_unit_test(every_symbol_knows_its_bytes),
		cmocka_unit_test(handles_numbers_and_prices_are_lifted_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
