/* hushes.h - table hushes, under the reader: posts whose later comments they do not want to hear of. */
#ifndef KITH_STORE_HUSHES_H
#define KITH_STORE_HUSHES_H

#include "model/post.h"
#include "store/store.h"

/* Setting twice or clearing an absent one is fine. */
MUST_CHECK err hushes_set(struct conn *tx, person_id reader, person_id post_author, post_id post,
                          int64_t at_ms);
MUST_CHECK err hushes_clear(struct conn *tx, person_id reader, post_id post);
MUST_CHECK err hushes_has(struct conn *conn, person_id reader, post_id post, bool *out);
/* Every row, for start-up, by reader and post. */
MUST_CHECK err hushes_each(struct conn *conn,
                           err (*each)(person_id reader, post_id post, void *ctx), void *ctx);

#endif
