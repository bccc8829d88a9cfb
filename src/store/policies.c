/* Few rows, never removed: a verdict of long ago can still be explained by the policy that gave it. */
#include "store/policies.h"

#include "store/driver.h"

#define COLUMNS "hash, name, version, state, published_at_ms, source"

static const char enact[] =
	"INSERT INTO policies (" COLUMNS ") VALUES ($1, $2, $3, 0, $4, $5) "
	"ON CONFLICT (hash) DO UPDATE SET state = 0, published_at_ms = excluded.published_at_ms";
static const char end_others[] = "UPDATE policies SET state = $1 WHERE state = 0";
static const char find_in_force[] = "SELECT " COLUMNS " FROM policies WHERE state = 0";
static const char find_hash[] = "SELECT " COLUMNS " FROM policies WHERE hash = $1";
static const char find_previous[] = "SELECT " COLUMNS " FROM policies WHERE state = 1 "
				    "ORDER BY published_at_ms DESC, hash LIMIT 1";

err policies_enact_default(struct conn *tx, enum policy_state the_other)
{
	struct stmt *q = driver_prepare(tx, end_others);
	stmt_bind_i64(q, 1, the_other);
	return stmt_run(q);
}

err policies_enact(struct conn *tx, const struct stored_policy *policy, enum policy_state the_other)
{
	struct stmt *q;
	err e;
	TRY(policies_enact_default(tx, the_other));
	q = driver_prepare(tx, enact);
	stmt_bind_text(q, 1, policy->hash);
	stmt_bind_text(q, 2, policy->name);
	stmt_bind_i64(q, 3, policy->version);
	stmt_bind_i64(q, 4, policy->published_at_ms);
	stmt_bind_bytes(q, 5, policy->source.p, policy->source.n);
	TRY(stmt_run(q));
out:
	return e;
}

static err read_one(struct stmt *q, struct arena *mem, struct stored_policy *out)
{
	err e = stmt_one(q, "no such policy");
	if (!failed(e))
		*out = (struct stored_policy){ .hash = stmt_text(q, 0, mem),
			                       .name = stmt_text(q, 1, mem),
			                       .version = stmt_int(q, 2),
			                       .state = (enum policy_state)stmt_int(q, 3),
			                       .published_at_ms = stmt_i64(q, 4),
			                       .source = stmt_blob(q, 5, mem) };
	stmt_done(q);
	return e;
}

err policies_in_force(struct conn *conn, struct arena *mem, struct stored_policy *out)
{
	return read_one(driver_prepare(conn, find_in_force), mem, out);
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
