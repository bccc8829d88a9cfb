#include "circle/secret.h"

#include "base/encode.h"

#include <assert.h>

#include <sodium.h>

#define VERIFIER_MIN 43 /* RFC 7636 section 4.1 */
#define VERIFIER_MAX 128

str secret_new(struct chance chance, const char *prefix, size_t bytes, struct arena *mem,
               secret_hash *hash)
{
	unsigned char raw[SECRET_TOKEN_BYTES];
	str encoded, secret;
	assert(bytes <= sizeof raw);
	chance_fill(chance, raw, bytes);
	encoded = base64url_of(mem, raw, bytes);
	sodium_memzero(raw, sizeof raw);
	secret = str_format(mem, "%s%.*s", prefix, STR_ARG(encoded));
	sodium_memzero((void *)(uintptr_t)encoded.p, encoded.n); /* one copy is enough */
	*hash = secret_hash_of(secret);
	return secret;
}

secret_hash secret_hash_of(str secret)
{
	secret_hash hash;
	crypto_generichash(hash.b, sizeof hash.b, (const unsigned char *)secret.p, secret.n, NULL,
	                   0);
	return hash;
}

bool secret_equal(const secret_hash *a, const secret_hash *b)
{
	return sodium_memcmp(a->b, b->b, sizeof a->b) == 0;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

bool secret_proves(str verifier, str challenge)
{
	unsigned char made[crypto_hash_sha256_BYTES], asked[crypto_hash_sha256_BYTES];
	if (verifier.n < VERIFIER_MIN || verifier.n > VERIFIER_MAX)
		return false;
	for (size_t i = 0; i < verifier.n; i++)
		if (!is_unreserved(verifier.p[i]))
			return false;
	if (!base64url_to(challenge, asked, sizeof asked))
		return false;
	crypto_hash_sha256(made, (const unsigned char *)verifier.p, verifier.n);
	return sodium_memcmp(made, asked, sizeof made) == 0;
}
