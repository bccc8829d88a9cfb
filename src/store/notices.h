/* notices.h - tables notices, markers, under the reader. */
#ifndef KITH_STORE_NOTICES_H
#define KITH_STORE_NOTICES_H

#include "model/notice.h"
#include "model/post.h"
#include "store/store.h"

MUST_CHECK err notices_insert(struct conn *tx, const struct notice *notice);
/* id in (after, before), 0 as `before` sets no bound; newest first, or with `oldest_first` the ones just above `after`
 * in ascending order. */
MUST_CHECK err notices_of(struct conn *conn, person_id reader, notice_id after, notice_id before,
                          bool oldest_first, int limit, struct arena *mem, struct notice **out,
                          size_t *n);
MUST_CHECK err notices_find(struct conn *conn, person_id reader, notice_id id, struct notice *out);
/* Whether the reader has a notice of this kind from `actor` about this piece. */
MUST_CHECK err notices_has(struct conn *conn, person_id reader, enum notice_kind kind,
                           person_id actor, const struct status_ref *piece, bool *out);
MUST_CHECK err notices_dismiss(struct conn *tx, person_id reader, notice_id id);
MUST_CHECK err notices_clear(struct conn *tx, person_id reader);

/* How far a reader has read: `timeline` is "home" or "notifications". ERR_MISSING when never set. */
struct marker {
	int64_t last_read_id;
	int version;
	int64_t updated_at_ms;
};
MUST_CHECK err markers_find(struct conn *conn, person_id reader, str timeline, struct marker *out);
MUST_CHECK err markers_set(struct conn *tx, person_id reader, str timeline, int64_t last_read_id,
                           int64_t at_ms, struct marker *out);

#endif
