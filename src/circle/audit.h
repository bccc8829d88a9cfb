/* audit.h - the log that cannot lie: records, chained and in a tree, whose root is signed and published each day.
 *
 * A record is canonical text: the kind, then "name=value" each on a line, in the order given; numbers in decimal, what names a person
 * or says words as a hash with the record's salt. RFC 6962 section 2 for the tree (BLAKE2b-256 in place of SHA-256), Crosby and Wallach,
 * "Efficient Data Structures for Tamper-Evident Logging" (2009) for why a chain alone is not enough. */
#ifndef KITH_CIRCLE_AUDIT_H
#define KITH_CIRCLE_AUDIT_H

#include "circle/circle.h"
#include "model/appeal.h"
#include "model/id.h"

#define AUDIT_FIELDS_MAX 24

enum audit_field_kind { AUDIT_NUMBER, AUDIT_WORD, AUDIT_PERSON, AUDIT_TEXT };
/* A word is the program's own (a kind, a rule, a hash in hex) and stands as it is; a person and a text are hashed. */
struct audit_field {
	const char *name; /* a-z and '-' */
	enum audit_field_kind kind;
	int64_t number; /* AUDIT_NUMBER, and the id of AUDIT_PERSON */
	str text;
};
struct audit_entry {
	const char *kind;    /* "measure.begun" */
	person_id concerned; /* who gets a receipt and can open the hashes; 0: nobody */
	struct audit_field fields[AUDIT_FIELDS_MAX];
	size_t n;
};
/* With the rest of the transaction; `*seq` (may be NULL) is its number, from 1. */
MUST_CHECK err audit_append(struct circle *c, struct conn *tx, const struct audit_entry *entry,
                            int64_t now_ms, int64_t *seq);

/* The last root published before `at_ms`: of an earlier day. ERR_MISSING before the first, which audit_day then makes. */
struct audit_root {
	int64_t day, size, at_ms;
	unsigned char root[HASH_BYTES], head[HASH_BYTES];
	unsigned char signature[64];
};
MUST_CHECK err audit_root_before(struct conn *conn, int64_t at_ms, struct audit_root *out);
/* Makes the root of the day that ended, once; run with the minute's sweep. A clock that went back makes none. */
MUST_CHECK err audit_day(struct circle *c, int64_t now_ms);

#endif
