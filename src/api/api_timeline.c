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

/* `only_media`: an album holds other posts too, so a page is filled by looking on, so far and no farther. */
#define MEDIA_LOOKS 10

static err send_with_pictures(struct call *c, person_id of, struct page page)
{
	struct page at = { page.max_id, page.since_id, page.min_id, LIMIT_MAX };
	struct seen_post *posts, *kept = ARENA_ARRAY(c->mem, (size_t)page.limit, struct seen_post);
	size_t n = LIMIT_MAX, n_kept = 0, most = (size_t)page.limit;
	int64_t last = 0;
	err e;
	int looks = page.min_id ? 1 : MEDIA_LOOKS; /* upwards there is nothing to go on below */
	for (int look = 0; look < looks && n == LIMIT_MAX && n_kept < most; look++) {
		TRY(read_album(c->circle, c->me.person, of, at, c->now_ms, c->mem, &posts, &n));
		for (size_t i = 0; i < n && n_kept < most; i++) {
			last = posts[i].post.gate.id.v;
			if (posts[i].post.n_media > 0)
				kept[n_kept++] = posts[i];
		}
		at.max_id = last;
	}
	TRY(entity_statuses(c, call_json(c), kept, n_kept));
	if (n == LIMIT_MAX || n_kept == most)
		TRY(call_link_next(c, last));
	TRY(call_send(c));
out:
	return e;
}

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
	if (media && !pinned)
		return send_with_pictures(c, (person_id){ id }, page);
	TRY(read_album(c->circle, c->me.person, (person_id){ id }, page, c->now_ms, c->mem, &posts,
	               &n));
	TRY(send_posts(c, &page, posts, pinned ? 0 : n)); /* none is pinned */
out:
	return e;
}
