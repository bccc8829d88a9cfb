#include "circle/audit_carry.h"

#include "circle/audit.h"
#include "circle/audit_record.h"
#include "store/audits.h"
#include "store/due_process.h"
#include "store/policies.h"
#include "store/rules_down.h"

#include "base/encode.h"

struct carrying {
	const struct audit_carry *about;
	struct audit_carried *out;
	struct arena *mem;
	struct conn *old; /* NULL: none that can be read */
	struct conn *tx;
	struct audit_row end;  /* of the log so far */
	struct audit_row lost; /* the end of the one that does not go on from it */
};

#define WHY_FORK "the log as it was does not go on from the backup's"

/* ---- what came since ---- */

static err take_row(struct carrying *w, const struct audit_row *row)
{
	struct merkle_hash hash = audit_record_chain(&w->end.hash, row->record);
	err e;
	if (row->seq != w->end.seq + 1 || !merkle_equal(&hash, &row->hash))
		return err_conflict(NULL, WHY_FORK);
	TRY(audits_insert(w->tx, row));
	w->end.seq = row->seq;
	w->end.hash = row->hash;
	w->out->n++;
out:
	return e;
}

static err take(void *ctx, const struct audit_step *step)
{
	struct carrying *w = ctx;
	err e = OK;
	if (!step->row)
		return err_conflict(NULL, WHY_FORK);
	TRY(take_row(w, step->row));
	for (size_t i = 0; i < step->n; i++)
		TRY(audit_salts_insert(w->tx, &step->salts[i]));
out:
	return e;
}

static err take_root(void *ctx, const struct audit_root *root)
{
	struct carrying *w = ctx;
	return root->size > w->out->from ? audit_roots_insert(w->tx, root) : OK;
}

/* What the records tell of policies is so: an older one does not bind again without notice because of a restore. */
static err take_policy(void *ctx, const struct stored_policy *policy)
{
	struct carrying *w = ctx;
	err e;
	TRY(policies_put(w->tx, policy));
	TRY(policies_lift(w->tx, policy->hash, policy->lifts));
out:
	return e;
}

/* The shorter of the two is the beginning of the longer: its last record is in both. */
static err are_one(struct carrying *w)
{
	bool longer = w->lost.seq >= w->end.seq;
	const struct audit_row *last = longer ? &w->end : &w->lost;
	struct audit_row same;
	err e;
	if (last->seq == 0)
		return OK;
	e = audits_find(longer ? w->old : w->tx, last->seq, w->mem, &same);
	if (e.code == ERR_MISSING || (!failed(e) && !merkle_equal(&same.hash, &last->hash)))
		e = err_conflict(NULL, WHY_FORK);
	return e;
}

static err go_on(struct carrying *w)
{
	err e;
	TRY(are_one(w));
	TRY(audits_each(w->old, w->end.seq + 1, take, w));
	TRY(audit_roots_each(w->old, take_root, w));
	TRY(policies_each(w->old, take_policy, w));
	TRY(rules_down_take(w->tx, w->old, w->mem));
	if (w->lost.seq >= w->out->from)
		TRY(due_process_take(w->tx, w->old));
out:
	return e;
}

/* ---- that it happened ---- */

static err write_down(const struct carrying *w, bool fork)
{
	struct circle pen = { .chance = w->about->chance };
	struct audit_entry entry = { .kind = "log.restored", .n = 3 };
	entry.fields[0] = (struct audit_field){ "made", AUDIT_NUMBER, w->about->made_at_ms,
		                                STR_NONE };
	entry.fields[1] = (struct audit_field){ "size", AUDIT_NUMBER, w->out->from, STR_NONE };
	entry.fields[2] = (struct audit_field){ "carried", AUDIT_NUMBER, w->out->n, STR_NONE };
	if (fork) {
		entry.fields[entry.n++] = (struct audit_field){ "lost-size", AUDIT_NUMBER,
			                                        w->lost.seq, STR_NONE };
		entry.fields[entry.n++] = (struct audit_field){
			"lost-head", AUDIT_WORD, 0, hex_of(w->mem, w->lost.hash.b, MERKLE_BYTES)
		};
	}
	return audit_append(&pen, w->tx, &entry, w->about->now_ms, NULL);
}

static err begin(struct carrying *w, struct conn *tx)
{
	err e;
	w->tx = tx;
	TRY(audits_last(tx, w->mem, &w->end));
	w->out->from = w->end.seq;
	w->out->n = 0;
out:
	return e;
}

static err carry_work(struct conn *tx, void *ctx)
{
	struct carrying *w = ctx;
	err e;
	TRY(begin(w, tx));
	TRY(go_on(w));
	if (w->end.seq > 0)
		TRY(write_down(w, false));
out:
	return e;
}

static err alone_work(struct conn *tx, void *ctx)
{
	struct carrying *w = ctx;
	err e;
	TRY(begin(w, tx));
	TRY(due_process_skip(tx));
	if (w->end.seq > 0 || w->lost.seq > 0)
		TRY(write_down(w, w->out->fork));
out:
	return e;
}

/* One that is damaged, or older than the log, has none to give. */
static void look_at_old(struct carrying *w)
{
	const struct audit_carry *about = w->about;
	err e;
	if (!about->before)
		return;
	e = store_look(about->before, &w->old);
	if (!failed(e))
		e = audits_last(w->old, w->mem, &w->lost);
	if (!failed(e))
		return;
	log_if_failed(about->log, "restore.log", e);
	store_look_end(&w->old);
}

err audit_carry_on(const struct audit_carry *carry, struct audit_carried *out)
{
	struct carrying w = { .about = carry, .out = out, .mem = arena_new(1 << 14) };
	err e = err_missing("nothing to carry");
	*out = (struct audit_carried){ 0 };
	look_at_old(&w);
	if (w.old && w.lost.seq > 0)
		e = store_write_bulk(carry->store, (struct store_job){ carry_work, NULL, &w });
	if (failed(e)) {
		out->fork = e.code != ERR_MISSING;
		if (out->fork)
			log_if_failed(carry->log, "restore.fork", e);
		e = store_write(carry->store, (struct store_job){ alone_work, NULL, &w });
	}
	store_look_end(&w.old);
	arena_free(w.mem);
	return e;
}
