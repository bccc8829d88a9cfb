/* The two ways of the pull against the plain definition: all living posts of the authors, sorted, cut. */
#include "store/posts.h"

#include "store/store_testing.h"

#include <stdlib.h>

#include "base/seam.h"

#define AUTHORS 1200
#define POSTS 6000

struct written {
	int64_t id, author;
	bool deleted;
};

/* A third of the authors never posted; the rest posts unevenly. */
static struct written *fill(struct tables *t)
{
	struct written *all = calloc(POSTS, sizeof *all);
	uint64_t seed = 42;
	struct chance chance = chance_seeded(&seed);
	assert_non_null(all);
	for (int64_t i = 0; i < POSTS; i++) {
		uint32_t r[2];
		struct post post = { .text = S("x") };
		chance_fill(chance, r, sizeof r);
		all[i] = (struct written){ i + 1,
			                   3 * (int64_t)((uint64_t)r[0] * r[0] >> 32) % AUTHORS + 1,
			                   r[1] % 10 == 0 };
		post.gate = (struct post_gate){ .id = { all[i].id }, .author = { all[i].author } };
		assert_ok(posts_insert(t->conn, &post));
		if (all[i].deleted)
			assert_ok(posts_delete(t->conn, post.gate.author, post.gate.id, 1));
	}
	return all;
}

static bool is_wanted(const struct written *w, const person_id *authors, size_t n,
                      struct post_window window)
{
	if (w->deleted || w->id <= window.after.v || (window.before.v && w->id >= window.before.v))
		return false;
	for (size_t i = 0; i < n; i++)
		if (authors[i].v == w->author)
			return true;
	return false;
}

static void check(struct tables *t, const struct written *all, const person_id *authors,
                  size_t n_authors, struct post_window window)
{
	struct arena_mark mark = arena_mark(t->mem);
	struct post_gate *got;
	size_t n, at = 0;
	assert_ok(posts_pull(t->conn, authors, n_authors, window, t->mem, &got, &n));
	for (size_t i = 0; i < POSTS && at < (size_t)window.limit; i++) {
		const struct written *w = &all[window.oldest_first ? i : POSTS - 1 - i];
		if (!is_wanted(w, authors, n_authors, window))
			continue;
		assert_true(at < n);
		assert_int_equal(got[at].id.v, w->id);
		assert_int_equal(got[at].author.v, w->author);
		at++;
	}
	assert_int_equal(n, at);
	arena_rewind(t->mem, mark);
}

static void both_ways_agree_with_the_definition(void **state)
{
	static const struct post_window windows[] = {
		{ { 0 }, { 0 }, false, 20 },      { { 0 }, { 3000 }, false, 20 },
		{ { 5990 }, { 0 }, false, 40 },   { { 100 }, { 0 }, true, 20 },
		{ { 2000 }, { 2010 }, true, 20 }, { { 2000 }, { 2010 }, false, 3 },
		{ { 5999 }, { 0 }, false, 20 },   { { 0 }, { 2 }, true, 20 },
		{ { 0 }, { 0 }, false, 1 },       { { 0 }, { 0 }, true, 500 },
	};
	static const size_t sizes[] = { 0, 1, 2, 15, 16, 30, 150, 400, 1000 };
	struct tables *t = *state;
	struct written *all = fill(t);
	person_id authors[AUTHORS];
	for (size_t s = 0; s < COUNT(sizes); s++) {
		for (size_t i = 0; i < sizes[s]; i++)
			authors[i].v = (int64_t)(i * AUTHORS / sizes[s]) + 1;
		for (size_t w = 0; w < COUNT(windows); w++)
			check(t, all, authors, sizes[s], windows[w]);
	}
	free(all);
}

static void friends_who_never_post_do_not_make_the_scan_endless(void **state)
{
	struct tables *t = *state;
	person_id authors[500];
	struct post_gate *got;
	size_t n;
	struct post old = { .gate = { .id = { 1 }, .author = { 1 } } };
	assert_ok(posts_insert(t->conn, &old));
	for (int64_t i = 2; i < 60000; i++) { /* more than a scan walks, all by a stranger */
		struct post post = { .gate = { .id = { i }, .author = { 100000 } } };
		assert_ok(posts_insert(t->conn, &post));
	}
	for (size_t i = 0; i < COUNT(authors); i++)
		authors[i].v = (int64_t)i + 1;
	assert_ok(posts_pull(t->conn, authors, COUNT(authors), (struct post_window){ .limit = 20 },
	                     t->mem, &got, &n));
	assert_int_equal(n, 1);
	assert_int_equal(got[0].id.v, 1);
}

static void no_room_asked_for_gives_nothing(void **state)
{
	struct tables *t = *state;
	person_id one = { 1 };
	struct post_gate *got;
	size_t n = 9;
	assert_ok(
		posts_pull(t->conn, &one, 1, (struct post_window){ .limit = 0 }, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static void gates_come_with_their_audience(void **state)
{
	static const person_id people[] = { { 7 }, { 8 } };
	struct tables *t = *state;
	struct post post = { .gate = { .id = { 5 }, .author = { 1 }, .created_at_ms = 44 } };
	struct post_gate *got;
	size_t n;
	post.gate.audience = (struct audience){ AUDIENCE_ONLY, 0,     COUNT(people), NULL,
		                                people,        { 0 }, NULL };
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(posts_pull(t->conn, &post.gate.author, 1, (struct post_window){ .limit = 5 },
	                     t->mem, &got, &n));
	assert_int_equal(n, 1);
	assert_int_equal(got->created_at_ms, 44);
	assert_int_equal(got->audience.kind, AUDIENCE_ONLY);
	assert_int_equal(got->audience.n_people, 2);
	assert_memory_equal(got->audience.people, people, sizeof people);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(both_ways_agree_with_the_definition),
		TABLE_TEST(friends_who_never_post_do_not_make_the_scan_endless),
		TABLE_TEST(no_room_asked_for_gives_nothing),
		TABLE_TEST(gates_come_with_their_audience),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
