#include "store/policies.h"

#include "store/store_testing.h"

static struct stored_policy policy_of(const char *hash, int64_t at_ms)
{
	return (struct stored_policy){ .hash = str_of(hash),
		                       .name = S("ours"),
		                       .version = 3,
		                       .published_at_ms = at_ms,
		                       .source = { "3 a\nx\0y", 7 } };
}

static void one_at_most_is_in_force(void **state)
{
	struct tables *t = *state;
	struct stored_policy a = policy_of("aa", 1), b = policy_of("bb", 2), got;
	assert_fails(policies_in_force(t->conn, t->mem, &got), ERR_MISSING);
	assert_ok(policies_enact(t->conn, &a, POLICY_REPLACED));
	assert_ok(policies_enact(t->conn, &b, POLICY_REPLACED));
	assert_ok(policies_in_force(t->conn, t->mem, &got));
	assert_text(got.hash, "bb");
	assert_true(got.version == 3 && got.published_at_ms == 2 && got.source.n == 7);
	assert_memory_equal(got.source.p, b.source.p, 7);
	assert_ok(policies_previous(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
	assert_int_equal(got.state, POLICY_REPLACED);
}

static void a_withdrawn_one_is_kept_and_never_gone_back_to(void **state)
{
	struct tables *t = *state;
	struct stored_policy a = policy_of("aa", 1), b = policy_of("bb", 2), got;
	assert_ok(policies_enact(t->conn, &a, POLICY_REPLACED));
	assert_ok(policies_enact(t->conn, &b, POLICY_REPLACED));
	a.published_at_ms = 3;
	assert_ok(policies_enact(t->conn, &a, POLICY_WITHDRAWN));
	assert_fails(policies_previous(t->conn, t->mem, &got), ERR_MISSING);
	assert_ok(policies_find(t->conn, S("bb"), t->mem, &got));
	assert_int_equal(got.state, POLICY_WITHDRAWN);
	assert_ok(policies_in_force(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
	assert_ok(policies_enact_default(t->conn, POLICY_WITHDRAWN));
	assert_fails(policies_in_force(t->conn, t->mem, &got), ERR_MISSING);
	assert_fails(policies_find(t->conn, S("cc"), t->mem, &got), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(one_at_most_is_in_force),
		TABLE_TEST(a_withdrawn_one_is_kept_and_never_gone_back_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
