/* reports.h - tables reports (under who is reported) and reporters (how good each one's last reports were). */
#ifndef KITH_STORE_REPORTS_H
#define KITH_STORE_REPORTS_H

#include "model/lead.h"
#include "store/store.h"

/* ERR_CONFLICT when this reporter has one open on the same thing already. */
MUST_CHECK err reports_insert(struct conn *tx, const struct report *report);
/* The open one of `like`'s reporter on what `like` is on. ERR_MISSING when there is none. */
MUST_CHECK err reports_find_open(struct conn *conn, const struct report *like, struct arena *mem,
                                 struct report *out);
/* By who made it. */
MUST_CHECK err reports_find_own(struct conn *conn, person_id reporter, report_id id,
                                struct arena *mem, struct report *out);
/* Newest first; `before` 0: from the newest. */
MUST_CHECK err reports_by(struct conn *conn, person_id reporter, report_id before, int limit,
                          struct arena *mem, struct report **out, size_t *n);
/* When this reporter made their nth latest, from 1; 0: there are not so many. */
MUST_CHECK err reports_nth_latest(struct conn *conn, person_id reporter, int nth, int64_t *at_ms);
/* Open ones on this person and their pieces, oldest first; `words`: with what they say. */
MUST_CHECK err reports_open_on(struct conn *conn, person_id target, bool words, int limit,
                               struct arena *mem, struct report **out, size_t *n);
/* Of a case, whatever became of them: those that wait first, oldest first. */
MUST_CHECK err reports_of_case(struct conn *conn, case_id in, int limit, struct arena *mem,
                               struct report **out, size_t *n);
/* Everybody who had reported this piece of the target by `at_ms`, or, where it is all 0, the person; whatever became of it. */
MUST_CHECK err reports_who(struct conn *conn, person_id target, const struct status_ref *piece,
                           int64_t at_ms, struct arena *mem, person_id **out, size_t *n);
/* Compare-and-set from the state it has in `report` to `state`: ERR_CONFLICT when it is in another. `at_ms` 0 with REPORT_OPEN. */
MUST_CHECK err reports_set_state(struct conn *tx, const struct report *report,
                                 enum report_state state, int64_t at_ms);

/* All 0 when there is nothing yet. */
MUST_CHECK err reporters_find(struct conn *conn, person_id person, struct reporter *out);
/* Instead of what was; halved together until they are below REPORTER_MEMORY. */
MUST_CHECK err reporters_put(struct conn *tx, const struct reporter *reporter);

#endif
