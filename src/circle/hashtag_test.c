#include "circle/hashtag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "a text without a sign has none", "no tag here", "" },
	{ "a word after the sign", "look #Garden now", "garden" },
	{ "at the very beginning", "#a", "a" },
	{ "punctuation ends it", "#tea, #cake!", "tea cake" },
	{ "each once, however written", "#Tea #TEA #\xef\xbc\xb4\xef\xbd\x85\xef\xbd\x81", "tea" },
	{ "Chinese goes on without a space", "今天#天气很好。", "天气很好" },
	{ "a second sign closes it", "#家里的事#后面是话", "家里的事" },
	{ "after a closed one the next may begin", "#一#说#二#", "一 二" },
	{ "also at once", "#一##二#", "一 二" },
	{ "the wide sign counts", "\xef\xbc\x83早安", "早安" },
	{ "other scripts too", "#café #Москва #สวัสดี", "café москва สวัสดี" },
	{ "digits alone are a number", "we are #1 and #2026", "" },
	{ "with a letter they are a tag", "#2026wedding", "2026wedding" },
	{ "low lines alone are nothing", "#___", "" },
	{ "a sign inside a word is not one", "C#code a#b", "" },
	{ "an address keeps its fragment", "https://example.org/#top", "" },
	{ "an entity is no tag", "&#x27;", "" },
	{ "two signs begin nothing", "##loud", "" },
	{ "a picture ends it", "#sun\xf0\x9f\x8c\x9e", "sun" },
	{ "an empty one is nothing", "# and #", "" },
};

static void tags_are_what_people_mean(void **state)
{
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		str tags[HASHTAGS_MAX], got = S("");
		size_t n = hashtag_all(str_of(cases[i].text), mem, tags);
		for (size_t j = 0; j < n; j++)
			got = str_format(mem, "%.*s%s%.*s", STR_ARG(got), j ? " " : "",
			                 STR_ARG(tags[j]));
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(got));
	}
	arena_free(mem);
}

static void a_text_has_a_bounded_number_and_length(void **state)
{
	struct arena *mem = arena_new(4096);
	char many[2000], longest[2 * HASHTAG_MAX];
	str tags[HASHTAGS_MAX];
	size_t n = 0;
	(void)state;
	for (int i = 0; i < 100; i++)
		n += (size_t)snprintf(many + n, sizeof many - n, "#t%d ", i);
	assert_int_equal(hashtag_all((str){ many, n }, mem, tags), HASHTAGS_MAX);
	memset(longest, 'a', sizeof longest);
	longest[0] = '#';
	assert_int_equal(hashtag_all((str){ longest, 1 + HASHTAG_MAX }, mem, tags), 1);
	assert_int_equal(hashtag_all((str){ longest, 2 + HASHTAG_MAX }, mem, tags), 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_what_people_mean),
		cmocka_unit_test(a_text_has_a_bounded_number_and_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
