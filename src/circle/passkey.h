/* passkey.h - what a passkey says, judged: WebAuthn level 2, sections 7.1 (a new one) and 7.2 (signing in).
 *
 * libcbor takes the attestation object apart, libfido2 reads the authenticator's data and verifies signatures; what the
 * browser adds (type, challenge, origin), whose page it is, the flags and the counter are looked at here. Attestation
 * is neither asked for nor looked at: which make of authenticator somebody uses is their own business. Pure. */
#ifndef KITH_CIRCLE_PASSKEY_H
#define KITH_CIRCLE_PASSKEY_H

#include "base/err.h"
#include "circle/tickets.h"
#include "model/proof.h"

/* Of "https://circle.example:8443": "circle.example". Passkeys belong to a name: STR_NONE for an address of numbers. */
str passkey_rp_id(str url);

/* The name a person has among their authenticator's passkeys: bytes that say nothing of them. */
str passkey_user(person_id person, struct arena *mem);

/* What a browser sends, base64url undone. */
struct passkey_answer {
	str client_data;                               /* JSON, as it was signed */
	str attestation;                               /* a new one: the attestation object */
	str credential, authenticator_data, signature; /* signing in */
	str user; /* signing in: the handle it was made with, or empty */
};

/* The challenge the browser was given: it names what is waited for. ERR_INPUT when the client data is none. */
MUST_CHECK err passkey_challenge(str client_data, unsigned char challenge[CHALLENGE_BYTES]);

/* Below: ERR_INPUT with field "passkey" when something does not hold; the log hears what. `url` is our origin. */

/* Fills credential, algorithm, public_key and sign_count. The challenge was looked at by the caller. */
MUST_CHECK err passkey_made(str url, const struct passkey_answer *answer, struct arena *mem,
                            struct passkey *out);
/* `verified`: the authenticator must have made sure who holds it. The new counter is for the store to judge. */
MUST_CHECK err passkey_signed(str url, const struct passkey *passkey,
                              const struct passkey_answer *answer, bool verified,
                              uint32_t *sign_count);

#endif
