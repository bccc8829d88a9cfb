/* rewrite.h - other words in the place of a piece's, and a change of it that waits: let through, stopped, or waiting again. */
#ifndef KITH_CIRCLE_REWRITE_H
#define KITH_CIRCLE_REWRITE_H

#include "circle/circle.h"
#include "model/measure.h"
#include "model/post.h"

/* One piece of either kind. */
struct changing {
	struct status_ref ref;
	struct post post; /* of a comment: its gate alone */
	struct comment comment;
};

bool rewrite_is_comment(const struct changing *x);
person_id rewrite_author(const struct changing *x);
int64_t rewrite_held_until(const struct changing *x);
struct pending rewrite_pending(const struct changing *x);
/* What it says to whoever sees it. */
struct version rewrite_said(const struct changing *x);
/* ERR_MISSING when it is gone. */
MUST_CHECK err rewrite_load(struct conn *conn, const struct status_ref *ref, struct arena *mem,
                            struct changing *x);
/* `next` becomes what it says, nothing waits any more, and who is newly named is told. */
MUST_CHECK err rewrite_put(struct circle *c, struct conn *tx, struct changing *x,
                           const struct version *next, int64_t now_ms, struct arena *mem);
MUST_CHECK err rewrite_set_pending(struct conn *tx, const struct changing *x, version_id version);

/* What a hold on a change (measure.version) comes to, in the transaction that ends it. ERR_MISSING when its piece is gone or its author
 * has gone on: then there is nothing to let through or to stop. */
MUST_CHECK err rewrite_waits(struct conn *conn, const struct measure *m, struct arena *mem);
/* One that waits, or was stopped and is the author's latest, becomes what shows; world_change_piece is to follow. */
MUST_CHECK err rewrite_show(struct circle *c, struct conn *tx, const struct measure *m,
                            int64_t now_ms, struct arena *mem);
MUST_CHECK err rewrite_stop(struct conn *tx, const struct measure *m, struct arena *mem);
/* The decision is taken back: it waits again, and where it was shown the words before it show. */
MUST_CHECK err rewrite_wait_again(struct circle *c, struct conn *tx, const struct measure *m,
                                  int64_t now_ms, struct arena *mem);

#endif
