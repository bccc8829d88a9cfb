#include "circle/passkey_testing.h"

#include "base/buf.h"
#include "base/encode.h"

#include <string.h>

struct soft soft_new(unsigned char number)
{
	struct soft soft = { .origin = "https://circle.example",
		             .rp_id = "circle.example",
		             .flags = SOFT_PRESENT | SOFT_VERIFIED };
	unsigned char seed[crypto_sign_SEEDBYTES] = { number };
	memset(soft.credential, number, sizeof soft.credential);
	crypto_sign_seed_keypair(soft.public_key, soft.secret_key, seed);
	return soft;
}

static void add_bytes(struct buf *b, const void *bytes, size_t n) { buf_add(b, (str){ bytes, n }); }

static str client_data(const struct soft *soft, const char *type,
                       const unsigned char challenge[CHALLENGE_BYTES], struct arena *mem)
{
	str said = base64url_of(mem, challenge, CHALLENGE_BYTES);
	return str_format(mem, "{\"type\":\"%s\",\"challenge\":\"%.*s\",\"origin\":\"%s\"%s}",
	                  soft->type ? soft->type : type, STR_ARG(said), soft->origin,
	                  soft->more ? soft->more : "");
}

static void add_head(struct buf *b, const struct soft *soft, unsigned flags)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)soft->rp_id, strlen(soft->rp_id));
	add_bytes(b, hash, sizeof hash);
	buf_char(b, (char)flags);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(b, (char)(soft->count >> shift));
}

/* "none", with the key as COSE: {1: OKP, 3: EdDSA, -1: Ed25519, -2: x}. */
struct passkey_answer soft_make(const struct soft *soft,
                                const unsigned char challenge[CHALLENGE_BYTES], struct arena *mem)
{
	static const unsigned char key[] = { 0xA4, 0x01, 0x01, 0x03, 0x27,
		                             0x20, 0x06, 0x21, 0x58, 0x20 };
	static const unsigned char front[] = "\xA3"
					     "\x63"
					     "fmt"
					     "\x64"
					     "none"
					     "\x67"
					     "attStmt"
					     "\xA0"
					     "\x68"
					     "authData"
					     "\x58";
	static const char aaguid[16] = { 0 };
	struct buf data, all;
	buf_init(&data, mem, 1024);
	add_head(&data, soft, soft->flags | 0x40);
	add_bytes(&data, aaguid, sizeof aaguid);
	add_bytes(&data, "\0\x10", 2);
	add_bytes(&data, soft->credential, sizeof soft->credential);
	add_bytes(&data, key, sizeof key);
	add_bytes(&data, soft->public_key, sizeof soft->public_key);
	buf_init(&all, mem, 1024);
	add_bytes(&all, front, sizeof front - 1);
	buf_char(&all, (char)data.n);
	buf_add(&all, buf_str(&data));
	return (struct passkey_answer){
		.client_data = client_data(soft, "webauthn.create", challenge, mem),
		.attestation = buf_str(&all),
		.credential = str_dup(
			mem, (str){ (const char *)soft->credential, sizeof soft->credential }),
	};
}

struct passkey_answer soft_sign(const struct soft *soft,
                                const unsigned char challenge[CHALLENGE_BYTES], struct arena *mem)
{
	unsigned char hash[crypto_hash_sha256_BYTES], signature[crypto_sign_BYTES];
	str said = client_data(soft, "webauthn.get", challenge, mem);
	struct buf data, both;
	buf_init(&data, mem, 1024);
	add_head(&data, soft, soft->flags);
	buf_init(&both, mem, 1024);
	crypto_hash_sha256(hash, (const unsigned char *)said.p, said.n);
	buf_add(&both, buf_str(&data));
	add_bytes(&both, hash, sizeof hash);
	crypto_sign_detached(signature, NULL, (const unsigned char *)both.p, both.n,
	                     soft->secret_key);
	return (struct passkey_answer){
		.client_data = said,
		.authenticator_data = buf_str(&data),
		.signature = str_dup(mem, (str){ (const char *)signature, sizeof signature }),
		.credential = str_dup(
			mem, (str){ (const char *)soft->credential, sizeof soft->credential }),
	};
}
