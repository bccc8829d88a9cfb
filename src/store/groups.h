/* groups.h - tables groups, group_members, group_posts, under the group. A deleted group is a row without words, members or posts. */
#ifndef KITH_STORE_GROUPS_H
#define KITH_STORE_GROUPS_H

#include "model/group.h"
#include "model/post.h"
#include "store/store.h"

MUST_CHECK err groups_insert(struct conn *tx, const struct group *group);
/* Title, about and owner as given: ERR_MISSING when it is not there or deleted. */
MUST_CHECK err groups_update(struct conn *tx, const struct group *group);
MUST_CHECK err groups_delete(struct conn *tx, group_id id, int64_t at_ms);
MUST_CHECK err groups_find(struct conn *conn, group_id id, struct arena *mem,
                           struct group *out); /* deleted ones too */

/* Puts in, or replaces what was there. */
MUST_CHECK err group_members_set(struct conn *tx, group_id group,
                                 const struct group_member *member);
MUST_CHECK err group_members_remove(struct conn *tx, group_id group,
                                    person_id person); /* fine when not there */
/* The open invitations one person made. */
MUST_CHECK err group_members_withdraw(struct conn *tx, group_id group, person_id invited_by);
/* GROUP_NONE when there is no row. */
MUST_CHECK err group_members_find(struct conn *conn, group_id group, person_id person,
                                  struct group_member *out);
/* Those in one state, the longest-standing first; at most GROUP_MEMBERS_MAX. */
MUST_CHECK err group_members_of(struct conn *conn, group_id group, enum group_state state,
                                struct arena *mem, struct group_member **out, size_t *n);
MUST_CHECK err group_members_count(struct conn *conn, group_id group, int *out); /* invited too */

/* Groups where a person is in one state, newest first. */
MUST_CHECK err groups_of(struct conn *conn, person_id person, enum group_state state, int limit,
                         struct arena *mem, group_id **out, size_t *n);
MUST_CHECK err groups_count(struct conn *conn, person_id person, enum group_state state, int *out);

/* All living groups, then all who are members, for start-up. */
MUST_CHECK err groups_each(struct conn *conn, err (*each)(const struct group *, void *ctx),
                           void *ctx);
MUST_CHECK err group_members_each(struct conn *conn,
                                  err (*each)(group_id, const struct group_member *, void *ctx),
                                  void *ctx);

/* Posts for the group: kept by posts_insert and posts_delete. */
MUST_CHECK err group_posts_add(struct conn *tx, group_id group, person_id author, post_id post);
MUST_CHECK err group_posts_remove(struct conn *tx, group_id group, post_id post);
/* Places of posts with id in (after, before), newest first, or with `oldest_first` the ones just above `after`. A `before` of 0 sets no
 * bound. */
MUST_CHECK err group_posts_of(struct conn *conn, group_id group, post_id after, post_id before,
                              bool oldest_first, int limit, struct arena *mem,
                              struct status_ref **out, size_t *n);

#endif
