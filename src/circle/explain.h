/* explain.h - from a measure's record of why to what is said beside its piece, to its author and to those who may read it. */
#ifndef KITH_CIRCLE_EXPLAIN_H
#define KITH_CIRCLE_EXPLAIN_H

#include "base/arena.h"
#include "model/measure.h"

/* What is said is in `mem`. `alone` is what others may be told at all: what the piece has by itself, as the record says. What people
 * decided is always told, without a reason that rests on others' pieces; what the program decided and does not say so is its author's. */
void explain_measure(const struct measure *measure, struct arena *mem, struct piece_measure *out);

#endif
