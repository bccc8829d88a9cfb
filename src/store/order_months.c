#include "store/order_months.h"

#include "store/driver.h"
#include "store/rows.h"

static const char measures_between[] =
	"SELECT m.measure_id, m.rule, m.kind, m.state, m.decider, m.starts_at_ms, m.ends_at_ms, "
	"m.decided_at_ms, m.decided_by_id FROM measure_refs r "
	"JOIN measures m ON m.subject_id = r.subject_id AND m.measure_id = r.measure_id "
	"WHERE r.measure_id > $1 AND r.measure_id < $2 ORDER BY r.measure_id LIMIT $3";
static const char appeals_between[] =
	"SELECT a.appeal_id, m.rule, a.state, a.way, a.filed_at_ms, a.decided_at_ms, "
	"(SELECT COUNT(*) FROM seats s WHERE s.appeal_id = a.appeal_id AND s.state = 2) "
	"FROM appeal_refs r "
	"JOIN appeals a ON a.subject_id = r.subject_id AND a.appeal_id = r.appeal_id "
	"JOIN measures m ON m.subject_id = a.subject_id AND m.measure_id = a.measure_id "
	"WHERE r.appeal_id > $1 AND r.appeal_id < $2 ORDER BY r.appeal_id LIMIT $3";
static const char reports_decided[] =
	"SELECT state, at_ms, 0, decided_at_ms FROM reports "
	"WHERE decided_at_ms >= $1 AND decided_at_ms < $2 AND decided_at_ms <> 0 "
	"ORDER BY decided_at_ms LIMIT $3";
static const char count_reported[] =
	"SELECT COUNT(*) FROM reports WHERE report_id > $1 AND report_id < $2";
static const char complaints_between[] =
	"SELECT state, at_ms, due_at_ms, answered_at_ms FROM complaints "
	"WHERE complaint_id > $1 AND complaint_id < $2 ORDER BY complaint_id LIMIT $3";
static const char count_pieces[] =
	"SELECT COUNT(*), COALESCE(SUM(CASE WHEN action = 3 THEN 1 ELSE 0 END), 0) FROM screenings "
	"WHERE at_ms >= $1 AND at_ms < $2 AND kind < 2 AND revision = 0";
static const char first_measure[] = "SELECT COALESCE(MIN(measure_id), 0) FROM measure_refs";
static const char put_month[] = "INSERT INTO order_months (month, made_at_ms, body) "
				"VALUES ($1, $2, $3) ON CONFLICT (month) DO NOTHING";
static const char find_month[] = "SELECT body FROM order_months WHERE month = $1";
static const char months_latest[] = "SELECT month FROM order_months WHERE month > '' "
				    "ORDER BY month DESC LIMIT $1";

static struct stmt *in_range(struct conn *conn, const char *sql, struct id_range range)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, range.from);
	stmt_bind_i64(q, 2, range.to);
	stmt_bind_i64(q, 3, range.limit);
	return q;
}

err order_months_measures(struct conn *conn, struct id_range range, struct arena *mem,
                          struct month_measure **out, size_t *n)
{
	struct stmt *q = in_range(conn, measures_between, range);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct month_measure) = (struct month_measure){
			.id = { stmt_i64(q, 0) },
			.rule = stmt_text(q, 1, mem),
			.kind = (enum measure_kind)stmt_int(q, 2),
			.state = (enum measure_state)stmt_int(q, 3),
			.decider = (enum measure_decider)stmt_int(q, 4),
			.starts_at_ms = stmt_i64(q, 5),
			.ends_at_ms = stmt_i64(q, 6),
			.decided_at_ms = stmt_i64(q, 7),
			.decided_by = { stmt_i64(q, 8) },
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err order_months_appeals(struct conn *conn, struct id_range range, struct arena *mem,
                         struct month_appeal **out, size_t *n)
{
	struct stmt *q = in_range(conn, appeals_between, range);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct month_appeal) = (struct month_appeal){
			.id = { stmt_i64(q, 0) },
			.rule = stmt_text(q, 1, mem),
			.state = (enum appeal_state)stmt_int(q, 2),
			.way = (enum appeal_way)stmt_int(q, 3),
			.filed_at_ms = stmt_i64(q, 4),
			.decided_at_ms = stmt_i64(q, 5),
			.skipped = stmt_int(q, 6),
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

static err read_leads(struct stmt *q, struct arena *mem, struct month_lead **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct month_lead) = (struct month_lead){
			stmt_int(q, 0), stmt_i64(q, 1), stmt_i64(q, 2), stmt_i64(q, 3)
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err order_months_reports(struct conn *conn, int64_t from_ms, int64_t to_ms, int limit,
                         struct arena *mem, struct month_lead **out, size_t *n)
{
	struct id_range range = { from_ms, to_ms, limit };
	return read_leads(in_range(conn, reports_decided, range), mem, out, n);
}

err order_months_reported(struct conn *conn, struct id_range range, int64_t *n)
{
	struct stmt *q = driver_prepare(conn, count_reported);
	stmt_bind_i64(q, 1, range.from);
	stmt_bind_i64(q, 2, range.to);
	return stmt_number(q, "no count", n);
}

err order_months_complaints(struct conn *conn, struct id_range range, struct arena *mem,
                            struct month_lead **out, size_t *n)
{
	return read_leads(in_range(conn, complaints_between, range), mem, out, n);
}

err order_months_pieces(struct conn *conn, int64_t from_ms, int64_t to_ms, int64_t *pieces,
                        int64_t *held)
{
	struct stmt *q = driver_prepare(conn, count_pieces);
	err e;
	stmt_bind_i64(q, 1, from_ms);
	stmt_bind_i64(q, 2, to_ms);
	e = stmt_one(q, "no count");
	*pieces = failed(e) ? 0 : stmt_i64(q, 0);
	*held = failed(e) ? 0 : stmt_i64(q, 1);
	stmt_done(q);
	return e;
}

err order_months_first(struct conn *conn, measure_id *out)
{
	return stmt_number(driver_prepare(conn, first_measure), "no measure", &out->v);
}

err order_months_put(struct conn *tx, str month, int64_t made_at_ms, str body)
{
	struct stmt *q = driver_prepare(tx, put_month);
	stmt_bind_text(q, 1, month);
	stmt_bind_i64(q, 2, made_at_ms);
	stmt_bind_text(q, 3, body);
	return stmt_run(q);
}

err order_months_find(struct conn *conn, str month, struct arena *mem, str *body)
{
	struct stmt *q = driver_prepare(conn, find_month);
	err e;
	stmt_bind_text(q, 1, month);
	e = stmt_one(q, "no report of that month");
	if (!failed(e))
		*body = stmt_text(q, 0, mem);
	stmt_done(q);
	return e;
}

err order_months_list(struct conn *conn, int limit, struct arena *mem, str **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, months_latest);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, str) = stmt_text(q, 0, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}
