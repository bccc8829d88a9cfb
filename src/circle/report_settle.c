/* What a steward found of reports, and its taking back. A reporter counts once however many pieces they named; their past moves by one,
 * they hear of it once, and of bad faith they are told by the measure that it is. */
#include "circle/report_private.h"

#include "circle/verb.h"

#include "store/cases.h"
#include "store/measures.h"
#include "store/reports.h"

#include <assert.h>

#define OF_CASE_MAX 4096
#define MEASURES_LOOKED_AT 200

static const char abuse_evidence[] =
	"{\"reasons\":[{\"rule\":\"order.report-abuse\",\"clause\":\"\",\"text\":{\"en\":\"You reported something in bad faith: to harm "
	"somebody, not because something was wrong.\",\"zh\":\"你的举报是恶意的：为了害人，而不是因为真有问题。\"},"
	"\"spans\":[]}]}";

struct settling {
	struct order_changes *x;
	struct conn *tx;
	case_id in;
	int64_t now_ms;
	struct report *all;
	size_t n;
};

static err begin(struct settling *s, struct order_changes *x, struct conn *tx, case_id in,
                 int64_t now_ms)
{
	*s = (struct settling){ .x = x, .tx = tx, .in = in, .now_ms = now_ms };
	return reports_of_case(tx, in, OF_CASE_MAX, x->mem, &s->all, &s->n);
}

/* Whether an earlier one with this outcome is this reporter's too; `of` gives each one's, REPORT_OPEN where it is none of these. */
static bool is_repeated(const struct settling *s, size_t i,
                        enum report_state (*of)(const struct report *r, const void *ctx),
                        const void *ctx)
{
	for (size_t j = 0; j < i; j++)
		if (s->all[j].reporter.v == s->all[i].reporter.v &&
		    of(&s->all[j], ctx) == of(&s->all[i], ctx))
			return true;
	return false;
}

/* `by` 1: one more; -1: one less, as far as there is one. */
static err move_past(struct conn *tx, person_id reporter, enum report_state outcome, int by)
{
	struct reporter past;
	int *count;
	err e;
	TRY(reporters_find(tx, reporter, &past));
	count = outcome == REPORT_RIGHT       ? &past.n_right
	        : outcome == REPORT_BAD_FAITH ? &past.n_bad
	                                      : &past.n_wrong;
	*count = *count + by < 0 ? 0 : *count + by;
	TRY(reporters_put(tx, &past));
out:
	return e;
}

static err move(struct settling *s, const struct report *report, enum report_state state)
{
	struct report now = *report;
	err e;
	TRY(reports_set_state(s->tx, report, state, state == REPORT_OPEN ? 0 : s->now_ms));
	TRY(cases_set_done(s->tx, s->in, ITEM_REPORT, report->id.v, state != REPORT_OPEN));
	now.state = state;
	TRY(report_record(s->x->c, s->tx,
	                  state == REPORT_OPEN ? "report.reopened" : "report.settled", &now, s->in,
	                  s->now_ms));
out:
	return e;
}

/* ---- settling ---- */

static enum report_state found_of(const struct report *report, const void *ctx)
{
	const struct report_finding *f = ctx;
	if (report->state != REPORT_OPEN)
		return REPORT_OPEN;
	for (size_t i = 0; i < f->n_bad; i++)
		if (f->bad[i].v == report->id.v)
			return REPORT_BAD_FAITH;
	for (size_t i = 0; i < f->n_right; i++)
		if (f->right[i].v == report->id.v)
			return REPORT_RIGHT;
	return f->outcome;
}

static err tell(struct settling *s, const struct report *report)
{
	struct notice notice = {
		.id = { snowflake_next(s->x->c->ids) },
		.reader = report->reporter,
		.kind = NOTICE_REPORTED,
		.post_author = report->piece.post_author,
		.post = report->piece.post,
		.comment = report->piece.comment,
		.report = report->id,
		.at_ms = s->now_ms,
	};
	return verb_tell(s->x->c, s->tx, &notice);
}

/* An offence of the reporter's own: a small one. */
static err hold_against(struct settling *s, const struct report_finding *f, person_id reporter)
{
	struct measure m = {
		.subject = reporter,
		.kind = MEASURE_NOTICE,
		.rule = REPORT_ABUSE_RULE,
		.policy = S(""),
		.evidence = str_of(abuse_evidence),
		.starts_at_ms = s->now_ms,
		.by = f->by,
		.decided_by = f->by,
		.decided_at_ms = s->now_ms,
		.decision_note = f->bad_note,
		.decider = DECIDER_STEWARD,
		.harm = HARM_CLASS_B,
		.points = order_points(HARM_CLASS_B, true),
		.in = s->in,
	};
	return order_impose(s->x, s->tx, &m, s->now_ms);
}

/* Who is gone hears nothing. */
static err answer_reporter(struct settling *s, const struct report_finding *f,
                           const struct report *report)
{
	enum report_state found = found_of(report, f);
	err e;
	if (report->reporter.v == 0)
		return OK;
	TRY(move_past(s->tx, report->reporter, found, 1));
	TRY(found == REPORT_BAD_FAITH ? hold_against(s, f, report->reporter) : tell(s, report));
out:
	return e;
}

/* Those that wait on carry among them what they count together. */
static err weigh_rest(struct settling *s)
{
	int64_t priority;
	report_id lead;
	err e = OK;
	if (s->n == 0)
		return OK;
	TRY(report_priority(s->x->c, s->tx, s->all[0].target, s->x->mem, &lead, &priority));
	if (lead.v != 0)
		TRY(cases_set_priority(s->tx, s->in, ITEM_REPORT, lead.v, priority));
out:
	return e;
}

err report_settle(struct order_changes *x, struct conn *tx, const struct report_finding *finding,
                  int64_t now_ms)
{
	struct settling s;
	bool party;
	err e;
	assert(finding->outcome != REPORT_BAD_FAITH); /* it is said of each by itself */
	TRY(cases_is_party(tx, finding->in, finding->by, &party));
	if (party)
		return err_missing("a party to it");
	TRY(begin(&s, x, tx, finding->in, now_ms));
	for (size_t i = 0; i < s.n; i++) {
		enum report_state found = found_of(&s.all[i], finding);
		if (found == REPORT_OPEN)
			continue;
		TRY(move(&s, &s.all[i], found));
		if (!is_repeated(&s, i, found_of, finding))
			TRY(answer_reporter(&s, finding, &s.all[i]));
	}
	TRY(weigh_rest(&s));
out:
	return e;
}

/* ---- taking back ---- */

static enum report_state was_found(const struct report *report, const void *ctx)
{
	return report->decided_at_ms == *(const int64_t *)ctx ? report->state : REPORT_OPEN;
}

/* The offence that this very decision made of it. */
static err let_off(struct settling *s, const struct report *report)
{
	static const struct order_end end = { .state = MEASURE_RELEASED,
		                              .decider = DECIDER_STEWARD,
		                              .note = { "", 0 } };
	struct measure *all;
	size_t n;
	err e;
	TRY(measures_of(s->tx, report->reporter, (measure_id){ 0 }, MEASURES_LOOKED_AT, s->x->mem,
	                &all, &n));
	for (size_t i = 0; i < n; i++)
		if (all[i].in.v == s->in.v && str_eq(all[i].rule, REPORT_ABUSE_RULE) &&
		    all[i].decided_at_ms == report->decided_at_ms && all[i].state == MEASURE_ACTIVE)
			TRY(order_end(s->x, s->tx, &all[i], &end, s->now_ms));
out:
	return e;
}

/* Whoever reported the same thing anew meanwhile has that one open: the older stays over, as if nothing had been found. */
static err open_again(struct settling *s, const struct report *report)
{
	struct report newer;
	err e = reports_find_open(s->tx, report, s->x->mem, &newer);
	if (e.code == ERR_MISSING)
		return move(s, report, REPORT_OPEN);
	return failed(e) ? e : move(s, report, REPORT_NOT_CONFIRMED);
}

static err take_back(struct settling *s, const struct report *report)
{
	err e;
	if (report->reporter.v == 0)
		return OK;
	TRY(move_past(s->tx, report->reporter, report->state, -1));
	if (report->state == REPORT_BAD_FAITH)
		TRY(let_off(s, report));
out:
	return e;
}

err report_reopen(struct order_changes *x, struct conn *tx, case_id in, int64_t decided_at_ms,
                  int64_t now_ms)
{
	struct settling s;
	err e;
	TRY(begin(&s, x, tx, in, now_ms));
	for (size_t i = 0; i < s.n; i++) {
		if (was_found(&s.all[i], &decided_at_ms) == REPORT_OPEN)
			continue;
		TRY(open_again(&s, &s.all[i]));
		if (!is_repeated(&s, i, was_found, &decided_at_ms))
			TRY(take_back(&s, &s.all[i]));
	}
	TRY(weigh_rest(&s));
out:
	return e;
}
