#include "store/order_counts.h"

#include "base/snowflake.h"
#include "model/measure.h"
#include "store/driver.h"
#include "store/rows.h"

/* A day is 86,400,000 ms. */
static const char opened_by_day[] =
	"SELECT opened_at_ms / 86400000, COUNT(*) FROM cases WHERE opened_at_ms >= $1 "
	"AND subject_id <> $2 "
	"GROUP BY opened_at_ms / 86400000 ORDER BY 1 LIMIT 4000";
static const char waiting[] =
	"SELECT opened_at_ms FROM cases WHERE state = 0 AND origin >= 0 AND subject_id <> $1 LIMIT $2";
/* From rule to rule along their index: the measures in between are not read. */
static const char next_rule[] = "SELECT MIN(rule) FROM measures WHERE rule > $1";
static const char measures_of_rule[] =
	"SELECT m.state, m.decided_by_id <> 0, a.nth IS NOT NULL FROM measures m "
	"LEFT JOIN appeals a ON a.measure_id = m.measure_id AND a.nth = 1 "
	"WHERE m.rule = $1 AND m.measure_id >= $2 ORDER BY m.measure_id DESC LIMIT $3";

err order_counts_opened(struct conn *conn, int64_t since_ms, person_id but, struct arena *mem,
                        struct day_count **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, opened_by_day);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, since_ms);
	stmt_bind_i64(q, 2, but.v);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct day_count) = (struct day_count){ stmt_i64(q, 0),
			                                                       stmt_i64(q, 1) };
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err order_counts_waiting(struct conn *conn, person_id but, int limit, struct arena *mem,
                         int64_t **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, waiting);
	void *instants;
	err e;
	stmt_bind_i64(q, 1, but.v);
	stmt_bind_i64(q, 2, limit);
	TRY(rows_ids(q, mem, &instants, n));
	*out = instants;
out:
	return e;
}

static err find_next_rule(struct conn *conn, str after, struct arena *mem, str *rule)
{
	struct stmt *q = driver_prepare(conn, next_rule);
	err e;
	stmt_bind_text(q, 1, after);
	e = stmt_one(q, "no rules");
	if (!failed(e))
		*rule = stmt_text(q, 0, mem); /* empty behind the last */
	stmt_done(q);
	return e;
}

static void take(struct rule_count *out, enum measure_state state, bool by_somebody, bool appealed)
{
	bool wrong = state == MEASURE_OVERTURNED || (state == MEASURE_RELEASED && by_somebody);
	out->caught++;
	out->appealed += appealed;
	out->decided += wrong || state == MEASURE_KEPT;
	out->overturned += wrong;
	out->milder += state == MEASURE_MILDER;
}

static err count(struct conn *conn, int64_t since_ms, int each, struct rule_count *out)
{
	struct stmt *q = driver_prepare(conn, measures_of_rule);
	bool row;
	err e;
	*out = (struct rule_count){ .rule = out->rule };
	stmt_bind_text(q, 1, out->rule);
	stmt_bind_i64(q, 2, snowflake_floor(since_ms));
	stmt_bind_i64(q, 3, each);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		take(out, (enum measure_state)stmt_int(q, 0), stmt_int(q, 1) != 0,
		     stmt_int(q, 2) != 0);
	}
out:
	return e;
}

err order_counts_rules(struct conn *conn, int64_t since_ms, int each, int limit, struct arena *mem,
                       struct rule_count **out, size_t *n)
{
	struct rows rows = { 0 };
	struct rule_count one = { .rule = S("") };
	err e;
	for (;;) {
		TRY(find_next_rule(conn, one.rule, mem, &one.rule));
		if (one.rule.n == 0 || rows.n == (size_t)limit)
			break;
		TRY(count(conn, since_ms, each, &one));
		if (one.caught > 0)
			*ROWS_NEXT(&rows, mem, struct rule_count) = one;
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}
