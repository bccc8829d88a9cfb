/* driver.h - what the tables of this room ask of a database: SQLite today, one file for each engine.
 *
 * Room-private. Statements are found by the address of their text, so SQL is always a `static const char`.
 * A statement that cannot be prepared or bound carries its error until it is stepped: callers check once.
 * One connection belongs to one thread at a time. */
#ifndef KITH_STORE_DRIVER_H
#define KITH_STORE_DRIVER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct conn;
struct stmt;

enum conn_role { CONN_WRITER, CONN_READER };

/* Creates the file (mode 0600) when it is absent. A reader refuses to write. */
MUST_CHECK err driver_open(const char *path, enum conn_role role, struct conn **out);
void driver_close(struct conn **conn); /* rolls back what is open; accepts a NULL connection */

/* A writer takes the write lock at once; a reader's snapshot starts with its first statement. */
MUST_CHECK err driver_begin(struct conn *conn);
/* On error nothing of the transaction is stored, unless driver_broken. */
MUST_CHECK err driver_commit(struct conn *conn);
void driver_rollback(struct conn *conn);
/* False after an error that made the engine give up the whole transaction (a full disk, no memory). */
bool driver_in_transaction(const struct conn *conn);
/* Why this writer's promises can no longer be kept (an I/O error, a damaged file), or NULL. For good once set. */
const char *driver_broken(const struct conn *conn);

/* One statement without parameters or rows, kept prepared. */
MUST_CHECK err driver_exec(struct conn *conn, const char *sql);
/* Statements of a schema file, written in the portable subset. */
MUST_CHECK err driver_script(struct conn *conn, const char *sql);
/* Whether nothing was ever made in it. */
MUST_CHECK err driver_is_empty(struct conn *conn, bool *out);
/* Rows changed by the last write. */
int64_t driver_changes(const struct conn *conn);
/* Rows changed on this connection so far, those of the engine's own tables included. */
int64_t driver_all_changes(const struct conn *conn);
/* A consistent copy of the whole database, synced; an old file there is replaced. */
MUST_CHECK err driver_backup(struct conn *conn, const char *path);
/* Pages in the log that the database file has not got yet, at most. */
int64_t driver_log_pages(const struct conn *conn);
/* Moves the log into the database file as far as readers allow; with `shrink` also waits for them and cuts the log. */
MUST_CHECK err driver_checkpoint(struct conn *conn, bool shrink);

/* Texts of the statements prepared so far, at most `most`: tests look at their plans. */
size_t driver_statements(const struct conn *conn, const char **texts, size_t most);

/* Ready to bind, never NULL. It may not be in use already on this connection. */
struct stmt *driver_prepare(struct conn *conn, const char *sql);
/* `n` is the N of $N. Texts and bytes are borrowed until the statement is done. */
void stmt_bind_i64(struct stmt *stmt, int n, int64_t v);
void stmt_bind_text(struct stmt *stmt, int n, str text);
void stmt_bind_bytes(struct stmt *stmt, int n, const void *bytes, size_t size);
/* The next row. Without one, or on error, the statement is done. */
MUST_CHECK err stmt_step(struct stmt *stmt, bool *row);
/* Steps to the end. */
MUST_CHECK err stmt_run(struct stmt *stmt);
/* The first row, which must be there (else ERR_MISSING with `missing`); the caller ends with stmt_done. */
MUST_CHECK err stmt_one(struct stmt *stmt, const char *missing);
/* The one number of the first row; a missing row is an error as in stmt_one. */
MUST_CHECK err stmt_number(struct stmt *stmt, const char *missing, int64_t *out);
/* Ends it before its last row. Harmless when it is done already. */
void stmt_done(struct stmt *stmt);

/* Columns of the row, from 0. */
int64_t stmt_i64(struct stmt *stmt, int column);
int stmt_int(struct stmt *stmt, int column);
str stmt_text(struct stmt *stmt, int column, struct arena *mem); /* copied into `mem` */
str stmt_text_borrowed(struct stmt *stmt, int column);           /* until the next step */
str stmt_blob(struct stmt *stmt, int column, struct arena *mem); /* copied into `mem` */
/* Exactly `size` bytes; anything else gives zeros. */
void stmt_bytes(struct stmt *stmt, int column, void *out, size_t size);

/* All rows of this table of a database of the same schema, in place of those that are here. */
MUST_CHECK err driver_take_table(struct conn *tx, struct conn *from, const char *table);

#endif
