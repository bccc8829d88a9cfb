#include "store/rules_down.h"

#include "store/store_testing.h"

static struct rule_down row_of(const char *rule, int64_t at_ms)
{
	return (struct rule_down){ str_of(rule), at_ms, 25, 6, 0 };
}

static void a_rule_is_down_until_it_is_raised(void **state)
{
	struct tables *t = *state;
	struct rule_down a = row_of("a.a", 10), b = row_of("b.b", 20), *rows;
	bool was_down;
	size_t n;
	assert_ok(rules_down_now(t->conn, t->mem, &rows, &n));
	assert_int_equal(n, 0);
	assert_ok(rules_down_insert(t->conn, &b));
	assert_ok(rules_down_insert(t->conn, &a));
	assert_ok(rules_down_now(t->conn, t->mem, &rows, &n));
	assert_int_equal(n, 2);
	assert_text(rows[0].rule, "a.a");
	assert_true(rows[0].n_decided == 25 && rows[0].n_overturned == 6 && rows[0].at_ms == 10);
	assert_ok(rules_down_raise(t->conn, S("a.a"), 30, &was_down));
	assert_true(was_down);
	assert_ok(rules_down_raise(t->conn, S("a.a"), 31, &was_down));
	assert_false(was_down);
	assert_ok(rules_down_now(t->conn, t->mem, &rows, &n));
	assert_int_equal(n, 1);
	assert_text(rows[0].rule, "b.b");
}

static void its_record_begins_anew_when_it_is_raised(void **state)
{
	struct tables *t = *state;
	int64_t since;
	bool was_down;
	assert_ok(rules_down_since(t->conn, S("a.a"), &since));
	assert_int_equal(since, 0);
	assert_ok(rules_down_raise(t->conn, S("a.a"), 30, &was_down));
	assert_ok(rules_down_raise(t->conn, S("a.a"), 40, &was_down));
	assert_ok(rules_down_since(t->conn, S("a.a"), &since));
	assert_int_equal(since, 40);
	assert_ok(rules_down_since(t->conn, S("b.b"), &since));
	assert_int_equal(since, 0);
}

/* What was raised stays so, whoever tells of it later. */
static void the_later_counts(void **state)
{
	struct tables *t = *state;
	struct rule_down a = row_of("a.a", 10), *rows;
	int64_t since;
	bool was_down;
	size_t n;
	assert_ok(rules_down_insert(t->conn, &a));
	assert_ok(rules_down_raise(t->conn, S("a.a"), 40, &was_down));
	assert_ok(rules_down_insert(t->conn, &a));
	assert_ok(rules_down_now(t->conn, t->mem, &rows, &n));
	assert_int_equal(n, 0);
	assert_ok(rules_down_raise(t->conn, S("a.a"), 30, &was_down));
	assert_ok(rules_down_since(t->conn, S("a.a"), &since));
	assert_int_equal(since, 40);
	assert_ok(rules_down_take(t->conn, t->conn, t->mem)); /* of itself, nothing new */
	assert_ok(rules_down_now(t->conn, t->mem, &rows, &n));
	assert_int_equal(n, 0);
}

static void those_of_a_stretch_are_told_raised_or_not(void **state)
{
	struct tables *t = *state;
	struct rule_down a = row_of("a.a", 10), b = row_of("b.b", 20), *rows;
	bool was_down;
	size_t n;
	assert_ok(rules_down_insert(t->conn, &a));
	assert_ok(rules_down_insert(t->conn, &b));
	assert_ok(rules_down_raise(t->conn, S("a.a"), 15, &was_down));
	assert_ok(rules_down_between(t->conn, 10, 20, t->mem, &rows, &n));
	assert_int_equal(n, 1);
	assert_text(rows[0].rule, "a.a");
	assert_int_equal(rows[0].up_at_ms, 15);
	assert_ok(rules_down_between(t->conn, 11, 21, t->mem, &rows, &n));
	assert_int_equal(n, 1);
	assert_text(rows[0].rule, "b.b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_rule_is_down_until_it_is_raised),
		TABLE_TEST(its_record_begins_anew_when_it_is_raised),
		TABLE_TEST(the_later_counts),
		TABLE_TEST(those_of_a_stretch_are_told_raised_or_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
