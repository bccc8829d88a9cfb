/* audit_rewrite_testing.h - the log written anew from a record on, so that it is whole again: what only a root that is remembered finds. */
#ifndef KITH_CIRCLE_AUDIT_REWRITE_TESTING_H
#define KITH_CIRCLE_AUDIT_REWRITE_TESTING_H

#include "circle/audit_verify.h"

struct audit_rewriting {
	struct arena *mem;
	uint64_t *seed;
	const struct audit_root *roots; /* as they were, by size */
	size_t n_roots;
	int64_t from;
	struct audit_verifier v;     /* somewhere before `from` */
	const unsigned char *secret; /* what roots are signed with */
	const unsigned char *key; /* the open half, put in the place of the log's; NULL: it stays */
	bool fork;                /* every record becomes another one, not the first alone */
	/* its own */
	struct conn *tx;
	struct audit_root root; /* made with the record before */
	bool changed;
};
MUST_CHECK err audit_rewrite(struct audit_rewriting *rewriting, struct conn *tx);

#endif
