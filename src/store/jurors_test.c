#include "store/jurors.h"

#include "store/store_testing.h"

#include <string.h>

static struct juror juror_of(int64_t person, const char *number)
{
	return (struct juror){ .person = { person }, .number = str_of(number), .since_ms = 100 };
}

static void who_comes_back_has_the_number_they_had(void **state)
{
	struct tables *t = *state;
	struct juror j = juror_of(1, "00c0ffee00c0ffee"), got;
	assert_fails(jurors_find(t->conn, j.person, t->mem, &got), ERR_MISSING);
	assert_ok(jurors_put(t->conn, &j));
	assert_ok(jurors_count(t->conn, j.person, (struct juror_counts){ 3, 2, 1, 1 }));
	j.until_ms = 200;
	assert_ok(jurors_put(t->conn, &j));
	j = juror_of(1, "1111111111111111");
	j.since_ms = 300;
	assert_ok(jurors_put(t->conn, &j));
	assert_ok(jurors_by_number(t->conn, S("00c0ffee00c0ffee"), t->mem, &got));
	assert_int_equal(got.person.v, 1);
	assert_fails(jurors_by_number(t->conn, j.number, t->mem, &got), ERR_MISSING);
	assert_ok(jurors_find(t->conn, j.person, t->mem, &got));
	assert_text(got.number, "00c0ffee00c0ffee");
	assert_true(got.since_ms == 300 && got.until_ms == 0);
	assert_true(got.n_asked == 3 && got.n_checked == 2 && got.n_right == 1);
	assert_int_equal(got.n_skipped, 1);
}

static void the_willing_are_listed_by_number(void **state)
{
	struct tables *t = *state;
	struct juror a = juror_of(1, "cccccccccccccccc"), b = juror_of(2, "aaaaaaaaaaaaaaaa"),
		     gone = juror_of(3, "bbbbbbbbbbbbbbbb"), same = juror_of(4, "aaaaaaaaaaaaaaaa"),
		     *all;
	size_t n;
	gone.until_ms = 150;
	assert_ok(jurors_put(t->conn, &a));
	assert_ok(jurors_put(t->conn, &b));
	assert_ok(jurors_put(t->conn, &gone));
	assert_true(failed(jurors_put(t->conn, &same)));
	assert_ok(jurors_willing(t->conn, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_true(all[0].person.v == 2 && all[1].person.v == 1);
}

static void a_list_is_kept_once(void **state)
{
	struct tables *t = *state;
	unsigned char hash[HASH_BYTES];
	str numbers;
	memset(hash, 5, sizeof hash);
	assert_fails(juror_lists_find(t->conn, hash, t->mem, &numbers), ERR_MISSING);
	assert_ok(juror_lists_put(t->conn, hash, S("a\nb\n")));
	assert_ok(juror_lists_put(t->conn, hash, S("a\nb\n")));
	assert_ok(juror_lists_find(t->conn, hash, t->mem, &numbers));
	assert_text(numbers, "a\nb\n");
}

static struct juror_check check_of(int64_t person, int64_t id)
{
	return (struct juror_check){ .person = { person },
		                     .id = id,
		                     .rule = S("fraud.loan"),
		                     .policy = S("abc"),
		                     .text = S("fee first"),
		                     .evidence = S("{}"),
		                     .appeal = { 50 },
		                     .seats = 5,
		                     .fires = true,
		                     .asked_at_ms = 100,
		                     .due_at_ms = 200,
		                     .note = S("") };
}

static void a_known_case_comes_back_and_is_answered_once(void **state)
{
	struct tables *t = *state;
	struct juror_check k = check_of(1, 70), got;
	memset(k.salt, 7, sizeof k.salt);
	assert_ok(juror_checks_insert(t->conn, &k));
	assert_ok(juror_checks_find(t->conn, k.person, 70, t->mem, &got));
	assert_true(got.person.v == 1 && got.id == 70 && got.fires && got.state == SEAT_ASKED);
	assert_true(got.asked_at_ms == 100 && got.due_at_ms == 200 && got.voted_at_ms == 0);
	assert_text(got.rule, "fraud.loan");
	assert_text(got.policy, "abc");
	assert_text(got.text, "fee first");
	assert_text(got.evidence, "{}");
	assert_true(got.appeal.v == 50 && got.seats == 5);
	assert_memory_equal(got.salt, k.salt, sizeof k.salt);
	assert_fails(juror_checks_find(t->conn, (person_id){ 2 }, 70, t->mem, &got), ERR_MISSING);
	k.state = SEAT_VOTED;
	k.vote = VOTE_KEEP;
	k.voted_at_ms = 150;
	k.note = S("a trick");
	assert_ok(juror_checks_set(t->conn, &k, SEAT_ASKED));
	assert_fails(juror_checks_set(t->conn, &k, SEAT_ASKED), ERR_CONFLICT);
	assert_ok(juror_checks_find(t->conn, k.person, 70, t->mem, &got));
	assert_true(got.state == SEAT_VOTED && got.vote == VOTE_KEEP && got.voted_at_ms == 150);
	assert_text(got.note, "a trick");
}

static void known_cases_are_listed_and_late_ones_found(void **state)
{
	struct tables *t = *state;
	struct juror_check *all;
	size_t n;
	for (int64_t i = 0; i < 4; i++) {
		struct juror_check k = check_of(1 + i / 3, 70 + i);
		k.due_at_ms = 200 + i;
		assert_ok(juror_checks_insert(t->conn, &k));
	}
	assert_ok(juror_checks_of(t->conn, (person_id){ 1 }, 0, 2, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_true(all[0].id == 72 && all[1].id == 71);
	assert_ok(juror_checks_of(t->conn, (person_id){ 1 }, 71, 9, t->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_ok(juror_checks_late(t->conn, 201, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_ok(juror_checks_close(t->conn, (appeal_id){ 51 }, (person_id){ 0 }));
	assert_ok(juror_checks_close(t->conn, (appeal_id){ 50 }, (person_id){ 2 }));
	assert_ok(juror_checks_late(t->conn, 203, 9, t->mem, &all, &n));
	assert_int_equal(n, 3); /* the other's is closed */
	assert_ok(juror_checks_close(t->conn, (appeal_id){ 50 }, (person_id){ 0 }));
	assert_ok(juror_checks_late(t->conn, 201, 9, t->mem, &all, &n));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(who_comes_back_has_the_number_they_had),
		TABLE_TEST(the_willing_are_listed_by_number),
		TABLE_TEST(a_list_is_kept_once),
		TABLE_TEST(a_known_case_comes_back_and_is_answered_once),
		TABLE_TEST(known_cases_are_listed_and_late_ones_found),
	};
	return cmocka_run_group_tests_name("jurors", tests, NULL, NULL);
}
