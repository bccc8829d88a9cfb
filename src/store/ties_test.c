#include "store/ties.h"

#include "store/store_testing.h"

static const person_id anna = { 1 }, ben = { 2 }, cleo = { 3 };

struct pairs {
	size_t n;
	struct {
		int64_t a, b, at_ms;
		int kind;
	} row[8];
};

static err collect(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	struct pairs *pairs = ctx;
	assert_true(pairs->n < COUNT(pairs->row));
	pairs->row[pairs->n].a = a.v;
	pairs->row[pairs->n].b = b.v;
	pairs->row[pairs->n].kind = kind;
	pairs->row[pairs->n++].at_ms = at_ms;
	return OK;
}

static err stop(person_id a, person_id b, int kind, int64_t at_ms, void *ctx)
{
	(void)a, (void)b, (void)kind, (void)at_ms, (void)ctx;
	return err_busy("enough");
}

static void a_tie_counts_one_way(void **state)
{
	struct tables *t = *state;
	bool has;
	int n;
	assert_ok(ties_set(t->conn, anna, ben, 10));
	assert_ok(ties_has(t->conn, anna, ben, &has));
	assert_true(has);
	assert_ok(ties_has(t->conn, ben, anna, &has));
	assert_false(has);
	assert_ok(ties_count(t->conn, anna, &n));
	assert_int_equal(n, 1);
	assert_ok(ties_count(t->conn, ben, &n));
	assert_int_equal(n, 0);
}

static void setting_twice_and_clearing_twice_is_fine(void **state)
{
	struct tables *t = *state;
	struct pairs pairs = { 0 };
	assert_ok(ties_set(t->conn, anna, ben, 10));
	assert_ok(ties_set(t->conn, anna, ben, 20));
	assert_ok(blocks_set(t->conn, anna, ben, 10));
	assert_ok(blocks_set(t->conn, anna, ben, 20));
	assert_ok(hides_set(t->conn, anna, ben, HIDE_MINE, 10));
	assert_ok(hides_set(t->conn, anna, ben, HIDE_MINE, 20));
	assert_ok(ties_each(t->conn, (person_id){ 0 }, (person_id){ INT64_MAX }, collect, &pairs));
	assert_ok(blocks_each(t->conn, collect, &pairs));
	assert_ok(hides_each(t->conn, collect, &pairs));
	assert_int_equal(pairs.n, 3);
	for (size_t i = 0; i < pairs.n; i++)
		assert_int_equal(pairs.row[i].at_ms, 10); /* since when, not when last said */
	pairs.n = 0;
	for (int i = 0; i < 2; i++) {
		assert_ok(ties_clear(t->conn, anna, ben));
		assert_ok(blocks_clear(t->conn, anna, ben));
		assert_ok(hides_clear(t->conn, anna, ben, HIDE_MINE));
	}
	assert_ok(ties_each(t->conn, (person_id){ 0 }, (person_id){ INT64_MAX }, collect, &pairs));
	assert_ok(blocks_each(t->conn, collect, &pairs));
	assert_ok(hides_each(t->conn, collect, &pairs));
	assert_int_equal(pairs.n, 0);
}

static void a_block_counts_one_way(void **state)
{
	struct tables *t = *state;
	bool has;
	assert_ok(blocks_set(t->conn, anna, ben, 10));
	assert_ok(blocks_has(t->conn, anna, ben, &has));
	assert_true(has);
	assert_ok(blocks_has(t->conn, ben, anna, &has));
	assert_false(has);
	assert_ok(blocks_clear(t->conn, ben, anna));
	assert_ok(blocks_has(t->conn, anna, ben, &has));
	assert_true(has);
}

static void the_two_hides_are_apart(void **state)
{
	struct tables *t = *state;
	bool has;
	assert_ok(hides_set(t->conn, anna, ben, HIDE_MINE, 10));
	assert_ok(hides_set(t->conn, anna, ben, HIDE_THEIRS, 11));
	assert_ok(hides_clear(t->conn, anna, ben, HIDE_MINE));
	assert_ok(hides_has(t->conn, anna, ben, HIDE_MINE, &has));
	assert_false(has);
	assert_ok(hides_has(t->conn, anna, ben, HIDE_THEIRS, &has));
	assert_true(has);
	assert_ok(hides_has(t->conn, ben, anna, HIDE_THEIRS, &has));
	assert_false(has);
}

static void each_goes_in_order_with_kind_and_time(void **state)
{
	struct tables *t = *state;
	struct pairs pairs = { 0 };
	assert_ok(hides_set(t->conn, ben, anna, HIDE_THEIRS, 30));
	assert_ok(hides_set(t->conn, anna, cleo, HIDE_MINE, 20));
	assert_ok(hides_set(t->conn, anna, ben, HIDE_THEIRS, 10));
	assert_ok(hides_each(t->conn, collect, &pairs));
	assert_int_equal(pairs.n, 3);
	assert_true(pairs.row[0].a == 1 && pairs.row[0].b == 2 &&
	            pairs.row[0].kind == HIDE_THEIRS && pairs.row[0].at_ms == 10);
	assert_true(pairs.row[1].a == 1 && pairs.row[1].b == 3 && pairs.row[1].kind == HIDE_MINE);
	assert_true(pairs.row[2].a == 2 && pairs.row[2].b == 1);
	assert_fails(hides_each(t->conn, stop, NULL), ERR_BUSY);
	assert_ok(ties_set(t->conn, cleo, ben, 10));
	assert_ok(ties_set(t->conn, cleo, anna, 11));
	pairs.n = 0;
	assert_ok(ties_each(t->conn, (person_id){ 0 }, (person_id){ INT64_MAX }, collect, &pairs));
	assert_true(pairs.n == 2 && pairs.row[0].b == 1 && pairs.row[1].b == 2 &&
	            pairs.row[0].kind == 0);
}

static struct friend_request ask(person_id from, person_id to, const char *word, int64_t at_ms)
{
	return (struct friend_request){ from, to, str_of(word), at_ms, ANSWER_NOT_ASKED };
}

static void a_second_request_replaces_the_word(void **state)
{
	struct tables *t = *state;
	struct friend_request first = ask(anna, ben, "hello", 10),
			      second = ask(anna, ben, "it is me", 20), got;
	int n;
	assert_ok(requests_set(t->conn, &first));
	assert_ok(requests_set(t->conn, &second));
	assert_ok(requests_find(t->conn, anna, ben, t->mem, &got));
	assert_text(got.word, "it is me");
	assert_int_equal(got.created_at_ms, 10);
	assert_int_equal(got.from.v, anna.v);
	assert_int_equal(got.to.v, ben.v);
	assert_ok(requests_count_from(t->conn, anna, &n));
	assert_int_equal(n, 1);
	assert_fails(requests_find(t->conn, ben, anna, t->mem, &got), ERR_MISSING);
	assert_ok(requests_clear(t->conn, ben, anna)); /* the other direction is another request */
	assert_ok(requests_find(t->conn, anna, ben, t->mem, &got));
	assert_ok(requests_clear(t->conn, anna, ben));
	assert_fails(requests_find(t->conn, anna, ben, t->mem, &got), ERR_MISSING);
}

static void requests_page_newest_first(void **state)
{
	struct tables *t = *state;
	struct friend_request *got;
	struct pairs pairs = { 0 };
	size_t n;
	for (int64_t i = 0; i < 5; i++) {
		struct friend_request in = ask((person_id){ 10 + i }, anna, "", 100 + i);
		struct friend_request out = ask(anna, (person_id){ 10 + i }, "", 200 + i);
		assert_ok(requests_set(t->conn, &in));
		assert_ok(requests_set(t->conn, &out));
	}
	assert_ok(requests_to(t->conn, anna, INT64_MAX, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[0].from.v == 14 && got[1].from.v == 13);
	assert_ok(requests_to(t->conn, anna, got[1].created_at_ms, 10, t->mem, &got, &n));
	assert_true(n == 3 && got[0].from.v == 12 && got[2].from.v == 10);
	assert_ok(requests_to(t->conn, ben, INT64_MAX, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(requests_from(t->conn, anna, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[0].to.v == 14 && got[1].to.v == 13);
	assert_ok(requests_clear(t->conn, anna, (person_id){ 10 }));
	assert_ok(requests_clear(t->conn, anna, (person_id){ 11 }));
	assert_ok(requests_each(t->conn, collect, &pairs));
	assert_true(pairs.n == 8 && pairs.row[0].a == anna.v && pairs.row[0].b == 12 &&
	            pairs.row[3].a == 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_tie_counts_one_way),
		TABLE_TEST(setting_twice_and_clearing_twice_is_fine),
		TABLE_TEST(a_block_counts_one_way),
		TABLE_TEST(the_two_hides_are_apart),
		TABLE_TEST(each_goes_in_order_with_kind_and_time),
		TABLE_TEST(a_second_request_replaces_the_word),
		TABLE_TEST(requests_page_newest_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
