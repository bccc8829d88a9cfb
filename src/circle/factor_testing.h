/* factor_testing.h - for tests on a stage: lin, who has a password, signs in, and is asked for a second factor. */
#ifndef KITH_CIRCLE_FACTOR_TESTING_H
#define KITH_CIRCLE_FACTOR_TESTING_H

#include "circle/admit.h"
#include "circle/factor.h"
#include "circle/stage_testing.h"

#define FACTOR_PASSWORD S("correct horse")
#define FACTOR_URL S("https://circle.example")
#define FACTOR_MINUTE_MS INT64_C(60000)

/* Makes the account. */
person_id factor_lin(struct stage *s);
err factor_sign_in(struct stage *s, const struct way_in *from, const char *handle, str password,
                   struct came_in *came);
/* What the code app shows now. */
str factor_code(struct stage *s, str secret);
/* A confirmed code app; the step of its first code is over. */
str factor_set_totp(struct stage *s, person_id person, struct recovery *recovery);
/* What lin is asked for after the right password. */
str factor_ticket(struct stage *s, const struct way_in *from, struct second_ask *ask);
err factor_answer(struct stage *s, str ticket, enum second_kind kind, str words,
                  struct came_in *came);

#endif
