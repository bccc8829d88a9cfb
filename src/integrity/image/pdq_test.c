#include "integrity/image/pdq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *scratch;

/* A drawn picture: two hills under a sky that grows darker, the same at every size. */
static uint8_t sky(double x, double y)
{
	double hill = 0.55 + 0.2 * x * (1 - x) * 4, far = 0.75 - 0.35 * (x - 0.3) * (x - 0.3) * 4;
	double v = y > hill ? 60 + 40 * x : y > far ? 110 - 30 * y : 230 - 120 * y;
	return (uint8_t)v;
}

static struct pixels draw(int width, int height, int channels, uint8_t **own)
{
	uint8_t *p = malloc((size_t)width * (size_t)height * (size_t)channels);
	for (int i = 0; i < height; i++)
		for (int j = 0; j < width; j++)
			for (int c = 0; c < channels; c++)
				p[((size_t)i * (size_t)width + (size_t)j) * (size_t)channels +
				  (size_t)c] = sky((j + 0.5) / width, (i + 0.5) / height);
	*own = p;
	return (struct pixels){ p, width, height, channels };
}

static int hash_drawn(int width, int height, int channels, unsigned char pdq[PDQ_BYTES])
{
	uint8_t *own;
	int quality = pdq_of(draw(width, height, channels, &own), scratch, pdq);
	free(own);
	return quality;
}

static void test_sizes_of_one_picture_are_copies(void **state)
{
	static const struct {
		const char *name;
		int width, height, channels;
	} cases[] = {
		{ "colour like grey", 512, 512, 3 },
		{ "half as large", 256, 256, 1 },
		{ "exactly the samples", 64, 64, 1 },
		{ "larger than is looked at", 1500, 1100, 3 },
		{ "one side is over", 2000, 300, 1 },
		{ "odd sides", 333, 257, 3 },
		{ "smaller than the samples", 40, 48, 1 },
	};
	unsigned char want[PDQ_BYTES], got[PDQ_BYTES];
	(void)state;
	assert_true(hash_drawn(512, 512, 1, want) >= PDQ_QUALITY_MIN / 4);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		hash_drawn(cases[i].width, cases[i].height, cases[i].channels, got);
		if (pdq_distance(want, got) > PDQ_COPY_BITS)
			fail_msg("%s: %u bits apart", cases[i].name, pdq_distance(want, got));
	}
}

static void test_nothing_to_see_has_no_quality(void **state)
{
	unsigned char pdq[PDQ_BYTES], zeros[PDQ_BYTES] = { 0 };
	uint8_t *flat = calloc(1, 100 * 100);
	(void)state;
	assert_int_equal(0, pdq_of((struct pixels){ flat, 100, 100, 1 }, scratch, pdq));
	assert_int_equal(0, pdq_of((struct pixels){ flat, 4, 100, 1 }, scratch, pdq));
	assert_memory_equal(zeros, pdq, PDQ_BYTES);
	assert_int_equal(0, pdq_of((struct pixels){ flat, 5, 5, 1 }, scratch, pdq));
	free(flat);
}

static void test_noise_is_of_full_quality_and_balanced(void **state)
{
	enum { SIDE = 200 };
	uint8_t *noise = malloc(SIDE * SIDE);
	unsigned char pdq[PDQ_BYTES], zeros[PDQ_BYTES] = { 0 };
	uint32_t x = 1;
	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++)
		noise[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
	assert_int_equal(100, pdq_of((struct pixels){ noise, SIDE, SIDE, 1 }, scratch, pdq));
	assert_int_equal(128, pdq_distance(pdq, zeros)); /* half lie above the median */
	free(noise);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_of_one_picture_are_copies),
		cmocka_unit_test(test_nothing_to_see_has_no_quality),
		cmocka_unit_test(test_noise_is_of_full_quality_and_balanced),
	};
	scratch = malloc(PDQ_SCRATCH_BYTES);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(scratch);
	return failed;
}
