#include "store/accesses.h"

#include "store/driver.h"
#include "store/rows.h"

static const char insert_access[] =
	"INSERT INTO accesses (reviewer_id, measure_id, at_ms, role) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (reviewer_id, measure_id, at_ms) DO NOTHING";
static const char count_accesses[] = "SELECT COUNT(*) FROM accesses WHERE measure_id = $1";
static const char count_own[] =
	"SELECT COUNT(*) FROM accesses WHERE reviewer_id = $1 AND measure_id = $2 AND at_ms >= $3 "
	"AND at_ms < $4";
static const char count_who[] =
	"SELECT COUNT(DISTINCT reviewer_id) FROM accesses WHERE measure_id = $1 AND role = $2 "
	"AND at_ms >= $3 AND at_ms < $4";
static const char of_subject[] =
	"SELECT a.at_ms / 86400000 AS day, a.role AS role, a.measure_id AS at FROM measures m "
	"JOIN accesses a ON a.measure_id = m.measure_id WHERE m.subject_id = $1 "
	"GROUP BY a.at_ms / 86400000, a.role, a.measure_id "
	"UNION ALL SELECT a.at_ms / 86400000, a.role, 0 FROM cases c "
	"JOIN accesses a ON a.measure_id = c.case_id WHERE c.subject_id = $1 AND c.state <> 0 "
	"AND NOT EXISTS (SELECT 1 FROM cases o WHERE o.subject_id = $1 AND o.state = 0 "
	"AND o.opened_at_ms <= c.decided_at_ms) "
	"GROUP BY a.at_ms / 86400000, a.role "
	"ORDER BY day DESC, role, at DESC LIMIT $2";

err accesses_insert(struct conn *tx, const struct access *access)
{
	struct stmt *q = driver_prepare(tx, insert_access);
	stmt_bind_i64(q, 1, access->reviewer.v);
	stmt_bind_i64(q, 2, access->at);
	stmt_bind_i64(q, 3, access->at_ms);
	stmt_bind_i64(q, 4, access->role);
	return stmt_run(q);
}

err accesses_count(struct conn *conn, int64_t at, int *out)
{
	struct stmt *q = driver_prepare(conn, count_accesses);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, at);
	e = stmt_number(q, "no count", &n);
	*out = (int)n;
	return e;
}

static void bind_day(struct stmt *q, int64_t day)
{
	stmt_bind_i64(q, 3, day * ACCESS_DAY_MS);
	stmt_bind_i64(q, 4, (day + 1) * ACCESS_DAY_MS);
}

err accesses_has(struct conn *conn, const struct access *access, bool *has)
{
	struct stmt *q = driver_prepare(conn, count_own);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, access->reviewer.v);
	stmt_bind_i64(q, 2, access->at);
	bind_day(q, access->at_ms / ACCESS_DAY_MS);
	e = stmt_number(q, "no count", &n);
	*has = n > 0;
	return e;
}

err accesses_who(struct conn *conn, int64_t at, enum access_role role, int64_t day, int64_t *out)
{
	struct stmt *q = driver_prepare(conn, count_who);
	stmt_bind_i64(q, 1, at);
	stmt_bind_i64(q, 2, role);
	bind_day(q, day);
	return stmt_number(q, "no count", out);
}

err accesses_of(struct conn *conn, person_id subject, int limit, struct arena *mem,
                struct access_seen **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_subject);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct access_seen) = (struct access_seen){
			stmt_i64(q, 0), (enum access_role)stmt_int(q, 1), { stmt_i64(q, 2) }
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}
