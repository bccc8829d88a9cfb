/* factors.h - tables totps, passkeys (+ passkey_refs, the directory of credentials), recovery_codes, devices. */
#ifndef KITH_STORE_FACTORS_H
#define KITH_STORE_FACTORS_H

#include "model/proof.h"
#include "model/session.h"
#include "store/store.h"

MUST_CHECK err totps_find(struct conn *conn, person_id person, struct totp *out);
MUST_CHECK err totps_put(struct conn *tx, person_id person,
                         const struct totp *totp); /* instead of an older one */
/* A code of this step was used: ERR_CONFLICT unless it is later than every one before. */
MUST_CHECK err totps_use(struct conn *tx, person_id person, int64_t step);
MUST_CHECK err totps_delete(struct conn *tx, person_id person);

/* ERR_CONFLICT with field "passkey" when the credential is somebody's already. */
MUST_CHECK err passkeys_insert(struct conn *tx, const struct passkey *passkey,
                               const secret_hash *credential);
MUST_CHECK err passkeys_find(struct conn *conn, const secret_hash *credential, struct arena *mem,
                             struct passkey *out);
/* Oldest first. */
MUST_CHECK err passkeys_of(struct conn *conn, person_id person, struct arena *mem,
                           struct passkey **out, size_t *n);
/* Its counter and when it was used. ERR_CONFLICT unless the counter went up, or stays at 0 for good. */
MUST_CHECK err passkeys_use(struct conn *tx, person_id person, passkey_id id, uint32_t sign_count,
                            int64_t at_ms);
MUST_CHECK err passkeys_delete(struct conn *tx, person_id person, passkey_id id);

/* All at once, instead of older ones; `n` 0: none are left. */
MUST_CHECK err recovery_put(struct conn *tx, person_id person, const secret_hash *codes, size_t n);
/* Uses it up: ERR_MISSING when it is none of theirs, or was used. */
MUST_CHECK err recovery_take(struct conn *tx, person_id person, const secret_hash *code);
MUST_CHECK err recovery_count(struct conn *conn, person_id person, int64_t *out);

/* Whether this browser is known for the person; person 0: for anybody. ERR_MISSING when it is not. */
MUST_CHECK err devices_find(struct conn *conn, const secret_hash *device, person_id person);
/* Newest first. */
MUST_CHECK err devices_of(struct conn *conn, person_id person, int limit, struct arena *mem,
                          secret_hash **out, size_t *n);
/* Everybody else who is known in a browser that this person is known in, since before `at_ms`. */
MUST_CHECK err devices_shared(struct conn *conn, person_id person, int64_t at_ms, struct arena *mem,
                              person_id **out, size_t *n);
/* Also when it is there already. Of each person the newest `max` stay. */
MUST_CHECK err devices_put(struct conn *tx, const secret_hash *device, person_id person,
                           int64_t at_ms, int max);

/* Whether a second factor is set. */
MUST_CHECK err factors_is_set(struct conn *conn, person_id person, bool *out);
/* Everything of this file that is the person's. */
MUST_CHECK err factors_erase(struct conn *tx, person_id person);

#endif
