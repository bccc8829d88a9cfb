/* stock.h - arenas kept warm between requests, shared by all threads. */
#ifndef KITH_HTTP_STOCK_H
#define KITH_HTTP_STOCK_H

#include "base/arena.h"

struct stock;

/* Keeps up to `keep` arenas of `first_bytes`. */
struct stock *stock_new(size_t first_bytes, size_t keep);
void stock_free(struct stock *stock); /* accepts NULL */
/* The one given back last (still in a cache), or a new one. */
struct arena *stock_take(struct stock *stock);
void stock_give(struct stock *stock, struct arena *mem);

#endif
