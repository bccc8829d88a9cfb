#include "store/hushes.h"

#include "store/store_testing.h"

static bool has(struct tables *t, int64_t reader, int64_t post)
{
	bool out;
	assert_ok(hushes_has(t->conn, (person_id){ reader }, (post_id){ post }, &out));
	return out;
}

static err count(person_id reader, post_id post, void *ctx)
{
	int64_t *sum = ctx;
	*sum = *sum * 100 + reader.v * 10 + post.v;
	return OK;
}

static void a_hush_is_one_readers_and_one_posts(void **state)
{
	struct tables *t = *state;
	int64_t sum = 0;
	assert_false(has(t, 1, 5));
	for (int i = 0; i < 2; i++)
		assert_ok(
			hushes_set(t->conn, (person_id){ 1 }, (person_id){ 3 }, (post_id){ 5 }, 7));
	assert_ok(hushes_set(t->conn, (person_id){ 2 }, (person_id){ 3 }, (post_id){ 6 }, 7));
	assert_true(has(t, 1, 5));
	assert_false(has(t, 2, 5));
	assert_false(has(t, 1, 6));
	assert_ok(hushes_each(t->conn, count, &sum));
	assert_int_equal(sum, 1526);
	for (int i = 0; i < 2; i++)
		assert_ok(hushes_clear(t->conn, (person_id){ 1 }, (post_id){ 5 }));
	assert_false(has(t, 1, 5));
	assert_true(has(t, 2, 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_hush_is_one_readers_and_one_posts),
	};
	return cmocka_run_group_tests_name("hushes", tests, NULL, NULL);
}
