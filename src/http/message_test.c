#include "http/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void headers_that_could_break_out_are_refused(void **state)
{
	const struct {
		const char *name, *field;
		str value;
		bool want;
	} cases[] = {
		{ "a plain value is taken", "Link", { "<a>; rel=\"next\"", 15 }, true },
		{ "text outside ASCII is taken", "X-Name", { "\xe5\x8f\x8b", 3 }, true },
		{ "CR LF is refused", "Location", { "/a\r\nSet-Cookie: x=1", 19 }, false },
		{ "a bare LF is refused", "Location", { "/a\nb", 4 }, false },
		{ "a bare CR is refused", "Location", { "/a\rb", 4 }, false },
		{ "NUL is refused", "Location", { "/a\0b", 4 }, false },
		{ "DEL is refused", "Location", { "/a\x7f", 3 }, false },
		{ "a colon in a name is refused", "A: b", { "c", 1 }, false },
		{ "an empty name is refused", "", { "c", 1 }, false },
		{ "a line break in a name is refused", "A\r\nB", { "c", 1 }, false },
		{ "Content-Length is the server's", "content-length", { "3", 1 }, false },
		{ "Transfer-Encoding is the server's", "Transfer-Encoding", { "x", 1 }, false },
		{ "Connection is the server's", "Connection", { "x", 1 }, false },
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_reply reply;
		http_reply_init(&reply, mem);
		err e = http_reply_field(&reply, cases[i].field, cases[i].value);
		if (failed(e) == cases[i].want || (reply.fields_n == 1) != cases[i].want)
			fail_msg("%s", cases[i].name);
	}
	arena_free(mem);
}

static void many_fields_keep_their_order(void **state)
{
	struct arena *mem = arena_new(4096);
	struct http_reply reply;
	(void)state;
	http_reply_init(&reply, mem);
	for (int i = 0; i < 100; i++)
		assert_false(failed(http_reply_field(&reply, "X", str_format(mem, "%d", i))));
	for (int i = 0; i < 100; i++)
		assert_true(str_eq(reply.fields[i].value, str_format(mem, "%d", i)));
	arena_free(mem);
}

static void an_error_is_json_that_names_the_field(void **state)
{
	struct arena *mem = arena_new(4096);
	struct http_reply reply;
	(void)state;
	http_reply_init(&reply, mem);
	http_reply_error(&reply, 422, "status", "Say \"something\".");
	assert_int_equal(reply.status, 422);
	assert_true(
		str_eq(reply.body, S("{\"error\":\"Say \\\"something\\\".\",\"error_description\":"
	                             "\"Say \\\"something\\\".\",\"field\":\"status\",\"details\":{"
	                             "\"status\":[{\"error\":\"ERR_INVALID\",\"description\":"
	                             "\"Say \\\"something\\\".\"}]}}")));
	http_reply_error(&reply, 404, NULL, "No.");
	assert_true(str_eq(reply.body, S("{\"error\":\"No.\",\"error_description\":\"No.\"}")));
	arena_free(mem);
}

static void cookies_are_found_by_their_whole_name(void **state)
{
	static const struct {
		const char *name, *first, *second, *want;
	} cases[] = {
		{ "alone", "kith_session=abc", NULL, "abc" },
		{ "among others", "a=1; kith_session=abc; b=2", NULL, "abc" },
		{ "in a second header", "a=1", "kith_session=abc", "abc" },
		{ "a longer name is another cookie", "xkith_session=abc", NULL, NULL },
		{ "a shorter name is another cookie", "kith_sess=abc", NULL, NULL },
		{ "twice is none", "kith_session=abc; kith_session=evil", NULL, NULL },
		{ "twice over two headers is none", "kith_session=a", "kith_session=b", NULL },
		{ "without '=' is none", "kith_session", NULL, NULL },
		{ "an empty value is empty", "kith_session=", NULL, "" },
		{ "'=' in the value stays", "kith_session=a=b", NULL, "a=b" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_field fields[] = {
			{ S("Cookie"), str_of(cases[i].first) },
			{ S("cookie"), str_of(cases[i].second) },
		};
		struct http_request request = { .fields = fields,
			                        .fields_n = cases[i].second ? 2 : 1 };
		str got = http_cookie(&request, "kith_session");
		if ((got.p != NULL) != (cases[i].want != NULL) ||
		    !str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: got '%.*s'", cases[i].name, STR_ARG(got));
	}
}

static void addresses_are_read_and_printed(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "203.0.113.9", "203.0.113.9" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "[2001:db8::1]", "2001:db8::1" },
		{ "::ffff:203.0.113.9", "203.0.113.9" },
		{ "203.0.113.9:80", NULL },
		{ "203.0.113", NULL },
		{ "unknown", NULL },
		{ "", NULL },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd", NULL },
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_peer peer;
		bool read = http_peer_of(str_of(cases[i].text), &peer);
		if (read != (cases[i].want != NULL) ||
		    (read && !str_eq(http_peer_text(&peer, mem), str_of(cases[i].want))))
			fail_msg("%s", cases[i].text);
	}
	arena_free(mem);
}

static void one_caller_is_an_ipv4_address_or_an_ipv6_network(void **state)
{
	struct http_peer a, b;
	(void)state;
	assert_true(http_peer_of(S("203.0.113.9"), &a) && http_peer_of(S("203.0.113.10"), &b));
	assert_int_not_equal(http_peer_key(&a), http_peer_key(&b));
	assert_true(http_peer_of(S("2001:db8:0:1::1"), &a) &&
	            http_peer_of(S("2001:db8:0:1:ffff::2"), &b));
	assert_int_equal(http_peer_key(&a), http_peer_key(&b));
	assert_true(http_peer_of(S("2001:db8:0:2::1"), &b));
	assert_int_not_equal(http_peer_key(&a), http_peer_key(&b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_that_could_break_out_are_refused),
		cmocka_unit_test(many_fields_keep_their_order),
		cmocka_unit_test(an_error_is_json_that_names_the_field),
		cmocka_unit_test(cookies_are_found_by_their_whole_name),
		cmocka_unit_test(addresses_are_read_and_printed),
		cmocka_unit_test(one_caller_is_an_ipv4_address_or_an_ipv6_network),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
