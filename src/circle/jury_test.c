/* Juries: who is asked, what they see, what their votes come to, and what becomes of seats nobody answers for. */
#include "circle/court_testing.h"

#include "circle/admit.h"
#include "circle/jury_private.h"
#include "circle/order_testing.h"

#include "store/measures.h"

static struct stage *s;

#define MINUTE_MS (INT64_C(60) * 1000)

static int set_up(void **state)
{
	(void)state;
	s = court_open(false, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct seen_appeal seen_by_subject(appeal_id id)
{
	struct seen_appeal out;
	assert_ok(appeal_show(s->c, s->people[2], id, s->mem, &out));
	return out;
}

/* ---- the draw ---- */

static void anyone_can_reckon_the_draw_again(void **state)
{
	struct status_ref post;
	struct seen_draw draw;
	unsigned char seed[HASH_BYTES], hash[HASH_BYTES];
	str numbers[COURT_JURORS + 2], rest;
	measure_id id;
	size_t n = 0, seated = 0;
	(void)state;
	court_jurors(s, 0, 2); /* stewards stand on the list, and are passed over */
	struct appeal a = court_trial(s, &id, &post);
	assert_ok(jury_draw(s->c, a.id, s->mem, &draw));
	for (rest = draw.list; rest.n > 0;) {
		assert_true(n < COUNT(numbers));
		numbers[n] = str_cut(&rest, '\n');
		assert_true(n == 0 || str_cmp(numbers[n - 1], numbers[n]) < 0);
		n++;
	}
	assert_int_equal(n, COURT_JURORS + 2);
	draw_list_hash(draw.list, hash);
	assert_memory_equal(hash, draw.appeal.list_hash, HASH_BYTES);
	draw_seed(draw.appeal.root, draw.appeal.number, seed);
	const size_t *order = draw_order(seed, numbers, n, s->mem);
	for (size_t i = 0; i < draw.n; i++) {
		int who = court_who(s, draw.walk[i].person);
		assert_true(str_eq(draw.walk[i].number, numbers[order[i]]));
		assert_int_equal(draw.walk[i].place, i);
		assert_int_equal(draw.walk[i].state, who < 2 ? SEAT_PASSED_OVER : SEAT_ASKED);
		seated += draw.walk[i].state == SEAT_ASKED;
	}
	assert_int_equal(seated, JURY_SEATS);
	assert_int_equal(draw.walk[draw.n - 1].state, SEAT_ASKED);
	assert_int_equal(court_records(s, "appeal.drawn"), 1);
	assert_int_equal(court_records(s, "appeal.seat"), draw.n);
	/* Who comes later changes nothing of it. */
	struct seen_juror out;
	assert_ok(jury_set_willing(s->c, s->people[5], false, s->now_ms, s->mem, &out));
	assert_ok(jury_draw(s->c, a.id, s->mem, &draw));
	assert_int_equal(draw.list.n, (COURT_JURORS + 2) * (DRAW_NUMBER_CHARS + 1));
	assert_fails(jury_draw(s->c, (appeal_id){ 42 }, s->mem, &draw), ERR_MISSING);
}

static void a_number_once_given_stays(void **state)
{
	struct seen_juror out, again;
	unsigned char hash[HASH_BYTES];
	str list;
	(void)state;
	assert_ok(jury_me(s->c, s->people[5], s->now_ms, s->mem, &out));
	assert_true(!out.willing && out.juror.number.n == 0 && out.why == NULL);
	court_jurors(s, 5, 1);
	assert_ok(jury_me(s->c, s->people[5], s->now_ms, s->mem, &out));
	assert_true(out.willing && out.juror.number.n == DRAW_NUMBER_CHARS && out.why == NULL);
	assert_ok(jury_set_willing(s->c, s->people[5], false, s->now_ms, s->mem, &again));
	assert_false(again.willing);
	assert_ok(jury_list(s->c, s->mem, &list, hash));
	assert_int_equal(list.n, 0);
	s->now_ms += COURT_DAY_MS;
	assert_ok(jury_set_willing(s->c, s->people[5], true, s->now_ms, s->mem, &again));
	assert_true(again.willing && str_eq(again.juror.number, out.juror.number));
	assert_int_equal(again.juror.since_ms, s->now_ms);
	assert_ok(jury_list(s->c, s->mem, &list, hash));
	assert_int_equal(list.n, DRAW_NUMBER_CHARS + 1);
	assert_int_equal(court_records(s, "juror.willing"), 2);
	assert_int_equal(court_records(s, "juror.out"), 1);
}

static void who_is_new_or_has_points_is_passed_over(void **state)
{
	struct status_ref post;
	struct seen_juror out;
	struct account_draft draft = { .handle = S("newcomer"), .role = ROLE_MEMBER };
	struct person newcomer;
	size_t n;
	(void)state;
	assert_ok(admit_create(s->c, &draft, s->now_ms, s->mem, &newcomer));
	assert_ok(jury_set_willing(s->c, newcomer.id, true, s->now_ms, s->mem, &out));
	assert_non_null(out.why);
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	court_impose(s, 4, MEASURE_FREEZE, 1);
	court_impose(s, 5, MEASURE_NOTICE, 1); /* two points */
	court_hold(s, 6, COURT_FAR_MS, &post);
	for (int i = 4; i <= 6; i++) {
		assert_ok(jury_me(s->c, s->people[i], s->now_ms, s->mem, &out));
		assert_non_null(out.why);
	}
	for (int round = 0; round < 12; round++) {
		struct appeal a = court_file(s, 10 + round,
		                             court_hold(s, 10 + round, COURT_FAR_MS, &post));
		struct seat *walk = court_walk(s, a.id, &n);
		for (size_t i = 0; i < n; i++) {
			int who = court_who(s, walk[i].person);
			bool barred = who < 0 || (who >= 4 && who <= 6) ||
			              (who >= 10 && who <= 10 + round);
			assert_int_equal(walk[i].state, barred ? SEAT_PASSED_OVER : SEAT_ASKED);
		}
	}
	s->now_ms += 15 * COURT_DAY_MS;
	assert_ok(jury_me(s->c, newcomer.id, s->now_ms, s->mem, &out));
	assert_null(out.why);
}

/* ---- votes ---- */

static void five_of_seven_overturn_after_ten_minutes(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	(void)state;
	assert_int_equal(court_vote(s, a.id, 5, VOTE_OVERTURN), 5);
	court_wait(s, 9 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	assert_false(stage_sees(s, 3, post));
	assert_int_equal(seen_by_subject(a.id).votes.overturn, 5);
	struct seat late = court_seat(s, a.id, SEAT_ASKED, 0);
	court_wait(s, MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVERTURNED);
	assert_int_equal(court_appeal(s, a.id).decided_by.v, 0);
	assert_int_equal(order_look(s, id).state, MEASURE_OVERTURNED);
	assert_true(stage_sees(s, 3, post));
	assert_int_equal(court_in_state(s, a.id, SEAT_CLOSED), 2);
	assert_fails(court_vote_as(s, &late, VOTE_KEEP, &seen), ERR_CONFLICT);
	struct seen_appeal after = seen_by_subject(a.id);
	assert_int_equal(after.n_notes, 5);
	assert_text(after.notes[0], "so I see it");
	assert_int_equal(court_records(s, "jury.voted"), 5);
	assert_int_equal(court_records(s, "appeal.overturned"), 1);
}

static void five_of_seven_keep(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	(void)state;
	court_vote(s, a.id, 2, VOTE_OVERTURN);
	court_vote(s, a.id, 5, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_KEPT);
	assert_int_equal(order_look(s, id).state, MEASURE_KEPT);
	assert_false(stage_sees(s, 3, post));
	court_wait(s, 60 * COURT_DAY_MS);
	assert_false(stage_sees(s, 3, post));
}

/* Whose they are is told by nothing: a number is public, and stays whose it is. */
static void notes_do_not_stand_in_the_order_of_the_numbers(void **state)
{
	static const char *const notes[] = { "g", "f", "e", "d", "c", "b", "a" };
	struct status_ref post;
	struct seen_seat out;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	(void)state;
	for (size_t i = 0; i < COUNT(notes); i++) {
		struct seat next = court_seat(s, a.id, SEAT_ASKED, 0);
		for (size_t k = 1; k < COUNT(notes) - i; k++) {
			struct seat seat = court_seat(s, a.id, SEAT_ASKED, k);
			if (str_cmp(seat.number, next.number) < 0)
				next = seat;
		}
		assert_ok(jury_vote(s->c, next.person, next.id, VOTE_KEEP, str_of(notes[i]),
		                    s->now_ms, s->mem, &out));
	}
	court_wait(s, 10 * MINUTE_MS);
	struct seen_appeal seen = seen_by_subject(a.id);
	assert_int_equal(seen.n_notes, JURY_SEATS);
	for (size_t i = 0; i < JURY_SEATS; i++)
		assert_text(seen.notes[i], notes[JURY_SEATS - 1 - i]);
}

static void a_milder_measure_takes_the_place_of_a_hold(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct conn *conn = NULL;
	struct measure *all;
	struct outcomes record;
	size_t n, labels = 0;
	(void)state;
	court_vote(s, a.id, 2, VOTE_MILDER);
	court_vote(s, a.id, 3, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN); /* two may still overturn */
	court_vote(s, a.id, 2, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_MILDER);
	assert_int_equal(order_look(s, id).state, MEASURE_MILDER);
	assert_int_equal(court_records(s, "appeal.milder"), 1);
	assert_int_equal(court_records(s, "measure.milder"), 1);
	assert_true(stage_sees(s, 3, post));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[2], (measure_id){ 0 }, 10, s->mem, &all, &n));
	/* The rule was not wrong. */
	assert_ok(measures_outcomes(conn, S(COURT_RULE), 0, 100, &record));
	assert_int_equal(record.overturned, 0);
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		labels += all[i].kind == MEASURE_LABEL && all[i].decider == DECIDER_JURY &&
		          all[i].state == MEASURE_ACTIVE && all[i].post.v == post.post.v &&
		          all[i].follows.v == id.v;
	assert_int_equal(labels, 1);
}

/* It can be appealed on new facts alone, that is the last time, and none of who sat sits again. */
static void a_milder_measure_is_the_same_case(void **state)
{
	struct status_ref post;
	struct appeal_draft draft = { .words = S("It was honey."), .facts = STR_NONE };
	struct appeal_prospect prospect;
	struct seen_appeal out;
	struct seat *first, *second;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	size_t n_first, n_second;
	(void)state;
	court_vote(s, a.id, 7, VOTE_MILDER);
	court_wait(s, 10 * MINUTE_MS);
	struct measure label = order_newest(s, 2);
	assert_int_equal(label.kind, MEASURE_LABEL);
	assert_ok(appeal_prospect_of(s->c, &label, s->now_ms, s->mem, &prospect));
	assert_true(prospect.filed && prospect.may);
	assert_int_equal(prospect.appeal.appeal.state, APPEAL_MILDER);
	assert_blames(appeal_file(s->c, s->people[2], label.id, &draft, s->now_ms, s->mem, &out),
	              ERR_INPUT, "facts");
	draft.facts = S("Here is the licence.");
	assert_ok(appeal_file(s->c, s->people[2], label.id, &draft, s->now_ms, s->mem, &out));
	assert_true(out.appeal.nth == 2 && out.appeal.measure.v == label.id.v);
	assert_true(out.appeal.seats == JURY_SEATS);
	first = court_walk(s, a.id, &n_first);
	second = court_walk(s, out.appeal.id, &n_second);
	for (size_t i = 0; i < n_second; i++)
		for (size_t j = 0; j < n_first && second[i].id != 0; j++)
			assert_false(first[j].id != 0 && first[j].person.v == second[i].person.v);
	court_vote(s, out.appeal.id, 7, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_blames(appeal_file(s->c, s->people[2], label.id, &draft, s->now_ms, s->mem, &out),
	              ERR_INPUT, "facts");
}

/* The house's clock is seen by who answers for it: neither whose nor about what, and by no side. */
static void stewards_see_the_clock_of_a_jury(void **state)
{
	struct waiting_appeal *all;
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	size_t n;
	(void)state;
	assert_ok(appeal_waiting(s->c, s->people[0], s->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_true(all[0].kind == MEASURE_HOLD && all[0].way == APPEAL_BY_JURY);
	assert_true(all[0].due_at_ms == a.due_at_ms && all[0].seats == 7);
	assert_fails(appeal_waiting(s->c, s->people[2], s->mem, &all, &n), ERR_DENIED);
	court_end(s, id, MEASURE_KEPT, 1); /* now that steward is a side */
	assert_ok(appeal_waiting(s->c, s->people[1], s->mem, &all, &n));
	assert_int_equal(n, 0);
	assert_ok(appeal_waiting(s->c, s->people[0], s->mem, &all, &n));
	assert_int_equal(n, 1);
}

static void each_ladder_has_something_milder_but_for_its_foot(void **state)
{
	static const struct {
		enum measure_kind from, to;
	} rows[] = {
		{ MEASURE_HOLD, MEASURE_LABEL },        { MEASURE_SEAL, MEASURE_FREEZE },
		{ MEASURE_FREEZE, MEASURE_NO_FRIENDS }, { MEASURE_NO_FRIENDS, MEASURE_FEWER },
		{ MEASURE_FEWER, MEASURE_NOTICE },      { MEASURE_LABEL, MEASURE_LABEL },
		{ MEASURE_FOLD, MEASURE_FOLD },         { MEASURE_NOTICE, MEASURE_NOTICE },
	};
	struct status_ref post;
	struct seen_seat seen;
	struct measure out;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct measure m = { .kind = rows[i].from,
			             .state = MEASURE_KEPT,
			             .points = 4,
			             .ends_at_ms = s->now_ms + COURT_DAY_MS };
		assert_int_equal(appeal_milder(&m, s->now_ms, &out), rows[i].from != rows[i].to);
		assert_int_equal(out.kind, rows[i].to);
		assert_true(out.state == MEASURE_ACTIVE && out.decider == DECIDER_JURY);
	}
	/* What is over, or nearly, cannot go on more mildly. */
	struct measure last = { .kind = MEASURE_FREEZE, .ends_at_ms = s->now_ms + MINUTE_MS - 1 };
	assert_false(appeal_milder(&last, s->now_ms, &out));
	/* And nobody may vote for what there is not. */
	measure_id id = court_impose(s, 2, MEASURE_NOTICE, 1);
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
	assert_blames(court_vote_as(s, &seat, VOTE_MILDER, &seen), ERR_INPUT, "vote");
	assert_ok(court_vote_as(s, &seat, VOTE_KEEP, &seen));
	(void)post;
}

static void on_a_person_the_next_lower_step_takes_its_place(void **state)
{
	struct post_draft draft = { .text = S("good morning") };
	struct published out;
	(void)state;
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	measure_id id = court_impose(s, 2, MEASURE_FREEZE, 1);
	assert_fails(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out), ERR_DENIED);
	struct appeal a = court_file(s, 2, id);
	assert_int_equal(a.way, APPEAL_BY_JURY);
	court_vote(s, a.id, 7, VOTE_MILDER);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(order_look(s, id).state, MEASURE_MILDER);
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_fails(
		befriend_request(s->c, s->people[2], s->people[30], STR_NONE, s->now_ms, s->mem),
		ERR_DENIED); /* no new friends, for the rest of the time */
	s->now_ms = order_look(s, id).ends_at_ms;
	court_wait(s, 0);
	assert_ok(befriend_request(s->c, s->people[2], s->people[30], STR_NONE, s->now_ms, s->mem));
}

static void a_jury_that_does_not_agree_leaves_it_to_a_steward(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	(void)state;
	court_vote(s, a.id, 3, VOTE_OVERTURN);
	court_vote(s, a.id, 3, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS); /* neither can come to five any more */
	struct appeal left = court_appeal(s, a.id);
	assert_true(left.state == APPEAL_OPEN && left.way == APPEAL_BY_STEWARD);
	assert_int_equal(left.step, STEP_SEVEN); /* which applied */
	assert_int_equal(court_in_state(s, a.id, SEAT_CLOSED), 1);
	assert_int_equal(court_records(s, "appeal.way"), 1);
	court_wait(s, left.due_at_ms - s->now_ms);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_LAPSED);
	assert_true(stage_sees(s, 3, post));
	assert_int_equal(seen_by_subject(a.id).n_notes, 6);
}

static void a_vote_can_be_changed_for_ten_minutes(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0),
		    other = court_seat(s, a.id, SEAT_ASKED, 1);
	int64_t voted_ms = s->now_ms;
	(void)state;
	assert_ok(court_vote_as(s, &other, VOTE_KEEP, &seen));
	assert_ok(court_vote_as(s, &seat, VOTE_KEEP, &seen));
	assert_true(seen.state == SEAT_VOTED && seen.vote == VOTE_KEEP && seen.has_case);
	assert_int_equal(seen.changes_until_ms, voted_ms + 10 * MINUTE_MS);
	assert_false(seen.has_others); /* or one could vote as the others do */
	s->now_ms += 9 * MINUTE_MS;
	assert_ok(court_vote_as(s, &seat, VOTE_OVERTURN, &seen));
	assert_int_equal(seen.vote, VOTE_OVERTURN);
	assert_int_equal(seen.changes_until_ms, voted_ms + 10 * MINUTE_MS);
	s->now_ms += MINUTE_MS;
	assert_fails(court_vote_as(s, &seat, VOTE_KEEP, &seen), ERR_CONFLICT);
	assert_fails(jury_skip(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen), ERR_CONFLICT);
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_true(seen.has_others && !seen.has_case);
	assert_true(seen.others.keep == 1 && seen.others.overturn == 0);
	assert_blames(jury_vote(s->c, other.person, other.id, VOTE_KEEP, STR_NONE, s->now_ms,
	                        s->mem, &seen),
	              ERR_INPUT, "note");
}

static void nobody_else_gets_in(void **state)
{
	struct status_ref post;
	struct seen_seat seen, *all;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0),
		    other = court_seat(s, a.id, SEAT_ASKED, 1);
	size_t n;
	(void)state;
	for (int i = 0; i < COURT_FIRST; i++) {
		assert_fails(jury_look(s->c, s->people[i], seat.id, s->now_ms, s->mem, &seen),
		             ERR_MISSING);
		assert_fails(jury_vote(s->c, s->people[i], seat.id, VOTE_KEEP, S("no"), s->now_ms,
		                       s->mem, &seen),
		             ERR_MISSING);
		assert_ok(jury_seats(s->c, s->people[i], (struct page){ 0 }, s->now_ms, s->mem,
		                     &all, &n));
		assert_int_equal(n, 0);
	}
	assert_fails(jury_look(s->c, other.person, seat.id, s->now_ms, s->mem, &seen), ERR_MISSING);
	assert_fails(jury_look(s->c, seat.person, a.id.v, s->now_ms, s->mem, &seen), ERR_MISSING);
	assert_ok(stage_seal(s->c, seat.person, true, s->now_ms));
	assert_fails(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen), ERR_DENIED);
	assert_fails(court_vote_as(s, &seat, VOTE_KEEP, &seen), ERR_DENIED);
}

/* ---- seats nobody answers for ---- */

static void who_does_not_come_is_replaced_along_the_walk(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	struct seen_juror out;
	measure_id id;
	size_t n, before;
	struct appeal a = court_trial(s, &id, &post);
	struct seat skips = court_seat(s, a.id, SEAT_ASKED, 1),
		    leaves = court_seat(s, a.id, SEAT_ASKED, 2),
		    first = court_seat(s, a.id, SEAT_ASKED, 0);
	(void)state;
	court_walk(s, a.id, &before);
	assert_int_equal(court_vote(s, a.id, 1, VOTE_OVERTURN), 1);
	assert_ok(jury_skip(s->c, skips.person, skips.id, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.state, SEAT_SKIPPED);
	assert_ok(jury_set_willing(s->c, leaves.person, false, s->now_ms, s->mem, &out));
	court_wait(s, 1000);
	assert_int_equal(court_in_state(s, a.id, SEAT_ASKED), 6);
	assert_int_equal(court_in_state(s, a.id, SEAT_SKIPPED), 1);
	assert_int_equal(court_in_state(s, a.id, SEAT_LEFT), 1);
	assert_int_equal(out.juror.n_skipped, 0);
	struct seat *walk = court_walk(s, a.id, &n);
	assert_true(n >= before + 2);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(walk[i].place, i);
	court_wait(s, COURT_DAY_MS - 1001);
	assert_int_equal(court_in_state(s, a.id, SEAT_SKIPPED), 1);
	court_wait(s, 1); /* four of the first have not answered */
	assert_int_equal(court_in_state(s, a.id, SEAT_SKIPPED), 5);
	assert_int_equal(court_in_state(s, a.id, SEAT_ASKED), 6);
	assert_int_equal(court_in_state(s, a.id, SEAT_VOTED), 1);
	assert_int_equal(court_records(s, "appeal.skipped"), 4);
	/* Nobody is asked twice. */
	walk = court_walk(s, a.id, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(walk[i].person.v, walk[k].person.v);
	assert_int_equal(walk[first.place].state, SEAT_VOTED);
	court_vote(s, a.id, 4, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVERTURNED);
}

static void a_walk_that_ends_leaves_it_to_a_steward(void **state)
{
	struct status_ref post;
	(void)state;
	court_jurors(s, COURT_FIRST, 7);
	struct appeal a = court_file(s, 2, court_hold(s, 2, COURT_FAR_MS, &post));
	assert_true(a.step == STEP_THREE && a.seats == 3);
	assert_int_equal(court_vote(s, a.id, 1, VOTE_KEEP), 1);
	for (int day = 0; day < 3; day++) {
		assert_int_equal(court_appeal(s, a.id).way, APPEAL_BY_JURY);
		court_wait(s, COURT_DAY_MS);
		court_wait(s, 1000);
	}
	assert_int_equal(court_appeal(s, a.id).way, APPEAL_BY_STEWARD);
	assert_int_equal(court_in_state(s, a.id, SEAT_SKIPPED), 6);
}

/* Who became a friend of a side meanwhile is not asked any more. */
static void replacements_are_asked_by_what_is_so_then(void **state)
{
	struct status_ref post;
	(void)state;
	court_jurors(s, COURT_FIRST, 15);
	struct appeal a = court_file(s, 2, court_hold(s, 2, COURT_FAR_MS, &post));
	size_t n;
	struct seat *walk = court_walk(s, a.id, &n);
	bool seated[STAGE_PEOPLE] = { false };
	for (size_t i = 0; i < n; i++)
		seated[court_who(s, walk[i].person)] = true;
	assert_int_equal(n, 7);
	for (int i = COURT_FIRST; i < COURT_FIRST + 15; i++)
		if (!seated[i])
			stage_befriend(s, 2, i);
	court_wait(s, COURT_DAY_MS);
	walk = court_walk(s, a.id, &n);
	assert_int_equal(n, 15);
	for (size_t i = 7; i < n; i++)
		assert_int_equal(walk[i].state, SEAT_PASSED_OVER);
	assert_int_equal(court_appeal(s, a.id).way, APPEAL_BY_STEWARD);
}

static void whoever_sat_first_sits_in_no_second_appeal(void **state)
{
	struct status_ref post;
	struct seen_appeal out;
	struct appeal_draft draft = { .facts = S("Here is the licence.") };
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	size_t n_first, n;
	(void)state;
	court_vote(s, a.id, 5, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_ok(appeal_file(s->c, s->people[2], id, &draft, s->now_ms, s->mem, &out));
	assert_int_equal(out.appeal.way, APPEAL_BY_JURY);
	struct seat *first = court_walk(s, a.id, &n_first),
		    *second = court_walk(s, out.appeal.id, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_first; k++)
			if (second[i].person.v == first[k].person.v && first[k].id != 0)
				assert_int_equal(second[i].state, SEAT_PASSED_OVER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(anyone_can_reckon_the_draw_again),
		TEST(a_number_once_given_stays),
		TEST(who_is_new_or_has_points_is_passed_over),
		TEST(five_of_seven_overturn_after_ten_minutes),
		TEST(five_of_seven_keep),
		TEST(notes_do_not_stand_in_the_order_of_the_numbers),
		TEST(a_milder_measure_takes_the_place_of_a_hold),
		TEST(a_milder_measure_is_the_same_case),
		TEST(stewards_see_the_clock_of_a_jury),
		TEST(each_ladder_has_something_milder_but_for_its_foot),
		TEST(on_a_person_the_next_lower_step_takes_its_place),
		TEST(a_jury_that_does_not_agree_leaves_it_to_a_steward),
		TEST(a_vote_can_be_changed_for_ten_minutes),
		TEST(nobody_else_gets_in),
		TEST(who_does_not_come_is_replaced_along_the_walk),
		TEST(a_walk_that_ends_leaves_it_to_a_steward),
		TEST(replacements_are_asked_by_what_is_so_then),
		TEST(whoever_sat_first_sits_in_no_second_appeal),
	};
	return cmocka_run_group_tests_name("jury", tests, NULL, NULL);
}
