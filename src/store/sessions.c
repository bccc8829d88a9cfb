/* A secret leads to its row by a directory of hashes (tokens, reset_refs, invite_refs, code_refs); the row lies under
 * its person, so that ending all of somebody's sessions is one range. The hash stands in the row too: ending a session
 * removes its directory row by key. */
#include "store/sessions.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define SESSION                                                                                    \
	"person_id, session_id, app_id, kind, scopes, scope_words, user_agent, created_at_ms, "    \
	"last_used_at_ms, expires_at_ms, factor"

static const char insert_session[] =
	"INSERT INTO sessions (" SESSION
	", token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char insert_token[] =
	"INSERT INTO tokens (token_hash, person_id, session_id) VALUES ($1, $2, $3)";
static const char find_token[] = "SELECT person_id, session_id FROM tokens WHERE token_hash = $1";
static const char find_session[] = "SELECT " SESSION
				   " FROM sessions WHERE person_id = $1 AND session_id = $2";
static const char sessions_of_person[] =
	"SELECT " SESSION " FROM sessions WHERE person_id = $1 ORDER BY session_id DESC LIMIT 1000";
static const char hash_of_session[] =
	"SELECT token_hash FROM sessions WHERE person_id = $1 AND session_id = $2";
static const char delete_session[] =
	"DELETE FROM sessions WHERE person_id = $1 AND session_id = $2";
static const char delete_token[] = "DELETE FROM tokens WHERE token_hash = $1";
static const char other_session[] =
	"SELECT session_id FROM sessions WHERE person_id = $1 AND session_id <> $2 ORDER BY session_id LIMIT 1";
static const char touch_session[] =
	"UPDATE sessions SET last_used_at_ms = $3 WHERE person_id = $1 AND session_id = $2";

static const char find_reset[] = "SELECT secret_hash FROM resets WHERE person_id = $1";
static const char set_reset[] =
	"INSERT INTO resets (person_id, secret_hash, expires_at_ms) VALUES ($1, $2, $3)";
static const char delete_reset[] = "DELETE FROM resets WHERE person_id = $1";
static const char take_reset[] =
	"DELETE FROM resets WHERE person_id = $1 AND secret_hash = $2 AND expires_at_ms > $3";
static const char insert_reset_ref[] =
	"INSERT INTO reset_refs (secret_hash, person_id) VALUES ($1, $2)";
static const char find_reset_ref[] = "SELECT person_id FROM reset_refs WHERE secret_hash = $1";
static const char delete_reset_ref[] = "DELETE FROM reset_refs WHERE secret_hash = $1";

#define CODE "person_id, app_id, redirect_uri, scope_words, challenge, expires_at_ms"

static const char insert_code[] = "INSERT INTO codes (" CODE
				  ", secret_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char insert_code_ref[] =
	"INSERT INTO code_refs (secret_hash, person_id) VALUES ($1, $2)";
static const char find_code_ref[] = "SELECT person_id FROM code_refs WHERE secret_hash = $1";
static const char find_code[] = "SELECT " CODE
				" FROM codes WHERE person_id = $1 AND secret_hash = $2";
static const char any_code[] =
	"SELECT secret_hash FROM codes WHERE person_id = $1 ORDER BY secret_hash LIMIT 1";
static const char delete_code[] = "DELETE FROM codes WHERE person_id = $1 AND secret_hash = $2";
static const char delete_code_ref[] = "DELETE FROM code_refs WHERE secret_hash = $1";

static struct stmt *by_hash(struct conn *conn, const char *sql, const secret_hash *hash)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_bytes(q, 1, hash->b, sizeof hash->b);
	return q;
}

static struct stmt *by_person(struct conn *conn, const char *sql, person_id person)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, person.v);
	return q;
}

static struct stmt *by_session(struct conn *conn, const char *sql, person_id person, session_id id)
{
	struct stmt *q = by_person(conn, sql, person);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

/* The hash in column 0 of the first row. */
static err one_hash(struct stmt *q, const char *missing, secret_hash *out)
{
	err e = stmt_one(q, missing);
	if (!failed(e))
		stmt_bytes(q, 0, out->b, sizeof out->b);
	stmt_done(q);
	return e;
}

err sessions_insert(struct conn *tx, const struct session *session, const secret_hash *token)
{
	struct stmt *q = by_session(tx, insert_session, session->person, session->id);
	err e;
	stmt_bind_i64(q, 3, session->app.v);
	stmt_bind_i64(q, 4, session->kind);
	stmt_bind_i64(q, 5, session->scopes);
	stmt_bind_text(q, 6, session->scope_words);
	stmt_bind_text(q, 7, session->user_agent);
	stmt_bind_i64(q, 8, session->created_at_ms);
	stmt_bind_i64(q, 9, session->last_used_at_ms);
	stmt_bind_i64(q, 10, session->expires_at_ms);
	stmt_bind_i64(q, 11, session->factor);
	stmt_bind_bytes(q, 12, token->b, sizeof token->b);
	TRY(stmt_run(q));
	q = by_hash(tx, insert_token, token);
	stmt_bind_i64(q, 2, session->person.v);
	stmt_bind_i64(q, 3, session->id.v);
	TRY(stmt_run(q));
out:
	return e;
}

static struct session read_session(struct stmt *q, struct arena *mem)
{
	return (struct session){
		.person = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.app = { stmt_i64(q, 2) },
		.kind = (enum session_kind)stmt_int(q, 3),
		.scopes = (unsigned)stmt_int(q, 4),
		.scope_words = stmt_text(q, 5, mem),
		.user_agent = stmt_text(q, 6, mem),
		.created_at_ms = stmt_i64(q, 7),
		.last_used_at_ms = stmt_i64(q, 8),
		.expires_at_ms = stmt_i64(q, 9),
		.factor = (enum session_factor)stmt_int(q, 10),
	};
}

err sessions_find(struct conn *conn, const secret_hash *token, struct arena *mem,
                  struct session *out)
{
	struct stmt *q = by_hash(conn, find_token, token);
	person_id person = { 0 };
	session_id id = { 0 };
	err e;
	TRY(stmt_one(q, "no such token"));
	person.v = stmt_i64(q, 0);
	id.v = stmt_i64(q, 1);
	stmt_done(q);
	q = by_session(conn, find_session, person, id);
	TRY(stmt_one(q, "no such session"));
	*out = read_session(q, mem);
out:
	stmt_done(q);
	return e;
}

err sessions_of(struct conn *conn, person_id person, struct arena *mem, struct session **out,
                size_t *n)
{
	struct stmt *q = by_person(conn, sessions_of_person, person);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct session) = read_session(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err sessions_revoke(struct conn *tx, person_id person, session_id id)
{
	secret_hash hash;
	err e;
	TRY(one_hash(by_session(tx, hash_of_session, person, id), "no such session", &hash));
	TRY(stmt_run(by_hash(tx, delete_token, &hash)));
	TRY(stmt_run(by_session(tx, delete_session, person, id)));
	TRY(TOMBSTONE(tx, TOMBSTONE_SESSION, person.v, id.v));
out:
	return e;
}

static err drop_code(struct conn *tx, person_id person, const secret_hash *secret)
{
	struct stmt *q = by_person(tx, delete_code, person);
	err e;
	stmt_bind_bytes(q, 2, secret->b, sizeof secret->b);
	TRY(stmt_run(q));
	TRY(stmt_run(by_hash(tx, delete_code_ref, secret)));
out:
	return e;
}

err sessions_revoke_all(struct conn *tx, person_id person, session_id keep)
{
	secret_hash secret;
	session_id id;
	err e;
	for (;;) {
		e = stmt_number(by_session(tx, other_session, person, keep), "none left", &id.v);
		if (failed(e))
			break;
		TRY(sessions_revoke(tx, person, id));
	}
	while (e.code == ERR_MISSING) {
		e = one_hash(by_person(tx, any_code, person), "none left", &secret);
		if (e.code == ERR_MISSING)
			return OK;
		if (failed(e))
			break;
		TRY(drop_code(tx, person, &secret));
		e = err_missing("look again");
	}
out:
	return e;
}

err sessions_touch(struct conn *tx, person_id person, session_id id, int64_t at_ms)
{
	struct stmt *q = by_session(tx, touch_session, person, id);
	stmt_bind_i64(q, 3, at_ms);
	return stmt_run(q);
}

err resets_insert(struct conn *tx, person_id person, const secret_hash *secret,
                  int64_t expires_at_ms)
{
	secret_hash older;
	struct stmt *q;
	err e = one_hash(by_person(tx, find_reset, person), "none", &older);
	if (!failed(e)) {
		TRY(stmt_run(by_hash(tx, delete_reset_ref, &older)));
		TRY(stmt_run(by_person(tx, delete_reset, person)));
	} else if (e.code != ERR_MISSING) {
		return e;
	}
	q = by_person(tx, set_reset, person);
	stmt_bind_bytes(q, 2, secret->b, sizeof secret->b);
	stmt_bind_i64(q, 3, expires_at_ms);
	TRY(stmt_run(q));
	q = by_hash(tx, insert_reset_ref, secret);
	stmt_bind_i64(q, 2, person.v);
	TRY(stmt_run(q));
out:
	return e;
}

err resets_take(struct conn *tx, const secret_hash *secret, int64_t now_ms, person_id *out)
{
	person_id person;
	struct stmt *q;
	err e;
	TRY(stmt_number(by_hash(tx, find_reset_ref, secret), "no such reset link", &person.v));
	q = by_person(tx, take_reset, person);
	stmt_bind_bytes(q, 2, secret->b, sizeof secret->b);
	stmt_bind_i64(q, 3, now_ms);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_missing("the reset link has expired");
	TRY(stmt_run(by_hash(tx, delete_reset_ref, secret)));
	*out = person;
out:
	return e;
}

err codes_insert(struct conn *tx, const struct oauth_code *code, const secret_hash *secret)
{
	struct stmt *q = by_person(tx, insert_code, code->person);
	err e;
	stmt_bind_i64(q, 2, code->app.v);
	stmt_bind_text(q, 3, code->redirect_uri);
	stmt_bind_text(q, 4, code->scope_words);
	stmt_bind_text(q, 5, code->challenge);
	stmt_bind_i64(q, 6, code->expires_at_ms);
	stmt_bind_bytes(q, 7, secret->b, sizeof secret->b);
	TRY(stmt_run(q));
	q = by_hash(tx, insert_code_ref, secret);
	stmt_bind_i64(q, 2, code->person.v);
	TRY(stmt_run(q));
out:
	return e;
}

err codes_take(struct conn *tx, const secret_hash *secret, int64_t now_ms, struct arena *mem,
               struct oauth_code *out)
{
	person_id person;
	struct stmt *q;
	err e;
	TRY(stmt_number(by_hash(tx, find_code_ref, secret), "no such code", &person.v));
	q = by_person(tx, find_code, person);
	stmt_bind_bytes(q, 2, secret->b, sizeof secret->b);
	e = stmt_one(q, "no such code");
	if (!failed(e)) {
		*out = (struct oauth_code){
			.person = { stmt_i64(q, 0) },
			.app = { stmt_i64(q, 1) },
			.redirect_uri = stmt_text(q, 2, mem),
			.scope_words = stmt_text(q, 3, mem),
			.challenge = stmt_text(q, 4, mem),
			.expires_at_ms = stmt_i64(q, 5),
		};
	}
	stmt_done(q);
	if (failed(e))
		return e;
	if (out->expires_at_ms <= now_ms)
		return err_missing("the code has expired");
	TRY(drop_code(tx, person, secret));
out:
	return e;
}
