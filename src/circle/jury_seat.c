/* The seats of one appeal: drawn, asked, left and filled again. The interface is jury_private.h. */
#include "circle/jury_private.h"

#include "circle/audit.h"
#include "circle/exhibit.h"
#include "circle/hold.h"
#include "circle/summon.h"
#include "circle/verb.h"

#include "base/encode.h"
#include "base/log.h"
#include "store/appeals.h"
#include "store/audits.h"
#include "store/jurors.h"
#include "store/seats.h"

#include <string.h>

#define SWEEP_BATCH 100

/* ---- what they said ---- */

static bool is_settled(const struct seat *seat, int64_t now_ms)
{
	return seat->state == SEAT_VOTED &&
	       (now_ms == INT64_MAX || now_ms >= seat->voted_at_ms + JURY_CHANGE_MS);
}

struct tally jury_tally(const struct seat *seats, size_t n, int of_seats, int64_t now_ms)
{
	struct tally tally = { .seats = of_seats };
	for (size_t i = 0; i < n; i++) {
		if (!is_settled(&seats[i], now_ms)) {
			tally.left += seats[i].state == SEAT_ASKED || seats[i].state == SEAT_VOTED;
			continue;
		}
		tally.keep += seats[i].vote == VOTE_KEEP;
		tally.overturn += seats[i].vote == VOTE_OVERTURN;
		tally.milder += seats[i].vote == VOTE_MILDER;
	}
	return tally;
}

static int sitting(const struct seat *seats, size_t n)
{
	int out = 0;
	for (size_t i = 0; i < n; i++)
		out += seats[i].state == SEAT_ASKED || seats[i].state == SEAT_VOTED;
	return out;
}

static bool is_late(const struct seat *seat, int64_t now_ms)
{
	return seat->state == SEAT_ASKED && now_ms >= seat->due_at_ms;
}

/* Seats that nobody sits on, as far as the list still has people who were not asked. */
static err missing_seats(struct conn *conn, const struct appeal *a, const struct seat *seats,
                         size_t n, struct arena *mem, int *out)
{
	str list;
	err e = OK;
	*out = a->seats - sitting(seats, n);
	if (*out == 0)
		return OK;
	TRY(juror_lists_find(conn, a->list_hash, mem, &list));
	if (n >= list.n / (DRAW_NUMBER_CHARS + 1))
		*out = 0;
out:
	return e;
}

err jury_is_due(struct conn *conn, const struct appeal *a, int64_t now_ms, struct arena *mem,
                bool *due)
{
	struct seat *seats;
	enum vote verdict;
	int missing;
	size_t n;
	err e;
	TRY(seats_of(conn, a->id, mem, &seats, &n));
	TRY(missing_seats(conn, a, seats, n, mem, &missing));
	struct tally tally = jury_tally(seats, n, a->seats, now_ms);
	tally.left += missing;
	*due = missing > 0 || draw_settled(&tally, &verdict);
	for (size_t i = 0; i < n; i++)
		*due |= is_late(&seats[i], now_ms);
out:
	return e;
}

err jury_close(struct conn *tx, appeal_id appeal)
{
	err e;
	TRY(seats_close(tx, appeal));
	TRY(juror_checks_close(tx, appeal, (person_id){ 0 }));
out:
	return e;
}

/* ---- asking ---- */

static err tell(struct circle *c, struct conn *tx, person_id juror, int64_t seat, int64_t now_ms)
{
	struct notice notice = {
		.id = { snowflake_next(c->ids) },
		.reader = juror,
		.kind = NOTICE_JURY,
		.seat = seat,
		.at_ms = now_ms,
	};
	return verb_tell(c, tx, &notice);
}

err jury_ask_known(struct circle *c, struct conn *tx, struct jury_known *known,
                   const struct juror_check *like, int64_t now_ms)
{
	struct juror_check check = *like;
	err e;
	if (known == NULL || known->used == known->n)
		return OK;
	const struct known *one = &known->all[known->used++];
	check.id = snowflake_next(c->ids);
	check.rule = one->rule;
	check.policy = one->policy;
	check.text = one->text;
	check.evidence = one->evidence;
	check.fires = one->fires;
	chance_fill(c->chance, check.salt, sizeof check.salt);
	check.state = SEAT_ASKED;
	check.note = S("");
	TRY(juror_checks_insert(tx, &check));
	TRY(jurors_count(tx, check.person, (struct juror_counts){ .asked = 1 }));
	TRY(tell(c, tx, check.person, check.id, now_ms));
out:
	return e;
}

static err write_seat(struct appeal_case *s, const struct juror *juror, int place, bool seated)
{
	struct circle *c = s->x->c;
	int64_t due_ms = s->now_ms + JURY_SEAT_MS;
	struct seat seat = {
		.appeal = s->appeal->id,
		.place = place,
		.id = seated ? snowflake_next(c->ids) : 0,
		.person = juror->person,
		.number = juror->number,
		.state = seated ? SEAT_ASKED : SEAT_PASSED_OVER,
		.asked_at_ms = s->now_ms,
		.due_at_ms = due_ms < s->appeal->due_at_ms ? due_ms : s->appeal->due_at_ms,
		.note = S(""),
	};
	err e;
	TRY(seats_insert(s->tx, &seat));
	if (!seated)
		return OK;
	TRY(jurors_count(s->tx, juror->person, (struct juror_counts){ .asked = 1 }));
	TRY(tell(c, s->tx, juror->person, seat.id, s->now_ms));
out:
	return e;
}

/* A real case and a known one; which is asked first is left to chance. */
static err ask(struct appeal_case *s, const struct juror *juror, int place)
{
	struct circle *c = s->x->c;
	int64_t due_ms = s->now_ms + JURY_SEAT_MS;
	struct juror_check like = {
		.person = juror->person,
		.appeal = s->appeal->id,
		.seats = s->appeal->seats,
		.asked_at_ms = s->now_ms,
		.due_at_ms = due_ms < s->appeal->due_at_ms ? due_ms : s->appeal->due_at_ms,
	};
	unsigned char coin;
	err e = OK;
	chance_fill(c->chance, &coin, 1);
	if (coin & 1)
		TRY(jury_ask_known(c, s->tx, s->known, &like, s->now_ms));
	TRY(write_seat(s, juror, place, true));
	if (!(coin & 1))
		TRY(jury_ask_known(c, s->tx, s->known, &like, s->now_ms));
out:
	return e;
}

/* Places [from, to) of the walk: those in `seated` are asked. */
static err walk(struct appeal_case *s, const struct summons *summons, size_t from, size_t to,
                const bool *seated)
{
	err e = OK;
	for (size_t i = from; i < to; i++) {
		const struct juror *juror = &summons->jurors[i];
		struct audit_field more[] = {
			{ "place", AUDIT_NUMBER, (int64_t)i, STR_NONE },
			{ "juror", AUDIT_WORD, 0, juror->number },
			{ "seated", AUDIT_NUMBER, seated[i - from], STR_NONE },
		};
		if (seated[i - from])
			TRY(ask(s, juror, (int)i));
		else
			TRY(write_seat(s, juror, (int)i, false));
		TRY(appeal_log(s->x->c, s->tx, "appeal.seat", s->appeal, more,
		               sizeof more / sizeof more[0], s->now_ms));
	}
out:
	return e;
}

/* ---- the draw ---- */

/* What no jury can judge: words that are gone, and a hold that only says that screening failed. */
static err is_for_jury(struct appeal_case *s, bool *yes)
{
	const struct measure *m = s->measure;
	struct seen_measure seen;
	err e;
	*yes = !str_eq(m->rule, HOLD_FAILED_RULE);
	if (!*yes || m->post.v == 0)
		return OK;
	TRY(exhibit(s->x->c, s->tx, m, false, s->now_ms, s->mem, &seen));
	*yes = seen.has_post || seen.has_comment;
out:
	return e;
}

static err read_root(struct appeal_case *s, bool *there)
{
	struct audit_root root;
	err e = audit_root_before(s->tx, s->now_ms, &root);
	*there = !failed(e);
	if (failed(e))
		return e.code == ERR_MISSING ? OK : e;
	s->appeal->root_day = root.day;
	memcpy(s->appeal->root, root.root, HASH_BYTES);
	return OK;
}

static err write_draw(struct appeal_case *s, const struct summons *summons,
                      const struct drawn *drawn)
{
	struct appeal *a = s->appeal;
	err e;
	a->way = APPEAL_BY_JURY;
	a->step = drawn->step;
	a->seats = drawn->seats;
	memcpy(a->list_hash, summons->list_hash, HASH_BYTES);
	TRY(juror_lists_put(s->tx, a->list_hash, summons->list));
	TRY(appeals_set_way(s->tx, a));
	const struct audit_field more[] = {
		{ "step", AUDIT_WORD, 0, str_of(appeal_step_word(a->step)) },
		{ "seats", AUDIT_NUMBER, a->seats, STR_NONE },
		{ "root-day", AUDIT_NUMBER, a->root_day, STR_NONE },
		{ "root", AUDIT_WORD, 0, hex_of(s->mem, a->root, HASH_BYTES) },
		{ "list", AUDIT_WORD, 0, hex_of(s->mem, a->list_hash, HASH_BYTES) },
	};
	TRY(appeal_log(s->x->c, s->tx, "appeal.drawn", a, more, sizeof more / sizeof more[0],
	               s->now_ms));
	TRY(walk(s, summons, 0, drawn->walked, drawn->seated));
out:
	return e;
}

err jury_open(struct appeal_case *s)
{
	const struct summon_ask ask_for = { s->appeal, s->measure, STR_NONE, s->now_ms, false };
	struct summons summons;
	struct drawn drawn;
	bool yes;
	err e;
	TRY(is_for_jury(s, &yes));
	if (yes)
		TRY(read_root(s, &yes));
	if (!yes)
		return appeal_leave_to_steward(s);
	TRY(summon(s->x->c, s->tx, &ask_for, s->mem, &summons));
	draw_jury(&summons.circle, s->mem, &drawn);
	TRY(summon_sound(&summons));
	e = drawn.seats == 0 ? appeal_leave_to_steward(s) : write_draw(s, &summons, &drawn);
out:
	return e;
}

/* ---- on along the walk ---- */

err jury_leave(struct circle *c, struct conn *tx, const struct appeal *a, struct seat *seat,
               int64_t now_ms)
{
	enum seat_state was = seat->state;
	const struct audit_field more[] = {
		{ "place", AUDIT_NUMBER, seat->place, STR_NONE },
		{ "juror", AUDIT_WORD, 0, seat->number },
	};
	err e;
	seat->state = SEAT_LEFT;
	TRY(seats_set(tx, seat, was));
	TRY(juror_checks_close(tx, a->id, seat->person));
	TRY(appeal_log(c, tx, "appeal.left", a, more, sizeof more / sizeof more[0], now_ms));
out:
	return e;
}

/* Of whose account is gone nothing can be asked, and their vote stays. */
static bool can_leave(const struct seat *seat)
{
	return seat->person.v != 0 && (seat->state == SEAT_ASKED || seat->state == SEAT_VOTED);
}

/* Who became a friend of a side since they were asked, or blocked one, or may not judge any more for another reason. */
static err leave_near(struct appeal_case *s, struct seat *seats, size_t n)
{
	const struct summon_ask ask_for = { s->appeal, s->measure, STR_NONE, s->now_ms, false };
	person_id *jurors = ARENA_ARRAY(s->mem, n, person_id);
	bool *still = ARENA_ARRAY(s->mem, n, bool);
	size_t k = 0;
	err e;
	for (size_t i = 0; i < n; i++)
		if (can_leave(&seats[i]))
			jurors[k++] = seats[i].person;
	TRY(summon_still(s->x->c, s->tx, &ask_for, jurors, k, s->mem, still));
	k = 0;
	for (size_t i = 0; i < n; i++)
		if (can_leave(&seats[i]) && !still[k++])
			TRY(jury_leave(s->x->c, s->tx, s->appeal, &seats[i], s->now_ms));
out:
	return e;
}

static err leave_late(struct appeal_case *s, struct seat *seats, size_t n)
{
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		struct seat *seat = &seats[i];
		if (!is_late(seat, s->now_ms))
			continue;
		seat->state = SEAT_SKIPPED;
		const struct audit_field more[] = {
			{ "place", AUDIT_NUMBER, seat->place, STR_NONE },
			{ "juror", AUDIT_WORD, 0, seat->number },
		};
		TRY(seats_set(s->tx, seat, SEAT_ASKED));
		TRY(jurors_count(s->tx, seat->person, (struct juror_counts){ .skipped = 1 }));
		TRY(appeal_log(s->x->c, s->tx, "appeal.skipped", s->appeal, more,
		               sizeof more / sizeof more[0], s->now_ms));
	}
out:
	return e;
}

/* The list is the one of the draw; who may sit is asked anew. */
static err fill(struct appeal_case *s, const struct seat *seats, size_t n, int missing, int *filled)
{
	struct summon_ask ask_for = { s->appeal, s->measure, STR_NONE, s->now_ms, false };
	struct summons summons;
	struct draw_seat *seated_before;
	size_t n_before = 0, from = n;
	err e;
	*filled = 0;
	TRY(juror_lists_find(s->tx, s->appeal->list_hash, s->mem, &ask_for.list));
	TRY(summon(s->x->c, s->tx, &ask_for, s->mem, &summons));
	seated_before = ARENA_ARRAY(s->mem, n + (size_t)missing, struct draw_seat);
	for (size_t i = 0; i < n; i++)
		if (seats[i].id != 0)
			seated_before[n_before++] = (struct draw_seat){
				(size_t)seats[i].place,
				seats[i].state == SEAT_SKIPPED || seats[i].state == SEAT_LEFT
			};
	while (*filled < missing && from < summons.circle.n) {
		size_t at = draw_next(&summons.circle, s->appeal->step, seated_before, n_before,
		                      from);
		size_t to = at < summons.circle.n ? at + 1 : at;
		bool *seated = ARENA_ARRAY(s->mem, to - from + 1, bool);
		seated[at - from] = true;
		TRY(summon_sound(&summons));
		TRY(walk(s, &summons, from, to, seated));
		if (at < summons.circle.n) {
			seated_before[n_before++] = (struct draw_seat){ .at = at };
			(*filled)++;
		}
		from = to;
	}
out:
	return e;
}

err jury_go_on(struct appeal_case *s, bool *settled, enum vote *verdict)
{
	const struct appeal *a = s->appeal;
	struct seat *seats;
	int missing, filled = 0;
	size_t n;
	err e;
	TRY(seats_of(s->tx, a->id, s->mem, &seats, &n));
	TRY(leave_near(s, seats, n));
	TRY(leave_late(s, seats, n));
	TRY(missing_seats(s->tx, a, seats, n, s->mem, &missing));
	struct tally tally = jury_tally(seats, n, a->seats, s->now_ms);
	tally.left += missing;
	*settled = draw_settled(&tally, verdict);
	if (*settled || missing == 0)
		return OK;
	TRY(fill(s, seats, n, missing, &filled));
	tally.left -= missing - filled;
	*settled = draw_settled(&tally, verdict);
out:
	return e;
}

/* ---- known cases nobody answered ---- */

struct sweep_job {
	struct arena *mem;
	int64_t now_ms;
};

static err sweep_work(struct conn *tx, void *ctx)
{
	struct sweep_job *job = ctx;
	struct juror_check *late;
	size_t n;
	err e;
	TRY(juror_checks_late(tx, job->now_ms, SWEEP_BATCH, job->mem, &late, &n));
	for (size_t i = 0; i < n; i++) {
		late[i].state = SEAT_SKIPPED;
		TRY(juror_checks_set(tx, &late[i], SEAT_ASKED));
		TRY(jurors_count(tx, late[i].person, (struct juror_counts){ .skipped = 1 }));
	}
out:
	return e;
}

err jury_sweep_known(struct circle *c, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct sweep_job job = { mem, now_ms };
	struct conn *conn = NULL;
	struct juror_check *late;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(juror_checks_late(conn, now_ms, 1, mem, &late, &n));
	store_read_end(c->store, &conn);
	if (n > 0)
		TRY(verb_write(c, sweep_work, NULL, &job));
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}
