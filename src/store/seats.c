#include "store/seats.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"appeal_id, place, seat_id, person_id, number, state, vote, asked_at_ms, due_at_ms, "      \
	"voted_at_ms, note"

static const char insert_seat[] = "INSERT INTO seats (" COLUMNS
				  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
static const char of_appeal[] = "SELECT " COLUMNS
				" FROM seats WHERE appeal_id = $1 ORDER BY place LIMIT $2";
static const char of_person[] = "SELECT " COLUMNS " FROM seats WHERE person_id = $1 "
				"AND seat_id <> 0 AND seat_id < $2 ORDER BY seat_id DESC LIMIT $3";
static const char find_seat[] =
	"SELECT " COLUMNS " FROM seats WHERE person_id = $1 AND seat_id = $2 AND seat_id <> 0";
static const char set_seat[] =
	"UPDATE seats SET state = $3, vote = $4, voted_at_ms = $5, note = $6 "
	"WHERE appeal_id = $1 AND place = $2 AND state = $7";
static const char late_seats[] =
	"SELECT " COLUMNS " FROM seats WHERE state = 0 "
	"AND due_at_ms <= $1 ORDER BY due_at_ms, appeal_id, place LIMIT $2";
static const char close_seats[] = "UPDATE seats SET state = $2 WHERE appeal_id = $1 AND state = 0";

/* Whoever is willing stands in a walk once. */
#define WALK_MAX 1000000

err seats_insert(struct conn *tx, const struct seat *s)
{
	struct stmt *q = driver_prepare(tx, insert_seat);
	stmt_bind_i64(q, 1, s->appeal.v);
	stmt_bind_i64(q, 2, s->place);
	stmt_bind_i64(q, 3, s->id);
	stmt_bind_i64(q, 4, s->person.v);
	stmt_bind_text(q, 5, s->number);
	stmt_bind_i64(q, 6, s->state);
	stmt_bind_i64(q, 7, s->vote);
	stmt_bind_i64(q, 8, s->asked_at_ms);
	stmt_bind_i64(q, 9, s->due_at_ms);
	stmt_bind_i64(q, 10, s->voted_at_ms);
	stmt_bind_text(q, 11, s->note);
	return stmt_run(q);
}

static struct seat read_seat(struct stmt *q, struct arena *mem)
{
	return (struct seat){
		.appeal = { stmt_i64(q, 0) },
		.place = stmt_int(q, 1),
		.id = stmt_i64(q, 2),
		.person = { stmt_i64(q, 3) },
		.number = stmt_text(q, 4, mem),
		.state = (enum seat_state)stmt_int(q, 5),
		.vote = (enum vote)stmt_int(q, 6),
		.asked_at_ms = stmt_i64(q, 7),
		.due_at_ms = stmt_i64(q, 8),
		.voted_at_ms = stmt_i64(q, 9),
		.note = stmt_text(q, 10, mem),
	};
}

static err read_all(struct stmt *q, struct arena *mem, struct seat **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct seat) = read_seat(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err seats_of(struct conn *conn, appeal_id appeal, struct arena *mem, struct seat **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_appeal);
	stmt_bind_i64(q, 1, appeal.v);
	stmt_bind_i64(q, 2, WALK_MAX);
	return read_all(q, mem, out, n);
}

err seats_with(struct conn *conn, person_id person, int64_t before, int limit, struct arena *mem,
               struct seat **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_person);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, before ? before : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, mem, out, n);
}

err seats_find(struct conn *conn, person_id person, int64_t id, struct arena *mem, struct seat *out)
{
	struct stmt *q = driver_prepare(conn, find_seat);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, id);
	err e = stmt_one(q, "no such seat");
	if (!failed(e))
		*out = read_seat(q, mem);
	stmt_done(q);
	return e;
}

err seats_set(struct conn *tx, const struct seat *s, enum seat_state was)
{
	struct stmt *q = driver_prepare(tx, set_seat);
	stmt_bind_i64(q, 1, s->appeal.v);
	stmt_bind_i64(q, 2, s->place);
	stmt_bind_i64(q, 3, s->state);
	stmt_bind_i64(q, 4, s->vote);
	stmt_bind_i64(q, 5, s->voted_at_ms);
	stmt_bind_text(q, 6, s->note);
	stmt_bind_i64(q, 7, was);
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_conflict(NULL, "This seat is not waited for any more.");
	return e;
}

err seats_late(struct conn *conn, int64_t now_ms, int limit, struct arena *mem, struct seat **out,
               size_t *n)
{
	struct stmt *q = driver_prepare(conn, late_seats);
	stmt_bind_i64(q, 1, now_ms);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, mem, out, n);
}

err seats_close(struct conn *tx, appeal_id appeal)
{
	struct stmt *q = driver_prepare(tx, close_seats);
	stmt_bind_i64(q, 1, appeal.v);
	stmt_bind_i64(q, 2, SEAT_CLOSED);
	return stmt_run(q);
}
