/* The tables as tools/gen-fold lays them out, read in place. */
#include "integrity/text/fold.h"

#include "tables_embed.h"

#include <string.h>

#define PAGES_MAX 768
#define READ_FIRST 0x3400
#define READ_END 0xA000
#define PAIR_WORDS 4096

struct head {
	char magic[8];
	uint32_t pages, expansions, syllables, joins, emoji, zero[3];
	uint16_t page_of[PAGES_MAX];
};

/* The embedded bytes are 64-byte aligned and every part's size is a multiple of its alignment. */
static const struct head *head(void) { return (const struct head *)(const void *)fold_tables; }
static const uint32_t *pages(void)
{
	return (const uint32_t *)(const void *)(fold_tables + sizeof(struct head));
}
static const uint32_t (*expansions(void))[FOLD_MAX]
{
	return (const uint32_t(*)[FOLD_MAX])(const void *)(pages() + (size_t)head()->pages * 256);
}
static const uint16_t *readings(void)
{
	return (const uint16_t *)(const void *)(expansions() + head()->expansions);
}
static const char *syllables(void) { return (const char *)(readings() + (READ_END - READ_FIRST)); }
static const uint32_t *pair_bits(void)
{
	return (const uint32_t *)(const void *)(syllables() + (size_t)head()->syllables * 8);
}
static const struct fold_emoji *emoji(void)
{
	return (const struct fold_emoji *)(const void *)(pair_bits() + PAIR_WORDS);
}
static const struct fold_join *joins(void)
{
	return (const struct fold_join *)(const void *)(emoji() + head()->emoji);
}

struct fold_table fold_table(void)
{
	return (struct fold_table){ head()->page_of, pages(), expansions(), pair_bits() };
}

static struct fold_unit unit_of(uint32_t entry, uint32_t cp, bool styled)
{
	return (struct fold_unit){ .cp = FOLD_VALUE(entry) ? FOLD_VALUE(entry) : cp,
		                   .class = (enum fold_class)FOLD_CLASS(entry),
		                   .han = (entry & FOLD_HAN) != 0,
		                   .styled = styled || (entry & FOLD_STYLED),
		                   .lookalike = (entry & FOLD_LOOKALIKE) != 0 };
}

unsigned fold_code_point(uint32_t cp, struct fold_unit out[FOLD_MAX])
{
	const struct fold_table t = fold_table();
	if (cp >= FOLD_PLANES_END) {
		out[0] = (struct fold_unit){ .cp = cp, .class = FOLD_DELETED };
		return 1;
	}
	uint32_t entry = fold_entry(&t, cp);
	if (FOLD_CLASS(entry) != FOLD_EXPANSION) {
		out[0] = unit_of(entry, cp, false);
		return 1;
	}
	const uint32_t *parts = t.expansions[FOLD_VALUE(entry)];
	unsigned n = 0;
	while (n < FOLD_MAX && parts[n] != 0) {
		out[n] = unit_of(parts[n], cp, (entry & FOLD_STYLED) != 0);
		n++;
	}
	return n;
}

static uint64_t key_of(const struct fold_join *j)
{
	return (uint64_t)j->parts[0] << 32 | (uint64_t)j->parts[1] << 16 | j->parts[2];
}

/* Joins are sorted by their parts: the first whose parts are not below these, or the end. */
static const struct fold_join *join_from(uint64_t key)
{
	size_t low = 0, high = head()->joins;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (key_of(&joins()[middle]) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return &joins()[low];
}

static bool is_join(const struct fold_join *j, uint64_t key, uint64_t mask)
{
	return j < joins() + head()->joins && (key_of(j) & mask) == key;
}

const struct fold_join *fold_joins(uint32_t a, uint32_t b)
{
	const struct fold_table t = fold_table();
	if (a > 0xFFFF || b > 0xFFFF || !fold_may_join(&t, a, b))
		return NULL;
	uint64_t two = (uint64_t)a << 32 | (uint64_t)b << 16;
	const struct fold_join *j = join_from(two);
	return is_join(j, two, ~UINT64_C(0xFFFF)) ? j : NULL;
}

const struct fold_join *fold_join(uint32_t a, uint32_t b, uint32_t c)
{
	const struct fold_join *first = fold_joins(a, b);
	if (!first)
		return NULL;
	uint64_t two = (uint64_t)a << 32 | (uint64_t)b << 16;
	const struct fold_join *three = c && c <= 0xFFFF ? join_from(two | c) : NULL;
	if (three && is_join(three, two | c, UINT64_MAX))
		return three;
	return first->parts[2] ? NULL : first;
}

const struct fold_emoji *fold_emoji(uint32_t cp)
{
	for (uint32_t i = 0; i < head()->emoji; i++) {
		if (emoji()[i].cp == cp)
			return &emoji()[i];
	}
	return NULL;
}

unsigned fold_reading(uint32_t cp)
{
	return cp >= READ_FIRST && cp < READ_END ? readings()[cp - READ_FIRST] : 0;
}

unsigned fold_syllables(void) { return head()->syllables; }

const char *fold_syllable(unsigned syllable) { return syllables() + (size_t)(syllable - 1) * 8; }

static int compare_folded(const char *syllable, const char *letters, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = syllable[i] == 'l' ? 'i' : syllable[i];
		if (c != letters[i])
			return 1;
	}
	return syllable[n] != '\0';
}

/* The first syllable that begins with `letter` or a later one. */
static unsigned first_with(char letter)
{
	unsigned low = 1, high = head()->syllables + 1;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (fold_syllable(middle)[0] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Syllables are sorted: those of one first letter lie together, and there are few. None begins with `i`. */
unsigned fold_spelled(const char *letters, size_t n)
{
	char first = letters[0] == 'i' ? 'l' : letters[0];
	for (unsigned s = first_with(first); s <= head()->syllables && fold_syllable(s)[0] == first;
	     s++) {
		if (compare_folded(fold_syllable(s), letters, n) == 0)
			return s;
	}
	return 0;
}
