#include "store/banked.h"

#include "store/driver.h"

static const char forget_all[] = "UPDATE banked SET here = 0";
static const char put_one[] =
	"INSERT INTO banked (pdq, since_ms, urgent, here) VALUES ($1, $2, $3, 1) "
	"ON CONFLICT (pdq) DO UPDATE SET urgent = excluded.urgent, here = 1";
static const char find_one[] = "SELECT since_ms FROM banked WHERE pdq = $1";
static const char drop_rest[] = "DELETE FROM banked WHERE here = 0";

err banked_begin(struct conn *tx) { return stmt_run(driver_prepare(tx, forget_all)); }

err banked_put(struct conn *tx, const struct banked *one, struct banked *out)
{
	struct stmt *q = driver_prepare(tx, put_one);
	err e;
	*out = *one;
	stmt_bind_bytes(q, 1, one->pdq, sizeof one->pdq);
	stmt_bind_i64(q, 2, one->since_ms);
	stmt_bind_i64(q, 3, one->urgent);
	TRY(stmt_run(q));
	q = driver_prepare(tx, find_one);
	stmt_bind_bytes(q, 1, one->pdq, sizeof one->pdq);
	TRY(stmt_number(q, "no such picture", &out->since_ms));
out:
	return e;
}

err banked_end(struct conn *tx) { return stmt_run(driver_prepare(tx, drop_rest)); }
