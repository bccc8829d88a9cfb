#include "media/answer.h"

#include "media/draw_testing.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <vips/vips.h>

#include <cmocka.h>

static struct arena *mem;
static struct answer truth;
static str files;

/* A worker's answer for a picture of 40 x 30. */
static int setup(void **state)
{
	struct buf all;
	(void)state;
	mem = arena_new(65536);
	truth = (struct answer){
		.width = 40, .height = 30, .pdq_quality = 80, .qr_bytes = 9, .qr = "two\nlines"
	};
	memset(truth.blurhash, 'L', BLURHASH_BYTES);
	buf_init(&all, mem, (size_t)1 << 20);
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS; f++) {
			struct drawing d = { .format = f == MEDIA_WEBP ? CLAIM_WEBP : CLAIM_JPEG,
				             .width = 40,
				             .height = 30 };
			str file = draw(d, mem);
			truth.files[s][f] = (struct answer_file){ 40, 30, file.n };
			buf_add(&all, file);
		}
	files = buf_str(&all);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static void the_truth_holds(void **state)
{
	(void)state;
	assert_true(answer_holds(&truth, true, files));
	assert_true(answer_holds(&truth, false, STR_NONE));
}

static void no_width(struct answer *p) { p->width = 0; }
static void a_width_below_zero(struct answer *p) { p->width = -40; }
static void a_width_over_the_largest(struct answer *p) { p->width = 2561; }
static void a_height_over_the_largest(struct answer *p) { p->height = INT32_MAX; }
static void quality_over_100(struct answer *p) { p->pdq_quality = 101; }
static void quality_below_0(struct answer *p) { p->pdq_quality = -1; }
static void more_codes_than_room(struct answer *p) { p->qr_bytes = QR_MAX_BYTES + 1; }
static void a_length_of_all(struct answer *p) { p->qr_bytes = UINT32_MAX; }
static void codes_that_are_no_text(struct answer *p) { p->qr[2] = (char)0xC3; }
static void codes_with_an_escape(struct answer *p) { p->qr[1] = 0x1B; }
static void codes_with_a_nul(struct answer *p) { p->qr[1] = 0; }
static void a_blur_with_a_quote(struct answer *p) { p->blurhash[9] = '"'; }
static void a_blur_of_other_parts(struct answer *p) { p->blurhash[0] = '0'; }
static void another_width_of_a_file(struct answer *p)
{
	p->files[MEDIA_SMALL][MEDIA_JPEG].width = 41;
}
static void another_height_of_all(struct answer *p) { p->height = 31; }
static void a_file_longer_than_all(struct answer *p) { p->files[MEDIA_LARGE][MEDIA_JPEG].bytes++; }
static void a_file_shorter(struct answer *p) { p->files[MEDIA_LARGE][MEDIA_JPEG].bytes--; }
static void a_file_of_nothing(struct answer *p) { p->files[MEDIA_SMALL][MEDIA_WEBP].bytes = 0; }
static void a_length_that_overflows(struct answer *p)
{
	p->files[MEDIA_SMALL][MEDIA_WEBP].bytes = UINT64_MAX;
}
static void a_place_off_by_one(struct answer *p)
{
	p->files[MEDIA_SMALL][MEDIA_WEBP].bytes++;
	p->files[MEDIA_SMALL][MEDIA_JPEG].bytes--;
}

static const struct {
	const char *name;
	void (*lie)(struct answer *p);
	bool sizes_alone; /* no lie where no files were asked for */
} lies[] = {
	{ "no width", no_width, false },
	{ "a width below zero", a_width_below_zero, false },
	{ "a width over the largest", a_width_over_the_largest, false },
	{ "a height over the largest", a_height_over_the_largest, false },
	{ "quality over 100", quality_over_100, false },
	{ "quality below 0", quality_below_0, false },
	{ "more codes than there is room for", more_codes_than_room, false },
	{ "codes of four gigabytes", a_length_of_all, false },
	{ "codes that are no text", codes_that_are_no_text, false },
	{ "codes with an escape", codes_with_an_escape, false },
	{ "codes with a NUL", codes_with_a_nul, false },
	{ "a blurhash with a quote", a_blur_with_a_quote, true },
	{ "a blurhash of other components", a_blur_of_other_parts, true },
	{ "another width of one file", another_width_of_a_file, true },
	{ "another height than the largest file's", another_height_of_all, true },
	{ "a file longer than all bytes", a_file_longer_than_all, true },
	{ "a byte more than all files", a_file_shorter, true },
	{ "a file of nothing", a_file_of_nothing, true },
	{ "a length that overflows", a_length_that_overflows, true },
	{ "files that begin a byte late", a_place_off_by_one, true },
};

static void lies_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		struct answer answer = truth;
		print_message("# %s\n", lies[i].name);
		lies[i].lie(&answer);
		assert_false(answer_holds(&answer, true, files));
		assert_int_equal(answer_holds(&answer, false, STR_NONE), lies[i].sizes_alone);
	}
}

static void files_of_another_kind_do_not(void **state)
{
	(void)state;
	char *other = arena_copy(mem, files.p, files.n);
	memcpy(other, "<script>", 8);
	assert_false(answer_holds(&truth, true, (str){ other, files.n }));
	assert_false(answer_holds(&truth, true, STR_NONE));
	struct answer swapped = truth; /* JPEG where WebP is said to be */
	swapped.files[MEDIA_SMALL][MEDIA_WEBP].bytes = 0;
	swapped.files[MEDIA_SMALL][MEDIA_JPEG].bytes = files.n;
	assert_false(answer_holds(&swapped, true, files));
}

int main(int argc, char **argv)
{
	(void)argc;
	if (vips_init(argv[0]) != 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_truth_holds),
		cmocka_unit_test(lies_do_not),
		cmocka_unit_test(files_of_another_kind_do_not),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
