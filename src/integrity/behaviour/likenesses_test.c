#include "integrity/behaviour/likenesses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DAY INT64_C(86400000)
#define SPAN (7 * DAY)
#define NOW (100 * DAY)

/* Families lie far apart; `bits` turns over so many of the first. */
static struct shown_picture picture(unsigned family, unsigned bits, uint8_t quality)
{
	struct shown_picture p = { .quality = quality };
	uint64_t x = family * UINT64_C(0x9E3779B97F4A7C15) + 1;
	for (size_t i = 0; i < sizeof p.pdq; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
		p.pdq[i] = (unsigned char)(x >> 56);
	}
	for (unsigned bit = 0; bit < bits; bit++)
		p.pdq[bit * 7 % 256 / 8] ^= (unsigned char)(1U << bit * 7 % 256 % 8);
	return p;
}

static void show(struct likenesses *l, uint64_t author, int64_t at_ms, struct shown_picture p)
{
	struct observation o = { .author = author, .at_ms = at_ms, .n_pictures = 1 };
	o.pictures[0] = p;
	likenesses_add(l, &o);
}

static void counts_others_who_showed_it(void **state)
{
	static const struct {
		const char *name;
		uint64_t author;
		int64_t at_ms;
		unsigned family, bits;
		uint8_t quality;
		unsigned want;
	} rows[] = {
		{ "somebody new meets two others", 9, NOW, 1, 0, 90, 2 },
		{ "a changed copy is a copy", 9, NOW, 1, 31, 90, 2 },
		{ "too much changed is not", 9, NOW, 1, 60, 90, 0 },
		{ "one's own does not count", 1, NOW, 1, 0, 90, 1 },
		{ "another picture has nobody", 9, NOW, 2, 0, 90, 0 },
		{ "low quality matches nothing", 9, NOW, 1, 0, 49, 0 },
		{ "what came later is not looked at", 9, NOW - 3 * DAY, 1, 0, 90, 1 },
		{ "after its time it is gone", 9, NOW + SPAN, 1, 0, 90, 0 },
		{ "a blurred one was not remembered", 9, NOW, 3, 0, 90, 0 },
	};
	struct likenesses *l = likenesses_new(1000, SPAN);
	(void)state;
	show(l, 1, NOW - 4 * DAY, picture(1, 0, 100));
	show(l, 1, NOW - 4 * DAY, picture(1, 3, 100));
	show(l, 2, NOW - DAY, picture(1, 5, 60));
	show(l, 4, NOW - DAY, picture(3, 0, 49));
	show(l, 0, NOW - DAY, picture(1, 0, 100)); /* nobody knows by whom */
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct shown_picture p = picture(rows[i].family, rows[i].bits, rows[i].quality);
		unsigned got = likenesses_authors(l, rows[i].author, rows[i].at_ms, &p, 1);
		if (got != rows[i].want)
			fail_msg("%s: %u, not %u", rows[i].name, got, rows[i].want);
	}
	likenesses_free(l);
}

static void forgets_the_older_half(void **state)
{
	struct likenesses *l = likenesses_new(100, SPAN);
	(void)state;
	for (unsigned i = 0; i < 150; i++)
		show(l, 1000 + i, NOW, picture(i, 0, 100));
	struct shown_picture first = picture(0, 0, 100), last = picture(149, 0, 100);
	assert_int_equal(0, likenesses_authors(l, 9, NOW, &first, 1));
	assert_int_equal(1, likenesses_authors(l, 9, NOW, &last, 1));
	assert_true(likenesses_bytes(l) < 64 * 1024);
	likenesses_free(l);
}

static void counts_as_far_as_thirty_two(void **state)
{
	struct likenesses *l = likenesses_new(1000, SPAN);
	struct shown_picture p = picture(1, 0, 100);
	(void)state;
	for (uint64_t author = 1; author <= 50; author++)
		show(l, author, NOW, p);
	assert_int_equal(32, likenesses_authors(l, 99, NOW, &p, 1));
	likenesses_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_others_who_showed_it),
		cmocka_unit_test(forgets_the_older_half),
		cmocka_unit_test(counts_as_far_as_thirty_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
