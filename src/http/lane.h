/* lane.h - a bounded queue with its own threads, for work that may wait.
 *
 * A place is reserved before the work is handed over, so that handing over cannot fail. */
#ifndef KITH_HTTP_LANE_H
#define KITH_HTTP_LANE_H

#include "base/err.h"

#include <stddef.h>

struct lane;

/* `work(item)` runs on one of `threads` threads; at most `queue_max` items wait for one. */
MUST_CHECK err lane_open(unsigned threads, unsigned queue_max, void (*work)(void *item),
                         struct lane **out);
/* A place for one item: false when the queue is full or the lane ends. */
bool lane_reserve(struct lane *lane);
/* Uses up a reserved place. */
void lane_put(struct lane *lane, void *item);
/* Finishes everything reserved and handed over, then ends the threads; from now on there are no
 * places. The lane stays, because others may still ask it for one. Accepts NULL. */
void lane_end(struct lane *lane);
/* After lane_end, when nobody asks any more. Accepts NULL. */
void lane_free(struct lane *lane);

#endif
