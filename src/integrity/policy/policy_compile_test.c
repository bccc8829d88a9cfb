/* What compiles: what an image tells of itself, what its name depends on, and what is noted beside. */
#include "integrity/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
	"policy \"p\" version 1\nladder hold from 0.6 end\n"                                       \
	"words l \"phrase\" matches \"m\" passes \"p\" end\n"
#define FIELDS(evidence)                                                                                  \
	" clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE\n evidence 0.5 when " evidence \
	" en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define RULE(evidence) "rule r" FIELDS(evidence)

static err try_compile(const char *text, struct arena *mem, struct policy **policy,
                       struct policy_fault *fault)
{
	struct policy_source file = { S("t.policy"), str_of(text) };
	return policy_compile(&file, 1, mem, policy, fault);
}

static struct policy *compile(const char *text, struct arena *mem)
{
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	if (failed(try_compile(text, mem, &policy, &fault)))
		fail_msg("%.*s", STR_ARG(fault.rendered));
	return policy;
}

static const struct {
	const char *name, *text;
} accepted[] = {
	{ "the least there can be", HEAD },
	{ "statements on one line",
	  HEAD RULE("words(l) >= 1") "group g cap 0.5 damp 0.5 when true let c = 1" },
	{ "a bare number as a share", HEAD RULE("known(score) and score >= 0.5") },
	{ "a bare number on the left", HEAD RULE("known(score) and 0.5 <= score") },
	{ "one bare number among shares", HEAD RULE("in(0.25, 100%, 0.25)") },
	{ "shares as 1 and 0", HEAD RULE("known(score) and score > 0 and score < 1") },
	{ "money in two currencies", HEAD RULE("fee.money > 298yuan + 20usd") },
	{ "half an hour in three ways",
	  HEAD RULE("30min = 0.5h and 30min = 1800s and 1s = 1000ms") },
	{ "a duration by a count", HEAD RULE("(author.age else 0d) / 2 > 3 * 1d") },
	{ "truths compared", HEAD RULE("is.post != is.comment") },
	{ "known in front", HEAD RULE("known(score) and score > 0.9") },
	{ "known behind", HEAD RULE("score > 0.9 and known(score)") },
	{ "known through a name", HEAD
	  "let sure = known(score) and is.post\n" RULE("sure and (links > 3 or score > 0.9)") },
	{ "not known in front of or", HEAD RULE("not known(copy.first) or copy.first") },
	{ "a known window",
	  HEAD RULE("known(count(by author within 1d)) and count(by author within 24h) > 5") },
	{ "else settles a window", HEAD RULE("count(by author within 1d) else 0 > 5") },
	{ "division by a number", HEAD RULE("links / 2 > 1") },
	{ "names with letters of others",
	  HEAD "let android = true let order = android\n" RULE("order or android") },
	{ "a list, a pattern, a group and a rule of one name", HEAD
	  "words x \"y\" matches \"m\" passes \"p\" end pattern x regex \"y\" matches \"m\" passes \"p\" end group x cap 0.5\n"
	  "rule x group x" FIELDS("words(x) >= 1 and pattern(x) >= 1") },
	{ "64 deep",
	  HEAD RULE(
		  "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((true))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))") },
	{ "a retired rule keeps nothing but its id", HEAD "rule old.one status retired end" },
	{ "all escapes", "policy \"a \\\" \\\\ \\n b\" version 1 ladder hold from 1 end" },
	{ "windows line ends",
	  "policy \"p\"\r\n version 1\r\nladder\r\n hold from 0.6\r\nend\r\n" },
	{ "a comment at the end", HEAD "-- no new line" },
	{ "a regex with classes", HEAD
	  "pattern x regex \"[[:alpha:]\\\\]]+(?:ab|c){2,4}\\\\d\\\\.\\\\p{L}?\" matches \"m\" passes \"p\" end" },
	{ "the phrases of an honest size", HEAD
	  "words m \"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\" \"99~x\" matches \"m\" passes \"p\" end" },
};

static void test_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *policy = NULL;
		struct policy_fault fault = { .line = 0 };
		if (failed(try_compile(accepted[i].text, mem, &policy, &fault)))
			fail_msg("%s: %.*s", accepted[i].name, STR_ARG(fault.rendered));
		policy_free(policy);
		arena_free(mem);
	}
}

/* ---- the name of an image ---- */

static const struct {
	const char *name, *text;
	bool same;
} versions[] = {
	{ "the text itself", HEAD RULE("words(l) >= 1"), true },
	{ "a comment", HEAD "-- new\n" RULE("words(l) >= 1"), true },
	{ "spaces and lines", HEAD "\n\n\t" RULE("words ( l )>=1"), true },
	{ "a weight",
	  HEAD
	  "rule r clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE evidence 0.51 when words(l) >= 1"
	  " en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n",
	  false },
	{ "a threshold", HEAD RULE("words(l) >= 2"), false },
	{ "a word",
	  "policy \"p\" version 1\nladder hold from 0.6 end\nwords l \"phrases\" matches \"m\" passes \"p\" end\n" RULE(
		  "words(l) >= 1"),
	  false },
	{ "a word of examples",
	  "policy \"p\" version 1\nladder hold from 0.6 end\nwords l \"phrase\" matches \"mm\" passes \"p\" end\n" RULE(
		  "words(l) >= 1"),
	  false },
	{ "two words from one",
	  "policy \"p\" version 1\nladder hold from 0.6 end\nwords l \"ph\" \"rase\" matches \"m\" passes \"p\" end\n" RULE(
		  "words(l) >= 1"),
	  false },
	{ "the version",
	  "policy \"p\" version 2\nladder hold from 0.6 end\nwords l \"phrase\" matches \"m\" passes \"p\" end\n" RULE(
		  "words(l) >= 1"),
	  false },
	{ "the ladder",
	  "policy \"p\" version 1\nladder hold from 0.61 end\nwords l \"phrase\" matches \"m\" passes \"p\" end\n" RULE(
		  "words(l) >= 1"),
	  false },
	{ "a sentence",
	  HEAD
	  "rule r clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE evidence 0.5 when words(l) >= 1"
	  " en \"E\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n",
	  false },
};

static void test_hash(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *first = compile(versions[0].text, mem);
	assert_int_equal(policy_hash(first).n, POLICY_HASH_CHARS);
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		struct policy *policy = compile(versions[i].text, mem);
		if (str_eq(policy_hash(policy), policy_hash(first)) != versions[i].same)
			fail_msg("%s", versions[i].name);
		policy_free(policy);
	}
	policy_free(first);
	arena_free(mem);
}

static void test_hash_of_files(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *whole = compile(versions[0].text, mem), *parts = NULL;
	struct policy_source files[] = { { S("a.policy"), S(HEAD) },
		                         { S("b.policy"),
		                           S("include \"a.policy\"\n" RULE("words(l) >= 1")) } };
	struct policy_fault fault;
	assert_false(failed(policy_compile(files, 2, mem, &parts, &fault)));
	assert_true(str_eq(policy_hash(whole), policy_hash(parts)));
	policy_free(whole);
	policy_free(parts);
	arena_free(mem);
}

/* ---- what an image tells ---- */

static const char whole[] = HEAD
	"words m conduct about \"what\" source \"where\" \"one\" \"two\" matches \"a\" \"b\" passes \"c\" end\n"
	"pattern x regex \"a+\" matches \"a\" passes \"b\" end group g cap 0.5\n"
	"rule a.b clause \"b.2\" owner \"me\" status shadow harm fraud group g dsa SCAMS_AND_FRAUD / PHISHING\n"
	" evidence 0.25 when words(m) >= 1 -- why\n  and links >= 1\n evidence 0.5 when others > 0.1\n"
	" asks label marks words(m, l), likes, link, pattern(x) marks words(m) en \"E\" zh \"Z\" pass en \"PE\" zh \"PZ\"\n"
	" false_positives \"F\" fires \"1\" \"2\" fires \"3\" silent \"4\" end\n" RULE(
		"words(l) >= 1");

static void assert_str(str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("%.*s is not %s", STR_ARG(got), want);
}

static void test_parts(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = compile(whole, mem);
	size_t n;
	const struct policy_words *lists = policy_lists(policy, &n);
	assert_int_equal(n, 2);
	assert_true(lists[1].conduct && !lists[0].conduct);
	assert_str(lists[1].source, "where");
	assert_int_equal(lists[1].n, 2);
	assert_str(lists[1].matches[1], "b");
	assert_str(policy_patterns(policy, &n)->regex, "a+");
	const struct policy_evidence *lines = policy_evidence(policy, &n);
	assert_int_equal(n, 3);
	assert_str(lines[0].when, "words(m) >= 1 and links >= 1");
	assert_int_equal(lines[2].rule, 1);
	policy_free(policy);
	arena_free(mem);
}

static void test_rule_parts(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = compile(whole, mem);
	size_t n;
	const struct policy_rule *rule = policy_rules(policy, &n);
	assert_int_equal(n, 2);
	assert_str(rule->id, "a.b");
	assert_str(rule->clause, "b.2");
	assert_str(rule->group, "g");
	assert_str(rule->dsa_category, "SCAMS_AND_FRAUD");
	assert_str(rule->dsa_keyword, "PHISHING");
	assert_str(rule->pass_zh, "PZ");
	assert_int_equal(rule->status, RULE_SHADOW);
	assert_int_equal(rule->harm, HARM_FRAUD);
	assert_int_equal(rule->asks, ACTION_LABEL);
	assert_int_equal(rule->marks, MARK_LIKES | MARK_LINK);
	assert_int_equal(rule->n_marks_lists, 2);
	assert_int_equal(rule->marks_lists[0], 1);
	assert_int_equal(rule->n_marks_patterns, 1);
	assert_int_equal(rule->n_fires, 3);
	assert_int_equal(rule->n_silent, 1);
	assert_int_equal(rule[1].first_evidence, 2);
	policy_free(policy);
	arena_free(mem);
}

static unsigned cost_of(const char *text)
{
	struct arena *mem = arena_new(65536);
	struct policy *policy = compile(text, mem);
	unsigned cost = policy_cost(policy);
	policy_free(policy);
	arena_free(mem);
	return cost;
}

static void test_cost(void **state)
{
	(void)state;
	assert_int_equal(cost_of(HEAD), 0);
	assert_int_equal(cost_of(HEAD RULE("words(l) >= 1")),
	                 3); /* a load, a number, an operator */
	assert_int_equal(cost_of(HEAD "words m \"x\" matches \"m\" passes \"p\" end\n" RULE(
				 "words(l, m) >= 1")),
	                 4);
	assert_int_equal(cost_of(HEAD "let c = words(l) >= 1\n" RULE("c and c")), 7);
	assert_int_equal(cost_of(HEAD "damp 0.5 when is.post\n"), 1);
	/* A window costs 20 once, however often it is read. */
	assert_int_equal(
		cost_of(HEAD RULE(
			"count(by author within 1d) else 0 > count(by author within 24h) else 0")),
		20 + 7);
}

static void test_notes(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = compile(
		HEAD
		"words quiet conduct \"x\" matches \"m\" passes \"p\" end\nlet c = true\ngroup g cap 0.5\n"
		"rule r unknown fires" FIELDS("is.post"),
		mem);
	static const char *const wanted[] = { "no condition can be unknown in the rule r",
		                              "nothing uses the list l",
		                              "nothing uses the condition c",
		                              "nothing uses the group g" };
	size_t n;
	const struct policy_fault *notes = policy_warnings(policy, &n);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_str(notes[i].sentence, wanted[i]);
	policy_free(policy);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),      cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_of_files), cmocka_unit_test(test_parts),
		cmocka_unit_test(test_rule_parts),    cmocka_unit_test(test_cost),
		cmocka_unit_test(test_notes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
