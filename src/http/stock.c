/* See stock.h. */
#include "http/stock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct stock {
	pthread_mutex_t lock;
	size_t first_bytes, keep, n;
	struct arena *arenas[];
};

struct stock *stock_new(size_t first_bytes, size_t keep)
{
	struct stock *stock = calloc(1, sizeof(*stock) + keep * sizeof(struct arena *));
	if (!stock)
		abort();
	pthread_mutex_init(&stock->lock, NULL);
	stock->first_bytes = first_bytes;
	stock->keep = keep;
	return stock;
}

void stock_free(struct stock *stock)
{
	if (!stock)
		return;
	for (size_t i = 0; i < stock->n; i++)
		arena_free(stock->arenas[i]);
	pthread_mutex_destroy(&stock->lock);
	free(stock);
}

struct arena *stock_take(struct stock *stock)
{
	struct arena *mem = NULL;
	pthread_mutex_lock(&stock->lock);
	if (stock->n > 0)
		mem = stock->arenas[--stock->n];
	pthread_mutex_unlock(&stock->lock);
	return mem ? mem : arena_new(stock->first_bytes);
}

void stock_give(struct stock *stock, struct arena *mem)
{
	arena_reset(mem);
	pthread_mutex_lock(&stock->lock);
	bool kept = stock->n < stock->keep;
	if (kept)
		stock->arenas[stock->n++] = mem;
	pthread_mutex_unlock(&stock->lock);
	if (!kept)
		arena_free(mem);
}
