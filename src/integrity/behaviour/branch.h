/* branch.h - invitation branches: who may be one and the same because of how they came.
 *
 * A branch is a person, who invited them and who invited those: of one branch are two where these meet. A steward or the keeper invites
 * for the circle, so that their invitations make no branch, but for two that were used within an hour: whoever came together. */
#ifndef KITH_INTEGRITY_BRANCH_H
#define KITH_INTEGRITY_BRANCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/id.h"

#define BRANCH_UP 2                           /* inviters that count */
#define BRANCH_WAVE_MS (INT64_C(3600) * 1000) /* of one steward's invitations */

struct branch {
	person_id up[BRANCH_UP + 1]; /* they themselves first */
	size_t n;
	person_id door; /* the steward or keeper by whose invitation they came; 0: another way */
	int64_t since_ms;
};
bool branch_same(const struct branch *a, const struct branch *b);

#endif
