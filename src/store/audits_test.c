#include "store/audits.h"

#include "store/store_testing.h"

#include <string.h>

static struct audit_row row_of(struct tables *t, int64_t seq)
{
	struct audit_row row = { .seq = seq, .at_ms = 10 * seq, .kind = S("thing.done") };
	row.record = str_format(t->mem, "thing.done\nseq=%d\n", (int)seq);
	row.hash.b[0] = (unsigned char)seq;
	return row;
}

static void insert_rows(struct tables *t, int n)
{
	unsigned char nodes[2 * MERKLE_BYTES] = { 0 };
	nodes[0] = 1;
	nodes[MERKLE_BYTES] = 2;
	for (int i = 1; i <= n; i++) {
		struct audit_row row = row_of(t, i);
		size_t made = i % 4 == 0 ? 2U : i % 2 == 0 ? 1U : 0U;
		row.nodes = (str){ (const char *)nodes, made * MERKLE_BYTES };
		assert_ok(audits_insert(t->conn, &row));
	}
}

static void the_last_record_is_the_end(void **state)
{
	struct tables *t = *state;
	struct audit_row row;
	assert_ok(audits_last(t->conn, t->mem, &row));
	assert_true(row.seq == 0 && row.hash.b[0] == 0);
	insert_rows(t, 4);
	assert_ok(audits_last(t->conn, t->mem, &row));
	assert_true(row.seq == 4 && row.at_ms == 40 && row.hash.b[0] == 4);
	assert_true(row.nodes.n == (size_t)2 * MERKLE_BYTES);
	assert_text(row.record, "thing.done\nseq=4\n");
	assert_ok(audits_find(t->conn, 2, t->mem, &row));
	assert_true(row.seq == 2);
	assert_fails(audits_find(t->conn, 5, t->mem, &row), ERR_MISSING);
	row = row_of(t, 4);
	assert_true(failed(audits_insert(t->conn, &row)));
}

static void a_node_lies_with_the_last_record_under_it(void **state)
{
	struct tables *t = *state;
	struct merkle_hash node, leaf = merkle_leaf("thing.done\nseq=3\n", 17);
	insert_rows(t, 4);
	assert_ok(audits_node(t->conn, 0, 2, &node));
	assert_true(merkle_equal(&node, &leaf));
	assert_ok(audits_node(t->conn, 1, 0, &node));
	assert_int_equal(node.b[0], 1);
	assert_ok(audits_node(t->conn, 2, 0, &node));
	assert_int_equal(node.b[0], 2);
	assert_fails(audits_node(t->conn, 3, 0, &node), ERR_MISSING);
	assert_fails(audits_node(t->conn, 0, 4, &node), ERR_MISSING);
}

struct counting {
	int n;
	int64_t last, salts, beyond;
};

static err count_step(void *ctx, const struct audit_step *step)
{
	struct counting *c = ctx;
	c->n++;
	for (size_t i = 0; i < step->n; i++)
		c->salts = 100 * c->salts + step->salts[i].person.v;
	c->beyond += !step->row;
	c->last = step->row ? step->row->seq : c->last;
	return c->last == 3 && c->n == 3 ? err_busy("enough") : OK;
}

static void each_goes_in_order_and_may_be_stopped(void **state)
{
	struct tables *t = *state;
	struct counting c = { 0 };
	insert_rows(t, 4);
	assert_fails(audits_each(t->conn, 1, count_step, &c), ERR_BUSY);
	assert_true(c.n == 3 && c.last == 3);
	c = (struct counting){ 0 };
	assert_ok(audits_each(t->conn, 3, count_step, &c));
	assert_true(c.n == 2 && c.last == 4 && c.beyond == 0);
}

static void each_comes_with_its_salts(void **state)
{
	struct tables *t = *state;
	static const int64_t salts[][2] = { { 12, 3 }, { 11, 3 }, { 13, 4 }, { 10, 1 }, { 15, 6 } };
	struct counting c = { 0 };
	insert_rows(t, 2);
	for (size_t i = 0; i < COUNT(salts); i++) {
		struct audit_salt salt = { .person = { salts[i][0] }, .seq = salts[i][1] };
		assert_ok(audit_salts_insert(t->conn, &salt));
	}
	assert_ok(audits_each(t->conn, 1, count_step, &c));
	assert_true(c.n == 3 && c.beyond == 1 && c.last == 2);
	assert_true(c.salts ==
	            101112); /* of what is beyond the end the first record's are enough */
}

static void the_key_is_the_newest_one(void **state)
{
	struct tables *t = *state;
	struct audit_row row = row_of(t, 1);
	assert_fails(audits_key(t->conn, 9, t->mem, &row), ERR_MISSING);
	for (int i = 1; i < 5; i++) {
		row = row_of(t, i);
		row.kind = i < 4 ? S("log.key") : S("other");
		assert_ok(audits_insert(t->conn, &row));
	}
	assert_ok(audits_key(t->conn, INT64_MAX, t->mem, &row));
	assert_true(row.seq == 3);
	assert_ok(audits_key(t->conn, 2, t->mem, &row));
	assert_true(row.seq == 2);
}

static void a_salt_is_given_to_who_is_concerned(void **state)
{
	struct tables *t = *state;
	struct audit_salt salts[] = { { .person = { 7 }, .seq = 1, .concerned = true, .salt = "a" },
		                      { .person = { 8 }, .seq = 1, .salt = "b" },
		                      { .person = { 7 }, .seq = 2, .salt = "c" },
		                      { .person = { 7 }, .seq = 5, .concerned = true } };
	struct audit_salt *got;
	size_t n;
	for (size_t i = 0; i < COUNT(salts); i++)
		assert_ok(audit_salts_insert(t->conn, &salts[i]));
	assert_ok(audit_salts_of(t->conn, (person_id){ 7 }, 0, 10, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_true(got[0].seq == 1 && got[1].seq == 5 && got[0].salt[0] == 'a');
	assert_ok(audit_salts_of(t->conn, (person_id){ 7 }, 1, 10, t->mem, &got, &n));
	assert_int_equal(n, 1);
	assert_ok(audit_salts_of(t->conn, (person_id){ 8 }, 0, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(audit_salts_in(t->conn, 1, t->mem, &got, &n));
	assert_int_equal(n, 2);
	assert_true(got[1].person.v == 8 && !got[1].concerned && got[1].salt[0] == 'b');
}

static struct audit_root root_of(int64_t day, int64_t size, int64_t at_ms)
{
	struct audit_root root = { .day = day, .size = size, .at_ms = at_ms };
	root.root[0] = (unsigned char)day;
	root.signature[63] = (unsigned char)day;
	return root;
}

static err count_root(void *ctx, const struct audit_root *root)
{
	struct counting *c = ctx;
	assert_true(root->size >= c->last);
	c->n++;
	c->last = root->size;
	return OK;
}

/* Day 300 was told by a clock that was wrong for a while. */
static void roots_are_found_by_day_by_size_and_by_time(void **state)
{
	struct tables *t = *state;
	const struct audit_root roots[] = { root_of(3, 64, 400), root_of(4, 128, 500),
		                            root_of(300, 192, 30000), root_of(5, 256, 600) };
	struct audit_root got, *list;
	struct counting c = { 0 };
	size_t n;
	assert_fails(audit_roots_first(t->conn, &got), ERR_MISSING);
	assert_fails(audit_roots_before(t->conn, 999, &got), ERR_MISSING);
	for (size_t i = 0; i < COUNT(roots); i++)
		assert_ok(audit_roots_insert(t->conn, &roots[i]));
	assert_ok(audit_roots_find(t->conn, 4, &got));
	assert_true(got.size == 128 && got.root[0] == 4 && got.signature[63] == 4);
	assert_fails(audit_roots_find(t->conn, 6, &got), ERR_MISSING);
	assert_ok(audit_roots_before(t->conn, 500, &got));
	assert_true(got.day == 3);
	assert_ok(audit_roots_before(t->conn, 700, &got));
	assert_true(got.day == 5);
	assert_ok(audit_roots_before(t->conn, 40000, &got));
	assert_true(got.day == 5);
	assert_fails(audit_roots_before(t->conn, 400, &got), ERR_MISSING);
	assert_ok(audit_roots_first(t->conn, &got));
	assert_true(got.day == 3);
	assert_ok(audit_roots_over(t->conn, 65, &got));
	assert_true(got.day == 4);
	assert_fails(audit_roots_over(t->conn, 257, &got), ERR_MISSING);
	assert_ok(audit_roots_list(t->conn, 300, 2, t->mem, &list, &n));
	assert_true(n == 2 && list[0].day == 5 && list[1].day == 4);
	assert_ok(audit_roots_each(t->conn, count_root, &c));
	assert_int_equal(c.n, 4);
	assert_true(failed(audit_roots_insert(t->conn, &roots[0])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(the_last_record_is_the_end),
		TABLE_TEST(a_node_lies_with_the_last_record_under_it),
		TABLE_TEST(each_goes_in_order_and_may_be_stopped),
		TABLE_TEST(each_comes_with_its_salts),
		TABLE_TEST(the_key_is_the_newest_one),
		TABLE_TEST(a_salt_is_given_to_who_is_concerned),
		TABLE_TEST(roots_are_found_by_day_by_size_and_by_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
