/* stage_testing.h - a circle opened as the program opens it, in a folder that goes away, for the tests of the verbs.
 *
 * Everything happens through the verbs themselves; the clock stands still until a test moves it. */
#ifndef KITH_CIRCLE_STAGE_TESTING_H
#define KITH_CIRCLE_STAGE_TESTING_H

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>

#include <cmocka.h>

#include "circle/befriend.h"
#include "circle/circle.h"
#include "circle/publish.h"
#include "circle/read.h"
#include "circle/world.h"
#include "model/media.h"
#include "model/notice.h"

#define STAGE_PEOPLE 64
/* An advertisement, which is held where there is the engine. */
#define STAGE_AD "【包包现货】招代理一件代发，月入过万，加薇❤芯：abc12345，扫码进群"
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		err assert_ok_e = (call);                                                          \
		if (failed(assert_ok_e))                                                           \
			fail_msg("%s: %s", #call, assert_ok_e.why);                                \
	} while (0)
#define assert_fails(call, want) assert_int_equal((call).code, (want))
/* The code and the field that is named. */
#define assert_blames(call, want, wanted_field)                                                    \
	do {                                                                                       \
		err assert_blames_e = (call);                                                      \
		assert_int_equal(assert_blames_e.code, (want));                                    \
		assert_non_null(assert_blames_e.field);                                            \
		assert_string_equal(assert_blames_e.field, (wanted_field));                        \
		assert_non_null(assert_blames_e.say);                                              \
	} while (0)
#define assert_text(got, want)                                                                     \
	do {                                                                                       \
		str assert_text_got = (got);                                                       \
		if (!str_eq(assert_text_got, str_of(want)))                                        \
			fail_msg("%s is \"%.*s\", not \"%s\"", #got, STR_ARG(assert_text_got),     \
			         (want));                                                          \
	} while (0)

/* For threads of a race, where cmocka's asserts have nowhere to jump to. */
#define sure(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			print_error("%s:%d: %s\n", __FILE__, __LINE__, #condition);                \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct stage {
	char folder[64];
	struct circle *c;
	struct darkroom *darkroom; /* NULL without `pictures` */
	struct arena *mem;
	int64_t now_ms, jumped_ms; /* the second: see stage_two_clocks */
	struct clock clock;        /* what it is opened with: fixed at now_ms */
	uint64_t seed;
	bool screen;
	int friends_max;
	person_id people
		[STAGE_PEOPLE]; /* called p00, p01, ...; the first is a keeper, the second a steward */
};

struct stage_needs {
	int people;
	bool screen;
	int friends_max; /* 0: the default */
	bool pictures;   /* with a darkroom */
};

struct stage *stage_new(struct stage_needs needs);
void stage_free(struct stage *s);
/* Closes the circle and opens it again: nothing in memory is left. */
void stage_reopen(struct stage *s);
/* From now on the clock on the wall is not the one that only goes forward, which is `now_ms`: it is `jumped_ms` away.
 * Until the circle is opened again. */
void stage_two_clocks(struct stage *s);
/* What the clock on the wall says. */
int64_t stage_wall(const struct stage *s);
/* One asks, the other accepts. */
void stage_befriend(struct stage *s, int a, int b);
/* Writes to friends; gives the place. */
/* From the shell, at once; or lifts it. */
err stage_seal(struct circle *c, person_id who, bool on, int64_t now_ms);
struct status_ref stage_post(struct stage *s, int author, const char *text);
struct status_ref stage_comment(struct stage *s, int author, struct status_ref to,
                                const char *text);
bool stage_sees(struct stage *s, int viewer, struct status_ref ref);
/* Who of 2..6 sees it, as "2345". */
str stage_seen_by(struct stage *s, struct status_ref ref);
/* Rows of the reader's notices of this kind, shown or not. */
int stage_notices(struct stage *s, int reader, enum notice_kind kind);
/* A picture file; another seed, another picture. */
str stage_png(struct stage *s, int width, int height, unsigned seed);
/* Brings such a one: unused. */
struct media stage_picture(struct stage *s, int owner, unsigned seed);
/* Runs `each(s, i)` on `n` threads at once (at most 64). */
void stage_race(struct stage *s, int n, void (*each)(struct stage *s, int i, void *ctx), void *ctx);

#endif
