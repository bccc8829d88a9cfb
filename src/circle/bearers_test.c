#include "circle/bearers.h"

#include "circle/secret.h"
#include "circle/stage_testing.h"

#include <stdio.h>

static secret_hash hash_of(int i)
{
	char text[16];
	snprintf(text, sizeof text, "token %d", i);
	return secret_hash_of(str_of(text));
}

static void keep(struct bearers *b, int i, int64_t person, int64_t at_ms)
{
	secret_hash hash = hash_of(i);
	struct session session = { .id = { i + 1 },
		                   .person = { person },
		                   .last_used_at_ms = at_ms,
		                   .scope_words = S("gone with the request") };
	bearers_keep(b, &hash, &session, at_ms, bearers_stamp(b));
}

static bool knows(struct bearers *b, int i, int64_t at_ms)
{
	secret_hash hash = hash_of(i);
	struct session session;
	bool found = bearers_find(b, &hash, at_ms, &session);
	if (found) {
		assert_int_equal(session.id.v, i + 1);
		assert_int_equal(session.scope_words.n, 0);
	}
	return found;
}

static void what_is_kept_is_found_until_it_ends(void **state)
{
	struct bearers *b = bearers_new();
	(void)state;
	assert_false(knows(b, 0, 1));
	keep(b, 0, 10, 1);
	keep(b, 1, 10, 1);
	keep(b, 2, 20, 1);
	assert_true(knows(b, 0, 1) && knows(b, 1, 1) && knows(b, 2, 1));
	bearers_forget(b, (session_id){ 1 });
	assert_false(knows(b, 0, 1));
	assert_true(knows(b, 1, 1));
	keep(b, 0, 10, 1);
	bearers_forget_person(b, (person_id){ 10 }, (session_id){ 2 });
	assert_false(knows(b, 0, 1));
	assert_true(knows(b, 1, 1)); /* the one to keep */
	assert_true(knows(b, 2, 1));
	bearers_forget_person(b, (person_id){ 10 }, (session_id){ 0 });
	assert_false(knows(b, 1, 1));
	bearers_free(b);
}

static void a_look_that_was_under_way_when_something_ended_is_not_kept(void **state)
{
	struct bearers *b = bearers_new();
	secret_hash hash = hash_of(0);
	struct session session = { .id = { 1 }, .person = { 10 } };
	uint64_t stamp = bearers_stamp(b);
	(void)state;
	bearers_forget(b, (session_id){ 1 });
	bearers_keep(b, &hash, &session, 1, stamp);
	assert_false(knows(b, 0, 1));
	bearers_free(b);
}

static void many_tokens_stay_within_bounds(void **state)
{
	struct bearers *b = bearers_new();
	int known = 0;
	(void)state;
	for (int i = 0; i < 40000; i++)
		keep(b, i, i, i);
	assert_true(knows(b, 39999, 40000)); /* the newest is never the one that had to go */
	for (int i = 0; i < 40000; i++)
		known += knows(b, i, 40000);
	assert_in_range(known, 4096, 4096 * 4);
	bearers_free(b);
}

static void use_is_reported_once_when_it_is_old_enough(void **state)
{
	struct bearers *b = bearers_new();
	struct session used[4];
	(void)state;
	keep(b, 0, 10, 1000);
	assert_true(knows(b, 0, 1500));
	assert_int_equal(bearers_used(b, 600, used, 4), 0);
	assert_true(knows(b, 0, 1700));
	assert_int_equal(bearers_used(b, 600, used, 4), 1);
	assert_int_equal(used[0].id.v, 1);
	assert_int_equal(used[0].last_used_at_ms, 1700);
	assert_int_equal(bearers_used(b, 600, used, 4), 0);
	bearers_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_found_until_it_ends),
		cmocka_unit_test(a_look_that_was_under_way_when_something_ended_is_not_kept),
		cmocka_unit_test(many_tokens_stay_within_bounds),
		cmocka_unit_test(use_is_reported_once_when_it_is_old_enough),
	};
	return cmocka_run_group_tests_name("bearers", tests, NULL, NULL);
}
