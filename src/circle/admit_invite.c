/* Invitations. Using one is part of making the account: see admit_account.c. The interface is admit.h. */
#include "circle/admit.h"

#include "circle/secret.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/sessions.h"

#define INVITE_USES_MAX 1000
#define INVITE_LIVES_MAX_MS (INT64_C(366) * 24 * 3600 * 1000)

struct invite_job {
	struct circle *c;
	struct invite invite;
	secret_hash code;
	struct arena *mem;
};

static err invite_work(struct conn *tx, void *ctx)
{
	struct invite_job *job = ctx;
	struct door door;
	err e = OK;
	if (job->invite.by.v != 0) { /* 0: the house itself, from the shell */
		door_open(&door, tx, job->mem);
		TRY(door_writer(&door, job->invite.by));
	}
	job->invite.id = (invite_id){ snowflake_next(job->c->ids) };
	TRY(invites_insert(tx, &job->invite, &job->code));
out:
	return e;
}

err admit_invite(struct circle *c, person_id by, int uses, int64_t lives_ms, int64_t now_ms,
                 struct arena *mem, struct invite *out, str *code)
{
	struct invite_job job = { .c = c, .mem = mem };
	err e;
	if (uses < 1 || uses > INVITE_USES_MAX)
		return err_input("uses", "An invitation is good for 1 to 1000 people.");
	if (lives_ms < 1 || lives_ms > INVITE_LIVES_MAX_MS)
		return err_input("days", "An invitation is good for at most a year.");
	job.invite = (struct invite){
		.by = by,
		.uses_max = uses,
		.uses_left = uses,
		.created_at_ms = now_ms,
		.expires_at_ms = now_ms + lives_ms,
	};
	*code = secret_new(c->chance, "", SECRET_INVITE_BYTES, mem, &job.code);
	TRY(verb_write(c, invite_work, NULL, &job));
	*out = job.invite;
out:
	return e;
}

/* The name of who invites; false when they are not active any more. */
static bool inviter_name(struct circle *c, person_id by, struct arena *mem, str *name)
{
	*name = STR_NONE;
	if (by.v == 0)
		return true;
	world_lock(c->world);
	const struct person *p = world_person(c->world, by);
	bool active = p != NULL && p->status == PERSON_ACTIVE;
	if (active)
		*name = str_dup(mem, p->display_name);
	world_unlock(c->world);
	return active;
}

err admit_invite_look(struct circle *c, str code, int64_t now_ms, struct arena *mem,
                      struct invite *out, str *by_display_name)
{
	secret_hash hash = secret_hash_of(code);
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(invites_find(conn, &hash, out));
	if (out->revoked || out->uses_left < 1 ||
	    (out->expires_at_ms != 0 && out->expires_at_ms <= now_ms))
		e = err_missing("the invitation is used up, revoked or expired");
	else if (!inviter_name(c, out->by, mem, by_display_name))
		e = err_missing("the inviter is not active");
out:
	store_read_end(c->store, &conn);
	return e;
}

err admit_invites(struct circle *c, person_id by, struct arena *mem, struct invite **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(invites_of(conn, by, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct revoke_invite_job {
	person_id by;
	invite_id id;
};

static err revoke_work(struct conn *tx, void *ctx)
{
	const struct revoke_invite_job *job = ctx;
	return invites_revoke(tx, job->by, job->id);
}

err admit_invite_revoke(struct circle *c, person_id by, invite_id id)
{
	struct revoke_invite_job job = { by, id };
	return verb_write(c, revoke_work, NULL, &job);
}
