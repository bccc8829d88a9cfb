/* Each kind of measure in the fields that are meant for it, and nobody and nobody's words in any of them. tests/statements.test.mjs holds
 * what a server writes against a schema. */
#include "circle/statement.h"

#include "base/buf.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define POLICY                                                                                                    \
	"policy \"p\" version 1\nladder hold from 0.6 end\n"                                                      \
	"words l \"one\" matches \"m\" passes \"p\" end\n"                                                        \
	"rule r.one clause \"b.1\" owner \"o\" status live harm marketing dsa SCAMS_AND_FRAUD / PYRAMID_SCHEMES " \
	"evidence 0.7 when words(l) >= 1 en \"It recruits.\" zh \"拉人。\" pass en \"e\" zh \"z\" "            \
	"false_positives \"n\" fires \"f\" silent \"s\" end\n"                                                    \
	"rule r.two clause \"b.2\" owner \"o\" status live harm marketing dsa OTHER_VIOLATION_TC / OTHER "        \
	"evidence 0.5 when links > 1 en \"It leads away.\" zh \"引流。\" pass en \"e\" zh \"z\" "              \
	"false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define EVIDENCE                                                                                       \
	"{\"score\":0.9,\"malice\":0.72,\"reasons\":[{\"rule\":\"r.one\",\"clause\":\"b.1\",\"text\":" \
	"{\"en\":\"SECRETWORD\",\"zh\":\"SECRETWORD\"},\"spans\":[[0,3]]}],\"trace\":{\"rules\":["     \
	"{\"rule\":\"r.one\",\"status\":\"live\",\"state\":\"fired\",\"weight\":0.7,\"evidence\":["    \
	"{\"weight\":0.7,\"counts\":true,\"when\":\"words(l) >= 1\",\"values\":{\"words(l)\":3}},"     \
	"{\"weight\":0.2,\"counts\":false,\"when\":\"is.post\",\"values\":{\"is.post\":null}}]},"      \
	"{\"rule\":\"r.two\",\"status\":\"shadow\",\"state\":\"fired\",\"weight\":0.7,\"evidence\":[]}]}}"

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])
#define DAY_MS INT64_C(86400000)
#define AT_MS (INT64_C(20000) * DAY_MS) /* 2024-10-04 */

static struct arena *mem;
static struct policy *policy;

static int set_up(void **state)
{
	struct policy_source file = { S("t.policy"), S(POLICY) };
	struct policy_fault fault = { .line = 0 };
	(void)state;
	mem = arena_new(1 << 16);
	if (failed(policy_compile(&file, 1, mem, &policy, &fault)))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(policy);
	arena_free(mem);
	return 0;
}

static struct measure measure_of(enum measure_kind kind)
{
	return (struct measure){ .id = { 4711 },
		                 .subject = { 8888 },
		                 .kind = kind,
		                 .rule = S("r.one"),
		                 .policy = policy_hash(policy),
		                 .evidence = S(EVIDENCE),
		                 .starts_at_ms = AT_MS,
		                 .ends_at_ms = AT_MS + 2 * DAY_MS,
		                 .by = { 7777 },
		                 .decision_note = S("SECRETNOTE") };
}

static json_t *written(const struct measure *m, const struct statement_about *about)
{
	struct buf b;
	buf_init(&b, mem, 65536);
	assert_true(statement_write(m, about, &b));
	str line = buf_str(&b);
	static const char *const secrets[] = { "SECRETWORD", "SECRETNOTE", "8888", "7777", "4711" };
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		if (str_find(line, str_of(secrets[i])) != SIZE_MAX)
			fail_msg("%s in %.*s", secrets[i], STR_ARG(line));
	json_t *json = json_loadb(line.p, line.n, 0, NULL);
	assert_non_null(json);
	return json;
}

static const char *text(const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json, name);
	if (json_is_array(value))
		value = json_array_get(value, 0);
	return value ? json_string_value(value) : "";
}

static void how_it_ended_is_said_of_each_end(void **state)
{
	static const struct {
		enum measure_state state;
		const char *says;
	} rows[] = {
		{ MEASURE_RELEASED, "It was taken back." },
		{ MEASURE_OVERTURNED, "It was overturned on appeal." },
		{ MEASURE_LAPSED, "It lapsed, since nobody decided in time." },
		{ MEASURE_MILDER, "An appeal put a milder measure in its place." },
		{ MEASURE_UNANSWERED, "It ended, since an appeal of it was not answered in time." },
		{ MEASURE_WITHDRAWN, "It ended when the piece was deleted or changed by a member." }
	};
	const struct statement_about about = { .puid = S("kith-x"), .policy = policy };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measure m = measure_of(MEASURE_HOLD);
		m.state = rows[i].state;
		json_t *json = written(&m, &about);
		for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++)
			assert_true((strstr(text(json, "decision_facts"), rows[j].says) != NULL) ==
			            (i == j));
		json_decref(json);
	}
}

static const char *const ends[] = { "end_date_visibility_restriction",
	                            "end_date_monetary_restriction", "end_date_service_restriction",
	                            "end_date_account_restriction" };

static void each_kind_has_its_decision(void **state)
{
	static const struct {
		enum measure_kind kind;
		const char *field, *value, *end;
	} rows[] = {
		{ MEASURE_HOLD, "decision_visibility", "DECISION_VISIBILITY_CONTENT_DISABLED",
		  "end_date_visibility_restriction" },
		{ MEASURE_LABEL, "decision_visibility", "DECISION_VISIBILITY_CONTENT_LABELLED",
		  "end_date_visibility_restriction" },
		{ MEASURE_FOLD, "decision_visibility", "DECISION_VISIBILITY_CONTENT_DEMOTED",
		  "end_date_visibility_restriction" },
		{ MEASURE_NOTICE, "decision_visibility", "DECISION_VISIBILITY_OTHER", NULL },
		{ MEASURE_FEWER, "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION",
		  "end_date_service_restriction" },
		{ MEASURE_NO_FRIENDS, "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION",
		  "end_date_service_restriction" },
		{ MEASURE_FREEZE, "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION",
		  "end_date_service_restriction" },
		{ MEASURE_SEAL, "decision_account", "DECISION_ACCOUNT_SUSPENDED",
		  "end_date_account_restriction" },
	};
	const struct statement_about about = { .puid = S("kith-x"), .policy = policy };
	(void)state;
	assert_int_equal(sizeof rows / sizeof rows[0], MEASURE_KINDS);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measure m = measure_of(rows[i].kind);
		json_t *json = written(&m, &about);
		assert_string_equal(text(json, rows[i].field), rows[i].value);
		for (size_t j = 0; j < COUNT_OF(ends); j++)
			assert_string_equal(text(json, ends[j]),
			                    rows[i].end && strcmp(rows[i].end, ends[j]) == 0
			                            ? "2024-10-06"
			                            : "");
		assert_string_equal(text(json, "application_date"), "2024-10-04");
		bool person = measure_on_person(rows[i].kind);
		assert_string_equal(text(json, "content_type"),
		                    person ? "CONTENT_TYPE_OTHER" : "CONTENT_TYPE_TEXT");
		assert_true(person == (json_object_get(json, "content_type_other") != NULL));
		assert_true((rows[i].kind == MEASURE_NOTICE) ==
		            (json_object_get(json, "decision_visibility_other") != NULL));
		json_decref(json);
	}
	struct measure proposed = measure_of(MEASURE_SEAL);
	struct buf b;
	proposed.state = MEASURE_PROPOSED;
	buf_init(&b, mem, 65536);
	assert_false(statement_write(&proposed, &about, &b));
}

static void an_end_that_is_none_is_left_out_and_one_that_came_early_is_told(void **state)
{
	const struct statement_about about = { .puid = S("kith-x"), .policy = policy };
	struct measure m = measure_of(MEASURE_LABEL);
	(void)state;
	m.ends_at_ms = INT64_MAX;
	json_t *json = written(&m, &about);
	assert_null(json_object_get(json, "end_date_visibility_restriction"));
	json_decref(json);
	m.state = MEASURE_OVERTURNED;
	m.decided_at_ms = AT_MS + DAY_MS;
	json = written(&m, &about);
	assert_string_equal(text(json, "end_date_visibility_restriction"), "2024-10-05");
	json_decref(json);
}

/* When it really ended, and how: the dates a reader of the database reckons with. Every measure here had a clock of two days. */
static void how_and_when_it_ended_is_what_happened(void **state)
{
	static const struct {
		const char *name;
		enum measure_kind kind;
		enum measure_state state;
		int64_t decided_days; /* after it began; 0: nobody did */
		const char *end, *says, *decision;
	} rows[] = {
		{ "a hold that was kept ends by no clock", MEASURE_HOLD, MEASURE_KEPT, 1, "",
		  "A person confirmed it.", "AUTOMATED_DECISION_PARTIALLY" },
		{ "one that nobody looked at lapses", MEASURE_HOLD, MEASURE_LAPSED, 0, "2024-10-06",
		  "It lapsed, since nobody decided in time.", "AUTOMATED_DECISION_FULLY" },
		{ "one whose appeal was missed", MEASURE_HOLD, MEASURE_UNANSWERED, 9, "2024-10-13",
		  "an appeal of it was not answered in time.", "AUTOMATED_DECISION_FULLY" },
		{ "one that was kept, and overturned after its old clock", MEASURE_HOLD,
		  MEASURE_OVERTURNED, 9, "2024-10-13", "It was overturned on appeal.",
		  "AUTOMATED_DECISION_FULLY" },
		{ "one with a milder one in its place", MEASURE_HOLD, MEASURE_MILDER, 9,
		  "2024-10-13", "a milder measure", "AUTOMATED_DECISION_FULLY" },
		{ "a piece that was deleted", MEASURE_HOLD, MEASURE_WITHDRAWN, 1, "2024-10-05",
		  "deleted or changed", "AUTOMATED_DECISION_FULLY" },
		{ "a sanction that was served", MEASURE_FREEZE, MEASURE_LAPSED, 0, "2024-10-06",
		  "It ended when its time was over.", "AUTOMATED_DECISION_NOT_AUTOMATED" },
		{ "one that was kept and served", MEASURE_SEAL, MEASURE_LAPSED, 1, "2024-10-06",
		  "It ended when its time was over.", "AUTOMATED_DECISION_NOT_AUTOMATED" },
		{ "one of who left", MEASURE_FREEZE, MEASURE_WITHDRAWN, 1, "2024-10-05",
		  "the account was given up", "AUTOMATED_DECISION_NOT_AUTOMATED" },
	};
	const struct statement_about about = { .puid = S("kith-x"), .policy = policy };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct measure m = measure_of(rows[i].kind);
		bool person = measure_on_person(m.kind);
		m.decider = person ? DECIDER_STEWARD : DECIDER_POLICY;
		m.state = rows[i].state;
		m.decided_at_ms = rows[i].decided_days ? AT_MS + rows[i].decided_days * DAY_MS : 0;
		json_t *json = written(&m, &about);
		const char *field = m.kind == MEASURE_SEAL ? ends[3] : person ? ends[2] : ends[0];
		if (strcmp(text(json, field), rows[i].end) != 0 ||
		    strstr(text(json, "decision_facts"), rows[i].says) == NULL ||
		    strcmp(text(json, "automated_decision"), rows[i].decision) != 0)
			fail_msg("%s: %s", rows[i].name, json_dumps(json, 0));
		json_decref(json);
	}
	/* A seal that nobody confirmed restricted nobody. */
	struct measure never = measure_of(MEASURE_SEAL);
	struct buf b;
	never.state = MEASURE_LAPSED;
	never.ends_at_ms = never.starts_at_ms;
	buf_init(&b, mem, 65536);
	assert_false(statement_write(&never, &about, &b));
}

static void the_category_is_the_rules_own(void **state)
{
	static const struct {
		const char *rule, *category, *keyword;
		bool other;
	} rows[] = {
		{ "r.one", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "KEYWORD_PYRAMID_SCHEMES", false },
		{ "r.two", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "KEYWORD_OTHER", true },
		{ "order.counterfeit", "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
		  "KEYWORD_TRADEMARK_INFRINGEMENT", false },
		{ "order.harassment", "STATEMENT_CATEGORY_CYBER_VIOLENCE",
		  "KEYWORD_CYBER_HARASSMENT", false },
		{ "order.report-abuse", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "KEYWORD_OTHER",
		  true },
		{ "nobody.knows", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "KEYWORD_OTHER", true },
	};
	const struct statement_about about = { .puid = S("kith-x"),
		                               .policy = policy,
		                               .policy_url = S("https://c/policies?version=x") };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measure m = measure_of(MEASURE_HOLD);
		m.rule = str_of(rows[i].rule);
		m.evidence = STR_NONE;
		json_t *json = written(&m, &about);
		assert_string_equal(text(json, "category"), rows[i].category);
		assert_string_equal(text(json, "category_specification"), rows[i].keyword);
		assert_true(rows[i].other ==
		            (json_object_get(json, "category_specification_other") != NULL));
		assert_string_equal(text(json, "decision_ground"),
		                    "DECISION_GROUND_INCOMPATIBLE_CONTENT");
		assert_string_equal(text(json, "decision_ground_reference_url"),
		                    "https://c/policies?version=x");
		assert_true(strlen(text(json, "incompatible_content_explanation")) > 0);
		assert_true(strstr(text(json, "incompatible_content_ground"), rows[i].rule) !=
		            NULL);
		json_decref(json);
	}
}

static void the_facts_are_the_trace_in_words(void **state)
{
	const struct statement_about about = { .puid = S("kith-x"), .policy = policy };
	struct measure m = measure_of(MEASURE_HOLD);
	(void)state;
	m.state = MEASURE_KEPT;
	json_t *json = written(&m, &about);
	assert_string_equal(
		text(json, "decision_facts"),
		"The piece was held back from all but its author. The program decided it by these rules. "
		"A person confirmed it. Its malice was 0.72 of 1. Rule r.one (clause b.1): It recruits. "
		"It weighs 0.7 where words(l) >= 1 [words(l): 3].");
	json_decref(json);
	/* However long, it fits and is whole. */
	struct buf b;
	buf_init(&b, mem, 1 << 20);
	buf_lit(&b, "{\"malice\":1,\"trace\":{\"rules\":[");
	for (int i = 0; i < 400; i++)
		buf_format(
			&b,
			"%s{\"rule\":\"r.one\",\"state\":\"fired\",\"evidence\":[{\"weight\":1,\"counts\":true,"
			"\"when\":\"很长的条件很长的条件\",\"values\":{}}]}",
			i ? "," : "");
	buf_lit(&b, "]}}");
	m.evidence = buf_str(&b);
	json = written(&m, &about);
	size_t n = strlen(text(json, "decision_facts"));
	assert_true(n > STATEMENT_FACTS_MAX - 8 && n <= STATEMENT_FACTS_MAX);
	assert_true(utf8_valid(str_of(text(json, "decision_facts"))));
	json_decref(json);
}

static void who_found_and_who_decided(void **state)
{
	static const struct {
		enum measure_decider decider;
		enum measure_state state;
		enum statement_source source;
		bool detected;
		const char *type, *detection, *decision;
	} rows[] = {
		{ DECIDER_POLICY, MEASURE_ACTIVE, SOURCE_VOLUNTARY, false, "SOURCE_VOLUNTARY",
		  "Yes", "AUTOMATED_DECISION_FULLY" },
		{ DECIDER_POLICY, MEASURE_KEPT, SOURCE_ARTICLE_16, false, "SOURCE_VOLUNTARY", "Yes",
		  "AUTOMATED_DECISION_PARTIALLY" },
		{ DECIDER_STEWARD, MEASURE_ACTIVE, SOURCE_ARTICLE_16, false, "SOURCE_ARTICLE_16",
		  "No", "AUTOMATED_DECISION_NOT_AUTOMATED" },
		{ DECIDER_STEWARD, MEASURE_ACTIVE, SOURCE_TYPE_OTHER_NOTIFICATION, true,
		  "SOURCE_TYPE_OTHER_NOTIFICATION", "Yes", "AUTOMATED_DECISION_NOT_AUTOMATED" },
		{ DECIDER_JURY, MEASURE_KEPT, SOURCE_VOLUNTARY, false, "SOURCE_VOLUNTARY", "No",
		  "AUTOMATED_DECISION_NOT_AUTOMATED" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measure m = measure_of(MEASURE_FREEZE);
		struct statement_about about = { .puid = S("kith-x"),
			                         .source = rows[i].source,
			                         .detected = rows[i].detected };
		m.decider = rows[i].decider;
		m.state = rows[i].state;
		json_t *json = written(&m, &about);
		assert_string_equal(text(json, "source_type"), rows[i].type);
		assert_null(json_object_get(json, "source_identity"));
		assert_string_equal(text(json, "automated_detection"), rows[i].detection);
		assert_string_equal(text(json, "automated_decision"), rows[i].decision);
		json_decref(json);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(how_it_ended_is_said_of_each_end),
		TEST(each_kind_has_its_decision),
		TEST(an_end_that_is_none_is_left_out_and_one_that_came_early_is_told),
		TEST(how_and_when_it_ended_is_what_happened),
		TEST(the_category_is_the_rules_own),
		TEST(the_facts_are_the_trace_in_words),
		TEST(who_found_and_who_decided),
	};
	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
