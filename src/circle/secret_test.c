#include "circle/secret.h"

#include "base/encode.h"
#include "circle/stage_testing.h"

static void a_token_is_new_each_time_and_known_by_its_hash(void **state)
{
	struct arena *mem = arena_new(1024);
	uint64_t seed = 7;
	struct chance chance = chance_seeded(&seed);
	secret_hash one, two, again;
	(void)state;
	str first = secret_new(chance, "kith_", SECRET_TOKEN_BYTES, mem, &one);
	str second = secret_new(chance, "kith_", SECRET_TOKEN_BYTES, mem, &two);
	assert_true(str_starts(first, S("kith_")));
	assert_int_equal(first.n, 5 + 43);
	assert_false(str_eq(first, second));
	again = secret_hash_of(first);
	assert_true(secret_equal(&one, &again));
	assert_false(secret_equal(&one, &two));
	assert_int_equal(secret_new(chance, "", SECRET_INVITE_BYTES, mem, &one).n, 22);
	arena_free(mem);
}

/* b2sum -l 256 of the same bytes. */
static void the_hash_is_blake2b_256(void **state)
{
	struct arena *mem = arena_new(1024);
	secret_hash hash = secret_hash_of(S("abc"));
	(void)state;
	assert_text(hex_of(mem, hash.b, sizeof hash.b),
	            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	arena_free(mem);
}

/* The example of RFC 7636, appendix B. */
#define VERIFIER S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
#define CHALLENGE S("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")

static void pkce_proves_who_asked(void **state)
{
	(void)state;
	assert_true(secret_proves(VERIFIER, CHALLENGE));
	assert_false(secret_proves(S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"), CHALLENGE));
	assert_false(secret_proves(S("short"), CHALLENGE));
	assert_false(secret_proves(VERIFIER, S("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw")));
	assert_false(secret_proves(STR_NONE, STR_NONE));
	assert_false(secret_proves(S("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk"), CHALLENGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_new_each_time_and_known_by_its_hash),
		cmocka_unit_test(the_hash_is_blake2b_256),
		cmocka_unit_test(pkce_proves_who_asked),
	};
	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
