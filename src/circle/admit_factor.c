/* Code apps and recovery codes, and what a role needs. The interface is factor.h. */
#include "circle/factor_private.h"

#include "circle/bearers.h"
#include "circle/handle.h"
#include "circle/live.h"
#include "circle/tickets.h"
#include "circle/secret.h"
#include "circle/totp.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/factors.h"
#include "store/people.h"
#include "store/sessions.h"

#define SAY_CODE "That code is not right. Is the clock of your phone?"
#define SAY_BEGIN "There is no code app waiting to be confirmed. Begin again."
#define SAY_THERE "There is a code app already. Take it away first."
#define SAY_NONE "Recovery codes come with a second factor. Set one up first."

#define RECOVERY_BYTES 10 /* 80 bits: nobody guesses it, hashed fast or slowly */
#define RECOVERY_SYMBOLS 16
/* Crockford's: nothing that looks like something else. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* --- recovery codes --- */

static str recovery_new(struct chance chance, struct arena *mem, secret_hash *hash)
{
	unsigned char raw[RECOVERY_BYTES];
	char plain[RECOVERY_SYMBOLS];
	unsigned held = 0, bits = 0;
	size_t n = 0;
	chance_fill(chance, raw, sizeof raw);
	for (size_t i = 0; i < sizeof raw; i++) {
		bits = (bits << 8 | raw[i]) & 0xFFFF;
		for (held += 8; held >= 5; held -= 5)
			plain[n++] = alphabet[bits >> (held - 5) & 31];
	}
	*hash = secret_hash_of((str){ plain, n });
	return str_format(mem, "%.4s-%.4s-%.4s-%.4s", plain, plain + 4, plain + 8, plain + 12);
}

bool recovery_hash_of(str code, secret_hash *hash)
{
	char plain[RECOVERY_SYMBOLS];
	size_t n = 0;
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];
		if (c == '-' || c == ' ')
			continue;
		if (n == RECOVERY_SYMBOLS)
			return false;
		c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		plain[n++] = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
	}
	*hash = secret_hash_of((str){ plain, n });
	return n == RECOVERY_SYMBOLS;
}

/* --- what follows a change --- */

static void make_recovery(struct factor_change *change)
{
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		change->recovery.codes[i] = recovery_new(change->c->chance, change->mem,
		                                         &change->recovery_hashes[i]);
	change->recovery.n = RECOVERY_CODES;
}

void factor_change_open(struct factor_change *change) { make_recovery(change); }

err factor_change_follow(struct conn *tx, struct factor_change *change)
{
	struct person *p = &change->person;
	bool set;
	err e;
	TRY(people_find(tx, change->me, change->mem, p));
	TRY(factors_is_set(tx, change->me, &set));
	change->was_first = set && !p->second_factor;
	if (set == p->second_factor)
		return OK;
	p->second_factor = set;
	TRY(people_update(tx, p));
	TRY(recovery_put(tx, p->id, change->recovery_hashes, set ? change->recovery.n : 0));
	if (set)
		TRY(sessions_revoke_all(tx, p->id, change->keep));
out:
	return e;
}

void factor_change_after(struct factor_change *change)
{
	struct circle *c = change->c;
	world_set_person(c->world, &change->person, handle_key(change->mem, change->person.handle));
	if (change->was_first && c->bearers != NULL)
		bearers_forget_person(c->bearers, change->me, change->keep);
	if (change->was_first)
		live_end_person(c->live, change->me, change->keep);
	tickets_forget(c->tickets, change->me);
}

void factor_change_recovery(const struct factor_change *change, struct recovery *out)
{
	*out = change->was_first ? change->recovery : (struct recovery){ 0 };
}

/* --- code apps --- */

struct totp_job {
	struct factor_change change;
	struct totp totp;
	str code;
	int64_t now_ms;
};

static err begin_work(struct conn *tx, void *ctx)
{
	struct totp_job *job = ctx;
	struct totp old;
	err e = totps_find(tx, job->change.me, &old);
	if (!failed(e) && old.confirmed)
		return err_conflict(NULL, SAY_THERE);
	if (failed(e) && e.code != ERR_MISSING)
		return e;
	return totps_put(tx, job->change.me, &job->totp);
}

err factor_totp_begin(struct circle *c, person_id me, struct arena *mem, str *secret)
{
	struct totp_job job = { .change = { .c = c, .me = me, .mem = mem } };
	err e;
	totp_secret_new(c->chance, job.totp.secret);
	TRY(verb_write(c, begin_work, NULL, &job));
	*secret = totp_secret_text(job.totp.secret, mem);
out:
	return e;
}

static err confirm_work(struct conn *tx, void *ctx)
{
	struct totp_job *job = ctx;
	struct totp *totp = &job->totp;
	err e = totps_find(tx, job->change.me, totp);
	if (e.code == ERR_MISSING)
		return err_input("code", SAY_BEGIN);
	TRY(e);
	if (totp->confirmed)
		return err_conflict(NULL, SAY_THERE);
	if (!totp_check(totp->secret, job->code, job->now_ms, &totp->last_step))
		return err_input("code", SAY_CODE);
	totp->confirmed = true;
	TRY(totps_put(tx, job->change.me, totp));
	TRY(factor_change_follow(tx, &job->change));
out:
	return e;
}

/* `change` stands first in every job here. */
static void change_after(void *ctx) { factor_change_after(ctx); }

err factor_totp_confirm(struct circle *c, person_id me, session_id keep, str code, int64_t now_ms,
                        struct arena *mem, struct recovery *out)
{
	struct totp_job job = { .change = { .c = c, .me = me, .keep = keep, .mem = mem },
		                .code = code,
		                .now_ms = now_ms };
	err e;
	factor_change_open(&job.change);
	TRY(verb_write(c, confirm_work, change_after, &job));
	factor_change_recovery(&job.change, out);
out:
	return e;
}

static err remove_work(struct conn *tx, void *ctx)
{
	struct factor_change *change = ctx;
	err e;
	TRY(totps_delete(tx, change->me));
	TRY(factor_change_follow(tx, change));
out:
	return e;
}

err factor_totp_remove(struct circle *c, person_id me, str password, struct arena *mem)
{
	struct factor_change change = { .c = c, .me = me, .mem = mem };
	err e;
	TRY(admit_prove(c, me, password, mem));
	TRY(verb_write(c, remove_work, change_after, &change));
out:
	return e;
}

/* --- all of them --- */

static err renew_work(struct conn *tx, void *ctx)
{
	struct factor_change *change = ctx;
	bool set;
	err e;
	TRY(factors_is_set(tx, change->me, &set));
	if (!set)
		return err_conflict(NULL, SAY_NONE);
	TRY(recovery_put(tx, change->me, change->recovery_hashes, change->recovery.n));
out:
	return e;
}

err factor_recovery_renew(struct circle *c, person_id me, str password, struct arena *mem,
                          struct recovery *out)
{
	struct factor_change change = { .c = c, .me = me, .mem = mem };
	err e;
	TRY(admit_prove(c, me, password, mem));
	make_recovery(&change);
	TRY(verb_write(c, renew_work, NULL, &change));
	*out = change.recovery;
out:
	return e;
}

static err clear_work(struct conn *tx, void *ctx)
{
	struct factor_change *change = ctx;
	err e;
	TRY(factors_erase(tx, change->me));
	TRY(factor_change_follow(tx, change));
out:
	return e;
}

err factor_clear(struct circle *c, person_id person, struct arena *mem)
{
	struct factor_change change = { .c = c, .me = person, .mem = mem };
	return verb_write(c, clear_work, change_after, &change);
}

err factor_list(struct circle *c, person_id me, struct arena *mem, struct factors *out)
{
	struct conn *conn = NULL;
	struct person person;
	struct totp totp = { .confirmed = false };
	err e;
	*out = (struct factors){ .totp = false };
	TRY(store_read(c->store, &conn));
	TRY(people_find(conn, me, mem, &person));
	e = totps_find(conn, me, &totp);
	if (failed(e) && e.code != ERR_MISSING)
		goto out;
	TRY(passkeys_of(conn, me, mem, &out->passkeys, &out->n_passkeys));
	TRY(recovery_count(conn, me, &out->recovery_left));
	out->totp = totp.confirmed;
	out->required = factor_is_required(&person);
	out->required_from_ms = out->required ? person.second_factor_from_ms : 0;
out:
	store_read_end(c->store, &conn);
	return e;
}

/* --- what a role needs --- */

bool factor_is_required(const struct person *person)
{
	return person->role != ROLE_MEMBER && !person->demo;
}

bool factor_is_due(const struct person *person, int64_t now_ms)
{
	return factor_is_required(person) && !person->second_factor &&
	       person->second_factor_from_ms != 0 && person->second_factor_from_ms <= now_ms &&
	       person->status == PERSON_ACTIVE;
}

static bool begins_now(const struct person *person)
{
	return factor_is_required(person) && !person->second_factor &&
	       person->second_factor_from_ms == 0;
}

struct count_job {
	struct circle *c;
	person_id me;
	int64_t now_ms;
	struct arena *mem;
	struct person person;
};

static err count_work(struct conn *tx, void *ctx)
{
	struct count_job *job = ctx;
	struct person *p = &job->person;
	err e;
	TRY(people_find(tx, job->me, job->mem, p));
	if (!begins_now(p))
		return OK;
	p->second_factor_from_ms = job->now_ms + FACTOR_GRACE_MS;
	TRY(people_update(tx, p));
out:
	return e;
}

static void count_after(void *ctx)
{
	struct count_job *job = ctx;
	world_set_person(job->c->world, &job->person, handle_key(job->mem, job->person.handle));
}

err factor_count_down(struct circle *c, person_id person, int64_t now_ms)
{
	world_lock(c->world);
	const struct person *p = world_person(c->world, person);
	bool begins = p != NULL && begins_now(p);
	world_unlock(c->world);
	if (!begins)
		return OK;
	struct arena *mem = arena_new(4096);
	struct count_job job = { .c = c, .me = person, .now_ms = now_ms, .mem = mem };
	err e = verb_write(c, count_work, count_after, &job);
	arena_free(mem);
	return e;
}
