/* jurors.h - tables jurors (who is willing, and how well they did), juror_lists (the public list as it was) and juror_checks (known cases,
 * under the juror). */
#ifndef KITH_STORE_JURORS_H
#define KITH_STORE_JURORS_H

#include "model/plea.h"
#include "store/store.h"

/* Also one who was before. */
MUST_CHECK err jurors_find(struct conn *conn, person_id person, struct arena *mem,
                           struct juror *out);
MUST_CHECK err jurors_by_number(struct conn *conn, str number, struct arena *mem,
                                struct juror *out);
/* A new one, or since when and until when of one there was; the number and the counts of that one stay. */
MUST_CHECK err jurors_put(struct conn *tx, const struct juror *juror);
/* All who are willing, ascending by number. */
MUST_CHECK err jurors_willing(struct conn *conn, struct arena *mem, struct juror **out, size_t *n);
/* Adds to the counts. */
struct juror_counts {
	int asked, checked, right, skipped;
};
MUST_CHECK err jurors_count(struct conn *tx, person_id person, struct juror_counts more);

/* Fine when it is there already. */
MUST_CHECK err juror_lists_put(struct conn *tx, const unsigned char hash[HASH_BYTES], str numbers);
MUST_CHECK err juror_lists_find(struct conn *conn, const unsigned char hash[HASH_BYTES],
                                struct arena *mem, str *numbers);

MUST_CHECK err juror_checks_insert(struct conn *tx, const struct juror_check *check);
MUST_CHECK err juror_checks_find(struct conn *conn, person_id person, int64_t id, struct arena *mem,
                                 struct juror_check *out);
/* Newest first; `before` 0: from the newest. */
MUST_CHECK err juror_checks_of(struct conn *conn, person_id person, int64_t before, int limit,
                               struct arena *mem, struct juror_check **out, size_t *n);
/* State, vote, its time and note, by compare-and-set: ERR_CONFLICT when it is in another state than `was`. */
MUST_CHECK err juror_checks_set(struct conn *tx, const struct juror_check *check,
                                enum seat_state was);
/* Those asked beside the seats of this appeal and not answered are no longer needed either; `person` 0: everybody's. */
MUST_CHECK err juror_checks_close(struct conn *tx, appeal_id appeal, person_id person);
/* Those not answered by `now_ms`. */
MUST_CHECK err juror_checks_late(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                                 struct juror_check **out, size_t *n);

#endif
