/* audits_testing.h - hands on the tables of the log, for tests and benches that must be caught. */
#ifndef KITH_STORE_AUDITS_TESTING_H
#define KITH_STORE_AUDITS_TESTING_H

#include "store/audits.h"

enum tampered_column {
	TAMPER_AT_MS,
	TAMPER_KIND,
	TAMPER_RECORD,
	TAMPER_HASH,
	TAMPER_NODES,
	TAMPER_SALT_PERSON,
	TAMPER_SALT_SEQ,
	TAMPER_SALT_CONCERNED,
	TAMPER_SALT,
	TAMPER_DAY,
	TAMPER_SIZE,
	TAMPER_ROOT,
	TAMPER_HEAD,
	TAMPER_SIGNATURE,
	TAMPER_ROOT_AT_MS,
	TAMPER_COLUMNS
};
bool tamper_is_number(enum tampered_column column);
/* `key`: seq of a record or of a salt (of `person`), or day of a root. A number, or bytes. */
struct tampered {
	enum tampered_column column;
	int64_t key;
	person_id person;
	int64_t number;
	str bytes;
};
MUST_CHECK err tamper_set(struct conn *tx, const struct tampered *value);
/* A record gets another number; its salts stay where they are. */
MUST_CHECK err tamper_renumber(struct conn *tx, int64_t from, int64_t to);
/* All from `from` to `last` go up, or down. */
MUST_CHECK err tamper_shift(struct conn *tx, int64_t from, int64_t last, int64_t by);
MUST_CHECK err tamper_delete(struct conn *tx, int64_t seq);
MUST_CHECK err tamper_delete_root(struct conn *tx, int64_t day);
/* Records and salts after `seq`; with `roots` those over more records as well. */
MUST_CHECK err tamper_cut(struct conn *tx, int64_t seq, bool roots);
/* What a rewriter changes of a record. */
MUST_CHECK err tamper_rewrite(struct conn *tx, const struct audit_row *row);

#endif
