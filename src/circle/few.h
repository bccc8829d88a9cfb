/* few.h - counts as they are published: one to four people or pieces are "fewer than 5" and nothing more.
 *
 * A table of such counts must not give them away by what stands beside them. Where parts make up a whole, each is therefore rounded down
 * to fives by itself, so that the whole less the others says no more than the part does; where several tables belong together, so that
 * anything could be a part of anything, none is told from one to four either. A total is the range that the shown counts leave, which
 * anybody could reckon from them. */
#ifndef KITH_CIRCLE_FEW_H
#define KITH_CIRCLE_FEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FEW 5

static inline bool few_hides(int64_t n) { return n > 0 && n < FEW; }

/* Of the parts of a whole: down to a multiple of five, or "<5"; 0 stays 0. */
void few_json_about(struct buf *b, int64_t n);

/* Of tables that belong together: at least so many, and four more at most. */
static inline int64_t few_sure(int64_t n) { return n / FEW * FEW; }
/* That number; "<5" is none too. */
void few_json_sure(struct buf *b, int64_t n);

/* A total of counts that are shown by few_json_sure: from and to are equal when there are none. */
struct few_total {
	int64_t from, to;
};
void few_add(struct few_total *total, int64_t n);
/* 0 of no counts, "<5", or {"from","to"}. */
void few_json_total(struct buf *b, const struct few_total *total);

#endif
