/* What a new version changes, as members read it. */
#include "integrity/policy/policy_tell.h"

#include "integrity/policy/policy_testing.h"

#include "base/buf.h"

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
	"\" zh \"它。\" pass en \"e\" zh \"z\" false_positives \"n\" fires \"f\" silent \"s\" end\n"
#define RULE(status, evidence)                                                                     \
	"rule r clause \"c\" owner \"o\" status " status                                           \
	" harm marketing dsa VIOLENCE " evidence PAPERS("It.")
#define LINE "evidence 0.5 when words(l) >= 1"
#define BASE HEAD LIST RULE("live", LINE)

static const struct {
	const char *before, *after, *en, *zh;
} cases[] = {
	{ BASE, BASE, "", "" },
	{ BASE, "policy \"q\" version 2\nladder hold from 0.6 end\n" LIST RULE("live", LINE), "",
	  "" },
	{ BASE, HEAD LIST RULE("live", "evidence 0.7 when words(l) >= 1 evidence 0.1 when is.post"),
	  "[r: It weighs 0.7 instead of 0.5 when words(l) >= 1. It weighs 0.1 when is.post; that is new.]",
	  "[r: 当 words(l) >= 1 时，分量从 0.5 变为 0.7。新增：当 is.post 时，分量为 0.1。]" },
	{ BASE, HEAD LIST RULE("shadow", LINE), "[r: It is tried in shadow now; it was live.]",
	  "[r: 状态从生效变为试运行。]" },
	{ HEAD LIST, BASE, "[r: New: “It.” It weighs 0.5 when words(l) >= 1.]",
	  "[r: 新规则：“它。”当 words(l) >= 1 时，分量为 0.5。]" },
	{ HEAD LIST, HEAD LIST RULE("shadow", LINE),
	  "[r: New: “It.” Nobody is judged by it yet. It weighs 0.5 when words(l) >= 1.]",
	  "[r: 新规则：“它。”目前不作数。当 words(l) >= 1 时，分量为 0.5。]" },
	{ BASE, HEAD LIST, "[r: Gone: “It.”]", "[r: 取消：“它。”]" },
	{ BASE,
	  "policy \"p\" version 1\nladder label from 0.3 hold from 0.5 end\n" LIST RULE("live",
	                                                                                LINE),
	  "[ladder: A hold from a malice of 0.5 on instead of 0.6. A label from a malice of 0.3 on; that is new.]",
	  "[ladder: 待审：恶意值从 0.5 起，原为 0.6。新增标注：恶意值从 0.3 起。]" },
	{ BASE,
	  HEAD
	  "words l \"two\" \"six\" \"ten\" matches \"m\" passes \"p\" end\n" RULE("live", LINE),
	  "[words l: 2 words more: “six”, “ten”. 1 word less: “one”.]",
	  "[words l: 新增 2 个词：“six”、“ten”。去掉 1 个词：“one”。]" },
	{ BASE, BASE "damp 0.5 when is.post\n", "[damp: Everything weighs less when is.post.]",
	  "[damp: 当 is.post 时，所有分量减轻。]" },
	{ BASE,
	  HEAD LIST
	  "rule r clause \"c\" owner \"x\" status live harm marketing dsa VIOLENCE " LINE PAPERS(
		  "It."),
	  "[r: Its notes and examples changed; nobody is judged otherwise.]",
	  "[r: 只改了说明和例子，判断不变。]" },
	{ BASE,
	  HEAD LIST
	  "rule r clause \"c\" owner \"o\" status live harm marketing dsa VIOLENCE " LINE PAPERS(
		  "They."),
	  "[r: It now says: “They.”]", "[r: 只改了说明和例子，判断不变。]" },
};

static void test_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(65536);
		struct policy *a = policy_of_text(cases[i].before, mem),
			      *b = policy_of_text(cases[i].after, mem);
		struct buf en, zh;
		size_t n;
		const struct policy_told *told = policy_tell(a, b, mem, &n);
		buf_init(&en, mem, 4096);
		buf_init(&zh, mem, 4096);
		for (size_t k = 0; k < n; k++) {
			buf_format(&en, "[%.*s: %.*s]", STR_ARG(told[k].what), STR_ARG(told[k].en));
			buf_format(&zh, "[%.*s: %.*s]", STR_ARG(told[k].what), STR_ARG(told[k].zh));
		}
		assert_string_equal(str_to_c(mem, buf_str(&en)), cases[i].en);
		assert_string_equal(str_to_c(mem, buf_str(&zh)), cases[i].zh);
		policy_free(a);
		policy_free(b);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_told) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
