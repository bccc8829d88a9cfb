/* Signing in and out of the page, and one's keys: sessions and the password. */
#include "api/handlers.h"

#include "api/entity.h"
#include "api/passkey_json.h"

static err send_own_account(struct call *c, const struct person *person)
{
	err e;
	TRY(entity_own_account(c, call_json(c), person));
	TRY(call_send(c));
out:
	return e;
}

/* All the way in. The account as it is now: coming in may have begun to count (circle/factor.h). */
static err let_in(struct call *c, const struct came_in *came)
{
	struct person me;
	err e;
	TRY(call_sign_in(c, came->person.id, came->factor));
	TRY(read_self(c->circle, came->person.id, c->mem, &me));
	TRY(send_own_account(c, &me));
out:
	return e;
}

static void add_methods(struct call *c, struct buf *b, const struct second_ask *ask)
{
	const struct {
		bool there;
		str name;
	} methods[] = {
		{ ask->totp, S("totp") },
		{ ask->passkey.n > 0 && passkey_json_possible(c), S("passkey") },
		{ ask->recovery, S("recovery") },
	};
	size_t before = b->n;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (!methods[i].there)
			continue;
		if (b->n > before)
			buf_char(b, ',');
		buf_json(b, methods[i].name);
	}
}

/* Half in: what is asked for next, and no cookie. */
static err ask_second(struct call *c, const struct came_in *came)
{
	struct second_ask ask;
	struct buf *b = call_json(c);
	err e;
	TRY(second_ask(c->circle, came, c->mem, &ask));
	buf_lit(b, "{\"kith_second\":{\"ticket\":");
	buf_json(b, ask.ticket);
	buf_lit(b, ",\"methods\":[");
	add_methods(c, b, &ask);
	buf_lit(b, "],\"passkey\":");
	if (ask.passkey.n > 0 && passkey_json_possible(c))
		passkey_json_sign(c, b, &ask.passkey, false);
	else
		buf_lit(b, "null");
	buf_lit(b, "}}");
	TRY(call_send(c));
out:
	return e;
}

err api_session_create(struct call *c)
{
	struct way_in from = call_way_in(c);
	struct came_in came = { .retry_after_s = 0 };
	str handle, password;
	err e;
	TRY(call_text(c, "handle", &handle));
	TRY(call_text(c, "password", &password));
	TRY(admit_sign_in(c->circle, &from, handle, password, c->mem, &came));
	TRY(came.person.second_factor ? ask_second(c, &came) : let_in(c, &came));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

/* Which of the three proofs came. */
static err read_proof(struct call *c, struct second_proof *proof)
{
	str code, recovery, transports;
	err e;
	*proof = (struct second_proof){ .kind = SECOND_PASSKEY, .url = c->url };
	TRY(params_str(c->params, "code", &code));
	TRY(params_str(c->params, "recovery", &recovery));
	if (code.n > 0 || recovery.n > 0) {
		proof->kind = code.n > 0 ? SECOND_CODE : SECOND_RECOVERY;
		proof->words = code.n > 0 ? code : recovery;
	} else if (params_has(c->params, "passkey")) {
		TRY(passkey_json_read(c, "passkey", &proof->passkey, &transports));
	} else {
		e = err_input("code", "A code, a recovery code or a passkey is needed.");
	}
out:
	return e;
}

err api_session_second(struct call *c)
{
	struct came_in came = { .retry_after_s = 0 };
	struct second_proof proof;
	str ticket;
	err e;
	TRY(call_text(c, "ticket", &ticket));
	TRY(read_proof(c, &proof));
	TRY(second_answer(c->circle, ticket, &proof, c->now_ms, c->mem, &came));
	TRY(let_in(c, &came));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

err api_session_passkey_ask(struct call *c)
{
	struct passkey_ask ask = { .n = 0 };
	err e;
	TRY(passkey_json_check(c));
	passkey_alone_ask(c->circle, http_peer_key(&c->request->peer), ask.challenge);
	passkey_json_sign(c, call_json(c), &ask, true);
	TRY(call_send(c));
out:
	return e;
}

err api_session_passkey(struct call *c)
{
	struct passkey_answer answer;
	struct came_in came;
	str transports;
	err e;
	TRY(passkey_json_read(c, "assertion", &answer, &transports));
	TRY(passkey_alone(c->circle, c->url, &answer, c->now_ms, c->mem, &came));
	TRY(let_in(c, &came));
out:
	return e;
}

err api_session_delete(struct call *c)
{
	err e;
	TRY(admit_revoke(c->circle, c->me.person, c->me.session));
	TRY(call_clear_cookie(c));
	TRY(call_send_empty(c));
	/* Pictures may lie in the browser's cache. What the page keeps itself it throws away itself: "storage" would take
	 * drafts along. */
	http_reply_literal(c->reply, "Clear-Site-Data", "\"cache\"");
out:
	return e;
}

/* Text, or null where there is none. */
static void add_text_or_null(struct buf *b, str text)
{
	if (text.n > 0)
		buf_json(b, text);
	else
		buf_lit(b, "null");
}

static err add_session(struct call *c, struct buf *b, const struct session *s)
{
	static const char *const kinds[] = { "browser", "app", "shell" };
	static const char *const factors[] = { [FACTOR_NONE] = "",
		                               [FACTOR_TOTP] = "totp",
		                               [FACTOR_RECOVERY] = "recovery",
		                               [FACTOR_PASSKEY] = "passkey",
		                               [FACTOR_PASSKEY_ALONE] = "passkey_alone" };
	struct app app = { .name = STR_NONE };
	err e = OK;
	if (s->app.v != 0)
		TRY(admit_app_by_id(c->circle, s->app, c->mem, &app));
	buf_lit(b, "{\"id\":");
	buf_json_id(b, s->id.v);
	buf_lit(b, ",\"kind\":");
	buf_json(b, str_of(kinds[s->kind]));
	buf_lit(b, ",\"app\":");
	add_text_or_null(b, app.name);
	buf_lit(b, ",\"user_agent\":");
	add_text_or_null(b, s->user_agent);
	buf_lit(b, ",\"factor\":");
	add_text_or_null(b, str_of(factors[s->factor]));
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, s->created_at_ms);
	buf_lit(b, ",\"last_used_at\":");
	buf_json_time(b, s->last_used_at_ms);
	buf_add(b, s->id.v == c->me.session.v ? S(",\"current\":true}") : S(",\"current\":false}"));
out:
	return e;
}

err api_session_list(struct call *c)
{
	struct session *sessions;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(admit_sessions(c->circle, c->me.person, c->mem, &sessions, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(add_session(c, b, &sessions[i]));
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_session_revoke(struct call *c)
{
	session_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(admit_revoke(c->circle, c->me.person, id));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_session_revoke_others(struct call *c)
{
	err e;
	TRY(admit_revoke_others(c->circle, c->me.person, c->me.session));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_session_password(struct call *c)
{
	str current, next;
	err e;
	TRY(call_text(c, "current", &current));
	TRY(call_text(c, "password", &next));
	TRY(admit_change_password(c->circle, c->me.person, c->me.session, current, next, c->now_ms,
	                          c->mem));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_session_reset(struct call *c)
{
	person_id person;
	str token, password;
	err e;
	TRY(call_text(c, "token", &token));
	TRY(call_text(c, "password", &password));
	TRY(admit_reset_use(c->circle, token, password, c->now_ms, c->mem, &person));
	/* Whoever has the link comes in from here next, whatever strangers tried meanwhile. */
	TRY(call_know(c, person));
	TRY(call_send_empty(c));
out:
	return e;
}
