/* factor.h - what one signs in with beside a password: set up, asked for, taken away.
 *
 * A person has a second factor once a code app is confirmed or a passkey is added. From then on no browser session is
 * made without it (admit_session holds that inside its transaction). The first one ends every other session and token,
 * as a new password does: what came in by the password alone comes in again. Adding more and taking away ends nothing.
 * Keeper and steward need one seven days after they first come in by a browser or an app; until they have one, only
 * their keys answer (route.h). Whoever loses all of it is helped by the keeper from the shell (`kith account reset
 * --factors`), never by a link alone. */
#ifndef KITH_CIRCLE_FACTOR_H
#define KITH_CIRCLE_FACTOR_H

#include "circle/admit.h"
#include "circle/passkey.h"
#include "model/limits.h"

/* --- one's own --- */

struct factors {
	bool totp;
	size_t n_passkeys;
	struct passkey *passkeys; /* oldest first */
	int64_t recovery_left;
	bool required;            /* of this role */
	int64_t required_from_ms; /* 0: nothing has begun */
};
MUST_CHECK err factor_list(struct circle *c, person_id me, struct arena *mem, struct factors *out);

/* Codes that each let in once, without the other factor. Shown when they are made and never again. */
struct recovery {
	size_t n; /* 0: there were some already */
	str codes[RECOVERY_CODES];
};

/* A secret for a code app, as base32; good once a code of it was seen. ERR_CONFLICT when there is one already. */
MUST_CHECK err factor_totp_begin(struct circle *c, person_id me, struct arena *mem, str *secret);
/* ERR_INPUT with field "code" when it is wrong. `keep`: the session this comes from. */
MUST_CHECK err factor_totp_confirm(struct circle *c, person_id me, session_id keep, str code,
                                   int64_t now_ms, struct arena *mem, struct recovery *out);

/* What a browser has to be told to make a passkey, or to sign with one. */
struct passkey_ask {
	unsigned char challenge[CHALLENGE_BYTES];
	size_t n;
	struct passkey *passkeys; /* theirs: not to be made twice, or to sign with */
};
MUST_CHECK err factor_passkey_begin(struct circle *c, person_id me, session_id session,
                                    struct arena *mem, struct passkey_ask *out);
/* `draft` has name and transports. ERR_INPUT with field "passkey" or "name". */
MUST_CHECK err factor_passkey_add(struct circle *c, person_id me, session_id session, str url,
                                  const struct passkey *draft, const struct passkey_answer *answer,
                                  int64_t now_ms, struct arena *mem, struct passkey *out,
                                  struct recovery *recovery);

/* These want the password: ERR_INPUT with field "password". Call them from the hash lane. With the last factor its
 * recovery codes go too. */
MUST_CHECK err factor_totp_remove(struct circle *c, person_id me, str password, struct arena *mem);
MUST_CHECK err factor_passkey_remove(struct circle *c, person_id me, passkey_id id, str password,
                                     struct arena *mem);
/* New recovery codes instead of the old. ERR_CONFLICT without a second factor. */
MUST_CHECK err factor_recovery_renew(struct circle *c, person_id me, str password,
                                     struct arena *mem, struct recovery *out);

/* The keeper's: takes away every factor and every known browser. */
MUST_CHECK err factor_clear(struct circle *c, person_id person, struct arena *mem);

/* --- signing in --- */

/* The second half of a sign-in whose password was right. The ticket lives five minutes and has five tries. */
struct second_ask {
	str ticket;
	bool totp, recovery;
	struct passkey_ask passkey; /* n 0: none */
};
MUST_CHECK err second_ask(struct circle *c, const struct came_in *came, struct arena *mem,
                          struct second_ask *out);

enum second_kind { SECOND_CODE, SECOND_RECOVERY, SECOND_PASSKEY };
struct second_proof {
	enum second_kind kind;
	str words; /* of the first two */
	struct passkey_answer passkey;
	str url; /* our origin */
};
/* Uses the ticket up when the proof is right. ERR_INPUT with field "ticket" when there is nothing to answer any more,
 * with "code", "recovery" or "passkey" when the proof is wrong; ERR_LIMIT with `out->retry_after_s`. */
MUST_CHECK err second_answer(struct circle *c, str ticket, const struct second_proof *proof,
                             int64_t now_ms, struct arena *mem, struct came_in *out);

/* A passkey alone, which says who it is. */
void passkey_alone_ask(struct circle *c, uint64_t address,
                       unsigned char challenge[CHALLENGE_BYTES]);
MUST_CHECK err passkey_alone(struct circle *c, str url, const struct passkey_answer *answer,
                             int64_t now_ms, struct arena *mem, struct came_in *out);

/* --- what a role needs --- */

#define FACTOR_GRACE_MS (INT64_C(7) * 24 * 3600 * 1000)

/* Whether this person's role needs a second factor at some time. */
bool factor_is_required(const struct person *person);
/* Whether nothing but their keys should answer now. */
bool factor_is_due(const struct person *person, int64_t now_ms);
/* They came in: the seven days begin, unless they did. Nothing for everybody else. */
MUST_CHECK err factor_count_down(struct circle *c, person_id person, int64_t now_ms);

#endif
