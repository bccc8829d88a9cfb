#include "store/order_months.h"

#include "store/appeals.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/reports.h"
#include "store/screenings.h"
#include "store/seats.h"
#include "store/store_testing.h"

static const person_id subject = { 1 };

static void insert_measure(struct tables *t, int64_t id, const char *rule)
{
	struct measure m = { .id = { id },
		             .subject = subject,
		             .kind = MEASURE_LABEL,
		             .state = MEASURE_KEPT,
		             .decider = DECIDER_STEWARD,
		             .rule = str_of(rule),
		             .policy = S("p"),
		             .evidence = S("{}"),
		             .starts_at_ms = id + 1,
		             .ends_at_ms = id + 100,
		             .decided_at_ms = id + 50,
		             .decided_by = { 9 },
		             .decision_note = S("") };
	assert_ok(measures_insert(t->conn, &m));
}

static void measures_come_lean_by_id(void **state)
{
	struct tables *t = *state;
	struct month_measure *got;
	measure_id first;
	size_t n;
	assert_ok(order_months_first(t->conn, &first));
	assert_int_equal(first.v, 0);
	for (int64_t id = 20; id <= 50; id += 10)
		insert_measure(t, id, id == 30 ? "a.b" : "c.d");
	assert_ok(order_months_first(t->conn, &first));
	assert_int_equal(first.v, 20);
	assert_ok(
		order_months_measures(t->conn, (struct id_range){ 20, 50, 10 }, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_int_equal(got[0].id.v, 30);
	assert_text(got[0].rule, "a.b");
	assert_true(got[0].kind == MEASURE_LABEL && got[0].state == MEASURE_KEPT &&
	            got[0].decider == DECIDER_STEWARD && got[0].starts_at_ms == 31 &&
	            got[0].ends_at_ms == 130 && got[0].decided_at_ms == 80 &&
	            got[0].decided_by.v == 9);
	assert_ok(order_months_measures(t->conn, (struct id_range){ 0, 99, 3 }, t->mem, &got, &n));
	assert_int_equal(n, 3);
}

static void insert_seat(struct tables *t, int64_t appeal, int place, enum seat_state state)
{
	struct seat seat = { .appeal = { appeal },
		             .place = place,
		             .id = appeal * 100 + place,
		             .person = { 200 + place },
		             .number = S("0123456789abcdef"),
		             .state = state,
		             .note = S("") };
	assert_ok(seats_insert(t->conn, &seat));
}

static void appeals_come_with_the_rule_and_their_seats(void **state)
{
	struct tables *t = *state;
	struct appeal appeal = { .subject = subject,
		                 .id = { 70 },
		                 .measure = { 20 },
		                 .nth = 1,
		                 .state = APPEAL_OPEN,
		                 .words = S(""),
		                 .filed_at_ms = 71,
		                 .way = APPEAL_BY_JURY,
		                 .seats = 7,
		                 .note = S("") };
	struct month_appeal *got;
	size_t n;
	insert_measure(t, 20, "a.b");
	assert_ok(appeals_insert(t->conn, &appeal));
	appeal.state = APPEAL_OVERTURNED;
	appeal.decided_at_ms = 99;
	assert_ok(appeals_set_state(t->conn, &appeal, APPEAL_OPEN));
	insert_seat(t, 70, 0, SEAT_VOTED);
	insert_seat(t, 70, 1, SEAT_SKIPPED);
	insert_seat(t, 70, 2, SEAT_VOTED);
	insert_seat(t, 70, 3, SEAT_CLOSED);
	assert_ok(order_months_appeals(t->conn, (struct id_range){ 69, 71, 10 }, t->mem, &got, &n));
	assert_int_equal(n, 1);
	assert_text(got[0].rule, "a.b");
	assert_true(got[0].state == APPEAL_OVERTURNED && got[0].way == APPEAL_BY_JURY &&
	            got[0].filed_at_ms == 71 && got[0].decided_at_ms == 99 && got[0].skipped == 1);
	assert_ok(order_months_appeals(t->conn, (struct id_range){ 70, 99, 10 }, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static void leads_come_when_they_are_settled(void **state)
{
	struct tables *t = *state;
	struct report report = { .target = { 5 },
		                 .id = { 30 },
		                 .reporter = { 6 },
		                 .text = S(""),
		                 .seen_by = 1,
		                 .at_ms = 31 };
	struct complaint complaint = { .id = { 40 },
		                       .contact = S("c"),
		                       .about = S("a"),
		                       .evidence = S("e"),
		                       .at_ms = 41,
		                       .due_at_ms = 45,
		                       .answer = S("") };
	secret_hash secret = { { 1 } };
	struct month_lead *got;
	int64_t count;
	size_t n;
	assert_ok(reports_insert(t->conn, &report));
	assert_ok(order_months_reported(t->conn, (struct id_range){ 29, 31, 0 }, &count));
	assert_int_equal(count, 1);
	assert_ok(order_months_reports(t->conn, 0, 100, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(reports_set_state(t->conn, &report, REPORT_RIGHT, 60));
	assert_ok(order_months_reports(t->conn, 60, 61, 10, t->mem, &got, &n));
	assert_true(n == 1 && got[0].state == REPORT_RIGHT && got[0].at_ms == 31 &&
	            got[0].decided_at_ms == 60);
	assert_ok(order_months_reports(t->conn, 61, 99, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(complaints_insert(t->conn, &complaint, &secret));
	assert_ok(complaints_answer(t->conn, complaint.id, S("yes"), 70));
	assert_ok(order_months_complaints(t->conn, (struct id_range){ 39, 41, 10 }, t->mem, &got,
	                                  &n));
	assert_true(n == 1 && got[0].state == COMPLAINT_ANSWERED && got[0].due_at_ms == 45 &&
	            got[0].decided_at_ms == 70);
}

static void a_month_is_published_once_and_stays(void **state)
{
	struct tables *t = *state;
	int64_t pieces, held;
	str body, *months;
	size_t n;
	assert_fails(order_months_find(t->conn, S("2026-05"), t->mem, &body), ERR_MISSING);
	assert_ok(order_months_put(t->conn, S("2026-04"), 1, S("{\"a\":1}")));
	assert_ok(order_months_put(t->conn, S("2026-05"), 2, S("{\"a\":2}")));
	assert_ok(order_months_put(t->conn, S("2026-04"), 3, S("{\"a\":3}")));
	assert_ok(order_months_find(t->conn, S("2026-04"), t->mem, &body));
	assert_text(body, "{\"a\":1}");
	assert_ok(order_months_list(t->conn, 10, t->mem, &months, &n));
	assert_int_equal(n, 2);
	assert_text(months[0], "2026-05");
	assert_ok(order_months_pieces(t->conn, 0, 100, &pieces, &held));
	assert_true(pieces == 0 && held == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(measures_come_lean_by_id),
		TABLE_TEST(appeals_come_with_the_rule_and_their_seats),
		TABLE_TEST(leads_come_when_they_are_settled),
		TABLE_TEST(a_month_is_published_once_and_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
