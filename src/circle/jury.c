/* Being a juror: who is willing, and what they answer. The interface is jury.h. */
#include "circle/jury.h"

#include "circle/jury_private.h"

#include "circle/order.h"
#include "circle/phrase.h"
#include "circle/verb.h"

#include "base/encode.h"
#include "store/appeals.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/seats.h"

#define RECENT_MAX 200 /* of a juror's known cases and seats: a week's, many times over */
#define SAY_VOTE "Say keep, overturn or milder."
#define SAY_MILDER "There is nothing milder than this."
#define SAY_NOTE "Say why in at most 500 characters: it is shown without your name."
#define SAY_OVER "This seat is not waited for any more."

/* ---- me as a juror ---- */

/* Counts of a week ago: without what was asked since. */
static err lag(struct conn *conn, struct juror *juror, int64_t now_ms, struct arena *mem)
{
	struct juror_check *checks;
	struct seat *seats;
	size_t n;
	err e;
	TRY(juror_checks_of(conn, juror->person, 0, RECENT_MAX, mem, &checks, &n));
	for (size_t i = 0; i < n; i++) {
		const struct juror_check *k = &checks[i];
		if (k->asked_at_ms + JURY_LAG_MS <= now_ms)
			continue;
		juror->n_asked--;
		juror->n_skipped -= k->state == SEAT_SKIPPED;
		juror->n_checked -= k->state == SEAT_VOTED;
		juror->n_right -= k->state == SEAT_VOTED &&
		                  k->vote == (k->fires ? VOTE_KEEP : VOTE_OVERTURN);
	}
	TRY(seats_with(conn, juror->person, 0, RECENT_MAX, mem, &seats, &n));
	for (size_t i = 0; i < n; i++) {
		if (seats[i].asked_at_ms + JURY_LAG_MS <= now_ms)
			continue;
		juror->n_asked--;
		juror->n_skipped -= seats[i].state == SEAT_SKIPPED;
	}
out:
	return e;
}

static err see_juror(struct circle *c, struct conn *conn, person_id me, int64_t now_ms,
                     struct arena *mem, struct seen_juror *out)
{
	err e = jurors_find(conn, me, mem, &out->juror);
	bool never = e.code == ERR_MISSING;
	if (never)
		out->juror = (struct juror){ .person = me };
	else
		TRY(e);
	out->willing = !never && out->juror.until_ms == 0;
	TRY(lag(conn, &out->juror, now_ms, mem));
	struct juror willing = out->juror;
	willing.until_ms = 0; /* whether they would be in standing */
	TRY(summon_standing(c, conn, &willing, now_ms, false, mem, &out->why));
out:
	return e;
}

err jury_me(struct circle *c, person_id me, int64_t now_ms, struct arena *mem,
            struct seen_juror *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(see_juror(c, conn, me, now_ms, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct willing_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	bool willing;
	int64_t now_ms;
	struct jury_known known;
	struct seen_juror *out;
};

static err log_juror(struct circle *c, struct conn *tx, const char *kind, const struct juror *juror,
                     int64_t now_ms)
{
	const struct audit_entry entry = { .kind = kind,
		                           .concerned = juror->person,
		                           .fields = { { "juror", AUDIT_WORD, 0, juror->number } },
		                           .n = 1 };
	return audit_append(c, tx, &entry, now_ms, NULL);
}

/* The first number there is for good: else one could draw again for a better one. */
static err come_in(struct conn *tx, struct willing_job *job, struct juror *juror, bool is_new)
{
	struct juror_check like = { .person = job->me,
		                    .seats = JURY_SEATS,
		                    .asked_at_ms = job->now_ms,
		                    .due_at_ms = job->now_ms + JURY_SEAT_MS };
	unsigned char raw[DRAW_NUMBER_CHARS / 2];
	err e;
	if (is_new) {
		chance_fill(job->c->chance, raw, sizeof raw);
		juror->number = hex_of(job->mem, raw, sizeof raw);
	}
	juror->since_ms = job->now_ms;
	juror->until_ms = 0;
	TRY(jurors_put(tx, juror));
	if (is_new)
		TRY(jury_ask_known(job->c, tx, &job->known, &like, job->now_ms));
	TRY(log_juror(job->c, tx, "juror.willing", juror, job->now_ms));
out:
	return e;
}

/* Seats that are left are asked of others with the next tick. Leaving is no skipping. */
static err go_out(struct conn *tx, struct willing_job *job, struct juror *juror)
{
	struct juror_check *checks;
	struct seat *seats;
	size_t n;
	err e;
	juror->until_ms = job->now_ms;
	TRY(jurors_put(tx, juror));
	TRY(seats_with(tx, job->me, 0, RECENT_MAX, job->mem, &seats, &n));
	for (size_t i = 0; i < n; i++) {
		if (seats[i].state != SEAT_ASKED)
			continue;
		seats[i].state = SEAT_LEFT;
		TRY(seats_set(tx, &seats[i], SEAT_ASKED));
	}
	TRY(juror_checks_of(tx, job->me, 0, RECENT_MAX, job->mem, &checks, &n));
	for (size_t i = 0; i < n; i++) {
		if (checks[i].state != SEAT_ASKED)
			continue;
		checks[i].state = SEAT_LEFT;
		TRY(juror_checks_set(tx, &checks[i], SEAT_ASKED));
	}
	TRY(log_juror(job->c, tx, "juror.out", juror, job->now_ms));
out:
	return e;
}

static err willing_work(struct conn *tx, void *ctx)
{
	struct willing_job *job = ctx;
	struct juror juror;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	e = jurors_find(tx, job->me, job->mem, &juror);
	bool is_new = e.code == ERR_MISSING;
	if (is_new) {
		juror = (struct juror){ .person = job->me, .until_ms = -1 };
		e = OK;
	}
	TRY(e);
	if (job->willing && juror.until_ms != 0)
		TRY(come_in(tx, job, &juror, is_new));
	if (!job->willing && juror.until_ms == 0)
		TRY(go_out(tx, job, &juror));
	TRY(see_juror(job->c, tx, job->me, job->now_ms, job->mem, job->out));
out:
	return e;
}

err jury_set_willing(struct circle *c, person_id me, bool willing, int64_t now_ms,
                     struct arena *mem, struct seen_juror *out)
{
	struct willing_job job = { .c = c,
		                   .mem = mem,
		                   .me = me,
		                   .willing = willing,
		                   .now_ms = order_now(c, now_ms),
		                   .out = out };
	if (willing)
		known_pick(c, 1, now_ms, mem, job.known.all, &job.known.n);
	return verb_write(c, willing_work, NULL, &job);
}

/* ---- answering ---- */

struct vote_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	int64_t id;
	enum vote vote; /* VOTE_NONE: skips */
	str note;
	int64_t now_ms;
	bool over; /* nobody waits for it any more, as is written down with this */
};

/* From which state a seat may be answered: it waits, or its vote can be changed. */
static err check_waits(enum seat_state state, int64_t due_at_ms, int64_t voted_at_ms,
                       const struct vote_job *job)
{
	bool waits = state == SEAT_ASKED && job->now_ms < due_at_ms;
	bool changes = state == SEAT_VOTED && job->vote != VOTE_NONE &&
	               job->now_ms < voted_at_ms + JURY_CHANGE_MS;
	return waits || changes ? OK : err_conflict(NULL, SAY_OVER);
}

static err vote_seat(struct conn *tx, struct vote_job *job, struct seat *seat)
{
	enum seat_state was = seat->state;
	struct measure m, milder;
	struct appeal a;
	bool still;
	err e;
	TRY(appeals_find(tx, seat->appeal, job->mem, &a));
	if (a.state != APPEAL_OPEN || a.way != APPEAL_BY_JURY)
		TRY(err_conflict(NULL, SAY_OVER));
	TRY(measures_find(tx, a.measure, job->mem, &m));
	const struct summon_ask ask = { &a, &m, STR_NONE, job->now_ms, false };
	TRY(summon_still(job->c, tx, &ask, &job->me, 1, job->mem, &still));
	job->over = !still;
	if (job->over)
		return jury_leave(job->c, tx, &a, seat, job->now_ms);
	if (job->vote == VOTE_MILDER && !appeal_milder(&m, job->now_ms, &milder))
		TRY(err_input("vote", SAY_MILDER));
	if (was == SEAT_ASKED)
		seat->voted_at_ms = job->vote == VOTE_NONE ? 0 : job->now_ms;
	seat->state = job->vote == VOTE_NONE ? SEAT_SKIPPED : SEAT_VOTED;
	seat->vote = job->vote;
	seat->note = job->note;
	TRY(seats_set(tx, seat, was));
	const struct audit_entry entry = {
		.kind = job->vote == VOTE_NONE ? "jury.skipped" : "jury.voted",
		.concerned = job->me,
		.fields = { { "appeal", AUDIT_NUMBER, a.id.v, STR_NONE },
		            { "place", AUDIT_NUMBER, seat->place, STR_NONE },
		            { "vote", AUDIT_WORD, 0,
		              job->vote == VOTE_NONE ? S("none") : str_of(vote_word(job->vote)) },
		            { "note", AUDIT_TEXT, 0, job->note } },
		.n = 4,
	};
	TRY(audit_append(job->c, tx, &entry, job->now_ms, NULL));
	if (job->vote == VOTE_NONE)
		TRY(jurors_count(tx, job->me, (struct juror_counts){ .skipped = 1 }));
out:
	return e;
}

static int is_right(const struct juror_check *k)
{
	return k->state == SEAT_VOTED && k->vote == (k->fires ? VOTE_KEEP : VOTE_OVERTURN);
}

static err vote_known(struct conn *tx, struct vote_job *job, struct juror_check *check)
{
	enum seat_state was = check->state;
	int right = is_right(check);
	err e;
	if (was == SEAT_ASKED)
		check->voted_at_ms = job->vote == VOTE_NONE ? 0 : job->now_ms;
	check->state = job->vote == VOTE_NONE ? SEAT_SKIPPED : SEAT_VOTED;
	check->vote = job->vote;
	check->note = job->note;
	TRY(juror_checks_set(tx, check, was));
	TRY(jurors_count(
		tx, job->me,
		(struct juror_counts){ .checked = was == SEAT_ASKED && job->vote != VOTE_NONE,
	                               .right = is_right(check) - right,
	                               .skipped = job->vote == VOTE_NONE }));
	/* As many records as of a real one. */
	const struct audit_entry entry = {
		.kind = "juror.checked",
		.concerned = job->me,
		.fields = { { "check", AUDIT_NUMBER, check->id, STR_NONE },
		            { "rule", AUDIT_WORD, 0, check->rule },
		            { "right", AUDIT_NUMBER, is_right(check), STR_NONE } },
		.n = 3,
	};
	TRY(audit_append(job->c, tx, &entry, job->now_ms, NULL));
out:
	return e;
}

static err vote_work(struct conn *tx, void *ctx)
{
	struct vote_job *job = ctx;
	struct juror_check check;
	struct seat seat;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	e = seats_find(tx, job->me, job->id, job->mem, &seat);
	if (e.code == ERR_MISSING) {
		TRY(juror_checks_find(tx, job->me, job->id, job->mem, &check));
		TRY(check_waits(check.state, check.due_at_ms, check.voted_at_ms, job));
		return vote_known(tx, job, &check);
	}
	TRY(e);
	TRY(check_waits(seat.state, seat.due_at_ms, seat.voted_at_ms, job));
	TRY(vote_seat(tx, job, &seat));
out:
	return e;
}

static err answer(struct vote_job *job, struct seen_seat *out)
{
	err e;
	job->now_ms = order_now(job->c, job->now_ms);
	TRY(verb_write(job->c, vote_work, NULL, job));
	if (job->over)
		TRY(err_conflict(NULL, SAY_OVER));
	TRY(jury_look(job->c, job->me, job->id, job->now_ms, job->mem, out));
out:
	return e;
}

err jury_vote(struct circle *c, person_id me, int64_t id, enum vote vote, str note, int64_t now_ms,
              struct arena *mem, struct seen_seat *out)
{
	struct vote_job job = {
		.c = c, .mem = mem, .me = me, .id = id, .vote = vote, .now_ms = now_ms
	};
	err e;
	if (vote == VOTE_NONE)
		return err_input("vote", SAY_VOTE);
	TRY(phrase_line(note, 1, JURY_NOTE_MAX, "note", SAY_NOTE, &job.note));
	TRY(answer(&job, out));
out:
	return e;
}

err jury_skip(struct circle *c, person_id me, int64_t id, int64_t now_ms, struct arena *mem,
              struct seen_seat *out)
{
	struct vote_job job = {
		.c = c, .mem = mem, .me = me, .id = id, .note = S(""), .now_ms = now_ms
	};
	return answer(&job, out);
}
