/* The cache of pieces after a start. */
#include "circle/town_testing.h"
#include "circle/warm.h"

#include "circle/world_private.h"

#include <string.h>

static const atomic_bool never;

static bool is_cached(const struct town *t, struct status_ref post)
{
	world_lock(t->c.world);
	bool cached = world_piece(t->c.world, post.post) != NULL;
	world_unlock(t->c.world);
	return cached;
}

static struct status_ref post_of(struct town *t, int author, const char *text)
{
	return town_post(t, author, (struct audience){ .kind = AUDIENCE_FRIENDS }, 1000, text);
}

static void after_a_start_the_posts_are_at_hand_and_say_the_same(void **state)
{
	struct town *t = town_new(6, 3);
	struct status_ref posts[40];
	(void)state;
	for (int i = 1; i < 6; i++)
		town_befriend(t, 0, i);
	town_befriend(t, 1, 2);
	for (int i = 0; i < 40; i++) {
		posts[i] = post_of(t, i % 5 + 1, "good morning");
		town_like(t, (i + 1) % 5 + 1, posts[i], true);
		town_comment(t, 0, posts[i], 0, "and to you");
	}
	town_delete_post(t, posts[7]);
	town_restart(t);
	assert_false(is_cached(t, posts[39]));
	str before = town_dump(t, 0, (struct page){ 0 });
	town_restart(t);
	assert_ok(warm_run(&t->c, &never));
	for (int i = 0; i < 40; i++)
		assert_int_equal(is_cached(t, posts[i]), i != 7);
	str after = town_dump(t, 0, (struct page){ 0 });
	assert_true(before.n > 1000);
	assert_true(str_eq(before, after));
	/* What changes afterwards is told to it as to any other. */
	town_like(t, 0, posts[39], true);
	town_delete_post(t, posts[38]);
	assert_false(is_cached(t, posts[38]));
	assert_ok(warm_run(&t->c, &never)); /* nothing is left to do */
	assert_false(is_cached(t, posts[38]));
	town_free(t);
}

static void when_there_is_no_more_room_the_newest_are_there(void **state)
{
	enum { POSTS = 1500 };
	static struct status_ref posts[POSTS];
	struct town *t = town_new(TOWN_PEOPLE, 3);
	char text[8001];
	(void)state;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = 0;
	for (int i = 0; i < POSTS; i++) /* 12 MB, and no ring runs over */
		posts[i] = post_of(t, i % TOWN_PEOPLE, text);
	town_restart(t);
	assert_ok(warm_run(&t->c, &never));
	int oldest = POSTS;
	while (oldest > 0 && is_cached(t, posts[oldest - 1]))
		oldest--;
	assert_true(oldest > POSTS / 3 && oldest < POSTS - POSTS / 3);
	for (int i = 0; i < oldest; i++)
		assert_false(is_cached(t, posts[i]));
	assert_true(t->c.world->pieces.bytes <= PIECES_BYTES_LEAST);
	town_free(t);
}

static void it_can_be_stopped(void **state)
{
	static const atomic_bool at_once = true;
	struct town *t = town_new(2, 3);
	struct warm *warm = NULL;
	(void)state;
	struct status_ref post = post_of(t, 1, "good morning");
	town_restart(t);
	assert_ok(warm_run(&t->c, &at_once));
	assert_false(is_cached(t, post));
	assert_ok(warm_start(&t->c, &warm));
	warm_stop(&warm);
	assert_null(warm);
	warm_stop(&warm);
	town_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_a_start_the_posts_are_at_hand_and_say_the_same),
		cmocka_unit_test(when_there_is_no_more_room_the_newest_are_there),
		cmocka_unit_test(it_can_be_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
