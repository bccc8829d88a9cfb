/* Between two people: ask, accept, end, block, hide. Each answers with the relation as the caller may know it. */
#include "api/handlers.h"

#include "api/entity.h"
#include "model/limits.h"

#define REQUESTS_MAX 500
#define RELATIONS_MAX 80

static err path_person(const struct call *c, person_id *out)
{
	int64_t id;
	err e = call_path_id(c, 0, &id);
	*out = (person_id){ id };
	return e;
}

static err send_relation(struct call *c, person_id other)
{
	struct relation relation;
	err e = befriend_relation(c->circle, c->me.person, other, &relation);
	if (failed(e))
		return e;
	entity_relationship(c, call_json(c), &relation);
	return call_send(c);
}

err api_relation_list(struct call *c)
{
	struct relation relation;
	struct buf *b = call_json(c);
	int64_t *ids;
	size_t n;
	err e;
	TRY(params_ids(c->params, "id", RELATIONS_MAX, c->mem, &ids, &n));
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		e = befriend_relation(c->circle, c->me.person, (person_id){ ids[i] }, &relation);
		if (e.code == ERR_MISSING)
			continue;
		TRY(e);
		if (b->n > first)
			buf_char(b, ',');
		entity_relationship(c, b, &relation);
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_relation_follow(struct call *c)
{
	person_id other;
	str word, answer;
	err e;
	TRY(path_person(c, &other));
	TRY(params_str(c->params, "kith_word", &word));
	TRY(params_str(c->params, "kith_answer", &answer));
	TRY(befriend_request_answering(c->circle, c->me.person, other, word, answer, c->now_ms,
	                               c->mem));
	TRY(send_relation(c, other));
out:
	return e;
}

typedef err plain_verb(struct circle *c, person_id me, person_id other);
typedef err timed_verb(struct circle *c, person_id me, person_id other, int64_t now_ms);

/* After I took away the last thing of mine that pointed to a sealed person, they are gone for me: that is said as a
 * relation in which nothing is left, for what was asked is done. `before`: how looking them up went before it. */
static err send_done(struct call *c, person_id other, err before)
{
	struct relation relation;
	err e = befriend_relation(c->circle, c->me.person, other, &relation);
	if (e.code == ERR_MISSING && !failed(before)) {
		relation = (struct relation){ .other = other };
		e = OK;
	}
	if (failed(e))
		return e;
	entity_relationship(c, call_json(c), &relation);
	return call_send(c);
}

/* One of the two verbs on the person the path names. */
static err act(struct call *c, plain_verb *plain, timed_verb *timed)
{
	struct relation relation;
	person_id other;
	err e, before;
	TRY(path_person(c, &other));
	before = befriend_relation(c->circle, c->me.person, other, &relation);
	TRY(plain ? plain(c->circle, c->me.person, other)
	          : timed(c->circle, c->me.person, other, c->now_ms));
	TRY(send_done(c, other, before));
out:
	return e;
}

err api_relation_unfollow(struct call *c) { return act(c, befriend_end, NULL); }
err api_relation_block(struct call *c) { return act(c, NULL, befriend_block); }
err api_relation_unblock(struct call *c) { return act(c, befriend_unblock, NULL); }
err api_relation_reject(struct call *c) { return act(c, befriend_decline, NULL); }

static err hide(struct call *c, bool on,
                err (*verb)(struct circle *, person_id, person_id, bool, int64_t))
{
	struct relation relation;
	person_id other;
	err e, before;
	TRY(path_person(c, &other));
	before = befriend_relation(c->circle, c->me.person, other, &relation);
	TRY(verb(c->circle, c->me.person, other, on, c->now_ms));
	TRY(send_done(c, other, before));
out:
	return e;
}

err api_relation_mute(struct call *c) { return hide(c, true, befriend_hide_theirs); }
err api_relation_unmute(struct call *c) { return hide(c, false, befriend_hide_theirs); }
err api_relation_hide_mine(struct call *c)
{
	return hide(c, c->request->method == HTTP_POST, befriend_hide_mine);
}

err api_relation_blocks(struct call *c)
{
	struct person *people;
	size_t n;
	err e;
	TRY(read_blocked(c->circle, c->me.person, c->mem, &people, &n));
	TRY(entity_accounts_known(c, call_json(c), people, n));
	TRY(call_send(c));
out:
	return e;
}

err api_relation_mutes(struct call *c)
{
	person_id *hidden;
	size_t n;
	err e;
	TRY(befriend_hidden(c->circle, c->me.person, c->mem, &hidden, &n));
	TRY(entity_accounts(c, call_json(c), hidden, n));
	TRY(call_send(c));
out:
	return e;
}

/* --- requests --- */

/* `kith_lists`: tags of mine for the new friend, in the same step. */
err api_relation_authorize(struct call *c)
{
	person_id other;
	int64_t *lists;
	size_t n;
	err e;
	TRY(path_person(c, &other));
	TRY(params_ids(c->params, "kith_lists", LISTS_MAX, c->mem, &lists, &n));
	_Static_assert(sizeof(list_id) == sizeof(int64_t), "list_id wraps an int64_t");
	TRY(befriend_accept_into(c->circle, c->me.person, other,
	                         (const list_id *)(const void *)lists, n, c->now_ms));
	TRY(send_relation(c, other));
out:
	return e;
}

/* What was answered: null where nothing was asked. */
static str answered_word(enum request_answer answered)
{
	return answered == ANSWER_RIGHT  ? S("true")
	       : answered == ANSWER_OPEN ? S("false")
	                                 : S("null");
}

static err add_inviter(struct call *c, struct buf *b, person_id asker)
{
	person_id by = befriend_inviter(c->circle, c->me.person, asker);
	err e = by.v != 0 ? entity_account_of(c, b, by) : OK;
	if (by.v == 0 || e.code == ERR_MISSING)
		buf_lit(b, "null");
	return e.code == ERR_MISSING ? OK : e;
}

err api_relation_requests(struct call *c)
{
	struct friend_request *requests;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(befriend_asked_me(c->circle, c->me.person, REQUESTS_MAX, c->mem, &requests, &n));
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		struct person person;
		struct buf more;
		e = read_card(c->circle, c->me.person, requests[i].from, c->mem, &person);
		if (e.code == ERR_MISSING)
			continue;
		TRY(e);
		if (b->n > first)
			buf_char(b, ',');
		buf_init(&more, c->mem, 16 * 1024);
		buf_lit(&more, "\"kith_word\":");
		buf_json(&more, requests[i].word);
		buf_lit(&more, ",\"kith_answered\":");
		buf_add(&more, answered_word(requests[i].answered));
		buf_lit(&more, ",\"kith_invited_by\":");
		TRY(add_inviter(c, &more, requests[i].from));
		entity_account_with(c, b, &person, buf_str(&more));
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_relation_sent(struct call *c)
{
	struct friend_request *requests;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(befriend_i_asked(c->circle, c->me.person, REQUESTS_MAX, c->mem, &requests, &n));
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		size_t before = b->n;
		buf_add(b, b->n > first ? S(",{\"account\":") : S("{\"account\":"));
		e = entity_account_of(c, b, requests[i].to);
		if (e.code == ERR_MISSING) {
			call_json_rewind(c, b, before);
			continue;
		}
		TRY(e);
		buf_lit(b, ",\"word\":");
		buf_json(b, requests[i].word);
		buf_lit(b, ",\"created_at\":");
		buf_json_time(b, requests[i].created_at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}
