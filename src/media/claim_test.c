#include "media/claim.h"

#include "model/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* S() as a constant. */
#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
#define SOI "\xff\xd8"
#define APP0 "\xff\xe0\0\x04xx"
#define SOF(kind, height, width, parts) "\xff" kind "\0\x0b\x08" height width parts "\1\x11\0"
#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define IHDR(width, height) "\0\0\0\x0dIHDR" width height "\x08\2\0\0\0crc_"
#define IDAT "\0\0\0\0IDATcrc_"
#define RIFF(size, body) "RIFF" size "\0\0\0WEBP" body
#define VP8X(flags, width, height) "VP8X\x0a\0\0\0" flags "\0\0\0" width "\0\0" height "\0\0"
#define VP8(width, height) "VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a" width height
#define VP8L(bits) "VP8L\x05\0\0\0\x2f" bits "\0" /* padded to an even length */

static const struct {
	const char *name;
	str bytes;
	enum fault fault;
	enum claim_format format;
	int width, height;
} cases[] = {
	{ "nothing", BYTES(""), FAULT_FORMAT, 0, 0, 0 },
	{ "two bytes of a JPEG", BYTES("\xff\xd8"), FAULT_FORMAT, 0, 0, 0 },
	{ "a GIF", BYTES("GIF89a\1\0\1\0"), FAULT_FORMAT, 0, 0, 0 },
	{ "a TIFF", BYTES("II*\0\x08\0\0\0"), FAULT_FORMAT, 0, 0, 0 },
	{ "a sound", BYTES("RIFF\x24\0\0\0WAVEfmt "), FAULT_FORMAT, 0, 0, 0 },
	{ "a RIFF of nothing", BYTES("RIFF"), FAULT_FORMAT, 0, 0, 0 },
	{ "HTML", BYTES("<!doctype html>"), FAULT_FORMAT, 0, 0, 0 },

	{ "a JPEG", BYTES(SOI APP0 SOF("\xc0", "\1\0", "\2\0", "\3")), FAULT_NONE, CLAIM_JPEG, 512,
	  256 },
	{ "a progressive JPEG", BYTES(SOI SOF("\xc2", "\0\1", "\0\2", "\1")), FAULT_NONE,
	  CLAIM_JPEG, 2, 1 },
	{ "a CMYK JPEG", BYTES(SOI SOF("\xc1", "\0\1", "\0\2", "\4")), FAULT_NONE, CLAIM_JPEG, 2,
	  1 },
	{ "fill before a marker", BYTES(SOI "\xff\xff" SOF("\xc0", "\0\1", "\0\2", "\3")),
	  FAULT_NONE, CLAIM_JPEG, 2, 1 },
	{ "a lossless JPEG", BYTES(SOI SOF("\xc3", "\0\1", "\0\2", "\3")), FAULT_FORMAT, 0, 0, 0 },
	{ "an arithmetic JPEG", BYTES(SOI SOF("\xc9", "\0\1", "\0\2", "\3")), FAULT_FORMAT, 0, 0,
	  0 },
	{ "a JPEG of two parts", BYTES(SOI SOF("\xc0", "\0\1", "\0\2", "\2")), FAULT_FORMAT, 0, 0,
	  0 },
	{ "a JPEG of 12 bits", BYTES(SOI "\xff\xc1\0\x0b\x0c\0\1\0\2\3\1\x11\0"), FAULT_FORMAT, 0,
	  0, 0 },
	{ "a JPEG without height", BYTES(SOI SOF("\xc0", "\0\0", "\0\2", "\3")), FAULT_CUT, 0, 0,
	  0 },
	{ "a JPEG without width", BYTES(SOI SOF("\xc0", "\0\1", "\0\0", "\3")), FAULT_CUT, 0, 0,
	  0 },
	{ "a JPEG cut in its frame", BYTES(SOI "\xff\xc0\0\x0b\x08\0"), FAULT_CUT, 0, 0, 0 },
	{ "a segment shorter than its length", BYTES(SOI "\xff\xe0\0\1xxxxxxxxxxx"), FAULT_CUT, 0,
	  0, 0 },
	{ "a segment past the end", BYTES(SOI "\xff\xe0\xff\xffxxx"), FAULT_CUT, 0, 0, 0 },
	{ "pixels before a frame", BYTES(SOI "\xff\xda\0\x08xxxxxx"), FAULT_CUT, 0, 0, 0 },
	{ "an end before a frame", BYTES(SOI "\xff\xd9\0\0\0\0"), FAULT_CUT, 0, 0, 0 },
	{ "no marker", BYTES(SOI APP0 "hello, world"), FAULT_CUT, 0, 0, 0 },

	{ "a PNG", BYTES(SIGNATURE IHDR("\0\0\1\0", "\0\0\0\7") IDAT), FAULT_NONE, CLAIM_PNG, 256,
	  7 },
	{ "a PNG with words",
	  BYTES(SIGNATURE IHDR("\0\0\0\1", "\0\0\0\1") "\0\0\0\3tEXtabccrc_" IDAT), FAULT_NONE,
	  CLAIM_PNG, 1, 1 },
	{ "a moving PNG", BYTES(SIGNATURE IHDR("\0\0\0\1", "\0\0\0\1") "\0\0\0\0acTLcrc_" IDAT),
	  FAULT_MOVING, 0, 0, 0 },
	{ "a PNG without pixels", BYTES(SIGNATURE IHDR("\0\0\0\1", "\0\0\0\1")), FAULT_CUT, 0, 0,
	  0 },
	{ "a PNG that begins elsewhere", BYTES(SIGNATURE "\0\0\0\0IEND" IDAT), FAULT_CUT, 0, 0, 0 },
	{ "a chunk past the end",
	  BYTES(SIGNATURE IHDR("\0\0\0\1", "\0\0\0\1") "\xff\xff\xff\xfftEXtcrc_" IDAT), FAULT_CUT,
	  0, 0, 0 },
	{ "a PNG of more pixels than an int has",
	  BYTES(SIGNATURE IHDR("\x80\0\0\0", "\0\0\0\1") IDAT), FAULT_PIXELS, 0, 0, 0 },
	{ "a PNG of no height", BYTES(SIGNATURE IHDR("\0\0\0\1", "\0\0\0\0") IDAT), FAULT_CUT, 0, 0,
	  0 },

	{ "a WebP", BYTES(RIFF("\x16", VP8("\x40\1", "\xf0\0"))), FAULT_NONE, CLAIM_WEBP, 320,
	  240 },
	{ "a lossless WebP", BYTES(RIFF("\x12", VP8L("\x3f\xc1\x3b\0"))), FAULT_NONE, CLAIM_WEBP,
	  320, 240 },
	{ "a WebP with features",
	  BYTES(RIFF("\x28", VP8X("\x08", "\x3f", "\xef") VP8("\x40\0", "\xf0\0"))), FAULT_NONE,
	  CLAIM_WEBP, 64, 240 },
	{ "a frame of another size than its canvas",
	  BYTES(RIFF("\x28", VP8X("\0", "\x3f", "\xef") VP8("\x41\0", "\xf0\0"))), FAULT_CUT, 0, 0,
	  0 },
	{ "a moving WebP", BYTES(RIFF("\x28", VP8X("\2", "\x3f", "\xef") VP8("\x40\0", "\xf0\0"))),
	  FAULT_MOVING, 0, 0, 0 },
	{ "a WebP that moves and does not say so",
	  BYTES(RIFF("\x1e", VP8X("\0", "\x3f", "\xef") "ANIM\0\0\0\0")), FAULT_MOVING, 0, 0, 0 },
	{ "a WebP that says it is longer", BYTES(RIFF("\x99", VP8("\x40\1", "\xf0\0"))), FAULT_CUT,
	  0, 0, 0 },
	{ "a WebP without pixels", BYTES(RIFF("\x16", VP8X("\0", "\x3f", "\xef"))), FAULT_CUT, 0, 0,
	  0 },
	{ "a frame that is none", BYTES(RIFF("\x16", "VP8 \x0a\0\0\0\0\0\0\0\0\0\1\0\1\0")),
	  FAULT_CUT, 0, 0, 0 },
	{ "a chunk longer than the WebP",
	  BYTES(RIFF("\x16", "VP8 \xff\xff\xff\xff\0\0\0\x9d\x01\x2a\1\0\1\0")), FAULT_CUT, 0, 0,
	  0 },
};

static void a_claim_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct claim claim = { CLAIM_JPEG, 0, 0 };
		print_message("# %s\n", cases[i].name);
		assert_int_equal(claim_read(cases[i].bytes, &claim), cases[i].fault);
		if (cases[i].fault != FAULT_NONE)
			continue;
		assert_int_equal(claim.format, cases[i].format);
		assert_int_equal(claim.width, cases[i].width);
		assert_int_equal(claim.height, cases[i].height);
	}
}

static void a_claim_is_judged(void **state)
{
	static const struct {
		const char *name;
		int width, height;
		size_t bytes;
		enum fault fault;
	} claims[] = {
		{ "one pixel", 1, 1, 70, FAULT_NONE },
		{ "a photograph", 4000, 3000, 4000000, FAULT_NONE },
		{ "50 megapixels", 10000, 5000, 9000000, FAULT_NONE },
		{ "a line more", 10000, 5001, 9000000, FAULT_PIXELS },
		{ "lottapixel", 64250, 64250, 5000, FAULT_PIXELS },
		{ "sides that overflow", 2000000000, 2000000000, 5000, FAULT_PIXELS },
		{ "a ribbon", 30000, 1, 500, FAULT_NONE },
		{ "too long a ribbon", 30001, 1, 500, FAULT_SIDE },
		{ "too tall a ribbon", 1, 30001, 500, FAULT_SIDE },
		{ "a clean code of 16 megapixels", 4000, 4000, 3000, FAULT_NONE },
		{ "25 megapixels in 24 KB", 5000, 5000, 24000, FAULT_CLAIM },
		{ "25 megapixels in 25 KB", 5000, 5000, 25000, FAULT_NONE },
	};
	(void)state;
	for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
		struct claim claim = { CLAIM_PNG, claims[i].width, claims[i].height };
		print_message("# %s\n", claims[i].name);
		assert_int_equal(claim_judge(&claim, claims[i].bytes), claims[i].fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_claim_is_read),
		cmocka_unit_test(a_claim_is_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
