#include "store/groups.h"

#include "model/limits.h"
#include "store/driver.h"
#include "store/rows.h"
#include "store/tombstones.h"

#define GROUP "group_id, owner_id, title, about, created_at_ms, deleted_at_ms"
#define MEMBER "person_id, state, invited_by_id, at_ms"

static const char insert_group[] = "INSERT INTO groups (" GROUP ") VALUES ($1, $2, $3, $4, $5, 0)";
static const char update_group[] = "UPDATE groups SET owner_id = $2, title = $3, about = $4 "
				   "WHERE group_id = $1 AND deleted_at_ms = 0";
static const char delete_group[] = "UPDATE groups SET title = '', about = '', deleted_at_ms = $2 "
				   "WHERE group_id = $1 AND deleted_at_ms = 0";
static const char find_group[] = "SELECT " GROUP " FROM groups WHERE group_id = $1";
static const char each_group[] = "SELECT " GROUP
				 " FROM groups WHERE deleted_at_ms = 0 ORDER BY group_id";

static const char set_member[] =
	"INSERT INTO group_members (group_id, " MEMBER ") VALUES ($1, $2, $3, $4, $5) "
	"ON CONFLICT (group_id, person_id) DO UPDATE SET state = excluded.state, "
	"invited_by_id = excluded.invited_by_id, at_ms = excluded.at_ms";
static const char remove_member[] =
	"DELETE FROM group_members WHERE group_id = $1 AND person_id = $2";
static const char remove_invited[] =
	"DELETE FROM group_members WHERE group_id = $1 AND invited_by_id = $2 AND state = $3";
static const char remove_members[] = "DELETE FROM group_members WHERE group_id = $1";
static const char find_member[] = "SELECT " MEMBER
				  " FROM group_members WHERE group_id = $1 AND person_id = $2";
static const char members_of_group[] = "SELECT " MEMBER
				       " FROM group_members WHERE group_id = $1 AND state = $2 "
				       "ORDER BY at_ms, person_id LIMIT $3";
static const char count_members[] = "SELECT COUNT(*) FROM group_members WHERE group_id = $1";
static const char groups_of_person[] =
	"SELECT group_id FROM group_members WHERE person_id = $1 AND state = $2 "
	"ORDER BY group_id DESC LIMIT $3";
static const char count_groups[] =
	"SELECT COUNT(*) FROM group_members WHERE person_id = $1 AND state = $2";
static const char each_member[] =
	"SELECT " MEMBER
	", group_id FROM group_members WHERE state = 2 ORDER BY group_id, person_id";
_Static_assert(GROUP_MEMBER == 2, "the state in each_member");

static const char add_post[] =
	"INSERT INTO group_posts (group_id, post_id, author_id) VALUES ($1, $2, $3)";
static const char remove_post[] = "DELETE FROM group_posts WHERE group_id = $1 AND post_id = $2";
static const char remove_posts[] = "DELETE FROM group_posts WHERE group_id = $1";
static const char newest_posts[] =
	"SELECT author_id, post_id FROM group_posts "
	"WHERE group_id = $1 AND post_id > $2 AND post_id < $3 ORDER BY post_id DESC LIMIT $4";
static const char oldest_posts[] =
	"SELECT author_id, post_id FROM group_posts "
	"WHERE group_id = $1 AND post_id > $2 AND post_id < $3 ORDER BY post_id ASC LIMIT $4";

static struct stmt *of_group(struct conn *conn, const char *sql, group_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, id.v);
	return q;
}

static struct stmt *of_member(struct conn *conn, const char *sql, group_id id, person_id person)
{
	struct stmt *q = of_group(conn, sql, id);
	stmt_bind_i64(q, 2, person.v);
	return q;
}

static err count(struct stmt *q, int *out)
{
	int64_t n = 0;
	err e = stmt_number(q, "no count", &n);
	*out = (int)n;
	return e;
}

/* ---- groups ---- */

err groups_insert(struct conn *tx, const struct group *group)
{
	struct stmt *q = of_member(tx, insert_group, group->id, group->owner);
	stmt_bind_text(q, 3, group->title);
	stmt_bind_text(q, 4, group->about);
	stmt_bind_i64(q, 5, group->created_at_ms);
	return stmt_run(q);
}

/* Runs a change of a living group, which must be there. */
static err change(struct conn *tx, struct stmt *q)
{
	err e = stmt_run(q);
	if (!failed(e) && driver_changes(tx) == 0)
		e = err_missing("no such group");
	return e;
}

err groups_update(struct conn *tx, const struct group *group)
{
	struct stmt *q = of_member(tx, update_group, group->id, group->owner);
	err e;
	stmt_bind_text(q, 3, group->title);
	stmt_bind_text(q, 4, group->about);
	TRY(change(tx, q));
	TRY(TOMBSTONE(tx, TOMBSTONE_GROUP_OWNER, group->id.v, group->owner.v));
out:
	return e;
}

err groups_delete(struct conn *tx, group_id id, int64_t at_ms)
{
	struct stmt *q = of_group(tx, delete_group, id);
	err e;
	stmt_bind_i64(q, 2, at_ms);
	TRY(change(tx, q));
	TRY(stmt_run(of_group(tx, remove_members, id)));
	TRY(stmt_run(of_group(tx, remove_posts, id)));
	TRY(TOMBSTONE(tx, TOMBSTONE_GROUP, id.v, at_ms));
out:
	return e;
}

/* The words stay borrowed from the row. */
static struct group read_group(struct stmt *q)
{
	return (struct group){
		.id = { stmt_i64(q, 0) },
		.owner = { stmt_i64(q, 1) },
		.title = stmt_text_borrowed(q, 2),
		.about = stmt_text_borrowed(q, 3),
		.created_at_ms = stmt_i64(q, 4),
		.deleted = stmt_i64(q, 5) != 0,
	};
}

err groups_find(struct conn *conn, group_id id, struct arena *mem, struct group *out)
{
	struct stmt *q = of_group(conn, find_group, id);
	err e = stmt_one(q, "no such group");
	if (!failed(e)) {
		*out = read_group(q);
		out->title = str_dup(mem, out->title);
		out->about = str_dup(mem, out->about);
	}
	stmt_done(q);
	return e;
}

err groups_each(struct conn *conn, err (*each)(const struct group *, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_group);
	bool row;
	err e;
	for (;;) {
		struct group group;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		group = read_group(q);
		TRY(each(&group, ctx));
	}
out:
	stmt_done(q);
	return e;
}

/* ---- who is in them ---- */

err group_members_set(struct conn *tx, group_id group, const struct group_member *member)
{
	struct stmt *q = of_member(tx, set_member, group, member->person);
	stmt_bind_i64(q, 3, member->state);
	stmt_bind_i64(q, 4, member->invited_by.v);
	stmt_bind_i64(q, 5, member->at_ms);
	return stmt_run(q);
}

err group_members_remove(struct conn *tx, group_id group, person_id person)
{
	return TOMBSTONE_RUN(tx, of_member(tx, remove_member, group, person),
	                     TOMBSTONE_GROUP_MEMBER, group.v, person.v);
}

err group_members_withdraw(struct conn *tx, group_id group, person_id invited_by)
{
	struct stmt *q = of_member(tx, remove_invited, group, invited_by);
	stmt_bind_i64(q, 3, GROUP_INVITED);
	return TOMBSTONE_RUN(tx, q, TOMBSTONE_GROUP_WITHDRAWN, group.v, invited_by.v);
}

static struct group_member read_member(struct stmt *q)
{
	return (struct group_member){
		.person = { stmt_i64(q, 0) },
		.state = (enum group_state)stmt_int(q, 1),
		.invited_by = { stmt_i64(q, 2) },
		.at_ms = stmt_i64(q, 3),
	};
}

err group_members_find(struct conn *conn, group_id group, person_id person,
                       struct group_member *out)
{
	struct stmt *q = of_member(conn, find_member, group, person);
	err e = stmt_one(q, "not in the group");
	*out = failed(e) ? (struct group_member){ .person = person } : read_member(q);
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

err group_members_of(struct conn *conn, group_id group, enum group_state state, struct arena *mem,
                     struct group_member **out, size_t *n)
{
	struct stmt *q = of_group(conn, members_of_group, group);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 2, state);
	stmt_bind_i64(q, 3, GROUP_MEMBERS_MAX);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct group_member) = read_member(q);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err group_members_count(struct conn *conn, group_id group, int *out)
{
	return count(of_group(conn, count_members, group), out);
}

static struct stmt *of_person(struct conn *conn, const char *sql, person_id person,
                              enum group_state state)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, person.v);
	stmt_bind_i64(q, 2, state);
	return q;
}

err groups_of(struct conn *conn, person_id person, enum group_state state, int limit,
              struct arena *mem, group_id **out, size_t *n)
{
	struct stmt *q = of_person(conn, groups_of_person, person, state);
	void *ids;
	err e;
	stmt_bind_i64(q, 3, limit);
	e = rows_ids(q, mem, &ids, n);
	if (!failed(e))
		*out = ids;
	return e;
}

err groups_count(struct conn *conn, person_id person, enum group_state state, int *out)
{
	return count(of_person(conn, count_groups, person, state), out);
}

err group_members_each(struct conn *conn,
                       err (*each)(group_id, const struct group_member *, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_member);
	struct group_member member;
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		member = read_member(q);
		TRY(each((group_id){ stmt_i64(q, 4) }, &member, ctx));
	}
out:
	stmt_done(q);
	return e;
}

/* ---- their posts ---- */

err group_posts_add(struct conn *tx, group_id group, person_id author, post_id post)
{
	struct stmt *q = of_group(tx, add_post, group);
	stmt_bind_i64(q, 2, post.v);
	stmt_bind_i64(q, 3, author.v);
	return stmt_run(q);
}

err group_posts_remove(struct conn *tx, group_id group, post_id post)
{
	struct stmt *q = of_group(tx, remove_post, group);
	stmt_bind_i64(q, 2, post.v);
	return stmt_run(q);
}

err group_posts_of(struct conn *conn, group_id group, post_id after, post_id before,
                   bool oldest_first, int limit, struct arena *mem, struct status_ref **out,
                   size_t *n)
{
	struct stmt *q = of_group(conn, oldest_first ? oldest_posts : newest_posts, group);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 2, after.v);
	stmt_bind_i64(q, 3, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 4, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct status_ref) =
			(struct status_ref){ { stmt_i64(q, 0) }, { stmt_i64(q, 1) }, { 0 } };
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}
