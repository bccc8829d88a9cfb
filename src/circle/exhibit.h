/* exhibit.h - a measure and the piece it is on, as whoever judges it gets to see both: the piece alone. */
#ifndef KITH_CIRCLE_EXHIBIT_H
#define KITH_CIRCLE_EXHIBIT_H

#include "circle/circle.h"
#include "circle/read.h"
#include "model/measure.h"

/* A measure with the words it speaks of; `text` is empty when the piece is gone. The piece alone: no likes, answers or
 * mentions, and an audience for its author only. `subject` has the handle and the name, not the note. */
struct seen_measure {
	struct measure measure;
	str text;
	bool has_post, has_comment;
	struct seen_post post;
	struct seen_comment comment;
	struct person subject;
};

/* `own`: for its subject, who also sees whom it is for. Whether the reader may see it at all is for the caller to know. */
MUST_CHECK err exhibit(struct circle *c, struct conn *conn, const struct measure *m, bool own,
                       int64_t now_ms, struct arena *mem, struct seen_measure *out);
/* The same without the piece: what was done, by which rule. */
void exhibit_bare(const struct circle *c, const struct measure *m, int64_t now_ms,
                  struct arena *mem, struct seen_measure *out);
/* What somebody reported, as exhibit shows a piece: `out->measure` is on it and says nothing else. */
MUST_CHECK err exhibit_piece(struct circle *c, struct conn *conn, const struct status_ref *piece,
                             int64_t now_ms, struct arena *mem, struct seen_measure *out);
/* Handle and name; an id alone of whom there is nobody. */
struct person exhibit_person(const struct circle *c, person_id id, struct arena *mem);

#endif
