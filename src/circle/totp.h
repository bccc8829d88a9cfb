/* totp.h - codes of a code app: RFC 6238 with SHA-1, six digits and thirty seconds, which every such app can do.
 *
 * liboath reckons; which step was used last is the store's to remember. */
#ifndef KITH_CIRCLE_TOTP_H
#define KITH_CIRCLE_TOTP_H

#include "base/seam.h"
#include "base/str.h"
#include "model/proof.h"

#define TOTP_STEP_S 30
#define TOTP_DIGITS 6

void totp_secret_new(struct chance chance, unsigned char secret[TOTP_SECRET_BYTES]);
/* As people type it into their app: base32 (RFC 4648). */
str totp_secret_text(const unsigned char secret[TOTP_SECRET_BYTES], struct arena *mem);
/* Whether `code` (spaces inside do not count) is the one of now, or of the step before or after: clocks differ. Says of
 * which step. */
bool totp_check(const unsigned char secret[TOTP_SECRET_BYTES], str code, int64_t now_ms,
                int64_t *step);

#endif
