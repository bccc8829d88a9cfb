/* A measure is the one source of what was done to a piece; the row in holds repeats, beside the piece, until when its
 * latest hold keeps it back, so that reading a post costs one probe more and no search. Both change in one
 * transaction, here alone. What the clock has to do next to a measure stands beside it, so that the clock finds it without a search. */
#include "store/measures.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define COLUMNS                                                                                              \
	"subject_id, measure_id, kind, state, post_author_id, post_id, comment_id, rule, policy, evidence, " \
	"starts_at_ms, ends_at_ms, by_id, decided_by_id, decided_at_ms, decision_note, version_id, "         \
	"decider, harm, points, case_id, family, due_at_ms, follows_id"

static const char insert_measure[] =
	"INSERT INTO measures (" COLUMNS ") "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
static const char insert_ref[] =
	"INSERT INTO measure_refs (measure_id, subject_id) VALUES ($1, $2)";
static const char find_ref[] = "SELECT subject_id FROM measure_refs WHERE measure_id = $1";
static const char find_measure[] = "SELECT " COLUMNS
				   " FROM measures WHERE subject_id = $1 AND measure_id = $2";
static const char measures_of_subject[] =
	"SELECT " COLUMNS " FROM measures WHERE subject_id = $1 AND measure_id < $2 "
	"ORDER BY measure_id DESC LIMIT $3";
/* The stewards' queue looks over all subjects: the open holds are few and have an index (state 0). */
static const char open_after[] = "SELECT " COLUMNS " FROM measures WHERE state = 0 AND kind = $1 "
				 "AND ends_at_ms > $2 ORDER BY measure_id LIMIT $3";
static const char due_until[] = "SELECT " COLUMNS
				" FROM measures WHERE due_at_ms <> 0 AND due_at_ms <= $1 "
				"ORDER BY due_at_ms, measure_id LIMIT $2";
/* One each, since each has its index. */
static const char active_of_policy[] = "SELECT " COLUMNS
				       " FROM measures WHERE state = 0 AND policy = $1 "
				       "AND measure_id > $2 ORDER BY measure_id LIMIT $3";
static const char kept_of_policy[] = "SELECT " COLUMNS
				     " FROM measures WHERE state = 2 AND policy = $1 "
				     "AND measure_id > $2 ORDER BY measure_id LIMIT $3";
static const char proposed_of_policy[] = "SELECT " COLUMNS
					 " FROM measures WHERE state = 5 AND policy = $1 "
					 "AND measure_id > $2 ORDER BY measure_id LIMIT $3";
static const char active_of_piece[] =
	"SELECT " COLUMNS " FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND subject_id = $4 AND state = 0 ORDER BY measure_id LIMIT $5";
static const char kept_on_words[] =
	"SELECT " COLUMNS " FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND subject_id = $4 AND state = $6 AND kind IN ($7, $8) "
	"ORDER BY measure_id LIMIT $5";
static const char active_under_post[] =
	"SELECT " COLUMNS " FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id <> 0 AND state = 0 AND measure_id > $3 ORDER BY measure_id LIMIT $4";
static const char active_under_person[] =
	"SELECT " COLUMNS " FROM measures WHERE post_author_id = $1 AND comment_id <> 0 "
	"AND state = 0 AND measure_id > $2 ORDER BY measure_id LIMIT $3";
static const char on_person[] = "SELECT " COLUMNS " FROM measures WHERE subject_id = $1 "
				"AND post_id = 0 AND ends_at_ms > $2 ORDER BY ends_at_ms";
/* At start, all of them on purpose. */
static const char on_persons[] =
	"SELECT " COLUMNS " FROM measures WHERE post_id = 0 "
	"AND subject_id > 0 AND ends_at_ms > $1 ORDER BY subject_id, ends_at_ms";
static const char move_measure[] =
	"UPDATE measures SET state = $4, decided_by_id = $5, decided_at_ms = $6, decision_note = $7, "
	"starts_at_ms = $8, ends_at_ms = $9, due_at_ms = $10 "
	"WHERE subject_id = $1 AND measure_id = $2 AND state = $3";
/* What a person answers for: a piece that was found to break a rule, or a notice by somebody. Not what was confirmed on
 * appeal alone (appeal state 1: kept; by the same hand at the same moment): who loses is where they were before. */
static const char offences_of[] =
	"SELECT starts_at_ms, points FROM measures m WHERE subject_id = $1 AND points > 0 AND "
	"((kind IN (0, 1, 3) AND state = 2) OR (kind = 4 AND decider <> 0 AND state IN (0, 2, 3))) "
	"AND NOT (kind IN (0, 1, 3) AND EXISTS (SELECT 1 FROM appeals a WHERE a.measure_id = m.measure_id AND a.state = 1 "
	"AND a.decided_by_id = m.decided_by_id AND a.decided_at_ms = m.decided_at_ms)) "
	"ORDER BY starts_at_ms, measure_id";

/* In the order of the directory, which is by time. */
static const char refs_after[] = "SELECT subject_id, measure_id FROM measure_refs "
				 "WHERE measure_id > $1 ORDER BY measure_id LIMIT $2";
static const char made_at[] =
	"SELECT " COLUMNS " FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND starts_at_ms = $4 AND by_id = 0 ORDER BY measure_id LIMIT 1";
/* State 1 is also what the program takes back itself; a notice of its own (kind 4) follows what became of the hold it tells of. */
static const char outcomes_of_rule[] =
	"SELECT state FROM measures WHERE rule = $1 AND starts_at_ms >= $2 "
	"AND NOT (kind = 4 AND decider = 0) AND (state = 2 OR state = 4 "
	"OR (state = 1 AND decided_by_id <> 0)) ORDER BY measure_id DESC LIMIT $3";

/* Pieces that are alike have one family, the number of the first one's screening; the first itself may have none. One's own
 * measures are few, hence not by the index of families. */
static const char wrote_copy[] =
	"SELECT 1 FROM measures WHERE subject_id = $1 AND +family = $2 AND $2 <> 0 "
	"AND starts_at_ms <= $3 "
	"UNION ALL SELECT 1 FROM screenings WHERE seq = $2 AND author_id = $1 AND at_ms <= $3 "
	"UNION ALL SELECT 1 FROM screenings s JOIN measures m ON m.subject_id = $1 "
	"AND +m.family = s.seq AND m.starts_at_ms <= $3 "
	"WHERE s.post_author_id = $4 AND s.post_id = $5 AND s.comment_id = $6 LIMIT 1";

static const char set_hold[] =
	"INSERT INTO holds (post_author_id, post_id, comment_id, measure_id, held_until_ms) "
	"VALUES ($1, $2, $3, $4, $5) ON CONFLICT (post_author_id, post_id, comment_id) "
	"DO UPDATE SET measure_id = excluded.measure_id, held_until_ms = excluded.held_until_ms "
	"WHERE holds.measure_id <= excluded.measure_id";

static const char each_measure[] = "SELECT " COLUMNS " FROM measures ORDER BY measure_id";

static struct stmt *of_subject(struct conn *conn, const char *sql, person_id subject, measure_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

/* The next moment at which the clock does something to it. What it is told stands for a seal that begins later or waits for a
 * second look. */
static int64_t due_of(const struct measure *m)
{
	bool stands = m->state == MEASURE_ACTIVE || m->state == MEASURE_KEPT;
	if (!stands && m->state != MEASURE_PROPOSED)
		return 0;
	if (m->due_at_ms != 0)
		return m->due_at_ms;
	bool endless = m->ends_at_ms == INT64_MAX ||
	               (m->kind == MEASURE_HOLD && m->state == MEASURE_KEPT);
	return endless ? 0 : m->ends_at_ms;
}

/* An older measure never overrules a later one of the same piece. */
static err index_hold(struct conn *tx, const struct measure *m)
{
	struct stmt *q;
	/* A change that waits keeps nothing back but itself. */
	if (m->kind != MEASURE_HOLD || !m->post.v || m->version.v)
		return OK;
	q = driver_prepare(tx, set_hold);
	stmt_bind_i64(q, 1, m->post_author.v);
	stmt_bind_i64(q, 2, m->post.v);
	stmt_bind_i64(q, 3, m->comment.v);
	stmt_bind_i64(q, 4, m->id.v);
	stmt_bind_i64(q, 5, measure_held_until(m));
	return stmt_run(q);
}

static err note_begun(struct conn *tx, const struct measure *m)
{
	return TOMBSTONE(tx, TOMBSTONE_BEGUN, m->subject.v, m->id.v, m->kind, m->state,
	                 m->starts_at_ms, m->ends_at_ms, due_of(m), m->by.v, m->decider, m->harm,
	                 m->points);
}

err measures_insert(struct conn *tx, const struct measure *measure)
{
	struct stmt *q = of_subject(tx, insert_measure, measure->subject, measure->id);
	err e;
	stmt_bind_i64(q, 3, measure->kind);
	stmt_bind_i64(q, 4, measure->state);
	stmt_bind_i64(q, 5, measure->post_author.v);
	stmt_bind_i64(q, 6, measure->post.v);
	stmt_bind_i64(q, 7, measure->comment.v);
	stmt_bind_text(q, 8, measure->rule);
	stmt_bind_text(q, 9, measure->policy);
	stmt_bind_text(q, 10, measure->evidence);
	stmt_bind_i64(q, 11, measure->starts_at_ms);
	stmt_bind_i64(q, 12, measure->ends_at_ms);
	stmt_bind_i64(q, 13, measure->by.v);
	stmt_bind_i64(q, 14, measure->decided_by.v);
	stmt_bind_i64(q, 15, measure->decided_at_ms);
	stmt_bind_text(q, 16, measure->decision_note);
	stmt_bind_i64(q, 17, measure->version.v);
	stmt_bind_i64(q, 18, measure->decider);
	stmt_bind_i64(q, 19, measure->harm);
	stmt_bind_i64(q, 20, measure->points);
	stmt_bind_i64(q, 21, measure->in.v);
	stmt_bind_i64(q, 22, measure->family);
	stmt_bind_i64(q, 23, due_of(measure));
	stmt_bind_i64(q, 24, measure->follows.v);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_ref);
	stmt_bind_i64(q, 1, measure->id.v);
	stmt_bind_i64(q, 2, measure->subject.v);
	TRY(stmt_run(q));
	TRY(index_hold(tx, measure));
	if (measure_on_person(measure->kind))
		TRY(note_begun(tx, measure));
out:
	return e;
}

static struct measure read_measure(struct stmt *q, struct arena *mem)
{
	return (struct measure){
		.subject = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.kind = (enum measure_kind)stmt_int(q, 2),
		.state = (enum measure_state)stmt_int(q, 3),
		.post_author = { stmt_i64(q, 4) },
		.post = { stmt_i64(q, 5) },
		.comment = { stmt_i64(q, 6) },
		.rule = stmt_text(q, 7, mem),
		.policy = stmt_text(q, 8, mem),
		.evidence = stmt_text(q, 9, mem),
		.starts_at_ms = stmt_i64(q, 10),
		.ends_at_ms = stmt_i64(q, 11),
		.by = { stmt_i64(q, 12) },
		.decided_by = { stmt_i64(q, 13) },
		.decided_at_ms = stmt_i64(q, 14),
		.decision_note = stmt_text(q, 15, mem),
		.version = { stmt_i64(q, 16) },
		.decider = (enum measure_decider)stmt_int(q, 17),
		.harm = (enum harm_class)stmt_int(q, 18),
		.points = stmt_int(q, 19),
		.in = { stmt_i64(q, 20) },
		.family = stmt_i64(q, 21),
		.due_at_ms = stmt_i64(q, 22),
		.follows = { stmt_i64(q, 23) },
	};
}

static err find_of(struct conn *conn, person_id subject, measure_id id, struct arena *mem,
                   struct measure *out)
{
	struct stmt *q = of_subject(conn, find_measure, subject, id);
	err e = stmt_one(q, "no such measure");
	if (!failed(e))
		*out = read_measure(q, mem);
	stmt_done(q);
	return e;
}

err measures_find(struct conn *conn, measure_id id, struct arena *mem, struct measure *out)
{
	struct stmt *q = driver_prepare(conn, find_ref);
	person_id subject;
	err e;
	stmt_bind_i64(q, 1, id.v);
	TRY(stmt_number(q, "no such measure", &subject.v));
	TRY(find_of(conn, subject, id, mem, out));
out:
	return e;
}

static err read_measures(struct stmt *q, struct arena *mem, struct measure **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct measure) = read_measure(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err measures_of(struct conn *conn, person_id subject, measure_id before, int limit,
                struct arena *mem, struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, measures_of_subject);
	stmt_bind_i64(q, 1, subject.v);
	stmt_bind_i64(q, 2, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	return read_measures(q, mem, out, n);
}

err measures_waiting(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                     struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, open_after);
	stmt_bind_i64(q, 1, MEASURE_HOLD);
	stmt_bind_i64(q, 2, now_ms);
	stmt_bind_i64(q, 3, limit);
	return read_measures(q, mem, out, n);
}

err measures_due(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                 struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, due_until);
	stmt_bind_i64(q, 1, now_ms);
	stmt_bind_i64(q, 2, limit);
	return read_measures(q, mem, out, n);
}

err measures_of_policy(struct conn *conn, str policy, enum measure_state state, measure_id after,
                       int limit, struct arena *mem, struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, state == MEASURE_ACTIVE ? active_of_policy
	                                      : state == MEASURE_KEPT ? kept_of_policy
	                                                              : proposed_of_policy);
	stmt_bind_text(q, 1, policy);
	stmt_bind_i64(q, 2, after.v);
	stmt_bind_i64(q, 3, limit);
	return read_measures(q, mem, out, n);
}

static struct stmt *of_piece(struct conn *conn, const char *sql, person_id subject,
                             const struct status_ref *piece, int limit)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, piece->post_author.v);
	stmt_bind_i64(q, 2, piece->post.v);
	stmt_bind_i64(q, 3, piece->comment.v);
	stmt_bind_i64(q, 4, subject.v);
	stmt_bind_i64(q, 5, limit);
	return q;
}

err measures_open_of(struct conn *conn, person_id subject, const struct status_ref *piece,
                     int limit, struct arena *mem, struct measure **out, size_t *n)
{
	return read_measures(of_piece(conn, active_of_piece, subject, piece, limit), mem, out, n);
}

err measures_kept_on_words(struct conn *conn, person_id subject, const struct status_ref *piece,
                           int limit, struct arena *mem, struct measure **out, size_t *n)
{
	struct stmt *q = of_piece(conn, kept_on_words, subject, piece, limit);
	stmt_bind_i64(q, 6, MEASURE_KEPT);
	stmt_bind_i64(q, 7, MEASURE_LABEL);
	stmt_bind_i64(q, 8, MEASURE_FOLD);
	return read_measures(q, mem, out, n);
}

err measures_open_under(struct conn *conn, person_id post_author, post_id post, measure_id after,
                        int limit, struct arena *mem, struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, post.v ? active_under_post : active_under_person);
	int at = 1;
	stmt_bind_i64(q, at++, post_author.v);
	if (post.v != 0)
		stmt_bind_i64(q, at++, post.v);
	stmt_bind_i64(q, at++, after.v);
	stmt_bind_i64(q, at, limit);
	return read_measures(q, mem, out, n);
}

err measures_on(struct conn *conn, person_id person, int64_t now_ms, struct arena *mem,
                struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, on_person);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, now_ms);
	return read_measures(q, mem, out, n);
}

err measures_on_all(struct conn *conn, int64_t now_ms, struct arena *mem, struct measure **out,
                    size_t *n)
{
	struct stmt *q = driver_prepare(conn, on_persons);
	stmt_bind_i64(q, 1, now_ms);
	return read_measures(q, mem, out, n);
}

err measures_offences(struct conn *conn, person_id person, struct arena *mem, struct offence **out,
                      size_t *n)
{
	struct stmt *q = driver_prepare(conn, offences_of);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, person.v);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct offence) = (struct offence){ stmt_i64(q, 0),
			                                                   stmt_int(q, 1) };
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err measures_move(struct conn *tx, const struct measure *from, const struct measure *to)
{
	struct stmt *q = of_subject(tx, move_measure, from->subject, from->id);
	bool stands = to->state == MEASURE_ACTIVE || to->state == MEASURE_KEPT;
	err e;
	stmt_bind_i64(q, 3, from->state);
	stmt_bind_i64(q, 4, to->state);
	stmt_bind_i64(q, 5, to->decided_by.v);
	stmt_bind_i64(q, 6, to->decided_at_ms);
	stmt_bind_text(q, 7, to->decision_note);
	stmt_bind_i64(q, 8, to->starts_at_ms);
	stmt_bind_i64(q, 9, to->ends_at_ms);
	stmt_bind_i64(q, 10, due_of(to));
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_conflict(NULL, "That has been decided already.");
	TRY(index_hold(tx, to));
	if (measure_on_person(to->kind) && stands)
		e = note_begun(tx, to);
	else if (to->state != MEASURE_LAPSED)
		e = TOMBSTONE(tx, TOMBSTONE_MEASURE, to->subject.v, to->id.v, to->state,
		              to->decided_by.v, to->decided_at_ms);
out:
	return e;
}

err measures_settle(struct conn *tx, person_id subject, measure_id id, enum measure_state state,
                    person_id by, int64_t at_ms)
{
	struct arena *mem = arena_new(4096);
	struct measure was, is;
	err e;
	TRY(find_of(tx, subject, id, mem, &was));
	is = was;
	is.state = state;
	is.decided_by = by;
	is.decided_at_ms = at_ms;
	is.due_at_ms = 0;
	is.decision_note = STR_NONE;
	if (is.state != was.state)
		TRY(measures_move(tx, &was, &is));
out:
	arena_free(mem);
	return e;
}

err measures_begun(struct conn *tx, const struct measure *m)
{
	struct arena *mem = arena_new(4096);
	struct measure was, is;
	err e = find_of(tx, m->subject, m->id, mem, &was);
	if (e.code == ERR_MISSING) {
		e = measures_insert(tx, m);
	} else if (!failed(e)) {
		is = was;
		is.state = m->state;
		is.starts_at_ms = m->starts_at_ms;
		is.ends_at_ms = m->ends_at_ms;
		is.due_at_ms = m->due_at_ms;
		e = measures_move(tx, &was, &is);
	}
	arena_free(mem);
	return e;
}

struct ref {
	person_id subject;
	measure_id id;
};

err measures_after(struct conn *conn, measure_id after, int limit, struct arena *mem,
                   struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, refs_after);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, after.v);
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct ref) = (struct ref){ { stmt_i64(q, 0) },
			                                           { stmt_i64(q, 1) } };
	}
	*n = rows.n;
	*out = ARENA_ARRAY(mem, rows.n, struct measure);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ref *ref = (const struct ref *)rows.p + i;
		TRY(find_of(conn, ref->subject, ref->id, mem, &(*out)[i]));
	}
out:
	return e;
}

err measures_made_at(struct conn *conn, const struct status_ref *piece, int64_t at_ms,
                     struct arena *mem, struct measure *out)
{
	struct stmt *q = driver_prepare(conn, made_at);
	err e;
	stmt_bind_i64(q, 1, piece->post_author.v);
	stmt_bind_i64(q, 2, piece->post.v);
	stmt_bind_i64(q, 3, piece->comment.v);
	stmt_bind_i64(q, 4, at_ms);
	e = stmt_one(q, "nothing was done");
	if (!failed(e))
		*out = read_measure(q, mem);
	stmt_done(q);
	return e;
}

err measures_wrote_copy(struct conn *conn, const struct measure *of, person_id person,
                        int64_t at_ms, bool *wrote)
{
	struct stmt *q;
	err e;
	*wrote = false;
	if (of->post.v == 0)
		return OK;
	q = driver_prepare(conn, wrote_copy);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, of->family);
	stmt_bind_i64(q, 3, at_ms);
	stmt_bind_i64(q, 4, of->post_author.v);
	stmt_bind_i64(q, 5, of->post.v);
	stmt_bind_i64(q, 6, of->comment.v);
	e = stmt_one(q, "no copy");
	*wrote = e.code != ERR_MISSING;
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

err measures_outcomes(struct conn *conn, str rule, int64_t since_ms, int limit,
                      struct outcomes *out)
{
	struct stmt *q = driver_prepare(conn, outcomes_of_rule);
	bool row;
	err e;
	*out = (struct outcomes){ 0 };
	stmt_bind_text(q, 1, rule);
	stmt_bind_i64(q, 2, since_ms);
	stmt_bind_i64(q, 3, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		out->decided++;
		out->overturned += stmt_int(q, 0) != MEASURE_KEPT;
	}
out:
	return e;
}

err measures_each(struct conn *conn, err (*each)(void *ctx, const struct measure *m), void *ctx)
{
	struct arena *mem = arena_new(16 * 1024);
	struct stmt *q = driver_prepare(conn, each_measure);
	bool row;
	err e;
	for (;;) {
		struct measure m;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		m = read_measure(q, mem);
		TRY(each(ctx, &m));
		arena_reset(mem);
	}
out:
	stmt_done(q);
	arena_free(mem);
	return e;
}
