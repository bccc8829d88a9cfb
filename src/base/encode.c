/* encode.c - hex and base64url. */
#include "base/encode.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

str hex_of(struct arena *mem, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;
	char *p = arena_array(mem, n, 2);
	for (size_t i = 0; i < n; i++) {
		p[2 * i] = hex_digits[from[i] >> 4];
		p[2 * i + 1] = hex_digits[from[i] & 15];
	}
	return (str){ p, 2 * n };
}

/* -1 for anything else. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_to(str text, void *out, size_t n)
{
	unsigned char *to = out;
	if (text.n / 2 != n || text.n % 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text.p[2 * i]), low = hex_value(text.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		to[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static size_t base64url_length(size_t n) { return n / 3 * 4 + (n % 3 ? n % 3 + 1 : 0); }

str base64url_of(struct arena *mem, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;
	size_t length = base64url_length(n), used = 0;
	char *p = arena_alloc(mem, length);
	uint32_t bits = 0;
	unsigned held = 0;
	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | from[i];
		for (held += 8; held >= 6; held -= 6)
			p[used++] = base64_digits[bits >> (held - 6) & 63];
	}
	if (held)
		p[used++] = base64_digits[bits << (6 - held) & 63];
	return (str){ p, length };
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool base64url_to(str text, void *out, size_t n)
{
	unsigned char *to = out;
	if (text.n != base64url_length(n))
		return false;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t used = 0;
	for (size_t i = 0; i < text.n; i++) {
		int value = base64_value(text.p[i]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			to[used++] = (unsigned char)(bits >> held);
		}
	}
	/* left-over bits must be zero, or two texts would mean the same bytes */
	return (bits & ((1u << held) - 1)) == 0;
}
