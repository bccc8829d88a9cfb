/* Lists of posts, newest first. */
#include "api/handlers.h"

#include "api/entity.h"

#define LIMIT 20
#define LIMIT_MAX 40

static err send_posts(struct call *c, const struct page *page, const struct seen_post *posts,
                      size_t n)
{
	err e;
	TRY(entity_statuses(c, call_json(c), posts, n));
	if (n > 0)
		TRY(call_link(c, page, n, posts[0].post.gate.id.v, posts[n - 1].post.gate.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_timeline_home(struct call *c)
{
	struct seen_post *posts;
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_home(c->circle, c->me.person, page, c->now_ms, c->mem, &posts, &n));
	TRY(send_posts(c, &page, posts, n));
out:
	return e;
}

err api_timeline_list(struct call *c)
{
	struct seen_post *posts;
	struct page page;
	int64_t list;
	size_t n;
	err e;
	TRY(call_path_id(c, 0, &list));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_list(c->circle, c->me.person, (list_id){ list }, page, c->now_ms, c->mem, &posts,
	              &n));
	TRY(send_posts(c, &page, posts, n));
out:
	return e;
}

err api_timeline_group(struct call *c)
{
	struct seen_post *posts;
	struct page page;
	int64_t group;
	size_t n;
	err e;
	TRY(call_path_id(c, 0, &group));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_group(c->circle, c->me.person, (group_id){ group }, page, c->now_ms, c->mem,
	               &posts, &n));
	TRY(send_posts(c, &page, posts, n));
out:
	return e;
}

err api_timeline_favourites(struct call *c)
{
	struct seen_post *posts;
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(read_favourites(c->circle, c->me.person, page, c->now_ms, c->mem, &posts, &n));
	TRY(send_posts(c, &page, posts, n));
out:
	return e;
}

err api_timeline_none(struct call *c) { return call_send_none(c); }

err api_account_statuses(struct call *c)
{
	struct seen_post *posts;
	struct page page;
	int64_t id;
	size_t n;
	bool media, pinned;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(params_bool(c->params, "only_media", false, &media));
	TRY(params_bool(c->params, "pinned", false, &pinned));
	TRY(read_album(c->circle, c->me.person, (person_id){ id }, page, c->now_ms, c->mem, &posts,
	               &n));
	TRY(send_posts(c, &page, posts,
	               media || pinned ? 0 : n)); /* no post has pictures yet, and none is pinned */
out:
	return e;
}
