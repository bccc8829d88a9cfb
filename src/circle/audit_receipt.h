/* audit_receipt.h - what a person concerned by a record gets: the record, what opens it, and the proof that it is in the log.
 *
 * Holds or not by itself: whoever has the log's public key needs nothing else. */
#ifndef KITH_CIRCLE_AUDIT_RECEIPT_H
#define KITH_CIRCLE_AUDIT_RECEIPT_H

#include "circle/audit_record.h"
#include "circle/audit_root.h"

#include "base/buf.h"

struct audit_receipt {
	str record;
	unsigned char salt[AUDIT_SALT_BYTES];
	struct audit_line opened[AUDIT_LINES_MAX]; /* lines that are hashed, with what they hide */
	size_t n_opened;
	struct merkle_proof path;           /* to the root */
	struct audit_root root;             /* the first published over the record */
	unsigned char key[AUDIT_KEY_BYTES]; /* it is signed with */
};

/* Opens what `value` opens: each line of the record that hides it under the receipt's salt. */
void audit_receipt_open(struct audit_receipt *receipt, str value);
/* What is wrong with it, or NULL. */
const char *audit_receipt_fault(const struct audit_receipt *receipt);
/* As a JSON object (docs/api.md). */
void audit_receipt_json(struct buf *b, const struct audit_receipt *receipt);

#endif
