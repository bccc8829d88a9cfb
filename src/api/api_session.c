/* Signing in and out of the page, and one's keys: sessions and the password. */
#include "api/handlers.h"

#include "api/entity.h"

static err send_own_account(struct call *c, const struct person *person)
{
	err e;
	TRY(entity_own_account(c, call_json(c), person));
	TRY(call_send(c));
out:
	return e;
}

err api_session_create(struct call *c)
{
	struct person person;
	str handle, password;
	err e;
	TRY(call_text(c, "handle", &handle));
	TRY(call_text(c, "password", &password));
	TRY(admit_sign_in(c->circle, handle, password, c->mem, &person));
	TRY(call_sign_in(c, person.id));
	TRY(send_own_account(c, &person));
out:
	return e;
}

err api_session_delete(struct call *c)
{
	err e;
	TRY(admit_revoke(c->circle, c->me.person, c->me.session));
	TRY(call_clear_cookie(c));
	TRY(call_send_empty(c));
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
	TRY(call_send_empty(c));
out:
	return e;
}
