/* The report of a month: what happened in it, once it is over, exact in the store and without small counts for everybody. */
#include "circle/transparency_private.h"

#include "circle/order.h"
#include "circle/stage_testing.h"
#include "circle/turndown.h"
#include "circle/verb.h"
#include "store/appeals.h"
#include "store/audits.h"
#include "store/measures.h"
#include "store/order_months.h"

#include <jansson.h>
#include <sodium.h>

#include <stdlib.h>
#include <string.h>

#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)
#define RULE "contact.disguised"

static struct stage *s; /* of the test that runs */
static int64_t may_ms, june_ms, july_ms;

static int set_up(void **state)
{
	int64_t none;
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4, .screen = true });
	assert_true(transparency_month(S("2027-05"), &may_ms, &june_ms));
	assert_true(transparency_month(S("2027-06"), &none, &july_ms));
	assert_int_equal(none, june_ms);
	s->now_ms = may_ms + DAY_MS;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

struct row {
	const char *rule;
	int n;
	int64_t begins_ms, decided_ms; /* decided 0: not */
	enum measure_state state;
	bool by_somebody;
	enum measure_kind kind;
};

static err insert_row(struct conn *tx, void *ctx)
{
	const struct row *row = ctx;
	err e = OK;
	for (int i = 0; i < row->n; i++) {
		struct measure m = {
			.id = { snowflake_at(s->c->ids, row->begins_ms) },
			.subject = s->people[2],
			.kind = row->kind,
			.state = row->state,
			.decider = row->kind == MEASURE_NOTICE ? DECIDER_POLICY : DECIDER_STEWARD,
			.rule = str_of(row->rule),
			.policy = S("p"),
			.evidence = S("{}"),
			.starts_at_ms = row->begins_ms,
			.ends_at_ms = row->begins_ms + 2 * DAY_MS,
			.decided_by = { row->by_somebody ? s->people[1].v : 0 },
			.decided_at_ms = row->decided_ms + i * HOUR_MS,
			.decision_note = S(""),
		};
		TRY(measures_insert(tx, &m));
	}
out:
	return e;
}

static void happen(struct row row) { assert_ok(verb_write(s->c, insert_row, NULL, &row)); }

static struct month_report reckon(const char *month)
{
	struct month_report out;
	assert_ok(transparency_reckon(s->c, str_of(month), s->now_ms, s->mem, &out));
	return out;
}

static void months_begin_and_end_where_they_do(void **state)
{
	static const char *const wrong[] = { "2027-13", "2027-0",     "2027-00", "27-05",
		                             "2027/05", "2027-05-01", "" };
	int64_t from, to;
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(transparency_month(str_of(wrong[i]), &from, &to));
	assert_true(transparency_month(S("2028-02"), &from, &to));
	assert_int_equal(to - from, 29 * DAY_MS);
	assert_true(transparency_month(S("2027-12"), &from, &to));
	assert_int_equal(to - from, 31 * DAY_MS);
}

static void what_happened_counts_in_the_month_it_happened_in(void **state)
{
	(void)state;
	happen((struct row){ RULE, 6, may_ms, may_ms + 10 * HOUR_MS, MEASURE_KEPT, true,
	                     MEASURE_HOLD });
	happen((struct row){ RULE, 2, may_ms - DAY_MS, may_ms + DAY_MS, MEASURE_OVERTURNED, false,
	                     MEASURE_HOLD });
	happen((struct row){ RULE, 3, may_ms + 5 * DAY_MS, june_ms + DAY_MS, MEASURE_RELEASED, true,
	                     MEASURE_HOLD });
	happen((struct row){ RULE, 1, may_ms, may_ms + 1, MEASURE_RELEASED, false, MEASURE_HOLD });
	happen((struct row){ "z.late", 4, june_ms - DAY_MS, 0, MEASURE_LAPSED, false,
	                     MEASURE_HOLD });
	happen((struct row){ "z.late", 5, may_ms, 0, MEASURE_LAPSED, false, MEASURE_FEWER });
	happen((struct row){ "z.less", 5, may_ms, may_ms + DAY_MS, MEASURE_MILDER, false,
	                     MEASURE_HOLD });
	happen((struct row){ RULE, 9, may_ms, 0, MEASURE_ACTIVE, false, MEASURE_NOTICE });
	struct month_report may = reckon("2027-05"), june = reckon("2027-06"),
			    none = reckon("2027-03");
	assert_int_equal(may.n_rules, 3);
	assert_true(may.rules[2].milder == 5 && may.rules[2].overturned == 0);
	assert_text(may.rules[0].rule, RULE);
	assert_text(may.rules[0].clause, "b.1");
	assert_int_equal(may.rules[0].caught, 10);
	assert_int_equal(may.rules[0].overturned, 2);
	assert_int_equal(may.rules[0].lapsed, 0);
	/* 10 to 15 hours of those kept; two days and more of those overturned. */
	assert_int_equal(may.rules[0].hours.n, 8);
	assert_true(may.rules[0].hours.median == 13);
	assert_true(may.rules[0].hours.p90 == 49);
	assert_text(may.rules[1].rule, "z.late");
	assert_int_equal(may.rules[1].caught, 9);
	assert_int_equal(may.rules[1].lapsed,
	                 0); /* their clocks run out in June; a span that is over is no lapse */
	assert_int_equal(june.rules[0].caught, 0);
	assert_int_equal(june.rules[0].overturned, 3);
	assert_int_equal(june.rules[1].lapsed, 4);
	assert_int_equal(none.n_rules, 0);
}

struct appealed {
	enum appeal_way way;
	enum appeal_state state;
	int64_t filed_ms, decided_ms;
};

static err appeal_work(struct conn *tx, void *ctx)
{
	const struct appealed *a = ctx;
	struct measure m = { .id = { snowflake_at(s->c->ids, a->filed_ms - DAY_MS) },
		             .subject = s->people[2],
		             .kind = MEASURE_LABEL,
		             .rule = S(RULE),
		             .policy = S("p"),
		             .evidence = S("{}"),
		             .starts_at_ms = a->filed_ms - DAY_MS,
		             .ends_at_ms = INT64_MAX,
		             .decision_note = S("") };
	struct appeal appeal = { .subject = m.subject,
		                 .id = { snowflake_at(s->c->ids, a->filed_ms) },
		                 .measure = m.id,
		                 .nth = 1,
		                 .words = S(""),
		                 .filed_at_ms = a->filed_ms,
		                 .way = a->way,
		                 .note = S("") };
	err e;
	TRY(measures_insert(tx, &m));
	TRY(appeals_insert(tx, &appeal));
	appeal.state = a->state;
	appeal.decided_at_ms = a->decided_ms;
	TRY(appeals_set_state(tx, &appeal, APPEAL_OPEN));
out:
	return e;
}

static void appeals_count_by_who_decided_them(void **state)
{
	static const struct {
		enum appeal_way way;
		enum appeal_state state;
		int hours;
	} rows[] = { { APPEAL_BY_JURY, APPEAL_OVERTURNED, 20 },
		     { APPEAL_BY_JURY, APPEAL_KEPT, 30 },
		     { APPEAL_BY_JURY, APPEAL_MILDER, 35 },
		     { APPEAL_BY_STEWARD, APPEAL_KEPT, 40 },
		     { APPEAL_BY_NOBODY, APPEAL_LAPSED, 120 },
		     { APPEAL_BY_JURY, APPEAL_OVER, 20 }, /* counts nowhere: it was not due yet */
		     { APPEAL_BY_JURY, APPEAL_WITHDRAWN, 10 },
		     { APPEAL_BY_STEWARD, APPEAL_WITHDRAWN, 10 } };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct appealed a = { rows[i].way, rows[i].state, may_ms + 3 * DAY_MS,
			              may_ms + 3 * DAY_MS + rows[i].hours * HOUR_MS };
		assert_ok(verb_write(s->c, appeal_work, NULL, &a));
	}
	struct month_report may = reckon("2027-05"), june = reckon("2027-06");
	assert_int_equal(may.rules[0].appealed, 8);
	assert_int_equal(may.rules[0].lapsed, 1);
	assert_int_equal(may.appeals_lapsed, 1);
	assert_int_equal(may.appeals_withdrawn,
	                 2); /* nobody decided those: no outcome and no time */
	assert_true(may.juries.kept == 1 && may.juries.overturned == 1 && may.juries.milder == 1 &&
	            may.stewards.kept == 1 && may.stewards.overturned == 0);
	assert_true(may.juries.hours.median == 30 && may.juries.hours.p90 == 35);
	assert_int_equal(june.n_rules, 0);
}

static err count_kind(void *ctx, const struct audit_step *step)
{
	if (step->row && str_eq(step->row->kind, S("transparency")))
		++*(int *)ctx;
	return OK;
}

static int records(void)
{
	struct conn *conn = NULL;
	int n = 0;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_each(conn, 1, count_kind, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

static void a_month_is_published_when_it_is_over_and_never_changes(void **state)
{
	struct month_report out;
	str *months;
	size_t n;
	(void)state;
	happen((struct row){ RULE, 7, may_ms, may_ms + HOUR_MS, MEASURE_KEPT, true, MEASURE_HOLD });
	s->now_ms = june_ms - 1;
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_fails(transparency_find(s->c, S("2027-05"), s->mem, &out), ERR_MISSING);
	assert_fails(transparency_find(s->c, STR_NONE, s->mem, &out), ERR_MISSING);
	s->now_ms = june_ms;
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_ok(transparency_find(s->c, STR_NONE, s->mem, &out));
	assert_text(out.month, "2027-05");
	assert_int_equal(out.rules[0].caught, 7);
	assert_true(out.rules[0].hours.median == 4);
	assert_int_equal(records(), 1);
	/* What is found later belongs into the month it is found in. */
	happen((struct row){ RULE, 7, may_ms, may_ms + HOUR_MS, MEASURE_KEPT, true, MEASURE_HOLD });
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_ok(transparency_find(s->c, S("2027-05"), s->mem, &out));
	assert_int_equal(out.rules[0].caught, 7);
	/* A server that rested publishes what it missed. */
	s->now_ms = july_ms + 40 * DAY_MS;
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_ok(transparency_months(s->c, s->mem, &months, &n));
	assert_int_equal(n, 3);
	assert_text(months[0], "2027-07");
	assert_text(months[2], "2027-05");
	assert_int_equal(records(), 3);
}

static void nothing_is_published_of_months_before_the_first_measure(void **state)
{
	str *months;
	size_t n;
	(void)state;
	s->now_ms = july_ms;
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_ok(transparency_months(s->c, s->mem, &months, &n));
	assert_int_equal(n, 0);
	happen((struct row){ RULE, 1, june_ms + 1, 0, MEASURE_ACTIVE, false, MEASURE_HOLD });
	assert_ok(transparency_tick(s->c, s->now_ms));
	assert_ok(transparency_months(s->c, s->mem, &months, &n));
	assert_int_equal(n, 1);
	assert_text(months[0], "2027-06");
}

static json_t *shown(const struct month_report *r)
{
	struct buf b;
	buf_init(&b, s->mem, 1 << 16);
	buf_char(&b, '{');
	transparency_json(&b, r);
	buf_char(&b, '}');
	str text = buf_str(&b);
	json_t *json = json_loadb(text.p, text.n, 0, NULL);
	assert_non_null(json);
	return json;
}

/* ---- what can be reckoned ---- */

#define NUMBERS 8
struct world {
	uint64_t told; /* what everybody reads of it */
	int n[NUMBERS];
};
struct worlds {
	struct world *all;
	size_t n;
};

static int by_told(const void *a, const void *b)
{
	const struct world *x = a, *y = b;
	return (x->told > y->told) - (x->told < y->told);
}

static void add_world(struct worlds *worlds, struct month_report *r, const int *n)
{
	struct arena_mark mark = arena_mark(s->mem);
	struct world *w = &worlds->all[worlds->n++];
	struct buf b;
	str text;
	transparency_make_sure(r);
	buf_init(&b, s->mem, 1 << 16);
	transparency_json(&b, r);
	text = buf_str(&b);
	crypto_generichash((unsigned char *)&w->told, sizeof w->told, (const unsigned char *)text.p,
	                   text.n, NULL, 0);
	memcpy(w->n, n, sizeof w->n);
	arena_rewind(s->mem, mark);
}

/* Of each number at least two values fit what is told, in every world that is not at the edge of those that were made up. */
static void assert_nothing_is_reckoned(struct worlds *worlds, int numbers, int edge)
{
	qsort(worlds->all, worlds->n, sizeof *worlds->all, by_told);
	for (size_t i = 0, to; i < worlds->n; i = to) {
		int least[NUMBERS], most[NUMBERS];
		bool inside = false;
		memcpy(least, worlds->all[i].n, sizeof least);
		memcpy(most, worlds->all[i].n, sizeof most);
		for (to = i; to < worlds->n && worlds->all[to].told == worlds->all[i].told; to++) {
			const int *n = worlds->all[to].n;
			inside |= n[numbers - 1] <= edge;
			for (int k = 0; k < numbers; k++) {
				least[k] = n[k] < least[k] ? n[k] : least[k];
				most[k] = n[k] > most[k] ? n[k] : most[k];
			}
		}
		for (int k = 0; k < numbers && inside; k++)
			if (least[k] == most[k])
				fail_msg("number %d is %d, and can be nothing else", k, least[k]);
	}
	free(worlds->all);
}

/* Counts up from all 0 to all below their limits. */
static bool next_numbers(int *n, const int *below, int numbers)
{
	for (int k = 0; k < numbers; k++) {
		if (++n[k] < below[k])
			return true;
		n[k] = 0;
	}
	return false;
}

static struct worlds room_for(const int *below, int numbers)
{
	size_t n = 1;
	for (int k = 0; k < numbers; k++)
		n *= (size_t)below[k];
	struct worlds worlds = { calloc(n, sizeof(struct world)), 0 };
	assert_non_null(worlds.all);
	return worlds;
}

/* A month of one rule in which everything that began was decided, but for what is still open. */
static void no_number_of_a_rule_can_be_reckoned(void **state)
{
	static const int below[] = { 10, 10, 10, 5,
		                     20 }; /* kept, overturned, milder, lapsed, open */
	struct worlds worlds = room_for(below, COUNT(below));
	int n[NUMBERS] = { 0 };
	(void)state;
	do {
		struct month_rule rule = { .rule = S("a"),
			                   .clause = S("a.1"),
			                   .caught = n[0] + n[1] + n[2] + n[3] + n[4],
			                   .appealed = n[1] + n[2],
			                   .kept = n[0],
			                   .overturned = n[1],
			                   .milder = n[2],
			                   .lapsed = n[3],
			                   .hours = { n[0] + n[1] + n[2], 3, 9, 0 } };
		struct month_report r = { .month = S("2027-05"),
			                  .pieces = 400,
			                  .held = rule.caught,
			                  .rules = &rule,
			                  .n_rules = 1 };
		add_world(&worlds, &r, n);
	} while (next_numbers(n, below, COUNT(below)));
	assert_nothing_is_reckoned(&worlds, COUNT(below), 12);
}

static void no_number_of_appeals_can_be_reckoned(void **state)
{
	/* by juries kept, overturned, milder; by stewards kept; lapsed, open */
	static const int below[] = { 10, 10, 5, 5, 5, 15 };
	struct worlds worlds = room_for(below, COUNT(below));
	int n[NUMBERS] = { 0 };
	(void)state;
	do {
		int juries = n[0] + n[1] + n[2], all = juries + n[3] + n[4] + n[5];
		struct month_rule rule = { .rule = S("a"),
			                   .clause = S("a.1"),
			                   .caught = all,
			                   .appealed = all,
			                   .kept = n[0] + n[3],
			                   .overturned = n[1],
			                   .milder = n[2],
			                   .lapsed = n[4],
			                   .hours = { juries + n[3], 3, 9, 0 } };
		struct month_report r = { .month = S("2027-05"),
			                  .rules = &rule,
			                  .n_rules = 1,
			                  .appeals_lapsed = n[4],
			                  .appeals = { juries + n[3], 3, 9, 0 } };
		r.juries = (struct month_outcomes){ n[0], n[1], n[2], { juries, 3, 9, 0 } };
		r.stewards = (struct month_outcomes){ n[3], 0, 0, { n[3], 3, 9, 0 } };
		add_world(&worlds, &r, n);
	} while (next_numbers(n, below, COUNT(below)));
	assert_nothing_is_reckoned(&worlds, COUNT(below), 8);
}

static void no_number_of_reports_and_complaints_can_be_reckoned(void **state)
{
	/* right, not confirmed, in bad faith, open; and so of complaints: in time, late, which has nothing, open */
	static const int below[] = { 10, 10, 10, 30 };
	for (int complaints = 0; complaints < 2; complaints++) {
		struct worlds worlds = room_for(below, COUNT(below));
		int n[NUMBERS] = { 0 };
		(void)state;
		do {
			int decided = n[0] + n[1] + n[2];
			struct month_report r = { .month = S("2027-05") };
			if (complaints) {
				r.complaints.received = decided + n[3];
				r.complaints.in_time = n[0];
				r.complaints.late = n[1] + n[2];
				r.complaints.hours = (struct month_hours){ decided, 3, 9, 0 };
			} else {
				r.reports.received = decided + n[3];
				r.reports.right = n[0];
				r.reports.not_confirmed = n[1];
				r.reports.bad_faith = n[2];
				r.reports.hours = (struct month_hours){ decided, 3, 9, 0 };
			}
			add_world(&worlds, &r, n);
		} while (next_numbers(n, below, COUNT(below)));
		assert_nothing_is_reckoned(&worlds, COUNT(below), 10);
	}
}

static void times_are_told_where_the_shown_counts_say_that_they_are_enough(void **state)
{
	struct month_rule rules[] = { { S("a"),
		                        S("a.1"),
		                        12,
		                        6,
		                        4,
		                        4,
		                        1,
		                        0,
		                        { 9, 3, 9, 0 } }, /* nine, and none shows five */
		                      { S("b"), S("b.1"), 12, 0, 9, 0, 0, 0, { 9, 2.6, 8, 0 } },
		                      { S("c"), S("c.1"), 12, 0, 5, 5, 0, 0, { 10, 2.4, 8, 0 } } };
	struct month_report r = {
		.month = S("2027-05"), .pieces = 49, .rules = rules, .n_rules = 3
	};
	(void)state;
	transparency_make_sure(&r);
	json_t *json = shown(&r), *all = json_object_get(json, "rules");
	assert_true(json_is_null(json_object_get(json_array_get(all, 0), "median_hours")));
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(all, 1), "median_hours")), 3);
	assert_true(json_is_null(json_object_get(json_array_get(all, 1), "p90_hours")));
	assert_int_equal(json_integer_value(json_object_get(json_array_get(all, 2), "p90_hours")),
	                 8);
	assert_true(json_is_null(json_object_get(json, "published_at_once_percent")));
	r.pieces = 1000;
	r.held = 8;
	json_decref(json);
	json = shown(&r);
	assert_true(json_number_value(json_object_get(json, "published_at_once_percent")) == 99.1);
	json_decref(json);
	r.held = 1; /* as four, and as none */
	json = shown(&r);
	assert_true(json_number_value(json_object_get(json, "published_at_once_percent")) == 99.6);
	json_decref(json);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(months_begin_and_end_where_they_do),
		TEST(what_happened_counts_in_the_month_it_happened_in),
		TEST(appeals_count_by_who_decided_them),
		TEST(a_month_is_published_when_it_is_over_and_never_changes),
		TEST(nothing_is_published_of_months_before_the_first_measure),
		TEST(no_number_of_a_rule_can_be_reckoned),
		TEST(no_number_of_appeals_can_be_reckoned),
		TEST(no_number_of_reports_and_complaints_can_be_reckoned),
		TEST(times_are_told_where_the_shown_counts_say_that_they_are_enough),
	};
	return cmocka_run_group_tests_name("transparency", tests, NULL, NULL);
}
