/* The janitor is tried at work, inside a real server: deadlines short, clients slow. */
#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static struct answer answer;

/* One byte of `text` each 20 ms until the other side is gone; for how long that went well. */
static int64_t drip_ms(int fd, const char *text)
{
	int64_t from_ms = kit_now_ms();
	for (size_t i = 0; kit_now_ms() - from_ms < 5000; i++) {
		char sink;
		if (!kit_send_bytes(fd, &text[i % strlen(text)], 1) ||
		    recv(fd, &sink, 1, MSG_DONTWAIT) == 0)
			break;
		usleep(20 * 1000);
	}
	return kit_now_ms() - from_ms;
}

static void start(struct kit *kit)
{
	kit_init(kit);
	kit->settings.head_ms = 300;
	kit->settings.body_ms = 500;
	kit->settings.idle_ms = 700;
	kit->settings.bytes_per_second = 1000000000;
	kit_start(kit);
}

static void a_head_that_drips_is_cut(void **state)
{
	struct kit kit;
	(void)state;
	start(&kit);
	int fd = kit_connect(&kit);
	assert_in_range(drip_ms(fd, "GET /read HTTP/1.1 and so on for ever"), 250, 2000);
	close(fd);
	fd = kit_connect(&kit);
	kit_send(fd, "GET /read HTTP/1.1\r\nHost: a\r\n");
	assert_in_range(drip_ms(fd, "X: y\r\n"), 250, 2000);
	close(fd);
	/* A later request on a kept connection has the time of idling, then that of a head. */
	fd = kit_connect(&kit);
	kit_ask(fd, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	assert_in_range(drip_ms(fd, "GET /read HTTP/1.1 and so on for ever"), 600, 3000);
	close(fd);
	fd = kit_connect(&kit);
	kit_ask(fd, GET("/read"), &answer);
	kit_send(fd, "GET /read HTTP/1.1\r\nHost: a\r\n");
	assert_in_range(drip_ms(fd, "X: y\r\n"), 250, 2000);
	close(fd);
	kit_stop(&kit);
}

static void a_body_that_drips_is_cut_while_others_are_served(void **state)
{
	struct kit kit;
	(void)state;
	start(&kit);
	int slow = kit_connect(&kit), dripping = kit_connect(&kit);
	kit_send(slow, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nabc");
	for (int i = 0; i < 5; i++) {
		kit_ask_alone(&kit, GET("/write"), &answer);
		assert_int_equal(answer.status, 200);
	}
	kit_send(dripping, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
	assert_in_range(drip_ms(dripping, "1\r\na\r\n"), 400, 2500);
	assert_true(kit_closed(slow));
	close(slow);
	close(dripping);
	kit_stop(&kit);
}

static void a_body_in_time_for_its_size_is_taken(void **state)
{
	struct kit kit;
	char piece[100];
	(void)state;
	kit_init(&kit);
	kit.settings.body_ms = 200;
	kit.settings.bytes_per_second = 1000;
	kit_start(&kit);
	int fd = kit_connect(&kit);
	memset(piece, 'a', sizeof piece);
	kit_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
	for (int i = 0; i < 10; i++) { /* 0.6 s, well past body_ms alone */
		assert_true(kit_send_bytes(fd, piece, sizeof piece));
		usleep(60 * 1000);
	}
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, 1000);
	close(fd);
	kit_stop(&kit);
}

static void one_who_does_not_read_is_cut(void **state)
{
	struct kit kit;
	int small = 4096, large = 1 << 20;
	(void)state;
	start(&kit);
	int fd = kit_connect(&kit);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	kit_send(fd, GET("/large"));
	while (metrics_value(kit.metrics, METRICS_IN_FLIGHT) == 0)
		usleep(1000);
	int64_t from_ms = kit_now_ms();
	while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 0 && kit_now_ms() - from_ms < 5000)
		usleep(10 * 1000);
	assert_in_range(kit_now_ms() - from_ms, 400, 2500);
	/* What the kernel holds still comes; through the small window it would take minutes. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
	setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &large, sizeof large);
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, -200);
	close(fd);
	kit_stop(&kit);
}

static void idle_connections_end_and_work_is_left_alone(void **state)
{
	struct kit kit;
	(void)state;
	start(&kit);
	int never = kit_connect(&kit), once = kit_connect(&kit), busy = kit_connect(&kit);
	kit_ask(once, GET("/read"), &answer);
	kit_send(busy, GET("/wait"));
	kit_await(&kit, 1);
	int64_t from_ms = kit_now_ms();
	assert_true(kit_closed(never));
	assert_in_range(kit_now_ms() - from_ms, 100, 2000);
	assert_true(kit_closed(once));
	assert_in_range(kit_now_ms() - from_ms, 400, 2500);
	usleep(1000 * 1000); /* past every deadline */
	kit_open(&kit);
	kit_read(busy, false, &answer);
	assert_int_equal(answer.status, 200);
	close(never);
	close(once);
	close(busy);
	kit_stop(&kit);
}

static void one_address_has_so_many_connections(void **state)
{
	static const struct {
		const char *proxy;
		int want; /* of 6 connections */
	} cases[] = { { NULL, 3 }, { "127.0.0.1", 6 } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit kit;
		int fds[6], served = 0;
		kit_init(&kit);
		kit.settings.loops = 1; /* two could both count before either adds */
		kit.settings.connections_per_peer = 3;
		kit.settings.trusted_proxy = cases[i].proxy;
		kit_start(&kit);
		for (int k = 0; k < 6; k++) {
			fds[k] = kit_connect(&kit);
			(void)kit_send_bytes(fds[k], GET("/read"), sizeof(GET("/read")) - 1);
			kit_read(fds[k], false, &answer);
			served += answer.status == 200;
		}
		assert_int_equal(served, cases[i].want);
		for (int k = 0; k < 6; k++)
			close(fds[k]);
		while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 0)
			usleep(1000);
		kit_ask_alone(&kit, GET("/read"), &answer); /* places come back */
		assert_int_equal(answer.status, 200);
		kit_stop(&kit);
	}
}

static void the_fuller_it_is_the_less_has_one_address(void **state)
{
	static const struct {
		const char *name, *ip;
		int want; /* of 20 connections that stay */
	} cases[] = {
		{ "the first has all an address may have", "127.0.0.2", 20 },
		{ "with half of the places taken, half of what is left", "127.0.0.3", 10 },
		{ "the third", "127.0.0.4", 5 },
		{ "the fourth", "127.0.0.5", 3 },
		{ "who has none yet finds a place", "127.0.0.6", 1 },
	};
	struct kit kit;
	int fds[5][20];
	(void)state;
	kit_init(&kit);
	kit.settings.loops = 1;
	kit.settings.connections_max = 40;
	kit.settings.connections_per_peer = 20;
	kit_start(&kit);
	for (size_t i = 0; i < 5; i++) {
		int served = 0;
		for (int k = 0; k < 20; k++) {
			fds[i][k] = kit_connect_from(&kit, cases[i].ip);
			(void)kit_send_bytes(fds[i][k], GET("/read"), sizeof(GET("/read")) - 1);
			kit_read(fds[i][k], false, &answer);
			served += answer.status == 200;
		}
		if (served != cases[i].want)
			fail_msg("%s: %d", cases[i].name, served);
	}
	for (size_t i = 0; i < 5; i++)
		for (int k = 0; k < 20; k++)
			close(fds[i][k]);
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_that_drips_is_cut),
		cmocka_unit_test(a_body_that_drips_is_cut_while_others_are_served),
		cmocka_unit_test(a_body_in_time_for_its_size_is_taken),
		cmocka_unit_test(one_who_does_not_read_is_cut),
		cmocka_unit_test(idle_connections_end_and_work_is_left_alone),
		cmocka_unit_test(one_address_has_so_many_connections),
		cmocka_unit_test(the_fuller_it_is_the_less_has_one_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
