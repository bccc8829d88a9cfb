/* copies.h - the near-copy index of `past`: which earlier pieces a piece resembles, and who wrote the first of them.
 *
 * Bounded in everything: 32 + 8 bytes a piece in a ring and four slots in a table of one size for it, about 59 bytes a piece
 * when full; eight buckets of sixteen slots looked at a question. A piece joins the cluster of the earliest piece by somebody
 * else that it resembles. While the index is smaller than its maximum it also keeps the band hashes, to grow by.
 *
 * The table holds hints alone: what they point at is verified by its minima, so a stale one costs a look and no mistake. In a
 * bucket that is full of one cluster the earliest stay and the newest is replaced, so that the cluster can be found as long as
 * a member of it lives. */
#ifndef KITH_INTEGRITY_BEHAVIOUR_COPIES_H
#define KITH_INTEGRITY_BEHAVIOUR_COPIES_H

#include "integrity/behaviour/past.h"

#define COPIES_DEFAULT 1000000u
#define COPIES_MAX (1u << 23)                  /* serial numbers have 24 bits */
#define COPIES_MS_MAX (INT64_C(21) * 86400000) /* instants are kept as 32 bits of milliseconds */
#define COPY_AUTHORS_MAX 32                    /* of one cluster, the latest; a count stops there */
#define COPY_DEPTH_MAX 127

struct copies;

struct copies *copies_new(uint32_t max, int64_t keep_ms); /* NULL when there is no memory */
void copies_free(struct copies *c);
/* What of earlier pieces, by event time in (at_ms - keep_ms, at_ms], resembles this one. */
void copies_find(const struct copies *c, const struct past_question *q, struct copy_reading *out);
/* The same, and the piece is remembered. Pieces too short, without a time, or older than what is kept are not. */
void copies_add(struct copies *c, const struct observation *o, struct copy_reading *out);
size_t copies_bytes(const struct copies *c);
uint32_t copies_live(const struct copies *c); /* pieces that are kept now */

#endif
