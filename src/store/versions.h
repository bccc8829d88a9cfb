/* versions.h - table versions, under the post's author: what a changed piece said, from its first change on.
 *
 * A piece that never changed has no rows. `ref` names a post, or a comment of it. */
#ifndef KITH_STORE_VERSIONS_H
#define KITH_STORE_VERSIONS_H

#include "model/post.h"
#include "store/store.h"

MUST_CHECK err versions_insert(struct conn *tx, const struct status_ref *ref,
                               const struct version *version);
MUST_CHECK err versions_find(struct conn *conn, const struct status_ref *ref, version_id id,
                             struct arena *mem, struct version *out);
MUST_CHECK err versions_set_state(struct conn *tx, const struct status_ref *ref, version_id id,
                                  enum version_state state);
MUST_CHECK err versions_set_measure(struct conn *tx, const struct status_ref *ref, version_id id,
                                    measure_id measure);
/* The words that are now the piece's were never shown to anybody: of those shown, the latest is dropped. */
MUST_CHECK err versions_drop_latest(struct conn *tx, const struct status_ref *ref);
/* Those that were or are shown, oldest first, at most VERSIONS_MAX + 1. */
MUST_CHECK err versions_shown(struct conn *conn, const struct status_ref *ref, struct arena *mem,
                              struct version **out, size_t *n);
/* All of them, dropped ones too. */
MUST_CHECK err versions_count(struct conn *conn, const struct status_ref *ref, int *out);
/* What was last written by an instant, whatever became of it; with `as_piece` only what was at once the piece itself and did not
 * wait. ERR_MISSING when the piece never changed. */
MUST_CHECK err versions_at(struct conn *conn, const struct status_ref *ref, int64_t at_ms,
                           bool as_piece, struct arena *mem, struct version *out);
/* Of one comment; a post's go with the post. */
MUST_CHECK err versions_delete(struct conn *tx, const struct status_ref *ref);

#endif
