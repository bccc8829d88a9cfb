/* Second factors from being set up to signing in with them; admit_passkey.c and admit_second.c are tested here too. */
#include "circle/factor.h"

#include "circle/factor_testing.h"
#include "circle/passkey_testing.h"
#include "circle/verb.h"

#include "store/people.h"

#include <string.h>

#define DAY (24 * 60 * FACTOR_MINUTE_MS)

static struct stage *s; /* of the test that runs */
static person_id lin;
static const struct way_in here = { .address = 7 };

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	lin = factor_lin(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err begin(person_id person, enum session_kind kind, enum session_factor factor,
                 struct session *out, str *token)
{
	struct session_draft draft = { .person = person, .kind = kind, .factor = factor };
	return admit_session(s->c, &draft, s->now_ms, s->mem, out, token);
}

static bool is_known(str token)
{
	struct bearer bearer;
	return !failed(admit_bearer(s->c, token, s->now_ms, &bearer));
}

static void a_code_app_is_asked_for_once_it_is_confirmed(void **state)
{
	struct second_ask ask;
	struct recovery recovery;
	struct factors factors;
	struct came_in came;
	str secret;
	(void)state;
	assert_blames(factor_totp_confirm(s->c, lin, (session_id){ 0 }, S("123456"), s->now_ms,
	                                  s->mem, &recovery),
	              ERR_INPUT, "code");
	assert_ok(factor_totp_begin(s->c, lin, s->mem, &secret));
	assert_ok(factor_sign_in(s, &here, "lin", FACTOR_PASSWORD, &came));
	assert_false(came.person.second_factor);
	assert_blames(factor_totp_confirm(s->c, lin, (session_id){ 0 }, S("000000"), s->now_ms,
	                                  s->mem, &recovery),
	              ERR_INPUT, "code");
	secret = factor_set_totp(s, lin, &recovery);
	assert_int_equal(recovery.n, RECOVERY_CODES);
	assert_fails(factor_totp_begin(s->c, lin, s->mem, &secret), ERR_CONFLICT);
	assert_ok(factor_list(s->c, lin, s->mem, &factors));
	assert_true(factors.totp && factors.n_passkeys == 0 && factors.recovery_left == 10);
	factor_ticket(s, &here, &ask);
	assert_true(ask.totp && ask.recovery && ask.passkey.n == 0);
	stage_reopen(s); /* it is in the store */
	assert_ok(factor_sign_in(s, &here, "lin", FACTOR_PASSWORD, &came));
	assert_true(came.person.second_factor);
}

static void a_code_is_good_once(void **state)
{
	struct second_ask ask;
	struct recovery recovery;
	struct came_in came;
	str secret = factor_set_totp(s, lin, &recovery), code = factor_code(s, secret),
	    first = factor_ticket(s, &here, &ask);
	(void)state;
	assert_ok(factor_answer(s, first, SECOND_CODE, code, &came));
	assert_int_equal(came.person.id.v, lin.v);
	assert_int_equal(came.factor, FACTOR_TOTP);
	assert_blames(factor_answer(s, first, SECOND_CODE, code, &came), ERR_INPUT, "ticket");
	assert_blames(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_CODE, code, &came),
	              ERR_INPUT, "code");
	s->now_ms += FACTOR_MINUTE_MS / 2;
	assert_blames(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_CODE, code, &came),
	              ERR_INPUT, "code");
	assert_ok(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_CODE,
	                        factor_code(s, secret), &came));
}

static void the_code_that_confirmed_it_is_used(void **state)
{
	struct second_ask ask;
	struct recovery recovery;
	struct came_in came;
	str secret, code;
	(void)state;
	assert_ok(factor_totp_begin(s->c, lin, s->mem, &secret));
	code = factor_code(s, secret);
	assert_ok(factor_totp_confirm(s->c, lin, (session_id){ 0 }, code, s->now_ms, s->mem,
	                              &recovery));
	assert_blames(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_CODE, code, &came),
	              ERR_INPUT, "code");
}

static void a_ticket_has_five_tries_and_five_minutes(void **state)
{
	struct second_ask ask;
	struct recovery recovery;
	struct came_in came;
	str secret = factor_set_totp(s, lin, &recovery), tried = factor_ticket(s, &here, &ask);
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_blames(factor_answer(s, tried, SECOND_CODE, S("000000"), &came), ERR_INPUT,
		              "code");
	assert_blames(factor_answer(s, tried, SECOND_CODE, factor_code(s, secret), &came),
	              ERR_INPUT, "ticket");
	tried = factor_ticket(s, &here, &ask);
	s->now_ms += 5 * FACTOR_MINUTE_MS;
	assert_blames(factor_answer(s, tried, SECOND_CODE, factor_code(s, secret), &came),
	              ERR_INPUT, "ticket");
	assert_blames(factor_answer(s, S("kith_ticket_guess"), SECOND_CODE, factor_code(s, secret),
	                            &came),
	              ERR_INPUT, "ticket");
	/* With another password the old one's tickets are nothing. */
	tried = factor_ticket(s, &here, &ask);
	assert_ok(admit_change_password(s->c, lin, (session_id){ 0 }, FACTOR_PASSWORD,
	                                S("battery staple"), s->now_ms, s->mem));
	assert_blames(factor_answer(s, tried, SECOND_CODE, factor_code(s, secret), &came),
	              ERR_INPUT, "ticket");
}

struct race {
	str ticket, code;
	int let_in;
	str recovery;
};

static void answer_once(struct stage *stage, int i, void *ctx)
{
	struct race *race = ctx;
	struct arena *mem = arena_new(4096);
	struct second_proof proof = { .kind = i % 2 ? SECOND_CODE : SECOND_RECOVERY,
		                      .words = i % 2 ? race->code : race->recovery };
	struct came_in came;
	if (!failed(second_answer(stage->c, race->ticket, &proof, stage->now_ms, mem, &came)))
		__atomic_add_fetch(&race->let_in, 1, __ATOMIC_SEQ_CST);
	arena_free(mem);
}

static void of_many_at_once_a_ticket_lets_one_in(void **state)
{
	struct second_ask ask;
	struct recovery recovery;
	struct factors factors;
	str secret = factor_set_totp(s, lin, &recovery);
	struct race race = { .ticket = factor_ticket(s, &here, &ask),
		             .code = factor_code(s, secret),
		             .recovery = recovery.codes[0] };
	(void)state;
	stage_race(s, 4, answer_once, &race);
	assert_int_equal(race.let_in, 1);
	assert_ok(factor_list(s->c, lin, s->mem, &factors));
	assert_true(factors.recovery_left >= 9);
}

static void recovery_codes_are_used_up_one_by_one(void **state)
{
	struct second_ask ask;
	struct recovery recovery, renewed;
	struct came_in came;
	(void)state;
	factor_set_totp(s, lin, &recovery);
	for (size_t i = 0; i < recovery.n; i++) {
		for (size_t j = 0; j < i; j++)
			assert_false(str_eq(recovery.codes[i], recovery.codes[j]));
		/* However it is typed. */
		char *typed = str_to_c(s->mem, recovery.codes[i]);
		for (char *p = typed; *p && i % 2; p++)
			*p = *p >= 'a' ? (char)(*p - 'a' + 'A') : *p == '-' ? ' ' : *p;
		assert_ok(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_RECOVERY,
		                        str_of(typed), &came));
		assert_int_equal(came.factor, FACTOR_RECOVERY);
		assert_blames(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_RECOVERY,
		                            str_of(typed), &came),
		              ERR_INPUT, "recovery");
	}
	factor_ticket(s, &here, &ask);
	assert_false(ask.recovery);
	assert_blames(factor_recovery_renew(s->c, lin, S("another"), s->mem, &renewed), ERR_INPUT,
	              "password");
	assert_ok(factor_recovery_renew(s->c, lin, FACTOR_PASSWORD, s->mem, &renewed));
	assert_blames(factor_answer(s, factor_ticket(s, &here, &ask), SECOND_RECOVERY,
	                            recovery.codes[0], &came),
	              ERR_INPUT, "recovery");
	assert_ok(factor_answer(s, ask.ticket, SECOND_RECOVERY, renewed.codes[9], &came));
	assert_fails(factor_recovery_renew(s->c, s->people[2], FACTOR_PASSWORD, s->mem, &renewed),
	             ERR_INPUT);
}

static void the_first_factor_ends_everything_else(void **state)
{
	struct session mine, other;
	struct recovery recovery;
	str secret, keep, browser, app, shell;
	(void)state;
	assert_ok(begin(lin, SESSION_BROWSER, FACTOR_NONE, &mine, &keep));
	assert_ok(begin(lin, SESSION_BROWSER, FACTOR_NONE, &other, &browser));
	assert_ok(begin(lin, SESSION_APP, FACTOR_NONE, &other, &app));
	assert_ok(begin(lin, SESSION_SHELL, FACTOR_NONE, &other, &shell));
	assert_true(is_known(keep) && is_known(browser) && is_known(app) && is_known(shell));
	assert_ok(factor_totp_begin(s->c, lin, s->mem, &secret));
	assert_true(is_known(browser));
	assert_ok(factor_totp_confirm(s->c, lin, mine.id, factor_code(s, secret), s->now_ms, s->mem,
	                              &recovery));
	assert_true(is_known(keep));
	assert_false(is_known(browser) || is_known(app) || is_known(shell));
	/* From now on a browser's session is not made without it, whoever forgot to ask. */
	assert_fails(begin(lin, SESSION_BROWSER, FACTOR_NONE, &other, &browser), ERR_DENIED);
	assert_ok(begin(lin, SESSION_BROWSER, FACTOR_TOTP, &other, &browser));
	assert_ok(begin(lin, SESSION_SHELL, FACTOR_NONE, &other, &shell));
	assert_blames(factor_totp_remove(s->c, lin, S("another"), s->mem), ERR_INPUT, "password");
	assert_ok(factor_totp_remove(s->c, lin, FACTOR_PASSWORD, s->mem));
	assert_true(is_known(keep) && is_known(browser) && is_known(shell));
	assert_ok(begin(lin, SESSION_BROWSER, FACTOR_NONE, &other, &browser));
	assert_fails(factor_totp_remove(s->c, lin, FACTOR_PASSWORD, s->mem), ERR_MISSING);
}

static void the_last_factor_takes_its_recovery_codes_along(void **state)
{
	struct recovery first, second;
	struct factors factors;
	(void)state;
	factor_set_totp(s, lin, &first);
	assert_ok(factor_totp_remove(s->c, lin, FACTOR_PASSWORD, s->mem));
	assert_ok(factor_list(s->c, lin, s->mem, &factors));
	assert_int_equal(factors.recovery_left, 0);
	factor_set_totp(s, lin, &second);
	assert_int_equal(second.n, RECOVERY_CODES);
	assert_false(str_eq(first.codes[0], second.codes[0]));
}

/* --- passkeys --- */

static err add(person_id me, const struct soft *soft, struct passkey *out,
               struct recovery *recovery)
{
	struct passkey draft = { .name = S("my phone"), .transports = S("internal") };
	struct passkey_ask ask;
	assert_ok(factor_passkey_begin(s->c, me, (session_id){ 5 }, s->mem, &ask));
	struct passkey_answer made = soft_make(soft, ask.challenge, s->mem);
	return factor_passkey_add(s->c, me, (session_id){ 5 }, FACTOR_URL, &draft, &made, s->now_ms,
	                          s->mem, out, recovery);
}

static void a_passkey_is_added_and_asked_for(void **state)
{
	struct soft soft = soft_new(1);
	struct second_ask ask;
	struct recovery recovery;
	struct passkey passkey;
	struct came_in came;
	(void)state;
	assert_ok(add(lin, &soft, &passkey, &recovery));
	assert_int_equal(recovery.n, RECOVERY_CODES);
	assert_text(passkey.name, "my phone");
	str first = factor_ticket(s, &here, &ask);
	assert_true(!ask.totp && ask.recovery && ask.passkey.n == 1);
	struct second_proof proof = { .kind = SECOND_PASSKEY, .url = FACTOR_URL };
	soft.count = 1;
	soft.flags = SOFT_PRESENT; /* the password said who it is */
	proof.passkey = soft_sign(&soft, ask.passkey.challenge, s->mem);
	assert_ok(second_answer(s->c, first, &proof, s->now_ms, s->mem, &came));
	assert_int_equal(came.factor, FACTOR_PASSKEY);
	assert_int_equal(came.person.id.v, lin.v);
	/* The same again is nothing, nor is it for another ticket, nor with a counter that stood still. */
	assert_blames(second_answer(s->c, first, &proof, s->now_ms, s->mem, &came), ERR_INPUT,
	              "ticket");
	str next = factor_ticket(s, &here, &ask);
	assert_blames(second_answer(s->c, next, &proof, s->now_ms, s->mem, &came), ERR_INPUT,
	              "passkey");
	proof.passkey = soft_sign(&soft, ask.passkey.challenge, s->mem);
	assert_blames(second_answer(s->c, next, &proof, s->now_ms, s->mem, &came), ERR_INPUT,
	              "passkey");
	assert_ok(factor_passkey_remove(s->c, lin, passkey.id, FACTOR_PASSWORD, s->mem));
	assert_ok(factor_sign_in(s, &here, "lin", FACTOR_PASSWORD, &came));
	assert_false(came.person.second_factor);
	assert_fails(factor_passkey_remove(s->c, lin, passkey.id, FACTOR_PASSWORD, s->mem),
	             ERR_MISSING);
}

static void a_challenge_is_for_one_session_and_one_use(void **state)
{
	struct passkey draft = { .name = S("x") }, out;
	struct soft soft = soft_new(1), other = soft_new(2);
	struct recovery recovery;
	struct passkey_ask ask;
	(void)state;
	assert_ok(factor_passkey_begin(s->c, lin, (session_id){ 5 }, s->mem, &ask));
	struct passkey_answer made = soft_make(&soft, ask.challenge, s->mem);
	assert_blames(factor_passkey_add(s->c, lin, (session_id){ 6 }, FACTOR_URL, &draft, &made,
	                                 s->now_ms, s->mem, &out, &recovery),
	              ERR_INPUT, "passkey");
	assert_blames(factor_passkey_add(s->c, lin, (session_id){ 5 }, FACTOR_URL, &draft, &made,
	                                 s->now_ms, s->mem, &out, &recovery),
	              ERR_INPUT, "passkey"); /* a try is a use */
	assert_ok(factor_passkey_begin(s->c, lin, (session_id){ 5 }, s->mem, &ask));
	made = soft_make(&soft, ask.challenge, s->mem);
	s->now_ms += 5 * FACTOR_MINUTE_MS;
	assert_blames(factor_passkey_add(s->c, lin, (session_id){ 5 }, FACTOR_URL, &draft, &made,
	                                 s->now_ms, s->mem, &out, &recovery),
	              ERR_INPUT, "passkey");
	unsigned char own[CHALLENGE_BYTES] = "a challenge of thirty-two bytes";
	made = soft_make(&soft, own, s->mem);
	assert_blames(factor_passkey_add(s->c, lin, (session_id){ 5 }, FACTOR_URL, &draft, &made,
	                                 s->now_ms, s->mem, &out, &recovery),
	              ERR_INPUT, "passkey");
	/* One that was made for signing in adds none. */
	passkey_alone_ask(s->c, 7, ask.challenge);
	made = soft_make(&soft, ask.challenge, s->mem);
	assert_blames(factor_passkey_add(s->c, lin, (session_id){ 5 }, FACTOR_URL, &draft, &made,
	                                 s->now_ms, s->mem, &out, &recovery),
	              ERR_INPUT, "passkey");
	assert_ok(add(lin, &soft, &out, &recovery));
	assert_blames(add(s->people[2], &soft, &out, &recovery), ERR_CONFLICT, "passkey");
	assert_ok(add(lin, &other, &out, &recovery));
	assert_int_equal(recovery.n, 0); /* there were some already */
}

static err alone(const struct soft *soft, const char *user, struct came_in *came)
{
	unsigned char challenge[CHALLENGE_BYTES];
	passkey_alone_ask(s->c, 7, challenge);
	struct passkey_answer said = soft_sign(soft, challenge, s->mem);
	said.user = user ? str_of(user) : passkey_user(lin, s->mem);
	return passkey_alone(s->c, FACTOR_URL, &said, s->now_ms, s->mem, came);
}

static void a_passkey_alone_says_who_it_is(void **state)
{
	struct soft soft = soft_new(1), stranger = soft_new(2), liar = soft_new(1);
	struct recovery recovery;
	struct passkey passkey;
	struct came_in came;
	(void)state;
	assert_ok(add(lin, &soft, &passkey, &recovery));
	assert_ok(alone(&soft, NULL, &came));
	assert_int_equal(came.person.id.v, lin.v);
	assert_int_equal(came.factor, FACTOR_PASSKEY_ALONE);
	assert_ok(alone(&soft, "", &came));
	assert_blames(alone(&soft, "1", &came), ERR_INPUT, "passkey");
	assert_blames(alone(&stranger, NULL, &came), ERR_INPUT, "passkey");
	memcpy(liar.secret_key, stranger.secret_key, sizeof liar.secret_key);
	assert_blames(alone(&liar, NULL, &came), ERR_INPUT, "passkey");
	soft.flags = SOFT_PRESENT; /* whoever found the key could press it */
	assert_blames(alone(&soft, NULL, &came), ERR_INPUT, "passkey");
	soft.flags = SOFT_PRESENT | SOFT_VERIFIED;
	unsigned char challenge[CHALLENGE_BYTES];
	passkey_alone_ask(s->c, 7, challenge);
	struct passkey_answer said = soft_sign(&soft, challenge, s->mem);
	assert_ok(passkey_alone(s->c, FACTOR_URL, &said, s->now_ms, s->mem, &came));
	assert_blames(passkey_alone(s->c, FACTOR_URL, &said, s->now_ms, s->mem, &came), ERR_INPUT,
	              "passkey");
	assert_ok(stage_seal(s->c, lin, true, s->now_ms));
	assert_ok(alone(&soft, NULL, &came)); /* for the reasons */
	assert_int_equal(came.person.status, PERSON_SEALED);
}

static void passkeys_are_twenty_at_most(void **state)
{
	struct recovery recovery;
	struct passkey passkey;
	struct passkey_ask ask;
	(void)state;
	for (unsigned char i = 1; i <= PASSKEYS_MAX; i++) {
		struct soft soft = soft_new(i);
		assert_ok(add(lin, &soft, &passkey, &recovery));
	}
	assert_blames(factor_passkey_begin(s->c, lin, (session_id){ 5 }, s->mem, &ask), ERR_LIMIT,
	              "passkey");
	assert_ok(factor_passkey_remove(s->c, lin, passkey.id, FACTOR_PASSWORD, s->mem));
	assert_ok(factor_passkey_begin(s->c, lin, (session_id){ 5 }, s->mem, &ask));
	assert_int_equal(ask.n, PASSKEYS_MAX - 1);
}

static void the_keeper_clears_everything(void **state)
{
	struct soft soft = soft_new(1);
	struct recovery recovery;
	struct passkey passkey;
	struct came_in came;
	struct factors factors;
	(void)state;
	factor_set_totp(s, lin, &recovery);
	assert_ok(add(lin, &soft, &passkey, &recovery));
	assert_ok(factor_clear(s->c, lin, s->mem));
	assert_ok(factor_list(s->c, lin, s->mem, &factors));
	assert_true(!factors.totp && factors.n_passkeys == 0 && factors.recovery_left == 0);
	assert_blames(alone(&soft, NULL, &came), ERR_INPUT, "passkey");
	assert_ok(factor_sign_in(s, &here, "lin", FACTOR_PASSWORD, &came));
	assert_false(came.person.second_factor);
}

/* --- roles --- */

static bool is_due(str token)
{
	struct bearer bearer;
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	return bearer.factor_due;
}

static void keeper_and_steward_need_one_a_week_after_they_came_in(void **state)
{
	struct session session;
	str browser, app, shell, member;
	struct factors factors;
	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_ok(begin(s->people[i], SESSION_SHELL, FACTOR_NONE, &session, &shell));
		assert_ok(factor_list(s->c, s->people[i], s->mem, &factors));
		assert_true(factors.required && factors.required_from_ms == 0);
		assert_ok(begin(s->people[i], SESSION_BROWSER, FACTOR_NONE, &session, &browser));
		assert_ok(factor_list(s->c, s->people[i], s->mem, &factors));
		assert_int_equal(factors.required_from_ms, s->now_ms + 7 * DAY);
		s->now_ms += 7 * DAY - 1;
		assert_ok(begin(s->people[i], SESSION_APP, FACTOR_NONE, &session, &app));
		assert_false(is_due(browser) || is_due(app));
		stage_reopen(s);
		s->now_ms++;
		assert_true(is_due(browser) && is_due(app));
		assert_false(is_due(shell));
	}
	assert_ok(begin(s->people[2], SESSION_BROWSER, FACTOR_NONE, &session, &member));
	s->now_ms += 100 * DAY;
	assert_false(is_due(member));
	struct soft soft = soft_new(1);
	struct recovery recovery;
	struct passkey passkey;
	assert_ok(add(s->people[0], &soft, &passkey, &recovery));
	assert_ok(begin(s->people[0], SESSION_BROWSER, FACTOR_PASSKEY, &session, &browser));
	assert_false(is_due(browser));
	assert_ok(factor_clear(s->c, s->people[0], s->mem));
	assert_true(is_due(browser)); /* at once: the week was before */
}

static void a_demonstration_needs_none(void **state)
{
	struct account_draft draft = { .handle = S("maya"), .role = ROLE_KEEPER, .demo = true };
	struct session session;
	struct person person;
	str token;
	(void)state;
	assert_ok(admit_create(s->c, &draft, s->now_ms, s->mem, &person));
	assert_ok(begin(person.id, SESSION_BROWSER, FACTOR_NONE, &session, &token));
	stage_reopen(s);
	s->now_ms += 100 * DAY;
	assert_false(is_due(token));
}

static err promote(struct conn *tx, void *ctx)
{
	struct person *p = ctx;
	err e;
	TRY(people_find(tx, s->people[2], s->mem, p));
	p->role = ROLE_STEWARD;
	TRY(people_update(tx, p));
out:
	return e;
}

/* As if the role came later, or the session from a program that did not ask. */
static void a_session_from_before_counts_from_its_next_use(void **state)
{
	struct session session;
	struct factors factors;
	struct person person;
	str token;
	(void)state;
	assert_ok(begin(s->people[2], SESSION_BROWSER, FACTOR_NONE, &session, &token));
	assert_ok(verb_write(s->c, promote, NULL, &person));
	stage_reopen(s);
	assert_ok(admit_touch(s->c));
	s->now_ms += 20 * FACTOR_MINUTE_MS;
	assert_false(is_due(token));
	assert_ok(admit_touch(s->c));
	assert_ok(factor_list(s->c, s->people[2], s->mem, &factors));
	assert_int_equal(factors.required_from_ms, s->now_ms + 7 * DAY);
	s->now_ms += 7 * DAY;
	assert_true(is_due(token));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_code_app_is_asked_for_once_it_is_confirmed),
		TEST(a_code_is_good_once),
		TEST(the_code_that_confirmed_it_is_used),
		TEST(a_ticket_has_five_tries_and_five_minutes),
		TEST(of_many_at_once_a_ticket_lets_one_in),
		TEST(recovery_codes_are_used_up_one_by_one),
		TEST(the_first_factor_ends_everything_else),
		TEST(the_last_factor_takes_its_recovery_codes_along),
		TEST(a_passkey_is_added_and_asked_for),
		TEST(a_challenge_is_for_one_session_and_one_use),
		TEST(a_passkey_alone_says_who_it_is),
		TEST(passkeys_are_twenty_at_most),
		TEST(the_keeper_clears_everything),
		TEST(keeper_and_steward_need_one_a_week_after_they_came_in),
		TEST(a_demonstration_needs_none),
		TEST(a_session_from_before_counts_from_its_next_use),
	};
	return cmocka_run_group_tests_name("admit_factor", tests, NULL, NULL);
}
