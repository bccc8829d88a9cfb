/* The log is text: a number, a word, numbers, and CRC-32 of all that, a record a line. Line 0 carries the origin, which stands in the
 * database too. */
#include "store/tombstones.h"

#include "store/tombstone_log.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/seam.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define PATH_BYTES 4096
#define RECORD_MAX_BYTES ((size_t)256 << 10) /* nine audiences with all the names they may have */
#define BATCH_BYTES ((size_t)1 << 20)

struct tombstone_log {
	int fd;
	int64_t appended,
		trimmed; /* highest number in the file, and in what the table has let go */
	int64_t bytes;   /* of whole lines in the file */
	struct log *log;
};

static const char add_record[] =
	"INSERT INTO tombstones (seq, record) SELECT COALESCE(MAX(seq), 0) + 1, $1 FROM tombstones";
static const char put_record[] = "INSERT INTO tombstones (seq, record) VALUES ($1, $2)";
static const char find_record[] = "SELECT record FROM tombstones WHERE seq = $1";
static const char highest_record[] = "SELECT COALESCE(MAX(seq), 0) FROM tombstones";
static const char later_records[] =
	"SELECT seq, record FROM tombstones WHERE seq > $1 ORDER BY seq LIMIT $2";
static const char drop_records[] = "DELETE FROM tombstones WHERE seq > 0 AND seq < $1";
static const char drop_all_records[] = "DELETE FROM tombstones WHERE seq > 0";
/* One-time links of the time before belong to nobody who still has them in hand. */
static const char *const drop_links[] = { "DELETE FROM resets", "DELETE FROM reset_refs",
	                                  "DELETE FROM codes", "DELETE FROM code_refs" };

/* `name` of a rule; STR_NONE where the record has numbers alone. */
static err add(struct conn *tx, enum tombstone_kind kind, str name, const int64_t *numbers,
               size_t n)
{
	struct arena *mem = arena_new(512);
	struct stmt *q = driver_prepare(tx, add_record);
	struct buf b;
	err e;
	buf_init(&b, mem, RECORD_MAX_BYTES);
	buf_add(&b, str_of(tombstone_word(kind)));
	if (name.n > 0) {
		buf_char(&b, ' ');
		buf_add(&b, name);
	}
	for (size_t i = 0; i < n; i++) {
		buf_char(&b, ' ');
		buf_i64(&b, numbers[i]);
	}
	stmt_bind_text(q, 1, buf_str(&b));
	e = b.full ? err_system("a tombstone is too long") : stmt_run(q);
	arena_free(mem);
	return e;
}

err tombstones_add(struct conn *tx, enum tombstone_kind kind, const int64_t *numbers, size_t n)
{
	return add(tx, kind, STR_NONE, numbers, n);
}

err tombstones_add_rule(struct conn *tx, enum tombstone_kind kind, str rule, const int64_t *numbers,
                        size_t n)
{
	return add(tx, kind, rule, numbers, n);
}

err tombstones_run(struct conn *tx, struct stmt *stmt, enum tombstone_kind kind,
                   const int64_t *numbers, size_t n)
{
	err e = stmt_run(stmt);
	return failed(e) || driver_changes(tx) == 0 ? e : tombstones_add(tx, kind, numbers, n);
}

/* ---- lines ---- */

static uint32_t sum_of(str line) { return (uint32_t)crc32(0, (const Bytef *)line.p, (uInt)line.n); }

static void add_line(struct buf *b, int64_t seq, str record)
{
	size_t from = b->n;
	buf_i64(b, seq);
	buf_char(b, ' ');
	buf_add(b, record);
	buf_format(b, " #%08x\n", sum_of((str){ b->p + from, b->n - from }));
}

/* A line without its end; false when it is not whole. */
static bool read_line(str line, int64_t *seq, str *record)
{
	char sum[16];
	if (line.n < 12 || line.p[line.n - 9] != '#' || line.p[line.n - 10] != ' ')
		return false;
	str said = str_slice(line, line.n - 8, line.n);
	str rest = str_slice(line, 0, line.n - 10);
	snprintf(sum, sizeof sum, "%08x", sum_of(rest));
	*record = rest;
	return str_eq(said, str_of(sum)) && str_to_i64(str_cut(record, ' '), seq) && *seq >= 0;
}

static bool read_origin(str record, int64_t *origin)
{
	return str_eq(str_cut(&record, ' '), S("origin")) && str_to_i64(record, origin);
}

/* Every line, in order, until `each` fails; a line that is not whole is an error unless it is the last. */
static err each_line(str bytes, struct tombstones_file *out,
                     err (*each)(int64_t seq, str record, void *ctx), void *ctx)
{
	str rest = bytes;
	err e = OK;
	*out = (struct tombstones_file){ 0 };
	for (int64_t n = 1; rest.n > 0; n++) {
		bool ended = memchr(rest.p, '\n', rest.n) != NULL;
		str line = str_cut(&rest, '\n'), record;
		int64_t seq;
		if (!ended)
			break; /* broken off while it was written */
		if (!read_line(line, &seq, &record) || (n > 1 && seq <= out->last)) {
			if (rest.n == 0)
				break;
			out->bad = out->bad ? out->bad : n;
			continue;
		}
		if (n == 1 && seq == 0 && !read_origin(record, &out->origin))
			out->bad = 1;
		out->last = seq;
		out->bytes = (size_t)(line.p + line.n + 1 - bytes.p);
		if (each && seq > 0)
			TRY(each(seq, record, ctx));
	}
out:
	return e;
}

err tombstones_look(const char *path, struct tombstones_file *out)
{
	str map = STR_NONE;
	err e;
	if (!file_exists(path))
		return err_missing("no such log");
	TRY(file_map(path, &map));
	TRY(each_line(map, out, NULL, NULL));
out:
	file_unmap(&map);
	return e;
}

/* ---- an older database ---- */

struct replay {
	struct conn *tx;
	int64_t from, last, n;
	str record; /* the last one */
};

static err replay_one(int64_t seq, str record, void *ctx)
{
	struct replay *replay = ctx;
	if (seq <= replay->from)
		return OK;
	replay->last = seq;
	replay->record = record;
	replay->n++;
	return tombstone_apply(replay->tx, record);
}

static err put(struct conn *tx, int64_t seq, str record)
{
	struct stmt *q = driver_prepare(tx, put_record);
	stmt_bind_i64(q, 1, seq);
	stmt_bind_text(q, 2, record);
	return stmt_run(q);
}

/* All that the log has beyond the database, as one transaction. What that writes down anew is what the log says already. */
static err catch_up(struct conn *conn, str bytes, int64_t have, struct log *log)
{
	struct replay replay = { .tx = conn, .from = have };
	struct tombstones_file file;
	err e;
	TRY(driver_begin(conn));
	TRY(each_line(bytes, &file, replay_one, &replay));
	for (size_t i = 0; i < sizeof drop_links / sizeof drop_links[0]; i++)
		TRY(driver_exec(conn, drop_links[i]));
	TRY(driver_exec(conn, drop_all_records));
	TRY(put(conn, replay.last, replay.record));
	TRY(driver_commit(conn));
	log_event(log, LOG_WARN, "store.taken-back-again", LOG_I64("records", replay.n));
out:
	driver_rollback(conn);
	return e;
}

/* ---- the file ---- */

static err from_errno(void)
{
	const char *why = strerrordesc_np(errno);
	bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
	return full ? err_busy(why) : err_system(why ? why : "unknown errno");
}

/* At the end of the whole lines; what could not be written whole is cut off again. */
static err write_end(struct tombstone_log *log, str bytes)
{
	size_t done = 0;
	while (done < bytes.n) {
		ssize_t n = pwrite(log->fd, bytes.p + done, bytes.n - done,
		                   log->bytes + (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err e = from_errno();
			return ftruncate(log->fd, log->bytes) < 0 ? from_errno() : e;
		}
		done += (size_t)n;
	}
	if (fdatasync(log->fd) < 0)
		return err_system("tombstones.log cannot be synced");
	log->bytes += (int64_t)bytes.n;
	return OK;
}

err tombstone_log_append(struct tombstone_log *log, struct conn *conn, bool *any)
{
	struct stmt *q = driver_prepare(conn, later_records);
	struct arena *mem = NULL;
	int64_t from = log->appended, last = from;
	struct buf b = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, log->appended);
	stmt_bind_i64(q, 2, INT64_MAX);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		if (!mem) {
			mem = arena_new(4096);
			buf_init(&b, mem, SIZE_MAX / 2);
		}
		last = stmt_i64(q, 0);
		add_line(&b, last, stmt_text_borrowed(q, 1));
		if (b.n < BATCH_BYTES)
			continue;
		TRY(write_end(log, buf_str(&b)));
		log->appended = last;
		b.n = 0;
	}
	if (b.n > 0)
		TRY(write_end(log, buf_str(&b)));
	*any = last > from;
	log->appended = last;
out:
	stmt_done(q);
	arena_free(mem);
	return e;
}

err tombstone_log_trim(struct tombstone_log *log, struct conn *tx)
{
	struct stmt *q;
	err e;
	if (log->trimmed == log->appended)
		return OK;
	q = driver_prepare(tx, drop_records);
	stmt_bind_i64(q, 1, log->appended);
	TRY(stmt_run(q));
	log->trimmed = log->appended; /* undone with the transaction, it waits for the next one */
out:
	return e;
}

/* A database from before there were logs takes the one it finds beside it. */
static err make_origin(struct conn *conn, const struct tombstones_file *file, int64_t *origin)
{
	uint64_t bits;
	struct arena *mem = arena_new(128);
	err e;
	chance_fill(chance_real(), &bits, sizeof bits);
	*origin = file->origin ? file->origin : (int64_t)(bits >> 2) + 1;
	TRY(driver_begin(conn));
	TRY(put(conn, 0, str_format(mem, "origin %lld", (long long)*origin)));
	TRY(driver_commit(conn));
out:
	driver_rollback(conn);
	arena_free(mem);
	return e;
}

static err find_origin(struct conn *conn, const struct tombstones_file *file, int64_t *origin)
{
	struct stmt *q = driver_prepare(conn, find_record);
	err e;
	stmt_bind_i64(q, 1, 0);
	e = stmt_one(q, "no origin");
	if (!failed(e) && !read_origin(stmt_text_borrowed(q, 0), origin))
		e = err_system("the origin of this database cannot be read");
	stmt_done(q);
	return e.code == ERR_MISSING ? make_origin(conn, file, origin) : e;
}

/* A new file begins with the line of its origin. */
static err begin_file(struct tombstone_log *log, int64_t origin)
{
	struct arena *mem = arena_new(128);
	struct buf b;
	buf_init(&b, mem, 256);
	add_line(&b, 0, str_format(mem, "origin %lld", (long long)origin));
	err e = write_end(log, buf_str(&b));
	arena_free(mem);
	return e;
}

static err open_file(const char *folder, struct tombstone_log *log)
{
	char path[PATH_BYTES];
	int dir;
	if (snprintf(path, sizeof path, "%s/tombstones.log", folder) >= (int)sizeof path)
		return err_input("data", "the path of the data folder is too long");
	log->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (log->fd < 0)
		return from_errno();
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fsync(dir) < 0) {
		err e = from_errno();
		if (dir >= 0)
			close(dir);
		return e;
	}
	close(dir);
	return OK;
}

static err bring_together(struct conn *conn, struct tombstone_log *log)
{
	struct tombstones_file file = { 0 };
	int64_t origin, have;
	bool any;
	str map = STR_NONE;
	err e;
	TRY(file_map_fd(log->fd, &map));
	TRY(each_line(map, &file, NULL, NULL));
	TRY(find_origin(conn, &file, &origin));
	TRY(stmt_number(driver_prepare(conn, highest_record), "no number", &have));
	if (file.bad)
		log_event(log->log, LOG_WARN, "store.tombstones-damaged",
		          LOG_I64("line", file.bad));
	if (file.bytes > 0 && file.origin != origin) {
		e = (err){ .code = ERR_CONFLICT,
			   .why = "tombstones.log belongs to another database than kith.db" };
		goto out;
	}
	if (file.last > have)
		TRY(catch_up(conn, map, have, log->log));
	log->bytes = (int64_t)file.bytes;
	log->appended = file.last;
	if (ftruncate(log->fd, log->bytes) < 0)
		TRY(from_errno());
	if (file.bytes == 0)
		TRY(begin_file(log, origin));
	TRY(tombstone_log_append(log, conn, &any));
out:
	file_unmap(&map);
	return e;
}

err tombstone_log_open(struct conn *conn, const char *folder, struct log *log,
                       struct tombstone_log **out)
{
	struct tombstone_log *opened = calloc(1, sizeof *opened);
	err e;
	if (!opened)
		return err_busy("no memory for the log of what was taken back");
	opened->fd = -1;
	opened->log = log;
	TRY(open_file(folder, opened));
	TRY(bring_together(conn, opened));
	*out = opened;
	return OK;
out:
	tombstone_log_close(&opened);
	return e;
}

void tombstone_log_close(struct tombstone_log **log)
{
	if (!*log)
		return;
	if ((*log)->fd >= 0)
		close((*log)->fd);
	free(*log);
	*log = NULL;
}
