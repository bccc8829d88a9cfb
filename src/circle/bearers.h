/* bearers.h - who holds which token, in memory, so that a request does not ask the store for it.
 *
 * Bounded: a full place forgets its oldest entry. Kept true by forgetting: whatever ends a session calls forget from
 * the `after` step of its write, before the write is acknowledged. A look-up that was under way meanwhile carries an
 * older stamp, and what it read is not kept. Thread-safe. */
#ifndef KITH_CIRCLE_BEARERS_H
#define KITH_CIRCLE_BEARERS_H

#include "base/str.h"
#include "model/session.h"

struct bearers;

struct bearers *bearers_new(void);
void bearers_free(struct bearers *bearers);

/* What is known of a token: its session without the words (`scope_words` and `user_agent` empty). */
bool bearers_find(struct bearers *bearers, const secret_hash *token, int64_t now_ms,
                  struct session *out);
/* Take the stamp before reading the store, keep with it after. */
uint64_t bearers_stamp(struct bearers *bearers);
void bearers_keep(struct bearers *bearers, const secret_hash *token, const struct session *session,
                  int64_t now_ms, uint64_t stamp);

void bearers_forget(struct bearers *bearers, session_id id);
/* All of a person's but `keep` (0: all). */
void bearers_forget_person(struct bearers *bearers, person_id person, session_id keep);

/* Sessions used at least `after_ms` past the last time that was written down, at most `max` of them, and marks them
 * as written down: `last_used_at_ms` of each is when it was used last. */
size_t bearers_used(struct bearers *bearers, int64_t after_ms, struct session *out, size_t max);

#endif
