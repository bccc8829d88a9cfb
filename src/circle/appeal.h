/* appeal.h - a measure is looked at once more, by who did not make it, with the clock on us: what is not decided in five working days
 * lapses by itself, and the log says so.
 *
 * By a jury, where enough people who are far from both sides are willing (circle/draw.h); else by a steward who is no side; where there
 * is none, by nobody. Overturned, everything the measure did is undone. */
#ifndef KITH_CIRCLE_APPEAL_H
#define KITH_CIRCLE_APPEAL_H

#include "circle/circle.h"
#include "circle/draw.h"
#include "circle/order.h"
#include "circle/read.h"
#include "model/plea.h"

#define APPEAL_WORDS_MAX 2000                       /* code points, all that were added */
#define APPEAL_MS (INT64_C(183) * 24 * 3600 * 1000) /* after the measure began: six months */
#define APPEALS_OPEN_MAX 3                          /* of one person */

/* As its subject sees it. */
struct seen_appeal {
	struct appeal appeal;
	struct tally
		votes; /* of a jury: how many of its seats have voted, and what, which is shown after the end alone */
	const str *notes; /* of the votes, after the end; in no order that tells whose they are */
	size_t n_notes;
};

struct appeal_draft {
	str words; /* may be empty */
	str facts; /* new ones: needed for a second appeal, which is the last */
};
/* On a measure against me that is in force, or was kept; on a kept hold, where it is the program's notice of one. A milder measure that a
 * jury gave is the same case: its appeal is the second. One that is open already comes back as it is. ERR_MISSING when the measure is
 * not mine, ERR_INPUT naming "measure" when it cannot be appealed (any more), "facts" when it was and there are none, ERR_LIMIT
 * naming "appeals" with APPEALS_OPEN_MAX of mine open. */
MUST_CHECK err appeal_file(struct circle *c, person_id me, measure_id measure,
                           const struct appeal_draft *draft, int64_t now_ms, struct arena *mem,
                           struct seen_appeal *out);
/* Below those that are there, while nothing is decided. */
MUST_CHECK err appeal_add_words(struct circle *c, person_id me, appeal_id id, str words,
                                int64_t now_ms, struct arena *mem, struct seen_appeal *out);
MUST_CHECK err appeal_show(struct circle *c, person_id me, appeal_id id, struct arena *mem,
                           struct seen_appeal *out);
/* Mine, newest first. */
MUST_CHECK err appeal_mine(struct circle *c, person_id me, struct page page, struct arena *mem,
                           struct seen_appeal **out, size_t *n);

/* What is said of a measure's appeal beside the measure, to its subject. */
struct appeal_prospect {
	bool filed; /* the latest one is in `appeal` */
	struct seen_appeal appeal;
	bool may;         /* one may be filed now, where it was filed before on new facts */
	int64_t until_ms; /* until when; 0: never */
};
MUST_CHECK err appeal_prospect(struct conn *conn, const struct measure *measure, int64_t now_ms,
                               struct arena *mem, struct appeal_prospect *out);

MUST_CHECK err appeal_prospect_of(struct circle *c, const struct measure *m, int64_t now_ms,
                                  struct arena *mem, struct appeal_prospect *out);

/* A steward's decision, inside the transaction and with the changes of docket_decide, which sees to the case's item itself. ERR_CONFLICT
 * when it is over, or a jury's; ERR_DENIED for others than stewards, ERR_MISSING for a side. */
MUST_CHECK err appeal_decide(struct order_changes *x, struct conn *tx, person_id steward,
                             appeal_id id, bool overturn, str note, int64_t now_ms);
/* Takes such a decision back: open again. The measure is the caller's to restore (order_restore). */
MUST_CHECK err appeal_reopen(struct circle *c, struct conn *tx, appeal_id id, int64_t now_ms);
/* Whether this steward may decide it. */
MUST_CHECK err appeal_may_decide(struct circle *c, struct conn *conn, person_id steward,
                                 const struct appeal *appeal, struct arena *mem, bool *may);

/* Open ones that wait for no steward's decision, those that are due first: their clock is the house's own, so whoever answers for it sees it.
 * Neither whose nor about what nor how the votes stand, and none that this steward is a side of. ERR_DENIED for others than stewards. */
struct waiting_appeal {
	enum measure_kind kind;
	enum appeal_way way; /* a jury; or nobody, and it lapses */
	int seats;
	int64_t filed_at_ms, due_at_ms;
};
MUST_CHECK err appeal_waiting(struct circle *c, person_id steward, struct arena *mem,
                              struct waiting_appeal **out, size_t *n);

/* Every second, cheap when nothing is due: what is past its deadline lapses, seats nobody answered for go on along the walk, juries that
 * are agreed decide. Deadlines are asked against order_now. */
MUST_CHECK err appeal_tick(struct circle *c, int64_t now_ms);

#endif
