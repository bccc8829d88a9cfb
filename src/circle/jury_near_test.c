/* Jurors who came near a side after they were drawn: their vote does not count, somebody else is asked, and nothing says why. */
#include "circle/court_testing.h"

#include "circle/befriend.h"
#include "circle/redraw.h"
#include "circle/verb.h"

#include "store/jurors.h"
#include "store/ties.h"

#include <string.h>

#define MINUTE_MS (INT64_C(60) * 1000)

static struct stage *s;

static int set_up(void **state)
{
	(void)state;
	s = court_open(true, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct juror juror_of(person_id id)
{
	struct conn *conn = NULL;
	struct juror juror;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(jurors_find(conn, id, s->mem, &juror));
	store_read_end(s->c->store, &conn);
	return juror;
}

static enum seat_state state_of(const struct seat *seat)
{
	size_t n;
	return court_walk(s, seat->appeal, &n)[seat->place].state;
}

static void assert_right(const struct appeal *a)
{
	struct redrawn r;
	assert_ok(redraw(s->c, a->number, s->mem, &r));
	for (size_t i = 0; i < r.n_faults; i++)
		fail_msg("%s, place %d", r.faults[i], r.places[i]);
}

/* Five of seven befriend who appeals after they were drawn: none of them votes. */
static void who_became_a_friend_does_not_vote(void **state)
{
	struct status_ref post;
	struct seen_seat seen, *all;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat seats[5];
	size_t n;
	(void)state;
	for (size_t i = 0; i < COUNT(seats); i++)
		seats[i] = court_seat(s, a.id, SEAT_ASKED, i);
	s->now_ms += MINUTE_MS;
	for (size_t i = 0; i < COUNT(seats); i++) {
		stage_befriend(s, 2, court_who(s, seats[i].person));
		int skipped = juror_of(seats[i].person).n_skipped;
		assert_fails(court_vote_as(s, &seats[i], VOTE_OVERTURN, &seen), ERR_CONFLICT);
		assert_int_equal(state_of(&seats[i]), SEAT_LEFT);
		assert_fails(court_vote_as(s, &seats[i], VOTE_OVERTURN, &seen), ERR_CONFLICT);
		assert_int_equal(juror_of(seats[i].person).n_skipped, skipped);
		assert_ok(jury_look(s->c, seats[i].person, seats[i].id, s->now_ms, s->mem, &seen));
		assert_true(seen.state == SEAT_LEFT && !seen.has_case && !seen.has_others);
		/* What was asked beside it is closed with it: else it would be the one that is not real. */
		assert_ok(jury_seats(s->c, seats[i].person, (struct page){ 0 }, s->now_ms, s->mem,
		                     &all, &n));
		int waiting = 0;
		for (size_t k = 0; k < n; k++)
			waiting += all[k].state == SEAT_ASKED;
		assert_true(n >= 2);
		assert_int_equal(waiting, n > 2); /* that of when they became a juror */
	}
	court_wait(s, 1000);
	assert_int_equal(court_in_state(s, a.id, SEAT_ASKED), JURY_SEATS);
	assert_int_equal(court_records(s, "appeal.left"), 5);
	assert_int_equal(court_vote(s, a.id, 5, VOTE_KEEP), 5);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_KEPT);
	assert_right(&a);
}

/* A vote that was given before is not counted either, not even when it could be changed no more. */
static void whose_friend_one_is_at_the_count_is_what_matters(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat early, late;
	(void)state;
	assert_int_equal(court_vote(s, a.id, 4, VOTE_OVERTURN), 4);
	early = court_seat(s, a.id, SEAT_VOTED, 0);
	late = court_seat(s, a.id, SEAT_VOTED, 1);
	s->now_ms += MINUTE_MS;
	stage_befriend(s, court_who(s, early.person), 2);
	court_wait(s, 30 * MINUTE_MS);
	stage_befriend(s, 2, court_who(s, late.person));
	assert_int_equal(court_vote(s, a.id, 1, VOTE_OVERTURN), 1);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	assert_int_equal(state_of(&early), SEAT_LEFT);
	assert_int_equal(state_of(&late), SEAT_LEFT);
	assert_int_equal(court_in_state(s, a.id, SEAT_VOTED), 3);
	assert_int_equal(court_in_state(s, a.id, SEAT_ASKED), 4);
	struct seen_appeal seen;
	assert_ok(appeal_show(s->c, s->people[2], a.id, s->mem, &seen));
	assert_true(seen.votes.overturn == 3 && seen.n_notes == 0);
	court_vote(s, a.id, 2, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVERTURNED);
	assert_right(&a);
}

/* Each does something to one juror; whether that one still votes. */
static void a_friends_friend(int juror)
{
	stage_befriend(s, juror, 3); /* whom p02 counts as a friend */
}

static void blocks_a_side(int juror)
{
	assert_ok(befriend_block(s->c, s->people[juror], s->people[2], s->now_ms));
}

static void is_blocked_by_a_side(int juror)
{
	assert_ok(befriend_block(s->c, s->people[2], s->people[juror], s->now_ms));
}

static void is_frozen(int juror) { court_impose(s, juror, MEASURE_FREEZE, 1); }

static void befriends_a_stranger(int juror) { stage_befriend(s, juror, juror == 30 ? 31 : 30); }

static void what_else_keeps_from_voting(void **state)
{
	static const struct {
		const char *name;
		void (*happens)(int juror);
		bool votes;
	} rows[] = {
		{ "a friend's friend, at two hops", a_friends_friend, false },
		{ "who blocks a side", blocks_a_side, false },
		{ "whom a side blocks: it would be a way to send all of them home",
		  is_blocked_by_a_side, true },
		{ "who is frozen", is_frozen, false },
		{ "who befriends a stranger", befriends_a_stranger, true },
	};
	(void)state;
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct seen_seat seen;
		struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
		s->now_ms += MINUTE_MS;
		rows[r].happens(court_who(s, seat.person));
		err e = court_vote_as(s, &seat, VOTE_KEEP, &seen);
		if (failed(e) == rows[r].votes)
			fail_msg("%s", rows[r].name);
		assert_int_equal(state_of(&seat), rows[r].votes ? SEAT_VOTED : SEAT_LEFT);
	}
	assert_right(&a);
}

struct tie_job {
	person_id a, b;
	int64_t at_ms;
};

static err tie_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	return ties_set(tx, job->a, job->b, job->at_ms);
}

/* A vote that counted though it should not have is found afterwards. */
static void a_vote_that_counted_wrongly_is_found(void **state)
{
	struct status_ref post;
	struct redrawn r;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0),
		    other = court_seat(s, a.id, SEAT_ASKED, 1);
	(void)state;
	s->now_ms += MINUTE_MS;
	court_vote(s, a.id, 5, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_right(&a);
	s->now_ms += MINUTE_MS;
	stage_befriend(s, 2, court_who(s, other.person)); /* afterwards: their own affair */
	assert_right(&a);
	struct tie_job job = { s->people[2], seat.person, seat.asked_at_ms + 1 };
	assert_ok(verb_write(s->c, tie_work, NULL, &job));
	stage_reopen(s);
	assert_ok(redraw(s->c, a.number, s->mem, &r));
	assert_int_equal(r.n_faults, 1);
	assert_non_null(strstr(r.faults[0], "a vote counted"));
	assert_int_equal(r.places[0], seat.place);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_became_a_friend_does_not_vote),
		TEST(whose_friend_one_is_at_the_count_is_what_matters),
		TEST(what_else_keeps_from_voting),
		TEST(a_vote_that_counted_wrongly_is_found),
	};
	return cmocka_run_group_tests_name("jury_near", tests, NULL, NULL);
}
