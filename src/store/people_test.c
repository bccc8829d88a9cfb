#include "store/people.h"

#include "store/store_testing.h"

static struct person person_called(int64_t id, const char *handle)
{
	return (struct person){
		.id = { id },
		.handle = str_of(handle),
		.display_name = S("Näme 名字"),
		.note = S("a note"),
		.role = ROLE_STEWARD,
		.status = PERSON_ACTIVE,
		.range = RANGE_MONTH,
		.created_at_ms = 1700000000123,
		.invited_by = { 7 },
		.invite = { 8 },
		.demo = true,
		.second_factor = true,
		.second_factor_from_ms = 1700000000456,
	};
}

static void assert_same(const struct person *got, const struct person *want)
{
	assert_int_equal(got->id.v, want->id.v);
	assert_true(str_eq(got->handle, want->handle));
	assert_true(str_eq(got->display_name, want->display_name));
	assert_true(str_eq(got->note, want->note));
	assert_int_equal(got->role, want->role);
	assert_int_equal(got->status, want->status);
	assert_int_equal(got->range, want->range);
	assert_int_equal(got->created_at_ms, want->created_at_ms);
	assert_int_equal(got->invited_by.v, want->invited_by.v);
	assert_int_equal(got->invite.v, want->invite.v);
	assert_true(got->demo == want->demo && got->second_factor == want->second_factor);
	assert_int_equal(got->second_factor_from_ms, want->second_factor_from_ms);
}

static void a_person_comes_back_as_written(void **state)
{
	struct tables *t = *state;
	struct person want = person_called(5, "Anna"), got;
	assert_ok(people_insert(t->conn, &want, S("anna"), S("$argon2id$x")));
	assert_ok(people_find(t->conn, want.id, t->mem, &got));
	assert_same(&got, &want);
	assert_ok(people_find_by_key(t->conn, S("anna"), t->mem, &got));
	assert_same(&got, &want);
}

static void nobody_is_found_under_another_name(void **state)
{
	struct tables *t = *state;
	struct person p = person_called(5, "Anna");
	assert_ok(people_insert(t->conn, &p, S("anna"), STR_NONE));
	assert_fails(people_find(t->conn, (person_id){ 6 }, t->mem, &p), ERR_MISSING);
	assert_fails(people_find_by_key(t->conn, S("Anna"), t->mem, &p), ERR_MISSING);
	assert_fails(people_find_by_key(t->conn, S(""), t->mem, &p), ERR_MISSING);
}

static void a_taken_handle_is_a_conflict_that_names_the_field(void **state)
{
	struct tables *t = *state;
	struct person a = person_called(5, "Anna"), b = person_called(6, "ANNA");
	err e;
	assert_ok(people_insert(t->conn, &a, S("anna"), STR_NONE));
	e = people_insert(t->conn, &b, S("anna"), STR_NONE);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_string_equal(e.field, "handle");
	assert_non_null(e.say);
	assert_fails(people_find(t->conn, b.id, t->mem, &b), ERR_MISSING);
}

static void an_update_changes_what_it_says_and_nothing_else(void **state)
{
	struct tables *t = *state;
	struct person want = person_called(5, "Anna"), change, got;
	assert_ok(people_insert(t->conn, &want, S("anna"), STR_NONE));
	change = want;
	change.handle = S("Other");
	change.created_at_ms = 1;
	change.display_name = want.display_name = S("New");
	change.note = want.note = S("");
	change.role = want.role = ROLE_KEEPER;
	change.status = want.status = PERSON_SEALED;
	change.range = want.range = RANGE_3_DAYS;
	change.second_factor = want.second_factor = false;
	change.second_factor_from_ms = want.second_factor_from_ms = 2;
	assert_ok(people_update(t->conn, &change));
	assert_ok(people_find(t->conn, want.id, t->mem, &got));
	assert_same(&got, &want);
	change.id.v = 99;
	assert_fails(people_update(t->conn, &change), ERR_MISSING);
}

static void a_password_is_there_when_one_was_set(void **state)
{
	struct tables *t = *state;
	struct person a = person_called(5, "a"), b = person_called(6, "b");
	str hash;
	assert_ok(people_insert(t->conn, &a, S("a"), S("first")));
	assert_ok(people_insert(t->conn, &b, S("b"), STR_NONE));
	assert_ok(people_password(t->conn, a.id, t->mem, &hash));
	assert_text(hash, "first");
	assert_fails(people_password(t->conn, b.id, t->mem, &hash), ERR_MISSING);
	assert_ok(people_set_password(t->conn, a.id, S("second")));
	assert_ok(people_set_password(t->conn, b.id, S("third")));
	assert_ok(people_password(t->conn, a.id, t->mem, &hash));
	assert_text(hash, "second");
	assert_ok(people_password(t->conn, b.id, t->mem, &hash));
	assert_text(hash, "third");
}

struct seen {
	int n, stop_after;
	int64_t ids[4];
};

static err see_person(const struct person *person, str handle_key, void *ctx)
{
	struct seen *seen = ctx;
	assert_true(str_eq_ascii_nocase(handle_key, person->handle));
	seen->ids[seen->n++] = person->id.v;
	return seen->n == seen->stop_after ? err_busy("enough") : OK;
}

static void each_calls_for_everyone_by_id_until_an_error(void **state)
{
	struct tables *t = *state;
	struct person a = person_called(9, "A"), b = person_called(5, "B");
	struct seen all = { 0 }, one = { .stop_after = 1 };
	assert_ok(people_insert(t->conn, &a, S("a"), STR_NONE));
	assert_ok(people_insert(t->conn, &b, S("b"), STR_NONE));
	assert_ok(people_each(t->conn, see_person, &all));
	assert_int_equal(all.n, 2);
	assert_int_equal(all.ids[0], 5);
	assert_int_equal(all.ids[1], 9);
	assert_fails(people_each(t->conn, see_person, &one), ERR_BUSY);
	assert_int_equal(one.n, 1);
	all.n = 0;
	assert_ok(people_each(t->conn, see_person, &all)); /* a stopped walk can be walked again */
	assert_int_equal(all.n, 2);
}

static void text_is_data_and_never_sql(void **state)
{
	struct tables *t = *state;
	struct person want = person_called(5, "x'); DROP TABLE people; --"), got;
	assert_ok(people_insert(t->conn, &want, want.handle, STR_NONE));
	assert_ok(people_find_by_key(t->conn, want.handle, t->mem, &got));
	assert_same(&got, &want);
}

static void those_of_a_role_are_active_and_by_id(void **state)
{
	struct tables *t = *state;
	static const char *const names[] = { "a", "b", "c", "d" };
	person_id *got;
	size_t n;
	for (int i = 0; i < 4; i++) {
		struct person p = person_called(9 - i, names[i]);
		p.role = i == 3 ? ROLE_KEEPER : ROLE_STEWARD;
		p.status = i == 1 ? PERSON_SEALED : PERSON_ACTIVE;
		assert_ok(people_insert(t->conn, &p, p.handle, STR_NONE));
	}
	assert_ok(people_of_role(t->conn, ROLE_STEWARD, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_true(got[0].v == 7 && got[1].v == 9);
	assert_ok(people_of_role(t->conn, ROLE_KEEPER, t->mem, &got, &n));
	assert_true(n == 1 && got[0].v == 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_person_comes_back_as_written),
		TABLE_TEST(nobody_is_found_under_another_name),
		TABLE_TEST(a_taken_handle_is_a_conflict_that_names_the_field),
		TABLE_TEST(an_update_changes_what_it_says_and_nothing_else),
		TABLE_TEST(a_password_is_there_when_one_was_set),
		TABLE_TEST(each_calls_for_everyone_by_id_until_an_error),
		TABLE_TEST(those_of_a_role_are_active_and_by_id),
		TABLE_TEST(text_is_data_and_never_sql),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
