#include "circle/tickets.h"

#include "circle/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct tickets *p; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	p = tickets_new(42);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tickets_free(p);
	return 0;
}

static secret_hash key_of(int i) { return secret_hash_of((str){ (const char *)&i, sizeof i }); }

static void put(int key, uint64_t crowd, enum ticket_kind kind, int64_t person, int64_t now_ms)
{
	secret_hash hash = key_of(key);
	tickets_put(p, &hash, crowd, &(struct ticket){ .kind = kind, .person = { person } },
	            now_ms);
}

static bool try(int key, enum ticket_kind kind, int64_t now_ms)
{
	struct ticket out;
	secret_hash hash = key_of(key);
	return tickets_try(p, kind, &hash, now_ms, &out);
}

static bool take(int key, enum ticket_kind kind, int64_t now_ms)
{
	struct ticket out;
	secret_hash hash = key_of(key);
	return tickets_take(p, kind, &hash, now_ms, &out);
}

static void it_is_taken_once(void **state)
{
	struct ticket out;
	secret_hash hash = key_of(1);
	(void)state;
	put(1, 9, TICKET_SECOND, 77, 1000);
	assert_true(tickets_try(p, TICKET_SECOND, &hash, 1000, &out));
	assert_int_equal(out.person.v, 77);
	assert_true(take(1, TICKET_SECOND, 1000));
	assert_false(take(1, TICKET_SECOND, 1000));
	assert_false(try(1, TICKET_SECOND, 1000));
}

static void it_is_good_for_what_it_was_made_for(void **state)
{
	(void)state;
	put(1, 9, TICKET_PASSKEY_ALONE, 0, 1000);
	assert_false(take(1, TICKET_PASSKEY_NEW, 1000));
	assert_false(try(1, TICKET_SECOND, 1000));
	assert_false(take(2, TICKET_PASSKEY_ALONE, 1000));
	assert_true(take(1, TICKET_PASSKEY_ALONE, 1000));
}

static void it_lives_five_minutes(void **state)
{
	(void)state;
	put(1, 9, TICKET_SECOND, 1, 1000);
	assert_true(try(1, TICKET_SECOND, 1000 + 5 * 60 * 1000 - 1));
	assert_false(try(1, TICKET_SECOND, 1000 + 5 * 60 * 1000));
	assert_false(take(1, TICKET_SECOND, 1000 + 5 * 60 * 1000));
}

static void it_has_five_tries(void **state)
{
	(void)state;
	put(1, 9, TICKET_SECOND, 1, 1000);
	for (int i = 0; i < TICKET_TRIES; i++)
		assert_true(try(1, TICKET_SECOND, 1000));
	assert_false(try(1, TICKET_SECOND, 1000));
	assert_true(take(1, TICKET_SECOND, 1000)); /* the last of them may have been right */
}

static void asking_for_many_crowds_out_ones_own(void **state)
{
	int left = 0;
	(void)state;
	for (int i = 0; i < 64; i++)
		put(i, (uint64_t)i * 7919, TICKET_PASSKEY_ALONE, 0, 1000);
	put(500, 1, TICKET_SECOND, 1, 1000);
	for (int i = 0; i < 100000; i++)
		put(1000 + i, 4711, TICKET_PASSKEY_ALONE, 0, 1001);
	for (int i = 0; i < 64; i++)
		left += take(i, TICKET_PASSKEY_ALONE, 1001);
	assert_true(left >= 60); /* all but those that share its set */
	assert_true(take(500, TICKET_SECOND, 1001));
	assert_true(take(1000 + 99999, TICKET_PASSKEY_ALONE, 1001)); /* its newest works */
	assert_false(take(1000, TICKET_PASSKEY_ALONE, 1001));
}

static void a_persons_are_forgotten_together(void **state)
{
	(void)state;
	put(1, 9, TICKET_SECOND, 1, 1000);
	put(2, 9, TICKET_PASSKEY_NEW, 1, 1000);
	put(3, 9, TICKET_SECOND, 2, 1000);
	tickets_forget(p, (person_id){ 1 });
	assert_false(take(1, TICKET_SECOND, 1000));
	assert_false(take(2, TICKET_PASSKEY_NEW, 1000));
	assert_true(take(3, TICKET_SECOND, 1000));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_taken_once),
		TEST(it_is_good_for_what_it_was_made_for),
		TEST(it_lives_five_minutes),
		TEST(it_has_five_tries),
		TEST(asking_for_many_crowds_out_ones_own),
		TEST(a_persons_are_forgotten_together),
	};
	return cmocka_run_group_tests_name("tickets", tests, NULL, NULL);
}
