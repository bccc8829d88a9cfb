/* order_settings.h - table order_settings: what the keeper has set for the order, by name. */
#ifndef KITH_STORE_ORDER_SETTINGS_H
#define KITH_STORE_ORDER_SETTINGS_H

#include "store/store.h"

/* Empty when it was never set. */
MUST_CHECK err order_settings_get(struct conn *conn, str name, struct arena *mem, str *value);
MUST_CHECK err order_settings_put(struct conn *tx, str name, str value);

#endif
