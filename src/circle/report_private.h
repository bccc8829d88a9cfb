/* report_private.h - what report*.c share. */
#ifndef KITH_CIRCLE_REPORT_PRIVATE_H
#define KITH_CIRCLE_REPORT_PRIVATE_H

#include "circle/report.h"

/* How many can see what is reported now: at least 1. Without a piece, how many friends they have. */
MUST_CHECK err report_seen_by(const struct circle *c, struct conn *conn,
                              const struct report *report, int64_t now_ms, struct arena *mem,
                              int *out);
/* What all open reports on somebody count together. One item of the case carries it, that of the first (`lead`, 0: none): what came
 * between shows that some are linked is true of all of them. */
MUST_CHECK err report_priority(const struct circle *c, struct conn *conn, person_id target,
                               struct arena *mem, report_id *lead, int64_t *priority);
/* A record of the log: "report.filed", "report.settled", "report.reopened". It names nobody. */
MUST_CHECK err report_record(struct circle *c, struct conn *tx, const char *kind,
                             const struct report *report, case_id in, int64_t now_ms);

#endif
