/* password.h - argon2id at 64 MiB and two passes, for the hash lane: two at a time, a good part of a second each. */
#ifndef KITH_CIRCLE_PASSWORD_H
#define KITH_CIRCLE_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

/* PASSWORD_MIN code points to PASSWORD_MAX_BYTES bytes; ERR_INPUT names `field`. */
MUST_CHECK err password_check(str password, const char *field);
/* ERR_BUSY when there is no memory for it now. */
MUST_CHECK err password_hash(str password, struct arena *mem, str *hash);
/* False for a wrong password. An empty hash (nobody, or no password set) costs the same and is always wrong, so that
 * the time says nothing of who is here. */
bool password_verify(str hash, str password);

#endif
