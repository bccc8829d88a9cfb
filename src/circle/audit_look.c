#include "circle/audit_look.h"

#include "store/appeals.h"
#include "store/audits.h"
#include "store/measures.h"

#include "base/encode.h"
#include "base/leak.h"

#include <inttypes.h>
#include <string.h>

#define RECEIPTS_MAX 1000 /* at once */
#define SALTS_AT_ONCE 256
#define APPEALS_EACH 2 /* one, and one more on new facts */

err audit_roots(struct circle *c, int64_t before, int limit, struct arena *mem,
                struct audit_root **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = audit_roots_list(conn, before, limit, mem, out, n);
out:
	store_read_end(c->store, &conn);
	return e;
}

err audit_consistency(struct circle *c, int64_t from, int64_t to, struct audit_link *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(audit_roots_find(conn, from, &out->from));
	TRY(audit_roots_find(conn, to, &out->to));
	if (out->from.size > out->to.size)
		TRY(err_input("to", "The root of this day is over fewer records."));
	const struct merkle_source source = { conn, audits_node };
	TRY(merkle_consistency(&source, out->from.size, out->to.size, &out->proof));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* ---- receipts ---- */

struct looking {
	struct conn *conn;
	person_id me;
	measure_id measure; /* 0: all */
	struct arena *mem;
	int64_t known_of; /* the measure whose words these are; 0: none yet */
	str known[1 + 2 * APPEALS_EACH];
	size_t n_known;
	struct audit_receipt *all;
	size_t n, cap;
};

/* Of which measure a record is; 0: of none. */
static int64_t measure_of(str record)
{
	struct audit_parts parts;
	int64_t id = 0;
	if (!audit_record_read(record, &parts) ||
	    !str_to_i64(audit_record_value(&parts, S("measure")), &id))
		return 0;
	return id;
}

/* What is hidden is tried with what the person may read: their own id, the note on the measure, what was said in its appeals. */
static err read_known(struct looking *l, int64_t id)
{
	struct measure m;
	struct appeal appeal;
	err e;
	l->known_of = id;
	l->n_known = 0;
	e = measures_find(l->conn, (measure_id){ id }, l->mem, &m);
	if (e.code == ERR_MISSING)
		return OK; /* a restore took it back: the log remembers */
	TRY(e);
	if (m.subject.v != l->me.v)
		return OK;
	l->known[l->n_known++] = m.decision_note;
	for (int nth = 1; nth <= APPEALS_EACH; nth++) {
		e = appeals_of_measure(l->conn, m.id, nth, l->mem, &appeal);
		if (e.code == ERR_MISSING)
			return OK;
		TRY(e);
		l->known[l->n_known++] = appeal.words;
		l->known[l->n_known++] = appeal.note;
	}
out:
	return e;
}

static err open_lines(struct looking *l, int64_t id, struct audit_receipt *receipt)
{
	err e = OK;
	if (l->known_of != id)
		TRY(read_known(l, id));
	audit_receipt_open(receipt, str_format(l->mem, "%" PRId64, l->me.v));
	for (size_t i = 0; i < l->n_known; i++)
		audit_receipt_open(receipt, l->known[i]);
out:
	return e;
}

static err prove(struct looking *l, int64_t seq, struct audit_receipt *receipt)
{
	const struct merkle_source source = { l->conn, audits_node };
	struct audit_parts parts;
	struct audit_row key;
	err e;
	TRY(merkle_inclusion(&source, seq - 1, receipt->root.size, &receipt->path));
	TRY(audits_key(l->conn, receipt->root.size, l->mem, &key));
	if (!audit_record_read(key.record, &parts) ||
	    !hex_to(audit_record_value(&parts, S("key")), receipt->key, sizeof receipt->key))
		e = err_system("the log's key cannot be read in it");
out:
	return e;
}

static struct audit_receipt *next_receipt(struct looking *l)
{
	const size_t one = sizeof(struct audit_receipt);
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 8;
		l->all = arena_grow(l->mem, l->all, l->cap * one, cap * one);
		l->cap = cap;
	}
	l->all[l->n] = (struct audit_receipt){ 0 };
	return &l->all[l->n];
}

/* `*over`: no root is over it yet, nor over what follows. */
static err add_one(struct looking *l, const struct audit_salt *salt, bool *over)
{
	struct audit_receipt *receipt = next_receipt(l);
	struct audit_row row;
	int64_t id;
	err e = audit_roots_over(l->conn, salt->seq, &receipt->root);
	*over = e.code == ERR_MISSING;
	if (*over)
		return OK;
	TRY(e);
	TRY(audits_find(l->conn, salt->seq, l->mem, &row));
	id = measure_of(row.record);
	if (id == 0 || (l->measure.v != 0 && id != l->measure.v))
		return OK;
	receipt->record = row.record;
	memcpy(receipt->salt, salt->salt, sizeof receipt->salt);
	TRY(prove(l, salt->seq, receipt));
	TRY(open_lines(l, id, receipt));
	l->n++;
out:
	return e;
}

static err add_all(struct looking *l)
{
	struct audit_salt *salts;
	int64_t after = 0;
	bool over = false;
	size_t n;
	err e;
	do {
		TRY(audit_salts_of(l->conn, l->me, after, SALTS_AT_ONCE, l->mem, &salts, &n));
		for (size_t i = 0; i < n && !over && l->n < RECEIPTS_MAX; i++)
			TRY(add_one(l, &salts[i], &over));
		after = n > 0 ? salts[n - 1].seq : after;
	} while (n == SALTS_AT_ONCE && !over && l->n < RECEIPTS_MAX);
out:
	return e;
}

/* A measure of somebody else is none that is here. */
static err check_mine(struct looking *l)
{
	struct measure m;
	err e;
	if (l->measure.v == 0)
		return OK;
	TRY(measures_find(l->conn, l->measure, l->mem, &m));
	if (m.subject.v != l->me.v && !LEAK("receipt.others"))
		e = err_missing("somebody else's measure");
out:
	return e;
}

err audit_receipts_in(struct conn *conn, person_id me, measure_id measure, struct arena *mem,
                      struct audit_receipt **out, size_t *n)
{
	struct looking l = { .conn = conn, .me = me, .measure = measure, .mem = mem };
	err e;
	TRY(check_mine(&l));
	TRY(add_all(&l));
	*out = l.all;
	*n = l.n;
out:
	return e;
}

err audit_receipts(struct circle *c, person_id me, measure_id measure, struct arena *mem,
                   struct audit_receipt **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = audit_receipts_in(conn, me, measure, mem, out, n);
out:
	store_read_end(c->store, &conn);
	return e;
}
