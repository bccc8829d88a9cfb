#include "media/darkroom.h"

#include "integrity/image/pdq.h"
#include "media/draw_testing.h"
#include "media/room_testing.h"

#include "model/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cmocka.h>

static struct darkroom *room;
static struct arena *mem;

static int setup(void **state)
{
	(void)state;
	mem = arena_new((size_t)1 << 20);
	room = room_testing_open();
	return room ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	darkroom_close(&room);
	arena_free(mem);
	return 0;
}

static err develop(str picture, bool sizes, struct print *out)
{
	return room_testing_develop(room, picture, sizes, mem, out);
}

static VipsImage *open_file(str all, const struct print_file *file)
{
	VipsImage *image = vips_image_new_from_buffer(all.p + file->from, file->bytes, "", NULL);
	assert_non_null(image);
	assert_int_equal(image->Xsize, file->width);
	assert_int_equal(image->Ysize, file->height);
	return image;
}

/* 'r', 'g', 'b', 'w' at a place given in eighths. */
static char colour_at(VipsImage *image, int x8, int y8)
{
	double *v;
	int n;
	assert_int_equal(
		vips_getpoint(image, &v, &n, image->Xsize * x8 / 8, image->Ysize * y8 / 8, NULL),
		0);
	double r = v[0], g = v[n > 2 ? 1 : 0], b = v[n > 2 ? 2 : 0];
	g_free(v);
	if (r > 150 && g > 150 && b > 150)
		return 'w';
	return r > g && r > b ? 'r' : g > b ? 'g' : 'b';
}

static void corners_of(VipsImage *image, char out[5])
{
	out[0] = colour_at(image, 1, 1);
	out[1] = colour_at(image, 7, 1);
	out[2] = colour_at(image, 1, 7);
	out[3] = colour_at(image, 7, 7);
	out[4] = 0;
}

static const struct {
	const char *name;
	struct drawing drawing;
	int width, height; /* of the largest size */
} kinds[] = {
	{ "a JPEG", { .format = CLAIM_JPEG, .width = 640, .height = 480 }, 640, 480 },
	{ "a progressive JPEG",
	  { .format = CLAIM_JPEG, .width = 640, .height = 480, .layered = true },
	  640,
	  480 },
	{ "a grey JPEG",
	  { .format = CLAIM_JPEG, .width = 300, .height = 200, .paint = PAINT_GREY },
	  300,
	  200 },
	{ "a CMYK JPEG",
	  { .format = CLAIM_JPEG, .width = 300, .height = 200, .paint = PAINT_CMYK },
	  300,
	  200 },
	{ "a PNG", { .format = CLAIM_PNG, .width = 640, .height = 480 }, 640, 480 },
	{ "an interlaced PNG",
	  { .format = CLAIM_PNG, .width = 640, .height = 480, .layered = true },
	  640,
	  480 },
	{ "a PNG of 16 bits",
	  { .format = CLAIM_PNG, .width = 300, .height = 200, .paint = PAINT_DEEP },
	  300,
	  200 },
	{ "a grey PNG, half transparent",
	  { .format = CLAIM_PNG, .width = 300, .height = 200, .paint = PAINT_GREY, .glass = true },
	  300,
	  200 },
	{ "a transparent PNG of 16 bits",
	  { .format = CLAIM_PNG, .width = 300, .height = 200, .paint = PAINT_DEEP, .glass = true },
	  300,
	  200 },
	{ "a WebP", { .format = CLAIM_WEBP, .width = 640, .height = 480 }, 640, 480 },
	{ "a transparent WebP",
	  { .format = CLAIM_WEBP, .width = 640, .height = 480, .glass = true },
	  640,
	  480 },
	{ "a large one", { .format = CLAIM_JPEG, .width = 4000, .height = 3000 }, 2560, 1920 },
	{ "a tall one", { .format = CLAIM_JPEG, .width = 900, .height = 7000 }, 329, 2560 },
	{ "one pixel", { .format = CLAIM_PNG, .width = 1, .height = 1 }, 1, 1 },
	{ "a thread", { .format = CLAIM_PNG, .width = 1, .height = 20000 }, 1, 2560 },
	{ "a thread on its side", { .format = CLAIM_PNG, .width = 20000, .height = 2 }, 2560, 1 },
};

static void every_kind_becomes_six_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct print print;
		print_message("# %s\n", kinds[i].name);
		err e = develop(draw(kinds[i].drawing, mem), true, &print);
		assert_string_equal(failed(e) ? e.why : "", "");
		str all = room_testing_files(&print);
		assert_int_equal(print.width, kinds[i].width);
		assert_int_equal(print.height, kinds[i].height);
		assert_int_equal(print.blurhash.n, 28);
		for (int s = 0; s < MEDIA_SIZES; s++)
			for (int f = 0; f < MEDIA_FORMATS; f++) {
				VipsImage *image = open_file(all, &print.files[s][f]);
				int side = media_side_px((enum media_size)s),
				    most = image->Xsize > image->Ysize ? image->Xsize
				                                       : image->Ysize;
				int whole = print.width > print.height ? print.width : print.height;
				assert_int_equal(most, whole > side ? side : whole);
				assert_int_equal(vips_image_hasalpha(image),
				                 kinds[i].drawing.glass && f == MEDIA_WEBP);
				if (kinds[i].drawing.paint != PAINT_GREY &&
				    !kinds[i].drawing.glass && image->Xsize > 8 &&
				    image->Ysize > 8) {
					char corners[5];
					corners_of(image, corners);
					assert_string_equal(corners, "rgbw");
				}
				if (kinds[i].drawing.glass && f == MEDIA_JPEG)
					assert_int_equal(colour_at(image, 1, 1), 'w');
				g_object_unref(image);
			}
	}
}

static void a_picture_is_turned_upright(void **state)
{
	(void)state;
	/* Where the corners of the stored picture go (EXIF 2.3, orientation). */
	static const char *const upright[9] = { "",     "rgbw", "grwb", "wbgr", "bwrg",
		                                "rbgw", "brwg", "wgbr", "gwrb" };
	for (int f = CLAIM_JPEG; f <= CLAIM_WEBP; f++)
		for (int o = 1; o <= 8; o++) {
			struct print print;
			char corners[5];
			struct drawing d = { .format = (enum claim_format)f,
				             .width = 320,
				             .height = 200,
				             .orientation = o };
			err e = develop(draw(d, mem), true, &print);
			assert_string_equal(failed(e) ? e.why : "", "");
			VipsImage *image = open_file(room_testing_files(&print),
			                             &print.files[MEDIA_LARGE][MEDIA_JPEG]);
			corners_of(image, corners);
			print_message("# format %d orientation %d\n", f, o);
			assert_string_equal(corners, upright[o]);
			assert_int_equal(print.width, o > 4 ? 200 : 320);
			assert_int_equal(vips_image_get_typeof(image, "orientation"), 0);
			g_object_unref(image);
		}
}

static void nothing_but_pixels_passes(void **state)
{
	(void)state;
	for (int f = CLAIM_JPEG; f <= CLAIM_WEBP; f++) {
		struct print print;
		struct drawing d = { .format = (enum claim_format)f,
			             .width = 320,
			             .height = 200,
			             .orientation = 6,
			             .canaries = true };
		str picture = draw(d, mem);
		assert_int_not_equal(str_find(picture, S(CANARY)), SIZE_MAX);
		err e = develop(picture, true, &print);
		assert_string_equal(failed(e) ? e.why : "", "");
		str all = room_testing_files(&print);
		assert_int_equal(str_find(all, S(CANARY)), SIZE_MAX);
		for (int s = 0; s < MEDIA_SIZES; s++)
			for (int k = 0; k < MEDIA_FORMATS; k++) {
				VipsImage *image = open_file(all, &print.files[s][k]);
				static const char *const fields[] = {
					VIPS_META_EXIF_NAME,   VIPS_META_XMP_NAME,
					VIPS_META_IPTC_NAME,   VIPS_META_ICC_NAME,
					"jpeg-thumbnail-data", "png-comment-0-Comment"
				};
				for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
					assert_int_equal(vips_image_get_typeof(image, fields[i]),
					                 0);
				g_object_unref(image);
			}
	}
}

/* In Display P3 the numbers of a red are others than in sRGB: what is kept is the colour, not the numbers. */
static void colours_are_those_of_its_profile(void **state)
{
	VipsImage *srgb = NULL, *wide = NULL;
	void *bytes;
	size_t n;
	double *was, *is;
	struct print print;
	int bands;
	(void)state;
	str plain = draw((struct drawing){ .format = CLAIM_PNG, .width = 64, .height = 64 }, mem);
	srgb = vips_image_new_from_buffer(plain.p, plain.n, "", NULL);
	assert_non_null(srgb);
	assert_int_equal(vips_icc_transform(srgb, &wide, "p3", "input_profile", "srgb", NULL), 0);
	assert_int_equal(vips_pngsave_buffer(wide, &bytes, &n, NULL), 0);
	err e = develop((str){ bytes, n }, true, &print);
	assert_string_equal(failed(e) ? e.why : "", "");
	VipsImage *kept = open_file(room_testing_files(&print),
	                            &print.files[MEDIA_LARGE][MEDIA_JPEG]);
	assert_int_equal(vips_getpoint(srgb, &was, &bands, 16, 16, NULL), 0);
	assert_int_equal(vips_getpoint(kept, &is, &bands, 16, 16, NULL), 0);
	for (int c = 0; c < 3; c++)
		assert_true(is[c] - was[c] < 8 && was[c] - is[c] < 8);
	g_free(was), g_free(is), g_free(bytes);
	g_object_unref(srgb), g_object_unref(wide), g_object_unref(kept);
}

static void a_profile_that_is_none_is_passed_over(void **state)
{
	struct print print;
	(void)state;
	str jpeg = draw((struct drawing){ .format = CLAIM_JPEG, .width = 64, .height = 64 }, mem);
	static const char segment[] = "\xff\xe2\0\x1dICC_PROFILE\0\1\1not a profile";
	char *p = arena_alloc(mem, jpeg.n + sizeof segment - 1);
	memcpy(p, jpeg.p, 2);
	memcpy(p + 2, segment, sizeof segment - 1);
	memcpy(p + 2 + sizeof segment - 1, jpeg.p + 2, jpeg.n - 2);
	err e = develop((str){ p, jpeg.n + sizeof segment - 1 }, true, &print);
	assert_string_equal(failed(e) ? e.why : "", "");
	close(print.fd);
}

/* The child samples as it decodes; pdq_of has all pixels before it. Turned or not, the stored ones count. */
static void the_hash_is_that_of_the_stored_pixels(void **state)
{
	static const struct drawing drawings[] = {
		{ .format = CLAIM_PNG, .width = 300, .height = 200 },
		{ .format = CLAIM_PNG, .width = 512, .height = 512 },
		{ .format = CLAIM_PNG, .width = 513, .height = 40 },
		{ .format = CLAIM_PNG, .width = 40, .height = 2000, .paint = PAINT_GREY },
		{ .format = CLAIM_PNG, .width = 1999, .height = 1301, .layered = true },
		{ .format = CLAIM_PNG, .width = 700, .height = 500, .orientation = 6 },
		{ .format = CLAIM_WEBP, .width = 700, .height = 500 },
		{ .format = CLAIM_JPEG, .width = 1600, .height = 1200, .orientation = 8 },
		{ .format = CLAIM_JPEG, .width = 700, .height = 500, .layered = true },
	};
	static float scratch[PDQ_SCRATCH_BYTES / sizeof(float)];
	(void)state;
	for (size_t i = 0; i < sizeof drawings / sizeof drawings[0]; i++) {
		unsigned char want[PDQ_BYTES];
		struct print print;
		size_t n;
		str picture = draw(drawings[i], mem);
		VipsImage *image = vips_image_new_from_buffer(picture.p, picture.n, "", NULL);
		assert_non_null(image);
		void *all = vips_image_write_to_memory(image, &n);
		int quality = pdq_of(
			(struct pixels){ all, image->Xsize, image->Ysize, image->Bands }, scratch,
			want);
		print_message("# drawing %zu\n", i);
		assert_false(failed(develop(picture, false, &print)));
		assert_memory_equal(print.pdq, want, PDQ_BYTES);
		assert_int_equal(print.pdq_quality, quality);
		g_free(all);
		g_object_unref(image);
	}
}

/* ---- what is refused, in words ---- */

static void what_is_refused_is_told(void **state)
{
	(void)state;
	const struct drawing still = { .format = CLAIM_PNG, .width = 40, .height = 30 };
	str png = draw(still, mem),
	    jpeg = draw((struct drawing){ .format = CLAIM_JPEG, .width = 400, .height = 300 }, mem);
	char *huge = arena_copy(mem, png.p, png.n), *bomb = arena_copy(mem, png.p, png.n);
	memcpy(huge + 16, "\0\0\x27\x10\0\0\x13\x89", 8); /* 10000 x 5001 */
	memcpy(bomb + 16, "\0\0\x13\x88\0\0\x13\x88", 8); /* 5000 x 5000 */
	const struct {
		const char *name;
		str picture;
		const char *say;
	} cases[] = {
		{ "nothing", S(""), "Only JPEG, PNG and WebP pictures can be read." },
		{ "words", S("a picture, really"),
		  "Only JPEG, PNG and WebP pictures can be read." },
		{ "a GIF", S("GIF89a\1\0\1\0\0\0\0;"),
		  "Only JPEG, PNG and WebP pictures can be read." },
		{ "an SVG", S("<svg xmlns='http://www.w3.org/2000/svg'/>"),
		  "Only JPEG, PNG and WebP pictures can be read." },
		{ "half a JPEG", str_slice(jpeg, 0, jpeg.n / 2),
		  "This picture is damaged or cut short." },
		{ "over 50 megapixels",
		  { huge, png.n },
		  "A picture may have at most 50 megapixels." },
		{ "a bomb", { bomb, png.n }, "This picture claims more than its file can hold." },
		{ "moving", draw_insert_chunk(png, "acTL", S("\0\0\0\2\0\0\0\0"), mem),
		  "Moving pictures cannot be shown here; a still one can." },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct print print;
		err e = develop(cases[i].picture, true, &print);
		print_message("# %s\n", cases[i].name);
		assert_int_equal(e.code, ERR_INPUT);
		assert_string_equal(e.field, "file");
		assert_string_equal(e.say, cases[i].say);
		assert_int_equal(print.fd, -1);
	}
}

static void over_20_mb_is_not_even_copied(void **state)
{
	struct print print;
	(void)state;
	err e = darkroom_develop(room, -1, MEDIA_MAX_BYTES + 1, true, mem, &print);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.say, "A picture may have at most 20 MB.");
}

static void a_file_shorter_than_said_is_refused(void **state)
{
	struct print print;
	(void)state;
	int fd = draw_fd(S("short"));
	err e = darkroom_develop(room, fd, 100, true, mem, &print);
	close(fd);
	assert_int_equal(e.code, ERR_SYSTEM);
}

/* ---- codes ---- */

#define CODE "https://kith.example/i/7"
static const char *const code[] = {
	"####### ##   #### #######", "#     # ###   #   #     #", "# ### #   #  # ## # ### #",
	"# ### # # #### ## # ### #", "# ### # # #### ## # ### #", "#     #  ##       #     #",
	"####### # # # # # #######", "         ##     #        ", "#     ## # #  #  #  ## ##",
	"# #  # ## # #### #### ###", "#  ## #  #  ### ##### #  ", "######          ## ## # #",
	" #  # ### #  # ## # ##   ", "#####  #        #### ##  ", " #  ###### ####   #  # ##",
	"  ##    ###  ## #  ##   #", " # ## # #  # #  ##### # #", "          #  ## #   #####",
	"####### #  ## ### # ##  #", "#     #  ## #  ##   #  # ", "# ### #  # # ## ##### ## ",
	"# ### #  ###  ##      # #", "# ### #  # #  ####    ## ", "#     #  # # ## ##   ### ",
	"####### # ### ##  ## ####",
};

static str light_on_dark(str picture)
{
	VipsImage *image = vips_image_new_from_buffer(picture.p, picture.n, "", NULL),
		  *inverted = NULL;
	void *bytes;
	size_t n;
	assert_non_null(image);
	assert_int_equal(vips_invert(image, &inverted, NULL), 0);
	assert_int_equal(vips_pngsave_buffer(inverted, &bytes, &n, NULL), 0);
	str out = { arena_copy(mem, bytes, n), n };
	g_free(bytes);
	g_object_unref(image);
	g_object_unref(inverted);
	return out;
}

static void codes_are_read(void **state)
{
	static const struct {
		const char *name;
		int px, quiet;
	} cases[] = {
		{ "four pixels a square", 4, 16 },  { "two pixels", 2, 8 },
		{ "no quiet zone", 5, 0 },          { "filling a large picture", 100, 200 },
		{ "small in a large one", 5, 900 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct print print;
		print_message("# %s\n", cases[i].name);
		err e = develop(draw_code(code, 25, cases[i].px, cases[i].quiet, mem), false,
		                &print);
		assert_string_equal(failed(e) ? e.why : "", "");
		assert_int_equal(print.fd, -1);
		assert_int_equal(print.qr.n, strlen(CODE));
		assert_memory_equal(print.qr.p, CODE, print.qr.n);
	}
	struct print print;
	assert_false(
		failed(develop(light_on_dark(draw_code(code, 25, 8, 32, mem)), false, &print)));
	assert_int_equal(print.qr.n, strlen(CODE));
	assert_false(failed(develop(draw(kinds[0].drawing, mem), false, &print)));
	assert_int_equal(print.qr.n, 0);
}

int main(int argc, char **argv)
{
	room_testing_begin(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_becomes_six_files),
		cmocka_unit_test(a_picture_is_turned_upright),
		cmocka_unit_test(nothing_but_pixels_passes),
		cmocka_unit_test(colours_are_those_of_its_profile),
		cmocka_unit_test(a_profile_that_is_none_is_passed_over),
		cmocka_unit_test(the_hash_is_that_of_the_stored_pixels),
		cmocka_unit_test(what_is_refused_is_told),
		cmocka_unit_test(over_20_mb_is_not_even_copied),
		cmocka_unit_test(a_file_shorter_than_said_is_refused),
		cmocka_unit_test(codes_are_read),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
