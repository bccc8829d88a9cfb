#include "store/factors.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define PASSKEY                                                                                    \
	"person_id, passkey_id, credential, algorithm, public_key, sign_count, name, transports, " \
	"created_at_ms, last_used_at_ms"

static const char find_totp[] =
	"SELECT secret, last_step, confirmed FROM totps WHERE person_id = $1";
static const char put_totp[] =
	"INSERT INTO totps (person_id, secret, last_step, confirmed) VALUES ($1, $2, $3, $4) "
	"ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, "
	"last_step = excluded.last_step, confirmed = excluded.confirmed";
static const char use_totp[] =
	"UPDATE totps SET last_step = $2 WHERE person_id = $1 AND last_step < $2";
static const char delete_totp[] = "DELETE FROM totps WHERE person_id = $1";

static const char claim_credential[] =
	"INSERT INTO passkey_refs (credential_hash, person_id, passkey_id) VALUES ($1, $2, $3) "
	"ON CONFLICT (credential_hash) DO NOTHING";
static const char insert_passkey[] =
	"INSERT INTO passkeys (" PASSKEY
	", credential_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
static const char find_credential[] =
	"SELECT person_id, passkey_id FROM passkey_refs WHERE credential_hash = $1";
static const char find_passkey[] = "SELECT " PASSKEY
				   " FROM passkeys WHERE person_id = $1 AND passkey_id = $2";
static const char passkeys_of_person[] =
	"SELECT " PASSKEY " FROM passkeys WHERE person_id = $1 ORDER BY passkey_id LIMIT 100";
/* A counter that never counts stays at 0; one that does must go up. */
static const char use_passkey[] =
	"UPDATE passkeys SET sign_count = $3, last_used_at_ms = $4 WHERE person_id = $1 AND passkey_id = $2 "
	"AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))";
static const char hash_of_passkey[] =
	"SELECT credential_hash FROM passkeys WHERE person_id = $1 AND passkey_id = $2";
static const char delete_passkey[] =
	"DELETE FROM passkeys WHERE person_id = $1 AND passkey_id = $2";
static const char delete_credential[] = "DELETE FROM passkey_refs WHERE credential_hash = $1";

static const char insert_recovery[] =
	"INSERT INTO recovery_codes (person_id, code_hash) VALUES ($1, $2)";
static const char take_recovery[] =
	"DELETE FROM recovery_codes WHERE person_id = $1 AND code_hash = $2";
static const char delete_recovery[] = "DELETE FROM recovery_codes WHERE person_id = $1";
static const char count_recovery[] = "SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1";

static const char find_device[] =
	"SELECT person_id FROM devices WHERE device_hash = $1 AND (person_id = $2 OR $2 = 0) LIMIT 1";
static const char devices_of_person[] =
	"SELECT device_hash FROM devices WHERE person_id = $1 ORDER BY created_at_ms DESC, device_hash LIMIT $2";
static const char devices_with[] =
	"SELECT DISTINCT b.person_id FROM devices a JOIN devices b ON b.device_hash = a.device_hash "
	"WHERE a.person_id = $1 AND b.person_id <> $1 AND a.created_at_ms <= $2 AND b.created_at_ms <= $2";
static const char insert_device[] =
	"INSERT INTO devices (device_hash, person_id, created_at_ms) VALUES ($1, $2, $3) "
	"ON CONFLICT (device_hash, person_id) DO NOTHING";
static const char device_beyond[] =
	"SELECT device_hash FROM devices WHERE person_id = $1 ORDER BY created_at_ms DESC, device_hash LIMIT 1 OFFSET $2";
static const char delete_device[] = "DELETE FROM devices WHERE device_hash = $1 AND person_id = $2";

static const char count_factors[] =
	"SELECT (SELECT COUNT(*) FROM totps WHERE person_id = $1 AND confirmed = 1) + "
	"(SELECT COUNT(*) FROM passkeys WHERE person_id = $1)";

static struct stmt *by_person(struct conn *conn, const char *sql, person_id person)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, person.v);
	return q;
}

static struct stmt *by_hash(struct conn *conn, const char *sql, const secret_hash *hash)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_bytes(q, 1, hash->b, sizeof hash->b);
	return q;
}

static struct stmt *by_passkey(struct conn *conn, const char *sql, person_id person, passkey_id id)
{
	struct stmt *q = by_person(conn, sql, person);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

/* Runs a write that must change a row. */
static err run_one(struct conn *tx, struct stmt *q, err otherwise)
{
	err e = stmt_run(q);
	return !failed(e) && driver_changes(tx) == 0 ? otherwise : e;
}

/* ---- code apps ---- */

err totps_find(struct conn *conn, person_id person, struct totp *out)
{
	struct stmt *q = by_person(conn, find_totp, person);
	err e = stmt_one(q, "no code app");
	if (!failed(e)) {
		stmt_bytes(q, 0, out->secret, sizeof out->secret);
		out->last_step = stmt_i64(q, 1);
		out->confirmed = stmt_i64(q, 2) != 0;
	}
	stmt_done(q);
	return e;
}

err totps_put(struct conn *tx, person_id person, const struct totp *totp)
{
	struct stmt *q = by_person(tx, put_totp, person);
	stmt_bind_bytes(q, 2, totp->secret, sizeof totp->secret);
	stmt_bind_i64(q, 3, totp->last_step);
	stmt_bind_i64(q, 4, totp->confirmed);
	return stmt_run(q);
}

err totps_use(struct conn *tx, person_id person, int64_t step)
{
	struct stmt *q = by_person(tx, use_totp, person);
	stmt_bind_i64(q, 2, step);
	return run_one(tx, q, (err){ ERR_CONFLICT, "a code was used twice", NULL, NULL });
}

err totps_delete(struct conn *tx, person_id person)
{
	err e;
	TRY(run_one(tx, by_person(tx, delete_totp, person), err_missing("no code app")));
	TRY(TOMBSTONE(tx, TOMBSTONE_TOTP, person.v));
out:
	return e;
}

/* ---- passkeys ---- */

err passkeys_insert(struct conn *tx, const struct passkey *p, const secret_hash *credential)
{
	struct stmt *q = by_hash(tx, claim_credential, credential);
	err e;
	stmt_bind_i64(q, 2, p->person.v);
	stmt_bind_i64(q, 3, p->id.v);
	TRY(run_one(tx, q, err_conflict("passkey", "This passkey is in use already.")));
	q = by_passkey(tx, insert_passkey, p->person, p->id);
	stmt_bind_bytes(q, 3, p->credential.p, p->credential.n);
	stmt_bind_i64(q, 4, p->algorithm);
	stmt_bind_bytes(q, 5, p->public_key.p, p->public_key.n);
	stmt_bind_i64(q, 6, p->sign_count);
	stmt_bind_text(q, 7, p->name);
	stmt_bind_text(q, 8, p->transports);
	stmt_bind_i64(q, 9, p->created_at_ms);
	stmt_bind_i64(q, 10, p->last_used_at_ms);
	stmt_bind_bytes(q, 11, credential->b, sizeof credential->b);
	TRY(stmt_run(q));
out:
	return e;
}

static struct passkey read_passkey(struct stmt *q, struct arena *mem)
{
	return (struct passkey){
		.person = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.credential = stmt_blob(q, 2, mem),
		.algorithm = (enum passkey_algorithm)stmt_int(q, 3),
		.public_key = stmt_blob(q, 4, mem),
		.sign_count = (uint32_t)stmt_i64(q, 5),
		.name = stmt_text(q, 6, mem),
		.transports = stmt_text(q, 7, mem),
		.created_at_ms = stmt_i64(q, 8),
		.last_used_at_ms = stmt_i64(q, 9),
	};
}

err passkeys_find(struct conn *conn, const secret_hash *credential, struct arena *mem,
                  struct passkey *out)
{
	struct stmt *q = by_hash(conn, find_credential, credential);
	person_id person;
	passkey_id id;
	err e;
	TRY(stmt_one(q, "no such passkey"));
	person.v = stmt_i64(q, 0);
	id.v = stmt_i64(q, 1);
	stmt_done(q);
	q = by_passkey(conn, find_passkey, person, id);
	TRY(stmt_one(q, "no such passkey"));
	*out = read_passkey(q, mem);
out:
	stmt_done(q);
	return e;
}

err passkeys_of(struct conn *conn, person_id person, struct arena *mem, struct passkey **out,
                size_t *n)
{
	struct stmt *q = by_person(conn, passkeys_of_person, person);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct passkey) = read_passkey(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err passkeys_use(struct conn *tx, person_id person, passkey_id id, uint32_t sign_count,
                 int64_t at_ms)
{
	struct stmt *q = by_passkey(tx, use_passkey, person, id);
	stmt_bind_i64(q, 3, sign_count);
	stmt_bind_i64(q, 4, at_ms);
	return run_one(tx, q, (err){ ERR_CONFLICT, "the passkey's counter went back", NULL, NULL });
}

err passkeys_delete(struct conn *tx, person_id person, passkey_id id)
{
	secret_hash hash;
	struct stmt *q = by_passkey(tx, hash_of_passkey, person, id);
	err e;
	TRY(stmt_one(q, "no such passkey"));
	stmt_bytes(q, 0, hash.b, sizeof hash.b);
	stmt_done(q);
	TRY(stmt_run(by_hash(tx, delete_credential, &hash)));
	TRY(stmt_run(by_passkey(tx, delete_passkey, person, id)));
	TRY(TOMBSTONE(tx, TOMBSTONE_PASSKEY, person.v, id.v));
out:
	stmt_done(q);
	return e;
}

/* ---- recovery codes ---- */

static struct stmt *of_recovery(struct conn *tx, const char *sql, person_id person,
                                const secret_hash *code)
{
	struct stmt *q = by_person(tx, sql, person);
	stmt_bind_bytes(q, 2, code->b, sizeof code->b);
	return q;
}

err recovery_put(struct conn *tx, person_id person, const secret_hash *codes, size_t n)
{
	err e;
	TRY(TOMBSTONE_RUN(tx, by_person(tx, delete_recovery, person), TOMBSTONE_RECOVERY,
	                  person.v));
	for (size_t i = 0; i < n; i++)
		TRY(stmt_run(of_recovery(tx, insert_recovery, person, &codes[i])));
out:
	return e;
}

err recovery_take(struct conn *tx, person_id person, const secret_hash *code)
{
	err e;
	TRY(run_one(tx, of_recovery(tx, take_recovery, person, code),
	            err_missing("no such recovery code")));
	TRY(TOMBSTONE(tx, TOMBSTONE_RECOVERY, person.v));
out:
	return e;
}

err recovery_count(struct conn *conn, person_id person, int64_t *out)
{
	return stmt_number(by_person(conn, count_recovery, person), "no count", out);
}

/* ---- devices ---- */

static struct stmt *of_device(struct conn *conn, const char *sql, const secret_hash *device,
                              person_id person)
{
	struct stmt *q = by_hash(conn, sql, device);
	stmt_bind_i64(q, 2, person.v);
	return q;
}

err devices_find(struct conn *conn, const secret_hash *device, person_id person)
{
	int64_t whose;
	return stmt_number(of_device(conn, find_device, device, person), "an unknown device",
	                   &whose);
}

err devices_of(struct conn *conn, person_id person, int limit, struct arena *mem, secret_hash **out,
               size_t *n)
{
	struct stmt *q = by_person(conn, devices_of_person, person);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		secret_hash *device = ROWS_NEXT(&rows, mem, secret_hash);
		stmt_bytes(q, 0, device->b, sizeof device->b);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err devices_shared(struct conn *conn, person_id person, int64_t at_ms, struct arena *mem,
                   person_id **out, size_t *n)
{
	struct stmt *q = by_person(conn, devices_with, person);
	stmt_bind_i64(q, 2, at_ms);
	return rows_ids(q, mem, (void **)out, n);
}

/* Deletes the person's devices past the newest `keep`. */
static err trim_devices(struct conn *tx, person_id person, int keep)
{
	secret_hash hash;
	err e;
	for (;;) {
		struct stmt *q = by_person(tx, device_beyond, person);
		stmt_bind_i64(q, 2, keep);
		e = stmt_one(q, "none beyond");
		if (!failed(e))
			stmt_bytes(q, 0, hash.b, sizeof hash.b);
		stmt_done(q);
		if (e.code == ERR_MISSING)
			return OK;
		TRY(e);
		TRY(stmt_run(of_device(tx, delete_device, &hash, person)));
	}
out:
	return e;
}

err devices_put(struct conn *tx, const secret_hash *device, person_id person, int64_t at_ms,
                int max)
{
	struct stmt *q = of_device(tx, insert_device, device, person);
	err e;
	stmt_bind_i64(q, 3, at_ms);
	TRY(stmt_run(q));
	TRY(trim_devices(tx, person, max));
out:
	return e;
}

/* ---- all of them ---- */

err factors_is_set(struct conn *conn, person_id person, bool *out)
{
	int64_t n = 0;
	err e = stmt_number(by_person(conn, count_factors, person), "no count", &n);
	*out = n > 0;
	return e;
}

err factors_erase(struct conn *tx, person_id person)
{
	struct arena *mem = arena_new(4096);
	struct passkey *all;
	size_t n;
	err e;
	TRY(passkeys_of(tx, person, mem, &all, &n));
	for (size_t i = 0; i < n; i++)
		TRY(passkeys_delete(tx, person, all[i].id));
	TRY(TOMBSTONE_RUN(tx, by_person(tx, delete_totp, person), TOMBSTONE_TOTP, person.v));
	TRY(recovery_put(tx, person, NULL, 0));
	TRY(trim_devices(tx, person, 0));
out:
	arena_free(mem);
	return e;
}
