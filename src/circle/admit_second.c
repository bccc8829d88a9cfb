/* The second half of a sign-in, and a passkey that stands for both. The interface is factor.h. */
#include "circle/factor_private.h"

#include "circle/tickets.h"
#include "circle/secret.h"
#include "circle/totp.h"
#include "circle/verb.h"

#include "store/factors.h"
#include "store/people.h"

#include <string.h>

#define SAY_TICKET "This took too long, or there were too many tries. Sign in again."
#define SAY_CODE "That code is not right, or it was used already."
#define SAY_RECOVERY "That recovery code is not right, or it was used already."
#define SAY_WAIT                                                                                   \
	"There were too many wrong codes. Wait a little, or use a passkey or a recovery code."

static err refuse(const char *why)
{
	return (err){ ERR_INPUT, why, "passkey", "This passkey was not accepted." };
}

err second_ask(struct circle *c, const struct came_in *came, struct arena *mem,
               struct second_ask *out)
{
	struct ticket what = { .kind = TICKET_SECOND,
		               .person = came->person.id,
		               .guess = came->guess };
	struct totp totp = { .confirmed = false };
	struct conn *conn = NULL;
	secret_hash key;
	int64_t codes;
	err e;
	TRY(store_read(c->store, &conn));
	e = totps_find(conn, what.person, &totp);
	if (failed(e) && e.code != ERR_MISSING)
		goto out;
	TRY(recovery_count(conn, what.person, &codes));
	TRY(passkeys_of(conn, what.person, mem, &out->passkey.passkeys, &out->passkey.n));
	out->totp = totp.confirmed;
	out->recovery = codes > 0;
	chance_fill(c->chance, what.challenge, CHALLENGE_BYTES);
	memcpy(out->passkey.challenge, what.challenge, CHALLENGE_BYTES);
	out->ticket = secret_new(c->chance, "kith_ticket_", SECRET_TOKEN_BYTES, mem, &key);
	tickets_put(c->tickets, &key, (uint64_t)what.person.v, &what, clock_mono(c->clock));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct sign_job {
	struct circle *c;
	const struct second_proof *proof; /* NULL: a passkey alone */
	secret_hash ticket, recovery;
	struct ticket waited;
	struct passkey passkey;
	uint32_t sign_count;
	int64_t now_ms;
	struct arena *mem;
	struct person person;
};

static err find_person(struct conn *tx, struct sign_job *job, person_id id)
{
	err e = people_find(tx, id, job->mem, &job->person);
	if (!failed(e) && job->person.status == PERSON_ERASED)
		e = err_missing("erased");
	return e.code == ERR_MISSING ? err_input("ticket", SAY_TICKET) : e;
}

static err use_code(struct conn *tx, struct sign_job *job)
{
	struct totp totp;
	int64_t step;
	err e = totps_find(tx, job->waited.person, &totp);
	bool good = !failed(e) && totp.confirmed &&
	            totp_check(totp.secret, job->proof->words, job->now_ms, &step);
	if (failed(e) && e.code != ERR_MISSING)
		return e;
	if (good)
		e = totps_use(tx, job->waited.person, step);
	return !good || e.code == ERR_CONFLICT ? err_input("code", SAY_CODE) : e;
}

static err use_recovery(struct conn *tx, struct sign_job *job)
{
	err e = recovery_take(tx, job->waited.person, &job->recovery);
	return e.code == ERR_MISSING ? err_input("recovery", SAY_RECOVERY) : e;
}

static err use_passkey(struct conn *tx, struct sign_job *job)
{
	const struct passkey *p = &job->passkey;
	err e = passkeys_use(tx, p->person, p->id, job->sign_count, job->now_ms);
	return e.code == ERR_CONFLICT ? refuse(e.why) : e;
}

static err find_passkey(struct circle *c, str credential, struct arena *mem, struct passkey *out)
{
	secret_hash hash = secret_hash_of(credential);
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = passkeys_find(conn, &hash, mem, out);
	if (e.code == ERR_MISSING)
		e = refuse("no such passkey");
out:
	store_read_end(c->store, &conn);
	return e;
}

/* --- after the password --- */

static err look_at_code(struct sign_job *job, unsigned *retry_after_s)
{
	return throttle_begin(job->c->throttle, GUESS_CODE, &job->waited.guess,
	                      clock_mono(job->c->clock), retry_after_s)
	               ? OK
	               : err_limit(NULL, SAY_WAIT);
}

static err look_at_recovery(struct sign_job *job, unsigned *retry_after_s)
{
	(void)retry_after_s; /* nobody guesses 80 bits */
	return recovery_hash_of(job->proof->words, &job->recovery)
	               ? OK
	               : err_input("recovery", SAY_RECOVERY);
}

static err look_at_passkey(struct sign_job *job, unsigned *retry_after_s)
{
	const struct passkey_answer *answer = &job->proof->passkey;
	unsigned char challenge[CHALLENGE_BYTES];
	err e;
	(void)retry_after_s;
	TRY(passkey_challenge(answer->client_data, challenge));
	if (memcmp(challenge, job->waited.challenge, CHALLENGE_BYTES) != 0)
		return refuse("signed for another sign-in");
	TRY(find_passkey(job->c, answer->credential, job->mem, &job->passkey));
	if (job->passkey.person.v != job->waited.person.v)
		return refuse("somebody else's passkey");
	TRY(passkey_signed(job->proof->url, &job->passkey, answer, false, &job->sign_count));
out:
	return e;
}

/* Outside the transaction what costs or can be told at once, inside it what must happen once. */
static const struct {
	enum session_factor factor;
	err (*look)(struct sign_job *job, unsigned *retry_after_s);
	err (*use)(struct conn *tx, struct sign_job *job);
} proofs[] = {
	[SECOND_CODE] = { FACTOR_TOTP, look_at_code, use_code },
	[SECOND_RECOVERY] = { FACTOR_RECOVERY, look_at_recovery, use_recovery },
	[SECOND_PASSKEY] = { FACTOR_PASSKEY, look_at_passkey, use_passkey },
};

/* The ticket goes with the proof that was right: of two that come at once, one. */
static err second_work(struct conn *tx, void *ctx)
{
	struct sign_job *job = ctx;
	err e;
	TRY(find_person(tx, job, job->waited.person));
	TRY(proofs[job->proof->kind].use(tx, job));
	if (!tickets_take(job->c->tickets, TICKET_SECOND, &job->ticket, clock_mono(job->c->clock),
	                  &job->waited))
		e = err_input("ticket", SAY_TICKET);
out:
	return e;
}

err second_answer(struct circle *c, str ticket, const struct second_proof *proof, int64_t now_ms,
                  struct arena *mem, struct came_in *out)
{
	struct sign_job job = { .c = c,
		                .proof = proof,
		                .ticket = secret_hash_of(ticket),
		                .now_ms = now_ms,
		                .mem = mem };
	err e;
	*out = (struct came_in){ .factor = proofs[proof->kind].factor };
	if (!tickets_try(c->tickets, TICKET_SECOND, &job.ticket, clock_mono(c->clock), &job.waited))
		return err_input("ticket", SAY_TICKET);
	TRY(proofs[proof->kind].look(&job, &out->retry_after_s));
	TRY(verb_write(c, second_work, NULL, &job));
	if (proof->kind == SECOND_CODE)
		throttle_right(c->throttle, GUESS_CODE, &job.waited.guess, clock_mono(c->clock));
	out->person = job.person;
out:
	return e;
}

/* --- a passkey alone --- */

void passkey_alone_ask(struct circle *c, uint64_t address, unsigned char challenge[CHALLENGE_BYTES])
{
	struct ticket what = { .kind = TICKET_PASSKEY_ALONE };
	challenge_wait(c, address, &what);
	memcpy(challenge, what.challenge, CHALLENGE_BYTES);
}

static err alone_work(struct conn *tx, void *ctx)
{
	struct sign_job *job = ctx;
	err e;
	TRY(find_person(tx, job, job->passkey.person));
	TRY(use_passkey(tx, job));
out:
	return e;
}

err passkey_alone(struct circle *c, str url, const struct passkey_answer *answer, int64_t now_ms,
                  struct arena *mem, struct came_in *out)
{
	struct sign_job job = { .c = c, .now_ms = now_ms, .mem = mem };
	struct passkey *p = &job.passkey;
	err e;
	TRY(challenge_take(c, TICKET_PASSKEY_ALONE, answer->client_data, &job.waited));
	TRY(find_passkey(c, answer->credential, mem, p));
	if (answer->user.n > 0 && !str_eq(answer->user, passkey_user(p->person, mem)))
		return refuse("it says it is somebody else's");
	TRY(passkey_signed(url, p, answer, true, &job.sign_count));
	TRY(verb_write(c, alone_work, NULL, &job));
	*out = (struct came_in){ .person = job.person, .factor = FACTOR_PASSKEY_ALONE };
out:
	return e;
}
