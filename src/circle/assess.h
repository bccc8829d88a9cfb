/* assess.h - texts of other platforms, judged for whoever holds a token for it. Nothing is stored: what was seen before lives in
 * memory, a past of its own for each token, for the ASSESS_TOKENS that were used last. */
#ifndef KITH_CIRCLE_ASSESS_H
#define KITH_CIRCLE_ASSESS_H

#include "circle/circle.h"
#include "model/facts.h"
#include "model/id.h"
#include "model/verdict.h"

#define ASSESS_TOKENS 8
#define ASSESS_ITEMS_MAX 1000

struct platforms;

struct platforms *assess_open(void); /* NULL when there is no memory */
void assess_close(struct platforms *platforms);

/* In order: what one author wrote is known to the next, in this batch and the ones before it. Without an author or a time near-copies and
 * windows see nothing. `each` is given one verdict after the other, in memory that is gone when it returns. Batches of one token
 * take turns. ERR_BUSY when ASSESS_TOKENS others are at work, or nothing is screened here. */
MUST_CHECK err assess_batch(struct circle *c, session_id token, const struct facts *facts, size_t n,
                            void (*each)(void *ctx, size_t i, const struct verdict *verdict),
                            void *ctx);

#endif
