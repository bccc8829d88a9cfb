/* One post, its thread, one comment: each piece asked of the door alone. */
#include "circle/read_private.h"

#include "store/posts.h"
#include "store/versions.h"

#include "base/leak.h"

#define THREAD_MAX 500 /* comments given at once */

struct one {
	struct status_ref ref;
	int comments_max;
	bool found;
	struct sight sight; /* of the last look: valid inside it */
	/* What is asked for; the others are NULL. */
	struct seen_post *post;
	struct seen_moment *moment;
	struct seen_comment *comment;
	struct seen_comment **thread;
	person_id **likers;
	size_t *n;
	struct seen_history *history;
	bool has_versions; /* have been read, with the gate of that moment */
	struct post_gate then;
};

/* The post the reference leads to, if this viewer may see it. False: asked for, or not to be seen. */
static bool look_post(struct view *view, struct one *one)
{
	const struct post_gate *gate;
	const struct piece *piece;
	if (!view_gate(view, one->ref.post_author, one->ref.post, &gate) || gate == NULL ||
	    !see_post(&view->see, view->v, gate,
	              LEAK("range.direct_link") ? gate->created_at_ms : view->now_ms) ||
	    !view_piece(view, one->ref.post_author, one->ref.post, &piece) || piece == NULL)
		return false;
	one->sight = view_sight(view, gate, piece);
	return true;
}

static void render_thread(struct view *view, struct one *one)
{
	size_t count = (size_t)one->sight.count, n = count < THREAD_MAX ? count : THREAD_MAX;
	struct seen_comment *comments = ARENA_ARRAY(view->mem, n, struct seen_comment);
	size_t at = 0;
	for (size_t i = 0; at < n; i++)
		if (one->sight.seen[i] || LEAK("thread.unchecked"))
			view_comment(view, &one->sight, i, &comments[at++]);
	*one->thread = comments;
	*one->n = n;
}

static void look(struct view *view, void *ctx)
{
	struct one *one = ctx;
	one->found = look_post(view, one);
	if (!one->found)
		return;
	if (one->post != NULL)
		view_post(view, &one->sight, one->post);
	if (one->moment != NULL)
		view_moment(view, &one->sight, one->comments_max, one->moment);
	if (one->thread != NULL)
		render_thread(view, one);
	if (one->likers != NULL)
		*one->likers = (person_id *)(uintptr_t)view_likers(view, &one->sight, one->n);
	if (one->comment != NULL) {
		size_t at = piece_comment(one->sight.piece, one->ref.comment);
		one->found = at != SIZE_MAX && one->sight.seen[at];
		if (one->found)
			view_comment(view, &one->sight, at, one->comment);
	}
}

/* Absent, hidden and deleted are the same bytes, and take the same reads: whoever was denied without the store's being asked for a post
 * has it asked for none (bench/timing). */
static void read_in_vain(struct circle *c)
{
	struct arena *mem = arena_new(1024);
	struct conn *conn = NULL;
	struct post post;
	if (!failed(store_read(c->store, &conn)))
		(void)failed(posts_find(conn, (person_id){ 0 }, (post_id){ 0 }, mem, &post));
	store_read_end(c->store, &conn);
	arena_free(mem);
}

static err run(struct circle *c, person_id v, struct one *one, int64_t now_ms, struct arena *mem)
{
	struct view view = view_of(c, v, now_ms, mem);
	err e = view_run(&view, look, one);
	if (!failed(e) && !one->found && view.n_loaded == 0)
		read_in_vain(c);
	if (!failed(e) && !one->found)
		e = LEAK("hidden.forbidden") ? err_denied("hidden")
		                             : err_missing("no such status for this viewer");
	return e;
}

err read_ref(struct circle *c, int64_t status_id, struct status_ref *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(status_refs_find(conn, status_id, out));
out:
	store_read_end(c->store, &conn);
	if (e.code == ERR_MISSING)
		read_in_vain(c);
	return e;
}

err read_post(struct circle *c, person_id v, const struct status_ref *ref, int64_t now_ms,
              struct arena *mem, struct seen_post *out)
{
	return run(c, v, &(struct one){ .ref = *ref, .post = out }, now_ms, mem);
}

err read_comment(struct circle *c, person_id v, const struct status_ref *ref, int64_t now_ms,
                 struct arena *mem, struct seen_comment *out)
{
	if (ref->comment.v == 0)
		return err_missing("a post, not a comment");
	return run(c, v, &(struct one){ .ref = *ref, .comment = out }, now_ms, mem);
}

err read_moment(struct circle *c, person_id v, const struct status_ref *ref, int comments_max,
                int64_t now_ms, struct arena *mem, struct seen_moment *out)
{
	struct one one = { .ref = *ref, .comments_max = comments_max, .moment = out };
	if (ref->comment.v != 0) { /* its post would tell that a hidden comment is there */
		read_in_vain(c);
		return err_missing("a comment is no moment");
	}
	return run(c, v, &one, now_ms, mem);
}

err read_thread(struct circle *c, person_id v, const struct status_ref *ref, int64_t now_ms,
                struct arena *mem, struct seen_post *post, struct seen_comment **out, size_t *n)
{
	struct one one = { .ref = *ref, .post = post, .thread = out, .n = n };
	return run(c, v, &one, now_ms, mem);
}

static err load_versions(struct view *view, struct conn *conn, void *ctx)
{
	struct one *one = ctx;
	struct seen_history *h = one->history;
	err e;
	one->has_versions = true;
	TRY(posts_gate(conn, one->ref.post_author, one->ref.post, view->mem, &one->then));
	TRY(versions_shown(conn, &one->ref, view->mem, &h->versions, &h->n));
out:
	return e;
}

/* Read first and shown only if the piece may still be seen after that. */
static void look_history(struct view *view, void *ctx)
{
	struct one *one = ctx;
	look(view, one);
	if (one->has_versions && !see_post(&view->see, view->v, &one->then, view->now_ms))
		one->found = false;
	view->more_wanted = one->found && !one->has_versions;
}

/* A piece that never changed has no rows. */
static void only_version(struct arena *mem, bool comment, struct seen_history *h)
{
	const struct post *p = &h->post.post;
	const struct comment *c = &h->comment.comment;
	h->versions = ARENA_NEW(mem, struct version);
	h->n = 1;
	if (comment)
		*h->versions = (struct version){ .at_ms = c->gate.created_at_ms, .text = c->text };
	else
		*h->versions = (struct version){ .at_ms = p->gate.created_at_ms,
			                         .text = p->text,
			                         .place = p->place,
			                         .card = p->card };
}

err read_history(struct circle *c, person_id v, const struct status_ref *ref, int64_t now_ms,
                 struct arena *mem, struct seen_history *out)
{
	struct one one = { .ref = *ref, .history = out };
	struct view view = view_of(c, v, now_ms, mem);
	*out = (struct seen_history){ 0 };
	if (ref->comment.v != 0)
		one.comment = &out->comment;
	else
		one.post = &out->post;
	view.more = load_versions;
	err e = view_run(&view, look_history, &one);
	if (!failed(e) && !one.found)
		e = err_missing("no such status for this viewer");
	if (!failed(e) && out->n == 0)
		only_version(mem, ref->comment.v != 0, out);
	return e;
}

err read_likers(struct circle *c, person_id v, const struct status_ref *ref, int64_t now_ms,
                struct arena *mem, person_id **out, size_t *n)
{
	return run(c, v, &(struct one){ .ref = *ref, .likers = out, .n = n }, now_ms, mem);
}
