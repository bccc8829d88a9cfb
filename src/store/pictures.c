/* Pictures lie under who brought them: a post's pictures are its author's own. */
#include "store/pictures.h"

#include "model/limits.h"
#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define COLUMNS                                                                                      \
	"owner_id, media_id, used_for, post_id, position, content, width, height, blurhash, about, " \
	"pdq, pdq_quality, qr, created_at_ms"

static const char insert_media[] =
	"INSERT INTO media (" COLUMNS
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
static const char insert_ref[] = "INSERT INTO media_refs (media_id, owner_id) VALUES ($1, $2)";
static const char find_owner[] = "SELECT owner_id FROM media_refs WHERE media_id = $1";
static const char find_media[] = "SELECT " COLUMNS
				 " FROM media WHERE owner_id = $1 AND media_id = $2";
static const char media_of_a_post[] =
	"SELECT " COLUMNS " FROM media WHERE owner_id = $1 AND post_id = $2 AND post_id <> 0 "
	"ORDER BY position, media_id LIMIT $3";
static const char media_of_owner[] =
	"SELECT " COLUMNS
	" FROM media WHERE owner_id = $1 AND media_id > $2 ORDER BY media_id LIMIT $3";
static const char count_unused[] =
	"SELECT COUNT(*) FROM media WHERE owner_id = $1 AND used_for = 0";
static const char find_expired[] = "SELECT " COLUMNS
				   " FROM media WHERE used_for = 0 AND created_at_ms < $1 "
				   "ORDER BY created_at_ms LIMIT $2";
static const char use_media[] =
	"UPDATE media SET used_for = $3, post_id = $4, position = $5 WHERE owner_id = $1 AND media_id = $2";
static const char set_about[] = "UPDATE media SET about = $3 WHERE owner_id = $1 AND media_id = $2";
static const char delete_media[] = "DELETE FROM media WHERE owner_id = $1 AND media_id = $2";
static const char find_content[] = "SELECT owner_id FROM media WHERE content = $1 LIMIT 1";

static const char each_content[] = "SELECT DISTINCT content FROM media ORDER BY content";

static struct stmt *of_owner(struct conn *conn, const char *sql, person_id owner, int64_t second)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, owner.v);
	stmt_bind_i64(q, 2, second);
	return q;
}

err pictures_insert(struct conn *tx, const struct media *media)
{
	struct stmt *q = of_owner(tx, insert_media, media->owner, media->id.v);
	err e;
	stmt_bind_i64(q, 3, media->use);
	stmt_bind_i64(q, 4, media->post.v);
	stmt_bind_i64(q, 5, media->position);
	stmt_bind_bytes(q, 6, media->content, sizeof media->content);
	stmt_bind_i64(q, 7, media->width);
	stmt_bind_i64(q, 8, media->height);
	stmt_bind_text(q, 9, media->blurhash);
	stmt_bind_text(q, 10, media->about);
	stmt_bind_bytes(q, 11, media->pdq, sizeof media->pdq);
	stmt_bind_i64(q, 12, media->pdq_quality);
	stmt_bind_text(q, 13, media->qr);
	stmt_bind_i64(q, 14, media->created_at_ms);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_ref);
	stmt_bind_i64(q, 1, media->id.v);
	stmt_bind_i64(q, 2, media->owner.v);
	TRY(stmt_run(q));
out:
	return e;
}

static struct media read_media(struct stmt *q, struct arena *mem)
{
	struct media media = {
		.owner = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.use = (enum media_use)stmt_int(q, 2),
		.post = { stmt_i64(q, 3) },
		.position = stmt_int(q, 4),
		.width = stmt_int(q, 6),
		.height = stmt_int(q, 7),
		.blurhash = stmt_text(q, 8, mem),
		.about = stmt_text(q, 9, mem),
		.pdq_quality = stmt_int(q, 11),
		.qr = stmt_text(q, 12, mem),
		.created_at_ms = stmt_i64(q, 13),
	};
	stmt_bytes(q, 5, media.content, sizeof media.content);
	stmt_bytes(q, 10, media.pdq, sizeof media.pdq);
	return media;
}

static err read_all(struct stmt *q, struct arena *mem, struct media **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct media) = read_media(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err pictures_find(struct conn *conn, person_id owner, media_id id, struct arena *mem,
                  struct media *out)
{
	struct stmt *q = of_owner(conn, find_media, owner, id.v);
	err e = stmt_one(q, "no such picture");
	if (!failed(e))
		*out = read_media(q, mem);
	stmt_done(q);
	return e;
}

err pictures_owner(struct conn *conn, media_id id, person_id *out)
{
	struct stmt *q = driver_prepare(conn, find_owner);
	stmt_bind_i64(q, 1, id.v);
	return stmt_number(q, "no such picture", &out->v);
}

err pictures_of_post(struct conn *conn, person_id owner, post_id post, struct arena *mem,
                     struct media **out, size_t *n)
{
	struct stmt *q = of_owner(conn, media_of_a_post, owner, post.v);
	stmt_bind_i64(q, 3, MEDIA_MAX);
	return read_all(q, mem, out, n);
}

err pictures_of(struct conn *conn, person_id owner, media_id after, int limit, struct arena *mem,
                struct media **out, size_t *n)
{
	struct stmt *q = of_owner(conn, media_of_owner, owner, after.v);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, mem, out, n);
}

err pictures_count_unused(struct conn *conn, person_id owner, int *out)
{
	struct stmt *q = driver_prepare(conn, count_unused);
	int64_t count;
	stmt_bind_i64(q, 1, owner.v);
	err e = stmt_number(q, "no count", &count);
	if (!failed(e))
		*out = (int)count;
	return e;
}

err pictures_expired(struct conn *conn, int64_t before_ms, int limit, struct arena *mem,
                     struct media **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, find_expired);
	stmt_bind_i64(q, 1, before_ms);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, mem, out, n);
}

static err run_on_one(struct conn *tx, struct stmt *q)
{
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_missing("no such picture");
	return e;
}

err pictures_use_for(struct conn *tx, person_id owner, media_id id, enum media_use use,
                     post_id post, int position)
{
	struct stmt *q = of_owner(tx, use_media, owner, id.v);
	stmt_bind_i64(q, 3, use);
	stmt_bind_i64(q, 4, post.v);
	stmt_bind_i64(q, 5, position);
	return run_on_one(tx, q);
}

err pictures_set_about(struct conn *tx, person_id owner, media_id id, str about)
{
	struct stmt *q = of_owner(tx, set_about, owner, id.v);
	stmt_bind_text(q, 3, about);
	return run_on_one(tx, q);
}

err pictures_delete(struct conn *tx, person_id owner, media_id id)
{
	return TOMBSTONE_RUN(tx, of_owner(tx, delete_media, owner, id.v), TOMBSTONE_PICTURE,
	                     owner.v, id.v);
}

err pictures_each_content(struct conn *conn,
                          err (*each)(const unsigned char content[MEDIA_CONTENT_BYTES], void *ctx),
                          void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_content);
	unsigned char content[MEDIA_CONTENT_BYTES];
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		stmt_bytes(q, 0, content, sizeof content);
		TRY(each(content, ctx));
	}
out:
	stmt_done(q);
	return e;
}

err pictures_has_content(struct conn *conn, const unsigned char content[MEDIA_CONTENT_BYTES],
                         bool *out)
{
	struct stmt *q = driver_prepare(conn, find_content);
	int64_t owner;
	stmt_bind_bytes(q, 1, content, MEDIA_CONTENT_BYTES);
	err e = stmt_number(q, "nobody's", &owner);
	*out = !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}
