/* One case whole, for a steward who is no party to it: what waits, and what helps to judge it. A piece is shown while it waits here
 * or is held, and no longer; who looked is written down first. */
#include "circle/docket_private.h"

#include "circle/disclose.h"
#include "circle/appeal.h"
#include "circle/report.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/appeals.h"
#include "store/case_links.h"
#include "store/cases.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/reports.h"
#include "store/screenings.h"

#include "base/leak.h"

#define HISTORY_MAX 40
#define COPIES_MAX 100
#define LINKED_MAX 20
#define SIMILAR_MAX 5
#define DEEDS_MAX 1000
#define LINKS_MAX 100
#define PIECES_MAX 50
#define FAMILIES_MAX 8 /* of one case that are looked into */

struct look {
	struct circle *c;
	struct conn *conn;
	person_id steward;
	int64_t now_ms;
	struct arena *mem;
	struct case_item *items;
	size_t n_items;
	struct case_look *out;
};

static bool shows_piece(const struct seen_measure *seen)
{
	return seen->has_post || seen->has_comment;
}

static bool waits(const struct look *look, const struct case_item *item)
{
	return look->out->line.one.state == CASE_OPEN && !item->done;
}

/* What waits here, or is held, is for a steward's eyes. */
static err show(struct look *look, const struct case_item *item, measure_id id,
                struct seen_measure *out)
{
	struct measure m;
	err e;
	TRY(measures_find(look->conn, id, look->mem, &m));
	if (waits(look, item) || look->now_ms < measure_held_until(&m))
		e = exhibit(look->c, look->conn, &m, false, look->now_ms, look->mem, out);
	else
		exhibit_bare(look->c, &m, look->now_ms, look->mem, out);
out:
	return e;
}

static err add_measure(struct look *look, const struct case_item *item)
{
	struct seen_measure *seen = &look->out->measures[look->out->n_measures];
	err e = show(look, item, (measure_id){ item->id }, seen);
	look->out->n_measures += !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

static err add_measures(struct look *look)
{
	err e = OK;
	look->out->measures = ARENA_ARRAY(look->mem, look->n_items, struct seen_measure);
	for (size_t i = 0; i < look->n_items; i++)
		if (look->items[i].kind == ITEM_MEASURE)
			TRY(add_measure(look, &look->items[i]));
out:
	return e;
}

static err add_appeal(struct look *look, const struct case_item *item)
{
	struct case_appeal *out = &look->out->appeals[look->out->n_appeals];
	const struct appeal *appeal = &out->appeal;
	err e;
	TRY(appeals_find(look->conn, (appeal_id){ item->id }, look->mem, &out->appeal));
	TRY(show(look, item, appeal->measure, &out->measure));
	if (waits(look, item))
		TRY(appeal_may_decide(look->c, look->conn, look->steward, appeal, look->mem,
		                      &out->may));
	look->out->n_appeals++;
out:
	return e.code == ERR_MISSING ? OK : e;
}

static err add_complaint(struct look *look, const struct case_item *item)
{
	struct complaint *out = &look->out->complaints[look->out->n_complaints];
	err e = complaints_find(look->conn, (complaint_id){ item->id }, look->mem, out);
	out->contact = STR_NONE; /* the program answers, not the steward */
	look->out->n_complaints += !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

static err add_words(struct look *look)
{
	err e = OK;
	look->out->appeals = ARENA_ARRAY(look->mem, look->n_items, struct case_appeal);
	look->out->complaints = ARENA_ARRAY(look->mem, look->n_items, struct complaint);
	for (size_t i = 0; i < look->n_items; i++) {
		if (look->items[i].kind == ITEM_APPEAL)
			TRY(add_appeal(look, &look->items[i]));
		if (look->items[i].kind == ITEM_COMPLAINT)
			TRY(add_complaint(look, &look->items[i]));
	}
out:
	return e;
}

static bool has_piece(const struct look *look, const struct status_ref *ref)
{
	for (size_t i = 0; i < look->out->n_pieces; i++) {
		const struct measure *m = &look->out->pieces[i].seen.measure;
		if (m->post.v == ref->post.v && m->comment.v == ref->comment.v)
			return true;
	}
	return false;
}

/* Each once; `*added` is NULL when it was there before, or is gone. */
static err add_piece(struct look *look, const struct status_ref *piece, struct case_piece **added)
{
	struct case_piece *one = &look->out->pieces[look->out->n_pieces];
	err e;
	*added = NULL;
	if (piece->post.v == 0 || look->out->n_pieces == PIECES_MAX || has_piece(look, piece))
		return OK;
	TRY(exhibit_piece(look->c, look->conn, piece, look->now_ms, look->mem, &one->seen));
	if (!shows_piece(&one->seen))
		return OK;
	look->out->n_pieces++;
	*added = one;
out:
	return e;
}

static err add_reported(struct look *look, const struct report *report)
{
	struct case_piece *added;
	err e = add_piece(look, &report->piece, &added);
	if (!failed(e) && added != NULL)
		cite_report(look->c, report->category, look->mem, &added->fits);
	return e;
}

static err add_named(struct look *look, const struct complaint *complaint)
{
	struct case_piece *added = NULL;
	struct status_ref piece;
	err e = status_refs_find(look->conn, complaint->named, &piece);
	if (!failed(e))
		e = add_piece(look, &piece, &added);
	if (!failed(e) && added != NULL)
		cite_complaint(look->c, complaint->category, look->mem, &added->fits);
	return e.code == ERR_MISSING ? OK : e;
}

/* What was reported while a report on it is open, and what an open complaint names, where its author is here. */
static err add_pieces(struct look *look, const struct report *reports, size_t n)
{
	const struct case_look *out = look->out;
	err e = OK;
	look->out->pieces = ARENA_ARRAY(look->mem, PIECES_MAX, struct case_piece);
	for (size_t i = 0; i < n; i++)
		if (reports[i].state == REPORT_OPEN)
			TRY(add_reported(look, &reports[i]));
	for (size_t i = 0; i < out->n_complaints && out->line.one.subject.v != 0; i++)
		if (out->complaints[i].state == COMPLAINT_OPEN)
			TRY(add_named(look, &out->complaints[i]));
out:
	return e;
}

/* As they are weighed now; one that was decided weighs nothing any more. */
static void add_weighed(struct look *look, const struct report *one,
                        const struct weighed_report *weighed, size_t n)
{
	struct weighed_report *out = &look->out->reports[look->out->n_reports++];
	*out = (struct weighed_report){ .report = *one };
	for (size_t i = 0; i < n; i++)
		if (weighed[i].report.id.v == one->id.v)
			*out = weighed[i];
	if (!LEAK("case.reporter"))
		out->report.reporter = (person_id){ 0 };
}

static err add_reports(struct look *look)
{
	const struct order_case *one = &look->out->line.one;
	struct weighed_report *weighed;
	struct report *reports;
	int64_t priority;
	size_t n, n_weighed = 0;
	err e;
	TRY(reports_of_case(look->conn, one->id, CASE_ITEMS_MAX, look->mem, &reports, &n));
	if (one->state == CASE_OPEN) {
		TRY(add_pieces(look, reports, n));
		cite_all(look->c, look->mem, &look->out->rules, &look->out->n_rules);
	}
	if (n > 0 && one->subject.v != 0)
		TRY(report_weigh(look->conn, look->c, one->subject, look->mem, &weighed, &n_weighed,
		                 &priority));
	look->out->reports = ARENA_ARRAY(look->mem, n, struct weighed_report);
	for (size_t i = 0; i < n; i++)
		add_weighed(look, &reports[i], weighed, n_weighed);
out:
	return e;
}

static err add_history(struct look *look)
{
	person_id subject = look->out->line.one.subject;
	struct measure *found;
	size_t n;
	err e = OK;
	if (subject.v == 0)
		return OK;
	TRY(order_standing(look->conn, subject, look->now_ms, look->mem, &look->out->standing));
	TRY(measures_of(look->conn, subject, (measure_id){ 0 }, HISTORY_MAX, look->mem, &found,
	                &n));
	look->out->history = ARENA_ARRAY(look->mem, n, struct seen_measure);
	for (size_t i = 0; i < n; i++)
		exhibit_bare(look->c, &found[i], look->now_ms, look->mem, &look->out->history[i]);
	look->out->n_history = n;
out:
	return e;
}

/* ---- copies ---- */

/* Equal minima estimate the share of common shingles (Broder, "On the resemblance and containment of documents", 1997). */
static double similarity(const struct signature *a, const struct signature *b)
{
	int equal = 0;
	if (a->shingles == 0 || b->shingles == 0)
		return 0;
	for (int i = 0; i < SIGNATURE_MINIMA; i++)
		equal += a->minima[i] == b->minima[i];
	return (double)equal / SIGNATURE_MINIMA;
}

/* Who wrote a copy is not who this case is about: where the steward sees no card of them, there is none here either. */
static struct person copyist(const struct look *look, person_id author)
{
	const struct circle *c = look->c;
	struct see_source see = world_source(c->world);
	bool seen;
	world_lock(c->world);
	seen = see_card(&see, look->steward, author);
	world_unlock(c->world);
	return seen || author.v == look->out->line.one.subject.v
	               ? exhibit_person(c, author, look->mem)
	               : (struct person){ 0 };
}

static void add_copy(struct look *look, const struct screened *first, const struct screened *one)
{
	person_id subject = look->out->line.one.subject;
	look->out->copies[look->out->n_copies++] = (struct case_copy){
		.author = copyist(look, one->author),
		.at_ms = one->observation.at_ms,
		.similarity = similarity(&first->observation.signature,
		                         &one->observation.signature),
		.depth = (int)one->recollection.copy_depth,
		.mine = subject.v != 0 && one->author.v == subject.v,
	};
}

static err add_family(struct look *look, int64_t family)
{
	struct screened *first, one;
	struct status_ref *pieces;
	size_t n_first, n;
	err e;
	TRY(screenings_after(look->conn, family - 1, 1, look->mem, &first, &n_first));
	if (n_first == 0)
		return OK;
	if (look->out->n_copies < COPIES_MAX)
		add_copy(look, first, first);
	TRY(cases_family(look->conn, family, COPIES_MAX, look->mem, &pieces, &n));
	for (size_t i = 0; i < n && look->out->n_copies < COPIES_MAX; i++) {
		e = screenings_find(look->conn, &pieces[i], look->mem, &one);
		if (e.code == ERR_MISSING || (!failed(e) && one.observation.seq == family))
			continue;
		TRY(e);
		add_copy(look, first, &one);
	}
	e = OK;
out:
	return e;
}

static err add_copies(struct look *look)
{
	int64_t families[FAMILIES_MAX];
	size_t n = 0;
	err e = OK;
	look->out->copies = ARENA_ARRAY(look->mem, COPIES_MAX, struct case_copy);
	for (size_t i = 0; i < look->n_items && n < FAMILIES_MAX; i++) {
		int64_t family = look->items[i].family;
		size_t j = 0;
		while (j < n && families[j] != family)
			j++;
		if (family == 0 || j < n)
			continue;
		families[n++] = family;
		TRY(add_family(look, family));
	}
out:
	return e;
}

/* ---- other cases, deeds, answers ---- */

static err add_linked(struct look *look)
{
	struct order_case *found;
	bool party;
	size_t n;
	err e;
	TRY(cases_linked(look->conn, look->out->line.one.id, LINKED_MAX, look->mem, &found, &n));
	look->out->linked = ARENA_ARRAY(look->mem, n, struct order_case);
	for (size_t i = 0; i < n; i++) {
		TRY(cases_is_party(look->conn, found[i].id, look->steward, &party));
		if (!party && found[i].state != CASE_MERGED)
			look->out->linked[look->out->n_linked++] = found[i];
	}
out:
	return e;
}

static err add_similar(struct look *look)
{
	const struct measure *gravest = look->out->line.gravest;
	struct order_case *found;
	bool party;
	size_t n;
	err e = OK;
	if (gravest == NULL)
		return OK;
	TRY(cases_similar(look->conn, gravest->rule, look->out->line.one.id, LINKED_MAX, look->mem,
	                  &found, &n));
	look->out->similar = ARENA_ARRAY(look->mem, SIMILAR_MAX, struct case_line);
	for (size_t i = 0; i < n && look->out->n_similar < SIMILAR_MAX; i++) {
		TRY(cases_is_party(look->conn, found[i].id, look->steward, &party));
		if (!party)
			TRY(docket_line(look->c, look->conn, &found[i], look->steward, look->now_ms,
			                look->mem, &look->out->similar[look->out->n_similar++]));
	}
out:
	return e;
}

static err add_deeds(struct look *look)
{
	struct case_deed *deeds;
	size_t n;
	err e;
	TRY(cases_deeds(look->conn, look->out->line.one.id, DEEDS_MAX, look->mem, &deeds, &n));
	look->out->deeds = ARENA_ARRAY(look->mem, n, struct case_deed);
	for (size_t i = 0; i < n; i++)
		look->out->deeds[i] = deeds[n - 1 - i];
	look->out->n_deeds = n;
out:
	return e;
}

static err add_answers(struct look *look)
{
	struct case_link *links;
	size_t n;
	err e;
	TRY(case_links_of(look->conn, look->out->line.one.id, LINKS_MAX, look->mem, &links, &n));
	look->out->answers = ARENA_ARRAY(look->mem, n, struct case_link);
	for (size_t i = 0; i < n; i++)
		if (links[i].answer != CASE_NO_ANSWER)
			look->out->answers[look->out->n_answers++] = links[i];
out:
	return e;
}

/* ---- the look ---- */

struct look_job {
	struct circle *c;
	person_id steward;
	const struct case_look *look;
	int64_t now_ms;
};

static err look_work(struct conn *tx, void *ctx)
{
	const struct look_job *job = ctx;
	const struct case_look *look = job->look;
	err e;
	/* The case itself stands for what was reported in it and for the person's history. */
	TRY(disclose_look(job->c, tx,
	                  &(struct access){ job->steward, look->line.one.id.v, ACCESS_STEWARD,
	                                    job->now_ms }));
	for (size_t i = 0; i < look->n_measures; i++)
		if (shows_piece(&look->measures[i]))
			TRY(disclose_look(job->c, tx,
			                  &(struct access){ job->steward,
			                                    look->measures[i].measure.id.v,
			                                    ACCESS_STEWARD, job->now_ms }));
	for (size_t i = 0; i < look->n_appeals; i++)
		if (shows_piece(&look->appeals[i].measure))
			TRY(disclose_look(job->c, tx,
			                  &(struct access){ job->steward,
			                                    look->appeals[i].appeal.measure.v,
			                                    ACCESS_STEWARD, job->now_ms }));
out:
	return e;
}

static bool is_item(const struct look *look, enum case_item_kind kind, int64_t id)
{
	for (size_t i = 0; i < look->n_items; i++)
		if (look->items[i].kind == kind && look->items[i].id == id)
			return true;
	return false;
}

/* The clock of an appeal is the house's own, whoever decides: one that no steward decides is shown too, without its words, which are said to
 * the jury. Open ones of the person, and what came of those on what waited here. */
static err add_elsewhere(struct look *look)
{
	struct case_look *out = look->out;
	struct case_appeal *all = ARENA_ARRAY(look->mem, out->n_appeals + out->n_history,
	                                      struct case_appeal);
	struct appeal *latest;
	size_t n;
	err e = OK;
	for (size_t i = 0; i < out->n_appeals; i++)
		all[i] = out->appeals[i];
	out->appeals = all;
	if (out->n_history == 0)
		return OK;
	TRY(appeals_latest(look->conn, out->line.one.subject,
	                   out->history[out->n_history - 1].measure.id, HISTORY_MAX, look->mem,
	                   &latest, &n));
	/* Both are in the order of the measures. */
	for (size_t i = 0, at = 0; i < n; i++) {
		struct appeal *appeal = &latest[i];
		while (at < out->n_history && out->history[at].measure.id.v != appeal->measure.v)
			at++;
		if (at == out->n_history)
			break;
		if (appeal->way == APPEAL_BY_STEWARD || is_item(look, ITEM_APPEAL, appeal->id.v) ||
		    (appeal->state != APPEAL_OPEN &&
		     !is_item(look, ITEM_MEASURE, appeal->measure.v)))
			continue;
		appeal->words = STR_NONE;
		all[out->n_appeals++] = (struct case_appeal){ .appeal = *appeal,
			                                      .measure = out->history[at] };
	}
out:
	return e;
}

static err gather(struct look *look, case_id id)
{
	struct order_case one;
	err e;
	TRY(docket_find(look->conn, look->steward, id, look->mem, &one));
	TRY(docket_line(look->c, look->conn, &one, look->steward, look->now_ms, look->mem,
	                &look->out->line));
	TRY(cases_items(look->conn, id, CASE_ITEMS_MAX, look->mem, &look->items, &look->n_items));
	TRY(add_measures(look));
	TRY(add_words(look));
	TRY(add_reports(look));
	TRY(add_history(look));
	TRY(add_elsewhere(look));
	TRY(add_copies(look));
	TRY(add_linked(look));
	TRY(add_similar(look));
	TRY(add_deeds(look));
	TRY(add_answers(look));
out:
	return e;
}

err docket_look(struct circle *c, person_id steward, case_id id, int64_t now_ms, struct arena *mem,
                struct case_look *out)
{
	struct look look = { c, NULL, steward, order_now(c, now_ms), mem, NULL, 0, out };
	struct look_job job = { c, steward, out, now_ms };
	err e;
	*out = (struct case_look){ .n_measures = 0 };
	TRY(docket_check_steward(c, steward));
	TRY(store_read(c->store, &look.conn));
	TRY(gather(&look, id));
	store_read_end(c->store, &look.conn);
	TRY(verb_write(c, look_work, NULL, &job));
out:
	store_read_end(c->store, &look.conn);
	if (failed(e)) /* a look that was not written down did not happen */
		*out = (struct case_look){ .n_measures = 0 };
	return e;
}
