#include "http/head.h"

#include "http/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Fields as "Name: value" lines. */
static struct head_fault read_lines(struct arena *mem, const char *method, const char *target,
                                    const char *lines, bool proxy, struct http_request *out,
                                    struct head_framing *framing)
{
	struct head head = { .method = str_of(method),
		             .target = str_of(target),
		             .version = S("HTTP/1.1"),
		             .proxy = proxy };
	head.fields = ARENA_ARRAY(mem, 200, struct http_field);
	for (str rest = str_of(lines); rest.n > 0;) {
		str value = str_cut(&rest, '\n');
		str name = str_cut(&value, ':');
		head.fields[head.fields_n++] = (struct http_field){ name, str_trim(value) };
	}
	assert_true(http_peer_of(S("192.0.2.1"), &head.peer));
	return head_read(&head, mem, out, framing);
}

static void a_head_is_read_strictly(void **state)
{
	static const struct {
		const char *name, *method, *target, *fields;
		int status;
		bool close;
	} cases[] = {
		{ "plain", "GET", "/a/b?x=1", "Host: a", 0, false },
		{ "HEAD is known", "HEAD", "/", "Host: a", 0, false },
		{ "a port in Host", "GET", "/", "Host: a.example:8420", 0, false },
		{ "an IPv6 Host", "GET", "/", "Host: [::1]:8420", 0, false },
		{ "a length", "POST", "/", "Host: a\nContent-Length: 3", 0, false },
		{ "chunks", "POST", "/", "Host: a\nTransfer-Encoding: Chunked", 0, false },

		{ "an unknown method", "BREW", "/", "Host: a", 405, false },
		{ "a method in lower case", "get", "/", "Host: a", 405, false },
		{ "CONNECT", "CONNECT", "/", "Host: a", 405, false },
		{ "no Host", "GET", "/", "X: a", 400, true },
		{ "an empty Host", "GET", "/", "Host:", 400, true },
		{ "two Hosts", "GET", "/", "Host: a\nhost: b", 400, true },
		{ "a Host with a path", "GET", "/", "Host: a/b", 400, true },
		{ "a Host with a user", "GET", "/", "Host: u@a", 400, true },
		{ "two lengths", "POST", "/", "Host: a\nContent-Length: 3\nContent-Length: 3", 400,
		  true },
		{ "a list of lengths", "POST", "/", "Host: a\nContent-Length: 3, 3", 400, true },
		{ "a signed length", "POST", "/", "Host: a\nContent-Length: +3", 400, true },
		{ "a hex length", "POST", "/", "Host: a\nContent-Length: 0x3", 400, true },
		{ "an empty length", "POST", "/", "Host: a\nContent-Length:", 400, true },
		{ "a length past 64 bits", "POST", "/",
		  "Host: a\nContent-Length: 99999999999999999999", 400, true },
		{ "length and chunks", "POST", "/",
		  "Host: a\nContent-Length: 3\nTransfer-Encoding: chunked", 400, true },
		{ "chunks in disguise", "POST", "/", "Host: a\nTransfer-Encoding: xchunked", 400,
		  true },
		{ "two encodings in one", "POST", "/", "Host: a\nTransfer-Encoding: gzip, chunked",
		  400, true },
		{ "identity encoding", "POST", "/", "Host: a\nTransfer-Encoding: identity", 400,
		  true },
		{ "a space before the colon", "POST", "/", "Host: a\nContent-Length : 3", 400,
		  true },
		{ "an empty name", "GET", "/", "Host: a\n: b", 400, true },
		{ "a control byte in a value", "GET", "/", "Host: a\nX: a\x01", 400, true },
		{ "two Authorizations", "GET", "/", "Host: a\nAuthorization: a\nAuthorization: b",
		  400, true },
		{ "a packed body", "POST", "/",
		  "Host: a\nContent-Encoding: gzip\nContent-Length: 3", 415, false },
		{ "an unknown expectation", "POST", "/", "Host: a\nExpect: tea", 417, false },

		{ "an absolute target", "GET", "http://a/", "Host: a", 400, true },
		{ "an asterisk target", "OPTIONS", "*", "Host: a", 400, true },
		{ "no target", "GET", "", "Host: a", 400, true },
		{ "a fragment", "GET", "/a#b", "Host: a", 400, true },
		{ "raw bytes outside ASCII", "GET", "/\xe5\x8f\x8b", "Host: a", 400, true },
		{ "escaped UTF-8", "GET", "/%E5%8F%8B", "Host: a", 0, false },
		{ "escaped bytes that are no UTF-8", "GET", "/%E5%8F", "Host: a", 400, true },
		{ "an escaped slash", "GET", "/a%2fb", "Host: a", 400, true },
		{ "an escaped backslash", "GET", "/a%5Cb", "Host: a", 400, true },
		{ "an escaped NUL", "GET", "/a%00b", "Host: a", 400, true },
		{ "an escaped line break", "GET", "/a%0D%0Ab", "Host: a", 400, true },
		{ "a broken escape", "GET", "/a%2", "Host: a", 400, true },
		{ "an escape that is no hex", "GET", "/a%zz", "Host: a", 400, true },
		{ "a query that is no UTF-8", "GET", "/?a=%FF", "Host: a", 400, true },
		{ "a query with a broken escape", "GET", "/?a=%", "Host: a", 400, true },
		{ "a query with a name twice", "GET", "/?a=1&a=2", "Host: a", 400, true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		struct http_request request;
		struct head_framing framing;
		struct head_fault fault = read_lines(mem, cases[i].method, cases[i].target,
		                                     cases[i].fields, false, &request, &framing);
		if (fault.status != cases[i].status || fault.close != cases[i].close)
			fail_msg("%s: got %d", cases[i].name, fault.status);
		arena_free(mem);
	}
}

static void what_was_read_is_decoded_once(void **state)
{
	struct arena *mem = arena_new(4096);
	struct http_request request;
	struct head_framing framing;
	(void)state;
	struct head_fault fault = read_lines(
		mem, "POST", "/people/%E5%8F%8B%2520?q=a%20b+c&id[]=1&id[]=2",
		"Host: a\nContent-Type: Application/JSON ; charset=utf-8\n"
		"Content-Length: 12\nIf-None-Match: \"x\"",
		false, &request, &framing);
	assert_int_equal(fault.status, 0);
	assert_int_equal(request.method, HTTP_POST);
	assert_true(str_eq(request.path, S("/people/\xe5\x8f\x8b%20")));
	assert_true(str_eq(http_query(&request, "q"), S("a b c")));
	assert_null(http_query(&request, "none").p);
	assert_true(str_eq(request.content_type, S("application/json")));
	assert_true(str_eq(http_header(&request, "if-none-match"), S("\"x\"")));
	assert_null(http_header(&request, "etag").p);
	assert_int_equal(framing.bytes, 12);
	int64_t *ids;
	size_t n;
	assert_false(failed(params_ids(request.query, "id", 10, mem, &ids, &n)));
	assert_int_equal(n, 2);
	arena_free(mem);
}

static void the_callers_address_is_believed_from_the_proxy_alone(void **state)
{
	static const struct {
		const char *name, *fields;
		bool proxy;
		const char *want;
	} cases[] = {
		{ "no proxy, no header", "Host: a", false, "192.0.2.1" },
		{ "a stranger's claim", "Host: a\nX-Forwarded-For: 10.0.0.1", false, "192.0.2.1" },
		{ "the proxy's word", "Host: a\nX-Forwarded-For: 198.51.100.7", true,
		  "198.51.100.7" },
		{ "the last address counts", "Host: a\nX-Forwarded-For: 10.0.0.1, 198.51.100.7",
		  true, "198.51.100.7" },
		{ "the last header counts",
		  "Host: a\nX-Forwarded-For: 10.0.0.1\nX-Forwarded-For: 198.51.100.7", true,
		  "198.51.100.7" },
		{ "an IPv6 address", "Host: a\nX-Forwarded-For: 2001:db8::7", true, "2001:db8::7" },
		{ "nonsense leaves the socket's", "Host: a\nX-Forwarded-For: 198.51.100.7, x", true,
		  "192.0.2.1" },
		{ "other headers are nothing",
		  "Host: a\nX-Real-IP: 10.0.0.1\nForwarded: for=10.0.0.1", true, "192.0.2.1" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		struct http_request request;
		struct head_framing framing;
		struct head_fault fault = read_lines(mem, "GET", "/", cases[i].fields,
		                                     cases[i].proxy, &request, &framing);
		if (fault.status != 0 ||
		    !str_eq(http_peer_text(&request.peer, mem), str_of(cases[i].want)))
			fail_msg("%s", cases[i].name);
		arena_free(mem);
	}
}

static void too_many_fields_are_refused(void **state)
{
	struct arena *mem = arena_new(4096);
	struct http_request request;
	struct head_framing framing;
	char lines[200 * 5] = "Host: a\n";
	(void)state;
	for (int i = 0; i < HEAD_FIELDS_MAX - 1; i++)
		strcat(lines, "X: y\n");
	assert_int_equal(read_lines(mem, "GET", "/", lines, false, &request, &framing).status, 0);
	strcat(lines, "X: y\n");
	assert_int_equal(read_lines(mem, "GET", "/", lines, false, &request, &framing).status, 431);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_read_strictly),
		cmocka_unit_test(what_was_read_is_decoded_once),
		cmocka_unit_test(the_callers_address_is_believed_from_the_proxy_alone),
		cmocka_unit_test(too_many_fields_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
