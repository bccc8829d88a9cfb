/* One decision about a case: whatever a steward does to its items and to its subject, all or nothing, each deed written down with what
 * was before. The version is what keeps two stewards from deciding at once. */
#include "circle/docket_private.h"

#include "circle/disclose.h"
#include "circle/appeal.h"
#include "circle/audit.h"
#include "circle/complain.h"
#include "circle/phrase.h"
#include "circle/report.h"
#include "circle/verb.h"

#include "model/limits.h"
#include "store/appeals.h"
#include "store/cases.h"
#include "store/measures.h"

#define SAY_NOTE "Give a reason, in 1 to 500 characters in one line."
#define SAY_BAD_NOTE                                                                               \
	"Say why the reports were made in bad faith, in 1 to 500 characters in one line."
#define SAY_NOTHING "Nothing is decided."
#define SAY_KEEP "Only what is held can be kept, or turned into a label."
#define SAY_CONFIRM "Only what was proposed can be confirmed."

/* ---- what is written down ---- */

err docket_log(struct circle *c, struct conn *tx, const char *kind, const struct order_case *one,
               const struct case_deed *deed, int64_t now_ms)
{
	struct audit_entry entry = {
		.kind = kind,
		.concerned = one->subject,
		.fields = { { "case", AUDIT_NUMBER, one->number, STR_NONE },
		            { "decision", AUDIT_NUMBER, deed->decision, STR_NONE },
		            { "deed", AUDIT_WORD, 0, str_of(deed_kind_word(deed->kind)) },
		            { "about", AUDIT_NUMBER, deed->item, STR_NONE },
		            { "by", AUDIT_PERSON, deed->by.v, STR_NONE },
		            { "note", AUDIT_TEXT, 0, deed->note } },
		/* Without anybody concerned there is no salt for words; why reports were made in bad faith is not the subject's to read. */
		.n = one->subject.v != 0 && deed->kind != DEED_BAD_FAITH ? 6 : 5,
	};
	return audit_append(c, tx, &entry, now_ms, NULL);
}

struct case_deed docket_deed_on(enum deed_kind kind, const struct case_item *item, int before)
{
	return (struct case_deed){ .kind = kind,
		                   .item_kind = item->kind,
		                   .item = item->id,
		                   .owner = item->owner,
		                   .before = before };
}

/* With what order_restore has to know. */
static struct case_deed deed_on_measure(enum deed_kind kind, const struct case_item *item,
                                        const struct measure *was)
{
	struct case_deed deed = docket_deed_on(kind, item, (int)was->state);
	deed.past = (struct deed_past){ was->decided_by, was->decided_at_ms, was->starts_at_ms,
		                        was->ends_at_ms, was->due_at_ms,     was->decision_note };
	return deed;
}

err docket_write_deed(struct decide_job *job, struct conn *tx, struct case_deed deed)
{
	err e;
	deed.in = job->id;
	deed.id = snowflake_next(job->c->ids);
	deed.by = job->steward;
	deed.at_ms = job->now_ms;
	deed.note = deed.kind == DEED_BAD_FAITH ? job->bad_note : job->note;
	if (job->number == 0)
		job->number = deed.id;
	deed.decision = job->number;
	TRY(cases_insert_deed(tx, &deed));
	TRY(docket_log(job->c, tx, "case.deed", &job->one, &deed, job->now_ms));
out:
	return e;
}

/* The item is done with this deed. */
static err finish(struct decide_job *job, struct conn *tx, struct case_deed deed)
{
	err e;
	TRY(docket_write_deed(job, tx, deed));
	TRY(cases_set_done(tx, job->id, deed.item_kind, deed.item, true));
out:
	return e;
}

static err find_item(const struct decide_job *job, enum case_item_kind kind, int64_t id,
                     const struct case_item **out)
{
	for (size_t i = 0; i < job->n_items; i++) {
		const struct case_item *item = &job->items[i];
		if (item->kind != kind || item->id != id)
			continue;
		*out = item;
		return item->done ? err_conflict(NULL, SAY_CASE_CHANGED) : OK;
	}
	return err_missing("no such item in this case");
}

/* ---- measures ---- */

static err end(struct decide_job *job, struct conn *tx, const struct measure *m,
               enum measure_state state)
{
	const struct order_end how = {
		.state = state, .by = job->steward, .decider = DECIDER_STEWARD, .note = job->note
	};
	err e;
	TRY(disclose_look(job->x->c, tx,
	                  &(struct access){ job->steward, m->id.v, ACCESS_STEWARD, job->now_ms }));
	TRY(order_end(job->x, tx, m, &how, job->now_ms));
out:
	return e;
}

static err rule(struct decide_job *job, struct conn *tx, const struct case_ruling *ruling)
{
	bool keep = ruling->how == RULING_KEEP;
	const struct case_item *item;
	struct measure m;
	err e;
	TRY(find_item(job, ITEM_MEASURE, ruling->id.v, &item));
	TRY(measures_find(tx, ruling->id, job->mem, &m));
	if (ruling->how != RULING_RELEASE && m.kind != MEASURE_HOLD)
		return err_input("measures", SAY_KEEP);
	TRY(end(job, tx, &m, keep ? MEASURE_KEPT : MEASURE_RELEASED));
	TRY(finish(job, tx, deed_on_measure(keep ? DEED_KEPT : DEED_RELEASED, item, &m)));
	if (ruling->how == RULING_LABEL)
		TRY(docket_label_instead(job, tx, &m));
out:
	return e;
}

static err confirm(struct decide_job *job, struct conn *tx, measure_id id)
{
	const struct case_item *item;
	struct measure m;
	err e;
	TRY(find_item(job, ITEM_MEASURE, id.v, &item));
	TRY(measures_find(tx, id, job->mem, &m));
	if (m.state != MEASURE_PROPOSED)
		return err_input("confirm", SAY_CONFIRM);
	TRY(end(job, tx, &m, MEASURE_KEPT));
	TRY(finish(job, tx, deed_on_measure(DEED_CONFIRMED, item, &m)));
out:
	return e;
}

/* ---- appeals, reports, complaints, answers ---- */

static err decide_appeal(struct decide_job *job, struct conn *tx, const struct case_verdict *v)
{
	const struct case_item *item;
	struct appeal appeal;
	struct measure m;
	err e;
	TRY(find_item(job, ITEM_APPEAL, v->id.v, &item));
	TRY(appeals_find(tx, v->id, job->mem, &appeal));
	TRY(measures_find(tx, appeal.measure, job->mem, &m));
	TRY(disclose_look(job->x->c, tx,
	                  &(struct access){ job->steward, m.id.v, ACCESS_STEWARD, job->now_ms }));
	TRY(appeal_decide(job->x, tx, job->steward, v->id, v->overturn, job->note, job->now_ms));
	TRY(finish(job, tx,
	           deed_on_measure(v->overturn ? DEED_APPEAL_OVERTURNED : DEED_APPEAL_KEPT, item,
	                           &m)));
out:
	return e;
}

static bool is_among(const report_id *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i].v == id)
			return true;
	return false;
}

/* The first that waits, was not made in bad faith, and is found something of. */
static const struct case_item *first_honest(const struct decide_job *job)
{
	const struct case_decision *d = job->decision;
	for (size_t i = 0; i < job->n_items; i++) {
		const struct case_item *item = &job->items[i];
		bool found = d->finding != REPORT_OPEN ||
		             is_among(job->right, job->n_right, item->id);
		if (item->kind == ITEM_REPORT && !item->done && found &&
		    !is_among(d->bad, d->n_bad, item->id))
			return item;
	}
	return NULL;
}

/* Each reporter is told; of all with one outcome it is one deed. */
static err find_reports(struct decide_job *job, struct conn *tx)
{
	const struct case_decision *d = job->decision;
	const struct report_finding finding = { .in = job->id,
		                                .outcome = d->finding,
		                                .bad = d->bad,
		                                .n_bad = d->n_bad,
		                                .bad_note = job->bad_note,
		                                .right = job->right,
		                                .n_right = job->n_right,
		                                .by = job->steward };
	const struct case_item *bad = NULL, *honest = first_honest(job);
	err e = OK;
	for (size_t i = d->n_bad; i-- > 0;)
		TRY(find_item(job, ITEM_REPORT, d->bad[i].v, &bad));
	if (d->n_bad > 0)
		TRY(docket_write_deed(job, tx, docket_deed_on(DEED_BAD_FAITH, bad, REPORT_OPEN)));
	if (honest == NULL && d->finding != REPORT_OPEN)
		return err_missing("no other report waits here");
	if (honest != NULL)
		TRY(docket_write_deed(job, tx, docket_deed_on(DEED_REPORT, honest, REPORT_OPEN)));
	TRY(report_settle(job->x, tx, &finding, job->now_ms));
out:
	return e;
}

static err reply(struct decide_job *job, struct conn *tx, const struct case_reply *it)
{
	const struct case_item *item;
	err e;
	TRY(find_item(job, ITEM_COMPLAINT, it->id.v, &item));
	TRY(complain_answer(job->c, tx, it->id, it->answer, job->now_ms));
	TRY(finish(job, tx, docket_deed_on(DEED_COMPLAINT, item, COMPLAINT_OPEN)));
out:
	return e;
}

static err read_answers(struct decide_job *job, struct conn *tx)
{
	err e = OK;
	for (size_t i = 0; i < job->n_items; i++)
		if (job->items[i].kind == ITEM_ANSWER && !job->items[i].done)
			TRY(finish(job, tx, docket_deed_on(DEED_READ, &job->items[i], 0)));
out:
	return e;
}

/* ---- the decision ---- */

err docket_close(struct circle *c, struct conn *tx, case_id id, person_id steward, str note,
                 int64_t now_ms, struct arena *mem)
{
	struct order_case one;
	size_t waiting;
	err e;
	TRY(cases_find(tx, id, mem, &one));
	TRY(cases_reckon(tx, &one, &waiting));
	one.claimed_by.v = one.claimed_until_ms = 0;
	if (waiting > 0) {
		one.state = CASE_OPEN;
		one.decided_by = (person_id){ 0 };
		one.decided_at_ms = 0;
		one.note = S("");
	} else if (steward.v != 0) {
		one.state = CASE_DECIDED;
		one.decided_by = steward;
		one.decided_at_ms = now_ms;
		one.note = note;
	}
	TRY(docket_save(c, tx, &one));
out:
	return e;
}

/* What is held here counts for the step on the person, which comes before what settles items: one that waits for another steward keeps
 * the case open. */
static err do_all(struct decide_job *job, struct conn *tx)
{
	const struct case_decision *d = job->decision;
	err e = OK;
	for (size_t i = 0; i < d->n_acts; i++)
		TRY(docket_act(job, tx, &d->acts[i]));
	if (d->has_step)
		TRY(docket_take_step(job, tx));
	for (size_t i = 0; i < d->n_rulings; i++)
		TRY(rule(job, tx, &d->rulings[i]));
	for (size_t i = 0; i < d->n_confirmed; i++)
		TRY(confirm(job, tx, d->confirmed[i]));
	for (size_t i = 0; i < d->n_verdicts; i++)
		TRY(decide_appeal(job, tx, &d->verdicts[i]));
	if (d->finding != REPORT_OPEN || d->n_bad > 0 || job->n_right > 0)
		TRY(find_reports(job, tx));
	for (size_t i = 0; i < d->n_replies; i++)
		TRY(reply(job, tx, &d->replies[i]));
	TRY(read_answers(job, tx));
	if (job->number == 0)
		return err_input("measures", SAY_NOTHING);
out:
	return e;
}

static err decide_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	err e;
	TRY(docket_check_steward(job->c, job->steward));
	TRY(docket_find(tx, job->steward, job->id, job->mem, &job->one));
	if (job->one.state != CASE_OPEN || job->one.version != job->decision->version)
		return err_conflict(NULL, SAY_CASE_CHANGED);
	TRY(cases_items(tx, job->id, CASE_ITEMS_MAX, job->mem, &job->items, &job->n_items));
	TRY(do_all(job, tx));
	TRY(docket_close(job->c, tx, job->id, job->steward, job->note, job->now_ms, job->mem));
out:
	return e;
}

static void decide_after(void *ctx)
{
	struct decide_job *job = ctx;
	order_after(job->x);
}

err docket_decide(struct circle *c, person_id steward, case_id id,
                  const struct case_decision *decision, int64_t now_ms, struct arena *mem,
                  struct case_look *out)
{
	struct order_changes x = order_changes(c, mem);
	struct decide_job job = { .c = c,
		                  .steward = steward,
		                  .id = id,
		                  .decision = decision,
		                  .now_ms = order_now(c, now_ms),
		                  .mem = mem,
		                  .x = &x };
	err e;
	TRY(phrase_line(decision->note, 1, NOTE_MAX, "note", SAY_NOTE, &job.note));
	if (decision->n_bad > 0)
		TRY(phrase_line(decision->bad_note, 1, NOTE_MAX, "bad_faith", SAY_BAD_NOTE,
		                &job.bad_note));
	TRY(verb_write(c, decide_work, decide_after, &job));
	log_event(c->log, LOG_INFO, "case.decided", LOG_I64("number", job.one.number));
	TRY(docket_look(c, steward, id, now_ms, mem, out));
out:
	return e;
}

err docket_rule(struct order_changes *x, struct conn *tx, person_id steward, measure_id id,
                bool release, str note, int64_t now_ms)
{
	const struct case_ruling ruling = { .id = id,
		                            .how = release ? RULING_RELEASE : RULING_KEEP };
	struct decide_job job = {
		.c = x->c, .steward = steward, .note = note, .mem = x->mem, .x = x
	};
	err e;
	job.now_ms = now_ms = order_now(x->c, now_ms);
	TRY(cases_of_item(tx, ITEM_MEASURE, id.v, &job.id));
	TRY(docket_find(tx, steward, job.id, job.mem, &job.one));
	TRY(cases_items(tx, job.id, CASE_ITEMS_MAX, job.mem, &job.items, &job.n_items));
	TRY(rule(&job, tx, &ruling));
	TRY(docket_close(x->c, tx, job.id, steward, note, now_ms, job.mem));
out:
	return e;
}
