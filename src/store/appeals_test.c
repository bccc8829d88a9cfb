#include "store/appeals.h"

#include "store/store_testing.h"

#include <string.h>

static const person_id lin = { 1 }, steward = { 9 };

static struct appeal appeal_of(int64_t id, int64_t measure, int nth)
{
	struct appeal a = {
		.subject = lin,
		.id = { id },
		.measure = { measure },
		.nth = nth,
		.words = S("It was honey."),
		.filed_at_ms = 100 + id,
		.due_at_ms = 1000 + id,
		.way = APPEAL_BY_JURY,
		.step = STEP_FIVE,
		.seats = 5,
		.root_day = 20000,
		.measure_by = steward,
		.note = S(""),
	};
	memset(a.root, 7, sizeof a.root);
	memset(a.list_hash, 8, sizeof a.list_hash);
	return a;
}

static void an_appeal_comes_back_as_filed(void **state)
{
	struct tables *t = *state;
	struct appeal a = appeal_of(20, 5, 1), got;
	assert_ok(appeals_insert(t->conn, &a));
	assert_int_equal(a.number, 1);
	assert_ok(appeals_find(t->conn, a.id, t->mem, &got));
	assert_true(got.subject.v == 1 && got.id.v == 20 && got.number == 1 && got.measure.v == 5);
	assert_true(got.nth == 1 && got.state == APPEAL_OPEN && got.filed_at_ms == 120);
	assert_true(got.due_at_ms == 1020 && got.way == APPEAL_BY_JURY && got.step == STEP_FIVE);
	assert_true(got.seats == 5 && got.root_day == 20000 && got.measure_by.v == 9);
	assert_true(got.decided_by.v == 0 && got.decided_at_ms == 0);
	assert_memory_equal(got.root, a.root, sizeof a.root);
	assert_memory_equal(got.list_hash, a.list_hash, sizeof a.list_hash);
	assert_text(got.words, "It was honey.");
	assert_fails(appeals_find(t->conn, (appeal_id){ 21 }, t->mem, &got), ERR_MISSING);
	assert_ok(appeals_by_number(t->conn, 1, t->mem, &got));
	assert_int_equal(got.id.v, 20);
	assert_fails(appeals_by_number(t->conn, 2, t->mem, &got), ERR_MISSING);
}

static void a_measure_is_appealed_once_and_once_more(void **state)
{
	struct tables *t = *state;
	struct appeal first = appeal_of(20, 5, 1), again = appeal_of(21, 5, 1),
		      second = appeal_of(22, 5, 2), got;
	assert_fails(appeals_of_measure(t->conn, (measure_id){ 5 }, 0, t->mem, &got), ERR_MISSING);
	assert_ok(appeals_insert(t->conn, &first));
	assert_fails(appeals_insert(t->conn, &again), ERR_CONFLICT);
	assert_ok(appeals_of_measure(t->conn, (measure_id){ 5 }, 0, t->mem, &got));
	assert_int_equal(got.id.v, 20);
	assert_ok(appeals_insert(t->conn, &second));
	assert_int_equal(second.number, 2);
	assert_ok(appeals_of_measure(t->conn, (measure_id){ 5 }, 0, t->mem, &got));
	assert_int_equal(got.id.v, 22);
	assert_ok(appeals_of_measure(t->conn, (measure_id){ 5 }, 1, t->mem, &got));
	assert_int_equal(got.id.v, 20);
}

static void of_each_measure_the_latest_appeal_is_found_at_once(void **state)
{
	struct tables *t = *state;
	struct appeal rows[] = { appeal_of(20, 5, 1), appeal_of(21, 7, 1), appeal_of(22, 5, 2),
		                 appeal_of(23, 9, 1), appeal_of(24, 3, 1) };
	struct appeal others = appeal_of(25, 8, 1), *got;
	size_t n;
	others.subject.v++;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_ok(appeals_insert(t->conn, &rows[i]));
	assert_ok(appeals_insert(t->conn, &others));
	assert_ok(
		appeals_latest(t->conn, rows[0].subject, (measure_id){ 5 }, 10, t->mem, &got, &n));
	assert_int_equal(n, 3);
	assert_true(got[0].id.v == 23 && got[1].id.v == 21 && got[2].id.v == 22);
	assert_int_equal(got[2].nth, 2);
	assert_ok(appeals_latest(t->conn, rows[0].subject, (measure_id){ 5 }, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[1].id.v == 21);
}

static void whoever_made_the_measure_never_decides(void **state)
{
	struct tables *t = *state;
	struct appeal a = appeal_of(20, 5, 1);
	assert_ok(appeals_insert(t->conn, &a));
	a.state = APPEAL_KEPT;
	a.decided_by = steward;
	a.decided_at_ms = 500;
	assert_true(failed(appeals_set_state(t->conn, &a, APPEAL_OPEN)));
	a.decided_by.v = 10;
	assert_ok(appeals_set_state(t->conn, &a, APPEAL_OPEN));
}

static void it_is_decided_once_and_can_be_opened_again(void **state)
{
	struct tables *t = *state;
	struct appeal a = appeal_of(20, 5, 1), got;
	int n;
	assert_ok(appeals_insert(t->conn, &a));
	assert_ok(appeals_count_open(t->conn, lin, &n));
	assert_int_equal(n, 1);
	a.state = APPEAL_OVERTURNED;
	a.decided_at_ms = 500;
	a.note = S("It was.");
	assert_ok(appeals_set_state(t->conn, &a, APPEAL_OPEN));
	assert_fails(appeals_set_state(t->conn, &a, APPEAL_OPEN), ERR_CONFLICT);
	assert_ok(appeals_find(t->conn, a.id, t->mem, &got));
	assert_true(got.state == APPEAL_OVERTURNED && got.decided_at_ms == 500);
	assert_text(got.note, "It was.");
	assert_ok(appeals_count_open(t->conn, lin, &n));
	assert_int_equal(n, 0);
	a.state = APPEAL_OPEN;
	assert_ok(appeals_set_state(t->conn, &a, APPEAL_OVERTURNED));
	assert_ok(appeals_count_open(t->conn, lin, &n));
	assert_int_equal(n, 1);
}

static void words_and_way_change(void **state)
{
	struct tables *t = *state;
	struct appeal a = appeal_of(20, 5, 1), got;
	assert_ok(appeals_insert(t->conn, &a));
	a.words = S("And it was mine.");
	a.way = APPEAL_BY_STEWARD;
	a.step = STEP_STEWARD;
	a.seats = 0;
	memset(a.root, 1, sizeof a.root);
	assert_ok(appeals_set_words(t->conn, &a));
	assert_ok(appeals_set_way(t->conn, &a));
	assert_ok(appeals_find(t->conn, a.id, t->mem, &got));
	assert_true(got.way == APPEAL_BY_STEWARD && got.step == STEP_STEWARD && got.seats == 0);
	assert_memory_equal(got.root, a.root, sizeof a.root);
	assert_text(got.words, "And it was mine.");
}

static void lists_are_in_order(void **state)
{
	struct tables *t = *state;
	struct appeal *all;
	size_t n;
	for (int64_t i = 0; i < 5; i++) {
		struct appeal a = appeal_of(20 + i, 5 + i, 1);
		a.due_at_ms = 1000 - i;
		a.state = i == 2 ? APPEAL_KEPT : APPEAL_OPEN;
		assert_ok(appeals_insert(t->conn, &a));
	}
	assert_ok(appeals_of(t->conn, lin, (appeal_id){ 0 }, 3, t->mem, &all, &n));
	assert_int_equal(n, 3);
	assert_true(all[0].id.v == 24 && all[2].id.v == 22);
	assert_ok(appeals_of(t->conn, lin, (appeal_id){ 22 }, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_ok(appeals_open(t->conn, INT64_MAX, 9, t->mem, &all, &n));
	assert_int_equal(n, 4);
	assert_true(all[0].id.v == 24 && all[3].id.v == 20);
	assert_ok(appeals_open(t->conn, 997, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(an_appeal_comes_back_as_filed),
		TABLE_TEST(a_measure_is_appealed_once_and_once_more),
		TABLE_TEST(of_each_measure_the_latest_appeal_is_found_at_once),
		TABLE_TEST(whoever_made_the_measure_never_decides),
		TABLE_TEST(it_is_decided_once_and_can_be_opened_again),
		TABLE_TEST(words_and_way_change),
		TABLE_TEST(lists_are_in_order),
	};
	return cmocka_run_group_tests_name("appeals", tests, NULL, NULL);
}
