/* explain.h - from a measure's record of why to what is said beside its piece, to its author and to those who may read it. */
#ifndef KITH_CIRCLE_EXPLAIN_H
#define KITH_CIRCLE_EXPLAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/measure.h"

/* What is said is in `mem`. `alone` is what others may be told at all: what the piece has by itself, as the record says. What people
 * decided is always told, without a reason that rests on others' pieces; what the program decided and does not say so is its author's. */
void explain_measure(const struct measure *measure, struct arena *mem, struct piece_measure *out);

/* What of the record is its subject's: the reasons with the places they mark in their own words, what would pass, and what it came to.
 * Members of an object, `"reasons":` first, each with something after it. The trace and the conduct of others are the stewards'. */
void explain_to_subject(const struct measure *measure, struct buf *b);

#endif
