/* read_private.h - one viewer's look at the world: shared by the files of read.
 *
 * A look is a function run under the world's lock. It answers from memory; what it does not find there it asks for,
 * and is run again, from the start, when that has been read from the store. So every answer is what was true at one
 * instant, the last time the lock was held, and no lock is ever held while the store works. */
#ifndef KITH_CIRCLE_READ_PRIVATE_H
#define KITH_CIRCLE_READ_PRIVATE_H

#include "circle/read.h"
#include "circle/world.h"

#define PAGE_LIMIT_DEFAULT 20
#define PAGE_LIMIT_MAX 500
/* A post that changes faster than it is read: then a version from within this request is good enough. */
#define VIEW_FRESH_TRIES 4

/* Posts of some authors, read from the store in windows, contiguous from `start` on. */
struct pull {
	const person_id *authors; /* ascending */
	size_t n_authors;
	bool oldest_first;
	int64_t start; /* exclusive bound where it began: below it, or above with oldest_first */
	int64_t stop;  /* exclusive bound on the far side */
	struct post_gate *gates;
	size_t n, cap;
	bool ended;           /* the store has no more before `stop` */
	uint64_t retractions; /* of the world, before the first window was read */
};

struct loaded {
	struct post_gate gate;
	struct piece piece;
	uint32_t stamp;
	bool gone;
	bool withheld; /* not to be seen when it was read, so only its gate was */
};

struct wanted {
	person_id author;
	post_id post;
	uint32_t stamp;
};

struct loaded_family {
	struct family family;
	uint64_t stamp;
};

struct view {
	struct circle *c;
	person_id v;
	int64_t now_ms;
	struct arena *mem;
	struct see_source see;
	struct loaded *loaded; /* read from the store by this request */
	size_t n_loaded, loaded_cap;
	struct wanted *wanted;
	size_t n_wanted, wanted_cap;
	struct loaded_family *families; /* as `loaded` */
	size_t n_families, families_cap;
	struct loaded_family *wanted_families; /* id and stamp alone */
	size_t n_wanted_families, wanted_families_cap;
	struct pull pull;
	bool pull_wanted;
	bool as_other; /* it is for other eyes than v's: nothing that is v's alone or rests on what v may see */
	/* More to read before the next look; NULL unless the kind of read needs it. */
	err (*more)(struct view *view, struct conn *conn, void *ctx);
	bool more_wanted;
	int tries;
};

struct view view_of(struct circle *c, person_id v, int64_t now_ms, struct arena *mem);
/* Runs `look` [locked] until it has asked for nothing. */
MUST_CHECK err view_run(struct view *view, void (*look)(struct view *view, void *ctx), void *ctx);

/* One more element at the end of an array in the arena. */
void *view_grown(struct arena *mem, void *array, size_t n, size_t *cap, size_t size);

/* For looks [locked]. False: asked for, look again later. True with NULL: there is no such post, or, of a piece, this viewer may not
 * see it. */
bool view_gate(struct view *view, person_id author, post_id id, const struct post_gate **gate);
bool view_piece(struct view *view, person_id author, post_id id, const struct piece **piece);
/* Whether what was read from the store at `retractions` may still be used. */
bool view_trusts(const struct view *view, uint64_t retractions);

/* Which comments of a piece this viewer may see, after see_post. */
struct sight {
	const struct post_gate *gate;
	const struct piece *piece;
	bool *seen;   /* one for each comment */
	int *answers; /* to each comment, as far as they are seen */
	int count;
};
struct sight view_sight(struct view *view, const struct post_gate *gate, const struct piece *piece);
/* Index of a comment in a piece, or SIZE_MAX. */
size_t piece_comment(const struct piece *piece, comment_id id);

/* read_measures.c: what is in force on a piece. Whether all that view_order needs of copies is at hand; else it has been asked for:
 * view_piece sees to it. [locked] */
bool view_order_ready(struct view *view, const struct piece *piece);
/* Whether this viewer is told of a label or fold that the piece does not earn by itself, in force or not any more. False also: asked for. */
bool view_tells(struct view *view, const struct post_gate *gate, const struct piece_measure *m);
struct seen_order view_order(struct view *view, const struct sight *sight, comment_id comment);
MUST_CHECK err view_load_families(struct view *view, struct conn *conn);

/* Copies for the viewer, into the request's arena, of what may be seen: the caller has asked the door. */
void view_post(struct view *view, const struct sight *sight, struct seen_post *out);
void view_comment(struct view *view, const struct sight *sight, size_t index,
                  struct seen_comment *out);
void view_moment(struct view *view, const struct sight *sight, int comments_max,
                 struct seen_moment *out);
const person_id *view_likers(struct view *view, const struct sight *sight, size_t *n);
/* A card: signature only where the profile may be seen; one's own whole. */
struct person view_card(const struct view *view, const struct person *person);

size_t page_limit(struct page page);

/* A walk over the posts of some authors in the order of the page: merged from their rings, and, where a ring ends and older posts of
 * its author lie in the store, from what the view has pulled of all such authors. For looks [locked]; the view's pull goes on from look
 * to look. */
struct walk {
	struct view *view;
	const person_id *authors; /* ascending; in the request's arena */
	size_t n_authors;
	person_id *deep; /* of them, those with posts of this page in the store alone; ascending */
	size_t n_deep;
	int64_t after, before; /* exclusive bounds of the page */
	bool oldest_first;
	struct walk_ring *heap;
	size_t n_heap;
	int64_t last; /* id given out last by the heap; `before` at first */
	bool turned;  /* the pull has been set up: of the deep memory has no more to say */
	size_t at;    /* in the pull */
};
/* `rings` false: by the store alone. */
struct walk walk_of(struct view *view, const person_id *authors, size_t n, struct page page,
                    bool rings);
/* The next gate, borrowed until unlock, not yet asked of the door; NULL at the end, or when a window of the store has
 * been asked for. */
const struct post_gate *walk_next(struct walk *walk);

#endif
