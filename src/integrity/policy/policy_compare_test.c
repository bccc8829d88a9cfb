/* Stricter is what cannot be shown to be looser; the same is what cannot differ. Both are asked of small policies, pair by pair. */
#include "integrity/policy/policy_compare.h"

#include "integrity/policy/policy_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NAME "policy \"p\" version 1\n"
#define LADDER "ladder label from 0.4 hold from 0.6 end\n"
#define LIST "words l \"one\" \"two\" matches \"m\" passes \"p\" end\n"
#define OTHER "words k \"three\" matches \"m\" passes \"p\" end\n"
#define PAPERS                                                                                     \
	" en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define RULE_OF(id, status, harm, more)                                                            \
	"rule " id " clause \"c\" owner \"o\" status " status " harm " harm " " more PAPERS
#define RULE(more) RULE_OF("r", "live", "marketing", "dsa VIOLENCE " more)
#define LINE "evidence 0.5 when words(l) >= 1 "
#define BASE NAME LADDER LIST RULE(LINE)
#define SECOND RULE_OF("s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when links > 1")

static const struct {
	const char *name, *before, *after;
	bool stricter, back; /* and the other way round */
} pairs[] = {
	{ "the same", BASE, BASE, false, false },
	{ "another name, version and order", BASE,
	  "policy \"q\" version 7\n" LIST LADDER RULE(LINE), false, false },
	{ "a sentence and an example", BASE,
	  NAME LADDER LIST
	  "rule r clause \"d\" owner \"x\" status live harm marketing dsa VIOLENCE " LINE
	  " en \"new\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" fires \"g\" silent \"s\" end\n",
	  false, false },
	{ "a rule more", BASE, BASE SECOND, true, false },
	{ "a weight", BASE, NAME LADDER LIST RULE("evidence 0.6 when words(l) >= 1 "), true,
	  false },
	{ "a line more", BASE, NAME LADDER LIST RULE(LINE "evidence 0.1 when links > 1 "), true,
	  false },
	{ "another condition, either way", BASE,
	  NAME LADDER LIST RULE("evidence 0.5 when words(l) >= 2 "), true, true },
	{ "the same condition again with more weight", BASE,
	  NAME LADDER LIST RULE(LINE "evidence 0.9 when words(l) >= 1 "), true, false },
	{ "a rule in shadow says something", BASE,
	  BASE RULE_OF("s", "shadow", "fraud", "dsa VIOLENCE evidence 0.9 when links > 1"), false,
	  false },
	{ "from shadow to live",
	  NAME LADDER LIST RULE_OF("r", "shadow", "marketing", "dsa VIOLENCE " LINE), BASE, true,
	  false },
	{ "it asks for a label", BASE, NAME LADDER LIST RULE(LINE "asks label "), true, false },
	{ "it asks for more", NAME LADDER LIST RULE(LINE "asks label "),
	  NAME LADDER LIST RULE(LINE "asks fold "), true, false },
	{ "of a graver class", BASE,
	  NAME LADDER LIST RULE_OF("r", "live", "fraud", "dsa VIOLENCE " LINE), true, false },
	{ "what only annoys, either way", BASE,
	  NAME LADDER LIST RULE_OF("r", "live", "annoyance", "dsa VIOLENCE " LINE), true, true },
	{ "a word more, either way", BASE,
	  NAME LADDER "words l \"one\" \"two\" \"six\" matches \"m\" passes \"p\" end\n" RULE(LINE),
	  true, true },
	{ "a list that nothing uses", BASE, NAME LADDER LIST OTHER RULE(LINE), false, false },
	{ "a list of conduct, which a signal reads", BASE,
	  NAME LADDER LIST "words k conduct \"three\" matches \"m\" passes \"p\" end\n" RULE(LINE),
	  true, true },
	{ "a step lower", BASE, NAME "ladder label from 0.4 hold from 0.5 end\n" LIST RULE(LINE),
	  true, false },
	{ "a step more", BASE,
	  NAME "ladder label from 0.4 fold from 0.5 hold from 0.6 end\n" LIST RULE(LINE), true,
	  false },
	{ "no hold any more", NAME "ladder label from 0.4 end\n" LIST RULE(LINE), BASE, true,
	  false },
	{ "a damp less", BASE "damp 0.5 when links > 1\n", BASE, true, false },
	{ "a weaker damp", BASE "damp 0.5 when links > 1\n", BASE "damp 0.6 when links > 1\n", true,
	  false },
	{ "one damp where two were", BASE "damp 0.5 when links > 1 damp 0.5 when links > 1\n",
	  BASE "damp 0.5 when links > 1\n", true, false },
	{ "another damp, either way", BASE "damp 0.5 when links > 1\n",
	  BASE "damp 0.5 when links > 2\n", true, true },
	{ "a higher cap", NAME LADDER LIST "group g cap 0.5\n" RULE("group g " LINE),
	  NAME LADDER LIST "group g cap 0.6\n" RULE("group g " LINE), true, false },
	{ "out of a group, either way", NAME LADDER LIST "group g cap 0.5\n" RULE("group g " LINE),
	  NAME LADDER LIST "group g cap 0.5\n" RULE(LINE), true, true },
	{ "a condition's meaning, either way",
	  NAME LADDER LIST "let c = words(l) >= 1\n" RULE("evidence 0.5 when c "),
	  NAME LADDER LIST "let c = words(l) >= 2\n" RULE("evidence 0.5 when c "), true, true },
	{ "a pattern, either way",
	  NAME LADDER LIST "pattern x regex \"a+b\" matches \"ab\" passes \"c\"  end\n" RULE(
		  "evidence 0.5 when pattern(x) > 0 "),
	  NAME LADDER LIST "pattern x regex \"a+c\" matches \"ac\" passes \"d\"  end\n" RULE(
		  "evidence 0.5 when pattern(x) > 0 "),
	  true, true },
	/* What looks at the others may speak up where they fall silent. */
	{ "less weight, where another speaks up beside it",
	  BASE RULE_OF("s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when others >= 0.4"),
	  NAME LADDER LIST RULE("evidence 0.4 when words(l) >= 1 ")
	          RULE_OF("s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when others >= 0.4"),
	  false, true },
	{ "less weight, where another speaks up without it",
	  BASE RULE_OF("s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when others < 0.4"),
	  NAME LADDER LIST RULE("evidence 0.4 when words(l) >= 1 ")
	          RULE_OF("s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when others < 0.4"),
	  true, true },
	{ "the same behind a name and a not",
	  BASE "let alone = links > 1 and not (others >= 0.4)\n" RULE_OF(
		  "s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when alone"),
	  NAME LADDER LIST
	          RULE("evidence 0.4 when words(l) >= 1 ") "let alone = links > 1 and not (others >= 0.4)\n" RULE_OF(
			  "s", "live", "fraud", "dsa VIOLENCE evidence 0.3 when alone"),
	  true, true },
	{ "a rule that looked at the others is one of them from now on",
	  NAME LADDER LIST RULE(LINE "evidence 0.6 when others >= 0.1 "), BASE, true, true },
};

static void test_stricter(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *a = policy_of_text(pairs[i].before, mem),
			      *b = policy_of_text(pairs[i].after, mem);
		if (policy_compare_stricter(a, b, mem) != pairs[i].stricter)
			fail_msg("%s", pairs[i].name);
		if (policy_compare_stricter(b, a, mem) != pairs[i].back)
			fail_msg("%s, backwards", pairs[i].name);
		policy_free(a);
		policy_free(b);
		arena_free(mem);
	}
}

#define WINDOW(days)                                                                               \
	"evidence 0.2 when count(by author within " days "d where links > 1) else 0 > 2 "
#define LET "let c = words(l) >= 1 and links > 1\n"

static const struct {
	const char *name, *a, *b;
	bool same, lines;
} rules[] = {
	{ "itself", BASE, BASE, true, true },
	{ "beside another rule, with other papers", BASE, BASE SECOND, true, true },
	{ "its condition under another name", NAME LADDER LIST LET RULE("evidence 0.5 when c "),
	  NAME LADDER LIST RULE("evidence 0.5 when words(l) >= 1 and links > 1 "), true, true },
	{ "lines and words in another order",
	  NAME LADDER LIST RULE(LINE "evidence 0.1 when links > 1 "),
	  NAME LADDER "words m \"two\" \"one\" matches \"m\" passes \"p\" end\n" RULE(
		  "evidence 0.1 when links > 1 evidence 0.5 when words(m) >= 1 "),
	  true, true },
	{ "another weight", BASE, NAME LADDER LIST RULE("evidence 0.4 when words(l) >= 1 "), false,
	  false },
	{ "another word in its list", BASE,
	  NAME LADDER "words l \"one\" \"six\" matches \"m\" passes \"p\" end\n" RULE(LINE), false,
	  false },
	{ "another ladder", BASE, NAME "ladder label from 0.4 end\n" LIST RULE(LINE), false, true },
	{ "a damp more", BASE, BASE "damp 0.5 when links > 1\n", false, true },
	{ "the same damps", BASE "damp 0.5 when links > 1 damp 0.6 when links > 2\n",
	  BASE "damp 0.6 when links > 2 damp 0.5 when links > 1\n", true, true },
	{ "another cap", NAME LADDER LIST "group g cap 0.5\n" RULE("group g " LINE),
	  NAME LADDER LIST "group g cap 0.6\n" RULE("group g " LINE), false, true },
	{ "another window", NAME LADDER LIST RULE(WINDOW("1")), NAME LADDER LIST RULE(WINDOW("2")),
	  false, false },
	{ "the same window", NAME LADDER LIST RULE(WINDOW("1")), NAME LADDER LIST RULE(WINDOW("1")),
	  true, true },
	{ "not live", NAME LADDER LIST RULE_OF("r", "shadow", "marketing", "dsa VIOLENCE " LINE),
	  NAME LADDER LIST RULE_OF("r", "shadow", "marketing", "dsa VIOLENCE " LINE), false,
	  false },
	{ "gone", BASE, NAME LADDER LIST SECOND, false, false },
};

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *a = policy_of_text(rules[i].a, mem),
			      *b = policy_of_text(rules[i].b, mem);
		if (policy_compare_same_rule(a, b, S("r")) != rules[i].same)
			fail_msg("%s", rules[i].name);
		if (policy_compare_same_lines(a, b, S("r")) != rules[i].lines)
			fail_msg("%s, its lines", rules[i].name);
		if (policy_compare_same_rule(b, a, S("r")) != rules[i].same)
			fail_msg("%s, backwards", rules[i].name);
		policy_free(a);
		policy_free(b);
		arena_free(mem);
	}
}

/* ---- by trying ---- */

static uint64_t seed = 7;

static uint64_t next(void)
{
	uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

#define BYTES 600
#define INPUTS 60

/* One policy, and the same with one number of it less or a line of evidence away. */
static str changed(str text, struct arena *mem)
{
	char *out = str_to_c(mem, text);
	size_t places[512], n = 0;
	for (size_t at = 0; at + 12 < text.n && n < 512; at++)
		if (str_starts(str_slice(text, at, text.n), S("evidence 0.")))
			places[n++] = at;
	if (n == 0)
		return text;
	size_t at = places[next() % n] + strlen("evidence 0.");
	if (out[at] > '1' && next() % 4 != 0)
		out[at]--;
	else
		out[at] = (char)('1' + next() % 9);
	return (str){ out, text.n };
}

static enum action judged(const struct policy *policy, const struct policy_input *in,
                          struct arena *mem)
{
	struct policy_result result;
	policy_apply(policy, in, mem, &result);
	return result.action;
}

/* Whatever is read of a piece: what is not stricter does no more to it. */
static void test_by_trying(void **state)
{
	size_t looser = 0, milder = 0;
	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct arena *mem = arena_new(1 << 20);
		uint8_t bytes[BYTES], inputs[BYTES];
		for (size_t i = 0; i < BYTES; i++)
			bytes[i] = (uint8_t)next();
		struct chance chance = { bytes, BYTES, 0 };
		str text = policy_from_chance(&chance, mem), other = changed(text, mem);
		struct policy *a = policy_of_text(str_to_c(mem, text), mem),
			      *b = policy_of_text(str_to_c(mem, other), mem);
		bool stricter = policy_compare_stricter(a, b, mem);
		looser += !stricter && !str_eq(text, other);
		for (int i = 0; !stricter && i < INPUTS; i++) {
			struct tested_input in;
			for (size_t k = 0; k < BYTES; k++)
				inputs[k] = (uint8_t)next();
			struct chance more = { inputs, BYTES, 0 };
			input_from_chance(&more, &in);
			enum action was = judged(a, &in.in, mem), is = judged(b, &in.in, mem);
			if (is > was)
				fail_msg("%.*s\n%.*s", STR_ARG(text), STR_ARG(other));
			milder += is < was;
		}
		policy_free(a);
		policy_free(b);
		arena_free(mem);
	}
	assert_true(looser > 200);
	assert_true(milder > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stricter),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_by_trying),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
