#include "store/order_settings.h"

#include "store/driver.h"

static const char get_setting[] = "SELECT value FROM order_settings WHERE name = $1";
static const char put_setting[] = "INSERT INTO order_settings (name, value) VALUES ($1, $2) "
				  "ON CONFLICT (name) DO UPDATE SET value = excluded.value";

err order_settings_get(struct conn *conn, str name, struct arena *mem, str *value)
{
	struct stmt *q = driver_prepare(conn, get_setting);
	err e;
	*value = S("");
	stmt_bind_text(q, 1, name);
	e = stmt_one(q, "never set");
	if (!failed(e))
		*value = stmt_text(q, 0, mem);
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

err order_settings_put(struct conn *tx, str name, str value)
{
	struct stmt *q = driver_prepare(tx, put_setting);
	stmt_bind_text(q, 1, name);
	stmt_bind_text(q, 2, value);
	return stmt_run(q);
}
