#include "store/rules_down.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define DOWN_MAX 1000
#define RECORDS_MAX 100000 /* rules of all versions that ever bound */

#define COLUMNS "rule, at_ms, n_decided, n_overturned, up_at_ms"

static const char insert_row[] =
	"INSERT INTO rules_down (" COLUMNS ") VALUES ($1, $2, $3, $4, $5) "
	"ON CONFLICT (at_ms, rule) DO UPDATE SET n_decided = excluded.n_decided, "
	"n_overturned = excluded.n_overturned, up_at_ms = CASE WHEN rules_down.up_at_ms "
	"> excluded.up_at_ms THEN rules_down.up_at_ms ELSE excluded.up_at_ms END";
static const char rows_now[] = "SELECT " COLUMNS
			       " FROM rules_down WHERE up_at_ms = 0 AND rule > '' "
			       "ORDER BY rule LIMIT $1";
static const char rows_between[] = "SELECT " COLUMNS
				   " FROM rules_down WHERE at_ms >= $1 AND at_ms < $2 "
				   "ORDER BY at_ms, rule LIMIT $3";
static const char raise_row[] =
	"UPDATE rules_down SET up_at_ms = $2 WHERE rule = $1 AND up_at_ms = 0";
static const char put_since[] = "INSERT INTO rule_records (rule, since_ms) VALUES ($1, $2) "
				"ON CONFLICT (rule) DO UPDATE SET since_ms = excluded.since_ms "
				"WHERE rule_records.since_ms < excluded.since_ms";
static const char all_since[] =
	"SELECT rule, since_ms FROM rule_records WHERE rule > '' ORDER BY rule LIMIT $1";
static const char find_since[] = "SELECT since_ms FROM rule_records WHERE rule = $1";

static err put(struct conn *tx, const struct rule_down *row)
{
	struct stmt *q = driver_prepare(tx, insert_row);
	stmt_bind_text(q, 1, row->rule);
	stmt_bind_i64(q, 2, row->at_ms);
	stmt_bind_i64(q, 3, row->n_decided);
	stmt_bind_i64(q, 4, row->n_overturned);
	stmt_bind_i64(q, 5, row->up_at_ms);
	return stmt_run(q);
}

err rules_down_insert(struct conn *tx, const struct rule_down *row)
{
	const int64_t numbers[] = { row->at_ms, row->n_decided, row->n_overturned };
	err e;
	TRY(put(tx, row));
	TRY(tombstones_add_rule(tx, TOMBSTONE_RULE_DOWN, row->rule, numbers,
	                        sizeof numbers / sizeof numbers[0]));
out:
	return e;
}

static err read_rows(struct stmt *q, struct arena *mem, struct rule_down **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem,
		           struct rule_down) = (struct rule_down){ .rule = stmt_text(q, 0, mem),
			                                           .at_ms = stmt_i64(q, 1),
			                                           .n_decided = stmt_int(q, 2),
			                                           .n_overturned = stmt_int(q, 3),
			                                           .up_at_ms = stmt_i64(q, 4) };
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err rules_down_now(struct conn *conn, struct arena *mem, struct rule_down **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, rows_now);
	stmt_bind_i64(q, 1, DOWN_MAX);
	return read_rows(q, mem, out, n);
}

err rules_down_between(struct conn *conn, int64_t from_ms, int64_t to_ms, struct arena *mem,
                       struct rule_down **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, rows_between);
	stmt_bind_i64(q, 1, from_ms);
	stmt_bind_i64(q, 2, to_ms);
	stmt_bind_i64(q, 3, DOWN_MAX);
	return read_rows(q, mem, out, n);
}

static err put_record(struct conn *tx, str rule, int64_t since_ms)
{
	struct stmt *q = driver_prepare(tx, put_since);
	stmt_bind_text(q, 1, rule);
	stmt_bind_i64(q, 2, since_ms);
	return stmt_run(q);
}

err rules_down_raise(struct conn *tx, str rule, int64_t now_ms, bool *was_down)
{
	struct stmt *q = driver_prepare(tx, raise_row);
	err e;
	stmt_bind_text(q, 1, rule);
	stmt_bind_i64(q, 2, now_ms);
	TRY(stmt_run(q));
	*was_down = driver_changes(tx) > 0;
	TRY(put_record(tx, rule, now_ms));
out:
	return e;
}

err rules_down_since(struct conn *conn, str rule, int64_t *since_ms)
{
	struct stmt *q = driver_prepare(conn, find_since);
	err e;
	*since_ms = 0;
	stmt_bind_text(q, 1, rule);
	e = stmt_number(q, "since ever", since_ms);
	return e.code == ERR_MISSING ? OK : e;
}

static err take_records(struct conn *tx, struct conn *from, struct arena *mem)
{
	struct stmt *q = driver_prepare(from, all_since);
	bool row;
	err e;
	stmt_bind_i64(q, 1, RECORDS_MAX);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(put_record(tx, stmt_text(q, 0, mem), stmt_i64(q, 1)));
	}
out:
	stmt_done(q);
	return e;
}

err rules_down_take(struct conn *tx, struct conn *from, struct arena *mem)
{
	struct rule_down *rows;
	size_t n;
	err e;
	TRY(rules_down_between(from, INT64_MIN, INT64_MAX, mem, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(put(tx, &rows[i]));
	TRY(take_records(tx, from, mem));
out:
	return e;
}
