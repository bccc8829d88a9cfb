#include "store/case_links.h"

#include "store/store_testing.h"

static secret_hash secret_of(unsigned char byte)
{
	secret_hash secret = { { 0 } };
	secret.b[0] = byte;
	return secret;
}

static struct case_link link_of(int64_t id)
{
	return (struct case_link){ .id = id,
		                   .in = { 20 },
		                   .subject = { 1 },
		                   .measure = { 30 },
		                   .piece = { { 1 }, { 10 }, { 11 } },
		                   .whom = S("the maker"),
		                   .made_by = { 9 },
		                   .made_at_ms = 100,
		                   .expires_at_ms = 500,
		                   .words = S("") };
}

static void a_link_comes_back_by_its_secret_alone(void **state)
{
	struct tables *t = *state;
	secret_hash mine = secret_of(1), other = secret_of(2);
	struct case_link link = link_of(40), got, *all;
	size_t n;
	assert_ok(case_links_insert(t->conn, &link, &mine));
	link.id = 41;
	assert_fails(case_links_insert(t->conn, &link, &mine), ERR_CONFLICT);
	assert_ok(case_links_insert(t->conn, &link, &other));
	assert_ok(case_links_find(t->conn, &mine, t->mem, &got));
	assert_true(got.id == 40 && got.in.v == 20 && got.subject.v == 1 && got.measure.v == 30);
	assert_true(got.piece.post_author.v == 1 && got.piece.post.v == 10 &&
	            got.piece.comment.v == 11);
	assert_true(got.made_by.v == 9 && got.made_at_ms == 100 && got.expires_at_ms == 500);
	assert_true(got.answer == CASE_NO_ANSWER && got.answered_at_ms == 0);
	assert_text(got.whom, "the maker");
	mine = secret_of(3);
	assert_fails(case_links_find(t->conn, &mine, t->mem, &got), ERR_MISSING);
	assert_ok(case_links_of(t->conn, (case_id){ 20 }, 10, t->mem, &all, &n));
	assert_true(n == 2 && all[0].id == 40 && all[1].id == 41);
}

static void there_is_one_answer_in_time(void **state)
{
	struct tables *t = *state;
	secret_hash mine = secret_of(1), late = secret_of(2);
	struct case_link link = link_of(40), got;
	assert_ok(case_links_insert(t->conn, &link, &mine));
	link.id = 41;
	assert_ok(case_links_insert(t->conn, &link, &late));
	assert_fails(case_links_answer(t->conn, &late, CASE_IT_IS_SO, S(""), 500), ERR_CONFLICT);
	assert_ok(case_links_answer(t->conn, &mine, CASE_IT_IS_NOT, S("ours"), 499));
	assert_fails(case_links_answer(t->conn, &mine, CASE_IT_IS_SO, S("no"), 499), ERR_CONFLICT);
	assert_ok(case_links_find(t->conn, &mine, t->mem, &got));
	assert_true(got.answer == CASE_IT_IS_NOT && got.answered_at_ms == 499);
	assert_text(got.words, "ours");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_link_comes_back_by_its_secret_alone),
		TABLE_TEST(there_is_one_answer_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
