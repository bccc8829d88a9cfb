#include "circle/found.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "store/posts.h"

#include "base/file.h"

static struct stage *s; /* of the test that runs */

/* 2 and 3, 2 and 4 are friends; 5 is a stranger. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7 });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 4);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct found_page look_for(int viewer, const char *words, int64_t before, int limit)
{
	const struct found_question q = { .words = str_of(words),
		                          .before = before,
		                          .limit = limit };
	struct found_page page;
	assert_ok(found_posts(s->c, s->people[viewer], &q, s->now_ms, s->mem, &page));
	return page;
}

static size_t found(int viewer, const char *words) { return look_for(viewer, words, 0, 40).n; }

static void words_of_any_length_and_script(void **state)
{
	static const struct {
		const char *name, *query;
		size_t want;
	} rows[] = {
		{ "one Chinese character", "糕", 1 },
		{ "two", "桂花", 2 },
		{ "more", "今天做了桂花糕", 1 },
		{ "in another order it is something else", "花桂", 0 },
		{ "case is folded", "HONEY", 1 },
		{ "width is folded", "Ｈｏｎｅｙ", 1 },
		{ "part of a word", "one", 1 },
		{ "two letters", "ho", 1 },
		{ "signs are only signs", "50%", 1 },
		{ "a quote does not end the phrase", "\"sweet\" OR", 1 },
		{ "nor does an operator mean anything", "sweet OR honey", 0 },
		{ "a star is a star", "hon*", 0 },
		{ "words with a space between", "cake, 50", 1 },
	};
	(void)state;
	stage_post(s, 3, "今天做了桂花糕");
	stage_post(s, 3, "桂花开了");
	stage_post(s, 3, "Honey cake, 50% \"sweet\" OR not");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (found(2, rows[i].query) != rows[i].want)
			fail_msg("%s: %zu, not %zu", rows[i].name, found(2, rows[i].query),
			         rows[i].want);
}

static void only_what_the_viewer_may_see(void **state)
{
	static const char *const queries[] = { "杏", "apricot" };
	(void)state;
	struct status_ref post = stage_post(s, 3, "杏子 apricot");
	for (size_t i = 0; i < COUNT(queries); i++) {
		assert_int_equal(found(2, queries[i]), 1);
		assert_int_equal(found(3, queries[i]), 1);
		assert_int_equal(found(4, queries[i]), 0); /* a friend's friend */
		assert_int_equal(found(5, queries[i]), 0);
	}
	assert_ok(befriend_hide_mine(s->c, s->people[3], s->people[2], true, s->now_ms));
	assert_int_equal(found(2, "杏") + found(2, "apricot"), 0);
	assert_ok(befriend_hide_mine(s->c, s->people[3], s->people[2], false, s->now_ms));
	enum person_range range = RANGE_3_DAYS;
	struct person person;
	assert_ok(admit_profile(s->c, s->people[3], &(struct profile_draft){ .range = &range },
	                        s->now_ms, s->mem, &person));
	s->now_ms += INT64_C(4) * 24 * 3600 * 1000;
	assert_int_equal(found(2, "杏") + found(2, "apricot"), 0);
	assert_int_equal(found(3, "apricot"), 1);
	assert_ok(publish_delete(s->c, s->people[3], &post, s->now_ms));
	assert_int_equal(found(3, "杏") + found(3, "apricot"), 0);
}

static void pages_go_on_where_they_ended(void **state)
{
	static const char *const queries[] = { "数", "number" };
	(void)state;
	for (int i = 0; i < 25; i++) {
		stage_post(s, 3 + i % 2, "数 number");
		stage_post(s, 5, "数 number"); /* a stranger's, in between */
		stage_post(s, 3, "another");
	}
	for (size_t q = 0; q < COUNT(queries); q++) {
		int64_t before = 0, last = INT64_MAX;
		size_t n = 0;
		do {
			struct found_page page = look_for(2, queries[q], before, 4);
			for (size_t i = 0; i < page.n; i++) {
				assert_true(page.posts[i].post.gate.id.v < last);
				last = page.posts[i].post.gate.id.v;
			}
			n += page.n;
			before = page.next;
		} while (before != 0);
		assert_int_equal(n, 25);
	}
}

/* As many as a search looks at, by 3, straight into the store: the ring of the world need not know them. */
static err write_many(struct conn *tx, void *ctx)
{
	const struct audience *audience = ctx;
	err e = OK;
	for (int i = 0; i < FOUND_LOOKED_MAX; i++) {
		struct post post = { .gate = { .id = { snowflake_next(s->c->ids) },
			                       .author = s->people[3],
			                       .created_at_ms = s->now_ms,
			                       .audience = *audience },
			             .text = S("数 number") };
		TRY(posts_insert(tx, &post));
		TRY(found_note(tx, &post, s->mem));
	}
out:
	return e;
}

static void where_a_search_stops_tells_nothing_of_what_is_hidden(void **state)
{
	static const char *const queries[] = { "数", "number" };
	struct audience self = { .kind = AUDIENCE_SELF }, friends = { .kind = AUDIENCE_FRIENDS };
	struct status_ref old = stage_post(s, 4, "数 number");
	(void)state;
	assert_ok(store_write(s->c->store, (struct store_job){ write_many, NULL, &self }));
	for (size_t q = 0; q < COUNT(queries); q++) {
		struct found_page page = look_for(2, queries[q], 0, 4);
		assert_int_equal(page.n, 1);
		assert_int_equal(page.posts[0].post.gate.id.v, old.post.v);
		assert_int_equal(page.next, 0);
	}
	assert_ok(store_write(s->c->store, (struct store_job){ write_many, NULL, &friends }));
	struct found_page page = look_for(2, "又", 0, 4); /* what may be seen does bound it */
	assert_int_equal(page.n, 0);
	assert_true(page.next > old.post.v);
	assert_int_equal(look_for(2, "又", page.next, 4).next, 0);
}

static void tags_are_whole_words(void **state)
{
	struct found_question q = { .words = S("茶"), .as_tag = true, .limit = 40 };
	struct found_page page;
	str *tags;
	size_t n;
	(void)state;
	stage_post(s, 3, "新到的 #茶 真香");
	stage_post(s, 3, "#茶叶蛋 出锅");
	stage_post(s, 3, "喝茶去");
	stage_post(s, 5, "#茶 外人");
	assert_ok(found_posts(s->c, s->people[2], &q, s->now_ms, s->mem, &page));
	assert_int_equal(page.n, 1);
	assert_ok(found_tags(s->c, s->people[2], S("茶"), 10, s->now_ms, s->mem, &tags, &n));
	assert_int_equal(n, 2);
	assert_text(tags[0], "茶叶蛋");
	assert_text(tags[1], "茶");
	assert_ok(found_tags(s->c, s->people[5], S("#茶"), 10, s->now_ms, s->mem, &tags, &n));
	assert_int_equal(n, 1);
}

static void what_cannot_be_looked_for(void **state)
{
	struct found_question q = { .words = S("  "), .limit = 4 };
	struct found_page page;
	char *many = ARENA_ARRAY(s->mem, 102, char);
	(void)state;
	assert_blames(found_posts(s->c, s->people[2], &q, s->now_ms, s->mem, &page), ERR_INPUT,
	              "q");
	for (int i = 0; i < 101; i++)
		many[i] = 'a';
	q.words = (str){ many, 101 };
	assert_blames(found_posts(s->c, s->people[2], &q, s->now_ms, s->mem, &page), ERR_LIMIT,
	              "q");
}

/* What was taken back lies in no file of the store, once tidied: not as words and not as trigrams. */
static void taken_back_leaves_nothing_on_disk(void **state)
{
	struct status_ref refs[40];
	(void)state;
	for (size_t i = 0; i < COUNT(refs); i++)
		refs[i] = stage_post(s, 3, i % 2 ? "zqxjkvb secret wordage" : "an everyday remark");
	for (size_t i = 1; i < COUNT(refs); i += 2)
		assert_ok(publish_delete(s->c, s->people[3], &refs[i], s->now_ms));
	assert_ok(found_sweep(s->c));
	stage_reopen(s);
	stage_reopen(s); /* the log is cut when the store closes */
	str path = str_format(s->mem, "%s/kith.db", s->folder), bytes;
	assert_ok(file_read(str_to_c(s->mem, path), (size_t)64 << 20, s->mem, &bytes));
	assert_int_equal(str_find(bytes, S("zqxjkvb")), SIZE_MAX);
	assert_int_equal(str_find(bytes, S("zqx")), SIZE_MAX);
	assert_int_equal(found(3, "everyday"), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(words_of_any_length_and_script, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_what_the_viewer_may_see, set_up, tear_down),
		cmocka_unit_test_setup_teardown(pages_go_on_where_they_ended, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			where_a_search_stops_tells_nothing_of_what_is_hidden, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tags_are_whole_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_looked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(taken_back_leaves_nothing_on_disk, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
