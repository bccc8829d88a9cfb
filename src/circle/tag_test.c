#include "circle/tag.h"

#include "circle/stage_testing.h"

#include "model/limits.h"

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7 });
	for (int i = 3; i < 6; i++)
		stage_befriend(s, 2, i);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static list_id make(int owner, const char *title)
{
	struct list list;
	assert_ok(tag_create(s->c, s->people[owner], str_of(title), s->now_ms, &list));
	return list.id;
}

static err put(int owner, list_id id, int member)
{
	return tag_add(s->c, s->people[owner], id, &s->people[member], 1);
}

static size_t members(int owner, list_id id)
{
	person_id *all;
	size_t n;
	assert_ok(tag_members(s->c, s->people[owner], id, s->mem, &all, &n));
	return n;
}

static int admits(int me, enum audience_kind kind, list_id list)
{
	struct audience audience = { kind, list.v ? 1 : 0, 0, &list, NULL, { 0 }, NULL };
	int count;
	assert_ok(tag_audience_count(s->c, s->people[me], &audience, &count));
	return count;
}

static void a_tag_is_made_renamed_and_deleted(void **state)
{
	list_id id = make(2, " family ");
	struct list *all, found;
	size_t n;
	(void)state;
	assert_ok(tag_find(s->c, s->people[2], id, s->mem, &found));
	assert_text(found.title, "family");
	assert_ok(tag_rename(s->c, s->people[2], id, S("家人")));
	assert_ok(tag_all(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_text(all[0].title, "家人");
	assert_ok(tag_delete(s->c, s->people[2], id));
	assert_fails(tag_find(s->c, s->people[2], id, s->mem, &found), ERR_MISSING);
	assert_fails(tag_rename(s->c, s->people[2], id, S("x")), ERR_MISSING);
	assert_fails(tag_delete(s->c, s->people[2], id), ERR_MISSING);
	assert_fails(put(2, id, 3), ERR_MISSING);
	assert_ok(tag_all(s->c, s->people[2], s->mem, &all, &n));
	assert_int_equal(n, 0);
}

static void a_tag_is_its_owners_alone(void **state)
{
	list_id id = make(2, "family");
	person_id *all;
	struct list found;
	size_t n;
	(void)state;
	assert_ok(put(2, id, 3));
	assert_fails(tag_find(s->c, s->people[3], id, s->mem, &found), ERR_MISSING);
	assert_fails(tag_rename(s->c, s->people[3], id, S("x")), ERR_MISSING);
	assert_fails(tag_delete(s->c, s->people[3], id), ERR_MISSING);
	assert_fails(put(3, id, 2), ERR_MISSING);
	assert_fails(tag_remove(s->c, s->people[3], id, &s->people[3], 1), ERR_MISSING);
	assert_fails(tag_members(s->c, s->people[3], id, s->mem, &all, &n), ERR_MISSING);
	assert_int_equal(members(2, id), 1);
}

static void titles_and_numbers_have_limits(void **state)
{
	struct list list;
	(void)state;
	assert_blames(tag_create(s->c, s->people[2], S(" "), s->now_ms, &list), ERR_INPUT, "title");
	assert_blames(tag_create(s->c, s->people[2], S("a\nb"), s->now_ms, &list), ERR_INPUT,
	              "title");
	assert_blames(tag_create(s->c, s->people[2],
	                         S("1234567890123456789012345678901234567890123456789012345678901"),
	                         s->now_ms, &list),
	              ERR_INPUT, "title");
	for (int i = 0; i < LISTS_MAX; i++)
		make(2, "tag");
	assert_blames(tag_create(s->c, s->people[2], S("one more"), s->now_ms, &list), ERR_LIMIT,
	              "lists");
}

static void only_friends_are_put_in_and_all_or_nobody(void **state)
{
	list_id id = make(2, "family");
	person_id both[] = { s->people[3], s->people[6] };
	(void)state;
	assert_blames(tag_add(s->c, s->people[2], id, both, 2), ERR_INPUT, "account_ids");
	assert_int_equal(members(2, id), 0);
	assert_ok(put(2, id, 3));
	assert_ok(put(2, id, 3)); /* again is fine */
	assert_int_equal(members(2, id), 1);
	assert_ok(tag_remove(s->c, s->people[2], id, both, 2));
	assert_int_equal(members(2, id), 0);
}

static void membership_outlasts_a_friendship_without_effect(void **state)
{
	list_id id = make(2, "family");
	struct list *lists;
	size_t n;
	(void)state;
	assert_ok(put(2, id, 3));
	assert_ok(put(2, id, 4));
	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	assert_int_equal(members(2, id), 1);
	assert_int_equal(admits(2, AUDIENCE_ONLY, id), 1);
	assert_ok(befriend_request(s->c, s->people[2], s->people[3], STR_NONE, s->now_ms, s->mem));
	assert_int_equal(members(2, id), 2);
	assert_ok(tag_of_person(s->c, s->people[2], s->people[3], s->mem, &lists, &n));
	assert_int_equal(n, 1);
	stage_reopen(s);
	assert_int_equal(members(2, id), 2);
}

static void an_audience_is_counted_from_my_own_side(void **state)
{
	list_id id = make(2, "family"), foreign = make(3, "mine");
	struct audience odd = { AUDIENCE_ONLY, 1, 0, &foreign, NULL, { 0 }, NULL };
	int count;
	(void)state;
	assert_ok(put(2, id, 3));
	assert_int_equal(admits(2, AUDIENCE_FRIENDS, (list_id){ 0 }), 3);
	assert_int_equal(admits(2, AUDIENCE_ONLY, id), 1);
	assert_int_equal(admits(2, AUDIENCE_EXCEPT, id), 2);
	assert_int_equal(admits(2, AUDIENCE_SELF, (list_id){ 0 }), 0);
	assert_blames(tag_audience_count(s->c, s->people[2], &odd, &count), ERR_INPUT,
	              "kith_audience");
	assert_ok(befriend_end(s->c, s->people[4], s->people[2])); /* 4 left: 2 is not to know */
	assert_int_equal(admits(2, AUDIENCE_FRIENDS, (list_id){ 0 }), 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tag_is_made_renamed_and_deleted),
		TEST(a_tag_is_its_owners_alone),
		TEST(titles_and_numbers_have_limits),
		TEST(only_friends_are_put_in_and_all_or_nobody),
		TEST(membership_outlasts_a_friendship_without_effect),
		TEST(an_audience_is_counted_from_my_own_side),
	};
	return cmocka_run_group_tests_name("tag", tests, NULL, NULL);
}
