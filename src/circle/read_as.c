/* My album as my own settings let somebody else see it. The viewer stays me: the other's eyes are a second question, asked of the
 * same predicates with one answer changed, and nothing that others did is shown. */
#include "circle/read_private.h"

struct as {
	person_id other;
	struct page page;
	size_t limit;
	struct person *me;
	struct seen_post *posts;
	size_t n;
	bool missing;
};

/* The world's facts, but between us two all is well on their side: what they did is not told here. */
struct mutual {
	struct see_source world;
	person_id me, other;
};

static bool is_between(const struct mutual *m, person_id a, person_id b)
{
	return (a.v == m->me.v && b.v == m->other.v) || (a.v == m->other.v && b.v == m->me.v);
}

static struct see_person mutual_person(const void *ctx, person_id p)
{
	const struct mutual *m = ctx;
	return m->world.person(m->world.ctx, p);
}

static bool mutual_tie(const void *ctx, person_id a, person_id b)
{
	const struct mutual *m = ctx;
	return is_between(m, a, b) || m->world.tie(m->world.ctx, a, b);
}

static bool mutual_block(const void *ctx, person_id a, person_id b)
{
	const struct mutual *m = ctx;
	return !is_between(m, a, b) && m->world.block(m->world.ctx, a, b);
}

static bool mutual_hides_mine(const void *ctx, person_id a, person_id b)
{
	const struct mutual *m = ctx;
	return m->world.hides_mine(m->world.ctx, a, b);
}

static bool mutual_in_list(const void *ctx, person_id owner, list_id list, person_id b,
                           bool *deleted)
{
	const struct mutual *m = ctx;
	return m->world.in_list(m->world.ctx, owner, list, b, deleted);
}

static bool mutual_in_group(const void *ctx, group_id g, person_id p)
{
	const struct mutual *m = ctx;
	return m->world.in_group(m->world.ctx, g, p);
}

static struct see_source mutual_source(const struct mutual *m)
{
	return (struct see_source){ m,
		                    mutual_person,
		                    mutual_tie,
		                    mutual_block,
		                    mutual_hides_mine,
		                    mutual_in_list,
		                    mutual_in_group };
}

/* What is its author's alone goes, and so does what others did. */
static void strip(struct seen_post *post)
{
	post->post.gate.audience = (struct audience){ .kind = AUDIENCE_FRIENDS };
	post->post.gate.held_until_ms = 0;
	post->post.pending = (struct pending){ 0 };
	post->likes = post->comments = 0;
	post->liked = post->hushed = false;
	post->for_other = true;
}

static void fill(struct view *view, struct as *as, const struct see_source *theirs)
{
	person_id *author = arena_copy(view->mem, &view->v, sizeof(*author));
	struct walk walk = walk_of(view, author, 1, as->page, true);
	const struct post_gate *gate;
	const struct piece *piece;
	size_t awaited = 0;
	while (as->n + awaited < as->limit && (gate = walk_next(&walk)) != NULL) {
		if (!see_post(theirs, as->other, gate, view->now_ms))
			continue;
		if (!view_piece(view, gate->author, gate->id, &piece)) {
			awaited++;
			continue;
		}
		if (piece == NULL)
			continue;
		struct sight sight = view_sight(view, gate, piece);
		view_post(view, &sight, &as->posts[as->n]);
		strip(&as->posts[as->n++]);
	}
}

static void look(struct view *view, void *ctx)
{
	struct as *as = ctx;
	struct mutual mutual = { view->see, view->v, as->other };
	struct see_source theirs = mutual_source(&mutual);
	const struct person *me = world_person(view->c->world, view->v);
	bool stranger = as->other.v == 0;
	as->n = 0;
	as->missing = me == NULL || (!stranger && !see_friends(&theirs, as->other, view->v)) ||
	              (!stranger && !view->see.tie(view->see.ctx, view->v, as->other));
	if (as->missing)
		return;
	*as->me = view_card(view, me);
	if (stranger) {
		as->me->note = STR_NONE;
		as->me->cover = (media_id){ 0 };
		return;
	}
	fill(view, as, &theirs);
}

err read_as(struct circle *c, person_id me, person_id other, struct page page, int64_t now_ms,
            struct arena *mem, struct person *card, struct seen_post **out, size_t *n)
{
	struct as as = { .other = other, .page = page, .limit = page_limit(page), .me = card };
	struct view view = view_of(c, me, now_ms, mem);
	view.as_other = true;
	err e;
	as.posts = ARENA_ARRAY(mem, as.limit, struct seen_post);
	if (me.v == other.v)
		return err_missing("oneself is no friend of one's own");
	TRY(view_run(&view, look, &as));
	if (as.missing)
		return err_missing("no friend of theirs");
	for (size_t i = 0, j = as.n; page.min_id > 0 && i + 1 < j; i++) {
		struct seen_post swap = as.posts[i];
		as.posts[i] = as.posts[--j];
		as.posts[j] = swap;
	}
	*out = as.posts;
	*n = as.n;
out:
	return e;
}
