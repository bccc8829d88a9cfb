#include "circle/docket.h"

#include "circle/order_testing.h"
#include "circle/stage_testing.h"

#include "store/cases.h"

static struct stage *s; /* of the test that runs */

/* 0 is a keeper, 1 a steward; 2 and 3 are what cases are about. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct order_case add(person_id subject, enum case_item_kind kind, int64_t id,
                             enum harm_class harm, int64_t due_at_ms, int64_t priority)
{
	return order_add_item(
		s,
		(struct case_entry){
			.subject = subject,
			.harm = harm,
			.due_at_ms = due_at_ms,
			.priority = priority,
			.item = { .kind = kind, .id = id, .owner = subject, .at_ms = s->now_ms } });
}

static void a_hundred_reports_are_one_case(void **state)
{
	struct order_case first = add(s->people[2], ITEM_REPORT, 1, HARM_CLASS_B, 5000, 10), last,
			  *queue;
	struct case_item *items;
	struct conn *conn;
	size_t n;
	(void)state;
	for (int64_t i = 2; i <= 100; i++)
		last = add(s->people[2], ITEM_REPORT, i, HARM_CLASS_B, 5000 + i, 10 + i);
	assert_int_equal(first.id.v, last.id.v);
	assert_int_equal(last.version, 100);
	assert_true(last.due_at_ms == 5000 && last.priority == 110);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(
		cases_queue(conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, NULL, 10, s->mem, &queue, &n));
	assert_true(n == 1 && queue[0].id.v == first.id.v);
	assert_ok(cases_items(conn, first.id, 1000, s->mem, &items, &n));
	assert_int_equal(n, 100);
	store_read_end(s->c->store, &conn);
}

static void each_person_has_a_case_and_each_stranger_one(void **state)
{
	struct order_case two = add(s->people[2], ITEM_MEASURE, 1, HARM_CLASS_B, 5000, 0),
			  three = add(s->people[3], ITEM_MEASURE, 2, HARM_CLASS_A, 6000, 0),
			  outside = add((person_id){ 0 }, ITEM_COMPLAINT, 3, HARM_CLASS_B, 7000, 0),
			  other = add((person_id){ 0 }, ITEM_COMPLAINT, 4, HARM_CLASS_B, 7000, 0);
	(void)state;
	assert_true(two.id.v != three.id.v && outside.id.v != other.id.v);
	assert_true(two.harm == HARM_CLASS_B && three.harm == HARM_CLASS_A);
	/* Above each other, and not by one: a gap tells nothing. */
	assert_true(three.number > two.number && outside.number > three.number &&
	            other.number > outside.number);
}

/* In a queue without gaps of its own one that is missing would be a case about who looks. */
static void numbers_have_gaps_that_mean_nothing(void **state)
{
	int64_t before = 0, gaps = 0;
	(void)state;
	for (int64_t i = 1; i <= 40; i++) {
		int64_t number =
			add((person_id){ 0 }, ITEM_COMPLAINT, i, HARM_CLASS_B, 7000, 0).number;
		assert_in_range(number - before, 1, 8);
		gaps += number - before > 1;
		before = number;
	}
	assert_in_range(gaps, 20, 40);
}

static void the_gravest_item_and_the_earliest_clock_count(void **state)
{
	struct order_case one = add(s->people[2], ITEM_REPORT, 1, HARM_CLASS_B, 5000, 300);
	(void)state;
	assert_true(one.harm == HARM_CLASS_B && one.version == 1);
	one = add(s->people[2], ITEM_MEASURE, 2, HARM_CLASS_A, 9000, 100);
	assert_true(one.harm == HARM_CLASS_A && one.due_at_ms == 5000 && one.priority == 300);
	one = add(s->people[2], ITEM_REPORT, 1, HARM_CLASS_B, 4000, 400); /* the same once more */
	assert_true(one.version == 3 && one.due_at_ms == 4000 && one.priority == 400);
	order_settle_item(s, ITEM_REPORT, 1, CASE_DECIDED);
	one = order_find_case(s, one.id);
	assert_true(one.state == CASE_OPEN && one.version == 4 && one.due_at_ms == 9000);
	assert_int_equal(one.priority, 100);
}

static void a_case_ends_with_its_last_item(void **state)
{
	struct order_case one = add(s->people[2], ITEM_MEASURE, 1, HARM_CLASS_B, 5000, 0), next;
	(void)state;
	add(s->people[2], ITEM_APPEAL, 1, HARM_CLASS_B, 6000, 0);
	order_settle_item(s, ITEM_MEASURE, 1, CASE_LAPSED);
	assert_int_equal(order_find_case(s, one.id).state, CASE_OPEN);
	order_settle_item(s, ITEM_MEASURE, 1, CASE_LAPSED); /* waits no longer: nothing happens */
	assert_int_equal(order_find_case(s, one.id).version, 3);
	order_settle_item(s, ITEM_APPEAL, 1, CASE_DECIDED);
	one = order_find_case(s, one.id);
	assert_true(one.state == CASE_DECIDED && one.decided_at_ms == s->now_ms);
	next = add(s->people[2], ITEM_MEASURE, 2, HARM_CLASS_B, 5000, 0);
	assert_true(next.id.v != one.id.v && next.number > one.number);
}

static void annoyance_waits_for_nobody(void **state)
{
	struct order_case one = add(s->people[2], ITEM_REPORT, 1, HARM_CLASS_C, 5000, 0);
	(void)state;
	assert_int_equal(one.id.v, 0);
	assert_int_equal(add(s->people[2], ITEM_MEASURE, 2, HARM_CLASS_C, 5000, 0).id.v, 0);
	one = add(s->people[2], ITEM_APPEAL, 3, HARM_CLASS_C, 5000, 0);
	assert_true(one.id.v != 0 && one.harm == HARM_CLASS_C);
}

static size_t queue(enum case_side side, int limit, case_id behind, struct case_line **out)
{
	const struct queue_part part = { CASE_OPEN, side, { .limit = limit, .max_id = behind.v } };
	size_t n;
	assert_ok(docket_queue(s->c, s->people[1], &part, s->now_ms, s->mem, out, &n));
	return n;
}

static void no_number_of_complaints_hides_a_case(void **state)
{
	struct order_case hold, own;
	struct case_line *lines;
	case_id behind = { 0 };
	size_t n, seen = 0;
	(void)state;
	for (int64_t i = 0; i < 90; i++)
		add((person_id){ 0 }, ITEM_COMPLAINT, i + 1, HARM_CLASS_A, 1000 + i, 0);
	own = add(s->people[1], ITEM_REPORT, 1, HARM_CLASS_A, 100, 0);
	hold = add(s->people[2], ITEM_MEASURE, 1, HARM_CLASS_B, 5000, 0);
	add(s->people[2], ITEM_COMPLAINT, 95, HARM_CLASS_A, 6000, 0);
	/* To the end, page by page. */
	while ((n = queue(CASES_ALL, 40, behind, &lines)) > 0) {
		assert_true(seen > 0 || lines[0].one.id.v == hold.id.v);
		for (size_t i = 1; i < n; i++)
			assert_true(seen + i == 1 ||
			            lines[i].one.due_at_ms >= lines[i - 1].one.due_at_ms);
		seen += n;
		behind = lines[n - 1].one.id;
	}
	assert_int_equal(seen, 91);
	assert_int_equal(queue(CASES_INSIDE, 40, (case_id){ 0 }, &lines), 1);
	assert_int_equal(lines[0].one.harm, HARM_CLASS_B);
	assert_int_equal(queue(CASES_OUTSIDE, 80, (case_id){ 0 }, &lines), 80);
	assert_int_equal(lines[0].one.due_at_ms, 1000); /* their own clock, the earliest first */
	/* What was decided meanwhile still says where it stood. */
	order_settle_item(s, ITEM_COMPLAINT, 80, CASE_DECIDED);
	assert_int_equal(queue(CASES_OUTSIDE, 80, lines[79].one.id, &lines), 10);
	/* From behind a case about oneself is from behind none at all. */
	for (int i = 0; i < 2; i++) {
		const struct queue_part part = { CASE_OPEN,
			                         CASES_ALL,
			                         { .max_id = i ? 4711 : own.id.v } };
		assert_fails(docket_queue(s->c, s->people[1], &part, s->now_ms, s->mem, &lines, &n),
		             ERR_MISSING);
	}
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_hundred_reports_are_one_case),
		STAGE_TEST(each_person_has_a_case_and_each_stranger_one),
		STAGE_TEST(numbers_have_gaps_that_mean_nothing),
		STAGE_TEST(the_gravest_item_and_the_earliest_clock_count),
		STAGE_TEST(a_case_ends_with_its_last_item),
		STAGE_TEST(annoyance_waits_for_nobody),
		STAGE_TEST(no_number_of_complaints_hides_a_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
