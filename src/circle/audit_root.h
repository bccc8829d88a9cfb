/* audit_root.h - the key of the log, and what it signs: the root of each day.
 *
 * Everything published is of sizes that are whole multiples of AUDIT_DAY_RECORDS, each larger than the one before: a day is filled up with
 * records that say nothing, and some of these are written at chance all day long. What a day's size tells of a small circle is that it
 * had a day; where in the log one's own records stand tells nobody whether others' lie between. */
#ifndef KITH_CIRCLE_AUDIT_ROOT_H
#define KITH_CIRCLE_AUDIT_ROOT_H

#include "circle/audit.h"

#define AUDIT_KEY_FILE "audit.key" /* in the data folder, mode 0600: the secret's seed in hex */
#define AUDIT_KEY_BYTES 32
#define AUDIT_DAY_RECORDS 64

struct log_key; /* in memory as long as the circle */

/* At start: the key is read, or made; a log that is empty begins, one that has another key is told of ours, and the first root is made, so
 * that every draw has one that was published before. */
MUST_CHECK err audit_open(struct circle *c, int64_t now_ms);
void audit_close(struct circle *c);
const unsigned char *audit_public_key(const struct circle *c);

/* What is signed. Lines of text:
 *   kith-log-root 1 / day=2026-05-16 / at=2026-05-17T00:00:31.000Z / size=... / root=HEX / head=HEX */
str audit_root_text(const struct audit_root *root, struct arena *mem);
bool audit_root_signed(const struct audit_root *root, const unsigned char key[AUDIT_KEY_BYTES],
                       struct arena *mem);
/* "2026-05-16", and back: ERR_INPUT naming `field` for anything else. */
str audit_day_text(int64_t day, struct arena *mem);
MUST_CHECK err audit_day_of(str text, const char *field, int64_t *day);

#endif
