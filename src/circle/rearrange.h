/* rearrange.h - the pictures of a post that is there already: other ones, in another order, with other words. */
#ifndef KITH_CIRCLE_REARRANGE_H
#define KITH_CIRCLE_REARRANGE_H

#include "circle/picture.h"
#include "circle/publish.h"

/* What is meant, worked out before the transaction from the post as it was. */
struct rearrangement {
	const struct media *had;
	struct media *next; /* with their new words */
	size_t n_had, n_next;
	bool changes;
	bool shows_new; /* a picture or words that were not there: they are judged */
};

/* ERR_INPUT field "media_ids" or "media_attributes". */
MUST_CHECK err rearrange_plan(struct conn *conn, const struct post *post,
                              const struct picture_draft *draft, struct arena *mem,
                              struct rearrangement *out);
/* Whether the post has still what the plan was made from. */
bool rearrange_holds(const struct rearrangement *plan, const struct post *post);
/* In the transaction: rows, and how many the post has; what it had and has no more goes with picture_after. */
MUST_CHECK err rearrange_write(struct conn *tx, const struct post *post,
                               const struct rearrangement *plan, int64_t now_ms, struct arena *mem,
                               struct picture_change *out);

#endif
