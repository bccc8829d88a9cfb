/* Few rows, never removed: a verdict of long ago can still be explained by the policy that gave it. */
#include "store/policies.h"

#include "store/driver.h"
#include "store/rows.h"

#define SHORT                                                                                      \
	"hash, name, version, state, published_at_ms, binds_at_ms, urgent_until_ms, "              \
	"published_by_id, differs_from"
#define WHOLE SHORT ", of_program, source, differences, rehearsal"
#define COLUMNS WHOLE ", lifts"

static const char put[] =
	"INSERT INTO policies (" WHOLE
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
	"ON CONFLICT (hash) DO UPDATE SET state = excluded.state, "
	"published_at_ms = excluded.published_at_ms, binds_at_ms = excluded.binds_at_ms, "
	"urgent_until_ms = excluded.urgent_until_ms, published_by_id = excluded.published_by_id, "
	"differs_from = excluded.differs_from, differences = excluded.differences, "
	"rehearsal = excluded.rehearsal";
static const char end_others[] = "UPDATE policies SET state = $1 WHERE state = 0";
static const char find_in_force[] = "SELECT " COLUMNS " FROM policies WHERE state = 0";
static const char find_announced[] = "SELECT " COLUMNS " FROM policies WHERE state = 3";
static const char find_hash[] = "SELECT " COLUMNS " FROM policies WHERE hash = $1";
static const char find_previous[] = "SELECT " COLUMNS " FROM policies WHERE state = 1 "
				    "ORDER BY binds_at_ms DESC, published_at_ms DESC, hash LIMIT 1";
static const char set_lifts[] = "UPDATE policies SET lifts = $2 WHERE hash = $1";
static const char find_to_lift[] = "SELECT " COLUMNS " FROM policies WHERE lifts <> 0 "
				   "ORDER BY lifts LIMIT 1";
static const char each_policy[] = "SELECT " COLUMNS " FROM policies ORDER BY hash";
static const char newest[] = "SELECT " SHORT
			     ", of_program FROM policies WHERE published_at_ms >= 0 "
			     "ORDER BY published_at_ms DESC LIMIT $1";

err policies_put(struct conn *tx, const struct stored_policy *policy)
{
	struct stmt *q = driver_prepare(tx, put);
	stmt_bind_text(q, 1, policy->hash);
	stmt_bind_text(q, 2, policy->name);
	stmt_bind_i64(q, 3, policy->version);
	stmt_bind_i64(q, 4, policy->state);
	stmt_bind_i64(q, 5, policy->published_at_ms);
	stmt_bind_i64(q, 6, policy->binds_at_ms);
	stmt_bind_i64(q, 7, policy->urgent_until_ms);
	stmt_bind_i64(q, 8, policy->published_by.v);
	stmt_bind_text(q, 9, policy->differs_from);
	stmt_bind_i64(q, 10, policy->of_program);
	stmt_bind_bytes(q, 11, policy->source.p, policy->source.n);
	stmt_bind_text(q, 12, policy->differences.n ? policy->differences : S("[]"));
	stmt_bind_text(q, 13, policy->rehearsal.n ? policy->rehearsal : S("{}"));
	return stmt_run(q);
}

err policies_enact(struct conn *tx, const struct stored_policy *policy, enum policy_state the_other)
{
	struct stored_policy bound = *policy;
	struct stmt *q = driver_prepare(tx, end_others);
	err e;
	bound.state = POLICY_IN_FORCE;
	stmt_bind_i64(q, 1, the_other);
	TRY(stmt_run(q));
	TRY(policies_put(tx, &bound));
out:
	return e;
}

static struct stored_policy read_short(struct stmt *q, struct arena *mem)
{
	return (struct stored_policy){
		.hash = stmt_text(q, 0, mem),
		.name = stmt_text(q, 1, mem),
		.version = stmt_int(q, 2),
		.state = (enum policy_state)stmt_int(q, 3),
		.published_at_ms = stmt_i64(q, 4),
		.binds_at_ms = stmt_i64(q, 5),
		.urgent_until_ms = stmt_i64(q, 6),
		.published_by = { stmt_i64(q, 7) },
		.differs_from = stmt_text(q, 8, mem),
		.of_program = stmt_int(q, 9) != 0,
	};
}

static struct stored_policy read_whole(struct stmt *q, struct arena *mem)
{
	struct stored_policy row = read_short(q, mem);
	row.source = stmt_blob(q, 10, mem);
	row.differences = stmt_text(q, 11, mem);
	row.rehearsal = stmt_text(q, 12, mem);
	row.lifts = (enum policy_lifts)stmt_int(q, 13);
	return row;
}

static err read_one(struct stmt *q, struct arena *mem, struct stored_policy *out)
{
	err e = stmt_one(q, "no such policy");
	if (!failed(e))
		*out = read_whole(q, mem);
	stmt_done(q);
	return e;
}

err policies_in_force(struct conn *conn, struct arena *mem, struct stored_policy *out)
{
	return read_one(driver_prepare(conn, find_in_force), mem, out);
}

err policies_announced(struct conn *conn, struct arena *mem, struct stored_policy *out)
{
	return read_one(driver_prepare(conn, find_announced), mem, out);
}

err policies_find(struct conn *conn, str hash, struct arena *mem, struct stored_policy *out)
{
	struct stmt *q = driver_prepare(conn, find_hash);
	stmt_bind_text(q, 1, hash);
	return read_one(q, mem, out);
}

err policies_previous(struct conn *conn, struct arena *mem, struct stored_policy *out)
{
	return read_one(driver_prepare(conn, find_previous), mem, out);
}

err policies_lift(struct conn *tx, str hash, enum policy_lifts lifts)
{
	struct stmt *q = driver_prepare(tx, set_lifts);
	stmt_bind_text(q, 1, hash);
	stmt_bind_i64(q, 2, lifts);
	return stmt_run(q);
}

err policies_to_lift(struct conn *conn, struct arena *mem, struct stored_policy *out)
{
	return read_one(driver_prepare(conn, find_to_lift), mem, out);
}

err policies_each(struct conn *conn, err (*each)(void *ctx, const struct stored_policy *policy),
                  void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_policy);
	struct arena *mem = arena_new((size_t)1 << 16);
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		struct stored_policy policy = read_whole(q, mem);
		TRY(each(ctx, &policy));
		arena_reset(mem);
	}
out:
	stmt_done(q);
	arena_free(mem);
	return e;
}

err policies_list(struct conn *conn, int limit, struct arena *mem, struct stored_policy **out,
                  size_t *n)
{
	struct stmt *q = driver_prepare(conn, newest);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct stored_policy) = read_short(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}
