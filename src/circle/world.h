/* world.h - the circle in memory: what the door asks at every read, and the newest posts of everyone.
 *
 * People, ties, blocks, hides and tags whole; per author a ring of the newest post gates; a bounded cache of the
 * reactions (likes, comments) of posts lately looked at. A mirror of the store, never ahead of it: loaded at start,
 * changed only from the `after` step of a committed write, on the writer thread, in commit order. Readers take the
 * lock for the length of one question; writers for one change. */
#ifndef KITH_CIRCLE_WORLD_H
#define KITH_CIRCLE_WORLD_H

#include "circle/see.h"
#include "model/friendship.h"
#include "store/store.h"
#include "store/ties.h"

struct world;

#define WORLD_RING 32 /* newest posts kept per author; older ones come by SQL */

MUST_CHECK err world_load(struct store *store, struct log *log, struct world **out);
void world_free(struct world *world);

/* Readers: everything below marked [locked] wants this held, briefly. */
void world_lock(const struct world *world);
void world_unlock(const struct world *world);

struct see_source world_source(const struct world *world); /* [locked] */
/* Borrowed until unlock; NULL when nobody. [locked] */
const struct person *world_person(const struct world *world, person_id id);
/* By folded handle (circle/handle.h). [locked] */
const struct person *world_person_by_key(const struct world *world, str handle_key);
/* Friends of mine (my ties), ascending by id; borrowed until unlock. [locked] */
const person_id *world_ties(const struct world *world, person_id a, size_t *n);
bool world_hides_theirs(const struct world *world, person_id a, person_id b); /* [locked] */

/* Changes, each from `after` alone; they take the write lock themselves. */
void world_set_person(struct world *world, const struct person *person, str handle_key); /* copies; also new ones */
void world_set_tie(struct world *world, person_id a, person_id b, bool on, int64_t at_ms);
void world_set_block(struct world *world, person_id a, person_id b, bool on);
void world_set_hide(struct world *world, person_id a, person_id b, enum hide_kind kind, bool on);
void world_set_list(struct world *world, const struct list *list); /* new, or deleted = true */
void world_set_list_member(struct world *world, person_id owner, list_id list, person_id member, bool on);
void world_add_post(struct world *world, const struct post_gate *gate); /* copies */
void world_delete_post(struct world *world, person_id author, post_id id);
/* held_until 0 lets it appear. `comment` 0: the post itself. */
void world_set_held(struct world *world, person_id post_author, post_id post, comment_id comment, int64_t held_until_ms);
void world_add_comment(struct world *world, const struct comment *comment);
void world_delete_comment(struct world *world, person_id post_author, post_id post, comment_id comment);
void world_set_like(struct world *world, const struct like *like, bool on);

#endif
