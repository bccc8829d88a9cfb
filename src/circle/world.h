/* world.h - the circle in memory: what the door asks at every read, and the newest posts of everyone.
 *
 * People, ties, blocks, hides, tags and groups whole; per author a ring of the newest post gates; a bounded cache of the
 * reactions (likes, comments) of posts lately looked at. A mirror of the store, never ahead of it: loaded at start,
 * changed only from the `after` step of a committed write, on the writer thread, in commit order. Readers take the
 * lock for the length of one question; writers for one change. */
#ifndef KITH_CIRCLE_WORLD_H
#define KITH_CIRCLE_WORLD_H

#include "circle/see.h"
#include "integrity/behaviour/branch.h"
#include "model/friendship.h"
#include "model/group.h"
#include "model/limited.h"
#include "model/measure.h"
#include "store/store.h"
#include "store/ties.h"

struct world;
struct live; /* live.h */

/* Newest posts kept per author, older ones come by SQL: so many, and of who writes more than that what they wrote of late. */
#define WORLD_RING 32
#define WORLD_RING_MAX 512
#define WORLD_RING_MS (INT64_C(90) * 24 * 3600 * 1000) /* before the author's newest */

/* An empty one: for tests, and where `world_load` begins. */
struct world *world_new(void);
MUST_CHECK err world_load(struct store *store, struct log *log, struct world **out);
void world_free(struct world *world);
/* Once, before anything changes: who is told of the changes below, as far as anyone could see them. */
void world_tell(struct world *world, struct live *live);

/* Readers: everything below marked [locked] wants this held, briefly. */
void world_lock(const struct world *world);
void world_unlock(const struct world *world);

struct see_source world_source(const struct world *world); /* [locked] */
/* Borrowed until unlock; NULL when nobody. [locked] */
const struct person *world_person(const struct world *world, person_id id);
/* How they came, as their inviters are today. [locked] */
struct branch world_branch(const struct world *world, person_id id);
/* By folded handle (circle/handle.h). [locked] */
const struct person *world_person_by_key(const struct world *world, str handle_key);
/* Friends of mine (my ties), ascending by id; borrowed until unlock. [locked] */
const person_id *world_ties(const struct world *world, person_id a, size_t *n);
/* When each of those ties was made, in the same order. [locked] */
const int64_t *world_ties_at(const struct world *world, person_id a);
/* Whom a blocks, ascending; borrowed until unlock. [locked] */
const person_id *world_blocks(const struct world *world, person_id a, size_t *n);
/* For whom a has set this hide, ascending; borrowed until unlock. [locked] */
const person_id *world_hides(const struct world *world, person_id a, enum hide_kind kind,
                             size_t *n);
bool world_hides_theirs(const struct world *world, person_id a, person_id b); /* [locked] */
struct limited world_limited(const struct world *world, person_id a); /* circle/order.h [locked] */
bool world_sifts(const struct world *world, person_id a); /* has filters of their own [locked] */
/* Whether the reader has switched off later comments on this post. [locked] */
bool world_hushes(const struct world *world, person_id reader, post_id post);
/* Members of a tag, ascending; borrowed until unlock. NULL when the owner has no such living tag. [locked] */
const person_id *world_list_members(const struct world *world, person_id owner, list_id list,
                                    size_t *n);
/* A living group, borrowed until unlock; NULL when there is none. [locked] */
const struct group *world_group(const struct world *world, group_id id);
/* Who is in it, ascending, and since when, in the same order; borrowed until unlock. [locked] */
const person_id *world_group_members(const struct world *world, group_id id, size_t *n);
const int64_t *world_group_joined_at(const struct world *world, group_id id);
/* Everyone who is in a group with `person`, as often as they share one, in `mem`; without `person`. [locked] */
const person_id *world_group_company(const struct world *world, person_id person, struct arena *mem,
                                     size_t *n);
/* Everyone, calling `each` until it says false. `name_key`: the display name folded by name_fold. [locked] */
void world_each_person(const struct world *world,
                       bool (*each)(const struct person *person, str handle_key, str name_key,
                                    void *ctx),
                       void *ctx);

/* The newest posts of one author: gates ascending by id, borrowed until unlock. Every living post with an id of at
 * least `floor` is here; floor 0 means all of them are. [locked] */
struct world_ring {
	const struct post_gate *gates;
	size_t n;
	post_id floor;
};
struct world_ring world_ring(const struct world *world, person_id author);
/* Index of the first of these gates that is not below `id`; `n` when there is none. */
size_t world_ring_at(const struct post_gate *gates, size_t n, int64_t id);
/* Calls `each` with the rings of up to `n` people from the `from`th on, in order of arrival; how many there were. [locked] */
size_t world_each_ring(const struct world *world, size_t from, size_t n,
                       void (*each)(const struct world_ring *ring, void *ctx), void *ctx);
/* NULL when the post is not in its author's ring. [locked] */
const struct post_gate *world_gate(const struct world *world, person_id author, post_id id);
/* Counts posts taken back, narrowed or held again: gates read from the store are still true while it stands. [locked] */
uint64_t world_retractions(const struct world *world);

/* What is shown of a post, its gate apart: words, likes by (at_ms, by), living comments by id, measures by (comment, id). */
struct piece {
	struct post post; /* gate: id and author alone */
	size_t n_likes, n_comments, n_measures;
	const struct like *likes;
	const struct comment *comments;
	const struct piece_measure
		*measures; /* of the post and its comments; their clocks are the reader's to ask */
};
/* From the cache; borrowed until unlock; NULL when it is not there. [locked] */
const struct piece *world_piece(const struct world *world, post_id id);
/* Filling: take the stamp before the store's snapshot is opened, then offer what was read there. A change committed
 * meanwhile moves the stamp, and the offer is refused: what is cached is never older than the store. */
uint32_t world_piece_stamp(const struct world *world, post_id id); /* [locked] */
/* Bytes that can be offered before one pushes out another. [locked] */
size_t world_pieces_room(const struct world *world);
size_t world_pieces_bytes(const struct world *world); /* [locked] */
void world_offer_piece(struct world *world, const struct piece *piece,
                       uint32_t stamp); /* copies; takes the write lock */

/* Pieces that say nearly the same, in the order in which that became known: the first one, while it still says it, and those that bear a
 * label or fold for it. */
#define FAMILY_COPIES_MAX 64
struct copy {
	struct status_ref ref;
	person_id by;
	group_id
		group; /* it was written for; 0: none. A door's question is spared where v is neither friend nor member */
	measure_id since; /* 0: the first */
};
struct family {
	int64_t id; /* number of the first one's screening */
	size_t n;
	const struct copy *copies; /* at most FAMILY_COPIES_MAX: the earliest */
};
/* As with pieces: borrowed until unlock, NULL when it is not there; the stamp moves with any change of any family. [locked] */
const struct family *world_family(const struct world *world, int64_t id);
uint64_t world_family_stamp(const struct world *world); /* [locked] */
void world_offer_family(struct world *world, const struct family *family,
                        uint64_t stamp); /* copies; takes the write lock */

/* Changes, each from `after` alone; they take the write lock themselves. */
void world_set_person(struct world *world, const struct person *person,
                      str handle_key); /* copies; also new ones */
void world_set_tie(struct world *world, person_id a, person_id b, bool on, int64_t at_ms);
void world_set_block(struct world *world, person_id a, person_id b, bool on);
void world_set_hide(struct world *world, person_id a, person_id b, enum hide_kind kind, bool on);
void world_set_limited(struct world *world, person_id a, const struct limited *limited);
void world_set_sifts(struct world *world, person_id a, bool on);
void world_set_hush(struct world *world, person_id reader, post_id post, bool on);
void world_set_list(struct world *world, const struct list *list); /* new, or deleted = true */
void world_set_list_member(struct world *world, person_id owner, list_id list, person_id member,
                           bool on);
void world_set_group(struct world *world,
                     const struct group *group); /* copies: new, changed, or deleted = true */
void world_set_group_member(struct world *world, group_id group, person_id member, bool on,
                            int64_t at_ms);
void world_add_post(struct world *world, const struct post_gate *gate); /* copies */
/* These two: whether the post was in its author's ring, so that those who saw it were told; else live_gone is the verb's. */
bool world_delete_post(struct world *world, person_id author, post_id id);
/* Narrowed: counts as taken back, since some who saw it do no longer. */
bool world_set_audience(struct world *world, person_id author, post_id id,
                        const struct audience *audience);
/* Its words or measures, or those of a comment of it, are others now: they are read from the store again. */
void world_change_piece(struct world *world, post_id post);
/* A measure on a copy begins or ends; beside world_change_piece, which comes after world_set_held: who could see a comment is known from
 * what is kept. 0: of no family. */
void world_change_family(struct world *world, int64_t family);
/* From before a write until it is answered, where words and audience change in one step: meanwhile nobody is shown the words on the
 * word of the audience before, since they are kept by no cache and come from the store with their own gate. */
void world_begin_change(struct world *world, post_id post);
void world_end_change(struct world *world, post_id post);
/* held_until 0 lets it appear. `comment` 0: the post itself. */
void world_set_held(struct world *world, person_id post_author, post_id post, comment_id comment,
                    int64_t held_until_ms);
void world_add_comment(struct world *world, const struct comment *comment);
void world_delete_comment(struct world *world, person_id post_author, post_id post,
                          comment_id comment);
void world_set_like(struct world *world, const struct like *like, bool on);

#endif
