/* measures.h - table measures, under the subject.
 *
 * Of several holds of one piece the latest alone says until when it is held. circle/order.h writes it, and nothing else. */
#ifndef KITH_STORE_MEASURES_H
#define KITH_STORE_MEASURES_H

#include "model/measure.h"
#include "model/post.h"
#include "store/store.h"

MUST_CHECK err measures_insert(struct conn *tx, const struct measure *measure);
MUST_CHECK err measures_find(struct conn *conn, measure_id id, struct arena *mem,
                             struct measure *out); /* by directory */
MUST_CHECK err measures_of(struct conn *conn, person_id subject, measure_id before, int limit,
                           struct arena *mem, struct measure **out,
                           size_t *n); /* newest first; 0: from the newest */
/* Holds still active at `now_ms`, oldest first. */
MUST_CHECK err measures_waiting(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                                struct measure **out, size_t *n);
/* What begins, ends or lapses by `now_ms`, the earliest first. */
MUST_CHECK err measures_due(struct conn *conn, int64_t now_ms, int limit, struct arena *mem,
                            struct measure **out, size_t *n);
/* Compare-and-set of the state: ERR_CONFLICT when it is not `from`'s any more. Takes over state, decision, clock and note. */
MUST_CHECK err measures_move(struct conn *tx, const struct measure *from, const struct measure *to);
/* What was done under this policy and is active, kept or proposed, whichever is asked for, oldest first after `after`. */
MUST_CHECK err measures_of_policy(struct conn *conn, str policy, enum measure_state state,
                                  measure_id after, int limit, struct arena *mem,
                                  struct measure **out, size_t *n);
/* Labels and folds of this piece of the subject's that were kept, oldest first. */
MUST_CHECK err measures_kept_on_words(struct conn *conn, person_id subject,
                                      const struct status_ref *piece, int limit, struct arena *mem,
                                      struct measure **out, size_t *n);
/* Active measures on this piece of the subject's and on its changes, and notices of it, oldest first. */
MUST_CHECK err measures_open_of(struct conn *conn, person_id subject,
                                const struct status_ref *piece, int limit, struct arena *mem,
                                struct measure **out, size_t *n);
/* Active measures on comments under this post, whoever wrote them, and on their changes, and notices of them; post 0: under any of theirs.
 * Oldest first after `after`. */
MUST_CHECK err measures_open_under(struct conn *conn, person_id post_author, post_id post,
                                   measure_id after, int limit, struct arena *mem,
                                   struct measure **out, size_t *n);
/* All of them, on whomever, oldest first after `after`. */
MUST_CHECK err measures_after(struct conn *conn, measure_id after, int limit, struct arena *mem,
                              struct measure **out, size_t *n);
/* What the program did to this piece of that moment; ERR_MISSING when nothing. */
MUST_CHECK err measures_made_at(struct conn *conn, const struct status_ref *piece, int64_t at_ms,
                                struct arena *mem, struct measure *out);
/* Whether this person had by then written a copy of what the measure is on, or what that is a copy of: its measure or the first one's
 * screening says so. */
MUST_CHECK err measures_wrote_copy(struct conn *conn, const struct measure *of, person_id person,
                                   int64_t at_ms, bool *wrote);
/* Of the newest `limit` of this rule that began from `since_ms` on and that somebody decided: how many, and how many of them did not
 * stand (released by a person, overturned on appeal). */
struct outcomes {
	int decided, overturned;
};
MUST_CHECK err measures_outcomes(struct conn *conn, str rule, int64_t since_ms, int limit,
                                 struct outcomes *out);
/* On this person, or on anybody, whatever their state, that end after `now_ms`; of those who are told of a piece none. */
MUST_CHECK err measures_on(struct conn *conn, person_id person, int64_t now_ms, struct arena *mem,
                           struct measure **out, size_t *n);
MUST_CHECK err measures_on_all(struct conn *conn, int64_t now_ms, struct arena *mem,
                               struct measure **out, size_t *n);
/* What counts against a person, by time: kept measures on their pieces and notices that somebody gave them. */
struct offence {
	int64_t at_ms;
	int points;
};
MUST_CHECK err measures_offences(struct conn *conn, person_id person, struct arena *mem,
                                 struct offence **out, size_t *n);
/* As the log of what was taken back has it: whatever the database of before says. ERR_MISSING where it is not known. */
MUST_CHECK err measures_settle(struct conn *tx, person_id subject, measure_id id,
                               enum measure_state state, person_id by, int64_t at_ms);
MUST_CHECK err measures_begun(struct conn *tx, const struct measure *m); /* also a new one */
/* Every one there is, in the order of their ids. Borrowed for the call. */
MUST_CHECK err measures_each(struct conn *conn, err (*each)(void *ctx, const struct measure *m),
                             void *ctx);

#endif
