/* policies.h - table policies: what was published, whole, and which of them is in force. None: the default policy is. */
#ifndef KITH_STORE_POLICIES_H
#define KITH_STORE_POLICIES_H

#include "store/store.h"

enum policy_state { POLICY_IN_FORCE, POLICY_REPLACED, POLICY_WITHDRAWN };

struct stored_policy {
	str hash, name;
	int version;
	enum policy_state state;
	int64_t published_at_ms;
	str source;
};

/* In force from now on; the one that was is replaced, or withdrawn. One that was published before comes back. */
MUST_CHECK err policies_enact(struct conn *tx, const struct stored_policy *policy,
                              enum policy_state the_other);
/* None in force: the default policy is, from now on. */
MUST_CHECK err policies_enact_default(struct conn *tx, enum policy_state the_other);
/* ERR_MISSING when there is none. */
MUST_CHECK err policies_in_force(struct conn *conn, struct arena *mem, struct stored_policy *out);
MUST_CHECK err policies_find(struct conn *conn, str hash, struct arena *mem,
                             struct stored_policy *out);
/* The replaced one that was published last: what a rollback goes back to. ERR_MISSING when there is none. */
MUST_CHECK err policies_previous(struct conn *conn, struct arena *mem, struct stored_policy *out);

#endif
