/* passkey_testing.h - for tests: an authenticator in software, with a key of Ed25519. */
#ifndef KITH_CIRCLE_PASSKEY_TESTING_H
#define KITH_CIRCLE_PASSKEY_TESTING_H

#include "circle/passkey.h"

#include <sodium.h>

#define SOFT_PRESENT 0x01
#define SOFT_VERIFIED 0x04

/* What it does, right or wrong. */
struct soft {
	const char *origin, *rp_id, *type; /* type NULL: the right one */
	unsigned char flags;
	uint32_t count;
	const char *more; /* members added to the client data, e.g. ",\"crossOrigin\":true" */
	unsigned char credential[16];
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
	unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
};

/* `number` makes its key and its credential. */
struct soft soft_new(unsigned char number);
struct passkey_answer soft_make(const struct soft *soft,
                                const unsigned char challenge[CHALLENGE_BYTES], struct arena *mem);
struct passkey_answer soft_sign(const struct soft *soft,
                                const unsigned char challenge[CHALLENGE_BYTES], struct arena *mem);

#endif
