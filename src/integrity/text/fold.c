/* The tables as tools/gen-fold lays them out, read in place. */
#include "integrity/text/fold.h"

#include "tables_embed.h"

#include <string.h>

#define PAGES_MAX 768
#define READ_FIRST 0x3400
#define READ_END 0xA000
#define CLASS(entry) ((entry) >> 24 & 7)
#define CLASS_EXPANSION 5
#define VALUE(entry) ((entry)&0x1FFFFF)
#define HAN (UINT32_C(1) << 27)
#define STYLED (UINT32_C(1) << 28)
#define LOOKALIKE (UINT32_C(1) << 29)

struct head {
	char magic[8];
	uint32_t pages, expansions, syllables, zero;
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

static struct fold_unit unit_of(uint32_t entry, uint32_t cp, bool styled)
{
	return (struct fold_unit){ .cp = VALUE(entry) ? VALUE(entry) : cp,
		                   .class = (enum fold_class)CLASS(entry),
		                   .han = (entry & HAN) != 0,
		                   .styled = styled || (entry & STYLED),
		                   .lookalike = (entry & LOOKALIKE) != 0 };
}

unsigned fold_code_point(uint32_t cp, struct fold_unit out[FOLD_MAX])
{
	if (cp >= PAGES_MAX * 256) { /* private use and tags: nothing to read there */
		out[0] = (struct fold_unit){ .cp = cp, .class = FOLD_DELETED };
		return 1;
	}
	uint32_t entry = pages()[(size_t)head()->page_of[cp >> 8] * 256 + (cp & 255)];
	if (CLASS(entry) != CLASS_EXPANSION) {
		out[0] = unit_of(entry, cp, false);
		return 1;
	}
	const uint32_t *parts = expansions()[VALUE(entry)];
	unsigned n = 0;
	while (n < FOLD_MAX && parts[n] != 0) {
		out[n] = unit_of(parts[n], cp, (entry & STYLED) != 0);
		n++;
	}
	return n;
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
