/* admit.h - accounts, sign-in, sessions, invitations, apps: who may come in, and how they leave. */
#ifndef KITH_CIRCLE_ADMIT_H
#define KITH_CIRCLE_ADMIT_H

#include "circle/circle.h"
#include "circle/throttle.h"
#include "model/person.h"
#include "model/session.h"

struct account_draft {
	str handle, display_name, password;
	enum person_role role;
	person_id invited_by;
	bool demo; /* for showing the circle: never needs a second factor */
};

/* Checks handle, name and password; hashes with argon2id (64 MiB: call from the hash lane). Empty password: no sign-in.
 * Errors name field "handle", "display_name" or "password". */
MUST_CHECK err admit_create(struct circle *c, const struct account_draft *draft, int64_t now_ms,
                            struct arena *mem, struct person *out);
/* The same through an invitation, used in the same transaction; ERR_INPUT field "invite" when it is no good any more.
 * A failed sign-up does not burn it. A name that would be held is ERR_INPUT with the reason, in `mem`. */
MUST_CHECK err admit_sign_up(struct circle *c, str invite_code, const struct account_draft *draft,
                             int64_t now_ms, struct arena *mem, struct person *out);

/* From where somebody tries to come in. */
struct way_in {
	uint64_t address; /* one caller, as limits count them */
	str device; /* what this browser was given when somebody came in by it; may be empty */
};
struct came_in {
	struct person person;
	enum session_factor factor; /* by what, beside the password */
	struct guess guess;
	unsigned retry_after_s; /* with ERR_LIMIT */
};
/* Handle and password to a person; one answer and one duration for every kind of wrong (ERR_INPUT field "password").
 * ERR_LIMIT before it looks when too many were wrong (circle/throttle.h). Sealed people come in. A person with
 * `second_factor` is only half in: second_ask of circle/factor.h is next. */
MUST_CHECK err admit_sign_in(struct circle *c, const struct way_in *from, str handle, str password,
                             struct arena *mem, struct came_in *out);
/* They came in, all the way: this browser and this address are known to the account from now on. `device` is what the
 * browser keeps. */
MUST_CHECK err admit_known(struct circle *c, person_id person, const struct way_in *from,
                           int64_t now_ms, struct arena *mem, str *device);
/* Whether this is one's password: ERR_INPUT with field "password". From the hash lane. */
MUST_CHECK err admit_prove(struct circle *c, person_id me, str password, struct arena *mem);
MUST_CHECK err admit_change_password(struct circle *c, person_id me, session_id keep, str current,
                                     str next, int64_t now_ms, struct arena *mem);
/* One-time reset link: create gives the secret once (older ones die); use sets the password and ends every session. Lives 1 h. */
MUST_CHECK err admit_reset_create(struct circle *c, person_id person, int64_t now_ms,
                                  struct arena *mem, str *secret);
MUST_CHECK err admit_reset_use(struct circle *c, str secret, str password, int64_t now_ms,
                               struct arena *mem, person_id *out);

/* Sessions. The token is given once; only its hash is kept. `given` (may be empty): a token chosen by bulk load. */
struct session_draft {
	person_id person;
	app_id app;
	enum session_kind kind;
	str scope_words, user_agent;
	str given;
	enum session_factor factor; /* a browser's: ERR_DENIED without one where one is set */
	int64_t expires_at_ms;
};
MUST_CHECK err admit_session(struct circle *c, const struct session_draft *draft, int64_t now_ms,
                             struct arena *mem, struct session *out, str *token);
/* Who holds this token: from a cache in memory, kept true by every revocation. ERR_MISSING when nobody. `*role` and `*sealed` are today's. */
struct bearer {
	person_id person;
	session_id session;
	app_id app;
	unsigned scopes;
	enum session_kind kind;
	enum person_role role;
	bool sealed;
	bool factor_due; /* a second factor is missing, and time is up: browsers and apps alone */
};
MUST_CHECK err admit_bearer(struct circle *c, str token, int64_t now_ms, struct bearer *out);
/* The same of a token whose hash alone was kept. */
MUST_CHECK err admit_bearer_of(struct circle *c, const secret_hash *token, int64_t now_ms,
                               struct bearer *out);
/* Writes down when sessions were last used, where that is ten minutes out of date: for the sweep, never for a request. */
MUST_CHECK err admit_touch(struct circle *c);
MUST_CHECK err admit_sessions(struct circle *c, person_id me, struct arena *mem,
                              struct session **out, size_t *n);
MUST_CHECK err admit_revoke(struct circle *c, person_id me,
                            session_id id); /* ERR_MISSING when it is not one of mine */
/* All of mine but this one. */
MUST_CHECK err admit_revoke_others(struct circle *c, person_id me, session_id keep);

MUST_CHECK err admit_invite(struct circle *c, person_id by, int uses, int64_t lives_ms,
                            int64_t now_ms, struct arena *mem, struct invite *out, str *code);
MUST_CHECK err admit_invite_look(struct circle *c, str code, int64_t now_ms, struct arena *mem,
                                 struct invite *out, str *by_display_name);
MUST_CHECK err admit_invites(struct circle *c, person_id by, struct arena *mem, struct invite **out,
                             size_t *n);
MUST_CHECK err admit_invite_revoke(struct circle *c, person_id by, invite_id id);

/* Apps and the OAuth code flow. Scope words are checked here: unknown words are ERR_INPUT field "scopes"/"scope". */
/* Words with single spaces between to `enum scope` bits; finer forms ("read:statuses") count as the whole. No words: no bits. */
bool scopes_of(str words, unsigned *bits);
struct app_draft {
	str name, website, redirect_uris /* newline-separated */, scope_words;
};
MUST_CHECK err admit_app(struct circle *c, const struct app_draft *draft, int64_t now_ms,
                         struct arena *mem, struct app *out, str *client_secret);
MUST_CHECK err admit_app_find(struct circle *c, str client_id, struct arena *mem, struct app *out);
MUST_CHECK err admit_app_by_id(struct circle *c, app_id id, struct arena *mem, struct app *out);
/* `client_secret` in constant time; ERR_MISSING for a wrong one as for an unknown app. */
MUST_CHECK err admit_app_check(struct circle *c, str client_id, str client_secret,
                               struct arena *mem, struct app *out);
MUST_CHECK err admit_code(struct circle *c, const struct oauth_code *draft, int64_t now_ms,
                          struct arena *mem, str *code); /* 10 min, once */
/* The code for a session: app, redirect URI and PKCE verifier must match what it was made with. Tried once, right or
 * wrong, it is gone: ERR_INPUT field "code". */
MUST_CHECK err admit_code_use(struct circle *c, const struct app *app, str code, str redirect_uri,
                              str verifier, str user_agent, int64_t now_ms, struct arena *mem,
                              struct session *out, str *token);
/* A token for the app itself (client_credentials): admit_session with person 0. */

/* The shell's and the keeper's part. In a profile, words that would be held are ERR_INPUT with the reason, in `mem`. */
struct profile_draft { /* NULL: leave */
	const str *display_name, *note;
	const str *
		question; /* what who asks to be a friend is asked; empty takes it away, with its answer */
	const str *answer; /* needed with a new question; folded by befriend_fold_answer */
	const enum person_range *range;
};
MUST_CHECK err admit_profile(struct circle *c, person_id me, const struct profile_draft *draft,
                             int64_t now_ms, struct arena *mem, struct person *out);
/* A seal from the shell is a measure: it takes effect a day later, and can be appealed at once; `seized`, the account is in other hands,
 * and it does at once. Then it ends what the door shows, and streams; sessions stay for reasons, appeal and export. `*from_ms`: since when;
 * 0 where a seal is there already. ERR_INPUT field "reason" without one, which is told to them word for word. */
struct seal_draft {
	str reason;
	bool seized;
};
MUST_CHECK err admit_seal(struct circle *c, person_id person, const struct seal_draft *draft,
                          int64_t now_ms, int64_t *from_ms);
/* Whoever put it. */
MUST_CHECK err admit_unseal(struct circle *c, person_id person, int64_t now_ms);
MUST_CHECK err admit_list(struct circle *c, struct arena *mem, struct person **out, size_t *n);

#endif
