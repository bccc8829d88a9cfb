/* What a policy is refused for, where the caret stands and what it says. */
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
/* The condition begins at 5:20. */
#define RULE(condition)                                                                            \
	HEAD "rule r clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE\n"           \
	     " evidence 0.5 when " condition "\n"                                                  \
	     " en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define STRING_LONG 2001
#define TEN(s) s s s s s s s s s s
#define TIMES_65(s) TEN(s) TEN(s) TEN(s) TEN(s) TEN(s) TEN(s) s s s s s
/* A rule of eleven lines from line 4 on, with all it needs but what a row takes away. */
#define CLAUSE "  clause \"c\"\n"
#define OWNER "  owner \"o\"\n"
#define STATUS "  status live\n"
#define HARM "  harm marketing\n"
#define DSA "  dsa VIOLENCE\n"
#define EVIDENCE "  evidence 0.5 when true\n"
#define EN "  en \"e\"\n"
#define ZH "  zh \"z\"\n"
#define PASS "  pass en \"e\" zh \"z\"\n"
#define KNOWN "  false_positives \"n\"\n"
#define FIRES "  fires \"f\"\n"
#define SILENT "  silent \"s\"\n"

static const struct {
	const char *name, *text;
	unsigned line, column;
	const char *sentence;
} refused[] = {
	{ "a sign without meaning", "policy & \"p\"", 1, 8,
	  "& has no meaning here; text stands in \"quotes\"" },
	{ "Chinese outside quotes", "policy \"p\" version 1\n诚招代理", 2, 1,
	  "诚 has no meaning here; text stands in \"quotes\"" },
	{ "the caret stands below wide characters", "policy \"一二三四\" 版", 1, 15,
	  "版 has no meaning here; text stands in \"quotes\"" },
	{ "the caret stands below tabs", "policy \"p\"\tversion\t@", 1, 20,
	  "@ has no meaning here; text stands in \"quotes\"" },
	{ "a string that is not closed", "policy \"p\nversion 1", 1, 8,
	  "this string is not closed on its line (write \\n for a new line)" },
	{ "a string at the end of the text", "policy \"p", 1, 8,
	  "this string is not closed on its line (write \\n for a new line)" },
	{ "an escape that strings do not know", "policy \"a\\tb\" version 1", 1, 10,
	  "a string knows the escapes \\\" \\\\ and \\n only" },
	{ "a unit with a slip", RULE("author.age < 14dd"), 5, 35,
	  "there is no unit dd; did you mean d?" },
	{ "a unit nobody knows", RULE("author.age < 14fortnights"), 5, 35,
	  "there is no unit fortnights" },
	{ "too many digits", RULE("links >= 1234567890123456"), 5, 29,
	  "a number has at most 15 digits" },
	{ "a name that ends in a dot", RULE("contact. >= 1"), 5, 20,
	  "a name has letters on both sides of a dot" },
	{ "a name that is too long", RULE(TIMES_65("a")), 5, 20, "a name has at most 64 letters" },
	{ "not UTF-8", "policy \"p\" version 1\n-- \xff", 2, 4, "this is not UTF-8" },
	{ "a control character", "policy \"p\" \x01", 1, 12,
	  "a control character has no place here" },
	{ "an unknown statement", "polisy \"p\" version 1", 1, 1,
	  "there is no statement polisy; did you mean policy?" },
	{ "a statement from another world", "function f() end", 1, 1,
	  "there is no statement function" },
	{ "a string as a statement", "\"words\"", 1, 1,
	  "here should stand a statement (words, pattern, let, rule, ...), not a string" },
	{ "a policy without version", "policy \"p\"", 1, 11,
	  "the text ends where version should stand" },
	{ "a version that is no whole number", "policy \"p\" version 1.5", 1, 20,
	  "a version is a whole number" },
	{ "a version too high", "policy \"p\" version 10000000", 1, 20,
	  "a version is from 1 to 1000000, not 10000000" },
	{ "two names", HEAD "policy \"q\" version 2", 4, 1, "the policy has a name already: p" },
	{ "no name", "ladder hold from 0.6 end", 1, 1,
	  "the policy has no name: policy \"...\" version 1" },
	{ "no ladder", "policy \"p\" version 1", 1, 1,
	  "the policy has no ladder, so no weight would do anything" },
	{ "two ladders", HEAD "ladder label from 0.3 end", 4, 1, "a policy has one ladder" },
	{ "a ladder that falls",
	  "policy \"p\" version 1\nladder\n  label from 0.7\n  hold from 0.6\nend", 4, 13,
	  "the ladder rises: hold must start above label, which starts at 0.7" },
	{ "a ladder without steps", "policy \"p\" version 1\nladder end", 2, 1,
	  "a ladder needs a step" },
	{ "a ladder with a step nobody knows", "policy \"p\" version 1\nladder delete from 0.9 end",
	  2, 8, "a ladder has the steps label, fold and hold, not delete" },
	{ "a step said twice", "policy \"p\" version 1\nladder label from 0.3 label from 0.4 end",
	  2, 23, "label is said twice" },
	{ "a step above 1", "policy \"p\" version 1\nladder hold from 60 end", 2, 18,
	  "a step is above 0 and at most 1, not 60" },
	{ "an include that was not given", HEAD "include \"other.policy\"", 4, 9,
	  "the file other.policy was not given before this one" },
	{ "a list without phrases", HEAD "words m matches \"a\" passes \"b\" end", 4, 7,
	  "m has no phrases" },
	{ "a list without a text to find", HEAD "words m \"x\" passes \"b\" end", 4, 7,
	  "m has no text it must find: matches \"...\"" },
	{ "a list without a text to let pass", HEAD "words m \"x\" matches \"a\" end", 4, 7,
	  "m has no text it must not find: passes \"...\"" },
	{ "a list named twice", HEAD "words l \"x\" matches \"a\" passes \"b\" end", 4, 7,
	  "there is a list l already" },
	{ "a phrase twice", HEAD "words m \"x\" \"y\"\n  \"x\" matches \"a\" passes \"b\" end", 5,
	  3, "the list has this phrase already" },
	{ "a phrase after the examples",
	  HEAD "words m \"x\" matches \"a\" passes \"b\" conduct end", 4, 36,
	  "here should stand a phrase, about, source, matches, passes or end, not conduct" },
	{ "an empty phrase", HEAD "words m \"x\" \"  \" matches \"a\" passes \"b\" end", 4, 13,
	  "a phrase is empty" },
	{ "a phrase of 41 symbols",
	  HEAD "words m \"" TEN("字") TEN("字") TEN("字")
	          TEN("字") "字\" matches \"a\" passes \"b\" end",
	  4, 9, "a phrase has at most 40 symbols, this one has 41" },
	{ "a phrase that begins with a gap", HEAD "words m \"a~b\" matches \"a\" passes \"b\" end",
	  4, 9, "~ may not be among the first two symbols of a phrase" },
	{ "about said twice",
	  HEAD "words m about \"a\" about \"b\" \"x\" matches \"a\" passes \"b\" end", 4, 19,
	  "about is said twice" },
	{ "a list that is not closed", HEAD "words m \"x\" matches \"a\" passes \"b\"", 4, 35,
	  "the text ends where end should stand" },
	{ "a pattern without regex", HEAD "pattern x matches \"a\" passes \"b\" end", 4, 9,
	  "x has no regex" },
	{ "a regex that refers back",
	  HEAD "pattern x regex \"(a)\\\\1\" matches \"a\" passes \"b\" end", 4, 17,
	  "a regex may not refer back, near its character 5" },
	{ "a regex that looks ahead",
	  HEAD "pattern x regex \"a(?=b)\" matches \"a\" passes \"b\" end", 4, 17,
	  "of groups with (? only (?: is allowed, near its character 4" },
	{ "a repeat inside a repeat",
	  HEAD "pattern x regex \"(?:a+)+\" matches \"a\" passes \"b\" end", 4, 17,
	  "an unbounded repeat inside a repeat is not linear, near its character 8" },
	{ "a group that is not closed",
	  HEAD "pattern x regex \"(a\" matches \"a\" passes \"b\" end", 4, 17,
	  "a ( of the regex is not closed, near its character 2" },
	{ "a pattern named twice",
	  HEAD
	  "pattern x regex \"a\" matches \"a\" passes \"b\" end\npattern x regex \"b\" matches \"a\" passes \"b\" end",
	  5, 9, "there is a pattern x already" },
	{ "a signal with a slip", RULE("contact.disguissed >= 1"), 5, 20,
	  "there is no signal or named condition contact.disguissed; did you mean contact.disguised?" },
	{ "letters swapped", RULE("author.aeg < 14d"), 5, 20,
	  "there is no signal or named condition author.aeg; did you mean author.age?" },
	{ "nothing near", RULE("weather = 1"), 5, 20,
	  "there is no signal or named condition weather" },
	{ "a list used as a number", RULE("l >= 1"), 5, 20, "l is a list; its count is words(l)" },
	{ "a list with a slip", RULE("words(k) >= 1"), 5, 26,
	  "there is no list k; did you mean l?" },
	{ "a list twice", RULE("words(l, l) >= 1"), 5, 29, "l stands here twice" },
	{ "a pattern nobody made", RULE("pattern(x) >= 1"), 5, 20, "there is no pattern x" },
	{ "a function with a slip", RULE("cuont(by author within 1d) > 1"), 5, 20,
	  "there is no function cuont; did you mean count?" },
	{ "a condition used before it is named", RULE("c") "let c = true\n", 5, 20,
	  "c is named further below; a name comes before its use" },
	{ "a condition of itself", HEAD "let c = not c", 4, 13, "c cannot use itself" },
	{ "a condition named like a signal", HEAD "let links = true", 4, 5,
	  "links means something already" },
	{ "a condition named like a word", HEAD "let known = true", 4, 5,
	  "known means something already" },
	{ "a condition named twice", HEAD "let c = true\nlet c = false", 5, 5, "c is named twice" },
	{ "a list used before it stands",
	  RULE("words(m) >= 1") "words m \"x\" matches \"a\" passes \"b\" end\n", 5, 26,
	  "the list m stands further below; a name comes before its use" },
	{ "hours compared with counts", RULE("author.age < 14"), 5, 33,
	  "author.age is a duration and 14 is a count: they cannot be compared (write 14d, 2h, 30min)" },
	{ "money compared with counts", RULE("fee.money > 298"), 5, 32,
	  "fee.money is money and 298 is a count: they cannot be compared (write 298yuan)" },
	{ "money compared with time", RULE("fee.money > 14d"), 5, 32,
	  "fee.money is money and 14d is a duration: they cannot be compared" },
	{ "a share above 1", RULE("score > 3"), 5, 28,
	  "score is a share and 3 is a count: they cannot be compared (a share is between 0 and 1)" },
	{ "a share compared with a count", RULE("score > links"), 5, 28,
	  "score is a share and links is a count: they cannot be compared" },
	{ "counts and durations added", RULE("links + 1h > 1"), 5, 28,
	  "links is a count and 1h is a duration: they cannot be added or subtracted" },
	{ "durations multiplied", RULE("author.age * 2h > 1h"), 5, 33,
	  "2h is a duration; one multiplies and divides by a count" },
	{ "a count where a condition should be", RULE("links and true"), 5, 20,
	  "and wants a condition, and links is a count" },
	{ "a condition where a number should be", RULE("is.post > 0"), 5, 20,
	  "is.post is a condition; conditions cannot be compared by size" },
	{ "a condition reckoned with", RULE("is.post + 1 > 0"), 5, 20,
	  "is.post is a condition; conditions cannot be reckoned with" },
	{ "evidence that is a number", RULE("links"), 5, 20,
	  "evidence wants a condition, and links is a count" },
	{ "not of a number", RULE("not links"), 5, 24,
	  "not wants a condition, and links is a count" },
	{ "alternatives of two units", RULE("(author.age else 3) > 1d"), 5, 37,
	  "author.age is a duration and 3 is a count: they cannot be alternatives (write 14d, 2h, 30min)" },
	{ "a choice of another unit", RULE("in(author.friends, 1, 2d)"), 5, 42,
	  "author.friends is a count and 2d is a duration: they cannot be compared" },
	{ "a choice without values", RULE("in(links)"), 5, 28,
	  "here should stand , and a value to choose from, not )" },
	{ "a number with a sign", RULE("links > -1"), 5, 28, "a number has no sign; write 0 - x" },
	{ "comparisons in a chain", RULE("1 < links < 3"), 5, 30,
	  "comparisons do not chain; write a < b and b < c" },
	{ "an operator without right side", RULE("links >= "), 6, 2,
	  "here should stand a condition or a number, not en" },
	{ "a parenthesis not closed", RULE("(links >= 1"), 6, 2, "here should stand ), not en" },
	{ "nesting too deep", RULE(TIMES_65("(") "true" TIMES_65(")")), 5, 84,
	  "expressions nest at most 64 deep" },
	{ "negation too deep", RULE(TIMES_65("not ") "true"), 5, 276,
	  "expressions nest at most 64 deep" },
	{ "a window without key", RULE("count(within 1d) > 1"), 5, 26,
	  "here should stand by, not within" },
	{ "a key with a slip", RULE("count(by auther within 1d) > 1"), 5, 29,
	  "there is no key auther; did you mean author?" },
	{ "a window without reach", RULE("count(by author) > 1"), 5, 35,
	  "here should stand within, not )" },
	{ "a reach that is no duration", RULE("count(by author within 7) > 1"), 5, 43,
	  "here should stand a duration such as 24h or 7d, not 7" },
	{ "a reach of a year", RULE("count(by author within 365d) > 1"), 5, 43,
	  "a window reaches back at least 1ms and at most 30d" },
	{ "a window inside a window",
	  RULE("count(by author within 1d where count(by author within 1d) > 1) > 1"), 5, 52,
	  "a window cannot look at windows" },
	{ "a window inside a window, by its name",
	  HEAD "let often = count(by author within 1d) > 1\n"
	       "let more = count(by author within 7d where often) > 1",
	  5, 44, "a window cannot look at windows, and often does" },
	{ "others inside a window, by its name",
	  HEAD "let beside = others > 0.1\nlet more = count(by author within 7d where beside) > 1",
	  5, 44, "others is for the evidence of rules alone, not for where" },
	{ "others inside a window", RULE("count(by author within 1d where others > 0.1) > 1"), 5,
	  52, "a window cannot look at others" },
	{ "different values of the key itself", RULE("distinct(author by author within 1d) > 1"), 5,
	  39, "different values of the key itself are always one" },
	{ "a number where a window wants a condition",
	  RULE("count(by author within 1d where links) > 1"), 5, 52,
	  "where wants a condition, and links is a count" },
	{ "others in a damp", HEAD "damp 0.5 when others > 0.2", 4, 15,
	  "others is for the evidence of rules alone, not for damp" },
	{ "a damp above 1", HEAD "damp 3 when true", 4, 6,
	  "a damp is a factor from 0 to 1, not 3" },
	{ "a cap of 0", HEAD "group g cap 0", 4, 13, "a cap is above 0 and at most 1, not 0" },
	{ "a group named twice", HEAD "group g cap 0.5 group g cap 0.6", 4, 23,
	  "there is a group g already" },
	{ "what can be unknown and is not settled", RULE("score >= 0.9"), 5, 20,
	  "this can be unknown; say in the rule: unknown silent, or unknown fires" },
	{ "a window can be unknown", RULE("count(by author within 1d) > 1"), 5, 20,
	  "this can be unknown; say in the rule: unknown silent, or unknown fires" },
	{ "a division can be unknown", RULE("links / prices > 1"), 5, 20,
	  "this can be unknown; say in the rule: unknown silent, or unknown fires" },
	{ "known in the other half does not settle it", RULE("known(score) or score > 0.9"), 5, 20,
	  "this can be unknown; say in the rule: unknown silent, or unknown fires" },
	{ "a condition that costs too much",
	  HEAD
	  "let a0 = words(l) + words(l)\nlet a1 = a0 + a0\nlet a2 = a1 + a1\nlet a3 = a2 + a2\nlet a4 = a3 + a3\nlet a5 = a4 + a4\nlet a6 = a5 + a5\nlet a7 = a6 + a6\nlet a8 = a7 + a7\nlet a9 = a8 + a8\nlet a10 = a9 + a9\nlet a11 = a10 + a10\nlet a12 = a11 + a11\nlet a13 = a12 + a12\nlet a14 = a13 + a13\nlet a15 = a14 + a14\nlet a16 = a15 + a15\nlet a17 = a16 + a16\nlet a18 = a17 + a17\nlet a19 = a18 + a18\n",
	  17, 11, "this alone costs over 20000, which is what a whole policy may cost" },
	{ "a draft that costs too much",
	  HEAD
	  "let a = words(l) + words(l) + words(l) + words(l) + words(l) + words(l)\n"
	  "let b = a + a + a + a + a + a + a + a + a + a + a + a\n"
	  "let c = b + b + b + b + b + b + b + b + b + b + b + b\n"
	  "rule r clause \"c\" owner \"o\" status draft harm fraud dsa VIOLENCE\n"
	  " evidence 0.1 when c + c + c + c + c + c > 1\n evidence 0.2 when c + c + c + c + c + c > 2\n"
	  " en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end",
	  9, 20, "up to here the policy costs 20738, and at most 20000 is allowed" },
	{ "a rule without its clause",
	  HEAD "rule r\n" OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n", 4,
	  6, "rule r has no clause: the clause of the policy it stands on" },
	{ "a rule without its owner",
	  HEAD "rule r\n" CLAUSE STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n", 4,
	  6, "rule r has no owner: who answers for it" },
	{ "a rule without its status",
	  HEAD "rule r\n" CLAUSE OWNER HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n", 4,
	  6, "rule r has no status: draft, shadow, live or retired" },
	{ "a rule without its harm",
	  HEAD "rule r\n" CLAUSE OWNER STATUS DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n", 4,
	  6, "rule r has no harm: fraud, marketing or annoyance" },
	{ "a rule without its DSA category",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  4, 6, "rule r has no dsa: the category of the DSA database" },
	{ "a rule without its evidence",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EN ZH PASS KNOWN FIRES SILENT "end\n", 4, 6,
	  "rule r has no evidence: a weight and a condition" },
	{ "a rule without its English sentence",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE ZH PASS KNOWN FIRES SILENT "end\n",
	  4, 6, "rule r has no en: a sentence to the writer, in English" },
	{ "a rule without its Chinese sentence",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN PASS KNOWN FIRES SILENT "end\n",
	  4, 6, "rule r has no zh: a sentence to the writer, in Chinese" },
	{ "a rule without its what would make it pass",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH KNOWN FIRES SILENT "end\n", 4,
	  6, "rule r has no pass: what would make it pass" },
	{ "a rule without its known false positives",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS FIRES SILENT "end\n", 4,
	  6, "rule r has no false_positives: the known ones, or \"none known\"" },
	{ "a rule without its text that fires",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN SILENT "end\n", 4,
	  6, "rule r has no fires: a text that must fire" },
	{ "a rule without its text that stays silent",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES "end\n", 4,
	  6, "rule r has no silent: a text that must not fire" },
	{ "a status with a slip",
	  HEAD "rule r\n" CLAUSE OWNER
	       "  status alive\n" HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  7, 10, "there is no status alive; did you mean live?" },
	{ "a harm nobody knows",
	  HEAD "rule r\n" CLAUSE OWNER STATUS
	       "  harm politics\n" DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  8, 8, "there is no harm politics" },
	{ "a DSA category with a slip",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM
	       "  dsa SCAM_AND_FRAUD\n" EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  9, 7, "there is no DSA category SCAM_AND_FRAUD; did you mean SCAMS_AND_FRAUD?" },
	{ "a DSA keyword with a slip",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM
	       "  dsa SCAMS_AND_FRAUD / PYRAMID_SCHEME\n" EVIDENCE EN ZH PASS KNOWN FIRES SILENT
	       "end\n",
	  9, 25, "there is no DSA keyword PYRAMID_SCHEME; did you mean PYRAMID_SCHEMES?" },
	{ "a group nobody made",
	  HEAD
	  "rule r\n"
	  "  clause \"c\" group g\n" OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT
	  "end\n",
	  5, 20, "there is no group g" },
	{ "a field with a slip",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN
	       "  fire \"f\"\n" SILENT "end\n",
	  15, 3, "there is no field fire; did you mean fires?" },
	{ "a field twice",
	  HEAD "rule r\n" CLAUSE
	       "  owner \"o\" owner \"p\"\n" STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT
	       "end\n",
	  6, 13, "owner is said twice" },
	{ "a weight of 0",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA
	       "  evidence 0 when true\n" EN ZH PASS KNOWN FIRES SILENT "end\n",
	  10, 12, "a weight is above 0 and at most 1, not 0" },
	{ "a weight above 1",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA
	       "  evidence 62 when true\n" EN ZH PASS KNOWN FIRES SILENT "end\n",
	  10, 12, "a weight is above 0 and at most 1, not 62" },
	{ "evidence without when",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA
	       "  evidence 0.5 links >= 1\n" EN ZH PASS KNOWN FIRES SILENT "end\n",
	  10, 16, "here should stand when, not links" },
	{ "annoyance that asks to fold",
	  HEAD "rule r\n" CLAUSE OWNER STATUS
	       "  harm annoyance asks fold\n" DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  8, 23, "a rule against annoyance asks for a label at most" },
	{ "an action no rule may ask for",
	  HEAD "rule r\n" CLAUSE OWNER STATUS
	       "  harm fraud asks hold\n" DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT "end\n",
	  8, 19, "there is no action to ask for hold; did you mean fold?" },
	{ "marks of a list nobody made",
	  HEAD "rule r\n"
	       "  clause \"c\" marks words(k)\n" OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN
	               FIRES SILENT "end\n",
	  5, 26, "there is no list k; did you mean l?" },
	{ "a mark nobody knows",
	  HEAD "rule r\n"
	       "  clause \"c\" marks prise\n" OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES
	               SILENT "end\n",
	  5, 20, "there is no thing to mark prise; did you mean price?" },
	{ "unknown answered wrongly",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA
	       "  evidence 0.5 when known(score) unknown maybe\n" EN ZH PASS KNOWN FIRES SILENT
	       "end\n",
	  10, 42, "there is no answer maybe" },
	{ "two rules of one id",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT
	       "end\nrule r status retired end\n",
	  18, 6, "there is a rule r already" },
	{ "a rule that is not closed",
	  HEAD "rule r\n" CLAUSE OWNER STATUS HARM DSA EVIDENCE EN ZH PASS KNOWN FIRES SILENT, 17,
	  1, "the text ends where end should stand" },
};

static err compile(const char *text, struct arena *mem, struct policy **policy,
                   struct policy_fault *fault)
{
	struct policy_source file = { S("t.policy"), str_of(text) };
	return policy_compile(&file, 1, mem, policy, fault);
}

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *policy = NULL;
		struct policy_fault fault = { .line = 0 };
		err e = compile(refused[i].text, mem, &policy, &fault);
		if (!failed(e))
			fail_msg("%s: compiles", refused[i].name);
		if (fault.line != refused[i].line || fault.column != refused[i].column ||
		    !str_eq(fault.sentence, str_of(refused[i].sentence)))
			fail_msg("%s: %.*s", refused[i].name, STR_ARG(fault.rendered));
		assert_null(policy);
		arena_free(mem);
	}
}

static void expect_rendered(const char *text, const char *rendered)
{
	struct arena *mem = arena_new(65536);
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	assert_true(failed(compile(text, mem, &policy, &fault)));
	assert_string_equal(str_to_c(mem, fault.rendered), rendered);
	arena_free(mem);
}

static void test_caret(void **state)
{
	(void)state;
	/* Han characters and full-width signs take two cells, a tab what it takes, a combining mark none. */
	expect_rendered("policy \"一二。\" @",
	                "t.policy:1:14: @ has no meaning here; text stands in \"quotes\"\n"
	                "policy \"一二。\" @\n"
	                "                ^\n");
	expect_rendered("\tpolicy\t@",
	                "t.policy:1:9: @ has no meaning here; text stands in \"quotes\"\n"
	                "\tpolicy\t@\n"
	                "\t      \t^\n");
	expect_rendered("policy \"e\xcc\x81\" @",
	                "t.policy:1:13: @ has no meaning here; text stands in \"quotes\"\n"
	                "policy \"e\xcc\x81\" @\n"
	                "           ^\n");
	/* What a terminal would obey is not shown to it. */
	expect_rendered("\x1b[31m",
	                "t.policy:1:1: a control character has no place here\n?[31m\n^\n");
}

static void test_long_line(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	char *text = arena_alloc(mem, 200001);
	memset(text, ' ', 200000);
	text[100000] = '@';
	assert_true(failed(compile(text, mem, &policy, &fault)));
	assert_int_equal(fault.column, 100001);
	assert_true(fault.rendered.n < 400);
	arena_free(mem);
}

static void test_files(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	struct policy_source files[] = {
		{ S("dir/a.policy"), S("words a \"x\" matches \"m\" passes \"p\" end") },
		{ S("dir/b.policy"),
		  S("include \"a.policy\"\npolicy \"p\" version 1\nladder hold from 0.6 end\nlet c = words(b) > 0") }
	};
	assert_true(failed(policy_compile(files, 2, mem, &policy, &fault)));
	assert_string_equal(str_to_c(mem, fault.file), "dir/b.policy");
	assert_int_equal(fault.line, 4);
	assert_int_equal(fault.column, 15);
	assert_true(failed(policy_compile(files + 1, 1, mem, &policy, &fault)));
	assert_int_equal(fault.line, 1);
	assert_true(failed(policy_compile(files, 0, mem, &policy, &fault)));
	arena_free(mem);
}

static void test_limits(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	char *text = arena_alloc(mem, POLICY_SOURCE_MAX_BYTES + 2);
	memset(text, ' ', POLICY_SOURCE_MAX_BYTES + 1);
	assert_true(failed(compile(text, mem, &policy, &fault)));
	assert_string_equal(str_to_c(mem, fault.sentence),
	                    "the text is 1048577 bytes long, and at most 1048576 is allowed");
	text[POLICY_SOURCE_MAX_BYTES] = '\0';
	text[POLICY_SOURCE_MAX_BYTES - 1] = '\xff'; /* found in one pass over the text */
	assert_true(failed(compile(text, mem, &policy, &fault)));
	assert_int_equal(fault.column, POLICY_SOURCE_MAX_BYTES);
	memcpy(text, "policy \"", 8);
	memset(text + 8, 'x', STRING_LONG);
	memcpy(text + 8 + STRING_LONG, "\" version 1", 12);
	assert_true(failed(compile(text, mem, &policy, &fault)));
	assert_string_equal(str_to_c(mem, fault.sentence), "a string has at most 2000 bytes");
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),   cmocka_unit_test(test_caret),
		cmocka_unit_test(test_long_line), cmocka_unit_test(test_files),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
