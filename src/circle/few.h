/* few.h - counts as they are published: one to four people or pieces are "fewer than 5" and nothing more.
 *
 * A table of such counts must not give them away by what stands beside them. A total is therefore the range that the shown
 * counts leave, which anybody could reckon from them; and where parts make up a whole, each is rounded down to fives by itself, so that
 * the whole less the others says no more than the part does. */
#ifndef KITH_CIRCLE_FEW_H
#define KITH_CIRCLE_FEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FEW 5

static inline bool few_hides(int64_t n) { return n > 0 && n < FEW; }

/* As JSON: the number, or "<5". */
void few_json(struct buf *b, int64_t n);
/* Of the parts of a whole: down to a multiple of five, or "<5"; 0 stays 0. */
void few_json_about(struct buf *b, int64_t n);

/* A total of counts that are shown by few_json: from and to are equal when none of them is hidden. */
struct few_total {
	int64_t from, to;
};
void few_add(struct few_total *total, int64_t n);
/* The number, "<5", or {"from","to"}. */
void few_json_total(struct buf *b, const struct few_total *total);

#endif
