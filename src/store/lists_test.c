#include "store/lists.h"

#include "store/store_testing.h"

static const person_id owner = { 1 }, other = { 2 };

static void insert(struct tables *t, person_id whose, int64_t id, const char *title)
{
	struct list list = { .id = { id }, .owner = whose, .title = str_of(title) };
	assert_ok(lists_insert(t->conn, &list));
}

static void living_lists_come_by_id_and_are_the_owners(void **state)
{
	struct tables *t = *state;
	struct list *got;
	size_t n;
	int count;
	insert(t, owner, 12, "Family");
	insert(t, owner, 11, "工作");
	insert(t, other, 13, "Mine");
	assert_ok(lists_of(t->conn, owner, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_text(got[0].title, "工作");
	assert_text(got[1].title, "Family");
	assert_int_equal(got[0].owner.v, owner.v);
	assert_ok(lists_count(t->conn, owner, &count));
	assert_int_equal(count, 2);
	assert_fails(lists_find(t->conn, other, (list_id){ 12 }, t->mem, got), ERR_MISSING);
}

static void a_deleted_list_keeps_its_members(void **state)
{
	struct tables *t = *state;
	struct list got, *all;
	person_id *members;
	size_t n;
	int count;
	insert(t, owner, 11, "Family");
	assert_ok(list_members_add(t->conn, owner, (list_id){ 11 }, (person_id){ 5 }));
	assert_fails(lists_delete(t->conn, other, (list_id){ 11 }), ERR_MISSING);
	assert_ok(lists_delete(t->conn, owner, (list_id){ 11 }));
	assert_fails(lists_delete(t->conn, owner, (list_id){ 11 }), ERR_MISSING);
	assert_ok(lists_find(t->conn, owner, (list_id){ 11 }, t->mem, &got));
	assert_true(got.deleted);
	assert_ok(lists_of(t->conn, owner, t->mem, &all, &n));
	assert_int_equal(n, 0);
	assert_ok(lists_count(t->conn, owner, &count));
	assert_int_equal(count, 0);
	assert_ok(list_members_of(t->conn, owner, (list_id){ 11 }, t->mem, &members, &n));
	assert_true(n == 1 && members[0].v == 5);
	assert_fails(lists_rename(t->conn, owner, (list_id){ 11 }, S("New")), ERR_MISSING);
}

static void a_list_is_renamed_by_its_owner_alone(void **state)
{
	struct tables *t = *state;
	struct list got;
	insert(t, owner, 11, "Family");
	assert_fails(lists_rename(t->conn, other, (list_id){ 11 }, S("Theirs")), ERR_MISSING);
	assert_ok(lists_rename(t->conn, owner, (list_id){ 11 }, S("Kin")));
	assert_ok(lists_find(t->conn, owner, (list_id){ 11 }, t->mem, &got));
	assert_text(got.title, "Kin");
}

static void members_come_and_go(void **state)
{
	struct tables *t = *state;
	list_id id = { 11 };
	person_id *members;
	size_t n;
	bool has;
	insert(t, owner, 11, "Family");
	for (int64_t i = 40; i > 0; i--)
		assert_ok(list_members_add(t->conn, owner, id, (person_id){ i }));
	assert_ok(list_members_add(t->conn, owner, id, (person_id){ 40 }));
	assert_ok(list_members_remove(t->conn, owner, id, (person_id){ 1 }));
	assert_ok(list_members_remove(t->conn, owner, id, (person_id){ 1 }));
	assert_ok(list_members_of(t->conn, owner, id, t->mem, &members, &n));
	assert_int_equal(n, 39);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(members[i].v, (int64_t)i + 2);
	assert_ok(list_members_has(t->conn, owner, id, (person_id){ 40 }, &has));
	assert_true(has);
	assert_ok(list_members_has(t->conn, owner, id, (person_id){ 1 }, &has));
	assert_false(has);
	assert_ok(list_members_has(t->conn, other, id, (person_id){ 40 }, &has));
	assert_false(has);
}

struct seen {
	size_t n;
	int64_t a[4], b[4];
};

static err see_list(const struct list *list, void *ctx)
{
	struct seen *seen = ctx;
	seen->a[seen->n] = list->id.v;
	seen->b[seen->n++] = list->deleted;
	return OK;
}

static err see_member(person_id whose, list_id list, person_id member, void *ctx)
{
	struct seen *seen = ctx;
	seen->a[seen->n] = whose.v * 1000 + list.v;
	seen->b[seen->n++] = member.v;
	return seen->n == 4 ? err_busy("enough") : OK;
}

static void each_shows_deleted_lists_and_all_members(void **state)
{
	struct tables *t = *state;
	struct seen seen = { 0 };
	insert(t, owner, 11, "a");
	insert(t, owner, 12, "b");
	assert_ok(lists_delete(t->conn, owner, (list_id){ 11 }));
	assert_ok(lists_each(t->conn, see_list, &seen));
	assert_true(seen.n == 2 && seen.a[0] == 11 && seen.b[0] == 1 && seen.a[1] == 12 &&
	            seen.b[1] == 0);
	seen.n = 0;
	assert_ok(list_members_add(t->conn, owner, (list_id){ 12 }, (person_id){ 6 }));
	assert_ok(list_members_add(t->conn, owner, (list_id){ 11 }, (person_id){ 7 }));
	assert_ok(list_members_each(t->conn, see_member, &seen));
	assert_true(seen.n == 2 && seen.a[0] == 1011 && seen.b[0] == 7 && seen.a[1] == 1012 &&
	            seen.b[1] == 6);
	assert_fails(list_members_each(t->conn, see_member, &seen), ERR_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(living_lists_come_by_id_and_are_the_owners),
		TABLE_TEST(a_deleted_list_keeps_its_members),
		TABLE_TEST(a_list_is_renamed_by_its_owner_alone),
		TABLE_TEST(members_come_and_go),
		TABLE_TEST(each_shows_deleted_lists_and_all_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
