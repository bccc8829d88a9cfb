/* What people wrote, as HTML inside JSON. */
#include "api/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define LINK(address)                                                                              \
	"<a href=\\\"" address                                                                     \
	"\\\" target=\\\"_blank\\\" rel=\\\"nofollow noopener noreferrer\\\">" address "</a>"
#define NAME(segment, handle)                                                                      \
	"<span class=\\\"h-card\\\"><a href=\\\"https://c.example/people/" segment                 \
	"\\\" class=\\\"u-url mention\\\">@<span>" handle "</span></a></span>"

#define TAG(sign, segment, word)                                                                   \
	"<a href=\\\"https://c.example/search?tag=" segment                                        \
	"\\\" class=\\\"mention hashtag\\\" rel=\\\"tag\\\">" sign "<span>" word "</span></a>"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "no text is an empty string", "", "\"\"" },
	{ "words become one paragraph", "good day", "\"<p>good day</p>\"" },
	{ "markup is words", "<b>&'\"\\</b>",
	  "\"<p>&lt;b&gt;&amp;&#39;&quot;\\\\&lt;/b&gt;</p>\"" },
	{ "a newline breaks the line", "a\nb\r\nc", "\"<p>a<br>b<br>c</p>\"" },
	{ "a control byte is dropped and a tab is kept", "a\x01\tb", "\"<p>a\\tb</p>\"" },
	{ "other scripts pass as they are", "你好 \xf0\x9f\x8c\xb8",
	  "\"<p>你好 \xf0\x9f\x8c\xb8</p>\"" },
	{ "an address becomes a link that shows it", "see http://a.example/x?y=1#z",
	  "\"<p>see " LINK("http://a.example/x?y=1#z") "</p>\"" },
	{ "an ampersand in an address is escaped twice over", "https://a.example/?a&b",
	  "\"<p>" LINK("https://a.example/?a&amp;b") "</p>\"" },
	{ "a quote ends an address", "https://a.example/\"onclick=",
	  "\"<p>" LINK("https://a.example/") "&quot;onclick=</p>\"" },
	{ "a sentence keeps its full stop", "at https://a.example/x.",
	  "\"<p>at " LINK("https://a.example/x") ".</p>\"" },
	{ "a closing bracket belongs to the sentence", "(https://a.example/x)",
	  "\"<p>(" LINK("https://a.example/x") ")</p>\"" },
	{ "a bracket pair may belong to the address", "https://a.example/x_(y)",
	  "\"<p>" LINK("https://a.example/x_(y)") "</p>\"" },
	{ "Chinese ends an address without a space", "看https://a.example/x，好",
	  "\"<p>看" LINK("https://a.example/x") "，好</p>\"" },
	{ "a scheme alone is no address", "http:// https://.", "\"<p>http:// https://.</p>\"" },
	{ "other schemes are words", "javascript:alert(1)", "\"<p>javascript:alert(1)</p>\"" },
	{ "the end of a word is no address", "xhttp://a.example", "\"<p>xhttp://a.example</p>\"" },
	{ "a name becomes a link", "@lin and @Lin",
	  "\"<p>" NAME("lin", "lin") " and " NAME("lin", "lin") "</p>\"" },
	{ "the longer of two handles wins", "@lin.yu!",
	  "\"<p>" NAME("lin.yu", "lin.yu") "!</p>\"" },
	{ "a longer word is another name", "@linda", "\"<p>@linda</p>\"" },
	{ "a dot inside makes another name", "@lin.da", "\"<p>@lin.da</p>\"" },
	{ "a name inside an address of mail is no name", "x@lin", "\"<p>x@lin</p>\"" },
	{ "a Han handle is found in running text", "谢谢@小满你",
	  "\"<p>谢谢" NAME("%E5%B0%8F%E6%BB%A1", "小满") "你</p>\"" },
	{ "someone not among the mentions stays plain", "@maya", "\"<p>@maya</p>\"" },
	{ "a #word becomes a link", "so #Tea, #1", "\"<p>so " TAG("#", "Tea", "Tea") ", #1</p>\"" },
	{ "a tag in Chinese, closed or not", "看#家事#好",
	  "\"<p>看" TAG("#", "%E5%AE%B6%E4%BA%8B", "家事") "#好</p>\"" },
	{ "the wide sign begins one too",
	  "\xef\xbc\x83"
	  "a，",
	  "\"<p>" TAG("\xef\xbc\x83", "a", "a") "，</p>\"" },
	{ "the fragment of an address is no tag", "https://a.example/#top",
	  "\"<p>" LINK("https://a.example/#top") "</p>\"" },
	{ "a lone sign at the end stays plain", "a @", "\"<p>a @</p>\"" },
};

static void shows(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	static const struct person people[] = {
		{ .handle = { "lin", 3 } },
		{ .handle = { "lin.yu", 6 } },
		{ .handle = { "小满", 6 } },
	};
	struct arena *mem = arena_new(1024);
	struct buf b;
	buf_init(&b, mem, 4096);
	html_json(&b, str_of(cases[i].text), S("https://c.example"), people, 3);
	buf_char(&b, 0);
	assert_string_equal(b.p, cases[i].want);
	arena_free(mem);
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N];
	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			                        .test_func = shows,
			                        .initial_state = (void *)(uintptr_t)i };
	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
