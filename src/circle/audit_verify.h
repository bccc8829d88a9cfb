/* audit_verify.h - is the log what was written? One pass over all rows, in memory that does not grow with them.
 *
 * Finds a record that was changed, taken out, put in or moved, an end that was cut off, a node, salt, root or signature that was touched,
 * and roots that are missing or too many. Who can write the whole database and has the key can write a log that is whole again: against
 * that helps a root remembered elsewhere alone, which must be the root of a beginning of this log. */
#ifndef KITH_CIRCLE_AUDIT_VERIFY_H
#define KITH_CIRCLE_AUDIT_VERIFY_H

#include "circle/audit_root.h"
#include "store/audits.h"

/* The first thing that is wrong. */
struct audit_fault {
	const char *what; /* NULL: nothing */
	int64_t seq;      /* the record, or where one should be; 0: none in particular */
	int64_t day;      /* of the root; -1: none in particular */
};

/* What is remembered of an earlier look. */
struct audit_memory {
	const struct merkle_hash *root; /* NULL: nothing */
	int64_t size;                   /* records under it; 0: not known */
	const unsigned char *key;       /* what the log must be signed with at its end; NULL: any */
};

/* Where the pass has come to. Plain: a copy goes on from there by itself. */
struct audit_verifier {
	const struct audit_memory *memory;
	const struct audit_root *roots; /* by size; borrowed */
	size_t n_roots, at_root;
	struct merkle_edge edge; /* its size: records so far */
	struct merkle_hash head;
	unsigned char key[AUDIT_KEY_BYTES];
	int64_t keys, key_since; /* how many there were; the record that told the last one */
	bool unwritten;          /* the last root is not written down in the log yet */
	bool remembered;
	struct audit_fault fault;
};
void audit_verifier_begin(struct audit_verifier *v, const struct audit_memory *memory,
                          const struct audit_root *roots, size_t n);
/* False at the first fault, which is then in `fault`. */
bool audit_verifier_take(struct audit_verifier *v, const struct audit_step *step);
bool audit_verifier_end(struct audit_verifier *v);

/* The rest of the log as `conn` sees it: from where `v` is to its end. A fault is no error. */
MUST_CHECK err audit_verify_on(struct audit_verifier *v, struct conn *conn);
/* All of it. `stopped` (may be NULL) is asked now and then: ERR_BUSY when it says so. */
struct audit_verified {
	struct audit_fault fault;
	int64_t records, roots;
	int64_t keys; /* more than 1: the keeper changed it, the last time with this record: */
	int64_t key_since;
	bool remembered;        /* the root that was given is one of a beginning */
	struct audit_root last; /* meaningful with roots > 0 */
};
MUST_CHECK err audit_verify(struct conn *conn, const struct audit_memory *memory,
                            bool (*stopped)(void *ctx), void *ctx, struct audit_verified *out);

#endif
