#include "store/versions.h"

#include "model/limits.h"
#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"post_author_id, post_id, comment_id, version_id, state, at_ms, language, text, place, "   \
	"card_url, card_title, card_about, measure_id"
#define OF_PIECE " WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3"

static const char insert_version[] =
	"INSERT INTO versions (" COLUMNS
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
static const char find_version[] = "SELECT " COLUMNS " FROM versions" OF_PIECE
				   " AND version_id = $4";
static const char set_state[] = "UPDATE versions SET state = $5" OF_PIECE " AND version_id = $4";
static const char set_measure[] = "UPDATE versions SET measure_id = $5" OF_PIECE
				  " AND version_id = $4";
static const char latest_shown[] = "SELECT version_id FROM versions" OF_PIECE
				   " AND state = $4 ORDER BY version_id DESC LIMIT 1";
static const char shown_of_piece[] = "SELECT " COLUMNS " FROM versions" OF_PIECE
				     " AND state = $4 ORDER BY version_id LIMIT $5";
static const char count_of_piece[] = "SELECT COUNT(*) FROM versions" OF_PIECE;
static const char last_written[] = "SELECT " COLUMNS " FROM versions" OF_PIECE
				   " AND at_ms <= $4 ORDER BY at_ms DESC, version_id DESC LIMIT 1";
static const char last_of_piece[] =
	"SELECT " COLUMNS " FROM versions" OF_PIECE
	" AND at_ms <= $4 AND measure_id = 0 ORDER BY at_ms DESC, version_id DESC LIMIT 1";
static const char delete_of_piece[] = "DELETE FROM versions" OF_PIECE;

static struct stmt *of_piece(struct conn *conn, const char *sql, const struct status_ref *ref)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, ref->post_author.v);
	stmt_bind_i64(q, 2, ref->post.v);
	stmt_bind_i64(q, 3, ref->comment.v);
	return q;
}

static struct stmt *of_version(struct conn *conn, const char *sql, const struct status_ref *ref,
                               version_id id)
{
	struct stmt *q = of_piece(conn, sql, ref);
	stmt_bind_i64(q, 4, id.v);
	return q;
}

err versions_insert(struct conn *tx, const struct status_ref *ref, const struct version *v)
{
	struct stmt *q = of_version(tx, insert_version, ref, v->id);
	stmt_bind_i64(q, 5, v->state);
	stmt_bind_i64(q, 6, v->at_ms);
	stmt_bind_text(q, 7, v->language);
	stmt_bind_text(q, 8, v->text);
	stmt_bind_text(q, 9, v->place);
	stmt_bind_text(q, 10, v->card.url);
	stmt_bind_text(q, 11, v->card.title);
	stmt_bind_text(q, 12, v->card.about);
	stmt_bind_i64(q, 13, v->measure.v);
	return stmt_run(q);
}

static struct version read_version(struct stmt *q, struct arena *mem)
{
	return (struct version){
		.id = { stmt_i64(q, 3) },
		.state = (enum version_state)stmt_int(q, 4),
		.at_ms = stmt_i64(q, 5),
		.language = stmt_text(q, 6, mem),
		.text = stmt_text(q, 7, mem),
		.place = stmt_text(q, 8, mem),
		.card = { stmt_text(q, 9, mem), stmt_text(q, 10, mem), stmt_text(q, 11, mem) },
		.measure = { stmt_i64(q, 12) },
	};
}

static err one(struct stmt *q, struct arena *mem, struct version *out)
{
	err e = stmt_one(q, "no such version");
	if (!failed(e))
		*out = read_version(q, mem);
	stmt_done(q);
	return e;
}

err versions_find(struct conn *conn, const struct status_ref *ref, version_id id, struct arena *mem,
                  struct version *out)
{
	return one(of_version(conn, find_version, ref, id), mem, out);
}

err versions_set_state(struct conn *tx, const struct status_ref *ref, version_id id,
                       enum version_state state)
{
	struct stmt *q = of_version(tx, set_state, ref, id);
	stmt_bind_i64(q, 5, state);
	return stmt_run(q);
}

err versions_set_measure(struct conn *tx, const struct status_ref *ref, version_id id,
                         measure_id measure)
{
	struct stmt *q = of_version(tx, set_measure, ref, id);
	stmt_bind_i64(q, 5, measure.v);
	return stmt_run(q);
}

err versions_drop_latest(struct conn *tx, const struct status_ref *ref)
{
	struct stmt *q = of_piece(tx, latest_shown, ref);
	version_id latest;
	err e;
	stmt_bind_i64(q, 4, VERSION_SHOWN);
	e = stmt_number(q, "none was shown", &latest.v);
	if (failed(e))
		return e.code == ERR_MISSING ? OK : e;
	return versions_set_state(tx, ref, latest, VERSION_DROPPED);
}

err versions_shown(struct conn *conn, const struct status_ref *ref, struct arena *mem,
                   struct version **out, size_t *n)
{
	struct stmt *q = of_piece(conn, shown_of_piece, ref);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 4, VERSION_SHOWN);
	stmt_bind_i64(q, 5, VERSIONS_MAX + 1);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct version) = read_version(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err versions_count(struct conn *conn, const struct status_ref *ref, int *out)
{
	int64_t n = 0;
	err e = stmt_number(of_piece(conn, count_of_piece, ref), "no count", &n);
	*out = (int)n;
	return e;
}

err versions_at(struct conn *conn, const struct status_ref *ref, int64_t at_ms, bool as_piece,
                struct arena *mem, struct version *out)
{
	struct stmt *q = of_piece(conn, as_piece ? last_of_piece : last_written, ref);
	stmt_bind_i64(q, 4, at_ms);
	return one(q, mem, out);
}

err versions_delete(struct conn *tx, const struct status_ref *ref)
{
	return stmt_run(of_piece(tx, delete_of_piece, ref));
}
