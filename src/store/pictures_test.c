#include "store/pictures.h"

#include "model/limits.h"
#include "store/store_testing.h"

#include <string.h>

static const person_id owner = { 1 }, other = { 2 };

static struct media plain(person_id by, int64_t id)
{
	struct media m = { .id = { id },
		           .owner = by,
		           .width = 640,
		           .height = 480,
		           .blurhash = S("LEHV6nWB2yk8pyo0adR*.7kCMdnj"),
		           .about = S("Tee \xE8\x8C\xB6"),
		           .pdq_quality = 88,
		           .qr = S("https://one.example\nhttps://two.example"),
		           .created_at_ms = 1000 + id };
	memset(m.content, (int)id, sizeof m.content);
	memset(m.pdq, (int)id + 1, sizeof m.pdq);
	return m;
}

static void insert(struct tables *t, person_id by, int64_t id)
{
	struct media m = plain(by, id);
	assert_ok(pictures_insert(t->conn, &m));
}

static struct media find(struct tables *t, person_id by, int64_t id)
{
	struct media m;
	assert_ok(pictures_find(t->conn, by, (media_id){ id }, t->mem, &m));
	return m;
}

static void a_picture_comes_back_as_written(void **state)
{
	struct tables *t = *state;
	struct media want = plain(owner, 10), got;
	want.use = MEDIA_POST;
	want.post = (post_id){ 77 };
	want.position = 3;
	assert_ok(pictures_insert(t->conn, &want));
	got = find(t, owner, 10);
	assert_int_equal(got.use, MEDIA_POST);
	assert_int_equal(got.post.v, 77);
	assert_int_equal(got.position, 3);
	assert_memory_equal(got.content, want.content, sizeof want.content);
	assert_memory_equal(got.pdq, want.pdq, sizeof want.pdq);
	assert_true(got.width == 640 && got.height == 480 && got.pdq_quality == 88);
	assert_true(str_eq(got.blurhash, want.blurhash) && str_eq(got.about, want.about) &&
	            str_eq(got.qr, want.qr));
	assert_int_equal(got.created_at_ms, 1010);
}

static void a_picture_lies_under_its_owner_and_nobody_else(void **state)
{
	struct tables *t = *state;
	struct media m;
	person_id who;
	insert(t, owner, 10);
	assert_fails(pictures_find(t->conn, other, (media_id){ 10 }, t->mem, &m), ERR_MISSING);
	assert_fails(pictures_set_about(t->conn, other, (media_id){ 10 }, S("mine")), ERR_MISSING);
	assert_fails(
		pictures_use_for(t->conn, other, (media_id){ 10 }, MEDIA_AVATAR, (post_id){ 0 }, 0),
		ERR_MISSING);
	assert_ok(pictures_delete(t->conn, other, (media_id){ 10 }));
	assert_int_equal(find(t, owner, 10).use, MEDIA_UNUSED);
	assert_ok(pictures_owner(t->conn, (media_id){ 10 }, &who));
	assert_int_equal(who.v, owner.v);
	assert_fails(pictures_owner(t->conn, (media_id){ 11 }, &who), ERR_MISSING);
}

static void a_use_and_words_are_changed_in_place(void **state)
{
	struct tables *t = *state;
	struct media m;
	insert(t, owner, 10);
	assert_ok(
		pictures_use_for(t->conn, owner, (media_id){ 10 }, MEDIA_POST, (post_id){ 5 }, 2));
	assert_ok(pictures_set_about(t->conn, owner, (media_id){ 10 }, S("a kite")));
	m = find(t, owner, 10);
	assert_true(m.use == MEDIA_POST && m.post.v == 5 && m.position == 2);
	assert_text(m.about, "a kite");
}

static void a_deleted_picture_leaves_its_id_behind(void **state)
{
	struct tables *t = *state;
	struct media m;
	person_id who;
	insert(t, owner, 10);
	assert_ok(pictures_delete(t->conn, owner, (media_id){ 10 }));
	assert_ok(pictures_delete(t->conn, owner, (media_id){ 10 }));
	assert_fails(pictures_find(t->conn, owner, (media_id){ 10 }, t->mem, &m), ERR_MISSING);
	assert_ok(pictures_owner(t->conn, (media_id){ 10 }, &who));
	m = plain(owner, 10);
	assert_fails(pictures_insert(t->conn, &m), ERR_CONFLICT);
}

static void the_same_bytes_have_a_row_for_each_who_brought_them(void **state)
{
	struct tables *t = *state;
	struct media a = plain(owner, 10), b = plain(other, 11);
	bool has;
	memcpy(b.content, a.content, sizeof b.content);
	assert_ok(pictures_has_content(t->conn, a.content, &has));
	assert_false(has);
	assert_ok(pictures_insert(t->conn, &a));
	assert_ok(pictures_insert(t->conn, &b));
	assert_ok(pictures_delete(t->conn, other, (media_id){ 11 }));
	assert_ok(pictures_has_content(t->conn, a.content, &has));
	assert_true(has);
	assert_ok(pictures_delete(t->conn, owner, (media_id){ 10 }));
	assert_ok(pictures_has_content(t->conn, a.content, &has));
	assert_false(has);
}

static void what_lies_about_is_counted_and_found_when_its_time_is_over(void **state)
{
	struct tables *t = *state;
	struct media *old;
	size_t n;
	int count;
	for (int64_t id = 10; id < 15; id++)
		insert(t, owner, id);
	insert(t, other, 20);
	assert_ok(
		pictures_use_for(t->conn, owner, (media_id){ 11 }, MEDIA_COVER, (post_id){ 0 }, 0));
	assert_ok(pictures_count_unused(t->conn, owner, &count));
	assert_int_equal(count, 4);
	assert_ok(pictures_expired(t->conn, 1013, 9, t->mem, &old, &n));
	assert_int_equal(n, 2); /* 10 and 12: 11 is in use, 13 was made at that very instant */
	assert_true(old[0].id.v == 10 && old[1].id.v == 12);
	assert_ok(pictures_expired(t->conn, 2000, 2, t->mem, &old, &n));
	assert_int_equal(n, 2);
}

static void all_of_one_person_come_by_id(void **state)
{
	struct tables *t = *state;
	struct media *all;
	size_t n;
	for (int64_t id = 10; id < 14; id++)
		insert(t, owner, id);
	insert(t, other, 12 + 100);
	assert_ok(pictures_of(t->conn, owner, (media_id){ 0 }, 3, t->mem, &all, &n));
	assert_true(n == 3 && all[0].id.v == 10 && all[2].id.v == 12);
	assert_ok(pictures_of(t->conn, owner, all[2].id, 3, t->mem, &all, &n));
	assert_true(n == 1 && all[0].id.v == 13);
}

static void no_post_has_more_than_its_share(void **state)
{
	struct tables *t = *state;
	struct media *all;
	size_t n;
	for (int64_t id = 10; id < 10 + MEDIA_MAX + 1; id++) {
		struct media m = plain(owner, id);
		m.use = MEDIA_POST;
		m.post = (post_id){ 5 };
		m.position = 100 - (int)id;
		assert_ok(pictures_insert(t->conn, &m));
	}
	assert_ok(pictures_of_post(t->conn, owner, (post_id){ 5 }, t->mem, &all, &n));
	assert_int_equal(n, MEDIA_MAX);
	assert_int_equal(all[0].id.v, 10 + MEDIA_MAX); /* by position, not by id */
	insert(t, owner, 90);
	assert_ok(pictures_of_post(t->conn, owner, (post_id){ 0 }, t->mem, &all, &n));
	assert_int_equal(n, 0); /* what is unused is nobody's */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_picture_comes_back_as_written),
		TABLE_TEST(a_picture_lies_under_its_owner_and_nobody_else),
		TABLE_TEST(a_use_and_words_are_changed_in_place),
		TABLE_TEST(a_deleted_picture_leaves_its_id_behind),
		TABLE_TEST(the_same_bytes_have_a_row_for_each_who_brought_them),
		TABLE_TEST(what_lies_about_is_counted_and_found_when_its_time_is_over),
		TABLE_TEST(all_of_one_person_come_by_id),
		TABLE_TEST(no_post_has_more_than_its_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
