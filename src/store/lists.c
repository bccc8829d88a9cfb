#include "store/lists.h"

#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

static const char insert_list[] =
	"INSERT INTO lists (person_id, list_id, title, deleted) VALUES ($1, $2, $3, $4)";
static const char rename_list[] =
	"UPDATE lists SET title = $3 WHERE person_id = $1 AND list_id = $2 AND deleted = 0";
static const char delete_list[] =
	"UPDATE lists SET deleted = 1 WHERE person_id = $1 AND list_id = $2 AND deleted = 0";
static const char find_list[] =
	"SELECT person_id, list_id, title, deleted FROM lists WHERE person_id = $1 AND list_id = $2";
/* A person keeps at most LISTS_MAX living ones. */
static const char lists_of_person[] =
	"SELECT person_id, list_id, title, deleted FROM lists "
	"WHERE person_id = $1 AND deleted = 0 ORDER BY list_id LIMIT 1000";
static const char count_lists[] = "SELECT COUNT(*) FROM lists WHERE person_id = $1 AND deleted = 0";
static const char add_member[] =
	"INSERT INTO list_members (person_id, list_id, member_id) VALUES ($1, $2, $3) "
	"ON CONFLICT (person_id, list_id, member_id) DO NOTHING";
static const char remove_member[] =
	"DELETE FROM list_members WHERE person_id = $1 AND list_id = $2 AND member_id = $3";
/* Members are friends of the owner, or were when added. */
static const char members_of_list[] =
	"SELECT member_id FROM list_members "
	"WHERE person_id = $1 AND list_id = $2 ORDER BY member_id LIMIT 100000";
static const char has_member[] =
	"SELECT COUNT(*) FROM list_members WHERE person_id = $1 AND list_id = $2 AND member_id = $3";
static const char each_list[] =
	"SELECT person_id, list_id, title, deleted FROM lists ORDER BY person_id, list_id";
static const char each_member[] = "SELECT person_id, list_id, member_id FROM list_members "
				  "ORDER BY person_id, list_id, member_id";

static struct stmt *of_list(struct conn *conn, const char *sql, person_id owner, list_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, owner.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

/* Runs a change of a living list, which must be there. */
static err change(struct conn *tx, struct stmt *q)
{
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_missing("no such list");
	return e;
}

err lists_insert(struct conn *tx, const struct list *list)
{
	struct stmt *q = of_list(tx, insert_list, list->owner, list->id);
	stmt_bind_text(q, 3, list->title);
	stmt_bind_i64(q, 4, list->deleted);
	return stmt_run(q);
}

err lists_rename(struct conn *tx, person_id owner, list_id id, str title)
{
	struct stmt *q = of_list(tx, rename_list, owner, id);
	stmt_bind_text(q, 3, title);
	return change(tx, q);
}

err lists_delete(struct conn *tx, person_id owner, list_id id)
{
	err e;
	TRY(change(tx, of_list(tx, delete_list, owner, id)));
	TRY(TOMBSTONE(tx, TOMBSTONE_LIST, owner.v, id.v));
out:
	return e;
}

/* The title stays borrowed from the row. */
static struct list read_list(struct stmt *q)
{
	return (struct list){
		.owner = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.title = stmt_text_borrowed(q, 2),
		.deleted = stmt_i64(q, 3) != 0,
	};
}

err lists_find(struct conn *conn, person_id owner, list_id id, struct arena *mem, struct list *out)
{
	struct stmt *q = of_list(conn, find_list, owner, id);
	err e = stmt_one(q, "no such list");
	if (!failed(e)) {
		*out = read_list(q);
		out->title = str_dup(mem, out->title);
	}
	stmt_done(q);
	return e;
}

err lists_of(struct conn *conn, person_id owner, struct arena *mem, struct list **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, lists_of_person);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, owner.v);
	for (;;) {
		struct list *list;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		list = ROWS_NEXT(&rows, mem, struct list);
		*list = read_list(q);
		list->title = str_dup(mem, list->title);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err lists_count(struct conn *conn, person_id owner, int *out)
{
	struct stmt *q = driver_prepare(conn, count_lists);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 1, owner.v);
	e = stmt_number(q, "no count", &n);
	*out = (int)n;
	return e;
}

err list_members_add(struct conn *tx, person_id owner, list_id id, person_id member)
{
	struct stmt *q = of_list(tx, add_member, owner, id);
	stmt_bind_i64(q, 3, member.v);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_LIST_MEMBER, owner.v, id.v, member.v, 1);
}

err list_members_remove(struct conn *tx, person_id owner, list_id id, person_id member)
{
	struct stmt *q = of_list(tx, remove_member, owner, id);
	stmt_bind_i64(q, 3, member.v);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_LIST_MEMBER, owner.v, id.v, member.v, 0);
}

err list_members_of(struct conn *conn, person_id owner, list_id id, struct arena *mem,
                    person_id **out, size_t *n)
{
	void *ids;
	err e = rows_ids(of_list(conn, members_of_list, owner, id), mem, &ids, n);
	if (!failed(e))
		*out = ids;
	return e;
}

err list_members_has(struct conn *conn, person_id owner, list_id id, person_id member, bool *out)
{
	struct stmt *q = of_list(conn, has_member, owner, id);
	int64_t n = 0;
	err e;
	stmt_bind_i64(q, 3, member.v);
	e = stmt_number(q, "no count", &n);
	*out = n > 0;
	return e;
}

err lists_each(struct conn *conn, err (*each)(const struct list *, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_list);
	bool row;
	err e;
	for (;;) {
		struct list list;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		list = read_list(q);
		TRY(each(&list, ctx));
	}
out:
	stmt_done(q);
	return e;
}

err list_members_each(struct conn *conn,
                      err (*each)(person_id owner, list_id, person_id member, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_member);
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(each((person_id){ stmt_i64(q, 0) }, (list_id){ stmt_i64(q, 1) },
		         (person_id){ stmt_i64(q, 2) }, ctx));
	}
out:
	stmt_done(q);
	return e;
}
