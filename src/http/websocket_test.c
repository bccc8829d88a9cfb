/* WebSockets as a client that keeps the rules sees them, and as one that does not. */
#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define UPGRADE "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define SOCKET(fields) "GET /socket HTTP/1.1\r\nHost: a\r\n" fields "\r\n"

enum { TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, FIN = 0x80 };

static struct answer answer; /* large; each test runs alone */

static int open_socket(struct kit *kit)
{
	int fd = kit_connect(kit);
	kit_send(fd, SOCKET(UPGRADE VERSION KEY));
	/* kit_read would wait for a body. */
	kit_read(fd, true, &answer);
	assert_int_equal(answer.status, 101);
	return fd;
}

/* One frame of a client's: masked. */
static size_t frame(unsigned char *out, int first, const char *text, size_t n)
{
	static const unsigned char mask[4] = { 1, 2, 3, 4 };
	size_t at = 0;
	out[at++] = (unsigned char)first;
	if (n < 126) {
		out[at++] = (unsigned char)(0x80 | n);
	} else {
		out[at++] = 0x80 | 126;
		out[at++] = (unsigned char)(n >> 8);
		out[at++] = (unsigned char)n;
	}
	memcpy(out + at, mask, 4);
	at += 4;
	for (size_t i = 0; i < n; i++)
		out[at + i] = (unsigned char)text[i] ^ mask[i % 4];
	return at + n;
}

static void say(int fd, int first, const char *text, size_t n)
{
	static unsigned char bytes[70000];
	(void)kit_send_bytes(fd, bytes, frame(bytes, first, text, n));
}

/* Reads one frame of the server's; its first byte, or -1 at the end. */
static int hear(int fd, char *out, size_t *n)
{
	unsigned char head[4];
	if (recv(fd, head, 2, MSG_WAITALL) != 2)
		return -1;
	assert_int_equal(head[1] & 0x80, 0); /* a server does not mask */
	*n = head[1];
	if (*n == 126) {
		assert_int_equal(recv(fd, head + 2, 2, MSG_WAITALL), 2);
		*n = (size_t)head[2] << 8 | head[3];
	}
	if (*n > 0)
		assert_int_equal(recv(fd, out, *n, MSG_WAITALL), *n);
	out[*n] = 0;
	return head[0];
}

static void expect(int fd, int first, const char *text)
{
	static char got[70000];
	size_t n;
	assert_int_equal(hear(fd, got, &n), first);
	assert_string_equal(got, text);
}

/* The code of the close frame, past anything else; 0: the end without one. */
static int closed_with(int fd)
{
	static char got[70000];
	size_t n;
	for (int first; (first = hear(fd, got, &n)) >= 0;)
		if (first == (FIN | CLOSE))
			return n >= 2 ? (unsigned char)got[0] << 8 | (unsigned char)got[1] : 1005;
	return 0;
}

static void a_handshake_is_answered_as_the_rfc_says(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_socket(&kit);
	assert_true(kit_has(&answer, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	assert_true(kit_has(&answer, "Upgrade: websocket\r\n"));
	assert_true(kit_has(&answer, "Connection: Upgrade\r\n"));
	assert_true(kit_has(&answer, "X-Finish: yes\r\n"));
	kit_await_streams(&kit, 1);
	kit_say(&kit, "{\"event\":\"update\"}");
	expect(fd, FIN | TEXT, "{\"event\":\"update\"}");
	say(fd, FIN | TEXT, "hello", 5);
	expect(fd, FIN | TEXT, "hello");
	say(fd, FIN | PING, "are you there", 13);
	expect(fd, FIN | PONG, "are you there");
	say(fd, FIN | CLOSE, "\x03\xe8", 2);
	assert_int_equal(closed_with(fd), 1000);
	assert_true(kit_closed(fd));
	close(fd);
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

static void handshakes_that_lack_something_are_refused(void **state)
{
	static const struct {
		const char *name, *request;
		int want;
	} cases[] = {
		{ "no upgrade", SOCKET(VERSION KEY), 426 },
		{ "another protocol", SOCKET("Connection: upgrade\r\nUpgrade: h2c\r\n" VERSION KEY),
		  426 },
		{ "no connection field", SOCKET("Upgrade: websocket\r\n" VERSION KEY), 426 },
		{ "no version", SOCKET(UPGRADE KEY), 426 },
		{ "an old version", SOCKET(UPGRADE "Sec-WebSocket-Version: 8\r\n" KEY), 426 },
		{ "no key", SOCKET(UPGRADE VERSION), 400 },
		{ "a short key", SOCKET(UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n"),
		  400 },
		{ "a key that is no base64",
		  SOCKET(UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbX!sZSBub25jZQ==\r\n"), 400 },
	};
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		kit_ask(fd, cases[i].request, &answer);
		if (answer.status != cases[i].want)
			fail_msg("%s: %d", cases[i].name, answer.status);
		if (answer.status == 426)
			assert_true(kit_has(&answer, "Sec-WebSocket-Version: 13"));
	}
	close(fd);
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

static void fragments_make_one_message_and_may_be_interrupted(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_socket(&kit);
	say(fd, TEXT, "he", 2);
	say(fd, FIN | PING, "?", 1);
	expect(fd, FIN | PONG, "?");
	say(fd, 0, "ll", 2);
	say(fd, FIN | 0, "o", 1);
	expect(fd, FIN | TEXT, "hello");
	/* One byte at a time. */
	unsigned char bytes[64];
	size_t n = frame(bytes, FIN | TEXT, "drip", 4);
	for (size_t i = 0; i < n; i++) {
		assert_true(kit_send_bytes(fd, bytes + i, 1));
		usleep(2000);
	}
	expect(fd, FIN | TEXT, "drip");
	close(fd);
	kit_stop(&kit);
}

static void who_breaks_the_rules_is_told_and_closed(void **state)
{
	static char large[5000];
	memset(large, 'l', sizeof large);
	const struct {
		const char *name;
		str bytes;
		int first; /* when not raw */
		str text;
		int want;
	} cases[] = {
		{ "no mask", S("\x81\x02hi"), 0, STR_NONE, 1002 },
		{ "an unknown opcode", STR_NONE, FIN | 3, S("x"), 1002 },
		{ "a reserved bit", STR_NONE, FIN | 0x40 | TEXT, S("x"), 1002 },
		{ "a continuation of nothing", STR_NONE, FIN | 0, S("x"), 1002 },
		{ "a ping in fragments", STR_NONE, PING, S("x"), 1005 },
		{ "a message over 4 KiB", STR_NONE, FIN | TEXT, { large, sizeof large }, 1009 },
		{ "bytes that are no text", STR_NONE, FIN | TEXT, S("\xff\xfe"), 1007 },
		{ "a binary message", STR_NONE, FIN | BINARY, S("x"), 1003 },
		{ "a length no one has", S("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\2\3\4"), 0,
		  STR_NONE, 1005 },
	};
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int fd = open_socket(&kit);
		if (cases[i].bytes.p)
			assert_true(kit_send_bytes(fd, cases[i].bytes.p, cases[i].bytes.n));
		else
			say(fd, cases[i].first, cases[i].text.p, cases[i].text.n);
		int got = closed_with(fd);
		if (got != cases[i].want)
			fail_msg("%s: %d", cases[i].name, got);
		close(fd);
	}
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

static void fragments_over_the_limit_together_are_refused(void **state)
{
	char piece[1000];
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_socket(&kit);
	memset(piece, 'p', sizeof piece);
	say(fd, TEXT, piece, sizeof piece);
	for (int i = 0; i < 5; i++)
		say(fd, 0, piece, sizeof piece);
	assert_int_equal(closed_with(fd), 1009);
	close(fd);
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

static void an_end_is_said_and_does_not_wait_for_an_answer(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_socket(&kit);
	kit_await_streams(&kit, 1);
	int64_t from_ms = kit_now_ms();
	kit_say(&kit, "bye");
	expect(fd, FIN | TEXT, "bye");
	assert_int_equal(closed_with(fd), 1000); /* and never answers */
	kit_await_streams(&kit, 0);
	assert_in_range(kit_now_ms() - from_ms, 0, 1000);
	close(fd);

	fd = open_socket(&kit);
	kit_await_streams(&kit, 1);
	assert_true(http_server_drain(kit.server, 5000));
	assert_int_equal(closed_with(fd), 1001);
	close(fd);
	kit_stop(&kit);
}

static void a_socket_that_is_pinged_and_silent_is_gone(void **state)
{
	struct kit kit;
	char got[200];
	size_t n;
	(void)state;
	kit_init(&kit);
	kit.settings.beat_ms = 100;
	kit_start(&kit);
	int fd = open_socket(&kit);
	int64_t from_ms = kit_now_ms();
	while (kit_now_ms() - from_ms < 600) { /* one that answers stays */
		assert_int_equal(hear(fd, got, &n), FIN | PING);
		say(fd, FIN | PONG, got, n);
	}
	from_ms = kit_now_ms();
	kit_await_streams(&kit, 0);
	assert_in_range(kit_now_ms() - from_ms, 200, 2000);
	close(fd);
	kit_stop(&kit);
}

static void a_flood_of_pings_is_cut(void **state)
{
	char text[125];
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_socket(&kit);
	kit_await_streams(&kit, 1);
	memset(text, 'p', sizeof text);
	for (int i = 0; i < 2000; i++)
		say(fd, FIN | PING, text, sizeof text);
	kit_await_streams(&kit, 0);
	close(fd);
	kit_stop(&kit);
}

static void leaving_in_the_middle_is_noticed(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (int i = 0; i < 20; i++) {
		int fd = open_socket(&kit);
		if (i % 2)
			kit_send(fd, "\x81");
		close(fd);
	}
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handshake_is_answered_as_the_rfc_says),
		cmocka_unit_test(handshakes_that_lack_something_are_refused),
		cmocka_unit_test(fragments_make_one_message_and_may_be_interrupted),
		cmocka_unit_test(who_breaks_the_rules_is_told_and_closed),
		cmocka_unit_test(fragments_over_the_limit_together_are_refused),
		cmocka_unit_test(an_end_is_said_and_does_not_wait_for_an_answer),
		cmocka_unit_test(a_socket_that_is_pinged_and_silent_is_gone),
		cmocka_unit_test(a_flood_of_pings_is_cut),
		cmocka_unit_test(leaving_in_the_middle_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
