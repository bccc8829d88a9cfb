/* sessions.h - tables sessions (+ directory by token hash), resets, invites, apps, codes. */
#ifndef KITH_STORE_SESSIONS_H
#define KITH_STORE_SESSIONS_H

#include "model/session.h"
#include "store/store.h"

MUST_CHECK err sessions_insert(struct conn *tx, const struct session *session,
                               const secret_hash *token);
MUST_CHECK err sessions_find(struct conn *conn, const secret_hash *token, struct arena *mem,
                             struct session *out);
MUST_CHECK err sessions_of(struct conn *conn, person_id person, struct arena *mem,
                           struct session **out, size_t *n);
MUST_CHECK err sessions_revoke(struct conn *tx, person_id person, session_id id);
/* All but `keep` (0: all). Open OAuth codes of the person go too. */
MUST_CHECK err sessions_revoke_all(struct conn *tx, person_id person, session_id keep);
MUST_CHECK err sessions_touch(struct conn *tx, person_id person, session_id id, int64_t at_ms);

/* One-time reset links: take = find, check the time, delete, in one. ERR_MISSING when unknown, used or expired. */
MUST_CHECK err resets_insert(struct conn *tx, person_id person, const secret_hash *secret,
                             int64_t expires_at_ms); /* replaces older ones */
MUST_CHECK err resets_take(struct conn *tx, const secret_hash *secret, int64_t now_ms,
                           person_id *out);

MUST_CHECK err invites_insert(struct conn *tx, const struct invite *invite,
                              const secret_hash *code);
MUST_CHECK err invites_find(struct conn *conn, const secret_hash *code, struct invite *out);
/* One use, by conditional update: ERR_MISSING when unknown, revoked, expired (0: never) or used up. */
MUST_CHECK err invites_use(struct conn *tx, const secret_hash *code, int64_t now_ms,
                           struct invite *out);
MUST_CHECK err invites_of(struct conn *conn, person_id by, struct arena *mem, struct invite **out,
                          size_t *n);
MUST_CHECK err invites_revoke(struct conn *tx, person_id by, invite_id id);

MUST_CHECK err apps_insert(struct conn *tx, const struct app *app,
                           const secret_hash *client_secret);
MUST_CHECK err apps_find(struct conn *conn, str client_id, struct arena *mem, struct app *out,
                         secret_hash *client_secret);
MUST_CHECK err apps_find_by_id(struct conn *conn, app_id id, struct arena *mem, struct app *out);
MUST_CHECK err codes_insert(struct conn *tx, const struct oauth_code *code,
                            const secret_hash *secret);
MUST_CHECK err codes_take(struct conn *tx, const secret_hash *secret, int64_t now_ms,
                          struct arena *mem, struct oauth_code *out);

#endif
