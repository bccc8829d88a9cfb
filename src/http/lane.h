/* lane.h - a bounded queue with its own threads, for work that may wait.
 *
 * A place is reserved before the work is handed over, so that handing over cannot fail. */
#ifndef KITH_HTTP_LANE_H
#define KITH_HTTP_LANE_H

#include "base/err.h"

#include <stddef.h>

struct lane;

/* `work(item)` runs on one of `threads` threads; at most `queue_max` items wait while all are busy.
 */
MUST_CHECK err lane_open(unsigned threads, unsigned queue_max, void (*work)(void *item),
                         struct lane **out);
/* A place for one item: false when the queue is full or closing. */
bool lane_reserve(struct lane *lane);
/* Uses up a reserved place. */
void lane_put(struct lane *lane, void *item);
/* Finishes everything handed over, then ends the threads. Accepts NULL. */
void lane_close(struct lane *lane);

#endif
