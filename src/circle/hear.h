/* hear.h - how far a person has listened: notices put away, and markers of what was read. Reading: circle/read.h. */
#ifndef KITH_CIRCLE_HEAR_H
#define KITH_CIRCLE_HEAR_H

#include "circle/circle.h"
#include "model/notice.h"
#include "model/post.h"
#include "store/notices.h"

MUST_CHECK err hear_dismiss(struct circle *c, person_id me,
                            notice_id id); /* fine when it is not there */
MUST_CHECK err hear_clear(struct circle *c, person_id me);
/* The post a reference leads to, which must be visible: of later comments by others the reader hears no more, or again. Answers to
 * them, mentions and likes go on. */
MUST_CHECK err hear_hush(struct circle *c, person_id me, const struct status_ref *ref,
                         int64_t now_ms);
MUST_CHECK err hear_unhush(struct circle *c, person_id me, const struct status_ref *ref,
                           int64_t now_ms);
/* `timeline` is "home" or "notifications"; ERR_MISSING when never set. */
MUST_CHECK err hear_marker(struct circle *c, person_id me, str timeline, struct marker *out);
/* How many notices of these kinds (1 << notice_kind) after the marker may be seen now, at most `most`: a count of what is not
 * shown would tell of it. */
MUST_CHECK err hear_unread(struct circle *c, person_id me, unsigned kinds, int most, int64_t now_ms,
                           struct arena *mem, size_t *n);
MUST_CHECK err hear_set_marker(struct circle *c, person_id me, str timeline, int64_t last_read_id,
                               int64_t now_ms, struct marker *out);

#endif
