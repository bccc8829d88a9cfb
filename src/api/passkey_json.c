/* See passkey_json.h. */
#include "api/passkey_json.h"

#include "base/encode.h"

#define TRANSPORTS_MAX 8
#define TRANSPORT_MAX_BYTES 20
#define TIMEOUT "300000" /* milliseconds: as long as a challenge lives */

static const char no_name[] =
	"Passkeys need a circle with a name. Open it by its name (or as localhost), not by numbers.";

bool passkey_json_possible(const struct call *c) { return passkey_rp_id(c->url).n > 0; }

err passkey_json_check(const struct call *c)
{
	return passkey_json_possible(c) ? OK : err_input("passkey", no_name);
}

static void add_bytes(struct call *c, struct buf *b, const void *bytes, size_t n)
{
	buf_char(b, '"');
	buf_add(b, base64url_of(c->mem, bytes, n));
	buf_char(b, '"');
}

static void add_transports(struct buf *b, str words)
{
	bool first = true;
	buf_lit(b, ",\"transports\":[");
	while (words.n > 0) {
		if (!first)
			buf_char(b, ',');
		buf_json(b, str_cut(&words, ' '));
		first = false;
	}
	buf_char(b, ']');
}

static void add_credentials(struct call *c, struct buf *b, const struct passkey_ask *ask)
{
	buf_char(b, '[');
	for (size_t i = 0; i < ask->n; i++) {
		const struct passkey *p = &ask->passkeys[i];
		if (i > 0)
			buf_char(b, ',');
		buf_lit(b, "{\"type\":\"public-key\",\"id\":");
		add_bytes(c, b, p->credential.p, p->credential.n);
		if (p->transports.n > 0)
			add_transports(b, p->transports);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

void passkey_json_make(struct call *c, struct buf *b, const struct person *me,
                       const struct passkey_ask *ask)
{
	str user = passkey_user(me->id, c->mem), rp_id = passkey_rp_id(c->url);
	buf_lit(b, "{\"challenge\":");
	add_bytes(c, b, ask->challenge, CHALLENGE_BYTES);
	buf_lit(b, ",\"rp\":{\"id\":");
	buf_json(b, rp_id);
	buf_lit(b, ",\"name\":");
	buf_json(b, rp_id);
	buf_lit(b, "},\"user\":{\"id\":");
	add_bytes(c, b, user.p, user.n);
	buf_lit(b, ",\"name\":");
	buf_json(b, me->handle);
	buf_lit(b, ",\"displayName\":");
	buf_json(b, me->display_name);
	buf_lit(b,
	        "},\"pubKeyCredParams\":[{\"type\":\"public-key\",\"alg\":-7},{\"type\":\"public-key\","
	        "\"alg\":-8},{\"type\":\"public-key\",\"alg\":-257}],\"timeout\":" TIMEOUT
	        ",\"attestation\":\"none\",\"authenticatorSelection\":{\"residentKey\":\"preferred\","
	        "\"requireResidentKey\":false,\"userVerification\":\"preferred\"},"
	        "\"excludeCredentials\":");
	add_credentials(c, b, ask);
	buf_char(b, '}');
}

void passkey_json_sign(struct call *c, struct buf *b, const struct passkey_ask *ask, bool verified)
{
	buf_lit(b, "{\"challenge\":");
	add_bytes(c, b, ask->challenge, CHALLENGE_BYTES);
	buf_lit(b, ",\"rpId\":");
	buf_json(b, passkey_rp_id(c->url));
	buf_lit(b, ",\"timeout\":" TIMEOUT ",\"userVerification\":");
	buf_json(b, verified ? S("required") : S("preferred"));
	buf_lit(b, ",\"allowCredentials\":");
	add_credentials(c, b, ask);
	buf_char(b, '}');
}

/* The bytes of a member, or none. */
static err read_bytes(const struct call *c, const struct params *object, const char *name,
                      const char *field, str *out)
{
	str text;
	err e = params_str(object, name, &text);
	size_t n = text.n * 3 / 4;
	*out = STR_NONE;
	if (failed(e) || text.n == 0)
		return e;
	char *bytes = arena_alloc(c->mem, n);
	if (!base64url_to(text, bytes, n))
		return err_input(field, "What the browser gave is not base64url.");
	*out = (str){ bytes, n };
	return OK;
}

/* Words of lower case and hyphens; others are left out, as WebAuthn wants it of what is not known. */
static err read_transports(const struct call *c, const struct params *response, str *out)
{
	str *words;
	size_t n;
	struct buf b;
	err e;
	TRY(params_strs(response, "transports", TRANSPORTS_MAX, c->mem, &words, &n));
	buf_init(&b, c->mem, 256);
	for (size_t i = 0; i < n; i++) {
		bool plain = words[i].n > 0 && words[i].n <= TRANSPORT_MAX_BYTES;
		for (size_t j = 0; plain && j < words[i].n; j++)
			plain = (words[i].p[j] >= 'a' && words[i].p[j] <= 'z') ||
			        words[i].p[j] == '-';
		if (!plain)
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_add(&b, words[i]);
	}
	*out = buf_str(&b);
out:
	return e;
}

err passkey_json_read(const struct call *c, const char *field, struct passkey_answer *answer,
                      str *transports)
{
	const struct params *given, *response;
	err e;
	*answer = (struct passkey_answer){ .client_data = STR_NONE };
	TRY(params_object(c->params, field, &given));
	if (!given)
		return err_input(field, "This is needed.");
	TRY(params_object(given, "response", &response));
	if (!response)
		return err_input(field, "What the browser gave has no response.");
	TRY(read_bytes(c, given, "rawId", field, &answer->credential));
	TRY(read_bytes(c, response, "clientDataJSON", field, &answer->client_data));
	TRY(read_bytes(c, response, "attestationObject", field, &answer->attestation));
	TRY(read_bytes(c, response, "authenticatorData", field, &answer->authenticator_data));
	TRY(read_bytes(c, response, "signature", field, &answer->signature));
	TRY(read_bytes(c, response, "userHandle", field, &answer->user));
	TRY(read_transports(c, response, transports));
out:
	return e;
}
