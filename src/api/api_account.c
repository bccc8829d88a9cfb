/* People: one's own account and the cards of others. */
#include "api/handlers.h"

#include "api/entity.h"

#define LIMIT 40
#define LIMIT_MAX 80

err api_account_own(struct call *c)
{
	struct person person;
	err e;
	TRY(read_self(c->circle, c->me.person, c->mem, &person));
	TRY(entity_own_account(c, call_json(c), &person));
	TRY(call_send(c));
out:
	return e;
}

err api_account_update(struct call *c)
{
	struct person person;
	enum person_range range;
	str name, note, word;
	err e;
	TRY(params_str(c->params, "display_name", &name));
	TRY(params_str(c->params, "note", &note));
	TRY(params_str(c->params, "kith_range", &word));
	if (word.p && !range_of(word, &range))
		TRY(err_input("kith_range", "The range is 3d, month, half-year or all."));
	TRY(admit_profile(c->circle, c->me.person, name.p ? &name : NULL, note.p ? &note : NULL,
	                  word.p ? &range : NULL, c->now_ms, c->mem, &person));
	TRY(entity_own_account(c, call_json(c), &person));
	TRY(call_send(c));
out:
	return e;
}

static err send_account(struct call *c, const struct person *person)
{
	entity_account(c, call_json(c), person);
	return call_send(c);
}

err api_account_show(struct call *c)
{
	struct person person;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(read_card(c->circle, c->me.person, (person_id){ id }, c->mem, &person));
	TRY(send_account(c, &person));
out:
	return e;
}

err api_account_lookup(struct call *c)
{
	struct person person;
	str acct;
	err e;
	TRY(call_text(c, "acct", &acct));
	TRY(read_card_by_handle(c->circle, c->me.person, call_local_handle(c, acct), c->mem,
	                        &person));
	TRY(send_account(c, &person));
out:
	return e;
}

/* Followers and following are one list, and one's own alone: who another's friends are is theirs. */
static err send_friends(struct call *c)
{
	struct person person;
	struct page page;
	person_id *friends;
	int64_t id;
	size_t n;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	if (id != c->me.person.v) {
		TRY(read_card(c->circle, c->me.person, (person_id){ id }, c->mem, &person));
		TRY(call_send_none(c));
		goto out;
	}
	TRY(befriend_friends(c->circle, c->me.person, page.max_id, page.limit, c->mem, &friends,
	                     &n));
	TRY(entity_accounts(c, call_json(c), friends, n));
	if (n > 0)
		TRY(call_link(c, &page, n, friends[0].v, friends[n - 1].v));
	TRY(call_send(c));
out:
	return e;
}

err api_account_followers(struct call *c) { return send_friends(c); }
err api_account_following(struct call *c) { return send_friends(c); }

err api_account_lists(struct call *c)
{
	struct person person;
	struct list *lists;
	int64_t id;
	size_t n;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(read_card(c->circle, c->me.person, (person_id){ id }, c->mem, &person));
	TRY(tag_of_person(c->circle, c->me.person, (person_id){ id }, c->mem, &lists, &n));
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
