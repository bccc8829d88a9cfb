/* see_store.h - the door's facts from inside a transaction: what a write is checked against. */
#ifndef KITH_CIRCLE_SEE_STORE_H
#define KITH_CIRCLE_SEE_STORE_H

#include "circle/see.h"
#include "store/store.h"

/* Facts read from `conn` (borrowed, like `mem`, for the source's life). A read that fails answers "no", and `*broken` turns true so
 * that the caller can tell a refusal from a fault. */
struct see_store {
	struct conn *conn;
	struct arena *mem; /* scratch: everything taken is given back */
	bool broken;
};
struct see_source see_store_source(struct see_store *facts);

#endif
