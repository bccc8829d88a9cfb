#include "circle/audit_verify.h"

#include "circle/audit_record.h"

#include "base/encode.h"

#include <string.h>

#include <sodium.h>

#define SCRATCH_BYTES 2048
#define ASK_EACH 4096 /* records between two questions whether to stop */

void audit_verifier_begin(struct audit_verifier *v, const struct audit_memory *memory,
                          const struct audit_root *roots, size_t n)
{
	*v = (struct audit_verifier){ .memory = memory, .roots = roots, .n_roots = n };
	v->fault.day = -1;
}

static bool fault_at(struct audit_verifier *v, const char *what, int64_t seq, int64_t day)
{
	v->fault = (struct audit_fault){ .what = what, .seq = seq, .day = day };
	return false;
}

static bool fault(struct audit_verifier *v, const char *what)
{
	return fault_at(v, what, v->edge.size + 1, -1);
}

/* ---- one record ---- */

static bool take_salts(struct audit_verifier *v, const struct audit_parts *parts,
                       const struct audit_step *step)
{
	for (size_t i = 0; i < step->n; i++) {
		const struct audit_salt *salt = &step->salts[i];
		if (salt->seq != parts->seq)
			return fault_at(v, "a salt of no record", salt->seq, -1);
		if (!audit_record_names(parts, salt))
			return fault(v, "a salt opens nothing in its record");
	}
	return true;
}

static bool take_row(struct audit_verifier *v, const struct audit_row *row)
{
	struct merkle_hash whole[MERKLE_LEVELS];
	struct merkle_hash leaf = merkle_leaf(row->record.p, row->record.n);
	struct merkle_hash head = audit_record_chain(&v->head, row->record);
	struct merkle_edge edge = v->edge;
	int n;
	if (!merkle_equal(&head, &row->hash))
		return fault(v, "a record that the chain does not hold");
	merkle_edge_add(&edge, &leaf, whole, &n);
	if (row->nodes.n != (size_t)n * MERKLE_BYTES ||
	    (n > 0 && memcmp(row->nodes.p, whole, row->nodes.n) != 0))
		return fault(v, "a node of the tree that is not its records'");
	v->head = head;
	v->edge = edge;
	return true;
}

static bool take_key(struct audit_verifier *v, const struct audit_parts *parts)
{
	if (!str_eq(parts->kind, S("log.key")))
		return true;
	if (!hex_to(audit_record_value(parts, S("key")), v->key, sizeof v->key))
		return fault_at(v, "a key that is none", parts->seq, -1);
	v->keys++;
	v->key_since = parts->seq;
	return true;
}

/* ---- roots ---- */

static bool number_is(const struct audit_parts *parts, str name, int64_t want)
{
	int64_t is;
	return str_to_i64(audit_record_value(parts, name), &is) && is == want;
}

static bool bytes_are(const struct audit_parts *parts, str name, const void *want, size_t n)
{
	unsigned char is[AUDIT_SIGNATURE_BYTES];
	return hex_to(audit_record_value(parts, name), is, n) && memcmp(is, want, n) == 0;
}

/* The record after those that a root is of tells of it; none else does. */
static bool take_told(struct audit_verifier *v, const struct audit_parts *parts)
{
	const struct audit_root *root = v->unwritten ? &v->roots[v->at_root - 1] : NULL;
	bool tells = str_eq(parts->kind, S("log.root"));
	if (!tells && !root)
		return true;
	if (!tells)
		return fault_at(v, "a root that the log does not tell of", parts->seq, root->day);
	if (!root)
		return fault(v, "a root that the log tells of is gone");
	if (!number_is(parts, S("day"), root->day) || !number_is(parts, S("size"), root->size) ||
	    !bytes_are(parts, S("root"), root->root, sizeof root->root) ||
	    !bytes_are(parts, S("signature"), root->signature, sizeof root->signature))
		return fault_at(v, "a root that is not the one the log tells of", parts->seq,
		                root->day);
	v->unwritten = false;
	return true;
}

static bool is_signed(const struct audit_verifier *v, const struct audit_root *root)
{
	struct arena *mem = arena_new(SCRATCH_BYTES);
	bool yes = v->keys > 0 && audit_root_signed(root, v->key, mem);
	arena_free(mem);
	return yes;
}

static bool take_root(struct audit_verifier *v)
{
	const struct audit_root *root = &v->roots[v->at_root];
	struct merkle_hash top;
	if (v->at_root == v->n_roots || root->size > v->edge.size)
		return true;
	if (root->size < v->edge.size) /* 0 or less, or two of one size */
		return fault_at(v, "a root of a size that it cannot have", v->edge.size, root->day);
	top = merkle_edge_root(&v->edge);
	if (memcmp(top.b, root->root, sizeof root->root) != 0)
		return fault_at(v, "a root that is not its records'", v->edge.size, root->day);
	if (memcmp(v->head.b, root->head, sizeof root->head) != 0)
		return fault_at(v, "a root whose head is not the chain's", v->edge.size, root->day);
	if (!is_signed(v, root))
		return fault_at(v, "a root that is not signed with the log's key", v->edge.size,
		                root->day);
	v->at_root++;
	v->unwritten = true;
	return true;
}

static void remember(struct audit_verifier *v)
{
	struct merkle_hash top;
	if (!v->memory->root || v->remembered ||
	    (v->memory->size != 0 && v->memory->size != v->edge.size))
		return;
	top = merkle_edge_root(&v->edge);
	v->remembered = merkle_equal(&top, v->memory->root);
}

/* ---- the pass ---- */

bool audit_verifier_take(struct audit_verifier *v, const struct audit_step *step)
{
	struct audit_parts parts;
	const struct audit_row *row = step->row;
	if (v->fault.what)
		return false;
	if (!row)
		return fault_at(v, "a salt of no record", step->salts[0].seq, -1);
	if (row->seq != v->edge.size + 1)
		return fault(v, row->seq <= v->edge.size ? "a record is there twice"
		                                         : "a record is missing");
	if (!audit_record_read(row->record, &parts) || parts.seq != row->seq ||
	    parts.at_ms != row->at_ms || !str_eq(parts.kind, row->kind))
		return fault(v, "a record that is not what its row says");
	if (!take_salts(v, &parts, step) || !take_row(v, row) || !take_key(v, &parts) ||
	    !take_told(v, &parts) || !take_root(v))
		return false;
	remember(v);
	return !v->memory->root || v->remembered || v->memory->size != v->edge.size
	               ? true
	               : fault_at(v, "the root that is remembered is another", v->edge.size, -1);
}

bool audit_verifier_end(struct audit_verifier *v)
{
	const struct audit_memory *memory = v->memory;
	if (v->fault.what)
		return false;
	if (v->at_root < v->n_roots)
		return fault_at(v, "records under a root are missing", v->edge.size + 1,
		                v->roots[v->at_root].day);
	if (v->unwritten)
		return fault_at(v, "a root that the log does not tell of", v->edge.size + 1,
		                v->roots[v->at_root - 1].day);
	if (v->n_roots == 0)
		return fault_at(v, "the log has no root", 0, -1);
	if (memory->key && memcmp(v->key, memory->key, sizeof v->key) != 0)
		return fault_at(v, "the log's key is another", v->key_since, -1);
	if (memory->root && !v->remembered)
		return fault_at(v, "no beginning of the log has the root that is remembered", 0,
		                -1);
	return true;
}

struct pass {
	struct audit_verifier *v;
	bool (*stopped)(void *ctx);
	void *ctx;
};

#define WHY_FAULT "a fault, which ends the pass"

static err take(void *ctx, const struct audit_step *step)
{
	const struct pass *p = ctx;
	if (p->stopped && p->v->edge.size % ASK_EACH == 0 && p->stopped(p->ctx))
		return err_busy("stopped");
	return audit_verifier_take(p->v, step) ? OK : err_conflict(NULL, WHY_FAULT);
}

static err pass(struct pass *p, struct conn *conn)
{
	/* From the very beginning: something may have been put in before the first. */
	int64_t from = p->v->edge.size > 0 ? p->v->edge.size + 1 : INT64_MIN;
	err e = audits_each(conn, from, take, p);
	if (e.code == ERR_CONFLICT && p->v->fault.what)
		return OK;
	if (!failed(e))
		(void)audit_verifier_end(p->v);
	return e;
}

err audit_verify_on(struct audit_verifier *v, struct conn *conn)
{
	struct pass p = { .v = v };
	return pass(&p, conn);
}

/* ---- all of it ---- */

struct root_list {
	struct arena *mem;
	struct audit_root *all;
	size_t n, cap;
};

static err add_root(void *ctx, const struct audit_root *root)
{
	struct root_list *list = ctx;
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 64;
		list->all = arena_grow(list->mem, list->all, list->cap * sizeof *list->all,
		                       cap * sizeof *list->all);
		list->cap = cap;
	}
	list->all[list->n++] = *root;
	return OK;
}

err audit_verify(struct conn *conn, const struct audit_memory *memory, bool (*stopped)(void *ctx),
                 void *ctx, struct audit_verified *out)
{
	struct root_list list = { .mem = arena_new((size_t)16 << 10) };
	struct audit_verifier v;
	struct pass p = { .v = &v, .stopped = stopped, .ctx = ctx };
	err e;
	TRY(audit_roots_each(conn, add_root, &list));
	audit_verifier_begin(&v, memory, list.all, list.n);
	TRY(pass(&p, conn));
	*out = (struct audit_verified){ .fault = v.fault,
		                        .records = v.edge.size,
		                        .roots = (int64_t)v.at_root,
		                        .keys = v.keys,
		                        .key_since = v.key_since,
		                        .remembered = v.remembered };
	if (v.at_root > 0)
		out->last = list.all[v.at_root - 1];
out:
	arena_free(list.mem);
	return e;
}
