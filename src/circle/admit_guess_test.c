/* Guessing passwords and codes: who guesses is slowed down, and keeps nobody out who came in before. */
#include "circle/admit.h"

#include "circle/factor_testing.h"

static struct stage *s; /* of the test that runs */
static person_id lin;

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

static void wrong_passwords_from_elsewhere_do_not_keep_the_owner_out(void **state)
{
	struct way_in mine = { .address = 7 }, thief = { .address = 0 },
		      moved = { .address = 5000 };
	struct came_in came;
	int looked = 0;
	(void)state;
	assert_ok(factor_sign_in(s, &mine, "lin", FACTOR_PASSWORD, &came));
	assert_ok(admit_known(s->c, lin, &mine, s->now_ms, s->mem, &moved.device));
	for (int i = 0; i < 200; i++) {
		thief.address = 1000 + (uint64_t)i;
		err e = factor_sign_in(s, &thief, "lin", S("a wrong one"), &came);
		assert_true(e.code == ERR_INPUT || e.code == ERR_LIMIT);
		assert_true((e.code == ERR_LIMIT) == (came.retry_after_s > 0));
		looked += e.code == ERR_INPUT;
	}
	assert_int_equal(looked, 20);
	assert_fails(factor_sign_in(s, &thief, "lin", FACTOR_PASSWORD, &came),
	             ERR_LIMIT); /* right or wrong */
	assert_ok(factor_sign_in(s, &mine, "lin", FACTOR_PASSWORD,
	                         &came)); /* from where they came in before */
	assert_ok(factor_sign_in(s, &moved, "lin", FACTOR_PASSWORD,
	                         &came)); /* by the browser they came in by */
	stage_reopen(s);
	for (int i = 0; i < 21; i++) {
		thief.address = 3000 + (uint64_t)i;
		assert_true(failed(factor_sign_in(s, &thief, "lin", S("a wrong one"), &came)));
	}
	assert_ok(factor_sign_in(s, &moved, "lin", FACTOR_PASSWORD,
	                         &came)); /* a restart forgets no browser */
}

static void limits_say_nothing_of_who_is_here(void **state)
{
	struct came_in came;
	err known = OK, unknown = OK;
	(void)state;
	for (int i = 0; i < 21; i++) {
		struct way_in from = { .address = 1000 + (uint64_t)i };
		known = factor_sign_in(s, &from, "lin", S("a wrong one"), &came);
		unsigned wait = came.retry_after_s;
		unknown = factor_sign_in(s, &from, "nobody.here", S("a wrong one"), &came);
		assert_int_equal(known.code, unknown.code);
		assert_ptr_equal(known.say, unknown.say);
		assert_int_equal(wait, came.retry_after_s);
	}
	assert_int_equal(known.code, ERR_LIMIT);
}

static void a_browser_does_not_choose_what_it_is_known_by(void **state)
{
	struct way_in planted = { .address = 7, .device = S("kith_device_chosen") },
		      mine = { .address = 7 };
	str given, again, shared;
	(void)state;
	assert_ok(admit_known(s->c, lin, &planted, s->now_ms, s->mem, &given));
	assert_false(str_eq(given, planted.device));
	mine.device = given;
	assert_ok(admit_known(s->c, lin, &mine, s->now_ms, s->mem, &again));
	assert_true(str_eq(given, again));
	assert_ok(admit_known(s->c, s->people[2], &mine, s->now_ms, s->mem, &shared));
	assert_true(str_eq(given, shared)); /* one browser, two people */
}

static void wrong_codes_are_slowed_down_where_nobody_came_in_before(void **state)
{
	struct way_in mine = { .address = 7 }, thief = { .address = 1000 };
	struct second_ask ask;
	struct recovery recovery;
	struct came_in came;
	str secret = factor_set_totp(s, lin, &recovery);
	int looked = 0;
	(void)state;
	assert_ok(admit_known(s->c, lin, &mine, s->now_ms, s->mem, &mine.device));
	for (int i = 0; i < 30; i++) {
		thief.address++;
		err e = factor_answer(s, factor_ticket(s, &thief, &ask), SECOND_CODE, S("000000"),
		                      &came);
		looked += e.code == ERR_INPUT;
		if (e.code == ERR_LIMIT)
			assert_true(came.retry_after_s > 0);
	}
	assert_int_equal(looked, 10);
	assert_ok(factor_answer(s, factor_ticket(s, &thief, &ask), SECOND_RECOVERY,
	                        recovery.codes[0], &came));
	assert_ok(factor_answer(s, factor_ticket(s, &mine, &ask), SECOND_CODE,
	                        factor_code(s, secret), &came));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wrong_passwords_from_elsewhere_do_not_keep_the_owner_out),
		TEST(limits_say_nothing_of_who_is_here),
		TEST(a_browser_does_not_choose_what_it_is_known_by),
		TEST(wrong_codes_are_slowed_down_where_nobody_came_in_before),
	};
	return cmocka_run_group_tests_name("admit_guess", tests, NULL, NULL);
}
