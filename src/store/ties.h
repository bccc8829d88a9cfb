/* ties.h - tables ties, requests, blocks, hides: who counts whom as what. Each row belongs to its first person. */
#ifndef KITH_STORE_TIES_H
#define KITH_STORE_TIES_H

#include "model/friendship.h"
#include "store/store.h"

/* ties: `a` counts `b` as a friend. Setting twice or clearing an absent one is fine. */
MUST_CHECK err ties_set(struct conn *tx, person_id a, person_id b, int64_t at_ms);
MUST_CHECK err ties_clear(struct conn *tx, person_id a, person_id b);
MUST_CHECK err ties_has(struct conn *conn, person_id a, person_id b, bool *out);
MUST_CHECK err ties_count(struct conn *conn, person_id a, int *out);

/* requests: kept under the person asked. A second one replaces the word and what was answered. */
MUST_CHECK err requests_set(struct conn *tx, const struct friend_request *request);
MUST_CHECK err requests_clear(struct conn *tx, person_id from, person_id to);
MUST_CHECK err requests_find(struct conn *conn, person_id from, person_id to, struct arena *mem,
                             struct friend_request *out);
/* Newest first, older than `before_ms` (INT64_MAX for the newest). */
MUST_CHECK err requests_to(struct conn *conn, person_id to, int64_t before_ms, int limit,
                           struct arena *mem, struct friend_request **out, size_t *n);
MUST_CHECK err requests_from(struct conn *conn, person_id from, int limit, struct arena *mem,
                             struct friend_request **out, size_t *n);
MUST_CHECK err requests_count_from(struct conn *conn, person_id from, int *out);

MUST_CHECK err blocks_set(struct conn *tx, person_id a, person_id b,
                          int64_t at_ms); /* a blocks b */
MUST_CHECK err blocks_clear(struct conn *tx, person_id a, person_id b);
MUST_CHECK err blocks_has(struct conn *conn, person_id a, person_id b, bool *out);

/* hides: `mine` = b does not see a's posts; `theirs` = b's posts are kept out of a's feed. */
enum hide_kind { HIDE_MINE = 1, HIDE_THEIRS = 2 };
MUST_CHECK err hides_set(struct conn *tx, person_id a, person_id b, enum hide_kind kind,
                         int64_t at_ms);
MUST_CHECK err hides_clear(struct conn *tx, person_id a, person_id b, enum hide_kind kind);
MUST_CHECK err hides_has(struct conn *conn, person_id a, person_id b, enum hide_kind kind,
                         bool *out);

/* Every row, for start-up, ordered by (a, b). `kind`: hide_kind for hides, else 0. */
typedef err (*pair_each)(person_id a, person_id b, int kind, int64_t at_ms, void *ctx);
/* Those of a from `first` to `last`, both included. */
MUST_CHECK err ties_each(struct conn *conn, person_id first, person_id last, pair_each each,
                         void *ctx);
MUST_CHECK err requests_each(struct conn *conn, pair_each each, void *ctx); /* a asks b */
MUST_CHECK err blocks_each(struct conn *conn, pair_each each, void *ctx);
MUST_CHECK err hides_each(struct conn *conn, pair_each each, void *ctx);

#endif
