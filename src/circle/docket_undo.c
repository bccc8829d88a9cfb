/* A decision taken back, whole: each of its deeds from the last to the first, every item waits again, and the log says both. */
#include "circle/docket_private.h"

#include "circle/appeal.h"
#include "circle/complain.h"
#include "circle/report.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/cases.h"
#include "store/measures.h"

#define DEEDS_MAX 2000 /* of one case */
#define SAY_LATE "A decision can be taken back for fifteen minutes."
#define SAY_OTHER "Only who decided this can take it back."
#define SAY_MOVED "Something of this went on since: it cannot be taken back any more."

struct undo_job {
	struct circle *c;
	person_id steward;
	case_id id;
	int64_t deed;
	int64_t now_ms;
	struct arena *mem;
	struct order_changes x;
	struct order_case one;
};

static err wait_again(struct undo_job *job, struct conn *tx, const struct case_deed *deed)
{
	return cases_set_done(tx, job->id, deed->item_kind, deed->item, false);
}

/* As it was before the deed, with who had decided it and why. */
static err put_back(struct undo_job *job, struct conn *tx, const struct case_deed *deed,
                    const struct measure *m)
{
	struct measure was = *m;
	was.state = (enum measure_state)deed->before;
	was.decided_by = deed->past.decided_by;
	was.decided_at_ms = deed->past.decided_at_ms;
	was.decision_note = deed->past.note;
	was.starts_at_ms = deed->past.starts_at_ms;
	was.ends_at_ms = deed->past.ends_at_ms;
	was.due_at_ms = deed->past.due_at_ms;
	return order_restore(&job->x, tx, m, &was, job->now_ms);
}

/* Into the state it had, if it is still in the one the deed gave it. */
static err restore(struct undo_job *job, struct conn *tx, const struct case_deed *deed,
                   enum measure_state given)
{
	struct measure m;
	err e;
	TRY(measures_find(tx, (measure_id){ deed->item }, job->mem, &m));
	if (m.state != given)
		return err_conflict(NULL, SAY_MOVED);
	TRY(put_back(job, tx, deed, &m));
	TRY(wait_again(job, tx, deed));
out:
	return e;
}

/* What the decision began ends, unless it is over already; as if nobody had decided about it, so that no rule is blamed. What somebody else
 * has decided about since, another steward who confirmed a seal, is not the first one's any more. */
static err end_begun(struct undo_job *job, struct conn *tx, const struct case_deed *deed)
{
	const struct order_end end = { .state = MEASURE_RELEASED, .decider = DECIDER_STEWARD };
	enum measure_state state;
	struct measure m;
	err e;
	TRY(measures_find(tx, (measure_id){ deed->item }, job->mem, &m));
	state = measure_state_at(&m, job->now_ms);
	if (state != MEASURE_ACTIVE && state != MEASURE_KEPT && state != MEASURE_PROPOSED)
		return OK;
	if (m.decided_by.v != deed->by.v)
		return err_conflict(NULL, SAY_MOVED);
	TRY(order_end(&job->x, tx, &m, &end, job->now_ms));
out:
	return e;
}

static err reopen_appeal(struct undo_job *job, struct conn *tx, const struct case_deed *deed)
{
	struct appeal appeal;
	struct measure m;
	err e;
	TRY(appeals_find(tx, (appeal_id){ deed->item }, job->mem, &appeal));
	TRY(measures_find(tx, appeal.measure, job->mem, &m));
	TRY(appeal_reopen(job->c, tx, appeal.id, job->now_ms));
	if ((int)m.state != deed->before)
		TRY(put_back(job, tx, deed, &m));
	TRY(wait_again(job, tx, deed));
out:
	return e;
}

static err undo(struct undo_job *job, struct conn *tx, const struct case_deed *deed)
{
	err e = OK;
	switch (deed->kind) {
	case DEED_RELEASED:
		return restore(job, tx, deed, MEASURE_RELEASED);
	case DEED_KEPT:
	case DEED_CONFIRMED:
		return restore(job, tx, deed, MEASURE_KEPT);
	case DEED_LABELLED:
	case DEED_HELD:
	case DEED_STEP:
		return end_begun(job, tx, deed);
	case DEED_APPEAL_KEPT:
	case DEED_APPEAL_OVERTURNED:
		return reopen_appeal(job, tx, deed);
	case DEED_REPORT:
	case DEED_BAD_FAITH: /* of one decision they are of one moment: both come back with either */
		return report_reopen(&job->x, tx, job->id, deed->at_ms, job->now_ms);
	case DEED_COMPLAINT:
		TRY(complain_reopen(job->c, tx, job->id, (complaint_id){ deed->item },
		                    job->now_ms));
		return wait_again(job, tx, deed);
	case DEED_READ:
		return wait_again(job, tx, deed);
	case DEED_KINDS:
		break;
	}
out:
	return e;
}

/* One that a clock set ahead dates later than now is not recent either. */
static bool is_recent(const struct case_deed *deed, int64_t now_ms)
{
	return now_ms - deed->at_ms < CASE_UNDO_MS && deed->at_ms - now_ms < CASE_UNDO_MS;
}

/* The decision, if this steward may take it back now. */
static err find_decision(struct undo_job *job, const struct case_deed *deeds, size_t n,
                         int64_t *decision)
{
	for (size_t i = 0; i < n; i++) {
		const struct case_deed *deed = &deeds[i];
		if (deed->id != job->deed)
			continue;
		if (deed->by.v != job->steward.v)
			return (err){ ERR_DENIED, SAY_OTHER, NULL, SAY_OTHER };
		if (deed->undone || !is_recent(deed, job->now_ms))
			return err_conflict(NULL, SAY_LATE);
		*decision = deed->decision;
		return OK;
	}
	return err_missing("no such deed in this case");
}

/* There is one open case a person: what came since the decision becomes part of this one. */
static err merge(struct undo_job *job, struct conn *tx)
{
	struct order_case other;
	err e = err_missing("nobody");
	if (job->one.subject.v != 0)
		e = cases_open_of(tx, job->one.subject, job->mem, &other);
	if (e.code == ERR_MISSING || (!failed(e) && other.id.v == job->id.v))
		return OK;
	TRY(e);
	TRY(cases_move_items(tx, other.id, job->id));
	other.state = CASE_MERGED;
	other.decided_at_ms = job->now_ms;
	TRY(docket_save(job->c, tx, &other));
out:
	return e;
}

static err undo_work(struct conn *tx, void *ctx)
{
	struct undo_job *job = ctx;
	struct case_deed *deeds;
	int64_t decision;
	bool party;
	size_t n;
	err e;
	TRY(docket_check_steward(job->c, job->steward));
	TRY(docket_find(tx, job->steward, job->id, job->mem, &job->one));
	TRY(cases_deeds(tx, job->id, DEEDS_MAX, job->mem, &deeds, &n));
	TRY(find_decision(job, deeds, n, &decision));
	TRY(merge(job, tx));
	/* Of what came since, its reports say, the steward may be a side. */
	TRY(cases_is_party(tx, job->id, job->steward, &party));
	if (party)
		return err_conflict(NULL, SAY_MOVED);
	for (size_t i = n; i-- > 0;) {
		if (deeds[i].decision != decision)
			continue;
		TRY(undo(job, tx, &deeds[i]));
		TRY(docket_log(job->c, tx, "case.undone", &job->one, &deeds[i], job->now_ms));
	}
	TRY(cases_set_undone(tx, job->id, decision));
	TRY(docket_close(job->c, tx, job->id, (person_id){ 0 }, S(""), job->now_ms, job->mem));
out:
	return e;
}

static void undo_after(void *ctx)
{
	struct undo_job *job = ctx;
	order_after(&job->x);
}

err docket_undo(struct circle *c, person_id steward, case_id id, int64_t deed, int64_t now_ms,
                struct arena *mem, struct case_look *out)
{
	struct undo_job job = { .c = c,
		                .steward = steward,
		                .id = id,
		                .deed = deed,
		                .now_ms = order_now(c, now_ms),
		                .mem = mem,
		                .x = order_changes(c, mem) };
	err e;
	TRY(verb_write(c, undo_work, undo_after, &job));
	log_event(c->log, LOG_INFO, "case.undone", LOG_I64("number", job.one.number));
	TRY(docket_look(c, steward, id, now_ms, mem, out));
out:
	return e;
}
