/* Invitations: looked at by whoever holds one, used to sign up, made and revoked by stewards. */
#include "api/handlers.h"

#include "api/entity.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define USES_MAX 100
#define DAYS_MAX 90

err api_invite_look(struct call *c)
{
	struct invite invite;
	struct buf *b = call_json(c);
	str by;
	err e;
	TRY(admit_invite_look(c->circle, c->args[0], c->now_ms, c->mem, &invite, &by));
	buf_lit(b, "{\"invited_by\":");
	buf_json(b, by);
	buf_lit(b, ",\"expires_at\":");
	buf_json_time(b, invite.expires_at_ms);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_invite_sign_up(struct call *c)
{
	struct account_draft draft = { .role = ROLE_MEMBER };
	struct person person;
	str invite;
	err e;
	TRY(call_text(c, "invite", &invite));
	TRY(call_text(c, "handle", &draft.handle));
	TRY(params_str(c->params, "display_name", &draft.display_name));
	TRY(call_text(c, "password", &draft.password));
	TRY(admit_sign_up(c->circle, invite, &draft, c->now_ms, c->mem, &person));
	TRY(call_sign_in(c, person.id, FACTOR_NONE));
	TRY(entity_own_account(c, call_json(c), &person));
	TRY(call_send(c));
out:
	return e;
}

/* An Invite; `code` empty: without its link, which only its maker saw, once. */
static void add_invite(struct call *c, struct buf *b, const struct invite *invite, str code)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, invite->id.v);
	if (code.n > 0) {
		buf_lit(b, ",\"url\":\"");
		buf_add(b, c->url);
		buf_lit(b, "/join/");
		buf_add(b, code);
		buf_char(b, '"');
	}
	buf_lit(b, ",\"uses_left\":");
	buf_i64(b, invite->uses_left);
	buf_lit(b, ",\"expires_at\":");
	buf_json_time(b, invite->expires_at_ms);
	buf_char(b, '}');
}

static err read_number(const struct call *c, const char *name, int64_t max, const char *say,
                       int64_t *out)
{
	err e = params_i64(c->params, name, 1, out);
	if (!failed(e) && (*out < 1 || *out > max))
		e = err_input(name, say);
	return e;
}

err api_invite_create(struct call *c)
{
	struct invite invite;
	int64_t uses, days;
	str code;
	err e;
	TRY(read_number(c, "uses", USES_MAX, "An invitation is for 1 to 100 people.", &uses));
	TRY(read_number(c, "days", DAYS_MAX, "An invitation is good for 1 to 90 days.", &days));
	TRY(admit_invite(c->circle, c->me.person, (int)uses, days * DAY_MS, c->now_ms, c->mem,
	                 &invite, &code));
	add_invite(c, call_json(c), &invite, code);
	TRY(call_send(c));
out:
	return e;
}

err api_invite_list(struct call *c)
{
	struct invite *invites;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(admit_invites(c->circle, c->me.person, c->mem, &invites, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_invite(c, b, &invites[i], STR_NONE);
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_invite_revoke(struct call *c)
{
	invite_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(admit_invite_revoke(c->circle, c->me.person, id));
	TRY(call_send_empty(c));
out:
	return e;
}
