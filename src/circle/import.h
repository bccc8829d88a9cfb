/* import.h - an archive of kith (circle/export.h) becomes posts, tags and pictures of somebody here.
 *
 * Everything is new: ids, pictures drawn again, words judged again. Friends are asked, never made. An audience that cannot be
 * rebuilt as narrow as it was becomes the author alone: one for a group, one that a post narrowed from, one that keeps out people or tags
 * not all of whom are friends here, one for tags that have others in them here, and what was held. The range becomes the narrower of
 * the two, and whom the author kept from theirs is kept from it here. Done again it adds nothing: posts are known by the ids they had. */
#ifndef KITH_CIRCLE_IMPORT_H
#define KITH_CIRCLE_IMPORT_H

#include "circle/circle.h"
#include "model/id.h"

#define IMPORT_BYTES_MAX (INT64_C(512) << 20) /* the zip; and eight times that of what is in it */
#define IMPORT_POSTS_MAX 100000

struct import_report {
	int posts, pictures, tags, asked;
	int alone; /* of the posts: for the author alone now, and for more people before */
	int skipped; /* pieces that are here already or could not be taken, pictures that could not be opened */
};

/* One at a time for the whole circle: ERR_BUSY. ERR_INPUT field "file" for what is no archive of kith; what was taken before an error
 * stays, and a second try goes on. `stopped` (may be NULL) is asked between posts. */
MUST_CHECK err import_take(struct circle *c, person_id me, str zip, int64_t now_ms,
                           bool (*stopped)(void *ctx), void *ctx, struct import_report *out);

#endif
