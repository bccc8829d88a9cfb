#include "store/clauses.h"

#include "store/posts.h"
#include "store/store_testing.h"

static const list_id lists[] = { { 31 }, { 32 } };
static const person_id people[] = { { 41 }, { 42 } };

static void insert_post(struct tables *t, struct audience audience)
{
	struct post post = {
		.gate = { .id = { 10 }, .author = { 1 }, .created_at_ms = 5, .audience = audience },
		.text = S("x")
	};
	assert_ok(posts_insert(t->conn, &post));
}

static struct post_gate gate_of(struct tables *t)
{
	struct post_gate gate;
	assert_ok(posts_gate(t->conn, (person_id){ 1 }, (post_id){ 10 }, t->mem, &gate));
	return gate;
}

static void a_narrowed_post_keeps_what_it_had(void **state)
{
	struct tables *t = *state;
	struct audience first = { .kind = AUDIENCE_EXCEPT, .n_lists = 2, .lists = lists };
	struct audience second = {
		.kind = AUDIENCE_EXCEPT, .n_people = 1, .people = people, .also = &first
	};
	struct post_gate gate = { .id = { 10 },
		                  .author = { 1 },
		                  .audience = { .kind = AUDIENCE_ONLY,
		                                .n_people = 1,
		                                .people = people + 1,
		                                .also = &second } };
	insert_post(t, (struct audience){ .kind = AUDIENCE_FRIENDS });
	assert_null(gate_of(t).audience.also);
	assert_ok(posts_set_audience(t->conn, &gate));
	for (int again = 0; again < 2; again++) {
		struct post_gate got = gate_of(t);
		const struct audience *also = got.audience.also;
		assert_int_equal(got.audience.kind, AUDIENCE_ONLY);
		assert_int_equal(got.audience.n_people, 1);
		assert_int_equal(got.audience.people[0].v, 42);
		assert_non_null(also);
		assert_int_equal(also->kind, AUDIENCE_EXCEPT);
		assert_int_equal(also->n_lists, 0);
		assert_int_equal(also->people[0].v, 41);
		also = also->also;
		assert_non_null(also);
		assert_int_equal(also->n_lists, 2);
		assert_int_equal(also->lists[1].v, 32);
		assert_null(also->also);
		assert_ok(posts_set_audience(t->conn, &got)); /* what was read is written again */
	}
}

static void deleting_the_post_takes_them_along(void **state)
{
	struct tables *t = *state;
	struct audience first = { .kind = AUDIENCE_ONLY, .n_lists = 1, .lists = lists };
	const struct audience *left;
	insert_post(t,
	            (struct audience){ .kind = AUDIENCE_EXCEPT, .n_people = 2, .people = people });
	struct post_gate gate = gate_of(t);
	gate.audience.also = &first;
	assert_ok(posts_set_audience(t->conn, &gate));
	assert_ok(posts_delete(t->conn, (person_id){ 1 }, (post_id){ 10 }, 9));
	assert_int_equal(gate_of(t).audience.kind, AUDIENCE_SELF);
	assert_null(gate_of(t).audience.also);
	assert_ok(clauses_of(t->conn, (person_id){ 1 }, (post_id){ 10 }, t->mem, &left));
	assert_null(left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_narrowed_post_keeps_what_it_had),
		TABLE_TEST(deleting_the_post_takes_them_along),
	};
	return cmocka_run_group_tests_name("clauses", tests, NULL, NULL);
}
