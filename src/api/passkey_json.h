/* passkey_json.h - what browsers take and give for passkeys (WebAuthn level 3, sections 5.1.8 to 5.1.10): bytes are
 * base64url, and the names are PublicKeyCredential's own. */
#ifndef KITH_API_PASSKEY_JSON_H
#define KITH_API_PASSKEY_JSON_H

#include "api/call.h"
#include "circle/factor.h"

/* Whether this house can have passkeys: they belong to a name, never to numbers. */
bool passkey_json_possible(const struct call *c);
/* The same as an error, field "passkey". */
MUST_CHECK err passkey_json_check(const struct call *c);

/* For navigator.credentials.create and .get. `verified`: whoever signs must say who they are to the authenticator. */
void passkey_json_make(struct call *c, struct buf *b, const struct person *me,
                       const struct passkey_ask *ask);
void passkey_json_sign(struct call *c, struct buf *b, const struct passkey_ask *ask, bool verified);

/* The answer under `field` (a literal, and what an error names): a PublicKeyCredential's toJSON. Lengths are bounded by
 * the route's body. */
MUST_CHECK err passkey_json_read(const struct call *c, const char *field,
                                 struct passkey_answer *answer, str *transports);

#endif
