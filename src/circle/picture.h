/* picture.h - pictures brought, shown and taken away.
 *
 * Files lie in DIR/media by content (circle/picture_files.h). A row of store/pictures.h is what makes them exist: the files go when no
 * row names their content any more. Whoever brings a picture has it developed and written, whether or not the same bytes are here
 * already: nobody can find out what others have. */
#ifndef KITH_CIRCLE_PICTURE_H
#define KITH_CIRCLE_PICTURE_H

#include "circle/circle.h"
#include "model/media.h"
#include "model/person.h"
#include "model/post.h"

/* With the circle: the folder, and what is lately known of rows. */
MUST_CHECK err album_open(const char *folder, struct album **out);
void album_close(struct album **album); /* accepts NULL */

/* Why no picture can be brought here, or NULL: no confinement on this machine. */
const char *picture_refusal(const struct circle *c);

/* From the bytes of a file to an unused picture of `owner`: developed, written to disk and synced, then a row. ERR_INPUT field
 * "file" says what is wrong with it; ERR_LIMIT with too many unused ones; ERR_BUSY when too many are under way or the disk is full.
 * `about`: alt text, field "description". */
MUST_CHECK err picture_bring(struct circle *c, person_id owner, str bytes, str about,
                             int64_t now_ms, struct arena *mem, struct media *out);
/* The owner's own, used or not: for the upload's status. */
MUST_CHECK err picture_find(struct circle *c, person_id owner, media_id id, struct arena *mem,
                            struct media *out);
/* Of an unused one: what others read is judged when they get to read it, so a used one's words change with its post (ERR_CONFLICT). */
MUST_CHECK err picture_set_about(struct circle *c, person_id owner, media_id id, str about,
                                 struct arena *mem, struct media *out);
/* An unused one is taken back; ERR_CONFLICT when it is in use. */
MUST_CHECK err picture_drop(struct circle *c, person_id owner, media_id id);
/* The owner's picture or cover (`use`) from now on; id 0 takes it away. The one before is erased. ERR_INPUT field "kith_avatar_id" or
 * "kith_cover_id" when it is not theirs, used for something else, or would be held. */
MUST_CHECK err picture_wear(struct circle *c, person_id me, media_id id, enum media_use use,
                            int64_t now_ms, struct arena *mem, struct person *out);

/* The door of every fetch: an open descriptor of the file, the caller's to close. ERR_MISSING for what v may not see, is gone, or
 * never was. A steward who reviews a held post sees its pictures; each look is written down first. May wait for the store. */
MUST_CHECK err picture_open(struct circle *c, person_id v, media_id id, enum media_size size,
                            enum media_format format, int64_t now_ms, int *fd, size_t *bytes);

/* ERR_LIMIT field "description" when it is too long; empty is fine. */
MUST_CHECK err picture_check_about(str about);

/* --- with posts --- */

/* What the author means to show, in this order, for screening before the transaction; what is not theirs or not there is left out,
 * which picture_arrange refuses later. */
MUST_CHECK err picture_intended(struct circle *c, person_id author, const media_id *ids, size_t n,
                                struct arena *mem, struct media **out, size_t *n_out);
/* In the transaction of a post: its pictures are these, in this order. What it had and is not named is taken away: into `gone`, for
 * picture_after. ERR_INPUT field "media_ids" when one is not the author's, not there, or used elsewhere, or comes twice. */
struct picture_change {
	struct media *now, *gone; /* as many as n_now, n_gone */
	size_t n_now, n_gone;
};
MUST_CHECK err picture_arrange(struct conn *tx, person_id author, post_id post, const media_id *ids,
                               size_t n, struct arena *mem, struct picture_change *out);
/* Whether these show the same: pictures, their order and the words for them. What was judged may be something else by the time it is
 * written. */
bool picture_same(const struct media *a, size_t n_a, const struct media *b, size_t n_b);
/* In the transaction, before the post goes: `gone` is all it has. */
MUST_CHECK err picture_leave(struct conn *tx, person_id author, post_id post, struct arena *mem,
                             struct picture_change *out);
/* On the writer's thread, after the commit: rows are looked up anew, and files that nothing names any more are erased. */
void picture_after(struct circle *c, const struct picture_change *change);

/* Unused ones past their time, and, first and then once a day, files that no row names. Run every minute. */
MUST_CHECK err picture_sweep(struct circle *c, int64_t now_ms);

#endif
