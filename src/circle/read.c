/* The look and what it renders: see read_private.h. */
#include "circle/read.h"
#include "circle/order.h"
#include "circle/piece.h"
#include "circle/read_private.h"

#include "store/posts.h"

#include "base/leak.h"

/* Between two windows of the store a page can only be filled by going on; this bounds a fault, not a feed. */
#define LOOKS_MAX 10000
#define PULL_FIRST 40 /* a page and what is hidden in it: each row costs a look-up */
#define PULL_MOST 2000

struct view view_of(struct circle *c, person_id v, int64_t now_ms, struct arena *mem)
{
	return (struct view){ .c = c,
		              .v = v,
		              .now_ms = order_now(c, now_ms),
		              .mem = mem,
		              .see = world_source(c->world) };
}

void *view_grown(struct arena *mem, void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	size_t next = *cap ? *cap * 2 : 32;
	array = arena_grow(mem, array, *cap * size, next * size);
	*cap = next;
	return array;
}

static bool may_see(struct view *view, const struct post_gate *gate)
{
	world_lock(view->c->world);
	bool may = see_post(&view->see, view->v, gate, view->now_ms);
	world_unlock(view->c->world);
	return may;
}

/* Of what the viewer may not see nothing more is read: how long that took would tell how much was said under it. */
static err load_piece(struct view *view, struct conn *conn, const struct wanted *wanted)
{
	struct loaded l = { .stamp = wanted->stamp };
	err e = posts_find(conn, wanted->author, wanted->post, view->mem, &l.piece.post);
	l.gate = l.piece.post.gate;
	if (e.code == ERR_MISSING || (!failed(e) && l.gate.deleted)) {
		l.gate = (struct post_gate){ .id = wanted->post,
			                     .author = wanted->author,
			                     .deleted = true };
		l.gone = true;
		e = OK;
	} else if (!failed(e) && !may_see(view, &l.gate)) {
		l.withheld = true;
	} else {
		TRY(e);
		TRY(piece_read(conn, view->mem, &l.piece));
		world_offer_piece(view->c->world, &l.piece, l.stamp);
	}
	view->loaded = view_grown(view->mem, view->loaded, view->n_loaded, &view->loaded_cap,
	                          sizeof(l));
	view->loaded[view->n_loaded++] = l;
out:
	return e;
}

/* The next window of the pull; windows grow, since a viewer who sees little needs many. */
static err load_window(struct view *view, struct conn *conn)
{
	struct pull *p = &view->pull;
	int64_t last = p->n ? p->gates[p->n - 1].id.v : p->start;
	size_t most = p->n < PULL_FIRST ? PULL_FIRST : p->n < PULL_MOST ? p->n : PULL_MOST;
	struct post_window window = { .after.v = p->oldest_first ? last : p->stop,
		                      .before.v = p->oldest_first ? p->stop : last,
		                      .oldest_first = p->oldest_first,
		                      .limit = (int)most };
	struct post_gate *gates;
	size_t n;
	err e = posts_pull(conn, p->authors, p->n_authors, window, view->mem, &gates, &n);
	if (failed(e))
		return e;
	for (size_t i = 0; i < n; i++) {
		p->gates = view_grown(view->mem, p->gates, p->n, &p->cap, sizeof(*gates));
		p->gates[p->n++] = gates[i];
	}
	p->ended = n < most;
	return OK;
}

static err load_wanted(struct view *view, void *ctx)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(view->c->store, &conn));
	if (view->pull_wanted)
		TRY(load_window(view, conn));
	for (size_t i = 0; i < view->n_wanted; i++)
		TRY(load_piece(view, conn, &view->wanted[i]));
	TRY(view_load_families(view, conn));
	if (view->more_wanted)
		TRY(view->more(view, conn, ctx));
out:
	store_read_end(view->c->store, &conn);
	return e;
}

err view_run(struct view *view, void (*look)(struct view *, void *), void *ctx)
{
	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		view->n_wanted = view->n_wanted_families = 0;
		view->pull_wanted = view->more_wanted = false;
		world_lock(view->c->world);
		look(view, ctx);
		world_unlock(view->c->world);
		if (view->n_wanted == 0 && view->n_wanted_families == 0 && !view->pull_wanted &&
		    !view->more_wanted)
			return OK;
		err e = load_wanted(view, ctx);
		if (failed(e))
			return e;
	}
	return err_busy("a page could not be filled");
}

bool view_trusts(const struct view *view, uint64_t retractions)
{
	return retractions == world_retractions(view->c->world) || view->tries > VIEW_FRESH_TRIES;
}

/* What this request has read of a post, if nothing has changed it since. */
static const struct loaded *find_loaded(struct view *view, post_id id)
{
	for (size_t i = view->n_loaded; i-- > 0;) {
		const struct loaded *l = &view->loaded[i];
		if (l->gate.id.v != id.v)
			continue;
		if (l->stamp == world_piece_stamp(view->c->world, id) ||
		    view->tries > VIEW_FRESH_TRIES)
			return l;
		view->tries++;
		return NULL;
	}
	return NULL;
}

static void want(struct view *view, person_id author, post_id id)
{
	for (size_t i = 0; i < view->n_wanted; i++)
		if (view->wanted[i].post.v == id.v)
			return;
	view->wanted = view_grown(view->mem, view->wanted, view->n_wanted, &view->wanted_cap,
	                          sizeof(*view->wanted));
	view->wanted[view->n_wanted++] = (struct wanted){ author, id,
		                                          world_piece_stamp(view->c->world, id) };
}

bool view_gate(struct view *view, person_id author, post_id id, const struct post_gate **gate)
{
	*gate = world_gate(view->c->world, author, id);
	if (*gate != NULL)
		return true;
	const struct loaded *l = find_loaded(view, id);
	if (l == NULL) {
		want(view, author, id);
		return false;
	}
	*gate = l->gone ? NULL : &l->gate;
	return true;
}

bool view_piece(struct view *view, person_id author, post_id id, const struct piece **piece)
{
	*piece = world_piece(view->c->world, id);
	if (*piece != NULL)
		return view_order_ready(view, *piece);
	const struct loaded *l = find_loaded(view, id);
	if (l == NULL) {
		want(view, author, id);
		return false;
	}
	/* Words and gate of one snapshot: a gate in memory may be a moment older than what was just read, and words meant for
	 * fewer are not shown on its word. */
	*piece = l->gone || l->withheld || !see_post(&view->see, view->v, &l->gate, view->now_ms)
	                 ? NULL
	                 : &l->piece;
	return *piece == NULL || view_order_ready(view, *piece);
}

size_t piece_comment(const struct piece *piece, comment_id id)
{
	size_t from = 0, to = piece->n_comments;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (piece->comments[mid].gate.id.v < id.v)
			from = mid + 1;
		else
			to = mid;
	}
	return from < piece->n_comments && piece->comments[from].gate.id.v == id.v ? from
	                                                                           : SIZE_MAX;
}

struct sight view_sight(struct view *view, const struct post_gate *gate, const struct piece *piece)
{
	struct sight s = { gate, piece, ARENA_ARRAY(view->mem, piece->n_comments, bool),
		           ARENA_ARRAY(view->mem, piece->n_comments, int), 0 };
	for (size_t i = 0; i < piece->n_comments; i++) {
		comment_id to = piece->comments[i].gate.reply_to;
		size_t parent = to.v ? piece_comment(piece, to) : SIZE_MAX;
		s.seen[i] = see_comment_on_seen(&view->see, view->v, gate, &piece->comments[i].gate,
		                                view->now_ms) &&
		            !(LEAK("block.hides_others") && i > 0 && !s.seen[i - 1]);
		s.count += s.seen[i];
		if (parent != SIZE_MAX)
			s.answers[parent] += s.seen[i];
	}
	return s;
}

struct person view_card(const struct view *view, const struct person *person)
{
	bool own = person->id.v == view->v.v;
	struct person card = *person;
	card.handle = str_dup(view->mem, person->handle);
	card.display_name = str_dup(view->mem, person->display_name);
	card.note = see_profile(&view->see, view->v, person->id) ? str_dup(view->mem, person->note)
	                                                         : STR_NONE;
	if (!own) {
		card.role = ROLE_MEMBER;
		card.range = RANGE_ALL;
		card.invited_by = (person_id){ 0 };
	}
	/* For who may ask: across one's own block nobody does. */
	card.question = own || see_card(&view->see, view->v, person->id)
	                        ? str_dup(view->mem, person->question)
	                        : STR_NONE;
	card.answer = STR_NONE; /* nobody's to read */
	if (!see_profile(&view->see, view->v, person->id))
		card.cover = (media_id){ 0 };
	return card;
}

/* The mentioned people whose card this viewer may see. */
static const struct person *view_mentions(struct view *view, const person_id *ids, size_t n_ids,
                                          size_t *n)
{
	*n = 0;
	if (n_ids == 0)
		return NULL;
	struct person *people = ARENA_ARRAY(view->mem, n_ids, struct person);
	for (size_t i = 0; i < n_ids; i++)
		if (see_card(&view->see, view->v, ids[i]) || LEAK("mention.card"))
			people[(*n)++] = view_card(view, world_person(view->c->world, ids[i]));
	return people;
}

static const struct media *view_media(struct view *view, const struct post *post, size_t *n)
{
	*n = post->n_media;
	if (post->n_media == 0)
		return NULL;
	struct media *media = arena_copy(view->mem, post->media, post->n_media * sizeof(*media));
	for (size_t i = 0; i < post->n_media; i++) {
		media[i].blurhash = str_dup(view->mem, media[i].blurhash);
		media[i].about = str_dup(view->mem, media[i].about);
	}
	return media;
}

/* The audience is its author's own business, and so is a hold. */
static struct post_gate gate_for(struct view *view, const struct post_gate *gate)
{
	struct post_gate out = *gate;
	if (gate->author.v == view->v.v || LEAK("audience.shown")) {
		out.audience = audience_dup(view->mem, &gate->audience);
	} else {
		out.audience = (struct audience){ .kind = AUDIENCE_FRIENDS };
		out.held_until_ms = 0;
	}
	return out;
}

/* An author who left sees the post still, and of the group nothing. */
static void view_group(struct view *view, const struct post_gate *gate, struct seen_post *out)
{
	group_id id = gate->audience.group;
	const struct group *group = id.v ? world_group(view->c->world, id) : NULL;
	if (group == NULL || !see_group(&view->see, view->v, id))
		return;
	out->group = id;
	out->group_title = str_dup(view->mem, group->title);
}

static struct pending view_pending(const struct view *view, const struct pending *pending)
{
	struct pending out = *pending;
	out.text = str_dup(view->mem, pending->text);
	return out;
}

void view_post(struct view *view, const struct sight *sight, struct seen_post *out)
{
	const struct post_gate *gate = sight->gate;
	const struct post *post = &sight->piece->post;
	*out = (struct seen_post){ .comments = LEAK("count.comments")
		                                       ? (int)sight->piece->n_comments
		                                       : sight->count };
	out->post = (struct post){ .gate = gate_for(view, gate),
		                   .text = str_dup(view->mem, post->text),
		                   .language = str_dup(view->mem, post->language),
		                   .app = str_dup(view->mem, post->app),
		                   .place = str_dup(view->mem, post->place),
		                   .card = { str_dup(view->mem, post->card.url),
		                             str_dup(view->mem, post->card.title),
		                             str_dup(view->mem, post->card.about) },
		                   .edited_at_ms = post->edited_at_ms };
	if (gate->author.v == view->v.v || LEAK("measure.hold"))
		out->post.pending = view_pending(view, &post->pending);
	out->post.media = view_media(view, post, &out->post.n_media);
	out->mentions = view_mentions(view, post->mentions, post->n_mentions, &out->n_mentions);
	view_group(view, gate, out);
	out->order = view_order(view, sight, (comment_id){ 0 });
	out->held = gate->author.v == view->v.v && view->now_ms < gate->held_until_ms;
	out->hushed = world_hushes(view->c->world, view->v, gate->id);
	for (size_t i = 0; i < sight->piece->n_likes; i++) {
		person_id by = sight->piece->likes[i].by;
		out->likes += LEAK("count.likers");
		if (!see_act_on_seen(&view->see, view->v, gate, by))
			continue;
		out->likes++;
		out->liked |= by.v == view->v.v;
	}
}

void view_comment(struct view *view, const struct sight *sight, size_t index,
                  struct seen_comment *out)
{
	const struct piece *piece = sight->piece;
	const struct comment *comment = &piece->comments[index];
	struct comment_gate gate = comment->gate;
	size_t parent = gate.reply_to.v ? piece_comment(piece, gate.reply_to) : SIZE_MAX;
	*out = (struct seen_comment){ 0 };
	out->held = gate.author.v == view->v.v && view->now_ms < gate.held_until_ms;
	if (!out->held)
		gate.held_until_ms = 0;
	/* What it answers is named only where that may be seen: else it stands under the post. */
	if ((parent == SIZE_MAX || !sight->seen[parent]) && !LEAK("reply.names_hidden")) {
		gate.reply_to = (comment_id){ 0 };
		gate.reply_to_author = (person_id){ 0 };
	}
	out->comment = (struct comment){ .gate = gate,
		                         .text = str_dup(view->mem, comment->text),
		                         .language = str_dup(view->mem, comment->language),
		                         .app = str_dup(view->mem, comment->app),
		                         .edited_at_ms = comment->edited_at_ms };
	if (gate.author.v == view->v.v || LEAK("measure.hold"))
		out->comment.pending = view_pending(view, &comment->pending);
	out->mentions = view_mentions(view, comment->mentions, comment->n_mentions,
	                              &out->n_mentions);
	out->answers = sight->answers[index];
	out->order = view_order(view, sight, gate.id);
}

const person_id *view_likers(struct view *view, const struct sight *sight, size_t *n)
{
	const struct piece *piece = sight->piece;
	person_id *likers = ARENA_ARRAY(view->mem, piece->n_likes, person_id);
	*n = 0;
	for (size_t i = 0; i < piece->n_likes; i++)
		if (see_act_on_seen(&view->see, view->v, sight->gate, piece->likes[i].by))
			likers[(*n)++] = piece->likes[i].by;
	return likers;
}

void view_moment(struct view *view, const struct sight *sight, int comments_max,
                 struct seen_moment *out)
{
	size_t shown = sight->count < comments_max ? (size_t)sight->count : (size_t)comments_max;
	struct seen_comment *comments = ARENA_ARRAY(view->mem, shown, struct seen_comment);
	view_post(view, sight, &out->post);
	out->likers = view_likers(view, sight, &out->n_likers);
	out->comments = comments;
	out->n_comments = shown;
	for (size_t i = sight->piece->n_comments; i-- > 0 && shown > 0;)
		if (sight->seen[i])
			view_comment(view, sight, i, &comments[--shown]);
}

size_t page_limit(struct page page)
{
	if (page.limit <= 0)
		return PAGE_LIMIT_DEFAULT;
	return page.limit < PAGE_LIMIT_MAX ? (size_t)page.limit : PAGE_LIMIT_MAX;
}
