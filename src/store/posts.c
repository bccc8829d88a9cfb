/* Posts lie under their author, one after the other, so an album page is one range of one tree. Most posts are for
 * all friends: only the others have rows in post_lists and post_people, and only those are asked for them. */
#include "store/posts.h"

#include "store/clauses.h"
#include "store/driver.h"
#include "store/groups.h"
#include "store/pictures.h"
#include "store/post_words.h"
#include "store/rows.h"
#include "store/tombstones.h"
#include "store/versions.h"

#define GATE                                                                                       \
	"p.author_id, p.post_id, p.created_at_ms, p.deleted_at_ms, p.audience, "                   \
	"p.group_id, COALESCE(h.held_until_ms, 0), p.n_clauses"
#define BODY                                                                                       \
	", p.n_mentions, p.language, p.app, p.text, p.edited_at_ms, p.place, "                     \
	"p.card_url, p.card_title, p.card_about, p.n_media, p.pending_id"
#define FROM_POSTS                                                                                 \
	" FROM posts p LEFT JOIN holds h"                                                          \
	" ON h.post_author_id = p.author_id AND h.post_id = p.post_id AND h.comment_id = 0"

#define RETRY_MS (INT64_C(24) * 3600 * 1000)

static const char insert_post[] =
	"INSERT INTO posts (author_id, post_id, created_at_ms, deleted_at_ms, audience, n_mentions, "
	"language, app, text, group_id, n_media, place, card_url, card_title, card_about) "
	"VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
static const char insert_list[] =
	"INSERT INTO post_lists (author_id, post_id, list_id) VALUES ($1, $2, $3)";
static const char insert_person[] =
	"INSERT INTO post_people (author_id, post_id, person_id) VALUES ($1, $2, $3)";
static const char insert_mention[] =
	"INSERT INTO post_mentions (author_id, post_id, person_id) VALUES ($1, $2, $3) "
	"ON CONFLICT (author_id, post_id, person_id) DO NOTHING";
static const char insert_ref[] =
	"INSERT INTO status_refs (status_id, post_author_id, post_id, comment_id) VALUES ($1, $2, $3, 0)";

static const char find_post[] = "SELECT " GATE BODY FROM_POSTS
				" WHERE p.author_id = $1 AND p.post_id = $2";
static const char find_gate[] = "SELECT " GATE FROM_POSTS
				" WHERE p.author_id = $1 AND p.post_id = $2";
static const char posts_of_author[] =
	"SELECT " GATE BODY FROM_POSTS
	" WHERE p.author_id = $1 AND p.post_id > $2 AND p.post_id < $3 "
	"AND p.deleted_at_ms = 0 ORDER BY p.post_id DESC LIMIT $4";
static const char gates_of_author[] = "SELECT " GATE FROM_POSTS
				      " WHERE p.author_id = $1 AND p.post_id < $2 "
				      "AND p.deleted_at_ms = 0 ORDER BY p.post_id DESC LIMIT $3";
/* Bounded when written: AUDIENCE_LISTS_MAX, AUDIENCE_PEOPLE_MAX, MENTIONS_MAX. */
static const char lists_of_post[] = "SELECT list_id FROM post_lists "
				    "WHERE author_id = $1 AND post_id = $2 ORDER BY list_id";
static const char people_of_post[] = "SELECT person_id FROM post_people "
				     "WHERE author_id = $1 AND post_id = $2 ORDER BY person_id";
static const char mentions_of_post[] = "SELECT person_id FROM post_mentions "
				       "WHERE author_id = $1 AND post_id = $2 ORDER BY person_id";

/* An audience without its lists could only be read as wider than it was, so it becomes the author alone ($4). */
static const char delete_post[] =
	"UPDATE posts SET deleted_at_ms = $3, audience = $4, n_mentions = 0, language = '', app = '', "
	"text = '', group_id = 0, edited_at_ms = 0, n_media = 0, place = '', card_url = '', "
	"card_title = '', card_about = '', pending_id = 0, n_clauses = 0 WHERE author_id = $1 AND post_id = $2 AND deleted_at_ms = 0";
/* The words alone: whom it is for is set_audience's. */
static const char change_post[] =
	"UPDATE posts SET language = $3, text = $4, place = $5, card_url = $6, card_title = $7, "
	"card_about = $8, edited_at_ms = $9, n_mentions = $10, pending_id = $11 "
	"WHERE author_id = $1 AND post_id = $2 AND deleted_at_ms = 0";
static const char set_pictures[] = "UPDATE posts SET n_media = $3, edited_at_ms = $4 "
				   "WHERE author_id = $1 AND post_id = $2 AND deleted_at_ms = 0";
static const char set_pending[] =
	"UPDATE posts SET pending_id = $3 WHERE author_id = $1 AND post_id = $2";
static const char set_audience[] = "UPDATE posts SET audience = $3, n_clauses = $4, group_id = $5 "
				   "WHERE author_id = $1 AND post_id = $2 AND deleted_at_ms = 0";
static const char group_of_post[] =
	"SELECT group_id FROM posts WHERE author_id = $1 AND post_id = $2";
static const char delete_lists[] = "DELETE FROM post_lists WHERE author_id = $1 AND post_id = $2";
static const char delete_people[] = "DELETE FROM post_people WHERE author_id = $1 AND post_id = $2";
static const char delete_mentions[] =
	"DELETE FROM post_mentions WHERE author_id = $1 AND post_id = $2";
static const char delete_likes[] = "DELETE FROM likes WHERE post_author_id = $1 AND post_id = $2";
static const char delete_comments[] =
	"DELETE FROM comments WHERE post_author_id = $1 AND post_id = $2";
static const char delete_comment_mentions[] =
	"DELETE FROM comment_mentions WHERE post_author_id = $1 AND post_id = $2";
static const char delete_versions[] =
	"DELETE FROM versions WHERE post_author_id = $1 AND post_id = $2";
static const char delete_media[] = "DELETE FROM media WHERE owner_id = $1 AND post_id = $2";

static const char nth_latest[] = "SELECT post_id FROM posts WHERE author_id = $1 "
				 "ORDER BY post_id DESC LIMIT 1 OFFSET $2";
static const char count_posts[] =
	"SELECT COUNT(*) FROM posts WHERE author_id = $1 AND deleted_at_ms = 0";

static const char find_ref[] =
	"SELECT post_author_id, post_id, comment_id FROM status_refs WHERE status_id = $1";

static const char find_retry[] =
	"SELECT status_id FROM retries WHERE person_id = $1 AND retry_key = $2";
static const char insert_retry[] =
	"INSERT INTO retries (person_id, retry_key, status_id, at_ms, sent) VALUES ($1, $2, $3, $4, $5)";
static const char count_same[] =
	"SELECT COUNT(*) FROM retries WHERE person_id = $1 AND retry_key = $2 "
	"AND (sent = $3 OR sent = x'')";
static const char forget_sent[] =
	"UPDATE retries SET sent = x'' WHERE person_id = $1 AND status_id = $2";
static const char keep_retry[] =
	"UPDATE retries SET at_ms = $3 WHERE person_id = $1 AND retry_key = $2";
static const char forget_retries[] = "DELETE FROM retries WHERE person_id = $1 AND at_ms < $2";

static struct stmt *of_post(struct conn *conn, const char *sql, person_id author, post_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, author.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

static err insert_with(struct conn *tx, const char *sql, const struct post_gate *gate,
                       int64_t third)
{
	struct stmt *q = of_post(tx, sql, gate->author, gate->id);
	stmt_bind_i64(q, 3, third);
	return stmt_run(q);
}

static err insert_audience(struct conn *tx, const struct post_gate *gate)
{
	const struct audience *to = &gate->audience;
	err e = OK;
	for (size_t i = 0; i < to->n_lists; i++)
		TRY(insert_with(tx, insert_list, gate, to->lists[i].v));
	for (size_t i = 0; i < to->n_people; i++)
		TRY(insert_with(tx, insert_person, gate, to->people[i].v));
	if (to->kind == AUDIENCE_GROUP)
		TRY(group_posts_add(tx, to->group, gate->author, gate->id));
	TRY(clauses_insert(tx, gate->author, gate->id, to->also));
out:
	return e;
}

err posts_insert(struct conn *tx, const struct post *post)
{
	const struct post_gate *gate = &post->gate;
	struct stmt *q = of_post(tx, insert_post, gate->author, gate->id);
	err e;

	stmt_bind_i64(q, 3, gate->created_at_ms);
	stmt_bind_i64(q, 4, gate->audience.kind);
	stmt_bind_i64(q, 5, (int64_t)post->n_mentions);
	stmt_bind_text(q, 6, post->language);
	stmt_bind_text(q, 7, post->app);
	stmt_bind_text(q, 8, post->text);
	stmt_bind_i64(q, 9, gate->audience.group.v);
	stmt_bind_i64(q, 10, (int64_t)post->n_media);
	stmt_bind_text(q, 11, post->place);
	stmt_bind_text(q, 12, post->card.url);
	stmt_bind_text(q, 13, post->card.title);
	stmt_bind_text(q, 14, post->card.about);
	TRY(stmt_run(q));
	TRY(insert_audience(tx, gate));
	for (size_t i = 0; i < post->n_mentions; i++)
		TRY(insert_with(tx, insert_mention, gate, post->mentions[i].v));
	q = driver_prepare(tx, insert_ref);
	stmt_bind_i64(q, 1, gate->id.v);
	stmt_bind_i64(q, 2, gate->author.v);
	stmt_bind_i64(q, 3, gate->id.v);
	TRY(stmt_run(q));
out:
	return e;
}

/* The gate of the row, its lists and people by statements of their own. */
static err read_gate(struct conn *conn, struct stmt *q, struct arena *mem, struct post_gate *out)
{
	struct post_gate gate = {
		.author = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.created_at_ms = stmt_i64(q, 2),
		.deleted = stmt_i64(q, 3) != 0,
		.audience.kind = (enum audience_kind)stmt_int(q, 4),
		.audience.group = { stmt_i64(q, 5) },
		.held_until_ms = stmt_i64(q, 6),
	};
	struct audience *to = &gate.audience;
	err e = OK;
	if (stmt_i64(q, 7) > 0)
		TRY(clauses_of(conn, gate.author, gate.id, mem, &to->also));
	if (to->kind == AUDIENCE_ONLY || to->kind == AUDIENCE_EXCEPT) {
		void *ids;
		TRY(rows_ids(of_post(conn, lists_of_post, gate.author, gate.id), mem, &ids,
		             &to->n_lists));
		to->lists = ids;
		TRY(rows_ids(of_post(conn, people_of_post, gate.author, gate.id), mem, &ids,
		             &to->n_people));
		to->people = ids;
	}
	*out = gate;
out:
	return e;
}

static err read_pending(struct conn *conn, struct post *post, version_id id, struct arena *mem)
{
	struct status_ref ref = { post->gate.author, post->gate.id, { 0 } };
	struct version v;
	err e = versions_find(conn, &ref, id, mem, &v);
	if (!failed(e))
		post->pending = (struct pending){ v.id, v.state, v.measure, v.text };
	return e;
}

static err read_post(struct conn *conn, struct stmt *q, struct arena *mem, struct post *out)
{
	struct post post = {
		.language = stmt_text(q, 9, mem),
		.app = stmt_text(q, 10, mem),
		.text = stmt_text(q, 11, mem),
		.edited_at_ms = stmt_i64(q, 12),
		.place = stmt_text(q, 13, mem),
		.card = { stmt_text(q, 14, mem), stmt_text(q, 15, mem), stmt_text(q, 16, mem) },
	};
	bool has_mentions = stmt_i64(q, 8) > 0, has_media = stmt_i64(q, 17) > 0;
	version_id pending = { stmt_i64(q, 18) };
	err e;
	TRY(read_gate(conn, q, mem, &post.gate));
	if (has_mentions) {
		void *ids;
		TRY(rows_ids(of_post(conn, mentions_of_post, post.gate.author, post.gate.id), mem,
		             &ids, &post.n_mentions));
		post.mentions = ids;
	}
	if (has_media) {
		struct media *media;
		TRY(pictures_of_post(conn, post.gate.author, post.gate.id, mem, &media,
		                     &post.n_media));
		post.media = media;
	}
	if (pending.v != 0)
		TRY(read_pending(conn, &post, pending, mem));
	*out = post;
out:
	return e;
}

err posts_find(struct conn *conn, person_id author, post_id id, struct arena *mem, struct post *out)
{
	struct stmt *q = of_post(conn, find_post, author, id);
	err e;
	TRY(stmt_one(q, "no such post"));
	TRY(read_post(conn, q, mem, out));
out:
	stmt_done(q);
	return e;
}

err posts_gate(struct conn *conn, person_id author, post_id id, struct arena *mem,
               struct post_gate *out)
{
	struct stmt *q = of_post(conn, find_gate, author, id);
	err e;
	TRY(stmt_one(q, "no such post"));
	TRY(read_gate(conn, q, mem, out));
out:
	stmt_done(q);
	return e;
}

err posts_delete(struct conn *tx, person_id author, post_id id, int64_t at_ms)
{
	static const char *const parts[] = { delete_lists,    delete_people,
		                             delete_mentions, delete_likes,
		                             delete_comments, delete_comment_mentions,
		                             delete_versions, delete_media };
	struct stmt *q;
	group_id group;
	err e;
	TRY(stmt_number(of_post(tx, group_of_post, author, id), "no such post", &group.v));
	TRY(group_posts_remove(tx, group, id));
	q = of_post(tx, delete_post, author, id);
	stmt_bind_i64(q, 3, at_ms);
	stmt_bind_i64(q, 4, AUDIENCE_SELF);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_missing("no such post");
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		TRY(stmt_run(of_post(tx, parts[i], author, id)));
	TRY(post_words_drop(tx, id));
	TRY(clauses_delete(tx, author, id));
	TRY(TOMBSTONE(tx, TOMBSTONE_POST, author.v, id.v, at_ms));
out:
	return e;
}

err posts_change(struct conn *tx, const struct post *post)
{
	const struct post_gate *gate = &post->gate;
	struct stmt *q = of_post(tx, change_post, gate->author, gate->id);
	err e;
	stmt_bind_text(q, 3, post->language);
	stmt_bind_text(q, 4, post->text);
	stmt_bind_text(q, 5, post->place);
	stmt_bind_text(q, 6, post->card.url);
	stmt_bind_text(q, 7, post->card.title);
	stmt_bind_text(q, 8, post->card.about);
	stmt_bind_i64(q, 9, post->edited_at_ms);
	stmt_bind_i64(q, 10, (int64_t)post->n_mentions);
	stmt_bind_i64(q, 11, post->pending.version.v);
	TRY(stmt_run(q));
	TRY(stmt_run(of_post(tx, delete_mentions, gate->author, gate->id)));
	for (size_t i = 0; i < post->n_mentions; i++)
		TRY(insert_with(tx, insert_mention, gate, post->mentions[i].v));
out:
	return e;
}

err posts_set_pictures(struct conn *tx, person_id author, post_id id, size_t n, int64_t at_ms)
{
	struct stmt *q = of_post(tx, set_pictures, author, id);
	stmt_bind_i64(q, 3, (int64_t)n);
	stmt_bind_i64(q, 4, at_ms);
	return stmt_run(q);
}

err posts_set_pending(struct conn *tx, person_id author, post_id id, version_id version)
{
	struct stmt *q = of_post(tx, set_pending, author, id);
	stmt_bind_i64(q, 3, version.v);
	return stmt_run(q);
}

/* As it is from now on: to all it names, and to all the earlier ones name. */
static err note_audience(struct conn *tx, const struct post_gate *gate)
{
	size_t most = 3, n = 3;
	for (const struct audience *a = &gate->audience; a != NULL; a = a->also)
		most += 3 + a->n_lists + a->n_people;
	struct arena *mem = arena_new(most * sizeof(int64_t));
	int64_t *v = ARENA_ARRAY(mem, most, int64_t);
	err e;
	v[0] = gate->author.v;
	v[1] = gate->id.v;
	v[2] = gate->audience.group.v;
	for (const struct audience *a = &gate->audience; a != NULL; a = a->also) {
		v[n++] = a->kind;
		v[n++] = (int64_t)a->n_lists;
		v[n++] = (int64_t)a->n_people;
		for (size_t i = 0; i < a->n_lists; i++)
			v[n++] = a->lists[i].v;
		for (size_t i = 0; i < a->n_people; i++)
			v[n++] = a->people[i].v;
	}
	e = tombstones_add(tx, TOMBSTONE_AUDIENCE, v, n);
	arena_free(mem);
	return e;
}

err posts_set_audience(struct conn *tx, const struct post_gate *gate)
{
	struct stmt *q;
	group_id group;
	int64_t clauses = 0;
	err e;
	TRY(stmt_number(of_post(tx, group_of_post, gate->author, gate->id), "no such post",
	                &group.v));
	TRY(group_posts_remove(tx, group, gate->id));
	for (const struct audience *a = gate->audience.also; a != NULL; a = a->also)
		clauses++;
	q = of_post(tx, set_audience, gate->author, gate->id);
	stmt_bind_i64(q, 3, gate->audience.kind);
	stmt_bind_i64(q, 4, clauses);
	stmt_bind_i64(q, 5, gate->audience.group.v);
	TRY(stmt_run(q));
	TRY(stmt_run(of_post(tx, delete_lists, gate->author, gate->id)));
	TRY(stmt_run(of_post(tx, delete_people, gate->author, gate->id)));
	TRY(clauses_delete(tx, gate->author, gate->id));
	TRY(insert_audience(tx, gate));
	TRY(note_audience(tx, gate));
out:
	return e;
}

err posts_of(struct conn *conn, person_id author, post_id after, post_id before, int limit,
             struct arena *mem, struct post **out, size_t *n)
{
	struct stmt *q = of_post(conn, posts_of_author, author, after);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 3, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 4, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(read_post(conn, q, mem, ROWS_NEXT(&rows, mem, struct post)));
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err posts_gates_of(struct conn *conn, person_id author, post_id before, int limit,
                   struct arena *mem, struct post_gate **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, gates_of_author);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, author.v);
	stmt_bind_i64(q, 2, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 3, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(read_gate(conn, q, mem, ROWS_NEXT(&rows, mem, struct post_gate)));
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err posts_count(struct conn *conn, person_id author, int64_t *out)
{
	struct stmt *q = driver_prepare(conn, count_posts);
	stmt_bind_i64(q, 1, author.v);
	return stmt_number(q, "no count", out);
}

err posts_nth_latest(struct conn *conn, person_id author, int nth, post_id *out)
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

err status_refs_find(struct conn *conn, int64_t status_id, struct status_ref *out)
{
	struct stmt *q = driver_prepare(conn, find_ref);
	err e;
	stmt_bind_i64(q, 1, status_id);
	e = stmt_one(q, "no such status");
	if (!failed(e))
		*out = (struct status_ref){ { stmt_i64(q, 0) },
			                    { stmt_i64(q, 1) },
			                    { stmt_i64(q, 2) } };
	stmt_done(q);
	return e;
}

err retries_find(struct conn *conn, person_id by, str key, int64_t *status_id)
{
	struct stmt *q = driver_prepare(conn, find_retry);
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_text(q, 2, key);
	return stmt_number(q, "not tried before", status_id);
}

err retries_keep(struct conn *tx, person_id by, str key)
{
	struct stmt *q = driver_prepare(tx, keep_retry);
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_text(q, 2, key);
	stmt_bind_i64(q, 3, INT64_MAX);
	return stmt_run(q);
}

err retries_same(struct conn *conn, person_id by, str key, str sent, bool *same)
{
	struct stmt *q = driver_prepare(conn, count_same);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_text(q, 2, key);
	stmt_bind_bytes(q, 3, sent.p, sent.n);
	e = stmt_number(q, "no count", &n);
	*same = n > 0;
	return e;
}

err retries_insert(struct conn *tx, const struct retry *retry)
{
	struct stmt *q = driver_prepare(tx, forget_retries);
	err e;
	stmt_bind_i64(q, 1, retry->by.v);
	stmt_bind_i64(q, 2, retry->at_ms - RETRY_MS);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_retry);
	stmt_bind_i64(q, 1, retry->by.v);
	stmt_bind_text(q, 2, retry->key);
	stmt_bind_i64(q, 3, retry->status_id);
	stmt_bind_i64(q, 4, retry->at_ms);
	stmt_bind_bytes(q, 5, retry->sent.p ? retry->sent.p : "", retry->sent.n);
	TRY(stmt_run(q));
out:
	return e;
}

err retries_forget_sent(struct conn *tx, person_id by, int64_t status_id)
{
	struct stmt *q = driver_prepare(tx, forget_sent);
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_i64(q, 2, status_id);
	return stmt_run(q);
}
