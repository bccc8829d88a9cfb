/* The SQLite driver.
 *
 * WAL with synchronous=FULL: a commit returns after its log is synced. The log moves into the database file only
 * when the writer thread says so (driver_checkpoint), never inside a commit that somebody waits for.
 *
 * No memory map: after every commit a reader has to map the file anew and fault its pages in again, which measured
 * 800 us for a read of one post against 40 us by pread; and pages of a map count as resident once for each connection
 * that touched them. Readers keep small caches and lean on the kernel's. */
#include "store/driver.h"

#include <sqlite3.h>

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STMT_SLOTS 512 /* a power of two, over twice the statements of this room */
#define PARAMS_MAX 32
#define SCRIPT_MAX 4096 /* bytes of one schema statement */
#define BUSY_WAIT_MS 5000
/* The log of a reader is only ever locked for an instant (recovery); the writer waits for readers that hold the
 * log's end no longer than this, since every write waits with it. */
#define SHRINK_WAIT_MS 100

struct stmt {
	const char *sql;
	sqlite3_stmt *handle;
	struct conn *conn;
	err failure; /* of preparing or binding */
	bool busy;
	int params[PARAMS_MAX + 1]; /* position of $N; SQLite numbers by first appearance */
};

struct conn {
	sqlite3 *db;
	enum conn_role role;
	const char *broken;
	int64_t log_pages;
	struct stmt *slots[STMT_SLOTS];
	struct stmt unprepared; /* stands in for a statement there was no memory for */
};

static const char begin_write[] = "BEGIN IMMEDIATE";
static const char begin_read[] = "BEGIN";
static const char commit[] = "COMMIT";
static const char rollback[] = "ROLLBACK";

static const char count_tables[] = "SELECT COUNT(*) FROM sqlite_master";

static const char pragmas[] = "PRAGMA foreign_keys = OFF;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA secure_delete = ON;"
			      "PRAGMA temp_store = MEMORY;";
/* The writer alone changes pages, so its cache stays true from commit to commit and is worth 8 MiB.
 * A reader drops its cache whenever a commit happened in between: room for one request is enough. */
static const char writer_pragmas[] = "PRAGMA journal_mode = WAL;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA journal_size_limit = 67108864;"
				     "PRAGMA cache_size = -8192;";
static const char reader_pragmas[] = "PRAGMA cache_size = -512;"
				     "PRAGMA query_only = ON;";

static void breaks(struct conn *conn, int code)
{
	if (conn->role == CONN_WRITER && !conn->broken)
		conn->broken = sqlite3_errstr(code);
}

/* The error of a result code, noting what makes a writer unfit. */
static err failure_of(struct conn *conn, int code)
{
	const char *why = sqlite3_errstr(code); /* static text */
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT:
		return (err){ .code = ERR_CONFLICT, .why = why };
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
		return err_busy(why);
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_NOMEM)
			return err_busy(why);
		breaks(conn, code);
		return err_system(why);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		breaks(conn, code);
		return err_system(why);
	case SQLITE_NOMEM:
		return err_busy(why);
	default:
		return err_system(why);
	}
}

static err failure_now(struct conn *conn)
{
	return failure_of(conn, sqlite3_extended_errcode(conn->db));
}

/* Before the first use of the library; its own statistics would take a lock for every allocation. */
static void configure(void) { (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

static int log_grew(void *ctx, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	((struct conn *)ctx)->log_pages = pages;
	return SQLITE_OK;
}

/* SQLite would make the file readable for all, and its log takes the mode of the file. */
static err make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_system("cannot create the database file");
	close(fd);
	return OK;
}

err driver_open(const char *path, enum conn_role role, struct conn **out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *mine = role == CONN_WRITER ? writer_pragmas : reader_pragmas;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	struct conn *conn = NULL;
	err e;

	pthread_once(&once, configure);
	assert(sqlite3_threadsafe());
	TRY(make_file(path));
	conn = calloc(1, sizeof *conn);
	if (!conn)
		return err_busy("no memory for a connection");
	conn->role = role;
	if (sqlite3_open_v2(path, &conn->db, flags, NULL) != SQLITE_OK) {
		e = conn->db ? failure_now(conn) : err_busy("no memory for a connection");
		goto out;
	}
	sqlite3_busy_timeout(conn->db, BUSY_WAIT_MS);
	if (sqlite3_exec(conn->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(conn->db, mine, NULL, NULL, NULL) != SQLITE_OK) {
		e = failure_now(conn);
		goto out;
	}
	if (role == CONN_WRITER)
		sqlite3_wal_hook(conn->db, log_grew,
		                 conn); /* takes the place of automatic checkpoints */
	*out = conn;
	return OK;
out:
	driver_close(&conn);
	return e;
}

void driver_close(struct conn **conn)
{
	struct conn *c = *conn;
	if (!c)
		return;
	for (size_t i = 0; i < STMT_SLOTS; i++) {
		if (c->slots[i])
			sqlite3_finalize(c->slots[i]->handle);
		free(c->slots[i]);
	}
	sqlite3_close(c->db);
	free(c);
	*conn = NULL;
}

err driver_begin(struct conn *conn)
{
	return driver_exec(conn, conn->role == CONN_WRITER ? begin_write : begin_read);
}

err driver_commit(struct conn *conn)
{
	err e = driver_exec(conn, commit);
	if (failed(e)) {
		/* Whatever else it was, nobody can say what is on the disk. */
		if (e.code != ERR_BUSY)
			breaks(conn, SQLITE_IOERR);
		driver_rollback(conn);
	}
	return e;
}

void driver_rollback(struct conn *conn)
{
	if (driver_in_transaction(conn) && failed(driver_exec(conn, rollback)) &&
	    driver_in_transaction(conn))
		breaks(conn, SQLITE_IOERR);
}

bool driver_in_transaction(const struct conn *conn) { return !sqlite3_get_autocommit(conn->db); }
const char *driver_broken(const struct conn *conn) { return conn->broken; }
int64_t driver_all_changes(const struct conn *conn) { return sqlite3_total_changes64(conn->db); }

int64_t driver_changes(const struct conn *conn) { return sqlite3_changes64(conn->db); }
int64_t driver_log_pages(const struct conn *conn) { return conn->log_pages; }

err driver_exec(struct conn *conn, const char *sql) { return stmt_run(driver_prepare(conn, sql)); }

/* Every table has a primary key and no other order, so SQLite stores each as one tree: half the bytes, one probe. */
static err create(struct conn *conn, const char *sql, size_t n)
{
	static const char suffix[] = " WITHOUT ROWID";
	char text[SCRIPT_MAX + sizeof suffix];
	bool is_table = n > 12 && !memcmp(sql, "CREATE TABLE", 12);
	if (n > SCRIPT_MAX)
		return err_system("a schema statement is too long");
	snprintf(text, sizeof text, "%.*s%s", (int)n, sql, is_table ? suffix : "");
	return sqlite3_exec(conn->db, text, NULL, NULL, NULL) == SQLITE_OK ? OK : failure_now(conn);
}

err driver_script(struct conn *conn, const char *sql)
{
	for (;;) {
		size_t n;
		sql += strspn(sql, " \t\n;");
		if (sql[0] == '-' && sql[1] == '-') {
			sql += strcspn(sql, "\n");
			continue;
		}
		n = strcspn(sql, ";");
		if (!n)
			return OK;
		err e = create(conn, sql, n);
		if (failed(e))
			return e;
		sql += n;
	}
}

err driver_is_empty(struct conn *conn, bool *out)
{
	int64_t n = 0;
	err e = stmt_number(driver_prepare(conn, count_tables), "no count", &n);
	*out = n == 0;
	return e;
}

err driver_backup(struct conn *conn, const char *path)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *work = NULL;
	int code = SQLITE_OK;
	err e;

	if (unlink(path) && access(path, F_OK) == 0)
		return err_system("cannot replace an old backup");
	TRY(make_file(path));
	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL) ==
	    SQLITE_OK)
		work = sqlite3_backup_init(copy, "main", conn->db, "main");
	if (work) {
		(void)sqlite3_backup_step(work, -1); /* its error comes again from finish */
		code = sqlite3_backup_finish(work);
	} else {
		code = copy ? sqlite3_extended_errcode(copy) : SQLITE_NOMEM;
	}
	if (code != SQLITE_OK)
		e = (code & 0xff) == SQLITE_FULL ? err_busy(sqlite3_errstr(code))
		                                 : err_system(sqlite3_errstr(code));
out:
	sqlite3_close(copy);
	return e;
}

err driver_checkpoint(struct conn *conn, bool shrink)
{
	int mode = shrink ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
	int code;
	sqlite3_busy_timeout(conn->db, SHRINK_WAIT_MS);
	code = sqlite3_wal_checkpoint_v2(conn->db, "main", mode, NULL, NULL);
	sqlite3_busy_timeout(conn->db, BUSY_WAIT_MS);
	if (code == SQLITE_OK && shrink)
		conn->log_pages = 0;
	/* Readers in the way are nothing wrong: what could be moved has been. */
	return code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY ? OK : failure_of(conn, code);
}

static void prepare(struct conn *conn, struct stmt *stmt)
{
	char name[8];
	if (sqlite3_prepare_v3(conn->db, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle,
	                       NULL)) {
		stmt->failure = failure_now(conn);
		stmt->handle = NULL;
		return;
	}
	assert(sqlite3_bind_parameter_count(stmt->handle) <= PARAMS_MAX);
	for (int n = 1; n <= PARAMS_MAX; n++) {
		snprintf(name, sizeof name, "$%d", n);
		stmt->params[n] = sqlite3_bind_parameter_index(stmt->handle, name);
	}
}

struct stmt *driver_prepare(struct conn *conn, const char *sql)
{
	size_t at = (size_t)(((uintptr_t)sql >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 40) %
	            STMT_SLOTS;
	struct stmt *stmt;
	while (conn->slots[at] && conn->slots[at]->sql != sql)
		at = (at + 1) % STMT_SLOTS;
	stmt = conn->slots[at];
	if (!stmt) {
		stmt = calloc(1, sizeof *stmt);
		if (!stmt) {
			conn->unprepared = (struct stmt){ .failure = err_busy(
								  "no memory for a statement") };
			return &conn->unprepared;
		}
		stmt->sql = sql;
		stmt->conn = conn;
		conn->slots[at] = stmt;
	}
	assert(!stmt->busy);
	if (!stmt->handle) {
		stmt->failure = OK;
		prepare(conn, stmt);
	}
	return stmt;
}

size_t driver_statements(const struct conn *conn, const char **texts, size_t most)
{
	size_t n = 0;
	for (size_t i = 0; i < STMT_SLOTS && n < most; i++)
		if (conn->slots[i])
			texts[n++] = conn->slots[i]->sql;
	return n;
}

static void bound(struct stmt *stmt, int code)
{
	if (code != SQLITE_OK && !failed(stmt->failure))
		stmt->failure = failure_of(stmt->conn, code);
}

void stmt_bind_i64(struct stmt *stmt, int n, int64_t v)
{
	if (stmt->handle)
		bound(stmt, sqlite3_bind_int64(stmt->handle, stmt->params[n], v));
}

void stmt_bind_text(struct stmt *stmt, int n, str text)
{
	if (stmt->handle)
		bound(stmt, sqlite3_bind_text64(stmt->handle, stmt->params[n], text.p ? text.p : "",
		                                text.n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_bytes(struct stmt *stmt, int n, const void *bytes, size_t size)
{
	if (stmt->handle)
		bound(stmt, sqlite3_bind_blob64(stmt->handle, stmt->params[n], bytes, size,
		                                SQLITE_STATIC));
}

void stmt_done(struct stmt *stmt)
{
	stmt->busy = false;
	stmt->failure = OK;
	if (stmt->handle) {
		sqlite3_reset(
			stmt->handle); /* repeats the error of the last step, which was reported */
		sqlite3_clear_bindings(stmt->handle);
	}
}

err stmt_step(struct stmt *stmt, bool *row)
{
	err e = stmt->failure;
	int code;
	*row = false;
	if (failed(e)) {
		stmt_done(stmt);
		return e;
	}
	stmt->busy = true;
	code = sqlite3_step(stmt->handle);
	if (code == SQLITE_ROW) {
		*row = true;
		return OK;
	}
	if (code != SQLITE_DONE)
		e = failure_of(stmt->conn, code);
	stmt_done(stmt);
	return e;
}

err stmt_run(struct stmt *stmt)
{
	bool row;
	err e;
	do {
		e = stmt_step(stmt, &row);
	} while (row);
	return e;
}

err stmt_one(struct stmt *stmt, const char *missing)
{
	bool row;
	err e = stmt_step(stmt, &row);
	if (failed(e))
		return e;
	return row ? OK : err_missing(missing);
}

err stmt_number(struct stmt *stmt, const char *missing, int64_t *out)
{
	err e = stmt_one(stmt, missing);
	if (!failed(e))
		*out = stmt_i64(stmt, 0);
	stmt_done(stmt);
	return e;
}

int64_t stmt_i64(struct stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}
int stmt_int(struct stmt *stmt, int column) { return sqlite3_column_int(stmt->handle, column); }

str stmt_text_borrowed(struct stmt *stmt, int column)
{
	const char *p = (const char *)sqlite3_column_text(stmt->handle, column);
	return p ? (str){ p, (size_t)sqlite3_column_bytes(stmt->handle, column) } : S("");
}

str stmt_text(struct stmt *stmt, int column, struct arena *mem)
{
	return str_dup(mem, stmt_text_borrowed(stmt, column));
}

str stmt_blob(struct stmt *stmt, int column, struct arena *mem)
{
	const char *p = sqlite3_column_blob(stmt->handle, column);
	return str_dup(mem, (str){ p, (size_t)sqlite3_column_bytes(stmt->handle, column) });
}

void stmt_bytes(struct stmt *stmt, int column, void *out, size_t size)
{
	const void *p = sqlite3_column_blob(stmt->handle, column);
	if (p && sqlite3_column_bytes(stmt->handle, column) == (int)size)
		memcpy(out, p, size);
	else
		memset(out, 0, size);
}

static err take_row(sqlite3_stmt *read, sqlite3_stmt *put, struct conn *tx)
{
	int code;
	for (int i = 0; i < sqlite3_column_count(read); i++)
		if (sqlite3_bind_value(put, i + 1, sqlite3_column_value(read, i)) != SQLITE_OK)
			return err_busy("no memory for a row");
	code = sqlite3_step(put);
	if (code == SQLITE_DONE)
		code = sqlite3_reset(put);
	return code == SQLITE_OK ? OK : failure_of(tx, code);
}

/* Run once in a restore: nothing of it is kept for the next time. */
err driver_take_table(struct conn *tx, struct conn *from, const char *table)
{
	sqlite3_stmt *read = NULL, *put = NULL;
	char sql[512];
	int code = SQLITE_ROW;
	size_t n;
	err e = OK;
	snprintf(sql, sizeof sql, "DELETE FROM %s", table);
	if (sqlite3_exec(tx->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		TRY(failure_of(tx, sqlite3_errcode(tx->db)));
	snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
	if (sqlite3_prepare_v2(from->db, sql, -1, &read, NULL) != SQLITE_OK)
		TRY(failure_of(from, sqlite3_errcode(from->db)));
	n = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (", table);
	for (int i = 0; i < sqlite3_column_count(read) && n + 4 < sizeof sql; i++)
		n += (size_t)snprintf(sql + n, sizeof sql - n, i > 0 ? ", ?" : "?");
	snprintf(sql + n, sizeof sql - n, ")");
	if (sqlite3_prepare_v2(tx->db, sql, -1, &put, NULL) != SQLITE_OK)
		TRY(failure_of(tx, sqlite3_errcode(tx->db)));
	while ((code = sqlite3_step(read)) == SQLITE_ROW)
		TRY(take_row(read, put, tx));
	if (code != SQLITE_DONE)
		e = failure_of(from, code);
out:
	sqlite3_finalize(read);
	sqlite3_finalize(put);
	return e;
}
