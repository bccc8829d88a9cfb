/* What a policy weighs: three-valued logic, groups, damping, the ladder, others, windows; both evaluators say the same. */
#include "integrity/policy/policy_testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LIST(name) "words " name " \"phrase\" matches \"m\" passes \"p\" end\n"
#define LADDER "ladder label from 0.44 fold from 0.5 hold from 0.6 end\n"
#define HEAD                                                                                       \
	"policy \"p\" version 1\n" LADDER LIST("a") LIST("b")                                      \
		LIST("c") "pattern p regex \"x\" matches \"x\" passes \"y\" end\n"                 \
			  "group g cap 0.7 group h cap 0.95\n"
#define PAPERS                                                                                     \
	" en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define RULE_AS(id, status, harm, more)                                                            \
	"rule " id " clause \"c\" owner \"o\" status " status " harm " harm                        \
	" dsa VIOLENCE " more PAPERS
#define RULE(id, more) RULE_AS(id, "live", "marketing", more)

/* Signals by name and value, words of the lists a, b, c; all else 0. */
struct given {
	const char *signals[4];
	double values[4];
	uint16_t words[3];
	uint16_t pattern;
	bool readings;
	double reading;
};

struct stage {
	struct arena *mem;
	struct policy *policy;
	struct policy_result result;
};

static void assert_same(const struct policy_result *a, const struct policy_result *b,
                        const struct policy *policy)
{
	size_t rules, lines;
	(void)policy_rules(policy, &rules);
	(void)policy_evidence(policy, &lines);
	assert_int_equal(a->action, b->action);
	assert_memory_equal(&a->malice, &b->malice, sizeof a->malice);
	assert_memory_equal(&a->damped, &b->damped, sizeof a->damped);
	assert_memory_equal(a->weights, b->weights, rules * sizeof *a->weights);
	assert_memory_equal(a->states, b->states, rules);
	assert_memory_equal(a->evidence, b->evidence, (lines + 63) / 64 * 8);
	assert_int_equal(a->filters, b->filters);
}

static void apply(struct stage *s, const struct given *given)
{
	double signals[SIGNALS] = { 0 }, readings[WINDOWS_MAX];
	struct policy_input in = { signals, given->words, &given->pattern,
		                   given->readings ? readings : NULL };
	struct policy_result slow;
	for (size_t i = 0; i < WINDOWS_MAX; i++)
		readings[i] = given->reading;
	for (size_t k = 0; k < 4 && given->signals[k]; k++) {
		size_t i = 0;
		while (strcmp(signal_rows[i].name, given->signals[k]) != 0)
			i++;
		signals[i] = given->values[k];
	}
	policy_apply(s->policy, &in, s->mem, &s->result);
	policy_apply_slowly(s->policy, &in, s->mem, &slow);
	assert_same(&s->result, &slow, s->policy);
}

static struct stage stage_of(const char *text)
{
	struct stage s = { .mem = arena_new(65536) };
	s.policy = policy_of_text(text, s.mem);
	return s;
}

static void stage_end(struct stage *s)
{
	policy_free(s->policy);
	arena_free(s->mem);
}

static struct policy_result weigh(const char *text, const struct given *given)
{
	struct stage s = stage_of(text);
	apply(&s, given);
	struct policy_result result = s.result;
	stage_end(&s);
	result.weights = NULL;
	result.states = NULL;
	result.evidence = NULL;
	return result;
}

/* ---- conditions ---- */

/* The state of a rule with this one condition, with x = copy.first, y = copy.authors >= 1. */
static enum rule_state state_of(const char *condition, double x, double y)
{
	char text[2048];
	snprintf(
		text, sizeof text,
		"%slet x = copy.first let y = copy.authors >= 1 rule r clause \"c\" owner \"o\" status live harm fraud dsa VIOLENCE evidence 0.5 when %s unknown silent%s",
		HEAD, condition, PAPERS);
	struct stage s = stage_of(text);
	apply(&s,
	      &(struct given){ .signals = { "copy.first", "copy.authors" }, .values = { x, y } });
	enum rule_state state = (enum rule_state)s.result.states[0];
	stage_end(&s);
	return state;
}

static void test_kleene(void **state)
{
	(void)state;
	static const double values[] = { 0, 1, NAN };
	/* F, T, U by F, T, U */
	static const char both[] = "FFFFTUFUU", either[] = "FTUTTTUTU";
	static const char letters[] = {
		[STATE_SILENT] = 'F', [STATE_FIRED] = 'T', [STATE_UNKNOWN] = 'U'
	};
	for (int i = 0; i < 9; i++) {
		double x = values[i / 3], y = values[i % 3];
		assert_int_equal(letters[state_of("x and y", x, y)], both[i]);
		assert_int_equal(letters[state_of("x or y", x, y)], either[i]);
		assert_int_equal(letters[state_of("not (not x or not y)", x, y)], both[i]);
		assert_int_equal(letters[state_of("not (not x and not y)", x, y)], either[i]);
	}
	static const char not_x[] = "TFU", known_x[] = "TTF";
	for (int i = 0; i < 3; i++) {
		assert_int_equal(letters[state_of("not x", values[i], 0)], not_x[i]);
		assert_int_equal(letters[state_of("known(x)", values[i], 0)], known_x[i]);
		assert_int_equal(letters[state_of("x else true", values[i], 0)], "FTT"[i]);
		assert_int_equal(letters[state_of("x else false", values[i], 0)], "FTF"[i]);
		assert_int_equal(letters[state_of("x = true", values[i], 0)], "FTU"[i]);
	}
}

static const struct {
	const char *name, *condition;
	double authors; /* of copies; NAN: unknown */
	enum rule_state want;
} numbers[] = {
	{ "a comparison with unknown is unknown", "copy.authors < 1", NAN, STATE_UNKNOWN },
	{ "inequality too", "copy.authors != 1", NAN, STATE_UNKNOWN },
	{ "a sum with unknown is unknown", "copy.authors + 1 > 0", NAN, STATE_UNKNOWN },
	{ "unknown times nothing is unknown", "copy.authors * 0 = 0", NAN, STATE_UNKNOWN },
	{ "division by 0 is unknown", "1 / copy.authors > 5", 0, STATE_UNKNOWN },
	{ "0 by 0 is unknown", "copy.authors / copy.authors = 1", 0, STATE_UNKNOWN },
	{ "division by something is known", "1 / copy.authors = 0.5", 2, STATE_FIRED },
	{ "else takes the place of unknown", "copy.authors else 3 >= 3", NAN, STATE_FIRED },
	{ "else leaves what is known", "copy.authors else 3 >= 3", 0, STATE_SILENT },
	{ "0 is known, so its else is not asked", "copy.authors else 1 / links >= 0", 0,
	  STATE_UNKNOWN },
	{ "one of the choices", "in(copy.authors, 1, 2)", 2, STATE_FIRED },
	{ "none of the choices", "in(copy.authors, 1, 2)", 3, STATE_SILENT },
	{ "an unknown among choices", "in(copy.authors, 1, 2)", NAN, STATE_UNKNOWN },
	{ "a choice that is true settles an unknown one", "in(2, copy.authors, 2)", NAN,
	  STATE_FIRED },
	{ "a choice that is false does not", "in(2, copy.authors, 3)", NAN, STATE_UNKNOWN },
	{ "times before plus", "copy.authors + 2 * 3 = 7", 1, STATE_FIRED },
	{ "minus from the left", "copy.authors - 2 - 3 = 5", 10, STATE_FIRED },
	{ "and before or", "true or copy.authors > 5 and false", 0, STATE_FIRED },
	{ "not before and", "not copy.authors > 5 and true", 0, STATE_FIRED },
	{ "known() with a guard cannot be unknown", "known(copy.authors) and copy.authors > 1", NAN,
	  STATE_SILENT },
};

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (state_of(numbers[i].condition, 0, numbers[i].authors) != numbers[i].want)
			fail_msg("%s", numbers[i].name);
	}
}

static void test_units(void **state)
{
	(void)state;
	const char *text = HEAD RULE(
		"r",
		"evidence 0.1 when author.age < 14d evidence 0.2 when fee.money >= 298yuan "
		"evidence 0.3 when score >= 90% evidence 0.4 when income.money > 20usd unknown silent");
	struct stage s = stage_of(text);
	apply(&s,
	      &(struct given){ .signals = { "author.age", "fee.money", "score", "income.money" },
	                       .values = { 14. * 86400000, 29799, 0.9, 14000 } });
	assert_int_equal(s.result.evidence[0], 4);
	apply(&s,
	      &(struct given){ .signals = { "author.age", "fee.money", "score", "income.money" },
	                       .values = { 14. * 86400000 - 1, 29800, 0.89, 14001 } });
	assert_int_equal(s.result.evidence[0], 1 | 2 | 8);
	stage_end(&s);
}

static void test_words(void **state)
{
	(void)state;
	struct stage s = stage_of(HEAD RULE(
		"r", "evidence 0.1 when words(a, b) >= 3 evidence 0.2 when pattern(p) = 2"));
	apply(&s, &(struct given){ .words = { 2, 0, 9 } });
	assert_int_equal(s.result.evidence[0], 0);
	apply(&s, &(struct given){ .words = { 2, 1, 0 }, .pattern = 2 });
	assert_int_equal(s.result.evidence[0], 3);
	stage_end(&s);
}

/* ---- weights ---- */

static void test_heaviest_line_counts(void **state)
{
	(void)state;
	struct stage s = stage_of(HEAD RULE(
		"r",
		"evidence 0.3 when words(a) >= 1 evidence 0.5 when words(b) >= 1 evidence 0.4 when words(c) >= 1"));
	apply(&s, &(struct given){ .words = { 1, 1, 1 } });
	assert_true(s.result.malice == 0.5);
	assert_int_equal(s.result.evidence[0], 7);
	apply(&s, &(struct given){ .words = { 1, 0, 1 } });
	assert_true(s.result.weights[0] == 0.4);
	stage_end(&s);
}

#define TWO(first, second)                                                                         \
	HEAD RULE("r", first " evidence 0.5 when words(a) >= 1")                                   \
		RULE("q", second " evidence 0.5 when words(b) >= 1")

static void test_groups(void **state)
{
	(void)state;
	const struct given both = { .words = { 1, 1, 0 } }, one = { .words = { 1, 0, 0 } };
	assert_true(weigh(TWO("", ""), &both).malice == 0.75);
	assert_true(weigh(TWO("group h", "group h"), &both).malice == 0.75);
	assert_true(fabs(weigh(TWO("group g", "group g"), &both).malice - 0.7) < 1e-15);
	assert_true(weigh(TWO("group g", "group h"), &both).malice == 0.75);
	assert_true(weigh(TWO("group g", "group g"), &one).malice == 0.5);
}

static void test_damping(void **state)
{
	(void)state;
	const char *text = HEAD
		"damp 0.5 when words(b) >= 1\ndamp 0.5 when words(c) >= 1\ndamp 0.1 when copy.first\n" RULE(
			"r", "evidence 0.8 when words(a) >= 1");
	struct stage s = stage_of(text);
	apply(&s, &(struct given){ .words = { 1, 0, 0 } });
	assert_true(s.result.damped == 1 && s.result.malice == 0.8);
	apply(&s, &(struct given){ .words = { 1, 1, 0 } });
	assert_true(s.result.damped == 0.5 && s.result.weights[0] == 0.4);
	apply(&s, &(struct given){
			  .signals = { "copy.first" }, .values = { NAN }, .words = { 1, 1, 1 } });
	assert_true(s.result.damped == 0.25 && s.result.weights[0] == 0.2);
	apply(&s, &(struct given){ .words = { 0, 1, 1 } });
	assert_true(s.result.damped == 1); /* there is nothing to tell down */
	stage_end(&s);
}

static enum action action_of(const char *text, unsigned a)
{
	return weigh(text, &(struct given){ .words = { (uint16_t)a, 0, 0 } }).action;
}

static void test_ladder(void **state)
{
	(void)state;
	const char *text = HEAD RULE(
		"r",
		"evidence 0.43 when words(a) = 1 evidence 0.44 when words(a) = 2 evidence 0.49 when words(a) = 3 "
		"evidence 0.5 when words(a) = 4 evidence 0.59 when words(a) = 5 evidence 0.6 when words(a) = 6");
	static const enum action want[] = { ACTION_ALLOW, ACTION_ALLOW, ACTION_LABEL, ACTION_LABEL,
		                            ACTION_FOLD,  ACTION_FOLD,  ACTION_HOLD };
	for (unsigned a = 0; a < 7; a++)
		assert_int_equal(action_of(text, a), want[a]);
}

static void test_asks(void **state)
{
	(void)state;
	assert_int_equal(action_of(HEAD RULE("r", "asks fold evidence 0.1 when words(a) >= 1"), 1),
	                 ACTION_FOLD);
	assert_int_equal(action_of(HEAD RULE("r", "asks label evidence 0.9 when words(a) >= 1"), 1),
	                 ACTION_HOLD);
	assert_int_equal(action_of(HEAD RULE_AS("r", "shadow", "fraud",
	                                        "asks fold evidence 0.1 when words(a) >= 1"),
	                           1),
	                 ACTION_ALLOW);
	assert_int_equal(action_of(HEAD RULE("r", "asks fold evidence 0.1 when words(a) >= 1"), 0),
	                 ACTION_ALLOW);
}

static void test_annoyance_is_labelled_at_most(void **state)
{
	(void)state;
	const char *alone = HEAD RULE_AS("r", "live", "annoyance",
	                                 "evidence 0.9 when words(a) >= 1");
	const char *beside = HEAD RULE_AS("r", "live", "annoyance",
	                                  "evidence 0.9 when words(a) >= 1")
		RULE("q", "evidence 0.5 when words(a) >= 1");
	assert_int_equal(action_of(alone, 1), ACTION_LABEL);
	assert_int_equal(action_of(beside, 1),
	                 ACTION_FOLD); /* what the other rule does by itself */
}

/* Rules in the order of the text; which of them are down. */
static enum action weighed_down(const char *text, const struct given *given, bool a, bool b)
{
	struct stage s = stage_of(text);
	const bool down[] = { a, b };
	apply(&s, given);
	enum action action = policy_apply_down(s.policy, &s.result, down);
	stage_end(&s);
	return action;
}

static void test_a_rule_that_is_down_labels_at_most(void **state)
{
	(void)state;
	const char *text = HEAD RULE("x", "evidence 0.9 when words(a) >= 1 asks fold")
		RULE("y", "evidence 0.7 when words(b) >= 1");
	const struct given x = { .words = { 1, 0, 0 } }, y = { .words = { 0, 1, 0 } },
			   both = { .words = { 1, 1, 0 } }, none = { 0 };
	assert_int_equal(weighed_down(text, &x, false, false), ACTION_HOLD);
	assert_int_equal(weighed_down(text, &x, true, false), ACTION_LABEL);
	assert_int_equal(weighed_down(text, &y, true, false), ACTION_HOLD);
	/* Who trips it besides is not let through for that. */
	assert_int_equal(weighed_down(text, &both, true, false), ACTION_HOLD);
	assert_int_equal(weighed_down(text, &both, true, true), ACTION_LABEL);
	assert_int_equal(weighed_down(text, &none, true, true), ACTION_ALLOW);
}

static void test_statuses(void **state)
{
	(void)state;
	struct stage s = stage_of(
		HEAD RULE_AS("r.draft", "draft", "fraud", "evidence 0.9 when words(a) >= 1") RULE_AS(
			"r.shadow", "shadow", "fraud", "evidence 0.8 when words(a) >= 1")
			RULE_AS("r.live", "live", "fraud",
	                        "evidence 0.3 when words(a) >= 1") "rule r.old status retired end\n");
	apply(&s, &(struct given){ .words = { 1, 0, 0 } });
	assert_true(s.result.malice > 0.29 && s.result.malice < 0.31);
	assert_int_equal(s.result.states[0], STATE_SILENT);
	assert_int_equal(s.result.states[1], STATE_FIRED);
	assert_true(s.result.weights[1] == 0.8);
	assert_int_equal(s.result.states[3], STATE_SILENT);
	assert_int_equal(s.result.evidence[0], 2 | 4);
	stage_end(&s);
}

static void test_drafts_are_tried_apart(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy_source file = { S("t"), S(HEAD RULE_AS("r", "draft", "fraud",
		                                             "evidence 0.9 when words(a) >= 1")) };
	double signals[SIGNALS] = { 0 };
	uint16_t words[3] = { 1 };
	struct policy_input in = { signals, words, words, NULL };
	struct stage s = { .mem = mem };
	struct policy_fault fault;
	assert_false(failed(policy_compile_drafts(&file, 1, mem, &s.policy, &fault)));
	policy_apply(s.policy, &in, mem, &s.result);
	assert_int_equal(s.result.states[0], STATE_FIRED);
	assert_true(s.result.malice == 0);
	stage_end(&s);
}

static void test_unknown_fires(void **state)
{
	(void)state;
	const char *fires = HEAD RULE("r", "evidence 0.5 when copy.first unknown fires");
	const char *silent = HEAD RULE("r", "evidence 0.5 when copy.first unknown silent");
	const struct given unknown = { .signals = { "copy.first" }, .values = { NAN } },
			   no = { .signals = { "copy.first" }, .values = { 0 } };
	assert_true(weigh(fires, &unknown).malice == 0.5);
	assert_true(weigh(fires, &no).malice == 0);
	assert_true(weigh(silent, &unknown).malice == 0);
}

static void test_others(void **state)
{
	(void)state;
	const char *text = HEAD "damp 0.5 when words(c) >= 1\n" RULE(
		"z.last", "evidence 0.2 when others >= 0.5 evidence 0.1 when others > 0")
		RULE("a", "group g evidence 0.5 when words(a) >= 1")
			RULE("b", "group g evidence 0.5 when words(b) >= 1")
				RULE_AS("s", "shadow", "fraud", "evidence 0.9 when words(c) >= 1");
	struct stage s = stage_of(text);
	apply(&s, &(struct given){ .words = { 0, 0, 1 } });
	assert_int_equal(s.result.states[0],
	                 STATE_SILENT); /* what is in shadow is not among the others */
	apply(&s, &(struct given){ .words = { 1, 0, 0 } });
	assert_true(s.result.weights[0] == 0.2);
	apply(&s, &(struct given){ .words = { 1, 1, 1 } });
	assert_true(s.result.weights[0] == 0.1); /* others is before damping, the weight after */
	assert_int_equal(s.result.evidence[0] & 3, 3);
	stage_end(&s);
}

/* ---- windows ---- */

static void test_windows(void **state)
{
	(void)state;
	const char *text = HEAD RULE(
		"r",
		"evidence 0.1 when count(by author within 24h where words(a) >= 1) >= 5 "
		"evidence 0.2 when count(by author within 1d where words( a )>=1) >= 6 "
		"evidence 0.3 when distinct(author by similar within 7d) >= 5 "
		"evidence 0.4 when count(by handle within 1d where copy.first) >= 5 unknown silent");
	struct stage s = stage_of(text);
	size_t n;
	const struct window_spec *specs = policy_windows(s.policy, &n);
	assert_int_equal(n, 3); /* a day is 24 hours */
	assert_int_equal(specs[0].op, WINDOW_COUNT);
	assert_int_equal(specs[0].window_ms, 86400000);
	assert_int_equal(specs[1].field, KEY_AUTHOR);
	assert_int_equal(specs[1].key, KEY_SIMILAR);
	apply(&s, &(struct given){ .words = { 1, 0, 0 }, .readings = true, .reading = 5 });
	assert_int_equal(s.result.evidence[0], 1 | 4 | 8);
	assert_int_equal(s.result.filters, 1 | 2);
	apply(&s, &(struct given){
			  { "copy.first" }, { NAN }, { 0 }, .readings = true, .reading = NAN });
	assert_int_equal(s.result.states[0], STATE_UNKNOWN);
	assert_int_equal(s.result.filters, 2); /* an unknown condition is not counted */
	apply(&s, &(struct given){ .words = { 1, 0, 0 } });
	assert_int_equal(s.result.states[0], STATE_UNKNOWN);
	stage_end(&s);
}

/* ---- any policy ---- */

static void test_made_policies(void **state)
{
	(void)state;
	uint8_t bytes[1500];
	uint64_t seed = 1;
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			bytes[i] = (uint8_t)(seed >> 56);
		}
		struct stage s = { .mem = arena_new(65536) };
		struct chance chance = { bytes, sizeof bytes, 0 };
		s.policy = policy_of_text(str_to_c(s.mem, policy_from_chance(&chance, s.mem)),
		                          s.mem);
		for (int k = 0; k < 20; k++) {
			struct tested_input input;
			struct policy_result slow;
			if (chance.at == chance.n)
				chance.at = (size_t)(round + k);
			input_from_chance(&chance, &input);
			policy_apply(s.policy, &input.in, s.mem, &s.result);
			policy_apply_slowly(s.policy, &input.in, s.mem, &slow);
			assert_same(&s.result, &slow, s.policy);
			const bool none[POLICY_RULES_MAX] = { 0 };
			assert_int_equal(policy_apply_down(s.policy, &s.result, none),
			                 s.result.action);
		}
		stage_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kleene),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_heaviest_line_counts),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_damping),
		cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_asks),
		cmocka_unit_test(test_annoyance_is_labelled_at_most),
		cmocka_unit_test(test_a_rule_that_is_down_labels_at_most),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_drafts_are_tried_apart),
		cmocka_unit_test(test_unknown_fires),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_made_policies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
