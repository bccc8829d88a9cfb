#include "circle/audit_rewrite_testing.h"

#include "circle/audit_record.h"
#include "store/audits_testing.h"

#include "base/encode.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/* Puts `value`, as long as what stands there, behind "name=" at the beginning of a line. */
static void put(char *record, size_t n, const char *name, str value)
{
	str line = { record, n }, key = str_of(name);
	size_t at = str_find(line, key);
	assert(at != SIZE_MAX && at + key.n + value.n < n);
	memcpy(record + at + key.n, value.p, value.n);
}

static str anew(struct audit_rewriting *w, const struct audit_row *row)
{
	struct arena *mem = w->mem;
	char *record = arena_copy(mem, row->record.p, row->record.n);
	unsigned char blind[16];
	if (str_eq(row->kind, S("log.root"))) {
		put(record, row->record.n,
		    "\nroot=", hex_of(mem, w->root.root, sizeof w->root.root));
		put(record, row->record.n,
		    "\nsignature=", hex_of(mem, w->root.signature, sizeof w->root.signature));
	}
	if (str_eq(row->kind, S("log.key")) && w->key)
		put(record, row->record.n, "\nkey=", hex_of(mem, w->key, AUDIT_KEY_BYTES));
	if (!w->changed || w->fork) {
		chance_fill(chance_seeded(w->seed), blind, sizeof blind);
		put(record, row->record.n, "\nblind=", hex_of(mem, blind, sizeof blind));
	}
	w->changed = true;
	return (str){ record, row->record.n };
}

static err root_anew(struct audit_rewriting *w)
{
	struct audit_root *root = &w->root;
	struct merkle_hash top = merkle_edge_root(&w->v.edge);
	err e;
	*root = w->roots[w->v.at_root++];
	memcpy(root->root, top.b, sizeof root->root);
	memcpy(root->head, w->v.head.b, sizeof root->head);
	str text = audit_root_text(root, w->mem);
	crypto_sign_detached(root->signature, NULL, (const unsigned char *)text.p, text.n,
	                     w->secret);
	TRY(tamper_delete_root(w->tx, root->day));
	TRY(audit_roots_insert(w->tx, root));
out:
	return e;
}

static err record_anew(void *ctx, const struct audit_step *step)
{
	struct audit_rewriting *w = ctx;
	struct merkle_hash whole[MERKLE_LEVELS], leaf;
	struct arena_mark mark = arena_mark(w->mem);
	struct audit_row row = *step->row;
	int n;
	err e;
	row.record = anew(w, step->row);
	leaf = merkle_leaf(row.record.p, row.record.n);
	row.hash = audit_record_chain(&w->v.head, row.record);
	merkle_edge_add(&w->v.edge, &leaf, whole, &n);
	row.nodes = (str){ (const char *)whole, (size_t)n * MERKLE_BYTES };
	w->v.head = row.hash;
	TRY(tamper_rewrite(w->tx, &row));
	if (w->v.at_root < w->n_roots && w->roots[w->v.at_root].size == w->v.edge.size)
		TRY(root_anew(w));
out:
	arena_rewind(w->mem, mark);
	return e;
}

static err stop_there(void *ctx, const struct audit_step *step)
{
	struct audit_rewriting *w = ctx;
	if (step->row->seq == w->from)
		return err_busy("there");
	return audit_verifier_take(&w->v, step) ? OK : err_system(w->v.fault.what);
}

err audit_rewrite(struct audit_rewriting *w, struct conn *tx)
{
	err e;
	w->tx = tx;
	e = audits_each(tx, w->v.edge.size + 1, stop_there, w);
	if (e.code != ERR_BUSY)
		TRY(e);
	if (w->v.unwritten)
		w->root = w->roots[w->v.at_root - 1];
	TRY(audits_each(tx, w->from, record_anew, w));
out:
	return e;
}
