#include "circle/handle.h"

#include "circle/stage_testing.h"

static const struct {
	const char *name, *handle;
	bool member_may, house_may;
} rows[] = {
	{ "plain letters", "lin", true, true },
	{ "capitals", "Lin", true, true },
	{ "digits and joints inside", "lin_07.b", true, true },
	{ "Han characters", "林小雨", true, true },
	{ "Han with digits", "小雨07", true, true },
	{ "thirty characters", "abcdefghijklmnopqrstuvwxyz0123", true, true },
	{ "thirty-one characters", "abcdefghijklmnopqrstuvwxyz01234", false, false },
	{ "one character", "a", false, false },
	{ "nothing", "", false, false },
	{ "digits alone could be taken for an id", "12345", false, false },
	{ "a joint first", "_lin", false, false },
	{ "a joint last", "lin.", false, false },
	{ "two joints together", "li..n", false, false },
	{ "a space", "li n", false, false },
	{ "two scripts", "lin小雨", false, false },
	{ "a Cyrillic letter in a Latin word", "аdam", false, false },
	{ "full-width letters", "ｌｉｎ", false, false },
	{ "a Kangxi radical that looks like a character", "⼀⼆", false, false },
	{ "a zero-width joiner", "li\u200dn", false, false },
	{ "a right-to-left override", "li\u202en", false, false },
	{ "a slash", "li/n", false, false },
	{ "a line break", "li\nn", false, false },
	{ "invalid UTF-8", "li\xffn", false, false },
	{ "a reserved word", "admin", false, true },
	{ "a reserved word in capitals", "KeePer", false, true },
	{ "a reserved word with joints", "k.i_t.h", false, true },
	{ "a reserved Chinese word", "管理员", false, true },
};

static void says_who_may_be_called_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		err member = handle_check(str_of(rows[i].handle), false);
		err house = handle_check(str_of(rows[i].handle), true);
		if (failed(member) == rows[i].member_may || failed(house) == rows[i].house_may)
			fail_msg("%s", rows[i].name);
		if (failed(member))
			assert_blames(member, ERR_INPUT, "handle");
	}
}

static void key_folds_case_and_width(void **state)
{
	struct arena *mem = arena_new(1024);
	(void)state;
	assert_text(handle_key(mem, S("Lin.B")), "lin.b");
	assert_text(handle_key(mem, S("ＬＩＮ")), "lin");
	assert_text(handle_key(mem, S("林小雨")), "林小雨");
	assert_text(handle_key(mem, STR_NONE), "");
	assert_text(handle_key(mem, S("a\xff")), "a\uFFFD");
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_who_may_be_called_what),
		cmocka_unit_test(key_folds_case_and_width),
	};
	return cmocka_run_group_tests_name("handle", tests, NULL, NULL);
}
