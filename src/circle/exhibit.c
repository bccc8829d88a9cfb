#include "circle/exhibit.h"

#include "circle/order.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "store/comments.h"
#include "store/posts.h"
#include "store/versions.h"

#include <string.h>

/* The words the measure speaks of: of the change that waits, or what the piece said when it was judged. */
static err words_judged(struct conn *conn, const struct measure *m, struct arena *mem,
                        struct version *out, bool *found)
{
	struct status_ref ref = { m->post_author, m->post, m->comment };
	err e = m->version.v != 0 ? versions_find(conn, &ref, m->version, mem, out)
	                          : versions_at(conn, &ref, m->starts_at_ms, true, mem, out);
	*found = !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

static err fill_comment(struct conn *conn, bool own, int64_t now_ms, struct arena *mem,
                        struct seen_measure *out)
{
	const struct measure *m = &out->measure;
	struct comment *comment = &out->comment.comment;
	struct version words;
	bool other = false;
	err e;
	TRY(comments_find(conn, m->post_author, m->post, m->comment, mem, comment));
	if (!own) {
		comment->gate.reply_to = (comment_id){ 0 };
		comment->gate.reply_to_author = (person_id){ 0 };
	}
	if (comment->edited_at_ms != 0 || comment->pending.version.v != 0)
		TRY(words_judged(conn, m, mem, &words, &other));
	if (other)
		comment->text = words.text;
	if (m->version.v != 0)
		comment->gate.held_until_ms = measure_held_until(m);
	comment->mentions = NULL;
	comment->n_mentions = 0;
	comment->pending = (struct pending){ 0 };
	out->has_comment = !comment->gate.deleted;
	out->comment.held = now_ms < comment->gate.held_until_ms;
	out->text = comment->text;
out:
	return e;
}

static err fill_post(struct conn *conn, bool own, int64_t now_ms, struct arena *mem,
                     struct seen_measure *out)
{
	const struct measure *m = &out->measure;
	struct post *post = &out->post.post;
	struct version words;
	bool other = false;
	err e;
	TRY(posts_find(conn, m->post_author, m->post, mem, post));
	if (!own)
		post->gate.audience = (struct audience){ .kind = AUDIENCE_FRIENDS };
	if (post->edited_at_ms != 0 || post->pending.version.v != 0)
		TRY(words_judged(conn, m, mem, &words, &other));
	if (other) {
		post->text = words.text;
		post->place = words.place;
		post->card = words.card;
	}
	if (m->version.v != 0)
		post->gate.held_until_ms = measure_held_until(m);
	post->mentions = NULL;
	post->n_mentions = 0;
	post->pending = (struct pending){ 0 };
	out->has_post = !post->gate.deleted;
	out->post.held = now_ms < post->gate.held_until_ms;
	out->text = wording_of_post(post, mem);
out:
	return e;
}

/* The piece alone: who is named in it, and for others than its author whom it is for, is not what is judged. */
static err fill_piece(struct conn *conn, bool own, int64_t now_ms, struct arena *mem,
                      struct seen_measure *out)
{
	const struct measure *m = &out->measure;
	err e = OK;
	if (m->comment.v != 0)
		e = fill_comment(conn, own, now_ms, mem, out);
	else if (m->post.v != 0)
		e = fill_post(conn, own, now_ms, mem, out);
	return e.code == ERR_MISSING ? OK : e;
}

struct person exhibit_person(const struct circle *c, person_id id, struct arena *mem)
{
	struct person out = { .id = id };
	world_lock(c->world);
	const struct person *p = world_person(c->world, id);
	if (p != NULL &&
	    p->status != PERSON_ERASED) { /* a handle that stays taken is nobody's name */
		out.handle = str_dup(mem, p->handle);
		out.display_name = str_dup(mem, p->display_name);
		out.status = p->status;
		out.created_at_ms = p->created_at_ms;
	}
	world_unlock(c->world);
	return out;
}

void exhibit_bare(const struct circle *c, const struct measure *m, int64_t now_ms,
                  struct arena *mem, struct seen_measure *out)
{
	memset(out, 0, sizeof *out);
	out->measure = *m;
	out->measure.state = measure_state_at(m, order_now(c, now_ms));
	out->subject = exhibit_person(c, m->subject, mem);
}

err exhibit(struct circle *c, struct conn *conn, const struct measure *m, bool own, int64_t now_ms,
            struct arena *mem, struct seen_measure *out)
{
	exhibit_bare(c, m, now_ms, mem, out);
	return fill_piece(conn, own, order_now(c, now_ms), mem, out);
}

err exhibit_piece(struct circle *c, struct conn *conn, const struct status_ref *piece,
                  int64_t now_ms, struct arena *mem, struct seen_measure *out)
{
	struct measure m = { .post_author = piece->post_author,
		             .post = piece->post,
		             .comment = piece->comment,
		             .starts_at_ms = now_ms };
	err e;
	TRY(exhibit(c, conn, &m, false, now_ms, mem, out));
	out->measure.subject = piece->comment.v ? out->comment.comment.gate.author
	                                        : piece->post_author;
	out->subject = exhibit_person(c, out->measure.subject, mem);
out:
	return e;
}
