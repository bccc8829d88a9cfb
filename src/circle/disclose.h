/* disclose.h - looks at what others may not see: each is a row before anything is shown, the first of a day a record of the log as well,
 * and whoever was looked at can read them.
 *
 * They read the day, the role and the measure: no names, and no hour, which would tell who it was. A look at a case, as one that a report
 * opened, is theirs to read when that case is over: before that it would say that somebody reported them, after it says no more than that
 * something was looked at. It stays theirs when another case is opened, which it would tell of by going. */
#ifndef KITH_CIRCLE_DISCLOSE_H
#define KITH_CIRCLE_DISCLOSE_H

#include "circle/circle.h"
#include "model/access.h"

#define ACCESSES_MAX 400

/* With the rest of the transaction. */
MUST_CHECK err disclose_look(struct circle *c, struct conn *tx, const struct access *access);
/* The latest ACCESSES_MAX at what is mine, newest first. */
MUST_CHECK err disclose_mine(struct circle *c, person_id me, struct arena *mem,
                             struct access_seen **out, size_t *n);
const char *disclose_role_word(enum access_role role); /* "steward", "juror", "expert" */

#endif
