#include "integrity/text/phrases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int open_book(void **state)
{
	*state = phrase_book_new();
	return 0;
}

static int close_book(void **state)
{
	phrase_book_free(*state);
	return 0;
}

/* Hits of one group in a text; `*disguised` counts those. */
static unsigned hits_of(const struct phrase_book *book, str text, enum phrase_group group,
                        unsigned *disguised)
{
	struct arena *mem = arena_new(4096);
	struct phrase_hit *hits = ARENA_ARRAY(mem, PHRASE_HITS_MAX, struct phrase_hit);
	struct views views;
	views_of(text, mem, &views);
	size_t n = phrase_find(book, &views, mem, hits);
	unsigned found = 0;
	*disguised = 0;
	for (size_t i = 0; i < n; i++) {
		assert_true(hits[i].from < hits[i].to && hits[i].to <= text.n);
		found += hits[i].group == group ? 1 : 0;
		*disguised += hits[i].group == group && hits[i].disguised ? 1 : 0;
	}
	arena_free(mem);
	return found;
}

static void phrases_are_found_where_they_stand(void **state)
{
	static const struct {
		const char *name, *text;
		enum phrase_group group;
		unsigned found, disguised;
	} rows[] = {
		{ "plain", "兼职刷单", PHRASE_SCHEME, 1, 0 },
		{ "with signs inside it", "兼职刷*单", PHRASE_SCHEME, 1, 1 },
		{ "with something that does not show inside it", "刷\xE2\x80\x8B单", PHRASE_SCHEME,
		  1, 1 },
		{ "in traditional script, which is no disguise", "無抵押", PHRASE_SCHEME, 1, 0 },
		{ "four characters by sound", "跟着捞师", PHRASE_SCHEME, 1, 1 },
		{ "three characters by sound are too little", "白加了", PHRASE_GAMBLE, 0, 0 },
		{ "any number", "集满 38 个赞", PHRASE_PROOF, 1, 0 },
		{ "any number in words", "一天两百", PHRASE_INCOME, 1, 0 },
		{ "a number first", "50 个赞", PHRASE_SPREAD, 1, 0 },
		{ "with words between", "介绍一个人就能返两百", PHRASE_HEADS, 1, 0 },
		{ "with too many words between", "推荐一部很长很长很长很长很长的电影，散场返回",
		  PHRASE_HEADS, 0, 0 },
		{ "in English, any case", "Passive INCOME", PHRASE_INCOME, 1, 0 },
		{ "in English over signs", "passive... income!", PHRASE_INCOME, 1, 0 },
		{ "in English not inside a word", "impassive incomes", PHRASE_INCOME, 0, 0 },
		{ "the longest of one group counts once", "发展下线", PHRASE_HEADS, 1, 0 },
		{ "nothing in nothing", "", PHRASE_ASK, 0, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned disguised,
			found = hits_of(*state, str_of(rows[i].text), rows[i].group, &disguised);
		if (found != rows[i].found || disguised != rows[i].disguised)
			fail_msg("%s: found %u, disguised %u", rows[i].name, found, disguised);
	}
}

/* Every phrase of the table is found in itself, so none is dead; a number stands for 9 and a word for ~. */
static void every_phrase_of_the_table_can_fire(void **state)
{
	struct arena *mem = arena_new(4096);
	unsigned dead = 0;
	for (size_t i = 0; i < phrase_table_count; i++) {
		str rest = str_of(phrase_table[i].words);
		while (rest.p) {
			str words = str_dup(mem, str_cut(&rest, '|'));
			unsigned disguised;
			for (char *c = (char *)(uintptr_t)words.p; c < words.p + words.n; c++)
				*c = *c == '~' ? ' ' : *c;
			if (hits_of(*state, words, phrase_table[i].group, &disguised) == 0) {
				print_message("# \"%.*s\" never fires\n", STR_ARG(words));
				dead++;
			}
		}
	}
	arena_free(mem);
	assert_int_equal(dead, 0);
}

static void a_flood_of_phrases_is_cut(void **state)
{
	size_t n = 0;
	char *text = malloc(60000);
	assert_non_null(text);
	for (; n + 12 <= 60000; n += 12)
		memcpy(text + n, "刷单转发", 12);
	unsigned disguised;
	assert_int_equal(hits_of(*state, (str){ text, n }, PHRASE_SCHEME, &disguised),
	                 PHRASE_HITS_MAX / 2);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_are_found_where_they_stand),
		cmocka_unit_test(every_phrase_of_the_table_can_fire),
		cmocka_unit_test(a_flood_of_phrases_is_cut),
	};
	return cmocka_run_group_tests(tests, open_book, close_book);
}
