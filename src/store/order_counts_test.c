#include "store/order_counts.h"

#include "base/snowflake.h"
#include "store/appeals.h"
#include "store/cases.h"
#include "store/measures.h"
#include "store/store_testing.h"

#define DAY_MS INT64_C(86400000)
#define FROM_MS (INT64_C(20000) * 86400000)

static void open_case(struct tables *t, int64_t id, int64_t at_ms, enum case_state state)
{
	struct order_case one = {
		.id = { id }, .subject = { id }, .opened_at_ms = at_ms, .note = S("")
	};
	assert_ok(cases_insert(t->conn, &one, 1));
	one.state = state;
	assert_ok(cases_save(t->conn, &one));
}

static void cases_are_counted_by_day_and_what_waits_by_age(void **state)
{
	static const person_id nobody = { 99 };
	struct tables *t = *state;
	struct day_count *days;
	int64_t *waiting;
	size_t n;
	open_case(t, 1, FROM_MS - 1, CASE_OPEN);
	open_case(t, 2, FROM_MS, CASE_OPEN);
	open_case(t, 3, FROM_MS + 5, CASE_DECIDED);
	open_case(t, 4, FROM_MS + 2 * DAY_MS, CASE_OPEN);
	assert_ok(order_counts_opened(t->conn, FROM_MS, nobody, t->mem, &days, &n));
	assert_int_equal(n, 2);
	assert_true(days[0].day == 20000 && days[0].n == 2);
	assert_true(days[1].day == 20002 && days[1].n == 1);
	assert_ok(order_counts_waiting(t->conn, nobody, 10, t->mem, &waiting, &n));
	assert_int_equal(n, 3);
	assert_ok(order_counts_waiting(t->conn, nobody, 2, t->mem, &waiting, &n));
	assert_int_equal(n, 2);
	/* To whom one of them is about it is in no count. */
	assert_ok(order_counts_opened(t->conn, FROM_MS, (person_id){ 2 }, t->mem, &days, &n));
	assert_true(n == 2 && days[0].n == 1);
	assert_ok(order_counts_waiting(t->conn, (person_id){ 2 }, 10, t->mem, &waiting, &n));
	assert_int_equal(n, 2);
}

static void rules_are_counted_by_what_became_of_their_measures(void **state)
{
	static const struct {
		const char *rule;
		enum measure_state state;
		int64_t decided_by;
		bool early, appealed;
	} rows[] = {
		{ "b", MEASURE_ACTIVE, 0, false, false },
		{ "b", MEASURE_KEPT, 9, false, true },
		{ "b", MEASURE_OVERTURNED, 0, false, true },
		{ "b", MEASURE_RELEASED, 9, false, false },
		{ "b", MEASURE_RELEASED, 0, false, false }, /* by the program: no decision */
		{ "b", MEASURE_LAPSED, 0, false, false },
		{ "b", MEASURE_OVERTURNED, 9, true, true },
		{ "a", MEASURE_KEPT, 9, true, false },
		{ "c", MEASURE_KEPT, 9, false, false },
	};
	struct tables *t = *state;
	struct rule_count *got;
	size_t n;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t at_ms = rows[i].early ? FROM_MS - DAY_MS : FROM_MS + DAY_MS;
		struct measure m = { .id = { snowflake_floor(at_ms) + (int64_t)i },
			             .subject = { 1 },
			             .state = rows[i].state,
			             .rule = str_of(rows[i].rule),
			             .decided_by = { rows[i].decided_by } };
		struct appeal appeal = {
			.subject = { 1 }, .id = { 1000 + (int64_t)i }, .measure = m.id, .nth = 1
		};
		m.policy = m.evidence = m.decision_note = appeal.words = appeal.note = S("");
		assert_ok(measures_insert(t->conn, &m));
		if (!rows[i].appealed)
			continue;
		assert_ok(appeals_insert(t->conn, &appeal));
		appeal.id.v += 100; /* once more on new facts: one appealed measure still */
		appeal.nth = 2;
		assert_ok(appeals_insert(t->conn, &appeal));
	}
	assert_ok(order_counts_rules(t->conn, FROM_MS, 100, 10, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_text(got[0].rule, "b");
	assert_true(got[0].caught == 6 && got[0].appealed == 2);
	assert_true(got[0].decided == 3 && got[0].overturned == 2);
	assert_text(got[1].rule, "c");
	assert_true(got[1].decided == 1 && got[1].overturned == 0);
	assert_ok(order_counts_rules(t->conn, FROM_MS, 100, 1, t->mem, &got, &n));
	assert_int_equal(n, 1);
	/* Of a rule that did very much the newest are counted, and of those it is true. */
	assert_ok(order_counts_rules(t->conn, FROM_MS, 4, 10, t->mem, &got, &n));
	assert_true(got[0].caught == 4 && got[0].appealed == 1);
	assert_true(got[0].decided == 2 && got[0].overturned == 2);
	assert_int_equal(got[1].caught, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(cases_are_counted_by_day_and_what_waits_by_age),
		TABLE_TEST(rules_are_counted_by_what_became_of_their_measures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
