/* accesses.h - table accesses: every look of a steward, a juror or an expert at what is judged. circle/disclose.h writes it. */
#ifndef KITH_STORE_ACCESSES_H
#define KITH_STORE_ACCESSES_H

#include "model/access.h"
#include "store/store.h"

#define ACCESS_DAY_MS (INT64_C(24) * 3600 * 1000)

MUST_CHECK err accesses_insert(struct conn *tx, const struct access *access);
/* All looks for this measure or case. */
MUST_CHECK err accesses_count(struct conn *conn, int64_t at, int *out);
/* Whether this reviewer looked on that day. */
MUST_CHECK err accesses_has(struct conn *conn, const struct access *access, bool *has);
/* How many different reviewers did, in this role. */
MUST_CHECK err accesses_who(struct conn *conn, int64_t at, enum access_role role, int64_t day,
                            int64_t *out);
/* At this person's pieces and measures, each once a day, newest first. For a case only when it is over, and none of theirs is open: that
 * there is one may say that somebody reported them. */
MUST_CHECK err accesses_of(struct conn *conn, person_id subject, int limit, struct arena *mem,
                           struct access_seen **out, size_t *n);

#endif
