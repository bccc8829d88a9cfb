/* docket.h - cases: what waits for the stewards, one open case a person, claimed by one at a time, decided with a reason, undone. */
#ifndef KITH_CIRCLE_DOCKET_H
#define KITH_CIRCLE_DOCKET_H

#include "circle/circle.h"
#include "circle/order.h"
#include "circle/read.h"
#include "model/case.h"

#define CASE_CLAIM_MS (INT64_C(10) * 60 * 1000)
#define CASE_UNDO_MS (INT64_C(15) * 60 * 1000)

/* Puts an item into the open case of `subject` (0: a case of its own), which is made when there is none. Inside the transaction of
 * what the item is. The case's harm is the gravest of its open items', its clock the earliest, its priority the highest. An item that
 * is in an open case already only gets the new harm, clock and priority. A measure or a report of class c is left to the readers'
 * own tools and waits for nobody: `out->id` is 0 then. */
struct case_entry {
	person_id subject;
	enum harm_class harm;
	int64_t due_at_ms; /* INT64_MAX: it has no clock */
	int64_t priority;
	struct case_item item; /* its kind, id, owner, family and time */
};
MUST_CHECK err docket_add(struct circle *c, struct conn *tx, const struct case_entry *entry,
                          int64_t now_ms, struct arena *mem, struct order_case *out);
/* The item is settled elsewhere (a hold lapsed, an appeal decided by its jury): the case closes `as` that with its last one. Nothing
 * happens when it waits in no case. */
MUST_CHECK err docket_settle(struct circle *c, struct conn *tx, enum case_item_kind kind,
                             int64_t item_id, enum case_state as, int64_t now_ms,
                             struct arena *mem);

#endif
