#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST(path, length) "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: " length "\r\n\r\n"
#define CHUNKED(path) "POST " path " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

static struct answer answer; /* large; each test runs alone */

static void a_connection_serves_one_request_after_another(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	for (int i = 0; i < 3; i++) {
		kit_ask(fd, GET("/read"), &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, "read");
		assert_true(kit_has(&answer, "X-Finish: yes"));
		kit_ask(fd, GET("/write"), &answer);
		assert_string_equal(answer.body, "write");
		kit_ask(fd, GET("/hash"), &answer);
		assert_string_equal(answer.body, "hash");
		kit_ask(fd, GET("/nothing"), &answer);
		assert_int_equal(answer.status, 404);
	}
	close(fd);
	/* The last one is counted a moment after its client has it. */
	for (int i = 0; metrics_requests(kit.metrics) < 12 && i < 5000; i++)
		usleep(1000);
	assert_int_equal(metrics_requests(kit.metrics), 12);
	kit_stop(&kit);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	static const char *const want[] = { "write", "read", "abc", "hash", "read" };
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	kit_send(fd, GET("/write") GET("/read") POST("/echo", "3") "abc" GET("/hash") GET("/read"));
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		kit_read(fd, false, &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, want[i]);
	}
	close(fd);
	kit_stop(&kit);
}

static void bodies_come_by_length_and_in_chunks(void **state)
{
	static const struct {
		const char *name, *request, *want;
	} cases[] = {
		{ "by length", POST("/echo", "5") "hello", "hello" },
		{ "none", POST("/echo", "0"), "" },
		{ "no length at all", "POST /echo HTTP/1.1\r\nHost: a\r\n\r\n", "" },
		{ "one chunk", CHUNKED("/echo") "5\r\nhello\r\n0\r\n\r\n", "hello" },
		{ "many chunks", CHUNKED("/echo") "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n",
		  "hello" },
		{ "no chunk", CHUNKED("/echo") "0\r\n\r\n", "" },
		{ "chunk extensions", CHUNKED("/echo") "5;a=b\r\nhello\r\n0\r\n\r\n", "hello" },
		{ "trailers are passed over", CHUNKED("/echo") "1\r\nh\r\n0\r\nHost: b\r\n\r\n",
		  "h" },
		{ "PUT", "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "hi" },
		{ "PATCH", "PATCH /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "hi" },
		{ "DELETE", "DELETE /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
		  "hi" },
		{ "100-continue",
		  "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
		  "hi" },
	};
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		kit_ask(fd, cases[i].request, &answer);
		if (answer.status != 200 || strcmp(answer.body, cases[i].want) != 0)
			fail_msg("%s: %d '%s'", cases[i].name, answer.status, answer.body);
	}
	close(fd);
	kit_stop(&kit);
}

static void a_body_over_the_limit_gets_413_and_the_connection_goes_on(void **state)
{
	char body[KIT_BODY_MAX + 2];
	struct kit kit;
	(void)state;
	memset(body, 'b', sizeof body);
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);

	kit_send(fd, POST("/echo", "1000"));
	assert_true(kit_send_bytes(fd, body, KIT_BODY_MAX));
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, KIT_BODY_MAX);

	kit_send(fd, POST("/echo", "1001"));
	assert_true(kit_send_bytes(fd, body, KIT_BODY_MAX + 1));
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	assert_non_null(strstr(answer.body, "1000 bytes"));

	kit_send(fd, CHUNKED("/echo") "3e9\r\n"); /* 1001 */
	assert_true(kit_send_bytes(fd, body, KIT_BODY_MAX + 1));
	kit_send(fd, "\r\n0\r\n\r\n");
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, 413);

	kit_ask(fd, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	close(fd);
	kit_stop(&kit);
}

static void a_huge_body_is_refused_at_its_head_and_the_sender_hears_why(void **state)
{
	static const char *const heads[] = {
		POST("/echo", "10000000"),
		"PATCH /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n",
		CHUNKED("/echo") "989680\r\n",
		POST("/refuse", "10000000"),
		"BREW /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n",
	};
	static const int want[] = { 413, 413, 413, 401, 405 };
	char *body = malloc(10000000);
	struct kit kit;
	(void)state;
	memset(body, 'b', 10000000);
	kit_init(&kit);
	kit_start(&kit);
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		int fd = kit_connect(&kit);
		kit_send(fd, heads[i]);
		assert_true(kit_send_bytes(fd, body, 10000000));
		kit_read(fd, false, &answer);
		assert_int_equal(answer.status, want[i]);
		assert_true(kit_has(&answer, "Connection: close"));
		assert_true(kit_has(&answer, "X-Finish: yes"));
		assert_true(kit_closed(fd));
		close(fd);
	}
	free(body);
	kit_stop(&kit);
}

static void a_refused_request_with_a_small_body_keeps_its_connection(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	for (int i = 0; i < 3; i++) {
		kit_ask(fd, POST("/refuse", "5") "hello", &answer);
		assert_int_equal(answer.status, 401);
		assert_non_null(strstr(answer.body, "Sign in."));
		kit_ask(fd, "BREW / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", &answer);
		assert_int_equal(answer.status, 405);
		assert_true(kit_has(&answer, "Allow: GET"));
		assert_true(kit_has(&answer, "Content-Type: application/json"));
	}
	close(fd);
	kit_stop(&kit);
}

static void bodies_together_have_a_budget(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.bodies_max_bytes = 10000;
	kit_start(&kit);
	char body[8000];
	memset(body, 'b', sizeof body);
	int first = kit_connect(&kit), second = kit_connect(&kit);
	kit_send(first, POST("/upload", "8001"));
	assert_true(kit_send_bytes(first, body, sizeof body));
	while (metrics_value(kit.metrics, METRICS_BODY_BYTES) < 8000)
		usleep(1000);
	kit_send(second, POST("/upload", "8000"));
	assert_true(kit_send_bytes(second, body, sizeof body));
	kit_read(second, false, &answer);
	assert_int_equal(answer.status, 503);
	assert_true(kit_has(&answer, "Retry-After: 1"));
	kit_send(first, "b");
	kit_read(first, false, &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, 8001);
	kit_send(second, POST("/upload", "8000"));
	assert_true(kit_send_bytes(second, body, sizeof body));
	kit_read(second, false, &answer);
	assert_int_equal(answer.status, 200);
	close(first);
	close(second);
	kit_stop(&kit);
}

static void head_gets_the_length_without_the_body(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	kit_ask(fd, "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, KIT_LARGE_BYTES);
	kit_ask(fd, "HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
	assert_int_equal(answer.status, 404);
	kit_ask(fd, GET("/fresh"), &answer);
	assert_int_equal(answer.status, 304);
	kit_ask(fd, GET("/read"), &answer);
	assert_string_equal(answer.body, "read");
	kit_ask(fd, GET("/large"), &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, KIT_LARGE_BYTES);
	kit_ask(fd, "GET /read HTTP/1.0\r\n\r\n", &answer);
	assert_int_equal(answer.status, 200);
	assert_true(kit_closed(fd));
	close(fd);
	kit_stop(&kit);
}

struct asker {
	const struct kit *kit;
	const char *text;
	struct answer answer;
	pthread_t thread;
};

static void *ask_in_thread(void *arg)
{
	struct asker *asker = arg;
	int fd = kit_connect(asker->kit);
	if (fd >= 0) {
		(void)kit_send_bytes(fd, asker->text, strlen(asker->text));
		kit_read(fd, false, &asker->answer);
		close(fd);
	}
	return NULL;
}

static struct asker *ask_all(const struct kit *kit, const char *text, int n)
{
	struct asker *askers = calloc((size_t)n, sizeof *askers);
	assert_non_null(askers);
	for (int i = 0; i < n; i++) {
		askers[i].kit = kit;
		askers[i].text = text;
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_in_thread, &askers[i]),
		                 0);
	}
	return askers;
}

/* How many got `status`; frees. */
static int join_all(struct asker *askers, int n, int status)
{
	int count = 0;
	for (int i = 0; i < n; i++) {
		pthread_join(askers[i].thread, NULL);
		count += askers[i].answer.status == status;
	}
	free(askers);
	return count;
}

static void sixty_four_writes_wait_together(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	struct asker *askers = ask_all(&kit, GET("/wait"), 64);
	kit_await(&kit, 64);
	/* And the loops are free meanwhile. */
	kit_ask_alone(&kit, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	kit_open(&kit);
	assert_int_equal(join_all(askers, 64, 200), 64);
	kit_stop(&kit);
}

static void a_full_lane_says_503_and_when(void **state)
{
	static const struct {
		const char *path;
		int places;
	} cases[] = { { GET("/wait-hash"), 2 + 64 }, { GET("/wait"), 4 + 3 } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit kit;
		kit_init(&kit);
		kit.settings.write_threads = 4;
		kit.settings.write_queue = 3;
		kit_start(&kit);
		struct asker *askers = ask_all(&kit, cases[i].path, cases[i].places);
		while (metrics_value(kit.metrics, METRICS_IN_FLIGHT) < cases[i].places ||
		       metrics_value(kit.metrics, METRICS_HASH_QUEUE) +
		                       metrics_value(kit.metrics, METRICS_WRITE_QUEUE) <
		               cases[i].places - (i == 0 ? 2 : 4))
			usleep(1000);
		int fd = kit_connect(&kit);
		kit_ask(fd, cases[i].path, &answer);
		assert_int_equal(answer.status, 503);
		assert_true(kit_has(&answer, "Retry-After: 1"));
		kit_ask(fd, GET("/read"), &answer);
		assert_int_equal(answer.status, 200);
		kit_open(&kit);
		assert_int_equal(join_all(askers, cases[i].places, 200), cases[i].places);
		kit_ask(fd, cases[i].path, &answer);
		assert_int_equal(answer.status, 200);
		close(fd);
		kit_stop(&kit);
	}
}

static void *drain(void *arg)
{
	struct kit *kit = arg;
	return (void *)(uintptr_t)http_server_drain(kit->server, 10000);
}

static void draining_finishes_what_is_in_flight_and_takes_nothing_new(void **state)
{
	struct kit kit;
	pthread_t drainer;
	void *all_done;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int idle = kit_connect(&kit), late = kit_connect(&kit), busy = kit_connect(&kit);
	kit_ask(idle, GET("/read"), &answer);
	kit_send(late, "GET /read HTTP/1.1\r\n");
	kit_send(busy, GET("/wait") GET("/read"));
	kit_await(&kit, 1);
	assert_false(http_server_draining(kit.server));
	assert_int_equal(pthread_create(&drainer, NULL, drain, &kit), 0);
	assert_true(kit_closed(idle));
	assert_true(http_server_draining(kit.server));
	assert_int_equal(kit_connect(&kit), -1);
	kit_ask(late, "Host: a\r\n\r\n", &answer);
	assert_int_equal(answer.status, 503);
	assert_true(kit_has(&answer, "Connection: close"));
	assert_true(kit_has(&answer, "Retry-After: 1"));

	assert_false(http_server_drain(kit.server, 20)); /* one is still at the gate */
	kit_open(&kit);
	kit_read(busy, false, &answer);
	assert_int_equal(answer.status, 200);
	assert_true(kit_has(&answer, "Connection: close"));
	assert_true(kit_closed(busy)); /* the one pipelined behind it was not begun */
	pthread_join(drainer, &all_done);
	assert_non_null(all_done);
	close(idle);
	close(late);
	close(busy);
	kit_stop(&kit);
}

static void stopping_waits_for_work_that_has_begun(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.write_threads = 2;
	kit_start(&kit);
	int fds[10];
	for (int i = 0; i < 10; i++) {
		fds[i] = kit_connect(&kit);
		kit_send(fds[i], GET("/wait"));
	}
	kit_await(&kit, 2);
	for (int i = 0; i < 5; i++) /* these clients do not wait for the answer */
		close(fds[i]);
	kit_stop(&kit); /* opens the gate; asserts that nothing is left */
	for (int i = 5; i < 10; i++)
		close(fds[i]);
}

static void a_unix_socket_serves_and_is_guarded_by_its_mode(void **state)
{
	char folder[] = "/tmp/kith-http-XXXXXX", path[64], listen_on[80];
	struct kit kit;
	struct stat st;
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/sock", folder);
	snprintf(listen_on, sizeof listen_on, "unix:%s", path);

	/* Left behind by a crash. */
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	strcpy(at.sun_path, path);
	int dead = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(dead, (struct sockaddr *)&at, sizeof at), 0);
	close(dead);

	kit_init(&kit);
	kit.settings.listen = listen_on;
	kit.settings.unix_mode = 0600;
	kit.settings.connections_per_peer = 1; /* counts for nobody here */
	kit_start(&kit);
	assert_true(str_eq(http_server_address(kit.server), str_of(listen_on)));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	int first = kit_connect(&kit), second = kit_connect(&kit);
	kit_ask(first, GET("/peer"), &answer);
	assert_string_equal(answer.body, "local");
	kit_ask(second, "GET /peer HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n",
	        &answer);
	assert_string_equal(answer.body, "198.51.100.7");

	struct http_server *other = NULL;
	err e = http_server_start(&kit.settings, (struct http_app){ .ctx = NULL }, &other);
	assert_int_equal(e.code, ERR_CONFLICT);
	kit_ask(first, GET("/read"), &answer);
	assert_int_equal(answer.status, 200);
	close(first);
	close(second);
	kit_stop(&kit);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(rmdir(folder), 0);
}

static void addresses_that_cannot_be_listened_on_are_refused(void **state)
{
	static const struct {
		const char *listen, *proxy;
		enum err_code want;
	} cases[] = {
		{ "127.0.0.1", NULL, ERR_INPUT },
		{ "127.0.0.1:", NULL, ERR_INPUT },
		{ "127.0.0.1:65536", NULL, ERR_INPUT },
		{ "localhost:80", NULL, ERR_INPUT },
		{ ":80", NULL, ERR_INPUT },
		{ "[::1:80", NULL, ERR_INPUT },
		{ "unix:", NULL, ERR_INPUT },
		{ "203.0.113.9:0", NULL, ERR_INPUT },
		{ "127.0.0.1:0", "proxy", ERR_INPUT },
		{ "unix:/nowhere/at/all", NULL, ERR_SYSTEM },
	};
	struct kit kit;
	char taken[64];
	(void)state;
	kit_init(&kit);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_settings settings = http_settings_default(cases[i].listen,
		                                                      clock_real());
		settings.trusted_proxy = cases[i].proxy;
		struct http_server *server;
		err e = http_server_start(&settings, (struct http_app){ .ctx = NULL }, &server);
		if (e.code != cases[i].want)
			fail_msg("%s: %s", cases[i].listen, e.why);
	}
	kit_start(&kit);
	snprintf(taken, sizeof taken, "%.*s", STR_ARG(http_server_address(kit.server)));
	struct http_settings settings = http_settings_default(taken, clock_real());
	struct http_server *server;
	err e = http_server_start(&settings, (struct http_app){ .ctx = NULL }, &server);
	assert_int_equal(e.code, ERR_CONFLICT);
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_serves_one_request_after_another),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(bodies_come_by_length_and_in_chunks),
		cmocka_unit_test(a_body_over_the_limit_gets_413_and_the_connection_goes_on),
		cmocka_unit_test(a_huge_body_is_refused_at_its_head_and_the_sender_hears_why),
		cmocka_unit_test(a_refused_request_with_a_small_body_keeps_its_connection),
		cmocka_unit_test(bodies_together_have_a_budget),
		cmocka_unit_test(head_gets_the_length_without_the_body),
		cmocka_unit_test(sixty_four_writes_wait_together),
		cmocka_unit_test(a_full_lane_says_503_and_when),
		cmocka_unit_test(draining_finishes_what_is_in_flight_and_takes_nothing_new),
		cmocka_unit_test(stopping_waits_for_work_that_has_begun),
		cmocka_unit_test(a_unix_socket_serves_and_is_guarded_by_its_mode),
		cmocka_unit_test(addresses_that_cannot_be_listened_on_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
