/* An open hash of owned names; nothing is ever removed, since a spoilt batch ends the load. */
#include "circle/bulk_keys.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct slot {
	char *name; /* space, owner, bytes; NULL: empty */
	size_t n;
	uint64_t hash;
	struct bulk_place place;
};

struct bulk_keys {
	struct slot *slots;
	size_t size, used; /* size: a power of two */
	struct arena *names;
};

struct bulk_keys *bulk_keys_new(void)
{
	struct bulk_keys *keys = calloc(1, sizeof *keys);
	if (!keys)
		abort();
	keys->size = 1024;
	keys->slots = calloc(keys->size, sizeof *keys->slots);
	if (!keys->slots)
		abort();
	keys->names = arena_new(64 * 1024);
	return keys;
}

void bulk_keys_free(struct bulk_keys *keys)
{
	if (!keys)
		return;
	arena_free(keys->names);
	free(keys->slots);
	free(keys);
}

/* The stored form of a name; in scratch, until it is known to be new. */
static str stored_name(struct arena *mem, char space, int64_t owner, str name)
{
	char *p = arena_alloc(mem, 1 + sizeof owner + name.n);
	p[0] = space;
	memcpy(p + 1, &owner, sizeof owner);
	memcpy(p + 1 + sizeof owner, name.p, name.n);
	return (str){ p, 1 + sizeof owner + name.n };
}

static struct slot *slot_of(const struct bulk_keys *keys, str stored, uint64_t hash)
{
	for (size_t i = hash & (keys->size - 1);; i = (i + 1) & (keys->size - 1)) {
		struct slot *slot = &keys->slots[i];
		if (!slot->name || (slot->hash == hash && slot->n == stored.n &&
		                    memcmp(slot->name, stored.p, stored.n) == 0))
			return slot;
	}
}

static void grow(struct bulk_keys *keys)
{
	struct slot *old = keys->slots;
	size_t n = keys->size;
	keys->size *= 2;
	keys->slots = calloc(keys->size, sizeof *keys->slots);
	if (!keys->slots)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (old[i].name)
			*slot_of(keys, (str){ old[i].name, old[i].n }, old[i].hash) = old[i];
	}
	free(old);
}

bool bulk_keys_add(struct bulk_keys *keys, char space, int64_t owner, str name,
                   struct bulk_place place)
{
	if (2 * keys->used >= keys->size)
		grow(keys);
	struct arena_mark mark = arena_mark(keys->names);
	str stored = stored_name(keys->names, space, owner, name);
	uint64_t hash = XXH3_64bits(stored.p, stored.n);
	struct slot *slot = slot_of(keys, stored, hash);
	if (slot->name) {
		arena_rewind(keys->names, mark);
		return false;
	}
	*slot = (struct slot){ (char *)(uintptr_t)stored.p, stored.n, hash, place };
	keys->used++;
	return true;
}

const struct bulk_place *bulk_keys_find(const struct bulk_keys *keys, char space, int64_t owner,
                                        str name)
{
	struct arena_mark mark = arena_mark(keys->names);
	str stored = stored_name(keys->names, space, owner, name);
	struct slot *slot = slot_of(keys, stored, XXH3_64bits(stored.p, stored.n));
	const struct bulk_place *place = slot->name ? &slot->place : NULL;
	arena_rewind(keys->names, mark);
	return place;
}
