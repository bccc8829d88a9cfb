/* Filing: what may be appealed, by whom, how often; and what its subject sees of it. Deciding is in appeal_decide.c. */
#include "circle/appeal.h"

#include "circle/jury_private.h"

#include "circle/calendar.h"
#include "circle/phrase.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/seats.h"

#include "base/leak.h"

#include <stdlib.h>

#define PAGE_MAX 80
#define PAGE_DEFAULT 20
#define SAY_WORDS "An appeal has at most 2,000 characters."
#define SAY_EMPTY "Say something."
#define SAY_OVER "This is over, so there is nothing left to appeal."
#define SAY_LATE "A measure can be appealed for six months."
#define SAY_AGAIN "This was decided. It can be appealed once more, on new facts: say which."
#define SAY_TWICE "This was decided twice, and that is the end of it."
#define SAY_OPEN                                                                                   \
	"Three of your appeals are open, and more there cannot be: one of them has to be answered first."

err appeal_log(struct circle *c, struct conn *tx, const char *kind, const struct appeal *a,
               const struct audit_field *more, size_t n, int64_t now_ms)
{
	struct audit_entry entry = {
		.kind = kind,
		.concerned = a->subject,
		.fields = { { "appeal", AUDIT_NUMBER, a->id.v, STR_NONE },
		            { "number", AUDIT_NUMBER, a->number, STR_NONE },
		            { "measure", AUDIT_NUMBER, a->measure.v, STR_NONE } },
		.n = 3,
	};
	for (size_t i = 0; i < n; i++)
		entry.fields[entry.n++] = more[i];
	return audit_append(c, tx, &entry, now_ms, NULL);
}

/* ---- what may be appealed ---- */

/* What the program told of a kept hold is appealed with the hold, as one. */
static err find_judged(struct conn *conn, const struct measure *m, struct arena *mem,
                       struct measure *out)
{
	*out = *m;
	return m->kind == MEASURE_NOTICE && m->follows.v != 0
	               ? measures_find(conn, m->follows, mem, out)
	               : OK;
}

/* Of the measure, or of the one in whose place a jury gave it: the latest. ERR_MISSING: none. */
static err find_latest(struct conn *conn, const struct measure *m, struct arena *mem,
                       struct appeal *out)
{
	struct measure before = *m;
	err e = appeals_of_measure(conn, m->id, 0, mem, out);
	while (e.code == ERR_MISSING && before.follows.v != 0) {
		TRY(measures_find(conn, before.follows, mem, &before));
		e = appeals_of_measure(conn, before.id, 0, mem, out);
	}
out:
	return e;
}

/* In force or to come, or kept: what was kept counts, even when it is over. */
static err check_open(const struct measure *m, int64_t now_ms)
{
	bool stands = m->state == MEASURE_KEPT ||
	              (m->state == MEASURE_ACTIVE && now_ms < m->ends_at_ms);
	if (!stands)
		return err_input("measure", SAY_OVER);
	return now_ms < m->starts_at_ms + APPEAL_MS ? OK : err_input("measure", SAY_LATE);
}

/* Of an earlier one, which is not open. */
static err check_again(const struct appeal *earlier, bool facts)
{
	if (earlier->nth > 1)
		return err_input("facts", SAY_TWICE);
	return facts ? OK : err_input("facts", SAY_AGAIN);
}

/* ---- what is seen of it ---- */

static int by_words(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* In the order of their words: by number each would stand beside one of the draw, which is public and stays whose it is. */
static void collect_notes(const struct seat *seats, size_t n, struct arena *mem,
                          struct seen_appeal *out)
{
	str *notes = ARENA_ARRAY(mem, n, str);
	for (size_t i = 0; i < n; i++)
		if (seats[i].state == SEAT_VOTED && seats[i].note.n > 0)
			notes[out->n_notes++] = seats[i].note;
	if (out->n_notes > 0)
		qsort(notes, out->n_notes, sizeof *notes, by_words);
	out->notes = notes;
}

static err see(struct conn *conn, const struct appeal *a, struct arena *mem,
               struct seen_appeal *out)
{
	struct seat *seats;
	size_t n;
	err e = OK;
	*out = (struct seen_appeal){ .appeal = *a };
	if (a->seats == 0)
		return OK;
	TRY(seats_of(conn, a->id, mem, &seats, &n));
	out->votes = jury_tally(seats, n, a->seats, INT64_MAX);
	if (a->state != APPEAL_OPEN)
		collect_notes(seats, n, mem, out);
out:
	return e;
}

err appeal_show(struct circle *c, person_id me, appeal_id id, struct arena *mem,
                struct seen_appeal *out)
{
	struct conn *conn = NULL;
	struct appeal a;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(appeals_find(conn, id, mem, &a));
	if (a.subject.v != me.v && !LEAK("appeal.others"))
		TRY(err_missing("somebody else's appeal"));
	TRY(see(conn, &a, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

err appeal_mine(struct circle *c, person_id me, struct page page, struct arena *mem,
                struct seen_appeal **out, size_t *n)
{
	int limit = page.limit < 1 ? PAGE_DEFAULT : page.limit > PAGE_MAX ? PAGE_MAX : page.limit;
	struct conn *conn = NULL;
	struct appeal *all;
	size_t found;
	err e;
	*n = 0;
	TRY(store_read(c->store, &conn));
	TRY(appeals_of(conn, me, (appeal_id){ page.max_id }, limit, mem, &all, &found));
	*out = ARENA_ARRAY(mem, found, struct seen_appeal);
	for (size_t i = 0; i < found; i++)
		TRY(see(conn, &all[i], mem, &(*out)[(*n)++]));
out:
	store_read_end(c->store, &conn);
	return e;
}

err appeal_prospect(struct conn *conn, const struct measure *measure, int64_t now_ms,
                    struct arena *mem, struct appeal_prospect *out)
{
	struct appeal latest;
	struct measure m;
	bool open;
	err e;
	TRY(find_judged(conn, measure, mem, &m));
	open = !failed(check_open(&m, now_ms));
	e = find_latest(conn, &m, mem, &latest);
	*out = (struct appeal_prospect){ .filed = !failed(e), .may = open };
	if (m.state != MEASURE_PROPOSED && m.starts_at_ms <= INT64_MAX - APPEAL_MS)
		out->until_ms = m.starts_at_ms + APPEAL_MS;
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	out->may = open && latest.state != APPEAL_OPEN && !failed(check_again(&latest, true));
	TRY(see(conn, &latest, mem, &out->appeal));
out:
	return e;
}

err appeal_prospect_of(struct circle *c, const struct measure *m, int64_t now_ms, struct arena *mem,
                       struct appeal_prospect *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(appeal_prospect(conn, m, now_ms, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* ---- filing ---- */

struct file_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	measure_id id;
	str words;
	bool facts;
	int64_t now_ms;
	struct order_changes x;
	struct jury_known known;
	struct measure measure;
	struct appeal appeal;
	struct seen_appeal *out;
};

/* The words of the one before stay with it. ERR_NONE with `*filed`: it is open already. */
static err check_file(struct conn *tx, struct file_job *job, bool *filed)
{
	struct appeal *a = &job->appeal;
	struct person person;
	int open;
	err e;
	*filed = false;
	TRY(people_find(tx, job->me, job->mem, &person));
	if (person.status == PERSON_ERASED)
		TRY(err_denied("nobody who is gone appeals"));
	TRY(measures_find(tx, job->id, job->mem, &job->measure));
	if (job->measure.subject.v != job->me.v)
		TRY(err_missing("somebody else's measure"));
	TRY(find_judged(tx, &job->measure, job->mem, &job->measure));
	e = find_latest(tx, &job->measure, job->mem, a);
	if (e.code == ERR_MISSING) {
		*a = (struct appeal){ .nth = 0, .state = APPEAL_KEPT };
		e = OK;
	}
	TRY(e);
	*filed = a->nth > 0 && a->state == APPEAL_OPEN;
	if (*filed)
		return OK;
	if (a->nth > 0)
		TRY(check_again(a, job->facts));
	TRY(check_open(&job->measure, job->now_ms));
	TRY(appeals_count_open(tx, job->me, &open));
	if (open >= APPEALS_OPEN_MAX) /* a field, since no wait helps: it is a cap, not a pace */
		TRY(err_limit("appeals", SAY_OPEN));
out:
	return e;
}

static err write_appeal(struct conn *tx, struct file_job *job)
{
	const struct measure *m = &job->measure;
	const person_id steward = m->decided_by.v != 0 ? m->decided_by : m->by;
	struct appeal *a = &job->appeal;
	err e;
	*a = (struct appeal){
		.subject = job->me,
		.id = { snowflake_next(job->c->ids) },
		.measure = m->id,
		.nth = a->nth + 1,
		.words = job->words,
		.filed_at_ms = job->now_ms,
		.measure_by = steward,
		.note = S(""),
	};
	TRY(calendar_after(tx, job->now_ms, APPEAL_WORKING_DAYS, job->mem, &a->due_at_ms));
	TRY(appeals_insert(tx, a));
	const struct audit_field filed[] = {
		{ "nth", AUDIT_NUMBER, a->nth, STR_NONE },
		{ "due", AUDIT_NUMBER, a->due_at_ms, STR_NONE },
		{ "words", AUDIT_TEXT, 0, a->words },
	};
	TRY(appeal_log(job->c, tx, "appeal.filed", a, filed, sizeof filed / sizeof filed[0],
	               job->now_ms));
out:
	return e;
}

static err file_work(struct conn *tx, void *ctx)
{
	struct file_job *job = ctx;
	bool filed;
	err e;
	TRY(check_file(tx, job, &filed));
	if (!filed) {
		struct appeal_case s = { &job->x,       tx,          job->mem,   &job->appeal,
			                 &job->measure, &job->known, job->now_ms };
		TRY(write_appeal(tx, job));
		TRY(jury_open(&s));
	}
	TRY(see(tx, &job->appeal, job->mem, job->out));
out:
	return e;
}

static void file_after(void *ctx) { order_after(&((struct file_job *)ctx)->x); }

/* An empty one is none. */
static err check_words(str words, const char *field, str *out)
{
	*out = words;
	if (words.n == 0)
		return OK;
	return phrase_text(words, APPEAL_WORDS_MAX, field, err_input(field, SAY_EMPTY),
	                   err_input(field, SAY_WORDS));
}

static err join(str above, str below, struct arena *mem, str *out)
{
	*out = above.n == 0   ? below
	       : below.n == 0 ? above
	                      : str_format(mem, "%.*s\n\n%.*s", STR_ARG(above), STR_ARG(below));
	return utf8_length(*out) <= APPEAL_WORDS_MAX ? OK : err_input("words", SAY_WORDS);
}

err appeal_file(struct circle *c, person_id me, measure_id measure,
                const struct appeal_draft *draft, int64_t now_ms, struct arena *mem,
                struct seen_appeal *out)
{
	struct file_job job = { .c = c,
		                .mem = mem,
		                .me = me,
		                .id = measure,
		                .now_ms = order_now(c, now_ms),
		                .out = out };
	str words, facts;
	err e;
	TRY(check_words(draft->words, "words", &words));
	TRY(check_words(draft->facts, "facts", &facts));
	TRY(join(facts, words, mem, &job.words));
	job.facts = facts.n > 0;
	job.x = order_changes(c, mem);
	known_pick(c, JURY_SEATS, now_ms, mem, job.known.all, &job.known.n);
	TRY(verb_write(c, file_work, file_after, &job));
out:
	return e;
}

/* ---- more words ---- */

struct words_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	appeal_id id;
	str words;
	int64_t now_ms;
	struct seen_appeal *out;
};

static err words_work(struct conn *tx, void *ctx)
{
	struct words_job *job = ctx;
	struct appeal a;
	err e;
	TRY(appeals_find(tx, job->id, job->mem, &a));
	if (a.subject.v != job->me.v)
		TRY(err_missing("somebody else's appeal"));
	if (a.state != APPEAL_OPEN)
		TRY(err_conflict(NULL, "This appeal has been decided already."));
	if (!str_ends(a.words, job->words)) { /* else it came twice */
		const struct audit_field more = { "words", AUDIT_TEXT, 0, job->words };
		TRY(join(a.words, job->words, job->mem, &a.words));
		TRY(appeals_set_words(tx, &a));
		TRY(appeal_log(job->c, tx, "appeal.words", &a, &more, 1, job->now_ms));
	}
	TRY(see(tx, &a, job->mem, job->out));
out:
	return e;
}

err appeal_add_words(struct circle *c, person_id me, appeal_id id, str words, int64_t now_ms,
                     struct arena *mem, struct seen_appeal *out)
{
	struct words_job job = {
		.c = c, .mem = mem, .me = me, .id = id, .now_ms = now_ms, .out = out
	};
	err e;
	TRY(phrase_text(words, APPEAL_WORDS_MAX, "words", err_input("words", SAY_EMPTY),
	                err_input("words", SAY_WORDS)));
	job.words = words;
	TRY(verb_write(c, words_work, NULL, &job));
out:
	return e;
}
