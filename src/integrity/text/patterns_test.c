/* Phrases where they stand and nowhere else; and that Hyperscan finds what trying everything everywhere finds. */
#include "integrity/text/patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define PAPERS                                                                                     \
	"  about \"a\" source \"b\"\n"                                                             \
	"  matches \"刷单\" passes \"茶\"\n"                                                    \
	"end\n"
static const char policy_text[] =
	"policy \"test\" version 1\n"
	"words scheme conduct \"刷单\" \"无抵押\" \"跟着老师\" \"白加黑\" \"包过\"\n" PAPERS
	"words likes \"集满9\" \"9个赞\" \"一天9\" \"投9\" \"9折\"\n" PAPERS
	"words heads \"介绍~返\" \"发展下线\" \"下线\" \"推荐~返\"\n" PAPERS
	"words latin \"passive income\" \"dm me\" \"9k a month\" \"earn~week\" \"only 9 left\" \"a货\"\n" PAPERS
	"pattern short_link regex \"t\\\\.me/[a-z0-9_]{4,}\" matches \"t.me/abcd\" passes \"tea\"\n"
	"end\n"
	"pattern numbers regex \"[0-9]{3}(?:-[0-9]{4}){2}\" matches \"139-1234-5678\" passes \"139\"\n"
	"end\n"
	"group g cap 0.9\n"
	"ladder label from 0.4 hold from 0.6 end\n"
	"rule r clause \"a\" owner \"o\" status live harm marketing group g dsa SCAMS_AND_FRAUD\n"
	"  evidence 0.5 when words(scheme, likes, heads, latin) + pattern(short_link) + pattern(numbers) >= 1\n"
	"  en \"x\" zh \"y\" pass en \"x\" zh \"y\" false_positives \"none known\" fires \"刷单\" silent \"茶\"\n"
	"end\n";

enum { SCHEME, LIKES, HEADS, LATIN };
#define SHORT_LINK 100u /* + number of the pattern */

struct fixture {
	struct arena *mem;
	struct policy *policy;
	struct patterns *patterns;
};

static int open_patterns(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct policy_fault fault = { 0 };
	const struct policy_source source = { S("test.policy"), str_of(policy_text) };
	f->mem = arena_new(65536);
	err e = policy_compile(&source, 1, f->mem, &f->policy, &fault);
	if (failed(e))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	e = patterns_new(f->policy, NULL, f->mem, &f->patterns);
	if (failed(e))
		fail_msg("%s", e.why);
	*state = f;
	return 0;
}

static int close_patterns(void **state)
{
	struct fixture *f = *state;
	patterns_free(f->patterns);
	policy_free(f->policy);
	arena_free(f->mem);
	free(f);
	return 0;
}

typedef size_t find(const struct patterns *, const struct views *, struct arena *,
                    struct pattern_hit[PATTERN_HITS_MAX]);

static unsigned hits_of(const struct fixture *f, str text, unsigned list, unsigned *disguised)
{
	struct arena *mem = arena_new(4096);
	struct pattern_hit *hits = ARENA_ARRAY(mem, PATTERN_HITS_MAX, struct pattern_hit);
	struct views views;
	views_of(text, mem, &views);
	size_t n = patterns_find(f->patterns, &views, mem, hits);
	unsigned found = 0;
	*disguised = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned of = hits[i].list + (hits[i].is_pattern ? SHORT_LINK : 0u);
		assert_true(hits[i].from < hits[i].to && hits[i].to <= text.n);
		found += of == list ? 1 : 0;
		*disguised += of == list && hits[i].disguised ? 1 : 0;
	}
	arena_free(mem);
	return found;
}

static void phrases_are_found_where_they_stand(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned list, found, disguised;
	} rows[] = {
		{ "plain", "兼职刷单", SCHEME, 1, 0 },
		{ "with signs inside it", "兼职刷*单", SCHEME, 1, 1 },
		{ "with a space inside it, which is no disguise", "刷 单", SCHEME, 1, 0 },
		{ "with something that does not show inside it", "刷\xE2\x80\x8B单", SCHEME, 1, 1 },
		{ "in traditional script, which is no disguise", "無抵押", SCHEME, 1, 0 },
		{ "four characters by sound", "跟着捞师", SCHEME, 1, 1 },
		{ "three characters by sound are too little", "白加嗨", SCHEME, 0, 0 },
		{ "not across the end of a clause", "牛奶喝了三包，过年再买", SCHEME, 0, 0 },
		{ "across many signs put in on purpose", "无，抵，押", SCHEME, 1, 0 },
		{ "any number", "集满 38 个", LIKES, 1, 0 },
		{ "any number in words", "一天两百", LIKES, 1, 0 },
		{ "a number first", "50 个赞", LIKES, 1, 0 },
		{ "a long number first", "一百二十八个赞", LIKES, 1, 0 },
		{ "a number before a single letter", "打 8 折", LIKES, 1, 0 },
		{ "a number after a single letter", "投 300", LIKES, 1, 0 },
		{ "with words between", "介绍一个人就能返两百", HEADS, 1, 0 },
		{ "with too many words between", "推荐一部很长很长很长很长很长的电影，散场返回",
		  HEADS, 0, 0 },
		{ "in English, any case", "Passive INCOME", LATIN, 1, 0 },
		{ "in English over signs", "passive... income!", LATIN, 1, 0 },
		{ "in English not inside a word", "impassive incomes", LATIN, 0, 0 },
		{ "in English beside Han", "想了解dm me哦", LATIN, 1, 0 },
		{ "in English with a number inside", "I make 9k a month", LATIN, 1, 0 },
		{ "in English with a gap", "earn a lot of it each week", LATIN, 1, 0 },
		{ "in English whole words only after a gap", "earn a lot, weekly", LATIN, 0, 0 },
		{ "in English with a number between", "only 12 left", LATIN, 1, 0 },
		{ "Latin and Han together", "顶级A货", LATIN, 1, 0 },
		{ "the longest of one list counts once", "发展下线", HEADS, 1, 0 },
		{ "a pattern in any dress", "𝘁.me/Abcd1", SHORT_LINK, 1, 1 },
		{ "a pattern twice", "t.me/abcd t.me/efgh", SHORT_LINK, 2, 0 },
		{ "a pattern of digits in any form", "１３９-1234-5678", SHORT_LINK + 1, 1, 0 },
		{ "nothing in nothing", "", SCHEME, 0, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned disguised,
			found = hits_of(*state, str_of(rows[i].text), rows[i].list, &disguised);
		if (found != rows[i].found || disguised != rows[i].disguised)
			fail_msg("%s: found %u, disguised %u", rows[i].name, found, disguised);
	}
}

static void a_flood_of_phrases_is_cut(void **state)
{
	size_t n = 0;
	char *text = malloc(60000);
	assert_non_null(text);
	for (; n + 12 <= 60000; n += 12)
		memcpy(text + n, "刷单转发", 12);
	unsigned disguised;
	assert_int_equal(hits_of(*state, (str){ text, n }, SCHEME, &disguised), PATTERN_HITS_MAX);
	free(text);
}

/* Random texts of pieces that begin, continue, disguise and break the phrases. */
static str random_text(uint64_t *random, char *to, size_t max)
{
	static const char *const pieces[] = {
		"刷",   "单",       "无抵", "押",    "跟着",    "老师",    "捞师",         "包",
		"过",   "集满",     "38",   "个赞",  "一天",    "两百",    "投",           "折",
		"介绍", "返",       "下线", "发展",  "推荐",    "一",      "万",           " ",
		",",    "，",       "*",    "。",    "passive", " income", "dm",           " me",
		"9k",   " a month", "earn", " week", "only ",   "7",       " left",        "a",
		"货",   "t.me/",    "abcd", "139",   "-1234",   "𝗽",       "\xE2\x80\x8B", "é",
		"\xFF", "我",       "的",   "ab",    "\n",      "亿"
	};
	size_t n = 0, times = 1 + (*random >> 40) % 24;
	for (size_t i = 0; i < times; i++) {
		*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		const char *piece = pieces[(*random >> 33) % COUNT(pieces)];
		size_t length = strlen(piece);
		if (n + length > max)
			break;
		memcpy(to + n, piece, length);
		n += length;
	}
	return (str){ to, n };
}

static void hyperscan_finds_what_trying_everything_finds(void **state)
{
	const struct fixture *f = *state;
	struct arena *mem = arena_new(16384);
	struct pattern_hit fast[PATTERN_HITS_MAX], slow[PATTERN_HITS_MAX];
	uint64_t random = 20260914;
	char bytes[512];
	size_t found = 0;
	for (int round = 0; round < 40000; round++) {
		str text = random_text(&random, bytes, sizeof bytes);
		struct views views;
		memset(fast, 0, sizeof fast);
		memset(slow, 0, sizeof slow);
		views_of(text, mem, &views);
		size_t n = patterns_find(f->patterns, &views, mem, fast),
		       m = patterns_find_slowly(f->patterns, &views, mem, slow);
		if (n != m || memcmp(fast, slow, n * sizeof fast[0]) != 0)
			fail_msg("round %d, %zu and %zu places: %.*s", round, n, m, STR_ARG(text));
		found += n;
		arena_reset(mem);
	}
	print_message("# %zu places in 40000 random texts, equal with and without Hyperscan\n",
	              found);
	assert_true(found > 20000);
	arena_free(mem);
}

static void a_compiled_database_is_kept_and_a_torn_one_is_made_again(void **state)
{
	const struct fixture *f = *state;
	char folder[] = "/tmp/kith-patterns-XXXXXX", command[128];
	struct patterns *again = NULL;
	assert_non_null(mkdtemp(folder));
	for (int round = 0; round < 3; round++) {
		assert_int_equal(patterns_new(f->policy, folder, f->mem, &again).code, ERR_NONE);
		struct arena *mem = arena_new(4096);
		struct pattern_hit *hits = ARENA_ARRAY(mem, PATTERN_HITS_MAX, struct pattern_hit);
		struct views views;
		views_of(S("刷单 dm me"), mem, &views);
		assert_int_equal(patterns_find(again, &views, mem, hits), 2);
		arena_free(mem);
		patterns_free(again);
		/* After the second round what is on disk is torn. */
		snprintf(command, sizeof command,
		         round == 1 ? "for f in %s/*.hs; do truncate -s 100 $f; done"
		                    : "test $(ls %s/*.hs | wc -l) = 2",
		         folder);
		assert_int_equal(system(command), 0);
	}
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_are_found_where_they_stand),
		cmocka_unit_test(a_flood_of_phrases_is_cut),
		cmocka_unit_test(hyperscan_finds_what_trying_everything_finds),
		cmocka_unit_test(a_compiled_database_is_kept_and_a_torn_one_is_made_again),
	};
	return cmocka_run_group_tests(tests, open_patterns, close_patterns);
}
