#include "store/complaints.h"

#include "store/store_testing.h"

static const secret_hash first_secret = { { 1 } }, second_secret = { { 2 } };

static void insert(struct tables *t, int64_t id, int64_t due_at_ms, const secret_hash *secret)
{
	struct complaint c = {
		.id = { id },
		.category = COMPLAINT_COUNTERFEIT,
		.contact = S("legal@brand.example"),
		.about = S("a post"),
		.evidence = S("it is ours"),
		.at_ms = 100 + id,
		.due_at_ms = due_at_ms,
		.answer = S(""),
	};
	assert_ok(complaints_insert(t->conn, &c, secret));
}

static void a_complaint_is_found_by_its_secret(void **state)
{
	struct tables *t = *state;
	struct complaint got;
	insert(t, 10, 900, &first_secret);
	assert_fails(complaints_find_by_secret(t->conn, &second_secret, t->mem, &got), ERR_MISSING);
	assert_ok(complaints_find_by_secret(t->conn, &first_secret, t->mem, &got));
	assert_int_equal(got.id.v, 10);
	assert_int_equal(got.category, COMPLAINT_COUNTERFEIT);
	assert_int_equal(got.state, COMPLAINT_OPEN);
	assert_text(got.contact, "legal@brand.example");
	assert_text(got.about, "a post");
	assert_text(got.evidence, "it is ours");
	assert_int_equal(got.due_at_ms, 900);
	assert_ok(complaints_find(t->conn, (complaint_id){ 10 }, t->mem, &got));
	assert_int_equal(got.at_ms, 110);
}

static void it_is_answered_once_and_can_be_opened_again(void **state)
{
	struct tables *t = *state;
	struct complaint got;
	int64_t n;
	insert(t, 10, 900, &first_secret);
	assert_ok(complaints_answer(t->conn, (complaint_id){ 10 }, S("taken down"), 500));
	assert_fails(complaints_answer(t->conn, (complaint_id){ 10 }, S("no"), 600), ERR_CONFLICT);
	assert_ok(complaints_find(t->conn, (complaint_id){ 10 }, t->mem, &got));
	assert_int_equal(got.state, COMPLAINT_ANSWERED);
	assert_text(got.answer, "taken down");
	assert_int_equal(got.answered_at_ms, 500);
	assert_ok(complaints_count_open(t->conn, &n));
	assert_int_equal(n, 0);
	assert_ok(complaints_reopen(t->conn, (complaint_id){ 10 }));
	assert_ok(complaints_find(t->conn, (complaint_id){ 10 }, t->mem, &got));
	assert_int_equal(got.state, COMPLAINT_OPEN);
	assert_int_equal(got.answer.n, 0);
	assert_int_equal(got.answered_at_ms, 0);
}

static void they_are_counted_for_their_bounds(void **state)
{
	struct tables *t = *state;
	int64_t n, first_ms;
	insert(t, 10, 900, &first_secret);
	insert(t, 11, 900, &second_secret);
	assert_ok(complaints_count_open(t->conn, &n));
	assert_int_equal(n, 2);
	assert_ok(complaints_count_since(t->conn, 110, &n, &first_ms));
	assert_int_equal(n, 1);
	assert_int_equal(first_ms, 111);
	assert_ok(complaints_count_since(t->conn, 0, &n, &first_ms));
	assert_int_equal(n, 2);
	assert_ok(complaints_count_since(t->conn, INT64_MAX, &n, &first_ms));
	assert_int_equal(n, 0);
	assert_int_equal(first_ms, 0);
}

static void what_is_late_is_found_once(void **state)
{
	struct tables *t = *state;
	struct complaint *late;
	size_t n;
	insert(t, 10, 900, &first_secret);
	insert(t, 11, 800, &second_secret);
	assert_ok(complaints_overdue(t->conn, 799, 10, t->mem, &late, &n));
	assert_int_equal(n, 0);
	assert_ok(complaints_overdue(t->conn, 900, 10, t->mem, &late, &n));
	assert_int_equal(n, 2);
	assert_int_equal(late[0].id.v, 11);
	assert_ok(complaints_set_late(t->conn, (complaint_id){ 11 }, 900));
	assert_ok(complaints_answer(t->conn, (complaint_id){ 10 }, S("done"), 900));
	assert_ok(complaints_overdue(t->conn, 2000, 10, t->mem, &late, &n));
	assert_int_equal(n, 0);
}

static void a_contact_goes_after_its_time_and_never_before_the_answer(void **state)
{
	struct tables *t = *state;
	struct complaint got;
	int64_t n;
	insert(t, 10, 900, &first_secret);
	insert(t, 11, 900, &second_secret);
	assert_ok(complaints_answer(t->conn, (complaint_id){ 10 }, S("done"), 500));
	assert_ok(complaints_forget(t->conn, 500, &n));
	assert_int_equal(n, 0);
	assert_ok(complaints_forget(t->conn, 501, &n));
	assert_int_equal(n, 1);
	assert_ok(complaints_find(t->conn, (complaint_id){ 10 }, t->mem, &got));
	assert_int_equal(got.contact.n, 0);
	assert_text(got.answer, "done");
	assert_ok(complaints_forget(t->conn, INT64_MAX, &n));
	assert_int_equal(n, 0);
	assert_ok(complaints_find(t->conn, (complaint_id){ 11 }, t->mem, &got));
	assert_text(got.contact, "legal@brand.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_complaint_is_found_by_its_secret),
		TABLE_TEST(it_is_answered_once_and_can_be_opened_again),
		TABLE_TEST(they_are_counted_for_their_bounds),
		TABLE_TEST(what_is_late_is_found_once),
		TABLE_TEST(a_contact_goes_after_its_time_and_never_before_the_answer),
	};
	return cmocka_run_group_tests_name("complaints", tests, NULL, NULL);
}
