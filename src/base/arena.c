/* arena.c - a stack of chunks; allocation moves a mark, release drops chunks.
 *
 * Invariant: bytes of a chunk above `used` are poisoned in an AddressSanitizer build, so a pointer kept
 * over a rewind or a reset is reported at its first use. There, a poisoned gap also follows each allocation. */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KITH_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define KITH_ASAN 1
#endif

#ifdef KITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP_BYTES 16
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define GAP_BYTES 0
#endif

#define ALIGN_BYTES 16
#define FIRST_MIN_BYTES 1024
#define CHUNK_MAX_BYTES ((size_t)1 << 20)

struct chunk {
	_Alignas(ALIGN_BYTES) struct chunk *prev;
	size_t used, cap;
	_Alignas(ALIGN_BYTES) char bytes[];
};

struct arena {
	struct chunk *last;
	size_t next_bytes; /* size of the next chunk, unless one allocation needs more */
};

static struct chunk *chunk_new(struct chunk *prev, size_t cap)
{
	struct chunk *c = malloc(sizeof *c + cap);
	if (!c)
		abort();
	c->prev = prev;
	c->used = 0;
	c->cap = cap;
	POISON(c->bytes, cap);
	return c;
}

static struct chunk *chunk_drop(struct chunk *c)
{
	struct chunk *prev = c->prev;
	UNPOISON(c->bytes, c->cap);
	free(c);
	return prev;
}

static size_t next_size(size_t bytes)
{
	return bytes < CHUNK_MAX_BYTES / 2 ? bytes * 2 : CHUNK_MAX_BYTES;
}

struct arena *arena_new(size_t first_bytes)
{
	struct arena *mem = malloc(sizeof *mem);
	if (!mem)
		abort();
	if (first_bytes < FIRST_MIN_BYTES)
		first_bytes = FIRST_MIN_BYTES;
	mem->last = chunk_new(NULL, first_bytes);
	mem->next_bytes = next_size(first_bytes);
	return mem;
}

void arena_free(struct arena *mem)
{
	if (!mem)
		return;
	while (mem->last)
		mem->last = chunk_drop(mem->last);
	free(mem);
}

/* What an allocation takes from its chunk. */
static size_t taken(size_t size)
{
	if (size > SIZE_MAX / 2)
		abort();
	return ((size + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1)) + GAP_BYTES;
}

void *arena_room(struct arena *mem, size_t size)
{
	size_t need = taken(size);
	struct chunk *c = mem->last;
	if (need > c->cap - c->used) {
		c = chunk_new(c, need > mem->next_bytes ? need : mem->next_bytes);
		mem->next_bytes = next_size(mem->next_bytes);
		mem->last = c;
	}
	char *p = c->bytes + c->used;
	c->used += need;
	UNPOISON(p, size);
	return p;
}

void *arena_alloc(struct arena *mem, size_t size) { return memset(arena_room(mem, size), 0, size); }

void *arena_array(struct arena *mem, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		abort();
	return arena_alloc(mem, bytes);
}

void *arena_copy(struct arena *mem, const void *from, size_t size)
{
	void *p = arena_alloc(mem, size);
	return size ? memcpy(p, from, size) : p;
}

void *arena_grow(struct arena *mem, void *from, size_t old_size, size_t new_size)
{
	assert(new_size >= old_size);
	struct chunk *c = mem->last;
	size_t before = taken(old_size), after = taken(new_size);
	bool newest = from && (char *)from + before == c->bytes + c->used;
	if (newest && after - before <= c->cap - c->used) {
		c->used += after - before;
		UNPOISON(from, new_size);
		memset((char *)from + old_size, 0, new_size - old_size);
		return from;
	}
	void *p = arena_alloc(mem, new_size);
	return old_size ? memcpy(p, from, old_size) : p;
}

struct arena_mark arena_mark(const struct arena *mem)
{
	return (struct arena_mark){ mem->last, mem->last->used };
}

void arena_rewind(struct arena *mem, struct arena_mark mark)
{
	while (mem->last != mark.chunk) {
		mem->last = chunk_drop(mem->last);
		assert(mem->last);
	}
	struct chunk *c = mem->last;
	assert(mark.used <= c->used);
	c->used = mark.used;
	POISON(c->bytes + c->used, c->cap - c->used);
}

void arena_reset(struct arena *mem)
{
	while (mem->last->prev)
		mem->last = chunk_drop(mem->last);
	struct chunk *c = mem->last;
	c->used = 0;
	POISON(c->bytes, c->cap);
	mem->next_bytes = next_size(c->cap);
}

size_t arena_used(const struct arena *mem)
{
	size_t used = 0;
	for (const struct chunk *c = mem->last; c; c = c->prev)
		used += c->used;
	return used;
}
