#include "store/clauses.h"

#include "model/limits.h"
#include "store/driver.h"
#include "store/rows.h"

enum named_kind { NAMED_LIST = 1, NAMED_PERSON = 2 };

static const char insert_clause[] =
	"INSERT INTO post_clauses (author_id, post_id, clause, audience) VALUES ($1, $2, $3, $4)";
static const char insert_name[] =
	"INSERT INTO post_clause_names (author_id, post_id, clause, kind, named_id) "
	"VALUES ($1, $2, $3, $4, $5)";
static const char clauses_of_post[] =
	"SELECT audience FROM post_clauses WHERE author_id = $1 AND post_id = $2 "
	"ORDER BY clause LIMIT $3";
static const char names_of_clause[] =
	"SELECT named_id FROM post_clause_names WHERE author_id = $1 AND post_id = $2 "
	"AND clause = $3 AND kind = $4 ORDER BY named_id";
static const char delete_clauses[] =
	"DELETE FROM post_clauses WHERE author_id = $1 AND post_id = $2";
static const char delete_names[] =
	"DELETE FROM post_clause_names WHERE author_id = $1 AND post_id = $2";

static struct stmt *of_post(struct conn *conn, const char *sql, person_id author, post_id post)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, author.v);
	stmt_bind_i64(q, 2, post.v);
	return q;
}

static err insert_named(struct conn *tx, person_id author, post_id post, int clause,
                        enum named_kind kind, int64_t id)
{
	struct stmt *q = of_post(tx, insert_name, author, post);
	stmt_bind_i64(q, 3, clause);
	stmt_bind_i64(q, 4, kind);
	stmt_bind_i64(q, 5, id);
	return stmt_run(q);
}

err clauses_insert(struct conn *tx, person_id author, post_id post, const struct audience *first)
{
	int clause = 0;
	err e = OK;
	for (const struct audience *a = first; a != NULL; a = a->also, clause++) {
		struct stmt *q = of_post(tx, insert_clause, author, post);
		stmt_bind_i64(q, 3, clause);
		stmt_bind_i64(q, 4, a->kind);
		TRY(stmt_run(q));
		for (size_t i = 0; i < a->n_lists; i++)
			TRY(insert_named(tx, author, post, clause, NAMED_LIST, a->lists[i].v));
		for (size_t i = 0; i < a->n_people; i++)
			TRY(insert_named(tx, author, post, clause, NAMED_PERSON, a->people[i].v));
	}
out:
	return e;
}

static err names(struct conn *conn, person_id author, post_id post, size_t clause,
                 enum named_kind kind, struct arena *mem, void **ids, size_t *n)
{
	struct stmt *q = of_post(conn, names_of_clause, author, post);
	stmt_bind_i64(q, 3, (int64_t)clause);
	stmt_bind_i64(q, 4, kind);
	return rows_ids(q, mem, ids, n);
}

err clauses_of(struct conn *conn, person_id author, post_id post, struct arena *mem,
               const struct audience **out)
{
	struct audience *all = ARENA_ARRAY(mem, AUDIENCE_CLAUSES_MAX, struct audience);
	struct stmt *q = of_post(conn, clauses_of_post, author, post);
	size_t n = 0;
	bool row;
	err e;
	stmt_bind_i64(q, 3, AUDIENCE_CLAUSES_MAX);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		all[n++] = (struct audience){ .kind = (enum audience_kind)stmt_int(q, 0) };
	}
	for (size_t i = 0; i < n; i++) {
		void *ids;
		TRY(names(conn, author, post, i, NAMED_LIST, mem, &ids, &all[i].n_lists));
		all[i].lists = ids;
		TRY(names(conn, author, post, i, NAMED_PERSON, mem, &ids, &all[i].n_people));
		all[i].people = ids;
		all[i].also = i + 1 < n ? &all[i + 1] : NULL;
	}
	*out = n > 0 ? all : NULL;
out:
	return e;
}

err clauses_delete(struct conn *tx, person_id author, post_id post)
{
	err e;
	TRY(stmt_run(of_post(tx, delete_clauses, author, post)));
	TRY(stmt_run(of_post(tx, delete_names, author, post)));
out:
	return e;
}
