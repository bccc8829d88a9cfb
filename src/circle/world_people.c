/* The people of the world: who is here, whom they count as friends, block and hide, and their tags. */
#include "circle/live.h"
#include "circle/name.h"
#include "circle/world_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 64

void *keep_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (p == NULL)
		abort();
	return p;
}

void *keep_grow(void *from, size_t size)
{
	void *p = realloc(from, size);
	if (p == NULL)
		abort();
	return p;
}

/* Index of the first element not below `id`. */
static size_t id_set_at(const struct id_set *set, person_id id)
{
	const person_id *base = set->ids;
	size_t n = set->n;
	while (n > 1) {
		size_t half = n / 2;
		base = base[half - 1].v < id.v ? base + half : base;
		n -= half;
	}
	return (size_t)(base - set->ids) + (n == 1 && base[0].v < id.v);
}

bool id_set_has(const struct id_set *set, person_id id)
{
	size_t at = id_set_at(set, id);
	return at < set->n && set->ids[at].v == id.v;
}

void id_set_put(struct id_set *set, person_id id, bool on, int64_t **along, int64_t value)
{
	size_t at = id_set_at(set, id);
	bool there = at < set->n && set->ids[at].v == id.v;
	if (!on && !there)
		return;
	if (!on) {
		size_t after = set->n - at - 1;
		memmove(set->ids + at, set->ids + at + 1, after * sizeof(*set->ids));
		if (along != NULL)
			memmove(*along + at, *along + at + 1, after * sizeof(**along));
		set->n--;
		return;
	}
	if (!there) {
		if (set->n == set->cap) {
			set->cap += set->cap / 2 + 4;
			set->ids = keep_grow(set->ids, set->cap * sizeof(*set->ids));
			if (along != NULL)
				*along = keep_grow(*along, set->cap * sizeof(**along));
		}
		size_t after = set->n - at;
		memmove(set->ids + at + 1, set->ids + at, after * sizeof(*set->ids));
		if (along != NULL)
			memmove(*along + at + 1, *along + at, after * sizeof(**along));
		set->ids[at] = id;
		set->n++;
	}
	if (along != NULL)
		(*along)[at] = value;
}

struct node *world_find_node(const struct world *world, person_id id)
{
	for (size_t i = id_hash(id.v);; i++) {
		const struct node_slot *slot = &world->by_id[i & (world->slots - 1)];
		if (slot->node == NULL || slot->id == id.v)
			return slot->node;
	}
}

/* FNV-1a: keys are short and few. */
static size_t key_hash(str key)
{
	uint64_t h = UINT64_C(0xCBF29CE484222325);
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001B3);
	return (size_t)(h ^ h >> 32);
}

static struct node **key_slot(const struct world *world, str key)
{
	for (size_t i = key_hash(key);; i++) {
		struct node **slot = &world->by_key[i & (world->slots - 1)];
		if (*slot == NULL || str_eq((*slot)->handle_key, key))
			return slot;
	}
}

static void index_node(struct world *world, struct node *node)
{
	size_t i = id_hash(node->person.id.v);
	while (world->by_id[i & (world->slots - 1)].node != NULL)
		i++;
	world->by_id[i & (world->slots - 1)] = (struct node_slot){ node->person.id.v, node };
	*key_slot(world, node->handle_key) = node;
}

void world_grow_index(struct world *world)
{
	free(world->by_id);
	free(world->by_key);
	world->slots = world->slots ? world->slots * 2 : SLOTS_FIRST;
	world->by_id = keep_alloc(world->slots * sizeof(*world->by_id));
	world->by_key = keep_alloc(world->slots * sizeof(struct node *));
	world->nodes = keep_grow(world->nodes, world->slots / 2 * sizeof(struct node *));
	for (size_t i = 0; i < world->n_nodes; i++)
		index_node(world, world->nodes[i]);
}

static str keep_words(char **at, str s)
{
	char *p = *at;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	*at += s.n;
	return (str){ p, s.n };
}

static void node_set_words(struct node *node, const struct person *person, str key, str name_key)
{
	char *words = keep_alloc(person->handle.n + person->display_name.n + person->note.n +
	                         person->question.n + key.n + name_key.n);
	char *at = words;
	node->person = *person;
	node->person.handle = keep_words(&at, person->handle);
	node->person.display_name = keep_words(&at, person->display_name);
	node->person.note = keep_words(&at, person->note);
	node->person.question = keep_words(&at, person->question);
	node->person.answer = STR_NONE; /* a secret: the store alone has it */
	node->handle_key = keep_words(&at, key);
	node->name_key = keep_words(&at, name_key);
	free(node->words);
	node->words = words;
}

void world_set_person(struct world *world, const struct person *person, str handle_key)
{
	struct arena *mem = arena_new(1024);
	str name_key = name_fold(mem, person->display_name);
	world_lock_write(world);
	struct node *node = world_find_node(world, person->id);
	if (node != NULL) {
		assert(str_eq(node->handle_key,
		              handle_key)); /* a handle is for life: the index relies on it */
		node_set_words(node, person, handle_key, name_key);
	} else {
		if (2 * (world->n_nodes + 1) > world->slots)
			world_grow_index(world);
		node = keep_alloc(sizeof(*node));
		node_set_words(node, person, handle_key, name_key);
		world->nodes[world->n_nodes++] = node;
		index_node(world, node);
	}
	world_unlock_write(world);
	arena_free(mem);
	if (person->status != PERSON_ACTIVE)
		live_end_person(world->live, person->id, (session_id){ 0 });
}

void world_free_node(struct node *node)
{
	for (uint32_t i = 0; i < node->n_tags; i++)
		free(node->tags[i].members.ids);
	free(node->tags);
	free(node->ties.ids);
	free(node->ties_at);
	free(node->blocks.ids);
	free(node->hides_mine.ids);
	free(node->hides_theirs.ids);
	free(node->hushes.ids);
	ring_free(&node->ring);
	free(node->limited);
	free(node->words);
	free(node);
}

const struct person *world_person(const struct world *world, person_id id)
{
	const struct node *node = world_find_node(world, id);
	return node ? &node->person : NULL;
}

struct branch world_branch(const struct world *world, person_id id)
{
	const struct person *p = world_person(world, id);
	struct branch branch = { .since_ms = p ? p->created_at_ms : 0 };
	if (p != NULL && p->invite.v != 0 && p->invited_by.v == 0)
		branch.door = BRANCH_SHELL;
	while (p != NULL && branch.n <= BRANCH_UP) {
		branch.up[branch.n++] = p->id;
		const struct person *by = p->invited_by.v ? world_person(world, p->invited_by)
		                                          : NULL;
		if (by != NULL && by->role != ROLE_MEMBER) {
			if (branch.n == 1)
				branch.door = by->id;
			break;
		}
		p = by;
	}
	return branch;
}

const struct person *world_person_by_key(const struct world *world, str handle_key)
{
	const struct node *node = *key_slot(world, handle_key);
	return node ? &node->person : NULL;
}

void world_each_person(const struct world *world,
                       bool (*each)(const struct person *, str, str, void *), void *ctx)
{
	for (size_t i = 0; i < world->n_nodes; i++) {
		const struct node *node = world->nodes[i];
		if (!each(&node->person, node->handle_key, node->name_key, ctx))
			return;
	}
}

static const person_id *ids_of(const struct id_set *set, size_t *n)
{
	*n = set->n;
	return set->ids;
}

const person_id *world_ties(const struct world *world, person_id a, size_t *n)
{
	const struct node *node = world_find_node(world, a);
	*n = 0;
	return node ? ids_of(&node->ties, n) : NULL;
}

const int64_t *world_ties_at(const struct world *world, person_id a)
{
	const struct node *node = world_find_node(world, a);
	return node ? node->ties_at : NULL;
}

const person_id *world_blocks(const struct world *world, person_id a, size_t *n)
{
	const struct node *node = world_find_node(world, a);
	*n = 0;
	return node ? ids_of(&node->blocks, n) : NULL;
}

const person_id *world_hides(const struct world *world, person_id a, enum hide_kind kind, size_t *n)
{
	const struct node *node = world_find_node(world, a);
	*n = 0;
	if (node == NULL)
		return NULL;
	return ids_of(kind == HIDE_MINE ? &node->hides_mine : &node->hides_theirs, n);
}

bool world_sifts(const struct world *world, person_id a)
{
	const struct node *node = world_find_node(world, a);
	return node != NULL && node->sifts;
}

void world_set_sifts(struct world *world, person_id a, bool on)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, a);
	if (node != NULL)
		node->sifts = on;
	world_unlock_write(world);
}

struct limited world_limited(const struct world *world, person_id a)
{
	const struct node *node = world_find_node(world, a);
	return node != NULL && node->limited != NULL ? *node->limited : (struct limited){ 0 };
}

void world_set_limited(struct world *world, person_id a, const struct limited *limited)
{
	bool any = limited->fewer.until_ms || limited->no_friends.until_ms ||
	           limited->freeze.until_ms || limited->seal.until_ms;
	world_lock_write(world);
	struct node *node = world_find_node(world, a);
	if (node != NULL && any) {
		if (node->limited == NULL)
			node->limited = keep_alloc(sizeof *node->limited);
		*node->limited = *limited;
	} else if (node != NULL) {
		free(node->limited);
		node->limited = NULL;
	}
	world_unlock_write(world);
}

bool world_hides_theirs(const struct world *world, person_id a, person_id b)
{
	const struct node *node = world_find_node(world, a);
	return node != NULL && id_set_has(&node->hides_theirs, b);
}

bool world_hushes(const struct world *world, person_id reader, post_id post)
{
	const struct node *node = world_find_node(world, reader);
	return node != NULL && id_set_has(&node->hushes, (person_id){ post.v });
}

/* Index of the first tag not below `id`. Few tags a person: a plain walk from the newest. */
static uint32_t tag_at(const struct node *node, list_id id)
{
	uint32_t at = node->n_tags;
	while (at > 0 && node->tags[at - 1].id.v >= id.v)
		at--;
	return at;
}

static struct tag *find_tag(const struct node *node, list_id id)
{
	uint32_t at = node ? tag_at(node, id) : 0;
	return node && at < node->n_tags && node->tags[at].id.v == id.v ? &node->tags[at] : NULL;
}

const person_id *world_list_members(const struct world *world, person_id owner, list_id list,
                                    size_t *n)
{
	static const person_id nobody;
	const struct tag *tag = find_tag(world_find_node(world, owner), list);
	*n = 0;
	if (tag == NULL || tag->deleted)
		return NULL;
	*n = tag->members.n;
	return *n ? tag->members.ids : &nobody;
}

void world_set_tie(struct world *world, person_id a, person_id b, bool on, int64_t at_ms)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, a);
	if (node != NULL)
		id_set_put(&node->ties, b, on, &node->ties_at, at_ms);
	world_unlock_write(world);
}

void world_set_block(struct world *world, person_id a, person_id b, bool on)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, a);
	if (node != NULL)
		id_set_put(&node->blocks, b, on, NULL, 0);
	world_unlock_write(world);
	if (on) {
		live_end_person(world->live, a, (session_id){ 0 });
		live_end_person(world->live, b, (session_id){ 0 });
	}
}

void world_set_hush(struct world *world, person_id reader, post_id post, bool on)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, reader);
	if (node != NULL)
		id_set_put(&node->hushes, (person_id){ post.v }, on, NULL, 0);
	world_unlock_write(world);
}

void world_set_hide(struct world *world, person_id a, person_id b, enum hide_kind kind, bool on)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, a);
	if (node != NULL && (kind & HIDE_MINE))
		id_set_put(&node->hides_mine, b, on, NULL, 0);
	if (node != NULL && (kind & HIDE_THEIRS))
		id_set_put(&node->hides_theirs, b, on, NULL, 0);
	world_unlock_write(world);
}

void world_set_list(struct world *world, const struct list *list)
{
	world_lock_write(world);
	struct node *node = world_find_node(world, list->owner);
	if (node != NULL) {
		uint32_t at = tag_at(node, list->id);
		if (at == node->n_tags || node->tags[at].id.v != list->id.v) {
			if (node->n_tags == node->tags_cap) {
				node->tags_cap += node->tags_cap / 2 + 4;
				node->tags = keep_grow(node->tags,
				                       node->tags_cap * sizeof(*node->tags));
			}
			memmove(node->tags + at + 1, node->tags + at,
			        (node->n_tags - at) * sizeof(*node->tags));
			node->tags[at] = (struct tag){ .id = list->id };
			node->n_tags++;
		}
		node->tags[at].deleted = list->deleted;
	}
	world_unlock_write(world);
}

void world_set_list_member(struct world *world, person_id owner, list_id list, person_id member,
                           bool on)
{
	world_lock_write(world);
	struct tag *tag = find_tag(world_find_node(world, owner), list);
	if (tag != NULL)
		id_set_put(&tag->members, member, on, NULL, 0);
	world_unlock_write(world);
}

static struct see_person source_person(const void *ctx, person_id p)
{
	const struct node *node = world_find_node(ctx, p);
	if (node == NULL)
		return (struct see_person){ 0 };
	return (struct see_person){ node->person.status == PERSON_ACTIVE, node->person.role,
		                    node->person.range };
}

static bool source_tie(const void *ctx, person_id a, person_id b)
{
	const struct node *node = world_find_node(ctx, a);
	return node != NULL && id_set_has(&node->ties, b);
}

static bool source_block(const void *ctx, person_id a, person_id b)
{
	const struct node *node = world_find_node(ctx, a);
	return node != NULL && id_set_has(&node->blocks, b);
}

static bool source_hides_mine(const void *ctx, person_id a, person_id b)
{
	const struct node *node = world_find_node(ctx, a);
	return node == NULL || id_set_has(&node->hides_mine, b);
}

/* A tag nobody knows admits nobody and excludes everybody. */
static bool source_in_list(const void *ctx, person_id owner, list_id list, person_id b,
                           bool *deleted)
{
	const struct tag *tag = find_tag(world_find_node(ctx, owner), list);
	*deleted = tag == NULL || tag->deleted;
	return tag == NULL || id_set_has(&tag->members, b);
}

static bool source_in_group(const void *ctx, group_id g, person_id p)
{
	return groups_has(ctx, g, p);
}

struct see_source world_source(const struct world *world)
{
	return (struct see_source){ world,          source_person,     source_tie,
		                    source_block,   source_hides_mine, source_in_list,
		                    source_in_group };
}
