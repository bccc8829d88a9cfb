/* Comments and likes lie under the author of the post: whoever may read the post finds them beside it. */
#include "store/comments.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"
#include "store/versions.h"

#define COLUMNS                                                                                         \
	"c.post_author_id, c.post_id, c.comment_id, c.author_id, c.reply_to_id, c.reply_to_author_id, " \
	"c.created_at_ms, c.deleted_at_ms, COALESCE(h.held_until_ms, 0), c.n_mentions, "                \
	"c.language, c.app, c.text, c.edited_at_ms, c.pending_id"
#define FROM_COMMENTS                                                                              \
	" FROM comments c LEFT JOIN holds h ON h.post_author_id = c.post_author_id"                \
	" AND h.post_id = c.post_id AND h.comment_id = c.comment_id"

static const char insert_comment[] =
	"INSERT INTO comments (post_author_id, post_id, comment_id, author_id, reply_to_id, "
	"reply_to_author_id, created_at_ms, deleted_at_ms, n_mentions, language, app, text) "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)";
static const char nth_latest[] = "SELECT comment_id FROM comments WHERE author_id = $1 "
				 "ORDER BY comment_id DESC LIMIT 1 OFFSET $2";
static const char insert_mention[] =
	"INSERT INTO comment_mentions (post_author_id, post_id, comment_id, person_id) "
	"VALUES ($1, $2, $3, $4) ON CONFLICT (post_author_id, post_id, comment_id, person_id) DO NOTHING";
static const char insert_ref[] =
	"INSERT INTO status_refs (status_id, post_author_id, post_id, comment_id) VALUES ($3, $1, $2, $3)";
static const char find_comment[] =
	"SELECT " COLUMNS FROM_COMMENTS
	" WHERE c.post_author_id = $1 AND c.post_id = $2 AND c.comment_id = $3";
static const char comments_of_post[] = "SELECT " COLUMNS FROM_COMMENTS
				       " WHERE c.post_author_id = $1 AND c.post_id = $2 "
				       "AND c.deleted_at_ms = 0 ORDER BY c.comment_id LIMIT $3";
static const char comments_of_author[] = "SELECT " COLUMNS FROM_COMMENTS
					 " WHERE c.author_id = $1 AND c.deleted_at_ms = 0 "
					 "ORDER BY c.post_author_id, c.post_id, c.comment_id";
/* At most MENTIONS_MAX. */
static const char mentions_of_comment[] =
	"SELECT person_id FROM comment_mentions WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 ORDER BY person_id";
static const char delete_comment[] =
	"UPDATE comments SET deleted_at_ms = $4, edited_at_ms = 0, pending_id = 0, n_mentions = 0, language = '', app = '', text = '' "
	"WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3 AND deleted_at_ms = 0";
static const char change_comment[] =
	"UPDATE comments SET language = $4, text = $5, edited_at_ms = $6, n_mentions = $7, "
	"pending_id = $8 WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3 "
	"AND deleted_at_ms = 0";
static const char set_pending[] = "UPDATE comments SET pending_id = $4 "
				  "WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3";
static const char delete_mentions[] =
	"DELETE FROM comment_mentions WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3";

static const char set_like[] =
	"INSERT INTO likes (post_author_id, post_id, liker_id, at_ms) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (post_author_id, post_id, liker_id) DO NOTHING";
static const char clear_like[] =
	"DELETE FROM likes WHERE post_author_id = $1 AND post_id = $2 AND liker_id = $3";
static const char likes_of_post[] =
	"SELECT post_author_id, post_id, liker_id, at_ms FROM likes "
	"WHERE post_author_id = $1 AND post_id = $2 ORDER BY at_ms, liker_id LIMIT $3";
/* The liker's own view lies over many shards once there are several. */
static const char likes_by_person[] =
	"SELECT post_author_id, post_id, liker_id, at_ms FROM likes "
	"WHERE liker_id = $1 AND at_ms < $2 ORDER BY at_ms DESC, post_author_id DESC, post_id DESC LIMIT $3";

static struct stmt *of_post(struct conn *conn, const char *sql, person_id post_author, post_id post,
                            int64_t third)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, post_author.v);
	stmt_bind_i64(q, 2, post.v);
	stmt_bind_i64(q, 3, third);
	return q;
}

static err insert_mentions(struct conn *tx, const struct comment *comment)
{
	const struct comment_gate *gate = &comment->gate;
	err e = OK;
	for (size_t i = 0; i < comment->n_mentions; i++) {
		struct stmt *q = of_post(tx, insert_mention, gate->post_author, gate->post,
		                         gate->id.v);
		stmt_bind_i64(q, 4, comment->mentions[i].v);
		TRY(stmt_run(q));
	}
out:
	return e;
}

err comments_insert(struct conn *tx, const struct comment *comment)
{
	const struct comment_gate *gate = &comment->gate;
	struct stmt *q = of_post(tx, insert_comment, gate->post_author, gate->post, gate->id.v);
	err e;
	stmt_bind_i64(q, 4, gate->author.v);
	stmt_bind_i64(q, 5, gate->reply_to.v);
	stmt_bind_i64(q, 6, gate->reply_to_author.v);
	stmt_bind_i64(q, 7, gate->created_at_ms);
	stmt_bind_i64(q, 8, (int64_t)comment->n_mentions);
	stmt_bind_text(q, 9, comment->language);
	stmt_bind_text(q, 10, comment->app);
	stmt_bind_text(q, 11, comment->text);
	TRY(stmt_run(q));
	TRY(insert_mentions(tx, comment));
	TRY(stmt_run(of_post(tx, insert_ref, gate->post_author, gate->post, gate->id.v)));
out:
	return e;
}

static err read_pending(struct conn *conn, struct comment *comment, version_id id,
                        struct arena *mem)
{
	struct status_ref ref = { comment->gate.post_author, comment->gate.post, comment->gate.id };
	struct version v;
	err e = versions_find(conn, &ref, id, mem, &v);
	if (!failed(e))
		comment->pending = (struct pending){ v.id, v.state, v.measure, v.text };
	return e;
}

static err read_comment(struct conn *conn, struct stmt *q, struct arena *mem, struct comment *out)
{
	struct comment comment = {
		.gate = {
			.post_author = { stmt_i64(q, 0) },
			.post = { stmt_i64(q, 1) },
			.id = { stmt_i64(q, 2) },
			.author = { stmt_i64(q, 3) },
			.reply_to = { stmt_i64(q, 4) },
			.reply_to_author = { stmt_i64(q, 5) },
			.created_at_ms = stmt_i64(q, 6),
			.deleted = stmt_i64(q, 7) != 0,
			.held_until_ms = stmt_i64(q, 8),
		},
		.language = stmt_text(q, 10, mem),
		.app = stmt_text(q, 11, mem),
		.text = stmt_text(q, 12, mem),
		.edited_at_ms = stmt_i64(q, 13),
	};
	const struct comment_gate *gate = &comment.gate;
	version_id pending = { stmt_i64(q, 14) };
	err e = OK;
	if (stmt_i64(q, 9) > 0) {
		void *ids;
		TRY(rows_ids(of_post(conn, mentions_of_comment, gate->post_author, gate->post,
		                     gate->id.v),
		             mem, &ids, &comment.n_mentions));
		comment.mentions = ids;
	}
	if (pending.v != 0)
		TRY(read_pending(conn, &comment, pending, mem));
	*out = comment;
out:
	return e;
}

err comments_find(struct conn *conn, person_id post_author, post_id post, comment_id id,
                  struct arena *mem, struct comment *out)
{
	struct stmt *q = of_post(conn, find_comment, post_author, post, id.v);
	err e;
	TRY(stmt_one(q, "no such comment"));
	TRY(read_comment(conn, q, mem, out));
out:
	stmt_done(q);
	return e;
}

err comments_delete(struct conn *tx, person_id post_author, post_id post, comment_id id,
                    int64_t at_ms)
{
	struct stmt *q = of_post(tx, delete_comment, post_author, post, id.v);
	err e;
	stmt_bind_i64(q, 4, at_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_missing("no such comment");
	TRY(stmt_run(of_post(tx, delete_mentions, post_author, post, id.v)));
	TRY(versions_delete(tx, &(struct status_ref){ post_author, post, id }));
	TRY(TOMBSTONE(tx, TOMBSTONE_COMMENT, post_author.v, post.v, id.v, at_ms));
out:
	return e;
}

err comments_change(struct conn *tx, const struct comment *comment)
{
	const struct comment_gate *gate = &comment->gate;
	struct stmt *q = of_post(tx, change_comment, gate->post_author, gate->post, gate->id.v);
	err e;
	stmt_bind_text(q, 4, comment->language);
	stmt_bind_text(q, 5, comment->text);
	stmt_bind_i64(q, 6, comment->edited_at_ms);
	stmt_bind_i64(q, 7, (int64_t)comment->n_mentions);
	stmt_bind_i64(q, 8, comment->pending.version.v);
	TRY(stmt_run(q));
	TRY(stmt_run(of_post(tx, delete_mentions, gate->post_author, gate->post, gate->id.v)));
	TRY(insert_mentions(tx, comment));
out:
	return e;
}

err comments_set_pending(struct conn *tx, const struct status_ref *ref, version_id version)
{
	struct stmt *q = of_post(tx, set_pending, ref->post_author, ref->post, ref->comment.v);
	stmt_bind_i64(q, 4, version.v);
	return stmt_run(q);
}

err comments_of(struct conn *conn, person_id post_author, post_id post, int limit,
                struct arena *mem, struct comment **out, size_t *n)
{
	struct stmt *q = of_post(conn, comments_of_post, post_author, post, limit);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(read_comment(conn, q, mem, ROWS_NEXT(&rows, mem, struct comment)));
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err comments_nth_latest(struct conn *conn, person_id author, int nth, comment_id *out)
{
	struct stmt *q = driver_prepare(conn, nth_latest);
	err e;
	stmt_bind_i64(q, 1, author.v);
	stmt_bind_i64(q, 2, nth - 1);
	e = stmt_number(q, "not so many", &out->v);
	if (e.code == ERR_MISSING)
		out->v = 0;
	return e.code == ERR_MISSING ? OK : e;
}

err comments_by(struct conn *conn, person_id author, struct arena *mem,
                err (*each)(const struct comment *comment, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, comments_of_author);
	struct comment comment;
	bool row;
	err e;
	stmt_bind_i64(q, 1, author.v);
	for (;;) {
		struct arena_mark mark = arena_mark(mem);
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(read_comment(conn, q, mem, &comment));
		TRY(each(&comment, ctx));
		arena_rewind(mem, mark);
	}
out:
	stmt_done(q);
	return e;
}

err likes_set(struct conn *tx, const struct like *like, bool *is_new)
{
	struct stmt *q = of_post(tx, set_like, like->post_author, like->post, like->by.v);
	err e;
	stmt_bind_i64(q, 4, like->at_ms);
	e = stmt_run(q);
	*is_new = !failed(e) && driver_changes(tx) > 0;
	return e;
}

err likes_clear(struct conn *tx, person_id post_author, post_id post, person_id by)
{
	return TOMBSTONE_RUN(tx, of_post(tx, clear_like, post_author, post, by.v), TOMBSTONE_LIKE,
	                     post_author.v, post.v, by.v);
}

static err read_likes(struct stmt *q, struct arena *mem, struct like **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct like) = (struct like){
			.post_author = { stmt_i64(q, 0) },
			.post = { stmt_i64(q, 1) },
			.by = { stmt_i64(q, 2) },
			.at_ms = stmt_i64(q, 3),
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err likes_of(struct conn *conn, person_id post_author, post_id post, int limit, struct arena *mem,
             struct like **out, size_t *n)
{
	return read_likes(of_post(conn, likes_of_post, post_author, post, limit), mem, out, n);
}

err likes_by(struct conn *conn, person_id by, int64_t before_ms, int limit, struct arena *mem,
             struct like **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, likes_by_person);
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_i64(q, 2, before_ms);
	stmt_bind_i64(q, 3, limit);
	return read_likes(q, mem, out, n);
}
