/* See complain.h. What is named is looked up in the same way whether or not it is here: one probe of the directory, one of its author. */
#include "circle/complain.h"

#include "circle/audit.h"
#include "circle/calendar.h"
#include "circle/docket.h"
#include "circle/phrase.h"
#include "circle/secret.h"
#include "circle/senders.h"
#include "circle/verb.h"

#include "store/cases.h"
#include "store/comments.h"
#include "store/complaints.h"
#include "store/people.h"
#include "store/posts.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define SWEEP_BATCH 100
#define SAY_CONTACT "How can we reach you? One line of at most 200 characters."
#define SAY_ABOUT "What is it about? At most 500 characters."
#define SAY_EVIDENCE "What shows that it is so? At most 4,000 characters."
#define SAY_ANSWER "An answer has 1 to 2,000 characters."
#define SAY_FULL                                                                                   \
	"So many complaints wait here that we can take no more just now. Please try again in a day."
#define SAY_PACE "Very many complaints came in a day. Please try again tomorrow."
#define SAY_SENDER                                                                                 \
	"Five complaints came from your address one upon another. One more can be sent every two hours."

/* ---- the log ---- */

static err record(struct circle *c, struct conn *tx, const char *kind, const struct complaint *is,
                  case_id in, int64_t now_ms)
{
	struct audit_entry entry = {
		.kind = kind,
		.fields = { { "complaint", AUDIT_NUMBER, is->id.v, STR_NONE },
		            { "case", AUDIT_NUMBER, in.v, STR_NONE },
		            { "category", AUDIT_WORD, 0,
		              str_of(complaint_category_word(is->category)) },
		            { "due", AUDIT_NUMBER, is->due_at_ms, STR_NONE } },
		.n = 4,
	};
	return audit_append(c, tx, &entry, now_ms, NULL);
}

/* ---- filing ---- */

struct file_job {
	struct circle *c;
	struct arena *mem;
	struct complaint *complaint;
	secret_hash secret;
	int64_t wait_ms; /* where there is no room */
};

static int64_t number_of(str rest)
{
	str path = S("/posts/");
	int64_t id = 0;
	size_t n = 0;
	if (!str_starts(rest, path))
		return 0;
	rest = str_slice(rest, path.n, rest.n);
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	return n > 0 && str_to_i64(str_slice(rest, 0, n), &id) ? id : 0;
}

/* The number of the first post that an address of ours leads to. */
static int64_t named(str about, str ours)
{
	int64_t id = 0;
	size_t at;
	while (id == 0 && ours.n > 0 && (at = str_find(about, ours)) != SIZE_MAX) {
		about = str_slice(about, at + ours.n, about.n);
		id = number_of(about);
	}
	return id;
}

static err author_of(struct conn *tx, const struct status_ref *ref, struct arena *mem,
                     person_id *out)
{
	struct comment comment;
	err e;
	*out = ref->post_author;
	if (ref->comment.v == 0)
		return OK;
	TRY(comments_find(tx, ref->post_author, ref->post, ref->comment, mem, &comment));
	*out = comment.gate.author;
out:
	return e;
}

/* Whose case it is: 0 when nothing is there, or its author has left. */
static err find_subject(struct conn *tx, const struct file_job *job, struct status_ref *ref,
                        person_id *out)
{
	struct person person;
	err e = status_refs_find(tx, job->complaint->named, ref);
	if (!failed(e))
		e = author_of(tx, ref, job->mem, out);
	if (failed(e) && e.code != ERR_MISSING)
		return e;
	if (failed(e))
		*out = (person_id){ 0 };
	e = people_find(tx, *out, job->mem, &person); /* of nobody, too */
	if (failed(e) || person.status == PERSON_ERASED)
		*out = (person_id){ 0 };
	return e.code == ERR_MISSING ? OK : e;
}

static err check_room(struct conn *tx, int64_t now_ms, int64_t *wait_ms)
{
	int64_t open, today, first_ms;
	err e;
	TRY(complaints_count_open(tx, &open));
	TRY(complaints_count_since(tx, now_ms - DAY_MS, &today, &first_ms));
	if (open >= COMPLAINTS_OPEN_MAX) {
		*wait_ms = DAY_MS; /* nobody knows: they are answered day by day */
		e = err_limit(NULL, SAY_FULL);
	} else if (today >= COMPLAINTS_A_DAY) {
		*wait_ms = first_ms + DAY_MS - now_ms;
		e = err_limit(NULL, SAY_PACE);
	}
out:
	return e;
}

static err file_work(struct conn *tx, void *ctx)
{
	struct file_job *job = ctx;
	struct complaint *is = job->complaint;
	struct status_ref ref = { .post = { 0 } };
	struct order_case one;
	struct case_entry entry = { .harm = complaint_harm(is->category) };
	err e;
	TRY(check_room(tx, is->at_ms, &job->wait_ms));
	is->id.v = snowflake_next(job->c->ids);
	TRY(calendar_after(tx, is->at_ms, COMPLAINT_WORKING_DAYS, job->mem, &is->due_at_ms));
	TRY(find_subject(tx, job, &ref, &entry.subject));
	TRY(complaints_insert(tx, is, &job->secret));
	entry.due_at_ms = is->due_at_ms;
	/* Under whose post it is, is a party to it. */
	entry.item = (struct case_item){
		.kind = ITEM_COMPLAINT, .id = is->id.v, .owner = ref.post_author, .at_ms = is->at_ms
	};
	TRY(cases_family_of(tx, &ref, &entry.item.family));
	TRY(docket_add(job->c, tx, &entry, is->at_ms, job->mem, &one));
	TRY(record(job->c, tx, "complaint.filed", is, one.id, is->at_ms));
out:
	return e;
}

static err check_words(const struct complaint_draft *draft, str *contact)
{
	err e;
	TRY(phrase_line(draft->contact, 3, COMPLAINT_CONTACT_MAX, "contact", SAY_CONTACT, contact));
	TRY(phrase_text(draft->about, COMPLAINT_ABOUT_MAX, "about", err_input("about", SAY_ABOUT),
	                err_input("about", SAY_ABOUT)));
	TRY(phrase_text(draft->evidence, COMPLAINT_EVIDENCE_MAX, "evidence",
	                err_input("evidence", SAY_EVIDENCE), err_input("evidence", SAY_EVIDENCE)));
out:
	return e;
}

/* What is not said as it should be, and what finds no room, is not counted. */
static err file_counted(struct file_job *job, const struct complaint_draft *draft, bool *of_address)
{
	struct circle *c = job->c;
	err e;
	*of_address = draft->has_from &&
	              !senders_take(c->senders, draft->from, clock_mono(c->clock), &job->wait_ms);
	if (*of_address)
		return err_limit(NULL, SAY_SENDER);
	e = verb_write(c, file_work, NULL, job);
	if (failed(e) && draft->has_from)
		senders_give_back(c->senders, draft->from);
	return e;
}

err complain_file(struct circle *c, const struct complaint_draft *draft, str ours, int64_t now_ms,
                  struct arena *mem, struct complaint_filed *out)
{
	struct file_job job = { .c = c, .mem = mem, .complaint = &out->complaint };
	err e;
	*out = (struct complaint_filed){ .complaint = { .category = draft->category,
		                                        .about = draft->about,
		                                        .evidence = draft->evidence,
		                                        .at_ms = order_now(c, now_ms),
		                                        .answer = S("") } };
	TRY(check_words(draft, &out->complaint.contact));
	out->complaint.named = named(draft->about, ours);
	out->secret = secret_new(c->chance, "", SECRET_TOKEN_BYTES, mem, &job.secret);
	e = file_counted(&job, draft, &out->of_address);
	out->retry_after_s = (unsigned)((job.wait_ms + 999) / 1000);
	TRY(e);
	log_event(c->log, LOG_INFO, "complaint.filed", LOG_I64("id", out->complaint.id.v),
	          LOG_STR("category", str_of(complaint_category_word(out->complaint.category))));
out:
	return e;
}

err complain_look(struct circle *c, str secret, struct arena *mem, struct complaint *out)
{
	secret_hash hash = secret_hash_of(secret);
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(complaints_find_by_secret(conn, &hash, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* ---- the stewards' part ---- */

/* 0: in none, since the case was closed without it. */
static err case_of(struct conn *tx, complaint_id id, case_id *in)
{
	err e = cases_of_item(tx, ITEM_COMPLAINT, id.v, in);
	if (e.code == ERR_MISSING)
		*in = (case_id){ 0 };
	return e.code == ERR_MISSING ? OK : e;
}

err complain_answer(struct circle *c, struct conn *tx, complaint_id id, str answer, int64_t now_ms)
{
	struct arena *mem = arena_new(8192);
	struct complaint is;
	err wrong = err_input("complaints", SAY_ANSWER);
	case_id in;
	err e;
	TRY(phrase_text(answer, COMPLAINT_ANSWER_MAX, "complaints", wrong, wrong));
	TRY(complaints_find(tx, id, mem, &is));
	TRY(complaints_answer(tx, id, answer, now_ms));
	TRY(case_of(tx, id, &in));
	TRY(cases_set_done(tx, in, ITEM_COMPLAINT, id.v, true));
	TRY(record(c, tx, "complaint.answered", &is, in, now_ms));
out:
	arena_free(mem);
	return e;
}

err complain_reopen(struct circle *c, struct conn *tx, case_id in, complaint_id id, int64_t now_ms)
{
	struct arena *mem = arena_new(8192);
	struct complaint is;
	err e;
	TRY(complaints_find(tx, id, mem, &is));
	TRY(complaints_reopen(tx, id));
	TRY(cases_set_done(tx, in, ITEM_COMPLAINT, id.v, false));
	TRY(record(c, tx, "complaint.reopened", &is, in, now_ms));
out:
	arena_free(mem);
	return e;
}

/* ---- the clock ---- */

struct sweep_job {
	struct circle *c;
	struct arena *mem;
	int64_t now_ms;
	struct complaint *late;
	size_t n;
	int64_t forgotten;
};

static err sweep_work(struct conn *tx, void *ctx)
{
	struct sweep_job *job = ctx;
	case_id in;
	err e;
	TRY(complaints_overdue(tx, job->now_ms, SWEEP_BATCH, job->mem, &job->late, &job->n));
	for (size_t i = 0; i < job->n; i++) {
		TRY(case_of(tx, job->late[i].id, &in));
		TRY(complaints_set_late(tx, job->late[i].id, job->now_ms));
		TRY(record(job->c, tx, "complaint.late", &job->late[i], in, job->now_ms));
	}
	TRY(complaints_forget(tx, job->now_ms - COMPLAINT_FORGET_MS, &job->forgotten));
out:
	return e;
}

err complain_sweep(struct circle *c, int64_t now_ms)
{
	struct sweep_job job = { .c = c, .mem = arena_new(4096), .now_ms = order_now(c, now_ms) };
	err e = verb_write(c, sweep_work, NULL, &job);
	senders_forget(c->senders, clock_mono(c->clock));
	for (size_t i = 0; !failed(e) && i < job.n; i++)
		log_event(c->log, LOG_WARN, "complaint.late", LOG_I64("id", job.late[i].id.v));
	arena_free(job.mem);
	return e;
}
