/* What a juror sees: nobody named, and of known cases nothing that tells them from others. */
#include "circle/court_testing.h"

#include "circle/order_testing.h"
#include "circle/picture.h"

#include "media/keeper.h"
#include "store/jurors.h"
#include "store/measures.h"

#include <unistd.h>

static struct stage *s;

#define AD                                                                                         \
	"原单复刻包包手表，1:1顶级高仿，海外代购直邮可验货。加薇❤信：z j y 8 8 6 6，一件代发招代理"
#define MINUTE_MS (INT64_C(60) * 1000)

static int set_up(void **state)
{
	(void)state;
	s = court_open(false, false);
	return 0;
}

static int set_up_screened(void **state)
{
	(void)state;
	s = court_open(true, false);
	return 0;
}

static int set_up_pictured(void **state)
{
	(void)state;
	s = court_open(false, true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static void nobody_is_named(void **state)
{
	struct status_ref post;
	struct seen_seat seen;
	measure_id id;
	struct appeal a = court_trial(s, &id, &post);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
	(void)state;
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_true(seen.has_case && seen.judged.kind == MEASURE_HOLD && seen.judged.milder);
	assert_text(seen.judged.text.text, "加薇❤信 p02abc"); /* a contact is evidence */
	assert_text(seen.judged.words.text, "It was meant well, says party A.");
	assert_text(seen.judged.rule, COURT_RULE);
	assert_int_equal(seen.seats, JURY_SEATS);
	assert_int_equal(seen.due_at_ms, s->now_ms + COURT_DAY_MS);
	assert_int_equal(str_find(seen.judged.evidence, S("p02")), SIZE_MAX);
	assert_int_equal(order_looks(s, id.v), 1);
}

static void what_was_held_names_others_by_letters(void **state)
{
	struct status_ref post = stage_post(s, 2, "x");
	struct seen_seat seen;
	(void)state;
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	struct post_draft draft = { .text = S("@p03 and p02 sell with @p30, ask @stranger") };
	struct published out;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	post = (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
	measure_id id = court_hold_post(s, 2, post, COURT_FAR_MS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
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
	size_t bytes;
	int fd;
	(void)state;
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	struct status_ref post = { s->people[2], out.post.gate.id, { 0 } };
	measure_id id = court_hold_post(s, 2, post, COURT_FAR_MS);
	struct appeal a = court_file(s, 2, id);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0),
		    other = court_seat(s, a.id, SEAT_ASKED, 1);
	assert_ok(jury_look(s->c, seat.person, seat.id, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.judged.n_pictures, 2);
	for (int nth = 1; nth <= 2; nth++) {
		s->now_ms += 1;
		assert_ok(jury_picture(s->c, seat.person, seat.id, nth, s->now_ms, &fd, &bytes));
		assert_true(bytes > 0);
		close(fd);
	}
	assert_int_equal(order_looks(s, id.v), 3);
	for (int nth = 0; nth <= 3; nth += 3)
		assert_fails(jury_picture(s->c, seat.person, seat.id, nth, s->now_ms, &fd, &bytes),
		             ERR_MISSING);
	assert_fails(jury_picture(s->c, other.person, seat.id, 1, s->now_ms, &fd, &bytes),
	             ERR_MISSING);
	assert_fails(picture_open(s->c, seat.person, first.id, MEDIA_MIDDLE, MEDIA_JPEG, s->now_ms,
	                          &fd, &bytes),
	             ERR_MISSING);
	assert_ok(court_vote_as(s, &seat, VOTE_KEEP, &seen));
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
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	s->now_ms += 1000;
	assert_ok(publish_change(s->c, s->people[2], &post, &change, s->now_ms, s->mem));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[2], (measure_id){ 0 }, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	assert_true(n == 1 && all[0].version.v != 0);
	struct appeal a = court_file(s, 2, all[0].id);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
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
	struct appeal a = court_trial(s, &id, &post);
	struct seat seat = court_seat(s, a.id, SEAT_ASKED, 0);
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
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	/* As many appeals as it takes to be asked five times, always answering wrongly. */
	for (int round = 0; round < 16; round++) {
		court_file(s, 20 + round, court_hold(s, 20 + round, COURT_FAR_MS, &post));
		for (int who = COURT_FIRST; who < COURT_FIRST + COURT_JURORS; who++) {
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
	struct appeal a = court_file(s, 3, court_hold(s, 3, COURT_FAR_MS, &post));
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
	struct appeal a = court_trial(s, &id, &post);
	struct seat late = court_seat(s, a.id, SEAT_ASKED, 6);
	int who = court_who(s, late.person);
	(void)state;
	court_vote(s, a.id, 5, VOTE_OVERTURN);
	court_wait(s, 10 * MINUTE_MS);
	assert_int_equal(court_seat(s, a.id, SEAT_CLOSED, 1).id, late.id);
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
		TEST(nobody_is_named),
		TEST(what_was_held_names_others_by_letters),
		SCREENED(a_change_that_waits_is_what_is_judged),
		PICTURED(a_juror_sees_the_pictures_that_are_judged),
		SCREENED(a_known_case_looks_like_any_other),
		SCREENED(counts_are_told_a_week_late),
		SCREENED(who_is_wrong_too_often_sits_no_more),
		SCREENED(known_cases_end_with_the_seat_beside_them),
	};
	return cmocka_run_group_tests_name("jury_look", tests, NULL, NULL);
}
