/* Bodies that go to files, and answers that come from them. */
#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST(path, length) "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: " length "\r\n\r\n"
#define CHUNKED(path) "POST " path " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
#define LARGE "8388608"

static struct answer answer; /* large; each test runs alone */

static int open_files(void)
{
	int n = 0;
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void a_large_body_comes_as_a_map_of_a_file(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.bodies_max_bytes = 0; /* it takes none of it */
	kit_start(&kit);
	int fd = kit_connect(&kit);
	kit.large[0] = 'a';
	kit.large[KIT_LARGE_BYTES - 1] = 'z';
	for (int i = 0; i < 3; i++) {
		kit_send(fd, POST("/file", LARGE));
		assert_true(kit_send_bytes(fd, kit.large, KIT_LARGE_BYTES));
		kit_read(fd, false, &answer);
		assert_string_equal(answer.body, "file 8388608 az");
	}
	kit_ask(fd, POST("/file", "2") "ab", &answer);
	assert_string_equal(answer.body, "file 2 ab");
	kit_ask(fd, CHUNKED("/file") "1\r\nc\r\n2\r\nde\r\n0\r\n\r\n", &answer);
	assert_string_equal(answer.body, "file 3 ce");
	kit_ask(fd, CHUNKED("/file") "0\r\n\r\n", &answer);
	assert_string_equal(answer.body, "file 0 --");
	kit_ask(fd, POST("/file", "0"), &answer);
	assert_string_equal(answer.body, "memory 0 --");
	kit_ask(fd, POST("/file", "8388609"), &answer);
	assert_int_equal(answer.status, 413);
	close(fd);
	kit_stop(&kit);
}

static void files_are_let_go_however_a_request_ends(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.spooled_max = 1;
	kit_start(&kit);
	int before = open_files();
	for (int i = 0; i < 3; i++) {
		int fd = kit_connect(&kit);
		kit_send(fd, POST("/file", LARGE) "half");
		while (metrics_value(kit.metrics, METRICS_IN_FLIGHT) == 0)
			usleep(1000);
		close(fd);
		while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 0)
			usleep(1000);
	}
	assert_int_equal(open_files(), before);
	kit_ask_alone(&kit, POST("/file", "2") "ab", &answer);
	assert_string_equal(answer.body, "file 2 ab");
	kit_stop(&kit);
}

static void places_for_files_are_counted(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.spooled_max = 2;
	kit_start(&kit);
	int fds[2];
	for (int i = 0; i < 2; i++) {
		fds[i] = kit_connect(&kit);
		kit_send(fds[i], POST("/file", "3") "a");
	}
	while (metrics_value(kit.metrics, METRICS_IN_FLIGHT) < 2)
		usleep(1000);
	int third = kit_connect(&kit);
	kit_ask(third, POST("/file", "2") "ab", &answer);
	assert_int_equal(answer.status, 503);
	assert_true(kit_has(&answer, "Retry-After: 1"));
	for (int i = 0; i < 2; i++) {
		kit_ask(fds[i], "bc", &answer);
		assert_string_equal(answer.body, "file 3 ac");
		close(fds[i]);
	}
	while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 1)
		usleep(1000);
	kit_ask(third, POST("/file", "2") "ab", &answer);
	assert_string_equal(answer.body, "file 2 ab");
	close(third);
	kit_stop(&kit);
}

static void without_a_folder_there_are_no_places(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit.settings.spool = NULL;
	kit_start(&kit);
	kit_ask_alone(&kit, POST("/file", "2") "ab", &answer);
	assert_int_equal(answer.status, 503);
	kit_stop(&kit);
}

static void a_full_disk_is_said(void **state)
{
	struct kit kit;
	struct rlimit limit, was;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	limit = (struct rlimit){ .rlim_cur = 1 << 20, .rlim_max = was.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	int fd = kit_connect(&kit);
	kit_send(fd, POST("/file", LARGE));
	(void)kit_send_bytes(fd, kit.large, KIT_LARGE_BYTES);
	kit_read(fd, false, &answer);
	assert_int_equal(answer.status, 507);
	assert_non_null(strstr(answer.body, "disk is full"));
	close(fd);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	kit_ask_alone(&kit, POST("/file", "2") "ab", &answer);
	assert_int_equal(answer.status, 200);
	kit_stop(&kit);
}

static void a_file_is_sent_whole_and_closed(void **state)
{
	struct kit kit;
	(void)state;
	kit_init(&kit);
	kit_start(&kit);
	int fd = kit_connect(&kit);
	kit_ask(fd, GET("/read"), &answer);
	int before = open_files();
	for (int i = 0; i < 3; i++) {
		kit_ask(fd, GET("/sent"), &answer);
		assert_int_equal(answer.status, 200);
		assert_int_equal(answer.length, KIT_LARGE_BYTES);
		assert_true(kit_has(&answer, "Content-Type: image/png"));
		assert_true(answer.body[0] == 'x' && answer.body[sizeof answer.body - 2] == 'x');
		kit_ask(fd, "HEAD /sent HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
		assert_int_equal(answer.length, KIT_LARGE_BYTES);
	}
	kit_ask(fd, GET("/read"), &answer);
	assert_string_equal(answer.body, "read");
	assert_int_equal(open_files(), before);
	close(fd);
	/* Gone in the middle of it. */
	fd = kit_connect(&kit);
	kit_send(fd, GET("/sent"));
	assert_int_equal(recv(fd, answer.body, 100, 0), 100);
	close(fd);
	while (metrics_value(kit.metrics, METRICS_CONNECTIONS) > 0)
		usleep(1000);
	assert_int_equal(open_files(), before - 2); /* both ends of the first connection */
	kit_stop(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_body_comes_as_a_map_of_a_file),
		cmocka_unit_test(files_are_let_go_however_a_request_ends),
		cmocka_unit_test(places_for_files_are_counted),
		cmocka_unit_test(without_a_folder_there_are_no_places),
		cmocka_unit_test(a_full_disk_is_said),
		cmocka_unit_test(a_file_is_sent_whole_and_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
