/* Passkeys: made, added, taken away. The interface is factor.h. */
#include "circle/factor_private.h"

#include "circle/tickets.h"
#include "circle/phrase.h"
#include "circle/secret.h"
#include "circle/verb.h"

#include "store/factors.h"

#include <string.h>

#define SAY_NAME "A passkey's name has at most 60 characters in one line."
#define SAY_MANY "There are 20 passkeys already. Take one away first."
#define SAY_LATE "This took too long. Begin again."

static secret_hash hash_of_challenge(const unsigned char challenge[CHALLENGE_BYTES])
{
	return secret_hash_of((str){ (const char *)challenge, CHALLENGE_BYTES });
}

void challenge_wait(struct circle *c, uint64_t crowd, struct ticket *what)
{
	chance_fill(c->chance, what->challenge, CHALLENGE_BYTES);
	secret_hash key = hash_of_challenge(what->challenge);
	tickets_put(c->tickets, &key, crowd, what, clock_mono(c->clock));
}

err challenge_take(struct circle *c, enum ticket_kind kind, str client_data, struct ticket *out)
{
	unsigned char challenge[CHALLENGE_BYTES];
	err e;
	TRY(passkey_challenge(client_data, challenge));
	secret_hash key = hash_of_challenge(challenge);
	if (!tickets_take(c->tickets, kind, &key, clock_mono(c->clock), out))
		return err_input("passkey", SAY_LATE);
out:
	return e;
}

/* --- one's own --- */

err factor_passkey_begin(struct circle *c, person_id me, session_id session, struct arena *mem,
                         struct passkey_ask *out)
{
	struct ticket what = { .kind = TICKET_PASSKEY_NEW, .person = me, .session = session };
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(passkeys_of(conn, me, mem, &out->passkeys, &out->n));
	if (out->n >= PASSKEYS_MAX)
		TRY(err_limit("passkey", SAY_MANY));
	challenge_wait(c, (uint64_t)me.v, &what);
	memcpy(out->challenge, what.challenge, CHALLENGE_BYTES);
out:
	store_read_end(c->store, &conn);
	return e;
}

struct add_job {
	struct factor_change change;
	struct passkey passkey;
	secret_hash credential;
};

static err add_work(struct conn *tx, void *ctx)
{
	struct add_job *job = ctx;
	struct passkey *have;
	size_t n;
	err e;
	TRY(passkeys_of(tx, job->change.me, job->change.mem, &have, &n));
	if (n >= PASSKEYS_MAX)
		return err_limit("passkey", SAY_MANY);
	job->passkey.id = (passkey_id){ snowflake_next(job->change.c->ids) };
	TRY(passkeys_insert(tx, &job->passkey, &job->credential));
	TRY(factor_change_follow(tx, &job->change));
out:
	return e;
}

/* `change` stands first in every job here. */
static void change_after(void *ctx) { factor_change_after(ctx); }

err factor_passkey_add(struct circle *c, person_id me, session_id session, str url,
                       const struct passkey *draft, const struct passkey_answer *answer,
                       int64_t now_ms, struct arena *mem, struct passkey *out,
                       struct recovery *recovery)
{
	struct add_job job = { .change = { .c = c, .me = me, .keep = session, .mem = mem },
		               .passkey = *draft };
	struct ticket waited;
	err e;
	TRY(phrase_line(draft->name, 0, PASSKEY_NAME_MAX, "name", SAY_NAME, &job.passkey.name));
	if (job.passkey.name.n == 0)
		job.passkey.name = S("Passkey");
	TRY(challenge_take(c, TICKET_PASSKEY_NEW, answer->client_data, &waited));
	if (waited.person.v != me.v || waited.session.v != session.v)
		return (err){ ERR_INPUT, "made for another session", "passkey", SAY_LATE };
	TRY(passkey_made(url, answer, mem, &job.passkey));
	job.passkey.person = me;
	job.passkey.created_at_ms = now_ms;
	job.credential = secret_hash_of(job.passkey.credential);
	factor_change_open(&job.change);
	TRY(verb_write(c, add_work, change_after, &job));
	factor_change_recovery(&job.change, recovery);
	*out = job.passkey;
out:
	return e;
}

struct remove_job {
	struct factor_change change;
	passkey_id id;
};

static err remove_work(struct conn *tx, void *ctx)
{
	struct remove_job *job = ctx;
	err e;
	TRY(passkeys_delete(tx, job->change.me, job->id));
	TRY(factor_change_follow(tx, &job->change));
out:
	return e;
}

err factor_passkey_remove(struct circle *c, person_id me, passkey_id id, str password,
                          struct arena *mem)
{
	struct remove_job job = { .change = { .c = c, .me = me, .mem = mem }, .id = id };
	err e;
	TRY(admit_prove(c, me, password, mem));
	TRY(verb_write(c, remove_work, change_after, &job));
out:
	return e;
}
