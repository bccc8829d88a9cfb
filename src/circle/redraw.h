/* redraw.h - a draw reckoned again with the database in hand: what tests/draw.py can, and also whether who was seated might sit and who
 * was passed over might not, and whether those whose votes decided might still judge then.
 *
 * What is known of then is not all that was: a friendship that ended, a block, a role that changed leave no trace. So somebody passed over
 * without a reason that is still there is counted, and is no fault; somebody seated who could not sit is one. */
#ifndef KITH_CIRCLE_REDRAW_H
#define KITH_CIRCLE_REDRAW_H

#include "circle/circle.h"
#include "circle/draw.h"

#define REDRAW_FAULTS_MAX 20

struct redrawn {
	struct appeal appeal;
	size_t willing, walked, seated, replaced, passed_over;
	size_t unexplained; /* passed over, and nothing that is still known says why */
	bool step_again;    /* the same step comes out of what is still known */
	const char *faults[REDRAW_FAULTS_MAX];
	int places[REDRAW_FAULTS_MAX]; /* in the walk; -1: of the whole */
	size_t n_faults;
};
/* By its number, or its id. ERR_MISSING when there is no such appeal; one without a jury has nothing to reckon. */
MUST_CHECK err redraw(struct circle *c, int64_t appeal, struct arena *mem, struct redrawn *out);

#endif
