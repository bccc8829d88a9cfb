/* One's second factors: a code app, passkeys, recovery codes; and the second half of a sign-in. */
#include "api/handlers.h"

#include "api/entity.h"
#include "api/html.h"
#include "api/passkey_json.h"

/* --- what there is --- */

static void add_time_or_null(struct buf *b, int64_t at_ms)
{
	if (at_ms != 0)
		buf_json_time(b, at_ms);
	else
		buf_lit(b, "null");
}

/* A Passkey but its closing brace. */
static void add_passkey(struct buf *b, const struct passkey *p)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, p->id.v);
	buf_lit(b, ",\"name\":");
	buf_json(b, p->name);
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, p->created_at_ms);
	buf_lit(b, ",\"last_used_at\":");
	add_time_or_null(b, p->last_used_at_ms);
}

/* A member `recovery`. */
static void add_recovery(struct buf *b, const struct recovery *recovery)
{
	buf_lit(b, "\"recovery\":[");
	for (size_t i = 0; i < recovery->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json(b, recovery->codes[i]);
	}
	buf_char(b, ']');
}

err api_factor_list(struct call *c)
{
	struct factors factors;
	struct buf *b = call_json(c);
	err e;
	TRY(factor_list(c->circle, c->me.person, c->mem, &factors));
	buf_add(b, factors.totp ? S("{\"totp\":true,\"passkeys\":[")
	                        : S("{\"totp\":false,\"passkeys\":["));
	for (size_t i = 0; i < factors.n_passkeys; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_passkey(b, &factors.passkeys[i]);
		buf_char(b, '}');
	}
	buf_lit(b, "],\"recovery_left\":");
	buf_i64(b, factors.recovery_left);
	buf_add(b, factors.required ? S(",\"required\":true,\"required_from\":")
	                            : S(",\"required\":false,\"required_from\":"));
	add_time_or_null(b, factors.required_from_ms);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

/* --- a code app --- */

/* otpauth://totp/HOUSE:HANDLE, as every code app reads it. */
static void add_uri(struct call *c, struct buf *b, str handle, str secret)
{
	size_t scheme = str_find(c->url, S("://"));
	str house = str_slice(c->url, scheme == SIZE_MAX ? 0 : scheme + 3, c->url.n);
	buf_lit(b, "\"otpauth://totp/");
	html_segment(b, house);
	buf_char(b, ':');
	html_segment(b, handle);
	buf_lit(b, "?secret=");
	buf_add(b, secret);
	buf_lit(b, "&issuer=");
	html_segment(b, house);
	buf_lit(b, "&algorithm=SHA1&digits=6&period=30\"");
}

err api_factor_totp_begin(struct call *c)
{
	struct buf *b = call_json(c);
	struct person me;
	str secret;
	err e;
	TRY(read_self(c->circle, c->me.person, c->mem, &me));
	TRY(factor_totp_begin(c->circle, me.id, c->mem, &secret));
	buf_lit(b, "{\"secret\":");
	buf_json(b, secret);
	buf_lit(b, ",\"uri\":");
	add_uri(c, b, me.handle, secret);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_factor_totp_confirm(struct call *c)
{
	struct recovery recovery;
	struct buf *b = call_json(c);
	str code;
	err e;
	TRY(call_text(c, "code", &code));
	TRY(factor_totp_confirm(c->circle, c->me.person, c->me.session, code, c->now_ms, c->mem,
	                        &recovery));
	buf_char(b, '{');
	if (recovery.n > 0)
		add_recovery(b, &recovery);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_factor_totp_remove(struct call *c)
{
	str password;
	err e;
	TRY(call_text(c, "password", &password));
	TRY(factor_totp_remove(c->circle, c->me.person, password, c->mem));
	TRY(call_send_empty(c));
out:
	return e;
}

/* --- passkeys --- */

err api_factor_passkey_begin(struct call *c)
{
	struct passkey_ask ask;
	struct person me;
	err e;
	TRY(passkey_json_check(c));
	TRY(read_self(c->circle, c->me.person, c->mem, &me));
	TRY(factor_passkey_begin(c->circle, me.id, c->me.session, c->mem, &ask));
	passkey_json_make(c, call_json(c), &me, &ask);
	TRY(call_send(c));
out:
	return e;
}

err api_factor_passkey_add(struct call *c)
{
	struct passkey draft = { .name = STR_NONE }, passkey;
	struct passkey_answer answer;
	struct recovery recovery;
	struct buf *b = call_json(c);
	err e;
	TRY(params_str(c->params, "name", &draft.name));
	TRY(passkey_json_read(c, "attestation", &answer, &draft.transports));
	TRY(factor_passkey_add(c->circle, c->me.person, c->me.session, c->url, &draft, &answer,
	                       c->now_ms, c->mem, &passkey, &recovery));
	add_passkey(b, &passkey);
	if (recovery.n > 0) {
		buf_char(b, ',');
		add_recovery(b, &recovery);
	}
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_factor_passkey_remove(struct call *c)
{
	passkey_id id;
	str password;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(call_text(c, "password", &password));
	TRY(factor_passkey_remove(c->circle, c->me.person, id, password, c->mem));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_factor_recovery(struct call *c)
{
	struct recovery recovery;
	struct buf *b = call_json(c);
	str password;
	err e;
	TRY(call_text(c, "password", &password));
	TRY(factor_recovery_renew(c->circle, c->me.person, password, c->mem, &recovery));
	buf_char(b, '{');
	add_recovery(b, &recovery);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}
