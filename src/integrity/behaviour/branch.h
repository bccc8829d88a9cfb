/* branch.h - invitation branches: who may be one and the same because of how they came.
 *
 * A branch is a person, who invited them and who invited those: of one branch are two where these meet. A steward, the keeper or the
 * shell invites for the circle, so that their invitations make no branch, but for two that were used within an hour: whoever came
 * together. How many of one such invitation may judge at once, circle/draw.h says. */
#ifndef KITH_INTEGRITY_BRANCH_H
#define KITH_INTEGRITY_BRANCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/id.h"

#define BRANCH_UP 2                           /* inviters that count */
#define BRANCH_WAVE_MS (INT64_C(3600) * 1000) /* of one steward's invitations, or the shell's */
#define BRANCH_SHELL ((person_id){ -1 })      /* whose invitations are nobody's */

struct branch {
	person_id up[BRANCH_UP + 1]; /* they themselves first */
	size_t n;
	person_id
		door; /* the steward or keeper by whose invitation they came, or BRANCH_SHELL; 0: another way */
	int64_t since_ms;
};
bool branch_same(const struct branch *a, const struct branch *b);

#endif
