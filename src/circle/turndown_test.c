/* A rule over its limit labels from then on; others beside it go on; it comes up again when it is changed or the keeper says so. */
#include "circle/turndown.h"

#include "circle/audit.h"
#include "circle/backup.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/restore.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"
#include "integrity/policy/policy.h"
#include "store/audits.h"
#include "store/measures.h"
#include "store/order_settings.h"

#include <stdio.h>
#include <string.h>

#define RULE S("contact.disguised")

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4, .screen = true });
	remember_wait(s->c);
	assert_ok(turndown_tick(s->c, s->now_ms));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

struct decided {
	str rule;
	int n;
	enum measure_state state;
};

static err decide(struct conn *tx, void *ctx)
{
	const struct decided *d = ctx;
	err e = OK;
	for (int i = 0; i < d->n; i++) {
		struct measure m = { .id = { snowflake_next(s->c->ids) },
			             .subject = s->people[2],
			             .kind = MEASURE_LABEL,
			             .state = d->state,
			             .rule = d->rule,
			             .policy = S("p"),
			             .evidence = S("{}"),
			             .starts_at_ms = s->now_ms,
			             .ends_at_ms = INT64_MAX,
			             .decided_by = s->people[1],
			             .decided_at_ms = s->now_ms,
			             .decision_note = S("") };
		TRY(measures_insert(tx, &m));
	}
out:
	return e;
}

/* So many of this rule end so, and the next tick looks. */
static void end_some(str rule, int n, enum measure_state state)
{
	struct decided d = { rule, n, state };
	assert_ok(verb_write(s->c, decide, NULL, &d));
	turndown_note(s->c, rule);
	assert_ok(turndown_tick(s->c, s->now_ms));
}

static err last_kind(void *ctx, const struct audit_step *step)
{
	if (step->row)
		*(str *)ctx = str_dup(s->mem, step->row->kind);
	return OK;
}

static str last_record(void)
{
	struct conn *conn = NULL;
	str kind = STR_NONE;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_each(conn, 1, last_kind, &kind));
	store_read_end(s->c->store, &conn);
	return kind;
}

static void a_rule_over_its_limit_turns_itself_down_and_tells_the_keeper(void **state)
{
	(void)state;
	end_some(RULE, 16, MEASURE_KEPT);
	end_some(RULE, 3, MEASURE_OVERTURNED);
	assert_false(turndown_is(s->c, RULE)); /* nineteen are too few to say */
	end_some(RULE, 1, MEASURE_RELEASED);
	assert_false(turndown_is(s->c, RULE)); /* four of twenty are not over a fifth */
	end_some(RULE, 1, MEASURE_OVERTURNED);
	assert_true(turndown_is(s->c, RULE));
	assert_false(turndown_is(s->c, S("contact.elsewhere")));
	assert_int_equal(stage_notices(s, 0, NOTICE_RULE_DOWN), 1);
	assert_int_equal(stage_notices(s, 1, NOTICE_RULE_DOWN), 0);
	assert_text(last_record(), "rule.down");
	/* It is told once, and stays over a restart. */
	end_some(RULE, 5, MEASURE_OVERTURNED);
	stage_reopen(s);
	assert_true(turndown_is(s->c, RULE));
	assert_ok(turndown_tick(s->c, s->now_ms));
	assert_int_equal(stage_notices(s, 0, NOTICE_RULE_DOWN), 1);
}

static err set_limit(struct conn *tx, void *ctx)
{
	return order_settings_put(tx, S("overturn_limit"), *(const str *)ctx);
}

static void the_keeper_sets_the_limit(void **state)
{
	str half = S("50");
	(void)state;
	assert_ok(verb_write(s->c, set_limit, NULL, &half));
	end_some(RULE, 10, MEASURE_KEPT);
	end_some(RULE, 10, MEASURE_OVERTURNED);
	assert_false(turndown_is(s->c, RULE));
	end_some(RULE, 1, MEASURE_OVERTURNED);
	assert_true(turndown_is(s->c, RULE));
}

/* Decided while the program was not looking: the first tick after a start looks at all rules. */
static void a_start_looks_at_every_rule(void **state)
{
	struct decided d = { RULE, 30, MEASURE_OVERTURNED };
	(void)state;
	assert_ok(verb_write(s->c, decide, NULL, &d));
	assert_ok(turndown_tick(s->c, s->now_ms));
	assert_false(turndown_is(s->c, RULE)); /* nothing was noted */
	stage_reopen(s);
	assert_ok(turndown_tick(s->c, s->now_ms));
	assert_true(turndown_is(s->c, RULE));
}

/* The measures it went down for are not in the backup: by them alone it would be up. */
static void a_backup_from_before_does_not_bring_it_up_again(void **state)
{
	char source[128];
	struct manifest manifest;
	struct restored restored;
	struct restore_plan plan = { .source = source,
		                     .folder = s->folder,
		                     .clock = clock_real(),
		                     .chance = chance_real() };
	(void)state;
	snprintf(source, sizeof source, "%s/before", s->folder);
	assert_ok(backup_make(s->c, source, NULL, NULL, &manifest));
	end_some(RULE, 30, MEASURE_OVERTURNED);
	circle_close(&s->c);
	assert_ok(restore_from(&plan, &restored));
	stage_reopen(s);
	remember_wait(s->c);
	assert_ok(turndown_tick(s->c, s->now_ms));
	assert_true(turndown_is(s->c, RULE));
}

static void what_is_no_rule_of_the_policy_is_not_turned_down(void **state)
{
	(void)state;
	end_some(S("order.sealed"), 30, MEASURE_OVERTURNED);
	assert_false(turndown_is(s->c, S("order.sealed")));
	assert_int_equal(stage_notices(s, 0, NOTICE_RULE_DOWN), 0);
}

static void the_keeper_raises_it_and_its_record_begins_anew(void **state)
{
	(void)state;
	assert_fails(turndown_raise(s->c, RULE, s->people[0], s->now_ms), ERR_CONFLICT);
	end_some(RULE, 30, MEASURE_OVERTURNED);
	s->now_ms += 1000;
	assert_ok(turndown_raise(s->c, RULE, s->people[0], s->now_ms));
	assert_false(turndown_is(s->c, RULE));
	assert_text(last_record(), "rule.up");
	end_some(RULE, 1, MEASURE_OVERTURNED);
	assert_false(turndown_is(s->c, RULE));
	end_some(RULE, 19, MEASURE_OVERTURNED);
	assert_true(turndown_is(s->c, RULE));
}

static void a_clock_that_jumps_makes_no_record_of_another_year(void **state)
{
	(void)state;
	stage_two_clocks(s);
	assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
	end_some(RULE, 20, MEASURE_OVERTURNED);
	assert_true(turndown_is(s->c, RULE));
	s->jumped_ms = INT64_C(365) * 24 * 3600 * 1000;
	assert_ok(turndown_raise(s->c, RULE, s->people[0], stage_wall(s)));
	s->jumped_ms = 0;
	s->now_ms += 1000;
	end_some(RULE, 20, MEASURE_OVERTURNED);
	assert_true(turndown_is(s->c, RULE));
}

static void the_engine_is_told_which_are_down(void **state)
{
	static const char *const ad = STAGE_AD;
	struct facts facts = { .kind = FACTS_POST,
		               .author = (uint64_t)s->people[2].v,
		               .at_ms = s->now_ms,
		               .text = str_of(ad) };
	struct verdict v;
	int64_t as_of;
	(void)state;
	assert_ok(remember_screen(s->c, &facts, s->mem, &v, &as_of));
	assert_int_equal(v.action, ACTION_HOLD);
	assert_int_equal(v.allowed, ACTION_HOLD);
	for (size_t i = 0; i < v.reason_count; i++)
		end_some(v.reasons[i].rule, 20, MEASURE_OVERTURNED);
	turndown_tell(s->c, s->mem, &facts);
	assert_int_equal(facts.n_down, v.reason_count);
	assert_ok(remember_screen(s->c, &facts, s->mem, &v, &as_of));
	assert_int_equal(v.action, ACTION_HOLD);
	assert_int_equal(v.allowed, ACTION_LABEL);
}

/* ---- a new version ---- */

#define HEAD                                                                                       \
	"policy \"p\" version 1\nladder hold from 0.6 end\nwords l \"one\" matches \"m\" passes \"p\" end\n"
#define LINE_RULE(id, weight)                                                                      \
	"rule " id                                                                                 \
	" clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE evidence " weight       \
	" when words(l) >= 1 en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" "      \
	"fires \"f\" silent \"s\" end\n"

static struct policy *compile(const char *text)
{
	struct policy_source file = { S("t.policy"), str_of(text) };
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	if (failed(policy_compile(&file, 1, s->mem, &policy, &fault)))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	return policy;
}

struct change {
	const struct policy *before, *after;
};

static err down_work(struct conn *tx, void *ctx)
{
	const str *rule = ctx;
	struct rule_down row = { *rule, s->now_ms, 20, 10, 0 };
	return rules_down_insert(tx, &row);
}

static err change_work(struct conn *tx, void *ctx)
{
	const struct change *change = ctx;
	return turndown_changed(s->c, tx, change->before, change->after, s->people[0], s->now_ms);
}

static void a_version_that_changes_a_rule_raises_it_and_no_other(void **state)
{
	struct change change = { compile(HEAD LINE_RULE("r.a", "0.5") LINE_RULE("r.b", "0.5")),
		                 compile(HEAD LINE_RULE("r.a", "0.5") LINE_RULE("r.b", "0.4")) };
	str a = S("r.a"), b = S("r.b");
	(void)state;
	assert_ok(verb_write(s->c, down_work, NULL, &a));
	assert_ok(verb_write(s->c, down_work, NULL, &b));
	assert_ok(turndown_read(s->c));
	assert_true(turndown_is(s->c, a) && turndown_is(s->c, b));
	assert_ok(verb_write(s->c, change_work, NULL, &change));
	assert_ok(turndown_read(s->c));
	assert_true(turndown_is(s->c, a));
	assert_false(turndown_is(s->c, b));
	assert_text(last_record(), "rule.up");
	policy_free((struct policy *)(uintptr_t)change.before);
	policy_free((struct policy *)(uintptr_t)change.after);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rule_over_its_limit_turns_itself_down_and_tells_the_keeper),
		TEST(the_keeper_sets_the_limit),
		TEST(a_backup_from_before_does_not_bring_it_up_again),
		TEST(a_start_looks_at_every_rule),
		TEST(what_is_no_rule_of_the_policy_is_not_turned_down),
		TEST(the_keeper_raises_it_and_its_record_begins_anew),
		TEST(a_clock_that_jumps_makes_no_record_of_another_year),
		TEST(the_engine_is_told_which_are_down),
		TEST(a_version_that_changes_a_rule_raises_it_and_no_other),
	};
	return cmocka_run_group_tests_name("turndown", tests, NULL, NULL);
}
