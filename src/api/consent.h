/* consent.h - the few pages the server writes by itself: signing in for an app (in two steps where a second factor is set), letting it in, the code.
 *
 * Plain forms that work without script, in the look of the page (its sheet), under a policy that allows nothing but
 * that sheet. What a form carries is what the app asked for; it is checked again when the form comes back. */
#ifndef KITH_API_CONSENT_H
#define KITH_API_CONSENT_H

#include "api/call.h"

/* What an app asks for, as it came. */
struct consent_ask {
	str client_id, redirect_uri, scope, state, response_type, challenge, challenge_method;
	bool force_login;
};

MUST_CHECK err consent_read(const struct call *c, struct consent_ask *ask);
/* The address of the consent page for the same ask. */
str consent_address(struct call *c, const struct consent_ask *ask);

/* `wrong`: the last try's handle, and the sentence about it; STR_NONE at first. */
MUST_CHECK err consent_sign_in_page(struct call *c, const struct consent_ask *ask,
                                    const struct app *app, str handle, const char *wrong);
/* For a code or a recovery code, once the password was right. `wrong`: the sentence about the last one, or NULL. */
MUST_CHECK err consent_second_page(struct call *c, const struct consent_ask *ask,
                                   const struct app *app, str ticket, const char *wrong);
/* `me` may let the app in, turn it away, or be someone else. */
MUST_CHECK err consent_ask_page(struct call *c, const struct consent_ask *ask,
                                const struct app *app, const struct person *me, unsigned scopes);
MUST_CHECK err consent_code_page(struct call *c, const struct app *app, str code);

#endif
