#include "circle/passkey.h"

#include "circle/passkey_testing.h"
#include "circle/stage_testing.h"

#include <string.h>

#define URL S("https://circle.example")

static const unsigned char challenge[CHALLENGE_BYTES] = "a challenge of thirty-two bytes";
static struct arena *mem;

static int set_up(void **state)
{
	(void)state;
	mem = arena_new(4096);
	return sodium_init() < 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static const struct {
	const char *url, *rp_id;
} names[] = {
	{ "https://circle.example", "circle.example" },
	{ "https://circle.example:8443", "circle.example" },
	{ "http://localhost:8420", "localhost" },
	{ "http://127.0.0.1:8420", "" },
	{ "http://[::1]:8420", "" },
	{ "https://1.2.3.example", "1.2.3.example" },
};

static void passkeys_belong_to_a_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_text(passkey_rp_id(str_of(names[i].url)), names[i].rp_id);
}

/* How an answer departs from a good one. */
struct departure {
	const char *name;
	const char *origin, *rp_id, *type, *more;
	int flags; /* -1: as they are */
	bool good, verified;
};

static struct soft soft_departing(const struct departure *d)
{
	struct soft soft = soft_new(1);
	soft.origin = d->origin ? d->origin : soft.origin;
	soft.rp_id = d->rp_id ? d->rp_id : soft.rp_id;
	soft.type = d->type;
	soft.more = d->more;
	soft.flags = d->flags < 0 ? soft.flags : (unsigned char)d->flags;
	return soft;
}

static const struct departure made[] = {
	{ .name = "as it should be", .flags = -1, .good = true },
	{ .name = "without making sure who it is", .flags = SOFT_PRESENT, .good = true },
	{ .name = "more is said than we know", .flags = -1, .more = ",\"x\":1", .good = true },
	{ .name = "not inside another page",
	  .flags = -1,
	  .more = ",\"crossOrigin\":false",
	  .good = true },
	{ .name = "inside another page", .flags = -1, .more = ",\"crossOrigin\":true" },
	{ .name = "for signing in", .flags = -1, .type = "webauthn.get" },
	{ .name = "by another page", .flags = -1, .origin = "https://evil.example" },
	{ .name = "by a page below", .flags = -1, .origin = "https://a.circle.example" },
	{ .name = "without encryption", .flags = -1, .origin = "http://circle.example" },
	{ .name = "on another port", .flags = -1, .origin = "https://circle.example:444" },
	{ .name = "for another name", .flags = -1, .rp_id = "evil.example" },
	{ .name = "by nobody", .flags = SOFT_VERIFIED },
	{ .name = "moved where it may not be", .flags = SOFT_PRESENT | 0x10 },
	{ .name = "moved where it may be", .flags = SOFT_PRESENT | 0x18, .good = true },
};

static void a_new_one_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		struct soft soft = soft_departing(&made[i]);
		struct passkey_answer answer = soft_make(&soft, challenge, mem);
		struct passkey out = { .name = S("kept") };
		err e = passkey_made(URL, &answer, mem, &out);
		if (failed(e) == made[i].good)
			fail_msg("%s: %s", made[i].name, e.why);
		if (failed(e)) {
			assert_string_equal(e.field, "passkey");
			continue;
		}
		assert_int_equal(out.algorithm, PASSKEY_EDDSA);
		assert_memory_equal(out.credential.p, soft.credential, 16);
		assert_text(out.name, "kept");
	}
}

static const struct departure signed_[] = {
	{ .name = "as it should be", .flags = -1, .good = true, .verified = true },
	{ .name = "by somebody, which is enough", .flags = SOFT_PRESENT, .good = true },
	{ .name = "by somebody, which is not enough", .flags = SOFT_PRESENT, .verified = true },
	{ .name = "by nobody", .flags = SOFT_VERIFIED },
	{ .name = "for making one", .flags = -1, .type = "webauthn.create" },
	{ .name = "by another page", .flags = -1, .origin = "https://evil.example" },
	{ .name = "for another name", .flags = -1, .rp_id = "evil.example" },
	{ .name = "inside another page", .flags = -1, .more = ",\"crossOrigin\":true" },
};

static struct passkey key_of(const struct soft *soft)
{
	struct passkey out = { 0 };
	struct passkey_answer answer = soft_make(soft, challenge, mem);
	assert_ok(passkey_made(URL, &answer, mem, &out));
	return out;
}

static void a_signature_is_judged(void **state)
{
	struct soft owner = soft_new(1);
	struct passkey key = key_of(&owner);
	(void)state;
	for (size_t i = 0; i < COUNT(signed_); i++) {
		struct soft soft = soft_departing(&signed_[i]);
		uint32_t count = 0;
		soft.count = 70000;
		struct passkey_answer answer = soft_sign(&soft, challenge, mem);
		err e = passkey_signed(URL, &key, &answer, signed_[i].verified, &count);
		if (failed(e) == signed_[i].good)
			fail_msg("%s: %s", signed_[i].name, e.why);
		if (signed_[i].good)
			assert_int_equal(count, 70000);
	}
}

static void every_changed_byte_spoils_it(void **state)
{
	struct soft soft = soft_new(1), other = soft_new(2);
	struct passkey key = key_of(&soft), others = key_of(&other);
	struct passkey_answer good = soft_sign(&soft, challenge, mem);
	str *parts[] = { &good.client_data, &good.authenticator_data, &good.signature };
	uint32_t count;
	(void)state;
	assert_ok(passkey_signed(URL, &key, &good, true, &count));
	assert_fails(passkey_signed(URL, &others, &good, true, &count), ERR_INPUT);
	for (size_t p = 0; p < COUNT(parts); p++) {
		str was = *parts[p];
		for (size_t i = 0; i < was.n; i++) {
			char *changed = arena_copy(mem, was.p, was.n);
			changed[i] ^= 1;
			*parts[p] = (str){ changed, was.n };
			assert_fails(passkey_signed(URL, &key, &good, true, &count), ERR_INPUT);
			*parts[p] = str_slice(was, 0, i); /* and so does the end of it missing */
			assert_fails(passkey_signed(URL, &key, &good, true, &count), ERR_INPUT);
		}
		*parts[p] = was;
	}
}

static void a_cut_attestation_is_none(void **state)
{
	struct soft soft = soft_new(1);
	struct passkey_answer answer = soft_make(&soft, challenge, mem);
	str whole = answer.attestation;
	struct passkey out;
	(void)state;
	for (size_t i = 0; i < whole.n; i++) {
		answer.attestation = str_slice(whole, 0, i);
		assert_fails(passkey_made(URL, &answer, mem, &out), ERR_INPUT);
	}
	char *longer = arena_alloc(mem, whole.n + 1);
	memcpy(longer, whole.p, whole.n);
	answer.attestation = (str){ longer, whole.n + 1 };
	assert_fails(passkey_made(URL, &answer, mem, &out), ERR_INPUT);
	assert_fails(passkey_made(S("http://127.0.0.1:8420"), &answer, mem, &out), ERR_INPUT);
}

/* Five bytes that claim four thousand million items. */
static void claims_are_held_against_what_is_there(void **state)
{
	static const char claims[][6] = { "\x9A\xFF\xFF\xFF\xFF", "\xBA\xFF\xFF\xFF\xFF" };
	struct soft soft = soft_new(1);
	struct passkey_answer good = soft_make(&soft, challenge, mem), bad = good;
	struct passkey key = key_of(&soft), out;
	uint32_t count;
	(void)state;
	for (size_t i = 0; i < COUNT(claims); i++) {
		bad.attestation = str_of(claims[i]);
		assert_fails(passkey_made(URL, &bad, mem, &out), ERR_INPUT);
		/* In place of the key, which is the last 42 bytes. */
		char *changed = arena_copy(mem, good.attestation.p, good.attestation.n);
		memcpy(changed + good.attestation.n - 42, claims[i], 5);
		bad.attestation = (str){ changed, good.attestation.n };
		assert_fails(passkey_made(URL, &bad, mem, &out), ERR_INPUT);
		soft.flags = SOFT_PRESENT | 0x80; /* extensions follow */
		struct passkey_answer said = soft_sign(&soft, challenge, mem);
		char *data = arena_alloc(mem, 37 + 5);
		memcpy(data, soft_sign(&soft, challenge, mem).authenticator_data.p, 37);
		memcpy(data + 37, claims[i], 5);
		said.authenticator_data = (str){ data, 37 + 5 };
		assert_fails(passkey_signed(URL, &key, &said, false, &count), ERR_INPUT);
	}
}

static void the_challenge_is_read_whole(void **state)
{
	struct soft soft = soft_new(1);
	unsigned char got[CHALLENGE_BYTES];
	struct passkey_answer answer = soft_sign(&soft, challenge, mem);
	(void)state;
	assert_ok(passkey_challenge(answer.client_data, got));
	assert_memory_equal(got, challenge, sizeof got);
	assert_fails(passkey_challenge(STR_NONE, got), ERR_INPUT);
	assert_fails(passkey_challenge(S("[]"), got), ERR_INPUT);
	assert_fails(passkey_challenge(S("{\"challenge\":\"YQ\"}"), got), ERR_INPUT);
	assert_fails(passkey_challenge(S("{\"challenge\":7}"), got), ERR_INPUT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(passkeys_belong_to_a_name),
		TEST(a_new_one_is_judged),
		TEST(a_signature_is_judged),
		TEST(every_changed_byte_spoils_it),
		TEST(a_cut_attestation_is_none),
		TEST(the_challenge_is_read_whole),
		TEST(claims_are_held_against_what_is_there),
	};
	return cmocka_run_group_tests_name("passkey", tests, NULL, NULL);
}
