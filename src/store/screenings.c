/* Numbers that must come back bit for bit are kept as bytes, least first, since what a database makes of a double is its own. */
#include "store/screenings.h"

#include "model/post.h"
#include "store/driver.h"
#include "store/rows.h"

#include <math.h>
#include <string.h>

#define COLUMNS                                                                                    \
	"post_author_id, post_id, comment_id, revision, author_id, seq, as_of_seq, kind, "         \
	"at_ms, author_since_ms, author_friends, policy, model, action, scores, copies, "          \
	"readings, handle, filters, signature, pictures"

/* shingles, minima, bands */
#define SIGNATURE_BYTES (2 + SIGNATURE_MINIMA + 4 * SIGNATURE_BANDS)
#define SCORES 2
#define COPIES 3
#define DOUBLE_BYTES 8
/* What was read of them, then hash, quality and QR codes of each. */
#define PICTURE_READINGS 2
#define PICTURE_BYTES (32 + 2)
#define PICTURES_MAX_BYTES (PICTURE_READINGS * DOUBLE_BYTES + SHOWN_PICTURES * PICTURE_BYTES)

static const char insert_screening[] = "INSERT INTO screenings (" COLUMNS
				       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
				       "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
static const char next_revision[] =
	"SELECT COALESCE(MAX(revision) + 1, 0) FROM screenings "
	"WHERE post_author_id = $1 AND post_id = $2 AND comment_id = $3";
static const char find_latest[] = "SELECT " COLUMNS " FROM screenings WHERE post_author_id = $1 "
				  "AND post_id = $2 AND comment_id = $3 "
				  "ORDER BY revision DESC LIMIT 1";
/* A change that waits is judged when it is written. */
static const char later_that_show[] =
	"SELECT COUNT(*) FROM screenings s WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND revision > $4 AND NOT EXISTS (SELECT 1 FROM versions v WHERE "
	"v.post_author_id = s.post_author_id AND v.post_id = s.post_id "
	"AND v.comment_id = s.comment_id AND v.at_ms = s.at_ms AND v.measure_id <> 0 "
	"AND v.state <> $5)";
static const char last_seq[] = "SELECT COALESCE(MAX(seq), 0) FROM screenings";
static const char first_since[] = "SELECT COALESCE(MIN(seq), 0) FROM screenings WHERE at_ms > $1";
static const char screenings_between[] = "SELECT " COLUMNS " FROM screenings "
					 "WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";

static void put(uint8_t *to, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get(const uint8_t *from, size_t bytes)
{
	uint64_t v = 0;
	for (size_t i = 0; i < bytes; i++)
		v |= (uint64_t)from[i] << (8 * i);
	return v;
}

static void put_doubles(uint8_t *to, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;
		memcpy(&bits, &from[i], sizeof bits);
		put(to + i * DOUBLE_BYTES, bits, DOUBLE_BYTES);
	}
}

static void get_doubles(const uint8_t *from, double *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t bits = get(from + i * DOUBLE_BYTES, DOUBLE_BYTES);
		memcpy(&to[i], &bits, sizeof bits);
	}
}

static void put_signature(uint8_t *to, const struct signature *s)
{
	put(to, s->shingles, 2);
	memcpy(to + 2, s->minima, SIGNATURE_MINIMA);
	for (size_t i = 0; i < SIGNATURE_BANDS; i++)
		put(to + 2 + SIGNATURE_MINIMA + 4 * i, s->bands[i], 4);
}

static void get_signature(const uint8_t *from, struct signature *s)
{
	s->shingles = (uint16_t)get(from, 2);
	memcpy(s->minima, from + 2, SIGNATURE_MINIMA);
	for (size_t i = 0; i < SIGNATURE_BANDS; i++)
		s->bands[i] = (uint32_t)get(from + 2 + SIGNATURE_MINIMA + 4 * i, 4);
}

/* Of a piece without any: nothing at all. */
static size_t put_pictures(uint8_t to[PICTURES_MAX_BYTES], const struct screened *s)
{
	const struct observation *o = &s->observation;
	if (o->n_pictures == 0)
		return 0;
	put_doubles(
		to,
		(const double[]){ s->recollection.picture_authors, s->recollection.picture_bank },
		PICTURE_READINGS);
	uint8_t *at = to + PICTURE_READINGS * DOUBLE_BYTES;
	for (size_t i = 0; i < o->n_pictures; i++, at += PICTURE_BYTES) {
		memcpy(at, o->pictures[i].pdq, sizeof o->pictures[i].pdq);
		at[PICTURE_BYTES - 2] = o->pictures[i].quality;
		at[PICTURE_BYTES - 1] = o->pictures[i].qr;
	}
	return (size_t)(at - to);
}

static void get_pictures(str from, struct screened *s)
{
	struct observation *o = &s->observation;
	bool knew = s->as_of_seq >= 0 && o->author != 0;
	double two[PICTURE_READINGS] = { knew ? 0 : (double)NAN, 0 };
	const size_t head = PICTURE_READINGS * DOUBLE_BYTES;
	if (from.n >= head) {
		const uint8_t *at = (const uint8_t *)from.p;
		get_doubles(at, two, PICTURE_READINGS);
		at += head;
		for (size_t left = from.n - head;
		     left >= PICTURE_BYTES && o->n_pictures < SHOWN_PICTURES;
		     left -= PICTURE_BYTES, at += PICTURE_BYTES) {
			struct shown_picture *p = &o->pictures[o->n_pictures++];
			memcpy(p->pdq, at, sizeof p->pdq);
			p->quality = at[PICTURE_BYTES - 2];
			p->qr = at[PICTURE_BYTES - 1];
		}
	}
	s->recollection.picture_authors = two[0];
	s->recollection.picture_bank = two[1];
}

static struct stmt *of_piece(struct conn *conn, const char *sql, const struct status_ref *piece)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, piece->post_author.v);
	stmt_bind_i64(q, 2, piece->post.v);
	stmt_bind_i64(q, 3, piece->comment.v);
	return q;
}

static void bind_facts(struct stmt *q, const struct screened *s)
{
	stmt_bind_i64(q, 4, s->revision);
	stmt_bind_i64(q, 5, s->author.v);
	stmt_bind_i64(q, 6, s->observation.seq);
	stmt_bind_i64(q, 7, s->as_of_seq);
	stmt_bind_i64(q, 8, s->kind);
	stmt_bind_i64(q, 9, s->observation.at_ms);
	stmt_bind_i64(q, 10, s->author_since_ms);
	stmt_bind_i64(q, 11, s->author_friends);
	stmt_bind_text(q, 12, s->policy);
	stmt_bind_text(q, 13, s->model);
	stmt_bind_i64(q, 14, s->action);
	stmt_bind_i64(q, 18, (int64_t)s->observation.handle);
	stmt_bind_i64(q, 19, (int64_t)s->observation.filters);
}

err screenings_insert(struct conn *tx, const struct screened *s)
{
	uint8_t scores[SCORES * DOUBLE_BYTES], copies[COPIES * DOUBLE_BYTES],
		signature[SIGNATURE_BYTES], pictures[PICTURES_MAX_BYTES];
	struct arena *mem = arena_new(1024);
	uint8_t *readings = arena_alloc(mem, s->n_readings * DOUBLE_BYTES);
	struct stmt *q = of_piece(tx, insert_screening, &s->piece);
	err e;
	put_doubles(scores, (const double[]){ s->score, s->malice }, SCORES);
	put_doubles(copies,
	            (const double[]){ s->recollection.copy_authors, s->recollection.copy_depth,
	                              s->recollection.copy_first },
	            COPIES);
	put_doubles(readings, s->readings, s->n_readings);
	put_signature(signature, &s->observation.signature);
	bind_facts(q, s);
	stmt_bind_bytes(q, 15, scores, sizeof scores);
	stmt_bind_bytes(q, 16, copies, sizeof copies);
	stmt_bind_bytes(q, 17, readings, s->n_readings * DOUBLE_BYTES);
	stmt_bind_bytes(q, 20, signature, sizeof signature);
	stmt_bind_bytes(q, 21, pictures, put_pictures(pictures, s));
	e = stmt_run(q);
	arena_free(mem);
	return e;
}

static void read_numbers(struct stmt *q, struct arena *mem, struct screened *s)
{
	uint8_t scores[SCORES * DOUBLE_BYTES], copies[COPIES * DOUBLE_BYTES],
		signature[SIGNATURE_BYTES];
	double two[SCORES], three[COPIES];
	str readings = stmt_blob(q, 16, mem);
	double *list = ARENA_ARRAY(mem, readings.n / DOUBLE_BYTES, double);
	stmt_bytes(q, 14, scores, sizeof scores);
	stmt_bytes(q, 15, copies, sizeof copies);
	stmt_bytes(q, 19, signature, sizeof signature);
	get_doubles(scores, two, SCORES);
	get_doubles(copies, three, COPIES);
	s->score = two[0];
	s->malice = two[1];
	s->recollection.copy_authors = three[0];
	s->recollection.copy_depth = three[1];
	s->recollection.copy_first = three[2];
	s->n_readings = readings.n / DOUBLE_BYTES;
	get_doubles((const uint8_t *)readings.p, list, s->n_readings);
	s->readings = list;
	get_signature(signature, &s->observation.signature);
	get_pictures(stmt_blob(q, 20, mem), s);
}

static struct screened read_screening(struct stmt *q, struct arena *mem)
{
	struct screened s = {
		.piece = { { stmt_i64(q, 0) }, { stmt_i64(q, 1) }, { stmt_i64(q, 2) } },
		.revision = stmt_int(q, 3),
		.author = { stmt_i64(q, 4) },
		.as_of_seq = stmt_i64(q, 6),
		.kind = (enum facts_kind)stmt_int(q, 7),
		.author_since_ms = stmt_i64(q, 9),
		.author_friends = (uint32_t)stmt_i64(q, 10),
		.policy = stmt_text(q, 11, mem),
		.model = stmt_text(q, 12, mem),
		.action = (enum action)stmt_int(q, 13),
		.observation = { .seq = stmt_i64(q, 5),
		                 .at_ms = stmt_i64(q, 8),
		                 .author = (uint64_t)stmt_i64(q, 4),
		                 .handle = (uint64_t)stmt_i64(q, 17),
		                 .filters = (uint64_t)stmt_i64(q, 18) },
	};
	read_numbers(q, mem, &s);
	return s;
}

err screenings_next_revision(struct conn *conn, const struct status_ref *piece, int *revision)
{
	int64_t next = 0;
	err e = stmt_number(of_piece(conn, next_revision, piece), "no revision", &next);
	*revision = (int)next;
	return e;
}

err screenings_find(struct conn *conn, const struct status_ref *piece, struct arena *mem,
                    struct screened *out)
{
	struct stmt *q = of_piece(conn, find_latest, piece);
	err e = stmt_one(q, "it was never screened");
	if (!failed(e))
		*out = read_screening(q, mem);
	stmt_done(q);
	return e;
}

err screenings_still_shown(struct conn *conn, const struct screened *screened, bool *out)
{
	struct stmt *q = of_piece(conn, later_that_show, &screened->piece);
	int64_t later = 0;
	err e;
	stmt_bind_i64(q, 4, screened->revision);
	stmt_bind_i64(q, 5, VERSION_SHOWN);
	e = stmt_number(q, "no count", &later);
	*out = later == 0;
	return e;
}

err screenings_last_seq(struct conn *conn, int64_t *seq)
{
	return stmt_number(driver_prepare(conn, last_seq), "no number", seq);
}

err screenings_first_since(struct conn *conn, int64_t at_ms, int64_t *seq)
{
	struct stmt *q = driver_prepare(conn, first_since);
	stmt_bind_i64(q, 1, at_ms);
	return stmt_number(q, "no number", seq);
}

err screenings_after(struct conn *conn, int64_t seq, int span, struct arena *mem,
                     struct screened **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, screenings_between);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, seq);
	stmt_bind_i64(q, 2, seq + span);
	stmt_bind_i64(q, 3, span);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct screened) = read_screening(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}
