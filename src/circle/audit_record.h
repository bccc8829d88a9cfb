/* audit_record.h - one record of the log as text: written from an entry, read back, opened with a salt. No store, no clock. */
#ifndef KITH_CIRCLE_AUDIT_RECORD_H
#define KITH_CIRCLE_AUDIT_RECORD_H

#include "base/seam.h"
#include "circle/audit.h"

#define AUDIT_LINES_MAX (AUDIT_FIELDS_MAX + 5)

/* A record to be, and the salts of whom it names. */
struct audit_draft {
	str record;
	struct audit_salt salts[AUDIT_FIELDS_MAX + 2];
	size_t n_salts;
};
MUST_CHECK err audit_record_write(const struct audit_entry *entry, int64_t seq, int64_t now_ms,
                                  struct chance chance, struct arena *mem, struct audit_draft *out);

/* What the next one is chained to: BLAKE2b-256 of 0x02, the hash before (zeros before the first) and the record. */
struct merkle_hash audit_record_chain(const struct merkle_hash *before, str record);

struct audit_line {
	str name, value; /* borrowed from the record; words as they are escaped */
};
struct audit_parts {
	str kind;
	int64_t seq, at_ms;
	struct audit_line lines[AUDIT_LINES_MAX]; /* all after the kind */
	size_t n;
};
/* False for what has not the shape of a record. */
bool audit_record_read(str record, struct audit_parts *out);
/* Borrowed; STR_NONE when there is no such line. */
str audit_record_value(const struct audit_parts *parts, str name);

/* The hash of "name=value" under the salt, as it stands in a record: "~" and hex. */
#define AUDIT_HIDDEN_BYTES (1 + 2 * MERKLE_BYTES)
void audit_record_hide(const unsigned char salt[AUDIT_SALT_BYTES], str name, str value,
                       char out[AUDIT_HIDDEN_BYTES]);
/* The same of what is sealed: the key is BLAKE2b-256 of the house's salt, keyed with the salt of who is concerned. */
void audit_record_seal(const unsigned char salt[AUDIT_SALT_BYTES],
                       const unsigned char house[AUDIT_SALT_BYTES], str name, str value,
                       char out[AUDIT_HIDDEN_BYTES]);
/* Whether some line of the record is this person under this salt: "for", when the record concerns them. */
bool audit_record_names(const struct audit_parts *parts, const struct audit_salt *salt);

/* Whether the record has this line with this value, as far as it can be asked: not where a salt went with a person who was erased. */
bool audit_record_says(const struct audit_parts *parts, const struct audit_salt *salts, size_t n,
                       const struct audit_field *field);

#endif
