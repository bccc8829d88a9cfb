/* Moments: posts with what was said and liked about them, in one request. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/tag.h"

#define LIMIT 20
#define LIMIT_MAX 40
#define COMMENTS_SHOWN 10  /* in the feed */
#define COMMENTS_WHOLE 500 /* of one post */

static err add_moment(struct call *c, struct buf *b, const struct seen_moment *m)
{
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"status\":");
	TRY(entity_status(c, b, &m->post));
	buf_lit(b, ",\"likers\":");
	TRY(entity_accounts(c, b, m->likers, m->n_likers));
	buf_lit(b, ",\"comments\":");
	TRY(entity_comments(c, b, m->comments, m->n_comments));
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}

static err add_moments(struct call *c, struct buf *b, const struct seen_moment *moments, size_t n)
{
	err e = OK;
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		size_t before = b->n;
		if (b->n > first)
			buf_char(b, ',');
		e = add_moment(c, b, &moments[i]);
		if (e.code == ERR_MISSING) { /* its author vanished since */
			call_json_rewind(c, b, before);
			e = OK;
		}
		TRY(e);
	}
	buf_char(b, ']');
out:
	return e;
}

err api_moment_list(struct call *c)
{
	struct seen_moment *moments;
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_moments(c->circle, c->me.person, page, COMMENTS_SHOWN, c->now_ms, c->mem, &moments,
	                 &n));
	TRY(add_moments(c, call_json(c), moments, n));
	if (n > 0)
		TRY(call_link(c, &page, n, moments[0].post.post.gate.id.v,
		              moments[n - 1].post.post.gate.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_moment_show(struct call *c)
{
	struct seen_moment moment;
	struct status_ref ref;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(read_ref(c->circle, id, &ref));
	TRY(read_moment(c->circle, c->me.person, &ref, COMMENTS_WHOLE, c->now_ms, c->mem, &moment));
	TRY(add_moment(c, call_json(c), &moment));
	TRY(call_send(c));
out:
	return e;
}

err api_moment_audience(struct call *c)
{
	struct audience audience;
	struct buf *b = call_json(c);
	bool given;
	int people;
	err e;
	TRY(call_audience(c, &given, &audience));
	if (!given)
		TRY(err_input("kith_audience", "This is needed."));
	TRY(tag_audience_count(c->circle, c->me.person, &audience, &people));
	buf_lit(b, "{\"people\":");
	buf_i64(b, people);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

/* Who looks: `account`, a friend of mine, or `stranger`. */
static err read_viewer(const struct call *c, person_id *other)
{
	bool stranger;
	err e;
	TRY(params_id(c->params, "account", &other->v));
	TRY(params_bool(c->params, "stranger", false, &stranger));
	if (stranger == (other->v != 0))
		TRY(err_input("account", "Say whose eyes: an account, or stranger=1."));
out:
	return e;
}

err api_moment_view_as(struct call *c)
{
	struct seen_post *posts;
	struct person card;
	struct page page;
	person_id other;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_viewer(c, &other));
	TRY(read_as(c->circle, c->me.person, other, page, c->now_ms, c->mem, &card, &posts, &n));
	buf_lit(call_json(c), "{\"account\":");
	entity_account(c, call_json(c), &card);
	buf_lit(call_json(c), ",\"statuses\":");
	TRY(entity_statuses(c, call_json(c), posts, n));
	buf_char(call_json(c), '}');
	if (n > 0)
		TRY(call_link(c, &page, n, posts[0].post.gate.id.v, posts[n - 1].post.gate.id.v));
	TRY(call_send(c));
out:
	return e;
}
