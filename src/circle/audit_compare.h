/* audit_compare.h - do the measures and the log say the same? Whoever changes a measure behind the program's back leaves the log as it was. */
#ifndef KITH_CIRCLE_AUDIT_COMPARE_H
#define KITH_CIRCLE_AUDIT_COMPARE_H

#include "store/checks.h"

/* Calls `fault` for each measure begun since the log began that the log does not know, or that is in another state, has another end, note or
 * decider than its last record says, or is of another rule, with other points or another reason, than its first. What a restore took back with the database, or what came back
 * after it by tombstones, is left to the log: nothing is asked of what is older than the last restore. */
/* And for looks that the log knows and the table has not. */
MUST_CHECK err audit_compare(struct conn *conn, checks_fault fault, void *ctx);

#endif
