/* complaints.h - table complaints: from outside, found by the secret their complainant got. */
#ifndef KITH_STORE_COMPLAINTS_H
#define KITH_STORE_COMPLAINTS_H

#include "model/lead.h"
#include "model/session.h"
#include "store/store.h"

MUST_CHECK err complaints_insert(struct conn *tx, const struct complaint *complaint,
                                 const secret_hash *secret);
MUST_CHECK err complaints_find(struct conn *conn, complaint_id id, struct arena *mem,
                               struct complaint *out);
MUST_CHECK err complaints_find_by_secret(struct conn *conn, const secret_hash *secret,
                                         struct arena *mem, struct complaint *out);
/* Those that wait; and those that came after `since_ms`, with when the first of them did (0: there is none). */
MUST_CHECK err complaints_count_open(struct conn *conn, int64_t *out);
MUST_CHECK err complaints_count_since(struct conn *conn, int64_t since_ms, int64_t *n,
                                      int64_t *first_ms);
/* Open, past their clock, and not marked late yet; the earliest clock first. */
MUST_CHECK err complaints_overdue(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                                  struct complaint **out, size_t *n);
MUST_CHECK err complaints_set_late(struct conn *tx, complaint_id id, int64_t at_ms);
/* Open no more. ERR_CONFLICT when it was answered already. */
MUST_CHECK err complaints_answer(struct conn *tx, complaint_id id, str answer, int64_t at_ms);
/* The answer is taken back: open again. */
MUST_CHECK err complaints_reopen(struct conn *tx, complaint_id id);
/* Contacts of what was answered before this go; how many did. */
MUST_CHECK err complaints_forget(struct conn *tx, int64_t before_ms, int64_t *n);

#endif
