/* pdq_index.h - which of many hashes lie within PDQ_COPY_BITS of one: exactly what a linear scan finds, in a fraction of its time.
 *
 * Multi-index hashing: 16 slots of 16 bits; two hashes within 31 bits agree in some slot to within one bit. Source: Norouzi, Punjani,
 * Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012. The newest few thousand are scanned in line until there
 * are enough to be worth sorting in. One writer or many readers; the caller locks. */
#ifndef KITH_INTEGRITY_IMAGE_PDQ_INDEX_H
#define KITH_INTEGRITY_IMAGE_PDQ_INDEX_H

#include "integrity/image/pdq.h"

struct pdq_index;

/* At most `max` hashes (2 to 2^24) are kept; over it the oldest half goes. NULL when there is no memory. */
struct pdq_index *pdq_index_new(uint32_t max);
void pdq_index_free(struct pdq_index *index); /* accepts NULL */
/* `value` is the caller's own and comes back with a match. Aborts without memory. */
void pdq_index_add(struct pdq_index *index, const unsigned char pdq[PDQ_BYTES], uint64_t value);
/* Calls `each` once for every hash within PDQ_COPY_BITS, in no order, until it says false. */
void pdq_index_find(const struct pdq_index *index, const unsigned char pdq[PDQ_BYTES],
                    bool (*each)(uint64_t value, unsigned bits, void *ctx), void *ctx);
uint32_t pdq_index_count(const struct pdq_index *index);
size_t pdq_index_bytes(const struct pdq_index *index);

#endif
