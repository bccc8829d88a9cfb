/* Apps and tokens: RFC 6749 (authorization code, client credentials), 7636 (PKCE), 7009 (revocation), 8414 (metadata),
 * in the form Mastodon's apps expect. An address that is not the app's own is never redirected to. */
#include "api/handlers.h"

#include "api/consent.h"
#include "api/house.h"
#include "api/entity.h"
#include "api/html.h"
#include "circle/factor.h"

#define REDIRECTS_MAX 10
#define SAY_CLIENT "The app is not known here: it may have to be registered anew."
#define SAY_REDIRECT "The app did not register this address to come back to."
#define SAY_SCOPE "The app asks for more than it registered."

/* --- registration --- */

/* A list, or one text with white space between. */
static err read_redirects(const struct call *c, str *uris)
{
	str *list;
	size_t n;
	struct buf b;
	err e;
	TRY(params_strs(c->params, "redirect_uris", REDIRECTS_MAX, c->mem, &list, &n));
	buf_init(&b, c->mem, 64 * 1024);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0, from = 0; j <= list[i].n; j++) {
			bool space = j == list[i].n || (unsigned char)list[i].p[j] <= ' ';
			if (!space)
				continue;
			if (j > from) {
				if (b.n > 0)
					buf_char(&b, '\n');
				buf_add(&b, str_slice(list[i], from, j));
			}
			from = j + 1;
		}
	}
	*uris = buf_str(&b);
	if (uris->n == 0)
		e = err_input("redirect_uris", "This is needed.");
out:
	return e;
}

static void add_split(struct buf *b, str words, char between)
{
	bool first = true;
	buf_char(b, '[');
	while (words.n > 0) {
		str word = str_cut(&words, between);
		if (word.n == 0)
			continue;
		if (!first)
			buf_char(b, ',');
		buf_json(b, word);
		first = false;
	}
	buf_char(b, ']');
}

/* An Application but its closing brace. */
static void add_application(struct buf *b, const struct app *app)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, app->id.v);
	buf_lit(b, ",\"name\":");
	buf_json(b, app->name);
	buf_lit(b, ",\"website\":");
	if (app->website.n > 0)
		buf_json(b, app->website);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"redirect_uri\":");
	buf_json(b, app->redirect_uris);
	buf_lit(b, ",\"redirect_uris\":");
	add_split(b, app->redirect_uris, '\n');
	buf_lit(b, ",\"scopes\":");
	add_split(b, app->scope_words, ' ');
	buf_lit(b, ",\"vapid_key\":\"\"");
}

err api_oauth_app_create(struct call *c)
{
	struct app_draft draft;
	struct app app;
	struct buf *b = call_json(c);
	str secret;
	err e;
	TRY(call_text(c, "client_name", &draft.name));
	TRY(read_redirects(c, &draft.redirect_uris));
	TRY(params_str(c->params, "scopes", &draft.scope_words));
	TRY(params_str(c->params, "website", &draft.website));
	TRY(admit_app(c->circle, &draft, c->now_ms, c->mem, &app, &secret));
	add_application(b, &app);
	buf_lit(b, ",\"client_id\":");
	buf_json(b, app.client_id);
	buf_lit(b, ",\"client_secret\":");
	buf_json(b, secret);
	buf_lit(b, ",\"client_secret_expires_at\":0}");
	TRY(call_send(c));
out:
	return e;
}

err api_oauth_app_show(struct call *c)
{
	/* A browser's or the shell's token belongs to no app but the house. */
	struct app app = { .name = S("kith"), .scope_words = S("read write follow push profile") };
	struct buf *b = call_json(c);
	err e = OK;
	if (c->me.app.v != 0)
		TRY(admit_app_by_id(c->circle, c->me.app, c->mem, &app));
	add_application(b, &app);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

/* --- consent --- */

static bool is_listed(str list, char between, str wanted)
{
	while (list.n > 0)
		if (str_eq(str_cut(&list, between), wanted))
			return true;
	return false;
}

/* From here on the address is the app's own, and errors may go there. */
static err check_app(struct call *c, const struct consent_ask *ask, struct app *app)
{
	err e = admit_app_find(c->circle, ask->client_id, c->mem, app);
	if (e.code == ERR_MISSING)
		return err_input("client_id", SAY_CLIENT);
	if (!failed(e) && !is_listed(app->redirect_uris, '\n', ask->redirect_uri))
		return err_input("redirect_uri", SAY_REDIRECT);
	return e;
}

/* The rest of what was asked: NULL, or the word of RFC 6749 section 4.1.2.1 for what is wrong. */
static const char *fault_of(const struct consent_ask *ask, const struct app *app, unsigned *scopes)
{
	unsigned allowed;
	if (!str_eq(ask->response_type, S("code")))
		return "unsupported_response_type";
	if (!scopes_of(ask->scope, scopes) || !scopes_of(app->scope_words, &allowed) ||
	    *scopes == 0 || (*scopes & ~allowed) != 0)
		return "invalid_scope";
	/* "plain" shows the secret to whoever sees the address (RFC 9700 section 2.1.1). */
	if (ask->challenge.n > 0 ? !str_eq(ask->challenge_method, S("S256"))
	                         : ask->challenge_method.n > 0)
		return "invalid_request";
	return NULL;
}

static err redirect_back(struct call *c, const struct consent_ask *ask, str name, str value)
{
	struct buf b;
	bool query = str_find(ask->redirect_uri, S("?")) != SIZE_MAX;
	buf_init(&b, c->mem, 16 * 1024);
	buf_add(&b, ask->redirect_uri);
	buf_char(&b, query ? '&' : '?');
	buf_add(&b, name);
	buf_char(&b, '=');
	html_segment(&b, value);
	if (ask->state.n > 0) {
		buf_lit(&b, "&state=");
		html_segment(&b, ask->state);
	}
	/* RFC 9207: an app that talks to many servers sees who answers. */
	buf_lit(&b, "&iss=");
	html_segment(&b, c->url);
	return b.full ? err_input("state", "This is too long.") : house_redirect(c, buf_str(&b));
}

static err refuse(struct call *c, const struct consent_ask *ask, const char *fault)
{
	if (str_eq(ask->redirect_uri, OUT_OF_BAND)) {
		house_fault(c, 400,
		            str_eq(str_of(fault), S("access_denied"))
		                    ? "The app was turned away."
		                    : "The app asks for something this server does not know.");
		return OK;
	}
	return redirect_back(c, ask, S("error"), str_of(fault));
}

static bool signed_in(const struct call *c)
{
	return c->me.person.v != 0 && (c->me.scopes & SCOPE_OWN) != 0;
}

err api_oauth_authorize(struct call *c)
{
	struct consent_ask ask;
	struct person me;
	struct app app;
	unsigned scopes;
	err e;
	TRY(consent_read(c, &ask));
	TRY(check_app(c, &ask, &app));
	const char *fault = fault_of(&ask, &app, &scopes);
	if (fault)
		return refuse(c, &ask, fault);
	if (!signed_in(c) || c->me.sealed || ask.force_login)
		return consent_sign_in_page(c, &ask, &app, STR_NONE, NULL);
	TRY(read_self(c->circle, c->me.person, c->mem, &me));
	TRY(consent_ask_page(c, &ask, &app, &me, scopes));
out:
	return e;
}

/* Half in: the form for the code comes next. */
static err ask_second(struct call *c, const struct consent_ask *ask, const struct app *app,
                      const struct came_in *came)
{
	struct second_ask second;
	err e;
	TRY(second_ask(c->circle, came, c->mem, &second));
	TRY(consent_second_page(c, ask, app, second.ticket, NULL));
out:
	return e;
}

err api_oauth_sign_in(struct call *c)
{
	struct way_in from = call_way_in(c);
	struct came_in came = { .retry_after_s = 0 };
	struct consent_ask ask;
	struct app app;
	str handle, password;
	err e;
	TRY(consent_read(c, &ask));
	TRY(check_app(c, &ask, &app));
	TRY(params_str(c->params, "handle", &handle));
	TRY(params_str(c->params, "password", &password));
	e = admit_sign_in(c->circle, &from, handle, password, c->mem, &came);
	if (e.code == ERR_INPUT)
		return consent_sign_in_page(c, &ask, &app, handle, e.say);
	TRY(e);
	if (came.person.status == PERSON_SEALED)
		return consent_sign_in_page(c, &ask, &app, handle, "This account is sealed.");
	if (came.person.second_factor)
		return ask_second(c, &ask, &app, &came);
	TRY(call_sign_in(c, came.person.id, FACTOR_NONE));
	TRY(house_redirect(c, consent_address(c, &ask)));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

err api_oauth_second(struct call *c)
{
	struct came_in came = { .retry_after_s = 0 };
	struct consent_ask ask;
	struct app app;
	str ticket, code;
	err e;
	TRY(consent_read(c, &ask));
	TRY(check_app(c, &ask, &app));
	TRY(params_str(c->params, "ticket", &ticket));
	TRY(params_str(c->params, "code", &code));
	struct second_proof proof = house_proof(code);
	e = second_answer(c->circle, ticket, &proof, c->now_ms, c->mem, &came);
	if (e.code == ERR_INPUT && str_eq(str_of(e.field), S("ticket")))
		return consent_sign_in_page(c, &ask, &app, STR_NONE, e.say);
	if (e.code == ERR_INPUT)
		return consent_second_page(c, &ask, &app, ticket, e.say);
	TRY(e);
	TRY(call_sign_in(c, came.person.id, came.factor));
	TRY(house_redirect(c, consent_address(c, &ask)));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

static err grant(struct call *c, const struct consent_ask *ask, const struct app *app)
{
	struct oauth_code draft = {
		.app = app->id,
		.person = c->me.person,
		.redirect_uri = ask->redirect_uri,
		.scope_words = ask->scope,
		.challenge = ask->challenge,
	};
	str code;
	err e;
	TRY(admit_code(c->circle, &draft, c->now_ms, c->mem, &code));
	if (str_eq(ask->redirect_uri, OUT_OF_BAND))
		TRY(consent_code_page(c, app, code));
	else
		TRY(redirect_back(c, ask, S("code"), code));
out:
	return e;
}

/* The consent form. Its decision came from our own page: the cookie's Origin was checked before this. */
err api_oauth_consent(struct call *c)
{
	struct consent_ask ask;
	struct app app;
	unsigned scopes;
	str decision;
	err e;
	TRY(consent_read(c, &ask));
	TRY(check_app(c, &ask, &app));
	TRY(params_str(c->params, "decision", &decision));
	const char *fault = fault_of(&ask, &app, &scopes);
	if (fault)
		return refuse(c, &ask, fault);
	if (str_eq(decision, S("allow")))
		return grant(c, &ask, &app);
	if (str_eq(decision, S("other")))
		return consent_sign_in_page(c, &ask, &app, STR_NONE, NULL);
	e = refuse(c, &ask, "access_denied");
out:
	return e;
}

/* --- tokens --- */

/* Errors of the token endpoints are words of RFC 6749 section 5.2. */
static err token_fault(struct call *c, int status, const char *word, const char *sentence)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"error\":");
	buf_json(b, str_of(word));
	buf_lit(b, ",\"error_description\":");
	buf_json(b, str_of(sentence));
	buf_char(b, '}');
	http_reply_json(c->reply, status, buf_str(b));
	if (status == 401)
		http_reply_literal(c->reply, "WWW-Authenticate", "Basic realm=\"kith\"");
	return OK;
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static str base64_text(str in, struct arena *mem)
{
	char *out = arena_alloc(mem, in.n);
	unsigned bits = 0, held = 0;
	size_t n = 0;
	while (in.n > 0 && in.p[in.n - 1] == '=')
		in.n--;
	for (size_t i = 0; i < in.n; i++) {
		int v = sextet(in.p[i]);
		if (v < 0)
			return STR_NONE;
		bits = (bits << 6 | (unsigned)v) & 0xFFFFFF;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[n++] = (char)(bits >> held & 0xFF);
		}
	}
	return (str){ out, n };
}

/* In the body, or by HTTP Basic (RFC 6749 section 2.3.1); ids and secrets need no escapes in either. */
static err read_client(const struct call *c, str *id, str *secret)
{
	str basic = http_header(c->request, "Authorization");
	err e;
	TRY(params_str(c->params, "client_id", id));
	TRY(params_str(c->params, "client_secret", secret));
	if (str_eq_ascii_nocase(str_slice(basic, 0, 6), S("basic "))) {
		*secret = base64_text(str_trim(str_slice(basic, 6, basic.n)), c->mem);
		*id = str_cut(secret, ':');
	}
out:
	return e;
}

static err send_token(struct call *c, const struct session *session, str token)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"access_token\":");
	buf_json(b, token);
	buf_lit(b, ",\"token_type\":\"Bearer\",\"scope\":");
	buf_json(b, session->scope_words);
	buf_lit(b, ",\"created_at\":");
	buf_i64(b, session->created_at_ms / 1000);
	buf_char(b, '}');
	return call_send(c);
}

static err token_for_code(struct call *c, const struct app *app)
{
	struct session session;
	str code, redirect_uri, verifier, token;
	err e;
	TRY(params_str(c->params, "code", &code));
	TRY(params_str(c->params, "redirect_uri", &redirect_uri));
	TRY(params_str(c->params, "code_verifier", &verifier));
	e = admit_code_use(c->circle, app, code, redirect_uri, verifier, call_user_agent(c),
	                   c->now_ms, c->mem, &session, &token);
	if (e.code == ERR_INPUT)
		return token_fault(c, 400, "invalid_grant", e.say);
	TRY(e);
	TRY(send_token(c, &session, token));
out:
	return e;
}

static err token_for_app(struct call *c, const struct app *app)
{
	struct session session;
	unsigned asked, allowed;
	str scope, token;
	err e;
	TRY(params_str(c->params, "scope", &scope));
	if (scope.n == 0)
		scope = S("read");
	if (!scopes_of(scope, &asked) || !scopes_of(app->scope_words, &allowed) || asked & ~allowed)
		return token_fault(c, 400, "invalid_scope", SAY_SCOPE);
	struct session_draft draft = {
		.app = app->id,
		.kind = SESSION_APP,
		.scope_words = scope,
		.user_agent = call_user_agent(c),
	};
	TRY(admit_session(c->circle, &draft, c->now_ms, c->mem, &session, &token));
	TRY(send_token(c, &session, token));
out:
	return e;
}

err api_oauth_token(struct call *c)
{
	struct app app;
	str id, secret, kind;
	err e;
	TRY(params_str(c->params, "grant_type", &kind));
	TRY(read_client(c, &id, &secret));
	e = admit_app_check(c->circle, id, secret, c->mem, &app);
	if (e.code == ERR_MISSING)
		return token_fault(c, 401, "invalid_client", SAY_CLIENT);
	TRY(e);
	if (str_eq(kind, S("authorization_code")))
		return token_for_code(c, &app);
	if (str_eq(kind, S("client_credentials")))
		return token_for_app(c, &app);
	e = token_fault(c, 400, kind.n ? "unsupported_grant_type" : "invalid_request",
	                "The grant_type is authorization_code or client_credentials.");
out:
	return e;
}

/* Fine for a token that is gone already (RFC 7009 section 2.2). */
err api_oauth_revoke(struct call *c)
{
	struct bearer bearer;
	struct app app;
	str id, secret, token;
	err e;
	TRY(read_client(c, &id, &secret));
	TRY(params_str(c->params, "token", &token));
	e = admit_app_check(c->circle, id, secret, c->mem, &app);
	if (e.code == ERR_MISSING)
		return token_fault(c, 403, "unauthorized_client", SAY_CLIENT);
	TRY(e);
	e = admit_bearer(c->circle, token, c->now_ms, &bearer);
	if (e.code == ERR_MISSING)
		return call_send_empty(c);
	TRY(e);
	if (bearer.app.v != app.id.v)
		return token_fault(c, 403, "unauthorized_client", "This token is not the app's.");
	TRY(admit_revoke(c->circle, bearer.person, bearer.session));
	TRY(call_send_empty(c));
out:
	return e;
}

/* --- about --- */

err api_oauth_userinfo(struct call *c)
{
	struct buf *b = call_json(c);
	struct person me;
	err e;
	TRY(read_self(c->circle, c->me.person, c->mem, &me));
	buf_lit(b, "{\"iss\":");
	buf_json(b, c->url);
	buf_lit(b, ",\"sub\":\"");
	buf_add(b, c->url);
	buf_lit(b, "/people/");
	html_segment(b, me.handle);
	buf_lit(b, "\",\"name\":");
	buf_json(b, me.display_name);
	buf_lit(b, ",\"preferred_username\":");
	buf_json(b, me.handle);
	buf_lit(b, ",\"profile\":\"");
	buf_add(b, c->url);
	buf_lit(b, "/people/");
	html_segment(b, me.handle);
	buf_lit(b, "\",\"picture\":\"");
	buf_add(b, c->url);
	buf_lit(b, "/assets/avatar.svg\"}");
	TRY(call_send(c));
out:
	return e;
}

static void add_endpoint(struct call *c, struct buf *b, str name, str path)
{
	buf_lit(b, ",\"");
	buf_add(b, name);
	buf_lit(b, "\":\"");
	buf_add(b, c->url);
	buf_add(b, path);
	buf_char(b, '"');
}

err api_oauth_metadata(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"issuer\":\"");
	buf_add(b, c->url);
	buf_char(b, '"');
	add_endpoint(c, b, S("authorization_endpoint"), S("/oauth/authorize"));
	add_endpoint(c, b, S("token_endpoint"), S("/oauth/token"));
	add_endpoint(c, b, S("revocation_endpoint"), S("/oauth/revoke"));
	add_endpoint(c, b, S("userinfo_endpoint"), S("/oauth/userinfo"));
	add_endpoint(c, b, S("app_registration_endpoint"), S("/api/v1/apps"));
	buf_lit(b,
	        ",\"service_documentation\":\"https://docs.joinmastodon.org/\","
	        "\"scopes_supported\":[\"read\",\"write\",\"follow\",\"push\",\"profile\"],"
	        "\"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\"],"
	        "\"grant_types_supported\":[\"authorization_code\",\"client_credentials\"],"
	        "\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\","
	        "\"client_secret_post\"],\"code_challenge_methods_supported\":[\"S256\"],"
	        "\"authorization_response_iss_parameter_supported\":true}");
	return call_send(c);
}
