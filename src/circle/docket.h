/* docket.h - cases: what waits for the stewards, one open case a person, claimed by one at a time, decided with a reason, undone. */
#ifndef KITH_CIRCLE_DOCKET_H
#define KITH_CIRCLE_DOCKET_H

#include "circle/circle.h"
#include "circle/cite.h"
#include "circle/exhibit.h"
#include "circle/order.h"
#include "circle/read.h"
#include "model/plea.h"
#include "model/case.h"
#include "model/lead.h"

#define CASE_CLAIM_MS (INT64_C(10) * 60 * 1000)
#define CASE_UNDO_MS (INT64_C(15) * 60 * 1000)

/* Puts an item into the open case of `subject` (0: a case of its own), which is made when there is none. Inside the transaction of
 * what the item is. The case's harm is the gravest of its open items', which a complaint can say where nothing else waits; its clock the earliest, its priority the highest. An item that
 * is in an open case already only gets the new harm, clock and priority. A measure or a report of class c is left to the readers'
 * own tools and waits for nobody: `out->id` is 0 then. */
struct case_entry {
	person_id subject;
	enum harm_class harm;
	int64_t due_at_ms; /* INT64_MAX: it has no clock */
	int64_t priority;
	struct case_item item; /* its kind, id, owner, family and time */
};
MUST_CHECK err docket_add(struct circle *c, struct conn *tx, const struct case_entry *entry,
                          int64_t now_ms, struct arena *mem, struct order_case *out);
/* The item is settled elsewhere (a hold lapsed, an appeal decided by its jury): the case closes `as` that with its last one. Nothing
 * happens when it waits in no case. */
MUST_CHECK err docket_settle(struct circle *c, struct conn *tx, enum case_item_kind kind,
                             int64_t item_id, enum case_state as, int64_t now_ms,
                             struct arena *mem);

/* At start: what waits for a steward and is in no case (it was held by an older program) gets into one; what was settled while this
 * database was away (it came from a backup) waits no longer. */
MUST_CHECK err docket_load(struct circle *c, int64_t now_ms);

/* ---- the stewards' console ---- */

/* What a list shows of a case: nothing anybody wrote, so that whoever wants to read has to look. */
struct case_line {
	struct order_case one;
	struct person subject; /* handle and name; id 0: nobody here */
	enum { CASE_UNCLAIMED, CASE_CLAIMED_BY_ME, CASE_CLAIMED } claim;
	int items[CASE_ITEM_KINDS]; /* of each kind, those done too */
	bool has_report, has_complaint;
	enum report_category reported; /* by the first */
	enum complaint_category complained;
	const struct measure *gravest; /* NULL: without a measure */
};
/* Open ones in the order in which they want to be decided, complaints from outside last; or (CASE_DECIDED) those that are over, newest
 * first. `page.max_id`: from behind this case, wherever it stands now. None that this steward is a party to: ERR_MISSING for a max_id that
 * is one, too. ERR_DENIED for others than stewards. */
enum case_side { CASES_ALL, CASES_INSIDE, CASES_OUTSIDE };
struct queue_part {
	enum case_state state;
	enum case_side side; /* of open ones */
	struct page page;
};
MUST_CHECK err docket_queue(struct circle *c, person_id steward, const struct queue_part *part,
                            int64_t now_ms, struct arena *mem, struct case_line **out, size_t *n);

/* How often the same was written, by whom and when. */
struct case_copy {
	struct person author;
	int64_t at_ms;
	double similarity; /* 0..1, to the first of them */
	int depth;         /* copies above it */
	bool mine;         /* of the case's subject */
};
/* With the measure it is about, and the piece while it waits. */
struct case_appeal {
	struct appeal appeal;
	struct seen_measure measure;
	bool may; /* this steward may decide it: a steward's it is, and they did not make the measure */
};
/* That was reported or complained of, and waits here without a measure of its own. */
struct case_piece {
	struct seen_measure seen;
	struct cited
		fits; /* the rule by which it would be acted upon, where the steward names none */
};
struct case_look {
	struct case_line line;
	struct seen_measure *measures; /* that wait or waited here */
	size_t n_measures;
	struct case_piece *pieces;
	size_t n_pieces;
	struct weighed_report *reports; /* without who made them: circle/report.h */
	size_t n_reports;
	struct complaint *complaints;
	size_t n_complaints;
	struct case_appeal *appeals;
	size_t n_appeals;
	struct case_link *answers; /* of experts */
	size_t n_answers;
	struct seen_measure *history; /* of the subject, newest first; without their pieces */
	size_t n_history;
	struct standing standing; /* with the step that is proposed */
	struct case_copy *copies;
	size_t n_copies;
	struct order_case *linked; /* with copies of what this one has */
	size_t n_linked;
	struct case_deed *deeds; /* newest first */
	size_t n_deeds;
	struct case_line *similar;
	size_t n_similar;
	struct cited *rules; /* by which a steward may act; none once it is over */
	size_t n_rules;
};
/* One case whole. What was looked at is written down first. A piece is shown while it waits here, or is held. ERR_MISSING for its
 * parties, ERR_DENIED for others than stewards. */
MUST_CHECK err docket_look(struct circle *c, person_id steward, case_id id, int64_t now_ms,
                           struct arena *mem, struct case_look *out);

/* For CASE_CLAIM_MS, or longer by claiming again. ERR_CONFLICT when another steward has it. It keeps nobody from deciding: the version
 * does. */
MUST_CHECK err docket_claim(struct circle *c, person_id steward, case_id id, int64_t now_ms,
                            struct arena *mem, struct case_line *out);
MUST_CHECK err docket_unclaim(struct circle *c, person_id steward, case_id id, int64_t now_ms,
                              struct arena *mem, struct case_line *out);

/* ---- deciding ---- */

/* What a steward decides about a measure that waits in the case. */
enum case_ruling_how {
	RULING_RELEASE,
	RULING_KEEP,
	RULING_LABEL /* it is released, and a label begins */
};
struct case_ruling {
	measure_id id;
	enum case_ruling_how how;
};
/* On a piece that waits in the case because it was reported or complained of. A label is no offence; a hold is one, is kept from its
 * beginning, and the program's notice follows it. What folds, the program finds alone. */
struct case_act {
	int64_t status; /* a post or a comment */
	bool hold;      /* else a label */
	str rule;       /* circle/cite.h; empty: what fits the report or complaint */
};
struct case_verdict {
	appeal_id id;
	bool overturn;
};
struct case_reply {
	complaint_id id;
	str answer;
};
struct case_decision {
	int version; /* of the case that was looked at */
	str note; /* required: 1 to 500 characters, for the subject too; never for who reported */
	const struct case_ruling *rulings;
	size_t n_rulings;
	const struct case_act *acts; /* the reports on these pieces were right */
	size_t n_acts;
	const measure_id
		*confirmed; /* proposed seals: by another steward than the one who proposed them */
	size_t n_confirmed;
	bool has_step; /* on the subject: notice, fewer, no friends, freeze, seal */
	enum measure_kind step;
	int days; /* 0: as long as that step lasts by itself */
	str rule; /* by which; empty: that of the gravest measure here, or what fits the first report or complaint */
	const struct case_verdict *verdicts;
	size_t n_verdicts;
	enum report_state
		finding; /* of all other open reports: right, not confirmed; REPORT_OPEN: none */
	const report_id *bad; /* those that were made in bad faith */
	size_t n_bad;
	str bad_note; /* required with `bad`: 1 to 500 characters, for who made them alone */
	const struct case_reply *replies;
	size_t n_replies;
};
/* All of it or nothing, in one transaction; what is not named goes on waiting, and the case is over with its last item. An expert's
 * answers count as read. ERR_CONFLICT when the case was decided or changed since that version; ERR_INPUT naming what makes no sense;
 * ERR_MISSING for parties and for what does not wait here; ERR_DENIED for others than stewards, and where another steward has to. */
MUST_CHECK err docket_decide(struct circle *c, person_id steward, case_id id,
                             const struct case_decision *decision, int64_t now_ms,
                             struct arena *mem, struct case_look *out);
/* One measure of a case, whatever its version, inside the transaction and with the changes of circle/review.h: a deed as any other. */
MUST_CHECK err docket_rule(struct order_changes *x, struct conn *tx, person_id steward,
                           measure_id id, bool release, str note, int64_t now_ms);
/* Takes back the whole decision that this deed belongs to: by who made it, within CASE_UNDO_MS. What waited waits again, in this case; an
 * open one that the subject got meanwhile becomes part of it. ERR_CONFLICT when it is too late, or something of it went on since. */
MUST_CHECK err docket_undo(struct circle *c, person_id steward, case_id id, int64_t deed,
                           int64_t now_ms, struct arena *mem, struct case_look *out);

#endif
