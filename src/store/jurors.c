#include "store/jurors.h"

#include "store/driver.h"
#include "store/rows.h"

#define JUROR "person_id, number, since_ms, until_ms, n_asked, n_checked, n_right, n_skipped"
#define CHECK                                                                                       \
	"person_id, check_id, rule, policy, text, evidence, fires, appeal_id, seats, state, vote, " \
	"asked_at_ms, due_at_ms, voted_at_ms, note, salt"

static const char find_juror[] = "SELECT " JUROR " FROM jurors WHERE person_id = $1";
static const char find_number[] = "SELECT " JUROR " FROM jurors WHERE number = $1";
static const char put_juror[] =
	"INSERT INTO jurors (" JUROR ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
	"ON CONFLICT (person_id) DO UPDATE SET since_ms = excluded.since_ms, until_ms = excluded.until_ms";
static const char willing[] = "SELECT " JUROR " FROM jurors WHERE until_ms = 0 ORDER BY number";
static const char add_counts[] =
	"UPDATE jurors SET n_asked = n_asked + $2, n_checked = n_checked + $3, "
	"n_right = n_right + $4, n_skipped = n_skipped + $5 WHERE person_id = $1";

static const char put_list[] = "INSERT INTO juror_lists (list_hash, numbers) VALUES ($1, $2) "
			       "ON CONFLICT (list_hash) DO NOTHING";
static const char find_list[] = "SELECT numbers FROM juror_lists WHERE list_hash = $1";

static const char insert_check[] =
	"INSERT INTO juror_checks (" CHECK
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
static const char find_check[] = "SELECT " CHECK
				 " FROM juror_checks WHERE person_id = $1 AND check_id = $2";
static const char checks_of[] = "SELECT " CHECK " FROM juror_checks WHERE person_id = $1 "
				"AND check_id < $2 ORDER BY check_id DESC LIMIT $3";
static const char set_check[] =
	"UPDATE juror_checks SET state = $3, vote = $4, voted_at_ms = $5, note = $6 "
	"WHERE person_id = $1 AND check_id = $2 AND state = $7";
static const char close_checks[] =
	"UPDATE juror_checks SET state = $2 WHERE appeal_id = $1 AND state = 0 AND ($3 = 0 OR person_id = $3)";
static const char late_checks[] = "SELECT " CHECK " FROM juror_checks WHERE state = 0 "
				  "AND due_at_ms <= $1 ORDER BY due_at_ms, check_id LIMIT $2";

static struct juror read_juror(struct stmt *q, struct arena *mem)
{
	return (struct juror){
		.person = { stmt_i64(q, 0) },
		.number = stmt_text(q, 1, mem),
		.since_ms = stmt_i64(q, 2),
		.until_ms = stmt_i64(q, 3),
		.n_asked = stmt_int(q, 4),
		.n_checked = stmt_int(q, 5),
		.n_right = stmt_int(q, 6),
		.n_skipped = stmt_int(q, 7),
	};
}

static err read_one(struct stmt *q, struct arena *mem, struct juror *out)
{
	err e = stmt_one(q, "no juror");
	if (!failed(e))
		*out = read_juror(q, mem);
	stmt_done(q);
	return e;
}

err jurors_find(struct conn *conn, person_id person, struct arena *mem, struct juror *out)
{
	struct stmt *q = driver_prepare(conn, find_juror);
	stmt_bind_i64(q, 1, person.v);
	return read_one(q, mem, out);
}

err jurors_by_number(struct conn *conn, str number, struct arena *mem, struct juror *out)
{
	struct stmt *q = driver_prepare(conn, find_number);
	stmt_bind_text(q, 1, number);
	return read_one(q, mem, out);
}

err jurors_put(struct conn *tx, const struct juror *j)
{
	struct stmt *q = driver_prepare(tx, put_juror);
	stmt_bind_i64(q, 1, j->person.v);
	stmt_bind_text(q, 2, j->number);
	stmt_bind_i64(q, 3, j->since_ms);
	stmt_bind_i64(q, 4, j->until_ms);
	stmt_bind_i64(q, 5, j->n_asked);
	stmt_bind_i64(q, 6, j->n_checked);
	stmt_bind_i64(q, 7, j->n_right);
	stmt_bind_i64(q, 8, j->n_skipped);
	return stmt_run(q);
}

err jurors_willing(struct conn *conn, struct arena *mem, struct juror **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, willing);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct juror) = read_juror(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err jurors_count(struct conn *tx, person_id person, struct juror_counts more)
{
	struct stmt *q = driver_prepare(tx, add_counts);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, more.asked);
	stmt_bind_i64(q, 3, more.checked);
	stmt_bind_i64(q, 4, more.right);
	stmt_bind_i64(q, 5, more.skipped);
	return stmt_run(q);
}

err juror_lists_put(struct conn *tx, const unsigned char hash[HASH_BYTES], str numbers)
{
	struct stmt *q = driver_prepare(tx, put_list);
	stmt_bind_bytes(q, 1, hash, HASH_BYTES);
	stmt_bind_text(q, 2, numbers);
	return stmt_run(q);
}

err juror_lists_find(struct conn *conn, const unsigned char hash[HASH_BYTES], struct arena *mem,
                     str *numbers)
{
	struct stmt *q = driver_prepare(conn, find_list);
	stmt_bind_bytes(q, 1, hash, HASH_BYTES);
	err e = stmt_one(q, "no such list");
	if (!failed(e))
		*numbers = stmt_text(q, 0, mem);
	stmt_done(q);
	return e;
}

err juror_checks_insert(struct conn *tx, const struct juror_check *k)
{
	struct stmt *q = driver_prepare(tx, insert_check);
	stmt_bind_i64(q, 1, k->person.v);
	stmt_bind_i64(q, 2, k->id);
	stmt_bind_text(q, 3, k->rule);
	stmt_bind_text(q, 4, k->policy);
	stmt_bind_text(q, 5, k->text);
	stmt_bind_text(q, 6, k->evidence);
	stmt_bind_i64(q, 7, k->fires);
	stmt_bind_i64(q, 8, k->appeal.v);
	stmt_bind_i64(q, 9, k->seats);
	stmt_bind_i64(q, 10, k->state);
	stmt_bind_i64(q, 11, k->vote);
	stmt_bind_i64(q, 12, k->asked_at_ms);
	stmt_bind_i64(q, 13, k->due_at_ms);
	stmt_bind_i64(q, 14, k->voted_at_ms);
	stmt_bind_text(q, 15, k->note);
	stmt_bind_bytes(q, 16, k->salt, sizeof k->salt);
	return stmt_run(q);
}

static struct juror_check read_check(struct stmt *q, struct arena *mem)
{
	struct juror_check check = {
		.person = { stmt_i64(q, 0) },
		.id = stmt_i64(q, 1),
		.rule = stmt_text(q, 2, mem),
		.policy = stmt_text(q, 3, mem),
		.text = stmt_text(q, 4, mem),
		.evidence = stmt_text(q, 5, mem),
		.fires = stmt_int(q, 6) != 0,
		.appeal = { stmt_i64(q, 7) },
		.seats = stmt_int(q, 8),
		.state = (enum seat_state)stmt_int(q, 9),
		.vote = (enum vote)stmt_int(q, 10),
		.asked_at_ms = stmt_i64(q, 11),
		.due_at_ms = stmt_i64(q, 12),
		.voted_at_ms = stmt_i64(q, 13),
		.note = stmt_text(q, 14, mem),
	};
	stmt_bytes(q, 15, check.salt, sizeof check.salt);
	return check;
}

err juror_checks_find(struct conn *conn, person_id person, int64_t id, struct arena *mem,
                      struct juror_check *out)
{
	struct stmt *q = driver_prepare(conn, find_check);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, id);
	err e = stmt_one(q, "no such case");
	if (!failed(e))
		*out = read_check(q, mem);
	stmt_done(q);
	return e;
}

static err read_checks(struct stmt *q, struct arena *mem, struct juror_check **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct juror_check) = read_check(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err juror_checks_of(struct conn *conn, person_id person, int64_t before, int limit,
                    struct arena *mem, struct juror_check **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, checks_of);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, before ? before : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	return read_checks(q, mem, out, n);
}

err juror_checks_set(struct conn *tx, const struct juror_check *k, enum seat_state was)
{
	struct stmt *q = driver_prepare(tx, set_check);
	stmt_bind_i64(q, 1, k->person.v);
	stmt_bind_i64(q, 2, k->id);
	stmt_bind_i64(q, 3, k->state);
	stmt_bind_i64(q, 4, k->vote);
	stmt_bind_i64(q, 5, k->voted_at_ms);
	stmt_bind_text(q, 6, k->note);
	stmt_bind_i64(q, 7, was);
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_conflict(NULL, "This seat is not waited for any more.");
	return e;
}

err juror_checks_close(struct conn *tx, appeal_id appeal, person_id person)
{
	struct stmt *q = driver_prepare(tx, close_checks);
	stmt_bind_i64(q, 1, appeal.v);
	stmt_bind_i64(q, 2, SEAT_CLOSED);
	stmt_bind_i64(q, 3, person.v);
	return stmt_run(q);
}

err juror_checks_late(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                      struct juror_check **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, late_checks);
	stmt_bind_i64(q, 1, now_ms);
	stmt_bind_i64(q, 2, limit);
	return read_checks(q, mem, out, n);
}
