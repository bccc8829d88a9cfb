/* warm.h - after a start the newest posts are read into the cache of pieces, so that nobody's first page waits for the store. */
#ifndef KITH_CIRCLE_WARM_H
#define KITH_CIRCLE_WARM_H

#include "circle/circle.h"

#include <stdatomic.h>

/* Newest first, until the cache is full, all are read, or `stops`; takes nothing out. */
MUST_CHECK err warm_run(struct circle *c, const atomic_bool *stops);

/* The same on a thread that gives way to all others. */
struct warm;
MUST_CHECK err warm_start(struct circle *c, struct warm **out);
void warm_stop(struct warm **warm); /* before the circle closes; accepts NULL */

#endif
