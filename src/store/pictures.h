/* pictures.h - table media, under the owner, and media_refs, the directory from an id to its owner.
 *
 * Rows alone: the files are circle/picture.h's. */
#ifndef KITH_STORE_PICTURES_H
#define KITH_STORE_PICTURES_H

#include "model/media.h"
#include "store/store.h"

MUST_CHECK err pictures_insert(struct conn *tx,
                               const struct media *media); /* and its directory row */
MUST_CHECK err pictures_find(struct conn *conn, person_id owner, media_id id, struct arena *mem,
                             struct media *out);
/* ERR_MISSING for an id never given; of a deleted picture the owner is still known. */
MUST_CHECK err pictures_owner(struct conn *conn, media_id id, person_id *out);
/* By position, at most MEDIA_MAX. */
MUST_CHECK err pictures_of_post(struct conn *conn, person_id owner, post_id post, struct arena *mem,
                                struct media **out, size_t *n);
/* Everything of one person, by id. */
MUST_CHECK err pictures_of(struct conn *conn, person_id owner, media_id after, int limit,
                           struct arena *mem, struct media **out, size_t *n);
MUST_CHECK err pictures_count_unused(struct conn *conn, person_id owner, int *out);
/* Unused ones made before an instant, oldest first. */
MUST_CHECK err pictures_expired(struct conn *conn, int64_t before_ms, int limit, struct arena *mem,
                                struct media **out, size_t *n);
/* What it is used for from now on, and where: ERR_MISSING when it is not there. */
MUST_CHECK err pictures_use_for(struct conn *tx, person_id owner, media_id id, enum media_use use,
                                post_id post, int position);
MUST_CHECK err pictures_set_about(struct conn *tx, person_id owner, media_id id, str about);
MUST_CHECK err pictures_delete(struct conn *tx, person_id owner,
                               media_id id); /* fine when it is gone already */
/* Each content that any row names, once. */
MUST_CHECK err pictures_each_content(struct conn *conn,
                                     err (*each)(const unsigned char content[MEDIA_CONTENT_BYTES],
                                                 void *ctx),
                                     void *ctx);
/* Whether any row names this content: else its files may go. */
MUST_CHECK err pictures_has_content(struct conn *conn,
                                    const unsigned char content[MEDIA_CONTENT_BYTES], bool *out);

#endif
