/* What was broken in a store is found. */
#include "store/checks.h"

#include "store/place_testing.h"

static err exec_all(struct conn *tx, const char *const *ways, size_t n)
{
	err e = OK;
	for (size_t i = 0; i < n; i++)
		TRY(driver_exec(tx, ways[i]));
out:
	return e;
}

static err break_measures(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 30",
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 31",
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 34",
		"UPDATE measures SET ends_at_ms = 9223372036854775807 WHERE measure_id = 33",
		"UPDATE measures SET state = 4, due_at_ms = 0 WHERE measure_id = 32",
		"UPDATE people SET status = 2 WHERE handle_key = 'cleo'",
		"UPDATE measures SET subject_id = 103 WHERE measure_id = 33",
	};
	(void)ctx;
	return exec_all(tx, ways, COUNT(ways));
}

/* three clocks, a sealed person without a seal, a measure that has no end, lies on one who left and is not where its directory says */
static void broken_measures_are_found(void **state)
{
	struct place *p = *state;
	place_write(p, place_life);
	place_write(p, place_measures);
	place_write(p, break_measures);
	assert_int_equal(place_faults(p), 7);
}

static err break_appeals(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"DELETE FROM appeal_refs WHERE appeal_id = 50",
		"UPDATE appeals SET measure_id = 99 WHERE appeal_id = 51",
		"UPDATE appeals SET way = 0 WHERE appeal_id = 50",
		"UPDATE appeals SET list_hash = x'01' WHERE appeal_id = 51",
		"UPDATE seats SET place = 2 WHERE appeal_id = 51 AND place = 1",
		"UPDATE people SET status = 2 WHERE handle_key = 'anna'",
	};
	(void)ctx;
	return exec_all(tx, ways, COUNT(ways));
}

/* each of these, ben who is asked to judge what is a steward's now, and four measures on one who left */
static void broken_appeals_are_found(void **state)
{
	struct place *p = *state;
	place_write(p, place_life);
	place_write(p, place_measures);
	place_write(p, place_appeals);
	assert_int_equal(place_faults(p), 0);
	place_write(p, break_appeals);
	assert_int_equal(place_faults(p), 11);
}

static err break_rows(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"UPDATE posts SET n_media = 4",
		"DELETE FROM handles WHERE handle_key = 'ben'",
		"DELETE FROM status_refs WHERE status_id = 3",
		"INSERT INTO likes VALUES (7, 8, 9, 10)",
		"INSERT INTO group_members VALUES (77, 101, 2, 0, 0)",
		"UPDATE people SET status = 2 WHERE handle_key = 'ben'",
		"UPDATE posts SET deleted_at_ms = 5 WHERE post_id = 2",
	};
	(void)ctx;
	return exec_all(tx, ways, COUNT(ways));
}

static void broken_rows_are_found(void **state)
{
	struct place *p = *state;
	place_write(p, place_life);
	place_write(p, break_rows);
	/* two posts count wrongly, ben's handle, what opens the log to him who is erased now, a comment's row, a like and a member of nothing, words and a comment of what is deleted */
	assert_int_equal(place_faults(p), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(broken_measures_are_found),
		PLACE_TEST(broken_appeals_are_found),
		PLACE_TEST(broken_rows_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
