/* publish_private.h - what posts and comments share on their way in. */
#ifndef KITH_CIRCLE_PUBLISH_PRIVATE_H
#define KITH_CIRCLE_PUBLISH_PRIVATE_H

#include "circle/publish.h"
#include "circle/verb.h"
#include "model/measure.h"
#include "model/notice.h"
#include "model/post.h"

struct publish_words {
	str text, language, app, retry_key;
	str sent; /* a hash of the whole draft, kept beside the key */
};

/* Checks sizes; ERR_INPUT or ERR_LIMIT names "status" or "Idempotency-Key". `may_be_empty`: there is something else to see. */
MUST_CHECK err publish_prepare(struct publish_words *words, str text, str language, str app,
                               str retry_key, size_t text_max, bool may_be_empty,
                               struct arena *mem);
/* What stands beside the text, trimmed: ERR_INPUT names "kith_place" or "kith_card". */
MUST_CHECK err publish_place(str place, str *out);
MUST_CHECK err publish_card(const struct card *card, struct card *out);
/* ERR_INPUT names "Idempotency-Key". */
MUST_CHECK err publish_check_key(str key);
/* Fill `words->sent`. `to`: the audience as it was asked for, sorted. */
void publish_sent_post(const struct post_draft *draft, const struct audience *to, struct arena *mem,
                       struct publish_words *words);
void publish_sent_comment(const struct comment_draft *draft, const struct status_ref *to,
                          struct arena *mem, struct publish_words *words);
/* Whether this key has made something already: where it is, and what was decided about it. ERR_CONFLICT field
 * "Idempotency-Key" when something else was sent with it. */
MUST_CHECK err publish_retry(struct conn *tx, person_id author, const struct publish_words *words,
                             bool wants_comment, struct arena *mem, struct status_ref *ref,
                             struct measure *measure, bool *again);
MUST_CHECK err publish_keep_key(struct conn *tx, person_id author,
                                const struct publish_words *words, int64_t status_id,
                                int64_t now_ms);
/* A new id: above all others, or for an instant of the past (bulk load). */
MUST_CHECK err publish_id(struct circle *c, struct conn *tx, int64_t at_ms, int64_t *id);
/* Those named, at most MENTIONS_MAX, ascending, who may see the comment once it shows; its own hold is left aside. */
void publish_mentions(const struct door *door, const struct post_gate *post,
                      const struct comment_gate *comment, const person_id *named, size_t n_named,
                      int64_t now_ms, struct arena *mem, person_id **out, size_t *n);
MUST_CHECK err publish_tell(struct circle *c, struct conn *tx, enum notice_kind kind,
                            person_id reader, person_id actor, const struct status_ref *ref,
                            int64_t now_ms);

#endif
