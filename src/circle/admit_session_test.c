#include "circle/admit.h"

#include "circle/stage_testing.h"

#include <stdatomic.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static const struct {
	const char *name, *words;
	bool known;
	unsigned bits;
} words[] = {
	{ "none", "", true, 0 },
	{ "all of Mastodon's", "read write follow push", true,
	  SCOPE_READ | SCOPE_WRITE | SCOPE_FOLLOW | SCOPE_PUSH },
	{ "a finer form of read", "read:statuses", true, SCOPE_READ },
	{ "a finer form of write", "write:media", true, SCOPE_WRITE },
	{ "profile", "profile", true, SCOPE_PROFILE },
	{ "screening", "kith:screen", true, SCOPE_SCREEN },
	{ "more spaces", " read  write ", true, SCOPE_READ | SCOPE_WRITE },
	{ "an unknown word", "read admin", false, 0 },
	{ "an unknown finer form", "read:everything", false, 0 },
	{ "a finer form of what has none", "follow:me", false, 0 },
	{ "administration", "admin:read", false, 0 },
	{ "capitals", "READ", false, 0 },
};

static void scopes_are_words_we_know(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		unsigned bits;
		bool known = scopes_of(str_of(words[i].words), &bits);
		if (known != words[i].known || (known && bits != words[i].bits))
			fail_msg("%s", words[i].name);
	}
}

static str begin(struct session_draft draft, struct session *out)
{
	str token;
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, out, &token));
	return token;
}

static void a_token_says_who_and_what_for(void **state)
{
	struct session session;
	struct bearer bearer;
	str token = begin((struct session_draft){ .person = s->people[0],
	                                          .kind = SESSION_SHELL,
	                                          .scope_words = S("read") },
	                  &session);
	(void)state;
	for (int i = 0; i < 2; i++) { /* from the store, then from the cache */
		assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
		assert_int_equal(bearer.person.v, s->people[0].v);
		assert_int_equal(bearer.session.v, session.id.v);
		assert_int_equal(bearer.scopes, SCOPE_READ);
		assert_int_equal(bearer.kind, SESSION_SHELL);
		assert_int_equal(bearer.role, ROLE_KEEPER);
		assert_false(bearer.sealed);
	}
	begin((struct session_draft){ .person = s->people[0], .kind = SESSION_BROWSER }, &session);
	assert_int_equal(session.scopes, SCOPE_ALL);
	assert_fails(admit_bearer(s->c, STR_NONE, s->now_ms, &bearer), ERR_MISSING);
	assert_fails(admit_bearer(s->c, S("kith_guess"), s->now_ms, &bearer), ERR_MISSING);
	assert_fails(admit_bearer(s->c, str_slice(token, 0, token.n - 1), s->now_ms, &bearer),
	             ERR_MISSING);
	stage_reopen(s);
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
}

static void bad_sessions_are_refused(void **state)
{
	struct session out;
	str token;
	struct session_draft unknown = { .person = { 42 }, .kind = SESSION_SHELL };
	struct session_draft nobody = { .kind = SESSION_APP };
	struct session_draft scope = { .person = s->people[0], .scope_words = S("everything") };
	(void)state;
	assert_fails(admit_session(s->c, &unknown, s->now_ms, s->mem, &out, &token), ERR_MISSING);
	assert_fails(admit_session(s->c, &nobody, s->now_ms, s->mem, &out, &token), ERR_INPUT);
	assert_blames(admit_session(s->c, &scope, s->now_ms, s->mem, &out, &token), ERR_INPUT,
	              "scope");
}

static void an_app_may_speak_for_itself(void **state)
{
	struct session session;
	struct bearer bearer;
	str token = begin((struct session_draft){ .app = { 7 }, .kind = SESSION_APP }, &session);
	(void)state;
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_int_equal(bearer.person.v, 0);
	assert_int_equal(bearer.app.v, 7);
	assert_int_equal(bearer.scopes, SCOPE_READ);
}

static void a_session_ends_at_its_time(void **state)
{
	struct session session;
	struct bearer bearer;
	str token = begin(
		(struct session_draft){ .person = s->people[2], .expires_at_ms = s->now_ms + 1000 },
		&session);
	(void)state;
	assert_ok(admit_bearer(s->c, token, s->now_ms + 999, &bearer));
	assert_fails(admit_bearer(s->c, token, s->now_ms + 1000, &bearer), ERR_MISSING);
}

static void sessions_are_listed_and_ended_by_their_owner_alone(void **state)
{
	struct session first, second, *all;
	struct bearer bearer;
	size_t n;
	str token = begin(
		(struct session_draft){ .person = s->people[2], .user_agent = S("a browser") },
		&first);
	(void)state;
	begin((struct session_draft){ .person = s->people[2] }, &second);
	assert_ok(admit_sessions(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_text(all[1].user_agent, "a browser");
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_fails(admit_revoke(s->c, s->people[1], first.id), ERR_MISSING);
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_ok(admit_revoke(s->c, s->people[2], first.id));
	assert_fails(admit_bearer(s->c, token, s->now_ms, &bearer), ERR_MISSING);
	assert_fails(admit_revoke(s->c, s->people[2], first.id), ERR_MISSING);
}

static void use_is_written_down_by_the_sweep(void **state)
{
	struct session session, *all;
	struct bearer bearer;
	size_t n;
	str token = begin((struct session_draft){ .person = s->people[2] }, &session);
	int64_t later = s->now_ms + 11 * 60 * 1000;
	(void)state;
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_ok(admit_touch(s->c));
	assert_ok(admit_bearer(s->c, token, later, &bearer));
	assert_ok(admit_sessions(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(all[0].last_used_at_ms, s->now_ms); /* asking did not write */
	assert_ok(admit_touch(s->c));
	assert_ok(admit_sessions(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(all[0].last_used_at_ms, later);
}

struct watch {
	str token;
	session_id id;
	atomic_bool revoked;
	atomic_int late;
};

static void revoke_or_ask(struct stage *stage, int i, void *ctx)
{
	struct watch *watch = ctx;
	if (i == 0) {
		sure(!failed(admit_revoke(stage->c, stage->people[2], watch->id)));
		atomic_store(&watch->revoked, true);
		return;
	}
	for (int round = 0; round < 500; round++) {
		struct bearer bearer;
		bool over = atomic_load(&watch->revoked);
		bool known = !failed(admit_bearer(stage->c, watch->token, stage->now_ms, &bearer));
		atomic_fetch_add(&watch->late, over && known);
	}
}

/* The cache may be filled by a look that began before the end; it must not outlive the answer to it. */
static void nobody_gets_in_after_the_end_was_acknowledged(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		struct session session;
		struct watch watch = { .late = 0 };
		watch.token = begin((struct session_draft){ .person = s->people[2] }, &session);
		watch.id = session.id;
		stage_race(s, 5, revoke_or_ask, &watch);
		assert_int_equal(watch.late, 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(scopes_are_words_we_know),
		TEST(a_token_says_who_and_what_for),
		TEST(bad_sessions_are_refused),
		TEST(an_app_may_speak_for_itself),
		TEST(a_session_ends_at_its_time),
		TEST(sessions_are_listed_and_ended_by_their_owner_alone),
		TEST(use_is_written_down_by_the_sweep),
		TEST(nobody_gets_in_after_the_end_was_acknowledged),
	};
	return cmocka_run_group_tests_name("admit_session", tests, NULL, NULL);
}
