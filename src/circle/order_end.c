/* Ending, and taking an end back. What a measure did is undone in the same transaction, or, where its words are gone, there is
 * nothing to undo. */
#include "circle/order_private.h"

#include "circle/docket.h"
#include "circle/rewrite.h"
#include "circle/verb.h"

#include "store/comments.h"
#include "store/measures.h"
#include "store/posts.h"

#define MEASURES_MAX 100 /* in force on one piece at once */
#define BATCH 100
#define SAY_DECIDED "That has been decided already."
#define SAY_OWN_PROPOSAL "A step is confirmed by another steward than the one who proposed it."
#define SAY_GONE_ON "Its author has gone on from it: that cannot be taken back any more."

static const char *const kinds_of_end[] = {
	[MEASURE_ACTIVE] = "measure.restored",
	[MEASURE_RELEASED] = "measure.released",
	[MEASURE_KEPT] = "measure.kept",
	[MEASURE_LAPSED] = "measure.lapsed",
	[MEASURE_OVERTURNED] = "measure.overturned",
	[MEASURE_PROPOSED] = "measure.restored",
	[MEASURE_WITHDRAWN] = "measure.withdrawn",
	[MEASURE_UNANSWERED] = "measure.unanswered",
	[MEASURE_MILDER] = "measure.milder",
};

/* From which state to which. */
static bool goes(enum measure_state from, enum measure_state to)
{
	static const unsigned may[] = {
		[MEASURE_ACTIVE] = 1u << MEASURE_RELEASED | 1u << MEASURE_KEPT |
		                   1u << MEASURE_LAPSED | 1u << MEASURE_OVERTURNED |
		                   1u << MEASURE_WITHDRAWN | 1u << MEASURE_UNANSWERED |
		                   1u << MEASURE_MILDER,
		[MEASURE_KEPT] = 1u << MEASURE_RELEASED | 1u << MEASURE_LAPSED |
		                 1u << MEASURE_OVERTURNED | 1u << MEASURE_WITHDRAWN |
		                 1u << MEASURE_UNANSWERED | 1u << MEASURE_MILDER,
		[MEASURE_PROPOSED] = 1u << MEASURE_RELEASED | 1u << MEASURE_KEPT |
		                     1u << MEASURE_LAPSED | 1u << MEASURE_WITHDRAWN,
		[MEASURE_RELEASED] = 0,
		[MEASURE_LAPSED] = 0,
		[MEASURE_OVERTURNED] = 0,
		[MEASURE_WITHDRAWN] = 0,
		[MEASURE_UNANSWERED] = 0,
		[MEASURE_MILDER] = 0,
	};
	return (may[from] & 1u << to) != 0;
}

/* Somebody decides about what is there still; the program ends what is over by its clock, too. */
static err check_end(struct order_changes *x, struct conn *tx, const struct measure *m,
                     const struct order_end *end, int64_t now_ms)
{
	bool somebody = end->by.v != 0 || end->decider == DECIDER_JURY;
	bool confirms = m->state == MEASURE_PROPOSED && end->state == MEASURE_KEPT;
	if (!goes(m->state, end->state) ||
	    (somebody && measure_state_at(m, now_ms) == MEASURE_LAPSED))
		return err_conflict(NULL, SAY_DECIDED);
	if (confirms && end->by.v == m->by.v)
		return (err){ ERR_DENIED, SAY_OWN_PROPOSAL, NULL, SAY_OWN_PROPOSAL };
	return confirms ? order_check_steward(x, tx, end->by, m) : OK;
}

static struct measure ended(const struct measure *m, const struct order_end *end, int64_t now_ms)
{
	struct measure is = *m;
	is.state = end->state;
	is.due_at_ms = 0;
	if (m->state == MEASURE_PROPOSED && end->state != MEASURE_KEPT)
		is.ends_at_ms = m->starts_at_ms; /* it never was in force, not for a moment */
	if (end->state == MEASURE_LAPSED)
		return is; /* whoever decided before did */
	is.decided_by = end->by;
	is.decided_at_ms = now_ms;
	is.decision_note = end->note;
	if (m->state == MEASURE_PROPOSED && end->state == MEASURE_KEPT) {
		is.starts_at_ms = now_ms;
		is.ends_at_ms = now_ms + (m->ends_at_ms - m->starts_at_ms);
	}
	return is;
}

/* ---- pieces ---- */

err order_held_until(struct conn *conn, const struct measure *m, struct arena *mem,
                     int64_t *until_ms)
{
	struct comment comment;
	struct post_gate gate;
	err e;
	TRY(posts_gate(conn, m->post_author, m->post, mem, &gate));
	if (gate.deleted)
		return err_missing("the post is gone");
	*until_ms = gate.held_until_ms;
	if (m->comment.v == 0)
		return OK;
	TRY(comments_find(conn, m->post_author, m->post, m->comment, mem, &comment));
	if (comment.gate.deleted)
		return err_missing("the comment is gone");
	*until_ms = comment.gate.held_until_ms;
out:
	return e;
}

static err follow_change(struct order_changes *x, struct conn *tx, const struct measure *is,
                         int64_t now_ms)
{
	struct status_ref piece = { is->post_author, is->post, is->comment };
	err e;
	if (is->state == MEASURE_KEPT)
		return rewrite_stop(tx, is, x->mem);
	TRY(rewrite_show(x->c, tx, is, now_ms, x->mem));
	/* What was done about the words before it ends with them. */
	TRY(order_end_piece(x, tx, is->subject, &piece, false, now_ms));
out:
	return e;
}

/* `*gone`: its words are no more, or its author has gone on from them. */
static err follow_piece(struct order_changes *x, struct conn *tx, const struct measure *is,
                        int64_t now_ms, bool *gone)
{
	struct order_change *change;
	int64_t until_ms = -1;
	err e = OK;
	if (is->version.v != 0)
		e = follow_change(x, tx, is, now_ms);
	if (!failed(e))
		e = order_held_until(tx, is, x->mem, &until_ms);
	*gone = e.code == ERR_MISSING;
	if (*gone)
		return OK;
	TRY(e);
	change = order_change(x, is, false);
	change->held_until_ms = until_ms;
	change->shown = is->version.v != 0 && is->state != MEASURE_KEPT;
out:
	return e;
}

static err of_piece(struct conn *tx, const struct measure *m, struct arena *mem,
                    struct measure **open, size_t *n)
{
	struct status_ref piece = { m->post_author, m->post, m->comment };
	return measures_open_of(tx, m->subject, &piece, MEASURES_MAX, mem, open, n);
}

err order_send_notice(struct order_changes *x, struct conn *tx, const struct measure *kept,
                      int64_t now_ms)
{
	struct measure notice = {
		.subject = kept->subject,
		.kind = MEASURE_NOTICE,
		.post_author = kept->post_author,
		.post = kept->post,
		.comment = kept->comment,
		.version = kept->version,
		.rule = kept->rule,
		.policy = kept->policy,
		.evidence = kept->evidence,
		.starts_at_ms = now_ms,
		.decider = DECIDER_POLICY,
		.harm = kept->harm,
		.in = kept->in,
		.follows = kept->id,
	};
	return order_impose(x, tx, &notice, now_ms);
}

static err take_back_notice(struct order_changes *x, struct conn *tx, const struct measure *kept,
                            enum measure_state state, int64_t now_ms)
{
	const struct order_end end = { .state = state, .by = kept->decided_by, .silent = true };
	struct measure *open;
	size_t n;
	err e;
	TRY(of_piece(tx, kept, x->mem, &open, &n));
	for (size_t i = 0; i < n; i++)
		if (open[i].kind == MEASURE_NOTICE && open[i].follows.v == kept->id.v &&
		    measure_state_at(&open[i], now_ms) == MEASURE_ACTIVE)
			TRY(order_end(x, tx, &open[i], &end, now_ms));
out:
	return e;
}

struct ends {
	bool holds, changes;
};

static err end_silently(struct order_changes *x, struct conn *tx, person_id subject,
                        const struct status_ref *piece, struct ends ends, int64_t now_ms)
{
	const struct order_end end = { .state = MEASURE_WITHDRAWN, .silent = true };
	struct measure *open;
	size_t n;
	err e;
	TRY(measures_open_of(tx, subject, piece, MEASURES_MAX, x->mem, &open, &n));
	for (size_t i = 0; i < n; i++) {
		bool change = open[i].version.v != 0, hold = open[i].kind == MEASURE_HOLD;
		if (!measure_on_person(open[i].kind) && (ends.changes || !change) &&
		    (ends.holds || !hold))
			TRY(order_end(x, tx, &open[i], &end, now_ms));
	}
out:
	return e;
}

/* Nobody sees a comment whose post is gone: whoever wrote it, there is nothing left to decide. */
static err end_under(struct order_changes *x, struct conn *tx, person_id author, post_id post,
                     int64_t now_ms)
{
	const struct order_end end = { .state = MEASURE_WITHDRAWN, .silent = true };
	measure_id after = { 0 };
	struct measure *open;
	size_t n;
	err e;
	do {
		TRY(measures_open_under(tx, author, post, after, BATCH, x->mem, &open, &n));
		for (size_t i = 0; i < n; i++)
			if (!measure_on_person(open[i].kind))
				TRY(order_end(x, tx, &open[i], &end, now_ms));
		if (n > 0)
			after = open[n - 1].id;
	} while (n == BATCH);
out:
	return e;
}

err order_end_piece(struct order_changes *x, struct conn *tx, person_id subject,
                    const struct status_ref *piece, bool holds, int64_t now_ms)
{
	const struct order_end end = { .state = MEASURE_WITHDRAWN, .silent = true };
	struct measure *kept;
	size_t n;
	err e;
	TRY(end_silently(x, tx, subject, piece, (struct ends){ holds, false }, now_ms));
	/* What somebody confirmed about words that nobody reads any more says nothing of the new ones. */
	TRY(measures_kept_on_words(tx, subject, piece, MEASURES_MAX, x->mem, &kept, &n));
	for (size_t i = 0; i < n; i++)
		TRY(order_end(x, tx, &kept[i], &end, now_ms));
out:
	return e;
}

err order_end_gone(struct order_changes *x, struct conn *tx, person_id subject,
                   const struct status_ref *piece, int64_t now_ms)
{
	err e;
	TRY(end_silently(x, tx, subject, piece, (struct ends){ true, true }, now_ms));
	if (piece->comment.v == 0)
		TRY(end_under(x, tx, piece->post_author, piece->post, now_ms));
out:
	return e;
}

/* ---- ends ---- */

static err follow(struct order_changes *x, struct conn *tx, const struct measure *was,
                  const struct measure *is, const struct order_end *end, int64_t now_ms)
{
	bool hold = is->kind == MEASURE_HOLD, gone = end->silent;
	err e = OK;
	if (measure_on_person(is->kind)) {
		struct order_change *change = order_change(x, is, is->state == MEASURE_KEPT);
		TRY(order_follow_person(change, tx, now_ms, x->mem));
	} else if (!end->silent) {
		TRY(follow_piece(x, tx, is, now_ms, &gone));
	}
	if (hold && was->state == MEASURE_KEPT)
		TRY(take_back_notice(x, tx, is, end->state, now_ms));
	if (!gone && !(is->kind == MEASURE_NOTICE && is->state == MEASURE_LAPSED))
		TRY(order_tell(x, tx, is,
		               was->state == MEASURE_PROPOSED && is->state == MEASURE_KEPT,
		               now_ms));
	if (hold && !gone && is->state == MEASURE_KEPT)
		TRY(order_send_notice(x, tx, is, now_ms));
out:
	return e;
}

err order_end(struct order_changes *x, struct conn *tx, const struct measure *m,
              const struct order_end *end, int64_t now_ms)
{
	struct measure is;
	err e;
	now_ms = order_now(x->c, now_ms);
	TRY(check_end(x, tx, m, end, now_ms));
	is = ended(m, end, now_ms);
	TRY(measures_move(tx, m, &is));
	TRY(order_log_moved(x, tx, kinds_of_end[is.state], m, &is, end->decider, now_ms));
	bool nobody = end->state == MEASURE_LAPSED || end->state == MEASURE_UNANSWERED;
	if (order_waits(m))
		TRY(docket_settle(x->c, tx, ITEM_MEASURE, m->id.v,
		                  nobody ? CASE_LAPSED : CASE_DECIDED, now_ms, x->mem));
	TRY(follow(x, tx, m, &is, end, now_ms));
out:
	return e;
}

static bool stands(const struct measure *m)
{
	return m->state == MEASURE_ACTIVE || m->state == MEASURE_PROPOSED ||
	       (m->state == MEASURE_KEPT && measure_on_person(m->kind));
}

err order_end_all(struct order_changes *x, struct conn *tx, person_id subject, int64_t now_ms)
{
	const struct order_end end = { .state = MEASURE_WITHDRAWN, .silent = true };
	measure_id before = { 0 };
	struct measure *all;
	size_t n;
	err e;
	do {
		TRY(measures_of(tx, subject, before, BATCH, x->mem, &all, &n));
		for (size_t i = 0; i < n; i++)
			if (stands(&all[i]))
				TRY(order_end(x, tx, &all[i], &end, now_ms));
		if (n > 0)
			before = all[n - 1].id;
	} while (n == BATCH);
	TRY(end_under(x, tx, subject, (post_id){ 0 }, now_ms));
out:
	return e;
}

err order_settle(struct order_changes *x, struct conn *tx, person_id person, int64_t now_ms)
{
	const struct measure none = { .subject = person, .kind = MEASURE_SEAL };
	return order_follow_person(order_change(x, &none, false), tx, order_now(x->c, now_ms),
	                           x->mem);
}

/* ---- a decision taken back ---- */

static struct measure restored(const struct measure *was, int64_t now_ms)
{
	struct measure is = *was;
	/* The other steward has a day at least once more. */
	if (is.state == MEASURE_PROPOSED && is.due_at_ms < now_ms + SECOND_LOOK_MS)
		is.due_at_ms = now_ms + SECOND_LOOK_MS;
	return is;
}

static err restore_piece(struct order_changes *x, struct conn *tx, const struct measure *is,
                         int64_t now_ms)
{
	struct order_change *change;
	int64_t until_ms = 0;
	err e = OK;
	if (is->version.v != 0)
		e = rewrite_wait_again(x->c, tx, is, now_ms, x->mem);
	if (!failed(e) && is->version.v != 0 && is->state == MEASURE_KEPT)
		e = rewrite_stop(tx, is, x->mem);
	if (!failed(e))
		e = order_held_until(tx, is, x->mem, &until_ms);
	if (e.code == ERR_MISSING)
		e = err_conflict(NULL, SAY_GONE_ON);
	TRY(e);
	change = order_change(x, is, true);
	change->held_until_ms = until_ms;
	change->shown = is->version.v != 0;
out:
	return e;
}

err order_restore(struct order_changes *x, struct conn *tx, const struct measure *m,
                  const struct measure *was, int64_t now_ms)
{
	struct measure is;
	err e;
	now_ms = order_now(x->c, now_ms);
	if (m->state == MEASURE_WITHDRAWN)
		return err_conflict(NULL, SAY_GONE_ON);
	if (m->state == was->state || m->state == MEASURE_LAPSED || m->state == MEASURE_PROPOSED)
		return err_conflict(NULL, SAY_DECIDED);
	is = restored(was, now_ms);
	TRY(measures_move(tx, m, &is));
	TRY(order_log_moved(x, tx, "measure.restored", m, &is, DECIDER_STEWARD, now_ms));
	if (m->kind == MEASURE_HOLD && m->state == MEASURE_KEPT)
		TRY(take_back_notice(x, tx, &is, MEASURE_RELEASED, now_ms));
	if (measure_on_person(m->kind))
		TRY(order_follow_person(order_change(x, &is, true), tx, now_ms, x->mem));
	else
		TRY(restore_piece(x, tx, &is, now_ms));
	TRY(order_tell(x, tx, &is, true, now_ms));
	if (m->kind == MEASURE_HOLD && is.state == MEASURE_KEPT)
		TRY(order_send_notice(x, tx, &is, now_ms));
out:
	return e;
}

/* ---- all that a policy did ---- */

struct lift_job {
	struct order_changes x;
	const struct order_lifting *lifting;
	enum measure_state state;
	measure_id after;
	int64_t now_ms;
	size_t n, lifted;
};

static err lift_work(struct conn *tx, void *ctx)
{
	const struct order_end end = { .state = MEASURE_RELEASED };
	struct lift_job *job = ctx;
	const struct order_lifting *lifting = job->lifting;
	struct measure *all;
	err e;
	job->lifted = 0;
	TRY(measures_of_policy(tx, lifting->policy, job->state, job->after, BATCH, job->x.mem, &all,
	                       &job->n));
	if (job->n > 0)
		job->after = all[job->n - 1].id;
	for (size_t i = 0; i < job->n; i++) {
		struct measure now; /* an earlier one of the batch may have ended it with itself */
		if (!lifting->its(lifting->ctx, &all[i], job->x.mem))
			continue;
		TRY(measures_find(tx, all[i].id, job->x.mem, &now));
		if (now.state != all[i].state)
			continue;
		TRY(order_end(&job->x, tx, &now, &end, job->now_ms));
		job->lifted++;
	}
out:
	return e;
}

static void lift_after(void *ctx)
{
	struct lift_job *job = ctx;
	order_after(&job->x);
}

/* The batches of one state. */
static err lift_state(struct circle *c, struct lift_job *job, int *lifted)
{
	err e = OK;
	job->after = (measure_id){ 0 };
	do {
		struct arena *mem = arena_new(16 * 1024);
		job->x = order_changes(c, mem);
		e = verb_write(c, lift_work, lift_after, job);
		arena_free(mem);
		TRY(e);
		*lifted += (int)job->lifted;
	} while (job->n == BATCH);
out:
	return e;
}

err order_lift(struct circle *c, const struct order_lifting *lifting, int64_t now_ms, int *lifted)
{
	static const enum measure_state states[] = { MEASURE_ACTIVE, MEASURE_KEPT,
		                                     MEASURE_PROPOSED };
	struct lift_job job = { .lifting = lifting, .now_ms = now_ms };
	err e = OK;
	*lifted = 0;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		job.state = states[i];
		TRY(lift_state(c, &job, lifted));
	}
	log_event(c->log, LOG_INFO, "measures.lifted", LOG_STR("policy", lifting->policy),
	          LOG_I64("n", *lifted));
out:
	return e;
}
