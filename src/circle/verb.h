/* verb.h - what every write begins with: a job for the writer, and the door open inside its transaction. */
#ifndef KITH_CIRCLE_VERB_H
#define KITH_CIRCLE_VERB_H

#include "circle/circle.h"
#include "circle/see_store.h"
#include "model/id.h"
#include "model/notice.h"

/* The door as the transaction sees it. Stays where it is while open: the source points into it. */
struct door {
	struct see_store facts;
	struct see_source see;
};

void door_open(struct door *door, struct conn *tx, struct arena *mem);
/* A decision as an error: a fault while asking is ours (ERR_SYSTEM), a plain no is ERR_MISSING with `why`. */
MUST_CHECK err door_answer(const struct door *door, bool yes, const char *why);
/* Only active people write: ERR_DENIED for anyone else. */
MUST_CHECK err door_writer(const struct door *door, person_id me);
/* Whether either blocks the other. Ask door_answer before relying on it. */
bool door_blocked(const struct door *door, person_id a, person_id b);
/* Exists, is active and no block lies between: whoever `me` may turn to. Oneself counts. */
MUST_CHECK err door_reaches(const struct door *door, person_id me, person_id other);

/* store_write in the words of this room. `after` may be NULL. Whom a notice told inside it hears of that once it is
 * committed. */
MUST_CHECK err verb_write(struct circle *c, err (*work)(struct conn *tx, void *ctx),
                          void (*after)(void *ctx), void *ctx);

/* What waits for stewards changed; inside a verb_write: they hear of it once it is committed, of each case once. */
void verb_case(struct circle *c, case_id id);
/* Writes the notice down; inside a verb_write. */
MUST_CHECK err verb_tell(struct circle *c, struct conn *tx, const struct notice *notice);

#endif
