/* buf.c - growing text; the JSON string writer is the hot part of every answer. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 256
#define REPEATED(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS REPEATED(0x80)

#define DAY_MS INT64_C(86400000)
#define YEAR_0000_MS INT64_C(-62167219200000)
#define YEAR_9999_END_MS INT64_C(253402300799999)

void buf_init(struct buf *b, struct arena *mem, size_t max_bytes)
{
	*b = (struct buf){ .mem = mem, .max = max_bytes };
}

str buf_str(const struct buf *b) { return (str){ b->p, b->n }; }

/* Room for `extra` more bytes, and for the NUL that printf insists on. */
static bool grow(struct buf *b, size_t extra)
{
	if (b->full || extra > b->max - b->n) {
		b->full = true;
		return false;
	}
	size_t need = b->n + extra + 1;
	size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
	if (cap > b->max)
		cap = b->max + 1;
	if (cap < need)
		cap = need;
	b->p = arena_grow(b->mem, b->p, b->cap, cap);
	b->cap = cap;
	return true;
}

static inline bool ensure(struct buf *b, size_t extra)
{
	/* `full` is looked at first: once true it stays, even if a shorter piece would fit */
	if (!b->full && extra < b->cap - b->n && extra <= b->max - b->n)
		return true;
	return grow(b, extra);
}

void buf_add(struct buf *b, str s)
{
	if (!ensure(b, s.n) || s.n == 0)
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_char(struct buf *b, char c)
{
	if (ensure(b, 1))
		b->p[b->n++] = c;
}

/* Decimal digits of `v`, right-aligned in `room`; returns the first. */
static char *digits(char *end, uint64_t v)
{
	do {
		*--end = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return end;
}

void buf_i64(struct buf *b, int64_t v)
{
	char room[24];
	char *end = room + sizeof room;
	char *p = digits(end, v < 0 ? -(uint64_t)v : (uint64_t)v);
	if (v < 0)
		*--p = '-';
	buf_add(b, (str){ p, (size_t)(end - p) });
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(b->cap ? b->p + b->n : NULL, b->cap ? b->cap - b->n : 0, format, args);
	va_end(args);
	if (n < 0)
		abort(); /* a wrong format is our own fault */
	bool fits = (size_t)n < b->cap - b->n;
	if (ensure(b, (size_t)n)) {
		if (!fits)
			vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

/* A mark in the top bit of each byte of `word` that a JSON string cannot hold as it is. A borrow may mark a
 * byte above a true mark too, so only the lowest mark is exact. */
static uint64_t json_marks(uint64_t word)
{
	uint64_t quote = word ^ REPEATED('"'), slash = word ^ REPEATED('\\');
	uint64_t marks = (word - REPEATED(0x20)) & ~word;
	marks |= (quote - REPEATED(1)) & ~quote;
	marks |= (slash - REPEATED(1)) & ~slash;
	return marks & HIGH_BITS;
}

static bool json_plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\'; }

/* First byte at or after `i` that is not plain. */
static size_t json_skip(const char *p, size_t i, size_t n)
{
	for (; n - i >= 8; i += 8) {
		uint64_t word;
		memcpy(&word, p + i, 8);
		uint64_t marks = json_marks(word);
		if (marks) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return i + (size_t)__builtin_ctzll(marks) / 8;
#else
			break;
#endif
		}
	}
	while (i < n && json_plain((unsigned char)p[i]))
		i++;
	return i;
}

static void json_escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char short_form[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
	};
	char letter = c < 0x20 ? short_form[c] : (char)c;
	if (letter) {
		buf_add(b, (str){ (char[]){ '\\', letter }, 2 });
		return;
	}
	buf_add(b, (str){ (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6 });
}

/* The text with each malformed byte as U+FFFD. */
static str repaired(struct arena *mem, str bytes)
{
	char *p = arena_array(mem, bytes.n, 3);
	size_t n = 0, at = 0;
	while (at < bytes.n)
		n += utf8_put(p + n, utf8_next(bytes, &at));
	return (str){ p, n };
}

void buf_json(struct buf *b, str text)
{
	if (!ensure(b, text.n + 2)) /* one look at the arena for most texts */
		return;
	/* checked first and whole, so that the scan may step over every byte above ASCII */
	if (!utf8_valid(text))
		text = repaired(b->mem, text);
	buf_char(b, '"');
	size_t from = 0, i = 0;
	while ((i = json_skip(text.p, i, text.n)) < text.n) {
		buf_add(b, (str){ text.p + from, i - from });
		json_escape(b, (unsigned char)text.p[i]);
		from = ++i;
	}
	buf_add(b, (str){ text.p + from, text.n - from });
	buf_char(b, '"');
}

void buf_json_id(struct buf *b, int64_t id)
{
	buf_char(b, '"');
	buf_i64(b, id);
	buf_char(b, '"');
}

void buf_json_real(struct buf *b, double v)
{
	char text[400]; /* the largest double has 309 digits */
	if (!__builtin_isfinite(v)) {
		buf_char(b, '0');
		return;
	}
	if (v > -1e9 && v < 1e9) { /* times 10^6 still exact to the unit */
		int64_t millionths = (int64_t)(v * 1e6 + (v < 0 ? -0.5 : 0.5));
		uint64_t size = millionths < 0 ? -(uint64_t)millionths : (uint64_t)millionths;
		char *end = text + 32, *p = end;
		for (int i = 0; i < 6; i++, size /= 10)
			*--p = (char)('0' + size % 10);
		*--p = '.';
		p = digits(p, size);
		if (millionths < 0)
			*--p = '-';
		while (end[-1] == '0')
			end--;
		end -= end[-1] == '.';
		buf_add(b, (str){ p, (size_t)(end - p) });
		return;
	}
	int n = snprintf(text, sizeof text, "%.0f", v);
	buf_add(b, (str){ text, (size_t)n });
}

static char *two_digits(char *p, int64_t v)
{
	p[0] = (char)('0' + v / 10);
	p[1] = (char)('0' + v % 10);
	return p + 2;
}

void buf_time(struct buf *b, int64_t at_ms)
{
	if (at_ms < YEAR_0000_MS)
		at_ms = YEAR_0000_MS;
	if (at_ms > YEAR_9999_END_MS)
		at_ms = YEAR_9999_END_MS;
	/* Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the leap
	 * day comes last. Not gmtime_r, which takes a lock shared by all threads. */
	int64_t since = at_ms - YEAR_0000_MS, in_day = since % DAY_MS;
	int64_t days = since / DAY_MS + 146097 - 60; /* from 1 March of the year -400 */
	int64_t era = days / 146097, of_era = days % 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t from_march = (5 * of_year + 2) / 153;
	int64_t day = of_year - (153 * from_march + 2) / 5 + 1;
	int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
	int64_t year = era * 400 + year_of_era - 400 + (month <= 2);

	char text[24] = "0000-00-00T00:00:00.000Z";
	two_digits(two_digits(text, year / 100), year % 100);
	two_digits(text + 5, month);
	two_digits(text + 8, day);
	two_digits(text + 11, in_day / 3600000);
	two_digits(text + 14, in_day / 60000 % 60);
	two_digits(text + 17, in_day / 1000 % 60);
	text[20] = (char)('0' + in_day % 1000 / 100);
	two_digits(text + 21, in_day % 100);
	buf_add(b, (str){ text, sizeof text });
}

void buf_json_time(struct buf *b, int64_t at_ms)
{
	buf_char(b, '"');
	buf_time(b, at_ms);
	buf_char(b, '"');
}

static str html_escape(char c)
{
	switch (c) {
	case '&':
		return S("&amp;");
	case '<':
		return S("&lt;");
	case '>':
		return S("&gt;");
	case '"':
		return S("&quot;");
	case '\'':
		return S("&#39;");
	default:
		return STR_NONE;
	}
}

void buf_html(struct buf *b, str text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.n; i++) {
		str escaped = html_escape(text.p[i]);
		if (!escaped.n)
			continue;
		buf_add(b, (str){ text.p + from, i - from });
		buf_add(b, escaped);
		from = i + 1;
	}
	buf_add(b, str_slice(text, from, text.n));
}
