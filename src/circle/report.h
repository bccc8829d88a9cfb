/* report.h - a member says that something is wrong: a lead for the stewards, and never a measure by itself.
 *
 * Only on what the reporter may see at that moment; what is hidden from them and what never was are answered alike, and the answer
 * holds nothing they did not have. Who is reported never learns by whom, nor how often. */
#ifndef KITH_CIRCLE_REPORT_H
#define KITH_CIRCLE_REPORT_H

#include "circle/circle.h"
#include "circle/order.h"
#include "circle/read.h"
#include "model/lead.h"

#define REPORT_TEXT_MAX 1000
#define REPORT_PIECES_MAX 20 /* at once; each is one report */
#define REPORTS_A_DAY 30     /* of one person */
#define REPORT_WORKING_DAYS 5
#define REPORT_ABUSE_RULE S("order.report-abuse")

struct report_draft {
	person_id target;
	const int64_t *statuses; /* posts and comments of theirs; none: the person */
	size_t n_statuses;
	enum report_category category;
	str text; /* may be empty */
};
/* One report of each piece, in their order; one that is open already comes back as it was made. ERR_MISSING when any of it cannot be
 * seen or is somebody else's; ERR_LIMIT at the pace. */
MUST_CHECK err report_file(struct circle *c, person_id me, const struct report_draft *draft,
                           int64_t now_ms, struct arena *mem, struct report **out, size_t *n);
/* After ERR_LIMIT: how long until so many may be made; 0 when they may. */
MUST_CHECK err report_wait(struct circle *c, person_id me, size_t n, int64_t now_ms,
                           int64_t *wait_ms);
/* Mine, newest first. */
MUST_CHECK err report_mine(struct circle *c, person_id me, struct page page, struct arena *mem,
                           struct report **out, size_t *n);
/* The card of somebody I may report: what I may see of it now, behind my own block too. ERR_MISSING when nothing. */
MUST_CHECK err report_card(struct circle *c, person_id me, person_id target, struct arena *mem,
                           struct person *out);

/* Open reports on somebody as they are weighed now, for the stewards: without who made them. */
struct weighed_report {
	struct report report; /* `reporter` is 0 */
	double weight;        /* by itself, 0 to 1 */
	int group;            /* those of one number count once; 0: not weighed */
};
MUST_CHECK err report_weigh(struct conn *conn, const struct circle *c, person_id target,
                            struct arena *mem, struct weighed_report **out, size_t *n,
                            int64_t *priority);
/* What a steward found of the open reports of a case: these were made in bad faith, of the others these were right, the rest have that outcome. Each reporter is told
 * of it and of nothing else; bad faith is an offence of who made such a one instead, a notice of one point, and nobody else's. Their
 * items in the case are done. Inside the transaction of the decision, which saves the case itself. ERR_MISSING for a steward who is a
 * party to it. */
struct report_finding {
	case_id in;
	enum report_state outcome; /* right or not confirmed; REPORT_OPEN: the others wait on */
	const report_id *bad;
	size_t n_bad;
	str bad_note; /* why; for those who made them alone */
	const report_id *right;
	size_t n_right;
	person_id by;
};
MUST_CHECK err report_settle(struct order_changes *x, struct conn *tx,
                             const struct report_finding *finding, int64_t now_ms);
/* The decision of that moment is taken back: its reports are open again, and what it did to their reporters is undone. */
MUST_CHECK err report_reopen(struct order_changes *x, struct conn *tx, case_id in,
                             int64_t decided_at_ms, int64_t now_ms);

#endif
