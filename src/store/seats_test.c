#include "store/seats.h"

#include "store/store_testing.h"

static const appeal_id appeal = { 50 };

static struct seat seat_of(int place, int64_t person, int64_t id)
{
	return (struct seat){ .appeal = appeal,
		              .place = place,
		              .id = id,
		              .person = { person },
		              .number = S("00c0ffee00c0ffee"),
		              .state = id ? SEAT_ASKED : SEAT_PASSED_OVER,
		              .asked_at_ms = 100,
		              .due_at_ms = 200 + place,
		              .note = S("") };
}

static void a_walk_comes_back_in_order(void **state)
{
	struct tables *t = *state;
	struct seat *all;
	size_t n;
	for (int i = 4; i >= 0; i--) {
		struct seat s = seat_of(i, 1 + i, i % 2 ? 0 : 70 + i);
		assert_ok(seats_insert(t->conn, &s));
	}
	assert_ok(seats_of(t->conn, appeal, t->mem, &all, &n));
	assert_int_equal(n, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(all[i].place, i);
		assert_int_equal(all[i].state, i % 2 ? SEAT_PASSED_OVER : SEAT_ASKED);
	}
	assert_true(all[2].appeal.v == 50 && all[2].id == 72 && all[2].person.v == 3);
	assert_true(all[2].asked_at_ms == 100 && all[2].due_at_ms == 202 && all[2].vote == 0);
	assert_text(all[2].number, "00c0ffee00c0ffee");
	assert_ok(seats_of(t->conn, (appeal_id){ 51 }, t->mem, &all, &n));
	assert_int_equal(n, 0);
}

static void a_juror_finds_their_seats_and_no_others(void **state)
{
	struct tables *t = *state;
	struct seat a = seat_of(0, 1, 70), b = seat_of(1, 1, 71), passed = seat_of(2, 1, 0),
		    other = seat_of(3, 2, 72), got, *all;
	size_t n;
	assert_ok(seats_insert(t->conn, &a));
	assert_ok(seats_insert(t->conn, &b));
	assert_ok(seats_insert(t->conn, &passed));
	assert_ok(seats_insert(t->conn, &other));
	assert_ok(seats_with(t->conn, (person_id){ 1 }, 0, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_true(all[0].id == 71 && all[1].id == 70);
	assert_ok(seats_with(t->conn, (person_id){ 1 }, 71, 9, t->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_ok(seats_find(t->conn, (person_id){ 1 }, 71, t->mem, &got));
	assert_int_equal(got.place, 1);
	assert_fails(seats_find(t->conn, (person_id){ 1 }, 72, t->mem, &got), ERR_MISSING);
	assert_fails(seats_find(t->conn, (person_id){ 1 }, 0, t->mem, &got), ERR_MISSING);
}

static void a_vote_is_set_from_the_state_that_was_seen(void **state)
{
	struct tables *t = *state;
	struct seat s = seat_of(0, 1, 70), got;
	assert_ok(seats_insert(t->conn, &s));
	s.state = SEAT_VOTED;
	s.vote = VOTE_OVERTURN;
	s.voted_at_ms = 150;
	s.note = S("It is honey.");
	assert_ok(seats_set(t->conn, &s, SEAT_ASKED));
	assert_fails(seats_set(t->conn, &s, SEAT_ASKED), ERR_CONFLICT);
	assert_ok(seats_find(t->conn, (person_id){ 1 }, 70, t->mem, &got));
	assert_true(got.state == SEAT_VOTED && got.vote == VOTE_OVERTURN && got.voted_at_ms == 150);
	assert_text(got.note, "It is honey.");
}

static void the_late_are_found_and_the_rest_closed(void **state)
{
	struct tables *t = *state;
	struct seat a = seat_of(0, 1, 70), b = seat_of(1, 2, 71), c = seat_of(2, 3, 72), *all;
	size_t n;
	c.state = SEAT_VOTED;
	assert_ok(seats_insert(t->conn, &a));
	assert_ok(seats_insert(t->conn, &b));
	assert_ok(seats_insert(t->conn, &c));
	assert_ok(seats_late(t->conn, 199, 9, t->mem, &all, &n));
	assert_int_equal(n, 0);
	assert_ok(seats_late(t->conn, 200, 9, t->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_ok(seats_late(t->conn, 900, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_ok(seats_close(t->conn, appeal));
	assert_ok(seats_of(t->conn, appeal, t->mem, &all, &n));
	assert_true(all[0].state == SEAT_CLOSED && all[1].state == SEAT_CLOSED);
	assert_int_equal(all[2].state, SEAT_VOTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_walk_comes_back_in_order),
		TABLE_TEST(a_juror_finds_their_seats_and_no_others),
		TABLE_TEST(a_vote_is_set_from_the_state_that_was_seen),
		TABLE_TEST(the_late_are_found_and_the_rest_closed),
	};
	return cmocka_run_group_tests_name("seats", tests, NULL, NULL);
}
