#include "store/reports.h"

#include "store/cases.h"
#include "store/store_testing.h"

static const person_id anna = { 1 }, ben = { 2 }, cleo = { 3 };

static struct report on_post(int64_t id, person_id reporter, int64_t post)
{
	return (struct report){
		.id = { id },
		.target = anna,
		.reporter = reporter,
		.category = REPORT_FRAUD,
		.piece = { post ? anna : (person_id){ 0 }, { post }, { 0 } },
		.text = S("look"),
		.seen_by = 7,
		.at_ms = 100 + id,
	};
}

static err insert(struct tables *t, struct report r) { return reports_insert(t->conn, &r); }

static void a_report_comes_back_as_written(void **state)
{
	struct tables *t = *state;
	struct report want = on_post(10, ben, 5), got;
	want.piece.comment.v = 6;
	assert_ok(insert(t, want));
	assert_ok(reports_find_own(t->conn, ben, want.id, t->mem, &got));
	assert_int_equal(got.target.v, anna.v);
	assert_int_equal(got.category, REPORT_FRAUD);
	assert_int_equal(got.state, REPORT_OPEN);
	assert_int_equal(got.piece.post_author.v, anna.v);
	assert_int_equal(got.piece.post.v, 5);
	assert_int_equal(got.piece.comment.v, 6);
	assert_text(got.text, "look");
	assert_int_equal(got.seen_by, 7);
	assert_int_equal(got.at_ms, 110);
	assert_fails(reports_find_own(t->conn, cleo, want.id, t->mem, &got), ERR_MISSING);
}

static void one_is_open_at_a_time_on_one_thing(void **state)
{
	struct tables *t = *state;
	struct report first = on_post(10, ben, 5), like = on_post(0, ben, 5), got;
	assert_ok(insert(t, first));
	assert_fails(insert(t, on_post(11, ben, 5)), ERR_CONFLICT);
	assert_ok(insert(t, on_post(12, cleo, 5)));
	assert_ok(insert(t, on_post(13, ben, 6)));
	assert_ok(insert(t, on_post(14, ben, 0)));
	assert_ok(reports_find_open(t->conn, &like, t->mem, &got));
	assert_int_equal(got.id.v, 10);
	assert_ok(reports_set_state(t->conn, &first, REPORT_NOT_CONFIRMED, 500));
	assert_fails(reports_find_open(t->conn, &like, t->mem, &got), ERR_MISSING);
	assert_ok(insert(t, on_post(15, ben, 5)));
}

static void who_reported_it_is_known_once_each(void **state)
{
	struct tables *t = *state;
	struct report first = on_post(10, ben, 5);
	const struct status_ref post = { anna, { 5 }, { 0 } }, nothing = { { 0 }, { 0 }, { 0 } };
	person_id *who;
	size_t n;
	assert_ok(insert(t, first));
	assert_ok(reports_set_state(t->conn, &first, REPORT_RIGHT, 500));
	assert_ok(insert(t, on_post(11, ben, 5)));
	assert_ok(insert(t, on_post(12, cleo, 6)));
	assert_ok(insert(t, on_post(13, cleo, 0)));
	assert_ok(reports_who(t->conn, anna, &post, 109, t->mem, &who, &n));
	assert_int_equal(n, 0);
	assert_ok(reports_who(t->conn, anna, &post, 110, t->mem, &who, &n));
	assert_int_equal(n, 1);
	assert_int_equal(who[0].v, ben.v);
	assert_ok(reports_who(t->conn, anna, &nothing, 900, t->mem, &who, &n));
	assert_int_equal(n, 1);
	assert_int_equal(who[0].v, cleo.v);
}

/* The rows of two who are gone may be on one thing. */
static void nobodys_reports_do_not_meet(void **state)
{
	struct tables *t = *state;
	struct report like = on_post(0, (person_id){ 0 }, 5), got;
	assert_ok(insert(t, on_post(10, (person_id){ 0 }, 5)));
	assert_ok(insert(t, on_post(11, (person_id){ 0 }, 5)));
	assert_fails(reports_find_open(t->conn, &like, t->mem, &got), ERR_MISSING);
}

/* What a report may become, and from where. */
static void states(void **state)
{
	static const struct {
		const char *name;
		enum report_state from, to;
	} rows[] = {
		{ "right", REPORT_OPEN, REPORT_RIGHT },
		{ "not confirmed", REPORT_OPEN, REPORT_NOT_CONFIRMED },
		{ "in bad faith", REPORT_OPEN, REPORT_BAD_FAITH },
		{ "taken back", REPORT_RIGHT, REPORT_OPEN },
	};
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct report r = on_post(10 + (int64_t)i, ben, 20 + (int64_t)i), got;
		assert_ok(insert(t, r));
		if (rows[i].from != REPORT_OPEN)
			assert_ok(reports_set_state(t->conn, &r, rows[i].from, 400));
		r.state = rows[i].from;
		assert_ok(reports_set_state(t->conn, &r, rows[i].to, rows[i].to ? 500 : 0));
		assert_ok(reports_find_own(t->conn, ben, r.id, t->mem, &got));
		assert_int_equal(got.state, rows[i].to);
		assert_int_equal(got.decided_at_ms, rows[i].to ? 500 : 0);
		/* Whoever looked at it before is told. */
		assert_fails(reports_set_state(t->conn, &r, REPORT_RIGHT, 600), ERR_CONFLICT);
	}
}

static void lists_are_in_order(void **state)
{
	struct tables *t = *state;
	struct report settled = on_post(11, ben, 6), *all;
	int64_t at_ms;
	size_t n;
	assert_ok(insert(t, on_post(10, ben, 5)));
	assert_ok(insert(t, settled));
	assert_ok(insert(t, on_post(12, cleo, 5)));
	assert_ok(reports_set_state(t->conn, &settled, REPORT_RIGHT, 500));
	assert_ok(reports_by(t->conn, ben, (report_id){ 0 }, 10, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_int_equal(all[0].id.v, 11);
	assert_ok(reports_by(t->conn, ben, (report_id){ 11 }, 10, t->mem, &all, &n));
	assert_int_equal(n, 1);
	for (int words = 0; words < 2; words++) {
		assert_ok(reports_open_on(t->conn, anna, words, 10, t->mem, &all, &n));
		assert_int_equal(n, 2);
		assert_int_equal(all[0].id.v, 10);
		assert_int_equal(all[1].id.v, 12);
		assert_int_equal(all[1].seen_by, 7);
		assert_text(all[1].text, words ? "look" : "");
	}
	for (int64_t id = 10; id < 12; id++)
		assert_ok(cases_put_item(
			t->conn, (case_id){ 50 },
			&(struct case_item){ .kind = ITEM_REPORT, .id = id, .owner = anna }));
	assert_ok(reports_of_case(t->conn, (case_id){ 50 }, 10, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_int_equal(all[0].id.v, 10);
	assert_int_equal(all[1].state, REPORT_RIGHT);
	assert_ok(reports_nth_latest(t->conn, ben, 1, &at_ms));
	assert_int_equal(at_ms, 111);
	assert_ok(reports_nth_latest(t->conn, ben, 2, &at_ms));
	assert_int_equal(at_ms, 110);
	assert_ok(reports_nth_latest(t->conn, ben, 3, &at_ms));
	assert_int_equal(at_ms, 0);
}

static void a_reporters_past_is_short(void **state)
{
	static const struct {
		const char *name;
		int right, wrong, bad, want_right, want_wrong, want_bad;
	} rows[] = {
		{ "below a hundred it stands", 60, 30, 9, 60, 30, 9 },
		{ "at a hundred all halves", 60, 31, 9, 30, 15, 4 },
		{ "until it is below", 300, 0, 0, 75, 0, 0 },
	};
	struct tables *t = *state;
	struct reporter r;
	assert_ok(reporters_find(t->conn, ben, &r));
	assert_int_equal(r.n_right + r.n_wrong + r.n_bad, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		r = (struct reporter){ ben, rows[i].right, rows[i].wrong, rows[i].bad };
		assert_ok(reporters_put(t->conn, &r));
		assert_ok(reporters_find(t->conn, ben, &r));
		if (r.n_right != rows[i].want_right || r.n_wrong != rows[i].want_wrong ||
		    r.n_bad != rows[i].want_bad)
			fail_msg("%s: %d %d %d", rows[i].name, r.n_right, r.n_wrong, r.n_bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_report_comes_back_as_written),
		TABLE_TEST(one_is_open_at_a_time_on_one_thing),
		TABLE_TEST(who_reported_it_is_known_once_each),
		TABLE_TEST(nobodys_reports_do_not_meet),
		TABLE_TEST(states),
		TABLE_TEST(lists_are_in_order),
		TABLE_TEST(a_reporters_past_is_short),
	};
	return cmocka_run_group_tests_name("reports", tests, NULL, NULL);
}
