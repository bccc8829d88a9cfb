/* govern.h - what the keeper sets for the order, and the figures by which stewards and keeper see how it does. */
#ifndef KITH_CIRCLE_GOVERN_H
#define KITH_CIRCLE_GOVERN_H

#include "circle/circle.h"
#include "model/id.h"
#include "store/order_counts.h"

#define JUROR_DAYS_MAX 3650
#define FIGURES_DAYS_MAX 366

struct order_rules {
	const str *holidays; /* "2026-01-01", ascending, each once; at most HOLIDAYS_MAX */
	size_t n_holidays;
	int overturn_limit; /* per cent, 1 to 100: over it a rule turns itself down */
	int juror_days;     /* in the circle, before one may be a juror: 0 to JUROR_DAYS_MAX */
	int64_t version;    /* goes up each time they are set; 0: never were */
};
/* ERR_DENIED for others than stewards. */
MUST_CHECK err govern_rules(struct circle *c, person_id steward, struct arena *mem,
                            struct order_rules *out);
/* By the keeper alone, on the version that was looked at: ERR_CONFLICT naming "version" when somebody set them since. Deadlines that run
 * stay as they are. What is set is in the log. `out` is what was set, in order, with its version. */
MUST_CHECK err govern_set(struct circle *c, person_id keeper, const struct order_rules *rules,
                          int64_t now_ms, struct arena *mem, struct order_rules *out);

struct order_figures {
	int64_t first_day; /* since 1970, UTC */
	int64_t *inflow;   /* cases opened, each day from that one on */
	size_t n_days;
	double p50_hours, p90_hours; /* how long open cases have waited */
	struct rule_count *rules;
	bool *down; /* of each rule: it does no more than label */
	size_t n_rules;
};
/* Of the last `days` days, today with them. ERR_DENIED for others than stewards. */
MUST_CHECK err govern_figures(struct circle *c, person_id steward, int64_t days, int64_t now_ms,
                              struct arena *mem, struct order_figures *out);

#endif
