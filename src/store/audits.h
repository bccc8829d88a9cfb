/* audits.h - tables audit, audit_salts and audit_roots: the log as it is kept. Rows are added and never changed. */
#ifndef KITH_STORE_AUDITS_H
#define KITH_STORE_AUDITS_H

#include "model/audit_row.h"
#include "store/store.h"

MUST_CHECK err audits_insert(struct conn *tx, const struct audit_row *row);
/* The newest; all zero in an empty log. */
MUST_CHECK err audits_last(struct conn *conn, struct arena *mem, struct audit_row *out);
MUST_CHECK err audits_find(struct conn *conn, int64_t seq, struct arena *mem,
                           struct audit_row *out);
/* Each from `from` on, in order, with the salts up to it that were not given yet; at last, with a NULL row, salts beyond the end where
 * there are any. Borrowed for the call. Stops at an error of `each`. */
struct audit_step {
	const struct audit_row *row;
	const struct audit_salt *salts;
	size_t n;
};
MUST_CHECK err audits_each(struct conn *conn, int64_t from,
                           err (*each)(void *ctx, const struct audit_step *step), void *ctx);
/* The newest of kind "log.key" among the first `size` records; ERR_MISSING without one. */
MUST_CHECK err audits_key(struct conn *conn, int64_t size, struct arena *mem,
                          struct audit_row *out);
/* For base/merkle.h: `ctx` is a struct conn. Of level 0 the leaf is reckoned from its record. */
MUST_CHECK err audits_node(void *ctx, int level, int64_t place, struct merkle_hash *out);

/* None is kept of who is erased. */
MUST_CHECK err audit_salts_insert(struct conn *tx, const struct audit_salt *salt);
/* Those of records that concern this person, oldest first, after `after`. */
MUST_CHECK err audit_salts_of(struct conn *conn, person_id person, int64_t after, int limit,
                              struct arena *mem, struct audit_salt **out, size_t *n);
/* All of a record, by person. */
MUST_CHECK err audit_salts_in(struct conn *conn, int64_t seq, struct arena *mem,
                              struct audit_salt **out, size_t *n);

MUST_CHECK err audit_roots_insert(struct conn *tx, const struct audit_root *root);
MUST_CHECK err audit_roots_find(struct conn *conn, int64_t day, struct audit_root *out);
/* Of those published before `at_ms` the one over most records; ERR_MISSING without one. */
MUST_CHECK err audit_roots_before(struct conn *conn, int64_t at_ms, struct audit_root *out);
/* The first that was published; ERR_MISSING without one. */
MUST_CHECK err audit_roots_first(struct conn *conn, struct audit_root *out);
/* The smallest over at least `size` records; ERR_MISSING without one. */
MUST_CHECK err audit_roots_over(struct conn *conn, int64_t size, struct audit_root *out);
/* Days before `before`, latest first. */
MUST_CHECK err audit_roots_list(struct conn *conn, int64_t before, int limit, struct arena *mem,
                                struct audit_root **out, size_t *n);
/* All, by size. */
MUST_CHECK err audit_roots_each(struct conn *conn,
                                err (*each)(void *ctx, const struct audit_root *root), void *ctx);

#endif
