#include "store/reports.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"target_id, report_id, reporter_id, category, state, post_author_id, post_id, "            \
	"comment_id, text, seen_by, at_ms, decided_at_ms"

static const char insert_report[] = "INSERT INTO reports (" COLUMNS ") "
				    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
				    "ON CONFLICT DO NOTHING";
static const char find_open[] = "SELECT " COLUMNS " FROM reports WHERE reporter_id = $1 "
				"AND target_id = $2 AND post_id = $3 AND comment_id = $4 "
				"AND state = 0 AND reporter_id <> 0";
static const char find_own[] = "SELECT " COLUMNS
			       " FROM reports WHERE reporter_id = $1 AND report_id = $2";
static const char of_reporter[] = "SELECT " COLUMNS
				  " FROM reports WHERE reporter_id = $1 AND report_id < $2 "
				  "ORDER BY report_id DESC LIMIT $3";
static const char nth_latest[] = "SELECT at_ms FROM reports WHERE reporter_id = $1 "
				 "ORDER BY at_ms DESC LIMIT 1 OFFSET $2";
static const char open_on[] = "SELECT " COLUMNS " FROM reports WHERE target_id = $1 AND state = 0 "
			      "ORDER BY report_id LIMIT $2";
static const char open_on_bare[] =
	"SELECT target_id, report_id, reporter_id, category, state, post_author_id, post_id, comment_id, "
	"'' AS text, seen_by, at_ms, decided_at_ms FROM reports WHERE target_id = $1 AND state = 0 "
	"ORDER BY report_id LIMIT $2";
/* kind 1: a report. */
static const char of_case[] =
	"SELECT r.target_id, r.report_id, r.reporter_id, r.category, r.state, r.post_author_id, r.post_id, "
	"r.comment_id, r.text, r.seen_by, r.at_ms, r.decided_at_ms FROM case_items i JOIN reports r "
	"ON r.target_id = i.owner_id AND r.report_id = i.item_id WHERE i.case_id = $1 AND i.kind = 1 "
	"ORDER BY i.done, i.item_id LIMIT $2";
static const char who_reported[] =
	"SELECT DISTINCT reporter_id FROM reports WHERE target_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND at_ms <= $4 AND reporter_id <> 0";
static const char set_state[] =
	"UPDATE reports SET state = $4, decided_at_ms = $5 WHERE target_id = $1 AND report_id = $2 "
	"AND state = $3";

static const char find_reporter[] =
	"SELECT n_right, n_wrong, n_bad FROM reporters WHERE person_id = $1";
static const char put_reporter[] =
	"INSERT INTO reporters (person_id, n_right, n_wrong, n_bad) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (person_id) DO UPDATE SET n_right = excluded.n_right, "
	"n_wrong = excluded.n_wrong, n_bad = excluded.n_bad";

err reports_insert(struct conn *tx, const struct report *report)
{
	struct stmt *q = driver_prepare(tx, insert_report);
	err e;
	stmt_bind_i64(q, 1, report->target.v);
	stmt_bind_i64(q, 2, report->id.v);
	stmt_bind_i64(q, 3, report->reporter.v);
	stmt_bind_i64(q, 4, report->category);
	stmt_bind_i64(q, 5, report->state);
	stmt_bind_i64(q, 6, report->piece.post_author.v);
	stmt_bind_i64(q, 7, report->piece.post.v);
	stmt_bind_i64(q, 8, report->piece.comment.v);
	stmt_bind_text(q, 9, report->text);
	stmt_bind_i64(q, 10, report->seen_by);
	stmt_bind_i64(q, 11, report->at_ms);
	stmt_bind_i64(q, 12, report->decided_at_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		e = err_conflict(NULL, "This has been reported already.");
out:
	return e;
}

static struct report read_report(struct stmt *q, struct arena *mem)
{
	return (struct report){
		.target = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.reporter = { stmt_i64(q, 2) },
		.category = (enum report_category)stmt_int(q, 3),
		.state = (enum report_state)stmt_int(q, 4),
		.piece = { { stmt_i64(q, 5) }, { stmt_i64(q, 6) }, { stmt_i64(q, 7) } },
		.text = stmt_text(q, 8, mem),
		.seen_by = stmt_int(q, 9),
		.at_ms = stmt_i64(q, 10),
		.decided_at_ms = stmt_i64(q, 11),
	};
}

static err read_one(struct stmt *q, struct arena *mem, struct report *out)
{
	err e = stmt_one(q, "no such report");
	if (!failed(e))
		*out = read_report(q, mem);
	stmt_done(q);
	return e;
}

static err read_all(struct stmt *q, struct arena *mem, struct report **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct report) = read_report(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err reports_find_open(struct conn *conn, const struct report *like, struct arena *mem,
                      struct report *out)
{
	struct stmt *q = driver_prepare(conn, find_open);
	stmt_bind_i64(q, 1, like->reporter.v);
	stmt_bind_i64(q, 2, like->target.v);
	stmt_bind_i64(q, 3, like->piece.post.v);
	stmt_bind_i64(q, 4, like->piece.comment.v);
	return read_one(q, mem, out);
}

err reports_find_own(struct conn *conn, person_id reporter, report_id id, struct arena *mem,
                     struct report *out)
{
	struct stmt *q = driver_prepare(conn, find_own);
	stmt_bind_i64(q, 1, reporter.v);
	stmt_bind_i64(q, 2, id.v);
	return read_one(q, mem, out);
}

err reports_by(struct conn *conn, person_id reporter, report_id before, int limit,
               struct arena *mem, struct report **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_reporter);
	stmt_bind_i64(q, 1, reporter.v);
	stmt_bind_i64(q, 2, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, mem, out, n);
}

err reports_nth_latest(struct conn *conn, person_id reporter, int nth, int64_t *at_ms)
{
	struct stmt *q = driver_prepare(conn, nth_latest);
	err e;
	stmt_bind_i64(q, 1, reporter.v);
	stmt_bind_i64(q, 2, nth - 1);
	e = stmt_number(q, "not so many", at_ms);
	if (e.code == ERR_MISSING)
		*at_ms = 0;
	return e.code == ERR_MISSING ? OK : e;
}

err reports_open_on(struct conn *conn, person_id target, bool words, int limit, struct arena *mem,
                    struct report **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, words ? open_on : open_on_bare);
	stmt_bind_i64(q, 1, target.v);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, mem, out, n);
}

err reports_of_case(struct conn *conn, case_id in, int limit, struct arena *mem,
                    struct report **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_case);
	stmt_bind_i64(q, 1, in.v);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, mem, out, n);
}

err reports_who(struct conn *conn, person_id target, const struct status_ref *piece, int64_t at_ms,
                struct arena *mem, person_id **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, who_reported);
	stmt_bind_i64(q, 1, target.v);
	stmt_bind_i64(q, 2, piece->post.v);
	stmt_bind_i64(q, 3, piece->comment.v);
	stmt_bind_i64(q, 4, at_ms);
	return rows_ids(q, mem, (void **)out, n);
}

err reports_set_state(struct conn *tx, const struct report *report, enum report_state state,
                      int64_t at_ms)
{
	struct stmt *q = driver_prepare(tx, set_state);
	err e;
	stmt_bind_i64(q, 1, report->target.v);
	stmt_bind_i64(q, 2, report->id.v);
	stmt_bind_i64(q, 3, report->state);
	stmt_bind_i64(q, 4, state);
	stmt_bind_i64(q, 5, at_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		e = err_conflict(NULL, "That has been decided already.");
out:
	return e;
}

err reporters_find(struct conn *conn, person_id person, struct reporter *out)
{
	struct stmt *q = driver_prepare(conn, find_reporter);
	err e;
	stmt_bind_i64(q, 1, person.v);
	*out = (struct reporter){ .id = person };
	e = stmt_one(q, "none yet");
	if (!failed(e)) {
		out->n_right = stmt_int(q, 0);
		out->n_wrong = stmt_int(q, 1);
		out->n_bad = stmt_int(q, 2);
	}
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

err reporters_put(struct conn *tx, const struct reporter *reporter)
{
	struct reporter r = *reporter;
	struct stmt *q = driver_prepare(tx, put_reporter);
	while (r.n_right + r.n_wrong + r.n_bad >= REPORTER_MEMORY) {
		r.n_right /= 2;
		r.n_wrong /= 2;
		r.n_bad /= 2;
	}
	stmt_bind_i64(q, 1, r.id.v);
	stmt_bind_i64(q, 2, r.n_right);
	stmt_bind_i64(q, 3, r.n_wrong);
	stmt_bind_i64(q, 4, r.n_bad);
	return stmt_run(q);
}
