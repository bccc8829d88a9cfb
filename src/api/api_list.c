/* Private tags, which apps know as lists. */
#include "api/handlers.h"

#include "api/entity.h"

#define MEMBERS_MAX 500 /* changed in one request */

static err path_list(const struct call *c, list_id *out)
{
	int64_t id;
	err e = call_path_id(c, 0, &id);
	*out = (list_id){ id };
	return e;
}

static err send_list(struct call *c, list_id id)
{
	struct list list;
	err e = tag_find(c->circle, c->me.person, id, c->mem, &list);
	if (failed(e))
		return e;
	entity_list(c, call_json(c), &list);
	return call_send(c);
}

err api_list_all(struct call *c)
{
	struct list *lists;
	size_t n;
	err e;
	TRY(tag_all(c->circle, c->me.person, c->mem, &lists, &n));
	buf_char(call_json(c), '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(call_json(c), ',');
		entity_list(c, call_json(c), &lists[i]);
	}
	buf_char(call_json(c), ']');
	TRY(call_send(c));
out:
	return e;
}

err api_list_create(struct call *c)
{
	struct list list;
	str title;
	err e;
	TRY(call_text(c, "title", &title));
	TRY(tag_create(c->circle, c->me.person, title, c->now_ms, &list));
	TRY(send_list(c, list.id));
out:
	return e;
}

err api_list_show(struct call *c)
{
	list_id id;
	err e = path_list(c, &id);
	return failed(e) ? e : send_list(c, id);
}

err api_list_rename(struct call *c)
{
	list_id id;
	str title;
	err e;
	TRY(path_list(c, &id));
	TRY(call_text(c, "title", &title));
	TRY(tag_rename(c->circle, c->me.person, id, title));
	TRY(send_list(c, id));
out:
	return e;
}

err api_list_delete(struct call *c)
{
	list_id id;
	err e;
	TRY(path_list(c, &id));
	TRY(tag_delete(c->circle, c->me.person, id));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_list_members(struct call *c)
{
	person_id *members;
	list_id id;
	size_t n;
	err e;
	TRY(path_list(c, &id));
	TRY(tag_members(c->circle, c->me.person, id, c->mem, &members, &n));
	TRY(entity_accounts(c, call_json(c), members, n));
	TRY(call_send(c));
out:
	return e;
}

static err change_members(struct call *c, err (*verb)(struct circle *, person_id, list_id,
                                                      const person_id *, size_t))
{
	int64_t *ids;
	list_id id;
	size_t n;
	err e;
	TRY(path_list(c, &id));
	TRY(params_ids(c->params, "account_ids", MEMBERS_MAX, c->mem, &ids, &n));
	if (n == 0)
		TRY(err_input("account_ids", "This is needed."));
	person_id *people = ARENA_ARRAY(c->mem, n, person_id);
	for (size_t i = 0; i < n; i++)
		people[i] = (person_id){ ids[i] };
	TRY(verb(c->circle, c->me.person, id, people, n));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_list_add(struct call *c) { return change_members(c, tag_add); }
err api_list_remove(struct call *c) { return change_members(c, tag_remove); }
