/* check.h - is the data folder whole? Rows against rows, rows against files, and the log of what was taken back. */
#ifndef KITH_CIRCLE_CHECK_H
#define KITH_CIRCLE_CHECK_H

#include "circle/circle.h"
#include "store/checks.h"

/* One at a time: ERR_BUSY. Calls `fault` for each thing that is wrong; `faults` counts them. Nobody's write waits for it; it needs as much room on the disk as
 * the database has, for a while. */
MUST_CHECK err check_all(struct circle *c, checks_fault fault, void *ctx, int64_t *faults);
/* What one that was broken off left: words of the database as it was, which may have been taken back since. */
void check_forget(const struct circle *c);

#endif
