/* audit_row.h - what the log consists of: a record, who is named in it, and the root of a day. */
#ifndef KITH_MODEL_AUDIT_ROW_H
#define KITH_MODEL_AUDIT_ROW_H

#include "base/merkle.h"
#include "base/str.h"
#include "model/id.h"

#define AUDIT_SALT_BYTES 16
#define AUDIT_SIGNATURE_BYTES 64
#define AUDIT_DAY_MS INT64_C(86400000)

struct audit_row {
	int64_t seq; /* from 1 */
	int64_t at_ms;
	str kind, record;
	struct merkle_hash hash; /* of the one before and this record */
	str nodes; /* bytes: the subtrees it makes whole, of level 1 and on, MERKLE_BYTES each */
};

/* Gone when the person is erased: then what is hashed of them opens no more. */
struct audit_salt {
	person_id person; /* 0: nobody here */
	int64_t seq;
	bool concerned; /* who gets its receipt, and with whose salt its words are hashed */
	unsigned char salt[AUDIT_SALT_BYTES];
};

struct audit_root {
	int64_t day;  /* since 1970, UTC */
	int64_t size; /* records under it */
	int64_t at_ms;
	unsigned char root[MERKLE_BYTES], head[MERKLE_BYTES]; /* of the tree; of the chain */
	unsigned char signature[AUDIT_SIGNATURE_BYTES];
};

#endif
