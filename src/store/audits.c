#include "store/audits.h"

#include "model/person.h"
#include "store/driver.h"
#include "store/rows.h"

#define ROW "seq, at_ms, kind, record, hash, nodes"
#define SALT "person_id, seq, concerned, salt"
#define ROOT "day, size, root, head, signature, at_ms"

static const char insert_row[] = "INSERT INTO audit (" ROW ") VALUES ($1, $2, $3, $4, $5, $6)";
static const char last_row[] = "SELECT " ROW " FROM audit ORDER BY seq DESC LIMIT 1";
static const char find_row[] = "SELECT " ROW " FROM audit WHERE seq = $1";
static const char each_row[] = "SELECT " ROW " FROM audit WHERE seq >= $1 ORDER BY seq";
static const char last_key[] = "SELECT " ROW " FROM audit WHERE kind = 'log.key' "
			       "AND seq <= $1 ORDER BY seq DESC LIMIT 1";
static const char find_record[] = "SELECT record FROM audit WHERE seq = $1";
static const char find_node[] = "SELECT substr(nodes, $2, 32) FROM audit "
				"WHERE seq = $1 AND length(nodes) >= $2 + 31";
_Static_assert(MERKLE_BYTES == 32, "the bytes in find_node");

/* What is written about somebody after they were erased (a measure that lapses) opens to nobody. */
static const char insert_salt[] =
	"INSERT INTO audit_salts (" SALT ") SELECT $1, $2, $3, $4 "
	"WHERE NOT EXISTS (SELECT 1 FROM people WHERE person_id = $1 AND status = 2)";
_Static_assert(PERSON_ERASED == 2, "the status in insert_salt");
static const char salts_of_person[] =
	"SELECT " SALT " FROM audit_salts WHERE person_id = $1 AND seq > $2 AND concerned = 1 "
	"ORDER BY seq LIMIT $3";
static const char salts_of_record[] =
	"SELECT " SALT " FROM audit_salts WHERE seq = $1 ORDER BY person_id LIMIT 64";
static const char each_salt[] = "SELECT " SALT
				" FROM audit_salts WHERE seq >= $1 ORDER BY seq, person_id";

static const char insert_root[] = "INSERT INTO audit_roots (" ROOT ") "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
static const char find_root[] = "SELECT " ROOT " FROM audit_roots WHERE day = $1";
/* A day that a wrong clock told may lie between: the size alone says which is later. */
static const char root_before[] = "SELECT " ROOT " FROM audit_roots WHERE size > 0 AND at_ms < $1 "
				  "ORDER BY size DESC LIMIT 1";
static const char first_root[] = "SELECT " ROOT " FROM audit_roots ORDER BY size LIMIT 1";
static const char root_over[] = "SELECT " ROOT " FROM audit_roots WHERE size >= $1 "
				"ORDER BY size LIMIT 1";
static const char roots_until[] = "SELECT " ROOT " FROM audit_roots WHERE day < $1 "
				  "ORDER BY day DESC LIMIT $2";
static const char each_root[] = "SELECT " ROOT " FROM audit_roots ORDER BY size";

static struct stmt *of_number(struct conn *conn, const char *sql, int64_t v)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, v);
	return q;
}

/* ---- records ---- */

err audits_insert(struct conn *tx, const struct audit_row *row)
{
	struct stmt *q = of_number(tx, insert_row, row->seq);
	stmt_bind_i64(q, 2, row->at_ms);
	stmt_bind_text(q, 3, row->kind);
	stmt_bind_text(q, 4, row->record);
	stmt_bind_bytes(q, 5, row->hash.b, MERKLE_BYTES);
	stmt_bind_bytes(q, 6, row->nodes.n > 0 ? row->nodes.p : "", row->nodes.n);
	return stmt_run(q);
}

static struct audit_row read_row(struct stmt *q, struct arena *mem)
{
	struct audit_row row = { .seq = stmt_i64(q, 0),
		                 .at_ms = stmt_i64(q, 1),
		                 .kind = stmt_text(q, 2, mem),
		                 .record = stmt_text(q, 3, mem),
		                 .nodes = stmt_blob(q, 5, mem) };
	stmt_bytes(q, 4, row.hash.b, MERKLE_BYTES);
	return row;
}

static err one_row(struct stmt *q, struct arena *mem, struct audit_row *out)
{
	err e = stmt_one(q, "no such record");
	if (!failed(e))
		*out = read_row(q, mem);
	stmt_done(q);
	return e;
}

err audits_last(struct conn *conn, struct arena *mem, struct audit_row *out)
{
	err e = one_row(driver_prepare(conn, last_row), mem, out);
	if (e.code != ERR_MISSING)
		return e;
	*out = (struct audit_row){ 0 };
	return OK;
}

err audits_find(struct conn *conn, int64_t seq, struct arena *mem, struct audit_row *out)
{
	return one_row(of_number(conn, find_row, seq), mem, out);
}

err audits_key(struct conn *conn, int64_t size, struct arena *mem, struct audit_row *out)
{
	return one_row(of_number(conn, last_key, size), mem, out);
}

static err leaf_of(struct conn *conn, int64_t place, struct merkle_hash *out)
{
	struct stmt *q = of_number(conn, find_record, place + 1);
	err e = stmt_one(q, "no such record");
	if (!failed(e)) {
		str record = stmt_text_borrowed(q, 0);
		*out = merkle_leaf(record.p, record.n);
	}
	stmt_done(q);
	return e;
}

err audits_node(void *ctx, int level, int64_t place, struct merkle_hash *out)
{
	struct stmt *q;
	err e;
	if (level == 0)
		return leaf_of(ctx, place, out);
	q = of_number(ctx, find_node, (place + 1) << level);
	stmt_bind_i64(q, 2, (int64_t)(level - 1) * MERKLE_BYTES + 1);
	e = stmt_one(q, "a node of the log's tree is not there");
	if (!failed(e))
		stmt_bytes(q, 0, out->b, MERKLE_BYTES);
	stmt_done(q);
	return e;
}

/* ---- salts ---- */

err audit_salts_insert(struct conn *tx, const struct audit_salt *salt)
{
	struct stmt *q = of_number(tx, insert_salt, salt->person.v);
	stmt_bind_i64(q, 2, salt->seq);
	stmt_bind_i64(q, 3, salt->concerned);
	stmt_bind_bytes(q, 4, salt->salt, sizeof salt->salt);
	return stmt_run(q);
}

static struct audit_salt read_salt(struct stmt *q)
{
	struct audit_salt salt = { .person = { stmt_i64(q, 0) },
		                   .seq = stmt_i64(q, 1),
		                   .concerned = stmt_i64(q, 2) == 1 };
	stmt_bytes(q, 3, salt.salt, sizeof salt.salt);
	return salt;
}

static err read_salts(struct stmt *q, struct arena *mem, struct audit_salt **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct audit_salt) = read_salt(q);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err audit_salts_of(struct conn *conn, person_id person, int64_t after, int limit, struct arena *mem,
                   struct audit_salt **out, size_t *n)
{
	struct stmt *q = of_number(conn, salts_of_person, person.v);
	stmt_bind_i64(q, 2, after);
	stmt_bind_i64(q, 3, limit);
	return read_salts(q, mem, out, n);
}

err audit_salts_in(struct conn *conn, int64_t seq, struct arena *mem, struct audit_salt **out,
                   size_t *n)
{
	return read_salts(of_number(conn, salts_of_record, seq), mem, out, n);
}

/* ---- both, side by side ---- */

struct walk {
	struct stmt *rows, *salts;
	struct audit_salt next; /* read ahead */
	bool more;
	struct arena *mem;
};

static err read_ahead(struct walk *w)
{
	err e = stmt_step(w->salts, &w->more);
	if (!failed(e) && w->more)
		w->next = read_salt(w->salts);
	return e;
}

/* Those of records up to `seq`. */
static err salts_up_to(struct walk *w, int64_t seq, struct audit_step *step)
{
	struct rows found = { 0 };
	err e = OK;
	while (w->more && w->next.seq <= seq) {
		*ROWS_NEXT(&found, w->mem, struct audit_salt) = w->next;
		TRY(read_ahead(w));
	}
	step->salts = found.p;
	step->n = found.n;
out:
	return e;
}

err audits_each(struct conn *conn, int64_t from,
                err (*each)(void *ctx, const struct audit_step *step), void *ctx)
{
	struct walk w = { .rows = of_number(conn, each_row, from),
		          .salts = of_number(conn, each_salt, from),
		          .mem = arena_new((size_t)16 << 10) };
	struct audit_step step;
	struct audit_row row;
	bool more;
	err e;
	TRY(read_ahead(&w));
	for (;;) {
		step = (struct audit_step){ 0 };
		TRY(stmt_step(w.rows, &more));
		if (!more)
			break;
		arena_reset(w.mem);
		row = read_row(w.rows, w.mem);
		step.row = &row;
		TRY(salts_up_to(&w, row.seq, &step));
		TRY(each(ctx, &step));
	}
	if (w.more) {
		TRY(salts_up_to(&w, w.next.seq, &step));
		TRY(each(ctx, &step));
	}
out:
	stmt_done(w.rows);
	stmt_done(w.salts);
	arena_free(w.mem);
	return e;
}

/* ---- roots ---- */

err audit_roots_insert(struct conn *tx, const struct audit_root *root)
{
	struct stmt *q = of_number(tx, insert_root, root->day);
	stmt_bind_i64(q, 2, root->size);
	stmt_bind_bytes(q, 3, root->root, MERKLE_BYTES);
	stmt_bind_bytes(q, 4, root->head, MERKLE_BYTES);
	stmt_bind_bytes(q, 5, root->signature, sizeof root->signature);
	stmt_bind_i64(q, 6, root->at_ms);
	return stmt_run(q);
}

static struct audit_root read_root(struct stmt *q)
{
	struct audit_root root = { .day = stmt_i64(q, 0),
		                   .size = stmt_i64(q, 1),
		                   .at_ms = stmt_i64(q, 5) };
	stmt_bytes(q, 2, root.root, MERKLE_BYTES);
	stmt_bytes(q, 3, root.head, MERKLE_BYTES);
	stmt_bytes(q, 4, root.signature, sizeof root.signature);
	return root;
}

static err one_root(struct stmt *q, struct audit_root *out)
{
	err e = stmt_one(q, "no such root");
	if (!failed(e))
		*out = read_root(q);
	stmt_done(q);
	return e;
}

err audit_roots_find(struct conn *conn, int64_t day, struct audit_root *out)
{
	return one_root(of_number(conn, find_root, day), out);
}

err audit_roots_before(struct conn *conn, int64_t at_ms, struct audit_root *out)
{
	return one_root(of_number(conn, root_before, at_ms), out);
}

err audit_roots_first(struct conn *conn, struct audit_root *out)
{
	return one_root(driver_prepare(conn, first_root), out);
}

err audit_roots_over(struct conn *conn, int64_t size, struct audit_root *out)
{
	return one_root(of_number(conn, root_over, size), out);
}

err audit_roots_list(struct conn *conn, int64_t before, int limit, struct arena *mem,
                     struct audit_root **out, size_t *n)
{
	struct stmt *q = of_number(conn, roots_until, before);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct audit_root) = read_root(q);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err audit_roots_each(struct conn *conn, err (*each)(void *ctx, const struct audit_root *root),
                     void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_root);
	bool more;
	err e;
	for (;;) {
		TRY(stmt_step(q, &more));
		if (!more)
			break;
		struct audit_root root = read_root(q);
		TRY(each(ctx, &root));
	}
out:
	stmt_done(q);
	return e;
}
