/* proof.h - what a person signs in with beside a password. */
#ifndef KITH_MODEL_PROOF_H
#define KITH_MODEL_PROOF_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"

#define TOTP_SECRET_BYTES 20 /* as long as SHA-1's result (RFC 4226 section 4) */

/* COSE, as on the wire. */
enum passkey_algorithm { PASSKEY_ES256 = -7, PASSKEY_EDDSA = -8, PASSKEY_RS256 = -257 };

struct passkey {
	passkey_id id;
	person_id person;
	str credential; /* bytes; PASSKEY_CREDENTIAL_MAX_BYTES at most */
	enum passkey_algorithm algorithm;
	str public_key; /* bytes, in libfido2's form */
	uint32_t sign_count;
	str name;
	str transports; /* words with spaces between, as the browser gave them */
	int64_t created_at_ms, last_used_at_ms; /* last used 0: never */
};

struct totp {
	unsigned char secret[TOTP_SECRET_BYTES];
	int64_t last_step; /* of the last code used: none is good twice */
	bool confirmed;
};

#endif
