/* What a server must not be talked into: by broken requests, false addresses, split answers, noise. */
#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define CHUNKED(path) "POST " path " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

static struct answer answer; /* large; each test runs alone */

static void forwarded_addresses_are_the_proxys_word_alone(void **state)
{
	static const struct {
		const char *proxy, *want;
	} cases[] = { { NULL, "127.0.0.1" },
		      { "127.0.0.1", "198.51.100.7" },
		      { "10.0.0.1", "127.0.0.1" } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit kit;
		kit_init(&kit);
		kit.settings.trusted_proxy = cases[i].proxy;
		kit_start(&kit);
		kit_ask_alone(&kit,
		              "GET /peer HTTP/1.1\r\nHost: a\r\n"
		              "X-Forwarded-For: 10.9.9.9, 198.51.100.7\r\n\r\n",
		              &answer);
		assert_string_equal(answer.body, cases[i].want);
		kit_stop(&kit);
	}
}

static void a_value_cannot_split_an_answer(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	kit_ask_alone(&kit, GET("/field?value=plain"), &answer);
	assert_int_equal(answer.status, 200);
	assert_true(kit_has(&answer, "\r\nX-Value: plain\r\n"));
	kit_ask_alone(&kit, GET("/field?value=a%0D%0ASet-Cookie:%20x=1"), &answer);
	assert_int_equal(answer.status, 422);
	assert_false(kit_has(&answer, "Set-Cookie"));
	kit_stop(&kit);
}

static void malformed_requests_are_answered_400_and_closed(void **state)
{
	static const struct {
		const char *name;
		int status;
		str bytes;
	} cases[] = {
#define ROW(name, status, text)                                                                    \
	{                                                                                          \
		name, status, { text, sizeof(text) - 1 }                                           \
	}
		ROW("no request at all", 0, "hello\r\n\r\n"),
		ROW("no version", 400, "GET /\r\nHost: a\r\n\r\n"),
		ROW("an unknown version", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
		ROW("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
		ROW("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
		ROW("two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
		ROW("a header without a colon", 400,
		    "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
		ROW("a space before the colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"),
		ROW("a path with a raw space", 0, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW("two lengths", 400,
		    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
		ROW("length and chunks", 400,
		    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		ROW("a length that is none", 400,
		    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4x\r\n\r\nabcd"),
		ROW("an unknown encoding", 400,
		    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
		ROW("chunks in HTTP/1.0", 400,
		    "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		ROW("a chunk size that is none", 400, CHUNKED("/echo") "zz\r\nhello\r\n0\r\n\r\n"),
		ROW("a chunk longer than said", 400, CHUNKED("/echo") "1\r\nhello\r\n0\r\n\r\n"),
		ROW("a chunk size past 64 bits", 413,
		    CHUNKED("/echo") "fffffffffffffffff\r\nhello"),
		ROW("an escaped NUL", 400, GET("/a%00")),
		ROW("an escaped slash", 400, GET("/a%2Fb")),
		ROW("a query that is no UTF-8", 400, GET("/read?a=%FF")),
		ROW("an absolute target", 400, GET("http://a/read")),
#undef ROW
	};
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int fd = kit_connect(&kit);
		assert_true(kit_send_bytes(fd, cases[i].bytes.p, cases[i].bytes.n));
		kit_read(fd, false, &answer);
		if (answer.status != cases[i].status || !kit_closed(fd))
			fail_msg("%s: %d", cases[i].name, answer.status);
		close(fd);
	}
	kit_ask_alone(&kit, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	kit_stop(&kit);
}

static void a_head_over_its_limit_is_refused(void **state)
{
	struct kit kit;
	char line[1024];
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (int kib = 8; kib <= 128; kib *= 2) {
		int fd = kit_connect(&kit);
		bool sent = kit_send_bytes(fd, "GET /read HTTP/1.1\r\nHost: a\r\n", 29);
		memset(line, 'a', sizeof line);
		memcpy(line, "X: ", 3);
		memcpy(line + 1022, "\r\n", 2);
		for (int i = 0; i < kib && sent; i++)
			sent = kit_send_bytes(fd, line, sizeof line);
		(void)(sent && kit_send_bytes(fd, "\r\n", 2));
		kit_read(fd, false, &answer);
		assert_int_equal(answer.status, kib < 16 ? 200 : 431);
		close(fd);
	}
	kit_stop(&kit);
}

static void noise_leaves_the_server_standing(void **state)
{
	struct kit kit;
	uint64_t seed = 5;
	struct chance chance = chance_seeded(&seed);
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (int i = 0; i < 300; i++) {
		char bytes[600];
		chance_fill(chance, bytes, sizeof bytes);
		int fd = kit_connect(&kit);
		/* Half of them begin well and then turn bad. */
		if (i % 2)
			memcpy(bytes, CHUNKED("/echo"),
			       sizeof(CHUNKED("/echo")) - 1 - (size_t)(i % 40));
		(void)kit_send_bytes(fd, bytes, 1 + 2 * (size_t)(bytes[599] & 0xFF));
		close(fd);
	}
	kit_ask_alone(&kit, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forwarded_addresses_are_the_proxys_word_alone),
		cmocka_unit_test(a_value_cannot_split_an_answer),
		cmocka_unit_test(malformed_requests_are_answered_400_and_closed),
		cmocka_unit_test(a_head_over_its_limit_is_refused),
		cmocka_unit_test(noise_leaves_the_server_standing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
