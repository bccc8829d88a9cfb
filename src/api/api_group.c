/* Small private groups. Who is not in one gets the same answer from every route as for a group that never was. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/convene.h"

static err path_group(const struct call *c, group_id *out)
{
	int64_t id;
	err e = call_path_id(c, 0, &id);
	*out = (group_id){ id };
	return e;
}

/* null for nobody, and behind a block. */
static err add_person(struct call *c, struct buf *b, person_id id)
{
	size_t before = b->n;
	err e = id.v ? entity_account_of(c, b, id) : err_missing("nobody");
	if (e.code != ERR_MISSING)
		return e;
	call_json_rewind(c, b, before);
	buf_lit(b, "null");
	return OK;
}

static str role_in(const struct seen_group *g)
{
	if (g->state == GROUP_INVITED)
		return S("invited");
	return g->owned ? S("owner") : S("member");
}

static err add_group(struct call *c, struct buf *b, const struct seen_group *g)
{
	err e;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, g->group.id.v);
	buf_lit(b, ",\"title\":");
	buf_json(b, g->group.title);
	buf_lit(b, ",\"about\":");
	buf_json(b, g->group.about);
	buf_lit(b, ",\"owner\":");
	TRY(add_person(c, b, g->group.owner));
	buf_lit(b, ",\"role\":");
	buf_json(b, role_in(g));
	buf_lit(b, ",\"members_count\":");
	buf_i64(b, g->members);
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, g->group.created_at_ms);
	buf_lit(b, ",\"invited_by\":");
	TRY(add_person(c, b, g->invited_by));
	buf_char(b, '}');
out:
	return e;
}

static err send_group(struct call *c, group_id id)
{
	struct seen_group group;
	err e;
	TRY(convene_find(c->circle, c->me.person, id, c->mem, &group));
	TRY(add_group(c, call_json(c), &group));
	TRY(call_send(c));
out:
	return e;
}

err api_group_all(struct call *c)
{
	struct seen_group *groups;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(convene_all(c->circle, c->me.person, c->mem, &groups, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(add_group(c, b, &groups[i]));
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_group_create(struct call *c)
{
	group_id id;
	str title, about;
	err e;
	TRY(call_text(c, "title", &title));
	TRY(params_str(c->params, "about", &about));
	TRY(convene_create(c->circle, c->me.person, title, about, c->now_ms, c->mem, &id));
	TRY(send_group(c, id));
out:
	return e;
}

err api_group_show(struct call *c)
{
	group_id id;
	err e = path_group(c, &id);
	return failed(e) ? e : send_group(c, id);
}

err api_group_change(struct call *c)
{
	bool has_title = params_has(c->params, "title"), has_about = params_has(c->params, "about");
	group_id id;
	str title, about;
	err e;
	TRY(path_group(c, &id));
	TRY(params_str(c->params, "title", &title));
	TRY(params_str(c->params, "about", &about));
	TRY(convene_change(c->circle, c->me.person, id, has_title ? &title : NULL,
	                   has_about ? &about : NULL, c->now_ms, c->mem));
	TRY(send_group(c, id));
out:
	return e;
}

err api_group_members(struct call *c)
{
	struct seen_group_member *members;
	struct buf *b = call_json(c);
	group_id id;
	size_t n;
	err e;
	TRY(path_group(c, &id));
	TRY(convene_members(c->circle, c->me.person, id, c->mem, &members, &n));
	buf_char(b, '[');
	for (size_t i = 0, first = b->n; i < n; i++) {
		size_t before = b->n;
		buf_add(b, b->n > first ? S(",{\"account\":") : S("{\"account\":"));
		e = entity_account_of(c, b, members[i].person);
		if (e.code == ERR_MISSING) { /* gone since */
			call_json_rewind(c, b, before);
			continue;
		}
		TRY(e);
		buf_add(b, members[i].owner ? S(",\"role\":\"owner\"") : S(",\"role\":\"member\""));
		buf_lit(b, ",\"joined_at\":");
		buf_json_time(b, members[i].joined_at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

/* --- coming and going --- */

typedef err verb(struct circle *, person_id, group_id, int64_t);
typedef err verb_on(struct circle *, person_id, group_id, person_id, int64_t);

static err act(struct call *c, verb *act_in, bool shows)
{
	group_id id;
	err e;
	TRY(path_group(c, &id));
	TRY(act_in(c->circle, c->me.person, id, c->now_ms));
	TRY(shows ? send_group(c, id) : call_send_empty(c));
out:
	return e;
}

err api_group_delete(struct call *c) { return act(c, convene_delete, false); }
err api_group_accept(struct call *c) { return act(c, convene_accept, true); }
err api_group_leave(struct call *c) { return act(c, convene_leave, false); }

static err act_on(struct call *c, verb_on *act_in)
{
	group_id id;
	int64_t other;
	err e;
	TRY(path_group(c, &id));
	TRY(params_id(c->params, "account_id", &other));
	if (!other)
		TRY(err_input("account_id", "This is needed."));
	TRY(act_in(c->circle, c->me.person, id, (person_id){ other }, c->now_ms));
	TRY(send_group(c, id));
out:
	return e;
}

err api_group_invite(struct call *c) { return act_on(c, convene_invite); }
err api_group_remove(struct call *c) { return act_on(c, convene_remove); }
err api_group_hand_over(struct call *c) { return act_on(c, convene_hand_over); }
