#include "store/notices.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                          \
	"reader_id, notice_id, kind, actor_id, post_author_id, post_id, comment_id, measure_id, at_ms, " \
	"group_id, report_id, seat_id"

static const char insert_notice[] = "INSERT INTO notices (" COLUMNS
				    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char newest_notices[] =
	"SELECT " COLUMNS
	" FROM notices WHERE reader_id = $1 AND notice_id > $2 AND notice_id < $3 "
	"ORDER BY notice_id DESC LIMIT $4";
static const char oldest_notices[] =
	"SELECT " COLUMNS
	" FROM notices WHERE reader_id = $1 AND notice_id > $2 AND notice_id < $3 "
	"ORDER BY notice_id ASC LIMIT $4";
static const char find_notice[] = "SELECT " COLUMNS
				  " FROM notices WHERE reader_id = $1 AND notice_id = $2";
/* A notice is younger than what it speaks of: only those above the post's id are looked at. */
static const char has_notice[] =
	"SELECT COUNT(*) FROM notices WHERE reader_id = $1 AND notice_id > $4 "
	"AND kind = $2 AND actor_id = $3 AND post_id = $4 AND comment_id = $5";
static const char dismiss_notice[] = "DELETE FROM notices WHERE reader_id = $1 AND notice_id = $2";
static const char clear_notices[] = "DELETE FROM notices WHERE reader_id = $1";

static const char find_marker[] = "SELECT last_read_id, version, updated_at_ms FROM markers "
				  "WHERE reader_id = $1 AND timeline = $2";
static const char set_marker[] =
	"INSERT INTO markers (reader_id, timeline, last_read_id, version, updated_at_ms) "
	"VALUES ($1, $2, $3, 1, $4) ON CONFLICT (reader_id, timeline) DO UPDATE SET "
	"last_read_id = excluded.last_read_id, version = markers.version + 1, "
	"updated_at_ms = excluded.updated_at_ms";

err notices_insert(struct conn *tx, const struct notice *notice)
{
	struct stmt *q = driver_prepare(tx, insert_notice);
	stmt_bind_i64(q, 1, notice->reader.v);
	stmt_bind_i64(q, 2, notice->id.v);
	stmt_bind_i64(q, 3, notice->kind);
	stmt_bind_i64(q, 4, notice->actor.v);
	stmt_bind_i64(q, 5, notice->post_author.v);
	stmt_bind_i64(q, 6, notice->post.v);
	stmt_bind_i64(q, 7, notice->comment.v);
	stmt_bind_i64(q, 8, notice->measure.v);
	stmt_bind_i64(q, 9, notice->at_ms);
	stmt_bind_i64(q, 10, notice->group.v);
	stmt_bind_i64(q, 11, notice->report.v);
	stmt_bind_i64(q, 12, notice->seat);
	return stmt_run(q);
}

static struct notice read_notice(struct stmt *q)
{
	return (struct notice){
		.reader = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.kind = (enum notice_kind)stmt_int(q, 2),
		.actor = { stmt_i64(q, 3) },
		.post_author = { stmt_i64(q, 4) },
		.post = { stmt_i64(q, 5) },
		.comment = { stmt_i64(q, 6) },
		.measure = { stmt_i64(q, 7) },
		.at_ms = stmt_i64(q, 8),
		.group = { stmt_i64(q, 9) },
		.report = { stmt_i64(q, 10) },
		.seat = stmt_i64(q, 11),
	};
}

err notices_of(struct conn *conn, person_id reader, notice_id after, notice_id before,
               bool oldest_first, int limit, struct arena *mem, struct notice **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, oldest_first ? oldest_notices : newest_notices);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, after.v);
	stmt_bind_i64(q, 3, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 4, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct notice) = read_notice(q);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err notices_find(struct conn *conn, person_id reader, notice_id id, struct notice *out)
{
	struct stmt *q = driver_prepare(conn, find_notice);
	err e;
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, id.v);
	e = stmt_one(q, "no such notice");
	if (!failed(e))
		*out = read_notice(q);
	stmt_done(q);
	return e;
}

err notices_has(struct conn *conn, person_id reader, enum notice_kind kind, person_id actor,
                const struct status_ref *piece, bool *out)
{
	struct stmt *q = driver_prepare(conn, has_notice);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, kind);
	stmt_bind_i64(q, 3, actor.v);
	stmt_bind_i64(q, 4, piece->post.v);
	stmt_bind_i64(q, 5, piece->comment.v);
	e = stmt_number(q, "no count", &n);
	*out = n > 0;
	return e;
}

err notices_dismiss(struct conn *tx, person_id reader, notice_id id)
{
	struct stmt *q = driver_prepare(tx, dismiss_notice);
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, id.v);
	return stmt_run(q);
}

err notices_clear(struct conn *tx, person_id reader)
{
	struct stmt *q = driver_prepare(tx, clear_notices);
	stmt_bind_i64(q, 1, reader.v);
	return stmt_run(q);
}

err markers_find(struct conn *conn, person_id reader, str timeline, struct marker *out)
{
	struct stmt *q = driver_prepare(conn, find_marker);
	err e;
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_text(q, 2, timeline);
	e = stmt_one(q, "no marker yet");
	if (!failed(e))
		*out = (struct marker){ stmt_i64(q, 0), stmt_int(q, 1), stmt_i64(q, 2) };
	stmt_done(q);
	return e;
}

err markers_set(struct conn *tx, person_id reader, str timeline, int64_t last_read_id,
                int64_t at_ms, struct marker *out)
{
	struct stmt *q = driver_prepare(tx, set_marker);
	err e;
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_text(q, 2, timeline);
	stmt_bind_i64(q, 3, last_read_id);
	stmt_bind_i64(q, 4, at_ms);
	TRY(stmt_run(q));
	TRY(markers_find(tx, reader, timeline, out));
out:
	return e;
}
