#include "store/ties.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

static const char set_tie[] = "INSERT INTO ties (person_id, friend_id, at_ms) VALUES ($1, $2, $3) "
			      "ON CONFLICT (person_id, friend_id) DO NOTHING";
static const char clear_tie[] = "DELETE FROM ties WHERE person_id = $1 AND friend_id = $2";
static const char has_tie[] = "SELECT COUNT(*) FROM ties WHERE person_id = $1 AND friend_id = $2";
static const char count_ties[] = "SELECT COUNT(*) FROM ties WHERE person_id = $1";
static const char each_tie[] =
	"SELECT person_id, friend_id, 0, at_ms FROM ties WHERE person_id BETWEEN $1 AND $2 "
	"ORDER BY person_id, friend_id";

static const char set_request[] =
	"INSERT INTO requests (person_id, asker_id, word, created_at_ms, answered) "
	"VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person_id, asker_id) "
	"DO UPDATE SET word = excluded.word, answered = excluded.answered";
static const char clear_request[] = "DELETE FROM requests WHERE person_id = $1 AND asker_id = $2";
static const char find_request[] =
	"SELECT person_id, asker_id, word, created_at_ms, answered FROM requests "
	"WHERE person_id = $1 AND asker_id = $2";
static const char requests_to_person[] =
	"SELECT person_id, asker_id, word, created_at_ms, answered FROM requests "
	"WHERE person_id = $1 AND created_at_ms < $2 ORDER BY created_at_ms DESC, asker_id DESC LIMIT $3";
/* The asker's own view lies over many shards once there are several: an index here, a second table there. */
static const char requests_of_asker[] =
	"SELECT person_id, asker_id, word, created_at_ms, answered FROM requests "
	"WHERE asker_id = $1 ORDER BY created_at_ms DESC, person_id DESC LIMIT $2";
static const char count_of_asker[] = "SELECT COUNT(*) FROM requests WHERE asker_id = $1";
static const char each_request[] =
	"SELECT asker_id, person_id, 0, created_at_ms FROM requests ORDER BY asker_id, person_id";

static const char set_block[] =
	"INSERT INTO blocks (person_id, blocked_id, at_ms) VALUES ($1, $2, $3) "
	"ON CONFLICT (person_id, blocked_id) DO NOTHING";
static const char clear_block[] = "DELETE FROM blocks WHERE person_id = $1 AND blocked_id = $2";
static const char has_block[] =
	"SELECT COUNT(*) FROM blocks WHERE person_id = $1 AND blocked_id = $2";
static const char each_block[] =
	"SELECT person_id, blocked_id, 0, at_ms FROM blocks ORDER BY person_id, blocked_id";

static const char set_hide[] =
	"INSERT INTO hides (person_id, other_id, at_ms, kind) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (person_id, other_id, kind) DO NOTHING";
static const char clear_hide[] =
	"DELETE FROM hides WHERE person_id = $1 AND other_id = $2 AND kind = $3";
static const char has_hide[] =
	"SELECT COUNT(*) FROM hides WHERE person_id = $1 AND other_id = $2 AND kind = $3";
static const char each_hide[] =
	"SELECT person_id, other_id, kind, at_ms FROM hides ORDER BY person_id, other_id, kind";

static struct stmt *pair(struct conn *conn, const char *sql, person_id a, person_id b)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, a.v);
	stmt_bind_i64(q, 2, b.v);
	return q;
}

static err has(struct stmt *q, bool *out)
{
	int64_t n = 0;
	err e = stmt_number(q, "no count", &n);
	*out = n > 0;
	return e;
}

static err count(struct conn *conn, const char *sql, person_id a, int *out)
{
	struct stmt *q = driver_prepare(conn, sql);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, a.v);
	e = stmt_number(q, "no count", &n);
	*out = (int)n;
	return e;
}

static err each_row(struct stmt *q, pair_each each, void *ctx)
{
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(each((person_id){ stmt_i64(q, 0) }, (person_id){ stmt_i64(q, 1) },
		         stmt_int(q, 2), stmt_i64(q, 3), ctx));
	}
out:
	stmt_done(q);
	return e;
}

static err each_pair(struct conn *conn, const char *sql, pair_each each, void *ctx)
{
	return each_row(driver_prepare(conn, sql), each, ctx);
}

err ties_set(struct conn *tx, person_id a, person_id b, int64_t at_ms)
{
	struct stmt *q = pair(tx, set_tie, a, b);
	stmt_bind_i64(q, 3, at_ms);
	return stmt_run(q);
}

err ties_clear(struct conn *tx, person_id a, person_id b)
{
	return TOMBSTONE_RUN(tx, pair(tx, clear_tie, a, b), TOMBSTONE_TIE, a.v, b.v, 0, 0);
}

err ties_has(struct conn *conn, person_id a, person_id b, bool *out)
{
	return has(pair(conn, has_tie, a, b), out);
}

err ties_count(struct conn *conn, person_id a, int *out) { return count(conn, count_ties, a, out); }

err ties_each(struct conn *conn, person_id first, person_id last, pair_each each, void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_tie);
	stmt_bind_i64(q, 1, first.v);
	stmt_bind_i64(q, 2, last.v);
	return each_row(q, each, ctx);
}

err requests_set(struct conn *tx, const struct friend_request *request)
{
	struct stmt *q = pair(tx, set_request, request->to, request->from);
	stmt_bind_text(q, 3, request->word);
	stmt_bind_i64(q, 4, request->created_at_ms);
	stmt_bind_i64(q, 5, request->answered);
	return stmt_run(q);
}

err requests_clear(struct conn *tx, person_id from, person_id to)
{
	return TOMBSTONE_RUN(tx, pair(tx, clear_request, to, from), TOMBSTONE_REQUEST, from.v,
	                     to.v);
}

static struct friend_request read_request(struct stmt *q, struct arena *mem)
{
	return (struct friend_request){
		.to = { stmt_i64(q, 0) },
		.from = { stmt_i64(q, 1) },
		.word = stmt_text(q, 2, mem),
		.created_at_ms = stmt_i64(q, 3),
		.answered = (enum request_answer)stmt_int(q, 4),
	};
}

err requests_find(struct conn *conn, person_id from, person_id to, struct arena *mem,
                  struct friend_request *out)
{
	struct stmt *q = pair(conn, find_request, to, from);
	err e = stmt_one(q, "no such request");
	if (!failed(e))
		*out = read_request(q, mem);
	stmt_done(q);
	return e;
}

static err read_requests(struct stmt *q, struct arena *mem, struct friend_request **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct friend_request) = read_request(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err requests_to(struct conn *conn, person_id to, int64_t before_ms, int limit, struct arena *mem,
                struct friend_request **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, requests_to_person);
	stmt_bind_i64(q, 1, to.v);
	stmt_bind_i64(q, 2, before_ms);
	stmt_bind_i64(q, 3, limit);
	return read_requests(q, mem, out, n);
}

err requests_from(struct conn *conn, person_id from, int limit, struct arena *mem,
                  struct friend_request **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, requests_of_asker);
	stmt_bind_i64(q, 1, from.v);
	stmt_bind_i64(q, 2, limit);
	return read_requests(q, mem, out, n);
}

err requests_count_from(struct conn *conn, person_id from, int *out)
{
	return count(conn, count_of_asker, from, out);
}

err requests_each(struct conn *conn, pair_each each, void *ctx)
{
	return each_pair(conn, each_request, each, ctx);
}

err blocks_set(struct conn *tx, person_id a, person_id b, int64_t at_ms)
{
	struct stmt *q = pair(tx, set_block, a, b);
	stmt_bind_i64(q, 3, at_ms);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_BLOCK, a.v, b.v, 1, at_ms);
}

err blocks_clear(struct conn *tx, person_id a, person_id b)
{
	return TOMBSTONE_RUN(tx, pair(tx, clear_block, a, b), TOMBSTONE_BLOCK, a.v, b.v, 0, 0);
}

err blocks_has(struct conn *conn, person_id a, person_id b, bool *out)
{
	return has(pair(conn, has_block, a, b), out);
}

err blocks_each(struct conn *conn, pair_each each, void *ctx)
{
	return each_pair(conn, each_block, each, ctx);
}

err hides_set(struct conn *tx, person_id a, person_id b, enum hide_kind kind, int64_t at_ms)
{
	struct stmt *q = pair(tx, set_hide, a, b);
	stmt_bind_i64(q, 3, at_ms);
	stmt_bind_i64(q, 4, kind);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_HIDE, a.v, b.v, kind, 1, at_ms);
}

err hides_clear(struct conn *tx, person_id a, person_id b, enum hide_kind kind)
{
	struct stmt *q = pair(tx, clear_hide, a, b);
	stmt_bind_i64(q, 3, kind);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_HIDE, a.v, b.v, kind, 0, 0);
}

err hides_has(struct conn *conn, person_id a, person_id b, enum hide_kind kind, bool *out)
{
	struct stmt *q = pair(conn, has_hide, a, b);
	stmt_bind_i64(q, 3, kind);
	return has(q, out);
}

err hides_each(struct conn *conn, pair_each each, void *ctx)
{
	return each_pair(conn, each_hide, each, ctx);
}
