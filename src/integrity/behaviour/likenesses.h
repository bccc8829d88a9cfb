/* likenesses.h - which pictures others have shown before: PDQ hashes of lately shown pictures, by whom and when.
 *
 * A picture of low quality says nothing and is not remembered. One author showing his own again is no copy. */
#ifndef KITH_INTEGRITY_BEHAVIOUR_LIKENESSES_H
#define KITH_INTEGRITY_BEHAVIOUR_LIKENESSES_H

#include <stddef.h>
#include <stdint.h>

#include "model/observation.h"

struct likenesses;

/* At most `max` pictures (2 to 2^24); over it the older half goes. They are compared for `span_ms`. NULL when there is no memory. */
struct likenesses *likenesses_new(uint32_t max, int64_t span_ms);
void likenesses_free(struct likenesses *likenesses); /* accepts NULL */
void likenesses_add(struct likenesses *likenesses, const struct observation *o);
/* Different authors other than `author` who showed one of these pictures within the span up to `at_ms`, as far as 32. */
unsigned likenesses_authors(const struct likenesses *likenesses, uint64_t author, int64_t at_ms,
                            const struct shown_picture *pictures, size_t n);
size_t likenesses_bytes(const struct likenesses *likenesses);

#endif
