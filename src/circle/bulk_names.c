/* The names of a load file, looked up in the load itself and in what was there before. */
#include "circle/bulk_private.h"

#include "circle/handle.h"
#include "circle/world.h"
#include "store/posts.h"

#include <stdlib.h>

/* Statuses are found again by a later load under this prefix, in the table of retries, as nobody's. */
#define RETRY_PREFIX "load:"

err bulk_find_person(struct bulk *b, str handle, const char *field, person_id *out)
{
	str key = handle_key(b->mem, handle);
	const struct bulk_place *known = bulk_keys_find(b->keys, NAME_PERSON, 0, key);
	if (known) {
		*out = (person_id){ known->id };
		return OK;
	}
	world_lock(b->circle->world);
	const struct person *person = world_person_by_key(b->circle->world, key);
	*out = person ? person->id : (person_id){ 0 };
	world_unlock(b->circle->world);
	return out->v ? OK : err_input(field, "names nobody: people come before what they do");
}

str bulk_retry_key(struct bulk *b, str key)
{
	return str_format(b->mem, RETRY_PREFIX "%.*s", STR_ARG(key));
}

/* A status of an earlier load. */
static err find_old_status(struct bulk *b, str key, struct bulk_place *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(b->circle->store, &conn));
	TRY(retries_find(conn, (person_id){ 0 }, bulk_retry_key(b, key), &out->id));
	TRY(status_refs_find(conn, out->id, &out->ref));
	out->at_ms = snowflake_ms(out->id);
out:
	store_read_end(b->circle->store, &conn);
	return e;
}

err bulk_find_status(struct bulk *b, str key, const char *field, struct bulk_place *out)
{
	const struct bulk_place *known = bulk_keys_find(b->keys, NAME_STATUS, 0, key);
	if (known) {
		*out = *known;
		return OK;
	}
	err e = find_old_status(b, key, out);
	if (e.code == ERR_MISSING)
		return err_input(field, "names no key of this load or an earlier one");
	if (!failed(e) && !bulk_keys_add(b->keys, NAME_STATUS, 0, key, *out))
		return err_system("a key is known and unknown");
	return e;
}

err bulk_claim_key(struct bulk *b, str key, struct bulk_place place)
{
	struct bulk_place old = { 0 };
	if (key.n == 0 || key.n > 200)
		return err_input("key", "is 1 to 200 bytes");
	err e = find_old_status(b, key, &old);
	if (!failed(e))
		return err_conflict("key", "is loaded already");
	if (e.code != ERR_MISSING)
		return e;
	return bulk_keys_add(b->keys, NAME_STATUS, 0, key, place)
	               ? OK
	               : err_conflict("key", "comes twice");
}

static int by_person(const void *a, const void *b)
{
	int64_t x = ((const person_id *)a)->v, y = ((const person_id *)b)->v;
	return (x > y) - (x < y);
}

static int by_list(const void *a, const void *b)
{
	int64_t x = ((const list_id *)a)->v, y = ((const list_id *)b)->v;
	return (x > y) - (x < y);
}

/* Handles, or decimal ids, to ids: ascending, each once. */
err bulk_find_people(struct bulk *b, const str *names, size_t n, const char *field,
                     const person_id **out, size_t *n_out)
{
	person_id *ids = ARENA_ARRAY(b->mem, n, person_id);
	for (size_t i = 0; i < n; i++) {
		err e = bulk_find_person(b, names[i], field, &ids[i]);
		if (failed(e))
			return e;
	}
	qsort(ids, n, sizeof *ids, by_person);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || ids[kept - 1].v != ids[i].v)
			ids[kept++] = ids[i];
	}
	*out = ids;
	*n_out = kept;
	return OK;
}

err bulk_find_lists(struct bulk *b, person_id owner, const str *titles, size_t n,
                    const list_id **out, size_t *n_out)
{
	list_id *ids = ARENA_ARRAY(b->mem, n, list_id);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		const struct bulk_place *list = bulk_keys_find(b->keys, NAME_LIST, owner.v,
		                                               titles[i]);
		if (!list)
			return err_input("audience",
			                 "names a list that this load did not make for the author");
		ids[kept++] = (list_id){ list->id };
	}
	qsort(ids, kept, sizeof *ids, by_list);
	*out = ids;
	*n_out = kept;
	return OK;
}

err bulk_find_group(struct bulk *b, str title, group_id *out)
{
	const struct bulk_place *group = bulk_keys_find(b->keys, NAME_GROUP, 0, title);
	if (!group)
		return err_input("audience", "names a group that this load did not make");
	*out = (group_id){ group->id };
	return OK;
}
