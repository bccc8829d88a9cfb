/* rows.h - a result that grows while it is read. Room-private. */
#ifndef KITH_STORE_ROWS_H
#define KITH_STORE_ROWS_H

#include "store/driver.h"

struct rows {
	void *p; /* in the arena; slots handed out earlier may have moved, what they point to has not */
	size_t n, cap;
};

/* A zeroed slot at the end, valid until the next call. */
void *rows_next(struct rows *rows, struct arena *mem, size_t size);

#define ROWS_NEXT(rows, mem, type) ((type *)rows_next((rows), (mem), sizeof(type)))

/* Column 0 of every row: an array of ids, whatever their type (all are one int64_t). Ends the statement. */
MUST_CHECK err rows_ids(struct stmt *stmt, struct arena *mem, void **ids, size_t *n);

#endif
