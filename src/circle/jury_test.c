/* Juries: who is asked, what they see, what their votes come to, and what becomes of seats nobody answers for. */
#include "circle/court_testing.h"

#include "circle/admit.h"
#include "circle/jury_private.h"
#include "circle/picture.h"
#include "circle/remember.h"

#include "media/keeper.h"
#include "store/appeals.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/notices.h"
#include "store/seats.h"

#include <string.h>
#include <unistd.h>

static struct stage *s;

#define AD                                                                                         \
	"原单复刻包包手表，1:1顶级高仿，海外代购直邮可验货。加薇❤信：z j y 8 8 6 6，一件代发招代理"
#define FAR_MS (30 * COURT_DAY_MS)
#define MINUTE_MS (INT64_C(60) * 1000)
#define FIRST_JUROR 4
#define JURORS 36

static int begin(bool screen, bool pictures)
{
	s = stage_new((struct stage_needs){
		.people = FIRST_JUROR + JURORS, .screen = screen, .pictures = pictures });
	remember_wait(s->c);
	stage_befriend(s, 2, 3);
	s->now_ms += 30 * COURT_DAY_MS; /* everybody has been here for long */
	court_wait(s, 0);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	return begin(false, false);
}

static int set_up_screened(void **state)
{
	(void)state;
	return begin(true, false);
}

static int set_up_pictured(void **state)
{
	(void)state;
	return begin(false, true);
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* An appeal before seven strangers. */
static struct appeal trial(measure_id *id, struct status_ref *post)
{
	court_jurors(s, FIRST_JUROR, JURORS);
	*id = court_hold(s, 2, FAR_MS, post);
	struct appeal a = court_file(s, 2, *id);
	assert_true(a.way == APPEAL_BY_JURY && a.step == STEP_SEVEN && a.seats == JURY_SEATS);
	return a;
}

static size_t in_state(appeal_id id, enum seat_state state)
{
	size_t n, count = 0;
	struct seat *walk = court_walk(s, id, &n);
	for (size_t i = 0; i < n; i++)
		count += walk[i].state == state;
	return count;
}

static struct seat seat_in(appeal_id id, enum seat_state state, size_t nth)
{
	size_t n;
	struct seat *walk = court_walk(s, id, &n);
	for (size_t i = 0; i < n; i++)
		if (walk[i].state == state && nth-- == 0)
			return walk[i];
	fail_msg("no such seat");
	return walk[0];
}

static err vote(const struct seat *seat, enum vote what, struct seen_seat *out)
{
	return jury_vote(s->c, seat->person, seat->id, what, S("so I see it"), s->now_ms, s->mem,
	                 out);
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
	str numbers[JURORS + 2], rest;
	measure_id id;
	size_t n = 0, seated = 0;
	(void)state;
	court_jurors(s, 0, 2); /* stewards stand on the list, and are passed over */
	struct appeal a = trial(&id, &post);
	assert_ok(jury_draw(s->c, a.id, s->mem, &draw));
	for (rest = draw.list; rest.n > 0;) {
		assert_true(n < COUNT(numbers));
		numbers[n] = str_cut(&rest, '\n');
		assert_true(n == 0 || str_cmp(numbers[n - 1], numbers[n]) < 0);
		n++;
	}
	assert_int_equal(n, JURORS + 2);
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
	assert_int_equal(draw.list.n, (JURORS + 2) * (DRAW_NUMBER_CHARS + 1));
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
	court_jurors(s, FIRST_JUROR, JURORS);
	court_impose(s, 4, MEASURE_FREEZE, 1);
	court_impose(s, 5, MEASURE_NOTICE, 1); /* two points */
	court_hold(s, 6, FAR_MS, &post);
	for (int i = 4; i <= 6; i++) {
		assert_ok(jury_me(s->c, s->people[i], s->now_ms, s->mem, &out));
		assert_non_null(out.why);
	}
	for (int round = 0; round < 12; round++) {
		struct appeal a = court_file(s, 10 + round,
		                             court_hold(s, 10 + round, FAR_MS, &post));
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
	struct appeal a = trial(&id, &post);
	(void)state;
	assert_int_equal(court_vote(s, a.id, 5, VOTE_OVERTURN), 5);
	court_wait(s, 9 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	assert_false(stage_sees(s, 3, post));
	assert_int_equal(seen_by_subject(a.id).votes.overturn, 5);
	struct seat late = seat_in(a.id, SEAT_ASKED, 0);
	court_wait(s, MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVERTURNED);
	assert_int_equal(court_appeal(s, a.id).decided_by.v, 0);
	assert_int_equal(court_measure(s, id).state, MEASURE_OVERTURNED);
	assert_true(stage_sees(s, 3, post));
	assert_int_equal(in_state(a.id, SEAT_CLOSED), 2);
	assert_fails(vote(&late, VOTE_KEEP, &seen), ERR_CONFLICT);
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
	struct appeal a = trial(&id, &post);
	(void)state;
	court_vote(s, a.id, 2, VOTE_OVERTURN);
	court_vote(s, a.id, 5, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_KEPT);
	assert_int_equal(court_measure(s, id).state, MEASURE_KEPT);
	assert_false(stage_sees(s, 3, post));
	court_wait(s, 60 * COURT_DAY_MS);
	assert_false(stage_sees(s, 3, post));
}

static void a_milder_measure_takes_the_place_of_a_hold(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = trial(&id, &post);
	struct conn *conn = NULL;
	struct measure *all;
	size_t n, labels = 0;
	(void)state;
	court_vote(s, a.id, 2, VOTE_MILDER);
	court_vote(s, a.id, 3, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN); /* two may still overturn */
	court_vote(s, a.id, 2, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVERTURNED);
	assert_int_equal(court_measure(s, id).state, MEASURE_OVERTURNED);
	assert_true(stage_sees(s, 3, post));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[2], (measure_id){ 0 }, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		labels += all[i].kind == MEASURE_LABEL && all[i].decider == DECIDER_JURY &&
		          all[i].state == MEASURE_ACTIVE && all[i].post.v == post.post.v;
	assert_int_equal(labels, 1);
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
	court_jurors(s, FIRST_JUROR, JURORS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0);
	assert_blames(vote(&seat, VOTE_MILDER, &seen), ERR_INPUT, "vote");
	assert_ok(vote(&seat, VOTE_KEEP, &seen));
	(void)post;
}

static void on_a_person_the_next_lower_step_takes_its_place(void **state)
{
	struct post_draft draft = { .text = S("good morning") };
	struct published out;
	(void)state;
	court_jurors(s, FIRST_JUROR, JURORS);
	measure_id id = court_impose(s, 2, MEASURE_FREEZE, 1);
	assert_fails(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out), ERR_DENIED);
	struct appeal a = court_file(s, 2, id);
	assert_int_equal(a.way, APPEAL_BY_JURY);
	court_vote(s, a.id, 7, VOTE_MILDER);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_measure(s, id).state, MEASURE_OVERTURNED);
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_fails(
		befriend_request(s->c, s->people[2], s->people[30], STR_NONE, s->now_ms, s->mem),
		ERR_DENIED); /* no new friends, for the rest of the time */
	s->now_ms = court_measure(s, id).ends_at_ms;
	court_wait(s, 0);
	assert_ok(befriend_request(s->c, s->people[2], s->people[30], STR_NONE, s->now_ms, s->mem));
}

static void a_jury_that_does_not_agree_leaves_it_to_a_steward(void **state)
{
	struct status_ref post;
	measure_id id;
	struct appeal a = trial(&id, &post);
	(void)state;
	court_vote(s, a.id, 3, VOTE_OVERTURN);
	court_vote(s, a.id, 3, VOTE_KEEP);
	court_wait(s, 10 * MINUTE_MS); /* neither can come to five any more */
	struct appeal left = court_appeal(s, a.id);
	assert_true(left.state == APPEAL_OPEN && left.way == APPEAL_BY_STEWARD);
	assert_int_equal(left.step, STEP_SEVEN); /* which applied */
	assert_int_equal(in_state(a.id, SEAT_CLOSED), 1);
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
	struct appeal a = trial(&id, &post);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0), other = seat_in(a.id, SEAT_ASKED, 1);
	int64_t voted_ms = s->now_ms;
	(void)state;
	assert_ok(vote(&other, VOTE_KEEP, &seen));
	assert_ok(vote(&seat, VOTE_KEEP, &seen));
	assert_true(seen.state == SEAT_VOTED && seen.vote == VOTE_KEEP && seen.has_case);
	assert_int_equal(seen.changes_until_ms, voted_ms + 10 * MINUTE_MS);
	assert_false(seen.has_others); /* or one could vote as the others do */
	s->now_ms += 9 * MINUTE_MS;
	assert_ok(vote(&seat, VOTE_OVERTURN, &seen));
	assert_int_equal(seen.vote, VOTE_OVERTURN);
	assert_int_equal(seen.changes_until_ms, voted_ms + 10 * MINUTE_MS);
	s->now_ms += MINUTE_MS;
	assert_fails(vote(&seat, VOTE_KEEP, &seen), ERR_CONFLICT);
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
	struct appeal a = trial(&id, &post);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0), other = seat_in(a.id, SEAT_ASKED, 1);
	size_t n;
	(void)state;
	for (int i = 0; i < FIRST_JUROR; i++) {
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
	assert_ok(admit_seal(s->c, seat.person, true, s->now_ms));
	assert_fails(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen), ERR_DENIED);
	assert_fails(vote(&seat, VOTE_KEEP, &seen), ERR_DENIED);
}

/* ---- seats nobody answers for ---- */

static void who_does_not_come_is_replaced_along_the_walk(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	struct seen_juror out;
	measure_id id;
	size_t n, before;
	struct appeal a = trial(&id, &post);
	struct seat skips = seat_in(a.id, SEAT_ASKED, 1), leaves = seat_in(a.id, SEAT_ASKED, 2),
		    first = seat_in(a.id, SEAT_ASKED, 0);
	(void)state;
	court_walk(s, a.id, &before);
	assert_int_equal(court_vote(s, a.id, 1, VOTE_OVERTURN), 1);
	assert_ok(jury_skip(s->c, skips.person, skips.id, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.state, SEAT_SKIPPED);
	assert_ok(jury_set_willing(s->c, leaves.person, false, s->now_ms, s->mem, &out));
	court_wait(s, 1000);
	assert_int_equal(in_state(a.id, SEAT_ASKED), 6);
	assert_int_equal(in_state(a.id, SEAT_SKIPPED), 2);
	struct seat *walk = court_walk(s, a.id, &n);
	assert_true(n >= before + 2);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(walk[i].place, i);
	court_wait(s, COURT_DAY_MS - 1001);
	assert_int_equal(in_state(a.id, SEAT_SKIPPED), 2);
	court_wait(s, 1); /* four of the first have not answered */
	assert_int_equal(in_state(a.id, SEAT_SKIPPED), 6);
	assert_int_equal(in_state(a.id, SEAT_ASKED), 6);
	assert_int_equal(in_state(a.id, SEAT_VOTED), 1);
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
	court_jurors(s, FIRST_JUROR, 7);
	struct appeal a = court_file(s, 2, court_hold(s, 2, FAR_MS, &post));
	assert_true(a.step == STEP_THREE && a.seats == 3);
	assert_int_equal(court_vote(s, a.id, 1, VOTE_KEEP), 1);
	for (int day = 0; day < 3; day++) {
		assert_int_equal(court_appeal(s, a.id).way, APPEAL_BY_JURY);
		court_wait(s, COURT_DAY_MS);
		court_wait(s, 1000);
	}
	assert_int_equal(court_appeal(s, a.id).way, APPEAL_BY_STEWARD);
	assert_int_equal(in_state(a.id, SEAT_SKIPPED), 6);
}

/* Who became a friend of a side meanwhile is not asked any more. */
static void replacements_are_asked_by_what_is_so_then(void **state)
{
	struct status_ref post;
	(void)state;
	court_jurors(s, FIRST_JUROR, 15);
	struct appeal a = court_file(s, 2, court_hold(s, 2, FAR_MS, &post));
	size_t n;
	struct seat *walk = court_walk(s, a.id, &n);
	bool seated[STAGE_PEOPLE] = { false };
	for (size_t i = 0; i < n; i++)
		seated[court_who(s, walk[i].person)] = true;
	assert_int_equal(n, 7);
	for (int i = FIRST_JUROR; i < FIRST_JUROR + 15; i++)
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
	struct appeal a = trial(&id, &post);
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

/* ---- what a juror sees ---- */

static void nobody_is_named(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	measure_id id;
	int looks;
	struct conn *conn = NULL;
	struct appeal a = trial(&id, &post);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0);
	(void)state;
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_true(seen.has_case && seen.judged.kind == MEASURE_HOLD && seen.judged.milder);
	assert_text(seen.judged.text.text, "加薇❤信 p02abc"); /* a contact is evidence */
	assert_text(seen.judged.words.text, "It was meant well, says party A.");
	assert_text(seen.judged.rule, COURT_RULE);
	assert_int_equal(seen.seats, JURY_SEATS);
	assert_int_equal(seen.due_at_ms, s->now_ms + COURT_DAY_MS);
	assert_int_equal(str_find(seen.judged.evidence, S("p02")), SIZE_MAX);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(accesses_count(conn, id, &looks));
	store_read_end(s->c->store, &conn);
	assert_int_equal(looks, 1);
}

static void what_was_held_names_others_by_letters(void **state)
{
	struct status_ref post = stage_post(s, 2, "x");
	struct seen_seat seen;
	(void)state;
	court_jurors(s, FIRST_JUROR, JURORS);
	struct post_draft draft = { .text = S("@p03 and p02 sell with @p30, ask @stranger") };
	struct published out;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	post = (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
	measure_id id = court_hold_post(s, 2, post, FAR_MS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0);
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_text(seen.judged.text.text, "party B and party A sell with party C, ask somebody");
}

/* By its place alone, for those who wait to judge it, and not for longer. */
static void a_juror_sees_the_pictures_that_are_judged(void **state)
{
	struct seen_seat seen;
	struct media first = stage_picture(s, 2, 1), second = stage_picture(s, 2, 2);
	media_id ids[] = { first.id, second.id };
	struct post_draft draft = { .text = S("look"), .media_ids = ids, .n_media = 2 };
	struct published out;
	struct conn *conn = NULL;
	size_t bytes;
	int fd, looks;
	(void)state;
	court_jurors(s, FIRST_JUROR, JURORS);
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	struct status_ref post = { s->people[2], out.post.gate.id, { 0 } };
	measure_id id = court_hold_post(s, 2, post, FAR_MS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0), other = seat_in(a.id, SEAT_ASKED, 1);
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.judged.n_pictures, 2);
	for (int nth = 1; nth <= 2; nth++) {
		s->now_ms += 1;
		assert_ok(jury_picture(s->c, seat.person, seat.id, nth, s->now_ms, &fd, &bytes));
		assert_true(bytes > 0);
		close(fd);
	}
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(accesses_count(conn, id, &looks));
	store_read_end(s->c->store, &conn);
	assert_int_equal(looks, 3);
	for (int nth = 0; nth <= 3; nth += 3)
		assert_fails(jury_picture(s->c, seat.person, seat.id, nth, s->now_ms, &fd, &bytes),
		             ERR_MISSING);
	assert_fails(jury_picture(s->c, other.person, seat.id, 1, s->now_ms, &fd, &bytes),
	             ERR_MISSING);
	assert_fails(picture_open(s->c, seat.person, first.id, MEDIA_MIDDLE, MEDIA_JPEG, s->now_ms,
	                          &fd, &bytes),
	             ERR_MISSING);
	assert_ok(vote(&seat, VOTE_KEEP, &seen));
	s->now_ms += 10 * MINUTE_MS;
	assert_fails(jury_picture(s->c, seat.person, seat.id, 1, s->now_ms, &fd, &bytes),
	             ERR_MISSING);
}

/* A change that waits is what is judged, not what shows meanwhile; overturned, it shows. */
static void a_change_that_waits_is_what_is_judged(void **state)
{
	struct status_ref post = stage_post(s, 2, "Honey from my bees, 5 each, ask below.");
	const str ad = S(AD);
	struct change_draft change = { .text = &ad };
	struct conn *conn = NULL;
	struct measure *all;
	struct seen_seat seen;
	struct seen_post shown;
	size_t n;
	(void)state;
	court_jurors(s, FIRST_JUROR, JURORS);
	s->now_ms += 1000;
	assert_ok(publish_change(s->c, s->people[2], &post, &change, s->now_ms, s->mem));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[2], (measure_id){ 0 }, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	assert_true(n == 1 && all[0].version.v != 0);
	struct appeal a = court_file(s, 2, all[0].id);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0);
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_text(seen.judged.text.text, AD);
	court_vote(s, a.id, 5, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_ok(read_post(s->c, s->people[3], &post, s->now_ms, s->mem, &shown));
	assert_text(shown.post.text, AD);
}

/* ---- known cases ---- */

static size_t known_of(int who, struct juror_check **out)
{
	struct conn *conn = NULL;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(juror_checks_of(conn, s->people[who], 0, 100, s->mem, out, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

static void a_known_case_looks_like_any_other(void **state)
{
	struct status_ref post;
	struct seen_seat *all, one;
	struct juror_check *known;
	measure_id id;
	size_t n;
	struct appeal a = trial(&id, &post);
	struct seat seat = seat_in(a.id, SEAT_ASKED, 0);
	int who = court_who(s, seat.person);
	(void)state;
	assert_int_equal(known_of(who, &known), 2); /* when they came, and beside the seat */
	assert_int_equal(known[0].appeal.v, a.id.v);
	assert_ok(jury_seats(s->c, seat.person, (struct page){ 0 }, s->now_ms, s->mem, &all, &n));
	assert_int_equal(n, 3);
	assert_int_equal(stage_notices(s, who, NOTICE_JURY), 3);
	for (size_t i = 0; i < 2; i++) {
		assert_ok(jury_look(s->c, seat.person, all[i].id, s->now_ms, s->mem, &one));
		assert_true(one.has_case && one.state == SEAT_ASKED && one.judged.milder);
		assert_int_equal(one.judged.kind, MEASURE_HOLD);
		assert_int_equal(one.asked_at_ms, all[0].asked_at_ms);
		assert_int_equal(one.due_at_ms, all[0].due_at_ms);
		assert_int_equal(one.seats, JURY_SEATS);
		assert_true(one.judged.text.text.n > 0 && one.judged.evidence.n > 0 &&
		            one.judged.rule.n > 0 && one.judged.policy.n > 0);
		assert_ok(jury_vote(s->c, seat.person, one.id, VOTE_KEEP, S("a trick"), s->now_ms,
		                    s->mem, &one));
		assert_true(one.state == SEAT_VOTED && one.has_case && !one.has_others);
		assert_int_equal(one.changes_until_ms, s->now_ms + 10 * MINUTE_MS);
	}
	s->now_ms += 10 * MINUTE_MS;
	for (size_t i = 0; i < 2; i++) {
		assert_ok(jury_look(s->c, seat.person, all[i].id, s->now_ms, s->mem, &one));
		assert_true(one.has_others && !one.has_case && one.others.seats == JURY_SEATS);
		assert_true(one.judged.text.text.n == 0 && one.judged.rule.n > 0);
	}
	assert_int_equal(court_records(s, "jury.voted") + court_records(s, "juror.checked"), 2);
}

/* At once, what is counted would tell which of two cases was real. */
static void counts_are_told_a_week_late(void **state)
{
	struct juror_check *known;
	struct seen_juror out;
	struct seen_seat one;
	(void)state;
	court_jurors(s, 5, 1);
	assert_int_equal(known_of(5, &known), 1);
	assert_ok(jury_vote(s->c, s->people[5], known[0].id,
	                    known[0].fires ? VOTE_KEEP : VOTE_OVERTURN, S("clear"), s->now_ms,
	                    s->mem, &one));
	assert_ok(jury_me(s->c, s->people[5], s->now_ms, s->mem, &out));
	assert_true(out.juror.n_asked == 0 && out.juror.n_right == 0 && out.juror.n_checked == 0);
	/* A change of mind counts instead. */
	assert_ok(jury_vote(s->c, s->people[5], known[0].id,
	                    known[0].fires ? VOTE_OVERTURN : VOTE_KEEP, S("or not"), s->now_ms,
	                    s->mem, &one));
	s->now_ms += JURY_LAG_MS;
	assert_ok(jury_me(s->c, s->people[5], s->now_ms, s->mem, &out));
	assert_true(out.juror.n_asked == 1 && out.juror.n_right == 0 && out.juror.n_checked == 1);
}

static void who_is_wrong_too_often_sits_no_more(void **state)
{
	struct seen_juror out;
	struct seen_seat one;
	struct juror_check *known;
	struct status_ref post;
	(void)state;
	court_jurors(s, FIRST_JUROR, JURORS);
	/* As many appeals as it takes to be asked five times, always answering wrongly. */
	for (int round = 0; round < 16; round++) {
		court_file(s, 20 + round, court_hold(s, 20 + round, FAR_MS, &post));
		for (int who = FIRST_JUROR; who < FIRST_JUROR + JURORS; who++) {
			size_t n = known_of(who, &known);
			for (size_t i = 0; i < n; i++)
				if (known[i].state == SEAT_ASKED)
					assert_ok(jury_vote(s->c, s->people[who], known[i].id,
					                    known[i].fires ? VOTE_OVERTURN
					                                   : VOTE_KEEP,
					                    S("wrong"), s->now_ms, s->mem, &one));
		}
		s->now_ms += 1000;
	}
	int barred = 0;
	struct conn *conn = NULL;
	struct juror *all;
	size_t n, walked;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(jurors_willing(conn, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	struct appeal a = court_file(s, 3, court_hold(s, 3, FAR_MS, &post));
	struct seat *walk = court_walk(s, a.id, &walked);
	for (size_t i = 0; i < n; i++) {
		if (all[i].n_checked < JUROR_CHECKS_LEAST)
			continue;
		barred++;
		assert_int_equal(all[i].n_right, 0);
		for (size_t k = 0; k < walked; k++)
			if (walk[k].person.v == all[i].person.v)
				assert_int_equal(walk[k].state, SEAT_PASSED_OVER);
	}
	assert_true(barred > 0);
	s->now_ms += JURY_LAG_MS;
	for (size_t i = 0; i < n; i++)
		if (all[i].n_checked >= JUROR_CHECKS_LEAST) {
			assert_ok(jury_me(s->c, all[i].person, s->now_ms, s->mem, &out));
			assert_non_null(out.why);
		}
}

static void known_cases_end_with_the_seat_beside_them(void **state)
{
	struct status_ref post;
	struct juror_check *known;
	measure_id id;
	struct appeal a = trial(&id, &post);
	struct seat late = seat_in(a.id, SEAT_ASKED, 6);
	int who = court_who(s, late.person);
	(void)state;
	court_vote(s, a.id, 5, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(seat_in(a.id, SEAT_CLOSED, 1).id, late.id);
	assert_int_equal(known_of(who, &known), 2);
	assert_int_equal(known[0].state, SEAT_CLOSED);
	assert_int_equal(known[1].state, SEAT_ASKED); /* the one from when they came */
	court_wait(s, COURT_DAY_MS);
	known_of(who, &known);
	assert_int_equal(known[1].state, SEAT_SKIPPED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PICTURED(f) cmocka_unit_test_setup_teardown(f, set_up_pictured, tear_down)
#define SCREENED(f) cmocka_unit_test_setup_teardown(f, set_up_screened, tear_down)

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* a test program is its own darkroom */
		keeper_main();
	const struct CMUnitTest tests[] = {
		TEST(anyone_can_reckon_the_draw_again),
		TEST(a_number_once_given_stays),
		TEST(who_is_new_or_has_points_is_passed_over),
		TEST(five_of_seven_overturn_after_ten_minutes),
		TEST(five_of_seven_keep),
		TEST(a_milder_measure_takes_the_place_of_a_hold),
		TEST(each_ladder_has_something_milder_but_for_its_foot),
		TEST(on_a_person_the_next_lower_step_takes_its_place),
		TEST(a_jury_that_does_not_agree_leaves_it_to_a_steward),
		TEST(a_vote_can_be_changed_for_ten_minutes),
		TEST(nobody_else_gets_in),
		TEST(who_does_not_come_is_replaced_along_the_walk),
		TEST(a_walk_that_ends_leaves_it_to_a_steward),
		TEST(replacements_are_asked_by_what_is_so_then),
		TEST(whoever_sat_first_sits_in_no_second_appeal),
		TEST(nobody_is_named),
		TEST(what_was_held_names_others_by_letters),
		SCREENED(a_change_that_waits_is_what_is_judged),
		PICTURED(a_juror_sees_the_pictures_that_are_judged),
		SCREENED(a_known_case_looks_like_any_other),
		SCREENED(counts_are_told_a_week_late),
		SCREENED(who_is_wrong_too_often_sits_no_more),
		SCREENED(known_cases_end_with_the_seat_beside_them),
	};
	return cmocka_run_group_tests_name("jury", tests, NULL, NULL);
}
