/* audit_carry.h - the log does not go back with a restore: what was written since the backup comes along, and that there was one is written.
 * With it come the policies, since the log says which of them bound when, and which of their rules are down; and all of due process
 * (store/due_process.h).
 *
 * Where the database as it was is gone or does not go on from the backup's log, the records since are lost. Then the log is a fork of what
 * was published in between, which any root remembered from then shows; the record of the restore says so too. */
#ifndef KITH_CIRCLE_AUDIT_CARRY_H
#define KITH_CIRCLE_AUDIT_CARRY_H

#include "base/log.h"
#include "base/seam.h"
#include "store/store.h"

#include <stdbool.h>

struct audit_carry {
	struct store *store; /* the restored one */
	const char *before;  /* the database as it was; NULL: there is none */
	int64_t made_at_ms;  /* of the backup */
	int64_t now_ms;
	struct chance chance;
	struct log *log;
};
struct audit_carried {
	int64_t from; /* records in the backup's log */
	int64_t n;    /* that came along */
	bool fork;    /* there were others, which do not go on from it */
};
MUST_CHECK err audit_carry_on(const struct audit_carry *carry, struct audit_carried *out);

#endif
