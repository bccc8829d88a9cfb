#include "store/people.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define COLUMNS                                                                                          \
	"person_id, handle, display_name, note, role, status, look_back, created_at_ms, invited_by_id, " \
	"avatar_id, cover_id, question, answer, demo, second_factor, second_factor_from_ms, invite_id"

static const char claim_handle[] =
	"INSERT INTO handles (handle_key, person_id) VALUES ($1, $2) ON CONFLICT (handle_key) DO NOTHING";
static const char insert_person[] =
	"INSERT INTO people (" COLUMNS
	", handle_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
	"$18)";
static const char find_person[] = "SELECT " COLUMNS " FROM people WHERE person_id = $1";
static const char find_handle[] = "SELECT person_id FROM handles WHERE handle_key = $1";
static const char update_person[] =
	"UPDATE people SET display_name = $2, note = $3, role = $4, status = $5, look_back = $6, "
	"avatar_id = $7, cover_id = $8, question = $9, answer = $10, "
	"second_factor = $11, second_factor_from_ms = $12 WHERE person_id = $1";
static const char of_role[] =
	"SELECT person_id FROM people WHERE role = $1 AND role <> 0 AND status = 0 "
	"ORDER BY person_id LIMIT 1000";
static const char find_password[] = "SELECT hash FROM passwords WHERE person_id = $1";
static const char set_password[] = "INSERT INTO passwords (person_id, hash) VALUES ($1, $2) "
				   "ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash";
/* Start-up and the shell: all of them, on purpose. */
static const char each_person[] = "SELECT " COLUMNS ", handle_key FROM people ORDER BY person_id";

static err take_handle(struct conn *tx, person_id id, str handle_key)
{
	struct stmt *q = driver_prepare(tx, claim_handle);
	err e;
	stmt_bind_text(q, 1, handle_key);
	stmt_bind_i64(q, 2, id.v);
	e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_conflict("handle", "That name is taken.");
	return e;
}

err people_insert(struct conn *tx, const struct person *person, str handle_key, str password_hash)
{
	struct stmt *q;
	err e;
	TRY(take_handle(tx, person->id, handle_key));
	q = driver_prepare(tx, insert_person);
	stmt_bind_i64(q, 1, person->id.v);
	stmt_bind_text(q, 2, person->handle);
	stmt_bind_text(q, 3, person->display_name);
	stmt_bind_text(q, 4, person->note);
	stmt_bind_i64(q, 5, person->role);
	stmt_bind_i64(q, 6, person->status);
	stmt_bind_i64(q, 7, person->range);
	stmt_bind_i64(q, 8, person->created_at_ms);
	stmt_bind_i64(q, 9, person->invited_by.v);
	stmt_bind_i64(q, 10, person->avatar.v);
	stmt_bind_i64(q, 11, person->cover.v);
	stmt_bind_text(q, 12, person->question);
	stmt_bind_text(q, 13, person->answer);
	stmt_bind_i64(q, 14, person->demo);
	stmt_bind_i64(q, 15, person->second_factor);
	stmt_bind_i64(q, 16, person->second_factor_from_ms);
	stmt_bind_i64(q, 17, person->invite.v);
	stmt_bind_text(q, 18, handle_key);
	TRY(stmt_run(q));
	if (password_hash.n > 0)
		TRY(people_set_password(tx, person->id, password_hash));
out:
	return e;
}

/* Texts stay borrowed from the row. */
static struct person read_person(struct stmt *q)
{
	return (struct person){
		.id = { stmt_i64(q, 0) },
		.handle = stmt_text_borrowed(q, 1),
		.display_name = stmt_text_borrowed(q, 2),
		.note = stmt_text_borrowed(q, 3),
		.role = (enum person_role)stmt_int(q, 4),
		.status = (enum person_status)stmt_int(q, 5),
		.range = (enum person_range)stmt_int(q, 6),
		.created_at_ms = stmt_i64(q, 7),
		.invited_by = { stmt_i64(q, 8) },
		.avatar = { stmt_i64(q, 9) },
		.cover = { stmt_i64(q, 10) },
		.question = stmt_text_borrowed(q, 11),
		.answer = stmt_text_borrowed(q, 12),
		.demo = stmt_i64(q, 13) != 0,
		.second_factor = stmt_i64(q, 14) != 0,
		.second_factor_from_ms = stmt_i64(q, 15),
		.invite = { stmt_i64(q, 16) },
	};
}

err people_find(struct conn *conn, person_id id, struct arena *mem, struct person *out)
{
	struct stmt *q = driver_prepare(conn, find_person);
	err e;
	stmt_bind_i64(q, 1, id.v);
	e = stmt_one(q, "no such person");
	if (!failed(e)) {
		*out = read_person(q);
		out->handle = str_dup(mem, out->handle);
		out->display_name = str_dup(mem, out->display_name);
		out->note = str_dup(mem, out->note);
		out->question = str_dup(mem, out->question);
		out->answer = str_dup(mem, out->answer);
	}
	stmt_done(q);
	return e;
}

err people_find_by_key(struct conn *conn, str handle_key, struct arena *mem, struct person *out)
{
	struct stmt *q = driver_prepare(conn, find_handle);
	person_id id;
	err e;
	stmt_bind_text(q, 1, handle_key);
	TRY(stmt_number(q, "no such handle", &id.v));
	TRY(people_find(conn, id, mem, out));
out:
	return e;
}

err people_update(struct conn *tx, const struct person *person)
{
	struct stmt *q = driver_prepare(tx, update_person);
	err e;
	stmt_bind_i64(q, 1, person->id.v);
	stmt_bind_text(q, 2, person->display_name);
	stmt_bind_text(q, 3, person->note);
	stmt_bind_i64(q, 4, person->role);
	stmt_bind_i64(q, 5, person->status);
	stmt_bind_i64(q, 6, person->range);
	stmt_bind_i64(q, 7, person->avatar.v);
	stmt_bind_i64(q, 8, person->cover.v);
	stmt_bind_text(q, 9, person->question);
	stmt_bind_text(q, 10, person->answer);
	stmt_bind_i64(q, 11, person->second_factor);
	stmt_bind_i64(q, 12, person->second_factor_from_ms);
	e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_missing("no such person");
	TRY(e);
	TRY(TOMBSTONE(tx, TOMBSTONE_PERSON, person->id.v, person->role, person->status,
	              person->range, person->avatar.v, person->cover.v));
out:
	return e;
}

err people_password(struct conn *conn, person_id id, struct arena *mem, str *password_hash)
{
	struct stmt *q = driver_prepare(conn, find_password);
	err e;
	stmt_bind_i64(q, 1, id.v);
	e = stmt_one(q, "no password set");
	if (!failed(e))
		*password_hash = stmt_text(q, 0, mem);
	stmt_done(q);
	return e;
}

err people_set_password(struct conn *tx, person_id id, str password_hash)
{
	struct stmt *q = driver_prepare(tx, set_password);
	stmt_bind_i64(q, 1, id.v);
	stmt_bind_text(q, 2, password_hash);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_PASSWORD, id.v);
}

err people_each(struct conn *conn, err (*each)(const struct person *, str handle_key, void *ctx),
                void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_person);
	bool row;
	err e;
	for (;;) {
		struct person person;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		person = read_person(q);
		TRY(each(&person, stmt_text_borrowed(q, 17), ctx));
	}
out:
	stmt_done(q);
	return e;
}

err people_of_role(struct conn *conn, enum person_role role, struct arena *mem, person_id **out,
                   size_t *n)
{
	struct stmt *q = driver_prepare(conn, of_role);
	void *ids = NULL;
	stmt_bind_i64(q, 1, role);
	err e = rows_ids(q, mem, &ids, n);
	*out = ids;
	return e;
}
