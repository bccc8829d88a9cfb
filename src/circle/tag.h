/* tag.h - private tags: groups of one's own friends that nobody else knows of.
 *
 * Titles 1..LIST_TITLE_MAX; at most LISTS_MAX; members must be friends when added. ERR_MISSING for a tag that is not
 * mine or is deleted. */
#ifndef KITH_CIRCLE_TAG_H
#define KITH_CIRCLE_TAG_H

#include "circle/circle.h"
#include "model/audience.h"
#include "model/friendship.h"

/* The title of `out` borrows `title`. */
MUST_CHECK err tag_create(struct circle *c, person_id me, str title, int64_t now_ms,
                          struct list *out);
MUST_CHECK err tag_rename(struct circle *c, person_id me, list_id id, str title);
/* Leaves a tombstone: posts that excluded it go on excluding its people. */
MUST_CHECK err tag_delete(struct circle *c, person_id me, list_id id);
MUST_CHECK err tag_find(struct circle *c, person_id me, list_id id, struct arena *mem,
                        struct list *out);
MUST_CHECK err tag_all(struct circle *c, person_id me, struct arena *mem, struct list **out,
                       size_t *n);
MUST_CHECK err tag_members(struct circle *c, person_id me, list_id id, struct arena *mem,
                           person_id **out, size_t *n); /* friends now */
/* All or nobody: ERR_INPUT field "account_ids" when one is no friend of mine. */
MUST_CHECK err tag_add(struct circle *c, person_id me, list_id id, const person_id *people,
                       size_t n);
MUST_CHECK err tag_remove(struct circle *c, person_id me, list_id id, const person_id *people,
                          size_t n);
MUST_CHECK err tag_of_person(struct circle *c, person_id me, person_id other, struct arena *mem,
                             struct list **out, size_t *n);
/* How many of my friends (my ties) the audience admits, or of a group's other members that I see: own data only, so it tells nothing of
 * others. */
MUST_CHECK err tag_audience_count(struct circle *c, person_id me, const struct audience *audience,
                                  int *out);

#endif
