/* A table of disguises; each rewrites one character or leaves it. */
#include "integrity/learn/augment.h"

#include "integrity/text/fold.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define HAN_FIRST 0x3400u
#define HAN_END 0xA000u
#define HAN_COUNT (HAN_END - HAN_FIRST)
#define COMMON_MIN                                                                                 \
	10 /* times a character stands in the training texts before others are exchanged for it */
#define PARTS_MAX 3
#define WAYS_MAX 2 /* the first is the dictionary's, the second as it is drawn */
#define LINE_MAX_BYTES 4096

/* Characters of one key (a syllable, a part) lie together in `members`. */
struct groups {
	uint32_t *first; /* [keys + 1] */
	uint16_t *members;
};

struct character {
	uint32_t count;
	uint32_t traditional;
	uint32_t parts[WAYS_MAX][PARTS_MAX]; /* what it is split into; 0 ends */
};

struct augment {
	struct character han[HAN_COUNT];
	struct groups by_sound, by_part;
};

uint64_t augment_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t augment_below(uint64_t *random, uint32_t n)
{
	return (uint32_t)(augment_random(random) >> 33) % n;
}

struct augment *augment_new(void)
{
	struct augment *a = calloc(1, sizeof *a);
	if (!a)
		abort();
	return a;
}

static void groups_free(struct groups *g)
{
	free(g->first);
	free(g->members);
	*g = (struct groups){ 0 };
}

void augment_free(struct augment *a)
{
	if (!a)
		return;
	groups_free(&a->by_sound);
	groups_free(&a->by_part);
	free(a);
}

static bool is_han(uint32_t cp) { return cp >= HAN_FIRST && cp < HAN_END; }

/* ---- tables ---- */

static uint32_t only_code_point(str s)
{
	size_t at = 0;
	uint32_t cp = s.n > 0 ? utf8_next(s, &at) : 0;
	return at == s.n ? cp : 0;
}

/* "from TAB to other-to ...": the first is the usual one. */
static void take_traditional(struct augment *a, str line)
{
	str rest = line;
	uint32_t from = only_code_point(str_cut(&rest, '\t'));
	uint32_t to = only_code_point(str_cut(&rest, ' '));
	if (is_han(from) && to != from)
		a->han[from - HAN_FIRST].traditional = to;
}

/* Two or three characters with spaces between. */
static bool take_way(str way, uint32_t parts[PARTS_MAX])
{
	size_t n = 0;
	for (; way.n > 0; n++) {
		uint32_t part = only_code_point(str_cut(&way, ' '));
		if (!part || n == PARTS_MAX)
			return false;
		parts[n] = part;
	}
	return n >= 2;
}

/* "character TAB part part ... TAB other parts ..." */
static void take_parts(struct augment *a, str line)
{
	str rest = line;
	uint32_t from = only_code_point(str_cut(&rest, '\t'));
	if (!is_han(from))
		return;
	struct character *c = &a->han[from - HAN_FIRST];
	for (size_t way = 0; rest.n > 0 && way < WAYS_MAX;) {
		uint32_t parts[PARTS_MAX] = { 0 };
		if (take_way(str_cut(&rest, '\t'), parts))
			memcpy(c->parts[way++], parts, sizeof parts);
	}
}

static err read_table(struct augment *a, const char *folder, const char *name,
                      void take(struct augment *a, str line))
{
	struct arena *mem = arena_new(4096);
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	err e = lines_open(str_to_c(mem, str_format(mem, "%s/%s", folder, name)), LINE_MAX_BYTES,
	                   &lines);
	if (!failed(e)) {
		while (lines_next(lines, &line, &cut))
			take(a, line);
		e = lines_close(&lines);
	}
	arena_free(mem);
	return e;
}

err augment_read(struct augment *a, const char *folder)
{
	err e;
	TRY(read_table(a, folder, "opencc_STCharacters.txt.gz", take_traditional));
	TRY(read_table(a, folder, "chaizi-jt.txt.gz", take_parts));
out:
	return e;
}

void augment_learn(struct augment *a, str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (is_han(cp))
			a->han[cp - HAN_FIRST].count++;
	}
}

/* Keys of a character: its reading, or its parts. 0 is no key. */
typedef uint32_t key_of(const struct augment *a, uint32_t cp, size_t part);

static uint32_t sound_of(const struct augment *a, uint32_t cp, size_t part)
{
	(void)a;
	return part == 0 ? fold_reading(cp) : 0;
}

static uint32_t part_of(const struct augment *a, uint32_t cp, size_t part)
{
	uint32_t p = a->han[cp - HAN_FIRST].parts[0][part];
	return is_han(p) ? p - HAN_FIRST + 1 : 0;
}

/* A counting sort of the common characters by their keys. */
static void group(const struct augment *a, key_of *key, uint32_t keys, struct groups *g)
{
	groups_free(g);
	g->first = calloc((size_t)keys + 2, sizeof *g->first);
	g->members = calloc(HAN_COUNT * PARTS_MAX, sizeof *g->members);
	if (!g->first || !g->members)
		abort();
	for (int fill = 0; fill < 2; fill++) {
		for (uint32_t i = HAN_COUNT * PARTS_MAX; i-- > 0;) {
			uint32_t cp = HAN_FIRST + i / PARTS_MAX;
			uint32_t k = a->han[cp - HAN_FIRST].count >= COMMON_MIN
			                     ? key(a, cp, i % PARTS_MAX)
			                     : 0;
			if (k && fill)
				g->members[--g->first[k]] = (uint16_t)cp;
			else if (k)
				g->first[k]++;
		}
		for (uint32_t k = 1; k <= keys + 1 && !fill; k++)
			g->first[k] += g->first[k - 1];
	}
}

void augment_settle(struct augment *a)
{
	group(a, sound_of, fold_syllables(), &a->by_sound);
	group(a, part_of, HAN_COUNT, &a->by_part);
}

/* One of the key's characters, or 0 when there is none but `cp`. */
static uint32_t member(const struct groups *g, uint32_t key, uint32_t cp, uint64_t *random)
{
	uint32_t n = key ? g->first[key + 1] - g->first[key] : 0;
	uint32_t got = n ? g->members[g->first[key] + augment_below(random, n)] : 0;
	return got != cp ? got : 0;
}

static void put(struct buf *b, uint32_t cp)
{
	char bytes[4];
	buf_add(b, (str){ bytes, utf8_put(bytes, cp) });
}

static bool is_latin(uint32_t cp) { return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'); }

bool augment_digits(str text, uint64_t *random, struct arena *mem, str *out)
{
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
			buf_char(&b, masked ? (char)('0' + augment_below(random, 10)) : text.p[i]);
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
	put(b, marks[augment_below(random, 6)]);
	return true;
}

static bool emoji(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)a;
	put(b, cp);
	put(b, 0x1F300 + augment_below(random, 0x250));
	return true;
}

static bool punctuation(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	static const char marks[] = ".,-_*~/|+=^'";
	(void)a;
	put(b, cp);
	buf_char(b, marks[augment_below(random, sizeof marks - 1)]);
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
	uint32_t from = alphabets[augment_below(random, 7)];
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
	uint32_t other = is_han(cp) ? member(&a->by_sound, fold_reading(cp), cp, random) : 0;
	if (other)
		put(b, other);
	return other != 0;
}

/* Another character with the same phonetic part, which as a rule is the last, or at times any part. */
static bool alike(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	if (!is_han(cp))
		return false;
	size_t n = 0;
	while (n < PARTS_MAX && a->han[cp - HAN_FIRST].parts[0][n])
		n++;
	if (n == 0)
		return false;
	size_t part = augment_below(random, 100) < 70 ? n - 1 : augment_below(random, (uint32_t)n);
	uint32_t other = member(&a->by_part, part_of(a, cp, part), cp, random);
	if (other)
		put(b, other);
	return other != 0;
}

static bool split(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	if (!is_han(cp))
		return false;
	const struct character *c = &a->han[cp - HAN_FIRST];
	const uint32_t *parts = c->parts[c->parts[1][0] ? augment_below(random, WAYS_MAX) : 0];
	for (size_t i = 0; i < PARTS_MAX && parts[i]; i++)
		put(b, parts[i]);
	return parts[0] != 0;
}

static bool traditional(const struct augment *a, uint32_t cp, uint64_t *random, struct buf *b)
{
	(void)random;
	uint32_t other = is_han(cp) ? a->han[cp - HAN_FIRST].traditional : 0;
	if (other)
		put(b, other);
	return other != 0;
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

/* Styles of Latin letters apply to the Latin words of a Chinese text too. */
static disguise *const for_han[] = { zero_width, emoji,     punctuation,  space,
	                             full_width, homophone, pinyin,       traditional,
	                             alike,      split,     math_letters, lookalike };
static disguise *const for_latin[] = { zero_width, emoji,        punctuation, space,
	                               full_width, math_letters, lookalike,   leet };

static str disguised(const struct augment *a, str text, disguise *kind, uint32_t percent,
                     uint64_t *random, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, text.n * 8 + 64);
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (cp <= ' ' || augment_below(random, 100) >= percent || !kind(a, cp, random, &b))
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
	uint32_t times = augment_below(random, 100) < 30 ? 2 : 1;
	for (uint32_t i = 0; i < times; i++) {
		disguise *kind = (han ? for_han : for_latin)[augment_below(random, kinds)];
		text = disguised(a, text, kind, 10 + augment_below(random, 51), random, mem);
	}
	return text;
}
