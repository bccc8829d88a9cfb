#include "circle/order.h"

#include "circle/order_testing.h"

#include "store/measures.h"

#define DAY ORDER_DAY_MS
#define OFFENCES_MAX 8

struct row {
	const char *name;
	int64_t now_day;
	struct {
		int64_t day;
		int points;
	} all[OFFENCES_MAX];
	int points, offences;
	enum measure_kind step; /* with offences */
	int64_t decays_day;     /* 0: nothing to decay */
};

static const struct row rows[] = {
	{ "nothing was done", 100, { { 0 } }, 0, 0, MEASURE_HOLD, 0 },
	{ "the first is mildest, however grave", 1, { { 1, 4 } }, 4, 1, MEASURE_NOTICE, 61 },
	{ "a small one is a notice, too", 1, { { 1, 1 } }, 1, 1, MEASURE_NOTICE, 61 },
	{ "two of class b", 9, { { 1, 2 }, { 8, 2 } }, 4, 2, MEASURE_FEWER, 68 },
	{ "two small ones are below three points",
	  9,
	  { { 1, 1 }, { 8, 1 } },
	  2,
	  2,
	  MEASURE_NOTICE,
	  68 },
	{ "two grave ones still climb two steps",
	  9,
	  { { 1, 4 }, { 8, 4 } },
	  8,
	  2,
	  MEASURE_FEWER,
	  68 },
	{ "five points after three",
	  9,
	  { { 1, 2 }, { 2, 2 }, { 8, 1 } },
	  5,
	  3,
	  MEASURE_NO_FRIENDS,
	  68 },
	{ "eight points after four",
	  9,
	  { { 1, 2 }, { 2, 2 }, { 3, 2 }, { 8, 2 } },
	  8,
	  4,
	  MEASURE_FREEZE,
	  68 },
	{ "twelve points after four are a freeze",
	  9,
	  { { 1, 4 }, { 2, 4 }, { 3, 2 }, { 8, 2 } },
	  12,
	  4,
	  MEASURE_FREEZE,
	  68 },
	{ "twelve points after five",
	  9,
	  { { 1, 4 }, { 2, 2 }, { 3, 2 }, { 4, 2 }, { 8, 2 } },
	  12,
	  5,
	  MEASURE_SEAL,
	  68 },
	{ "the last clean day changes nothing yet", 60, { { 1, 4 } }, 4, 1, MEASURE_NOTICE, 61 },
	{ "sixty clean days halve it", 61, { { 1, 4 } }, 2, 1, MEASURE_NOTICE, 91 },
	{ "thirty more halve it again", 91, { { 1, 4 } }, 1, 1, MEASURE_NOTICE, 121 },
	{ "with the last point it is forgotten", 121, { { 1, 4 } }, 0, 0, MEASURE_HOLD, 0 },
	{ "one in between begins the sixty days anew",
	  100,
	  { { 1, 4 }, { 50, 1 } },
	  5,
	  2,
	  MEASURE_FEWER,
	  110 },
	{ "what decayed before stays decayed",
	  71,
	  { { 1, 8 }, { 70, 2 } },
	  6,
	  2,
	  MEASURE_FEWER,
	  130 },
	{ "after it was forgotten, the next is a first again",
	  401,
	  { { 1, 2 }, { 2, 2 }, { 400, 4 } },
	  4,
	  1,
	  MEASURE_NOTICE,
	  460 },
	{ "years later nothing is left of much",
	  4000,
	  { { 1, 100 }, { 2, 100 } },
	  0,
	  0,
	  MEASURE_HOLD,
	  0 },
	{ "what lies ahead of the clock does not count yet",
	  5,
	  { { 1, 2 }, { 9, 4 } },
	  2,
	  1,
	  MEASURE_NOTICE,
	  61 },
};

static void points_decay_and_the_ladder_is_climbed_one_by_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct offence all[OFFENCES_MAX];
		size_t n = 0;
		for (; n < OFFENCES_MAX && r->all[n].points > 0; n++)
			all[n] = (struct offence){ r->all[n].day * DAY, r->all[n].points };
		struct standing got = order_reckon(all, n, r->now_day * DAY);
		if (got.points != r->points || got.offences != r->offences ||
		    (got.offences > 0 && got.step != r->step) ||
		    got.decays_at_ms != r->decays_day * DAY)
			fail_msg("%s: %d points, %d offences, %s, until day %ld", r->name,
			         got.points, got.offences, measure_kind_word(got.step),
			         (long)(got.decays_at_ms / DAY));
	}
}

static void a_class_has_its_points(void **state)
{
	static const struct {
		enum harm_class harm;
		bool small;
		int points;
	} classes[] = {
		{ HARM_CLASS_A, false, 4 }, { HARM_CLASS_A, true, 1 },  { HARM_CLASS_B, false, 2 },
		{ HARM_CLASS_B, true, 1 },  { HARM_CLASS_C, false, 0 }, { HARM_CLASS_C, true, 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(classes); i++)
		assert_int_equal(order_points(classes[i].harm, classes[i].small),
		                 classes[i].points);
}

static void the_ladder_goes_from_a_notice_to_a_seal(void **state)
{
	static const enum measure_kind ladder[ORDER_STEPS] = { MEASURE_NOTICE, MEASURE_FEWER,
		                                               MEASURE_NO_FRIENDS, MEASURE_FREEZE,
		                                               MEASURE_SEAL };
	(void)state;
	for (int i = 0; i < ORDER_STEPS; i++)
		assert_int_equal(order_ladder(i), ladder[i]);
}

static void what_was_written_down_is_what_counts(void **state)
{
	struct stage *s = stage_new((struct stage_needs){ .people = 4 });
	struct measure notice = order_put(s, 1, 2, MEASURE_NOTICE);
	struct standing standing = order_stands(s, 2);
	(void)state;
	assert_true(standing.points == 2 && standing.offences == 1);
	assert_int_equal(standing.last_ms, s->now_ms);
	order_put(s, 1, 2, MEASURE_FREEZE); /* what followed is no offence of its own */
	s->now_ms += 1000;
	order_put(s, 1, 2, MEASURE_NOTICE);
	standing = order_stands(s, 2);
	assert_true(standing.points == 4 && standing.offences == 2 &&
	            standing.step == MEASURE_FEWER);
	assert_int_equal(order_stands(s, 3).offences, 0);
	assert_ok(order_try_end(
		s, notice.id,
		(struct order_end){ .state = MEASURE_OVERTURNED, .decider = DECIDER_JURY }));
	standing = order_stands(s, 2);
	assert_true(standing.points == 2 && standing.offences == 1);
	s->now_ms += 60 * DAY; /* its end takes nothing from it */
	order_ticks(s);
	assert_int_equal(order_newest(s, 2).state, MEASURE_LAPSED);
	standing = order_stands(s, 2);
	assert_true(standing.points == 1 && standing.offences == 1);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_decay_and_the_ladder_is_climbed_one_by_one),
		cmocka_unit_test(a_class_has_its_points),
		cmocka_unit_test(the_ladder_goes_from_a_notice_to_a_seal),
		cmocka_unit_test(what_was_written_down_is_what_counts),
	};
	return cmocka_run_group_tests_name("order_standing", tests, NULL, NULL);
}
