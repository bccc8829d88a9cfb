/* factor_private.h - what every change of somebody's factors has in common. */
#ifndef KITH_CIRCLE_FACTOR_PRIVATE_H
#define KITH_CIRCLE_FACTOR_PRIVATE_H

#include "circle/factor.h"

struct factor_change {
	struct circle *c;
	person_id me;
	session_id keep; /* the session that stays when the first factor ends the others */
	struct arena *mem;
	struct person person; /* as it is after */
	bool was_first;       /* there was none before */
	struct recovery recovery;
	secret_hash recovery_hashes[RECOVERY_CODES];
};

/* Before the transaction: recovery codes, in case they are needed. */
void factor_change_open(struct factor_change *change);
/* Inside it, once the rows are changed: the person's row, recovery codes and sessions follow. */
MUST_CHECK err factor_change_follow(struct conn *tx, struct factor_change *change);
/* The `after` step. */
void factor_change_after(struct factor_change *change);
/* What was made for the person, or nothing. */
void factor_change_recovery(const struct factor_change *change, struct recovery *out);

/* A new challenge in `what`, which is waited for from now on. `crowd`: as in tickets.h. */
void challenge_wait(struct circle *c, uint64_t crowd, struct ticket *what);
/* What waits for the challenge that was signed. Whatever comes of it, it is used up: ERR_INPUT with field "passkey" when
 * there is none. */
MUST_CHECK err challenge_take(struct circle *c, enum ticket_kind kind, str client_data,
                              struct ticket *out);

/* A recovery code as it is typed: case, spaces and hyphens do not count, and letters that look like digits are digits.
 * False when it cannot be one. */
bool recovery_hash_of(str code, secret_hash *hash);

#endif
