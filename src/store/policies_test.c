#include "store/policies.h"

#include "store/store_testing.h"

static struct stored_policy policy_of(const char *hash, int64_t at_ms)
{
	return (struct stored_policy){ .hash = str_of(hash),
		                       .name = S("ours"),
		                       .version = 3,
		                       .published_at_ms = at_ms,
		                       .binds_at_ms = at_ms,
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
	a.published_at_ms = a.binds_at_ms = 3;
	assert_ok(policies_enact(t->conn, &a, POLICY_WITHDRAWN));
	assert_fails(policies_previous(t->conn, t->mem, &got), ERR_MISSING);
	assert_ok(policies_find(t->conn, S("bb"), t->mem, &got));
	assert_int_equal(got.state, POLICY_WITHDRAWN);
	assert_ok(policies_in_force(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
	assert_fails(policies_find(t->conn, S("cc"), t->mem, &got), ERR_MISSING);
}

static void what_is_announced_is_not_in_force(void **state)
{
	struct tables *t = *state;
	struct stored_policy a = policy_of("aa", 1), b = policy_of("bb", 2), got, *list;
	size_t n;
	b.state = POLICY_ANNOUNCED;
	b.binds_at_ms = 900;
	b.urgent_until_ms = 7;
	b.published_by = (person_id){ 44 };
	b.differs_from = S("aa");
	b.of_program = true;
	b.differences = S("[1]");
	b.rehearsal = S("{\"a\":1}");
	assert_fails(policies_announced(t->conn, t->mem, &got), ERR_MISSING);
	assert_ok(policies_enact(t->conn, &a, POLICY_REPLACED));
	assert_ok(policies_put(t->conn, &b));
	assert_ok(policies_in_force(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
	assert_false(got.of_program);
	assert_text(got.differences, "[]");
	assert_text(got.rehearsal, "{}");
	assert_ok(policies_announced(t->conn, t->mem, &got));
	assert_text(got.hash, "bb");
	assert_true(got.binds_at_ms == 900 && got.urgent_until_ms == 7 && got.published_by.v == 44);
	assert_text(got.differs_from, "aa");
	assert_true(got.of_program);
	assert_text(got.differences, "[1]");
	assert_text(got.rehearsal, "{\"a\":1}");
	assert_ok(policies_list(t->conn, 10, t->mem, &list, &n));
	assert_int_equal(n, 2);
	assert_text(list[0].hash, "bb");
	assert_true(list[0].of_program && !list[1].of_program);
	assert_int_equal(list[0].state, POLICY_ANNOUNCED);
	assert_int_equal(list[0].source.n, 0);
	assert_ok(policies_list(t->conn, 1, t->mem, &list, &n));
	assert_int_equal(n, 1);
	got.state = POLICY_WITHDRAWN;
	assert_ok(policies_put(t->conn, &got));
	assert_fails(policies_announced(t->conn, t->mem, &got), ERR_MISSING);
	/* Published again it binds, and the other is replaced. */
	assert_ok(policies_enact(t->conn, &b, POLICY_REPLACED));
	assert_ok(policies_in_force(t->conn, t->mem, &got));
	assert_text(got.hash, "bb");
	assert_ok(policies_previous(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
}

/* Published early, bound late: a rollback goes back to what bound last. */
static void the_previous_one_is_the_one_that_bound_last(void **state)
{
	struct tables *t = *state;
	struct stored_policy a = policy_of("aa", 1), b = policy_of("bb", 2), c = policy_of("cc", 9),
			     got;
	a.binds_at_ms = 8;
	assert_ok(policies_enact(t->conn, &b, POLICY_REPLACED));
	assert_ok(policies_enact(t->conn, &a, POLICY_REPLACED));
	assert_ok(policies_enact(t->conn, &c, POLICY_REPLACED));
	assert_ok(policies_previous(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
}

static void what_is_to_be_lifted_is_known_until_it_is(void **state)
{
	struct tables *t = *state;
	struct stored_policy a = policy_of("aa", 1), got;
	assert_ok(policies_enact(t->conn, &a, POLICY_REPLACED));
	assert_fails(policies_to_lift(t->conn, t->mem, &got), ERR_MISSING);
	assert_ok(policies_lift(t->conn, S("aa"), LIFTS_ITS_OWN));
	assert_ok(policies_put(t->conn, &a)); /* another act on it forgets nothing */
	assert_ok(policies_to_lift(t->conn, t->mem, &got));
	assert_text(got.hash, "aa");
	assert_int_equal(got.lifts, LIFTS_ITS_OWN);
	assert_ok(policies_lift(t->conn, S("aa"), LIFTS_NOTHING));
	assert_fails(policies_to_lift(t->conn, t->mem, &got), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(one_at_most_is_in_force),
		TABLE_TEST(what_is_announced_is_not_in_force),
		TABLE_TEST(the_previous_one_is_the_one_that_bound_last),
		TABLE_TEST(what_is_to_be_lifted_is_known_until_it_is),
		TABLE_TEST(a_withdrawn_one_is_kept_and_never_gone_back_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
