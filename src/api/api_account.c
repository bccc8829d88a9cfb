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

/* "lin", "@lin" and "lin@our.host" are one: apps write all three. */
static str local_handle(const struct call *c, str acct)
{
	if (str_starts(acct, S("@")))
		acct = str_slice(acct, 1, acct.n);
	size_t at = str_find(acct, S("@"));
	if (at == SIZE_MAX)
		return acct;
	str host = str_slice(c->url, str_find(c->url, S("://")) + 3, c->url.n);
	return str_eq_ascii_nocase(str_slice(acct, at + 1, acct.n), host) ? str_slice(acct, 0, at)
	                                                                  : acct;
}

err api_account_lookup(struct call *c)
{
	struct person person;
	str acct;
	err e;
	TRY(call_text(c, "acct", &acct));
	TRY(read_card_by_handle(c->circle, c->me.person, local_handle(c, acct), c->mem, &person));
	TRY(send_account(c, &person));
out:
	return e;
}

/* The accounts that `q` finds, as a JSON list. */
static err add_found(struct call *c)
{
	struct person *people;
	struct page page;
	size_t n = 0;
	str q;
	err e;
	TRY(params_str(c->params, "q", &q));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	q = str_trim(local_handle(c, q));
	if (q.n > 0)
		TRY(read_search(c->circle, c->me.person, q, page.limit, c->mem, &people, &n));
	TRY(entity_accounts_known(c, call_json(c), n ? people : NULL, n));
out:
	return e;
}

err api_account_search(struct call *c)
{
	err e = add_found(c);
	return failed(e) ? e : call_send(c);
}

err api_search_v2(struct call *c)
{
	str type;
	err e;
	TRY(params_str(c->params, "type", &type));
	buf_lit(call_json(c), "{\"accounts\":");
	if (type.n == 0 || str_eq(type, S("accounts")))
		TRY(add_found(c));
	else
		buf_lit(call_json(c), "[]");
	buf_lit(call_json(c), ",\"statuses\":[],\"hashtags\":[]}");
	TRY(call_send(c));
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
