/* The quick loops against the description of the features, written plainly. */
#include "integrity/text/features.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SYMBOLS_MAX 4096

/* ---- the plain twin: every n-gram hashed on its own ---- */

struct twin {
	bool has[FEATURES_COUNT];
	size_t n;
};

static uint32_t index_of(enum feature_view view, const uint32_t *symbols, size_t n)
{
	static const uint64_t seeds[] = { 0x243f6a8885a308d3, 0x13198a2e03707344,
		                          0xa4093822299f31d0, 0x082efa98ec4e6c89 };
	uint64_t h = seeds[view];
	for (size_t i = 0; i < n; i++)
		h = (h ^ symbols[i]) * UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(h >> (64 - FEATURE_BITS));
}

static void add(struct twin *t, uint32_t index)
{
	t->n += t->has[index] ? 0 : 1;
	t->has[index] = true;
}

static bool is_letter(const struct view *v, size_t i)
{
	return i < v->n && v->glyphs[i].cp >= 'a' && v->glyphs[i].cp <= 'z';
}

static void add_raw(struct twin *t, const struct view *v)
{
	static uint32_t symbols[SYMBOLS_MAX];
	size_t n = 0;
	symbols[n++] = 0x110010;
	for (size_t i = 0; i < v->n; i++) {
		uint32_t cp = v->glyphs[i].cp;
		bool digit = cp >= '0' && cp <= '9';
		if (digit && !is_letter(v, i + 1) && (i == 0 || !is_letter(v, i - 1)))
			cp = '0';
		if (n > 3 && symbols[n - 1] == cp && symbols[n - 2] == cp && symbols[n - 3] == cp)
			continue;
		symbols[n++] = cp;
	}
	for (size_t i = 1; i < n; i++) {
		add(t, index_of(FEATURE_RAW, &symbols[i], 1));
		add(t, index_of(FEATURE_RAW, &symbols[i - 1], 2));
	}
	symbols[n++] = 0x110011;
	if (v->n > 0)
		add(t, index_of(FEATURE_RAW, &symbols[n - 2], 2));
}

static uint64_t word_hash(const struct view *v, size_t from, size_t to)
{
	uint64_t h = UINT64_C(0x13198a2e03707344);
	for (size_t i = from; i < to; i++)
		h = (h ^ (v->glyphs[i].class == FOLD_DIGIT ? '0' : v->glyphs[i].cp)) *
		    UINT64_C(0xff51afd7ed558ccd);
	return h;
}

static bool in_word(const struct view *v, size_t i)
{
	return i < v->n && !v->glyphs[i].han && v->glyphs[i].class <= FOLD_DIGIT;
}

static void add_words(struct twin *t, const struct view *v)
{
	uint64_t before = 0;
	for (size_t i = 0; i < v->n;) {
		size_t to = i;
		while (in_word(v, to))
			to++;
		if (to == i) {
			before = v->glyphs[i++].han ? 0 : before;
			continue;
		}
		uint64_t h = word_hash(v, i, to);
		add(t, (uint32_t)(h >> (64 - FEATURE_BITS)));
		if (before) {
			uint64_t pair = (before ^ (uint32_t)(h >> 20)) *
			                UINT64_C(0xff51afd7ed558ccd);
			add(t, (uint32_t)(pair >> (64 - FEATURE_BITS)));
		}
		before = h;
		i = to;
	}
}

/* All n-grams of a view that `wanted` says. */
static void add_grams(struct twin *t, enum feature_view view, const struct view *v,
                      bool (*wanted)(const struct glyph *at, size_t n))
{
	for (size_t i = 0; i < v->n; i++) {
		for (size_t n = 1; n <= 5 && i + n <= v->n; n++) {
			uint32_t symbols[5];
			for (size_t k = 0; k < n; k++)
				symbols[k] = v->glyphs[i + k].cp;
			if (wanted(&v->glyphs[i], n))
				add(t, index_of(view, symbols, n));
		}
	}
}

/* With a Han character inside up to 3, without one 3 to 5. */
static bool skeleton_wants(const struct glyph *at, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		if (at[k].han)
			return n <= 3;
	}
	return n >= 3;
}

static bool pinyin_wants(const struct glyph *at, size_t n)
{
	(void)at;
	return n == 2 || n == 3;
}

/* ---- comparing ---- */

static void check(str text, struct arena *mem)
{
	static struct twin t;
	struct views v;
	struct features f;
	struct located_features located;
	views_of(text, mem, &v);
	assert_true(v.raw.n + 2 < SYMBOLS_MAX);
	memset(&t, 0, sizeof t);
	add_raw(&t, &v.raw);
	add_words(&t, &v.folded);
	add_grams(&t, FEATURE_SKELETON, &v.skeleton, skeleton_wants);
	if (v.has_han)
		add_grams(&t, FEATURE_PINYIN, &v.pinyin, pinyin_wants);
	features_of(&v, mem, &f);
	features_locate(&v, mem, &located);
	assert_int_equal(f.n, t.n);
	assert_int_equal(located.n, f.n);
	for (size_t i = 0; i < f.n; i++) {
		uint32_t index = f.list[i] & FEATURE_INDEX_MASK;
		const struct feature *at = &located.list[i];
		assert_true(t.has[index]);
		t.has[index] = false; /* so that a repeat fails */
		assert_int_equal(at->index, index);
		assert_int_equal(at->view, f.list[i] >> FEATURE_VIEW_SHIFT);
		assert_true(at->from < at->to && at->to <= text.n);
	}
}

static void features_are_those_of_the_description(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"a",
		"ab 12",
		"aaaaaaaa bbbb 0000 00a0 a00",
		"加微信",
		"微",
		"加wei信 abc12345 看tea好x",
		"Hello there, call 138-1234-5678 or +61 (2) 5550 1234 now!!! $$$ fr33 w1n",
		"今天天氣很好，我們去湖邊走走吧！哈哈哈哈哈哈 ok",
		"𝗪𝗲𝗖𝗵𝗮𝘁 wеchat ①②③ 亻弋王里 ➕💚 138o0l38123",
		"ひらがなカタカナ 한국어 ไทย русский العربية",
	};
	struct arena *mem = arena_new(4096);
	for (size_t i = 0; i < COUNT(texts); i++) {
		check(str_of(texts[i]), mem);
		arena_reset(mem);
	}
	arena_free(mem);
}

/* Words out of pieces that meet every branch, and plain noise. */
static void features_of_any_text_are(void **state)
{
	(void)state;
	static const char *const pieces[] = { "a",    "l",  "lo",       "0",    "1",
		                              " ",    "加", "微",       "薇信", "亻",
		                              "弋",   "，", ".",        "王里", "e\xCC\x81",
		                              "💚",    "➕",  "一二三四", "ｗ",   "𝗪",
		                              "\xFF", "я",  "wei",      "!",    "@" };
	struct arena *mem = arena_new(4096);
	uint32_t random = 7;
	for (int round = 0; round < 3000; round++) {
		struct buf b;
		buf_init(&b, mem, 4096);
		for (int k = 0; k < round % 60; k++) {
			random = random * 1664525u + 1013904223u;
			buf_add(&b, str_of(pieces[(random >> 16) % COUNT(pieces)]));
		}
		check(buf_str(&b), mem);
		arena_reset(mem);
	}
	arena_free(mem);
}

static void a_long_text_is_looked_at_up_to_a_limit(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct views v;
	struct features f;
	struct buf b;
	buf_init(&b, mem, (size_t)4 << 20);
	for (uint32_t i = 0; i < 200000; i++)
		buf_format(&b, "%u ", i * 2654435761u);
	views_of(buf_str(&b), mem, &v);
	features_of(&v, mem, &f);
	assert_true(f.n > 0 && f.n <= FEATURE_SYMBOLS_MAX * 8);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(features_are_those_of_the_description),
		cmocka_unit_test(features_of_any_text_are),
		cmocka_unit_test(a_long_text_is_looked_at_up_to_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
