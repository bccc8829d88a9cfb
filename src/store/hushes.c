#include "store/hushes.h"

#include "store/driver.h"

static const char set_hush[] =
	"INSERT INTO hushes (reader_id, post_id, post_author_id, at_ms) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (reader_id, post_id) DO NOTHING";
static const char clear_hush[] = "DELETE FROM hushes WHERE reader_id = $1 AND post_id = $2";
static const char has_hush[] = "SELECT COUNT(*) FROM hushes WHERE reader_id = $1 AND post_id = $2";
static const char each_hush[] = "SELECT reader_id, post_id FROM hushes ORDER BY reader_id, post_id";

static struct stmt *of_reader(struct conn *conn, const char *sql, person_id reader, post_id post)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, post.v);
	return q;
}

err hushes_set(struct conn *tx, person_id reader, person_id post_author, post_id post,
               int64_t at_ms)
{
	struct stmt *q = of_reader(tx, set_hush, reader, post);
	stmt_bind_i64(q, 3, post_author.v);
	stmt_bind_i64(q, 4, at_ms);
	return stmt_run(q);
}

err hushes_clear(struct conn *tx, person_id reader, post_id post)
{
	return stmt_run(of_reader(tx, clear_hush, reader, post));
}

err hushes_has(struct conn *conn, person_id reader, post_id post, bool *out)
{
	int64_t n = 0;
	err e = stmt_number(of_reader(conn, has_hush, reader, post), "no count", &n);
	*out = n > 0;
	return e;
}

err hushes_each(struct conn *conn, err (*each)(person_id reader, post_id post, void *ctx),
                void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_hush);
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(each((person_id){ stmt_i64(q, 0) }, (post_id){ stmt_i64(q, 1) }, ctx));
	}
out:
	stmt_done(q);
	return e;
}
