/* By which rule a steward acts: the policy's where it has one, the circle's own else. */
#include "circle/cite.h"

#include "circle/law_testing.h"
#include "circle/remember.h"

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 2, .screen = true });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static void what_the_policy_names_is_of_its_version(void **state)
{
	struct cited rule;
	(void)state;
	assert_ok(cite_find(s->c, S("fraud.counterfeit"), s->mem, &rule));
	assert_text(rule.clause, "a.2");
	assert_true(str_eq(rule.policy, remember_policy(s->c, s->mem)));
	assert_int_equal(rule.harm, HARM_CLASS_A);
	assert_true(rule.en.n > 0 && rule.zh.n > 0 && rule.pass_en.n > 0);
	assert_fails(cite_find(s->c, S("no.such"), s->mem, &rule), ERR_MISSING);
}

static void every_kind_of_report_and_complaint_has_a_rule(void **state)
{
	static const struct {
		enum report_category category;
		const char *rule, *clause;
	} reports[] = {
		{ REPORT_COUNTERFEIT, "fraud.counterfeit", "a.2" },
		{ REPORT_LADDER, "recruit.ladder", "b.3" },
		{ REPORT_FRAUD, "order.fraud", "o.3" },
		{ REPORT_ADVERTISING, "advert.disguised", "b.1" },
		{ REPORT_HARASSMENT, "order.harassment", "o.5" },
		{ REPORT_OTHER, "order.other", "o.8" },
	};
	struct cited rule;
	(void)state;
	for (size_t i = 0; i < REPORT_CATEGORIES; i++) {
		cite_report(s->c, reports[i].category, s->mem, &rule);
		assert_text(rule.id, reports[i].rule);
		assert_text(rule.clause, reports[i].clause);
		assert_int_equal(rule.harm, report_harm(reports[i].category));
	}
	cite_complaint(s->c, COMPLAINT_COUNTERFEIT, s->mem, &rule);
	assert_text(rule.id, "fraud.counterfeit");
	cite_complaint(s->c, COMPLAINT_PLAGIARISM, s->mem, &rule);
	assert_text(rule.id, "order.plagiarism");
	cite_complaint(s->c, COMPLAINT_PERSONAL_DATA, s->mem, &rule);
	assert_text(rule.id, "order.personal-data");
	assert_text(cite_clause(S("order.personal-data")), "o.7");
	assert_int_equal(cite_clause(S("fraud.counterfeit")).n, 0);
}

/* Another policy has no such rule: then it is the circle's own. */
static void a_policy_without_the_rule_leaves_it_to_the_circle(void **state)
{
	struct cited rule, *all;
	size_t n;
	(void)state;
	law_bind(s, law_mild(s));
	cite_report(s->c, REPORT_COUNTERFEIT, s->mem, &rule);
	assert_text(rule.id, "order.counterfeit");
	assert_text(rule.policy, "order");
	assert_int_equal(rule.harm, HARM_CLASS_A);
	cite_all(s->c, s->mem, &all, &n);
	assert_text(all[0].id, "fruit");
	assert_int_equal(n, 9);
}

static void what_it_says_is_a_reason_that_marks_nothing(void **state)
{
	struct cited rule;
	(void)state;
	cite_report(s->c, REPORT_HARASSMENT, s->mem, &rule);
	assert_text(cite_evidence(&rule, s->mem),
	            "{\"score\":0,\"malice\":0,\"reasons\":[{\"rule\":\"order.harassment\","
	            "\"clause\":\"o.5\",\"text\":{\"en\":\"A steward found harassment.\","
	            "\"zh\":\"管事的人认定：骚扰。\"},\"spans\":[]}],\"would_pass\":null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_the_policy_names_is_of_its_version, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(every_kind_of_report_and_complaint_has_a_rule,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_policy_without_the_rule_leaves_it_to_the_circle,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_it_says_is_a_reason_that_marks_nothing, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
