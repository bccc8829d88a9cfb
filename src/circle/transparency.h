/* transparency.h - what the order did in a month: per rule, reports, complaints, appeals, juries. Figures alone.
 *
 * A month is published when it is over, once, and never changes: figures that follow what happens would let somebody who looks twice
 * see single events. What is shown hides small counts, also from who reckons with what stands beside them (circle/few.h): all of it is
 * told in fives, fewer than five and none alike; totals are what the parts leave open; and times are told where the shown counts alone
 * say that there are enough of them. */
#ifndef KITH_CIRCLE_TRANSPARENCY_H
#define KITH_CIRCLE_TRANSPARENCY_H

#include "base/buf.h"
#include "circle/circle.h"

#define TRANSPARENCY_MONTHS                                                                        \
	24 /* that are made up for, where they were not published in their time */
#define TRANSPARENCY_MEDIAN_OF 5 /* fewer times have no median that is told, */
#define TRANSPARENCY_P90_OF 10   /* and no ninth tenth */

/* Hours from when something began to when somebody decided. */
struct month_hours {
	int64_t n;
	double median, p90;
	int64_t sure; /* so many there are by the shown counts */
};
struct month_rule {
	str rule, clause; /* clause: of the version in force when it was made; may be empty */
	int64_t caught, appealed, kept, overturned, milder, lapsed;
	struct month_hours hours;
};
struct month_down {
	str rule;
	int64_t at_ms;
};
struct month_outcomes {
	int64_t kept, overturned, milder;
	struct month_hours hours;
};
struct month_report {
	str month; /* "2026-05" */
	int64_t made_at_ms;
	int64_t pieces, held;     /* posts and comments; how many the program held at once */
	struct month_rule *rules; /* those that did anything, by name */
	size_t n_rules;
	struct month_down *down;
	size_t n_down;
	struct {
		int64_t received, right, not_confirmed, bad_faith;
		struct month_hours hours;
	} reports;
	struct {
		int64_t received, in_time, late;
		struct month_hours hours;
	} complaints;
	struct month_outcomes stewards, juries; /* appeals that they decided */
	struct month_hours appeals;             /* of both together */
	int64_t appeals_lapsed;
	int64_t appeals_withdrawn; /* with what they were about: neither kept nor overturned */
	int64_t skipped; /* seats of juries; votes are not told: each jury has its seven */
};

/* "2026-05" begins and ends then, in UTC. False for what is no month from 1970 on. */
bool transparency_month(str month, int64_t *from_ms, int64_t *to_ms);
/* Of any month, also one that is not over: for the keeper. */
MUST_CHECK err transparency_reckon(struct circle *c, str month, int64_t now_ms, struct arena *mem,
                                   struct month_report *out);
/* Publishes what is over and was not published yet, from the month of the first measure on. Cheap when there is nothing; every minute. */
MUST_CHECK err transparency_tick(struct circle *c, int64_t now_ms);
/* As it was published. `month` empty: the latest. ERR_MISSING when there is none. */
MUST_CHECK err transparency_find(struct circle *c, str month, struct arena *mem,
                                 struct month_report *out);
/* Those that were published, latest first. */
MUST_CHECK err transparency_months(struct circle *c, struct arena *mem, str **out, size_t *n);

/* For everybody: small counts hidden. The members of an object, without its braces. */
void transparency_json(struct buf *b, const struct month_report *report);
/* Whether so many times say something of anybody. */
bool transparency_tells_median(const struct month_hours *hours);
bool transparency_tells_p90(const struct month_hours *hours);
/* In tenths of a per cent, downwards, of pieces that were not held at once, where those that were held count as the most that their fives
 * leave open; -1 where there were too few to say. */
int transparency_at_once(const struct month_report *report);

#endif
