#include "store/complaints.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"complaint_id, category, state, contact, about, evidence, at_ms, due_at_ms, late_at_ms, "  \
	"answer, answered_at_ms, named_id"

static const char insert_complaint[] =
	"INSERT INTO complaints (" COLUMNS ", secret_hash) "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
static const char find_complaint[] = "SELECT " COLUMNS " FROM complaints WHERE complaint_id = $1";
static const char find_by_secret[] = "SELECT " COLUMNS " FROM complaints WHERE secret_hash = $1";
/* The most there may be is small. */
static const char count_open[] = "SELECT COUNT(*) FROM complaints WHERE state = 0";
static const char count_since[] =
	"SELECT COUNT(*), COALESCE(MIN(at_ms), 0) FROM complaints WHERE at_ms > $1";
static const char overdue[] = "SELECT " COLUMNS " FROM complaints WHERE state = 0 "
			      "AND due_at_ms <= $1 AND late_at_ms = 0 "
			      "ORDER BY due_at_ms, complaint_id LIMIT $2";
static const char set_late[] = "UPDATE complaints SET late_at_ms = $2 WHERE complaint_id = $1";
static const char answer_open[] =
	"UPDATE complaints SET state = 1, answer = $2, answered_at_ms = $3 "
	"WHERE complaint_id = $1 AND state = 0";
static const char reopen[] = "UPDATE complaints SET state = 0, answer = '', answered_at_ms = 0 "
			     "WHERE complaint_id = $1";
static const char forget[] = "UPDATE complaints SET contact = '' WHERE state = 1 "
			     "AND contact <> '' AND answered_at_ms < $1";

err complaints_insert(struct conn *tx, const struct complaint *complaint, const secret_hash *secret)
{
	struct stmt *q = driver_prepare(tx, insert_complaint);
	stmt_bind_i64(q, 1, complaint->id.v);
	stmt_bind_i64(q, 2, complaint->category);
	stmt_bind_i64(q, 3, complaint->state);
	stmt_bind_text(q, 4, complaint->contact);
	stmt_bind_text(q, 5, complaint->about);
	stmt_bind_text(q, 6, complaint->evidence);
	stmt_bind_i64(q, 7, complaint->at_ms);
	stmt_bind_i64(q, 8, complaint->due_at_ms);
	stmt_bind_i64(q, 9, complaint->late_at_ms);
	stmt_bind_text(q, 10, complaint->answer);
	stmt_bind_i64(q, 11, complaint->answered_at_ms);
	stmt_bind_i64(q, 12, complaint->named);
	stmt_bind_bytes(q, 13, secret->b, sizeof secret->b);
	return stmt_run(q);
}

static struct complaint read_complaint(struct stmt *q, struct arena *mem)
{
	return (struct complaint){
		.id = { stmt_i64(q, 0) },
		.category = (enum complaint_category)stmt_int(q, 1),
		.state = (enum complaint_state)stmt_int(q, 2),
		.contact = stmt_text(q, 3, mem),
		.about = stmt_text(q, 4, mem),
		.evidence = stmt_text(q, 5, mem),
		.at_ms = stmt_i64(q, 6),
		.due_at_ms = stmt_i64(q, 7),
		.late_at_ms = stmt_i64(q, 8),
		.answer = stmt_text(q, 9, mem),
		.answered_at_ms = stmt_i64(q, 10),
		.named = stmt_i64(q, 11),
	};
}

static err read_one(struct stmt *q, struct arena *mem, struct complaint *out)
{
	err e = stmt_one(q, "no such complaint");
	if (!failed(e))
		*out = read_complaint(q, mem);
	stmt_done(q);
	return e;
}

err complaints_find(struct conn *conn, complaint_id id, struct arena *mem, struct complaint *out)
{
	struct stmt *q = driver_prepare(conn, find_complaint);
	stmt_bind_i64(q, 1, id.v);
	return read_one(q, mem, out);
}

err complaints_find_by_secret(struct conn *conn, const secret_hash *secret, struct arena *mem,
                              struct complaint *out)
{
	struct stmt *q = driver_prepare(conn, find_by_secret);
	stmt_bind_bytes(q, 1, secret->b, sizeof secret->b);
	return read_one(q, mem, out);
}

err complaints_count_open(struct conn *conn, int64_t *out)
{
	return stmt_number(driver_prepare(conn, count_open), "no count", out);
}

err complaints_count_since(struct conn *conn, int64_t since_ms, int64_t *n, int64_t *first_ms)
{
	struct stmt *q = driver_prepare(conn, count_since);
	err e;
	stmt_bind_i64(q, 1, since_ms);
	e = stmt_one(q, "no count");
	if (!failed(e)) {
		*n = stmt_i64(q, 0);
		*first_ms = stmt_i64(q, 1);
	}
	stmt_done(q);
	return e;
}

err complaints_overdue(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                       struct complaint **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, overdue);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, now_ms);
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct complaint) = read_complaint(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err complaints_set_late(struct conn *tx, complaint_id id, int64_t at_ms)
{
	struct stmt *q = driver_prepare(tx, set_late);
	stmt_bind_i64(q, 1, id.v);
	stmt_bind_i64(q, 2, at_ms);
	return stmt_run(q);
}

err complaints_answer(struct conn *tx, complaint_id id, str answer, int64_t at_ms)
{
	struct stmt *q = driver_prepare(tx, answer_open);
	err e;
	stmt_bind_i64(q, 1, id.v);
	stmt_bind_text(q, 2, answer);
	stmt_bind_i64(q, 3, at_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		e = err_conflict(NULL, "That has been answered already.");
out:
	return e;
}

err complaints_reopen(struct conn *tx, complaint_id id)
{
	struct stmt *q = driver_prepare(tx, reopen);
	stmt_bind_i64(q, 1, id.v);
	return stmt_run(q);
}

err complaints_forget(struct conn *tx, int64_t before_ms, int64_t *n)
{
	struct stmt *q = driver_prepare(tx, forget);
	err e;
	stmt_bind_i64(q, 1, before_ms);
	e = stmt_run(q);
	*n = driver_changes(tx);
	return e;
}
