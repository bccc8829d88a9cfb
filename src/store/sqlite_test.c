/* The driver's promises, which a second driver will have to keep too. */
#include "store/driver.h"

#include "store/store_testing.h"

#include <stdio.h>
#include <sys/stat.h>

static const char insert_row[] = "INSERT INTO retries (person_id, retry_key, status_id, at_ms) "
				 "VALUES ($3, $1, $4, $2)";
static const char find_row[] =
	"SELECT status_id FROM retries WHERE person_id = $1 AND retry_key = $2";
static const char all_rows[] = "SELECT status_id FROM retries ORDER BY status_id";
static const char bad_sql[] = "INSERT INTO nowhere (x) VALUES ($1)";
static const char savepoint[] = "SAVEPOINT here";
static const char undo[] = "ROLLBACK TO SAVEPOINT here";

static err insert(struct conn *conn, const char *key, int64_t status)
{
	struct stmt *q = driver_prepare(conn, insert_row);
	stmt_bind_text(q, 1, str_of(key));
	stmt_bind_i64(q, 2, 40);
	stmt_bind_i64(q, 3, 7);
	stmt_bind_i64(q, 4, status);
	return stmt_run(q);
}

static err find(struct conn *conn, const char *key, int64_t *status)
{
	struct stmt *q = driver_prepare(conn, find_row);
	stmt_bind_i64(q, 1, 7);
	stmt_bind_text(q, 2, str_of(key));
	return stmt_number(q, "no such row", status);
}

static void parameters_are_bound_by_name(void **state)
{
	struct tables *t = *state;
	int64_t status;
	assert_ok(insert(t->conn, "key", 99)); /* $3 comes first in the text */
	assert_ok(find(t->conn, "key", &status));
	assert_int_equal(status, 99);
	assert_int_equal(driver_changes(t->conn), 1);
}

static void a_bad_statement_fails_when_it_is_run(void **state)
{
	struct tables *t = *state;
	for (int i = 0; i < 2; i++) {
		struct stmt *q = driver_prepare(t->conn, bad_sql);
		bool row = true;
		stmt_bind_i64(q, 1, 5);
		stmt_bind_text(q, 1, S("x"));
		assert_fails(stmt_step(q, &row), ERR_SYSTEM);
		assert_false(row);
		stmt_done(q);
	}
	assert_ok(insert(t->conn, "still works", 1));
	assert_null(driver_broken(t->conn));
}

static void a_broken_constraint_says_nothing_to_a_member(void **state)
{
	struct tables *t = *state;
	err e;
	assert_ok(insert(t->conn, "key", 1));
	e = insert(t->conn, "key", 2);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_null(e.say);
	assert_non_null(e.why);
	assert_true(driver_in_transaction(t->conn));
	assert_null(driver_broken(t->conn));
}

static void a_savepoint_undoes_its_part_alone(void **state)
{
	struct tables *t = *state;
	int64_t status;
	assert_ok(insert(t->conn, "before", 1));
	assert_ok(driver_exec(t->conn, savepoint));
	assert_ok(insert(t->conn, "inside", 2));
	assert_ok(driver_exec(t->conn, undo));
	assert_ok(find(t->conn, "before", &status));
	assert_fails(find(t->conn, "inside", &status), ERR_MISSING);
}

static void a_rollback_forgets_and_a_commit_keeps(void **state)
{
	struct tables *t = *state;
	int64_t status;
	assert_ok(insert(t->conn, "one", 1));
	driver_rollback(t->conn);
	assert_false(driver_in_transaction(t->conn));
	driver_rollback(t->conn); /* nothing open: nothing happens */
	assert_ok(driver_begin(t->conn));
	assert_ok(insert(t->conn, "two", 2));
	assert_ok(driver_commit(t->conn));
	driver_close(&t->conn);
	assert_ok(driver_open(t->path, CONN_WRITER, &t->conn));
	assert_fails(find(t->conn, "one", &status), ERR_MISSING);
	assert_ok(find(t->conn, "two", &status));
}

static void text_and_bytes_come_back_whole(void **state)
{
	static const char whole[] = "SELECT $1, $2, $3";
	static const unsigned char bytes[] = { 0, 255, 0, 1 };
	unsigned char back[4], longer[5] = { 9, 9, 9, 9, 9 };
	struct tables *t = *state;
	struct stmt *q = driver_prepare(t->conn, whole);
	stmt_bind_text(q, 1, (str){ "a\0b", 3 });
	stmt_bind_bytes(q, 2, bytes, sizeof bytes);
	stmt_bind_text(q, 3, STR_NONE);
	assert_ok(stmt_one(q, "no row"));
	assert_true(str_eq(stmt_text(q, 0, t->mem), (str){ "a\0b", 3 }));
	stmt_bytes(q, 1, back, sizeof back);
	assert_memory_equal(back, bytes, sizeof bytes);
	stmt_bytes(q, 1, longer, sizeof longer); /* another size: zeros, never half a hash */
	for (size_t i = 0; i < sizeof longer; i++)
		assert_int_equal(longer[i], 0);
	assert_int_equal(stmt_text(q, 2, t->mem).n, 0);
	stmt_done(q);
}

static void a_statement_can_be_left_and_used_again(void **state)
{
	struct tables *t = *state;
	for (int64_t i = 0; i < 3; i++)
		assert_ok(insert(t->conn, i == 0 ? "a" : i == 1 ? "b" : "c", i));
	for (int i = 0; i < 2; i++) {
		struct stmt *q = driver_prepare(t->conn, all_rows);
		bool row;
		assert_ok(stmt_step(q, &row));
		assert_true(row);
		assert_int_equal(stmt_i64(q, 0), 0);
		stmt_done(q);
		stmt_done(q);
	}
}

static void a_reader_sees_what_was_committed_and_cannot_write(void **state)
{
	struct tables *t = *state;
	struct conn *reader = NULL;
	int64_t status;
	assert_ok(insert(t->conn, "key", 1));
	assert_ok(driver_open(t->path, CONN_READER, &reader));
	assert_fails(find(reader, "key", &status), ERR_MISSING);
	assert_ok(driver_commit(t->conn));
	assert_ok(find(reader, "key", &status));
	assert_fails(insert(reader, "other", 2), ERR_SYSTEM);
	assert_null(driver_broken(reader));
	driver_close(&reader);
	assert_null(reader);
	driver_close(&reader);
}

static void files_are_for_their_owner_alone(void **state)
{
	struct tables *t = *state;
	static const char *const endings[] = { "", "-wal", "-shm" };
	assert_ok(insert(t->conn, "key", 1));
	assert_ok(driver_commit(t->conn));
	for (size_t i = 0; i < COUNT(endings); i++) {
		char path[160];
		struct stat st;
		snprintf(path, sizeof path, "%s%s", t->path, endings[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void a_script_skips_remarks_and_runs_the_rest(void **state)
{
	static const char count[] =
		"SELECT COUNT(*) FROM sqlite_master WHERE tbl_name IN ('one', 'two')";
	struct tables *t = *state;
	int64_t n;
	assert_ok(driver_script(t->conn,
	                        "-- a remark; with a semicolon\n\n"
	                        "CREATE TABLE one (\n\ta BIGINT NOT NULL,\n\tPRIMARY KEY (a)\n);\n"
	                        "-- another\nCREATE INDEX one_a ON one (a);\n\n"
	                        "CREATE TABLE two (b BIGINT NOT NULL, PRIMARY KEY (b))"));
	assert_ok(stmt_number(driver_prepare(t->conn, count), "no count", &n));
	assert_int_equal(n, 3);
	assert_fails(driver_script(t->conn, "CREATE TABLE three (;"), ERR_SYSTEM);
	assert_ok(driver_script(t->conn, ""));
}

static void a_backup_holds_what_was_committed(void **state)
{
	struct tables *t = *state;
	struct conn *copy = NULL;
	char path[160];
	int64_t status;
	struct stat st;
	snprintf(path, sizeof path, "%s.copy", t->path);
	assert_ok(insert(t->conn, "key", 5));
	assert_ok(driver_commit(t->conn));
	assert_ok(driver_backup(t->conn, path));
	assert_ok(driver_backup(t->conn, path)); /* over an older one */
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_ok(driver_open(path, CONN_WRITER, &copy));
	assert_ok(find(copy, "key", &status));
	assert_int_equal(status, 5);
	assert_sound(copy);
	driver_close(&copy);
	assert_fails(driver_backup(t->conn, "/nowhere/at/all"), ERR_SYSTEM);
}

static void a_checkpoint_leaves_an_empty_log(void **state)
{
	struct tables *t = *state;
	char path[160];
	struct stat st;
	int64_t status;
	snprintf(path, sizeof path, "%s-wal", t->path);
	assert_ok(insert(t->conn, "key", 5));
	assert_ok(driver_commit(t->conn));
	assert_true(driver_log_pages(t->conn) > 0);
	assert_ok(driver_checkpoint(t->conn, false));
	assert_ok(driver_checkpoint(t->conn, true));
	assert_int_equal(driver_log_pages(t->conn), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_ok(find(t->conn, "key", &status));
}

static void a_checkpoint_goes_round_a_reader(void **state)
{
	struct tables *t = *state;
	struct conn *reader = NULL;
	int64_t status;
	assert_ok(driver_open(t->path, CONN_READER, &reader));
	assert_ok(driver_begin(reader));
	assert_fails(find(reader, "key", &status), ERR_MISSING);
	assert_ok(insert(t->conn, "key", 5));
	assert_ok(driver_commit(t->conn));
	assert_ok(driver_checkpoint(t->conn, true));
	assert_true(driver_log_pages(t->conn) > 0);
	assert_fails(find(reader, "key", &status), ERR_MISSING); /* its snapshot stands */
	driver_rollback(reader);
	assert_ok(driver_checkpoint(t->conn, true));
	assert_int_equal(driver_log_pages(t->conn), 0);
	driver_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(parameters_are_bound_by_name),
		TABLE_TEST(a_bad_statement_fails_when_it_is_run),
		TABLE_TEST(a_broken_constraint_says_nothing_to_a_member),
		TABLE_TEST(a_savepoint_undoes_its_part_alone),
		TABLE_TEST(a_rollback_forgets_and_a_commit_keeps),
		TABLE_TEST(text_and_bytes_come_back_whole),
		TABLE_TEST(a_statement_can_be_left_and_used_again),
		TABLE_TEST(a_reader_sees_what_was_committed_and_cannot_write),
		TABLE_TEST(files_are_for_their_owner_alone),
		TABLE_TEST(a_script_skips_remarks_and_runs_the_rest),
		TABLE_TEST(a_backup_holds_what_was_committed),
		TABLE_TEST(a_checkpoint_leaves_an_empty_log),
		TABLE_TEST(a_checkpoint_goes_round_a_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
