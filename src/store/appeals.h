/* appeals.h - table appeals, under the subject of the measure (+ appeal_refs, the directory). */
#ifndef KITH_STORE_APPEALS_H
#define KITH_STORE_APPEALS_H

#include "model/plea.h"
#include "store/store.h"

/* Gives it its number. ERR_CONFLICT when the measure has its nth already. */
MUST_CHECK err appeals_insert(struct conn *tx, struct appeal *appeal);
MUST_CHECK err appeals_find(struct conn *conn, appeal_id id, struct arena *mem, struct appeal *out);
MUST_CHECK err appeals_by_number(struct conn *conn, int64_t number, struct arena *mem,
                                 struct appeal *out);
/* Newest first; `before` 0: from the newest. */
MUST_CHECK err appeals_of(struct conn *conn, person_id subject, appeal_id before, int limit,
                          struct arena *mem, struct appeal **out, size_t *n);
/* The nth of the measure, 0 for the latest: ERR_MISSING when there is none. */
MUST_CHECK err appeals_of_measure(struct conn *conn, measure_id measure, int nth, struct arena *mem,
                                  struct appeal *out);
/* The latest of each appealed measure of this subject from the measure `from` on, in the order of the measures, newest first. */
MUST_CHECK err appeals_latest(struct conn *conn, person_id subject, measure_id from, int limit,
                              struct arena *mem, struct appeal **out, size_t *n);
MUST_CHECK err appeals_count_open(struct conn *conn, person_id subject, int *out);
/* Open ones, the earliest deadline first: those that come due by `until_ms`, INT64_MAX for all. */
MUST_CHECK err appeals_open(struct conn *conn, int64_t until_ms, int limit, struct arena *mem,
                            struct appeal **out, size_t *n);
MUST_CHECK err appeals_set_words(struct conn *tx, const struct appeal *appeal);
/* Who decides now, its step and seats, the root and the list of its draw. */
MUST_CHECK err appeals_set_way(struct conn *tx, const struct appeal *appeal);
/* State, who decided it, when and with which note, by compare-and-set: ERR_CONFLICT when it is in another state than `was`. */
MUST_CHECK err appeals_set_state(struct conn *tx, const struct appeal *appeal,
                                 enum appeal_state was);

#endif
