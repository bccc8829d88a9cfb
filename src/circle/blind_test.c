/* A blinded text names nobody, and what was marked in it is still marked. */
/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "circle/blind.h"

#include "base/seam.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PARTY(h, n)                                                                                \
	{                                                                                          \
		{ h, sizeof(h) - 1 }, { n, sizeof(n) - 1 }                                         \
	}

static const struct blind_party parties[] = {
	PARTY("lin", "Lin Hua"),
	PARTY("auntie.wang", "王阿姨"),
	PARTY("老张", "张三丰"),
	PARTY("b_o", "B"),
};

static void names_become_letters(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "an empty text", "", "" },
		{ "nobody named", "Honey from my bees, 5 each", "Honey from my bees, 5 each" },
		{ "a handle", "ask @lin about it", "ask party A about it" },
		{ "in capitals", "ask @LIN about it", "ask party A about it" },
		{ "with a wide sign", "ask ＠lin about it", "ask party A about it" },
		{ "without the sign", "Lin sells honey", "party A sells honey" },
		{ "not inside another word", "The violin lines", "The violin lines" },
		{ "the longer name first", "Lin Hua's honey", "party A's honey" },
		{ "a name in Chinese", "王阿姨的蜂蜜", "当事人乙的蜂蜜" },
		{ "a handle in Chinese, and words after it", "问@老张要", "问当事人丙要" },
		{ "two in one", "@lin 和 @auntie.wang", "当事人甲 和 当事人乙" },
		{ "somebody else", "thanks @stranger!", "thanks somebody!" },
		{ "somebody else in Chinese", "谢谢 @stranger", "谢谢 某人" },
		{ "an address of mail stays", "mail me@example.org", "mail me@example.org" },
		{ "a sign alone stays", "5 @ 10", "5 @ 10" },
		{ "one letter names nobody", "B is a letter", "B is a letter" },
		{ "but with the sign it does", "@b_o is here", "party D is here" },
		{ "beside one another", "@lin@lin", "party A@party A" },
		{ "in wide letters", "ask Ｌｉｎ Hua", "ask party A" },
		{ "in the traditional script", "張三豐的蜂蜜", "当事人丙的蜂蜜" },
		{ "with something unseen inside", "王\u200b阿姨的蜂蜜", "当事人乙的蜂蜜" },
		{ "with a letter of another script", "Lin Hu\u0430 sells", "party A sells" },
		{ "with an accent", "Lín Hua sells", "party A sells" },
		{ "spelled out", "ask L.i.n about it", "ask party A about it" },
		{ "spelled out with spaces", "call l i n h u a now", "call party A now" },
		{ "taken apart in the middle", "li n sells",
		  "li n sells" }, /* words do so: is a, am in a */
		{ "written together", "LinHua sells", "party A sells" },
		{ "with a sign between", "lin-hua sells", "party A sells" },
		{ "with many signs between it is no name", "lin ----- hua", "party A ----- hua" },
		{ "taken apart in Chinese", "王 阿·姨的蜂蜜", "当事人乙的蜂蜜" },
		{ "in pinyin", "zhangsanfeng's honey", "party C's honey" },
		{ "in pinyin, with tones and spaces", "Zhāng Sānfēng 的蜂蜜", "当事人丙 的蜂蜜" },
		{ "half of it in pinyin", "zhang's honey", "zhang's honey" },
		{ "half of it in Chinese", "三丰的蜂蜜", "三丰的蜂蜜" },
		{ "a stray byte stays", "\xff lin", "\xff party A" },
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct blinded out = blind_text(str_of(rows[i].text), parties, COUNT(parties), mem);
		if (!str_eq(out.text, str_of(rows[i].want)))
			fail_msg("%s: \"%.*s\"", rows[i].name, STR_ARG(out.text));
	}
	arena_free(mem);
}

static void marks_move_with_the_words(void **state)
{
	struct arena *mem = arena_new(4096);
	str text = S("@lin says 5 each, Lin Hua says 6");
	struct blinded out = blind_text(text, parties, COUNT(parties), mem);
	static const struct {
		size_t from, to;
		const char *want;
	} rows[] = {
		{ 0, 4, "party A" },      { 1, 3, "party A" },
		{ 0, 9, "party A says" }, { 5, 9, "says" },
		{ 10, 16, "5 each" },     { 10, 20, "5 each, party A" },
		{ 26, 32, "says 6" },     { 0, 32, "party A says 5 each, party A says 6" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str got = str_slice(out.text, blind_from(&out, rows[i].from),
		                    blind_to(&out, rows[i].to));
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("%zu-%zu: \"%.*s\"", rows[i].from, rows[i].to, STR_ARG(got));
	}
	arena_free(mem);
}

/* Whatever is put together, no handle with a sign is left, and every mark lies inside. */
static void nothing_named_is_left(void **state)
{
	static const char *const parts[] = {
		"@lin",  "Lin Hua", "@老张", "王阿姨", "@nobody", " ",
		"honey", "蜂蜜",    "@",     "\n",     "a",       "。"
	};
	uint64_t dice = 7;
	struct arena *mem = arena_new(1 << 16);
	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct arena_mark mark = arena_mark(mem);
		char text[256] = "";
		uint64_t roll;
		for (int i = 0; i < 12; i++) {
			chance_fill(chance_seeded(&dice), &roll, sizeof roll);
			strcat(text, parts[roll % COUNT(parts)]);
		}
		struct blinded out = blind_text(str_of(text), parties, COUNT(parties), mem);
		assert_true(utf8_valid(out.text));
		assert_int_equal(str_find(out.text, S("@lin ")), SIZE_MAX);
		assert_int_equal(str_find(out.text, S("@老张")), SIZE_MAX);
		assert_int_equal(str_find(out.text, S("王阿姨")), SIZE_MAX);
		size_t last = 0;
		for (size_t at = 0; at <= strlen(text); at++) {
			size_t from = blind_from(&out, at), to = blind_to(&out, at);
			assert_true(from <= out.text.n && to <= out.text.n && last <= to);
			last = to;
		}
		assert_int_equal(blind_to(&out, strlen(text)), out.text.n);
		arena_rewind(mem, mark);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_letters),
		cmocka_unit_test(marks_move_with_the_words),
		cmocka_unit_test(nothing_named_is_left),
	};
	return cmocka_run_group_tests_name("blind", tests, NULL, NULL);
}
