#include "store/migrate.h"

#include "store/store_testing.h"
#include "store_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char add_row[] = "INSERT INTO one (a) VALUES ($1)";
static const char count_rows[] = "SELECT COUNT(*) FROM one";
static const char count_wide[] = "SELECT COUNT(*) FROM one WHERE b = 'x'";
static const char count_versions[] = "SELECT COUNT(*) FROM migrations WHERE at_ms > 0 AND ms >= 0";

#define STEP(file, sql)                                                                            \
	{                                                                                          \
		.name = (file), .bytes = (const unsigned char *)(sql), .n = sizeof(sql) - 1        \
	}

static const struct embedded steps[] = {
	STEP("001_start.sql", "CREATE TABLE one (a BIGINT NOT NULL, PRIMARY KEY (a));"),
	STEP("002_wide.sql", "ALTER TABLE one ADD COLUMN b TEXT NOT NULL DEFAULT 'x';"),
	STEP("010_two.sql", "CREATE TABLE two (a BIGINT NOT NULL, PRIMARY KEY (a));"),
};

struct file {
	char folder[64], path[128];
	struct conn *conn;
};

static int set_up(void **state)
{
	static struct file file;
	make_folder(file.folder);
	snprintf(file.path, sizeof file.path, "%s/kith.db", file.folder);
	assert_ok(driver_open(file.path, CONN_WRITER, &file.conn));
	*state = &file;
	return 0;
}

static int tear_down(void **state)
{
	struct file *file = *state;
	driver_close(&file->conn);
	remove_folder(file->folder);
	return 0;
}

static struct migration_plan plan(const struct file *file, const struct embedded *from, size_t n)
{
	return (struct migration_plan){
		.steps = from, .n = n, .path = file->path, .clock = clock_real()
	};
}

static err run(struct file *file, const struct embedded *from, size_t n)
{
	struct migration_plan p = plan(file, from, n);
	return migrate(file->conn, &p);
}

static int64_t number(struct conn *conn, const char *sql)
{
	int64_t n = -1;
	assert_ok(stmt_number(driver_prepare(conn, sql), "no number", &n));
	return n;
}

static void insert_one(struct conn *conn, int64_t a)
{
	struct stmt *q = driver_prepare(conn, add_row);
	stmt_bind_i64(q, 1, a);
	assert_ok(stmt_run(q));
}

static bool has_backup(const struct file *file, int version)
{
	char path[160];
	snprintf(path, sizeof path, "%s.before-%03d", file->path, version);
	return access(path, F_OK) == 0;
}

static void an_empty_file_gets_every_step_and_no_backup(void **state)
{
	struct file *file = *state;
	assert_ok(run(file, steps, COUNT(steps)));
	assert_int_equal(number(file->conn, count_versions), 3);
	assert_int_equal(number(file->conn, count_rows), 0);
	assert_false(has_backup(file, 1) || has_backup(file, 2) || has_backup(file, 10));
	assert_ok(run(file, steps, COUNT(steps))); /* nothing left to do */
	assert_int_equal(number(file->conn, count_versions), 3);
}

static void the_schema_of_the_program_is_whole(void **state)
{
	struct file *file = *state;
	assert_ok(run(file, store_schema, store_schema_count));
	assert_int_equal(number(file->conn, count_versions), (int64_t)store_schema_count);
	assert_sound(file->conn);
	for (size_t i = 1; i < store_schema_count; i++) /* each above the one before */
		assert_true(strtol(store_schema[i].name, NULL, 10) >
		            strtol(store_schema[i - 1].name, NULL, 10));
}

static void existing_data_is_carried_on_and_backed_up_first(void **state)
{
	struct file *file = *state;
	struct conn *copy = NULL;
	char path[160];
	assert_ok(run(file, steps, 1));
	insert_one(file->conn, 5);
	assert_ok(run(file, steps, COUNT(steps)));
	assert_int_equal(number(file->conn, count_wide), 1);
	assert_false(has_backup(file, 1));
	assert_true(has_backup(file, 2) && has_backup(file, 10));
	snprintf(path, sizeof path, "%s.before-002", file->path);
	assert_ok(driver_open(path, CONN_READER, &copy));
	assert_int_equal(number(copy, count_rows), 1);
	assert_int_equal(number(copy, count_versions), 1);
	driver_close(&copy);
}

static void a_file_from_before_migrations_is_backed_up(void **state)
{
	struct file *file = *state;
	assert_ok(driver_script(file->conn,
	                        "CREATE TABLE early (a BIGINT NOT NULL, PRIMARY KEY (a));"));
	assert_ok(run(file, steps, COUNT(steps)));
	assert_true(has_backup(file, 1));
	assert_int_equal(number(file->conn, count_versions), 3);
}

static void a_step_that_fails_leaves_nothing_and_is_run_again(void **state)
{
	static const struct embedded broken[] = {
		STEP("001_start.sql", "CREATE TABLE one (a BIGINT NOT NULL, PRIMARY KEY (a));"),
		STEP("002_wide.sql",
		     "ALTER TABLE one ADD COLUMN b TEXT NOT NULL DEFAULT 'x'; CREATE TABLE one (;"),
	};
	struct file *file = *state;
	assert_fails(run(file, broken, COUNT(broken)), ERR_SYSTEM);
	assert_false(driver_in_transaction(file->conn));
	assert_int_equal(number(file->conn, count_versions), 1);
	insert_one(file->conn, 5);
	assert_ok(run(file, steps, COUNT(steps)));
	assert_int_equal(number(file->conn, count_wide), 1);
	assert_int_equal(number(file->conn, count_versions), 3);
}

static void a_file_of_a_later_program_is_left_alone(void **state)
{
	struct file *file = *state;
	assert_ok(run(file, steps, COUNT(steps)));
	assert_fails(run(file, steps, 2), ERR_CONFLICT);
	assert_int_equal(number(file->conn, count_versions), 3);
}

static void without_a_backup_nothing_is_changed(void **state)
{
	struct file *file = *state;
	struct migration_plan p = plan(file, steps, COUNT(steps));
	assert_ok(run(file, steps, 1));
	insert_one(file->conn, 5);
	p.path = "/nowhere/at/all/kith.db";
	assert_fails(migrate(file->conn, &p), ERR_SYSTEM);
	assert_int_equal(number(file->conn, count_versions), 1);
}

int main(void)
{
#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		FILE_TEST(an_empty_file_gets_every_step_and_no_backup),
		FILE_TEST(the_schema_of_the_program_is_whole),
		FILE_TEST(existing_data_is_carried_on_and_backed_up_first),
		FILE_TEST(a_file_from_before_migrations_is_backed_up),
		FILE_TEST(a_step_that_fails_leaves_nothing_and_is_run_again),
		FILE_TEST(a_file_of_a_later_program_is_left_alone),
		FILE_TEST(without_a_backup_nothing_is_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
