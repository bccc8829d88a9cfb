#include "store/post_words.h"

#include "store/driver.h"
#include "store/rows.h"

static const char check_words[] =
	"INSERT INTO post_words (post_words, rank) VALUES ('integrity-check', 0)";
static const char drop_words[] = "DELETE FROM post_words WHERE rowid = $1";
static const char put_words[] = "INSERT INTO post_words (rowid, words) VALUES ($1, $2)";
static const char find_words[] =
	"SELECT r.post_author_id, r.post_id FROM post_words w JOIN status_refs r ON r.status_id = w.rowid "
	"WHERE post_words MATCH $1 AND w.rowid < $2 ORDER BY w.rowid DESC LIMIT $3";
static const char words_of_post[] = "SELECT words FROM post_words WHERE rowid = $1";
static const char merge_words[] = "INSERT INTO post_words (post_words, rank) VALUES ('merge', $1)";

err post_words_drop(struct conn *tx, post_id post)
{
	struct stmt *q = driver_prepare(tx, drop_words);
	stmt_bind_i64(q, 1, post.v);
	return stmt_run(q);
}

err post_words_put(struct conn *tx, post_id post, str words)
{
	err e;
	TRY(post_words_drop(tx, post));
	if (words.n == 0)
		goto out;
	struct stmt *q = driver_prepare(tx, put_words);
	stmt_bind_i64(q, 1, post.v);
	stmt_bind_text(q, 2, words);
	e = stmt_run(q);
out:
	return e;
}

/* One phrase, whatever is in it: quoted, and quotes within doubled. A NUL would end it. */
static str phrase_of(str words, struct arena *mem)
{
	char *p = ARENA_ARRAY(mem, 2 * words.n + 2, char);
	size_t n = 0;
	p[n++] = '"';
	for (size_t i = 0; i < words.n; i++) {
		if (words.p[i] == '"')
			p[n++] = '"';
		p[n++] = words.p[i] ? words.p[i] : ' ';
	}
	p[n++] = '"';
	return (str){ p, n };
}

err post_words_find(struct conn *conn, str words, post_id before, int limit, struct arena *mem,
                    struct found_post **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, find_words);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_text(q, 1, phrase_of(words, mem));
	stmt_bind_i64(q, 2, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct found_post) =
			(struct found_post){ { stmt_i64(q, 0) }, { stmt_i64(q, 1) } };
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err post_words_of(struct conn *conn, post_id post, struct arena *mem, str *words)
{
	struct stmt *q = driver_prepare(conn, words_of_post);
	err e;
	*words = STR_NONE;
	stmt_bind_i64(q, 1, post.v);
	e = stmt_one(q, "no words");
	if (!failed(e))
		*words = stmt_text(q, 0, mem);
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

/* A negative number makes segments of all levels one merge, so that the last of what was dropped goes; a step that changed less than two
 * rows had nothing left to do. Source: SQLite FTS5, "The merge command". */
err post_words_merge(struct conn *tx, int pages, bool again, bool *more)
{
	int64_t before = driver_all_changes(tx);
	struct stmt *q = driver_prepare(tx, merge_words);
	stmt_bind_i64(q, 1, again ? pages : -(int64_t)pages);
	err e = stmt_run(q);
	*more = !failed(e) && driver_all_changes(tx) - before > 1;
	return e;
}

err post_words_check(struct conn *conn) { return driver_exec(conn, check_words); }
