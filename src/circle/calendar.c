#include "circle/calendar.h"

#include "store/order_settings.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static bool digits(str s, int64_t *out)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return str_to_i64(s, out);
}

static bool is_leap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool calendar_day(str date, int64_t *day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	int64_t y, m, d, length, past;
	if (date.n != 10 || date.p[4] != '-' || date.p[7] != '-' ||
	    !digits(str_slice(date, 0, 4), &y) || !digits(str_slice(date, 5, 7), &m) ||
	    !digits(str_slice(date, 8, 10), &d))
		return false;
	if (y < 1970 || m < 1 || m > 12)
		return false;
	length = before[m] - before[m - 1] + (m == 2 && is_leap(y) ? 1 : 0);
	if (d < 1 || d > length)
		return false;
	past = y - 1;
	*day = (y - 1970) * 365 + (past / 4 - past / 100 + past / 400) - (1969 / 4 - 19 + 4) +
	       before[m - 1] + (m > 2 && is_leap(y) ? 1 : 0) + d - 1;
	return true;
}

static bool is_holiday(str holidays, int64_t day)
{
	int64_t one;
	while (holidays.p != NULL)
		if (calendar_day(str_cut(&holidays, ' '), &one) && one == day)
			return true;
	return false;
}

err calendar_after(struct conn *conn, int64_t from_ms, int days, struct arena *mem, int64_t *out_ms)
{
	str holidays;
	err e;
	TRY(order_settings_get(conn, CALENDAR_SETTING, mem, &holidays));
	while (days > 0) {
		from_ms += DAY_MS;
		int64_t day = from_ms / DAY_MS, weekday = (day + 4) % 7; /* 0: Sunday */
		if (weekday != 0 && weekday != 6 && !is_holiday(holidays, day))
			days--;
	}
	*out_ms = from_ms;
out:
	return e;
}
