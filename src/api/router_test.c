/* Paths to routes. */
#include "api/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name;
	enum http_method method;
	const char *path;
	const char *want; /* the row's path; NULL: no route */
	bool known;
	const char *arg;
} cases[] = {
	{ "a fixed path finds its row", HTTP_GET, "/healthz", "/healthz", true, "" },
	{ "the root is a path like any other", HTTP_GET, "/", "/", true, "" },
	{ "a colon takes one segment", HTTP_GET, "/posts/42", "/posts/:id", true, "42" },
	{ "a colon takes no empty segment", HTTP_GET, "/posts/", NULL, false, "" },
	{ "a colon takes no second segment", HTTP_GET, "/posts/42/43", NULL, false, "" },
	{ "an argument may stand in the middle", HTTP_GET, "/api/kith/v1/statuses/7/moment",
	  "/api/kith/v1/statuses/:id/moment", true, "7" },
	{ "a slash at the end is another path", HTTP_GET, "/healthz/", NULL, false, "" },
	{ "a doubled slash is another path", HTTP_GET, "//healthz", NULL, false, "" },
	{ "case counts", HTTP_GET, "/Healthz", NULL, false, "" },
	{ "the start of a path is not a path", HTTP_GET, "/api/v1", NULL, false, "" },
	{ "a format at the end is another path", HTTP_GET, "/api/v1/instance.json", NULL, false,
	  "" },
	{ "a known path with another method is known", HTTP_DELETE, "/healthz", NULL, true, "" },
	{ "methods of one path are told apart", HTTP_DELETE, "/api/kith/v1/session",
	  "/api/kith/v1/session", true, "" },
};

static void find(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	struct arena *mem = arena_new(65536);
	struct route_match match = router_find(router_new(mem), cases[i].method,
	                                       str_of(cases[i].path));
	assert_int_equal(match.path_known, cases[i].known);
	if (cases[i].want) {
		assert_non_null(match.route);
		assert_string_equal(match.route->path, cases[i].want);
		assert_int_equal(match.route->method, cases[i].method);
	} else {
		assert_null(match.route);
	}
	assert_true(str_eq(match.args[0], str_of(cases[i].arg)));
	arena_free(mem);
}

static void every_row_finds_itself(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct router *router = router_new(mem);
	for (size_t i = 0; i < routes_n; i++) {
		struct route_match match = router_find(router, routes[i].method,
		                                       str_of(routes[i].path));
		if (match.route != &routes[i])
			fail_msg("%s", routes[i].path);
	}
	arena_free(mem);
}

/* Sent as writes, but they change nothing: one counts, the others only say no. */
static bool changes_nothing(const char *path)
{
	static const char *const paths[] = { "/api/kith/v1/audience", "/api/v1/statuses/:id/reblog",
		                             "/api/v1/statuses/:id/unreblog" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strcmp(path, paths[i]) == 0)
			return true;
	return false;
}

static void rows_that_write_are_off_the_loop(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		if (r->method != HTTP_GET && r->lane == LANE_READ && !changes_nothing(r->path))
			fail_msg("%s writes in the event loop", r->path);
		if (r->method == HTTP_GET && r->body_max_bytes > 0)
			fail_msg("%s reads a body", r->path);
	}
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N + 2];
	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			                        .test_func = find,
			                        .initial_state = (void *)(uintptr_t)i };
	tests[N] = (struct CMUnitTest)cmocka_unit_test(every_row_finds_itself);
	tests[N + 1] = (struct CMUnitTest)cmocka_unit_test(rows_that_write_are_off_the_loop);
	return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
