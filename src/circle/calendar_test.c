#include "circle/calendar.h"

#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/order_settings.h"

#include <stdio.h>
#include <time.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 1 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* By the system's own calendar. */
static void every_day_of_the_calendar_is_known_and_no_other(void **state)
{
	(void)state;
	int64_t got, last = -1;
	for (int year = 1970; year < 2110; year++)
		for (int month = 0; month <= 13; month++)
			for (int day = 0; day <= 32; day++) {
				char text[40];
				struct tm tm = { .tm_year = year - 1900,
					         .tm_mon = month - 1,
					         .tm_mday = day };
				time_t at = timegm(&tm);
				bool is = tm.tm_mon == month - 1 && tm.tm_mday == day;
				snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
				assert_int_equal(calendar_day(str_of(text), &got), is);
				if (is) {
					assert_int_equal(got, at / 86400);
					assert_int_equal(got, last + 1);
					last = got;
				}
			}
}

static void what_is_no_date_is_none(void **state)
{
	static const char *const rows[] = { "",           "2026-1-01",  "2026/01/01", "2026-01-01 ",
		                            "+026-01-01", "2026-02-29", "1900-02-28", "2026-0x-01",
		                            "20260101xx" };
	int64_t day;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (calendar_day(str_of(rows[i]), &day))
			fail_msg("%s is a day", rows[i]);
	assert_true(calendar_day(S("9999-12-31"), &day));
	assert_int_equal(day, 2932896);
}

static err put_holidays(struct conn *tx, void *ctx)
{
	return order_settings_put(tx, CALENDAR_SETTING, str_of(ctx));
}

static int64_t day_of(const char *date)
{
	int64_t day;
	assert_true(calendar_day(str_of(date), &day));
	return day;
}

static void weekends_and_holidays_do_not_count(void **state)
{
	static const struct {
		const char *name;
		const char *holidays, *from;
		int days;
		const char *want;
	} rows[] = {
		{ "no day is now", "", "2026-05-16", 0, "2026-05-16" },
		{ "from a Monday five days are a Monday", "", "2026-05-11", 5, "2026-05-18" },
		{ "from a Friday one is a Monday", "", "2026-05-15", 1, "2026-05-18" },
		{ "from a Saturday one is a Monday", "", "2026-05-16", 1, "2026-05-18" },
		{ "a holiday moves it on", "2026-05-18", "2026-05-15", 1, "2026-05-19" },
		{ "of a week of them", "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07",
		  "2026-09-30", 5, "2026-10-14" },
		{ "a holiday on a Sunday is one day off, not two", "2026-05-17", "2026-05-15", 1,
		  "2026-05-18" },
		{ "what cannot be read is no holiday", "2026-13-01 soon", "2026-05-15", 1,
		  "2026-05-18" },
	};
	struct conn *conn;
	int64_t got;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_ok(
			verb_write(s->c, put_holidays, NULL, (void *)(uintptr_t)rows[i].holidays));
		assert_ok(store_read(s->c->store, &conn));
		assert_ok(calendar_after(conn, day_of(rows[i].from) * 86400000 + 12345,
		                         rows[i].days, s->mem, &got));
		store_read_end(s->c->store, &conn);
		if (got != day_of(rows[i].want) * 86400000 + 12345)
			fail_msg("%s: day %lld", rows[i].name, (long long)(got / 86400000));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_the_calendar_is_known_and_no_other),
		cmocka_unit_test(what_is_no_date_is_none),
		cmocka_unit_test_setup_teardown(weekends_and_holidays_do_not_count, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
