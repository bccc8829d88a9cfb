#include "store/measures_shown.h"

#include "store/driver.h"
#include "store/rows.h"

#define COLUMNS                                                                                    \
	"subject_id, measure_id, kind, state, post_author_id, post_id, comment_id, rule, policy, " \
	"starts_at_ms, ends_at_ms, decider, family"

/* Kinds 0, 1, 3: hold, label, fold. States 0, 2: active, kept. */
static const char shown_on[] =
	"SELECT " COLUMNS ", evidence FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND kind IN (0, 1, 3) AND state IN (0, 2) AND version_id = 0 "
	"ORDER BY comment_id, measure_id LIMIT $3";
/* The index holds families alone: it is used where that is said. */
static const char shown_of_family[] =
	"SELECT " COLUMNS " FROM measures WHERE family = $1 AND family <> 0 "
	"AND kind IN (1, 3) AND state IN (0, 2) AND version_id = 0 ORDER BY measure_id LIMIT $2";

static struct measure read_shown(struct stmt *q, struct arena *mem)
{
	return (struct measure){
		.subject = { stmt_i64(q, 0) },
		.id = { stmt_i64(q, 1) },
		.kind = (enum measure_kind)stmt_int(q, 2),
		.state = (enum measure_state)stmt_int(q, 3),
		.post_author = { stmt_i64(q, 4) },
		.post = { stmt_i64(q, 5) },
		.comment = { stmt_i64(q, 6) },
		.rule = stmt_text(q, 7, mem),
		.policy = stmt_text(q, 8, mem),
		.starts_at_ms = stmt_i64(q, 9),
		.ends_at_ms = stmt_i64(q, 10),
		.decider = (enum measure_decider)stmt_int(q, 11),
		.family = stmt_i64(q, 12),
	};
}

static err read_all(struct stmt *q, bool evidence, struct arena *mem, struct measure **out,
                    size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		struct measure *m = ROWS_NEXT(&rows, mem, struct measure);
		*m = read_shown(q, mem);
		if (evidence)
			m->evidence = stmt_text(q, 13, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err measures_shown_on(struct conn *conn, person_id post_author, post_id post, int limit,
                      struct arena *mem, struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, shown_on);
	stmt_bind_i64(q, 1, post_author.v);
	stmt_bind_i64(q, 2, post.v);
	stmt_bind_i64(q, 3, limit);
	return read_all(q, true, mem, out, n);
}

err measures_shown_of_family(struct conn *conn, int64_t family, int limit, struct arena *mem,
                             struct measure **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, shown_of_family);
	stmt_bind_i64(q, 1, family);
	stmt_bind_i64(q, 2, limit);
	return read_all(q, false, mem, out, n);
}
