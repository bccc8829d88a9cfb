/* audit_compare.h - do the measures and the log say the same? Whoever changes a measure behind the program's back leaves the log as it was. */
#ifndef KITH_CIRCLE_AUDIT_COMPARE_H
#define KITH_CIRCLE_AUDIT_COMPARE_H

#include "store/checks.h"

/* Calls `fault` for each measure begun since the log began that the log does not know, or that is in another state than its last record
 * says. What a restore took back with the database is left to the log: nothing is asked of a measure whose last record is older than it. */
MUST_CHECK err audit_compare(struct conn *conn, checks_fault fault, void *ctx);

#endif
