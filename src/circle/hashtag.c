#include "circle/hashtag.h"

#include "circle/name.h"

#define WIDE_SIGN "\xef\xbc\x83"

/* Above ASCII everything is a letter but these: punctuation, symbols, spaces, pictures. */
static const struct {
	uint32_t from, to;
} no_letters[] = {
	{ 0x80, 0xA9 },     { 0xAB, 0xB4 },       { 0xB6, 0xB9 },        { 0xBB, 0xBF },
	{ 0xD7, 0xD7 },     { 0xF7, 0xF7 },       { 0x2000, 0x206F },    { 0x20A0, 0x20CF },
	{ 0x2190, 0x2BFF }, { 0x2E00, 0x2E7F },   { 0x3000, 0x3004 },    { 0x3008, 0x3020 },
	{ 0x3030, 0x3030 }, { 0x303D, 0x303F },   { 0x30FB, 0x30FB },    { 0xE000, 0xF8FF },
	{ 0xFE00, 0xFE1F }, { 0xFE30, 0xFE6F },   { 0xFEFF, 0xFEFF },    { 0xFF01, 0xFF0F },
	{ 0xFF1A, 0xFF20 }, { 0xFF3B, 0xFF3E },   { 0xFF40, 0xFF40 },    { 0xFF5B, 0xFF65 },
	{ 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF }, { 0xE0000, 0x10FFFF },
};

static bool is_digit(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

static bool is_ascii_word(uint32_t cp)
{
	return is_digit(cp) || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp == '_';
}

static bool belongs(uint32_t cp)
{
	if (cp < 0x80)
		return is_ascii_word(cp);
	for (size_t i = 0; i < sizeof no_letters / sizeof no_letters[0]; i++)
		if (cp >= no_letters[i].from && cp <= no_letters[i].to)
			return false;
	return true;
}

/* The tag at the start of `rest`, which stands behind a sign; empty: none. */
static str tag_of(str rest)
{
	size_t end = 0, next = 0, count = 0;
	bool letter = false;
	while (next < rest.n) {
		uint32_t cp = utf8_next(rest, &next);
		if (!belongs(cp))
			break;
		letter = letter || (!is_digit(cp) && cp != '_');
		count++;
		end = next;
	}
	return letter && count <= HASHTAG_MAX ? str_slice(rest, 0, end) : STR_NONE;
}

/* Bytes of the sign at `at`; 0: none. */
static size_t sign_at(str text, size_t at)
{
	if (text.p[at] == '#')
		return 1;
	return str_starts(str_slice(text, at, text.n), S(WIDE_SIGN)) ? sizeof WIDE_SIGN - 1 : 0;
}

/* A sign in the middle of a Latin word, of an address or of an entity begins nothing. */
static bool may_begin(str text, size_t at)
{
	unsigned char before = at > 0 ? (unsigned char)text.p[at - 1] : ' ';
	return before >= 0x80 ||
	       (!is_ascii_word(before) && before != '/' && before != '&' && before != '#');
}

/* The first byte from `i` on at which a sign may stand. Most texts have none, and every text shown is walked. */
static size_t skip(str text, size_t i)
{
	while (i < text.n && text.p[i] != '#' && text.p[i] != WIDE_SIGN[0])
		i++;
	return i;
}

bool hashtag_next(str text, size_t *at, str *tag)
{
	size_t from = *at; /* what stands before it closed the last tag, if anything */
	for (size_t i = skip(text, from); i < text.n; i = skip(text, i + 1)) {
		size_t sign = sign_at(text, i);
		if (sign == 0 || (i > from && !may_begin(text, i)))
			continue;
		*tag = tag_of(str_slice(text, i + sign, text.n));
		if (tag->n == 0)
			continue;
		i += sign + tag->n;
		*at = i + (i < text.n ? sign_at(text, i) : 0);
		return true;
	}
	*at = text.n;
	return false;
}

str hashtag_fold(struct arena *mem, str tag) { return name_fold(mem, tag); }

size_t hashtag_all(str text, struct arena *mem, str *out)
{
	size_t at = 0, n = 0;
	str tag;
	while (n < HASHTAGS_MAX && hashtag_next(text, &at, &tag)) {
		str folded = hashtag_fold(mem, tag);
		size_t i = 0;
		while (i < n && !str_eq(out[i], folded))
			i++;
		if (i == n)
			out[n++] = folded;
	}
	return n;
}
