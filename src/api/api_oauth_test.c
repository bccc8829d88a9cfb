/* An app comes in: registration, consent, the code, the token, and every way in which that is refused. */
#include "api/api_testing.h"

#include <string.h>

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define OOB "urn:ietf:wg:oauth:2.0:oob"
#define OOB_SENT "urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob"
#define PASSWORD "a pass phrase"

static struct house *h;
static str cookie, client_id, client_secret, shell;

static void register_app(void)
{
	struct answer a = house_send(
		h, "POST", "/api/v1/apps", STR_NONE,
		"{\"client_name\":\"My <App>\",\"redirect_uris\":[\"" OOB
		"\",\"https://app.example/cb?x=1\",\"myapp://back\"],"
		"\"scopes\":\"read write\",\"website\":\"https://app.example\"}");
	assert_status(a, 200);
	client_id = answer_text(&a, "client_id");
	client_secret = answer_text(&a, "client_secret");
}

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	struct account_draft draft = { .handle = S("anna"), .password = S(PASSWORD) };
	struct person person;
	assert_ok(admit_create(h->circle, &draft, h->at_ms, h->mem, &person));
	shell = house_token(h, person.id, NULL);
	register_app();
	struct answer a = house_send(h, "POST", "/api/kith/v1/session", STR_NONE,
	                             "{\"handle\":\"anna\",\"password\":\"" PASSWORD "\"}");
	assert_status(a, 200);
	cookie = answer_cookie(&a);
	assert_true(cookie.n > 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

/* --- registration --- */

static const struct {
	const char *name, *type, *body, *field; /* field NULL: 200 */
} registrations[] = {
	{ "a form registers an app", "application/x-www-form-urlencoded",
	  "client_name=A&redirect_uris=" OOB_SENT "&scopes=read", NULL },
	{ "several addresses may come in one text", "application/json",
	  "{\"client_name\":\"A\",\"redirect_uris\":\"" OOB "\\nhttps://a.example/\"}", NULL },
	{ "a name is needed", "application/json", "{\"redirect_uris\":\"" OOB "\"}",
	  "client_name" },
	{ "an address is needed", "application/json", "{\"client_name\":\"A\"}", "redirect_uris" },
	{ "a script is no address", "application/json",
	  "{\"client_name\":\"A\",\"redirect_uris\":\"javascript:alert(1)\"}", "redirect_uris" },
	{ "an unknown scope is refused", "application/json",
	  "{\"client_name\":\"A\",\"redirect_uris\":\"" OOB "\",\"scopes\":\"read everything\"}",
	  "scopes" },
	{ "a number is no name", "application/json",
	  "{\"client_name\":7,\"redirect_uris\":\"" OOB "\"}", "client_name" },
	{ "a website is one", "application/json",
	  "{\"client_name\":\"A\",\"redirect_uris\":\"" OOB "\",\"website\":\"javascript:1\"}",
	  "website" },
};

static void registers(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	str fields = str_format(h->mem, "Content-Type: %s\r\n", registrations[i].type);
	struct answer a = house_ask(h, "POST", "/api/v1/apps", STR_NONE, str_to_c(h->mem, fields),
	                            registrations[i].body);
	if (registrations[i].field) {
		assert_field_at_fault(a, 422, registrations[i].field);
		return;
	}
	assert_status(a, 200);
	assert_true(answer_text(&a, "client_id").n >= 16);
	assert_true(answer_text(&a, "client_secret").n >= 32);
	assert_text(a, "redirect_uris.0", OOB);
}

/* --- consent --- */

/* The page an app sends a person to; `rest` goes on with the query. */
static struct answer open_page(str with_cookie, const char *rest)
{
	str path = str_format(h->mem, "/oauth/authorize?response_type=code&client_id=%.*s%s",
	                      STR_ARG(client_id), rest);
	str fields = str_format(h->mem, "Cookie: kith_session=%.*s\r\n", STR_ARG(with_cookie));
	return house_ask(h, "GET", str_to_c(h->mem, path), STR_NONE, str_to_c(h->mem, fields),
	                 NULL);
}

static struct answer decide(str with_cookie, const char *decision, const char *rest)
{
	str form = str_format(h->mem, "response_type=code&client_id=%.*s&decision=%s%s",
	                      STR_ARG(client_id), decision, rest);
	return house_form(h, "/oauth/authorize", with_cookie, str_to_c(h->mem, form));
}

static bool says(const struct answer *a, str words) { return str_find(a->body, words) != SIZE_MAX; }

static void a_page_is_strict(const struct answer *a)
{
	str csp = answer_field(a, "Content-Security-Policy");
	assert_true(str_starts(csp, S("default-src 'none'; style-src 'self';")));
	assert_true(str_find(csp, S("frame-ancestors 'none'")) != SIZE_MAX);
	assert_true(str_eq(answer_field(a, "Cache-Control"), S("no-store")));
	assert_true(str_starts(answer_field(a, "Content-Type"), S("text/html")));
	assert_false(says(a, S("<script")));
}

static void a_stranger_is_asked_to_sign_in(void **state)
{
	(void)state;
	struct answer a = open_page(STR_NONE,
	                            "&redirect_uri=" OOB_SENT "&scope=read&state=%22%3E%3Cb%3E");
	assert_status(a, 200);
	a_page_is_strict(&a);
	assert_true(says(&a, S("action=\"/oauth/sign-in\"")));
	assert_true(says(&a, S("My &lt;App&gt;")));
	assert_true(says(&a, S("value=\"&quot;&gt;&lt;b&gt;\"")));
	assert_false(says(&a, S("<b>")));
}

static void a_member_is_asked_for_consent(void **state)
{
	(void)state;
	struct answer a = open_page(
		cookie, "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1&scope=read");
	assert_status(a, 200);
	a_page_is_strict(&a);
	assert_true(says(&a, S("@anna")));
	assert_true(says(&a, S("value=\"allow\"")));
	assert_true(str_ends(answer_field(&a, "Content-Security-Policy"),
	                     S("form-action 'self' https://app.example")));
	struct answer own = open_page(cookie, "&redirect_uri=myapp%3A%2F%2Fback&scope=read");
	assert_true(str_ends(answer_field(&own, "Content-Security-Policy"),
	                     S("form-action 'self' myapp:")));
}

static void a_member_may_be_asked_to_sign_in_again(void **state)
{
	(void)state;
	struct answer a = open_page(cookie,
	                            "&redirect_uri=" OOB_SENT "&scope=read&force_login=true");
	assert_true(says(&a, S("action=\"/oauth/sign-in\"")));
}

/* Never a redirect to an address that is not the app's. */
static const struct {
	const char *name, *rest;
} strays[] = {
	{ "no address stays here", "&scope=read" },
	{ "another address stays here", "&scope=read&redirect_uri=https%3A%2F%2Fevil.example%2F" },
	{ "a longer address stays here",
	  "&scope=read&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1%262" },
	{ "a shorter address stays here",
	  "&scope=read&redirect_uri=https%3A%2F%2Fapp.example%2Fcb" },
	{ "two addresses in one stay here",
	  "&scope=read&redirect_uri=myapp%3A%2F%2Fback%0Ahttps%3A%2F%2Fapp.example%2Fcb%3Fx%3D1" },
};

static void stays(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	struct answer page = open_page(cookie, strays[i].rest);
	struct answer form = decide(cookie, "allow", strays[i].rest);
	assert_status(page, 422);
	assert_status(form, 422);
	assert_null(answer_field(&page, "Location").p);
	assert_null(answer_field(&form, "Location").p);
	a_page_is_strict(&page);
}

static const struct {
	const char *name, *rest, *error;
} returns[] = {
	{ "more than was registered goes back", "&scope=read+follow", "invalid_scope" },
	{ "an unknown scope goes back", "&scope=everything", "invalid_scope" },
	{ "a plain challenge goes back",
	  "&scope=read&code_challenge=abc&code_challenge_method=plain", "invalid_request" },
	{ "a challenge without its method goes back", "&scope=read&code_challenge=abc",
	  "invalid_request" },
};

static void goes_back(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;
	str rest = str_format(h->mem, "%s&redirect_uri=myapp%%3A%%2F%%2Fback&state=s%%20t",
	                      returns[i].rest);
	struct answer a = open_page(cookie, str_to_c(h->mem, rest));
	str want = str_format(h->mem, "myapp://back?error=%s&state=s%%20t&iss=", returns[i].error);
	assert_status(a, 303);
	assert_true(str_starts(answer_field(&a, "Location"), want));
}

static void turning_away_goes_back(void **state)
{
	(void)state;
	struct answer a = decide(cookie, "deny", "&scope=read&redirect_uri=myapp%3A%2F%2Fback");
	assert_status(a, 303);
	assert_true(str_starts(answer_field(&a, "Location"),
	                       S("myapp://back?error=access_denied&iss=")));
}

static void consent_needs_the_cookie_and_our_own_page(void **state)
{
	(void)state;
	static const char form[] = "decision=allow";
	assert_status(house_form(h, "/oauth/authorize", STR_NONE, form), 401);
	str foreign = str_format(h->mem,
	                         "Content-Type: application/x-www-form-urlencoded\r\n"
	                         "Origin: https://evil.example\r\nCookie: kith_session=%.*s\r\n",
	                         STR_ARG(cookie));
	assert_status(
		house_ask(h, "POST", "/oauth/authorize", STR_NONE, str_to_c(h->mem, foreign), form),
		403);
}

static void an_app_cannot_let_itself_in_further(void **state)
{
	(void)state;
	struct bearer me;
	assert_ok(admit_bearer(h->circle, shell, h->at_ms, &me));
	str token = house_token(h, me.person, "read write follow push profile");
	assert_status(house_ask(h, "POST", "/oauth/authorize", token,
	                        "Content-Type: application/x-www-form-urlencoded\r\n",
	                        "decision=allow"),
	              403);
}

static void signing_in_leads_to_consent(void **state)
{
	(void)state;
	str form = str_format(h->mem,
	                      "response_type=code&client_id=%.*s&scope=read&redirect_uri=" OOB
	                      "&state=a%%26b&handle=anna&password=a+pass+phrase",
	                      STR_ARG(client_id));
	struct answer a = house_form(h, "/oauth/sign-in", STR_NONE, str_to_c(h->mem, form));
	assert_status(a, 303);
	assert_true(answer_cookie(&a).n > 0);
	str location = answer_field(&a, "Location");
	assert_true(str_starts(location, S("/oauth/authorize?client_id=")));
	assert_true(str_find(location, S("state=a%26b")) != SIZE_MAX);
	assert_true(str_find(location, S("password")) == SIZE_MAX);
}

static void a_wrong_password_keeps_what_was_asked(void **state)
{
	(void)state;
	str form = str_format(h->mem,
	                      "response_type=code&client_id=%.*s&scope=read&redirect_uri=" OOB
	                      "&handle=anna&password=wrong+pass+phrase",
	                      STR_ARG(client_id));
	struct answer a = house_form(h, "/oauth/sign-in", STR_NONE, str_to_c(h->mem, form));
	assert_status(a, 422);
	assert_null(answer_cookie(&a).p);
	assert_true(says(&a, S("name=\"scope\" value=\"read\"")));
	assert_true(says(&a, S("role=\"alert\"")));
	assert_false(says(&a, S("wrong pass phrase")));
}

static void signing_in_from_another_page_is_refused(void **state)
{
	(void)state;
	assert_status(house_ask(h, "POST", "/oauth/sign-in", STR_NONE,
	                        "Content-Type: application/x-www-form-urlencoded\r\n"
	                        "Origin: https://evil.example\r\n",
	                        "handle=anna&password=x"),
	              403);
}

/* --- the code and the token --- */

static str code_with(const char *rest)
{
	str more = str_format(h->mem, "&redirect_uri=myapp%%3A%%2F%%2Fback%s", rest);
	struct answer a = decide(cookie, "allow", str_to_c(h->mem, more));
	assert_status(a, 303);
	str location = answer_field(&a, "Location");
	assert_true(str_starts(location, S("myapp://back?code=")));
	location = str_slice(location, 18, location.n);
	return str_cut(&location, '&');
}

static struct answer redeem(str code, const char *redirect_uri, const char *verifier)
{
	str json = str_format(
		h->mem,
		"{\"grant_type\":\"authorization_code\",\"client_id\":\"%.*s\","
		"\"client_secret\":\"%.*s\",\"code\":\"%.*s\",\"redirect_uri\":\"%s\"%s%s%s}",
		STR_ARG(client_id), STR_ARG(client_secret), STR_ARG(code), redirect_uri,
		verifier ? ",\"code_verifier\":\"" : "", verifier ? verifier : "",
		verifier ? "\"" : "");
	return house_send(h, "POST", "/oauth/token", STR_NONE, str_to_c(h->mem, json));
}

#define WITH_CHALLENGE "&scope=read+write&code_challenge=" CHALLENGE "&code_challenge_method=S256"

static void a_code_gives_a_token_that_works(void **state)
{
	(void)state;
	struct answer a = redeem(code_with(WITH_CHALLENGE), "myapp://back", VERIFIER);
	assert_status(a, 200);
	assert_text(a, "token_type", "Bearer");
	assert_text(a, "scope", "read write");
	assert_int_equal(json_integer_value(answer_at(&a, "created_at")), h->at_ms / 1000);
	str token = answer_text(&a, "access_token");
	assert_status(house_get(h, "/api/kith/v1/moments", token), 200);
	struct answer app = house_get(h, "/api/v1/apps/verify_credentials", token);
	assert_text(app, "name", "My <App>");
	struct answer sessions = house_get(h, "/api/kith/v1/sessions", shell);
	assert_true(says(&sessions, S("\"app\":\"My <App>\"")));
}

static void a_code_works_once(void **state)
{
	(void)state;
	str code = code_with("&scope=read");
	assert_status(redeem(code, "myapp://back", NULL), 200);
	struct answer again = redeem(code, "myapp://back", NULL);
	assert_status(again, 400);
	assert_text(again, "error", "invalid_grant");
}

static void a_code_dies_of_a_wrong_try(void **state)
{
	(void)state;
	str code = code_with(WITH_CHALLENGE);
	assert_status(redeem(code, "myapp://back", "wrong-verifier-wrong-verifier-wrong-verifier"),
	              400);
	assert_status(redeem(code, "myapp://back", VERIFIER), 400);
}

static void a_code_needs_its_verifier(void **state)
{
	(void)state;
	assert_status(redeem(code_with(WITH_CHALLENGE), "myapp://back", NULL), 400);
	assert_status(redeem(code_with("&scope=read"), "myapp://back", VERIFIER), 400);
}

static void a_code_needs_its_address(void **state)
{
	(void)state;
	assert_status(redeem(code_with("&scope=read"), OOB, NULL), 400);
}

static void a_code_gets_old(void **state)
{
	(void)state;
	str code = code_with("&scope=read");
	h->at_ms += 11 * 60 * 1000;
	assert_status(redeem(code, "myapp://back", NULL), 400);
}

static void a_code_is_shown_where_there_is_no_address(void **state)
{
	(void)state;
	struct answer a = decide(cookie, "allow", "&scope=read&redirect_uri=" OOB_SENT);
	assert_status(a, 200);
	a_page_is_strict(&a);
	size_t at = str_find(a.body, S("<code class=\"mono\">"));
	assert_true(at != SIZE_MAX);
	str rest = str_slice(a.body, at + 19, a.body.n);
	assert_status(redeem(str_cut(&rest, '<'), OOB, NULL), 200);
}

static struct answer token_form(const char *fields, const char *form)
{
	str all = str_format(h->mem, "Content-Type: application/x-www-form-urlencoded\r\n%s",
	                     fields);
	return house_ask(h, "POST", "/oauth/token", STR_NONE, str_to_c(h->mem, all), form);
}

static void an_app_gets_a_token_of_its_own(void **state)
{
	(void)state;
	str form = str_format(h->mem,
	                      "grant_type=client_credentials&client_id=%.*s&client_secret=%.*s",
	                      STR_ARG(client_id), STR_ARG(client_secret));
	struct answer a = token_form("", str_to_c(h->mem, form));
	assert_status(a, 200);
	str token = answer_text(&a, "access_token");
	assert_status(house_get(h, "/api/v1/apps/verify_credentials", token), 200);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 403);
	assert_status(house_get(h, "/oauth/userinfo", token), 403);
}

static void a_wrong_secret_is_401(void **state)
{
	(void)state;
	str form = str_format(h->mem,
	                      "grant_type=client_credentials&client_id=%.*s&client_secret=x",
	                      STR_ARG(client_id));
	struct answer a = token_form("", str_to_c(h->mem, form));
	assert_status(a, 401);
	assert_text(a, "error", "invalid_client");
	/* "nobody:x" */
	assert_status(token_form("Authorization: Basic bm9ib2R5Ong=\r\n",
	                         "grant_type=client_credentials"),
	              401);
	assert_status(token_form("Authorization: Basic %%%\r\n", "grant_type=client_credentials"),
	              401);
	assert_status(token_form("", ""), 401);
}

static void another_grant_is_refused(void **state)
{
	(void)state;
	str form = str_format(h->mem,
	                      "grant_type=password&username=anna&client_id=%.*s&client_secret=%.*s",
	                      STR_ARG(client_id), STR_ARG(client_secret));
	struct answer a = token_form("", str_to_c(h->mem, form));
	assert_status(a, 400);
	assert_text(a, "error", "unsupported_grant_type");
}

static struct answer revoke(str token, str secret)
{
	str form = str_format(h->mem, "client_id=%.*s&client_secret=%.*s&token=%.*s",
	                      STR_ARG(client_id), STR_ARG(secret), STR_ARG(token));
	return house_ask(h, "POST", "/oauth/revoke", STR_NONE,
	                 "Content-Type: application/x-www-form-urlencoded\r\n",
	                 str_to_c(h->mem, form));
}

static void a_revoked_token_is_dead(void **state)
{
	(void)state;
	struct answer a = redeem(code_with("&scope=read"), "myapp://back", NULL);
	str token = answer_text(&a, "access_token");
	assert_status(revoke(token, S("wrong")), 403);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 200);
	assert_status(revoke(token, client_secret), 200);
	assert_status(house_get(h, "/api/kith/v1/moments", token), 401);
	assert_status(revoke(token, client_secret), 200);
}

static void an_app_revokes_its_own_tokens_alone(void **state)
{
	(void)state;
	assert_status(revoke(shell, client_secret), 403);
	assert_status(house_get(h, "/api/kith/v1/moments", shell), 200);
}

static void the_server_describes_itself(void **state)
{
	(void)state;
	struct answer a = house_get(h, "/.well-known/oauth-authorization-server", STR_NONE);
	assert_status(a, 200);
	assert_text(a, "issuer", str_to_c(h->mem, h->url));
	assert_text(a, "code_challenge_methods_supported.0", "S256");
	struct answer info = house_get(h, "/oauth/userinfo", shell);
	assert_text(info, "preferred_username", "anna");
}

int main(void)
{
	static const struct CMUnitTest flows[] = {
		cmocka_unit_test(a_stranger_is_asked_to_sign_in),
		cmocka_unit_test(a_member_is_asked_for_consent),
		cmocka_unit_test(a_member_may_be_asked_to_sign_in_again),
		cmocka_unit_test(turning_away_goes_back),
		cmocka_unit_test(consent_needs_the_cookie_and_our_own_page),
		cmocka_unit_test(an_app_cannot_let_itself_in_further),
		cmocka_unit_test(signing_in_leads_to_consent),
		cmocka_unit_test(a_wrong_password_keeps_what_was_asked),
		cmocka_unit_test(signing_in_from_another_page_is_refused),
		cmocka_unit_test(a_code_gives_a_token_that_works),
		cmocka_unit_test(a_code_works_once),
		cmocka_unit_test(a_code_dies_of_a_wrong_try),
		cmocka_unit_test(a_code_needs_its_verifier),
		cmocka_unit_test(a_code_needs_its_address),
		cmocka_unit_test(a_code_gets_old),
		cmocka_unit_test(a_code_is_shown_where_there_is_no_address),
		cmocka_unit_test(an_app_gets_a_token_of_its_own),
		cmocka_unit_test(a_wrong_secret_is_401),
		cmocka_unit_test(another_grant_is_refused),
		cmocka_unit_test(a_revoked_token_is_dead),
		cmocka_unit_test(an_app_revokes_its_own_tokens_alone),
		cmocka_unit_test(the_server_describes_itself),
	};
	enum {
		R = sizeof(registrations) / sizeof(registrations[0]),
		T = sizeof(strays) / sizeof(strays[0]),
		B = sizeof(returns) / sizeof(returns[0]),
		F = sizeof(flows) / sizeof(flows[0])
	};
	struct CMUnitTest tests[R + T + B + F];
	struct CMUnitTest *t = tests;
	for (size_t i = 0; i < R; i++)
		*t++ = (struct CMUnitTest){ registrations[i].name, registers, NULL, NULL,
			                    (void *)i };
	for (size_t i = 0; i < T; i++)
		*t++ = (struct CMUnitTest){ strays[i].name, stays, NULL, NULL, (void *)i };
	for (size_t i = 0; i < B; i++)
		*t++ = (struct CMUnitTest){ returns[i].name, goes_back, NULL, NULL, (void *)i };
	memcpy(t, flows, sizeof(flows));
	return cmocka_run_group_tests_name("api_oauth", tests, set_up, tear_down);
}
