#include "store/audits_testing.h"

#include "store/driver.h"

/* $1 the key, $2 the value, $3 the person. */
static const struct {
	const char *sql;
	bool number;
} columns[TAMPER_COLUMNS] = {
	[TAMPER_AT_MS] = { "UPDATE audit SET at_ms = $2 WHERE seq = $1", true },
	[TAMPER_KIND] = { "UPDATE audit SET kind = $2 WHERE seq = $1", false },
	[TAMPER_RECORD] = { "UPDATE audit SET record = $2 WHERE seq = $1", false },
	[TAMPER_HASH] = { "UPDATE audit SET hash = $2 WHERE seq = $1", false },
	[TAMPER_NODES] = { "UPDATE audit SET nodes = $2 WHERE seq = $1", false },
	[TAMPER_SALT_PERSON] = { "UPDATE audit_salts SET person_id = $2 WHERE seq = $1 AND person_id = $3",
	                         true },
	[TAMPER_SALT_SEQ] = { "UPDATE audit_salts SET seq = $2 WHERE seq = $1 AND person_id = $3",
	                      true },
	[TAMPER_SALT_CONCERNED] = { "UPDATE audit_salts SET concerned = $2 WHERE seq = $1 AND person_id = $3",
	                            true },
	[TAMPER_SALT] = { "UPDATE audit_salts SET salt = $2 WHERE seq = $1 AND person_id = $3",
	                  false },
	[TAMPER_DAY] = { "UPDATE audit_roots SET day = $2 WHERE day = $1", true },
	[TAMPER_SIZE] = { "UPDATE audit_roots SET size = $2 WHERE day = $1", true },
	[TAMPER_ROOT] = { "UPDATE audit_roots SET root = $2 WHERE day = $1", false },
	[TAMPER_HEAD] = { "UPDATE audit_roots SET head = $2 WHERE day = $1", false },
	[TAMPER_SIGNATURE] = { "UPDATE audit_roots SET signature = $2 WHERE day = $1", false },
	[TAMPER_ROOT_AT_MS] = { "UPDATE audit_roots SET at_ms = $2 WHERE day = $1", true },
};
static const char renumber[] = "UPDATE audit SET seq = $2 WHERE seq = $1";
static const char delete_row[] = "DELETE FROM audit WHERE seq = $1";
static const char delete_root[] = "DELETE FROM audit_roots WHERE day = $1";
static const char cut_rows[] = "DELETE FROM audit WHERE seq > $1";
static const char cut_salts[] = "DELETE FROM audit_salts WHERE seq > $1";
static const char cut_roots[] = "DELETE FROM audit_roots WHERE size > $1";
static const char rewrite[] = "UPDATE audit SET record = $2, hash = $3, nodes = $4 WHERE seq = $1";

bool tamper_is_number(enum tampered_column column) { return columns[column].number; }

static struct stmt *of(struct conn *tx, const char *sql, int64_t key)
{
	struct stmt *q = driver_prepare(tx, sql);
	stmt_bind_i64(q, 1, key);
	return q;
}

static void bind_bytes(struct stmt *q, int n, str bytes)
{
	stmt_bind_bytes(q, n, bytes.n > 0 ? bytes.p : "", bytes.n);
}

err tamper_set(struct conn *tx, const struct tampered *value)
{
	struct stmt *q = of(tx, columns[value->column].sql, value->key);
	if (columns[value->column].number)
		stmt_bind_i64(q, 2, value->number);
	else if (value->column == TAMPER_KIND || value->column == TAMPER_RECORD)
		stmt_bind_text(q, 2, value->bytes);
	else
		bind_bytes(q, 2, value->bytes);
	if (value->column >= TAMPER_SALT_PERSON && value->column <= TAMPER_SALT)
		stmt_bind_i64(q, 3, value->person.v);
	return stmt_run(q);
}

err tamper_renumber(struct conn *tx, int64_t from, int64_t to)
{
	struct stmt *q = of(tx, renumber, from);
	stmt_bind_i64(q, 2, to);
	return stmt_run(q);
}

/* In the order in which the next place is always free. */
err tamper_shift(struct conn *tx, int64_t from, int64_t last, int64_t by)
{
	err e = OK;
	for (int64_t i = 0; i <= last - from; i++) {
		int64_t seq = by < 0 ? from + i : last - i;
		TRY(tamper_renumber(tx, seq, seq + by));
	}
out:
	return e;
}

err tamper_delete(struct conn *tx, int64_t seq) { return stmt_run(of(tx, delete_row, seq)); }

err tamper_delete_root(struct conn *tx, int64_t day) { return stmt_run(of(tx, delete_root, day)); }

err tamper_cut(struct conn *tx, int64_t seq, bool roots)
{
	err e;
	TRY(stmt_run(of(tx, cut_rows, seq)));
	TRY(stmt_run(of(tx, cut_salts, seq)));
	if (roots)
		TRY(stmt_run(of(tx, cut_roots, seq)));
out:
	return e;
}

err tamper_rewrite(struct conn *tx, const struct audit_row *row)
{
	struct stmt *q = of(tx, rewrite, row->seq);
	stmt_bind_text(q, 2, row->record);
	stmt_bind_bytes(q, 3, row->hash.b, MERKLE_BYTES);
	bind_bytes(q, 4, row->nodes);
	return stmt_run(q);
}
