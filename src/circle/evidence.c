#include "circle/evidence.h"

#include "circle/disclose.h"
#include "circle/audit.h"
#include "circle/blind.h"
#include "circle/docket_private.h"
#include "circle/phrase.h"
#include "circle/picture_private.h"
#include "circle/secret.h"
#include "circle/verb.h"

#include "store/case_links.h"
#include "store/cases.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/reports.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#define SAY_WHOM "Say whom you ask, in 1 to 60 characters."
#define SAY_MANY "This case has as many links as it can have."
#define SAY_WORDS "An answer has at most 1000 characters."
#define SAY_OVER "This link was answered already, or is too old."

/* ---- what a link is about ---- */

/* The report of this case on this piece that still waits. */
static err find_report(struct conn *conn, case_id in, const struct status_ref *piece,
                       struct arena *mem, struct report *out)
{
	struct report *reports;
	size_t n;
	err e;
	TRY(reports_of_case(conn, in, CASE_ITEMS_MAX, mem, &reports, &n));
	for (size_t i = 0; i < n; i++) {
		if (reports[i].state != REPORT_OPEN || reports[i].piece.post.v != piece->post.v ||
		    reports[i].piece.comment.v != piece->comment.v)
			continue;
		*out = reports[i];
		return OK;
	}
	e = err_missing("no such report waits");
out:
	return e;
}

/* The piece of a link while it waits in its case; `*report` of one that was reported. ERR_MISSING when it does not any more. */
static err find_waiting(struct circle *c, struct conn *conn, const struct case_link *link,
                        int64_t now_ms, struct arena *mem, struct seen_measure *seen,
                        struct report *report)
{
	struct order_case one;
	struct measure m;
	case_id in;
	err e;
	TRY(cases_find(conn, link->in, mem, &one));
	if (one.state != CASE_OPEN)
		return err_missing("the case is over");
	if (link->measure.v != 0) {
		TRY(cases_of_item(conn, ITEM_MEASURE, link->measure.v, &in));
		if (in.v != link->in.v)
			return err_missing("it waits elsewhere");
		TRY(measures_find(conn, link->measure, mem, &m));
		TRY(exhibit(c, conn, &m, false, now_ms, mem, seen));
	} else {
		TRY(find_report(conn, link->in, &link->piece, mem, report));
		TRY(exhibit_piece(c, conn, &link->piece, now_ms, mem, seen));
	}
	if (!seen->has_post && !seen->has_comment)
		return err_missing("the piece is gone");
out:
	return e;
}

/* ---- asking ---- */

struct ask_job {
	struct circle *c;
	person_id steward;
	struct case_link link;
	int64_t status, now_ms;
	struct arena *mem;
	secret_hash secret;
};

static err read_target(struct conn *tx, struct ask_job *job)
{
	struct case_link *link = &job->link;
	struct measure m;
	err e;
	if (link->measure.v == 0)
		return status_refs_find(tx, job->status, &link->piece);
	TRY(measures_find(tx, link->measure, job->mem, &m));
	link->piece = (struct status_ref){ m.post_author, m.post, m.comment };
out:
	return e;
}

static err log_asked(struct ask_job *job, struct conn *tx, int64_t number)
{
	const struct case_link *link = &job->link;
	struct audit_entry entry = {
		.kind = "case.asked",
		.concerned = link->subject,
		.fields = { { "case", AUDIT_NUMBER, number, STR_NONE },
		            { "about", AUDIT_NUMBER, link->measure.v, STR_NONE },
		            { "by", AUDIT_PERSON, job->steward.v, STR_NONE } },
		.n = 3,
	};
	return audit_append(job->c, tx, &entry, job->now_ms, NULL);
}

static err ask_work(struct conn *tx, void *ctx)
{
	struct ask_job *job = ctx;
	struct seen_measure seen;
	struct order_case one;
	struct report report;
	struct case_link *links;
	size_t n;
	err e;
	TRY(docket_check_steward(job->c, job->steward));
	TRY(docket_find(tx, job->steward, job->link.in, job->mem, &one));
	TRY(case_links_of(tx, one.id, EVIDENCE_LINKS_MAX, job->mem, &links, &n));
	if (n == EVIDENCE_LINKS_MAX)
		return err_limit("whom", SAY_MANY);
	TRY(read_target(tx, job));
	TRY(find_waiting(job->c, tx, &job->link, job->now_ms, job->mem, &seen, &report));
	job->link.subject = one.subject;
	TRY(case_links_insert(tx, &job->link, &job->secret));
	TRY(log_asked(job, tx, one.number));
out:
	return e;
}

err evidence_ask(struct circle *c, person_id steward, case_id in,
                 const struct evidence_draft *draft, int64_t now_ms, struct arena *mem,
                 struct evidence_link *out)
{
	now_ms = order_now(c, now_ms);
	struct ask_job job = { .c = c,
		               .steward = steward,
		               .link = { .id = snowflake_next(c->ids),
		                         .in = in,
		                         .measure = draft->measure,
		                         .made_by = steward,
		                         .made_at_ms = now_ms,
		                         .expires_at_ms = now_ms + EVIDENCE_MS,
		                         .words = S("") },
		               .status = draft->status,
		               .now_ms = now_ms,
		               .mem = mem };
	err e;
	TRY(phrase_line(draft->whom, 1, EVIDENCE_WHOM_MAX, "whom", SAY_WHOM, &job.link.whom));
	out->secret = secret_new(c->chance, "", SECRET_TOKEN_BYTES, mem, &job.secret);
	out->expires_at_ms = job.link.expires_at_ms;
	TRY(verb_write(c, ask_work, NULL, &job));
out:
	return e;
}

/* ---- showing ---- */

static int by_from(const void *a, const void *b)
{
	const struct evidence_mark *x = a, *y = b;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Those that overlap become one. */
static size_t join(struct evidence_mark *marks, size_t n)
{
	size_t kept = 0;
	if (n > 0)
		qsort(marks, n, sizeof *marks, by_from);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && marks[i].from <= marks[kept - 1].to) {
			if (marks[i].to > marks[kept - 1].to)
				marks[kept - 1].to = marks[i].to;
		} else {
			marks[kept++] = marks[i];
		}
	}
	return kept;
}

/* The marked places of all reasons, where they lie in the text that is shown. */
static void read_marks(const json_t *reasons, size_t text_bytes, const struct blinded *blinded,
                       struct arena *mem, struct evidence *out)
{
	const json_t *reason, *span;
	struct evidence_mark *marks;
	size_t i, j, n = 0;
	json_array_foreach(reasons, i, reason)
		n += json_array_size(json_object_get(reason, "spans"));
	marks = ARENA_ARRAY(mem, n, struct evidence_mark);
	n = 0;
	json_array_foreach(reasons, i, reason)
	{
		json_array_foreach(json_object_get(reason, "spans"), j, span)
		{
			json_int_t from = json_integer_value(json_array_get(span, 0));
			json_int_t to = json_integer_value(json_array_get(span, 1));
			if (from < 0 || from >= to || (size_t)to > text_bytes)
				continue;
			marks[n++] = (struct evidence_mark){ blind_from(blinded, (size_t)from),
				                             blind_to(blinded, (size_t)to) };
		}
	}
	out->n_marks = join(marks, n);
	out->marks = marks;
}

static str sentence(const json_t *reasons, const char *lang, struct arena *mem)
{
	const json_t *text = json_object_get(json_array_get(reasons, 0), "text");
	const char *words = json_string_value(json_object_get(text, lang));
	return words ? str_dup(mem, str_of(words)) : S("");
}

/* Of the piece its own text alone: neither its place nor what stands beside it. */
static void fill(const struct circle *c, const struct seen_measure *seen, struct arena *mem,
                 struct evidence *out)
{
	const struct post *post = &seen->post.post;
	struct person author = exhibit_person(c, seen->measure.post_author, mem);
	const struct blind_party parties[] = {
		{ seen->subject.handle, seen->subject.display_name },
		{ author.handle, author.display_name },
	};
	str text = seen->has_comment ? seen->comment.comment.text : post->text;
	struct blinded blinded = blind_text(text, parties, sizeof parties / sizeof parties[0], mem);
	str evidence = seen->measure.evidence;
	json_t *root = json_loadb(evidence.p ? evidence.p : "", evidence.n, 0, NULL);
	const json_t *reasons = json_object_get(root, "reasons");
	out->text = blinded.text;
	out->n_pictures = seen->has_post ? post->n_media : 0;
	out->suspected_en = sentence(reasons, "en", mem);
	out->suspected_zh = sentence(reasons, "zh", mem);
	read_marks(reasons, text.n, &blinded, mem, out);
	json_decref(root);
}

struct look_job {
	struct circle *c;
	const struct case_link *link;
	int64_t now_ms;
};

/* Nobody of the circle looked: reviewer 0. */
static err look_work(struct conn *tx, void *ctx)
{
	const struct look_job *job = ctx;
	int64_t at = job->link->measure.v ? job->link->measure.v : job->link->in.v;
	return disclose_look(job->c, tx, &(struct access){ { 0 }, at, ACCESS_EXPERT, job->now_ms });
}

/* The link and the piece behind it, which is written down as looked at. ERR_MISSING for an unknown secret; else the state says whether
 * there is a piece. */
static err open_link(struct circle *c, str secret, int64_t now_ms, struct arena *mem,
                     struct seen_measure *seen, struct evidence *out)
{
	now_ms = order_now(c, now_ms);
	secret_hash hash = secret_hash_of(secret);
	struct conn *conn = NULL;
	struct case_link link;
	struct report report;
	struct look_job job = { c, &link, now_ms };
	err e;
	memset(out, 0, sizeof *out);
	out->state = EVIDENCE_OVER;
	TRY(store_read(c->store, &conn));
	TRY(case_links_find(conn, &hash, mem, &link));
	if (link.answer != CASE_NO_ANSWER) {
		out->state = EVIDENCE_ANSWERED;
		goto out;
	}
	if (now_ms >= link.expires_at_ms)
		goto out;
	e = find_waiting(c, conn, &link, now_ms, mem, seen, &report);
	if (e.code == ERR_MISSING) {
		e = OK;
		goto out;
	}
	TRY(e);
	store_read_end(c->store, &conn);
	TRY(verb_write(c, look_work, NULL, &job));
	out->state = EVIDENCE_OPEN;
	out->expires_at_ms = link.expires_at_ms;
	out->reported = link.measure.v == 0;
	if (out->reported)
		out->category = report.category;
out:
	store_read_end(c->store, &conn);
	return e;
}

err evidence_show(struct circle *c, str secret, int64_t now_ms, struct arena *mem,
                  struct evidence *out)
{
	struct seen_measure seen;
	err e;
	TRY(open_link(c, secret, now_ms, mem, &seen, out));
	if (out->state == EVIDENCE_OPEN)
		fill(c, &seen, mem, out);
out:
	return e;
}

err evidence_picture(struct circle *c, str secret, int64_t nth, int64_t now_ms, int *fd,
                     size_t *bytes)
{
	struct arena *mem = arena_new(8192);
	struct seen_measure seen;
	struct evidence evidence;
	const struct post *post = &seen.post.post;
	err e;
	TRY(open_link(c, secret, now_ms, mem, &seen, &evidence));
	if (evidence.state != EVIDENCE_OPEN || !seen.has_post || nth < 1 ||
	    nth > (int64_t)post->n_media)
		TRY(err_missing("nothing behind this link"));
	TRY(picture_files_read(c->album->files, post->media[nth - 1].content, MEDIA_MIDDLE,
	                       MEDIA_JPEG, fd, bytes));
out:
	arena_free(mem);
	return e;
}

/* ---- answering ---- */

struct answer_job {
	struct circle *c;
	struct arena *mem;
	secret_hash secret;
	enum case_answer answer;
	str words;
	int64_t now_ms;
};

static err log_answered(struct answer_job *job, struct conn *tx, const struct case_link *link,
                        int64_t number)
{
	struct audit_entry entry = {
		.kind = "case.answered",
		.concerned = link->subject,
		.fields = { { "case", AUDIT_NUMBER, number, STR_NONE },
		            { "about", AUDIT_NUMBER, link->measure.v, STR_NONE },
		            { "answer", AUDIT_WORD, 0, str_of(case_answer_word(job->answer)) } },
		.n = 3,
	};
	return audit_append(job->c, tx, &entry, job->now_ms, NULL);
}

static err answer_work(struct conn *tx, void *ctx)
{
	struct answer_job *job = ctx;
	struct case_item item = { .kind = ITEM_ANSWER,
		                  .at_ms = job->now_ms,
		                  .due_at_ms = INT64_MAX };
	struct seen_measure seen;
	struct case_link link;
	struct order_case one;
	struct report report;
	err e;
	TRY(case_links_find(tx, &job->secret, job->mem, &link));
	e = find_waiting(job->c, tx, &link, job->now_ms, job->mem, &seen, &report);
	if (e.code == ERR_MISSING)
		e = err_conflict(NULL, SAY_OVER);
	TRY(e);
	TRY(case_links_answer(tx, &job->secret, job->answer, job->words, job->now_ms));
	TRY(cases_find(tx, link.in, job->mem, &one));
	item.id = link.id;
	item.owner = link.subject;
	item.harm = one.harm;
	TRY(docket_put(job->c, tx, &one, &item));
	TRY(log_answered(job, tx, &link, one.number));
out:
	return e;
}

err evidence_answer(struct circle *c, str secret, enum case_answer answer, str words,
                    int64_t now_ms)
{
	struct answer_job job = { .c = c,
		                  .mem = arena_new(8192),
		                  .secret = secret_hash_of(secret),
		                  .answer = answer,
		                  .words = S(""),
		                  .now_ms = order_now(c, now_ms) };
	err long_one = err_input("words", SAY_WORDS), e = OK;
	if (str_trim(words).n > 0) {
		TRY(phrase_text(words, EVIDENCE_WORDS_MAX, "words", long_one, long_one));
		job.words = words;
	}
	TRY(verb_write(c, answer_work, NULL, &job));
	log_event(c->log, LOG_INFO, "case.answered",
	          LOG_STR("answer", str_of(case_answer_word(answer))));
out:
	arena_free(job.mem);
	return e;
}
