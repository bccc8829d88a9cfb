/* What a new version changes, and what a steward is shown of a verdict. */
#include "integrity/policy/policy_diff.h"

#include "integrity/policy/policy_testing.h"

#include "base/buf.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "policy \"p\" version 1\nladder hold from 0.6 end\n"
#define LIST "words l \"one\" \"two\" matches \"m\" passes \"p\" end\n"
#define PAPERS(en)                                                                                 \
	" en \"" en                                                                                \
	"\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define RULE(status, evidence)                                                                     \
	"rule r clause \"c\" owner \"o\" status " status                                           \
	" harm marketing dsa VIOLENCE " evidence PAPERS("e")
#define BASE HEAD LIST RULE("live", "evidence 0.5 when words(l) >= 1")

static const struct {
	const char *name, *after, *want;
} cases[] = {
	{ "the same", BASE, "" },
	{ "spaces, comments and order",
	  HEAD "-- new\n" LIST RULE("live", "evidence 0.5 when words( l )  >= 1"), "" },
	{ "a status", HEAD LIST RULE("shadow", "evidence 0.5 when words(l) >= 1"),
	  "~r[status:live>shadow]" },
	{ "a weight", HEAD LIST RULE("live", "evidence 0.6 when words(l) >= 1"),
	  "~r[weight when words(l) >= 1:0.5>0.6]" },
	{ "a line more",
	  HEAD LIST RULE("live", "evidence 0.5 when words(l) >= 1 evidence 0.1 when is.post"),
	  "~r[weight when is.post:>0.1]" },
	{ "a word more and one less",
	  HEAD "words l \"two\" \"three\" matches \"m\" passes \"p\" end\n" RULE(
		  "live", "evidence 0.5 when words(l) >= 1"),
	  "~l[phrase:one> phrase:>three]" },
	{ "words in another order",
	  HEAD "words l \"two\" \"one\" matches \"m\" passes \"p\" end\n" RULE(
		  "live", "evidence 0.5 when words(l) >= 1"),
	  "" },
	{ "a sentence",
	  HEAD LIST
	  "rule r clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE evidence 0.5 when words(l) >= 1" PAPERS(
		  "new"),
	  "~r[en:e>new]" },
	{ "a rule less", HEAD LIST, "-r[]" },
	{ "a list more", BASE "words k \"x\" matches \"m\" passes \"p\" end", "+k[]" },
	{ "the ladder",
	  "policy \"p\" version 2\nladder label from 0.4 hold from 0.7 end\n" LIST RULE(
		  "live", "evidence 0.5 when words(l) >= 1"),
	  "~p[version:1>2]~ladder[hold:0.6>0.7 label:>0.4]" },
	{ "a condition, a group and a damp",
	  BASE "let c = true group g cap 0.5 damp 0.5 when is.post", "+c[]+g[]+is.post[]" },
};

static str shown(const struct policy_change *changes, size_t n, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, 4096);
	for (size_t i = 0; i < n; i++) {
		const struct policy_change *c = &changes[i];
		buf_format(&b, "%c%.*s[", "+-~"[c->kind], STR_ARG(c->name));
		for (size_t k = 0; k < c->n; k++)
			buf_format(&b, "%s%.*s:%.*s>%.*s", k ? " " : "",
			           STR_ARG(c->details[k].field), STR_ARG(c->details[k].before),
			           STR_ARG(c->details[k].after));
		buf_char(&b, ']');
	}
	return buf_str(&b);
}

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *before = policy_of_text(BASE, mem),
			      *after = policy_of_text(cases[i].after, mem);
		size_t n;
		const struct policy_change *changes = policy_diff(before, after, mem, &n);
		str got = shown(changes, n, mem);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(got));
		policy_free(before);
		policy_free(after);
		arena_free(mem);
	}
}

/* ---- the trace ---- */

static void expect_trace(const char *text, double first, uint16_t words, const char *want)
{
	struct arena *mem = arena_new(65536);
	struct policy *policy = policy_of_text(text, mem);
	double signals[SIGNALS] = { [SIG_LINKS] = 2, [SIG_COPY_FIRST] = first };
	struct policy_input in = { signals, &words, &words, NULL };
	struct policy_result result;
	policy_apply(policy, &in, mem, &result);
	str trace = policy_trace(policy, &in, &result, mem);
	size_t at = str_find(trace, S(",\"action\""));
	assert_true(str_starts(trace, S("{\"policy\":\"")) && at != SIZE_MAX);
	assert_string_equal(str_to_c(mem, str_slice(trace, at, trace.n)), want);
	policy_free(policy);
	arena_free(mem);
}

static void test_trace(void **state)
{
	(void)state;
	expect_trace(BASE, 0, 0,
	             ",\"action\":\"allow\",\"malice\":0,\"damped\":1,\"others\":0,\"rules\":[]}");
	expect_trace(
		BASE, 0, 3,
		",\"action\":\"allow\",\"malice\":0.5,\"damped\":1,\"others\":0.5,\"rules\":[{\"rule\":\"r\",\"status\":\"live\","
		"\"state\":\"fired\",\"weight\":0.5,\"evidence\":[{\"weight\":0.5,\"counts\":true,"
		"\"when\":\"words(l) >= 1\",\"values\":{\"words(l)\":3}}]}]}");
	/* Named conditions are written out, each value once; a line that is false is not shown. */
	expect_trace(
		HEAD LIST "let c = links > 1 and (words(l) > 0 or links > 9)\n" RULE(
			"live", "evidence 0.5 when c or c evidence 0.7 when links > 5"),
		0, 1,
		",\"action\":\"allow\",\"malice\":0.5,\"damped\":1,\"others\":0.5,\"rules\":[{\"rule\":\"r\",\"status\":\"live\","
		"\"state\":\"fired\",\"weight\":0.5,\"evidence\":[{\"weight\":0.5,\"counts\":true,"
		"\"when\":\"c or c\",\"values\":{\"links\":2,\"words(l)\":1}}]}]}");
	expect_trace(
		HEAD RULE("shadow", "evidence 0.5 when copy.first unknown silent"), NAN, 0,
		",\"action\":\"allow\",\"malice\":0,\"damped\":1,\"others\":0,\"rules\":[{\"rule\":\"r\",\"status\":\"shadow\","
		"\"state\":\"unknown\",\"weight\":0,\"evidence\":[{\"weight\":0.5,\"counts\":false,"
		"\"when\":\"copy.first\",\"values\":{\"copy.first\":null}}]}]}");
	expect_trace(
		HEAD RULE("live", "evidence 0.5 when copy.first unknown silent"), 1, 0,
		",\"action\":\"allow\",\"malice\":0.5,\"damped\":1,\"others\":0.5,\"rules\":[{\"rule\":\"r\",\"status\":\"live\","
		"\"state\":\"fired\",\"weight\":0.5,\"evidence\":[{\"weight\":0.5,\"counts\":true,"
		"\"when\":\"copy.first\",\"values\":{\"copy.first\":true}}]}]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_trace),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
