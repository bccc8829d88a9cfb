/* Passwords: coming in with one, proving it, changing it, links that set one. Hashing is done before the transaction,
 * everything that must hold when the row is written is asked inside it. The interface is admit.h. */
#include "circle/admit.h"

#include "circle/bearers.h"
#include "circle/handle.h"
#include "circle/live.h"
#include "circle/password.h"
#include "circle/secret.h"
#include "circle/tickets.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/factors.h"
#include "store/people.h"
#include "store/sessions.h"

#include <string.h>

#define RESET_LIVES_MS (INT64_C(3600) * 1000)
#define NOBODY (-1) /* an id that no row has; 0 is anybody to the devices */
#define SAY_WRONG "The handle or the password is wrong."
#define SAY_WAIT                                                                                     \
	"There were too many wrong tries. Wait a little, or come in from where you came in before, " \
	"with a passkey, or by a link from the keeper."
#define SAY_RESET "This link is not valid any more. Ask the keeper for a new one."

/* Nobody, or no password: verified against one that nothing fits. */
static err unless_missing(err e) { return e.code == ERR_MISSING ? OK : e; }

static err read_password(struct circle *c, person_id person, struct arena *mem, str *hash)
{
	struct conn *conn = NULL;
	err e;
	*hash = STR_NONE;
	TRY(store_read(c->store, &conn));
	e = unless_missing(people_password(conn, person, mem, hash));
out:
	store_read_end(c->store, &conn);
	return e;
}

err admit_prove(struct circle *c, person_id me, str password, struct arena *mem)
{
	str hash;
	err e;
	TRY(read_password(c, me, mem, &hash));
	if (!password_verify(hash, password))
		return err_input("password", "That is not your password.");
out:
	return e;
}

/* --- coming in --- */

/* A part of its hash: enough to tell accounts and browsers apart in a table of a fixed size. */
static uint64_t number_of(str words)
{
	secret_hash hash = secret_hash_of(words);
	uint64_t number;
	memcpy(&number, hash.b, sizeof number);
	return number ? number : 1;
}

/* What a try at coming in is judged by. */
struct looked {
	struct person person; /* id 0: nobody */
	str hash;             /* empty: nobody, or no password */
	struct guess guess;
};

static person_id id_called(struct circle *c, str key)
{
	world_lock(c->world);
	const struct person *found = world_person_by_key(c->world, key);
	person_id id = { found != NULL && found->status != PERSON_ERASED ? found->id.v : NOBODY };
	world_unlock(c->world);
	return id;
}

/* The same questions whoever it is, so that the time says nothing of who is here. */
static err look(struct circle *c, const struct way_in *from, str key, struct arena *mem,
                struct looked *out)
{
	secret_hash device = secret_hash_of(from->device);
	person_id id = id_called(c, key);
	struct conn *conn = NULL;
	bool known;
	err e;
	*out = (struct looked){ .hash = STR_NONE };
	TRY(store_read(c->store, &conn));
	TRY(unless_missing(people_find(conn, id, mem, &out->person)));
	TRY(unless_missing(people_password(conn, id, mem, &out->hash)));
	e = devices_find(conn, &device, id);
	known = !failed(e) && from->device.n > 0;
	TRY(unless_missing(e));
	out->guess = throttle_guess(c->throttle, number_of(key), from->address,
	                            known ? number_of(from->device) : 0, clock_mono(c->clock));
out:
	store_read_end(c->store, &conn);
	return e;
}

err admit_sign_in(struct circle *c, const struct way_in *from, str handle, str password,
                  struct arena *mem, struct came_in *out)
{
	struct looked looked;
	err e;
	*out = (struct came_in){ .retry_after_s = 0 };
	if (handle.n > HANDLE_MAX * 4)
		handle = STR_NONE; /* nobody has one that long; the time stays the same */
	TRY(look(c, from, handle_key(mem, handle), mem, &looked));
	if (!throttle_begin(c->throttle, GUESS_PASSWORD, &looked.guess, clock_mono(c->clock),
	                    &out->retry_after_s))
		return err_limit(NULL, SAY_WAIT);
	if (!password_verify(looked.hash, password))
		return err_input("password", SAY_WRONG);
	throttle_right(c->throttle, GUESS_PASSWORD, &looked.guess, clock_mono(c->clock));
	out->person = looked.person;
	out->guess = looked.guess;
out:
	return e;
}

/* --- the browser and the address they came in by --- */

struct known_job {
	struct circle *c;
	person_id person;
	secret_hash device, fresh; /* what came; what to give instead when it is nobody's */
	bool is_fresh;
	int64_t now_ms;
};

static err known_work(struct conn *tx, void *ctx)
{
	struct known_job *job = ctx;
	err e = devices_find(tx, &job->device, (person_id){ 0 });
	job->is_fresh = e.code == ERR_MISSING; /* a browser does not choose its own */
	if (failed(e) && !job->is_fresh)
		return e;
	return devices_put(tx, job->is_fresh ? &job->fresh : &job->device, job->person, job->now_ms,
	                   DEVICES_MAX);
}

err admit_known(struct circle *c, person_id person, const struct way_in *from, int64_t now_ms,
                struct arena *mem, str *device)
{
	struct known_job job = {
		.c = c, .person = person, .device = secret_hash_of(from->device), .now_ms = now_ms
	};
	str fresh = secret_new(c->chance, "kith_device_", SECRET_INVITE_BYTES, mem, &job.fresh);
	str key = STR_NONE;
	err e;
	world_lock(c->world);
	const struct person *p = world_person(c->world, person);
	if (p != NULL)
		key = handle_key(mem, p->handle);
	world_unlock(c->world);
	TRY(verb_write(c, known_work, NULL, &job));
	throttle_came_in(c->throttle, number_of(key), from->address, clock_mono(c->clock));
	*device = job.is_fresh ? fresh : from->device;
out:
	return e;
}

/* --- another password --- */

struct password_job {
	struct circle *c;
	person_id person;
	session_id keep;
	str hash, was;            /* `was`: what the current password was checked against */
	const secret_hash *reset; /* instead of the current password */
	int64_t now_ms;
	struct arena *mem;
};

static err password_work(struct conn *tx, void *ctx)
{
	struct password_job *job = ctx;
	str now = STR_NONE;
	err e;
	if (job->reset != NULL) {
		e = resets_take(tx, job->reset, job->now_ms, &job->person);
		if (e.code == ERR_MISSING)
			e = err_input("token", SAY_RESET);
		TRY(e);
	} else {
		TRY(people_password(tx, job->person, job->mem, &now));
		if (!str_eq(now, job->was))
			return err_conflict("current", "The password has been changed meanwhile.");
	}
	TRY(people_set_password(tx, job->person, job->hash));
	TRY(sessions_revoke_all(tx, job->person, job->keep));
out:
	return e;
}

static void password_after(void *ctx)
{
	struct password_job *job = ctx;
	if (job->c->bearers != NULL)
		bearers_forget_person(job->c->bearers, job->person, job->keep);
	live_end_person(job->c->live, job->person, job->keep);
	tickets_forget(job->c->tickets, job->person);
}

err admit_change_password(struct circle *c, person_id me, session_id keep, str current, str next,
                          int64_t now_ms, struct arena *mem)
{
	struct password_job job = {
		.c = c, .person = me, .keep = keep, .now_ms = now_ms, .mem = mem
	};
	err e;
	TRY(password_check(next, "password"));
	TRY(read_password(c, me, mem, &job.was));
	if (!password_verify(job.was, current))
		return err_input("current", "That is not the current password.");
	TRY(password_hash(next, mem, &job.hash));
	TRY(verb_write(c, password_work, password_after, &job));
out:
	return e;
}

/* --- links that set one --- */

struct reset_job {
	person_id person;
	secret_hash secret;
	int64_t expires_at_ms;
	struct arena *mem;
};

static err reset_work(struct conn *tx, void *ctx)
{
	struct reset_job *job = ctx;
	struct person person;
	err e;
	TRY(people_find(tx, job->person, job->mem, &person));
	if (person.status == PERSON_ERASED)
		return err_missing("erased");
	TRY(resets_insert(tx, job->person, &job->secret, job->expires_at_ms));
out:
	return e;
}

err admit_reset_create(struct circle *c, person_id person, int64_t now_ms, struct arena *mem,
                       str *secret)
{
	struct reset_job job = { .person = person,
		                 .expires_at_ms = now_ms + RESET_LIVES_MS,
		                 .mem = mem };
	*secret = secret_new(c->chance, "", SECRET_TOKEN_BYTES, mem, &job.secret);
	return verb_write(c, reset_work, NULL, &job);
}

err admit_reset_use(struct circle *c, str secret, str password, int64_t now_ms, struct arena *mem,
                    person_id *out)
{
	secret_hash reset = secret_hash_of(secret);
	struct password_job job = { .c = c, .reset = &reset, .now_ms = now_ms, .mem = mem };
	err e;
	TRY(password_check(password, "password"));
	TRY(password_hash(password, mem, &job.hash));
	TRY(verb_write(c, password_work, password_after, &job));
	*out = job.person;
out:
	return e;
}
