/* A table of disguises; each rewrites one character or leaves it. */
#include "integrity/learn/augment.h"

#include "base/buf.h"
#include "integrity/text/fold.h"

#include <stdlib.h>

#define HAN_FIRST 0x3400u
#define HAN_END 0xA000u
#define ALIKE_MAX 24 /* common characters kept per syllable */
#define COMMON_MIN 20

struct augment {
	uint32_t counts[HAN_END - HAN_FIRST];
	uint16_t *alike; /* [syllable][ALIKE_MAX], filled on first use; 0 ends */
};

uint64_t augment_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint32_t below(uint64_t *random, uint32_t n)
{
	return (uint32_t)(augment_random(random) >> 33) % n;
}

struct augment *augment_new(void)
{
	struct augment *a = calloc(1, sizeof *a);
	if (!a)
		abort();
	a->alike = calloc((size_t)(fold_syllables() + 1) * ALIKE_MAX, sizeof *a->alike);
	if (!a->alike)
		abort();
	return a;
}

void augment_free(struct augment *a)
{
	if (!a)
		return;
	free(a->alike);
	free(a);
}

static bool is_han(uint32_t cp) { return cp >= HAN_FIRST && cp < HAN_END; }

/* A character joins its syllable's list when it has been seen often enough. */
void augment_learn(struct augment *a, str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (!is_han(cp) || ++a->counts[cp - HAN_FIRST] != COMMON_MIN || !fold_reading(cp))
			continue;
		uint16_t *list = a->alike + (size_t)fold_reading(cp) * ALIKE_MAX;
		for (size_t i = 0; i < ALIKE_MAX; i++) {
			if (list[i] == 0) {
				list[i] = (uint16_t)cp;
				break;
			}
		}
	}
}

static void put(struct buf *b, uint32_t cp)
{
	char bytes[4];
	buf_add(b, (str){ bytes, utf8_put(bytes, cp) });
}

static bool is_latin(uint32_t cp) { return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'); }

bool augment_digits(const struct augment *a, str text, uint64_t *random, struct arena *mem,
                    str *out)
{
	(void)a;
	struct buf b;
	buf_init(&b, mem, text.n * 2 + 16);
	bool found = false, latin_before = false;
	for (size_t i = 0; i < text.n;) {
		size_t end = i;
		while (end < text.n && text.p[end] == 'x')
			end++;
		bool masked = end > i && !latin_before &&
		              !(end < text.n && is_latin((unsigned char)text.p[end]));
		found |= masked;
		latin_before = end == i && is_latin((unsigned char)text.p[i]);
		if (end == i)
			end = i + 1;
		for (; i < end; i++)
			buf_char(&b, masked ? (char)('0' + below(random, 10)) : text.p[i]);
	}
	*out = buf_str(&b);
	return found;
}

/* ---- disguises: each writes `cp` in its own way; false when it does not apply ---- */

typedef bool disguise(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b);

static bool zero_width(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const uint32_t marks[] = { 0x200B, 0x200C, 0x2060, 0xFEFF, 0x0336, 0x0489 };
	(void)a;
	put(b, cp);
	put(b, marks[below(random, 6)]);
	return true;
}

static bool emoji(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)a;
	put(b, cp);
	put(b, 0x1F300 + below(random, 0x250));
	return true;
}

static bool punctuation(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const char marks[] = ".,-_*~/|+=^'";
	(void)a;
	put(b, cp);
	buf_char(b, marks[below(random, sizeof marks - 1)]);
	return true;
}

static bool space(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)a, (void)random;
	put(b, cp);
	buf_char(b, ' ');
	return true;
}

static bool full_width(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)a, (void)random;
	if (cp <= ' ' || cp >= 0x7F)
		return false;
	put(b, cp - 0x20 + 0xFF00);
	return true;
}

static bool math_letters(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const uint32_t alphabets[] = { 0x1D400, 0x1D468, 0x1D4D0, 0x1D56C,
		                              0x1D5D4, 0x1D63C, 0x1D670 };
	(void)a;
	uint32_t from = alphabets[below(random, 7)];
	if (!is_latin(cp))
		return false;
	put(b, cp >= 'a' ? from + 26 + (cp - 'a') : from + (cp - 'A'));
	return true;
}

static bool lookalike(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const char latin[] = "aceiopsxyABCEHKMOPTX";
	static const uint32_t others[] = { 0x430, 0x441, 0x435, 0x456, 0x43E, 0x440, 0x455,
		                           0x445, 0x443, 0x410, 0x412, 0x421, 0x415, 0x41D,
		                           0x41A, 0x41C, 0x41E, 0x420, 0x422, 0x425 };
	(void)a, (void)random;
	for (size_t i = 0; i < sizeof latin - 1; i++) {
		if ((uint32_t)latin[i] == cp) {
			put(b, others[i]);
			return true;
		}
	}
	return false;
}

static bool leet(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const char from[] = "oieastb", to[] = "0134578";
	(void)a, (void)random;
	for (size_t i = 0; i < sizeof from - 1; i++) {
		if ((uint32_t)from[i] == (cp | 0x20)) {
			buf_char(b, to[i]);
			return true;
		}
	}
	return false;
}

static bool homophone(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	const uint16_t *list = a->alike + (size_t)(is_han(cp) ? fold_reading(cp) : 0) * ALIKE_MAX;
	uint32_t n = 0;
	while (n < ALIKE_MAX && list[n])
		n++;
	if (n < 2)
		return false;
	put(b, list[below(random, n)]);
	return true;
}

static bool pinyin(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)a, (void)random;
	unsigned syllable = is_han(cp) ? fold_reading(cp) : 0;
	if (!syllable)
		return false;
	buf_add(b, str_of(fold_syllable(syllable)));
	return true;
}

static disguise *const for_han[] = { zero_width, emoji,     punctuation, space,
	                             full_width, homophone, pinyin };
static disguise *const for_latin[] = { zero_width, emoji,        punctuation, space,
	                               full_width, math_letters, lookalike,   leet };

static str disguised(const struct augment *a, str text, disguise *kind, uint32_t percent,
                     uint64_t *random, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, text.n * 8 + 64);
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (cp <= ' ' || below(random, 100) >= percent || !kind(a, cp, random, &b))
			put(&b, cp);
	}
	return buf_str(&b);
}

static bool has_han(str text)
{
	for (size_t at = 0; at < text.n;) {
		if (is_han(utf8_next(text, &at)))
			return true;
	}
	return false;
}

str augment_disguise(const struct augment *a, str text, uint64_t *random, struct arena *mem)
{
	bool han = has_han(text);
	uint32_t kinds = han ? sizeof for_han / sizeof for_han[0]
	                     : sizeof for_latin / sizeof for_latin[0];
	uint32_t times = below(random, 100) < 30 ? 2 : 1;
	for (uint32_t i = 0; i < times; i++) {
		disguise *kind = (han ? for_han : for_latin)[below(random, kinds)];
		text = disguised(a, text, kind, 10 + below(random, 51), random, mem);
	}
	return text;
}
