#include "store/notices.h"

#include "store/store_testing.h"

static const person_id reader = { 1 };

static struct notice notice_of(int64_t id, person_id whose)
{
	return (struct notice){
		.id = { id },
		.reader = whose,
		.kind = NOTICE_REPLY,
		.actor = { 2 },
		.post_author = { 3 },
		.post = { 4 },
		.comment = { 5 },
		.measure = { 6 },
		.at_ms = 7,
		.group = { 8 },
		.report = { 9 },
		.seat = 10,
	};
}

static void fill(struct tables *t)
{
	for (int64_t i = 1; i <= 9; i++) {
		struct notice mine = notice_of(i * 10, reader),
			      theirs = notice_of(i * 10 + 1, (person_id){ 99 });
		assert_ok(notices_insert(t->conn, &mine));
		assert_ok(notices_insert(t->conn, &theirs));
	}
}

static void a_notice_comes_back_as_written(void **state)
{
	struct tables *t = *state;
	struct notice want = notice_of(10, reader), got;
	assert_ok(notices_insert(t->conn, &want));
	assert_ok(notices_find(t->conn, reader, want.id, &got));
	assert_true(got.id.v == 10 && got.reader.v == 1 && got.kind == NOTICE_REPLY &&
	            got.actor.v == 2);
	assert_true(got.post_author.v == 3 && got.post.v == 4 && got.comment.v == 5);
	assert_true(got.measure.v == 6 && got.at_ms == 7 && got.group.v == 8 && got.report.v == 9);
	assert_int_equal(got.seat, 10);
	assert_fails(notices_find(t->conn, (person_id){ 2 }, want.id, &got), ERR_MISSING);
	assert_fails(notices_insert(t->conn, &want), ERR_CONFLICT);
}

static void a_notice_is_known_by_kind_actor_and_post(void **state)
{
	static const struct {
		const char *name;
		int64_t reader, actor, post, comment;
		enum notice_kind kind;
		bool want;
	} rows[] = {
		{ "the same again", 1, 2, 4, 5, NOTICE_REPLY, true },
		{ "another reader", 99, 2, 4, 5, NOTICE_REPLY, false },
		{ "another actor", 1, 3, 4, 5, NOTICE_REPLY, false },
		{ "another post", 1, 2, 5, 5, NOTICE_REPLY, false },
		{ "another comment of it", 1, 2, 4, 6, NOTICE_REPLY, false },
		{ "another kind", 1, 2, 4, 5, NOTICE_LIKE, false },
	};
	struct tables *t = *state;
	struct notice notice = notice_of(10, reader);
	assert_ok(notices_insert(t->conn, &notice));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct status_ref ref = { { 3 }, { rows[i].post }, { rows[i].comment } };
		bool has;
		assert_ok(notices_has(t->conn, (person_id){ rows[i].reader }, rows[i].kind,
		                      (person_id){ rows[i].actor }, &ref, &has));
		if (has != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

static void notices_page_by_id(void **state)
{
	static const struct {
		const char *name;
		int64_t after, before;
		bool oldest_first;
		int limit;
		size_t n;
		int64_t first, last;
	} rows[] = {
		{ "no bounds give the newest", 0, 0, false, 3, 3, 90, 70 },
		{ "older than one", 0, 70, false, 3, 3, 60, 40 },
		{ "newer than one, newest first", 40, 0, false, 3, 3, 90, 70 },
		{ "just above one, ascending", 40, 0, true, 3, 3, 50, 70 },
		{ "between two, both excluded", 40, 70, false, 9, 2, 60, 50 },
		{ "nothing older than the oldest", 0, 10, false, 3, 0, 0, 0 },
	};
	struct tables *t = *state;
	fill(t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct notice *got;
		size_t n;
		assert_ok(notices_of(t->conn, reader, (notice_id){ rows[i].after },
		                     (notice_id){ rows[i].before }, rows[i].oldest_first,
		                     rows[i].limit, t->mem, &got, &n));
		if (n != rows[i].n ||
		    (n && (got[0].id.v != rows[i].first || got[n - 1].id.v != rows[i].last)))
			fail_msg("%s", rows[i].name);
	}
}

static void a_reader_dismisses_and_clears_their_own(void **state)
{
	struct tables *t = *state;
	struct notice *got;
	size_t n;
	fill(t);
	assert_ok(notices_dismiss(t->conn, reader,
	                          (notice_id){ 21 })); /* another's: nothing happens */
	assert_ok(notices_dismiss(t->conn, reader, (notice_id){ 20 }));
	assert_ok(notices_of(t->conn, reader, (notice_id){ 0 }, (notice_id){ 0 }, false, 99, t->mem,
	                     &got, &n));
	assert_int_equal(n, 8);
	assert_ok(notices_clear(t->conn, reader));
	assert_ok(notices_of(t->conn, reader, (notice_id){ 0 }, (notice_id){ 0 }, false, 99, t->mem,
	                     &got, &n));
	assert_int_equal(n, 0);
	assert_ok(notices_of(t->conn, (person_id){ 99 }, (notice_id){ 0 }, (notice_id){ 0 }, false,
	                     99, t->mem, &got, &n));
	assert_int_equal(n, 9);
}

static void a_marker_counts_its_versions(void **state)
{
	struct tables *t = *state;
	struct marker got;
	assert_fails(markers_find(t->conn, reader, S("home"), &got), ERR_MISSING);
	assert_ok(markers_set(t->conn, reader, S("home"), 100, 5, &got));
	assert_true(got.last_read_id == 100 && got.version == 1 && got.updated_at_ms == 5);
	assert_ok(markers_set(t->conn, reader, S("home"), 90, 6, &got));
	assert_true(got.last_read_id == 90 && got.version == 2 && got.updated_at_ms == 6);
	assert_fails(markers_find(t->conn, reader, S("notifications"), &got), ERR_MISSING);
	assert_ok(markers_find(t->conn, reader, S("home"), &got));
	assert_int_equal(got.version, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_notice_comes_back_as_written),
		TABLE_TEST(a_notice_is_known_by_kind_actor_and_post),
		TABLE_TEST(notices_page_by_id),
		TABLE_TEST(a_reader_dismisses_and_clears_their_own),
		TABLE_TEST(a_marker_counts_its_versions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
