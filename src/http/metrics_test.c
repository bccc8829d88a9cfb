#include "http/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const routes[] = { "GET /a", "POST /b" };

static void requests_are_counted_by_route_class_and_time(void **state)
{
	struct metrics *m = metrics_new(routes, 2);
	struct arena *mem = arena_new(4096);
	struct buf out;
	(void)state;
	metrics_request(m, 0, 200, 80);
	metrics_request(m, 0, 204, 400);
	metrics_request(m, 0, 503, 99000000);
	metrics_request(m, 7, 404, 1);
	metrics_add(m, METRICS_IN_FLIGHT, 3);
	metrics_add(m, METRICS_IN_FLIGHT, -1);
	metrics_refused(m, METRICS_SLOW_HEAD);
	assert_int_equal(metrics_requests(m), 4);
	assert_int_equal(metrics_value(m, METRICS_IN_FLIGHT), 2);

	static const char *const lines[] = {
		"kith_http_requests_total{route=\"GET /a\",status=\"2xx\"} 2\n",
		"kith_http_requests_total{route=\"GET /a\",status=\"5xx\"} 1\n",
		"kith_http_requests_total{route=\"none\",status=\"4xx\"} 1\n",
		"kith_http_request_seconds_bucket{route=\"GET /a\",le=\"0.0001\"} 1\n",
		"kith_http_request_seconds_bucket{route=\"GET /a\",le=\"0.0005\"} 2\n",
		"kith_http_request_seconds_bucket{route=\"GET /a\",le=\"10\"} 2\n",
		"kith_http_request_seconds_bucket{route=\"GET /a\",le=\"+Inf\"} 3\n",
		"kith_http_request_seconds_sum{route=\"GET /a\"} 99.000480\n",
		"kith_http_request_seconds_count{route=\"GET /a\"} 3\n",
		"kith_http_in_flight 2\n",
		"kith_http_refused_total{reason=\"slow_head\"} 1\n",
	};
	buf_init(&out, mem, 65536);
	metrics_render(m, &out);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (str_find(buf_str(&out), str_of(lines[i])) == SIZE_MAX)
			fail_msg("missing: %s", lines[i]);
	/* A route without requests takes no lines. */
	assert_int_equal(str_find(buf_str(&out), S("POST /b")), SIZE_MAX);
	assert_false(out.full);
	arena_free(mem);
	metrics_free(m);
}

static void without_metrics_nothing_happens(void **state)
{
	(void)state;
	metrics_request(NULL, 0, 200, 1);
	metrics_add(NULL, METRICS_CONNECTIONS, 1);
	metrics_refused(NULL, METRICS_IDLE);
	assert_int_equal(metrics_requests(NULL), 0);
	assert_int_equal(metrics_value(NULL, METRICS_CONNECTIONS), 0);
	metrics_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_counted_by_route_class_and_time),
		cmocka_unit_test(without_metrics_nothing_happens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
