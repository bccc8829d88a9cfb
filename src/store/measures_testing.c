#include "store/measures_testing.h"

#include "store/driver.h"

#define SET(change)                                                                                \
	{                                                                                          \
		change, "UPDATE measures SET " change " WHERE measure_id = $1"                     \
	}

static const struct {
	const char *name, *sql;
} ways[MEASURES_REWRITES] = {
	SET("kind = 5"),
	SET("rule = 'another'"),
	SET("policy = 'another'"),
	SET("evidence = '{\"x\":1}'"),
	SET("starts_at_ms = starts_at_ms - 1"),
	SET("ends_at_ms = ends_at_ms + 1"),
	SET("by_id = 7"),
	SET("decided_by_id = 7"),
	SET("decided_at_ms = 7"),
	SET("decision_note = 'x'"),
	SET("decider = 3"),
	SET("harm = 2"),
	SET("points = points + 1"),
	SET("post_id = 7"),
	SET("comment_id = 7"),
	SET("version_id = 7"),
};
static const char remove_measure[] = "DELETE FROM measures WHERE measure_id = $1";
static const char remove_ref[] = "DELETE FROM measure_refs WHERE measure_id = $1";

static const char forget_looks[] = "DELETE FROM accesses WHERE measure_id = $1";

static err run(struct conn *tx, const char *sql, measure_id id)
{
	struct stmt *q = driver_prepare(tx, sql);
	stmt_bind_i64(q, 1, id.v);
	return stmt_run(q);
}

const char *measures_rewrite_name(int way) { return ways[way].name; }

err measures_rewrite(struct conn *tx, measure_id id, int way) { return run(tx, ways[way].sql, id); }

err measures_remove(struct conn *tx, measure_id id)
{
	err e;
	TRY(run(tx, remove_measure, id));
	TRY(run(tx, remove_ref, id));
out:
	return e;
}

err measures_forget_looks(struct conn *tx, int64_t at)
{
	return run(tx, forget_looks, (measure_id){ at });
}
