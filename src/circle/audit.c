/* The end of the log is read from its last row, inside the transaction, each time: a job that is rolled back leaves nothing behind. */
#include "circle/audit.h"

#include "circle/audit_record.h"
#include "store/audits.h"

/* The subtrees that record `seq` makes whole: each is its left half, kept with an earlier record, and its right, made just now. */
static err complete(struct conn *tx, int64_t seq, struct merkle_hash top,
                    struct merkle_hash whole[MERKLE_LEVELS], int *n)
{
	int64_t place = seq - 1;
	err e = OK;
	for (*n = 0; place & 1; place >>= 1) {
		struct merkle_hash left;
		TRY(audits_node(tx, *n, place - 1, &left));
		top = merkle_node(&left, &top);
		whole[(*n)++] = top;
	}
out:
	return e;
}

static err insert_salts(struct conn *tx, const struct audit_draft *draft)
{
	err e = OK;
	for (size_t i = 0; i < draft->n_salts; i++)
		TRY(audit_salts_insert(tx, &draft->salts[i]));
out:
	return e;
}

err audit_append(struct circle *c, struct conn *tx, const struct audit_entry *entry, int64_t now_ms,
                 int64_t *seq)
{
	struct arena *mem = arena_new(4096);
	struct merkle_hash whole[MERKLE_LEVELS];
	struct audit_row last, row = { .at_ms = now_ms, .kind = str_of(entry->kind) };
	struct audit_draft draft;
	int n;
	err e;
	TRY(audits_last(tx, mem, &last));
	row.seq = last.seq + 1;
	TRY(audit_record_write(entry, row.seq, now_ms, c->chance, mem, &draft));
	row.record = draft.record;
	row.hash = audit_record_chain(&last.hash, row.record);
	TRY(complete(tx, row.seq, merkle_leaf(row.record.p, row.record.n), whole, &n));
	row.nodes = (str){ (const char *)whole, (size_t)n * MERKLE_BYTES };
	TRY(audits_insert(tx, &row));
	TRY(insert_salts(tx, &draft));
	if (seq)
		*seq = row.seq;
out:
	arena_free(mem);
	return e;
}
