/* audit.h - the log that cannot lie: records, chained and in a tree, whose root is signed and published each day.
 *
 * A record is canonical text: the kind, then "seq=", "at=", "blind=" (16 random bytes: nobody guesses a record from its hash), then
 * "name=value" each on a line, in the order given. Numbers stand in decimal; words as they are, all but printable ASCII and "%" and "~"
 * as "%XX"; what names a person or says words as "~" and the BLAKE2b-256 of "name=value", keyed with that person's salt of this record.
 * Salts lie apart and go with the person: then the record stands and opens no more. Each person named has a salt of their own, so that
 * who gets a receipt opens what is theirs and cannot try out who the others were.
 * RFC 6962 section 2 for the tree; Crosby and Wallach, "Efficient Data Structures for Tamper-Evident Logging" (2009) for why a chain alone
 * is not enough. */
#ifndef KITH_CIRCLE_AUDIT_H
#define KITH_CIRCLE_AUDIT_H

#include "circle/circle.h"
#include "model/audit_row.h"
#include "model/id.h"

#define AUDIT_FIELDS_MAX 24
#define AUDIT_RECORD_MAX_BYTES ((size_t)16 << 10)

enum audit_field_kind { AUDIT_NUMBER, AUDIT_WORD, AUDIT_PERSON, AUDIT_TEXT, AUDIT_SEALED };
/* A word is the program's own (a kind, a rule, a hash in hex) and stands as it is; a person and a text are hashed, the text with the salt
 * of who is concerned. A person of id 0 stands as 0. AUDIT_SEALED is a text that they do not
 * get to read (a trace that tells of others): hashed with the house's salt as well, or whoever has theirs could try out what it says. What is about a measure has the number "measure": its receipts are found by it. */
struct audit_field {
	const char *name; /* a-z and '-'; not "seq", "at", "blind", "for" or "house" */
	enum audit_field_kind kind;
	int64_t number; /* AUDIT_NUMBER, and the id of AUDIT_PERSON */
	str text;
};
struct audit_entry {
	const char *kind; /* "measure.begun" */
	person_id
		concerned; /* who gets a receipt; 0: nobody. Becomes the field "for", so that `fields` need not name them */
	struct audit_field fields[AUDIT_FIELDS_MAX];
	size_t n;
};
/* With the rest of the transaction; `*seq` (may be NULL) is its number, from 1. */
MUST_CHECK err audit_append(struct circle *c, struct conn *tx, const struct audit_entry *entry,
                            int64_t now_ms, int64_t *seq);

/* The last root published before `at_ms`, for a draw; the first one of all where a clock went back before it. ERR_MISSING in a log that
 * was never opened: circle_open makes the first. */
MUST_CHECK err audit_root_before(struct conn *conn, int64_t at_ms, struct audit_root *out);
/* Makes the root of the day that ended, once; run with the minute's sweep. */
MUST_CHECK err audit_day(struct circle *c, int64_t now_ms);

#endif
