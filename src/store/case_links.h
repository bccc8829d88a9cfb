/* case_links.h - table case_links: what a rights holder or a named expert was asked, found by the secret they got. */
#ifndef KITH_STORE_CASE_LINKS_H
#define KITH_STORE_CASE_LINKS_H

#include "model/case.h"
#include "model/session.h"
#include "store/store.h"

MUST_CHECK err case_links_insert(struct conn *tx, const struct case_link *link,
                                 const secret_hash *secret);
/* ERR_MISSING when nobody was given this one. */
MUST_CHECK err case_links_find(struct conn *conn, const secret_hash *secret, struct arena *mem,
                               struct case_link *out);
/* Of a case, oldest first. */
MUST_CHECK err case_links_of(struct conn *conn, case_id in, int limit, struct arena *mem,
                             struct case_link **out, size_t *n);
/* The one answer: ERR_CONFLICT when there is one already or the link has expired. */
MUST_CHECK err case_links_answer(struct conn *tx, const secret_hash *secret,
                                 enum case_answer answer, str words, int64_t now_ms);

#endif
