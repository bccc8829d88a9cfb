#include "store/case_links.h"

#include "store/driver.h"
#include "store/rows.h"

#define LINK                                                                                       \
	"link_id, case_id, subject_id, measure_id, post_author_id, post_id, comment_id, whom, "    \
	"made_by_id, made_at_ms, expires_at_ms, answer, words, answered_at_ms"

static const char insert_link[] =
	"INSERT INTO case_links (secret_hash, " LINK ") "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
static const char find_link[] = "SELECT " LINK " FROM case_links WHERE secret_hash = $1";
static const char links_of_case[] = "SELECT " LINK " FROM case_links WHERE case_id = $1 "
				    "ORDER BY link_id LIMIT $2";
static const char answer_link[] =
	"UPDATE case_links SET answer = $2, words = $3, answered_at_ms = $4 "
	"WHERE secret_hash = $1 AND answer = 0 AND expires_at_ms > $4";

static struct stmt *of_secret(struct conn *conn, const char *sql, const secret_hash *secret)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_bytes(q, 1, secret->b, sizeof secret->b);
	return q;
}

err case_links_insert(struct conn *tx, const struct case_link *link, const secret_hash *secret)
{
	struct stmt *q = of_secret(tx, insert_link, secret);
	stmt_bind_i64(q, 2, link->id);
	stmt_bind_i64(q, 3, link->in.v);
	stmt_bind_i64(q, 4, link->subject.v);
	stmt_bind_i64(q, 5, link->measure.v);
	stmt_bind_i64(q, 6, link->piece.post_author.v);
	stmt_bind_i64(q, 7, link->piece.post.v);
	stmt_bind_i64(q, 8, link->piece.comment.v);
	stmt_bind_text(q, 9, link->whom);
	stmt_bind_i64(q, 10, link->made_by.v);
	stmt_bind_i64(q, 11, link->made_at_ms);
	stmt_bind_i64(q, 12, link->expires_at_ms);
	stmt_bind_i64(q, 13, link->answer);
	stmt_bind_text(q, 14, link->words);
	stmt_bind_i64(q, 15, link->answered_at_ms);
	return stmt_run(q);
}

static struct case_link read_link(struct stmt *q, struct arena *mem)
{
	return (struct case_link){
		.id = stmt_i64(q, 0),
		.in = { stmt_i64(q, 1) },
		.subject = { stmt_i64(q, 2) },
		.measure = { stmt_i64(q, 3) },
		.piece = { { stmt_i64(q, 4) }, { stmt_i64(q, 5) }, { stmt_i64(q, 6) } },
		.whom = stmt_text(q, 7, mem),
		.made_by = { stmt_i64(q, 8) },
		.made_at_ms = stmt_i64(q, 9),
		.expires_at_ms = stmt_i64(q, 10),
		.answer = (enum case_answer)stmt_int(q, 11),
		.words = stmt_text(q, 12, mem),
		.answered_at_ms = stmt_i64(q, 13),
	};
}

err case_links_find(struct conn *conn, const secret_hash *secret, struct arena *mem,
                    struct case_link *out)
{
	struct stmt *q = of_secret(conn, find_link, secret);
	err e = stmt_one(q, "no such link");
	if (!failed(e))
		*out = read_link(q, mem);
	stmt_done(q);
	return e;
}

err case_links_of(struct conn *conn, case_id in, int limit, struct arena *mem,
                  struct case_link **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, links_of_case);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, in.v);
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct case_link) = read_link(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err case_links_answer(struct conn *tx, const secret_hash *secret, enum case_answer answer,
                      str words, int64_t now_ms)
{
	struct stmt *q = of_secret(tx, answer_link, secret);
	err e;
	stmt_bind_i64(q, 2, answer);
	stmt_bind_text(q, 3, words);
	stmt_bind_i64(q, 4, now_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_conflict(NULL, "This link was answered already, or is too old.");
out:
	return e;
}
