/* What is said in a group, and to whom. */
#include "circle/read.h"

#include "circle/walkers_testing.h"

#include <string.h>

static void members_see_a_post_and_no_one_else(void **state)
{
	struct status_ref p;
	struct seen_post seen;
	struct post_draft draft = { .text = S("Hello"),
		                    .audience = { .kind = AUDIENCE_GROUP, .group = walkers } };
	struct published out;
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	assert_ok(walkers_invite(AN, 6));
	p = walkers_post(BO, "The path by the river is dry again");
	assert_true(stage_sees(s, AN, p));
	assert_true(stage_sees(s, CAI, p)); /* no friend of BO's */
	assert_false(stage_sees(s, DEE, p));
	assert_false(stage_sees(s, 6, p)); /* invited alone */
	assert_int_equal(walkers_count_timeline(CAI), 1);
	assert_ok(read_post(s->c, s->people[CAI], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.group.v == walkers.v);
	assert_text(seen.group_title, "Walkers");
	assert_true(seen.post.gate.audience.group.v == 0); /* the audience is its author's own */
	assert_blames(publish_post(s->c, s->people[DEE], &draft, s->now_ms, s->mem, &out),
	              ERR_INPUT, "kith_audience");
	assert_blames(publish_post(s->c, s->people[6], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
	draft.audience.group.v++;
	assert_blames(publish_post(s->c, s->people[AN], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
	draft.audience = (struct audience){
		.kind = AUDIENCE_GROUP, .group = walkers, .n_people = 1, .people = &s->people[BO]
	};
	assert_blames(publish_post(s->c, s->people[AN], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
}

static void comments_and_likes_are_seen_by_members_whoever_is_whose_friend(void **state)
{
	struct status_ref p, c;
	struct seen_post seen;
	struct comment_draft draft = { .text = S("me too") };
	struct commented commented;
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	walkers_join(DEE);
	p = walkers_post(BO, "Who is coming on Sunday?");
	c = stage_comment(s, CAI, p, "I am");
	assert_ok(publish_like(s->c, s->people[CAI], &p, s->now_ms));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 1 && seen.likes == 1);
	assert_true(stage_sees(s, DEE, c));
	assert_fails(publish_comment(s->c, s->people[6], &p, &draft, s->now_ms, s->mem, &commented),
	             ERR_MISSING);
	assert_fails(publish_like(s->c, s->people[6], &p, s->now_ms), ERR_MISSING);
	assert_int_equal(walkers_count_notices(BO, ~0u & ~(1u << NOTICE_ACCEPTED)), 2);
	/* What a member said goes with the member, and comes back with them. */
	assert_ok(walkers_leave(CAI));
	assert_false(stage_sees(s, DEE, c));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 0 && seen.likes == 0);
	assert_fails(
		publish_comment(s->c, s->people[CAI], &p, &draft, s->now_ms, s->mem, &commented),
		ERR_MISSING);
	walkers_join(CAI);
	assert_true(stage_sees(s, DEE, c));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 1 && seen.likes == 1);
}

static void who_left_sees_their_own_post_and_nothing_of_the_group(void **state)
{
	struct status_ref mine, theirs;
	struct seen_post seen, *posts;
	size_t n;
	(void)state;
	walkers_join(BO);
	mine = walkers_post(BO, "Mine");
	theirs = walkers_post(AN, "Theirs");
	assert_ok(publish_like(s->c, s->people[BO], &theirs, s->now_ms));
	assert_ok(publish_like(s->c, s->people[AN], &mine, s->now_ms));
	assert_ok(walkers_leave(BO));
	assert_false(stage_sees(s, BO, theirs));
	assert_false(stage_sees(s, AN, mine));
	assert_ok(read_post(s->c, s->people[BO], &mine, s->now_ms, s->mem, &seen));
	assert_true(seen.group.v == 0 && seen.group_title.n == 0);
	assert_int_equal(walkers_count_timeline(AN), 1);
	assert_ok(read_favourites(s->c, s->people[BO], (struct page){ 0 }, s->now_ms, s->mem,
	                          &posts, &n));
	assert_int_equal(n, 0);
	assert_ok(
		read_home(s->c, s->people[BO], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 1 && posts[0].post.gate.id.v == mine.post.v);
	walkers_join(BO);
	assert_true(stage_sees(s, AN, mine));
	assert_true(stage_sees(s, BO, theirs));
}

static void members_who_block_each_other_see_nothing_of_each_other(void **state)
{
	struct status_ref by_bo, by_an, c;
	struct seen_group seen;
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	by_bo = walkers_post(BO, "Bo's");
	by_an = walkers_post(AN, "An's");
	c = stage_comment(s, CAI, by_an, "Cai's");
	assert_true(stage_sees(s, BO, c));
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	assert_false(stage_sees(s, BO, c));
	assert_false(stage_sees(s, CAI, by_bo));
	assert_true(stage_sees(s, AN, by_bo));
	assert_int_equal(walkers_count_members(AN), 3);
	assert_int_equal(walkers_count_members(BO), 2);
	assert_int_equal(walkers_count_members(CAI), 2);
	assert_int_equal(walkers_count_timeline(CAI), 1);
	assert_int_equal(walkers_count_timeline(BO), 2);
	assert_ok(walkers_find(CAI, &seen));
	assert_int_equal(seen.members, 2); /* a count would tell of it */
	/* The owner behind a block is nobody, and can still take out whom they block. */
	assert_ok(befriend_block(s->c, s->people[AN], s->people[BO], s->now_ms));
	assert_ok(walkers_find(BO, &seen));
	assert_int_equal(seen.group.owner.v, 0);
	assert_blames(walkers_hand_over(AN, BO), ERR_INPUT, "account_id");
	assert_ok(walkers_remove_member(AN, BO));
	assert_fails(walkers_find(BO, &seen), ERR_MISSING);
	assert_ok(befriend_unblock(s->c, s->people[CAI], s->people[BO]));
	assert_false(stage_sees(s, CAI, by_bo)); /* its author is out */
}

static void a_group_that_ended_leaves_each_post_to_its_author(void **state)
{
	struct status_ref p;
	struct seen_post seen;
	(void)state;
	walkers_join(BO);
	p = walkers_post(BO, "Bo's");
	stage_comment(s, AN, p, "An's");
	assert_ok(convene_delete(s->c, s->people[AN], walkers, s->now_ms));
	for (int again = 0; again < 2; again++) {
		assert_false(stage_sees(s, AN, p));
		assert_ok(read_post(s->c, s->people[BO], &p, s->now_ms, s->mem, &seen));
		assert_true(seen.comments == 0 && seen.group.v == 0);
		stage_reopen(s);
	}
}

static void a_group_post_names_members_alone(void **state)
{
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	walkers_post(BO, "Ask @p04 and @p05");
	assert_int_equal(stage_notices(s, CAI, NOTICE_MENTION), 1); /* no friend of BO's */
	assert_int_equal(stage_notices(s, DEE, NOTICE_MENTION), 0);
	assert_ok(befriend_block(s->c, s->people[BO], s->people[CAI], s->now_ms));
	walkers_post(BO, "Ask @p04 again");
	assert_int_equal(stage_notices(s, CAI, NOTICE_MENTION), 1);
	assert_int_equal(walkers_count_notices(CAI, 1u << NOTICE_MENTION), 0);
}

static void home_shows_group_posts_of_friends_alone(void **state)
{
	struct seen_post *posts;
	size_t n;
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	walkers_post(AN, "An's");
	walkers_post(BO, "Bo's");
	assert_ok(
		read_home(s->c, s->people[CAI], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 1 && posts[0].group.v == walkers.v);
	assert_text(posts[0].post.text, "An's");
	assert_ok(
		read_home(s->c, s->people[DEE], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_int_equal(n, 0);
	assert_ok(read_album(s->c, s->people[CAI], s->people[AN], (struct page){ 0 }, s->now_ms,
	                     s->mem, &posts, &n));
	assert_int_equal(n, 1);
	assert_ok(read_album(s->c, s->people[DEE], s->people[AN], (struct page){ 0 }, s->now_ms,
	                     s->mem, &posts, &n));
	assert_int_equal(n, 0);
}

/* Hidden posts in between do not shorten a page, and pages meet without gap or double. */
static void the_timeline_comes_in_pages(void **state)
{
	struct seen_post *posts;
	struct page page = { .limit = 10 };
	int64_t ids[200];
	size_t n, all = 0;
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	for (int i = 0; i < 200; i++) {
		struct status_ref p = walkers_post(i % 8 ? BO : AN, "words");
		if (i == 96)
			assert_ok(publish_delete(s->c, s->people[AN], &p, s->now_ms));
	}
	for (int again = 0; again < 2; again++) {
		page = (struct page){ .limit = 10 };
		all = 0;
		do {
			assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem,
			                     &posts, &n));
			for (size_t i = 0; i < n; i++) {
				ids[all] = posts[i].post.gate.id.v;
				assert_true(all == 0 || ids[all] < ids[all - 1]);
				assert_true(posts[i].post.gate.author.v == s->people[AN].v);
				all++;
			}
			page.max_id = n ? posts[n - 1].post.gate.id.v : 0;
		} while (n == 10);
		assert_int_equal(all, 24);
		stage_reopen(s);
	}
	page = (struct page){ .limit = 5, .min_id = ids[23] };
	assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 5 && posts[0].post.gate.id.v == ids[18] &&
	            posts[4].post.gate.id.v == ids[22]);
	page = (struct page){ .limit = 50, .since_id = ids[5] };
	assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem, &posts, &n));
	assert_int_equal(n, 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, walkers_set_up, walkers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(members_see_a_post_and_no_one_else),
		TEST(comments_and_likes_are_seen_by_members_whoever_is_whose_friend),
		TEST(who_left_sees_their_own_post_and_nothing_of_the_group),
		TEST(members_who_block_each_other_see_nothing_of_each_other),
		TEST(a_group_that_ended_leaves_each_post_to_its_author),
		TEST(a_group_post_names_members_alone),
		TEST(home_shows_group_posts_of_friends_alone),
		TEST(the_timeline_comes_in_pages),
	};
	return cmocka_run_group_tests_name("read_group", tests, NULL, NULL);
}
