/* Who wrote the same does not judge it: neither on the jury of its appeal, nor as a steward. */
#include "circle/court_testing.h"

#include "circle/order_testing.h"
#include "circle/redraw.h"
#include "circle/summon.h"

static struct stage *s;

static int set_up(void **state)
{
	(void)state;
	s = court_open(true, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

enum { FIRST = 10, LATER = 11, NEAR = 12 };

static enum draw_distance how_near(const struct appeal *a, int who, int64_t at_ms)
{
	const struct measure m = order_look(s, a->measure);
	const struct summon_ask ask = { a, &m, STR_NONE, at_ms, false };
	enum draw_distance out = DRAW_BARRED;
	struct conn *conn = NULL;
	struct summons summons;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(summon(s->c, conn, &ask, s->mem, &summons));
	for (size_t i = 0; i < summons.circle.n; i++)
		if (summons.jurors[i].person.v == s->people[who].v)
			out = summons.circle.distance(summons.circle.ctx, i);
	assert_ok(summon_sound(&summons));
	store_read_end(s->c->store, &conn);
	return out;
}

static bool steward_there(measure_id id)
{
	const struct measure m = order_look(s, id);
	struct conn *conn = NULL;
	bool there;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(summon_steward(s->c, conn, &m, s->now_ms, s->mem, &there));
	store_read_end(s->c->store, &conn);
	return there;
}

/* One wrote it first, p02 after them, and one more after p02; each was let off, and is willing. */
static void who_wrote_the_same_judges_none_of_the_copies(void **state)
{
	struct status_ref ref;
	struct redrawn again;
	measure_id first, copy, later;
	(void)state;
	stage_befriend(s, FIRST, NEAR);
	first = order_hold(s, FIRST, &ref);
	court_wait(s, 1000);
	copy = order_hold(s, 2, &ref);
	court_wait(s, 1000);
	int64_t before_ms = s->now_ms - 1;
	later = order_hold(s, LATER, &ref);
	assert_true(order_look(s, first).family == 0 && order_look(s, copy).family != 0);
	court_end(s, later, MEASURE_RELEASED, 1);
	court_wait(s, 1000);
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	struct appeal a = court_file(s, 2, copy), b = court_file(s, FIRST, first);
	assert_int_equal(how_near(&a, LATER, s->now_ms), DRAW_BARRED);
	assert_int_equal(how_near(&a, NEAR, s->now_ms),
	                 DRAW_FAR); /* a friend of who wrote it first */
	assert_int_equal(how_near(&b, LATER, s->now_ms), DRAW_BARRED);
	assert_int_equal(how_near(&b, LATER, before_ms), DRAW_FAR); /* nothing was written yet */
	assert_int_equal(how_near(&b, LATER + 2, s->now_ms), DRAW_FAR);
	court_end(s, first, MEASURE_RELEASED, 1);
	court_wait(s, 1000);
	assert_int_equal(how_near(&a, FIRST, s->now_ms), DRAW_BARRED);
	for (int i = 0; i < 2; i++) {
		assert_ok(redraw(s->c, i ? b.number : a.number, s->mem, &again));
		assert_true(again.n_faults == 0 && again.unexplained == 0 && again.seated == 7);
	}
}

/* Where every steward wrote one too, there is none who could judge it. */
static void a_steward_who_wrote_the_same_is_none_for_it(void **state)
{
	struct status_ref ref;
	measure_id copy;
	(void)state;
	order_hold(s, 0, &ref);
	copy = order_hold(s, 2, &ref);
	assert_true(steward_there(copy));
	order_hold(s, 1, &ref);
	assert_false(steward_there(copy));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_wrote_the_same_judges_none_of_the_copies),
		TEST(a_steward_who_wrote_the_same_is_none_for_it),
	};
	return cmocka_run_group_tests_name("summon_copies", tests, NULL, NULL);
}
