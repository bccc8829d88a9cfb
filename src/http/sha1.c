/* See sha1.h. */
#include "http/sha1.h"

#include <string.h>

#define BLOCK_BYTES 64

static uint32_t rotate(uint32_t v, int by) { return v << by | v >> (32 - by); }

static void add_block(uint32_t h[5], const uint8_t *block)
{
	static const uint32_t constants[4] = { 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6 };
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t f = i < 20   ? (b & c) | (~b & d)
		             : i < 40 ? b ^ c ^ d
		             : i < 60 ? (b & c) | (b & d) | (c & d)
		                      : b ^ c ^ d;
		uint32_t next = rotate(a, 5) + f + e + constants[i / 20] + w[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void sha1_of(str bytes, uint8_t digest[SHA1_BYTES])
{
	uint32_t h[5] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 };
	uint8_t last[2 * BLOCK_BYTES] = { 0 };
	const uint8_t *p = (const uint8_t *)bytes.p;
	size_t whole = bytes.n / BLOCK_BYTES, rest = bytes.n % BLOCK_BYTES;
	for (size_t i = 0; i < whole; i++)
		add_block(h, p + i * BLOCK_BYTES);
	if (rest > 0)
		memcpy(last, p + whole * BLOCK_BYTES, rest);
	last[rest] = 0x80;
	size_t blocks = rest + 9 > BLOCK_BYTES ? 2 : 1;
	for (size_t i = 0; i < 8; i++)
		last[blocks * BLOCK_BYTES - 1 - i] = (uint8_t)((uint64_t)bytes.n * 8 >> (8 * i));
	for (size_t i = 0; i < blocks; i++)
		add_block(h, last + i * BLOCK_BYTES);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}
