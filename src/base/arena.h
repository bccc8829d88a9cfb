/* arena.h - memory that is released whole.
 *
 * One arena per request or job: nothing in it is freed alone. Allocation never fails (it aborts), which is
 * safe because sizes are limited at the door. Not thread-safe: an arena belongs to one thread at a time. */
#ifndef KITH_BASE_ARENA_H
#define KITH_BASE_ARENA_H

#include <stddef.h>

struct arena;
struct arena_mark {
	void *chunk;
	size_t used;
};

/* An arena whose first chunk holds `first_bytes` (at least 1 KiB); later chunks double up to 1 MiB. */
struct arena *arena_new(size_t first_bytes);
void arena_free(struct arena *mem);

/* `size` zeroed bytes aligned to 16; never NULL. Size 0 gives a valid pointer. */
void *arena_alloc(struct arena *mem, size_t size);
/* The same, not zeroed: for large arrays of which only what was written is read. */
void *arena_room(struct arena *mem, size_t size);
/* `count` zeroed elements of `size`; aborts if the product overflows. */
void *arena_array(struct arena *mem, size_t count, size_t size);
/* A copy of `size` bytes at `from`. */
void *arena_copy(struct arena *mem, const void *from, size_t size);
/* `from` (of `old_size` bytes, or NULL and 0) made larger: in place when it is the newest allocation, else a copy
 * with the old bytes left behind. The new part is zeroed. */
void *arena_grow(struct arena *mem, void *from, size_t old_size, size_t new_size);

/* Scratch: everything allocated after the mark is given back by rewind. Marks nest. */
struct arena_mark arena_mark(const struct arena *mem);
void arena_rewind(struct arena *mem, struct arena_mark mark);
/* Gives back all but the first chunk, ready for the next request. */
void arena_reset(struct arena *mem);
/* Bytes in use, rounding included, for tests and figures (more in a sanitized build, which keeps gaps). */
size_t arena_used(const struct arena *mem);

#define ARENA_NEW(mem, type) ((type *)arena_alloc((mem), sizeof(type)))
#define ARENA_ARRAY(mem, count, type) ((type *)arena_array((mem), (count), sizeof(type)))

#endif
