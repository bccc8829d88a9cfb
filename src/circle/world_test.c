/* The world as a mirror: its rings, its cache of pieces, and readers who look while it changes. */
#include "circle/town_testing.h"

#include "circle/world_private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static struct post_gate gate_of(int64_t id)
{
	return (struct post_gate){ .id = { id }, .author = { 1 } };
}

static struct world *world_with_author(void)
{
	struct world *world = world_new();
	struct person person = { .id = { 1 }, .handle = S("an"), .display_name = S("An") };
	world_set_person(world, &person, S("an"));
	return world;
}

/* Of who writes much, more: all of the last WORLD_RING_MS, up to WORLD_RING_MAX. */
static void a_ring_keeps_more_of_what_is_recent(void **state)
{
	struct world *world = world_with_author();
	const int64_t step_ms = WORLD_RING_MS / 100;
	struct world_ring ring;
	(void)state;
	for (int64_t k = 1; k <= 300; k++) /* the last hundred and one are within the time */
		world_add_post(world, &(struct post_gate){ .id = { k },
		                                           .author = { 1 },
		                                           .created_at_ms = k * step_ms });
	ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.n, 101);
	assert_int_equal(ring.floor.v, 200);
	assert_int_equal(ring.gates[0].id.v, 200);
	assert_int_equal(world_ring_at(ring.gates, ring.n, 0), 0);
	assert_int_equal(world_ring_at(ring.gates, ring.n, 250), 50);
	assert_int_equal(world_ring_at(ring.gates, ring.n, 301), 101);
	/* Nothing for a long time: of what is old only the newest stay. */
	world_add_post(world, &(struct post_gate){ .id = { 301 },
	                                           .author = { 1 },
	                                           .created_at_ms = 500 * step_ms });
	ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.n, WORLD_RING);
	assert_int_equal(ring.floor.v, 301 - WORLD_RING + 1);
	for (int64_t id = 302; id < 302 + 2 * WORLD_RING_MAX; id++) /* all at once */
		world_add_post(world, &(struct post_gate){ .id = { id },
		                                           .author = { 1 },
		                                           .created_at_ms = 500 * step_ms });
	ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.n, WORLD_RING_MAX);
	assert_int_equal(ring.floor.v, 302 + WORLD_RING_MAX);
	world_free(world);
}

static void a_ring_keeps_the_newest_and_knows_its_floor(void **state)
{
	struct world *world = world_with_author();
	(void)state;
	for (int64_t id = 10; id < 10 + WORLD_RING; id++)
		world_add_post(world, &(struct post_gate){ .id = { id }, .author = { 1 } });
	assert_int_equal(world_ring(world, (person_id){ 1 }).floor.v, 0);
	struct post_gate next = gate_of(1000);
	next.created_at_ms = WORLD_RING_MS + 1;
	world_add_post(world, &next);
	world_add_post(world, &next); /* twice is once */
	struct world_ring ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.n, WORLD_RING);
	assert_int_equal(ring.floor.v, 11);
	assert_int_equal(ring.gates[0].id.v, 11);
	assert_int_equal(ring.gates[ring.n - 1].id.v, 1000);
	/* An old post below the floor stays in the store; one in between pushes the oldest out. */
	struct post_gate old = gate_of(5), between = gate_of(500);
	world_add_post(world, &old);
	assert_null(world_gate(world, (person_id){ 1 }, (post_id){ 5 }));
	world_add_post(world, &between);
	ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.floor.v, 12);
	assert_non_null(world_gate(world, (person_id){ 1 }, (post_id){ 500 }));
	/* Deleting leaves the floor where it is: what is below it is still only in the store. */
	world_delete_post(world, (person_id){ 1 }, (post_id){ 500 });
	ring = world_ring(world, (person_id){ 1 });
	assert_int_equal(ring.n, WORLD_RING - 1);
	assert_int_equal(ring.floor.v, 12);
	world_free(world);
}

static struct piece piece_of(int64_t id, str text)
{
	return (struct piece){ .post = { .gate = { .id = { id }, .author = { 1 } },
		                         .text = text } };
}

static void the_cache_is_bounded(void **state)
{
	struct world *world = world_new();
	char text[6000] = { 0 };
	(void)state;
	const int64_t last = 4000; /* 12 MB in all */
	for (int64_t id = 1; id <= last; id++) {
		struct piece piece = piece_of(id, (str){ text, id % 2 ? sizeof(text) : 10 });
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ id }));
		world_piece(world, (post_id){ 1 }); /* looked at all the time: stays */
		assert_true(world->pieces.bytes <= PIECES_BYTES_LEAST);
	}
	assert_non_null(world_piece(world, (post_id){ 1 }));
	assert_non_null(world_piece(world, (post_id){ last }));
	assert_null(world_piece(world, (post_id){ 2 }));
	assert_true(world_pieces_room(world) < 2 * sizeof(text));
	/* One crowded post does not push out the others. */
	struct like *likes = calloc(PIECE_BYTES_MAX / sizeof(*likes) + 1, sizeof(*likes));
	struct piece crowded = piece_of(9999999, S("words"));
	crowded.likes = likes;
	crowded.n_likes = PIECE_BYTES_MAX / sizeof(*likes) + 1;
	world_offer_piece(world, &crowded, world_piece_stamp(world, (post_id){ 9999999 }));
	assert_null(world_piece(world, (post_id){ 9999999 }));
	free(likes);
	world_free(world);
}

/* All looked at: the hand spares some, and then takes what it comes to. */
static void a_cache_of_what_is_looked_at_still_takes_in(void **state)
{
	struct world *world = world_new();
	char text[6000] = { 0 };
	int64_t id = 1;
	(void)state;
	for (; world_pieces_room(world) > sizeof(text) + 1024; id++) {
		struct piece piece = piece_of(id, (str){ text, sizeof(text) });
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ id }));
		assert_non_null(world_piece(world, (post_id){ id }));
	}
	size_t n = world->pieces.n;
	assert_true(n > 200);
	for (int64_t next = id; next < id + 10; next++) {
		struct piece piece = piece_of(next, (str){ text, sizeof(text) });
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ next }));
		assert_non_null(world_piece(world, (post_id){ next }));
		assert_int_equal(world->pieces.n, n);
	}
	world_free(world);
}

static int64_t fill(struct world *world, str text)
{
	int64_t id = 1;
	for (; world_pieces_room(world) > text.n + 1024; id++) {
		struct piece piece = piece_of(id, text);
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ id }));
	}
	return id;
}

/* What a reader brought in is there when they come back, though nobody looked at any of it since. */
static void what_came_last_is_not_the_next_to_go(void **state)
{
	struct world *world = world_new();
	char text[6000] = { 0 };
	const int64_t id = fill(world, (str){ text, sizeof(text) });
	(void)state;
	for (int64_t next = id; next < id + 20; next++) {
		struct piece piece = piece_of(next, (str){ text, sizeof(text) });
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ next }));
	}
	for (int64_t next = id; next < id + 20; next++)
		assert_non_null(world_piece(world, (post_id){ next }));
	world_free(world);
}

static void the_cache_grows_with_the_people(void **state)
{
	struct world *world = world_new();
	(void)state;
	assert_int_equal(world_pieces_room(world), PIECES_BYTES_LEAST);
	for (int64_t id = 1; id <= 4000; id++) {
		char handle[16];
		snprintf(handle, sizeof handle, "p%d", (int)id);
		struct person person = { .id = { id }, .handle = str_of(handle) };
		world_set_person(world, &person, str_of(handle));
	}
	assert_int_equal(world_pieces_room(world), 4000 * PIECES_BYTES_EACH);
	world_free(world);
}

static void a_piece_that_outgrows_its_share_leaves(void **state)
{
	struct world *world = world_new();
	static char text[200000];
	struct comment comment = { .gate = { .post = { 7 } }, .text = { text, sizeof(text) } };
	struct piece piece = piece_of(7, S("words"));
	(void)state;
	world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ 7 }));
	for (int64_t id = 1; world_piece(world, (post_id){ 7 }) != NULL; id++) {
		assert_true(id < 10);
		comment.gate.id.v = id;
		world_add_comment(world, &comment);
	}
	assert_int_equal(world->pieces.n, 0);
	assert_int_equal(world->pieces.bytes, 0);
	world_free(world);
}

static void change_like(struct world *w)
{
	world_set_like(w, &(struct like){ { 7 }, { 1 }, { 2 }, 1 }, true);
}
static void change_unlike(struct world *w)
{
	world_set_like(w, &(struct like){ { 7 }, { 1 }, { 2 }, 1 }, false);
}
static void change_comment(struct world *w)
{
	world_add_comment(
		w,
		&(struct comment){ .gate = { .id = { 9 }, .post = { 7 }, .post_author = { 1 } } });
}
static void change_uncomment(struct world *w)
{
	world_delete_comment(w, (person_id){ 1 }, (post_id){ 7 }, (comment_id){ 9 });
}
static void change_hold(struct world *w)
{
	world_set_held(w, (person_id){ 1 }, (post_id){ 7 }, (comment_id){ 9 }, 5);
}
static void change_delete(struct world *w)
{
	world_delete_post(w, (person_id){ 1 }, (post_id){ 7 });
}

static const struct {
	const char *name;
	void (*change)(struct world *);
} changes[] = {
	{ "a like", change_like },       { "a like taken back", change_unlike },
	{ "a comment", change_comment }, { "a comment taken back", change_uncomment },
	{ "a hold", change_hold },       { "the post taken back", change_delete },
};

static void an_offer_read_before_a_change_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct world *world = world_with_author();
		struct piece piece = piece_of(7, S("words"));
		uint32_t stamp = world_piece_stamp(world, (post_id){ 7 });
		changes[i].change(world);
		world_offer_piece(world, &piece, stamp);
		if (world_piece(world, (post_id){ 7 }) != NULL)
			fail_msg("%s came after the snapshot, and the offer was taken",
			         changes[i].name);
		world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ 7 }));
		assert_non_null(world_piece(world, (post_id){ 7 }));
		world_free(world);
	}
}

static void a_change_already_read_may_come_again(void **state)
{
	struct world *world = world_with_author();
	struct like like = { { 7 }, { 1 }, { 2 }, 1 };
	struct comment comment = { .gate = { .id = { 9 }, .post = { 7 }, .post_author = { 1 } },
		                   .text = S("words") };
	struct piece piece = piece_of(7, S("words"));
	(void)state;
	piece.likes = &like;
	piece.comments = &comment;
	piece.n_likes = piece.n_comments = 1;
	world_offer_piece(world, &piece, world_piece_stamp(world, (post_id){ 7 }));
	change_like(world);
	change_comment(world);
	change_hold(world);
	const struct piece *got = world_piece(world, (post_id){ 7 });
	assert_int_equal(got->n_likes, 1);
	assert_int_equal(got->n_comments, 1);
	assert_int_equal(got->comments[0].gate.held_until_ms, 5);
	change_uncomment(world);
	change_uncomment(world);
	change_unlike(world);
	change_unlike(world);
	got = world_piece(world, (post_id){ 7 });
	assert_int_equal(got->n_likes, 0);
	assert_int_equal(got->n_comments, 0);
	change_delete(world);
	assert_null(world_piece(world, (post_id){ 7 }));
	world_free(world);
}

/* Ties grow and shrink in any order; what is asked afterwards is what a plain table says. */
static void sets_agree_with_a_table(void **state)
{
	struct town *t = town_new(40, 11);
	bool tie[40][40] = { 0 };
	(void)state;
	for (int i = 0; i < 3000; i++) {
		int a = town_roll(t, 40), b = town_roll(t, 40);
		bool on = town_roll(t, 3) > 0;
		world_set_tie(t->c.world, t->people[a], t->people[b], on, 1000 + b);
		tie[a][b] = on;
	}
	struct see_source see = world_source(t->c.world);
	for (int a = 0; a < 40; a++) {
		size_t n, count = 0;
		const person_id *ids = world_ties(t->c.world, t->people[a], &n);
		const int64_t *at_ms = world_ties_at(t->c.world, t->people[a]);
		for (int b = 0; b < 40; b++) {
			assert_int_equal(see.tie(see.ctx, t->people[a], t->people[b]), tie[a][b]);
			if (!tie[a][b])
				continue;
			assert_int_equal(ids[count].v, t->people[b].v);
			assert_int_equal(at_ms[count], 1000 + b);
			count++;
		}
		assert_int_equal(n, count);
	}
	town_free(t);
}

/* Readers look while one person writes; `hidden` is up from the acknowledgement of a revocation until just before it
 * is undone, and `era` counts those moments. */
struct race {
	struct town *t;
	struct status_ref post;
	atomic_int era, likes_known;
	atomic_bool hidden, over;
	atomic_int reads_hidden, reads_seen;
};

static void read_once(struct race *r, struct arena *mem)
{
	int era = atomic_load(&r->era);
	bool hidden = atomic_load(&r->hidden);
	int likes_known = atomic_load(&r->likes_known);
	struct seen_moment *moments;
	struct seen_post own;
	size_t n;
	err e = read_moments(&r->t->c, r->t->people[1], (struct page){ 0 }, 10, TOWN_NOW_MS, mem,
	                     &moments, &n);
	if (failed(e))
		abort();
	bool steady = hidden && atomic_load(&r->hidden) && atomic_load(&r->era) == era;
	for (size_t i = 0; i < n; i++)
		if (steady && moments[i].post.post.gate.author.v == r->t->people[0].v)
			abort(); /* shown after its revocation was acknowledged */
	atomic_fetch_add(steady ? &r->reads_hidden : &r->reads_seen, 1);
	e = read_post(&r->t->c, r->t->people[0], &r->post, TOWN_NOW_MS, mem, &own);
	if (failed(e) || own.likes < likes_known)
		abort(); /* an acknowledged like is missing */
	arena_reset(mem);
}

static void *reader(void *ctx)
{
	struct race *r = ctx;
	struct arena *mem = arena_new(1 << 16);
	while (!atomic_load(&r->over))
		read_once(r, mem);
	arena_free(mem);
	return NULL;
}

/* What is revoked, and how it comes back. */
static void end_tie(struct race *r) { town_tie(r->t, 0, 1, false); }
static void mend_tie(struct race *r) { town_tie(r->t, 0, 1, true); }
static void block(struct race *r) { town_block(r->t, 0, 1, true); }
static void unblock(struct race *r) { town_block(r->t, 0, 1, false); }
static void seal(struct race *r) { town_change_person(r->t, 0, PERSON_SEALED, RANGE_ALL); }
static void unseal(struct race *r) { town_change_person(r->t, 0, PERSON_ACTIVE, RANGE_ALL); }
static void hide(struct race *r) { town_hide(r->t, 0, 1, HIDE_MINE, true); }
static void unhide(struct race *r) { town_hide(r->t, 0, 1, HIDE_MINE, false); }

static const struct {
	void (*revoke)(struct race *), (*restore)(struct race *);
} revocations[] = { { end_tie, mend_tie }, { block, unblock }, { hide, unhide } };

static void nothing_revoked_is_shown(void **state)
{
	struct race r = { .t = town_new(30, 3) };
	pthread_t readers[3];
	(void)state;
	town_befriend(r.t, 0, 1);
	for (int p = 2; p < 30; p++)
		town_befriend(r.t, 0, p);
	for (int i = 0; i < 40; i++)
		r.post = town_post(r.t, 0, (struct audience){ 0 }, 0, "words");
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, reader, &r), 0);
	for (int i = 0; i < 90; i++) {
		int liker = 2 + i % 28;
		revocations[i % 3].revoke(&r);
		atomic_store(&r.hidden, true);
		town_like(r.t, liker, r.post, true);
		atomic_store(&r.likes_known, i < 28 ? i + 1 : 28);
		struct status_ref comment = town_comment(r.t, liker, r.post, 0, "answer");
		if (i % 2)
			town_delete_comment(r.t, comment);
		atomic_store(&r.hidden, false);
		atomic_fetch_add(&r.era, 1);
		revocations[i % 3].restore(&r);
		town_post(r.t, 1, (struct audience){ 0 }, 0, "words");
	}
	atomic_store(&r.over, true);
	for (int i = 0; i < 3; i++)
		pthread_join(readers[i], NULL);
	assert_true(atomic_load(&r.reads_hidden) > 0);
	assert_true(atomic_load(&r.reads_seen) > 0);
	/* After all that, memory says what the store says. */
	str before = town_dump(r.t, 1, (struct page){ .limit = 100 });
	town_restart(r.t);
	str after = town_dump(r.t, 1, (struct page){ .limit = 100 });
	assert_true(str_eq(before, after));
	town_free(r.t);
}

static void a_sealed_author_is_gone_at_once(void **state)
{
	struct race r = { .t = town_new(2, 3) };
	struct seen_post *posts;
	size_t n;
	(void)state;
	town_befriend(r.t, 0, 1);
	town_post(r.t, 0, (struct audience){ 0 }, 0, "words");
	seal(&r);
	assert_ok(read_home(&r.t->c, r.t->people[1], (struct page){ 0 }, TOWN_NOW_MS, r.t->mem,
	                    &posts, &n));
	assert_int_equal(n, 0);
	unseal(&r);
	assert_ok(read_home(&r.t->c, r.t->people[1], (struct page){ 0 }, TOWN_NOW_MS, r.t->mem,
	                    &posts, &n));
	assert_int_equal(n, 1);
	town_free(r.t);
}

/* Deletion while readers fill the cache and pull deep pages: an acknowledged deletion is final. */
struct deletion {
	struct town *t;
	struct status_ref posts[120];
	atomic_int deleted; /* the first so many are gone, acknowledged */
	atomic_bool over;
};

static void *deep_reader(void *ctx)
{
	struct deletion *d = ctx;
	struct arena *mem = arena_new(1 << 16);
	while (!atomic_load(&d->over)) {
		struct seen_post *posts;
		size_t n;
		int deleted = atomic_load(&d->deleted);
		err e = read_home(&d->t->c, d->t->people[1], (struct page){ .limit = 200 },
		                  TOWN_NOW_MS, mem, &posts, &n);
		if (failed(e) || n > 120 - (size_t)deleted)
			abort();
		for (size_t i = 0; i < n; i++)
			for (int k = 0; k < deleted; k++)
				if (posts[i].post.gate.id.v == d->posts[k].post.v)
					abort();
		arena_reset(mem);
	}
	arena_free(mem);
	return NULL;
}

static void nothing_deleted_is_shown(void **state)
{
	struct deletion d = { .t = town_new(2, 3) };
	pthread_t readers[2];
	(void)state;
	town_befriend(d.t, 0, 1);
	for (int i = 0; i < 120; i++)
		d.posts[i] = town_post(d.t, 0, (struct audience){ 0 }, 0, "words");
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, deep_reader, &d), 0);
	for (int i = 0; i < 120; i++) {
		town_delete_post(d.t, d.posts[i]);
		atomic_store(&d.deleted, i + 1);
	}
	atomic_store(&d.over, true);
	for (int i = 0; i < 2; i++)
		pthread_join(readers[i], NULL);
	town_free(d.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_keeps_more_of_what_is_recent),
		cmocka_unit_test(a_ring_keeps_the_newest_and_knows_its_floor),
		cmocka_unit_test(the_cache_is_bounded),
		cmocka_unit_test(a_cache_of_what_is_looked_at_still_takes_in),
		cmocka_unit_test(what_came_last_is_not_the_next_to_go),
		cmocka_unit_test(the_cache_grows_with_the_people),
		cmocka_unit_test(a_piece_that_outgrows_its_share_leaves),
		cmocka_unit_test(an_offer_read_before_a_change_is_refused),
		cmocka_unit_test(a_change_already_read_may_come_again),
		cmocka_unit_test(sets_agree_with_a_table),
		cmocka_unit_test(nothing_revoked_is_shown),
		cmocka_unit_test(a_sealed_author_is_gone_at_once),
		cmocka_unit_test(nothing_deleted_is_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
