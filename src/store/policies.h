/* policies.h - table policies: what was published, whole, and which of them is in force or announced. */
#ifndef KITH_STORE_POLICIES_H
#define KITH_STORE_POLICIES_H

#include "model/id.h"
#include "store/store.h"

enum policy_state { POLICY_IN_FORCE, POLICY_REPLACED, POLICY_WITHDRAWN, POLICY_ANNOUNCED };

/* The numbers are stored. */
enum policy_lifts { LIFTS_NOTHING, LIFTS_ALL, LIFTS_ITS_OWN };

struct stored_policy {
	str hash, name;
	int version;
	enum policy_state state;
	int64_t published_at_ms;
	int64_t binds_at_ms; /* from when on, or since when; of an urgent one, also when it is to bind for good */
	int64_t urgent_until_ms; /* 0: not urgent */
	person_id published_by;  /* 0: the shell, or the program */
	str differs_from;        /* hash of the version it was compared with; empty: of none */
	bool of_program;         /* it came with the program, and nobody here wrote it */
	str source;
	str differences, rehearsal; /* JSON */
	enum policy_lifts
		lifts; /* what it did that is still to be released; set by policies_lift alone */
};

/* In force from now on; the one that was is replaced, or withdrawn. One that was published before comes back. */
MUST_CHECK err policies_enact(struct conn *tx, const struct stored_policy *policy,
                              enum policy_state the_other);
/* Written down as it is, in the place of one with the same hash. */
MUST_CHECK err policies_put(struct conn *tx, const struct stored_policy *policy);
/* What it did is to be released, or has been. */
MUST_CHECK err policies_lift(struct conn *tx, str hash, enum policy_lifts lifts);
/* ERR_MISSING when there is none. */
MUST_CHECK err policies_in_force(struct conn *conn, struct arena *mem, struct stored_policy *out);
MUST_CHECK err policies_announced(struct conn *conn, struct arena *mem, struct stored_policy *out);
MUST_CHECK err policies_find(struct conn *conn, str hash, struct arena *mem,
                             struct stored_policy *out);
/* The replaced one that bound last: what a rollback goes back to. ERR_MISSING when there is none. */
MUST_CHECK err policies_previous(struct conn *conn, struct arena *mem, struct stored_policy *out);
/* One whose lifts is not LIFTS_NOTHING. ERR_MISSING when there is none. */
MUST_CHECK err policies_to_lift(struct conn *conn, struct arena *mem, struct stored_policy *out);
/* All of them, whole; the row lives for the call, and its error ends it. */
MUST_CHECK err policies_each(struct conn *conn,
                             err (*each)(void *ctx, const struct stored_policy *policy), void *ctx);
/* The newest `limit`, without source, differences and rehearsal. */
MUST_CHECK err policies_list(struct conn *conn, int limit, struct arena *mem,
                             struct stored_policy **out, size_t *n);

#endif
