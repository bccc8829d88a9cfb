#include "integrity/text/contact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOTHING (-1)

static const struct {
	const char *name, *text;
	int kind; /* of the first contact, or NOTHING */
	const char *handle;
} rows[] = {
	{ "plain WeChat with an id", "加我微信 lin_88 聊", CONTACT_PLAIN, "lin_88" },
	{ "plain QQ", "QQ 123456789", CONTACT_PLAIN, "123456789" },
	{ "plain WhatsApp", "WhatsApp: +61 412 555 019", CONTACT_PLAIN, "61 412 555 019" },
	{ "full width is a habit", "ＷｅＣｈａｔ lin_88", CONTACT_PLAIN, "lin_88" },
	{ "vx is slang", "vx: lin8899", CONTACT_SLANG, "lin8899" },
	{ "加微 is slang", "加微 lin8899", CONTACT_SLANG, "lin8899" },
	{ "Q and a number is slang", "加Q 338120975", CONTACT_SLANG, "338120975" },
	{ "a homophone", "佳薇 lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "another, all by sound", "家威心 lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "a look-alike character", "徽信 lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "V with the second half", "加 V 信 lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "a heart between", "V❤X：lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "a heart for the second half", "加薇❤ lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "a plus for add", "➕薇：zh4ng0138", CONTACT_DISGUISED, "zh4ng0138" },
	{ "a word that does not show inside it", "微\xE2\x80\x8B信 lin8899", CONTACT_DISGUISED,
	  "lin8899" },
	{ "letters for one half", "加wei信 lin8899", CONTACT_DISGUISED, "lin8899" },
	{ "QQ by sound, number in words", "扣扣：三五七九一二四六八", CONTACT_DISGUISED,
	  "三五七九一二四六八" },
	{ "a group by another word", "q裙 7 8 4 5 1 2", CONTACT_DISGUISED, "7 8 4 5 1 2" },
	{ "a satellite to add", "加我卫星：ff8823", CONTACT_DISGUISED, "ff8823" },
	{ "add, without an id", "加薇看款", CONTACT_DISGUISED, "" },
	{ "the clause ends with it", "要的薇我", CONTACT_DISGUISED, "" },
	{ "leet", "t3legr4m @boost_king", CONTACT_DISGUISED, "boost_king" },
	{ "hyphens between the letters", "w-h-a-t-s-a-p-p 61412555019", CONTACT_DISGUISED,
	  "61412555019" },
	{ "a letter of another script", "whаtsapp 61412555019", CONTACT_DISGUISED, "61412555019" },
	{ "a number with letters in it", "138o0l38123", CONTACT_DISGUISED, "138o0l38123" },
	{ "a number in words", "一三八零零一三八零零零", CONTACT_DISGUISED,
	  "一三八零零一三八零零零" },

	{ "no contact at all", "今天天气真好", NOTHING, "" },
	{ "prestige is a word", "他在村里很有威信", NOTHING, "" },
	{ "a satellite is a thing", "卫星发射成功", NOTHING, "" },
	{ "an aeroplane has a number", "飞机AG600首飞", NOTHING, "" },
	{ "national hygiene", "国家卫生城市", NOTHING, "" },
	{ "a friend's name", "叫上薇薇一起去", NOTHING, "" },
	{ "slightly, I", "稍微我就走", NOTHING, "" },
	{ "vitamins", "加维生素的果汁", NOTHING, "" },
	{ "we chat in the evening", "we chat every evening", NOTHING, "" },
	{ "a looooong word", "loooooooool", NOTHING, "" },
	{ "a year in words", "二零二六年", NOTHING, "" },
};

static void contacts_are_told_apart(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct contact found[CONTACTS_MAX];
		struct views views;
		str text = str_of(rows[i].text);
		views_of(text, mem, &views);
		size_t n = contact_find(&views, mem, found);
		if ((n == 0) != (rows[i].kind == NOTHING) ||
		    (n && (int)found[0].kind != rows[i].kind))
			fail_msg("%s: %zu found, the first of kind %d", rows[i].name, n,
			         n ? (int)found[0].kind : NOTHING);
		str handle = n ? str_slice(text, found[0].handle_from, found[0].handle_to)
		               : STR_NONE;
		if (!str_eq(handle, str_of(rows[i].handle)))
			fail_msg("%s: handle \"%.*s\"", rows[i].name, STR_ARG(handle));
		arena_reset(mem);
	}
	arena_free(mem);
}

static void hiding_a_contact_takes_effort(void **state)
{
	(void)state;
	const struct contact plain = { .kind = CONTACT_PLAIN },
			     hidden = { .kind = CONTACT_DISGUISED };
	assert_true(contact_effort(&plain, 1) <= 0 && contact_effort(&hidden, 1) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contacts_are_told_apart),
		cmocka_unit_test(hiding_a_contact_takes_effort),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
