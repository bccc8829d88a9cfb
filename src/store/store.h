/* store.h - one writer, many readers, acknowledged means committed.
 *
 * SQLite in WAL with synchronous=FULL. Every write is a job for the one writer thread, which takes whatever
 * waits (at most 100 jobs or 5 ms of work), runs each inside a savepoint, commits once and only then answers.
 * A failed fsync or a commit that cannot be known to be durable ends the process: better no answer than a
 * false one. Nothing outside this room sees SQL. */
#ifndef KITH_STORE_STORE_H
#define KITH_STORE_STORE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

struct store;
struct conn; /* reads: borrowed by one thread from the pool, or inside a write job */

/* In the data folder while a backup is put in place (circle/restore.h): no store opens beside it. */
#define STORE_RESTORING "restoring"

struct store_settings {
	const char *folder;     /* data directory; kith.db inside */
	struct log *log;        /* borrowed for the store's life */
	bool readers_only_warm; /* reserved for tests: opens no writer thread */
};

/* Opens or creates, migrates forward (a backup of the file is made before each migration of existing data). */
MUST_CHECK err store_open(const struct store_settings *settings, struct store **out);
void store_close(struct store *store); /* finishes queued jobs first; accepts NULL */

/* A reader from the pool, with a snapshot that stays the same until it is given back. */
MUST_CHECK err store_read(struct store *store, struct conn **out);
void store_read_end(struct store *store, struct conn **conn);

/* Reads a database that no store has open: one that was set aside. */
MUST_CHECK err store_look(const char *path, struct conn **out);
void store_look_end(struct conn **conn); /* accepts a NULL connection */

/* A write: `work` runs on the writer thread inside the transaction; its error rolls back this job alone and is
 * returned. After the commit `after` (may be NULL) runs on the writer thread, in commit order, before the
 * caller is answered: in-memory state follows the store there. Blocks until then. `ctx` is borrowed. */
struct store_job {
	err (*work)(struct conn *tx, void *ctx);
	void (*after)(void *ctx);
	void *ctx;
};
MUST_CHECK err store_write(struct store *store, struct store_job job);

/* Many writes as one transaction in this thread's name (bulk load): same rules as store_write, no 5 ms bound. */
MUST_CHECK err store_write_bulk(struct store *store, struct store_job job);

/* A copy of the whole database as `conn` sees it, synced; nobody's write waits for it. */
MUST_CHECK err store_copy(struct conn *conn, const char *path);
/* What the database is and how much it holds. */
struct store_size {
	int64_t schema, people, posts;
};
MUST_CHECK err store_measure(struct conn *conn, struct store_size *out);

/* Largest id in the store, so that new ids go above it. */
MUST_CHECK err store_highest_id(struct conn *conn, int64_t *out);

#endif
