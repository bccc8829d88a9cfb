/* A ring of sketches in order of arrival, a table of hints into it, and the clusters that two and more pieces form. */
#include "integrity/behaviour/copies.h"

#include "integrity/text/signature.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RING_FIRST 1024u
#define SLOTS 16    /* of a bucket: one cache line */
#define CROWD_MAX 4 /* slots of one bucket pair that one cluster holds */
#define SERIAL_MASK 0xFFFFFFu
#define CANDIDATES_MAX (SIGNATURE_BANDS * 2 * SLOTS)
#define NONE UINT32_MAX

struct sketch {
	uint8_t minima[SIGNATURE_MINIMA];
	uint32_t at;    /* low bits of at_ms */
	uint32_t place; /* clustered: the cluster; else the low bits of seq */
	uint16_t shingles;
	uint8_t depth;
	bool clustered;
};
static_assert(sizeof(struct sketch) == 32, "two sketches to a cache line");

struct seen {
	uint32_t tag, at; /* of an author, and of his latest piece */
};

struct cluster {
	int64_t first_seq;
	uint64_t first_author;
	struct seen *seen;
	uint32_t members; /* 0: free, and `next` leads on */
	uint32_t next;
	uint16_t seen_n, seen_cap;
};

/* A hint: serial number of a piece in the low 24 bits, a tag of the band's hash above; 0: empty. */
struct bucket {
	uint32_t slots[SLOTS];
};

struct copies {
	struct sketch *ring;
	uint64_t *authors;
	uint32_t (*bands)[SIGNATURE_BANDS]; /* NULL when the ring has its last size */
	uint32_t cap, max, live;
	uint32_t head;    /* serial number of the next piece, modulo 2^24 */
	uint32_t head_at; /* its place in the ring */
	struct bucket *buckets;
	uint32_t buckets_n;
	struct cluster *clusters;
	uint32_t clusters_n, clusters_cap, clusters_free;
	size_t seen_bytes;
	int64_t keep_ms, newest_ms, newest_seq;
};

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 32)) * UINT64_C(0x9FB21C651E98DF25);
	x = (x ^ (x >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
	return x ^ (x >> 32);
}

static uint32_t author_tag(uint64_t author) { return (uint32_t)(mix(author) >> 32); }

static void *grown(void *p, size_t n, size_t size)
{
	void *to = realloc(p, n * size);
	if (!to)
		abort(); /* as an arena does: sizes are bounded by limits given at the start */
	return to;
}

/* ---- the ring ---- */

/* How many pieces ago `serial` came, from 1; of what was forgotten more than `live`. */
static uint32_t age_of(const struct copies *c, uint32_t serial)
{
	return (c->head - serial) & SERIAL_MASK;
}

static bool is_live(const struct copies *c, uint32_t slot)
{
	uint32_t age = age_of(c, slot & SERIAL_MASK);
	return slot != 0 && age >= 1 && age <= c->live;
}

static uint32_t at_age(const struct copies *c, uint32_t age)
{
	return c->head_at >= age ? c->head_at - age : c->head_at + c->cap - age;
}

/* Full instants and numbers from their low bits: none of a live piece is later than the newest or 2^32 before it. */
static int64_t full_at(const struct copies *c, uint32_t at)
{
	return c->newest_ms - (int64_t)(uint32_t)((uint32_t)c->newest_ms - at);
}

static int64_t full_seq(const struct copies *c, uint32_t seq)
{
	return c->newest_seq - (int64_t)(uint32_t)((uint32_t)c->newest_seq - seq);
}

/* ---- hints ---- */

struct address {
	struct bucket *buckets[2];
	uint32_t tag; /* in place, above the serial number */
};

static struct address address_of(const struct copies *c, unsigned band, uint32_t hash)
{
	uint64_t h = mix((uint64_t)(band + 1) << 32 | hash);
	uint64_t first = (h >> 32) * c->buckets_n >> 32;
	uint64_t second = (h & UINT32_MAX) * c->buckets_n >> 32;
	return (struct address){ { &c->buckets[first], &c->buckets[second] },
		                 (uint32_t)(1 + (h & 0xFFFF) % 255) << 24 };
}

/* Which slot a hint replaces: where its cluster crowds the buckets, the newest of the cluster; else a dead one of the emptier
 * bucket; else the oldest. */
static uint32_t *slot_for(const struct copies *c, const struct address *a, uint32_t cluster)
{
	uint32_t *newest = NULL, *oldest = NULL, *dead[2] = { NULL, NULL };
	unsigned crowd = 0, dead_n[2] = { 0, 0 };
	for (unsigned i = 0; i < 2 * SLOTS; i++) {
		uint32_t *slot = &a->buckets[i / SLOTS]->slots[i % SLOTS];
		if (!is_live(c, *slot)) {
			dead[i / SLOTS] = slot;
			dead_n[i / SLOTS]++;
			continue;
		}
		uint32_t age = age_of(c, *slot & SERIAL_MASK);
		if (!oldest || age > age_of(c, *oldest & SERIAL_MASK))
			oldest = slot;
		if (cluster == NONE || (*slot & ~SERIAL_MASK) != a->tag)
			continue;
		const struct sketch *s = &c->ring[at_age(c, age)];
		if (!s->clustered || s->place != cluster)
			continue;
		crowd++;
		if (!newest || age < age_of(c, *newest & SERIAL_MASK))
			newest = slot;
	}
	if (crowd >= CROWD_MAX)
		return newest;
	uint32_t *free_slot = dead_n[0] >= dead_n[1] ? dead[0] : dead[1];
	return free_slot ? free_slot : oldest;
}

static void add_hints(struct copies *c, const uint32_t *bands, uint32_t serial, uint32_t cluster)
{
	for (unsigned b = 0; b < SIGNATURE_BANDS; b++) {
		struct address a = address_of(c, b, bands[b]);
		*slot_for(c, &a, cluster) = a.tag | serial;
	}
}

/* So many that the slots of a full ring fill seven eighths of them: with two choices nearly none overflows. */
static struct bucket *buckets_new(uint32_t pieces, uint32_t *n)
{
	*n = pieces / (SLOTS * 7) * 8 * SIGNATURE_BANDS + 8 * SIGNATURE_BANDS;
	return calloc(*n, sizeof(struct bucket));
}

/* A ring of `cap` places and a table for it, with all that lives moved over. */
static void resize(struct copies *c, uint32_t cap)
{
	struct copies old = *c;
	c->cap = cap;
	c->ring = grown(NULL, cap, sizeof *c->ring);
	c->authors = grown(NULL, cap, sizeof *c->authors);
	c->bands = cap < c->max ? grown(NULL, cap, sizeof *c->bands) : NULL;
	c->buckets = buckets_new(cap, &c->buckets_n);
	if (!c->buckets)
		abort();
	c->head_at = old.live % cap;
	for (uint32_t i = 0, age = old.live; age >= 1; i++, age--) {
		uint32_t from = at_age(&old, age);
		c->ring[i] = old.ring[from];
		c->authors[i] = old.authors[from];
		if (c->bands)
			memcpy(c->bands[i], old.bands[from], sizeof c->bands[i]);
		const struct sketch *s = &c->ring[i];
		add_hints(c, old.bands[from], (old.head - age) & SERIAL_MASK,
		          s->clustered ? s->place : NONE);
	}
	free(old.ring);
	free(old.authors);
	free(old.bands);
	free(old.buckets);
}

/* ---- clusters ---- */

static uint32_t cluster_new(struct copies *c, int64_t first_seq, uint64_t first_author)
{
	if (c->clusters_free == NONE) {
		uint32_t from = c->clusters_cap, cap = from ? from * 2 : 64;
		c->clusters = grown(c->clusters, cap, sizeof *c->clusters);
		for (uint32_t i = cap; i-- > from;) {
			c->clusters[i] = (struct cluster){ .next = c->clusters_free };
			c->clusters_free = i;
		}
		c->clusters_cap = cap;
	}
	uint32_t id = c->clusters_free;
	c->clusters_free = c->clusters[id].next;
	c->clusters[id] = (struct cluster){ .first_seq = first_seq, .first_author = first_author };
	c->clusters_n++;
	return id;
}

static void cluster_leave(struct copies *c, uint32_t id)
{
	struct cluster *k = &c->clusters[id];
	if (--k->members > 0)
		return;
	c->seen_bytes -= k->seen_cap * sizeof *k->seen;
	free(k->seen);
	*k = (struct cluster){ .next = c->clusters_free };
	c->clusters_free = id;
	c->clusters_n--;
}

static void drop_old_authors(const struct copies *c, struct cluster *k)
{
	uint16_t kept = 0;
	for (uint16_t i = 0; i < k->seen_n; i++) {
		if (full_at(c, k->seen[i].at) > c->newest_ms - c->keep_ms)
			k->seen[kept++] = k->seen[i];
	}
	k->seen_n = kept;
}

/* Where an author is noted: his own place, a free one, else that of whoever wrote longest ago. */
static struct seen *seen_place(struct copies *c, struct cluster *k, uint32_t tag)
{
	struct seen *oldest = NULL;
	for (uint16_t i = 0; i < k->seen_n; i++) {
		struct seen *s = &k->seen[i];
		if (s->tag == tag)
			return s;
		if (!oldest || full_at(c, s->at) < full_at(c, oldest->at))
			oldest = s;
	}
	if (k->seen_n == COPY_AUTHORS_MAX)
		return oldest;
	if (k->seen_n == k->seen_cap) {
		uint16_t cap = k->seen_cap ? (uint16_t)(k->seen_cap * 2) : 2;
		k->seen = grown(k->seen, cap, sizeof *k->seen);
		c->seen_bytes += (size_t)(cap - k->seen_cap) * sizeof *k->seen;
		k->seen_cap = cap;
	}
	struct seen *s = &k->seen[k->seen_n++];
	*s = (struct seen){ tag, (uint32_t)(c->newest_ms - c->keep_ms) };
	return s;
}

static void cluster_join(struct copies *c, uint32_t id, uint64_t author, int64_t at_ms)
{
	struct cluster *k = &c->clusters[id];
	k->members++;
	if (author == 0)
		return;
	struct seen *s = seen_place(c, k, author_tag(author));
	bool fresh = s->tag != author_tag(author);
	if (fresh || at_ms > full_at(c, s->at))
		*s = (struct seen){ author_tag(author), (uint32_t)at_ms };
}

/* ---- questions ---- */

/* The earliest piece that resembles the asked one: of all, and of those by somebody else. As places in the ring, or NONE. */
struct found {
	uint32_t any, other;
};

/* Hints whose tag fits, as ages, each once. All lines are asked for before any is read: the waits overlap. */
static size_t candidates(const struct copies *c, const struct signature *s, uint32_t *ages)
{
	struct address addresses[SIGNATURE_BANDS];
	for (unsigned b = 0; b < SIGNATURE_BANDS; b++) {
		addresses[b] = address_of(c, b, s->bands[b]);
		__builtin_prefetch(addresses[b].buckets[0]);
		__builtin_prefetch(addresses[b].buckets[1]);
	}
	size_t n = 0;
	for (unsigned i = 0; i < CANDIDATES_MAX; i++) {
		const struct address *a = &addresses[i / (2 * SLOTS)];
		uint32_t slot = a->buckets[i / SLOTS % 2]->slots[i % SLOTS];
		if ((slot & ~SERIAL_MASK) != a->tag || !is_live(c, slot))
			continue;
		uint32_t age = age_of(c, slot & SERIAL_MASK);
		size_t k = 0;
		while (k < n && ages[k] != age)
			k++;
		if (k < n)
			continue;
		ages[n++] = age;
		__builtin_prefetch(&c->ring[at_age(c, age)]);
	}
	return n;
}

static bool earlier(const struct copies *c, uint32_t age, int64_t at, uint32_t best_age,
                    uint32_t best)
{
	if (best == NONE)
		return true;
	int64_t best_at = full_at(c, c->ring[best].at);
	return at < best_at || (at == best_at && age > best_age);
}

static struct found find(const struct copies *c, const struct past_question *q)
{
	struct found f = { NONE, NONE };
	if (!q->signature || q->signature->shingles == 0 || q->at_ms == 0 || c->live == 0)
		return f;
	uint32_t ages[CANDIDATES_MAX], any_age = 0, other_age = 0;
	size_t n = candidates(c, q->signature, ages);
	for (size_t i = 0; i < n; i++) {
		uint32_t place = at_age(c, ages[i]);
		const struct sketch *s = &c->ring[place];
		int64_t at = full_at(c, s->at);
		if (at > q->at_ms || at <= q->at_ms - c->keep_ms ||
		    !signature_similar(s->minima, s->shingles, q->signature->minima,
		                       q->signature->shingles))
			continue;
		if (earlier(c, ages[i], at, any_age, f.any)) {
			f.any = place;
			any_age = ages[i];
		}
		uint64_t author = c->authors[place];
		if (author != 0 && q->author != 0 && author != q->author &&
		    earlier(c, ages[i], at, other_age, f.other)) {
			f.other = place;
			other_age = ages[i];
		}
	}
	return f;
}

static unsigned count_authors(const struct copies *c, const struct cluster *k,
                              const struct past_question *q)
{
	unsigned n = 0;
	uint32_t asker = author_tag(q->author);
	for (uint16_t i = 0; i < k->seen_n; i++) {
		int64_t at = full_at(c, k->seen[i].at);
		bool himself = q->author != 0 && k->seen[i].tag == asker;
		n += !himself && at <= q->at_ms && at > q->at_ms - c->keep_ms ? 1 : 0;
	}
	return n;
}

static void tell(const struct copies *c, const struct past_question *q, struct found f,
                 struct copy_reading *out)
{
	*out = (struct copy_reading){ 0 };
	if (f.any == NONE)
		return;
	uint32_t parent = f.other != NONE ? f.other : f.any;
	const struct sketch *s = &c->ring[parent];
	if (s->clustered) {
		const struct cluster *k = &c->clusters[s->place];
		out->first_seq = k->first_seq;
		out->first_author = k->first_author;
		out->authors = count_authors(c, k, q);
	} else {
		out->first_seq = full_seq(c, s->place);
		out->first_author = c->authors[parent];
		out->authors = out->first_author != 0 && out->first_author != q->author ? 1 : 0;
	}
	out->similar = (uint64_t)out->first_seq;
	if (q->author != 0 && out->first_author != q->author)
		out->depth = s->depth + (f.other != NONE && s->depth < COPY_DEPTH_MAX ? 1u : 0u);
}

void copies_find(const struct copies *c, const struct past_question *q, struct copy_reading *out)
{
	tell(c, q, find(c, q), out);
}

/* ---- remembering ---- */

static void forget_oldest(struct copies *c)
{
	const struct sketch *s = &c->ring[at_age(c, c->live)];
	if (s->clustered)
		cluster_leave(c, s->place);
	c->live--;
}

static void expire(struct copies *c, int64_t newest_ms)
{
	while (c->live > 0 && full_at(c, c->ring[at_age(c, c->live)].at) <= newest_ms - c->keep_ms)
		forget_oldest(c);
	c->newest_ms = newest_ms;
}

/* The cluster of the piece at `place`, made where it had none yet. */
static uint32_t cluster_at(struct copies *c, uint32_t place)
{
	struct sketch *s = &c->ring[place];
	if (s->clustered)
		return s->place;
	uint32_t id = cluster_new(c, full_seq(c, s->place), c->authors[place]);
	cluster_join(c, id, c->authors[place], full_at(c, s->at));
	s->clustered = true;
	s->place = id;
	return id;
}

static void push(struct copies *c, const struct observation *o, uint32_t cluster, unsigned depth)
{
	if (c->live == c->cap && c->cap < c->max)
		resize(c, c->cap < c->max / 2 ? c->cap * 2 : c->max);
	else if (c->live == c->cap)
		forget_oldest(c);
	struct sketch *s = &c->ring[c->head_at];
	*s = (struct sketch){ .at = (uint32_t)o->at_ms,
		              .place = cluster != NONE ? cluster : (uint32_t)o->seq,
		              .shingles = o->signature.shingles,
		              .depth = (uint8_t)depth,
		              .clustered = cluster != NONE };
	memcpy(s->minima, o->signature.minima, sizeof s->minima);
	c->authors[c->head_at] = o->author;
	if (c->bands)
		memcpy(c->bands[c->head_at], o->signature.bands, sizeof c->bands[0]);
	uint32_t serial = c->head;
	c->head = (c->head + 1) & SERIAL_MASK;
	c->head_at = c->head_at + 1 == c->cap ? 0 : c->head_at + 1;
	c->live++;
	add_hints(c, o->signature.bands, serial, cluster);
}

void copies_add(struct copies *c, const struct observation *o, struct copy_reading *out)
{
	*out = (struct copy_reading){ 0 };
	if (o->at_ms == 0 || o->signature.shingles == 0)
		return;
	if (o->at_ms > c->newest_ms)
		expire(c, o->at_ms);
	c->newest_seq = o->seq > c->newest_seq ? o->seq : c->newest_seq;
	struct past_question q = { .at_ms = o->at_ms,
		                   .author = o->author,
		                   .signature = &o->signature };
	struct found f = find(c, &q);
	tell(c, &q, f, out);
	if (o->at_ms <= c->newest_ms - c->keep_ms)
		return;
	uint32_t cluster = NONE;
	if (f.any != NONE) {
		cluster = cluster_at(c, f.other != NONE ? f.other : f.any);
		drop_old_authors(c, &c->clusters[cluster]);
		cluster_join(c, cluster, o->author, o->at_ms);
	}
	push(c, o, cluster, out->depth);
}

struct copies *copies_new(uint32_t max, int64_t keep_ms)
{
	struct copies *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->max = max == 0 ? COPIES_DEFAULT : max > COPIES_MAX ? COPIES_MAX : max;
	c->keep_ms = keep_ms < COPIES_MS_MAX ? keep_ms : COPIES_MS_MAX;
	c->cap = c->max < RING_FIRST ? c->max : RING_FIRST;
	c->clusters_free = NONE;
	c->ring = calloc(c->cap, sizeof *c->ring);
	c->authors = calloc(c->cap, sizeof *c->authors);
	c->bands = c->cap < c->max ? calloc(c->cap, sizeof *c->bands) : NULL;
	c->buckets = buckets_new(c->cap, &c->buckets_n);
	if (c->ring && c->authors && c->buckets && (c->bands || c->cap == c->max))
		return c;
	copies_free(c);
	return NULL;
}

void copies_free(struct copies *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; i < c->clusters_cap; i++)
		free(c->clusters[i].seen);
	free(c->clusters);
	free(c->ring);
	free(c->authors);
	free(c->bands);
	free(c->buckets);
	free(c);
}

size_t copies_bytes(const struct copies *c)
{
	size_t piece = sizeof *c->ring + sizeof *c->authors + (c->bands ? sizeof *c->bands : 0);
	return sizeof *c + c->cap * piece + c->buckets_n * sizeof(struct bucket) +
	       c->clusters_cap * sizeof(struct cluster) + c->seen_bytes;
}

uint32_t copies_live(const struct copies *c) { return c->live; }
