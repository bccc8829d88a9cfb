/* Inside a transaction: who is named is asked of the door as of then, and told once. */
#include "circle/rewrite.h"

#include "circle/address.h"
#include "circle/found.h"
#include "circle/publish_private.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/comments.h"
#include "store/notices.h"
#include "store/posts.h"
#include "store/versions.h"

bool rewrite_is_comment(const struct changing *x) { return x->ref.comment.v != 0; }

person_id rewrite_author(const struct changing *x)
{
	return rewrite_is_comment(x) ? x->comment.gate.author : x->post.gate.author;
}

int64_t rewrite_held_until(const struct changing *x)
{
	return rewrite_is_comment(x) ? x->comment.gate.held_until_ms : x->post.gate.held_until_ms;
}

struct pending rewrite_pending(const struct changing *x)
{
	return rewrite_is_comment(x) ? x->comment.pending : x->post.pending;
}

struct version rewrite_said(const struct changing *x)
{
	if (rewrite_is_comment(x))
		return (struct version){ .text = x->comment.text, .language = x->comment.language };
	return (struct version){ .text = x->post.text,
		                 .language = x->post.language,
		                 .place = x->post.place,
		                 .card = x->post.card };
}

err rewrite_load(struct conn *conn, const struct status_ref *ref, struct arena *mem,
                 struct changing *x)
{
	err e;
	*x = (struct changing){ .ref = *ref };
	if (rewrite_is_comment(x)) {
		TRY(posts_gate(conn, ref->post_author, ref->post, mem, &x->post.gate));
		TRY(comments_find(conn, ref->post_author, ref->post, ref->comment, mem,
		                  &x->comment));
	} else {
		TRY(posts_find(conn, ref->post_author, ref->post, mem, &x->post));
	}
	if (x->post.gate.deleted || (rewrite_is_comment(x) && x->comment.gate.deleted))
		return err_missing("it has been deleted");
out:
	return e;
}

static err find_mentions(struct circle *c, const struct door *door, struct changing *x,
                         int64_t now_ms, struct arena *mem, person_id **mentions, size_t *n)
{
	person_id named[ADDRESS_NAMED_MAX];
	size_t n_named;
	address_named(c->world, rewrite_said(x).text, mem, named, &n_named);
	if (rewrite_is_comment(x))
		publish_mentions(door, &x->post.gate, &x->comment.gate, named, n_named, now_ms, mem,
		                 mentions, n);
	else
		address_mentions(door, rewrite_author(x), &x->post.gate.audience, named, n_named,
		                 mem, mentions, n);
	return door_answer(door, true, NULL);
}

struct named {
	const person_id *people; /* ascending */
	size_t n;
};

static struct named named_in(const struct changing *x)
{
	return rewrite_is_comment(x) ? (struct named){ x->comment.mentions, x->comment.n_mentions }
	                             : (struct named){ x->post.mentions, x->post.n_mentions };
}

static bool is_named(const struct named *named, person_id p)
{
	for (size_t i = 0; i < named->n; i++)
		if (named->people[i].v == p.v)
			return true;
	return false;
}

/* Who was named before has been told, be it of a comment on their post. */
static err tell_named(struct circle *c, struct conn *tx, const struct changing *x,
                      const struct named *before, const person_id *mentions, size_t n,
                      int64_t now_ms)
{
	bool told;
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		if (is_named(before, mentions[i]))
			continue;
		TRY(notices_has(tx, mentions[i], NOTICE_MENTION, rewrite_author(x), &x->ref,
		                &told));
		if (!told)
			TRY(publish_tell(c, tx, NOTICE_MENTION, mentions[i], rewrite_author(x),
			                 &x->ref, now_ms));
	}
out:
	return e;
}

/* `edited_at_ms`: as it is shown to have been changed, 0: never. */
static err put(struct circle *c, struct conn *tx, struct changing *x, const struct version *next,
               int64_t edited_at_ms, int64_t now_ms, struct arena *mem)
{
	struct named before = named_in(x);
	person_id *mentions;
	struct door door;
	size_t n;
	err e;
	door_open(&door, tx, mem);
	if (rewrite_is_comment(x)) {
		x->comment.text = next->text;
		x->comment.language = next->language;
		x->comment.edited_at_ms = edited_at_ms;
		x->comment.pending = (struct pending){ 0 };
	} else {
		x->post.text = next->text;
		x->post.language = next->language;
		x->post.place = next->place;
		x->post.card = next->card;
		x->post.edited_at_ms = edited_at_ms;
		x->post.pending = (struct pending){ 0 };
	}
	TRY(find_mentions(c, &door, x, now_ms, mem, &mentions, &n));
	if (rewrite_is_comment(x)) {
		x->comment.mentions = mentions;
		x->comment.n_mentions = n;
		TRY(comments_change(tx, &x->comment));
	} else {
		x->post.mentions = mentions;
		x->post.n_mentions = n;
		TRY(posts_change(tx, &x->post));
		TRY(found_note(tx, &x->post, mem));
	}
	TRY(tell_named(c, tx, x, &before, mentions, n, now_ms));
out:
	return e;
}

err rewrite_put(struct circle *c, struct conn *tx, struct changing *x, const struct version *next,
                int64_t now_ms, struct arena *mem)
{
	return put(c, tx, x, next, now_ms, now_ms, mem);
}

err rewrite_set_pending(struct conn *tx, const struct changing *x, version_id version)
{
	return rewrite_is_comment(x)
	               ? comments_set_pending(tx, &x->ref, version)
	               : posts_set_pending(tx, x->ref.post_author, x->ref.post, version);
}

/* --- one that waits --- */

/* Nobody has gone on from it: it waits, or was stopped and is still the latest. */
static err load_latest(struct conn *conn, const struct measure *m, struct arena *mem,
                       struct changing *x, struct version *v)
{
	struct status_ref ref = { m->post_author, m->post, m->comment };
	err e;
	TRY(rewrite_load(conn, &ref, mem, x));
	TRY(versions_find(conn, &ref, m->version, mem, v));
	if (v->state == VERSION_SHOWN || rewrite_pending(x).version.v != v->id.v)
		return err_missing("the change waits no longer");
out:
	return e;
}

static err load_waiting(struct conn *conn, const struct measure *m, struct arena *mem,
                        struct changing *x, struct version *v)
{
	err e = load_latest(conn, m, mem, x, v);
	if (!failed(e) && v->state != VERSION_WAITS)
		e = err_missing("the change waits no longer");
	return e;
}

err rewrite_waits(struct conn *conn, const struct measure *m, struct arena *mem)
{
	struct changing x;
	struct version v;
	return load_waiting(conn, m, mem, &x, &v);
}

err rewrite_show(struct circle *c, struct conn *tx, const struct measure *m, int64_t now_ms,
                 struct arena *mem)
{
	struct changing x;
	struct version v;
	err e;
	TRY(load_latest(tx, m, mem, &x, &v));
	TRY(versions_set_state(tx, &x.ref, v.id, VERSION_SHOWN));
	TRY(rewrite_put(c, tx, &x, &v, now_ms, mem));
out:
	return e;
}

err rewrite_stop(struct conn *tx, const struct measure *m, struct arena *mem)
{
	struct changing x;
	struct version v;
	err e;
	TRY(load_waiting(tx, m, mem, &x, &v));
	TRY(versions_set_state(tx, &x.ref, v.id, VERSION_DROPPED));
out:
	return e;
}

/* The words before those that show now, which must be the ones that were let through. */
static err put_back(struct circle *c, struct conn *tx, struct changing *x, const struct version *v,
                    int64_t now_ms, struct arena *mem)
{
	struct version *shown;
	size_t n;
	err e;
	TRY(versions_shown(tx, &x->ref, mem, &shown, &n));
	if (rewrite_pending(x).version.v != 0 || n < 2 || shown[n - 1].id.v != v->id.v)
		return err_missing("the author has gone on from it");
	/* What was shown for a while is no longer told of: its words may be seen by nobody. */
	TRY(put(c, tx, x, &shown[n - 2], n > 2 ? shown[n - 2].at_ms : 0, now_ms, mem));
out:
	return e;
}

err rewrite_wait_again(struct circle *c, struct conn *tx, const struct measure *m, int64_t now_ms,
                       struct arena *mem)
{
	struct status_ref ref = { m->post_author, m->post, m->comment };
	struct changing x;
	struct version v;
	err e;
	TRY(rewrite_load(tx, &ref, mem, &x));
	TRY(versions_find(tx, &ref, m->version, mem, &v));
	if (v.state == VERSION_SHOWN)
		TRY(put_back(c, tx, &x, &v, now_ms, mem));
	else if (rewrite_pending(&x).version.v != v.id.v)
		return err_missing("the author has gone on from it");
	TRY(versions_set_state(tx, &ref, v.id, VERSION_WAITS));
	TRY(rewrite_set_pending(tx, &x, v.id));
out:
	return e;
}
