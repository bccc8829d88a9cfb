/* secret.h - tokens, codes and links: made from chance, given once, kept as hashes alone. */
#ifndef KITH_CIRCLE_SECRET_H
#define KITH_CIRCLE_SECRET_H

#include "base/err.h"
#include "base/seam.h"
#include "base/str.h"
#include "model/session.h"

#define SECRET_TOKEN_BYTES 32  /* of chance in a session token, a code, a reset link */
#define SECRET_INVITE_BYTES 16 /* 128 bits: an invitation is read aloud and typed */

/* `bytes` (at most 32) of chance as base64url behind `prefix`, and its hash. */
str secret_new(struct chance chance, const char *prefix, size_t bytes, struct arena *mem,
               secret_hash *hash);
/* BLAKE2b-256. */
secret_hash secret_hash_of(str secret);
/* In constant time. */
bool secret_equal(const secret_hash *a, const secret_hash *b);
/* Whether `verifier` is what the S256 `challenge` was made from (RFC 7636). */
bool secret_proves(str verifier, str challenge);

#endif
