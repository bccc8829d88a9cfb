#include "store/measures_shown.h"

#include "store/measures.h"
#include "store/store_testing.h"

static const person_id author = { 1 }, other = { 2 };
static const post_id post = { 10 };

/* A label of a piece; the rest is each test's. */
static struct measure label(int64_t id, int64_t comment)
{
	return (struct measure){ .id = { id },
		                 .subject = comment ? other : author,
		                 .kind = MEASURE_LABEL,
		                 .post_author = author,
		                 .post = post,
		                 .comment = { comment },
		                 .rule = S("copies.agents"),
		                 .policy = S("p1"),
		                 .evidence = S("{\"score\":0.5}"),
		                 .starts_at_ms = id,
		                 .ends_at_ms = INT64_MAX,
		                 .decision_note = S("") };
}

static void insert(struct tables *t, struct measure m) { assert_ok(measures_insert(t->conn, &m)); }

static void what_is_in_force_comes_by_piece(void **state)
{
	struct tables *t = *state;
	struct measure *got, m;
	size_t n;
	insert(t, label(40, 12));
	insert(t, label(30, 11));
	insert(t, label(50, 0));
	m = label(20, 0);
	m.kind = MEASURE_HOLD;
	m.state = MEASURE_KEPT;
	m.family = 7;
	m.decider = DECIDER_STEWARD;
	insert(t, m);
	assert_ok(measures_shown_on(t->conn, author, post, 10, t->mem, &got, &n));
	assert_int_equal(n, 4);
	assert_true(got[0].id.v == 20 && got[1].id.v == 50 && got[2].id.v == 30 &&
	            got[3].id.v == 40);
	assert_true(got[0].kind == MEASURE_HOLD && got[0].state == MEASURE_KEPT &&
	            got[0].family == 7 && got[0].decider == DECIDER_STEWARD);
	assert_true(got[3].comment.v == 12 && got[3].subject.v == 2 && got[3].starts_at_ms == 40 &&
	            got[3].ends_at_ms == INT64_MAX && got[3].post.v == 10 &&
	            got[3].post_author.v == 1);
	assert_text(got[3].rule, "copies.agents");
	assert_text(got[3].policy, "p1");
	assert_text(got[3].evidence, "{\"score\":0.5}");
	assert_ok(measures_shown_on(t->conn, author, post, 2, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_ok(measures_shown_on(t->conn, other, post, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static void what_is_over_or_on_something_else_does_not(void **state)
{
	static const enum measure_state over[] = { MEASURE_RELEASED, MEASURE_LAPSED,
		                                   MEASURE_OVERTURNED, MEASURE_PROPOSED };
	static const enum measure_kind others[] = { MEASURE_SEAL, MEASURE_NOTICE, MEASURE_FEWER,
		                                    MEASURE_NO_FRIENDS, MEASURE_FREEZE };
	struct tables *t = *state;
	struct measure *got, m;
	int64_t id = 20;
	size_t n;
	for (size_t i = 0; i < sizeof over / sizeof *over; i++) {
		m = label(id++, 0);
		m.state = over[i];
		m.family = 7;
		insert(t, m);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		m = label(id++, 0);
		m.kind = others[i];
		m.family = 7;
		insert(t, m);
	}
	m = label(id++, 0);
	m.version.v = 99; /* of a change that waits */
	m.family = 7;
	insert(t, m);
	assert_ok(measures_shown_on(t->conn, author, post, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(measures_shown_of_family(t->conn, 7, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static void a_family_is_its_copies_in_their_order(void **state)
{
	struct tables *t = *state;
	struct measure *got;
	size_t n;
	for (int64_t id = 25; id >= 20; id--) {
		struct measure m = label(id, 0);
		m.family = id == 23 ? 0 : id == 24 ? 8 : 7;
		m.kind = id == 22 ? MEASURE_HOLD : id == 21 ? MEASURE_FOLD : MEASURE_LABEL;
		m.post.v = id * 10;
		insert(t, m);
	}
	assert_ok(measures_shown_of_family(t->conn, 7, 10, t->mem, &got, &n));
	assert_int_equal(n, 3);
	assert_true(got[0].id.v == 20 && got[1].id.v == 21 && got[2].id.v == 25);
	assert_true(got[1].kind == MEASURE_FOLD && got[1].post.v == 210);
	assert_ok(measures_shown_of_family(t->conn, 7, 2, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_ok(measures_shown_of_family(t->conn, 0, 10, t->mem, &got, &n));
	assert_int_equal(n, 0); /* what is no copy is no family */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(what_is_in_force_comes_by_piece),
		TABLE_TEST(what_is_over_or_on_something_else_does_not),
		TABLE_TEST(a_family_is_its_copies_in_their_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
