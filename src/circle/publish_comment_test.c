#include "circle/publish.h"

#include "circle/stage_testing.h"

static struct stage *s; /* of the test that runs */

/* 2 wrote the post; 3, 4, 5 are friends of 2; 3 and 4 know each other; 6 is a stranger. */
static struct status_ref post;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7 });
	for (int i = 3; i < 6; i++)
		stage_befriend(s, 2, i);
	stage_befriend(s, 3, 4);
	post = stage_post(s, 2, "hello");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err say(int author, struct status_ref to, const char *text)
{
	struct commented out;
	struct comment_draft draft = { .text = str_of(text) };
	return publish_comment(s->c, s->people[author], &to, &draft, s->now_ms, s->mem, &out);
}

static void who_sees_the_post_may_answer_it(void **state)
{
	struct status_ref nowhere = { s->people[2], { 42 }, { 0 } };
	(void)state;
	assert_ok(say(2, post, "my own"));
	assert_ok(say(3, post, "hi"));
	assert_fails(say(6, post, "hi"), ERR_MISSING);
	assert_fails(say(3, nowhere, "hi"), ERR_MISSING);
	assert_blames(say(3, post, ""), ERR_INPUT, "status");
	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	assert_fails(say(3, post, "hi"), ERR_MISSING);
	assert_ok(publish_delete(s->c, s->people[2], &post, s->now_ms));
	assert_fails(say(4, post, "hi"), ERR_MISSING);
	assert_fails(say(2, post, "hi"), ERR_MISSING);
}

/* An answer is possible only where the answered comment is seen: 5 does not know 3. */
static void who_sees_the_comment_may_answer_it(void **state)
{
	struct status_ref comment = stage_comment(s, 3, post, "hi"), answer;
	struct status_ref elsewhere = { post.post_author, post.post, { 42 } };
	(void)state;
	assert_text(stage_seen_by(s, comment), "234");
	assert_fails(say(5, comment, "and me"), ERR_MISSING);
	assert_fails(say(4, elsewhere, "x"), ERR_MISSING);
	answer = stage_comment(s, 4, comment, "hi you");
	assert_text(stage_seen_by(s, answer), "234");
	assert_ok(publish_delete(s->c, s->people[3], &comment, s->now_ms));
	assert_fails(say(4, comment, "still there?"), ERR_MISSING);
}

static void each_reader_hears_once_for_the_strongest_reason(void **state)
{
	static const struct {
		int reader;
		enum notice_kind kind;
		int want;
	} rows[] = {
		{ 2, NOTICE_COMMENT, 3 }, /* all three, for the post is theirs */
		{ 3, NOTICE_REPLY, 1 },   { 3, NOTICE_MENTION, 0 }, /* mentioned in the answer as well */
		{ 3, NOTICE_ALSO, 1 },                              /* of 5's */
		{ 4, NOTICE_ALSO, 1 },    { 4, NOTICE_COMMENT, 0 }, { 5, NOTICE_ALSO, 0 },
		{ 2, NOTICE_ALSO, 0 },    { 6, NOTICE_MENTION, 0 },
	};
	struct status_ref first = stage_comment(s, 3, post, "hi");
	(void)state;
	stage_comment(s, 4, first, "@p03 @p06 hi you");
	stage_comment(s, 5, post, "me too");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (stage_notices(s, rows[i].reader, rows[i].kind) != rows[i].want)
			fail_msg("row %zu: %d", i, stage_notices(s, rows[i].reader, rows[i].kind));
}

static void nobody_hears_of_their_own(void **state)
{
	struct status_ref mine = stage_comment(s, 2, post, "@p02 first");
	(void)state;
	stage_comment(s, 2, mine, "and second");
	for (int kind = NOTICE_LIKE; kind <= NOTICE_MENTION; kind++)
		assert_int_equal(stage_notices(s, 2, (enum notice_kind)kind), 0);
}

static void mentions_reach_those_who_may_see_it(void **state)
{
	struct commented out;
	struct comment_draft draft = { .text = S("@p02 @p04 @p05 @p06") };
	(void)state;
	assert_ok(publish_comment(s->c, s->people[3], &post, &draft, s->now_ms, s->mem, &out));
	assert_int_equal(out.comment.n_mentions, 2); /* 5 sees the post, but not what 3 says */
	assert_int_equal(out.comment.mentions[0].v, s->people[2].v);
	assert_int_equal(out.comment.mentions[1].v, s->people[4].v);
	assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), 1);
	assert_int_equal(stage_notices(s, 5, NOTICE_MENTION), 0);
	assert_int_equal(out.post.id.v, post.post.v);
}

static void a_retry_gives_the_first_comment(void **state)
{
	struct comment_draft draft = { .text = S("once"), .retry_key = S("key") };
	struct commented first, again;
	(void)state;
	assert_ok(publish_comment(s->c, s->people[3], &post, &draft, s->now_ms, s->mem, &first));
	assert_ok(publish_comment(s->c, s->people[3], &post, &draft, s->now_ms, s->mem, &again));
	assert_int_equal(first.comment.gate.id.v, again.comment.gate.id.v);
	assert_int_equal(stage_notices(s, 2, NOTICE_COMMENT), 1);
	assert_ok(befriend_block(s->c, s->people[2], s->people[3], s->now_ms));
	assert_fails(publish_comment(s->c, s->people[3], &post, &draft, s->now_ms, s->mem, &again),
	             ERR_MISSING);
}

static void comment_or_leave(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(4096);
	int *written = ctx;
	if (i == 0) {
		sure(!failed(befriend_end(stage->c, stage->people[2], stage->people[3])));
	} else {
		for (int round = 0; round < 20; round++) {
			struct commented out;
			struct comment_draft draft = { .text = S("busy") };
			err e = publish_comment(stage->c, stage->people[3], &post, &draft,
			                        stage->now_ms, mem, &out);
			sure(!failed(e) || e.code == ERR_MISSING);
			*written += !failed(e);
		}
	}
	arena_free(mem);
}

static void what_was_written_before_the_end_is_there_and_nothing_after(void **state)
{
	struct seen_post seen;
	struct seen_comment *comments;
	int written = 0;
	size_t n;
	(void)state;
	stage_race(s, 2, comment_or_leave, &written);
	assert_fails(say(3, post, "late"), ERR_MISSING);
	assert_ok(read_thread(s->c, s->people[2], &post, s->now_ms, s->mem, &seen, &comments, &n));
	assert_int_equal(n, written);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_sees_the_post_may_answer_it),
		TEST(who_sees_the_comment_may_answer_it),
		TEST(each_reader_hears_once_for_the_strongest_reason),
		TEST(nobody_hears_of_their_own),
		TEST(mentions_reach_those_who_may_see_it),
		TEST(a_retry_gives_the_first_comment),
		TEST(what_was_written_before_the_end_is_there_and_nothing_after),
	};
	return cmocka_run_group_tests_name("publish_comment", tests, NULL, NULL);
}
