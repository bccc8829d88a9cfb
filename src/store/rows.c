#include "store/rows.h"

#include <string.h>

void *rows_next(struct rows *rows, struct arena *mem, size_t size)
{
	if (rows->n == rows->cap) {
		size_t cap = rows->cap ? rows->cap * 2 : 16;
		void *p = arena_array(mem, cap, size);
		if (rows->n)
			memcpy(p, rows->p, rows->n * size);
		rows->p = p;
		rows->cap = cap;
	}
	return (char *)rows->p + size * rows->n++;
}

err rows_ids(struct stmt *stmt, struct arena *mem, void **ids, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(stmt, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, int64_t) = stmt_i64(stmt, 0);
	}
	*ids = rows.p;
	*n = rows.n;
out:
	return e;
}
