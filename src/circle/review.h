/* review.h - the order's first room: what is held, why, and a steward's decision. */
#ifndef KITH_CIRCLE_REVIEW_H
#define KITH_CIRCLE_REVIEW_H

#include "circle/exhibit.h"

/* On me, newest first. */
MUST_CHECK err review_mine(struct circle *c, person_id me, struct page page, int64_t now_ms,
                           struct arena *mem, struct seen_measure **out, size_t *n);
/* One of them: ERR_MISSING when it is not on me. */
MUST_CHECK err review_mine_one(struct circle *c, person_id me, measure_id id, int64_t now_ms,
                               struct arena *mem, struct seen_measure *out);
/* What waits, oldest first, for this steward: none that they are a party to. Writes an access row for each. ERR_DENIED for others. */
MUST_CHECK err review_queue(struct circle *c, person_id steward, int limit, int64_t now_ms,
                            struct arena *mem, struct seen_measure **out, size_t *n);
/* Release makes the piece appear at once; keep leaves it held without end. ERR_CONFLICT when decided already, ERR_MISSING
 * on one's own or when its author has taken it back, ERR_DENIED for others than stewards. */
MUST_CHECK err review_decide(struct circle *c, person_id steward, measure_id id, bool release,
                             str note, int64_t now_ms, struct arena *mem, struct seen_measure *out);
/* Pieces held because screening failed are screened again. Run every minute. */
MUST_CHECK err review_rescreen(struct circle *c, int64_t now_ms);

#endif
