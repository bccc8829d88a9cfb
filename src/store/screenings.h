/* screenings.h - table screenings: every accepted piece as the engine saw it, in the order of commit. */
#ifndef KITH_STORE_SCREENINGS_H
#define KITH_STORE_SCREENINGS_H

#include "model/screened.h"
#include "store/store.h"

MUST_CHECK err screenings_insert(struct conn *tx, const struct screened *screened);
/* The revision that the next judgement of this piece has: 0 for the first. */
MUST_CHECK err screenings_next_revision(struct conn *conn, const struct status_ref *piece,
                                        int *revision);
/* The latest of this piece. */
MUST_CHECK err screenings_find(struct conn *conn, const struct status_ref *piece, struct arena *mem,
                               struct screened *out);
/* Whether the piece still shows what this judgement of it was about: of later ones there are none but of words that wait or were stopped. */
MUST_CHECK err screenings_still_shown(struct conn *conn, const struct screened *screened,
                                      bool *out);
/* Of the last one there is, 0 for none. */
MUST_CHECK err screenings_last_seq(struct conn *conn, int64_t *seq);
/* Of the first one later than `at_ms` by event time, 0 for none. */
MUST_CHECK err screenings_first_since(struct conn *conn, int64_t at_ms, int64_t *seq);
/* Those of the next `span` numbers after `seq`, ascending: a page may be empty before the last. */
MUST_CHECK err screenings_after(struct conn *conn, int64_t seq, int span, struct arena *mem,
                                struct screened **out, size_t *n);

#endif
