/* Invitations and apps: the ways in that belong to nobody yet. The interface is in sessions.h. */
#include "store/sessions.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define INVITE "person_id, invite_id, uses_max, uses_left, created_at_ms, expires_at_ms, revoked"
#define APP "app_id, client_id, name, website, redirect_uris, scope_words, created_at_ms"

static const char insert_invite[] = "INSERT INTO invites (" INVITE
				    ") VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char insert_invite_ref[] =
	"INSERT INTO invite_refs (code_hash, person_id, invite_id) VALUES ($1, $2, $3)";
static const char find_invite_ref[] =
	"SELECT person_id, invite_id FROM invite_refs WHERE code_hash = $1";
static const char find_invite[] = "SELECT " INVITE
				  " FROM invites WHERE person_id = $1 AND invite_id = $2";
static const char use_invite[] =
	"UPDATE invites SET uses_left = uses_left - 1 WHERE person_id = $1 AND invite_id = $2 "
	"AND uses_left > 0 AND revoked = 0 AND (expires_at_ms = 0 OR expires_at_ms > $3)";
static const char invites_of_person[] =
	"SELECT " INVITE
	" FROM invites WHERE person_id = $1 AND revoked = 0 ORDER BY invite_id DESC LIMIT 1000";
static const char revoke_invite[] =
	"UPDATE invites SET revoked = 1 WHERE person_id = $1 AND invite_id = $2 AND revoked = 0";

static const char insert_app[] = "INSERT INTO apps (" APP
				 ", client_secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
static const char insert_app_ref[] = "INSERT INTO app_refs (client_id, app_id) VALUES ($1, $2)";
static const char find_app_ref[] = "SELECT app_id FROM app_refs WHERE client_id = $1";
static const char find_app[] = "SELECT " APP ", client_secret FROM apps WHERE app_id = $1";

static struct stmt *of_invite(struct conn *conn, const char *sql, person_id by, invite_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, by.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

err invites_insert(struct conn *tx, const struct invite *invite, const secret_hash *code)
{
	struct stmt *q = of_invite(tx, insert_invite, invite->by, invite->id);
	err e;
	stmt_bind_i64(q, 3, invite->uses_max);
	stmt_bind_i64(q, 4, invite->uses_left);
	stmt_bind_i64(q, 5, invite->created_at_ms);
	stmt_bind_i64(q, 6, invite->expires_at_ms);
	stmt_bind_i64(q, 7, invite->revoked);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_invite_ref);
	stmt_bind_bytes(q, 1, code->b, sizeof code->b);
	stmt_bind_i64(q, 2, invite->by.v);
	stmt_bind_i64(q, 3, invite->id.v);
	TRY(stmt_run(q));
out:
	return e;
}

static struct invite read_invite(struct stmt *q)
{
	return (struct invite){
		.by = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.uses_max = stmt_int(q, 2),
		.uses_left = stmt_int(q, 3),
		.created_at_ms = stmt_i64(q, 4),
		.expires_at_ms = stmt_i64(q, 5),
		.revoked = stmt_i64(q, 6) != 0,
	};
}

err invites_find(struct conn *conn, const secret_hash *code, struct invite *out)
{
	struct stmt *q = driver_prepare(conn, find_invite_ref);
	person_id by = { 0 };
	invite_id id = { 0 };
	err e;
	stmt_bind_bytes(q, 1, code->b, sizeof code->b);
	TRY(stmt_one(q, "no such invitation"));
	by.v = stmt_i64(q, 0);
	id.v = stmt_i64(q, 1);
	stmt_done(q);
	q = of_invite(conn, find_invite, by, id);
	TRY(stmt_one(q, "no such invitation"));
	*out = read_invite(q);
out:
	stmt_done(q);
	return e;
}

err invites_use(struct conn *tx, const secret_hash *code, int64_t now_ms, struct invite *out)
{
	struct stmt *q;
	err e;
	TRY(invites_find(tx, code, out));
	q = of_invite(tx, use_invite, out->by, out->id);
	stmt_bind_i64(q, 3, now_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_missing("the invitation is used up, revoked or expired");
	out->uses_left--;
	TRY(TOMBSTONE(tx, TOMBSTONE_INVITE, out->by.v, out->id.v, out->uses_left, 0));
out:
	return e;
}

err invites_of(struct conn *conn, person_id by, struct arena *mem, struct invite **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, invites_of_person);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, by.v);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct invite) = read_invite(q);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err invites_revoke(struct conn *tx, person_id by, invite_id id)
{
	err e = stmt_run(of_invite(tx, revoke_invite, by, id));
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_missing("no such invitation");
	TRY(e);
	TRY(TOMBSTONE(tx, TOMBSTONE_INVITE, by.v, id.v, 0, 1));
out:
	return e;
}

err apps_insert(struct conn *tx, const struct app *app, const secret_hash *client_secret)
{
	struct stmt *q = driver_prepare(tx, insert_app);
	err e;
	stmt_bind_i64(q, 1, app->id.v);
	stmt_bind_text(q, 2, app->client_id);
	stmt_bind_text(q, 3, app->name);
	stmt_bind_text(q, 4, app->website);
	stmt_bind_text(q, 5, app->redirect_uris);
	stmt_bind_text(q, 6, app->scope_words);
	stmt_bind_i64(q, 7, app->created_at_ms);
	stmt_bind_bytes(q, 8, client_secret->b, sizeof client_secret->b);
	TRY(stmt_run(q));
	q = driver_prepare(tx, insert_app_ref);
	stmt_bind_text(q, 1, app->client_id);
	stmt_bind_i64(q, 2, app->id.v);
	TRY(stmt_run(q));
out:
	return e;
}

static err find_with_secret(struct conn *conn, app_id id, struct arena *mem, struct app *out,
                            secret_hash *secret)
{
	struct stmt *q = driver_prepare(conn, find_app);
	err e;
	stmt_bind_i64(q, 1, id.v);
	TRY(stmt_one(q, "no such app"));
	*out = (struct app){
		.id = { stmt_i64(q, 0) },
		.client_id = stmt_text(q, 1, mem),
		.name = stmt_text(q, 2, mem),
		.website = stmt_text(q, 3, mem),
		.redirect_uris = stmt_text(q, 4, mem),
		.scope_words = stmt_text(q, 5, mem),
		.created_at_ms = stmt_i64(q, 6),
	};
	stmt_bytes(q, 7, secret->b, sizeof secret->b);
out:
	stmt_done(q);
	return e;
}

err apps_find(struct conn *conn, str client_id, struct arena *mem, struct app *out,
              secret_hash *client_secret)
{
	struct stmt *q = driver_prepare(conn, find_app_ref);
	app_id id;
	err e;
	stmt_bind_text(q, 1, client_id);
	TRY(stmt_number(q, "no such app", &id.v));
	TRY(find_with_secret(conn, id, mem, out, client_secret));
out:
	return e;
}

err apps_find_by_id(struct conn *conn, app_id id, struct arena *mem, struct app *out)
{
	secret_hash secret;
	return find_with_secret(conn, id, mem, out, &secret);
}
