#include "store/factors.h"

#include "store/store_testing.h"

#include <string.h>

static const person_id anna = { 1 }, ben = { 2 };

static secret_hash hash_of(unsigned char c)
{
	secret_hash h;
	memset(h.b, c, sizeof h.b);
	h.b[3] = 0; /* a hash is not text */
	return h;
}

static void a_code_app_is_put_confirmed_and_taken_away(void **state)
{
	struct tables *t = *state;
	struct totp totp = { .last_step = 10 }, got;
	bool set;
	memset(totp.secret, 0xA0, sizeof totp.secret);
	totp.secret[5] = 0;
	assert_fails(totps_find(t->conn, anna, &got), ERR_MISSING);
	assert_ok(totps_put(t->conn, anna, &totp));
	assert_ok(factors_is_set(t->conn, anna, &set));
	assert_false(set); /* shown, but never confirmed */
	totp.confirmed = true;
	assert_ok(totps_put(t->conn, anna, &totp));
	assert_ok(totps_find(t->conn, anna, &got));
	assert_memory_equal(got.secret, totp.secret, sizeof got.secret);
	assert_true(got.confirmed && got.last_step == 10);
	assert_ok(factors_is_set(t->conn, anna, &set));
	assert_true(set);
	assert_ok(factors_is_set(t->conn, ben, &set));
	assert_false(set);
	assert_ok(totps_delete(t->conn, anna));
	assert_fails(totps_delete(t->conn, anna), ERR_MISSING);
	assert_ok(factors_is_set(t->conn, anna, &set));
	assert_false(set);
}

static void no_step_is_used_twice(void **state)
{
	struct tables *t = *state;
	struct totp totp = { .last_step = 10, .confirmed = true };
	assert_ok(totps_put(t->conn, anna, &totp));
	assert_fails(totps_use(t->conn, anna, 10), ERR_CONFLICT);
	assert_ok(totps_use(t->conn, anna, 12));
	assert_fails(totps_use(t->conn, anna, 12), ERR_CONFLICT);
	assert_fails(totps_use(t->conn, anna, 11), ERR_CONFLICT); /* nor one before it */
	assert_fails(totps_use(t->conn, ben, 13), ERR_CONFLICT);
}

static err add(struct tables *t, person_id person, int64_t id, unsigned char credential,
               uint32_t count)
{
	char bytes[] = { (char)credential, 0, 'x' };
	secret_hash hash = hash_of(credential);
	struct passkey p = { .id = { id },
		             .person = person,
		             .credential = { bytes, sizeof bytes },
		             .algorithm = PASSKEY_RS256,
		             .public_key = S("a\0key"),
		             .sign_count = count,
		             .name = S("my phone"),
		             .transports = S("internal hybrid"),
		             .created_at_ms = 5 };
	return passkeys_insert(t->conn, &p, &hash);
}

static void a_passkey_is_found_by_its_credential(void **state)
{
	struct tables *t = *state;
	struct passkey got, *all;
	secret_hash mine = hash_of('m'), other = hash_of('o');
	size_t n;
	assert_ok(add(t, anna, 10, 'm', 0xFFFFFFFE));
	assert_ok(passkeys_find(t->conn, &mine, t->mem, &got));
	assert_true(got.id.v == 10 && got.person.v == anna.v && got.created_at_ms == 5);
	assert_int_equal(got.algorithm, PASSKEY_RS256);
	assert_true(str_eq(got.public_key, S("a\0key")) && got.credential.n == 3);
	assert_true(got.sign_count == 0xFFFFFFFE);
	assert_text(got.name, "my phone");
	assert_text(got.transports, "internal hybrid");
	assert_fails(passkeys_find(t->conn, &other, t->mem, &got), ERR_MISSING);
	assert_ok(add(t, anna, 11, 'o', 0));
	assert_ok(passkeys_of(t->conn, anna, t->mem, &all, &n));
	assert_true(n == 2 && all[0].id.v == 10 && all[1].id.v == 11);
}

static void a_credential_is_one_persons(void **state)
{
	struct tables *t = *state;
	struct passkey got;
	secret_hash hash = hash_of('m');
	assert_ok(add(t, anna, 10, 'm', 0));
	err e = add(t, ben, 11, 'm', 0);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_string_equal(e.field, "passkey");
	assert_fails(passkeys_delete(t->conn, ben, (passkey_id){ 10 }), ERR_MISSING);
	assert_ok(passkeys_delete(t->conn, anna, (passkey_id){ 10 }));
	assert_fails(passkeys_find(t->conn, &hash, t->mem, &got), ERR_MISSING);
	assert_ok(add(t, ben, 12, 'm', 0));
}

static const struct {
	const char *name;
	uint32_t had, now;
	enum err_code want;
} counters[] = {
	{ "a counter goes up", 4, 5, ERR_NONE },
	{ "a counter leaps", 4, 4000000000u, ERR_NONE },
	{ "a counter that stands still is a copy", 4, 4, ERR_CONFLICT },
	{ "a counter that goes back is a copy", 4, 3, ERR_CONFLICT },
	{ "a counter that is gone is a copy", 4, 0, ERR_CONFLICT },
	{ "what never counts stays at nothing", 0, 0, ERR_NONE },
	{ "what begins to count may", 0, 1, ERR_NONE },
};

static void counters_only_go_up(void **state)
{
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(counters); i++) {
		passkey_id id = { 10 + (int64_t)i };
		assert_ok(add(t, anna, id.v, (unsigned char)i, counters[i].had));
		err e = passkeys_use(t->conn, anna, id, counters[i].now, 9);
		if (e.code != counters[i].want)
			fail_msg("%s", counters[i].name);
	}
}

static void recovery_codes_are_used_up(void **state)
{
	struct tables *t = *state;
	secret_hash codes[] = { hash_of(1), hash_of(2), hash_of(3) };
	int64_t n;
	assert_ok(recovery_put(t->conn, anna, codes, 3));
	assert_fails(recovery_take(t->conn, ben, &codes[0]), ERR_MISSING);
	assert_ok(recovery_take(t->conn, anna, &codes[0]));
	assert_fails(recovery_take(t->conn, anna, &codes[0]), ERR_MISSING);
	assert_ok(recovery_count(t->conn, anna, &n));
	assert_int_equal(n, 2);
	assert_ok(recovery_put(t->conn, anna, codes, 1)); /* new ones end the old */
	assert_fails(recovery_take(t->conn, anna, &codes[1]), ERR_MISSING);
	assert_ok(recovery_take(t->conn, anna, &codes[0]));
	assert_ok(recovery_count(t->conn, anna, &n));
	assert_int_equal(n, 0);
}

static void devices_are_known_for_whom_they_were_used(void **state)
{
	struct tables *t = *state;
	secret_hash phone = hash_of('p'), other = hash_of('o'), *all;
	person_id *with;
	size_t n;
	assert_ok(devices_put(t->conn, &phone, anna, 1, 3));
	assert_ok(devices_put(t->conn, &phone, anna, 2, 3));
	assert_ok(devices_find(t->conn, &phone, anna));
	assert_fails(devices_find(t->conn, &phone, ben), ERR_MISSING);
	assert_ok(devices_find(t->conn, &phone, (person_id){ 0 }));
	assert_fails(devices_find(t->conn, &other, (person_id){ 0 }), ERR_MISSING);
	assert_ok(devices_put(t->conn, &phone, ben, 2, 3));
	assert_ok(devices_put(t->conn, &other, ben, 3, 3));
	assert_ok(devices_shared(t->conn, anna, 2, t->mem, &with, &n));
	assert_int_equal(n, 1);
	assert_int_equal(with[0].v, ben.v);
	assert_ok(devices_shared(t->conn, anna, 1, t->mem, &with, &n));
	assert_int_equal(n, 0);
	assert_ok(devices_of(t->conn, ben, 9, t->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(&all[0], &other, sizeof other);
	assert_memory_equal(&all[1], &phone, sizeof phone);
	assert_ok(devices_of(t->conn, anna, 9, t->mem, &all, &n));
	assert_int_equal(n, 1);
	for (unsigned char i = 0; i < 3; i++) {
		secret_hash newer = hash_of(i);
		assert_ok(devices_put(t->conn, &newer, anna, 10 + i, 3));
	}
	assert_fails(devices_find(t->conn, &phone, anna), ERR_MISSING); /* the oldest goes */
	assert_ok(devices_find(t->conn, &phone, ben));
}

static void erasing_leaves_nothing_of_one_and_all_of_the_other(void **state)
{
	struct tables *t = *state;
	struct totp totp = { .confirmed = true }, got;
	secret_hash hash = hash_of('a');
	bool set;
	int64_t n;
	for (int i = 0; i < 2; i++) {
		person_id who = i ? ben : anna;
		assert_ok(totps_put(t->conn, who, &totp));
		assert_ok(add(t, who, 20 + i, (unsigned char)(100 + i), 0));
		assert_ok(recovery_put(t->conn, who, &hash, 1));
		assert_ok(devices_put(t->conn, &hash, who, 1, 3));
	}
	assert_ok(factors_erase(t->conn, anna));
	assert_ok(factors_erase(t->conn, anna));
	assert_ok(factors_is_set(t->conn, anna, &set));
	assert_false(set);
	assert_fails(totps_find(t->conn, anna, &got), ERR_MISSING);
	assert_fails(devices_find(t->conn, &hash, anna), ERR_MISSING);
	assert_ok(recovery_count(t->conn, anna, &n));
	assert_int_equal(n, 0);
	assert_ok(totps_find(t->conn, ben, &got));
	assert_ok(devices_find(t->conn, &hash, ben));
	assert_ok(recovery_count(t->conn, ben, &n));
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_code_app_is_put_confirmed_and_taken_away),
		TABLE_TEST(no_step_is_used_twice),
		TABLE_TEST(a_passkey_is_found_by_its_credential),
		TABLE_TEST(a_credential_is_one_persons),
		TABLE_TEST(counters_only_go_up),
		TABLE_TEST(recovery_codes_are_used_up),
		TABLE_TEST(devices_are_known_for_whom_they_were_used),
		TABLE_TEST(erasing_leaves_nothing_of_one_and_all_of_the_other),
	};
	return cmocka_run_group_tests_name("factors", tests, NULL, NULL);
}
