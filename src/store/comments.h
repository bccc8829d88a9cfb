/* comments.h - tables comments and likes, under the post's author. */
#ifndef KITH_STORE_COMMENTS_H
#define KITH_STORE_COMMENTS_H

#include "model/post.h"
#include "store/store.h"

MUST_CHECK err comments_insert(struct conn *tx,
                               const struct comment *comment); /* with directory row */
MUST_CHECK err comments_find(struct conn *conn, person_id post_author, post_id post, comment_id id,
                             struct arena *mem, struct comment *out);
MUST_CHECK err comments_delete(struct conn *tx, person_id post_author, post_id post, comment_id id,
                               int64_t at_ms); /* erases the text, versions too */
/* Its words, mentions, edited_at_ms and pending.version as they stand here from now on. */
MUST_CHECK err comments_change(struct conn *tx, const struct comment *comment);
MUST_CHECK err comments_set_pending(struct conn *tx, const struct status_ref *ref,
                                    version_id version);
/* All that one person wrote that is not deleted, by place: reads the whole table, for the day they take it along. What `each` is given
 * is taken back from `mem` after it. */
MUST_CHECK err comments_by(struct conn *conn, person_id author, struct arena *mem,
                           err (*each)(const struct comment *comment, void *ctx), void *ctx);
/* The nth latest that this person wrote, from 1, deleted ones too; 0: there are not so many. */
MUST_CHECK err comments_nth_latest(struct conn *conn, person_id author, int nth, comment_id *out);
/* All living comments of a post, oldest first, up to `limit`. */
MUST_CHECK err comments_of(struct conn *conn, person_id post_author, post_id post, int limit,
                           struct arena *mem, struct comment **out, size_t *n);

MUST_CHECK err likes_set(struct conn *tx, const struct like *like, bool *is_new);
MUST_CHECK err likes_clear(struct conn *tx, person_id post_author, post_id post, person_id by);
MUST_CHECK err likes_of(struct conn *conn, person_id post_author, post_id post, int limit,
                        struct arena *mem, struct like **out, size_t *n);
/* Posts this person liked, newest first (index by liker: the one table with a second order). */
MUST_CHECK err likes_by(struct conn *conn, person_id by, int64_t before_ms, int limit,
                        struct arena *mem, struct like **out, size_t *n);

#endif
