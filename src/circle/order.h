/* order.h - measures: where each begins and ends, and what is in force. Nothing else writes the table.
 *
 * All inside the transaction of whoever decides; what follows in memory and in streams is gathered in `struct order_changes` and
 * done by order_after, from that write's `after`. Every beginning and end is one record of the log, in the same transaction. */
#ifndef KITH_CIRCLE_ORDER_H
#define KITH_CIRCLE_ORDER_H

#include "circle/circle.h"
#include "model/limited.h"
#include "model/measure.h"
#include "model/screened.h"

#define FEWER_POSTS_A_DAY 3
#define SECOND_LOOK_MS (INT64_C(24) * 3600 * 1000) /* a seal by the only steward begins then */

struct order_change;
struct order_changes {
	struct circle *c;
	struct arena *mem;
	struct order_change *all;
	size_t n, cap;
};
struct order_changes order_changes(struct circle *c, struct arena *mem);
/* On the writer's thread, after the commit: gates, limits and streams follow; a seal ends sessions. */
void order_after(struct order_changes *x);

/* Begins it: gives it its id, writes it and its record, tells its subject. ERR_DENIED where its decider may not: the policy on a
 * person, beyond a notice; a steward without a second look for a seal, which then is written as proposed (with a second steward
 * in the circle) or to begin SECOND_LOOK_MS later. */
MUST_CHECK err order_impose(struct order_changes *x, struct conn *tx, struct measure *m,
                            int64_t now_ms);
/* From active, proposed or kept to released, kept, lapsed or overturned: what it did is undone (or, kept, stands), its subject is
 * told. ERR_CONFLICT when it is over already. */
struct order_end {
	enum measure_state state;
	person_id by; /* 0: the program, or a jury */
	enum measure_decider decider;
	str note;
	bool silent; /* its subject is not told: the words it was on are gone */
};
MUST_CHECK err order_end(struct order_changes *x, struct conn *tx, const struct measure *m,
                         const struct order_end *end, int64_t now_ms);
/* What a decision did is taken back: the measure is again in the state it was in. */
MUST_CHECK err order_restore(struct order_changes *x, struct conn *tx, const struct measure *m,
                             enum measure_state state, int64_t now_ms);

/* What is in force on this person: from the world, for the door of a write. [takes the world's lock] */
struct limited order_limits(const struct circle *c, person_id person, int64_t now_ms);
/* ERR_DENIED with the way to the reasons, when a measure in force forbids it. ORDER_WRITE also counts the pieces of the last
 * 24 hours where only fewer are allowed (ERR_LIMIT). Inside the transaction. */
enum order_deed { ORDER_WRITE, ORDER_CHANGE, ORDER_BEFRIEND };
MUST_CHECK err order_may(struct circle *c, struct conn *tx, person_id person, enum order_deed deed,
                         int64_t now_ms, struct arena *mem);

/* Where a person stands: points after decay, offences that still count, and the step a steward would be shown. */
struct standing {
	int points, offences;
	int64_t last_ms;        /* of the last offence; 0: none */
	enum measure_kind step; /* meaningful with offences > 0 */
};
MUST_CHECK err order_standing(struct conn *conn, person_id person, int64_t now_ms,
                              struct arena *mem, struct standing *out);
int order_points(enum harm_class harm, bool small); /* 4, 2, 0; small: 1 */

/* Whether its rule is down to a label (rules_down). */
MUST_CHECK err order_rule_down(struct circle *c, str rule, bool *down);

/* At start: the world's limits are reckoned. Then every second, cheap when nothing is due: what begins or ends by its clock. */
MUST_CHECK err order_load(struct circle *c, int64_t now_ms);
MUST_CHECK err order_tick(struct circle *c, int64_t now_ms, int64_t mono_ms);

#endif
