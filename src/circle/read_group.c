/* The timeline of a group. Its posts are listed in the store, by windows; what is in them and who may see it is looked up as
 * everywhere. */
#include "circle/read_private.h"

#include "store/groups.h"

#define WINDOW_LEAST 40 /* a page, and what is hidden in it */

struct group_feed {
	group_id group;
	struct page page;
	size_t limit;
	/* Places read so far, in the order of the page. */
	struct status_ref *refs;
	size_t n_refs, refs_cap;
	bool ended, missing;
	struct seen_post *out;
	size_t n;
};

/* False: not here yet; the page goes on, to ask for all at once. */
static bool add(struct view *view, struct group_feed *feed, const struct status_ref *ref)
{
	const struct post_gate *gate;
	const struct piece *piece;
	if (!view_gate(view, ref->post_author, ref->post, &gate))
		return false;
	/* Of this group still: its author may have narrowed it since. */
	if (gate == NULL || gate->audience.group.v != feed->group.v ||
	    !see_post(&view->see, view->v, gate, view->now_ms))
		return true;
	if (!view_piece(view, ref->post_author, ref->post, &piece))
		return false;
	if (piece != NULL) {
		struct sight sight = view_sight(view, gate, piece);
		view_post(view, &sight, &feed->out[feed->n++]);
	}
	return true;
}

static void look(struct view *view, void *ctx)
{
	struct group_feed *feed = ctx;
	size_t awaited = 0;
	feed->n = 0;
	feed->missing = !see_group(&view->see, view->v, feed->group);
	if (feed->missing)
		return;
	for (size_t i = 0; i < feed->n_refs && feed->n + awaited < feed->limit; i++)
		awaited += !add(view, feed, &feed->refs[i]);
	view->more_wanted = feed->n + awaited < feed->limit && !feed->ended;
}

/* The next window; windows grow, since a viewer who sees little needs many. */
static err more(struct view *view, struct conn *conn, void *ctx)
{
	struct group_feed *feed = ctx;
	const struct page *page = &feed->page;
	bool oldest_first = page->min_id > 0;
	int64_t after = page->since_id > page->min_id ? page->since_id : page->min_id;
	int64_t before = page->max_id > 0 ? page->max_id : INT64_MAX;
	size_t most = feed->n_refs > WINDOW_LEAST ? feed->n_refs : WINDOW_LEAST;
	struct status_ref *refs;
	size_t n;
	if (feed->n_refs > 0 && oldest_first)
		after = feed->refs[feed->n_refs - 1].post.v;
	else if (feed->n_refs > 0)
		before = feed->refs[feed->n_refs - 1].post.v;
	err e = group_posts_of(conn, feed->group, (post_id){ after }, (post_id){ before },
	                       oldest_first, (int)most, view->mem, &refs, &n);
	if (failed(e))
		return e;
	feed->ended = n < most;
	if (feed->n_refs + n > feed->refs_cap) {
		size_t cap = 2 * (feed->n_refs + n);
		feed->refs = arena_grow(view->mem, feed->refs, feed->refs_cap * sizeof *refs,
		                        cap * sizeof *refs);
		feed->refs_cap = cap;
	}
	for (size_t i = 0; i < n; i++)
		feed->refs[feed->n_refs++] = refs[i];
	return OK;
}

err read_group(struct circle *c, person_id v, group_id group, struct page page, int64_t now_ms,
               struct arena *mem, struct seen_post **out, size_t *n)
{
	struct group_feed feed = { .group = group, .page = page, .limit = page_limit(page) };
	struct view view = view_of(c, v, now_ms, mem);
	feed.out = ARENA_ARRAY(mem, feed.limit, struct seen_post);
	view.more = more;
	err e = view_run(&view, look, &feed);
	if (!failed(e) && feed.missing)
		e = err_missing("not in the group");
	if (failed(e))
		return e;
	for (size_t i = 0, j = feed.n; page.min_id > 0 && i + 1 < j; i++) {
		struct seen_post swap = feed.out[i];
		feed.out[i] = feed.out[--j];
		feed.out[j] = swap;
	}
	*out = feed.out;
	*n = feed.n;
	return OK;
}
