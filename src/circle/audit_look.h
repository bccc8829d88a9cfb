/* audit_look.h - what may be read of the log: by anybody the roots and that each goes on from the one before, by a person their receipts. */
#ifndef KITH_CIRCLE_AUDIT_LOOK_H
#define KITH_CIRCLE_AUDIT_LOOK_H

#include "circle/audit_receipt.h"

/* The latest first, of days before `before` (INT64_MAX: all). */
MUST_CHECK err audit_roots(struct circle *c, int64_t before, int limit, struct arena *mem,
                           struct audit_root **out, size_t *n);
/* That the log under the root of day `from` is the beginning of the one under that of `to`. ERR_MISSING when a day has no root,
 * ERR_INPUT when `to` has the smaller one. */
struct audit_link {
	struct audit_root from, to;
	struct merkle_proof proof;
};
MUST_CHECK err audit_consistency(struct circle *c, int64_t from, int64_t to,
                                 struct audit_link *out);

/* Receipts of what is written about measures of `me`, oldest first: those of one measure, or of all (0). A record has one as soon as the
 * root of its day is published, and no earlier: until then not even its number is told, from which others' could be counted. */
MUST_CHECK err audit_receipts(struct circle *c, person_id me, measure_id measure, struct arena *mem,
                              struct audit_receipt **out, size_t *n);
/* The same as `conn` sees it. */
MUST_CHECK err audit_receipts_in(struct conn *conn, person_id me, measure_id measure,
                                 struct arena *mem, struct audit_receipt **out, size_t *n);

#endif
