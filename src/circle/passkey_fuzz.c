/* passkey_fuzz.c - what a browser may send for a passkey: the first byte says which of the two ways, then the client
 * data up to a line's end, then the attestation object or the authenticator's data. What is let through must keep the
 * promises of passkey.h. The page is "https://c.example". */
#include "circle/passkey.h"

#include "model/limits.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Keys nobody has. */
static struct passkey key_of(bool one)
{
	static const char bytes[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	return (struct passkey){ .algorithm = one ? PASSKEY_EDDSA : PASSKEY_ES256,
		                 .public_key = { bytes, one ? 32 : 64 } };
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	str rest = { (const char *)bytes + (n > 0), n - (n > 0) };
	struct passkey_answer answer = { .client_data = str_cut(&rest, '\n'),
		                         .attestation = rest,
		                         .authenticator_data = rest,
		                         .signature = str_slice(rest, 0, 64) };
	unsigned char challenge[CHALLENGE_BYTES];
	struct passkey made = { .name = STR_NONE };
	uint32_t count;
	unsigned kind = n > 0 ? bytes[0] : 0;
	(void)failed(passkey_challenge(answer.client_data, challenge));
	if (kind & 1) {
		struct passkey key = key_of(kind & 2);
		assert(failed(
			passkey_signed(S("https://c.example"), &key, &answer, kind & 4, &count)));
	} else if (!failed(passkey_made(S("https://c.example"), &answer, mem, &made))) {
		assert(made.credential.n > 0 && made.credential.n <= PASSKEY_CREDENTIAL_MAX_BYTES);
		assert(made.public_key.n > 0 && made.public_key.n < 1024);
	}
	arena_free(mem);
	return 0;
}
