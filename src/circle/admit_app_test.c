#include "circle/admit.h"

#include "circle/stage_testing.h"

#define URI S("https://app.example/callback")
#define VERIFIER S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
#define CHALLENGE S("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")

static struct stage *s; /* of the test that runs */
static struct app app;
static str secret;

static int set_up(void **state)
{
	struct app_draft draft = { .name = S("Ivory"),
		                   .redirect_uris = S("https://app.example/callback\nivory://back"),
		                   .scope_words = S("read write") };
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	assert_ok(admit_app(s->c, &draft, s->now_ms, s->mem, &app, &secret));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static const struct {
	const char *name, *uris;
	bool fine;
} redirects[] = {
	{ "https", "https://app.example/x?y=1", true },
	{ "http on this machine", "http://127.0.0.1:9999/", true },
	{ "an app's own scheme", "com.example.app:/oauth", true },
	{ "shown to the person", "urn:ietf:wg:oauth:2.0:oob", true },
	{ "several", "https://a.example/\nivory://b", true },
	{ "none", "", false },
	{ "an empty one among them", "https://a.example/\n\nhttps://b.example/", false },
	{ "a path alone", "/callback", false },
	{ "a fragment", "https://a.example/#x", false },
	{ "script", "javascript:alert(1)", false },
	{ "script in capitals", "JavaScript:alert(1)", false },
	{ "data", "data:text/html,x", false },
	{ "no host", "https:///x", false },
	{ "no slashes", "https:a.example", false },
	{ "a space", "https://a.example/ x", false },
	{ "a carriage return", "https://a.example/\rx", false },
	{ "a backslash, which browsers read as a slash", "https://a.example\\@b.example/", false },
};

static void an_app_says_where_people_are_sent_back(void **state)
{
	struct app out;
	str client_secret;
	(void)state;
	for (size_t i = 0; i < COUNT(redirects); i++) {
		struct app_draft draft = { .name = S("x"),
			                   .redirect_uris = str_of(redirects[i].uris) };
		err e = admit_app(s->c, &draft, s->now_ms, s->mem, &out, &client_secret);
		if (failed(e) == redirects[i].fine)
			fail_msg("%s", redirects[i].name);
		if (failed(e))
			assert_blames(e, ERR_INPUT, "redirect_uris");
	}
}

static void a_bad_app_is_refused_by_its_field(void **state)
{
	const struct {
		struct app_draft draft;
		const char *field;
	} rows[] = {
		{ { .name = S(""), .redirect_uris = URI }, "client_name" },
		{ { .name = S("a\nb"), .redirect_uris = URI }, "client_name" },
		{ { .name = S("x"), .redirect_uris = URI, .website = S("javascript:x") },
		  "website" },
		{ { .name = S("x"), .redirect_uris = URI, .scope_words = S("everything") },
		  "scopes" },
	};
	struct app out;
	str client_secret;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_blames(
			admit_app(s->c, &rows[i].draft, s->now_ms, s->mem, &out, &client_secret),
			ERR_INPUT, rows[i].field);
}

static void an_app_is_known_by_its_secret(void **state)
{
	struct app out;
	(void)state;
	assert_ok(admit_app_find(s->c, app.client_id, s->mem, &out));
	assert_text(out.name, "Ivory");
	assert_ok(admit_app_by_id(s->c, app.id, s->mem, &out));
	assert_ok(admit_app_check(s->c, app.client_id, secret, s->mem, &out));
	assert_fails(admit_app_check(s->c, app.client_id, S("guess"), s->mem, &out), ERR_MISSING);
	assert_fails(admit_app_check(s->c, app.client_id, STR_NONE, s->mem, &out), ERR_MISSING);
	assert_fails(admit_app_check(s->c, S("nobody"), secret, s->mem, &out), ERR_MISSING);
}

static str code_for(str challenge)
{
	struct oauth_code draft = { .app = app.id,
		                    .person = s->people[2],
		                    .redirect_uri = URI,
		                    .scope_words = S("read"),
		                    .challenge = challenge };
	str code;
	assert_ok(admit_code(s->c, &draft, s->now_ms, s->mem, &code));
	return code;
}

static err use(const struct app *by, str code, str uri, str verifier, str *token)
{
	struct session session;
	err e = admit_code_use(s->c, by, code, uri, verifier, S("an app"), s->now_ms, s->mem,
	                       &session, token);
	if (!failed(e)) {
		assert_int_equal(session.person.v, s->people[2].v);
		assert_int_equal(session.scopes, SCOPE_READ);
		assert_int_equal(session.app.v, by->id.v);
	}
	return e;
}

static void a_code_becomes_a_session_once(void **state)
{
	struct bearer bearer;
	str token, code = code_for(CHALLENGE);
	(void)state;
	assert_ok(use(&app, code, URI, VERIFIER, &token));
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_int_equal(bearer.kind, SESSION_APP);
	assert_blames(use(&app, code, URI, VERIFIER, &token), ERR_INPUT, "code");
	assert_ok(use(&app, code_for(STR_NONE), URI, STR_NONE, &token)); /* without PKCE */
}

static void a_code_that_does_not_fit_is_spent(void **state)
{
	struct app other = { .id = { 42 } };
	struct {
		const struct app *by;
		str challenge, uri, verifier;
	} wrong[] = {
		{ &other, CHALLENGE, URI, VERIFIER },
		{ &app, CHALLENGE, S("ivory://back"), VERIFIER },
		{ &app, CHALLENGE, URI, S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl") },
		{ &app, CHALLENGE, URI, STR_NONE },
		{ &app, STR_NONE, URI, VERIFIER }, /* the challenge was taken out on the way */
	};
	str token;
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		str code = code_for(wrong[i].challenge);
		assert_blames(use(wrong[i].by, code, wrong[i].uri, wrong[i].verifier, &token),
		              ERR_INPUT, "code");
		assert_blames(
			use(&app, code, URI, wrong[i].challenge.n ? VERIFIER : STR_NONE, &token),
			ERR_INPUT, "code");
	}
	assert_blames(use(&app, S("guess"), URI, STR_NONE, &token), ERR_INPUT, "code");
}

static void a_code_lives_ten_minutes_and_dies_with_the_password(void **state)
{
	struct person lin;
	struct came_in in;
	struct account_draft account = { .handle = S("lin"), .password = S("correct horse") };
	struct oauth_code draft = { .app = app.id, .redirect_uri = URI, .scope_words = S("read") };
	str token, code = code_for(STR_NONE);
	(void)state;
	s->now_ms += 10 * 60 * 1000;
	assert_blames(use(&app, code, URI, STR_NONE, &token), ERR_INPUT, "code");
	assert_ok(admit_create(s->c, &account, s->now_ms, s->mem, &lin));
	draft.person = lin.id;
	assert_ok(admit_code(s->c, &draft, s->now_ms, s->mem, &code));
	assert_ok(admit_change_password(s->c, lin.id, (session_id){ 0 }, account.password,
	                                S("battery staple"), s->now_ms, s->mem));
	assert_ok(admit_sign_in(s->c, &(struct way_in){ .address = 1 }, S("lin"),
	                        S("battery staple"), s->mem, &in));
	assert_blames(use(&app, code, URI, STR_NONE, &token), ERR_INPUT, "code");
}

static void a_code_asks_for_no_more_than_the_app_registered(void **state)
{
	struct oauth_code more = { .app = app.id,
		                   .person = s->people[2],
		                   .redirect_uri = URI,
		                   .scope_words = S("follow") };
	struct oauth_code away = { .app = app.id,
		                   .person = s->people[2],
		                   .redirect_uri = S("https://evil.example/") };
	struct oauth_code nobody = { .app = app.id, .person = { 42 }, .redirect_uri = URI };
	str code;
	(void)state;
	assert_blames(admit_code(s->c, &more, s->now_ms, s->mem, &code), ERR_INPUT, "scope");
	assert_blames(admit_code(s->c, &away, s->now_ms, s->mem, &code), ERR_INPUT, "redirect_uri");
	assert_fails(admit_code(s->c, &nobody, s->now_ms, s->mem, &code), ERR_MISSING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_app_says_where_people_are_sent_back),
		TEST(a_bad_app_is_refused_by_its_field),
		TEST(an_app_is_known_by_its_secret),
		TEST(a_code_becomes_a_session_once),
		TEST(a_code_that_does_not_fit_is_spent),
		TEST(a_code_lives_ten_minutes_and_dies_with_the_password),
		TEST(a_code_asks_for_no_more_than_the_app_registered),
	};
	return cmocka_run_group_tests_name("admit_app", tests, NULL, NULL);
}
