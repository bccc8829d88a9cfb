#include "circle/found.h"

#include "circle/hashtag.h"
#include "circle/name.h"
#include "circle/read_private.h"
#include "circle/verb.h"
#include "circle/wording.h"

#include "model/limits.h"
#include "store/post_words.h"
#include "store/posts.h"

#include "base/leak.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 500        /* posts looked at in one read of the store */
#define MERGE_PAGES 64    /* of one step of tidying */
#define MERGE_STEPS 50    /* a minute's work at most */
#define TAGGED_LOOKED 200 /* posts whose tags are offered */

/* Candidates are read in windows, newest first: posts that hold the words and that the viewer may see. Others are passed over before
 * anything is counted, so that neither where a search stops nor how it goes on tells of them. Each look asks the door once more. */
struct search {
	const struct found_question *question;
	str words;    /* folded; with its sign for a tag */
	bool trigram; /* else by reading */
	size_t limit;
	person_id *authors; /* whose posts the viewer could see at all, ascending */
	size_t n_authors;
	struct found_post *candidates;
	size_t n_candidates, cap;
	int64_t from;  /* what was read so far ends here, */
	int64_t below; /* and what was looked at */
	int looked;
	bool ended;
	struct seen_post *out;
	size_t n;
	int64_t last; /* id of the last one shown */
};

static int cmp_author(const void *pa, const void *pb)
{
	const person_id *a = pa, *b = pb;
	return (a->v > b->v) - (a->v < b->v);
}

static bool is_author(const struct search *s, person_id author)
{
	return bsearch(&author, s->authors, s->n_authors, sizeof author, cmp_author) != NULL;
}

/* Me, my friends, and who is in a group with me: everyone else's posts are none of mine to see. [locked] */
static void gather_authors(struct view *view, struct search *s)
{
	const struct world *world = view->c->world;
	size_t n_ties, n_shared;
	const person_id *ties = world_ties(world, view->v, &n_ties);
	const person_id *shared = world_group_company(world, view->v, view->mem, &n_shared);
	person_id *all = ARENA_ARRAY(view->mem, n_ties + n_shared + 1, person_id);
	size_t n = 0, unique = 0;
	all[n++] = view->v;
	for (size_t i = 0; i < n_ties; i++)
		all[n++] = ties[i];
	for (size_t i = 0; i < n_shared; i++)
		all[n++] = shared[i];
	qsort(all, n, sizeof *all, cmp_author);
	for (size_t i = 0; i < n; i++)
		if (unique == 0 || all[unique - 1].v != all[i].v)
			all[unique++] = all[i];
	s->authors = all;
	s->n_authors = unique;
}

static bool has_tag(str words, str tag)
{
	size_t at = 0;
	for (str found; hashtag_next(words, &at, &found);)
		if (str_eq(found, tag))
			return true;
	return false;
}

static bool holds(const struct search *s, str folded)
{
	if (s->question->as_tag)
		return has_tag(folded, str_slice(s->words, 1, s->words.n));
	return str_find(folded, s->words) != SIZE_MAX;
}

/* What it says now, not what the index remembers. */
static bool still_holds(struct view *view, const struct search *s, const struct piece *piece)
{
	struct arena_mark mark = arena_mark(view->mem);
	bool yes = holds(s, name_fold(view->mem, wording_of_post(&piece->post, view->mem)));
	arena_rewind(view->mem, mark);
	return yes;
}

/* [locked] */
static bool may_find(struct view *view, const struct search *s, const struct post_gate *gate)
{
	return see_post(&view->see, view->v, gate,
	                LEAK("search.held") && gate->held_until_ms > view->now_ms
	                        ? gate->held_until_ms
	                        : view->now_ms) ||
	       (LEAK("search.audience") && see_friends(&view->see, view->v, gate->author)) ||
	       (LEAK("hashtag.unchecked") && s->question->as_tag);
}

enum shown { SHOWN, NOT_SHOWN, AWAITED };

static enum shown show(struct view *view, struct search *s, struct found_post candidate)
{
	const struct post_gate *gate;
	const struct piece *piece;
	if (!view_gate(view, candidate.author, candidate.post, &gate))
		return AWAITED;
	if (gate == NULL || !may_find(view, s, gate))
		return NOT_SHOWN;
	if (!view_piece(view, candidate.author, candidate.post, &piece))
		return AWAITED;
	if (piece == NULL || !still_holds(view, s, piece))
		return NOT_SHOWN;
	struct sight sight = view_sight(view, gate, piece);
	view_post(view, &sight, &s->out[s->n++]);
	return SHOWN;
}

static void look(struct view *view, void *ctx)
{
	struct search *s = ctx;
	size_t awaited = 0;
	s->n = 0;
	if (!view->see.person(view->see.ctx, view->v).active)
		return;
	if (s->authors == NULL)
		gather_authors(view, s);
	for (size_t i = 0; i < s->n_candidates && s->n + awaited < s->limit; i++) {
		enum shown shown = show(view, s, s->candidates[i]);
		awaited += shown == AWAITED;
		if (shown == SHOWN)
			s->last = s->candidates[i].post.v;
	}
	view->more_wanted = s->n + awaited < s->limit && !s->ended;
}

static void add_candidate(struct view *view, struct search *s, struct found_post post)
{
	if (s->n_candidates == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 64;
		s->candidates = arena_grow(view->mem, s->candidates, s->cap * sizeof post,
		                           cap * sizeof post);
		s->cap = cap;
	}
	s->candidates[s->n_candidates++] = post;
}

/* Whether the viewer may find it; then it counts as looked at. */
static bool looks_at(struct view *view, struct search *s, const struct post_gate *gate)
{
	world_lock(view->c->world);
	bool may = may_find(view, s, gate);
	world_unlock(view->c->world);
	if (may) {
		s->below = gate->id.v;
		s->looked++;
	}
	return may;
}

/* The next window of posts that hold the words, of anybody; those the viewer may see are picked. */
static err find_window(struct view *view, struct conn *conn, struct search *s, size_t *read)
{
	struct found_post *found;
	struct post_gate gate;
	err e;
	TRY(post_words_find(conn, s->words, (post_id){ s->from }, WINDOW, view->mem, &found, read));
	for (size_t i = 0; i < *read && s->looked < FOUND_LOOKED_MAX; i++) {
		s->from = found[i].post.v;
		if (!is_author(s, found[i].author))
			continue;
		struct arena_mark mark = arena_mark(view->mem);
		e = posts_gate(conn, found[i].author, found[i].post, view->mem, &gate);
		if (e.code != ERR_MISSING) /* erased a moment ago */
			TRY(e);
		bool may = !failed(e) && looks_at(view, s, &gate);
		arena_rewind(view->mem, mark);
		if (may)
			add_candidate(view, s, found[i]);
	}
	e = OK;
out:
	return e;
}

/* The next window of posts of the viewer's own people; those that may be seen and hold the words are picked. */
static err read_window(struct view *view, struct conn *conn, struct search *s, size_t *read)
{
	struct post_window window = { .before = { s->from }, .limit = WINDOW };
	struct post_gate *gates;
	err e;
	TRY(posts_pull(conn, s->authors, s->n_authors, window, view->mem, &gates, read));
	for (size_t i = 0; i < *read && s->looked < FOUND_LOOKED_MAX; i++) {
		s->from = gates[i].id.v;
		if (!looks_at(view, s, &gates[i]))
			continue;
		struct arena_mark mark = arena_mark(view->mem);
		str words;
		TRY(post_words_of(conn, gates[i].id, view->mem, &words));
		bool found = holds(s, words);
		arena_rewind(view->mem, mark);
		if (found)
			add_candidate(view, s, (struct found_post){ gates[i].author, gates[i].id });
	}
out:
	return e;
}

static err more(struct view *view, struct conn *conn, void *ctx)
{
	struct search *s = ctx;
	size_t read = 0, before = s->n_candidates;
	err e = OK;
	/* Windows with nothing in them are not worth a look. */
	while (!failed(e) && !s->ended && s->n_candidates == before) {
		struct arena_mark mark = arena_mark(view->mem);
		e = s->trigram ? find_window(view, conn, s, &read)
		               : read_window(view, conn, s, &read);
		s->ended = read < WINDOW || s->looked >= FOUND_LOOKED_MAX;
		if (s->n_candidates == before)
			arena_rewind(view->mem, mark);
	}
	if (s->ended && s->looked < FOUND_LOOKED_MAX)
		s->below = 0; /* that was all */
	return e;
}

static err begin(struct search *s, const struct found_question *question, struct arena *mem)
{
	str words = name_fold(mem, str_trim(question->words));
	if (words.n == 0)
		return err_input("q", "Say what to look for.");
	if (utf8_length(words) > FOUND_QUERY_MAX)
		return err_limit("q", "At most 100 characters can be looked for.");
	*s = (struct search){ .question = question,
		              .words = words,
		              .limit = (size_t)question->limit,
		              .from = question->before ? question->before : INT64_MAX };
	if (question->as_tag)
		s->words = str_format(mem, "#%.*s", STR_ARG(words));
	s->trigram = utf8_length(s->words) >= POST_WORDS_MIN;
	s->out = ARENA_ARRAY(mem, s->limit + 1, struct seen_post);
	return OK;
}

err found_posts(struct circle *c, person_id v, const struct found_question *question,
                int64_t now_ms, struct arena *mem, struct found_page *out)
{
	struct view view = view_of(c, v, now_ms, mem);
	struct search s;
	err e;
	TRY(begin(&s, question, mem));
	view.more = more;
	TRY(view_run(&view, look, &s));
	/* A full page goes on below its last post; one that was cut, below what was looked at. */
	*out = (struct found_page){ s.out, s.n, s.n == s.limit ? s.last : s.below };
out:
	return e;
}

err found_tags(struct circle *c, person_id v, str words, int limit, int64_t now_ms,
               struct arena *mem, str **out, size_t *n)
{
	str bare = str_starts(words, S("#")) ? str_slice(words, 1, words.n) : words;
	str key = name_fold(mem, bare);
	struct found_question question = { .words = str_format(mem, "#%.*s", STR_ARG(bare)),
		                           .limit = TAGGED_LOOKED };
	struct found_page page;
	err e;
	*n = 0;
	*out = ARENA_ARRAY(mem, (size_t)limit + 1, str);
	TRY(found_posts(c, v, &question, now_ms, mem, &page));
	for (size_t i = 0; i < page.n; i++) {
		str tags[HASHTAGS_MAX];
		size_t n_tags = hashtag_all(page.posts[i].post.text, mem, tags);
		for (size_t t = 0; t < n_tags && *n < (size_t)limit; t++) {
			bool again = !str_starts(tags[t], key);
			for (size_t k = 0; k < *n && !again; k++)
				again = str_eq((*out)[k], tags[t]);
			if (!again)
				(*out)[(*n)++] = tags[t];
		}
	}
out:
	return e;
}

err found_note(struct conn *tx, const struct post *post, struct arena *mem)
{
	return post_words_put(tx, post->gate.id, name_fold(mem, wording_of_post(post, mem)));
}

struct tidying {
	bool again, more;
};

static err merge_step(struct conn *tx, void *ctx)
{
	struct tidying *t = ctx;
	return post_words_merge(tx, MERGE_PAGES, t->again, &t->more);
}

/* Rewriting an index that nothing was taken from would be work for nothing, so retractions are counted; a start is one. */
err found_sweep(struct circle *c)
{
	struct tidying t = { .again = c->tidying, .more = true };
	world_lock(c->world);
	uint64_t retractions = world_retractions(c->world);
	world_unlock(c->world);
	if (!c->tidying && c->tidied_at == retractions + 1)
		return OK;
	err e = OK;
	for (int step = 0; step < MERGE_STEPS && t.more && !failed(e); step++) {
		e = verb_write(c, merge_step, NULL, &t);
		t.again = true;
	}
	if (!c->tidying)
		c->tidied_at = retractions + 1;
	c->tidying = t.more;
	return e;
}
