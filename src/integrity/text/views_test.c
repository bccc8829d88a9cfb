#include "integrity/text/views.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
		  "加微信" },
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

static void what_was_taken_apart_is_joined(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *joined;
	} rows[] = {
		{ "two split characters", "招亻弋王里", "招代理" },
		{ "a split character with a part that is never alone", "氵台病", "治病" },
		{ "space between the parts", "亻 弋理", "代理" },
		{ "wood and table is a machine", "木几器", "机器" },
		{ "parts that people write side by side", "女子篮球", "女子篮球" },
		{ "a look-alike in a word", "徽信", "微信" },
		{ "a look-alike and a split character", "薇亻言", "微信" },
		{ "a look-alike with a heart between", "薇❤信", "微❤信" },
		{ "look-alikes in two words that share a character", "加薇信", "加微信" },
		{ "the province's merchants are no disguise", "徽商大会", "徽商大会" },
		{ "a rose is a rose", "蔷薇花", "蔷薇花" },
		{ "plus for add", "➕微信", "加微信" },
		{ "plus in a sum", "1➕1", "1➕1" },
		{ "plus between hearts", "💙➕💚", "💙➕💚" },
		{ "a heart after add", "加💚聊", "加微聊" },
		{ "a heart for the second half", "加薇💙", "加微信" },
		{ "a heart after taking part", "参加💚", "参加💚" },
		{ "a heart that is a heart", "爱你💚", "爱你💚" },
		{ "a row of hearts", "加💚💚💚", "加💚💚💚" },
		{ "a penguin before a number", "🐧123456", "qq123456" },
		{ "a penguin in the zoo", "看🐧去", "看🐧去" },
		{ "a satellite after add me", "加我🛰", "加我微信" },
		{ "money between Han", "赚💰的", "赚钱的" },
		{ "letters in a number", "138o0l38123", "13800138123" },
		{ "a number in Han", "一三八零零一三八零零零", "13800138000" },
		{ "a number in accountants' Han", "壹叁捌零零壹叁捌零零零", "13800138000" },
		{ "one for a telephone", "幺三八零零幺三八", "13800138" },
		{ "circled digits", "①③⑧⓪⓪①③⑧", "13800138" },
		{ "boxed digits", "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣", "138001" },
		{ "a year in Han", "二零二六年", "二零二六年" },
		{ "counting", "一二三四五六七八", "一二三四五六七八" },
		{ "a long handle is a handle", "lin88o0l99x", "lin88o0l99x" },
	};
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct views v;
		views_of(str_of(rows[i].text), mem, &v);
		if (!str_eq(view_text(&v.joined, mem), str_of(rows[i].joined)))
			fail_msg("%s: \"%.*s\"", rows[i].name, STR_ARG(view_text(&v.joined, mem)));
	}
	arena_free(mem);
}

static const char *const honest[] = {
	"今天天氣很好，我們去湖邊走走吧！",
	"哈哈哈哈哈哈，太好笑了😂😂😂 hhhhh 2333333",
	"ＡＢＣ　１２３　全角也是习惯：（笑）",
	"café naïve Zürich, crème brûlée, Đà Nẵng, cafe\xCC\x81",
	"Привет, как дела сегодня? Это стоит 500 руб. за kg",
	"Καλημέρα, τι κάνεις;",
	"مرحبا، كيف حالك اليوم؟ می\xE2\x80\x8Cخواهم",
	"👨‍👩‍👧‍👦 一家人 ❤️ 🇨🇳🇨🇳",
	"go team 🇺🇸🇬🇧!",
	"see you at 7:30, bring 2 bottles (or 3)",
	"안녕하세요 오늘 날씨가 좋네요",
	"สวัสดีครับ วันนี้อากาศดี",
	"今日はいい天気ですね。ｶﾀｶﾅ",
	"𝓛𝓲𝓷𝓪",
	"🅻🅸🅽🅳🅰 的小店",
	"①买菜 ②做饭 ③洗碗 ④⑤⑥⑦⑧⑨",
	"1️⃣买菜 2️⃣做饭 3️⃣洗碗",
	"1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
	"iPhone15 B2B 4K 3D MP4 H1N1 i18n k8s COVID19 W3C win11",
	"write to rachel.maths@example.org, or jobs@my-shop.example.com.",
	"Merhaba, yarın akşam Iğdır'da buluşalım mı? Łódź, Đorđe, smørrebrød",
	"all little bells will ring, hello lol",
	"¯\\_(ツ)_/¯  (╯°□°）╯︵ ┻━┻  ▄█▀▄ ░▒▓",
	"侬好伐，阿拉去白相相；冇问题，佢哋嚟咗",
	"二零二六年十一月二十四日，农历一九九八年生",
	"一二三四五六七，上山打老虎",
	"薇薇最爱蔷薇，徽商出自徽州",
	"我爱你💚，加油❤，参加💙",
	"5㎡ ½ ²³ ™ № ℃ Ⅲ ㈱",
	"电话 010-12345678 或 13800138000",
	"人口手，山石田，女子木几上坐",
	"NASA's U.S. A.I. lab: x^2 + y^2 = z^2",
};

static void honest_habits_take_no_effort(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(honest); i++) {
		struct views v;
		struct effort_trace trace;
		views_of(str_of(honest[i]), mem, &v);
		views_trace(&v, mem, &trace);
		if (views_effort(&v) > 0 || trace.n > 0)
			fail_msg("%s took %g, first %s", honest[i], views_effort(&v),
			         trace.n ? effort_names[trace.steps[0].kind] : "nothing");
	}
	arena_free(mem);
}

static void hiding_takes_effort_step_by_step(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum effort_kind kind; /* of the first step */
		size_t steps;
		const char *read_as; /* the first step's; NULL: nothing */
	} rows[] = {
		{ "add my 𝗪𝗲𝗖𝗵𝗮𝘁", EFFORT_STYLED, 6, "w" },
		{ "𝗪𝓮𝗖𝓱𝗮𝓽", EFFORT_STYLED, 5, "e" },
		{ "微\xE2\x80\x8B信", EFFORT_HIDDEN, 1, NULL },
		{ "s\xCC\xB6l\xCC\xB6ot", EFFORT_HIDDEN, 2, NULL },
		{ "wеchat" /* a Cyrillic e */, EFFORT_LOOKALIKE, 1, "e" },
		{ "wh4tsapp", EFFORT_LEET, 1, "a" },
		{ "亻弋王里", EFFORT_SPLIT, 2, "代" },
		{ "薇❤信", EFFORT_RESPELT, 2, "微" },
		{ "微.信", EFFORT_NOISE, 1, NULL },
		{ "➕💚", EFFORT_EMOJI, 2, "加" },
		{ "加💚", EFFORT_EMOJI, 1, "微" },
		{ "138o0l38123", EFFORT_DIGIT, 2, "0" },
		{ "壹叁捌零零壹叁捌", EFFORT_DIGIT, 8, "1" },
	};
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct views v;
		struct effort_trace trace;
		char cp[4];
		views_of(str_of(rows[i].text), mem, &v);
		views_trace(&v, mem, &trace);
		if (views_effort(&v) <= 0 || trace.n != rows[i].steps ||
		    trace.steps[0].kind != rows[i].kind)
			fail_msg("%s took %g, %zu steps, first %s", rows[i].text, views_effort(&v),
			         trace.n, trace.n ? effort_names[trace.steps[0].kind] : "nothing");
		str as = { cp, trace.steps[0].cp ? utf8_put(cp, trace.steps[0].cp) : 0 };
		if (!str_eq(as, str_of(rows[i].read_as)))
			fail_msg("%s: the first step is read as \"%.*s\"", rows[i].text,
			         STR_ARG(as));
	}
	arena_free(mem);
}

/* Every glyph's bytes lie inside the text, ascending; whatever the bytes are. */
static void check_map(str bytes, struct arena *mem)
{
	struct views v;
	views_of(bytes, mem, &v);
	const struct view *all[] = { &v.raw, &v.folded, &v.joined, &v.skeleton, &v.pinyin };
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

/* Two megabytes of what could go round in circles, in processor time that only a loop inside a loop would not meet. */
static void time_is_linear_in_the_text(void **state)
{
	(void)state;
	static const char *const pieces[] = { "一",   "亻", "艹彳",  "1",   "1一",
		                              "o1l",  "💚",  "加💚",   "微.", "\xCC\xB6",
		                              "🇺",    "𝗪",  "а",     "w3",  "\xE2\x80\xAE",
		                              "\xFF", "哈", "wei微", "0 ",  "薇❤" };
	struct arena *mem = arena_new(1024);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct buf b;
		struct views v;
		struct effort_trace trace;
		buf_init(&b, mem, (size_t)2 << 20);
		while (!b.full)
			buf_add(&b, str_of(pieces[i]));
		clock_t from = clock();
		views_of(buf_str(&b), mem, &v);
		views_trace(&v, mem, &trace);
		double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
		if (seconds > 10 || views_effort(&v) < 0)
			fail_msg("two megabytes of %s took %.1f s", pieces[i], seconds);
		arena_reset(mem);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_undo_what_hides_words),
		cmocka_unit_test(homophones_and_letters_sound_alike),
		cmocka_unit_test(what_was_taken_apart_is_joined),
		cmocka_unit_test(honest_habits_take_no_effort),
		cmocka_unit_test(hiding_takes_effort_step_by_step),
		cmocka_unit_test(every_symbol_knows_its_bytes),
		cmocka_unit_test(time_is_linear_in_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
