/* Signing in by the page, sessions, passwords, reset links, invitations. */
#include "api/api_testing.h"

#include <pthread.h>
#include <string.h>

#define PASSWORD "a pass phrase"
#define SIGN_IN "{\"handle\":\"anna\",\"password\":\"" PASSWORD "\"}"

static struct house *h;
static person_id anna, keeper;

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	struct account_draft draft = { .handle = S("anna"), .password = S(PASSWORD) };
	struct person person;
	assert_ok(admit_create(h->circle, &draft, h->at_ms, h->mem, &person));
	anna = person.id;
	keeper = house_person(h, "kate", ROLE_KEEPER);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static struct answer sign_in(const char *json)
{
	return house_send(h, "POST", "/api/kith/v1/session", STR_NONE, json);
}

static void signing_in_gives_a_cookie_and_the_own_account(void **state)
{
	(void)state;
	struct answer a = sign_in(SIGN_IN);
	assert_status(a, 200);
	assert_text(a, "username", "anna");
	assert_text(a, "kith_role", "member");
	assert_text(a, "kith_range", "all");
	assert_true(json_is_false(answer_at(&a, "kith_sealed")));
	str cookie = answer_field(&a, "Set-Cookie");
	assert_true(str_starts(cookie, S("kith_session=kith_")));
	assert_true(str_find(cookie, S("; Path=/;")) != SIZE_MAX);
	assert_true(str_find(cookie, S("; HttpOnly; SameSite=Lax")) != SIZE_MAX);
	assert_true(str_find(cookie, S("Secure")) == SIZE_MAX); /* the house is on http here */
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", answer_cookie(&a), NULL), 200);
}

static void a_cookie_of_an_https_house_is_secure(void **state)
{
	(void)state;
	api_set_url(h->api, S("https://circle.example/"));
	struct answer a = sign_in(SIGN_IN);
	assert_true(str_ends(answer_field(&a, "Set-Cookie"), S("; Secure")));
	assert_text(a, "url", "https://circle.example/people/anna");
	api_set_url(h->api, h->url);
}

static const struct {
	const char *name, *json, *field;
} refusals[] = {
	{ "a wrong password is refused", "{\"handle\":\"anna\",\"password\":\"another phrase\"}",
	  "password" },
	{ "an unknown handle is refused with the same field",
	  "{\"handle\":\"nobody\",\"password\":\"" PASSWORD "\"}", "password" },
	{ "someone without a password is refused",
	  "{\"handle\":\"kate\",\"password\":\"" PASSWORD "\"}", "password" },
	{ "a handle is needed", "{\"password\":\"x\"}", "handle" },
	{ "a password is needed", "{\"handle\":\"anna\"}", "password" },
	{ "an empty password is none", "{\"handle\":\"anna\",\"password\":\"\"}", "password" },
	{ "a list is no password", "{\"handle\":\"anna\",\"password\":[\"x\"]}", "password" },
};

static void refuses(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	struct answer a = sign_in(refusals[i].json);
	assert_field_at_fault(a, 422, refusals[i].field);
	assert_null(answer_field(&a, "Set-Cookie").p);
}

static void wrong_handle_and_wrong_password_are_the_same_bytes(void **state)
{
	(void)state;
	struct answer a = sign_in("{\"handle\":\"anna\",\"password\":\"another phrase\"}");
	struct answer b = sign_in("{\"handle\":\"nobody\",\"password\":\"another phrase\"}");
	assert_true(str_eq(a.body, b.body));
}

static void another_page_cannot_sign_someone_in(void **state)
{
	(void)state;
	assert_status(house_ask(h, "POST", "/api/kith/v1/session", STR_NONE,
	                        "Content-Type: application/x-www-form-urlencoded\r\n"
	                        "Origin: https://evil.example\r\n",
	                        "handle=anna&password=a+pass+phrase"),
	              403);
}

static void signing_in_again_ends_the_session_before(void **state)
{
	(void)state;
	struct answer first = sign_in(SIGN_IN);
	str old = answer_cookie(&first);
	struct answer second = house_page(h, "POST", "/api/kith/v1/session", old, SIGN_IN);
	assert_status(second, 200);
	assert_false(str_eq(answer_cookie(&second), old));
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", old, NULL), 401);
}

static void signing_out_ends_the_session_and_clears_the_cookie(void **state)
{
	(void)state;
	struct answer in = sign_in(SIGN_IN);
	struct answer out = house_page(h, "DELETE", "/api/kith/v1/session", answer_cookie(&in),
	                               NULL);
	assert_status(out, 200);
	assert_true(str_starts(answer_field(&out, "Set-Cookie"),
	                       S("kith_session=; Path=/; Max-Age=0")));
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", answer_cookie(&in), NULL), 401);
}

static void sessions_are_listed_and_revoked(void **state)
{
	(void)state;
	struct answer in = sign_in(SIGN_IN);
	str token = house_token(h, anna, "read");
	str cookie = answer_cookie(&in);
	struct answer list = house_page(h, "GET", "/api/kith/v1/sessions", cookie, NULL);
	assert_status(list, 200);
	str session = STR_NONE;
	int current = 0;
	for (size_t i = 0; i < json_array_size(list.json); i++) {
		const json_t *one = json_array_get(list.json, i);
		current += json_is_true(json_object_get(one, "current"));
		if (strcmp(json_string_value(json_object_get(one, "kind")), "app") == 0)
			session = str_of(json_string_value(json_object_get(one, "id")));
	}
	assert_int_equal(current, 1);
	assert_true(session.n > 0);
	str path = str_format(h->mem, "/api/kith/v1/sessions/%.*s", STR_ARG(session));
	str other = house_token(h, keeper, NULL);
	assert_status(house_ask(h, "DELETE", str_to_c(h->mem, path), other, NULL, NULL), 404);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 200);
	assert_status(house_page(h, "DELETE", str_to_c(h->mem, path), cookie, NULL), 200);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 401);
	assert_status(house_page(h, "DELETE", str_to_c(h->mem, path), cookie, NULL), 404);
}

static void a_new_password_ends_every_other_session(void **state)
{
	(void)state;
	str app = house_token(h, anna, "read");
	struct answer in = sign_in(SIGN_IN);
	str cookie = answer_cookie(&in);
	static const char wrong[] =
		"{\"current\":\"not this one\",\"password\":\"another phrase\"}";
	static const char right[] = "{\"current\":\"" PASSWORD
				    "\",\"password\":\"another phrase\"}";
	static const char back[] = "{\"current\":\"another phrase\",\"password\":\"" PASSWORD "\"}";
	static const char weak[] = "{\"current\":\"" PASSWORD "\",\"password\":\"short\"}";
	assert_field_at_fault(house_page(h, "POST", "/api/kith/v1/password", cookie, wrong), 422,
	                      "current");
	assert_field_at_fault(house_page(h, "POST", "/api/kith/v1/password", cookie, weak), 422,
	                      "password");
	assert_status(house_get(h, "/api/kith/v1/moments", app), 200);
	assert_status(house_page(h, "POST", "/api/kith/v1/password", cookie, right), 200);
	assert_status(house_get(h, "/api/kith/v1/moments", app), 401);
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", cookie, NULL), 200);
	assert_status(sign_in(SIGN_IN), 422);
	assert_status(house_page(h, "POST", "/api/kith/v1/password", cookie, back), 200);
}

static void a_reset_link_works_once(void **state)
{
	(void)state;
	person_id bert = house_person(h, "bert", ROLE_MEMBER);
	str token = house_token(h, bert, NULL), secret;
	assert_ok(admit_reset_create(h->circle, bert, h->at_ms, h->mem, &secret));
	str json = str_format(h->mem, "{\"token\":\"%.*s\",\"password\":\"a new phrase\"}",
	                      STR_ARG(secret));
	assert_status(house_send(h, "POST", "/api/kith/v1/reset", STR_NONE, str_to_c(h->mem, json)),
	              200);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 401);
	assert_status(sign_in("{\"handle\":\"Bert\",\"password\":\"a new phrase\"}"), 200);
	struct answer again = house_send(h, "POST", "/api/kith/v1/reset", STR_NONE,
	                                 str_to_c(h->mem, json));
	assert_field_at_fault(again, 422, "token");
}

static void a_sealed_person_comes_in_and_out(void **state)
{
	(void)state;
	assert_ok(admit_seal(h->circle, anna, &(struct seal_draft){ S("in other hands"), true },
	                     h->at_ms, &(int64_t){ 0 }));
	struct answer in = sign_in(SIGN_IN);
	assert_status(in, 200);
	assert_true(json_is_true(answer_at(&in, "kith_sealed")));
	struct answer feed = house_page(h, "GET", "/api/kith/v1/moments", answer_cookie(&in), NULL);
	assert_status(feed, 403);
	assert_true(str_find(feed.body, S("/api/kith/v1/measures")) != SIZE_MAX);
	assert_status(house_page(h, "GET", "/api/kith/v1/measures", answer_cookie(&in), NULL), 200);
	assert_status(house_page(h, "DELETE", "/api/kith/v1/session", answer_cookie(&in), NULL),
	              200);
	assert_ok(admit_unseal(h->circle, anna, h->at_ms));
}

/* --- invitations --- */

static str invite(const char *json, str *id)
{
	struct answer a = house_send(h, "POST", "/api/kith/v1/invites",
	                             house_token(h, keeper, NULL), json);
	assert_status(a, 200);
	str url = answer_text(&a, "url"),
	    prefix = str_format(h->mem, "%.*s/join/", STR_ARG(h->url));
	assert_true(str_starts(url, prefix));
	if (id)
		*id = answer_text(&a, "id");
	return str_slice(url, prefix.n, url.n);
}

static struct answer look(str code)
{
	return house_get(
		h, str_to_c(h->mem, str_format(h->mem, "/api/kith/v1/invites/%.*s", STR_ARG(code))),
		STR_NONE);
}

static struct answer sign_up(str code, const char *handle)
{
	str json = str_format(h->mem,
	                      "{\"invite\":\"%.*s\",\"handle\":\"%s\",\"display_name\":\"Someone\","
	                      "\"password\":\"" PASSWORD "\",\"role\":\"keeper\"}",
	                      STR_ARG(code), handle);
	return house_send(h, "POST", "/api/kith/v1/signup", STR_NONE, str_to_c(h->mem, json));
}

static void an_invitation_lets_someone_in_once(void **state)
{
	(void)state;
	str code = invite("{\"uses\":1,\"days\":2}", NULL);
	struct answer seen = look(code);
	assert_status(seen, 200);
	assert_text(seen, "invited_by", "kate");
	assert_field_at_fault(sign_up(code, "an na"), 422, "handle");
	assert_field_at_fault(sign_up(code, "Anna"), 422, "handle");
	struct answer in = sign_up(code, "cleo");
	assert_status(in, 200);
	assert_text(in, "kith_role", "member"); /* whatever was sent */
	assert_status(house_page(h, "GET", "/api/kith/v1/moments", answer_cookie(&in), NULL), 200);
	assert_field_at_fault(sign_up(code, "dora"), 422, "invite");
	assert_status(look(code), 404);
}

static void an_invitation_ends(void **state)
{
	(void)state;
	str id, code = invite("{}", &id);
	str path = str_format(h->mem, "/api/kith/v1/invites/%.*s", STR_ARG(id));
	str token = house_token(h, keeper, NULL);
	struct answer list = house_get(h, "/api/kith/v1/invites", token);
	assert_status(list, 200);
	assert_true(str_find(list.body, code) == SIZE_MAX);
	assert_true(str_find(list.body, id) != SIZE_MAX);
	assert_status(house_ask(h, "DELETE", str_to_c(h->mem, path), token, NULL, NULL), 200);
	assert_field_at_fault(sign_up(code, "emil"), 422, "invite");
	assert_status(look(code), 404);
	str old = invite("{\"days\":1}", NULL);
	h->at_ms += INT64_C(25) * 3600 * 1000;
	assert_field_at_fault(sign_up(old, "emil"), 422, "invite");
}

static void invitations_have_bounds(void **state)
{
	(void)state;
	str token = house_token(h, keeper, NULL), member = house_token(h, anna, NULL);
	assert_field_at_fault(house_send(h, "POST", "/api/kith/v1/invites", token, "{\"uses\":0}"),
	                      422, "uses");
	assert_field_at_fault(
		house_send(h, "POST", "/api/kith/v1/invites", token, "{\"uses\":101}"), 422,
		"uses");
	assert_field_at_fault(house_send(h, "POST", "/api/kith/v1/invites", token, "{\"days\":91}"),
	                      422, "days");
	assert_field_at_fault(
		house_send(h, "POST", "/api/kith/v1/invites", token, "{\"days\":\"x\"}"), 422,
		"days");
	assert_status(house_send(h, "POST", "/api/kith/v1/invites", member, "{}"), 403);
	assert_status(house_get(h, "/api/kith/v1/invites", member), 403);
	assert_status(look(S("no-such-code")), 404);
}

struct racer {
	pthread_t thread;
	str request;
	struct house house; /* its own arena: arenas belong to one thread */
	int status;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct answer a = house_send(&r->house, "POST", "/api/kith/v1/signup", STR_NONE,
	                             str_to_c(r->house.mem, r->request));
	r->status = a.status;
	return NULL;
}

static void a_race_for_one_invitation_has_one_winner(void **state)
{
	(void)state;
	enum { RACERS = 8 };
	struct racer racers[RACERS];
	str code = invite("{\"uses\":1,\"days\":1}", NULL);
	int won = 0;
	for (int i = 0; i < RACERS; i++) {
		racers[i].house = *h;
		racers[i].house.mem = arena_new(4096);
		racers[i].house.kept = json_array();
		racers[i].request = str_format(h->mem,
		                               "{\"invite\":\"%.*s\",\"handle\":\"racer%d\","
		                               "\"password\":\"" PASSWORD "\"}",
		                               STR_ARG(code), i);
	}
	for (int i = 0; i < RACERS; i++)
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	for (int i = 0; i < RACERS; i++) {
		pthread_join(racers[i].thread, NULL);
		won += racers[i].status == 200;
		assert_true(racers[i].status == 200 || racers[i].status == 422);
		json_decref(racers[i].house.kept);
		arena_free(racers[i].house.mem);
	}
	assert_int_equal(won, 1);
}

int main(void)
{
	static const struct CMUnitTest flows[] = {
		cmocka_unit_test(signing_in_gives_a_cookie_and_the_own_account),
		cmocka_unit_test(a_cookie_of_an_https_house_is_secure),
		cmocka_unit_test(wrong_handle_and_wrong_password_are_the_same_bytes),
		cmocka_unit_test(another_page_cannot_sign_someone_in),
		cmocka_unit_test(signing_in_again_ends_the_session_before),
		cmocka_unit_test(signing_out_ends_the_session_and_clears_the_cookie),
		cmocka_unit_test(sessions_are_listed_and_revoked),
		cmocka_unit_test(a_new_password_ends_every_other_session),
		cmocka_unit_test(a_reset_link_works_once),
		cmocka_unit_test(a_sealed_person_comes_in_and_out),
		cmocka_unit_test(an_invitation_lets_someone_in_once),
		cmocka_unit_test(an_invitation_ends),
		cmocka_unit_test(invitations_have_bounds),
		cmocka_unit_test(a_race_for_one_invitation_has_one_winner),
	};
	enum { R = sizeof(refusals) / sizeof(refusals[0]), F = sizeof(flows) / sizeof(flows[0]) };
	struct CMUnitTest tests[R + F];
	for (size_t i = 0; i < R; i++)
		tests[i] = (struct CMUnitTest){ refusals[i].name, refuses, NULL, NULL, (void *)i };
	memcpy(tests + R, flows, sizeof(flows));
	return cmocka_run_group_tests_name("api_session", tests, set_up, tear_down);
}
