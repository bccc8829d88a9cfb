/* A batch is checked and turned into steps outside the transaction; the steps then run as one job of the writer, each
 * text judged in its turn, and the world follows after the commit. */
#include "circle/bulk.h"

#include "circle/bulk_private.h"
#include "circle/found.h"
#include "circle/handle.h"
#include "circle/hold.h"
#include "circle/phrase.h"
#include "circle/remember.h"
#include "circle/secret.h"
#include "circle/wording.h"
#include "circle/world.h"
#include "store/comments.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/sessions.h"
#include "store/ties.h"

#include "model/limits.h"

#include <stdlib.h>
#include <string.h>

void bulk_open(struct circle *circle, bool screen, int64_t now_ms, struct bulk **out)
{
	struct bulk *b = calloc(1, sizeof *b);
	if (!b)
		abort();
	*b = (struct bulk){ .circle = circle,
		            .screens = screen,
		            .now_ms = now_ms,
		            .keys = bulk_keys_new(),
		            .mem = arena_new((size_t)1 << 20) };
	b->last = &b->first;
	if (screen)
		remember_wait(circle);
	*out = b;
}

void bulk_close(struct bulk **bulk)
{
	if (!*bulk)
		return;
	bulk_keys_free((*bulk)->keys);
	arena_free((*bulk)->mem);
	free(*bulk);
	*bulk = NULL;
}

/* ---- rows to steps ---- */

static err add_person(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	str name = row->display_name.n ? row->display_name : row->handle;
	TRY(handle_check(row->handle, true));
	TRY(phrase_line(name, 1, DISPLAY_NAME_MAX, "display_name",
	                "is 1 to 60 characters on one line", &name));
	if (row->token.n > 0 && row->token.n < 8)
		TRY(err_input("token", "is at least 8 bytes"));
	enum person_role role = ROLE_MEMBER;
	if (row->role.n > 0 && !role_of(row->role, &role))
		TRY(err_input("role", "is member, steward or keeper"));
	int64_t at_ms = row->at_ms ? row->at_ms : b->now_ms;
	step->handle_key = handle_key(b->mem, row->handle);
	step->token = str_dup(b->mem, row->token);
	step->person = (struct person){ .id = { snowflake_next(b->circle->ids) },
		                        .handle = str_dup(b->mem, row->handle),
		                        .display_name = str_dup(b->mem, name),
		                        .role = role,
		                        .demo = row->demo,
		                        .created_at_ms = at_ms };
	person_id taken;
	if (!failed(bulk_find_person(b, row->handle, "handle", &taken)) ||
	    !bulk_keys_add(b->keys, NAME_PERSON, 0, step->handle_key,
	                   (struct bulk_place){ .id = step->person.id.v }))
		return err_conflict("handle", "is taken");
out:
	return e;
}

static err add_friendship(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	TRY(bulk_find_person(b, row->a, "a", &step->a));
	TRY(bulk_find_person(b, row->b, "b", &step->b));
	if (step->a.v == step->b.v)
		TRY(err_input("b", "is the same person as a"));
	step->at_ms = row->at_ms ? row->at_ms : b->now_ms;
out:
	return e;
}

static err add_list(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	str title;
	TRY(bulk_find_person(b, row->owner, "owner", &step->a));
	TRY(phrase_line(row->title, 1, LIST_TITLE_MAX, "title", "is 1 to 60 characters on one line",
	                &title));
	TRY(bulk_find_people(b, row->people, row->n_people, "members", &step->members,
	                     &step->n_members));
	step->list = (struct list){ .id = { snowflake_next(b->circle->ids) },
		                    .owner = step->a,
		                    .title = str_dup(b->mem, title) };
	if (!bulk_keys_add(b->keys, NAME_LIST, step->a.v, title,
	                   (struct bulk_place){ .id = step->list.id.v }))
		TRY(err_conflict("title", "comes twice for this owner"));
out:
	return e;
}

/* Titles stand for their groups in the rest of the file, so each comes once. */
static err add_group(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	str title;
	TRY(bulk_find_person(b, row->owner, "owner", &step->a));
	TRY(phrase_line(row->title, 1, GROUP_TITLE_MAX, "title",
	                "is 1 to 60 characters on one line", &title));
	if (row->about.n > 0)
		TRY(phrase_text(row->about, GROUP_ABOUT_MAX, "about",
		                err_input("about", "is empty"),
		                err_limit("about", "is over 500 characters")));
	TRY(bulk_find_people(b, row->people, row->n_people, "members", &step->members,
	                     &step->n_members));
	if (step->n_members >= GROUP_MEMBERS_MAX)
		TRY(err_limit("members", "are 500 with the owner at most"));
	step->at_ms = row->at_ms ? row->at_ms : b->now_ms;
	step->group = (struct group){ .id = { snowflake_next(b->circle->ids) },
		                      .owner = step->a,
		                      .title = str_dup(b->mem, title),
		                      .about = str_dup(b->mem, row->about),
		                      .created_at_ms = step->at_ms };
	if (!bulk_keys_add(b->keys, NAME_GROUP, 0, title,
	                   (struct bulk_place){ .id = step->group.id.v }))
		TRY(err_conflict("title", "comes twice"));
out:
	return e;
}

static err check_text(str text)
{
	return phrase_text(text, POST_TEXT_MAX, "text", err_input("text", "is empty"),
	                   err_limit("text", "is over 2,000 characters"));
}

/* An id of that instant which no earlier load has given away: ids of the past are unique within one process alone. */
static err id_at(struct bulk *b, int64_t at_ms, int64_t *id)
{
	struct conn *conn = NULL;
	struct status_ref taken;
	err e;
	TRY(store_read(b->circle->store, &conn));
	do {
		*id = snowflake_at(b->circle->ids, at_ms);
		e = status_refs_find(conn, *id, &taken);
	} while (!failed(e));
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(b->circle->store, &conn);
	return e;
}

/* Unused ones of the author until the batch is committed; where it is not, they expire. */
static err bring_pictures(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	media_id *ids = ARENA_ARRAY(b->mem, row->n_pictures, media_id);
	err e = OK;
	for (size_t i = 0; i < row->n_pictures; i++) {
		struct media media;
		TRY(picture_bring(b->circle, step->a, row->pictures[i].bytes,
		                  row->pictures[i].about, b->now_ms, b->mem, &media));
		ids[step->n_pictures++] = media.id;
	}
	step->picture_ids = ids;
out:
	return e;
}

static err add_post(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	struct audience audience = { .kind = row->audience };
	TRY(bulk_find_person(b, row->author, "author", &step->a));
	if (row->text.n > 0 || row->n_pictures == 0)
		TRY(check_text(row->text));
	TRY(bulk_find_lists(b, step->a, row->lists, row->n_lists, &audience.lists,
	                    &audience.n_lists));
	TRY(bulk_find_people(b, row->people, row->n_people, "audience", &audience.people,
	                     &audience.n_people));
	if (row->audience == AUDIENCE_GROUP)
		TRY(bulk_find_group(b, row->group, &audience.group));
	int64_t id = 0;
	TRY(id_at(b, row->at_ms, &id));
	step->ref = (struct status_ref){ .post_author = step->a, .post = { id } };
	TRY(bulk_claim_key(b, row->key,
	                   (struct bulk_place){ .id = id, .ref = step->ref, .at_ms = row->at_ms }));
	step->key = bulk_retry_key(b, row->key);
	step->post = (struct post){ .gate = { .id = { id },
		                              .author = step->a,
		                              .created_at_ms = row->at_ms,
		                              .audience = audience },
		                    .text = str_dup(b->mem, row->text) };
	step->at_ms = row->at_ms;
	TRY(bring_pictures(b, row, step));
out:
	return e;
}

static err add_comment(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	struct bulk_place post, answered = { 0 };
	TRY(bulk_find_person(b, row->author, "author", &step->a));
	TRY(check_text(row->text));
	TRY(bulk_find_status(b, row->post, "post", &post));
	if (post.ref.comment.v)
		TRY(err_input("post", "is the key of a comment"));
	if (row->reply_to.n)
		TRY(bulk_find_status(b, row->reply_to, "reply_to", &answered));
	if (row->reply_to.n && (!answered.ref.comment.v || answered.ref.post.v != post.ref.post.v))
		TRY(err_input("reply_to", "is no comment of the same post"));
	if (row->at_ms < post.at_ms || row->at_ms < answered.at_ms)
		TRY(err_input("at", "is before what it answers"));
	int64_t id = 0;
	TRY(id_at(b, row->at_ms, &id));
	step->ref = (struct status_ref){ .post_author = post.ref.post_author,
		                         .post = post.ref.post,
		                         .comment = { id } };
	TRY(bulk_claim_key(b, row->key,
	                   (struct bulk_place){ .id = id, .ref = step->ref, .at_ms = row->at_ms }));
	step->key = bulk_retry_key(b, row->key);
	step->comment = (struct comment){ .gate = { .id = { id },
		                                    .post = step->ref.post,
		                                    .post_author = step->ref.post_author,
		                                    .author = step->a,
		                                    .reply_to = answered.ref.comment,
		                                    .created_at_ms = row->at_ms },
		                          .text = str_dup(b->mem, row->text) };
	step->at_ms = row->at_ms;
out:
	return e;
}

static err add_like(struct bulk *b, const struct bulk_row *row, struct step *step)
{
	err e;
	struct bulk_place post;
	TRY(bulk_find_person(b, row->author, "author", &step->a));
	TRY(bulk_find_status(b, row->post, "post", &post));
	if (post.ref.comment.v)
		TRY(err_input("post", "is the key of a comment: only posts are liked"));
	step->like = (struct like){ .post = post.ref.post,
		                    .post_author = post.ref.post_author,
		                    .by = step->a,
		                    .at_ms = row->at_ms };
out:
	return e;
}

static err (*const adders[])(struct bulk *, const struct bulk_row *, struct step *) = {
	[BULK_PERSON] = add_person, [BULK_FRIENDSHIP] = add_friendship,
	[BULK_LIST] = add_list,     [BULK_GROUP] = add_group,
	[BULK_POST] = add_post,     [BULK_COMMENT] = add_comment,
	[BULK_LIKE] = add_like,
};

err bulk_add(struct bulk *b, const struct bulk_row *row)
{
	struct step *step = ARENA_NEW(b->mem, struct step);
	step->kind = row->kind;
	err e = adders[row->kind](b, row, step);
	if (failed(e))
		return e;
	*b->last = step;
	b->last = &step->next;
	return OK;
}

/* ---- the batch in the store ---- */

static err keep_person(struct bulk *b, struct conn *tx, struct step *step)
{
	err e;
	TRY(people_insert(tx, &step->person, step->handle_key, STR_NONE));
	if (step->token.n) {
		struct session session = { .id = { snowflake_next(b->circle->ids) },
			                   .person = step->person.id,
			                   .kind = SESSION_SHELL,
			                   .scopes = SCOPE_READ | SCOPE_WRITE | SCOPE_FOLLOW |
			                             SCOPE_PUSH,
			                   .scope_words = S("read write follow push"),
			                   .created_at_ms = b->now_ms,
			                   .last_used_at_ms = b->now_ms };
		secret_hash hash = secret_hash_of(step->token);
		TRY(sessions_insert(tx, &session, &hash));
	}
out:
	return e;
}

static err below_cap(struct bulk *b, struct conn *tx, person_id a, const char *field)
{
	int n = 0;
	err e = ties_count(tx, a, &n);
	return failed(e) || n < b->circle->friends_max
	               ? e
	               : err_limit(field, "is at the cap of friends");
}

static err keep_friendship(struct bulk *b, struct conn *tx, struct step *step)
{
	err e;
	bool there = false;
	TRY(ties_has(tx, step->a, step->b, &there));
	if (there)
		return OK;
	TRY(below_cap(b, tx, step->a, "a"));
	TRY(below_cap(b, tx, step->b, "b"));
	TRY(ties_set(tx, step->a, step->b, step->at_ms));
	TRY(ties_set(tx, step->b, step->a, step->at_ms));
out:
	return e;
}

static err keep_list(struct bulk *b, struct conn *tx, struct step *step)
{
	(void)b;
	err e;
	TRY(lists_insert(tx, &step->list));
	for (size_t i = 0; i < step->n_members; i++) {
		bool friend = false;
		TRY(ties_has(tx, step->a, step->members[i], &friend));
		if (!friend)
			TRY(err_input("members", "names somebody who is no friend of the owner"));
		TRY(list_members_add(tx, step->a, step->list.id, step->members[i]));
	}
out:
	return e;
}

static err keep_in_group(struct conn *tx, const struct step *step, person_id who)
{
	struct group_member member = { who, GROUP_MEMBER, { 0 }, step->at_ms };
	int n = 0;
	err e = groups_count(tx, who, GROUP_MEMBER, &n);
	if (!failed(e) && n >= GROUPS_MAX)
		e = err_limit("members", "has somebody who is in 200 groups already");
	return failed(e) ? e : group_members_set(tx, step->group.id, &member);
}

static err keep_group(struct bulk *b, struct conn *tx, struct step *step)
{
	(void)b;
	err e;
	TRY(groups_insert(tx, &step->group));
	TRY(keep_in_group(tx, step, step->a));
	for (size_t i = 0; i < step->n_members; i++)
		TRY(keep_in_group(tx, step, step->members[i]));
out:
	return e;
}

/* Judged here and not before, so that each piece of a batch is known to the next one: it is remembered at once, and the past is made
 * again where the batch is not kept. The measure comes first: until when the piece is held belongs into its gate. */
static err keep_status(struct bulk *b, struct conn *tx, struct step *step, int64_t *held_until_ms)
{
	struct facts facts = { .kind = step->kind == BULK_POST ? FACTS_POST : FACTS_COMMENT,
		               .author = (uint64_t)step->a.v,
		               .at_ms = step->at_ms,
		               .text = step->comment.text };
	struct screening screening = { .acts = false };
	struct measure measure;
	int64_t id = step->ref.comment.v ? step->ref.comment.v : step->ref.post.v;
	err e;
	struct retry retry = { .key = step->key, .status_id = id, .at_ms = b->now_ms };
	TRY(retries_insert(tx, &retry));
	if (step->kind == BULK_POST)
		wording_tell(&facts, &step->post, b->mem);
	if (b->screens)
		hold_screen(b->circle, &facts, b->now_ms, b->mem, &screening);
	if (step->post.gate.audience.kind == AUDIENCE_SELF)
		hold_keep_to_author(&screening);
	TRY(hold_write(b->circle, tx, &screening, &step->ref, step->a, b->now_ms, &measure));
	hold_after(b->circle, &screening);
	*held_until_ms = screening.acts ? measure_held_until(&measure) : 0;
out:
	return e;
}

static err keep_post(struct bulk *b, struct conn *tx, struct step *step)
{
	struct post_gate *gate = &step->post.gate;
	struct group_member member = { .state = GROUP_MEMBER };
	err e = OK;
	if (gate->audience.kind == AUDIENCE_GROUP)
		TRY(group_members_find(tx, gate->audience.group, step->a, &member));
	if (member.state != GROUP_MEMBER)
		TRY(err_input("audience", "names a group the author is not in"));
	TRY(picture_arrange(tx, step->a, gate->id, step->picture_ids, step->n_pictures, b->mem,
	                    &step->pictures));
	step->post.media = step->pictures.now;
	step->post.n_media = step->pictures.n_now;
	TRY(keep_status(b, tx, step, &gate->held_until_ms));
	TRY(posts_insert(tx, &step->post));
	TRY(found_note(tx, &step->post, b->mem));
out:
	return e;
}

static err keep_comment(struct bulk *b, struct conn *tx, struct step *step)
{
	err e;
	struct comment_gate *gate = &step->comment.gate;
	struct comment answered;
	if (gate->reply_to.v) {
		TRY(comments_find(tx, gate->post_author, gate->post, gate->reply_to, b->mem,
		                  &answered));
		gate->reply_to_author = answered.gate.author;
	}
	TRY(keep_status(b, tx, step, &gate->held_until_ms));
	TRY(comments_insert(tx, &step->comment));
out:
	return e;
}

static err keep_like(struct bulk *b, struct conn *tx, struct step *step)
{
	(void)b;
	bool is_new;
	return likes_set(tx, &step->like, &is_new);
}

static err (*const keepers[])(struct bulk *, struct conn *, struct step *) = {
	[BULK_PERSON] = keep_person, [BULK_FRIENDSHIP] = keep_friendship,
	[BULK_LIST] = keep_list,     [BULK_GROUP] = keep_group,
	[BULK_POST] = keep_post,     [BULK_COMMENT] = keep_comment,
	[BULK_LIKE] = keep_like,
};

static err keep_batch(struct conn *tx, void *ctx)
{
	struct bulk *b = ctx;
	for (struct step *step = b->first; step; step = step->next) {
		err e = keepers[step->kind](b, tx, step);
		if (failed(e))
			return e;
	}
	return OK;
}

/* ---- the batch in the world, after the commit ---- */

static void show_step(struct world *world, const struct step *step)
{
	switch (step->kind) {
	case BULK_PERSON:
		world_set_person(world, &step->person, step->handle_key);
		break;
	case BULK_FRIENDSHIP:
		world_set_tie(world, step->a, step->b, true, step->at_ms);
		world_set_tie(world, step->b, step->a, true, step->at_ms);
		break;
	case BULK_LIST:
		world_set_list(world, &step->list);
		for (size_t i = 0; i < step->n_members; i++)
			world_set_list_member(world, step->a, step->list.id, step->members[i],
			                      true);
		break;
	case BULK_GROUP:
		world_set_group(world, &step->group);
		world_set_group_member(world, step->group.id, step->a, true, step->at_ms);
		for (size_t i = 0; i < step->n_members; i++)
			world_set_group_member(world, step->group.id, step->members[i], true,
			                       step->at_ms);
		break;
	case BULK_POST:
		world_add_post(world, &step->post.gate);
		break;
	case BULK_COMMENT:
		world_add_comment(world, &step->comment);
		break;
	case BULK_LIKE:
		world_set_like(world, &step->like, true);
		break;
	}
}

static void show_batch(void *ctx)
{
	struct bulk *b = ctx;
	for (const struct step *step = b->first; step; step = step->next) {
		picture_after(b->circle, &step->pictures);
		show_step(b->circle->world, step);
	}
}

err bulk_commit(struct bulk *b)
{
	if (b->screens)
		remember_wait(
			b->circle); /* what is observed before its commit must not meet a past in the making */
	err e = store_write_bulk(b->circle->store, (struct store_job){ keep_batch, show_batch, b });
	if (failed(e) && b->screens)
		remember_again(b->circle);
	if (failed(e))
		return e;
	arena_reset(b->mem);
	b->first = NULL;
	b->last = &b->first;
	return OK;
}
