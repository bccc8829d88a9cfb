/* audit_tamper_testing.h - a log of a given length, tampered with at random again and again: what is found, and what is not.
 *
 * The pass reads rows in order and keeps all it knows in one struct, so what it says of a log that was changed from record s on is what it
 * says when it goes on from where it stood before s in the log that was not. That is where each trial starts: at one of the states kept
 * each TAMPER_KEPT records. The rows are real and in the database; every trial is a transaction that is rolled back. */
#ifndef KITH_CIRCLE_AUDIT_TAMPER_TESTING_H
#define KITH_CIRCLE_AUDIT_TAMPER_TESTING_H

#include "circle/audit_verify.h"

#define TAMPER_KEPT 256

enum tampering {
	TAMPER_EDIT,        /* one value of a record's row */
	TAMPER_EDIT_SALT,   /* of a salt */
	TAMPER_EDIT_ROOT,   /* of a root */
	TAMPER_DROP,        /* a record goes */
	TAMPER_DROP_CLOSED, /* and those after it move up */
	TAMPER_DROP_ROOT,
	TAMPER_PUT_IN, /* a copy of another record, those after it move down */
	TAMPER_PUT_IN_ROOT,
	TAMPER_SWAP,          /* two records */
	TAMPER_CUT,           /* the end goes, roots stay */
	TAMPER_CUT_CLEAN,     /* and the roots over it; a root is remembered */
	TAMPER_REWRITE_OTHER, /* from a record on all is made anew, and signed with another key */
	TAMPER_REWRITE_KEY,   /* the same, and the log tells of that key; a root is remembered */
	TAMPER_REWRITE_SAME,  /* the same with the log's own key; a root is remembered */
	TAMPER_FORK, /* from a record on all are others, with the log's own key; a root is remembered */
	TAMPERINGS
};
const char *tampering_name(enum tampering kind);

struct tamper;
/* Writes a log of at least `records` into the circle, a few hundred a day, all but the last under a root. */
MUST_CHECK err tamper_open(struct circle *c, int64_t records, uint64_t seed, struct tamper **out);
void tamper_close(struct tamper **t);
int64_t tamper_records(const struct tamper *t);
/* One at random; `what` is what was found, or NULL. Each is found from what it left alone, but for those with a root remembered. */
MUST_CHECK err tamper_try(struct tamper *t, enum tampering kind, struct audit_fault *what);
/* The first record that it touched, or that a salt or root it touched belongs to. */
int64_t tamper_from(const struct tamper *t);

#endif
