#include "store/comments.h"

#include "store/store_testing.h"
#include "store/versions.h"

static const person_id author = { 1 }, ben = { 2 }, cleo = { 3 };
static const post_id post = { 10 };

static struct comment said(int64_t id, person_id by, const char *text)
{
	return (struct comment){
		.gate = { .id = { id },
		          .post = post,
		          .post_author = author,
		          .author = by,
		          .created_at_ms = id * 2 },
		.text = str_of(text),
		.language = S("zh"),
		.app = S("phone"),
	};
}

static void a_comment_comes_back_as_written(void **state)
{
	static const person_id mentions[] = { { 7 }, { 9 } };
	struct tables *t = *state;
	struct comment want = said(11, ben, "你好"), got;
	want.gate.reply_to.v = 5;
	want.gate.reply_to_author = cleo;
	want.n_mentions = COUNT(mentions);
	want.mentions = mentions;
	assert_ok(comments_insert(t->conn, &want));
	assert_ok(comments_find(t->conn, author, post, want.gate.id, t->mem, &got));
	assert_true(got.gate.id.v == 11 && got.gate.post.v == post.v &&
	            got.gate.post_author.v == author.v);
	assert_true(got.gate.author.v == ben.v && got.gate.reply_to.v == 5 &&
	            got.gate.reply_to_author.v == cleo.v);
	assert_true(got.gate.created_at_ms == 22 && got.gate.held_until_ms == 0 &&
	            !got.gate.deleted);
	assert_text(got.text, "你好");
	assert_text(got.language, "zh");
	assert_text(got.app, "phone");
	assert_int_equal(got.n_mentions, 2);
	assert_memory_equal(got.mentions, mentions, sizeof mentions);
	assert_fails(comments_find(t->conn, ben, post, want.gate.id, t->mem, &got), ERR_MISSING);
	assert_fails(comments_find(t->conn, author, (post_id){ 9 }, want.gate.id, t->mem, &got),
	             ERR_MISSING);
	assert_fails(comments_insert(t->conn, &want), ERR_CONFLICT);
}

static void living_comments_come_oldest_first(void **state)
{
	struct tables *t = *state;
	struct comment *got;
	size_t n;
	for (int64_t i = 20; i > 10; i--) {
		struct comment c = said(i, ben, "x");
		assert_ok(comments_insert(t->conn, &c));
	}
	assert_ok(comments_delete(t->conn, author, post, (comment_id){ 12 }, 99));
	assert_ok(comments_of(t->conn, author, post, 3, t->mem, &got, &n));
	assert_true(n == 3 && got[0].gate.id.v == 11 && got[1].gate.id.v == 13 &&
	            got[2].gate.id.v == 14);
	assert_ok(comments_of(t->conn, author, post, 100, t->mem, &got, &n));
	assert_int_equal(n, 9);
	assert_ok(comments_of(t->conn, ben, post, 100, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static void delete_erases_the_words(void **state)
{
	struct tables *t = *state;
	struct comment c = said(11, ben, "secret"), got;
	c.n_mentions = 1;
	c.mentions = &cleo;
	assert_ok(comments_insert(t->conn, &c));
	assert_fails(comments_delete(t->conn, ben, post, c.gate.id, 99), ERR_MISSING);
	assert_ok(comments_delete(t->conn, author, post, c.gate.id, 99));
	assert_fails(comments_delete(t->conn, author, post, c.gate.id, 99), ERR_MISSING);
	assert_ok(comments_find(t->conn, author, post, c.gate.id, t->mem, &got));
	assert_true(got.gate.deleted);
	assert_int_equal(got.text.n, 0);
	assert_int_equal(got.n_mentions, 0);
}

static void one_person_likes_a_post_once(void **state)
{
	struct tables *t = *state;
	struct like like = { .post = post, .post_author = author, .by = ben, .at_ms = 50 }, *got;
	size_t n;
	bool is_new;
	assert_ok(likes_set(t->conn, &like, &is_new));
	assert_true(is_new);
	like.at_ms = 60;
	assert_ok(likes_set(t->conn, &like, &is_new));
	assert_false(is_new);
	assert_ok(likes_of(t->conn, author, post, 10, t->mem, &got, &n));
	assert_int_equal(n, 1);
	assert_int_equal(got->at_ms, 50);
	assert_ok(likes_clear(t->conn, author, post, ben));
	assert_ok(likes_clear(t->conn, author, post, ben));
	assert_ok(likes_set(t->conn, &like, &is_new));
	assert_true(is_new);
}

static void likes_come_in_their_time(void **state)
{
	struct tables *t = *state;
	struct like *got;
	size_t n;
	bool is_new;
	for (int64_t i = 0; i < 5; i++) {
		struct like of_post = {
			.post = post, .post_author = author, .by = { 30 - i }, .at_ms = 100 + i
		};
		struct like by_ben = {
			.post = { 20 + i }, .post_author = { 40 + i }, .by = ben, .at_ms = 200 + i
		};
		assert_ok(likes_set(t->conn, &of_post, &is_new));
		assert_ok(likes_set(t->conn, &by_ben, &is_new));
	}
	assert_ok(likes_of(t->conn, author, post, 3, t->mem, &got, &n));
	assert_true(n == 3 && got[0].by.v == 30 && got[1].by.v == 29 && got[2].by.v == 28);
	assert_ok(likes_by(t->conn, ben, INT64_MAX, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[0].post.v == 24 && got[1].post.v == 23 &&
	            got[0].post_author.v == 44);
	assert_ok(likes_by(t->conn, ben, got[1].at_ms, 9, t->mem, &got, &n));
	assert_true(n == 3 && got[0].post.v == 22);
}

static void a_changed_comment_says_something_else_in_its_place(void **state)
{
	static const person_id mentions[] = { { 7 }, { 9 } };
	struct tables *t = *state;
	struct comment comment = said(11, ben, "one"), got;
	struct status_ref ref = { author, post, { 11 } };
	struct version waits = { .id = { 77 }, .state = VERSION_DROPPED, .text = S("three") };
	comment.gate.reply_to.v = 5;
	assert_ok(comments_insert(t->conn, &comment));
	comment.text = S("two");
	comment.edited_at_ms = 50;
	comment.n_mentions = COUNT(mentions);
	comment.mentions = mentions;
	assert_ok(comments_change(t->conn, &comment));
	assert_ok(versions_insert(t->conn, &ref, &waits));
	assert_ok(comments_set_pending(t->conn, &ref, waits.id));
	assert_ok(comments_find(t->conn, author, post, comment.gate.id, t->mem, &got));
	assert_text(got.text, "two");
	assert_int_equal(got.edited_at_ms, 50);
	assert_int_equal(got.gate.reply_to.v, 5);
	assert_int_equal(got.n_mentions, 2);
	assert_text(got.pending.text, "three");
	assert_int_equal(got.pending.state, VERSION_DROPPED);
	assert_ok(comments_delete(t->conn, author, post, comment.gate.id, 60));
	assert_fails(versions_find(t->conn, &ref, waits.id, t->mem, &waits), ERR_MISSING);
	assert_ok(comments_find(t->conn, author, post, comment.gate.id, t->mem, &got));
	assert_text(got.text, "");
	assert_int_equal(got.pending.version.v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_comment_comes_back_as_written),
		TABLE_TEST(a_changed_comment_says_something_else_in_its_place),
		TABLE_TEST(living_comments_come_oldest_first),
		TABLE_TEST(delete_erases_the_words),
		TABLE_TEST(one_person_likes_a_post_once),
		TABLE_TEST(likes_come_in_their_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
