/* world_private.h - the shape of the world, shared by the files that keep it. */
#ifndef KITH_CIRCLE_WORLD_PRIVATE_H
#define KITH_CIRCLE_WORLD_PRIVATE_H

#include "circle/world.h"

#include <pthread.h>

/* Ascending, without repeats. */
struct id_set {
	person_id *ids;
	uint32_t n, cap;
};

struct tag {
	list_id id;
	bool deleted;
	struct id_set members;
};

/* Gates ascending by id; each owns its audience. */
struct ring {
	struct post_gate *gates;
	uint32_t n, cap;
	post_id floor;
};

/* Everything the world knows of one person. Never removed: an erased person stays as a status. */
struct node {
	struct person person; /* its words live in `words` */
	str handle_key, name_key;
	char *words;
	bool sifts;
	struct limited *limited; /* NULL, of nearly everybody: nothing */
	struct id_set ties, blocks, hides_mine, hides_theirs;
	struct id_set hushes; /* of posts: their ids */
	int64_t *ties_at;     /* as long as `ties.cap`, in its order */
	struct tag *tags;     /* ascending by id */
	uint32_t n_tags, tags_cap;
	struct ring ring;
};

struct node_slot {
	int64_t id;
	struct node *node;
};

/* The cache of pieces is bounded in bytes, whichever is more: what a small circle reads in a day, or some posts for each person. */
#define PIECES_BYTES_LEAST ((size_t)6 << 20)
#define PIECES_BYTES_EACH 2048
#define PIECE_BYTES_MAX ((size_t)1 << 20) /* one crowded post must not push out all others */
#define STAMPS 4096                       /* posts share a stamp: a clash only refuses one offer */

struct cached;

struct pieces {
	struct cached **slots;   /* `n` of `cap`, in no order */
	struct cached **buckets; /* as many as `cap`: a power of two */
	size_t n, cap, hand, bytes;
	uint32_t stamps[STAMPS];
	uint16_t changing
		[STAMPS]; /* by the same hash: how many are narrowed and changed at once just now */
};

/* Families lately looked at, by a hash of their ids; when there is no room, the one that came first goes. */
#define FAMILIES_MAX 2048
struct kept_family;
struct families {
	struct kept_family
		*slots[FAMILIES_MAX]; /* the first `n`; from `hand` on in the order they came */
	struct kept_family *buckets[2 * FAMILIES_MAX];
	size_t n, hand;
	uint64_t stamp;
};

/* A living group and who is in it; invitations are the store's alone. */
struct circle_group {
	struct group group; /* its words live in `words` */
	char *words;
	struct id_set members;
	int64_t *joined_at; /* as long as `members.cap`, in its order */
};

struct world {
	pthread_rwlock_t lock;
	struct node_slot *by_id; /* open addressing, a power of two, at most half full */
	struct node **by_key;    /* the same size */
	size_t slots;
	struct node **nodes; /* all, in order of arrival */
	size_t n_nodes;
	struct circle_group *groups; /* ascending by id */
	uint32_t n_groups, groups_cap;
	uint64_t retractions;
	struct pieces pieces;
	struct families families;
	struct live *live; /* may be NULL */
};

/* Memory that outlives requests: aborts when there is none, like an arena. */
void *keep_alloc(size_t size);
void *keep_grow(void *from, size_t size);

/* world_people.c */
struct node *world_find_node(const struct world *world, person_id id);
bool id_set_has(const struct id_set *set, person_id id);
/* Adds or removes; `along` (NULL or an array as long as the set) moves with it and gets `value`. */
void id_set_put(struct id_set *set, person_id id, bool on, int64_t **along, int64_t value);
void world_free_node(struct node *node);
/* Doubles the index; the first time it makes one. */
void world_grow_index(struct world *world);

/* world_groups.c */
bool groups_has(const struct world *world, group_id group, person_id person);
void groups_free(struct world *world);

/* world_rings.c */
void ring_add(struct ring *ring, const struct post_gate *gate);
void ring_free(struct ring *ring);

/* world_pieces.c */
void pieces_drop(struct pieces *pieces, post_id id);
void pieces_set_held(struct pieces *pieces, post_id post, comment_id comment,
                     int64_t held_until_ms);
void pieces_free(struct pieces *pieces);
/* Every change to what is shown of a post: offers under way are refused. */
void pieces_stir(struct pieces *pieces, post_id id);

/* world_families.c */
/* What the post said or was counts no longer: those it is one of are read again. */
void families_leave(struct families *families, post_id post);
void families_free(struct families *families);

static inline void world_lock_write(struct world *world) { pthread_rwlock_wrlock(&world->lock); }
static inline void world_unlock_write(struct world *world) { pthread_rwlock_unlock(&world->lock); }

/* Ids carry the time in their high bits, often in even steps, and worker and step in the low ones: the finalizer of MurmurHash3
 * (public domain, A. Appleby) makes every bit of the hash depend on all of them. */
static inline uint64_t id_hash(int64_t id)
{
	uint64_t h = (uint64_t)id;
	h = (h ^ h >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
	h = (h ^ h >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
	return h ^ h >> 33;
}

#endif
