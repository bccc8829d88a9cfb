/* What a role needs, and what else takes a clock that moves. The rest is tests/factors.test.mjs. */
#include "api/api_testing.h"

#include "api/route.h"

#include <string.h>

#define PASSWORD "a pass phrase"
#define WEEK_MS (INT64_C(7) * 24 * 3600 * 1000)

static struct house *h;
static person_id steward;
static str cookie; /* of the steward's browser */

static void sign_in(void)
{
	struct answer in = house_send(h, "POST", "/api/kith/v1/session", STR_NONE,
	                              "{\"handle\":\"stella\",\"password\":\"" PASSWORD "\"}");
	assert_status(in, 200);
	assert_text(in, "kith_second_factor", "due");
	cookie = answer_cookie(&in);
}

static int set_up(void **state)
{
	struct account_draft draft = { .handle = S("stella"),
		                       .password = S(PASSWORD),
		                       .role = ROLE_STEWARD };
	struct person person;
	(void)state;
	h = house_new(false);
	assert_ok(admit_create(h->circle, &draft, h->at_ms, h->mem, &person));
	steward = person.id;
	sign_in();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static str app_token(void)
{
	struct session session;
	str token;
	struct session_draft draft = { .person = steward,
		                       .app = { 77 },
		                       .kind = SESSION_APP,
		                       .scope_words = S("read write follow push profile") };
	assert_ok(admit_session(h->circle, &draft, h->at_ms, h->mem, &session, &token));
	return token;
}

static void until_the_day_everything_answers(void **state)
{
	(void)state;
	h->at_ms += WEEK_MS - 1;
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", cookie, NULL), 200);
	assert_status(house_page(h, "GET", "/api/kith/v1/review", cookie, NULL), 200);
}

/* Every row of the table: a new one is asked for unless it says otherwise. */
static void from_the_day_on_only_ones_keys_answer(void **state)
{
	int keys = 0;
	str token = app_token();
	(void)state;
	h->at_ms += WEEK_MS;
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		const char *path = str_to_c(h->mem, str_of(r->path));
		if (r->who == ANYONE || r->method != HTTP_GET)
			continue;
		for (char *p = strchr(path, ':'); p != NULL; p = strchr(p + 1, ':'))
			*p = '1'; /* an id, and whatever name is left */
		struct answer a = house_page(h, "GET", path, cookie, NULL);
		bool named = a.status == 403 &&
		             str_find(a.body, S("need a second factor")) != SIZE_MAX;
		if (named == ((r->flags & ROUTE_KEYS) != 0))
			fail_msg("%s: %d %.*s", r->path, a.status, STR_ARG(a.body));
		keys += (r->flags & ROUTE_KEYS) != 0;
	}
	assert_int_equal(keys, 3); /* the account, its sessions, its factors */
	assert_status(house_get(h, "/api/v1/timelines/home", token), 403);
	assert_status(house_get(h, "/api/v1/accounts/verify_credentials", token), 200);
	assert_status(house_send(h, "POST", "/api/v1/statuses", token, "{\"status\":\"x\"}"), 403);
	assert_status(house_page(h, "POST", "/api/kith/v1/factors/totp", cookie, "{}"), 200);
	/* A shell's token was made by the keeper, who was asked for nothing either. */
	assert_status(house_get(h, "/api/kith/v1/moments", house_token(h, steward, NULL)), 200);
	assert_status(house_page(h, "DELETE", "/api/kith/v1/session", cookie, NULL), 200);
	sign_in();
	assert_status(house_page(h, "POST", "/plain/sign-out", cookie, "{}"), 303);
	assert_status(house_page(h, "GET", "/api/kith/v1/sessions", cookie, NULL), 401);
}

static void an_app_cannot_touch_them(void **state)
{
	static const struct {
		const char *method, *path;
	} rows[] = {
		{ "GET", "/api/kith/v1/factors" },
		{ "POST", "/api/kith/v1/factors/totp" },
		{ "POST", "/api/kith/v1/factors/totp/confirm" },
		{ "DELETE", "/api/kith/v1/factors/totp" },
		{ "POST", "/api/kith/v1/factors/passkeys/options" },
		{ "POST", "/api/kith/v1/factors/passkeys" },
		{ "DELETE", "/api/kith/v1/factors/passkeys/1" },
		{ "POST", "/api/kith/v1/factors/recovery" },
		{ "DELETE", "/api/kith/v1/sessions" },
	};
	str token = app_token();
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *body = rows[i].method[0] == 'G' ? NULL : "{}";
		struct answer a = house_ask(h, rows[i].method, rows[i].path, token,
		                            body ? "Content-Type: application/json\r\n" : "", body);
		if (a.status != 403)
			fail_msg("%s %s: %d", rows[i].method, rows[i].path, a.status);
		assert_status(house_ask(h, rows[i].method, rows[i].path, STR_NONE,
		                        body ? "Content-Type: application/json\r\n" : "", body),
		              401);
	}
}

static void another_page_takes_no_step_of_it(void **state)
{
	static const char *const paths[] = {
		"/api/kith/v1/session/second",
		"/api/kith/v1/session/passkey",
		"/api/kith/v1/session/passkey/options",
		"/oauth/sign-in/second",
	};
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_status(house_ask(h, "POST", paths[i], STR_NONE,
		                        "Content-Type: application/x-www-form-urlencoded\r\n"
		                        "Origin: https://evil.example\r\n",
		                        "ticket=x&code=1"),
		              403);
}

static void coming_in_leaves_a_mark_in_the_browser(void **state)
{
	(void)state;
	struct answer a = house_send(h, "POST", "/api/kith/v1/session", STR_NONE,
	                             "{\"handle\":\"stella\",\"password\":\"" PASSWORD "\"}");
	size_t at = str_find(a.head, S("Set-Cookie: kith_device=kith_device_"));
	assert_true(at != SIZE_MAX);
	str line = str_slice(a.head, at, a.head.n);
	line = str_cut(&line, '\n');
	assert_true(str_find(line, S("; HttpOnly; SameSite=Lax")) != SIZE_MAX);
	struct answer wrong = house_send(h, "POST", "/api/kith/v1/session", STR_NONE,
	                                 "{\"handle\":\"stella\",\"password\":\"another one\"}");
	assert_null(answer_field(&wrong, "Set-Cookie").p);
}

static void what_browsers_give_is_read_with_care(void **state)
{
	static const struct {
		const char *json, *field;
	} rows[] = {
		{ "{}", "assertion" },
		{ "{\"assertion\":7}", "assertion" },
		{ "{\"assertion\":{}}", "assertion" },
		{ "{\"assertion\":{\"response\":[]}}", "response" },
		{ "{\"assertion\":{\"rawId\":\"a b\",\"response\":{}}}", "assertion" },
		{ "{\"assertion\":{\"rawId\":\"YQ==\",\"response\":{}}}", "assertion" },
		{ "{\"assertion\":{\"rawId\":\"YQ\",\"response\":{}}}", "passkey" },
		{ "{\"assertion\":{\"rawId\":\"YQ\",\"response\":{\"clientDataJSON\":\"e30\"}}}",
		  "passkey" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_field_at_fault(house_send(h, "POST", "/api/kith/v1/session/passkey",
		                                 STR_NONE, rows[i].json),
		                      422, rows[i].field);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(until_the_day_everything_answers),
		TEST(from_the_day_on_only_ones_keys_answer),
		TEST(an_app_cannot_touch_them),
		TEST(another_page_takes_no_step_of_it),
		TEST(coming_in_leaves_a_mark_in_the_browser),
		TEST(what_browsers_give_is_read_with_care),
	};
	return cmocka_run_group_tests_name("api_factor", tests, NULL, NULL);
}
