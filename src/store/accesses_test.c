#include "store/accesses.h"

#include "store/cases.h"
#include "store/measures.h"
#include "store/store_testing.h"

static const person_id author = { 2 }, steward = { 1 };

static void look(struct tables *t, int64_t reviewer, int64_t at, enum access_role role, int64_t day)
{
	assert_ok(accesses_insert(
		t->conn,
		&(struct access){ { reviewer }, at, role, day * ACCESS_DAY_MS + reviewer }));
}

static void put_measure(struct tables *t, int64_t id, person_id subject)
{
	const struct measure m = { .id = { id },
		                   .subject = subject,
		                   .kind = MEASURE_HOLD,
		                   .post_author = subject,
		                   .post = { id },
		                   .rule = S("r"),
		                   .policy = S("p"),
		                   .evidence = S("{}"),
		                   .decision_note = S(""),
		                   .ends_at_ms = INT64_MAX };
	assert_ok(measures_insert(t->conn, &m));
}

static void every_look_of_a_reviewer_counts(void **state)
{
	struct tables *t = *state;
	struct access own = { steward, 20, ACCESS_STEWARD, 3 * ACCESS_DAY_MS + 7 };
	int64_t who;
	bool has;
	int n;
	look(t, 1, 20, ACCESS_STEWARD, 3);
	look(t, 1, 20, ACCESS_STEWARD, 4);
	look(t, 5, 20, ACCESS_STEWARD, 3);
	look(t, 1, 21, ACCESS_STEWARD, 3);
	assert_ok(accesses_count(t->conn, 20, &n));
	assert_int_equal(n, 3);
	assert_ok(accesses_who(t->conn, 20, ACCESS_STEWARD, 3, &who));
	assert_int_equal(who, 2);
	assert_ok(accesses_who(t->conn, 20, ACCESS_JUROR, 3, &who));
	assert_int_equal(who, 0);
	assert_ok(accesses_has(t->conn, &own, &has));
	assert_true(has);
	own.at_ms = 5 * ACCESS_DAY_MS;
	assert_ok(accesses_has(t->conn, &own, &has));
	assert_false(has);
}

/* Once a day and role, newest first; of a case nothing while it is open. What was told stays told: were it gone with the next case, that
 * would say that there is one. */
static void whose_it_was_reads_when_and_as_what(void **state)
{
	struct tables *t = *state;
	struct order_case open = { .id = { 50 }, .subject = author, .note = S("") };
	struct order_case next = {
		.id = { 51 }, .subject = author, .opened_at_ms = 1000, .note = S("")
	};
	struct access_seen *all;
	size_t n;
	put_measure(t, 20, author);
	put_measure(t, 21, steward);
	assert_ok(cases_insert(t->conn, &open, 1));
	look(t, 1, 20, ACCESS_STEWARD, 3);
	look(t, 5, 20, ACCESS_STEWARD, 3);
	look(t, 7, 20, ACCESS_JUROR, 4);
	look(t, 0, 20, ACCESS_EXPERT, 4);
	look(t, 1, 50, ACCESS_STEWARD, 5);
	look(t, 5, 21, ACCESS_STEWARD, 3);
	assert_ok(accesses_of(t->conn, author, 10, t->mem, &all, &n));
	assert_int_equal(n, 3);
	assert_int_equal(all[0].day, 4);
	assert_int_equal(all[0].role, ACCESS_JUROR);
	assert_int_equal(all[1].role, ACCESS_EXPERT);
	assert_int_equal(all[2].day, 3);
	assert_int_equal(all[2].measure.v, 20);
	open.state = CASE_DECIDED;
	open.decided_at_ms = 900;
	assert_ok(cases_save(t->conn, &open));
	assert_ok(accesses_of(t->conn, author, 10, t->mem, &all, &n));
	assert_int_equal(n, 4);
	assert_int_equal(all[0].day, 5);
	assert_int_equal(all[0].measure.v, 0);
	assert_ok(accesses_of(t->conn, author, 1, t->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_ok(cases_insert(t->conn, &next, 1));
	look(t, 1, 51, ACCESS_STEWARD, 6);
	assert_ok(accesses_of(t->conn, author, 10, t->mem, &all, &n));
	assert_int_equal(n, 4);
	assert_int_equal(all[0].day, 5);
	/* Put into the one that is open: told with it. */
	open.state = CASE_MERGED;
	open.decided_at_ms = 1000;
	assert_ok(cases_save(t->conn, &open));
	assert_ok(accesses_of(t->conn, author, 10, t->mem, &all, &n));
	assert_int_equal(n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(every_look_of_a_reviewer_counts),
		TABLE_TEST(whose_it_was_reads_when_and_as_what),
	};
	return cmocka_run_group_tests_name("accesses", tests, NULL, NULL);
}
