#include "circle/explain.h"

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define COPIES                                                                                     \
	"{\"rule\":\"copies.agents\",\"clause\":\"b.4\",\"alone\":false,"                          \
	"\"text\":{\"en\":\"Several.\",\"zh\":\"好几个人。\"},\"spans\":[]}"
#define LADDER                                                                                     \
	"{\"rule\":\"recruit.ladder\",\"clause\":\"b.3\",\"alone\":true,"                          \
	"\"text\":{\"en\":\"It recruits.\",\"zh\":\"招人。\"},\"spans\":[[0,3]]}"

static const struct {
	const char *name;
	enum measure_kind kind;
	enum measure_decider decider;
	const char *evidence;
	const char *why, *alone; /* rules */
} cases[] = {
	{ "a label of its words is told to all", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"alone\":\"label\",\"reasons\":[" LADDER "]}", "recruit.ladder", "recruit.ladder" },
	{ "what the words earn is told before what copies do", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"alone\":\"hold\",\"reasons\":[" COPIES "," LADDER "]}", "copies.agents",
	  "recruit.ladder" },
	{ "a reason of its own that earns nothing alone is not told", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"alone\":\"allow\",\"reasons\":[" COPIES "," LADDER "]}", "copies.agents", "" },
	{ "copies alone are told to nobody else", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"alone\":\"label\",\"reasons\":[" COPIES "]}", "copies.agents", "" },
	{ "a fold is about the copies", MEASURE_FOLD, DECIDER_POLICY,
	  "{\"alone\":\"label\",\"reasons\":[" LADDER "," COPIES "]}", "copies.agents",
	  "recruit.ladder" },
	{ "a fold without such a reason has its heaviest", MEASURE_FOLD, DECIDER_POLICY,
	  "{\"alone\":\"allow\",\"reasons\":[" LADDER "]}", "recruit.ladder", "" },
	{ "a record of an earlier version says nothing to others", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"reasons\":[{\"rule\":\"text.old\",\"clause\":\"b.5\",\"text\":{\"en\":\"x\",\"zh\":\"y\"}}]}",
	  "text.old", "" },
	{ "a steward's label is told to all", MEASURE_LABEL, DECIDER_STEWARD,
	  "{\"reasons\":[{\"rule\":\"order.report\",\"text\":{\"en\":\"x\",\"zh\":\"y\"}}]}",
	  "order.report", "order.report" },
	{ "a steward's label for copies is told without them", MEASURE_LABEL, DECIDER_STEWARD,
	  "{\"alone\":\"allow\",\"reasons\":[" COPIES "]}", "copies.agents", "order.decided" },
	{ "no record at all", MEASURE_LABEL, DECIDER_JURY, "", "order.decided", "order.decided" },
	{ "a record that is no JSON", MEASURE_LABEL, DECIDER_POLICY, "{\"reasons\":[",
	  "order.decided", "" },
	{ "a record of other types", MEASURE_LABEL, DECIDER_POLICY,
	  "{\"alone\":7,\"reasons\":[{\"rule\":[],\"alone\":true,\"text\":\"x\"},3]}",
	  "order.decided", "" },
};

static void others_are_told_what_the_piece_says_itself(void **state)
{
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct measure m = { .id = { 7 },
			             .subject = { 3 },
			             .comment = { 5 },
			             .kind = cases[i].kind,
			             .decider = cases[i].decider,
			             .rule = S("order.decided"),
			             .policy = S("p1"),
			             .evidence = str_of(cases[i].evidence),
			             .starts_at_ms = 10,
			             .ends_at_ms = 20,
			             .family = 9 };
		struct piece_measure out;
		explain_measure(&m, mem, &out);
		if (!str_eq(out.why.rule, str_of(cases[i].why)) ||
		    !str_eq(out.alone.rule, str_of(cases[i].alone)))
			fail_msg("%s: %.*s, %.*s", cases[i].name, STR_ARG(out.why.rule),
			         STR_ARG(out.alone.rule));
		assert_true(out.why.en.n > 0 && out.why.zh.n > 0);
		assert_true((out.alone.rule.n > 0) == (out.alone.en.n > 0));
		assert_true(out.id.v == 7 && out.subject.v == 3 && out.comment.v == 5 &&
		            out.kind == cases[i].kind && out.starts_at_ms == 10 &&
		            out.ends_at_ms == 20 && out.family == 9 && str_eq(out.policy, S("p1")));
	}
	arena_free(mem);
}

static void what_is_said_has_clause_and_both_languages(void **state)
{
	struct arena *mem = arena_new(4096);
	struct measure m = { .kind = MEASURE_LABEL,
		             .evidence = S("{\"alone\":\"label\",\"reasons\":[" LADDER "]}") };
	struct piece_measure out;
	(void)state;
	explain_measure(&m, mem, &out);
	assert_true(str_eq(out.alone.clause, S("b.3")) && str_eq(out.alone.en, S("It recruits.")) &&
	            str_eq(out.alone.zh, S("招人。")));
	arena_free(mem);
}

static void its_subject_gets_the_reasons_and_nothing_of_the_trace(void **state)
{
	static const struct {
		const char *evidence, *told;
	} rows[] = {
		{ "{\"score\":7.5,\"malice\":0.25,\"alone\":\"label\",\"reasons\":[" LADDER
		  "],\"would_pass\":{\"en\":\"x\",\"zh\":\"y\"},\"trace\":[{\"rule\":\"r\",\"threshold\":3}],"
		  "\"policy\":\"p\",\"model\":\"m\"}",
		  "\"reasons\":[" LADDER
		  "],\"would_pass\":{\"en\":\"x\",\"zh\":\"y\"},\"score\":7.5,\"malice\":0.25" },
		{ "", "\"reasons\":[],\"would_pass\":null,\"score\":0,\"malice\":0" },
		{ "{\"reasons\":[", "\"reasons\":[],\"would_pass\":null,\"score\":0,\"malice\":0" },
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct measure m = { .evidence = str_of(rows[i].evidence) };
		struct buf b;
		buf_init(&b, mem, 4096);
		explain_to_subject(&m, &b);
		if (!str_eq(buf_str(&b), str_of(rows[i].told)))
			fail_msg("%.*s", STR_ARG(buf_str(&b)));
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_told_what_the_piece_says_itself),
		cmocka_unit_test(what_is_said_has_clause_and_both_languages),
		cmocka_unit_test(its_subject_gets_the_reasons_and_nothing_of_the_trace),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
