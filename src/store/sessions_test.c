#include "store/sessions.h"

#include "store/store_testing.h"

#include <string.h>

static const person_id anna = { 1 }, ben = { 2 };

static secret_hash hash_of(unsigned char c)
{
	secret_hash h;
	memset(h.b, c, sizeof h.b); /* zero bytes too: a hash is not text */
	h.b[3] = 0;
	return h;
}

static void sign_in(struct tables *t, person_id who, int64_t id, unsigned char token)
{
	struct session s = { .id = { id },
		             .person = who,
		             .app = { 77 },
		             .kind = SESSION_APP,
		             .scopes = SCOPE_READ | SCOPE_PUSH,
		             .scope_words = S("read push"),
		             .user_agent = S("Tusky/25"),
		             .factor = FACTOR_PASSKEY,
		             .created_at_ms = 5,
		             .last_used_at_ms = 6,
		             .expires_at_ms = 7 };
	secret_hash h = hash_of(token);
	assert_ok(sessions_insert(t->conn, &s, &h));
}

static err find(struct tables *t, unsigned char token, struct session *out)
{
	secret_hash h = hash_of(token);
	return sessions_find(t->conn, &h, t->mem, out);
}

static void a_session_comes_back_by_its_token(void **state)
{
	struct tables *t = *state;
	struct session got;
	sign_in(t, anna, 10, 'a');
	assert_ok(find(t, 'a', &got));
	assert_true(got.id.v == 10 && got.person.v == anna.v && got.app.v == 77);
	assert_int_equal(got.kind, SESSION_APP);
	assert_int_equal(got.factor, FACTOR_PASSKEY);
	assert_int_equal(got.scopes, SCOPE_READ | SCOPE_PUSH);
	assert_text(got.scope_words, "read push");
	assert_text(got.user_agent, "Tusky/25");
	assert_true(got.created_at_ms == 5 && got.last_used_at_ms == 6 && got.expires_at_ms == 7);
	assert_fails(find(t, 'b', &got), ERR_MISSING);
	assert_ok(sessions_touch(t->conn, anna, (session_id){ 10 }, 99));
	assert_ok(find(t, 'a', &got));
	assert_int_equal(got.last_used_at_ms, 99);
}

static void a_revoked_session_is_gone_at_once(void **state)
{
	struct tables *t = *state;
	struct session got, *all;
	size_t n;
	sign_in(t, anna, 10, 'a');
	sign_in(t, anna, 11, 'b');
	assert_fails(sessions_revoke(t->conn, ben, (session_id){ 10 }), ERR_MISSING);
	assert_ok(sessions_revoke(t->conn, anna, (session_id){ 10 }));
	assert_fails(sessions_revoke(t->conn, anna, (session_id){ 10 }), ERR_MISSING);
	assert_fails(find(t, 'a', &got), ERR_MISSING);
	assert_ok(find(t, 'b', &got));
	assert_ok(sessions_of(t->conn, anna, t->mem, &all, &n));
	assert_true(n == 1 && all->id.v == 11);
}

static void revoking_all_keeps_one_and_the_others_people(void **state)
{
	struct tables *t = *state;
	struct session got;
	struct oauth_code code = { .app = { 77 }, .person = anna, .expires_at_ms = 1000 }, out;
	secret_hash secret = hash_of('k');
	sign_in(t, anna, 10, 'a');
	sign_in(t, anna, 11, 'b');
	sign_in(t, anna, 12, 'c');
	sign_in(t, ben, 13, 'd');
	assert_ok(codes_insert(t->conn, &code, &secret));
	assert_ok(sessions_revoke_all(t->conn, anna, (session_id){ 11 }));
	assert_fails(find(t, 'a', &got), ERR_MISSING);
	assert_ok(find(t, 'b', &got));
	assert_fails(find(t, 'c', &got), ERR_MISSING);
	assert_ok(find(t, 'd', &got));
	assert_fails(codes_take(t->conn, &secret, 1, t->mem, &out), ERR_MISSING);
	assert_ok(sessions_revoke_all(t->conn, anna, (session_id){ 0 }));
	assert_fails(find(t, 'b', &got), ERR_MISSING);
	assert_ok(sessions_revoke_all(t->conn, anna, (session_id){ 0 }));
}

static void a_reset_link_works_once_and_in_time(void **state)
{
	struct tables *t = *state;
	secret_hash first = hash_of(1), second = hash_of(2), third = hash_of(3);
	person_id who = { 0 };
	assert_ok(resets_insert(t->conn, anna, &first, 100));
	assert_ok(resets_insert(t->conn, anna, &second, 100));
	assert_ok(resets_insert(t->conn, ben, &third, 100));
	assert_fails(resets_take(t->conn, &first, 50, &who), ERR_MISSING);   /* replaced */
	assert_fails(resets_take(t->conn, &second, 100, &who), ERR_MISSING); /* too late */
	assert_ok(resets_take(t->conn, &second, 99, &who));
	assert_int_equal(who.v, anna.v);
	assert_fails(resets_take(t->conn, &second, 99, &who), ERR_MISSING);
	assert_ok(resets_take(t->conn, &third, 99, &who));
	assert_int_equal(who.v, ben.v);
}

static void an_invitation_admits_as_many_as_it_says(void **state)
{
	static const struct {
		const char *name;
		int uses_left;
		int64_t expires_at_ms;
		bool revoked;
		int admits;
	} rows[] = {
		{ "one use", 1, 100, false, 1 },
		{ "three uses", 3, 100, false, 3 },
		{ "used up", 0, 100, false, 0 },
		{ "expired at this instant", 3, 50, false, 0 },
		{ "without an end", 2, 0, false, 2 },
		{ "revoked", 3, 100, true, 0 },
	};
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct invite in = { .id = { 10 + (int64_t)i },
			             .by = anna,
			             .uses_max = 3,
			             .uses_left = rows[i].uses_left,
			             .created_at_ms = 5,
			             .expires_at_ms = rows[i].expires_at_ms,
			             .revoked = rows[i].revoked };
		struct invite got;
		secret_hash code = hash_of((unsigned char)(40 + i));
		int admitted = 0;
		err e;
		assert_ok(invites_insert(t->conn, &in, &code));
		while (!failed(e = invites_use(t->conn, &code, 50, &got))) {
			admitted++;
			assert_int_equal(got.uses_left, rows[i].uses_left - admitted);
		}
		assert_int_equal(e.code, ERR_MISSING);
		if (admitted != rows[i].admits)
			fail_msg("%s", rows[i].name);
		assert_ok(invites_find(t->conn, &code, &got));
		assert_true(got.by.v == anna.v && got.id.v == in.id.v && got.uses_max == 3 &&
		            got.created_at_ms == 5);
	}
}

static void invitations_are_listed_and_revoked_by_their_maker(void **state)
{
	struct tables *t = *state;
	struct invite in = { .by = anna, .uses_max = 1, .uses_left = 1 }, *got;
	secret_hash codes[] = { hash_of(1), hash_of(2), hash_of(9) };
	size_t n;
	for (int64_t i = 0; i < 2; i++) {
		in.id.v = 10 + i;
		assert_ok(invites_insert(t->conn, &in, &codes[i]));
	}
	assert_fails(invites_find(t->conn, &codes[2], &in), ERR_MISSING);
	assert_fails(invites_revoke(t->conn, ben, (invite_id){ 10 }), ERR_MISSING);
	assert_ok(invites_revoke(t->conn, anna, (invite_id){ 10 }));
	assert_fails(invites_use(t->conn, &codes[0], 1, &in), ERR_MISSING);
	assert_ok(invites_of(t->conn, anna, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 11 && !got[0].revoked);
}

static void an_app_is_found_by_both_its_names(void **state)
{
	struct tables *t = *state;
	struct app in = { .id = { 5 },
		          .client_id = S("abc"),
		          .name = S("Tusky"),
		          .website = S("https://t.example"),
		          .redirect_uris = S("a://b\nc://d"),
		          .scope_words = S("read"),
		          .created_at_ms = 8 },
		   got;
	secret_hash secret = hash_of('s'), back;
	assert_ok(apps_insert(t->conn, &in, &secret));
	assert_ok(apps_find(t->conn, S("abc"), t->mem, &got, &back));
	assert_memory_equal(&back, &secret, sizeof back);
	assert_text(got.redirect_uris, "a://b\nc://d");
	assert_ok(apps_find_by_id(t->conn, in.id, t->mem, &got));
	assert_text(got.client_id, "abc");
	assert_text(got.name, "Tusky");
	assert_text(got.website, "https://t.example");
	assert_text(got.scope_words, "read");
	assert_int_equal(got.created_at_ms, 8);
	assert_fails(apps_find(t->conn, S("abd"), t->mem, &got, &back), ERR_MISSING);
	assert_fails(apps_find_by_id(t->conn, (app_id){ 6 }, t->mem, &got), ERR_MISSING);
	in.id.v = 6;
	assert_fails(apps_insert(t->conn, &in, &secret), ERR_CONFLICT);
}

static void a_code_is_taken_once_and_in_time(void **state)
{
	struct tables *t = *state;
	struct oauth_code in = { .app = { 5 },
		                 .person = anna,
		                 .redirect_uri = S("a://b"),
		                 .scope_words = S("read"),
		                 .challenge = S("xyz"),
		                 .expires_at_ms = 100 },
			  got;
	secret_hash secret = hash_of('c'), late = hash_of('l');
	assert_ok(codes_insert(t->conn, &in, &secret));
	assert_ok(codes_insert(t->conn, &in, &late));
	assert_fails(codes_take(t->conn, &late, 100, t->mem, &got), ERR_MISSING);
	assert_ok(codes_take(t->conn, &secret, 99, t->mem, &got));
	assert_true(got.app.v == 5 && got.person.v == anna.v && got.expires_at_ms == 100);
	assert_text(got.redirect_uri, "a://b");
	assert_text(got.scope_words, "read");
	assert_text(got.challenge, "xyz");
	assert_fails(codes_take(t->conn, &secret, 99, t->mem, &got), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_session_comes_back_by_its_token),
		TABLE_TEST(a_revoked_session_is_gone_at_once),
		TABLE_TEST(revoking_all_keeps_one_and_the_others_people),
		TABLE_TEST(a_reset_link_works_once_and_in_time),
		TABLE_TEST(an_invitation_admits_as_many_as_it_says),
		TABLE_TEST(invitations_are_listed_and_revoked_by_their_maker),
		TABLE_TEST(an_app_is_found_by_both_its_names),
		TABLE_TEST(a_code_is_taken_once_and_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
