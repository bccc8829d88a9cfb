#include "circle/factor_testing.h"

#include <liboath/oath.h>

person_id factor_lin(struct stage *s)
{
	struct account_draft draft = { .handle = S("lin"), .password = FACTOR_PASSWORD };
	struct person person;
	assert_ok(admit_create(s->c, &draft, s->now_ms, s->mem, &person));
	return person.id;
}

err factor_sign_in(struct stage *s, const struct way_in *from, const char *handle, str password,
                   struct came_in *came)
{
	return admit_sign_in(s->c, from, str_of(handle), password, s->mem, came);
}

str factor_code(struct stage *s, str secret)
{
	char *raw, otp[7];
	size_t n;
	sure(oath_base32_decode(secret.p, secret.n, &raw, &n) == OATH_OK);
	sure(oath_totp_generate(raw, n, (time_t)(s->now_ms / 1000), 30, 0, 6, otp) == OATH_OK);
	free(raw);
	return str_dup(s->mem, str_of(otp));
}

str factor_set_totp(struct stage *s, person_id person, struct recovery *recovery)
{
	str secret;
	assert_ok(factor_totp_begin(s->c, person, s->mem, &secret));
	assert_ok(factor_totp_confirm(s->c, person, (session_id){ 0 }, factor_code(s, secret),
	                              s->now_ms, s->mem, recovery));
	s->now_ms += FACTOR_MINUTE_MS;
	return secret;
}

str factor_ticket(struct stage *s, const struct way_in *from, struct second_ask *ask)
{
	struct came_in came;
	assert_ok(factor_sign_in(s, from, "lin", FACTOR_PASSWORD, &came));
	assert_true(came.person.second_factor);
	assert_ok(second_ask(s->c, &came, s->mem, ask));
	return ask->ticket;
}

err factor_answer(struct stage *s, str ticket, enum second_kind kind, str words,
                  struct came_in *came)
{
	struct second_proof proof = { .kind = kind, .words = words, .url = FACTOR_URL };
	return second_answer(s->c, ticket, &proof, s->now_ms, s->mem, came);
}
