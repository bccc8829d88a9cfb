/* People: one's own account and the cards of others. */
#include "api/handlers.h"

#include "api/api_media.h"
#include "api/entity.h"
#include "circle/picture.h"

#include "base/leak.h"

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

/* What is worn: a file of the form, as Mastodon's apps send it, or the id of a picture that was sent before. */
static const struct wear_row {
	const char *file, *id;
	enum media_use use;
} wear_rows[] = {
	{ "avatar", "kith_avatar_id", MEDIA_AVATAR },
	{ "header", "kith_cover_id", MEDIA_COVER },
};
#define WEARS (sizeof(wear_rows) / sizeof(wear_rows[0]))

struct wear {
	bool given, brought; /* brought with this request: taken back when the request fails */
	media_id id;         /* 0: none from now on */
};

static err read_wear(struct call *c, const struct wear_row *row, struct wear *wear)
{
	struct params_file file;
	struct media media;
	str empty;
	err e;
	TRY(params_file(c->params, row->file, &file));
	if (file.bytes.p) {
		TRY(media_upload(c, row->file, STR_NONE, &media));
		*wear = (struct wear){ .given = true, .brought = true, .id = media.id };
		return OK;
	}
	wear->given = params_has(c->params, row->id);
	e = params_str(c->params, row->id, &empty);
	if (failed(e) || empty.n > 0)
		e = params_id(c->params, row->id, &wear->id.v);
out:
	return e;
}

static void take_back(struct call *c, const struct wear *wear)
{
	for (size_t i = 0; i < WEARS; i++)
		if (wear[i].brought)
			log_if_failed(c->circle->log, "picture.left",
			              picture_drop(c->circle, c->me.person, wear[i].id));
}

static err put_on(struct call *c, struct wear *wear, struct person *person)
{
	err e = OK;
	for (size_t i = 0; i < WEARS; i++) {
		if (!wear[i].given)
			continue;
		TRY(picture_wear(c->circle, c->me.person, wear[i].id, wear_rows[i].use, c->now_ms,
		                 c->mem, person));
		wear[i].brought = false;
	}
out:
	return e;
}

/* Ids are looked at before anything is changed. */
static err check_worn(struct call *c, const struct wear *wear)
{
	for (size_t i = 0; i < WEARS; i++) {
		struct media media;
		err e = wear[i].id.v
		                ? picture_find(c->circle, c->me.person, wear[i].id, c->mem, &media)
		                : OK;
		if (e.code == ERR_MISSING)
			return err_input(wear_rows[i].id, "This is not a picture of yours.");
		if (failed(e))
			return e;
	}
	return OK;
}

err api_account_update(struct call *c)
{
	struct wear wear[WEARS] = { { .given = false } };
	struct person person;
	enum person_range range;
	struct profile_draft draft = { 0 };
	str name, note, question, answer, word;
	err e;
	TRY(params_str(c->params, "display_name", &name));
	TRY(params_str(c->params, "note", &note));
	TRY(params_str(c->params, "kith_question", &question));
	TRY(params_str(c->params, "kith_answer", &answer));
	TRY(params_str(c->params, "kith_range", &word));
	if (word.p && !range_of(word, &range))
		TRY(err_input("kith_range", "The range is 3d, month, half-year or all."));
	for (size_t i = 0; i < WEARS; i++)
		TRY(read_wear(c, &wear_rows[i], &wear[i]));
	TRY(check_worn(c, wear));
	draft.display_name = name.p ? &name : NULL;
	draft.note = note.p ? &note : NULL;
	draft.question = question.p ? &question : NULL;
	draft.answer = answer.p ? &answer : NULL;
	draft.range = word.p ? &range : NULL;
	TRY(admit_profile(c->circle, c->me.person, &draft, c->now_ms, c->mem, &person));
	TRY(put_on(c, wear, &person));
	TRY(entity_own_account(c, call_json(c), &person));
	TRY(call_send(c));
out:
	if (failed(e))
		take_back(c, wear);
	return e;
}

/* DELETE /api/v1/profile/avatar, …/header. */
err api_account_take_off(struct call *c)
{
	bool header = str_ends(c->request->path, S("/header"));
	struct person person;
	err e;
	TRY(picture_wear(c->circle, c->me.person, (media_id){ 0 },
	                 header ? MEDIA_COVER : MEDIA_AVATAR, c->now_ms, c->mem, &person));
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
	if (id != c->me.person.v)
		TRY(read_card(c->circle, c->me.person, (person_id){ id }, c->mem, &person));
	if (id != c->me.person.v && !LEAK("friends.of_others")) {
		TRY(call_send_none(c));
		goto out;
	}
	TRY(befriend_friends(c->circle, (person_id){ id }, page.max_id, page.limit, c->mem,
	                     &friends, &n));
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
