/* A thousand pictures that mean harm, or were harmed, from one seed: each is developed or refused in words, whatever becomes of the
 * worker, and after every batch a good one is developed as before. HOSTILE_SEED and HOSTILE_PICTURES in the environment ask for others. */
#include "media/darkroom.h"
#include "media/draw_testing.h"
#include "media/room_testing.h"

#include "base/buf.h"
#include "base/seam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>
#include <zlib.h>

#include <cmocka.h>

#define PICTURES 1000
#define SEED 20261
#define BATCH 50
#define PICTURE_MAX_BYTES ((size_t)32 << 20)
#define HTML "<script>alert(1)</script>"

static struct darkroom *room;
static struct arena *mem;   /* of all tests */
static struct arena *batch; /* of one batch of pictures */
static struct chance chance;
static uint64_t seed;

static uint32_t below(uint32_t n)
{
	uint32_t v;
	chance_fill(chance, &v, sizeof v);
	return n ? v % n : 0;
}

/* ---- what harm starts from: small pictures of every kind, drawn once ---- */

static const struct drawing drawings[] = {
	{ .format = CLAIM_JPEG, .width = 96, .height = 64 },
	{ .format = CLAIM_JPEG,
	  .width = 96,
	  .height = 64,
	  .layered = true,
	  .orientation = 6,
	  .canaries = true },
	{ .format = CLAIM_JPEG, .width = 70, .height = 50, .paint = PAINT_GREY },
	{ .format = CLAIM_JPEG, .width = 70, .height = 50, .paint = PAINT_CMYK },
	{ .format = CLAIM_PNG, .width = 96, .height = 64, .orientation = 5, .canaries = true },
	{ .format = CLAIM_PNG, .width = 60, .height = 40, .paint = PAINT_DEEP, .glass = true },
	{ .format = CLAIM_PNG, .width = 60, .height = 40, .layered = true },
	{ .format = CLAIM_PNG, .width = 1, .height = 1 },
	{ .format = CLAIM_PNG, .width = 1, .height = 20000, .paint = PAINT_GREY },
	{ .format = CLAIM_WEBP, .width = 96, .height = 64, .orientation = 3, .canaries = true },
	{ .format = CLAIM_WEBP, .width = 60, .height = 40, .glass = true, .orientation = 1 },
};
#define DRAWINGS (sizeof drawings / sizeof drawings[0])
static str drawn[DRAWINGS];

static str some(void) { return drawn[below(DRAWINGS)]; }
static str some_of(enum claim_format format)
{
	size_t i;
	do
		i = below(DRAWINGS);
	while (drawings[i].format != format);
	return drawn[i];
}

static char *copy_of(str s) { return arena_copy(batch, s.p, s.n); }

/* `a`, then `b`, then `c`. */
static str joined(str a, str b, str c)
{
	struct buf all;
	buf_init(&all, batch, PICTURE_MAX_BYTES);
	buf_add(&all, a);
	buf_add(&all, b);
	buf_add(&all, c);
	return buf_str(&all);
}

static str noise(size_t n)
{
	char *bytes = arena_alloc(batch, n);
	chance_fill(chance, bytes, n);
	return (str){ bytes, n };
}

/* ---- harm ---- */

static str cut_early(void)
{
	str s = some();
	return str_slice(s, 0, below((uint32_t)s.n / 2));
}
static str cut_late(void)
{
	str s = some();
	return str_slice(s, 0, s.n / 2 + below((uint32_t)s.n / 2));
}
static str flip_bits(void)
{
	str s = some();
	char *bytes = copy_of(s);
	for (uint32_t i = 1 + below(24); i > 0; i--) {
		uint32_t at = below((uint32_t)s.n);
		bytes[at] = (char)(bytes[at] ^ 1 << below(8));
	}
	return (str){ bytes, s.n };
}
/* Most of what a decoder decides lies in the first bytes. */
static str spoil_the_head(void)
{
	static const unsigned char edges[] = { 0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF };
	str s = some();
	char *bytes = copy_of(s);
	for (uint32_t i = 1 + below(6); i > 0; i--)
		bytes[below(s.n < 700 ? (uint32_t)s.n : 700)] = (char)edges[below(sizeof edges)];
	return (str){ bytes, s.n };
}
static str splice(void)
{
	str a = some(), b = some();
	size_t at = below((uint32_t)a.n), from = below((uint32_t)b.n);
	return joined(str_slice(a, 0, at), str_slice(b, from, from + below(4000)),
	              str_slice(a, at, a.n));
}
static str leave_out(void)
{
	str s = some();
	size_t at = below((uint32_t)s.n);
	return joined(str_slice(s, 0, at), str_slice(s, at + 1 + below(200), s.n), S(""));
}
static str noise_behind_a_head(void)
{
	str s = some();
	return joined(str_slice(s, 0, 12 + below(200)), noise(below(3000)), S(""));
}

static const char *const others[] = {
	"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\1D\0;",
	"BM6\4\0\0\0\0\0\0",
	"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
	"<!doctype html>" HTML,
	"II*\0\x08\0\0\0",
	"MM\0*\0\0\0\x08",
	"%PDF-1.4\n%",
	"%!PS-Adobe-3.0\nshowpage",
	"push graphic-context\nimage over 0,0 0,0 'https://example.com/x.jpg\"|id'\n",
	"8BPS\0\1",
	"P6\n9999 9999\n255\n",
	"\0\0\0\x18"
	"ftypheic",
	"\0\0\0\x0cjP  \r\n\x87\n",
	"\xff\x0a",
	"#?RADIANCE\n",
	"PK\3\4",
	"\x7f"
	"ELF",
	"SIMPLE  =                    T",
	"id=ImageMagick",
	"viewbox 0 0 1 1 image over 0,0 0,0 'ephemeral:/etc/passwd'",
};
static str another_format(void)
{
	return joined(str_of(others[below(sizeof others / sizeof others[0])]), noise(below(500)),
	              S(""));
}

static str claim_other_sides(void)
{
	static const unsigned char sides[][4] = { { 0xFF, 0xFF, 0xFF, 0xFF },
		                                  { 0, 0, 0, 0 },
		                                  { 0x27, 0x10, 0x27, 0x10 },
		                                  { 0xFF, 0xFF, 0, 1 },
		                                  { 0, 1, 0xFF, 0xFF } };
	const unsigned char *side = sides[below(sizeof sides / sizeof sides[0])];
	str s = some();
	char *bytes = copy_of(s);
	size_t baseline = str_find(s, S("\xff\xc0\0")), progressive = str_find(s, S("\xff\xc2\0"));
	size_t at = baseline < progressive ? baseline : progressive, webp = str_find(s, S("VP8L"));
	if (str_starts(s, S("\xff\xd8"))) {
		memcpy(bytes + at + 5, side, 4);
	} else if (str_starts(s, S("\x89PNG"))) {
		memcpy(bytes + 18, side, 2);
		memcpy(bytes + 22, side + 2, 2);
		uint32_t crc = (uint32_t)crc32(0, (const Bytef *)bytes + 12, 17);
		for (int i = 0; i < 4; i++)
			bytes[29 + i] = (char)(crc >> (24 - 8 * i));
	} else if (webp != SIZE_MAX) {
		memcpy(bytes + webp + 9, side, 4);
	}
	return (str){ bytes, s.n };
}

static str polyglot(void)
{
	str s = some();
	return joined(s, S("PK\3\4" HTML "<?php system($_GET[0]); ?>"), noise(below(300)));
}
static str hide_html_in_a_chunk(void)
{
	return draw_insert_chunk(some_of(CLAIM_PNG), "tEXt", S("Comment\0" HTML), batch);
}
static str strange_chunk(void)
{
	static const char *const types[] = {
		"PLTE", "tRNS", "gAMA", "cHRM", "sBIT", "hIST", "IHDR",
		"IEND", "iCCP", "zTXt", "iTXt", "eXIf", "pHYs", "sRGB"
	};
	return draw_insert_chunk(some_of(CLAIM_PNG), types[below(sizeof types / sizeof types[0])],
	                         noise(below(800)), batch);
}
/* Ten megabytes of one letter in some kilobytes. */
static str chunk_bomb(void)
{
	static const char *const types[] = { "zTXt", "iCCP" };
	size_t n = (size_t)10 << 20;
	uLongf packed_n = compressBound(n);
	char *letters = arena_alloc(batch, n), *packed = arena_alloc(batch, packed_n);
	memset(letters, 'A', n);
	if (compress((Bytef *)packed, &packed_n, (const Bytef *)letters, n) != Z_OK)
		abort();
	str body = joined(S("x\0\0"), (str){ packed, packed_n }, S(""));
	return draw_insert_chunk(some_of(CLAIM_PNG), types[below(2)], body, batch);
}
static str strange_segment(void)
{
	str s = some_of(CLAIM_JPEG), body = noise(2 + below(3000));
	char head[] = { (char)0xFF, (char)(0xC0 + below(64)), (char)((body.n + 2) >> 8),
		        (char)(body.n + 2) };
	str segment = joined((str){ head, sizeof head }, body, S(""));
	return joined(str_slice(s, 0, 2), segment, str_slice(s, 2, s.n));
}
static str strange_exif(void)
{
	str s = some(), exif = S("II*\0\x08\0\0\0");
	size_t at = str_find(s, exif);
	if (at == SIZE_MAX)
		return flip_bits();
	char *bytes = copy_of(s);
	for (int i = 0; i < 8; i++) {
		size_t to = at + exif.n + below(60);
		bytes[to < s.n ? to : at] = (char)below(256);
	}
	return (str){ bytes, s.n };
}
static str strange_webp(void)
{
	static const char *const types[] = { "ALPH", "VP8 ", "VP8L", "VP8X",
		                             "ICCP", "EXIF", "XMP ", "ANMF" };
	str s = some_of(CLAIM_WEBP);
	char *bytes = copy_of(s);
	size_t at = 12;
	for (uint32_t skip = below(3); skip > 0 && at + 8 < s.n; skip--) {
		size_t n = (unsigned char)s.p[at + 4] | (size_t)(unsigned char)s.p[at + 5] << 8;
		at += 8 + n + (n & 1);
	}
	if (at + 8 < s.n)
		memcpy(bytes + at, types[below(8)], 4);
	return (str){ bytes, s.n };
}
static str moving_png(void)
{
	return draw_insert_chunk(some_of(CLAIM_PNG), "acTL", S("\0\0\0\2\0\0\0\0"), batch);
}
static str moving_webp(void)
{
	str s = some_of(CLAIM_WEBP);
	char *bytes = copy_of(s);
	if (str_find(s, S("VP8X")) == 12)
		bytes[20] |= 2;
	return (str){ bytes, s.n };
}
static str honest(void) { return some(); }

enum fate { MAY, MUST, MUST_NOT };

static const struct harm {
	const char *name;
	str (*make)(void);
	unsigned share; /* of the pictures, by weight */
	enum fate fate; /* whether it is developed */
} harms[] = {
	{ "cut early", cut_early, 10, MUST_NOT },
	{ "cut late", cut_late, 8, MAY },
	{ "bits flipped", flip_bits, 18, MAY },
	{ "its head spoilt", spoil_the_head, 18, MAY },
	{ "a part of another in it", splice, 6, MAY },
	{ "a part left out", leave_out, 6, MAY },
	{ "noise behind a head", noise_behind_a_head, 5, MAY },
	{ "another format", another_format, 8, MUST_NOT },
	{ "other sides than its own", claim_other_sides, 6, MUST_NOT },
	{ "a polyglot", polyglot, 3, MUST },
	{ "HTML in a chunk", hide_html_in_a_chunk, 2, MUST },
	{ "a strange chunk", strange_chunk, 6, MAY },
	{ "a bomb in a chunk", chunk_bomb, 1, MAY },
	{ "a strange segment", strange_segment, 6, MAY },
	{ "strange EXIF", strange_exif, 4, MAY },
	{ "a strange chunk of WebP", strange_webp, 6, MAY },
	{ "a moving PNG", moving_png, 2, MUST_NOT },
	{ "a moving WebP", moving_webp, 2, MUST_NOT },
	{ "an honest one", honest, 3, MUST },
};
#define HARMS (sizeof harms / sizeof harms[0])

static const struct harm *pick_harm(void)
{
	unsigned all = 0, at = 0;
	for (size_t i = 0; i < HARMS; i++)
		all += harms[i].share;
	for (unsigned left = below(all); left >= harms[at].share; at++)
		left -= harms[at].share;
	return &harms[at];
}

/* ---- what comes of it ---- */

static err develop(str picture, struct print *out)
{
	return room_testing_develop(room, picture, true, batch, out);
}

/* Pixels of the sizes they are said to have, and nothing that was hidden. */
static void check_files(const struct print *print)
{
	str all = room_testing_files(print);
	assert_int_equal(str_find(all, S(CANARY)), SIZE_MAX);
	assert_int_equal(str_find(all, S("<script>")), SIZE_MAX);
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS; f++) {
			const struct print_file *file = &print->files[s][f];
			double mean;
			VipsImage *image = vips_image_new_from_buffer(all.p + file->from,
			                                              file->bytes, "", NULL);
			assert_non_null(image);
			assert_int_equal(image->Xsize, file->width);
			assert_int_equal(image->Ysize, file->height);
			assert_int_equal(vips_avg(image, &mean, NULL), 0);
			g_object_unref(image);
		}
	munmap((void *)(uintptr_t)all.p, all.n);
}

static void keep(str picture, size_t number)
{
	char path[64];
	snprintf(path, sizeof path, "/tmp/kith-hostile-%zu", number);
	FILE *f = fopen(path, "wb");
	if (f && fwrite(picture.p, 1, picture.n, f) == picture.n)
		print_error("the picture is in %s\n", path);
	if (f)
		fclose(f);
}

static bool is_as_fated(err e, enum fate fate)
{
	if (!failed(e))
		return fate != MUST_NOT;
	return fate != MUST && e.code == ERR_INPUT && e.say && strcmp(e.field, "file") == 0;
}

struct good {
	unsigned char pdq[PDQ_BYTES];
	size_t bytes;
};

static struct good develop_good(void)
{
	struct print print;
	struct good good;
	err e = develop(
		draw((struct drawing){ .format = CLAIM_JPEG, .width = 320, .height = 240 }, batch),
		&print);
	assert_string_equal(failed(e) ? e.why : "", "");
	memcpy(good.pdq, print.pdq, sizeof good.pdq);
	good.bytes = (size_t)lseek(print.fd, 0, SEEK_END);
	close(print.fd);
	return good;
}

static size_t number_of(const char *name, size_t otherwise)
{
	const char *value = getenv(name);
	return value ? (size_t)strtoull(value, NULL, 10) : otherwise;
}

static void a_thousand_pictures_do_no_harm(void **state)
{
	size_t pictures = number_of("HOSTILE_PICTURES", PICTURES), developed = 0, lost = 0;
	struct good good = develop_good();
	(void)state;
	for (size_t i = 0; i < pictures; i++) {
		const struct harm *harm = pick_harm();
		str picture = harm->make();
		struct print print;
		err e = develop(picture, &print);
		if (!is_as_fated(e, harm->fate)) {
			print_error("%zu: %s: %s\n", i, harm->name,
			            failed(e) ? e.why : "developed");
			keep(picture, i);
			fail();
		}
		developed += failed(e) ? 0 : 1;
		lost += failed(e) && strstr(e.say, "could not be read") ? 1 : 0;
		if (!failed(e))
			check_files(&print);
		if (i % BATCH == BATCH - 1) {
			struct good again = develop_good();
			assert_memory_equal(again.pdq, good.pdq, sizeof good.pdq);
			assert_int_equal(again.bytes, good.bytes);
			arena_reset(batch);
		}
	}
	print_message("# %zu of %zu developed, %zu cost a worker\n", developed, pictures, lost);
}

/* ---- bombs: one each, for they take their time ---- */

/* Zeros under a true header: 7000 x 7000 in RGB, 150 KB. It is a picture, and all of it is decoded. */
static void a_blank_picture_of_49_megapixels_is_developed(void **state)
{
	struct print print;
	VipsImage *image = NULL;
	void *bytes;
	size_t n;
	(void)state;
	assert_int_equal(vips_black(&image, 7000, 7000, "bands", 3, NULL), 0);
	assert_int_equal(vips_pngsave_buffer(image, &bytes, &n, "compression", 9, NULL), 0);
	err e = develop((str){ bytes, n }, &print);
	assert_string_equal(failed(e) ? e.why : "", "");
	check_files(&print);
	g_free(bytes);
	g_object_unref(image);
}

/* libvips would put it on disc. */
static void a_webp_of_49_megapixels_is_developed(void **state)
{
	struct print print;
	VipsImage *perlin = NULL;
	void *bytes;
	size_t n;
	(void)state;
	assert_int_equal(vips_perlin(&perlin, 7000, 7000, "cell_size", 128, "uchar", TRUE, NULL),
	                 0);
	perlin->Type = VIPS_INTERPRETATION_B_W;
	assert_int_equal(vips_webpsave_buffer(perlin, &bytes, &n, "effort", 0, NULL), 0);
	err e = develop((str){ bytes, n }, &print);
	assert_string_equal(failed(e) ? e.why : "", "");
	check_files(&print);
	g_free(bytes);
	g_object_unref(perlin);
}

static void add(struct buf *b, const char *bytes, size_t n) { buf_add(b, (str){ bytes, n }); }
#define ADD(b, literal) add((b), literal, sizeof(literal) - 1)

/* One component, 7000 x 7000, one bit of zero a block; then scan after scan over all blocks at once, each in thirty bytes. Source of the
 * idea: "Two issues with the JPEG standard", libjpeg-turbo 2017. */
static str scan_bomb(int scans)
{
	struct buf b;
	buf_init(&b, batch, PICTURE_MAX_BYTES);
	ADD(&b, "\xff\xd8\xff\xdb\0\x43\0");
	for (int i = 0; i < 64; i++)
		buf_char(&b, 1);
	ADD(&b, "\xff\xc2\0\x0b\x08\x1b\x58\x1b\x58\1\1\x11\0");
	ADD(&b, "\xff\xc4\0\x14\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"); /* DC: 0 in one bit */
	ADD(&b,
	    "\xff\xc4\0\x14\x10\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xe0"); /* AC: a run of 2^14 ends in one bit */
	ADD(&b, "\xff\xda\0\x08\1\1\0\0\0\0");
	for (int i = 0; i < 875 * 875 / 8 + 1; i++)
		buf_char(&b, 0);
	for (int s = 0; s < scans; s++) {
		ADD(&b, "\xff\xda\0\x08\1\1\0\1\x3f\0");
		for (int i = 0; i < 47 * 15 / 8 + 1; i++) /* 47 runs of 15 bits */
			buf_char(&b, 0);
	}
	ADD(&b, "\xff\xd9");
	return buf_str(&b);
}

static void a_jpeg_of_endless_scans_is_refused_unopened(void **state)
{
	struct print print;
	(void)state;
	err e = develop(scan_bomb(20000), &print);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.say, "This picture claims more than its file can hold.");
}

static void a_jpeg_of_a_dozen_scans_is_developed(void **state)
{
	struct print print;
	(void)state;
	err e = develop(scan_bomb(12), &print);
	assert_string_equal(failed(e) ? e.why : "", "");
	check_files(&print);
}

static int setup(void **state)
{
	(void)state;
	seed = number_of("HOSTILE_SEED", SEED);
	chance = chance_seeded(&seed);
	mem = arena_new((size_t)1 << 20);
	batch = arena_new((size_t)1 << 20);
	for (size_t i = 0; i < DRAWINGS; i++)
		drawn[i] = draw(drawings[i], mem);
	room = room_testing_open();
	return room ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	darkroom_close(&room);
	arena_free(batch);
	arena_free(mem);
	return 0;
}

int main(int argc, char **argv)
{
	room_testing_begin(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_pictures_do_no_harm),
		cmocka_unit_test(a_blank_picture_of_49_megapixels_is_developed),
		cmocka_unit_test(a_webp_of_49_megapixels_is_developed),
		cmocka_unit_test(a_jpeg_of_endless_scans_is_refused_unopened),
		cmocka_unit_test(a_jpeg_of_a_dozen_scans_is_developed),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
