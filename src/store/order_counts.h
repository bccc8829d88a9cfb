/* order_counts.h - how the order does, counted over its tables: what comes in, what waits, and what becomes of the measures of a rule. */
#ifndef KITH_STORE_ORDER_COUNTS_H
#define KITH_STORE_ORDER_COUNTS_H

#include "model/id.h"
#include "store/store.h"

struct day_count {
	int64_t day; /* since 1970, UTC */
	int64_t n;
};
/* Cases opened from `since_ms` on that are not about `but`, by day, ascending; days without any are left out. */
MUST_CHECK err order_counts_opened(struct conn *conn, int64_t since_ms, person_id but,
                                   struct arena *mem, struct day_count **out, size_t *n);
/* When each case that is open and not about `but` was opened, in no order. */
MUST_CHECK err order_counts_waiting(struct conn *conn, person_id but, int limit, struct arena *mem,
                                    int64_t **out, size_t *n);

/* Of the measures that began from `since_ms` on, the newest `each` of every rule. Decided: kept, overturned, or released by somebody; the latter two were wrong. */
struct rule_count {
	str rule;
	int64_t caught, appealed, decided, overturned;
	int64_t milder; /* of juries; neither decided for the rule nor against it */
};
/* Every rule that caught anything, by name. */
MUST_CHECK err order_counts_rules(struct conn *conn, int64_t since_ms, int each, int limit,
                                  struct arena *mem, struct rule_count **out, size_t *n);

#endif
