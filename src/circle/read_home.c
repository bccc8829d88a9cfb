/* Pages of posts: home, a tag's people, an album, what I liked. */
#include "circle/read_private.h"

#include "store/comments.h"

#include "base/leak.h"

#include <stdlib.h>
#include <string.h>

/* A page in the making: made anew by every look. */
struct feed {
	struct page page;
	size_t limit;
	bool rings;              /* false: by the store alone */
	list_id list;            /* 0: home */
	person_id album;         /* 0: not an album */
	int comments_max;        /* of each moment */
	struct seen_post *posts; /* one of the two is filled */
	struct seen_moment *moments;
	size_t n;
	bool missing; /* no such list, no such card */
};

/* One more post of the page. False: what is shown of it is not here yet; the page goes on, to ask for all at once. */
static bool feed_add(struct view *view, struct feed *feed, const struct post_gate *gate)
{
	const struct piece *piece;
	if (!view_piece(view, gate->author, gate->id, &piece))
		return false;
	if (piece == NULL)
		return true;
	struct sight sight = view_sight(view, gate, piece);
	if (feed->moments != NULL)
		view_moment(view, &sight, feed->comments_max, &feed->moments[feed->n++]);
	else
		view_post(view, &sight, &feed->posts[feed->n++]);
	return true;
}

static void fill_page(struct view *view, struct feed *feed, const person_id *authors, size_t n)
{
	struct walk walk = walk_of(view, authors, n, feed->page, feed->rings);
	const struct post_gate *gate;
	size_t awaited = 0;
	feed->n = 0;
	if (!view->see.person(view->see.ctx, view->v).active)
		return; /* sees nothing: do not walk past everything to find that out */
	while (feed->n + awaited < feed->limit && (gate = walk_next(&walk)) != NULL)
		if (see_post(&view->see, view->v, gate, view->now_ms) ||
		    (LEAK("home.after_unfriend") && gate->audience.kind == AUDIENCE_FRIENDS &&
		     see_card(&view->see, view->v, gate->author)) ||
		    (LEAK("home.second_page") && feed->page.max_id > 0 &&
		     see_friends(&view->see, view->v, gate->author)))
			awaited += !feed_add(view, feed, gate);
}

/* My friends and me, ascending, without those whose posts I hide; of a list's people only if there is a list. */
static const person_id *home_authors(struct view *view, const struct feed *feed, size_t *n)
{
	const struct world *world = view->c->world;
	size_t n_ties, n_members = 0, at = 0, member = 0;
	const person_id *ties = world_ties(world, view->v, &n_ties), *members = NULL;
	person_id *authors = ARENA_ARRAY(view->mem, n_ties + 1, person_id);
	bool me = feed->list.v != 0;
	if (feed->list.v != 0 &&
	    (members = world_list_members(world, view->v, feed->list, &n_members)) == NULL)
		return NULL;
	for (size_t i = 0; i < n_ties; i++) {
		if (!me && ties[i].v > view->v.v) {
			authors[at++] = view->v;
			me = true;
		}
		while (member < n_members && members[member].v < ties[i].v)
			member++;
		if (members != NULL && (member == n_members || members[member].v != ties[i].v))
			continue;
		if (!world_hides_theirs(world, view->v, ties[i]) || LEAK("home.hidden"))
			authors[at++] = ties[i];
	}
	if (!me)
		authors[at++] = view->v;
	*n = at;
	return authors;
}

static void look_home(struct view *view, void *ctx)
{
	struct feed *feed = ctx;
	size_t n;
	const person_id *authors = home_authors(view, feed, &n);
	feed->missing = authors == NULL;
	if (!feed->missing)
		fill_page(view, feed, authors, n);
}

static void look_album(struct view *view, void *ctx)
{
	struct feed *feed = ctx;
	person_id *author = arena_copy(view->mem, &feed->album, sizeof(*author));
	bool own = feed->album.v == view->v.v;
	feed->n = 0;
	feed->missing = !own && !see_card(&view->see, view->v, feed->album);
	if (!feed->missing && see_profile(&view->see, view->v, feed->album))
		fill_page(view, feed, author, 1);
}

static err run_feed(struct circle *c, person_id v, struct feed *feed, bool moments, int64_t now_ms,
                    struct arena *mem, void (*look)(struct view *, void *))
{
	struct view view = view_of(c, v, now_ms, mem);
	feed->limit = page_limit(feed->page);
	if (moments)
		feed->moments = ARENA_ARRAY(mem, feed->limit, struct seen_moment);
	else
		feed->posts = ARENA_ARRAY(mem, feed->limit, struct seen_post);
	err e = view_run(&view, look, feed);
	if (!failed(e) && feed->missing)
		e = err_missing("no such list or person for this viewer");
	return e;
}

/* A page is shown newest first, also when it was filled from the bottom. */
static void turn_posts(struct feed *feed)
{
	for (size_t i = 0, j = feed->n; feed->page.min_id > 0 && i + 1 < j; i++) {
		struct seen_post swap = feed->posts[i];
		feed->posts[i] = feed->posts[--j];
		feed->posts[j] = swap;
	}
}

static void turn_moments(struct feed *feed)
{
	for (size_t i = 0, j = feed->n; feed->page.min_id > 0 && i + 1 < j; i++) {
		struct seen_moment swap = feed->moments[i];
		feed->moments[i] = feed->moments[--j];
		feed->moments[j] = swap;
	}
}

static err run_posts(struct circle *c, person_id v, struct feed *feed, int64_t now_ms,
                     struct arena *mem, void (*look)(struct view *, void *), struct seen_post **out,
                     size_t *n)
{
	err e = run_feed(c, v, feed, false, now_ms, mem, look);
	if (failed(e))
		return e;
	turn_posts(feed);
	*out = feed->posts;
	*n = feed->n;
	return OK;
}

err read_home(struct circle *c, person_id v, struct page page, int64_t now_ms, struct arena *mem,
              struct seen_post **out, size_t *n)
{
	struct feed feed = { .page = page, .rings = true };
	return run_posts(c, v, &feed, now_ms, mem, look_home, out, n);
}

err read_home_by_sql(struct circle *c, person_id v, struct page page, int64_t now_ms,
                     struct arena *mem, struct seen_post **out, size_t *n)
{
	struct feed feed = { .page = page };
	return run_posts(c, v, &feed, now_ms, mem, look_home, out, n);
}

err read_list(struct circle *c, person_id v, list_id list, struct page page, int64_t now_ms,
              struct arena *mem, struct seen_post **out, size_t *n)
{
	struct feed feed = { .page = page, .rings = true, .list = list };
	if (list.v == 0)
		return err_missing("no list has this id");
	return run_posts(c, v, &feed, now_ms, mem, look_home, out, n);
}

err read_album(struct circle *c, person_id v, person_id u, struct page page, int64_t now_ms,
               struct arena *mem, struct seen_post **out, size_t *n)
{
	struct feed feed = { .page = page, .rings = true, .album = u };
	return run_posts(c, v, &feed, now_ms, mem, look_album, out, n);
}

err read_moments(struct circle *c, person_id v, struct page page, int comments_max, int64_t now_ms,
                 struct arena *mem, struct seen_moment **out, size_t *n)
{
	struct feed feed = { .page = page, .rings = true, .comments_max = comments_max };
	err e = run_feed(c, v, &feed, true, now_ms, mem, look_home);
	if (failed(e))
		return e;
	turn_moments(&feed);
	*out = feed.moments;
	*n = feed.n;
	return OK;
}

/* What I liked: few enough to sort, so that a page is a slice by id and a cursor never goes stale. */
#define LIKED_MAX 20000

static int cmp_liked(const void *pa, const void *pb)
{
	const struct like *a = pa, *b = pb;
	return (a->post.v < b->post.v) - (a->post.v > b->post.v);
}

struct favourites {
	struct feed feed;
	struct like *likes; /* in the order of the page, within its bounds */
	size_t n_likes;
};

static err load_likes(struct circle *c, person_id v, struct arena *mem, struct favourites *f)
{
	struct conn *conn = NULL;
	struct page page = f->feed.page;
	int64_t after = page.since_id > page.min_id ? page.since_id : page.min_id;
	size_t n = 0;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(likes_by(conn, v, INT64_MAX, LIKED_MAX, mem, &f->likes, &n));
	for (size_t i = 0; i < n; i++)
		if (f->likes[i].post.v > after &&
		    (page.max_id == 0 || f->likes[i].post.v < page.max_id))
			f->likes[f->n_likes++] = f->likes[i];
	if (f->n_likes > 1)
		qsort(f->likes, f->n_likes, sizeof(*f->likes), cmp_liked);
	for (size_t i = 0, j = f->n_likes; page.min_id > 0 && i + 1 < j; i++) {
		struct like swap = f->likes[i];
		f->likes[i] = f->likes[--j];
		f->likes[j] = swap;
	}
out:
	store_read_end(c->store, &conn);
	return e;
}

static void look_favourites(struct view *view, void *ctx)
{
	struct favourites *f = ctx;
	struct feed *feed = &f->feed;
	size_t awaited = 0;
	feed->n = 0;
	for (size_t i = 0; i < f->n_likes && feed->n + awaited < feed->limit; i++) {
		const struct post_gate *gate;
		size_t before = feed->n;
		if (!view_gate(view, f->likes[i].post_author, f->likes[i].post, &gate))
			awaited++;
		else if (gate != NULL && see_post(&view->see, view->v, gate, view->now_ms))
			awaited += !feed_add(view, feed, gate);
		if (feed->n > before && !feed->posts[before].liked)
			feed->n = before; /* liked no longer, since the likes were read */
	}
}

err read_favourites(struct circle *c, person_id v, struct page page, int64_t now_ms,
                    struct arena *mem, struct seen_post **out, size_t *n)
{
	struct favourites f = { .feed = { .page = page } };
	err e = load_likes(c, v, mem, &f);
	if (failed(e))
		return e;
	return run_posts(c, v, &f.feed, now_ms, mem, look_favourites, out, n);
}
