/* docket_private.h - what the parts of the docket share. Room-private. */
#ifndef KITH_CIRCLE_DOCKET_PRIVATE_H
#define KITH_CIRCLE_DOCKET_PRIVATE_H

#include "circle/docket.h"
#include "circle/see.h"

#define CASE_ITEMS_MAX 1000 /* of one case and kind: more reports than that say nothing more */

/* ERR_DENIED for who is no steward; from the world. */
MUST_CHECK err docket_check_steward(const struct circle *c, person_id steward);
/* The case, for a steward who is no party to it: else ERR_MISSING, and for one that is part of another now. */
MUST_CHECK err docket_find(struct conn *conn, person_id steward, case_id id, struct arena *mem,
                           struct order_case *out);
MUST_CHECK err docket_line(struct circle *c, struct conn *conn, const struct order_case *one,
                           person_id steward, int64_t now_ms, struct arena *mem,
                           struct case_line *out);
/* Written; stewards hear of it after the commit. */
MUST_CHECK err docket_save(struct circle *c, struct conn *tx, struct order_case *one);
/* Puts the item into this very case, which is saved. */
MUST_CHECK err docket_put(struct circle *c, struct conn *tx, struct order_case *one,
                          const struct case_item *item);
/* One deed of a decision, or a decision taken back, in the log. The note is hashed, and the subject alone can open it; of DEED_BAD_FAITH there is
 * none. */
MUST_CHECK err docket_log(struct circle *c, struct conn *tx, const char *kind,
                          const struct order_case *one, const struct case_deed *deed,
                          int64_t now_ms);
/* How the case stands after its items changed: open while something waits, else decided by that steward (0: as it was). */
MUST_CHECK err docket_close(struct circle *c, struct conn *tx, case_id id, person_id steward,
                            str note, int64_t now_ms, struct arena *mem);

/* ---- a decision, as it is made ---- */

struct decide_job {
	struct circle *c;
	person_id steward;
	case_id id;
	const struct case_decision *decision;
	str note, bad_note;
	int64_t now_ms;
	struct arena *mem;
	struct order_changes *x;
	struct order_case one;
	struct case_item *items;
	size_t n_items;
	report_id *right; /* open ones on pieces that it acts upon: they were right */
	size_t n_right;
	int64_t number; /* of the decision: its first deed */
};
struct case_deed docket_deed_on(enum deed_kind kind, const struct case_item *item, int before);
MUST_CHECK err docket_write_deed(struct decide_job *job, struct conn *tx, struct case_deed deed);
/* What it begins: a label in the place of a hold that it released; a measure on a piece that waits here without one; a step on the subject. */
MUST_CHECK err docket_label_instead(struct decide_job *job, struct conn *tx,
                                    const struct measure *hold);
MUST_CHECK err docket_act(struct decide_job *job, struct conn *tx, const struct case_act *act);
MUST_CHECK err docket_take_step(struct decide_job *job, struct conn *tx);

#define SAY_CASE_CHANGED "This case was decided or changed by another steward."

#endif
