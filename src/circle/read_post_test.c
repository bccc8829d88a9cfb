/* One post as each person sees it. 0 wrote it; 1 and 2 are friends of hers and of each other; 3 is a friend of hers
 * alone; 4 is a stranger. */
#include "circle/town_testing.h"

#include "store/posts.h"

struct scene {
	struct town *t;
	struct status_ref post;
};

static struct scene begin(void)
{
	struct scene s = { .t = town_new(5, 1) };
	town_befriend(s.t, 0, 1);
	town_befriend(s.t, 0, 2);
	town_befriend(s.t, 0, 3);
	town_befriend(s.t, 1, 2);
	s.post = town_post(s.t, 0, (struct audience){ 0 }, 0, "words");
	return s;
}

static err look(struct scene *s, int v, struct seen_post *out)
{
	return read_post(&s->t->c, s->t->people[v], &s->post, TOWN_NOW_MS, s->t->mem, out);
}

static size_t thread(struct scene *s, int v, struct seen_comment **out)
{
	struct seen_post post;
	size_t n;
	assert_ok(read_thread(&s->t->c, s->t->people[v], &s->post, TOWN_NOW_MS, s->t->mem, &post,
	                      out, &n));
	assert_int_equal(post.comments, n);
	return n;
}

static void hidden_and_absent_are_one_answer(void **state)
{
	struct scene s = begin();
	struct status_ref absent = { s.t->people[0], { 999999 }, { 0 } };
	struct status_ref wrong_author = { s.t->people[1], s.post.post, { 0 } };
	struct seen_post post;
	(void)state;
	err hidden = look(&s, 4, &post);
	err nowhere = read_post(&s.t->c, s.t->people[4], &absent, TOWN_NOW_MS, s.t->mem, &post);
	assert_int_equal(hidden.code, ERR_MISSING);
	assert_int_equal(nowhere.code, ERR_MISSING);
	assert_string_equal(hidden.why, nowhere.why);
	assert_null(hidden.say);
	assert_fails(
		read_post(&s.t->c, s.t->people[1], &wrong_author, TOWN_NOW_MS, s.t->mem, &post),
		ERR_MISSING);
	town_delete_post(s.t, s.post);
	assert_fails(look(&s, 0, &post), ERR_MISSING);
	town_free(s.t);
}

static void counts_are_what_this_viewer_sees(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	struct seen_comment *comments;
	(void)state;
	for (int p = 0; p < 4; p++)
		town_like(s.t, p, s.post, true);
	town_comment(s.t, 2, s.post, 0, "answer");
	town_comment(s.t, 3, s.post, 0, "answer");
	static const struct {
		int v, likes, comments;
		bool liked;
	} want[] = {
		{ 0, 4, 2, true },
		{ 1, 3, 1, true },
		{ 3, 2, 1, true },
	};
	for (size_t i = 0; i < 3; i++) {
		assert_ok(look(&s, want[i].v, &post));
		assert_int_equal(post.likes, want[i].likes);
		assert_int_equal(post.liked, want[i].liked);
		assert_int_equal(thread(&s, want[i].v, &comments), want[i].comments);
	}
	town_change_person(s.t, 3, PERSON_SEALED, RANGE_ALL); /* A54 */
	assert_ok(look(&s, 0, &post));
	assert_int_equal(post.likes, 3);
	assert_int_equal(thread(&s, 0, &comments), 1);
	town_like(s.t, 1, s.post, false);
	assert_ok(look(&s, 1, &post));
	assert_false(post.liked);
	town_free(s.t);
}

static void acts_vanish_when_apart_and_come_back(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	(void)state;
	town_like(s.t, 2, s.post, true);
	town_tie(s.t, 0, 2, false); /* one side ended: stays */
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.likes, 1);
	town_tie(s.t, 2, 0, false); /* both: gone */
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.likes, 0);
	town_befriend(s.t, 0, 2); /* friends again: all comes back */
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.likes, 1);
	town_free(s.t);
}

static void the_audience_is_its_authors_own_business(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	list_id list = town_list(s.t, 0);
	(void)state;
	town_member(s.t, 0, list, 3, true);
	person_id people[] = { s.t->people[2] };
	struct audience except = { .kind = AUDIENCE_EXCEPT,
		                   .n_lists = 1,
		                   .n_people = 1,
		                   .lists = &list,
		                   .people = people };
	s.post = town_post(s.t, 0, except, 0, "words");
	assert_ok(look(&s, 0, &post));
	assert_int_equal(post.post.gate.audience.kind, AUDIENCE_EXCEPT);
	assert_int_equal(post.post.gate.audience.lists[0].v, list.v);
	assert_int_equal(post.post.gate.audience.people[0].v, people[0].v);
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.post.gate.audience.kind, AUDIENCE_FRIENDS);
	assert_int_equal(post.post.gate.audience.n_lists, 0);
	assert_int_equal(post.post.gate.audience.n_people, 0);
	assert_fails(look(&s, 2, &post), ERR_MISSING);
	assert_fails(look(&s, 3, &post), ERR_MISSING);
	/* Deleting the tag widens nothing, and leaving it first shows the old post. */
	town_drop_list(s.t, 0, list);
	assert_fails(look(&s, 3, &post), ERR_MISSING);
	town_free(s.t);
}

static void out_of_an_excluded_tag_old_posts_appear(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	list_id list = town_list(s.t, 0);
	struct audience except = { .kind = AUDIENCE_EXCEPT, .n_lists = 1, .lists = &list };
	(void)state;
	town_member(s.t, 0, list, 3, true);
	s.post = town_post(s.t, 0, except, 0, "words");
	assert_fails(look(&s, 3, &post), ERR_MISSING);
	town_member(s.t, 0, list, 3, false);
	assert_ok(look(&s, 3, &post));
	town_free(s.t);
}

static void a_held_post_is_for_its_author_until_released(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	(void)state;
	town_hold(s.t, 0, s.post, TOWN_NOW_MS + 1000);
	assert_ok(look(&s, 0, &post));
	assert_true(post.held);
	assert_fails(look(&s, 1, &post), ERR_MISSING);
	/* The clock is on the operator: without a decision the piece appears. */
	assert_ok(read_post(&s.t->c, s.t->people[1], &s.post, TOWN_NOW_MS + 1000, s.t->mem, &post));
	assert_false(post.held);
	town_hold(s.t, 0, s.post, 0);
	assert_ok(look(&s, 1, &post));
	assert_false(post.held);
	assert_int_equal(post.post.gate.held_until_ms, 0);
	town_free(s.t);
}

static void a_held_comment_is_for_its_author(void **state)
{
	struct scene s = begin();
	struct seen_comment *comments, comment;
	struct status_ref ref = town_comment(s.t, 1, s.post, 0, "answer");
	(void)state;
	town_hold(s.t, 1, ref, TOWN_NOW_MS + 1000);
	assert_int_equal(thread(&s, 1, &comments), 1);
	assert_true(comments[0].held);
	assert_int_equal(thread(&s, 0, &comments), 0);
	assert_fails(read_comment(&s.t->c, s.t->people[0], &ref, TOWN_NOW_MS, s.t->mem, &comment),
	             ERR_MISSING);
	town_hold(s.t, 1, ref, 0);
	assert_int_equal(thread(&s, 0, &comments), 1);
	assert_ok(read_comment(&s.t->c, s.t->people[0], &ref, TOWN_NOW_MS, s.t->mem, &comment));
	assert_false(comment.held);
	town_delete_comment(s.t, ref);
	assert_fails(read_comment(&s.t->c, s.t->people[1], &ref, TOWN_NOW_MS, s.t->mem, &comment),
	             ERR_MISSING);
	town_free(s.t);
}

/* A22: what a comment answers is named only to who may see it. */
static void an_answer_names_nobody_hidden(void **state)
{
	struct scene s = begin();
	struct seen_comment *comments;
	(void)state;
	struct status_ref first = town_comment(s.t, 1, s.post, 0, "first");
	town_comment(s.t, 2, first, 1, "answer");
	assert_int_equal(thread(&s, 2, &comments), 2);
	assert_int_equal(comments[0].answers, 1);
	assert_int_equal(comments[1].comment.gate.reply_to.v, first.comment.v);
	assert_int_equal(comments[1].comment.gate.reply_to_author.v, s.t->people[1].v);
	/* 1 blocks 2: the answer is still 2's own, but says nothing of 1. */
	town_block(s.t, 1, 2, true);
	assert_int_equal(thread(&s, 2, &comments), 1);
	assert_int_equal(comments[0].comment.gate.reply_to.v, 0);
	assert_int_equal(comments[0].comment.gate.reply_to_author.v, 0);
	town_block(s.t, 1, 2, false);
	town_delete_comment(s.t, first);
	assert_int_equal(thread(&s, 0, &comments), 1);
	assert_int_equal(comments[0].comment.gate.reply_to.v, 0);
	town_free(s.t);
}

static void a_mention_is_shown_with_the_card(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	(void)state;
	town_mention(s.t, 3);
	s.post = town_post(s.t, 0, (struct audience){ 0 }, 0, "@p03");
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.n_mentions, 1);
	assert_int_equal(post.mentions[0].id.v, s.t->people[3].v);
	assert_int_equal(post.mentions[0].note.n,
	                 0); /* 1 and 3 are no friends: the card and no more */
	assert_int_equal(post.post.n_mentions, 0);
	town_block(s.t, 3, 1, true);
	assert_ok(look(&s, 1, &post));
	assert_int_equal(post.n_mentions, 0);
	town_free(s.t);
}

static void a_moment_shows_the_newest_comments_it_may(void **state)
{
	struct scene s = begin();
	struct seen_moment moment;
	struct status_ref refs[6];
	(void)state;
	for (int i = 0; i < 6; i++)
		refs[i] = town_comment(s.t, i % 2 ? 2 : 3, s.post, 0, "answer");
	assert_ok(read_moment(&s.t->c, s.t->people[1], &s.post, 2, TOWN_NOW_MS, s.t->mem, &moment));
	assert_int_equal(moment.post.comments, 3);
	assert_int_equal(moment.n_comments, 2);
	assert_int_equal(moment.comments[0].comment.gate.id.v, refs[3].comment.v);
	assert_int_equal(moment.comments[1].comment.gate.id.v, refs[5].comment.v);
	town_free(s.t);
}

static void likers_come_in_the_order_of_liking(void **state)
{
	struct scene s = begin();
	person_id *likers;
	size_t n;
	(void)state;
	town_like(s.t, 2, s.post, true);
	assert_ok(
		read_likers(&s.t->c, s.t->people[0], &s.post, TOWN_NOW_MS, s.t->mem, &likers, &n));
	for (int p = 1; p >= 0; p--) {
		s.t->next_id += 10; /* the town's clock of likes */
		town_like(s.t, p, s.post, true);
	}
	assert_ok(
		read_likers(&s.t->c, s.t->people[0], &s.post, TOWN_NOW_MS, s.t->mem, &likers, &n));
	assert_int_equal(n, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(likers[i].v, s.t->people[2 - i].v);
	town_free(s.t);
}

static void a_reference_leads_to_posts_and_comments(void **state)
{
	struct scene s = begin();
	struct status_ref comment = town_comment(s.t, 1, s.post, 0, "answer"), got;
	struct seen_comment seen;
	(void)state;
	assert_ok(read_ref(&s.t->c, s.post.post.v, &got));
	assert_int_equal(got.post.v, s.post.post.v);
	assert_int_equal(got.comment.v, 0);
	assert_ok(read_ref(&s.t->c, comment.comment.v, &got));
	assert_int_equal(got.comment.v, comment.comment.v);
	assert_ok(read_comment(&s.t->c, s.t->people[0], &got, TOWN_NOW_MS, s.t->mem, &seen));
	assert_true(str_eq(seen.comment.text, S("answer")));
	assert_fails(read_ref(&s.t->c, 424242, &got), ERR_MISSING);
	assert_fails(read_comment(&s.t->c, s.t->people[0], &s.post, TOWN_NOW_MS, s.t->mem, &seen),
	             ERR_MISSING);
	town_free(s.t);
}

static err narrow_in_the_store(struct conn *tx, void *ctx)
{
	const struct scene *s = ctx;
	struct post post;
	err e;
	TRY(posts_find(tx, s->post.post_author, s->post.post, s->t->mem, &post));
	post.gate.audience = (struct audience){ .kind = AUDIENCE_SELF };
	post.text = S("words for the author alone");
	TRY(posts_set_audience(tx, &post.gate));
	TRY(posts_change(tx, &post));
out:
	return e;
}

/* What is committed, and what memory is told of it, are a moment apart. */
static void words_are_never_shown_on_the_word_of_an_older_audience(void **state)
{
	struct scene s = begin();
	struct seen_post post;
	struct seen_history history;
	(void)state;
	assert_ok(look(&s, 1, &post));
	world_begin_change(s.t->c.world, s.post.post);
	assert_ok(store_write(s.t->c.store, (struct store_job){ narrow_in_the_store, NULL, &s }));
	assert_int_equal(world_gate(s.t->c.world, s.t->people[0], s.post.post)->audience.kind,
	                 AUDIENCE_FRIENDS);
	assert_fails(look(&s, 1, &post), ERR_MISSING);
	assert_fails(
		read_history(&s.t->c, s.t->people[1], &s.post, TOWN_NOW_MS, s.t->mem, &history),
		ERR_MISSING);
	assert_ok(look(&s, 0, &post)); /* and what the author reads is kept for nobody */
	assert_true(str_eq(post.post.text, S("words for the author alone")));
	assert_null(world_piece(s.t->c.world, s.post.post));
	assert_fails(look(&s, 2, &post), ERR_MISSING);
	world_end_change(s.t->c.world, s.post.post);
	town_free(s.t);
}

/* Old: no longer among the author's newest, whose gates lie in memory. */
static void of_an_old_post_that_is_denied_no_more_than_the_gate_is_read(void **state)
{
	struct scene s = begin();
	struct seen_comment *comments;
	struct seen_post post;
	(void)state;
	for (int p = 1; p <= 3; p++)
		town_comment(s.t, p, s.post, 0, "answer");
	for (int i = 0; i <= WORLD_RING_MAX; i++)
		town_post(s.t, 0, (struct audience){ 0 }, 0, "newer");
	assert_null(world_gate(s.t->c.world, s.t->people[0], s.post.post));
	assert_fails(look(&s, 4, &post), ERR_MISSING);
	assert_null(world_piece(s.t->c.world, s.post.post)); /* what is read whole is kept */
	assert_int_equal(thread(&s, 1, &comments), 2);
	assert_non_null(world_piece(s.t->c.world, s.post.post));
	assert_fails(look(&s, 4, &post), ERR_MISSING);
	town_block(s.t, 0, 1, true);
	assert_fails(look(&s, 1, &post), ERR_MISSING);
	assert_int_equal(thread(&s, 0, &comments), 2); /* all but of whom she blocks */
	town_free(s.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hidden_and_absent_are_one_answer),
		cmocka_unit_test(counts_are_what_this_viewer_sees),
		cmocka_unit_test(acts_vanish_when_apart_and_come_back),
		cmocka_unit_test(the_audience_is_its_authors_own_business),
		cmocka_unit_test(out_of_an_excluded_tag_old_posts_appear),
		cmocka_unit_test(a_held_post_is_for_its_author_until_released),
		cmocka_unit_test(a_held_comment_is_for_its_author),
		cmocka_unit_test(an_answer_names_nobody_hidden),
		cmocka_unit_test(a_mention_is_shown_with_the_card),
		cmocka_unit_test(a_moment_shows_the_newest_comments_it_may),
		cmocka_unit_test(likers_come_in_the_order_of_liking),
		cmocka_unit_test(a_reference_leads_to_posts_and_comments),
		cmocka_unit_test(of_an_old_post_that_is_denied_no_more_than_the_gate_is_read),
		cmocka_unit_test(words_are_never_shown_on_the_word_of_an_older_audience),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
