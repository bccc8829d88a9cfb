/* jury_private.h - what an appeal asks of its jury, and what both write down; for the files of appeal and jury. */
#ifndef KITH_CIRCLE_JURY_PRIVATE_H
#define KITH_CIRCLE_JURY_PRIVATE_H

#include "circle/appeal.h"
#include "circle/audit.h"
#include "circle/jury.h"
#include "circle/known.h"

/* Known cases to be asked with the next seats: picked outside of the transaction. */
struct jury_known {
	struct known all[JURY_SEATS];
	size_t n, used;
};

/* One appeal on its way, inside a transaction. */
struct appeal_case {
	struct order_changes *x; /* of the transaction */
	struct conn *tx;
	struct arena *mem;
	struct appeal *appeal;
	struct measure *measure;
	struct jury_known *known;
	int64_t now_ms; /* as order_now has it */
};

/* Draws, and asks those who are seated; or finds that a steward decides, or nobody. Sets way, step, seats, root and list of the appeal. */
MUST_CHECK err jury_open(struct appeal_case *s);
/* Seats nobody answered for are left, and the walk goes on. `*settled`: nothing is waited for any more, and `*verdict` is what it came
 * to, VOTE_NONE when they do not agree. */
MUST_CHECK err jury_go_on(struct appeal_case *s, bool *settled, enum vote *verdict);
/* Whether jury_go_on has anything to do. */
MUST_CHECK err jury_is_due(struct conn *conn, const struct appeal *appeal, int64_t now_ms,
                           struct arena *mem, bool *due);
/* This one sits no more, without having skipped: their vote counts no more, and what was asked beside it is closed, or that would tell
 * which was real. Somebody else is asked with the next tick. */
MUST_CHECK err jury_leave(struct circle *c, struct conn *tx, const struct appeal *appeal,
                          struct seat *seat, int64_t now_ms);
/* Nobody has to vote any more. */
MUST_CHECK err jury_close(struct conn *tx, appeal_id appeal);
/* What the seats have said by then; votes that could still be changed then are left. */
struct tally jury_tally(const struct seat *seats, size_t n, int of_seats, int64_t now_ms);
/* Known cases that nobody answered. */
MUST_CHECK err jury_sweep_known(struct circle *c, int64_t now_ms);

/* Asks `person` about a known case beside a seat of `appeal` (0: none). Nothing when none is left. */
MUST_CHECK err jury_ask_known(struct circle *c, struct conn *tx, struct jury_known *known,
                              const struct juror_check *like, int64_t now_ms);
/* What is milder than this measure, for as long as it would have gone on; false: nothing is. */
bool appeal_milder(const struct measure *m, int64_t now_ms, struct measure *out);
/* One record of the log about an appeal: its numbers, and what else there is to say. */
MUST_CHECK err appeal_log(struct circle *c, struct conn *tx, const char *kind,
                          const struct appeal *appeal, const struct audit_field *more, size_t n,
                          int64_t now_ms);
/* A steward or nobody decides from now on. */
MUST_CHECK err appeal_leave_to_steward(struct appeal_case *s);

#endif
