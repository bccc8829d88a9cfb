/* Posts and comments: one kind of status to an app, told apart by where their id leads. */
#include "api/handlers.h"

#include "api/entity.h"
#include "api/status_call.h"
#include "circle/hear.h"
#include "circle/order.h"
#include "circle/publish.h"
#include "model/limits.h"

/* --- writing --- */

/* The sending app's name, shown beside the status; none for the page and the shell. */
static err app_name(struct call *c, str *name)
{
	struct app app = { 0 };
	err e = c->me.app.v ? admit_app_by_id(c->circle, c->me.app, c->mem, &app) : OK;
	*name = app.name;
	return e.code == ERR_MISSING ? OK : e;
}

/* `visibility` where no kith_audience is given: public and unlisted are narrowed to all friends. */
static err read_visibility(const struct call *c, struct post_draft *draft)
{
	static const char *const friends[] = { "", "private", "public", "unlisted" };
	str word;
	err e;
	TRY(params_str(c->params, "visibility", &word));
	draft->direct = str_eq(word, S("direct"));
	for (size_t i = 0; !draft->direct && i < sizeof friends / sizeof friends[0]; i++) {
		if (str_eq(word, str_of(friends[i])))
			return OK;
	}
	if (!draft->direct)
		TRY(err_input("visibility", "The visibility is private or direct."));
out:
	return e;
}

static err read_media(struct call *c, struct post_draft *draft)
{
	int64_t *ids;
	err e = params_ids(c->params, "media_ids", MEDIA_MAX, c->mem, &ids, &draft->n_media);
	_Static_assert(sizeof(media_id) == sizeof(int64_t), "media_id wraps an int64_t");
	draft->media_ids = (const media_id *)(const void *)ids;
	return e;
}

/* What the order refuses for now, it says until when. */
static err say_wait(struct call *c, enum order_deed deed, err refused)
{
	int64_t wait_ms;
	err e = refused;
	if (refused.code != ERR_LIMIT || refused.field != NULL)
		return refused;
	TRY(order_wait(c->circle, c->me.person, deed, c->now_ms, &wait_ms));
	call_wait(c, wait_ms);
	e = refused;
out:
	return e;
}

static err create_post(struct call *c, struct post_draft *draft, struct status_ref *ref)
{
	struct published published;
	bool given;
	err e;
	TRY(params_str(c->params, "kith_place", &draft->place));
	TRY(status_card(c, &draft->card));
	TRY(call_audience(c, &given, &draft->audience));
	if (!given)
		TRY(read_visibility(c, draft));
	e = publish_post(c->circle, c->me.person, draft, c->now_ms, c->mem, &published);
	TRY(say_wait(c, ORDER_POST, e));
	*ref = (struct status_ref){ .post_author = published.post.gate.author,
		                    .post = published.post.gate.id };
out:
	return e;
}

static err create_comment(struct call *c, int64_t to_id, const struct post_draft *draft,
                          struct status_ref *ref)
{
	struct comment_draft comment = { .text = draft->text,
		                         .language = draft->language,
		                         .app = draft->app,
		                         .retry_key = draft->retry_key };
	struct commented commented;
	struct status_ref to;
	err e;
	TRY(read_ref(c->circle, to_id, &to));
	TRY(status_check_seen(c, &to));
	e = publish_comment(c->circle, c->me.person, &to, &comment, c->now_ms, c->mem, &commented);
	TRY(say_wait(c, ORDER_COMMENT, e));
	*ref = (struct status_ref){ .post_author = commented.comment.gate.post_author,
		                    .post = commented.comment.gate.post,
		                    .comment = commented.comment.gate.id };
out:
	return e;
}

err api_status_create(struct call *c)
{
	struct post_draft draft = { .retry_key = http_header(c->request, "Idempotency-Key") };
	struct status_ref ref;
	int64_t to;
	err e;
	TRY(read_media(c, &draft));
	TRY(params_str(c->params, "status", &draft.text));
	TRY(params_str(c->params, "language", &draft.language));
	TRY(params_id(c->params, "in_reply_to_id", &to));
	TRY(status_refuse_foreign(c));
	TRY(app_name(c, &draft.app));
	if (to && draft.n_media > 0)
		TRY(err_input("media_ids", "A comment has words alone."));
	if (to)
		TRY(create_comment(c, to, &draft, &ref));
	else
		TRY(create_post(c, &draft, &ref));
	TRY(status_send(c, &ref));
out:
	return e;
}

err api_status_delete(struct call *c)
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_add(c, &ref, entity_status_with_text, entity_comment_with_text));
	TRY(publish_delete(c->circle, c->me.person, &ref, c->now_ms));
	TRY(call_send(c));
out:
	return e;
}

static err react(struct call *c,
                 err (*verb)(struct circle *, person_id, const struct status_ref *, int64_t))
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_check_seen(c, &ref));
	TRY(verb(c->circle, c->me.person, &ref, c->now_ms));
	TRY(status_send(c, &ref));
out:
	return e;
}

err api_status_favourite(struct call *c) { return react(c, publish_like); }
err api_status_unfavourite(struct call *c) { return react(c, publish_unlike); }

err api_status_mute(struct call *c) { return react(c, hear_hush); }
err api_status_unmute(struct call *c) { return react(c, hear_unhush); }

err api_status_reblog(struct call *c)
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_check_seen(c, &ref)); /* what one may not see is not here to be refused */
	TRY(err_input("id", "A friend's words are not passed on here. Tell it in your own."));
out:
	return e;
}

err api_status_unkept(struct call *c)
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_check_seen(c, &ref));
	TRY(err_input("id", "Nothing is put aside or pinned here: what was said goes by."));
out:
	return e;
}

/* --- reading --- */

err api_status_show(struct call *c)
{
	struct status_ref ref;
	err e = status_of_path(c, &ref);
	return failed(e) ? e : status_send(c, &ref);
}

err api_status_favourited_by(struct call *c)
{
	struct status_ref ref;
	person_id *likers;
	size_t n;
	err e;
	TRY(status_of_path(c, &ref));
	if (ref.comment.v) { /* a comment cannot be liked */
		TRY(status_check_seen(c, &ref));
		TRY(call_send_none(c));
		goto out;
	}
	TRY(read_likers(c->circle, c->me.person, &ref, c->now_ms, c->mem, &likers, &n));
	TRY(entity_accounts(c, call_json(c), likers, n));
	TRY(call_send(c));
out:
	return e;
}

err api_status_reblogged_by(struct call *c)
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_check_seen(c, &ref));
	TRY(call_send_none(c));
out:
	return e;
}

/* --- the thread around a status --- */

struct thread {
	struct seen_post post;
	struct seen_comment *all; /* oldest first */
	size_t n;
	bool *picked; /* those on the way up, or those below */
};

static const struct seen_comment *comment_in(const struct thread *t, comment_id id)
{
	for (size_t i = 0; id.v && i < t->n; i++) {
		if (t->all[i].comment.gate.id.v == id.v)
			return &t->all[i];
	}
	return NULL;
}

/* The post and the comments that lead down to `from`. */
static err add_ancestors(struct call *c, struct thread *t, const struct seen_comment *from)
{
	struct buf *b = call_json(c);
	err e;
	for (size_t i = 0; i < t->n; i++)
		t->picked[i] = false;
	for (const struct seen_comment *up = comment_in(t, from->comment.gate.reply_to); up;
	     up = comment_in(t, up->comment.gate.reply_to))
		t->picked[up - t->all] = true;
	TRY(entity_status(c, b, &t->post));
	for (size_t i = 0; i < t->n; i++) {
		if (!t->picked[i])
			continue;
		buf_char(b, ',');
		TRY(entity_comment(c, b, &t->all[i]));
	}
out:
	return e;
}

/* All comments of the post, or those that answer `from` in any number of steps: an answer is younger than what it answers. */
static err add_descendants(struct call *c, struct thread *t, const struct seen_comment *from)
{
	struct buf *b = call_json(c);
	size_t first = b->n;
	err e = OK;
	for (size_t i = 0; i < t->n; i++) {
		const struct seen_comment *up = from ? comment_in(t,
		                                                  t->all[i].comment.gate.reply_to)
		                                     : NULL;
		t->picked[i] = !from || up == from || (up && t->picked[up - t->all]);
	}
	for (size_t i = 0; i < t->n; i++) {
		if (!t->picked[i])
			continue;
		if (b->n > first)
			buf_char(b, ',');
		TRY(entity_comment(c, b, &t->all[i]));
	}
out:
	return e;
}

err api_status_context(struct call *c)
{
	struct status_ref ref;
	struct thread t;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(read_thread(c->circle, c->me.person, &ref, c->now_ms, c->mem, &t.post, &t.all, &t.n));
	t.picked = ARENA_ARRAY(c->mem, t.n, bool);
	const struct seen_comment *from = comment_in(&t, ref.comment);
	if (ref.comment.v && !from)
		TRY(err_missing("a comment this viewer may not see"));
	buf_lit(call_json(c), "{\"ancestors\":[");
	if (from)
		TRY(add_ancestors(c, &t, from));
	for (size_t i = 0; i < t.n; i++)
		t.picked[i] = false;
	buf_lit(call_json(c), "],\"descendants\":[");
	TRY(add_descendants(c, &t, from));
	buf_lit(call_json(c), "]}");
	TRY(call_send(c));
out:
	return e;
}
