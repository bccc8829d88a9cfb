/* Words and enumerations lead to each other; holds end by the clock. */
#include "model/audience.h"
#include "model/case.h"
#include "model/measure.h"
#include "model/person.h"
#include "model/lead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void every_range_has_a_word_and_a_length(void **state)
{
	static const struct {
		const char *word;
		enum person_range range;
		int64_t ms;
	} rows[] = {
		{ "all", RANGE_ALL, INT64_MAX },
		{ "half-year", RANGE_HALF_YEAR, 183 * DAY_MS },
		{ "month", RANGE_MONTH, 30 * DAY_MS },
		{ "3d", RANGE_3_DAYS, 3 * DAY_MS },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum person_range range;
		assert_string_equal(range_word(rows[i].range), rows[i].word);
		assert_true(range_of(str_of(rows[i].word), &range));
		assert_int_equal(range, rows[i].range);
		assert_int_equal(range_ms(rows[i].range), rows[i].ms);
	}
}

static void an_expert_answers_in_three_words(void **state)
{
	static const char *const words[] = { "so", "not", "unsure" };
	enum case_answer answer;
	(void)state;
	assert_null(case_answer_word(CASE_NO_ANSWER));
	assert_false(case_answer_of(S("none"), &answer));
	assert_false(case_answer_of(S(""), &answer));
	for (int i = 0; i < 3; i++) {
		assert_true(case_answer_of(str_of(words[i]), &answer));
		assert_int_equal(answer, CASE_IT_IS_SO + i);
		assert_string_equal(case_answer_word(answer), words[i]);
	}
	for (int i = 0; i < DEED_KINDS; i++)
		assert_non_null(deed_kind_word((enum deed_kind)i));
	assert_string_equal(harm_word(HARM_CLASS_C), "c");
	assert_string_equal(case_state_word(CASE_MERGED), "merged");
}

static void every_role_has_a_word(void **state)
{
	static const char *const words[] = { "member", "steward", "keeper" };
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		enum person_role role;
		assert_true(role_of(str_of(words[i]), &role));
		assert_string_equal(role_word(role), words[i]);
	}
}

static void unknown_words_are_refused(void **state)
{
	static const struct {
		const char *name, *word;
	} rows[] = {
		{ "the empty word", "" },
		{ "another case", "Member" },
		{ "a word and more", "month " },
		{ "a beginning", "half" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum person_range range;
		enum person_role role;
		if (range_of(str_of(rows[i].word), &range) || role_of(str_of(rows[i].word), &role))
			fail_msg("%s was accepted", rows[i].name);
	}
}

static void words_of_the_api(void **state)
{
	(void)state;
	assert_string_equal(audience_word(AUDIENCE_FRIENDS), "friends");
	assert_string_equal(audience_word(AUDIENCE_ONLY), "only");
	assert_string_equal(audience_word(AUDIENCE_EXCEPT), "except");
	assert_string_equal(audience_word(AUDIENCE_SELF), "self");
	assert_string_equal(measure_kind_word(MEASURE_HOLD), "hold");
	assert_string_equal(measure_kind_word(MEASURE_LABEL), "label");
	assert_string_equal(measure_kind_word(MEASURE_SEAL), "seal");
	assert_string_equal(measure_state_word(MEASURE_ACTIVE), "active");
	assert_string_equal(measure_state_word(MEASURE_RELEASED), "released");
	assert_string_equal(measure_state_word(MEASURE_KEPT), "kept");
	assert_string_equal(measure_state_word(MEASURE_LAPSED), "lapsed");
}

static void a_measure_holds_until(void **state)
{
	static const struct {
		const char *name;
		enum measure_kind kind;
		enum measure_state state;
		int64_t want;
	} rows[] = {
		{ "an active hold, to its end", MEASURE_HOLD, MEASURE_ACTIVE, 500 },
		{ "a kept hold, for good", MEASURE_HOLD, MEASURE_KEPT, INT64_MAX },
		{ "a released hold, no longer", MEASURE_HOLD, MEASURE_RELEASED, 0 },
		{ "a lapsed hold, no longer", MEASURE_HOLD, MEASURE_LAPSED, 0 },
		{ "a label, never", MEASURE_LABEL, MEASURE_ACTIVE, 0 },
		{ "a seal on a person, never", MEASURE_SEAL, MEASURE_KEPT, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measure m = { .kind = rows[i].kind,
			             .state = rows[i].state,
			             .ends_at_ms = 500 };
		if (measure_held_until(&m) != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

static void an_undecided_measure_lapses_by_the_clock(void **state)
{
	struct measure m = { .kind = MEASURE_HOLD, .state = MEASURE_ACTIVE, .ends_at_ms = 500 };
	(void)state;
	assert_int_equal(measure_state_at(&m, 499), MEASURE_ACTIVE);
	assert_int_equal(measure_state_at(&m, 500), MEASURE_LAPSED);
	m.state = MEASURE_KEPT;
	assert_int_equal(measure_state_at(&m, 500), MEASURE_KEPT);
}

static void words_of_reports_and_complaints_lead_back(void **state)
{
	enum report_category category;
	enum report_state outcome;
	enum complaint_category complaint;
	(void)state;
	for (int i = 0; i < REPORT_CATEGORIES; i++) {
		const char *word = report_category_word((enum report_category)i);
		assert_true(report_category_of(str_of(word), &category));
		assert_int_equal(category, i);
		assert_int_not_equal(report_harm(category), HARM_CLASS_C); /* somebody looks */
	}
	assert_false(report_category_of(S("spam"), &category));
	assert_null(report_outcome_word(REPORT_OPEN));
	for (int i = REPORT_RIGHT; i <= REPORT_BAD_FAITH; i++) {
		const char *word = report_outcome_word((enum report_state)i);
		assert_true(report_outcome_of(str_of(word), &outcome));
		assert_int_equal(outcome, i);
	}
	assert_false(report_outcome_of(S(""), &outcome));
	for (int i = 0; i < COMPLAINT_CATEGORIES; i++) {
		const char *word = complaint_category_word((enum complaint_category)i);
		assert_true(complaint_category_of(str_of(word), &complaint));
		assert_int_equal(complaint, i);
		assert_int_not_equal(complaint_harm(complaint), HARM_CLASS_C);
	}
	assert_false(complaint_category_of(S("personal_data"), &complaint));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_range_has_a_word_and_a_length),
		cmocka_unit_test(an_expert_answers_in_three_words),
		cmocka_unit_test(every_role_has_a_word),
		cmocka_unit_test(unknown_words_are_refused),
		cmocka_unit_test(words_of_the_api),
		cmocka_unit_test(a_measure_holds_until),
		cmocka_unit_test(words_of_reports_and_complaints_lead_back),
		cmocka_unit_test(an_undecided_measure_lapses_by_the_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
