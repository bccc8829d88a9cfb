/* str.c - slices of text, and UTF-8. */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define LOW_BITS UINT64_C(0x0101010101010101)
#define REPLACEMENT 0xFFFDu

str str_of(const char *c) { return c ? (str){ c, strlen(c) } : STR_NONE; }

bool str_eq(str a, str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

int str_cmp(str a, str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_eq((str){ s.p, prefix.n }, prefix);
}

bool str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

bool str_eq_ascii_nocase(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	}
	return true;
}

size_t str_find(str s, str needle)
{
	if (needle.n == 0)
		return 0;
	const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
	return at ? (size_t)(at - s.p) : SIZE_MAX;
}

str str_slice(str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return s.p ? (str){ s.p + from, to - from } : STR_NONE;
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

str str_trim(str s)
{
	size_t from = 0, to = s.n;
	while (from < to && is_space(s.p[from]))
		from++;
	while (to > from && is_space(s.p[to - 1]))
		to--;
	return str_slice(s, from, to);
}

str str_cut(str *rest, char sep)
{
	str s = *rest;
	const char *at = s.n ? memchr(s.p, sep, s.n) : NULL;
	if (!at) {
		*rest = STR_NONE;
		return s;
	}
	size_t n = (size_t)(at - s.p);
	*rest = (str){ at + 1, s.n - n - 1 };
	return (str){ s.p, n };
}

str str_dup(struct arena *mem, str s) { return (str){ arena_copy(mem, s.p, s.n), s.n }; }

char *str_to_c(struct arena *mem, str s)
{
	char *c = arena_alloc(mem, s.n + 1);
	if (s.n)
		memcpy(c, s.p, s.n);
	return c;
}

str str_lower_ascii(struct arena *mem, str s)
{
	char *p = arena_alloc(mem, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = lower(s.p[i]);
	return (str){ p, s.n };
}

str str_format(struct arena *mem, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		abort(); /* a wrong format is our own fault */
	char *p = arena_alloc(mem, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return (str){ p, (size_t)n };
}

bool str_to_i64(str s, int64_t *out)
{
	size_t i = 0;
	bool negative = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		i = 1;
	if (i == s.n)
		return false;
	int64_t v = 0;
	for (; i < s.n; i++) {
		int digit = s.p[i] - '0';
		if (digit < 0 || digit > 9)
			return false;
		/* counts below zero, where there is room for one more */
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!negative && v == INT64_MIN)
		return false;
	*out = negative ? v : -v;
	return true;
}

static bool follows(unsigned char c) { return (c & 0xC0) == 0x80; }

/* Bytes of the well-formed sequence at `p`, or 0. Table 3-7 of the Unicode Standard. */
static inline size_t decode(const unsigned char *p, size_t n, uint32_t *cp)
{
	unsigned char a = p[0];
	if (a < 0x80) {
		*cp = a;
		return 1;
	}
	if (a >= 0xE0 && a < 0xF0) { /* first, because Chinese lives here */
		if (n < 3 || !follows(p[1]) || !follows(p[2]))
			return 0;
		*cp = (a & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
		return *cp >= 0x800 && (*cp & 0xF800) != 0xD800 ? 3 : 0;
	}
	if (a >= 0xC2 && a < 0xE0) {
		if (n < 2 || !follows(p[1]))
			return 0;
		*cp = (a & 0x1Fu) << 6 | (p[1] & 0x3Fu);
		return 2;
	}
	if (a >= 0xF0 && a < 0xF5) {
		if (n < 4 || !follows(p[1]) || !follows(p[2]) || !follows(p[3]))
			return 0;
		*cp = (a & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
		      (p[3] & 0x3Fu);
		return *cp >= 0x10000 && *cp <= 0x10FFFF ? 4 : 0;
	}
	return 0;
}

bool utf8_valid(str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t i = 0;
	while (i < bytes.n) {
		uint64_t word;
		while (bytes.n - i >= 8) {
			memcpy(&word, p + i, 8);
			if (word & HIGH_BITS)
				break;
			i += 8;
		}
		if (i == bytes.n)
			break;
		/* stay here while the text is not ASCII: looking at words first would be lost work */
		do {
			uint32_t cp;
			size_t n = decode(p + i, bytes.n - i, &cp);
			if (n == 0)
				return false;
			i += n;
		} while (i < bytes.n && p[i] >= 0x80);
	}
	return true;
}

size_t utf8_length(str text)
{
	const char *p = text.p;
	size_t i = 0, inner = 0;
	for (; text.n - i >= 8; i += 8) {
		uint64_t word;
		memcpy(&word, p + i, 8);
		uint64_t cont = (word >> 7) & ~(word >> 6) & LOW_BITS; /* 10xxxxxx */
		inner += (size_t)__builtin_popcountll(cont);
	}
	for (; i < text.n; i++)
		inner += follows((unsigned char)p[i]);
	return text.n - inner;
}

uint32_t utf8_next(str bytes, size_t *at)
{
	assert(*at < bytes.n);
	uint32_t cp;
	size_t n = decode((const unsigned char *)bytes.p + *at, bytes.n - *at, &cp);
	*at += n ? n : 1;
	return n ? cp : REPLACEMENT;
}

size_t utf8_put(char out[4], uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp > 0x10FFFF || (cp & ~0x7FFu) == 0xD800)
		cp = REPLACEMENT;
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}
