/* What is shown of posts lately looked at: words, likes, comments, measures.
 *
 * Bounded in bytes; a clock hand takes out what nobody has looked at since it last came by. Filled by
 * readers from the store, kept true by the writer's changes. The stamps close the race between the two: a reader
 * notes the stamp, reads the store, offers; a change that committed in between has moved the stamp, so the offer is
 * refused. A change that the reader already saw may be applied once more, so every change here can be repeated. */
#include "circle/world_private.h"

#include "circle/live.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SPARED_MAX 64 /* entries lately looked at that the hand passes by for one that comes */

struct cached {
	struct piece
		piece; /* likes and comments point to the arrays below; words to blocks of their own */
	struct like *likes;
	struct comment *comments;
	size_t likes_cap, comments_cap;
	size_t bytes;
	size_t slot;
	struct cached *next; /* in the bucket */
	atomic_bool touched; /* by readers, under the read lock */
};

/* What a block of the heap takes beside its bytes. */
#define BLOCK_BYTES 16
/* Of an entry: itself, its places in `slots` and `buckets`, and four blocks: words, likes, comments, itself. */
#define ENTRY_BYTES (sizeof(struct cached) + 2 * sizeof(struct cached *) + 4 * BLOCK_BYTES)

static struct cached **bucket_of(const struct pieces *pieces, post_id id)
{
	return &pieces->buckets[id_hash(id.v) & (pieces->cap - 1)];
}

static struct cached *find(const struct pieces *pieces, post_id id)
{
	if (pieces->cap == 0)
		return NULL;
	for (struct cached *c = *bucket_of(pieces, id); c != NULL; c = c->next)
		if (c->piece.post.gate.id.v == id.v)
			return c;
	return NULL;
}

static str keep_str(char **at, str s)
{
	char *p = *at;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	*at += s.n;
	return (str){ p, s.n };
}

/* One block for mentions and words; `*mentions` is what to free. Returns its size. */
static size_t keep_words(const person_id **mentions, size_t n, str *text, str *language, str *app,
                         str *pending)
{
	size_t head = n * sizeof(person_id);
	size_t size = head + text->n + language->n + app->n + pending->n;
	char *block = keep_alloc(size), *at = block + head;
	if (n > 0)
		memcpy(block, *mentions, head);
	*mentions = (const person_id *)(void *)block;
	*text = keep_str(&at, *text);
	*language = keep_str(&at, *language);
	*app = keep_str(&at, *app);
	*pending = keep_str(&at, *pending);
	return size;
}

/* The same for a post: its card and pictures too. QR payloads are for screening alone. */
static size_t keep_post(struct post *p)
{
	size_t head = p->n_mentions * sizeof(person_id) + p->n_media * sizeof(struct media);
	size_t size = head + p->text.n + p->language.n + p->app.n + p->place.n + p->card.url.n +
	              p->card.title.n + p->card.about.n + p->pending.text.n;
	for (size_t i = 0; i < p->n_media; i++)
		size += p->media[i].blurhash.n + p->media[i].about.n;
	person_id *mentions = keep_alloc(size);
	struct media *media = (struct media *)(void *)(mentions + p->n_mentions);
	char *at = (char *)mentions + head;
	if (p->n_mentions > 0)
		memcpy(mentions, p->mentions, p->n_mentions * sizeof(*mentions));
	for (size_t i = 0; i < p->n_media; i++) {
		media[i] = p->media[i];
		media[i].blurhash = keep_str(&at, media[i].blurhash);
		media[i].about = keep_str(&at, media[i].about);
		media[i].qr = STR_NONE;
	}
	p->mentions = mentions;
	p->media = media;
	str *const words[] = { &p->text,     &p->language,   &p->app,        &p->place,
		               &p->card.url, &p->card.title, &p->card.about, &p->pending.text };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		*words[i] = keep_str(&at, *words[i]);
	return size;
}

static size_t keep_comment(struct comment *c)
{
	return keep_words(&c->mentions, c->n_mentions, &c->text, &c->language, &c->app,
	                  &c->pending.text);
}

static size_t comment_bytes(const struct comment *c)
{
	return sizeof(*c) + BLOCK_BYTES + c->n_mentions * sizeof(person_id) + c->text.n +
	       c->language.n + c->app.n + c->pending.text.n;
}

static void keep_why(char **at, struct why *why)
{
	str *const words[] = { &why->rule, &why->clause, &why->en, &why->zh };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		*words[i] = keep_str(at, *words[i]);
}

static size_t why_bytes(const struct why *why)
{
	return why->rule.n + why->clause.n + why->en.n + why->zh.n;
}

/* One block for them and their words. Returns its size. */
static size_t keep_measures(const struct piece_measure **measures, size_t n)
{
	const struct piece_measure *from = *measures;
	size_t head = n * sizeof(*from), size = head;
	*measures = NULL;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		size += why_bytes(&from[i].why) + why_bytes(&from[i].alone) + from[i].policy.n;
	struct piece_measure *to = keep_alloc(size);
	char *at = (char *)to + head;
	for (size_t i = 0; i < n; i++) {
		to[i] = from[i];
		keep_why(&at, &to[i].why);
		keep_why(&at, &to[i].alone);
		to[i].policy = keep_str(&at, from[i].policy);
	}
	*measures = to;
	return size;
}

static void free_comment(struct comment *c) { free((void *)(uintptr_t)c->mentions); }

static void free_cached(struct cached *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->piece.n_comments; i++)
		free_comment(&c->comments[i]);
	free(c->comments);
	free(c->likes);
	free((void *)(uintptr_t)c->piece.measures);
	free((void *)(uintptr_t)c->piece.post.mentions);
	free(c);
}

static struct cached *cached_of(const struct piece *piece)
{
	struct cached *c = keep_alloc(sizeof(*c));
	c->piece = *piece;
	struct post *post = &c->piece.post;
	post->gate = (struct post_gate){ .id = post->gate.id, .author = post->gate.author };
	c->bytes = ENTRY_BYTES + keep_post(post);
	c->bytes += keep_measures(&c->piece.measures, piece->n_measures);
	c->likes_cap = piece->n_likes;
	c->comments_cap = piece->n_comments;
	c->likes = keep_alloc(c->likes_cap * sizeof(*c->likes));
	c->comments = keep_alloc(c->comments_cap * sizeof(*c->comments));
	if (piece->n_likes > 0)
		memcpy(c->likes, piece->likes, piece->n_likes * sizeof(*c->likes));
	for (size_t i = 0; i < piece->n_comments; i++) {
		c->comments[i] = piece->comments[i];
		c->bytes += sizeof(struct comment) + BLOCK_BYTES + keep_comment(&c->comments[i]);
	}
	c->bytes += piece->n_likes * sizeof(*c->likes);
	c->piece.likes = c->likes;
	c->piece.comments = c->comments;
	return c;
}

static void take_out(struct pieces *pieces, struct cached *c)
{
	struct cached **link = bucket_of(pieces, c->piece.post.gate.id);
	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	struct cached *last = pieces->slots[--pieces->n];
	pieces->slots[c->slot] = last;
	last->slot = c->slot;
	pieces->bytes -= c->bytes;
}

static size_t bytes_max(const struct world *world)
{
	size_t people = world->n_nodes * PIECES_BYTES_EACH;
	return people > PIECES_BYTES_LEAST ? people : PIECES_BYTES_LEAST;
}

/* Takes out what was not looked at since the hand last came by, until there is room; gives back a chain to free. A hand that finds
 * everything looked at stops soon: nobody waits while it goes round. */
static struct cached *make_room(struct pieces *pieces, size_t bytes, size_t most)
{
	struct cached *out = NULL;
	for (int spared = 0; pieces->n > 0 && pieces->bytes + bytes > most;) {
		if (pieces->hand >= pieces->n)
			pieces->hand = 0;
		struct cached *c = pieces->slots[pieces->hand];
		if (atomic_exchange_explicit(&c->touched, false, memory_order_relaxed) &&
		    spared < SPARED_MAX) {
			spared++;
			pieces->hand++;
			continue;
		}
		/* The one that came last takes its place, and is passed by: else it would be the next to go. */
		take_out(pieces, c);
		pieces->hand++;
		c->next = out;
		out = c;
	}
	return out;
}

/* Doubles the places. */
static void grow(struct pieces *pieces)
{
	pieces->cap = pieces->cap ? 2 * pieces->cap : 1024;
	pieces->slots = keep_grow(pieces->slots, pieces->cap * sizeof(struct cached *));
	free(pieces->buckets);
	pieces->buckets = keep_alloc(pieces->cap * sizeof(struct cached *));
	for (size_t i = 0; i < pieces->n; i++) {
		struct cached **bucket = bucket_of(pieces, pieces->slots[i]->piece.post.gate.id);
		pieces->slots[i]->next = *bucket;
		*bucket = pieces->slots[i];
	}
}

static void put_in(struct pieces *pieces, struct cached *c)
{
	if (pieces->n == pieces->cap)
		grow(pieces);
	struct cached **bucket = bucket_of(pieces, c->piece.post.gate.id);
	c->next = *bucket;
	*bucket = c;
	c->slot = pieces->n;
	pieces->slots[pieces->n++] = c;
	pieces->bytes += c->bytes;
}

static void free_chain(struct cached *c)
{
	while (c != NULL) {
		struct cached *next = c->next;
		free_cached(c);
		c = next;
	}
}

size_t world_pieces_bytes(const struct world *world) { return world->pieces.bytes; }

size_t world_pieces_room(const struct world *world)
{
	size_t most = bytes_max(world), taken = world->pieces.bytes;
	return taken < most ? most - taken : 0;
}

const struct piece *world_piece(const struct world *world, post_id id)
{
	struct cached *c = find(&world->pieces, id);
	if (c == NULL)
		return NULL;
	/* Look first: a line that many readers share is then written once. */
	if (!atomic_load_explicit(&c->touched, memory_order_relaxed))
		atomic_store_explicit(&c->touched, true, memory_order_relaxed);
	return &c->piece;
}

uint32_t world_piece_stamp(const struct world *world, post_id id)
{
	return world->pieces.stamps[id_hash(id.v) % STAMPS];
}

void world_offer_piece(struct world *world, const struct piece *piece, uint32_t stamp)
{
	struct cached *c = cached_of(piece), *out = c;
	post_id id = piece->post.gate.id;
	world_lock_write(world);
	struct pieces *pieces = &world->pieces;
	if (c->bytes <= PIECE_BYTES_MAX && world_piece_stamp(world, id) == stamp &&
	    pieces->changing[id_hash(id.v) % STAMPS] == 0 && find(pieces, id) == NULL) {
		out = make_room(pieces, c->bytes, bytes_max(world));
		put_in(pieces, c);
	}
	world_unlock_write(world);
	free_chain(out);
}

void pieces_stir(struct pieces *pieces, post_id id) { pieces->stamps[id_hash(id.v) % STAMPS]++; }

void pieces_drop(struct pieces *pieces, post_id id)
{
	struct cached *c = find(pieces, id);
	if (c != NULL) {
		take_out(pieces, c);
		free_cached(c);
	}
}

void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->n; i++)
		free_cached(pieces->slots[i]);
	free(pieces->slots);
	free(pieces->buckets);
}

/* Index of the first comment not below `id`. */
static size_t comment_at(const struct cached *c, comment_id id)
{
	size_t at = c->piece.n_comments;
	while (at > 0 && c->comments[at - 1].gate.id.v >= id.v)
		at--;
	return at;
}

static bool has_comment(const struct cached *c, size_t at, comment_id id)
{
	return at < c->piece.n_comments && c->comments[at].gate.id.v == id.v;
}

void pieces_set_held(struct pieces *pieces, post_id post, comment_id comment, int64_t held_until_ms)
{
	struct cached *c = find(pieces, post);
	size_t at = c ? comment_at(c, comment) : 0;
	if (c != NULL && has_comment(c, at, comment))
		c->comments[at].gate.held_until_ms = held_until_ms;
}

/* A post that outgrew its share, or a cache that outgrew its bound, gives memory back. */
static void account(struct world *world, struct cached *c, size_t more)
{
	struct pieces *pieces = &world->pieces;
	c->bytes += more;
	pieces->bytes += more;
	if (c->bytes > PIECE_BYTES_MAX)
		pieces_drop(pieces, c->piece.post.gate.id);
	else
		free_chain(make_room(pieces, 0, bytes_max(world)));
}

static void insert_comment(struct world *world, struct cached *c, const struct comment *comment)
{
	size_t n = c->piece.n_comments, at = comment_at(c, comment->gate.id);
	if (has_comment(c, at, comment->gate.id))
		return;
	if (n == c->comments_cap) {
		c->comments_cap += c->comments_cap / 2 + 4;
		c->comments = keep_grow(c->comments, c->comments_cap * sizeof(*c->comments));
		c->piece.comments = c->comments;
	}
	memmove(c->comments + at + 1, c->comments + at, (n - at) * sizeof(*c->comments));
	c->comments[at] = *comment;
	keep_comment(&c->comments[at]);
	c->piece.n_comments++;
	account(world, c, comment_bytes(comment));
}

void world_add_comment(struct world *world, const struct comment *comment)
{
	world_lock_write(world);
	struct cached *c = find(&world->pieces, comment->gate.post);
	if (c != NULL)
		insert_comment(world, c, comment);
	pieces_stir(&world->pieces, comment->gate.post);
	world_unlock_write(world);
	live_comment(world->live, &comment->gate);
}

void world_delete_comment(struct world *world, person_id post_author, post_id post,
                          comment_id comment)
{
	(void)post_author; /* the cache goes by post; a sharded one will need it */
	world_lock_write(world);
	struct cached *c = find(&world->pieces, post);
	size_t at = c ? comment_at(c, comment) : 0;
	if (c != NULL && has_comment(c, at, comment)) {
		size_t bytes = comment_bytes(&c->comments[at]);
		free_comment(&c->comments[at]);
		memmove(c->comments + at, c->comments + at + 1,
		        (c->piece.n_comments - at - 1) * sizeof(*c->comments));
		c->piece.n_comments--;
		c->bytes -= bytes;
		world->pieces.bytes -= bytes;
	}
	pieces_stir(&world->pieces, post);
	world_unlock_write(world);
}

void world_begin_change(struct world *world, post_id post)
{
	world_lock_write(world);
	world->pieces.changing[id_hash(post.v) % STAMPS]++;
	pieces_drop(&world->pieces, post);
	world_unlock_write(world);
}

void world_end_change(struct world *world, post_id post)
{
	world_lock_write(world);
	world->pieces.changing[id_hash(post.v) % STAMPS]--;
	world_unlock_write(world);
}

void world_change_piece(struct world *world, post_id post)
{
	world_lock_write(world);
	pieces_drop(&world->pieces, post);
	pieces_stir(&world->pieces, post);
	families_leave(&world->families, post);
	world_unlock_write(world);
}

static bool like_before(const struct like *a, const struct like *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->by.v < b->by.v;
}

static void insert_like(struct world *world, struct cached *c, const struct like *like)
{
	size_t n = c->piece.n_likes, at = n;
	if (n == c->likes_cap) {
		c->likes_cap += c->likes_cap / 2 + 4;
		c->likes = keep_grow(c->likes, c->likes_cap * sizeof(*c->likes));
		c->piece.likes = c->likes;
	}
	for (; at > 0 && like_before(like, &c->likes[at - 1]); at--)
		c->likes[at] = c->likes[at - 1];
	c->likes[at] = *like;
	c->piece.n_likes++;
	account(world, c, sizeof(*like));
}

static void remove_like(struct pieces *pieces, struct cached *c, size_t at)
{
	memmove(c->likes + at, c->likes + at + 1, (c->piece.n_likes - at - 1) * sizeof(*c->likes));
	c->piece.n_likes--;
	c->bytes -= sizeof(*c->likes);
	pieces->bytes -= sizeof(*c->likes);
}

void world_set_like(struct world *world, const struct like *like, bool on)
{
	world_lock_write(world);
	struct cached *c = find(&world->pieces, like->post);
	if (c != NULL) {
		size_t at = 0, n = c->piece.n_likes;
		while (at < n && c->likes[at].by.v != like->by.v)
			at++;
		if (on && at == n)
			insert_like(world, c, like);
		else if (!on && at < n)
			remove_like(&world->pieces, c, at);
	}
	pieces_stir(&world->pieces, like->post);
	world_unlock_write(world);
	live_like(world->live, like);
}
