/* tombstone_log.h - the file beside the database, for the store and its writer. Room-private. */
#ifndef KITH_STORE_TOMBSTONE_LOG_H
#define KITH_STORE_TOMBSTONE_LOG_H

#include "store/driver.h"
#include "store/tombstones.h"

struct tombstone_log;

/* Brings both to where the other is: an older database forward (before anything else is read from it), then the file. ERR_CONFLICT
 * when the file belongs to another database. `conn` writes, outside a transaction. */
MUST_CHECK err tombstone_log_open(struct conn *conn, const char *folder, struct log *log,
                                  struct tombstone_log **out);
void tombstone_log_close(struct tombstone_log **log); /* accepts NULL */

/* After a commit: what it wrote down goes to the file and is synced. ERR_BUSY when the disk is full: the rows stay, and the next call
 * tries again. Any other error means that nobody knows what is on the disk. `any`: there was something. */
MUST_CHECK err tombstone_log_append(struct tombstone_log *log, struct conn *conn, bool *any);
/* In the next transaction: rows that stand in the file go. */
MUST_CHECK err tombstone_log_trim(struct tombstone_log *log, struct conn *tx);

/* One record again, by its word and numbers; ERR_INPUT when it is none. What it names may be gone already. */
MUST_CHECK err tombstone_apply(struct conn *tx, str record);
const char *tombstone_word(enum tombstone_kind kind);

#endif
