/* Two scans, each with its own index: Han phrases over the skeleton, the others over the folded text with one space for
 * whatever stands between words. A bucket of the index holds the phrases that begin with the same two symbols. */
#include "integrity/text/phrases.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024
#define SYMBOLS_MAX 48

struct entry {
	struct entry *next;
	uint16_t phrase;
	uint16_t n;
	uint32_t symbols[SYMBOLS_MAX];
};

struct phrase_book {
	struct entry *entries;
	struct entry *han[BUCKETS], *words[BUCKETS];
};

static size_t bucket_of(uint32_t first, uint32_t second)
{
	uint32_t h = (first * 0x9e3779b1u ^ second) * 0x85ebca6bu;
	return h >> 22;
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

static void index_phrase(struct phrase_book *book, struct entry *entry, uint16_t phrase,
                         struct arena *mem)
{
	struct views views;
	views_of(str_of(phrase_table[phrase].words), mem, &views);
	struct view v = views.has_han ? views.skeleton : spaced(&views.folded, mem);
	entry->phrase = phrase;
	entry->n = (uint16_t)(v.n < SYMBOLS_MAX ? v.n : SYMBOLS_MAX);
	for (size_t i = 0; i < entry->n; i++)
		entry->symbols[i] = v.glyphs[i].cp;
	struct entry **bucket = &(
		views.has_han ? book->han
			      : book->words)[bucket_of(entry->symbols[0], entry->symbols[1])];
	while (*bucket && (*bucket)->n >= entry->n) /* longest first */
		bucket = &(*bucket)->next;
	entry->next = *bucket;
	*bucket = entry;
}

struct phrase_book *phrase_book_new(void)
{
	struct phrase_book *book = calloc(1, sizeof *book);
	struct entry *entries = calloc(phrase_table_count, sizeof *entries);
	if (!book || !entries)
		abort();
	book->entries = entries;
	struct arena *mem = arena_new(64 * 1024);
	for (size_t i = 0; i < phrase_table_count; i++)
		index_phrase(book, &entries[i], (uint16_t)i, mem);
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

static bool is_word(const struct view *v, size_t i)
{
	return i < v->n && v->glyphs[i].class <= FOLD_DIGIT && !v->glyphs[i].han;
}

static bool stands_at(const struct entry *entry, const struct view *v, size_t at, bool borders)
{
	if (at + entry->n > v->n)
		return false;
	for (size_t k = 0; k < entry->n; k++) {
		if (v->glyphs[at + k].cp != entry->symbols[k])
			return false;
	}
	return !borders || !((at > 0 && is_word(v, at - 1)) || is_word(v, at + entry->n));
}

/* Something between the symbols that is not part of any of them, or a symbol drawn as another. */
static bool is_disguised(const struct view *v, size_t at, size_t n, bool words)
{
	for (size_t k = at; k < at + n; k++) {
		const struct glyph *g = &v->glyphs[k];
		if (g->styled || g->lookalike ||
		    (!words && k > at && g->from > v->glyphs[k - 1].to))
			return true;
	}
	return false;
}

static size_t scan(struct entry *const *index, const struct view *v, bool words,
                   struct phrase_hit *hits, size_t n)
{
	for (size_t i = 0; i + 1 < v->n && n < PHRASE_HITS_MAX; i++) {
		const struct entry *entry = index[bucket_of(v->glyphs[i].cp, v->glyphs[i + 1].cp)];
		while (entry && !stands_at(entry, v, i, words))
			entry = entry->next;
		if (!entry)
			continue;
		hits[n++] =
			(struct phrase_hit){ .phrase = entry->phrase,
			                     .group = (uint8_t)phrase_table[entry->phrase].group,
			                     .disguised = is_disguised(v, i, entry->n, words),
			                     .from = v->glyphs[i].from,
			                     .to = v->glyphs[i + entry->n - 1].to };
	}
	return n;
}

size_t phrase_find(const struct phrase_book *book, const struct views *views, struct arena *mem,
                   struct phrase_hit hits[PHRASE_HITS_MAX])
{
	struct view words = spaced(&views->folded, mem);
	size_t n = views->has_han ? scan(book->han, &views->skeleton, false, hits, 0) : 0;
	return scan(book->words, &words, true, hits, n);
}
