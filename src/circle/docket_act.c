/* What a decision begins: measures on pieces, and a step on the person; each with its rule, its reason and who decided it. */
#include "circle/docket_private.h"

#include "circle/cite.h"

#include "base/buf.h"
#include "store/cases.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/reports.h"

#include <jansson.h>

#include <stdlib.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define STEP_DAYS_MAX 365
#define EVIDENCE_MAX_BYTES ((size_t)257 * 1024) /* the reasons of any measure, and a frame */
#define OPEN_MAX 100                            /* measures on one piece */

#define SAY_STEP "A step is notice, fewer, no_friends, freeze or seal, for up to 365 days."
#define SAY_NOBODY "There is nobody here on whom a measure could be."
#define SAY_RULE "Name a rule of the policy in force, or one of the circle's own."
#define SAY_ANNOYS "What this rule is about is labelled at most: readers have their own tools."
#define SAY_ON_IT "That is in force on this piece already."
#define SAY_TWICE "One thing at a time can be done to a piece."

/* What is begun by this decision, as the item it would be. */
static err begin(struct decide_job *job, struct conn *tx, enum deed_kind kind, struct measure *m)
{
	struct case_item item = { .kind = ITEM_MEASURE };
	err e;
	m->starts_at_ms = job->now_ms;
	m->by = m->decided_by = job->steward;
	m->decided_at_ms = job->now_ms;
	m->decision_note = job->note;
	m->decider = DECIDER_STEWARD;
	m->in = job->id;
	TRY(order_impose(job->x, tx, m, job->now_ms));
	item.id = m->id.v;
	item.owner = m->subject;
	TRY(docket_write_deed(job, tx, docket_deed_on(kind, &item, 0)));
out:
	return e;
}

err docket_label_instead(struct decide_job *job, struct conn *tx, const struct measure *hold)
{
	struct measure label = {
		.subject = hold->subject,
		.kind = MEASURE_LABEL,
		.post_author = hold->post_author,
		.post = hold->post,
		.comment = hold->comment,
		.rule = hold->rule,
		.policy = hold->policy,
		.evidence = hold->evidence,
		.ends_at_ms = INT64_MAX,
		.harm = hold->harm,
		.family = hold->family,
	};
	return begin(job, tx, DEED_LABELLED, &label);
}

/* ---- by which rule ---- */

static void go_by(const struct cited *rule, struct arena *mem, struct measure *m)
{
	m->rule = rule->id;
	m->policy = rule->policy;
	m->evidence = cite_evidence(rule, mem);
	m->harm = rule->harm;
}

/* The one that the steward names. */
static err find_rule(const struct decide_job *job, str id, const char *field, struct cited *out)
{
	err e = cite_find(job->c, id, job->mem, out);
	return e.code == ERR_MISSING ? err_input(field, SAY_RULE) : e;
}

/* ---- pieces ---- */

/* What waits here about this piece, and the rule that fits the first of it. */
struct waiting {
	bool any;
	struct cited fits;
};

static err find_reported(struct decide_job *job, struct conn *tx, const struct status_ref *piece,
                         struct waiting *w)
{
	struct report *all;
	size_t n;
	err e;
	TRY(reports_of_case(tx, job->id, CASE_ITEMS_MAX, job->mem, &all, &n));
	for (size_t i = 0; i < n; i++) {
		const struct report *r = &all[i];
		if (r->state != REPORT_OPEN || r->piece.post.v != piece->post.v ||
		    r->piece.comment.v != piece->comment.v)
			continue;
		if (!w->any)
			cite_report(job->c, r->category, job->mem, &w->fits);
		w->any = true;
		job->right[job->n_right++] = r->id;
	}
out:
	return e;
}

static err find_complained(struct decide_job *job, struct conn *tx, int64_t status,
                           struct waiting *w)
{
	struct complaint complaint;
	err e = OK;
	for (size_t i = 0; i < job->n_items && !w->any; i++) {
		if (job->items[i].kind != ITEM_COMPLAINT || job->items[i].done)
			continue;
		TRY(complaints_find(tx, (complaint_id){ job->items[i].id }, job->mem, &complaint));
		w->any = complaint.named == status;
		if (w->any)
			cite_complaint(job->c, complaint.category, job->mem, &w->fits);
	}
out:
	return e;
}

/* It is there, and the same is not in force on it. */
static err check_piece(const struct decide_job *job, struct conn *tx, const struct measure *m)
{
	struct status_ref piece = { m->post_author, m->post, m->comment };
	struct measure *open, *kept;
	int64_t until_ms;
	size_t n, n_kept;
	err e;
	TRY(order_held_until(tx, m, job->mem, &until_ms));
	if (m->kind == MEASURE_HOLD)
		return job->now_ms < until_ms ? err_input("pieces", SAY_ON_IT) : OK;
	TRY(measures_open_of(tx, m->subject, &piece, OPEN_MAX, job->mem, &open, &n));
	TRY(measures_kept_on_words(tx, m->subject, &piece, OPEN_MAX, job->mem, &kept, &n_kept));
	for (size_t i = 0; i < n + n_kept; i++) {
		const struct measure *on = i < n ? &open[i] : &kept[i - n];
		if (on->kind == MEASURE_LABEL && on->version.v == 0)
			return err_input("pieces", SAY_ON_IT);
	}
out:
	return e;
}

static err check_once(const struct decide_job *job, const struct case_act *act)
{
	const struct case_decision *d = job->decision;
	for (size_t i = 0; i < d->n_acts; i++)
		if (&d->acts[i] != act && d->acts[i].status == act->status)
			return err_input("pieces", SAY_TWICE);
	return OK;
}

err docket_act(struct decide_job *job, struct conn *tx, const struct case_act *act)
{
	struct waiting w = { .any = false };
	struct measure m = { .subject = job->one.subject,
		             .kind = act->hold ? MEASURE_HOLD : MEASURE_LABEL,
		             .state = act->hold ? MEASURE_KEPT : MEASURE_ACTIVE,
		             .ends_at_ms = INT64_MAX };
	struct status_ref piece;
	err e;
	TRY(check_once(job, act));
	TRY(status_refs_find(tx, act->status, &piece));
	if (job->right == NULL)
		job->right = ARENA_ARRAY(job->mem, CASE_ITEMS_MAX, report_id);
	TRY(find_reported(job, tx, &piece, &w));
	TRY(find_complained(job, tx, act->status, &w));
	if (!w.any || job->one.subject.v == 0)
		return err_missing("no such piece waits here");
	if (act->rule.n > 0)
		TRY(find_rule(job, act->rule, "pieces", &w.fits));
	if (act->hold && w.fits.harm == HARM_CLASS_C)
		return err_input("pieces", SAY_ANNOYS);
	go_by(&w.fits, job->mem, &m);
	m.points = act->hold ? order_points(m.harm, false) : 0;
	m.post_author = piece.post_author;
	m.post = piece.post;
	m.comment = piece.comment;
	TRY(check_piece(job, tx, &m));
	TRY(cases_family_of(tx, &piece, &m.family));
	TRY(begin(job, tx, act->hold ? DEED_HELD : DEED_LABELLED, &m));
out:
	return e;
}

/* ---- the person ---- */

/* The reasons of the case's gravest measure, without the places they mark in its piece. */
static str reasons_of(const struct measure *m, struct arena *mem)
{
	json_t *root = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	json_t *reasons = json_object_get(root, "reasons"), *reason;
	str out = S("[]");
	size_t i;
	json_array_foreach(reasons, i, reason)(void)
		json_object_set_new(reason, "spans", json_array());
	char *text = reasons ? json_dumps(reasons, JSON_COMPACT) : NULL;
	if (text != NULL)
		out = str_dup(mem, str_of(text));
	free(text);
	json_decref(root);
	return out;
}

static void go_by_gravest(const struct decide_job *job, const struct measure *gravest,
                          struct measure *m)
{
	struct buf b;
	buf_init(&b, job->mem, EVIDENCE_MAX_BYTES);
	buf_lit(&b, "{\"score\":0,\"malice\":0,\"reasons\":");
	buf_add(&b, reasons_of(gravest, job->mem));
	buf_lit(&b, ",\"would_pass\":null}");
	m->rule = gravest->rule;
	m->policy = gravest->policy;
	m->evidence = buf_str(&b);
	m->harm = job->one.harm;
}

static err fill_reason(const struct decide_job *job, struct conn *tx, struct measure *m)
{
	const struct case_decision *d = job->decision;
	struct case_line line;
	struct cited rule;
	err e;
	TRY(docket_line(job->c, tx, &job->one, job->steward, job->now_ms, job->mem, &line));
	if (d->rule.n == 0 && line.gravest != NULL) {
		go_by_gravest(job, line.gravest, m);
		return OK;
	}
	if (d->rule.n > 0)
		TRY(find_rule(job, d->rule, "person", &rule));
	else if (line.has_complaint && !line.has_report)
		cite_complaint(job->c, line.complained, job->mem, &rule);
	else
		cite_report(job->c, line.has_report ? line.reported : REPORT_OTHER, job->mem,
		            &rule);
	if (rule.harm == HARM_CLASS_C)
		return err_input("person", SAY_ANNOYS);
	go_by(&rule, job->mem, m);
out:
	return e;
}

/* An offence counts once: with the piece that is held, or else with the notice. */
static bool holds_a_piece(const struct case_decision *d)
{
	for (size_t i = 0; i < d->n_rulings; i++)
		if (d->rulings[i].how == RULING_KEEP)
			return true;
	for (size_t i = 0; i < d->n_acts; i++)
		if (d->acts[i].hold)
			return true;
	return false;
}

/* Kept by this very decision: what is held here counts already, what waited is kept after the step. */
static err add_kept(const struct decide_job *job, struct conn *tx, struct offence *all, size_t *n)
{
	const struct case_decision *d = job->decision;
	struct measure m;
	err e = OK;
	for (size_t i = 0; i < d->n_rulings; i++) {
		if (d->rulings[i].how != RULING_KEEP)
			continue;
		TRY(measures_find(tx, d->rulings[i].id, job->mem, &m));
		if (m.points > 0)
			all[(*n)++] = (struct offence){ job->now_ms, m.points };
	}
out:
	return e;
}

static int rung_of(enum measure_kind kind)
{
	int i = 0;
	while (order_ladder(i) != kind)
		i++;
	return i;
}

/* First offence mildest: further than the points propose one steward goes for nobody alone. */
static err goes_too_far(const struct decide_job *job, struct conn *tx, bool *too_far)
{
	const struct case_decision *d = job->decision;
	struct offence *found, *all;
	struct standing standing;
	size_t n;
	err e;
	TRY(measures_offences(tx, job->one.subject, job->mem, &found, &n));
	all = ARENA_ARRAY(job->mem, n + d->n_rulings, struct offence);
	for (size_t i = 0; i < n; i++)
		all[i] = found[i];
	TRY(add_kept(job, tx, all, &n));
	standing = order_reckon(all, n, job->now_ms);
	*too_far = rung_of(d->step) > (standing.offences > 0 ? rung_of(standing.step) : 0);
out:
	return e;
}

err docket_take_step(struct decide_job *job, struct conn *tx)
{
	const struct case_decision *d = job->decision;
	struct measure m = { .subject = job->one.subject, .kind = d->step };
	bool too_far;
	err e;
	if (!measure_on_person(d->step) || d->days < 0 || d->days > STEP_DAYS_MAX)
		return err_input("person", SAY_STEP);
	if (job->one.subject.v == 0)
		return err_input("person", SAY_NOBODY);
	TRY(fill_reason(job, tx, &m));
	TRY(goes_too_far(job, tx, &too_far));
	m.state = too_far ? MEASURE_PROPOSED : MEASURE_ACTIVE;
	if (d->step == MEASURE_NOTICE && !holds_a_piece(d))
		m.points = order_points(m.harm, false);
	m.ends_at_ms = d->days > 0 ? job->now_ms + d->days * DAY_MS : 0;
	TRY(begin(job, tx, DEED_STEP, &m));
out:
	return e;
}
