/* What becomes of reports when a steward has found something, when that is taken back, and when something else happens. */
#include "circle/report.h"

#include "circle/order_testing.h"
#include "circle/read.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/audits.h"
#include "store/cases.h"
#include "store/measures.h"
#include "store/reports.h"

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 is reported, by 3, 4 and 5; 6 has nothing to do with it. */
enum { KEEPER, STEWARD, TARGET, ANNA, BERT, CLEO, OTHER };

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7 });
	stage_befriend(s, TARGET, ANNA);
	stage_befriend(s, TARGET, BERT);
	s->now_ms += INT64_C(40) * 86400000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct report file(int reporter, const struct status_ref *piece)
{
	struct report_draft draft = { .target = s->people[TARGET],
		                      .category = REPORT_FRAUD,
		                      .text = S("words") };
	struct report *all;
	int64_t status;
	size_t n;
	if (piece) {
		status = piece->post.v;
		draft.statuses = &status;
		draft.n_statuses = 1;
	}
	assert_ok(report_file(s->c, s->people[reporter], &draft, s->now_ms, s->mem, &all, &n));
	return all[0];
}

struct settle_job {
	struct report_finding finding;
	int64_t reopen_at_ms; /* 0: settle */
	struct order_changes x;
};

static err settle_work(struct conn *tx, void *ctx)
{
	struct settle_job *job = ctx;
	job->x = order_changes(s->c, s->mem);
	return job->reopen_at_ms
	               ? report_reopen(&job->x, tx, job->finding.in, job->reopen_at_ms, s->now_ms)
	               : report_settle(&job->x, tx, &job->finding, s->now_ms);
}

static void settle_after(void *ctx) { order_after(&((struct settle_job *)ctx)->x); }

static err run(struct settle_job job)
{
	if (job.finding.in.v == 0)
		job.finding.in = order_case_of(s, TARGET).id;
	if (job.finding.by.v == 0)
		job.finding.by = s->people[STEWARD];
	return verb_write(s->c, settle_work, settle_after, &job);
}

static err settle(enum report_state outcome)
{
	return run((struct settle_job){ .finding = { .outcome = outcome } });
}

/* Those that are named were made in bad faith; what the others are. */
static err settle_bad(const report_id *bad, size_t n, enum report_state others)
{
	return run((struct settle_job){ .finding = { .outcome = others,
	                                             .bad = bad,
	                                             .n_bad = n,
	                                             .bad_note = S("You made it up") } });
}

static struct report now_of(const struct report *r)
{
	struct conn *conn = NULL;
	struct report got;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(reports_find_own(conn, r->reporter, r->id, s->mem, &got));
	store_read_end(s->c->store, &conn);
	return got;
}

static struct reporter past_of(int person)
{
	struct conn *conn = NULL;
	struct reporter past;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(reporters_find(conn, s->people[person], &past));
	store_read_end(s->c->store, &conn);
	return past;
}

/* Notices of the reporter's, as they are shown. */
static struct seen_notice *told(int reader, size_t *n)
{
	struct seen_notice *all;
	assert_ok(read_notices(s->c, s->people[reader], (struct page){ .limit = 40 },
	                       1u << NOTICE_REPORTED, s->now_ms, s->mem, &all, n));
	return all;
}

static struct measure *done_to(int person, size_t *n)
{
	struct conn *conn = NULL;
	struct measure *all;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[person], (measure_id){ 0 }, 100, s->mem, &all, n));
	store_read_end(s->c->store, &conn);
	return all;
}

static struct standing standing(int person)
{
	struct conn *conn = NULL;
	struct standing out;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(order_standing(conn, s->people[person], s->now_ms, s->mem, &out));
	store_read_end(s->c->store, &conn);
	return out;
}

static void the_outcome_is_told_once_and_counts_once(void **state)
{
	static const struct {
		enum report_state outcome;
		int right, wrong;
	} rows[] = { { REPORT_RIGHT, 1, 0 }, { REPORT_NOT_CONFIRMED, 1, 1 } };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct status_ref a = stage_post(s, TARGET, "a"), b = stage_post(s, TARGET, "b");
		struct report first = file(ANNA, &a), second = file(ANNA, &b),
			      other = file(CLEO, NULL);
		size_t n;
		assert_ok(settle(rows[i].outcome));
		assert_int_equal(now_of(&first).state, rows[i].outcome);
		assert_int_equal(now_of(&second).state, rows[i].outcome);
		assert_int_equal(now_of(&other).decided_at_ms, s->now_ms);
		struct reporter past = past_of(ANNA);
		assert_int_equal(past.n_right, rows[i].right);
		assert_int_equal(past.n_wrong, rows[i].wrong);
		struct seen_notice *seen = told(ANNA, &n);
		assert_int_equal(n, i + 1);
		assert_int_equal(seen[0].report.id.v, first.id.v);
		assert_int_equal(seen[0].report.state, rows[i].outcome);
		assert_true(seen[0].has_post);
		assert_int_equal(told(TARGET, &n) ? n : 0, 0);
		s->now_ms += 60000;
	}
	size_t n;
	done_to(TARGET, &n);
	assert_int_equal(n, 0); /* a finding is no measure */
}

/* What became of whom they reported is not theirs to know. */
static void a_notice_shows_the_piece_only_while_it_may_be_seen(void **state)
{
	struct status_ref post = stage_post(s, TARGET, "a");
	size_t n;
	(void)state;
	file(ANNA, &post);
	assert_ok(settle(REPORT_RIGHT));
	assert_ok(publish_delete(s->c, s->people[TARGET], &post, s->now_ms));
	struct seen_notice *seen = told(ANNA, &n);
	assert_int_equal(n, 1);
	assert_false(seen[0].has_post);
}

static void bad_faith_is_an_offence_of_the_reporter(void **state)
{
	size_t n;
	(void)state;
	struct report made = file(ANNA, NULL);
	assert_ok(settle_bad(&made.id, 1, REPORT_OPEN));
	assert_int_equal(now_of(&made).state, REPORT_BAD_FAITH);
	assert_int_equal(past_of(ANNA).n_bad, 1);
	struct measure *m = done_to(ANNA, &n);
	assert_int_equal(n, 1);
	assert_int_equal(m->kind, MEASURE_NOTICE);
	assert_text(m->rule, "order.report-abuse");
	assert_int_equal(m->points, 1);
	assert_int_equal(m->decider, DECIDER_STEWARD);
	assert_text(m->decision_note, "You made it up");
	assert_int_equal(m->post.v, 0);
	assert_int_equal(stage_notices(s, ANNA, NOTICE_MEASURE), 1);
	assert_int_equal(stage_notices(s, ANNA, NOTICE_REPORTED), 0);
	assert_int_equal(standing(ANNA).points, 1);
	assert_int_equal(standing(ANNA).offences, 1);
	done_to(TARGET, &n);
	assert_int_equal(n, 0);
}

/* An honest one among the liars: the steward finds of each what is true. */
static void bad_faith_is_its_own_reporters_alone(void **state)
{
	struct status_ref a = stage_post(s, TARGET, "a"), b = stage_post(s, TARGET, "b");
	size_t n;
	(void)state;
	struct report lie = file(ANNA, &a), another = file(ANNA, &b), honest = file(BERT, &a),
		      third = file(CLEO, NULL);
	const report_id bad[] = { lie.id, another.id };
	int64_t at_ms = s->now_ms;
	case_id in = order_case_of(s, TARGET).id;
	assert_ok(settle_bad(bad, 2, REPORT_RIGHT));
	assert_int_equal(now_of(&lie).state, REPORT_BAD_FAITH);
	assert_int_equal(now_of(&another).state, REPORT_BAD_FAITH);
	assert_int_equal(now_of(&honest).state, REPORT_RIGHT);
	assert_int_equal(now_of(&third).state, REPORT_RIGHT);
	done_to(ANNA, &n);
	assert_int_equal(n, 1); /* two lies at once are one offence */
	assert_int_equal(past_of(ANNA).n_bad, 1);
	assert_true(past_of(BERT).n_right == 1 && past_of(BERT).n_bad == 0);
	done_to(BERT, &n);
	assert_int_equal(n, 0);
	(void)told(BERT, &n);
	assert_int_equal(n, 1);
	(void)told(ANNA, &n);
	assert_int_equal(n, 0);
	s->now_ms += 60000;
	assert_ok(run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = at_ms }));
	assert_int_equal(now_of(&lie).state, REPORT_OPEN);
	assert_int_equal(now_of(&honest).state, REPORT_OPEN);
	assert_true(past_of(ANNA).n_bad == 0 && past_of(BERT).n_right == 0);
	assert_int_equal(standing(ANNA).points, 0);
}

/* One who told the truth once and lied once hears of both. */
static void of_one_reporter_each_report_is_found_for_itself(void **state)
{
	struct status_ref a = stage_post(s, TARGET, "a"), b = stage_post(s, TARGET, "b");
	size_t n;
	(void)state;
	struct report lie = file(ANNA, &a), truth = file(ANNA, &b);
	int64_t at_ms = s->now_ms;
	case_id in = order_case_of(s, TARGET).id;
	assert_ok(settle_bad(&lie.id, 1, REPORT_RIGHT));
	assert_true(past_of(ANNA).n_bad == 1 && past_of(ANNA).n_right == 1);
	struct seen_notice *seen = told(ANNA, &n);
	assert_int_equal(n, 1);
	assert_int_equal(seen[0].report.id.v, truth.id.v);
	assert_ok(run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = at_ms }));
	assert_true(past_of(ANNA).n_bad == 0 && past_of(ANNA).n_right == 0);
}

static void some_of_a_case_are_found_and_the_rest_waits(void **state)
{
	struct conn *conn = NULL;
	struct case_item *items;
	size_t n;
	(void)state;
	struct report liar = file(ANNA, NULL), honest = file(CLEO, NULL);
	case_id in = order_case_of(s, TARGET).id;
	assert_ok(settle_bad(&liar.id, 1, REPORT_OPEN));
	assert_int_equal(now_of(&liar).state, REPORT_BAD_FAITH);
	assert_int_equal(now_of(&honest).state, REPORT_OPEN);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(cases_items(conn, in, 10, s->mem, &items, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(items[i].done, items[i].id == liar.id.v);
		if (!items[i].done)
			assert_true(items[i].priority > 0); /* the weight is the rest's now */
	}
	assert_ok(run((struct settle_job){ .finding = { .in = in, .outcome = REPORT_RIGHT } }));
	assert_int_equal(now_of(&honest).state, REPORT_RIGHT);
	assert_int_equal(now_of(&liar).state, REPORT_BAD_FAITH);
}

/* Found one after the other, each is let off by itself. */
static void an_earlier_finding_outlasts_a_later_one_that_is_taken_back(void **state)
{
	struct status_ref a = stage_post(s, TARGET, "a"), b = stage_post(s, TARGET, "b");
	(void)state;
	struct report lie = file(ANNA, &a), another = file(ANNA, &b);
	case_id in = order_case_of(s, TARGET).id;
	assert_ok(settle_bad(&lie.id, 1, REPORT_OPEN));
	s->now_ms += 60000;
	int64_t at_ms = s->now_ms;
	assert_ok(settle_bad(&another.id, 1, REPORT_OPEN));
	assert_int_equal(standing(ANNA).points, 2);
	s->now_ms += 60000;
	assert_ok(run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = at_ms }));
	assert_int_equal(now_of(&lie).state, REPORT_BAD_FAITH);
	assert_int_equal(now_of(&another).state, REPORT_OPEN);
	assert_int_equal(standing(ANNA).points, 1);
	assert_int_equal(past_of(ANNA).n_bad, 1);
}

static void a_steward_who_is_a_party_finds_nothing(void **state)
{
	static const int parties[] = { TARGET, KEEPER };
	(void)state;
	struct report made = file(KEEPER, NULL);
	for (size_t i = 0; i < COUNT(parties); i++)
		assert_fails(run((struct settle_job){ .finding = { .outcome = REPORT_RIGHT,
		                                                   .by = s->people[parties[i]] } }),
		             ERR_MISSING);
	assert_int_equal(now_of(&made).state, REPORT_OPEN);
}

static void a_decision_is_taken_back_whole(void **state)
{
	static const enum report_state outcomes[] = { REPORT_RIGHT, REPORT_NOT_CONFIRMED,
		                                      REPORT_BAD_FAITH };
	size_t n;
	(void)state;
	struct report made = file(ANNA, NULL);
	case_id in = order_case_of(s, TARGET).id;
	for (size_t i = 0; i < COUNT(outcomes); i++) {
		int64_t at_ms = s->now_ms;
		assert_ok(outcomes[i] == REPORT_BAD_FAITH ? settle_bad(&made.id, 1, REPORT_OPEN)
		                                          : settle(outcomes[i]));
		s->now_ms += 60000;
		assert_ok(
			run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = at_ms }));
		assert_int_equal(now_of(&made).state, REPORT_OPEN);
		assert_int_equal(now_of(&made).decided_at_ms, 0);
		struct reporter past = past_of(ANNA);
		assert_int_equal(past.n_right + past.n_wrong + past.n_bad, 0);
		(void)told(ANNA, &n);
		assert_int_equal(n, 0); /* what they were told is true no more */
		assert_int_equal(standing(ANNA).points, 0);
		s->now_ms += 60000;
	}
	struct measure *m = done_to(ANNA, &n);
	assert_int_equal(n, 1);
	assert_int_equal(m->state, MEASURE_RELEASED);
	/* Another moment's decisions are left alone. */
	assert_ok(settle(REPORT_RIGHT));
	assert_ok(run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = 5 }));
	assert_int_equal(now_of(&made).state, REPORT_RIGHT);
}

static void who_reported_anew_meanwhile_has_one_open(void **state)
{
	int64_t at_ms = s->now_ms;
	(void)state;
	struct report made = file(ANNA, NULL);
	case_id in = order_case_of(s, TARGET).id;
	assert_ok(settle_bad(&made.id, 1, REPORT_OPEN));
	s->now_ms += 60000;
	struct report again = file(ANNA, NULL);
	assert_int_not_equal(again.id.v, made.id.v);
	assert_ok(run((struct settle_job){ .finding = { .in = in }, .reopen_at_ms = at_ms }));
	assert_int_equal(now_of(&made).state, REPORT_NOT_CONFIRMED);
	assert_int_equal(now_of(&again).state, REPORT_OPEN);
	assert_int_equal(standing(ANNA).points, 0);
}

/* ---- what is no decision on reports leaves them as they are ---- */

static err warn_work(struct conn *tx, void *ctx)
{
	struct settle_job *job = ctx;
	struct measure m = { .subject = s->people[TARGET],
		             .kind = MEASURE_NOTICE,
		             .rule = S("order.conduct"),
		             .policy = S(""),
		             .evidence = S("{}"),
		             .starts_at_ms = s->now_ms,
		             .by = s->people[STEWARD],
		             .decision_note = S(""),
		             .decider = DECIDER_STEWARD,
		             .points = 1 };
	job->x = order_changes(s->c, s->mem);
	return order_impose(&job->x, tx, &m, s->now_ms);
}

static void a_warning_outside_closes_no_report(void **state)
{
	struct settle_job job = { .reopen_at_ms = 0 };
	size_t n;
	(void)state;
	struct report made = file(ANNA, NULL);
	assert_ok(verb_write(s->c, warn_work, settle_after, &job));
	assert_int_equal(now_of(&made).state, REPORT_OPEN);
	(void)told(ANNA, &n);
	assert_int_equal(n, 0);
	assert_int_not_equal(order_case_of(s, TARGET).id.v, 0); /* it waits there still */
}

static void the_log_names_no_reporter(void **state)
{
	struct conn *conn = NULL;
	struct audit_row row;
	int settled = 0;
	(void)state;
	file(ANNA, NULL);
	assert_ok(settle(REPORT_NOT_CONFIRMED));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_last(conn, s->mem, &row));
	for (int64_t seq = row.seq; seq > 0; seq--) {
		assert_ok(audits_find(conn, seq, s->mem, &row));
		if (!str_starts(row.kind, S("report.")))
			continue;
		settled += str_eq(row.kind, S("report.settled"));
		for (int i = KEEPER; i <= OTHER; i++)
			assert_int_equal(
				str_find(row.record,
			                 str_format(s->mem, "%lld", (long long)s->people[i].v)),
				SIZE_MAX);
		assert_int_equal(str_find(row.record, S("words")), SIZE_MAX);
	}
	store_read_end(s->c->store, &conn);
	assert_int_equal(settled, 1);
}

#define SETTLE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTLE_TEST(the_outcome_is_told_once_and_counts_once),
		SETTLE_TEST(a_notice_shows_the_piece_only_while_it_may_be_seen),
		SETTLE_TEST(bad_faith_is_an_offence_of_the_reporter),
		SETTLE_TEST(bad_faith_is_its_own_reporters_alone),
		SETTLE_TEST(of_one_reporter_each_report_is_found_for_itself),
		SETTLE_TEST(some_of_a_case_are_found_and_the_rest_waits),
		SETTLE_TEST(an_earlier_finding_outlasts_a_later_one_that_is_taken_back),
		SETTLE_TEST(a_steward_who_is_a_party_finds_nothing),
		SETTLE_TEST(a_decision_is_taken_back_whole),
		SETTLE_TEST(who_reported_anew_meanwhile_has_one_open),
		SETTLE_TEST(a_warning_outside_closes_no_report),
		SETTLE_TEST(the_log_names_no_reporter),
	};
	return cmocka_run_group_tests_name("report_settle", tests, NULL, NULL);
}
