#include "media/blurhash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void slopes(int x, int y, uint8_t *p)
{
	p[0] = (uint8_t)(x * 8);
	p[1] = (uint8_t)(y * 10);
	p[2] = (uint8_t)((x + y) * 4);
}
static void white(int x, int y, uint8_t *p)
{
	(void)x, (void)y;
	memset(p, 255, 3);
}
static void one_colour(int x, int y, uint8_t *p)
{
	(void)x, (void)y;
	memcpy(p, (uint8_t[]){ 17, 99, 200 }, 3);
}
static void squares(int x, int y, uint8_t *p)
{
	memcpy(p, (x / 4 + y / 4) % 2 ? (uint8_t[]){ 255, 0, 0 } : (uint8_t[]){ 0, 0, 255 }, 3);
}
static void halves(int x, int y, uint8_t *p)
{
	(void)y;
	memset(p, x < 24 ? 0 : 255, 3);
}

/* What the steps of Wolt's encoder in C give for the same pixels. (The one in TypeScript takes the largest component by its sign: it
 * differs in the second character of most.) */
static const struct {
	const char *name;
	void (*paint)(int x, int y, uint8_t *p);
	int width, height;
	const char *want;
} cases[] = {
	{ "slopes", slopes, 32, 24, "LxH27b2kwzX5mAWYjuf7gKfkfQfj" },
	{ "white", white, 5, 3, "L~TSUA_3fQ_3~q%MfQ%MfQfQfQfQ" },
	{ "one pixel", one_colour, 1, 1, "L~1~Z+lClClClClClClClClClClC" },
	{ "squares", squares, 20, 30, "L7LQd7|lJq|l,ho3Jqo3JqfQJqfQ" },
	{ "black beside white", halves, 48, 9, "L~Lqe900Rj-;xuRjayoffQfQfQfQ" },
};

static void it_is_what_the_reference_gives(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int width = cases[i].width, height = cases[i].height;
		uint8_t *rgb = malloc((size_t)width * (size_t)height * 3);
		char hash[BLURHASH_BYTES + 1] = "";
		for (int y = 0; rgb && y < height; y++)
			for (int x = 0; x < width; x++)
				cases[i].paint(x, y, rgb + (y * width + x) * 3);
		blurhash_of(rgb, width, height, hash);
		print_message("# %s\n", cases[i].name);
		assert_string_equal(hash, cases[i].want);
		assert_true(blurhash_is(hash));
		free(rgb);
	}
}

static void what_is_none_is_known(void **state)
{
	char hash[BLURHASH_BYTES + 1];
	(void)state;
	memset(hash, 0, sizeof hash);
	assert_false(blurhash_is(hash));
	memset(hash, 'L', sizeof hash);
	assert_true(blurhash_is(hash));
	hash[5] = '"';
	assert_false(blurhash_is(hash));
	hash[5] = '<';
	assert_false(blurhash_is(hash));
	memset(hash, 'M', sizeof hash);
	assert_false(blurhash_is(hash));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_what_the_reference_gives),
		cmocka_unit_test(what_is_none_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
