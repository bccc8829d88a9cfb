/* calendar.h - working days: Monday to Friday by UTC, without the keeper's holidays. */
#ifndef KITH_CIRCLE_CALENDAR_H
#define KITH_CIRCLE_CALENDAR_H

#include "circle/circle.h"

#define CALENDAR_SETTING S("holidays") /* among order_settings: dates, a space between */
#define HOLIDAYS_MAX 400
#define APPEAL_WORKING_DAYS 5 /* what somebody outside or under a measure waits at most */

/* The same time of day, so many working days later. A deadline is reckoned once, when it begins: who changes the holidays
 * moves none that runs. */
MUST_CHECK err calendar_after(struct conn *conn, int64_t from_ms, int days, struct arena *mem,
                              int64_t *out_ms);
/* Days since 1970 of "2026-01-01", false when there is no such day in the years 1970 to 9999. */
bool calendar_day(str date, int64_t *day);

#endif
