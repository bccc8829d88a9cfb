/* The web page and its files. What is embedded depends on the build: without a page there are the pictures alone. */
#include "api/api_testing.h"
#include "api/page.h"

#include <string.h>

static struct house *h;

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static struct answer get(const char *path, const char *fields)
{
	return house_ask(h, "GET", path, STR_NONE, fields, NULL);
}

static bool built_with_page(void) { return get("/", NULL).status == 200; }

static void a_picture_is_an_image_and_no_document(void **state)
{
	(void)state;
	struct answer a = get("/assets/avatar.svg", NULL);
	assert_status(a, 200);
	assert_true(str_eq(answer_field(&a, "Content-Type"), S("image/svg+xml")));
	assert_true(str_eq(answer_field(&a, "X-Content-Type-Options"), S("nosniff")));
	assert_true(
		str_starts(answer_field(&a, "Content-Security-Policy"), S("default-src 'none'")));
	assert_true(str_starts(a.body, S("<svg")));
}

static void an_unchanged_file_is_not_sent_again(void **state)
{
	(void)state;
	struct answer a = get("/assets/header.svg", NULL);
	str etag = answer_field(&a, "ETag");
	assert_true(etag.n > 10);
	str same = str_format(h->mem, "If-None-Match: \"x\", W/%.*s\r\n", STR_ARG(etag));
	struct answer b = get("/assets/header.svg", str_to_c(h->mem, same));
	assert_status(b, 304);
	assert_int_equal(b.body.n, 0);
	assert_true(str_eq(answer_field(&b, "ETag"), etag));
	assert_status(get("/assets/header.svg", "If-None-Match: \"x\"\r\n"), 200);
}

static void other_names_are_nothing(void **state)
{
	(void)state;
	assert_status(get("/assets/nothing.js", NULL), 404);
	assert_status(get("/assets/", NULL), 404);
	assert_status(get("/assets/../app.js", NULL), 404);
	assert_status(get("/assets/index.html", NULL), 404);
	assert_status(get("/assets/app.js.gz", NULL), 404);
	assert_status(get("/index.html", NULL), 404);
}

static void the_page_is_behind_its_addresses(void **state)
{
	static const char *const paths[] = { "/",           "/sign-in", "/join/abc", "/reset/abc",
		                             "/friends",    "/tags",    "/notices",  "/held",
		                             "/people/lin", "/review",  "/settings", "/posts/1",
		                             "/search",     "/groups",  "/groups/1" };
	(void)state;
	if (!built_with_page())
		skip();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct answer a = get(paths[i], NULL);
		assert_status(a, 200);
		assert_true(str_starts(answer_field(&a, "Content-Type"), S("text/html")));
		assert_true(str_eq(answer_field(&a, "Content-Security-Policy"), S(PAGE_CSP)));
		assert_null(answer_field(&a, "Access-Control-Allow-Origin").p);
	}
}

static void the_worker_may_ask_this_server_alone(void **state)
{
	(void)state;
	if (!built_with_page())
		skip();
	struct answer a = get("/worker.js", NULL);
	assert_status(a, 200);
	assert_true(str_starts(answer_field(&a, "Content-Type"), S("text/javascript")));
	assert_true(str_eq(answer_field(&a, "Content-Security-Policy"),
	                   S("default-src 'none'; connect-src 'self'")));
}

static void a_file_comes_packed_to_whom_accepts_it(void **state)
{
	(void)state;
	if (!built_with_page())
		skip();
	struct answer plain = get("/assets/app.js", NULL);
	struct answer packed = get("/assets/app.js", "Accept-Encoding: br, gzip;q=0.8\r\n");
	struct answer refused = get("/assets/app.js", "Accept-Encoding: gzip;q=0\r\n");
	assert_null(answer_field(&plain, "Content-Encoding").p);
	assert_true(str_eq(answer_field(&packed, "Content-Encoding"), S("gzip")));
	assert_true(packed.body.n < plain.body.n);
	assert_true(str_starts(packed.body, S("\x1f\x8b")));
	assert_null(answer_field(&refused, "Content-Encoding").p);
	assert_true(str_eq(answer_field(&plain, "Vary"), S("Accept-Encoding")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_an_image_and_no_document),
		cmocka_unit_test(an_unchanged_file_is_not_sent_again),
		cmocka_unit_test(other_names_are_nothing),
		cmocka_unit_test(the_page_is_behind_its_addresses),
		cmocka_unit_test(the_worker_may_ask_this_server_alone),
		cmocka_unit_test(a_file_comes_packed_to_whom_accepts_it),
	};
	return cmocka_run_group_tests_name("page", tests, set_up, tear_down);
}
