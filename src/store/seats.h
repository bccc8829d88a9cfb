/* seats.h - table seats: the walk of each draw, under its appeal. */
#ifndef KITH_STORE_SEATS_H
#define KITH_STORE_SEATS_H

#include "model/plea.h"
#include "store/store.h"

MUST_CHECK err seats_insert(struct conn *tx, const struct seat *seat);
/* All of the walk, by place. */
MUST_CHECK err seats_of(struct conn *conn, appeal_id appeal, struct arena *mem, struct seat **out,
                        size_t *n);
/* Where this person was asked, newest first; `before` 0: from the newest. */
MUST_CHECK err seats_with(struct conn *conn, person_id person, int64_t before, int limit,
                          struct arena *mem, struct seat **out, size_t *n);
MUST_CHECK err seats_find(struct conn *conn, person_id person, int64_t id, struct arena *mem,
                          struct seat *out);
/* State, vote, its time and note, by compare-and-set: ERR_CONFLICT when it is in another state than `was`. */
MUST_CHECK err seats_set(struct conn *tx, const struct seat *seat, enum seat_state was);
/* Those asked that have not answered by `now_ms`. */
MUST_CHECK err seats_late(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                          struct seat **out, size_t *n);
/* Whoever has not answered is no longer needed. */
MUST_CHECK err seats_close(struct conn *tx, appeal_id appeal);

#endif
