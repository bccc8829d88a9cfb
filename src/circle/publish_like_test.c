#include "circle/publish.h"

#include "circle/stage_testing.h"

#include "store/comments.h"

static struct stage *s; /* of the test that runs */
static struct status_ref post;

/* 2 wrote the post; 3..10 are friends; 11 is a stranger. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 12 });
	for (int i = 3; i < 11; i++)
		stage_befriend(s, 2, i);
	post = stage_post(s, 2, "hello");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err like(int by, struct status_ref ref)
{
	return publish_like(s->c, s->people[by], &ref, s->now_ms);
}
static err unlike(int by, struct status_ref ref)
{
	return publish_unlike(s->c, s->people[by], &ref, s->now_ms);
}

static int seen_likes(int viewer)
{
	struct seen_post seen;
	assert_ok(read_post(s->c, s->people[viewer], &post, s->now_ms, s->mem, &seen));
	return seen.likes;
}

static size_t stored_likes(void)
{
	struct conn *conn = NULL;
	struct like *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(likes_of(conn, post.post_author, post.post, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

static void a_like_counts_once_and_rings_once(void **state)
{
	(void)state;
	assert_ok(like(3, post));
	assert_ok(like(3, post));
	assert_int_equal(seen_likes(2), 1);
	assert_ok(unlike(3, post));
	assert_ok(unlike(3, post));
	assert_int_equal(seen_likes(2), 0);
	assert_ok(like(3, post));
	assert_int_equal(seen_likes(2), 1);
	assert_int_equal(stage_notices(s, 2, NOTICE_LIKE), 1);
	assert_ok(like(4, post));
	assert_int_equal(stage_notices(s, 2, NOTICE_LIKE), 2);
	assert_ok(like(2, post)); /* one's own: no notice */
	assert_int_equal(stage_notices(s, 2, NOTICE_LIKE), 2);
	stage_reopen(s);
	assert_int_equal(seen_likes(2), 3);
}

static void what_is_not_seen_is_not_liked(void **state)
{
	(void)state;
	assert_fails(like(11, post), ERR_MISSING);
	assert_fails(unlike(11, post), ERR_MISSING);
	assert_fails(like(3, (struct status_ref){ s->people[2], { 42 }, { 0 } }), ERR_MISSING);
	assert_ok(publish_delete(s->c, s->people[2], &post, s->now_ms));
	assert_fails(like(3, post), ERR_MISSING);
	assert_int_equal(stored_likes(), 0);
}

static void a_comment_cannot_be_liked_and_who_does_not_see_it_is_not_told(void **state)
{
	struct status_ref comment = stage_comment(s, 3, post, "hi");
	(void)state;
	assert_blames(like(2, comment), ERR_INPUT, "id");
	assert_fails(like(4, comment), ERR_MISSING); /* 4 does not know 3 */
	assert_fails(like(11, comment), ERR_MISSING);
}

static void storm(struct stage *stage, int i, void *ctx)
{
	person_id by = stage->people[3 + i % 8];
	(void)ctx;
	for (int round = 0; round < 25; round++) {
		sure(!failed(publish_like(stage->c, by, &post, stage->now_ms)));
		sure(!failed(publish_unlike(stage->c, by, &post, stage->now_ms)));
	}
	sure(!failed(publish_like(stage->c, by, &post, stage->now_ms)));
}

/* Two threads for each of eight people: whatever the order, memory and store end alike. */
static void a_storm_leaves_at_most_one_like_each(void **state)
{
	(void)state;
	assert_int_equal(seen_likes(2), 0); /* so that the post is in memory and followed there */
	stage_race(s, 16, storm, NULL);
	assert_int_equal(stored_likes(), seen_likes(2));
	for (int i = 3; i < 11; i++)
		assert_ok(like(i, post));
	assert_int_equal(stored_likes(), 8);
	assert_int_equal(seen_likes(2), 8);
	assert_int_equal(stage_notices(s, 2, NOTICE_LIKE), 8);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_like_counts_once_and_rings_once),
		TEST(what_is_not_seen_is_not_liked),
		TEST(a_comment_cannot_be_liked_and_who_does_not_see_it_is_not_told),
		TEST(a_storm_leaves_at_most_one_like_each),
	};
	return cmocka_run_group_tests_name("publish_like", tests, NULL, NULL);
}
