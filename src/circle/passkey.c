#include "circle/passkey.h"

#include "base/encode.h"
#include "model/limits.h"

#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <jansson.h>
#include <sodium.h>

#include <string.h>

#define CLIENT_DATA_MAX_BYTES 4096
#define ATTESTATION_MAX_BYTES                                                                      \
	(8 * 1024)          /* 1 KB of a credential's id and a key of RSA, and a certificate */
#define RP_ID_MAX_BYTES 255 /* of a name in DNS */
#define HEAD_BYTES 37       /* of the authenticator's data: hash of the name, flags, counter */
#define NEW_BYTES 55        /* of a new credential: the head, the make, the length of its id */
#define FLAG_PRESENT 0x01
#define FLAG_VERIFIED 0x04
#define FLAG_MAY_MOVE 0x08
#define FLAG_MOVED 0x10
#define FLAG_NEW 0x40

static err refuse(const char *why)
{
	return (err){ ERR_INPUT, why, "passkey", "This passkey was not accepted." };
}

static bool is_numbers(str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

str passkey_rp_id(str url)
{
	size_t scheme = str_find(url, S("://"));
	str host = scheme == SIZE_MAX ? url : str_slice(url, scheme + 3, url.n);
	host = str_cut(&host, '/');
	if (str_starts(host, S("[")))
		return STR_NONE;
	host = str_cut(&host, ':');
	return is_numbers(host) ? STR_NONE : host;
}

str passkey_user(person_id person, struct arena *mem)
{
	return str_format(mem, "%lld", (long long)person.v);
}

/* --- what the browser says --- */

static str text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_string(value) ? (str){ json_string_value(value), json_string_length(value) }
	                             : STR_NONE;
}

static json_t *read_client_data(str bytes)
{
	json_error_t fault;
	if (bytes.n == 0 || bytes.n > CLIENT_DATA_MAX_BYTES)
		return NULL;
	return json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &fault);
}

err passkey_challenge(str client_data, unsigned char challenge[CHALLENGE_BYTES])
{
	json_t *said = read_client_data(client_data);
	bool good = base64url_to(text_of(said, "challenge"), challenge, CHALLENGE_BYTES);
	json_decref(said);
	return good ? OK : refuse("the client data names no challenge of ours");
}

static err check_client_data(str url, str bytes, str type)
{
	json_t *said = read_client_data(bytes);
	err e = OK;
	if (!json_is_object(said))
		e = refuse("the client data is no JSON");
	else if (!str_eq(text_of(said, "type"), type))
		e = refuse("signed for something else");
	else if (!str_eq(text_of(said, "origin"), url))
		e = refuse("signed for another page");
	else if (json_is_true(json_object_get(said, "crossOrigin")))
		e = refuse("signed inside another page");
	json_decref(said);
	return e;
}

/* --- what the authenticator says --- */

static err check_head(str url, str data, bool verified)
{
	unsigned char name[crypto_hash_sha256_BYTES];
	str rp_id = passkey_rp_id(url);
	if (data.n < HEAD_BYTES)
		return refuse("the authenticator's data is cut short");
	crypto_hash_sha256(name, (const unsigned char *)rp_id.p, rp_id.n);
	unsigned char flags = (unsigned char)data.p[32];
	if (rp_id.n == 0 || memcmp(data.p, name, sizeof name) != 0)
		return refuse("made for another name");
	if ((flags & FLAG_PRESENT) == 0)
		return refuse("nobody was there");
	if (verified && (flags & FLAG_VERIFIED) == 0)
		return refuse("nobody made sure who was there");
	if ((flags & FLAG_MOVED) != 0 && (flags & FLAG_MAY_MOVE) == 0)
		return refuse("moved, though it may not");
	return OK;
}

struct bound {
	size_t left;
	bool good;
};

static void look_at_size(void *ctx, size_t items)
{
	struct bound *bound = ctx;
	bound->good = bound->good && items <= bound->left; /* each takes a byte at least */
}

/* Whether this is CBOR whose lists and maps claim no more than there is: libcbor, and libfido2 by it, make room for
 * what is claimed. */
static bool is_bounded(str bytes)
{
	struct cbor_callbacks look = cbor_empty_callbacks;
	struct bound bound = { .good = true };
	look.array_start = look.map_start = look_at_size;
	while (bytes.n > 0 && bound.good) {
		bound.left = bytes.n;
		struct cbor_decoder_result r = cbor_stream_decode((cbor_data)bytes.p, bytes.n,
		                                                  &look, &bound);
		if (r.status != CBOR_DECODER_FINISHED)
			return false;
		bytes = str_slice(bytes, r.read, bytes.n);
	}
	return bound.good;
}

static void hash_client_data(str bytes, unsigned char hash[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256(hash, (const unsigned char *)bytes.p, bytes.n);
}

/* --- keys --- */

/* One for each kind of key: libfido2's own form, made from the bytes it gave. */
static int verify_es256(const fido_assert_t *said, str bytes)
{
	es256_pk_t *key = es256_pk_new();
	int r = key ? es256_pk_from_ptr(key, bytes.p, bytes.n) : FIDO_ERR_INTERNAL;
	if (r == FIDO_OK)
		r = fido_assert_verify(said, 0, COSE_ES256, key);
	es256_pk_free(&key);
	return r;
}

static int verify_eddsa(const fido_assert_t *said, str bytes)
{
	eddsa_pk_t *key = eddsa_pk_new();
	int r = key ? eddsa_pk_from_ptr(key, bytes.p, bytes.n) : FIDO_ERR_INTERNAL;
	if (r == FIDO_OK)
		r = fido_assert_verify(said, 0, COSE_EDDSA, key);
	eddsa_pk_free(&key);
	return r;
}

static int verify_rs256(const fido_assert_t *said, str bytes)
{
	rs256_pk_t *key = rs256_pk_new();
	int r = key ? rs256_pk_from_ptr(key, bytes.p, bytes.n) : FIDO_ERR_INTERNAL;
	if (r == FIDO_OK)
		r = fido_assert_verify(said, 0, COSE_RS256, key);
	rs256_pk_free(&key);
	return r;
}

static const struct {
	enum passkey_algorithm algorithm;
	int (*verify)(const fido_assert_t *said, str key);
} kinds[] = {
	{ PASSKEY_ES256, verify_es256 },
	{ PASSKEY_EDDSA, verify_eddsa },
	{ PASSKEY_RS256, verify_rs256 },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* --- a new one --- */

/* The bytes under "authData" in the map; borrowed from it. */
static str auth_data_of(const cbor_item_t *map)
{
	struct cbor_pair *pairs;
	if (!cbor_isa_map(map) || !cbor_map_is_definite(map))
		return STR_NONE;
	pairs = cbor_map_handle(map);
	for (size_t i = 0; i < cbor_map_size(map); i++) {
		const cbor_item_t *key = pairs[i].key, *value = pairs[i].value;
		if (!cbor_isa_string(key) || !cbor_string_is_definite(key) ||
		    !str_eq((str){ (const char *)cbor_string_handle(key), cbor_string_length(key) },
		            S("authData")))
			continue;
		if (!cbor_isa_bytestring(value) || !cbor_bytestring_is_definite(value))
			return STR_NONE;
		return (str){ (const char *)cbor_bytestring_handle(value),
			      cbor_bytestring_length(value) };
	}
	return STR_NONE;
}

static err split_attestation(str bytes, struct arena *mem, str *data)
{
	struct cbor_load_result result;
	cbor_item_t *item;
	if (bytes.n == 0 || bytes.n > ATTESTATION_MAX_BYTES || !is_bounded(bytes))
		return refuse("no attestation object");
	item = cbor_load((cbor_data)bytes.p, bytes.n, &result);
	*data = STR_NONE;
	if (item != NULL && result.read == bytes.n)
		*data = str_dup(mem, auth_data_of(item));
	if (item != NULL)
		cbor_decref(&item);
	return data->n > 0 ? OK : refuse("no authenticator's data in the attestation object");
}

/* What follows the id of a new credential: its key, and extensions. */
static str key_bytes_of(str data)
{
	const unsigned char *p = (const unsigned char *)data.p;
	if (data.n < NEW_BYTES)
		return STR_NONE;
	size_t id_bytes = (size_t)p[NEW_BYTES - 2] << 8 | p[NEW_BYTES - 1];
	return str_slice(data, NEW_BYTES + id_bytes, data.n);
}

/* Reads the new credential as one of this algorithm. */
static bool read_credential(str data, enum passkey_algorithm algorithm, const unsigned char *hash,
                            struct arena *mem, struct passkey *out)
{
	fido_cred_t *cred = fido_cred_new();
	bool read = cred != NULL && fido_cred_set_type(cred, algorithm) == FIDO_OK &&
	            fido_cred_set_clientdata_hash(cred, hash, crypto_hash_sha256_BYTES) ==
	                    FIDO_OK &&
	            fido_cred_set_authdata_raw(cred, (const unsigned char *)data.p, data.n) ==
	                    FIDO_OK &&
	            fido_cred_id_len(cred) > 0 &&
	            fido_cred_id_len(cred) <= PASSKEY_CREDENTIAL_MAX_BYTES &&
	            fido_cred_pubkey_len(cred) > 0;
	if (read) {
		out->algorithm = algorithm;
		out->credential = str_dup(
			mem, (str){ (const char *)fido_cred_id_ptr(cred), fido_cred_id_len(cred) });
		out->public_key = str_dup(mem, (str){ (const char *)fido_cred_pubkey_ptr(cred),
		                                      fido_cred_pubkey_len(cred) });
		out->sign_count = fido_cred_sigcount(cred);
	}
	fido_cred_free(&cred);
	return read;
}

err passkey_made(str url, const struct passkey_answer *answer, struct arena *mem,
                 struct passkey *out)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	str data;
	err e;
	fido_init(0);
	TRY(check_client_data(url, answer->client_data, S("webauthn.create")));
	TRY(split_attestation(answer->attestation, mem, &data));
	TRY(check_head(url, data, false));
	str key = key_bytes_of(data);
	if ((data.p[32] & FLAG_NEW) == 0 || key.n == 0 || !is_bounded(key))
		return refuse("no credential in the authenticator's data");
	hash_client_data(answer->client_data, hash);
	for (size_t i = 0; i < KINDS; i++)
		if (read_credential(data, kinds[i].algorithm, hash, mem, out))
			return OK;
	e = refuse("a credential of a kind nobody asked for");
out:
	return e;
}

/* --- signing in --- */

static bool verify(const fido_assert_t *said, const struct passkey *passkey)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].algorithm == passkey->algorithm)
			return kinds[i].verify(said, passkey->public_key) == FIDO_OK;
	return false;
}

static bool fill(fido_assert_t *said, str rp_id, const struct passkey_answer *answer, bool verified)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char name[RP_ID_MAX_BYTES + 1] = { 0 };
	if (rp_id.n > RP_ID_MAX_BYTES)
		return false;
	memcpy(name, rp_id.p, rp_id.n);
	hash_client_data(answer->client_data, hash);
	return fido_assert_set_clientdata_hash(said, hash, sizeof hash) == FIDO_OK &&
	       fido_assert_set_rp(said, name) == FIDO_OK &&
	       fido_assert_set_up(said, FIDO_OPT_TRUE) == FIDO_OK &&
	       fido_assert_set_uv(said, verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) == FIDO_OK &&
	       fido_assert_set_count(said, 1) == FIDO_OK &&
	       fido_assert_set_authdata_raw(said, 0,
	                                    (const unsigned char *)answer->authenticator_data.p,
	                                    answer->authenticator_data.n) == FIDO_OK &&
	       fido_assert_set_sig(said, 0, (const unsigned char *)answer->signature.p,
	                           answer->signature.n) == FIDO_OK;
}

err passkey_signed(str url, const struct passkey *passkey, const struct passkey_answer *answer,
                   bool verified, uint32_t *sign_count)
{
	fido_assert_t *said = NULL;
	err e;
	fido_init(0);
	TRY(check_client_data(url, answer->client_data, S("webauthn.get")));
	TRY(check_head(url, answer->authenticator_data, verified));
	if (!is_bounded(str_slice(answer->authenticator_data, HEAD_BYTES,
	                          answer->authenticator_data.n)))
		return refuse("the authenticator's data ends in something else");
	if ((said = fido_assert_new()) == NULL)
		return err_system("no memory for a signature");
	if (!fill(said, passkey_rp_id(url), answer, verified) || !verify(said, passkey))
		TRY(refuse("the signature does not hold"));
	*sign_count = fido_assert_sigcount(said, 0);
out:
	fido_assert_free(&said);
	return e;
}
