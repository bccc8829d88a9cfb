#include "media/darkroom.h"

#include "integrity/image/pdq.h"
#include "media/draw_testing.h"
#include "media/keeper.h"

#include "model/limits.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cmocka.h>

static struct darkroom *room;
static struct arena *mem;

static int setup(void **state)
{
	(void)state;
	mem = arena_new((size_t)1 << 20);
	err e = darkroom_open(NULL, &room);
	if (failed(e))
		print_error("%s\n", e.why);
	return failed(e) ? -1 : 0;
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
	int fd = draw_fd(picture);
	err e = darkroom_develop(room, fd, picture.n, sizes, mem, out);
	close(fd);
	return e;
}

/* All files of a print, mapped; unmapped by the arena's death of the process. */
static str files_of(const struct print *print)
{
	off_t n = lseek(print->fd, 0, SEEK_END);
	void *p = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, print->fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	close(print->fd);
	return (str){ p, (size_t)n };
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
		str all = files_of(&print);
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
				if (kinds[i].drawing.paint == PAINT_COLOUR &&
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
			VipsImage *image = open_file(files_of(&print),
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
		str all = files_of(&print);
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

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv))
		keeper_main();
	if (vips_init(argv[0]) != 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_becomes_six_files),
		cmocka_unit_test(a_picture_is_turned_upright),
		cmocka_unit_test(nothing_but_pixels_passes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
