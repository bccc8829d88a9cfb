/* foresee.h - what an announced version of the policy would make of what people wrote in the last 30 days.
 *
 * Reckoned once for everybody, in one walk over the stored past (circle/rehearse.h), since what a piece comes to depends on what all
 * others wrote before it; asked by each person for their own pieces alone. Kept in memory: made when a version is announced, and again in
 * a thread of its own, one at a time, when somebody asks and it is gone or much was written since. */
#ifndef KITH_CIRCLE_FORESEE_H
#define KITH_CIRCLE_FORESEE_H

#include "circle/circle.h"
#include "circle/rehearse.h"
#include "model/id.h"

#define FORESEE_DAYS 30
#define FORESEE_PIECES_MAX                                                                         \
	50000                 /* the newest of them: some seconds, and 40 MB while it is reckoned */
#define FORESEE_SHOWN_MAX 100 /* pieces of one person that are told */

struct foresee;

MUST_CHECK err foresee_open(struct circle *c);
void foresee_stop(struct circle *c); /* before the store closes; gives up what is being reckoned */
void foresee_close(struct circle *c);

/* The walk, in this thread, under an engine that is to take the place of the one in force; what comes out for each person is kept.
 * `goes_on` (may be NULL) as in rehearse. */
MUST_CHECK err foresee_make(struct circle *c, const struct engine *engine, int64_t now_ms,
                            bool (*goes_on)(void *ctx), void *ctx, struct arena *mem,
                            struct rehearsal *out);

/* A piece that would come out otherwise. `was` is what was done to it then. */
struct foreseen {
	struct status_ref piece;
	int64_t at_ms;
	enum action was, will;
	str text;
	str rule, en, zh; /* the heaviest reason then; empty where nothing would be done */
};
struct foreseen_mine {
	size_t pieces;                  /* of mine that were judged */
	const struct foreseen *changed; /* newest first */
	size_t n;
	int64_t as_of_ms;
};
/* Mine, under the announced version `hash`. ERR_MISSING when it is not announced; ERR_BUSY while it is reckoned for the first time
 * since the start. */
MUST_CHECK err foresee_mine(struct circle *c, str hash, person_id me, int64_t now_ms,
                            struct arena *mem, struct foreseen_mine *out);
/* Until what is being reckoned is done: for tests. */
void foresee_wait(struct circle *c);

#endif
