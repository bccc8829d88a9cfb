#include "store/posts.h"

#include "store/comments.h"
#include "store/pictures.h"
#include "store/store_testing.h"
#include "store/versions.h"

static const person_id author = { 1 }, other = { 2 };

static struct post plain(person_id by, int64_t id, const char *text)
{
	return (struct post){
		.gate = { .id = { id },
		          .author = by,
		          .created_at_ms = id + 1000,
		          .audience = { .kind = AUDIENCE_FRIENDS } },
		.text = str_of(text),
		.language = S("de"),
		.app = S("page"),
	};
}

static void insert(struct tables *t, person_id by, int64_t id)
{
	struct post post = plain(by, id, "text");
	assert_ok(posts_insert(t->conn, &post));
}

static void a_post_comes_back_as_written(void **state)
{
	static const list_id lists[] = { { 21 }, { 22 } };
	static const person_id people[] = { { 31 }, { 32 }, { 33 } };
	static const person_id mentions[] = { { 41 }, { 42 } };
	struct tables *t = *state;
	struct post want = plain(author, 10, "line one\nline two 你好 \xF0\x9F\x98\x80"), got;
	struct post_gate gate;
	want.gate.audience = (struct audience){ AUDIENCE_EXCEPT, COUNT(lists), COUNT(people), lists,
		                                people,          { 0 },        NULL };
	want.n_mentions = COUNT(mentions);
	want.mentions = mentions;
	assert_ok(posts_insert(t->conn, &want));
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_true(str_eq(got.text, want.text));
	assert_text(got.language, "de");
	assert_text(got.app, "page");
	assert_int_equal(got.gate.created_at_ms, 1010);
	assert_int_equal(got.gate.held_until_ms, 0);
	assert_false(got.gate.deleted);
	assert_int_equal(got.gate.audience.kind, AUDIENCE_EXCEPT);
	assert_int_equal(got.gate.audience.n_lists, COUNT(lists));
	assert_memory_equal(got.gate.audience.lists, lists, sizeof lists);
	assert_int_equal(got.gate.audience.n_people, COUNT(people));
	assert_memory_equal(got.gate.audience.people, people, sizeof people);
	assert_int_equal(got.n_mentions, COUNT(mentions));
	assert_memory_equal(got.mentions, mentions, sizeof mentions);
	assert_ok(posts_gate(t->conn, author, (post_id){ 10 }, t->mem, &gate));
	assert_int_equal(gate.audience.n_lists, COUNT(lists));
	assert_memory_equal(gate.audience.people, people, sizeof people);
}

static void a_post_lies_under_its_author_and_nobody_else(void **state)
{
	struct tables *t = *state;
	struct post got;
	struct post_gate gate;
	insert(t, author, 10);
	assert_fails(posts_find(t->conn, other, (post_id){ 10 }, t->mem, &got), ERR_MISSING);
	assert_fails(posts_gate(t->conn, other, (post_id){ 10 }, t->mem, &gate), ERR_MISSING);
	assert_fails(posts_find(t->conn, author, (post_id){ 11 }, t->mem, &got), ERR_MISSING);
	got = plain(author, 10, "again");
	assert_fails(posts_insert(t->conn, &got), ERR_CONFLICT);
}

static void delete_erases_all_that_was_said(void **state)
{
	static const list_id lists[] = { { 21 } };
	static const person_id people[] = { { 31 } };
	struct tables *t = *state;
	struct post post = plain(author, 10, "secret"), got;
	struct comment comment = {
		.gate = { .id = { 11 }, .post = { 10 }, .post_author = author, .author = other },
		.text = S("also secret"),
		.n_mentions = 1,
		.mentions = people
	};
	struct like like = { .post = { 10 }, .post_author = author, .by = other };
	struct status_ref ref;
	struct comment *comments;
	struct like *likes;
	size_t n;
	bool is_new;
	post.gate.audience = (struct audience){ AUDIENCE_ONLY, 1, 1, lists, people, { 0 }, NULL };
	post.n_mentions = 1;
	post.mentions = people;
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(comments_insert(t->conn, &comment));
	assert_ok(likes_set(t->conn, &like, &is_new));
	assert_fails(posts_delete(t->conn, other, (post_id){ 10 }, 99), ERR_MISSING);
	assert_ok(posts_delete(t->conn, author, (post_id){ 10 }, 99));
	assert_fails(posts_delete(t->conn, author, (post_id){ 10 }, 99), ERR_MISSING);
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_true(got.gate.deleted);
	assert_int_equal(got.text.n, 0);
	assert_int_equal(got.n_mentions, 0);
	assert_int_equal(got.gate.audience.kind, AUDIENCE_SELF);
	assert_int_equal(got.gate.audience.n_lists + got.gate.audience.n_people, 0);
	assert_ok(comments_of(t->conn, author, (post_id){ 10 }, 10, t->mem, &comments, &n));
	assert_int_equal(n, 0);
	assert_ok(likes_of(t->conn, author, (post_id){ 10 }, 10, t->mem, &likes, &n));
	assert_int_equal(n, 0);
	assert_ok(likes_by(t->conn, other, INT64_MAX, 10, t->mem, &likes, &n));
	assert_int_equal(n, 0);
	assert_ok(status_refs_find(t->conn, 10,
	                           &ref)); /* leads to the tombstone: the id is not given again */
}

static void an_album_pages_newest_first_without_the_deleted(void **state)
{
	static const struct {
		const char *name;
		int64_t after, before;
		int limit;
		size_t n;
		int64_t first, last;
	} rows[] = {
		{ "no bounds", 0, 0, 9, 8, 90, 10 },
		{ "a limit", 0, 0, 2, 2, 90, 80 },
		{ "older than one", 0, 80, 2, 2, 70, 60 },
		{ "past the deleted one", 0, 60, 2, 2, 40, 30 },
		{ "newer than one", 60, 0, 9, 3, 90, 70 },
		{ "between two", 30, 60, 9, 1, 40, 40 },
		{ "nothing below the first", 0, 10, 9, 0, 0, 0 },
	};
	struct tables *t = *state;
	struct post_gate *gates;
	size_t n;
	for (int64_t i = 1; i <= 9; i++) {
		insert(t, author, i * 10);
		insert(t, other, i * 10 + 1);
	}
	assert_ok(posts_delete(t->conn, author, (post_id){ 50 }, 1));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct post *got;
		assert_ok(posts_of(t->conn, author, (post_id){ rows[i].after },
		                   (post_id){ rows[i].before }, rows[i].limit, t->mem, &got, &n));
		if (n != rows[i].n || (n && (got[0].gate.id.v != rows[i].first ||
		                             got[n - 1].gate.id.v != rows[i].last)))
			fail_msg("%s", rows[i].name);
	}
	assert_ok(posts_gates_of(t->conn, author, (post_id){ 0 }, 5, t->mem, &gates, &n));
	assert_true(n == 5 && gates[0].id.v == 90 && gates[4].id.v == 40);
	assert_ok(posts_gates_of(t->conn, author, (post_id){ 40 }, 5, t->mem, &gates, &n));
	assert_true(n == 3 && gates[0].id.v == 30 && gates[2].id.v == 10);
}

static void many_rows_keep_their_own_words(void **state)
{
	struct tables *t = *state;
	struct post *got;
	size_t n;
	for (int64_t i = 1; i <= 100; i++) {
		list_id list = { i };
		struct post post = plain(author, i,
		                         str_to_c(t->mem, str_format(t->mem, "text %d", (int)i)));
		post.gate.audience = (struct audience){ AUDIENCE_ONLY, 1,     0,   &list,
			                                NULL,          { 0 }, NULL };
		assert_ok(posts_insert(t->conn, &post));
	}
	assert_ok(posts_of(t->conn, author, (post_id){ 0 }, (post_id){ 0 }, 100, t->mem, &got, &n));
	assert_int_equal(n, 100);
	for (size_t i = 0; i < n; i++) {
		assert_text(got[i].text,
		            str_to_c(t->mem, str_format(t->mem, "text %d", (int)(100 - i))));
		assert_int_equal(got[i].gate.audience.lists[0].v, 100 - (int)i);
	}
}

static void a_status_id_leads_to_its_place(void **state)
{
	struct tables *t = *state;
	struct comment comment = {
		.gate = { .id = { 11 }, .post = { 10 }, .post_author = author, .author = other }
	};
	struct status_ref ref;
	insert(t, author, 10);
	assert_ok(comments_insert(t->conn, &comment));
	assert_ok(status_refs_find(t->conn, 10, &ref));
	assert_true(ref.post_author.v == author.v && ref.post.v == 10 && ref.comment.v == 0);
	assert_ok(status_refs_find(t->conn, 11, &ref));
	assert_true(ref.post_author.v == author.v && ref.post.v == 10 && ref.comment.v == 11);
	assert_fails(status_refs_find(t->conn, 12, &ref), ERR_MISSING);
}

static err try(struct tables *t, const char *key, int64_t status_id, int64_t at_ms)
{
	struct retry retry = { author, str_of(key), S("hash"), status_id, at_ms };
	return retries_insert(t->conn, &retry);
}

static void a_retry_knows_what_was_sent_until_it_is_deleted(void **state)
{
	struct tables *t = *state;
	bool same;
	struct retry bare = { author, S("bare"), STR_NONE, 9, 1000 };
	assert_ok(retries_insert(t->conn, &bare));
	assert_ok(try(t, "key", 10, 1000));
	assert_ok(retries_same(t->conn, author, S("key"), S("hash"), &same));
	assert_true(same);
	assert_ok(retries_same(t->conn, author, S("key"), S("another"), &same));
	assert_false(same);
	assert_ok(retries_forget_sent(t->conn, author, 10));
	assert_ok(retries_same(t->conn, author, S("key"), S("another"), &same));
	assert_true(same);
}

static void a_retry_finds_what_the_first_try_made_for_a_day(void **state)
{
	const int64_t day = INT64_C(24) * 3600 * 1000;
	struct tables *t = *state;
	int64_t id;
	assert_fails(retries_find(t->conn, author, S("key"), &id), ERR_MISSING);
	assert_ok(try(t, "key", 10, 1000));
	assert_ok(retries_find(t->conn, author, S("key"), &id));
	assert_int_equal(id, 10);
	assert_fails(retries_find(t->conn, other, S("key"), &id), ERR_MISSING);
	assert_fails(try(t, "key", 11, 1001), ERR_CONFLICT);
	assert_ok(try(t, "next", 12, 1000 + day));
	assert_ok(retries_find(t->conn, author, S("key"), &id));
	assert_ok(try(t, "third", 13, 1001 + day));
	assert_fails(retries_find(t->conn, author, S("key"), &id), ERR_MISSING);
	assert_ok(retries_find(t->conn, author, S("next"), &id));
}

static struct media picture(int64_t id, int64_t post, int position)
{
	return (struct media){ .id = { id },
		               .owner = author,
		               .use = post ? MEDIA_POST : MEDIA_UNUSED,
		               .post = { post },
		               .position = position,
		               .about = S("a hill") };
}

static void a_post_comes_back_with_its_pictures_in_their_order(void **state)
{
	struct tables *t = *state;
	struct post post = plain(author, 10, ""), *album, got;
	struct media first = picture(7, 10, 0), second = picture(5, 10, 1),
		     unused = picture(6, 0, 0);
	size_t n;
	post.n_media = 2; /* the rows themselves are the pictures' own */
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(pictures_insert(t->conn, &second));
	assert_ok(pictures_insert(t->conn, &first));
	assert_ok(pictures_insert(t->conn, &unused));
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_int_equal(got.n_media, 2);
	assert_int_equal(got.media[0].id.v, 7);
	assert_int_equal(got.media[1].id.v, 5);
	assert_text(got.media[1].about, "a hill");
	assert_ok(posts_of(t->conn, author, (post_id){ 0 }, (post_id){ 0 }, 9, t->mem, &album, &n));
	assert_true(n == 1 && album[0].n_media == 2 && album[0].media[0].id.v == 7);
}

static void a_deleted_post_leaves_no_picture_of_its_own(void **state)
{
	struct tables *t = *state;
	struct post post = plain(author, 10, "text"), kept = plain(author, 11, "text"), got;
	struct media gone = picture(5, 10, 0), stays = picture(6, 11, 0), unused = picture(7, 0, 0);
	struct media found;
	post.n_media = kept.n_media = 1;
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(posts_insert(t->conn, &kept));
	assert_ok(pictures_insert(t->conn, &gone));
	assert_ok(pictures_insert(t->conn, &stays));
	assert_ok(pictures_insert(t->conn, &unused));
	assert_ok(posts_delete(t->conn, author, (post_id){ 10 }, 99));
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_int_equal(got.n_media, 0);
	assert_fails(pictures_find(t->conn, author, (media_id){ 5 }, t->mem, &found), ERR_MISSING);
	assert_ok(pictures_find(t->conn, author, (media_id){ 6 }, t->mem, &found));
	assert_ok(pictures_find(t->conn, author, (media_id){ 7 }, t->mem, &found));
}

static void a_changed_post_says_something_else_to_the_same_people(void **state)
{
	static const person_id first[] = { { 41 }, { 42 } }, then[] = { { 43 } };
	static const person_id people[] = { { 31 } };
	struct tables *t = *state;
	struct post post = plain(author, 10, "one"), got;
	struct status_ref ref = { author, { 10 }, { 0 } };
	struct version waits = {
		.id = { 77 }, .state = VERSION_WAITS, .measure = { 5 }, .text = S("three")
	};
	post.gate.audience = (struct audience){ .kind = AUDIENCE_ONLY,
		                                .n_people = COUNT(people),
		                                .people = people };
	post.n_mentions = COUNT(first);
	post.mentions = first;
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	got.text = S("two");
	got.place = S("here");
	got.card = (struct card){ S("https://example.org/"), S("t"), S("a") };
	got.edited_at_ms = 5000;
	got.n_mentions = COUNT(then);
	got.mentions = then;
	assert_ok(posts_change(t->conn, &got));
	assert_ok(versions_insert(t->conn, &ref, &waits));
	assert_ok(posts_set_pending(t->conn, author, (post_id){ 10 }, waits.id));
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_text(got.text, "two");
	assert_text(got.place, "here");
	assert_text(got.card.about, "a");
	assert_int_equal(got.edited_at_ms, 5000);
	assert_int_equal(got.n_mentions, 1);
	assert_int_equal(got.mentions[0].v, 43);
	assert_int_equal(got.gate.audience.people[0].v, 31);
	assert_text(got.pending.text, "three");
	assert_int_equal(got.pending.state, VERSION_WAITS);
	assert_int_equal(got.pending.measure.v, 5);
	assert_ok(posts_delete(t->conn, author, (post_id){ 10 }, 9));
	assert_fails(versions_find(t->conn, &ref, waits.id, t->mem, &waits), ERR_MISSING);
	assert_ok(posts_find(t->conn, author, (post_id){ 10 }, t->mem, &got));
	assert_int_equal(got.pending.version.v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_post_comes_back_as_written),
		TABLE_TEST(a_changed_post_says_something_else_to_the_same_people),
		TABLE_TEST(a_post_lies_under_its_author_and_nobody_else),
		TABLE_TEST(delete_erases_all_that_was_said),
		TABLE_TEST(an_album_pages_newest_first_without_the_deleted),
		TABLE_TEST(many_rows_keep_their_own_words),
		TABLE_TEST(a_status_id_leads_to_its_place),
		TABLE_TEST(a_retry_finds_what_the_first_try_made_for_a_day),
		TABLE_TEST(a_retry_knows_what_was_sent_until_it_is_deleted),
		TABLE_TEST(a_post_comes_back_with_its_pictures_in_their_order),
		TABLE_TEST(a_deleted_post_leaves_no_picture_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
