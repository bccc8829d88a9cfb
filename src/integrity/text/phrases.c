/* Three scans, each with its own index: Han phrases over the skeleton and over the pinyin, the others over the folded text with
 * one space for whatever stands between words. A bucket of an index holds the phrases that begin with the same two symbols. */
#include "integrity/text/phrases.h"

#include <stdlib.h>
#include <string.h>

#define FILTER_BITS 15
#define BUCKET_BITS 12
#define SYMBOLS_MAX 40
#define BY_SOUND_MIN 4 /* three syllables sound like too much else: 白加了, 团队将 */
#define NUMBER 0x110020u
#define GAP 0x110021u
#define GAP_HAN 12 /* symbols that ~ may stand for */
#define GAP_LATIN 24
#define NUMBER_RUN 8 /* symbols of one number */

struct entry {
	struct entry *next;
	uint16_t phrase;
	uint8_t group, n;
	uint32_t symbols[SYMBOLS_MAX];
};

/* Most pairs of symbols begin no phrase: one bit in 4 KiB says so before a bucket is touched. */
struct index {
	uint64_t begins[(1u << FILTER_BITS) / 64];
	struct entry *buckets[1u << BUCKET_BITS];
};

struct phrase_book {
	struct entry *entries;
	size_t n;
	struct index han, sound, words;
};

static uint32_t hash_of(uint32_t first, uint32_t second)
{
	uint32_t h = (first * 0x9e3779b1u ^ second) * 0x85ebca6bu;
	return h ^ h >> 15;
}

static const struct entry *find_bucket(const struct index *index, uint32_t first, uint32_t second)
{
	uint32_t h = hash_of(first, second), bit = h >> (32 - FILTER_BITS);
	return index->begins[bit / 64] >> (bit % 64) & 1
	               ? index->buckets[h & ((1u << BUCKET_BITS) - 1)]
	               : NULL;
}

/* Letters and digits of the folded text with one space between words. */
static struct view spaced(const struct view *folded, struct arena *mem)
{
	struct view v = { ARENA_ARRAY(mem, folded->n + 1, struct glyph), 0 };
	for (size_t i = 0; i < folded->n; i++) {
		struct glyph g = folded->glyphs[i];
		bool between = g.class == FOLD_SPACE || g.class == FOLD_NOISE;
		if (between && (v.n == 0 || v.glyphs[v.n - 1].class == FOLD_SPACE))
			continue;
		if (between) {
			g.class = FOLD_SPACE;
			g.cp = ' ';
		}
		v.glyphs[v.n++] = g;
	}
	return v;
}

/* ---- the book ---- */

static void put_symbol(struct entry *e, uint32_t symbol)
{
	if (symbol != NUMBER || e->n == 0 || e->symbols[e->n - 1] != NUMBER)
		e->symbols[e->n < SYMBOLS_MAX ? e->n++ : SYMBOLS_MAX - 1] = symbol;
}

static bool is_digits(const struct glyph *g)
{
	return g->class == FOLD_DIGIT || (g->cp >= GLYPH_FEW_DIGITS && g->cp <= GLYPH_MANY_DIGITS);
}

static void put_view(struct entry *e, const struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		put_symbol(e, is_digits(&v->glyphs[i]) ? NUMBER : v->glyphs[i].cp);
}

static struct entry *new_entry(struct phrase_book *book, uint16_t phrase, uint8_t group)
{
	struct entry *e = &book->entries[book->n++];
	e->phrase = phrase;
	e->group = group;
	return e;
}

static void index_entry(struct entry *e, struct index *index)
{
	uint32_t h = hash_of(e->symbols[0], e->symbols[1]), bit = h >> (32 - FILTER_BITS);
	struct entry **bucket = &index->buckets[h & ((1u << BUCKET_BITS) - 1)];
	index->begins[bit / 64] |= UINT64_C(1) << (bit % 64);
	while (*bucket && (*bucket)->n >= e->n) /* longest first */
		bucket = &(*bucket)->next;
	e->next = *bucket;
	*bucket = e;
}

static void add_phrase(struct phrase_book *book, str words, uint16_t phrase, uint8_t group,
                       struct arena *mem)
{
	struct views whole;
	struct entry *e = new_entry(book, phrase, group);
	views_of(words, mem, &whole);
	bool first = true, han = whole.has_han, plain = true;
	for (str rest = words; rest.p; first = false) {
		struct views v;
		views_of(str_cut(&rest, '~'), mem, &v);
		struct view spaces = spaced(&v.folded, mem);
		if (!first)
			put_symbol(e, GAP);
		put_view(e, han ? &v.skeleton : &spaces);
		plain &= first;
	}
	index_entry(e, han ? &book->han : &book->words);
	for (size_t i = 0; i < whole.skeleton.n; i++)
		plain &= whole.skeleton.glyphs[i].han;
	if (!plain || whole.pinyin.n < BY_SOUND_MIN)
		return;
	struct entry *sound = new_entry(book, phrase, group);
	put_view(sound, &whole.pinyin);
	index_entry(sound, &book->sound);
}

struct phrase_book *phrase_book_new(void)
{
	struct phrase_book *book = calloc(1, sizeof *book);
	struct arena *mem = arena_new(64 * 1024);
	size_t n = 0;
	for (size_t i = 0; i < phrase_table_count; i++) {
		for (const char *c = phrase_table[i].words; c; c = strchr(c + 1, '|'))
			n++;
	}
	if (!book || !(book->entries = calloc(n * 2, sizeof *book->entries)))
		abort();
	uint16_t phrase = 0;
	for (size_t i = 0; i < phrase_table_count; i++) {
		str rest = str_of(phrase_table[i].words);
		while (rest.p)
			add_phrase(book, str_cut(&rest, '|'), phrase++,
			           (uint8_t)phrase_table[i].group, mem);
	}
	arena_free(mem);
	return book;
}

void phrase_book_free(struct phrase_book *book)
{
	if (!book)
		return;
	free(book->entries);
	free(book);
}

/* ---- the search ---- */

static bool is_numeral(uint32_t cp)
{
	switch (cp) {
	case 0x4E00:
	case 0x4E8C:
	case 0x4E09:
	case 0x56DB:
	case 0x4E94:
	case 0x516D:
	case 0x4E03:
	case 0x516B:
	case 0x4E5D:
	case 0x5341:
	case 0x767E:
	case 0x5343:
	case 0x4E07:
	case 0x4E24:
	case 0x51E0:
	case 0x534A:
	case 0x4EBF:
		return true; /* 一二三四五六七八九十百千万两几半亿 */
	default:
		return false;
	}
}

static bool is_number(const struct view *v, size_t i)
{
	return i < v->n &&
	       (is_digits(&v->glyphs[i]) || (v->glyphs[i].han && is_numeral(v->glyphs[i].cp)));
}

/* The end of a number that begins at `at`, or `at` itself. English number words are spelled out in the table. */
static size_t number_end(const struct view *v, size_t at)
{
	size_t end = at;
	while (end < at + NUMBER_RUN && is_number(v, end))
		end++;
	return end;
}

static bool is_word(const struct view *v, size_t i)
{
	return i < v->n && v->glyphs[i].class <= FOLD_DIGIT && !v->glyphs[i].han;
}

static bool is_border(const struct view *v, size_t i)
{
	return i == 0 || !is_word(v, i - 1) || !is_word(v, i);
}

/* Where the symbols, matched from `at` on, end; 0 when they do not stand there. Gaps nest as deep as a phrase has them. */
static size_t match(const uint32_t *symbols, size_t n, const struct view *v, size_t at, bool words)
{
	for (size_t k = 0; k < n; k++) {
		if (symbols[k] == GAP) {
			size_t reach = words ? GAP_LATIN : GAP_HAN;
			if (words && !is_border(v, at))
				return 0;
			for (size_t skip = 0; skip <= reach && at + skip < v->n; skip++) {
				size_t end = words && !is_border(v, at + skip)
				                     ? 0
				                     : match(symbols + k + 1, n - k - 1, v,
				                             at + skip, words);
				if (end)
					return end;
			}
			return 0;
		}
		size_t end = symbols[k] == NUMBER
		                     ? number_end(v, at)
		                     : at + (at < v->n && v->glyphs[at].cp == symbols[k]);
		if (end == at)
			return 0;
		at = end;
	}
	return words && !is_border(v, at) ? 0 : at;
}

struct search {
	str text;
	struct phrase_hit *hits;
	size_t n;
};

/* Spaces and the punctuation of sentences are no disguise: clauses meet there. */
#define PLAIN_SIGNS " \n\t,.;:!?，。、；：！？　…“”\""
static bool is_noise(str bytes)
{
	static const str plain = { PLAIN_SIGNS, sizeof PLAIN_SIGNS - 1 };
	for (size_t i = 0; i < bytes.n;) {
		size_t from = i;
		utf8_next(bytes, &i);
		if (str_find(plain, str_slice(bytes, from, i)) == SIZE_MAX)
			return true;
	}
	return false;
}

/* Something between the symbols that is not part of any of them, or a symbol drawn as another. */
static bool is_disguised(const struct search *s, const struct view *v, size_t at, size_t end,
                         bool words)
{
	for (size_t k = at; k < end; k++) {
		const struct glyph *g = &v->glyphs[k];
		bool number = is_number(v, k) ||
		              (k > at && is_number(v, k - 1)); /* signs belong to numbers */
		if (g->styled || g->lookalike ||
		    (!words && k > at && !number &&
		     is_noise(str_slice(s->text, v->glyphs[k - 1].to, g->from))))
			return true;
	}
	return false;
}

static void keep(struct search *s, const struct entry *e, struct phrase_hit hit)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct phrase_hit *h = &s->hits[i];
		if (h->group == e->group && h->from < hit.to && hit.from < h->to)
			return;
	}
	hit.phrase = e->phrase;
	hit.group = e->group;
	s->hits[s->n++] = hit;
}

enum scan { SCAN_HAN, SCAN_SOUND, SCAN_WORDS };

static void try_bucket(struct search *s, const struct entry *e, const struct view *v, size_t i,
                       enum scan how)
{
	bool words = how == SCAN_WORDS;
	for (; e && s->n < PHRASE_HITS_MAX; e = e->next) {
		size_t end = match(e->symbols, e->n, v, i, words);
		if (end)
			keep(s, e,
			     (struct phrase_hit){ .disguised = how == SCAN_SOUND ||
			                                       is_disguised(s, v, i, end, words),
			                          .from = v->glyphs[i].from,
			                          .to = v->glyphs[end - 1].to });
	}
}

/* A phrase that begins with a number, or has one second, is found by NUMBER in that place. */
static void scan(struct search *s, const struct index *index, const struct view *v, enum scan how)
{
	for (size_t i = 0; i + 1 < v->n; i++) {
		uint32_t first = v->glyphs[i].cp;
		if (how == SCAN_WORDS && !is_border(v, i))
			continue;
		try_bucket(s, find_bucket(index, first, v->glyphs[i + 1].cp), v, i, how);
		bool number = is_number(v, i), number_next = is_number(v, i + 1);
		if (number_next && !number)
			try_bucket(s, find_bucket(index, first, NUMBER), v, i, how);
		if (number && !(i > 0 && is_number(v, i - 1)) && number_end(v, i) < v->n)
			try_bucket(s, find_bucket(index, NUMBER, v->glyphs[number_end(v, i)].cp), v,
			           i, how);
	}
}

size_t phrase_find(const struct phrase_book *book, const struct views *views, struct arena *mem,
                   struct phrase_hit hits[PHRASE_HITS_MAX])
{
	struct search s = { views->text, hits, 0 };
	struct view words = spaced(&views->folded, mem);
	if (views->has_han) {
		scan(&s, &book->han, &views->skeleton, SCAN_HAN);
		scan(&s, &book->sound, &views->pinyin, SCAN_SOUND);
	}
	scan(&s, &book->words, &words, SCAN_WORDS);
	return s.n;
}
