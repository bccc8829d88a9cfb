/* status_call.h - a status in a request: what the handlers of posts and comments share. */
#ifndef KITH_API_STATUS_CALL_H
#define KITH_API_STATUS_CALL_H

#include "api/entity.h"

/* The status a path names, wherever it leads. */
MUST_CHECK err status_of_path(const struct call *c, struct status_ref *ref);
/* Before a write about a status: what one may not see is as quickly absent as what never was. The write asks the door
 * again inside its transaction; this keeps its work and its time from telling that there is something. */
MUST_CHECK err status_check_seen(const struct call *c, const struct status_ref *ref);

typedef err post_writer(struct call *c, struct buf *b, const struct seen_post *post);
typedef err comment_writer(struct call *c, struct buf *b, const struct seen_comment *comment);
/* By the writer of its kind. */
MUST_CHECK err status_add(struct call *c, const struct status_ref *ref, post_writer *write_post,
                          comment_writer *write_comment);
MUST_CHECK err status_send(struct call *c, const struct status_ref *ref);

/* `kith_card`: {url, title, about}. Empty when absent or null. */
MUST_CHECK err status_card(const struct call *c, struct card *card);
/* What other servers have and a circle has not is refused by name, so that nothing is lost in silence. */
MUST_CHECK err status_refuse_foreign(const struct call *c);

#endif
