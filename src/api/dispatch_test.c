/* What happens around every handler: who may come in, how errors look, what each answer carries. */
#include "api/api_testing.h"

#include <string.h>

static struct house *h;
static str member, other, steward, sealed, reader, app_only;
static str post;

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	person_id a = house_person(h, "anna", ROLE_MEMBER),
		  b = house_person(h, "bert", ROLE_MEMBER);
	person_id s = house_person(h, "stew", ROLE_STEWARD),
		  x = house_person(h, "sela", ROLE_MEMBER);
	member = house_token(h, a, NULL);
	other = house_token(h, b, NULL);
	steward = house_token(h, s, NULL);
	sealed = house_token(h, x, NULL);
	reader = house_token(h, a, "read");
	post = house_post(h, a, "good day");
	assert_ok(admit_seal(h->circle, x, &(struct seal_draft){ S("in other hands"), true },
	                     h->at_ms, &(int64_t){ 0 }));

	struct app_draft draft = { .name = S("App"), .redirect_uris = S("https://app.example/") };
	struct app app;
	str secret;
	assert_ok(admit_app(h->circle, &draft, h->at_ms, h->mem, &app, &secret));
	struct session_draft own = { .app = app.id, .kind = SESSION_APP, .scope_words = S("read") };
	struct session session;
	assert_ok(admit_session(h->circle, &own, h->at_ms, h->mem, &session, &app_only));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static const struct {
	const char *name, *method, *path;
	str *token;
	const char *body;
	int status;
} gates[] = {
	{ "anyone reads about the server", "GET", "/api/v1/instance", NULL, NULL, 200 },
	{ "a wrong token does not close what is open", "GET", "/api/v2/instance", &post, NULL,
	  200 },
	{ "no token is 401", "GET", "/api/kith/v1/moments", NULL, NULL, 401 },
	{ "a token nobody holds is 401", "GET", "/api/kith/v1/moments", &post, NULL, 401 },
	{ "a member comes in", "GET", "/api/kith/v1/moments", &member, NULL, 200 },
	{ "an app by itself is no person", "GET", "/api/kith/v1/moments", &app_only, NULL, 403 },
	{ "an app by itself is an app", "GET", "/api/v1/apps/verify_credentials", &app_only, NULL,
	  200 },
	{ "a scope that is enough is enough", "GET", "/api/kith/v1/moments", &reader, NULL, 200 },
	{ "an app's token never touches sessions", "GET", "/api/kith/v1/sessions", &reader, NULL,
	  403 },
	{ "a sealed person sees no moments", "GET", "/api/kith/v1/moments", &sealed, NULL, 403 },
	{ "a sealed person sees why", "GET", "/api/kith/v1/measures", &sealed, NULL, 200 },
	{ "a member is no steward", "GET", "/api/kith/v1/review", &member, NULL, 403 },
	{ "a steward is one", "GET", "/api/kith/v1/review", &steward, NULL, 200 },
	{ "an unknown path is 404", "GET", "/api/v1/nothing", &member, NULL, 404 },
	{ "an unknown path is 404 without a token too", "GET", "/api/v1/nothing", NULL, NULL, 404 },
	{ "another method is 405", "DELETE", "/api/v1/instance", NULL, NULL, 405 },
	{ "an id that is none is 404", "GET", "/api/kith/v1/statuses/x/moment", &member, NULL,
	  404 },
	{ "an id with a sign is 404", "GET", "/api/kith/v1/statuses/+1/moment", &member, NULL,
	  404 },
	{ "an id too large is 404", "GET", "/api/kith/v1/statuses/99999999999999999999/moment",
	  &member, NULL, 404 },
	{ "a cursor that is none is 400", "GET", "/api/kith/v1/moments?max_id=x", &member, NULL,
	  400 },
	{ "a limit that is none is 422", "GET", "/api/kith/v1/moments?limit=x", &member, NULL,
	  422 },
	{ "not JSON is 400", "POST", "/api/kith/v1/audience", &member, "{", 400 },
	{ "a JSON list is 400", "POST", "/api/kith/v1/audience", &member, "[]", 400 },
	{ "invalid UTF-8 is 400", "POST", "/api/kith/v1/audience", &member, "{\"a\":\"\xff\"}",
	  400 },
	{ "a missing field is 422", "POST", "/api/kith/v1/audience", &member, "{}", 422 },
	{ "a wrong type is 422", "POST", "/api/kith/v1/audience", &member, "{\"kith_audience\":1}",
	  422 },
	{ "HEAD is GET without a body", "HEAD", "/healthz", NULL, NULL, 200 },
};

static void gate(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	str token = gates[i].token ? *gates[i].token : STR_NONE;
	struct answer a = gates[i].body
	                          ? house_send(h, gates[i].method, gates[i].path, token,
	                                       gates[i].body)
	                          : house_ask(h, gates[i].method, gates[i].path, token, NULL, NULL);
	assert_status(a, gates[i].status);
	assert_true(str_eq(answer_field(&a, "X-Content-Type-Options"), S("nosniff")));
	assert_true(str_eq(answer_field(&a, "Cache-Control"), S("no-store")));
	assert_true(str_eq(answer_field(&a, "Access-Control-Allow-Origin"), S("*")));
	assert_null(answer_field(&a, "Access-Control-Allow-Credentials").p);
	if (a.status >= 400) {
		assert_true(answer_text(&a, "error").n > 0);
		assert_true(answer_text(&a, "error_description").n > 0);
	}
}

static void hidden_and_absent_are_the_same_bytes(void **state)
{
	(void)state;
	str path = str_format(h->mem, "/api/kith/v1/statuses/%.*s/moment", STR_ARG(post));
	struct answer hidden = house_get(h, str_to_c(h->mem, path), other);
	struct answer absent = house_get(h, "/api/kith/v1/statuses/123456789/moment", other);
	struct answer no_id = house_get(h, "/api/kith/v1/statuses/abc/moment", other);
	struct answer no_path = house_get(h, "/api/kith/v1/statuses/1/nothing", other);
	struct answer seen = house_get(h, str_to_c(h->mem, path), member);
	assert_status(seen, 200);
	assert_status(hidden, 404);
	assert_true(str_eq(hidden.body, absent.body));
	assert_true(str_eq(hidden.body, no_id.body));
	assert_true(str_eq(hidden.body, no_path.body));
	assert_int_equal(hidden.head.n, absent.head.n);
}

static void a_field_at_fault_is_named_twice(void **state)
{
	(void)state;
	struct answer a = house_send(h, "POST", "/api/kith/v1/audience", member, "{}");
	assert_status(a, 422);
	assert_text(a, "field", "kith_audience");
	assert_text(a, "details.kith_audience.0.error", "ERR_INVALID");
	assert_text(a, "details.kith_audience.0.description", "This is needed.");
}

static void another_method_says_which_there_are(void **state)
{
	(void)state;
	struct answer a = house_send(h, "PUT", "/api/kith/v1/session", member, "{}");
	assert_status(a, 405);
	assert_true(str_eq(answer_field(&a, "Allow"), S("POST, DELETE")));
}

static void a_preflight_needs_no_token(void **state)
{
	(void)state;
	struct answer a = house_ask(h, "OPTIONS", "/api/kith/v1/moments", STR_NONE,
	                            "Origin: https://app.example\r\n"
	                            "Access-Control-Request-Method: GET\r\n",
	                            NULL);
	assert_status(a, 204);
	assert_true(str_eq(answer_field(&a, "Access-Control-Allow-Origin"), S("*")));
	assert_true(str_find(answer_field(&a, "Access-Control-Allow-Headers"),
	                     S("Authorization")) != SIZE_MAX);
	assert_true(str_find(answer_field(&a, "Access-Control-Expose-Headers"), S("Link")) !=
	            SIZE_MAX);
	assert_status(house_ask(h, "OPTIONS", "/nothing", STR_NONE, NULL, NULL), 404);
}

static struct answer with_cookie(const char *origin)
{
	str fields = str_format(h->mem,
	                        "Content-Type: application/json\r\nCookie: kith_session=%.*s\r\n%s",
	                        STR_ARG(member), origin);
	return house_ask(h, "POST", "/api/kith/v1/audience", STR_NONE, str_to_c(h->mem, fields),
	                 "{\"kith_audience\":{\"kind\":\"friends\"}}");
}

static void a_cookie_writes_from_our_own_page_alone(void **state)
{
	(void)state;
	str ours = str_format(h->mem, "Origin: %.*s\r\n", STR_ARG(h->url));
	assert_status(with_cookie(str_to_c(h->mem, ours)), 200);
	assert_status(with_cookie(""), 403);
	assert_status(with_cookie("Origin: null\r\n"), 403);
	assert_status(with_cookie("Origin: https://elsewhere.example\r\n"), 403);
	/* A bearer is not sent by browsers on their own: it may come from anywhere. */
	assert_status(house_ask(h, "POST", "/api/kith/v1/audience", member,
	                        "Content-Type: application/json\r\nOrigin: https://x.example\r\n",
	                        "{\"kith_audience\":{\"kind\":\"friends\"}}"),
	              200);
}

static void a_cookie_reads_without_an_origin(void **state)
{
	(void)state;
	str fields = str_format(h->mem, "Cookie: kith_session=%.*s\r\n", STR_ARG(member));
	assert_status(house_ask(h, "GET", "/api/kith/v1/moments", STR_NONE,
	                        str_to_c(h->mem, fields), NULL),
	              200);
}

static void a_bearer_wins_over_a_cookie(void **state)
{
	(void)state;
	str fields = str_format(h->mem, "Cookie: kith_session=%.*s\r\n", STR_ARG(member));
	assert_status(house_ask(h, "GET", "/api/kith/v1/moments", S("nobody"),
	                        str_to_c(h->mem, fields), NULL),
	              401);
}

static void a_body_over_the_limit_is_413_and_names_it(void **state)
{
	(void)state;
	char *body = arena_alloc(h->mem, 100001);
	memset(body, ' ', 100000);
	struct answer a = house_send(h, "POST", "/api/kith/v1/audience", member, body);
	assert_status(a, 413);
	assert_true(str_find(a.body, S("65536")) != SIZE_MAX);
	assert_true(str_eq(answer_field(&a, "Access-Control-Allow-Origin"), S("*")));
}

static void a_token_is_asked_for_before_a_body_is_read(void **state)
{
	(void)state;
	assert_status(house_send(h, "POST", "/api/kith/v1/audience", STR_NONE, "{"), 401);
}

static void too_often_is_429_and_says_when(void **state)
{
	(void)state;
	struct answer a = { 0 };
	for (int i = 0; i < 11; i++)
		a = house_send(h, "POST", "/api/kith/v1/password", other, "{}");
	assert_status(a, 429);
	int64_t wait = 0;
	assert_true(str_to_i64(answer_field(&a, "Retry-After"), &wait));
	assert_in_range(wait, 1, 60);
	/* A limit is one person's. */
	assert_status(house_send(h, "POST", "/api/kith/v1/password", member, "{}"), 422);
}

static void a_server_that_starts_says_so(void **state)
{
	(void)state;
	api_set_ready(h->api, false);
	assert_status(house_get(h, "/healthz", STR_NONE), 200);
	assert_status(house_get(h, "/readyz", STR_NONE), 503);
	struct answer a = house_get(h, "/api/v1/instance", STR_NONE);
	assert_status(a, 503);
	assert_true(answer_field(&a, "Retry-After").n > 0);
	api_set_ready(h->api, true);
	assert_status(house_get(h, "/readyz", STR_NONE), 200);
}

static void requests_are_counted_by_route(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, h->mem, 1 << 20);
	assert_status(house_get(h, "/api/kith/v1/statuses/5/moment", member), 404);
	metrics_render(api_metrics(h->api), &b);
	assert_true(str_find(buf_str(&b), S("GET /api/kith/v1/statuses/:id/moment")) != SIZE_MAX);
	assert_true(str_find(buf_str(&b), S("statuses/5")) == SIZE_MAX);
}

int main(void)
{
	enum { N = sizeof(gates) / sizeof(gates[0]) };
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(hidden_and_absent_are_the_same_bytes),
		cmocka_unit_test(a_field_at_fault_is_named_twice),
		cmocka_unit_test(another_method_says_which_there_are),
		cmocka_unit_test(a_preflight_needs_no_token),
		cmocka_unit_test(a_cookie_writes_from_our_own_page_alone),
		cmocka_unit_test(a_cookie_reads_without_an_origin),
		cmocka_unit_test(a_bearer_wins_over_a_cookie),
		cmocka_unit_test(a_body_over_the_limit_is_413_and_names_it),
		cmocka_unit_test(a_token_is_asked_for_before_a_body_is_read),
		cmocka_unit_test(too_often_is_429_and_says_when),
		cmocka_unit_test(a_server_that_starts_says_so),
		cmocka_unit_test(requests_are_counted_by_route),
	};
	enum { M = sizeof(more) / sizeof(more[0]) };
	struct CMUnitTest tests[N + M];
	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ .name = gates[i].name,
			                        .test_func = gate,
			                        .initial_state = (void *)(uintptr_t)i };
	memcpy(tests + N, more, sizeof(more));
	return cmocka_run_group_tests_name("dispatch", tests, set_up, tear_down);
}
