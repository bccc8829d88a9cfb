/* Cards, from memory alone. */
#include "circle/handle.h"
#include "circle/name.h"
#include "circle/read_private.h"

#include "base/leak.h"

#include "store/posts.h"

#include <stdlib.h>

#define SEARCH_MAX 80

static err card_of(struct circle *c, person_id v, const struct person *person, struct arena *mem,
                   struct person *out)
{
	struct view view = view_of(c, v, 0, mem);
	if (person == NULL || (person->id.v != v.v && !see_card(&view.see, v, person->id)))
		return err_missing("nobody this viewer may see");
	*out = view_card(&view, person);
	return OK;
}

err read_card(struct circle *c, person_id v, person_id u, struct arena *mem, struct person *out)
{
	world_lock(c->world);
	err e = card_of(c, v, world_person(c->world, u), mem, out);
	world_unlock(c->world);
	return e;
}

err read_card_by_handle(struct circle *c, person_id v, str handle, struct arena *mem,
                        struct person *out)
{
	str key = handle_key(mem, handle);
	world_lock(c->world);
	err e = card_of(c, v, world_person_by_key(c->world, key), mem, out);
	world_unlock(c->world);
	return e;
}

err read_self(struct circle *c, person_id v, struct arena *mem, struct person *out)
{
	return read_card(c, v, v, mem, out);
}

err read_own_posts(struct circle *c, person_id v, int64_t *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(posts_count(conn, v, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct search {
	struct view view;
	str key; /* folded */
	struct hit {
		str handle_key;
		const struct person *person;
	} * hits;
	size_t n, cap;
};

static bool search_person(const struct person *person, str handle_key, str name_key, void *ctx)
{
	struct search *s = ctx;
	if (!str_starts(handle_key, s->key) && !str_starts(name_key, s->key))
		return true;
	if (!see_card(&s->view.see, s->view.v, person->id) && !LEAK("search.blocked"))
		return true;
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 64;
		s->hits = arena_grow(s->view.mem, s->hits, s->cap * sizeof(*s->hits),
		                     cap * sizeof(*s->hits));
		s->cap = cap;
	}
	s->hits[s->n++] = (struct hit){ handle_key, person };
	return true;
}

static int cmp_hit(const void *a, const void *b)
{
	return str_cmp(((const struct hit *)a)->handle_key, ((const struct hit *)b)->handle_key);
}

err read_search(struct circle *c, person_id v, str query, int limit, struct arena *mem,
                struct person **out, size_t *n)
{
	struct search s = { .view = view_of(c, v, 0, mem) };
	s.key = name_fold(mem, str_trim(query));
	if (str_starts(s.key, S("@")))
		s.key = str_slice(s.key, 1, s.key.n);
	*n = 0;
	*out = NULL;
	if (s.key.n == 0 || limit <= 0)
		return OK;
	world_lock(c->world);
	world_each_person(c->world, search_person, &s);
	if (s.n > 1)
		qsort(s.hits, s.n, sizeof(*s.hits), cmp_hit);
	size_t most = limit < SEARCH_MAX ? (size_t)limit : SEARCH_MAX;
	*out = ARENA_ARRAY(mem, most, struct person);
	for (size_t i = 0; i < s.n && *n < most; i++)
		(*out)[(*n)++] = view_card(&s.view, s.hits[i].person);
	world_unlock(c->world);
	return OK;
}

err read_blocked(struct circle *c, person_id v, struct arena *mem, struct person **out, size_t *n)
{
	size_t blocked;
	*n = 0;
	world_lock(c->world);
	struct view view = view_of(c, v, 0, mem);
	const person_id *ids = world_blocks(c->world, v, &blocked);
	*out = ARENA_ARRAY(mem, blocked, struct person);
	for (size_t i = 0; i < blocked; i++) {
		const struct person *person = world_person(c->world, ids[i]);
		if (!person || person->status != PERSON_ACTIVE)
			continue;
		struct person card = view_card(&view, person);
		card.avatar = card.cover = (media_id){ 0 }; /* pictures are behind the block */
		card.question = STR_NONE;
		(*out)[(*n)++] = card;
	}
	world_unlock(c->world);
	return OK;
}
