/* Copies of one text, so that each is asked after once and not at every read of a page. Filled by readers, as the cache of pieces is; one
 * stamp for all, since changes of them are as rare as decisions. */
#include "circle/world_private.h"

#include <stdlib.h>
#include <string.h>

struct kept_family {
	struct family family; /* its copies follow in the same block */
	struct kept_family *next;
	size_t slot;
};

static struct kept_family **bucket_of(const struct families *families, int64_t id)
{
	struct kept_family *const *b = &families->buckets[id_hash(id) % (2 * FAMILIES_MAX)];
	return (struct kept_family **)(uintptr_t)b;
}

static struct kept_family *find(const struct families *families, int64_t id)
{
	for (struct kept_family *f = *bucket_of(families, id); f != NULL; f = f->next)
		if (f->family.id == id)
			return f;
	return NULL;
}

static struct kept_family *kept_of(const struct family *family)
{
	size_t bytes = family->n * sizeof(*family->copies);
	struct kept_family *f = keep_alloc(sizeof(*f) + bytes);
	struct copy *copies = (struct copy *)(void *)(f + 1);
	*f = (struct kept_family){ .family = { family->id, family->n, copies } };
	if (bytes > 0)
		memcpy(copies, family->copies, bytes);
	return f;
}

static void take_out(struct families *families, struct kept_family *f)
{
	struct kept_family **link = bucket_of(families, f->family.id);
	while (*link != f)
		link = &(*link)->next;
	*link = f->next;
	struct kept_family *last = families->slots[--families->n];
	families->slots[f->slot] = last;
	last->slot = f->slot;
}

const struct family *world_family(const struct world *world, int64_t id)
{
	const struct kept_family *f = find(&world->families, id);
	return f != NULL ? &f->family : NULL;
}

uint64_t world_family_stamp(const struct world *world) { return world->families.stamp; }

/* The hand goes round over the slots: what it comes to has been there longest, or nearly. */
static struct kept_family *make_room(struct families *families)
{
	if (families->n < FAMILIES_MAX)
		return NULL;
	if (families->hand >= families->n)
		families->hand = 0;
	struct kept_family *f = families->slots[families->hand++];
	take_out(families, f);
	return f;
}

void world_offer_family(struct world *world, const struct family *family, uint64_t stamp)
{
	struct kept_family *f = kept_of(family), *out = f;
	world_lock_write(world);
	struct families *families = &world->families;
	if (families->stamp == stamp && find(families, family->id) == NULL) {
		out = make_room(families);
		struct kept_family **bucket = bucket_of(families, family->id);
		f->next = *bucket;
		*bucket = f;
		f->slot = families->n;
		families->slots[families->n++] = f;
	}
	world_unlock_write(world);
	free(out);
}

void world_change_family(struct world *world, int64_t family)
{
	if (family == 0)
		return;
	world_lock_write(world);
	struct kept_family *f = find(&world->families, family);
	world->families.stamp++;
	if (f != NULL)
		take_out(&world->families, f);
	world_unlock_write(world);
	free(f);
}

static bool has_post(const struct family *family, post_id post)
{
	for (size_t i = 0; i < family->n; i++)
		if (family->copies[i].ref.post.v == post.v)
			return true;
	return false;
}

void families_leave(struct families *families, post_id post)
{
	families->stamp++;
	for (size_t i = families->n; i-- > 0;) {
		struct kept_family *f = families->slots[i];
		if (!has_post(&f->family, post))
			continue;
		take_out(families, f);
		free(f);
	}
}

void families_free(struct families *families)
{
	for (size_t i = 0; i < families->n; i++)
		free(families->slots[i]);
}
