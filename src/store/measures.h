/* measures.h - table measures (under the subject) and accesses (every look of a reviewer at a held piece).
 *
 * Of several holds of one piece the latest alone says until when it is held. */
#ifndef KITH_STORE_MEASURES_H
#define KITH_STORE_MEASURES_H

#include "model/measure.h"
#include "model/post.h"
#include "store/store.h"

MUST_CHECK err measures_insert(struct conn *tx, const struct measure *measure);
MUST_CHECK err measures_find(struct conn *conn, measure_id id, struct arena *mem,
                             struct measure *out); /* by directory */
MUST_CHECK err measures_of(struct conn *conn, person_id subject, measure_id before, int limit,
                           struct arena *mem, struct measure **out,
                           size_t *n); /* newest first; 0: from the newest */
/* Holds still active at `now_ms`, oldest first. */
MUST_CHECK err measures_waiting(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                                struct measure **out, size_t *n);
/* Compare-and-set from active: ERR_CONFLICT when already decided or lapsed at `at_ms`. */
MUST_CHECK err measures_decide(struct conn *tx, person_id subject, measure_id id,
                               enum measure_state state, person_id by, int64_t at_ms, str note);
/* Active measures that the program made under this policy, oldest first. */
MUST_CHECK err measures_of_policy(struct conn *conn, str policy, int limit, struct arena *mem,
                                  struct measure **out, size_t *n);
/* Active measures on this piece of the subject's and on its changes, oldest first. */
MUST_CHECK err measures_open_of(struct conn *conn, person_id subject,
                                const struct status_ref *piece, int limit, struct arena *mem,
                                struct measure **out, size_t *n);
/* Active holds that ended by `now_ms`: marks them lapsed and returns them. */
MUST_CHECK err measures_lapse(struct conn *tx, int64_t now_ms, int limit, struct arena *mem,
                              struct measure **out, size_t *n);
/* Of the newest `limit` of this rule that began from `since_ms` on and that somebody decided: how many, and how many of them did not
 * stand (released by a person, overturned on appeal). */
struct outcomes {
	int decided, overturned;
};
MUST_CHECK err measures_outcomes(struct conn *conn, str rule, int64_t since_ms, int limit,
                                 struct outcomes *out);
MUST_CHECK err accesses_insert(struct conn *tx, person_id reviewer, measure_id measure,
                               int64_t at_ms);
MUST_CHECK err accesses_count(struct conn *conn, measure_id measure, int *out);

#endif
