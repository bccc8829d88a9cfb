#include "circle/govern.h"

#include "circle/audit.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/cases.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward, 2 a member. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err set(int by, struct order_rules rules, struct order_rules *out)
{
	return govern_set(s->c, s->people[by], &rules, s->now_ms, s->mem, out);
}

static void what_the_keeper_sets_is_what_is_read(void **state)
{
	const str holidays[] = { S("2026-10-01"), S("2026-01-01"), S("2026-10-01") };
	struct order_rules got, rules = { holidays, 3, 30, 7, 0 };
	(void)state;
	assert_ok(govern_rules(s->c, s->people[1], s->mem, &got));
	assert_true(got.n_holidays == 0 && got.overturn_limit == 20 && got.juror_days == 14);
	assert_fails(set(1, rules, &got), ERR_DENIED);
	assert_fails(set(2, rules, &got), ERR_DENIED);
	assert_ok(set(0, rules, &got));
	assert_int_equal(got.n_holidays, 2);
	assert_ok(govern_rules(s->c, s->people[1], s->mem, &got));
	assert_true(got.n_holidays == 2 && got.overturn_limit == 30 && got.juror_days == 7);
	assert_text(got.holidays[0], "2026-01-01");
	assert_text(got.holidays[1], "2026-10-01");
	assert_fails(govern_rules(s->c, s->people[2], s->mem, &got), ERR_DENIED);
	rules.n_holidays = 0;
	rules.version = got.version;
	assert_ok(set(0, rules, &got));
	assert_ok(govern_rules(s->c, s->people[0], s->mem, &got));
	assert_int_equal(got.n_holidays, 0);
}

/* Two keepers look, both change something, both save. */
static void who_saves_second_on_what_the_first_saw_is_told(void **state)
{
	struct order_rules mine, theirs, got;
	(void)state;
	assert_ok(govern_rules(s->c, s->people[0], s->mem, &mine));
	theirs = mine;
	assert_int_equal(mine.version, 0);
	mine.overturn_limit = 30;
	assert_ok(set(0, mine, &got));
	assert_int_equal(got.version, 1);
	theirs.juror_days = 7;
	assert_blames(set(0, theirs, &got), ERR_CONFLICT, "version");
	assert_ok(govern_rules(s->c, s->people[0], s->mem, &got));
	assert_true(got.overturn_limit == 30 && got.juror_days == 14 && got.version == 1);
	got.juror_days = 7;
	assert_ok(set(0, got, &got));
	assert_int_equal(got.version, 2);
	got.version = 9; /* from a time to come, as after a restore */
	assert_blames(set(0, got, &got), ERR_CONFLICT, "version");
	mine.version = 0;
	assert_fails(set(1, mine, &got), ERR_DENIED); /* who may not is told nothing else */
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *field, *holiday;
		int limit, days;
	} rows[] = {
		{ "holidays", "2026-02-29", 20, 14 },
		{ "holidays", "", 20, 14 },
		{ "holidays", "1 January", 20, 14 },
		{ "overturn_limit", "2026-01-01", 0, 14 },
		{ "overturn_limit", "2026-01-01", 101, 14 },
		{ "juror_days", "2026-01-01", 20, -1 },
		{ "juror_days", "2026-01-01", 20, 3651 },
	};
	struct order_rules out;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str holiday = str_of(rows[i].holiday);
		struct order_rules rules = { &holiday, 1, rows[i].limit, rows[i].days, 0 };
		assert_blames(set(0, rules, &out), ERR_INPUT, rows[i].field);
	}
}

static err open_work(struct conn *tx, void *ctx)
{
	struct order_case *one = ctx;
	return cases_insert(tx, one, 1);
}

static void open_case(person_id subject, int64_t ago_ms)
{
	struct order_case one = { .subject = subject,
		                  .id = { snowflake_next(s->c->ids) },
		                  .opened_at_ms = s->now_ms - ago_ms,
		                  .note = S("") };
	assert_ok(verb_write(s->c, open_work, NULL, &one));
}

static void figures_count_days_and_hours(void **state)
{
	struct order_figures got;
	(void)state;
	assert_ok(govern_figures(s->c, s->people[1], 3, s->now_ms, s->mem, &got));
	assert_true(got.n_days == 3 && got.p50_hours == 0 && got.n_rules == 0);
	assert_int_equal(got.first_day, s->now_ms / DAY_MS - 2);
	for (int i = 1; i <= 10; i++)
		open_case((person_id){ 0 }, i * 24 * HOUR_MS);
	open_case(s->people[1], 24 * HOUR_MS); /* of which one is told nothing, by no count */
	assert_ok(govern_figures(s->c, s->people[1], 3, s->now_ms, s->mem, &got));
	assert_true(got.inflow[0] == 1 && got.inflow[1] == 1 && got.inflow[2] == 0);
	assert_true(got.p50_hours == 5 * 24 && got.p90_hours == 9 * 24);
	assert_ok(govern_figures(s->c, s->people[0], 3, s->now_ms, s->mem, &got));
	assert_int_equal(got.inflow[1], 2);
	assert_fails(govern_figures(s->c, s->people[2], 3, s->now_ms, s->mem, &got), ERR_DENIED);
	assert_blames(govern_figures(s->c, s->people[1], 0, s->now_ms, s->mem, &got), ERR_INPUT,
	              "days");
	assert_blames(govern_figures(s->c, s->people[1], 367, s->now_ms, s->mem, &got), ERR_INPUT,
	              "days");
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(what_the_keeper_sets_is_what_is_read),
		STAGE_TEST(who_saves_second_on_what_the_first_saw_is_told),
		STAGE_TEST(what_makes_no_sense_is_refused),
		STAGE_TEST(figures_count_days_and_hours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
