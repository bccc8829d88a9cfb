/* Bodies that go on: what is said arrives, once each and in order; who does not read, or must go, is let go. */
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

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static struct answer answer; /* large; each test runs alone */

/* Exactly `n` bytes, or fewer at the end of the stream. */
static size_t read_n(int fd, char *out, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t k = recv(fd, out + got, n - got, 0);
		if (k <= 0)
			break;
		got += (size_t)k;
	}
	return got;
}

static void expect(int fd, const char *text)
{
	char got[4096] = "";
	size_t n = read_n(fd, got, strlen(text));
	got[n] = 0;
	assert_string_equal(got, text);
}

/* The head is read; the stream is open. */
static int open_events(const struct kit *kit, const char *path)
{
	char text[200];
	int fd = kit_connect(kit);
	snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
	kit_ask(fd, text, &answer);
	assert_int_equal(answer.status, 200);
	return fd;
}

static void what_is_said_arrives_in_order(void **state)
{
	static const char *const paths[] = { "/events", "/events-write" };
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < 2; i++) {
		int fd = open_events(&kit, paths[i]);
		assert_true(kit_has(&answer, "Content-Type: text/event-stream"));
		assert_true(kit_has(&answer, "X-Finish: yes"));
		assert_true(kit_has(&answer, "Connection: close"));
		assert_false(kit_has(&answer, "Content-Length"));
		kit_await_streams(&kit, 1);
		kit_say(&kit, "one\n");
		kit_say(&kit, "two\n");
		expect(fd, "one\ntwo\n");
		kit_say(&kit, "three\n");
		expect(fd, "three\n");
		kit_say(&kit, "bye");
		expect(fd, "bye");
		assert_true(kit_closed(fd));
		close(fd);
		kit_await_streams(&kit, 0);
	}
	kit_stop(&kit);
}

static void a_head_request_opens_nothing(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	kit_ask(fd, "HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
	assert_int_equal(answer.status, 200);
	kit_ask(fd, GET("/read"), &answer);
	assert_string_equal(answer.body, "read");
	close(fd);
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

static void a_silent_stream_beats(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.beat_ms = 100;
	kit_start(&kit);
	int fd = open_events(&kit, "/events");
	int64_t from_ms = kit_now_ms();
	expect(fd, ":\n:\n:\n");
	assert_in_range(kit_now_ms() - from_ms, 250, 2000);
	close(fd);
	kit_await_streams(&kit, 0); /* its leaving is noticed */
	kit_stop(&kit);
}

static void places_for_streams_are_counted(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.streams_max = 2;
	kit_start(&kit);
	int first = open_events(&kit, "/events"), second = open_events(&kit, "/events");
	kit_ask_alone(&kit, GET("/events"), &answer);
	assert_int_equal(answer.status, 503);
	assert_true(kit_has(&answer, "Retry-After: 1"));
	close(first);
	kit_await_streams(&kit, 1);
	while (metrics_value(kit.metrics, METRICS_STREAMS) > 1)
		usleep(1000);
	usleep(1000);
	first = open_events(&kit, "/events");
	close(first);
	close(second);
	kit_stop(&kit);
}

static void an_addresss_streams_count_among_its_connections(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.connections_per_peer = 3;
	kit_start(&kit);
	int fds[3];
	for (int i = 0; i < 3; i++) {
		fds[i] = open_events(&kit, "/events");
		kit_await_streams(&kit, i + 1);
		while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 0)
			usleep(1000);
	}
	int fourth = kit_connect(&kit);
	kit_ask(fourth, GET("/read"), &answer);
	assert_int_equal(answer.status, 0);
	close(fourth);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	kit_await_streams(&kit, 0);
	kit_ask_alone(&kit, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	kit_stop(&kit);
}

static void one_who_does_not_read_is_cut_and_the_others_hear_on(void **state)
{
	static char long_text[60001];
	struct kit kit;
	int small = 4096;
	(void)state;
	kit_init(&kit);
	kit.settings.body_ms = 300;
	kit_start(&kit);
	memset(long_text, 'x', sizeof long_text - 1);
	int deaf = kit_connect(&kit);
	setsockopt(deaf, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	kit_ask(deaf, GET("/events"), &answer);
	int fd = open_events(&kit, "/events");
	kit_await_streams(&kit, 2);
	for (int i = 0; i < 20; i++) {
		kit_say(&kit, long_text);
		char *got = malloc(sizeof long_text);
		assert_int_equal(read_n(fd, got, sizeof long_text - 1), sizeof long_text - 1);
		free(got);
	}
	kit_await_streams(&kit, 1);
	kit_say(&kit, "still here");
	expect(fd, "still here");
	close(fd);
	close(deaf);
	kit_stop(&kit);
}

static void an_end_is_an_end_whatever_the_client_does(void **state)
{
	static char long_text[60001];
	struct kit kit;
	int small = 4096;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	memset(long_text, 'x', sizeof long_text - 1);
	int deaf = kit_connect(&kit);
	setsockopt(deaf, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	kit_ask(deaf, GET("/events"), &answer);
	kit_await_streams(&kit, 1);
	for (int i = 0; i < 20; i++)
		kit_say(&kit, long_text);
	int64_t from_ms = kit_now_ms();
	kit_end_streams(&kit);
	kit_await_streams(&kit, 0);
	assert_in_range(kit_now_ms() - from_ms, 0, 1000);
	close(deaf);
	kit_stop(&kit);
}

static void a_client_that_talks_without_end_is_cut(void **state)
{
	static char noise[100000];
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = open_events(&kit, "/events");
	kit_await_streams(&kit, 1);
	memset(noise, 'n', sizeof noise);
	for (int i = 0; i < 10 && kit_send_bytes(fd, noise, sizeof noise); i++)
		;
	kit_await_streams(&kit, 0);
	close(fd);
	kit_stop(&kit);
}

static void draining_and_stopping_end_streams(void **state)
{
	struct kit kit;
	(void)state;
	for (int drained = 0; drained < 2; drained++) {
		int fds[20];
		kit_init(&kit);
		kit_start(&kit);
		for (int i = 0; i < 20; i++)
			fds[i] = open_events(&kit, "/events");
		int64_t from_ms = kit_now_ms();
		if (drained)
			assert_true(http_server_drain(kit.server, 5000));
		kit_stop(&kit); /* asserts that none is left */
		assert_in_range(kit_now_ms() - from_ms, 0, 3000);
		for (int i = 0; i < 20; i++) {
			assert_true(kit_closed(fds[i]));
			close(fds[i]);
		}
	}
}

struct talker {
	struct kit *kit;
	pthread_t thread;
};

static void *talk(void *arg)
{
	struct talker *talker = arg;
	for (int i = 0; i < 200; i++)
		kit_say(talker->kit, "x");
	return NULL;
}

/* Nothing is said twice, nothing is lost while there is room: 4 threads wake 8 streams that are read all the time. */
static void wakes_from_many_threads_lose_nothing(void **state)
{
	struct kit kit;
	struct talker talkers[4];
	int fds[8];
	char got[16];
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	for (int i = 0; i < 8; i++)
		fds[i] = open_events(&kit, "/events");
	kit_await_streams(&kit, 8);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 4; i++) {
			kit_say(&kit, "r");
			kit_say(&kit, "s");
		}
		for (int i = 0; i < 8; i++) {
			assert_int_equal(read_n(fds[i], got, 8), 8);
			assert_memory_equal(got, "rsrsrsrs", 8);
		}
	}
	for (int i = 0; i < 4; i++) {
		talkers[i].kit = &kit;
		assert_int_equal(pthread_create(&talkers[i].thread, NULL, talk, &talkers[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(talkers[i].thread, NULL);
	kit_say(&kit, "bye");
	for (int i = 0; i < 8; i++)
		close(fds[i]); /* in the middle of it */
	kit_await_streams(&kit, 0);
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_arrives_in_order),
		cmocka_unit_test(a_head_request_opens_nothing),
		cmocka_unit_test(a_silent_stream_beats),
		cmocka_unit_test(places_for_streams_are_counted),
		cmocka_unit_test(an_addresss_streams_count_among_its_connections),
		cmocka_unit_test(one_who_does_not_read_is_cut_and_the_others_hear_on),
		cmocka_unit_test(an_end_is_an_end_whatever_the_client_does),
		cmocka_unit_test(a_client_that_talks_without_end_is_cut),
		cmocka_unit_test(draining_and_stopping_end_streams),
		cmocka_unit_test(wakes_from_many_threads_lose_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
