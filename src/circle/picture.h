/* picture.h - pictures brought, shown and taken away.
 *
 * Files lie in DIR/media/ by content: `ab/cdef….small.webp`. A row of store/pictures.h is what makes them exist: the files go when no row
 * names their content any more, on the writer's thread, so that nobody can bring the same picture meanwhile. */
#ifndef KITH_CIRCLE_PICTURE_H
#define KITH_CIRCLE_PICTURE_H

#include "circle/circle.h"
#include "model/media.h"
#include "model/post.h"

/* Why no picture can be brought here, or NULL: no confinement on this machine. */
const char *picture_refusal(const struct circle *c);

/* From a file of `bytes` bytes to an unused picture of `owner`: developed, written to disk and synced, then a row. ERR_INPUT field
 * "file" says what is wrong with it; ERR_LIMIT with too many unused ones. `about`: alt text. */
MUST_CHECK err picture_bring(struct circle *c, person_id owner, int fd, size_t bytes, str about,
                             int64_t now_ms, struct arena *mem, struct media *out);
/* The owner's own, used or not: for the upload's status. */
MUST_CHECK err picture_find(struct circle *c, person_id owner, media_id id, struct arena *mem,
                            struct media *out);
MUST_CHECK err picture_set_about(struct circle *c, person_id owner, media_id id, str about,
                                 struct arena *mem, struct media *out);
/* An unused one is taken back; ERR_CONFLICT when it is in use. */
MUST_CHECK err picture_drop(struct circle *c, person_id owner, media_id id);
/* The owner's picture or cover (`use`) from now on; id 0 takes it away. The one before is erased. */
MUST_CHECK err picture_wear(struct circle *c, person_id me, media_id id, enum media_use use,
                            int64_t now_ms, struct arena *mem, struct person *out);

/* The door of every fetch: an open descriptor of the file, the caller's to close. ERR_MISSING for what v may not see, is gone, or
 * never was. */
MUST_CHECK err picture_open(struct circle *c, person_id v, media_id id, enum media_size size,
                            enum media_format format, int64_t now_ms, int *fd, size_t *bytes);

/* In the transaction of a post: these pictures, in this order, become its own. ERR_INPUT field "media_ids" when one is not the
 * author's, not there, or used already. */
MUST_CHECK err picture_attach(struct conn *tx, person_id author, post_id post, const media_id *ids,
                              size_t n, struct arena *mem, struct media **out);
/* On the writer's thread after a commit that took rows away: files nothing names any more are erased. */
void picture_erase(struct circle *c, const struct media *gone, size_t n);

/* Unused ones past their time, and files that no row names. Run every minute; the walk over the files once a day. */
MUST_CHECK err picture_sweep(struct circle *c, int64_t now_ms);

#endif
