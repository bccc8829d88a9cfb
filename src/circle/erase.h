/* erase.h - a person goes, with everything that is theirs. There is no way back. */
#ifndef KITH_CIRCLE_ERASE_H
#define KITH_CIRCLE_ERASE_H

#include "circle/circle.h"
#include "model/id.h"

/* Done when it comes back: rows, files, sessions, streams. What the search index still has of it is merged away by the next sweep. */
MUST_CHECK err erase_person(struct circle *c, person_id person, int64_t now_ms);

#endif
