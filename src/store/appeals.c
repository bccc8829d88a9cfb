#include "store/appeals.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"subject_id, appeal_id, number, measure_id, nth, state, words, filed_at_ms, due_at_ms, "   \
	"way, step, seats, root_day, root, list_hash, measure_by_id, decided_by_id, "              \
	"decided_at_ms, note"

/* The setting is the highest ever given, where a restore may have lost the row: store/due_process.h. */
static const char next_number[] =
	"SELECT COALESCE(MAX(n), 0) + 1 FROM (SELECT MAX(number) AS n FROM appeals "
	"UNION ALL SELECT CAST(value AS BIGINT) FROM order_settings WHERE name = 'appeals') AS given";
static const char insert_appeal[] = "INSERT INTO appeals (" COLUMNS
				    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
				    "$13, $14, $15, $16, $17, $18, $19)";
static const char insert_ref[] = "INSERT INTO appeal_refs (appeal_id, subject_id) VALUES ($1, $2)";
static const char find_ref[] = "SELECT subject_id FROM appeal_refs WHERE appeal_id = $1";
static const char find_appeal[] = "SELECT " COLUMNS
				  " FROM appeals WHERE subject_id = $1 AND appeal_id = $2";
static const char find_number[] = "SELECT " COLUMNS " FROM appeals WHERE number = $1";
static const char has_nth[] = "SELECT COUNT(*) FROM appeals WHERE measure_id = $1 AND nth = $2";
static const char of_subject[] = "SELECT " COLUMNS " FROM appeals WHERE subject_id = $1 "
				 "AND appeal_id < $2 ORDER BY appeal_id DESC LIMIT $3";
static const char of_measure[] = "SELECT " COLUMNS " FROM appeals WHERE measure_id = $1 "
				 "AND ($2 = 0 OR nth = $2) ORDER BY nth DESC LIMIT 1";
static const char latest_of_each[] =
	"SELECT " COLUMNS " FROM appeals a WHERE subject_id = $1 AND measure_id >= $2 "
	"AND NOT EXISTS (SELECT 1 FROM appeals b WHERE b.measure_id = a.measure_id "
	"AND b.nth > a.nth) ORDER BY measure_id DESC LIMIT $3";
static const char count_open[] = "SELECT COUNT(*) FROM appeals WHERE subject_id = $1 AND state = 0";
static const char open_until[] = "SELECT " COLUMNS " FROM appeals WHERE state = 0 "
				 "AND due_at_ms <= $1 ORDER BY due_at_ms, appeal_id LIMIT $2";
static const char set_words[] =
	"UPDATE appeals SET words = $3 WHERE subject_id = $1 AND appeal_id = $2";
static const char set_way[] =
	"UPDATE appeals SET way = $3, step = $4, seats = $5, root_day = $6, root = $7, list_hash = $8 "
	"WHERE subject_id = $1 AND appeal_id = $2";
static const char set_state[] =
	"UPDATE appeals SET state = $3, decided_by_id = $4, decided_at_ms = $5, note = $6 "
	"WHERE subject_id = $1 AND appeal_id = $2 AND state = $7";

static struct stmt *of_appeal(struct conn *conn, const char *sql, person_id subject, appeal_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

static err refuse_twice(struct conn *tx, const struct appeal *a)
{
	struct stmt *q = driver_prepare(tx, has_nth);
	int64_t n;
	stmt_bind_i64(q, 1, a->measure.v);
	stmt_bind_i64(q, 2, a->nth);
	err e = stmt_number(q, "no count", &n);
	return failed(e) || n == 0 ? e : err_conflict(NULL, "This has been appealed already.");
}

err appeals_insert(struct conn *tx, struct appeal *a)
{
	struct stmt *q;
	err e;
	TRY(refuse_twice(tx, a));
	TRY(stmt_number(driver_prepare(tx, next_number), "no number", &a->number));
	q = of_appeal(tx, insert_appeal, a->subject, a->id);
	stmt_bind_i64(q, 3, a->number);
	stmt_bind_i64(q, 4, a->measure.v);
	stmt_bind_i64(q, 5, a->nth);
	stmt_bind_i64(q, 6, a->state);
	stmt_bind_text(q, 7, a->words);
	stmt_bind_i64(q, 8, a->filed_at_ms);
	stmt_bind_i64(q, 9, a->due_at_ms);
	stmt_bind_i64(q, 10, a->way);
	stmt_bind_i64(q, 11, a->step);
	stmt_bind_i64(q, 12, a->seats);
	stmt_bind_i64(q, 13, a->root_day);
	stmt_bind_bytes(q, 14, a->root, sizeof a->root);
	stmt_bind_bytes(q, 15, a->list_hash, sizeof a->list_hash);
	stmt_bind_i64(q, 16, a->measure_by.v);
	stmt_bind_i64(q, 17, a->decided_by.v);
	stmt_bind_i64(q, 18, a->decided_at_ms);
	stmt_bind_text(q, 19, a->note);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_ref);
	stmt_bind_i64(q, 1, a->id.v);
	stmt_bind_i64(q, 2, a->subject.v);
	TRY(stmt_run(q));
out:
	return e;
}

static struct appeal read_appeal(struct stmt *q, struct arena *mem)
{
	struct appeal a = {
		.subject = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.number = stmt_i64(q, 2),
		.measure = { stmt_i64(q, 3) },
		.nth = stmt_int(q, 4),
		.state = (enum appeal_state)stmt_int(q, 5),
		.words = stmt_text(q, 6, mem),
		.filed_at_ms = stmt_i64(q, 7),
		.due_at_ms = stmt_i64(q, 8),
		.way = (enum appeal_way)stmt_int(q, 9),
		.step = (enum appeal_step)stmt_int(q, 10),
		.seats = stmt_int(q, 11),
		.root_day = stmt_i64(q, 12),
		.measure_by = { stmt_i64(q, 15) },
		.decided_by = { stmt_i64(q, 16) },
		.decided_at_ms = stmt_i64(q, 17),
		.note = stmt_text(q, 18, mem),
	};
	stmt_bytes(q, 13, a.root, sizeof a.root);
	stmt_bytes(q, 14, a.list_hash, sizeof a.list_hash);
	return a;
}

static err read_one(struct stmt *q, struct arena *mem, struct appeal *out)
{
	err e = stmt_one(q, "no such appeal");
	if (!failed(e))
		*out = read_appeal(q, mem);
	stmt_done(q);
	return e;
}

static err read_all(struct stmt *q, struct arena *mem, struct appeal **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct appeal) = read_appeal(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err appeals_find(struct conn *conn, appeal_id id, struct arena *mem, struct appeal *out)
{
	struct stmt *q = driver_prepare(conn, find_ref);
	person_id subject;
	err e;
	stmt_bind_i64(q, 1, id.v);
	TRY(stmt_number(q, "no such appeal", &subject.v));
	TRY(read_one(of_appeal(conn, find_appeal, subject, id), mem, out));
out:
	return e;
}

err appeals_by_number(struct conn *conn, int64_t number, struct arena *mem, struct appeal *out)
{
	struct stmt *q = driver_prepare(conn, find_number);
	stmt_bind_i64(q, 1, number);
	return read_one(q, mem, out);
}

err appeals_of(struct conn *conn, person_id subject, appeal_id before, int limit, struct arena *mem,
               struct appeal **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_subject);
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, mem, out, n);
}

err appeals_of_measure(struct conn *conn, measure_id measure, int nth, struct arena *mem,
                       struct appeal *out)
{
	struct stmt *q = driver_prepare(conn, of_measure);
	stmt_bind_i64(q, 1, measure.v);
	stmt_bind_i64(q, 2, nth);
	return read_one(q, mem, out);
}

err appeals_latest(struct conn *conn, person_id subject, measure_id from, int limit,
                   struct arena *mem, struct appeal **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, latest_of_each);
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, from.v);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, mem, out, n);
}

err appeals_count_open(struct conn *conn, person_id subject, int *out)
{
	struct stmt *q = driver_prepare(conn, count_open);
	int64_t n = 0;
	stmt_bind_i64(q, 1, subject.v);
	err e = stmt_number(q, "no count", &n);
	*out = (int)n;
	return e;
}

err appeals_open(struct conn *conn, int64_t until_ms, int limit, struct arena *mem,
                 struct appeal **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, open_until);
	stmt_bind_i64(q, 1, until_ms);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, mem, out, n);
}

err appeals_set_words(struct conn *tx, const struct appeal *a)
{
	struct stmt *q = of_appeal(tx, set_words, a->subject, a->id);
	stmt_bind_text(q, 3, a->words);
	return stmt_run(q);
}

err appeals_set_way(struct conn *tx, const struct appeal *a)
{
	struct stmt *q = of_appeal(tx, set_way, a->subject, a->id);
	stmt_bind_i64(q, 3, a->way);
	stmt_bind_i64(q, 4, a->step);
	stmt_bind_i64(q, 5, a->seats);
	stmt_bind_i64(q, 6, a->root_day);
	stmt_bind_bytes(q, 7, a->root, sizeof a->root);
	stmt_bind_bytes(q, 8, a->list_hash, sizeof a->list_hash);
	return stmt_run(q);
}

err appeals_set_state(struct conn *tx, const struct appeal *a, enum appeal_state was)
{
	struct stmt *q = of_appeal(tx, set_state, a->subject, a->id);
	stmt_bind_i64(q, 3, a->state);
	stmt_bind_i64(q, 4, a->decided_by.v);
	stmt_bind_i64(q, 5, a->decided_at_ms);
	stmt_bind_text(q, 6, a->note);
	stmt_bind_i64(q, 7, was);
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_conflict(NULL, "This appeal has been decided already.");
	return e;
}
