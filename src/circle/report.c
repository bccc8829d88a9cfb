/* One transaction asks the door, writes the reports down, puts them into the open case of whom they are on, and writes the log. */
#include "circle/report_private.h"

#include "circle/audit.h"
#include "circle/calendar.h"
#include "circle/docket.h"
#include "circle/order.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/cases.h"
#include "store/comments.h"
#include "store/posts.h"
#include "store/reports.h"

#include "base/leak.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define PAGE_MAX 80
#define PAGE_DEFAULT 40
#define SAY_SELF "That is yourself."
#define SAY_TEXT "A report has at most 1,000 characters."
#define SAY_PACE "You have reported very much in a day. Please go on tomorrow."

struct file_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	const struct report_draft *draft;
	str text;
	int64_t now_ms, due_at_ms;
	struct door door;
	struct report *out;
	size_t n, n_new;
};

/* A piece: what the reporter sees there now, by whom it is said to be. The piece decides whose it is, never the reporter. */
static err check_piece(struct conn *tx, struct file_job *job, const struct status_ref *ref)
{
	const struct see_source *see = &job->door.see;
	person_id me = job->me, author;
	struct comment comment;
	struct post_gate gate;
	bool seen;
	err e;
	TRY(posts_gate(tx, ref->post_author, ref->post, job->mem, &gate));
	author = gate.author;
	seen = see_post(see, me, &gate, job->now_ms);
	if (ref->comment.v != 0) {
		TRY(comments_find(tx, ref->post_author, ref->post, ref->comment, job->mem,
		                  &comment));
		author = comment.gate.author;
		seen = seen && see_comment(see, me, &gate, &comment.gate, job->now_ms);
	}
	TRY(door_answer(&job->door,
	                (seen || LEAK("report.unseen")) && author.v == job->draft->target.v,
	                "nothing this reporter sees of theirs"));
out:
	return e;
}

/* Behind one's own block the list of blocked people shows the card: who was molested and blocked first may report afterwards. */
static err check_target(struct file_job *job)
{
	const struct see_source *see = &job->door.see;
	person_id me = job->me, target = job->draft->target;
	bool seen = see_card(see, me, target) ||
	            (see->block(see->ctx, me, target) && see->person(see->ctx, target).active);
	return door_answer(&job->door, seen, "nobody this reporter sees");
}

/* What each report is on, and those that are open already. */
static err look_up(struct conn *tx, struct file_job *job)
{
	const struct report_draft *draft = job->draft;
	size_t n = draft->n_statuses > 0 ? draft->n_statuses : 1;
	err e;
	TRY(check_target(job));
	job->out = ARENA_ARRAY(job->mem, n, struct report);
	for (job->n = 0; job->n < n; job->n++) {
		struct report *r = &job->out[job->n];
		*r = (struct report){ .target = draft->target, .reporter = job->me };
		if (draft->n_statuses > 0) {
			TRY(status_refs_find(tx, draft->statuses[job->n], &r->piece));
			TRY(check_piece(tx, job, &r->piece));
		}
		e = reports_find_open(tx, r, job->mem, r);
		if (e.code == ERR_MISSING)
			job->n_new++;
		else
			TRY(e);
	}
	e = OK;
out:
	return e;
}

/* Until the last ones with these are no more than a day's. */
static err pace_wait(struct conn *conn, person_id me, size_t n, int64_t now_ms, int64_t *wait_ms)
{
	int64_t at_ms;
	err e = reports_nth_latest(conn, me, REPORTS_A_DAY + 1 - (int)n, &at_ms);
	*wait_ms = failed(e) || at_ms <= now_ms - DAY_MS ? 0 : at_ms + DAY_MS - now_ms;
	return e;
}

static err check_pace(struct conn *tx, const struct file_job *job)
{
	int64_t wait_ms = 0;
	err e = OK;
	if (job->n_new > 0)
		TRY(pace_wait(tx, job->me, job->n_new, job->now_ms, &wait_ms));
	if (wait_ms > 0)
		e = err_limit(NULL, SAY_PACE);
out:
	return e;
}

err report_wait(struct circle *c, person_id me, size_t n, int64_t now_ms, int64_t *wait_ms)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(pace_wait(conn, me, n, order_now(c, now_ms), wait_ms));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* Into the case; the first one there carries what all count together. */
static err enter(struct conn *tx, struct file_job *job, const struct report *r, case_id *in)
{
	struct case_entry entry = {
		.subject = r->target,
		.harm = report_harm(r->category),
		.due_at_ms = job->due_at_ms,
		.item = { .kind = ITEM_REPORT,
		          .id = r->id.v,
		          .owner = r->target,
		          .at_ms = r->at_ms },
	};
	struct order_case one;
	int64_t priority;
	report_id lead;
	err e;
	if (r->piece.post.v != 0)
		TRY(cases_family_of(tx, &r->piece, &entry.item.family));
	TRY(report_priority(job->c, tx, r->target, job->mem, &lead, &priority));
	if (lead.v == r->id.v) {
		entry.priority = priority;
	} else {
		TRY(cases_of_item(tx, ITEM_REPORT, lead.v, in));
		TRY(cases_set_priority(tx, *in, ITEM_REPORT, lead.v, priority));
	}
	TRY(docket_add(job->c, tx, &entry, job->now_ms, job->mem, &one));
	*in = one.id;
out:
	return e;
}

err report_record(struct circle *c, struct conn *tx, const char *kind, const struct report *report,
                  case_id in, int64_t now_ms)
{
	const char *outcome = report_outcome_word(report->state);
	struct audit_entry entry = {
		.kind = kind,
		.fields = { { "report", AUDIT_NUMBER, report->id.v, STR_NONE },
		            { "case", AUDIT_NUMBER, in.v, STR_NONE },
		            { "category", AUDIT_WORD, 0,
		              str_of(report_category_word(report->category)) },
		            { "outcome", AUDIT_WORD, 0, outcome ? str_of(outcome) : S("open") } },
		.n = 4,
	};
	return audit_append(c, tx, &entry, now_ms, NULL);
}

static err file_one(struct conn *tx, struct file_job *job, struct report *r)
{
	case_id in;
	err e;
	r->id.v = snowflake_next(job->c->ids);
	r->category = job->draft->category;
	r->text = job->text;
	r->at_ms = job->now_ms;
	TRY(report_seen_by(job->c, tx, r, job->now_ms, job->mem, &r->seen_by));
	e = reports_insert(tx, r);
	if (e.code == ERR_CONFLICT) /* the same piece twice in one request */
		return reports_find_open(tx, r, job->mem, r);
	TRY(e);
	TRY(enter(tx, job, r, &in));
	TRY(report_record(job->c, tx, "report.filed", r, in, job->now_ms));
out:
	return e;
}

static err file_work(struct conn *tx, void *ctx)
{
	struct file_job *job = ctx;
	err e;
	job->n_new = 0;
	door_open(&job->door, tx, job->mem);
	TRY(door_writer(&job->door, job->me));
	TRY(look_up(tx, job));
	TRY(check_pace(tx, job));
	TRY(calendar_after(tx, job->now_ms, REPORT_WORKING_DAYS, job->mem, &job->due_at_ms));
	for (size_t i = 0; i < job->n; i++)
		if (job->out[i].id.v == 0)
			TRY(file_one(tx, job, &job->out[i]));
out:
	return e;
}

/* Blanks alone are no words. */
static err check_text(str text, str *out)
{
	err e = phrase_text(text, REPORT_TEXT_MAX, "comment", err_missing("no words"),
	                    err_limit("comment", SAY_TEXT));
	*out = failed(e) ? S("") : text;
	return e.code == ERR_MISSING ? OK : e;
}

err report_file(struct circle *c, person_id me, const struct report_draft *draft, int64_t now_ms,
                struct arena *mem, struct report **out, size_t *n)
{
	struct file_job job = {
		.c = c, .mem = mem, .me = me, .draft = draft, .now_ms = order_now(c, now_ms)
	};
	err e;
	if (draft->target.v == me.v)
		return err_input("account_id", SAY_SELF);
	TRY(check_text(draft->text, &job.text));
	TRY(verb_write(c, file_work, NULL, &job));
	*out = job.out;
	*n = job.n;
	log_event(c->log, LOG_INFO, "report.filed", LOG_I64("n", (int64_t)job.n_new),
	          LOG_STR("category", str_of(report_category_word(draft->category))));
out:
	return e;
}

/* ---- reading ---- */

err report_mine(struct circle *c, person_id me, struct page page, struct arena *mem,
                struct report **out, size_t *n)
{
	int limit = page.limit < 1 ? PAGE_DEFAULT : page.limit > PAGE_MAX ? PAGE_MAX : page.limit;
	int64_t after = page.since_id > page.min_id ? page.since_id : page.min_id;
	struct conn *conn = NULL;
	size_t found;
	err e;
	*n = 0;
	TRY(store_read(c->store, &conn));
	TRY(reports_by(conn, me, (report_id){ page.max_id }, limit, mem, out, &found));
	while (*n < found && (*out)[*n].id.v > after)
		++*n;
out:
	store_read_end(c->store, &conn);
	return e;
}

err report_card(struct circle *c, person_id me, person_id target, struct arena *mem,
                struct person *out)
{
	struct person *blocked;
	size_t n;
	err e = read_card(c, me, target, mem, out);
	if (e.code != ERR_MISSING)
		return e;
	TRY(read_blocked(c, me, mem, &blocked, &n));
	for (size_t i = 0; i < n; i++) {
		if (blocked[i].id.v != target.v)
			continue;
		*out = blocked[i];
		return OK;
	}
	e = err_missing("nobody this reporter sees");
out:
	return e;
}
