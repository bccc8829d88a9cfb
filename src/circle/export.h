/* export.h - everything of one person's in a zip they can read and take along: ActivityStreams 2 as JSON, pictures, and a page.
 *
 * What is theirs is there as it is, what is held and what waits included. What others wrote or did under their posts is there as far
 * as they may see it now, through the door. Source: W3C, "Activity Streams 2.0" and "Activity Vocabulary", 2017. */
#ifndef KITH_CIRCLE_EXPORT_H
#define KITH_CIRCLE_EXPORT_H

#include "circle/parcel.h"
#include "circle/circle.h"
#include "circle/see_store.h"
#include "model/person.h"

/* To an open file. `stopped` (may be NULL) is asked between posts: true ends it with ERR_BUSY. ERR_MISSING for nobody and for who was
 * erased. */
MUST_CHECK err export_write(struct circle *c, person_id person, int fd, int64_t now_ms,
                            bool (*stopped)(void *ctx), void *ctx);

/* One that is being written: for the files of export alone. */
struct exporting {
	struct circle *c;
	struct conn *conn; /* one snapshot for all of it */
	struct see_store facts;
	struct see_source see;
	struct parcel *zip;
	struct arena *mem;
	struct person me;
	int64_t now_ms;
	bool (*stopped)(void *ctx);
	void *ctx;
};

/* Their posts, newest first, each with an arena mark of its own. */
MUST_CHECK err export_each_post(struct exporting *x,
                                err (*each)(struct exporting *, struct post *));
/* Likes and comments on it that they may see. */
MUST_CHECK err export_likes(struct exporting *x, const struct post *post, struct like **out,
                            size_t *n);
MUST_CHECK err export_comments(struct exporting *x, const struct post *post, struct comment **out,
                               size_t *n);
/* Handle and name; of who is not there for them, both empty. */
MUST_CHECK err export_name(struct exporting *x, person_id id, struct person *out);
/* "media/123.jpeg" */
str export_picture_name(struct exporting *x, media_id id);
/* appeals.json, and juries.json of who was a juror: export_appeals.c. */
MUST_CHECK err export_appeals(struct exporting *x);
/* index.html: to be opened without a server. */
MUST_CHECK err export_page(struct exporting *x);

#endif
