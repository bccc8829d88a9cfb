/* Counts letters word by word; a range table says whose they are. */
#include "integrity/text/scripts.h"

#include <string.h>

enum script { SCRIPT_NONE, SCRIPT_JOINED, SCRIPT_LATIN, SCRIPT_HAN, SCRIPT_KANA, SCRIPT_OTHER };
#define SCRIPTS (SCRIPT_OTHER + 1)

/* By the Unicode code charts; what is between the rows is no letter. */
static const struct {
	uint32_t first, last;
	enum script script;
} ranges[] = {
	{ 'A', 'Z', SCRIPT_LATIN },
	{ 'a', 'z', SCRIPT_LATIN },
	{ 0xC0, 0x2AF, SCRIPT_LATIN },
	{ 0x300, 0x36F, SCRIPT_JOINED }, /* accents */
	{ 0x370, 0x52F, SCRIPT_OTHER },  /* Greek, Cyrillic */
	{ 0x530, 0x10FF, SCRIPT_OTHER }, /* Armenian to Georgian: Hebrew, Arabic, India's, Thai */
	{ 0x1100, 0x1CFF, SCRIPT_OTHER },
	{ 0x1D00, 0x1EFF, SCRIPT_LATIN }, /* small capitals, Vietnamese */
	{ 0x1F00, 0x1FFF, SCRIPT_OTHER },
	{ 0x200B, 0x200F, SCRIPT_JOINED }, /* zero width */
	{ 0x2060, 0x2064, SCRIPT_JOINED },
	{ 0x3041, 0x30FF, SCRIPT_KANA },
	{ 0x3130, 0x318F, SCRIPT_OTHER },
	{ 0x31F0, 0x31FF, SCRIPT_KANA },
	{ 0x3400, 0x9FFF, SCRIPT_HAN },
	{ 0xA000, 0xA4CF, SCRIPT_OTHER },
	{ 0xA800, 0xD7FF, SCRIPT_OTHER }, /* Hangul and more of India's */
	{ 0xF900, 0xFAFF, SCRIPT_HAN },
	{ 0xFB1D, 0xFDFF, SCRIPT_OTHER },
	{ 0xFE70, 0xFEFE, SCRIPT_OTHER },
	{ 0xFEFF, 0xFEFF, SCRIPT_JOINED },
	{ 0xFF21, 0xFF3A, SCRIPT_LATIN },
	{ 0xFF41, 0xFF5A, SCRIPT_LATIN },
	{ 0xFF66, 0xFF9D, SCRIPT_KANA },
	{ 0xFFA0, 0xFFDC, SCRIPT_OTHER },
	{ 0x10280, 0x10FFF, SCRIPT_OTHER },
	{ 0x1D400, 0x1D7FF, SCRIPT_LATIN }, /* mathematical letters */
	{ 0x1F130, 0x1F189, SCRIPT_LATIN }, /* squared letters */
	{ 0x20000, 0x3FFFF, SCRIPT_HAN },
};
/* Fewer kana than this, or than one in four of kana and Han, are an ornament in Chinese. */
#define KANA_MIN 3

static enum script script_of(uint32_t cp)
{
	size_t low = 0, high = sizeof ranges / sizeof ranges[0];
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cp > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	bool inside = low < sizeof ranges / sizeof ranges[0] && cp >= ranges[low].first;
	return inside ? ranges[low].script : SCRIPT_NONE;
}

static inline unsigned char within(unsigned char c, unsigned char first, unsigned char last)
{
	return (unsigned char)(c - first) <= (unsigned char)(last - first);
}

/* 1 when a letter of another script begins here, by the first two bytes alone: U+0340 to U+1FFF, kana and what follows, Yi to
 * Hangul, presentation forms, half-width kana from U+FF80, plane 1 before the mathematical letters. Han, emoji, full-width letters
 * and punctuation are none. */
static inline unsigned char begins_other(unsigned char c, unsigned char next)
{
	unsigned char forms = within(next, 0xAC, 0xB7) | within(next, 0xBA, 0xBB) | (next == 0xBE);
	return (unsigned char)(within(c, 0xCD, 0xE1) | within(c, 0xEA, 0xED) |
	                       ((c == 0xE3) & (next > 0x80)) | ((c == 0xEF) & forms) |
	                       ((c == 0xF0) & (next == 0x90)));
}

/* A loop of fixed length without branches: the compiler makes it into wide instructions. */
#define BLOCK 32

static bool block_may_be_other(const unsigned char p[BLOCK + 1])
{
	unsigned char any = 0;
	for (size_t k = 0; k < BLOCK; k++)
		any |= begins_other(p[k], p[k + 1]);
	return any;
}

static bool may_be_other(str text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t i = 0;
	for (; text.n - i > BLOCK; i += BLOCK) {
		if (block_may_be_other(p + i))
			return true;
	}
	unsigned char rest[BLOCK + 1] = { 0 };
	if (text.n > i)
		memcpy(rest, p + i, text.n - i);
	return block_may_be_other(rest);
}

/* A word's letters all count as Latin when one of them is. */
static void end_word(size_t letters[SCRIPTS], size_t word[2])
{
	letters[word[0] > 0 ? SCRIPT_LATIN : SCRIPT_OTHER] += word[0] + word[1];
	word[0] = word[1] = 0;
}

/* The end of the link whose "://" begins at `at`: links are nobody's language. */
static size_t link_end(str text, size_t at)
{
	while (at < text.n && (unsigned char)text.p[at] > ' ' && (unsigned char)text.p[at] < 0x80)
		at++;
	return at;
}

bool scripts_known(str text)
{
	if (!may_be_other(text))
		return true;
	size_t letters[SCRIPTS] = { 0 }, word[2] = { 0 }; /* Latin ones, others */
	for (size_t at = 0; at < text.n;) {
		if (text.p[at] == ':' && str_starts(str_slice(text, at, text.n), S("://"))) {
			word[0] = word[1] = 0;
			at = link_end(text, at);
			continue;
		}
		enum script script = script_of(utf8_next(text, &at));
		if (script == SCRIPT_LATIN || script == SCRIPT_OTHER) {
			word[script == SCRIPT_OTHER]++;
		} else if (script != SCRIPT_JOINED) {
			end_word(letters, word);
			letters[script]++;
		}
	}
	end_word(letters, word);
	size_t kana = letters[SCRIPT_KANA], han = letters[SCRIPT_HAN];
	bool japanese = kana >= KANA_MIN && kana * 4 >= kana + han;
	size_t unknown = letters[SCRIPT_OTHER] + kana + (japanese ? han : 0);
	return unknown * 2 <= letters[SCRIPT_OTHER] + kana + han + letters[SCRIPT_LATIN];
}
