/* proscribe.h - the keeper's bank of pictures, DIR/bank.txt, as a public act.
 *
 * It holds what passed before, like a stricter policy, and so it binds like one: what is in it at a circle's first start at once; what
 * is added later from the first start on that is ENACT_NOTICE_MS after the one that saw it; what is marked so ("urgent" after the hash) at
 * once, and for ENACT_URGENT_MS. What is taken out goes at the next start. Each change is a record of the log, and how many
 * there are and their hash are public; which pictures, is not. */
#ifndef KITH_CIRCLE_PROSCRIBE_H
#define KITH_CIRCLE_PROSCRIBE_H

#include "circle/circle.h"

#define PROSCRIBE_BOUND "bank.bound" /* in the folder: what of it binds, as the engine reads it */

struct proscribed {
	str hash; /* BLAKE2b-256 of all entries in hex; empty: there was never any */
	int64_t entries, waiting;
	int64_t binds_at_ms; /* the last of those that wait; 0: none does */
};
/* At start, before the engine is opened. */
MUST_CHECK err proscribe_open(struct circle *c, int64_t now_ms);
/* As of the last start. */
MUST_CHECK err proscribe_look(struct circle *c, struct arena *mem, struct proscribed *out);

#endif
