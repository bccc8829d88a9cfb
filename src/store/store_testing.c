#include "store/store_testing.h"

#include "store/migrate.h"
#include "store/posts.h"
#include "store_schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char count_of_author[] = "SELECT COUNT(*) FROM posts WHERE author_id = $1";
static const char check_all[] = "PRAGMA integrity_check";

static void make_folder_in(const char *place, char *out)
{
	snprintf(out, 64, "%s/kith-store-XXXXXX", place);
	assert_non_null(mkdtemp(out));
}

void make_folder(char *out) { make_folder_in("/tmp", out); }

void make_quick_folder(char *out)
{
	make_folder_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", out);
}

void remove_folder(const char *folder)
{
	char path[512];
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir));) {
		snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(folder);
}

int tables_set_up(void **state)
{
	struct tables *t = calloc(1, sizeof *t);
	assert_non_null(t);
	make_folder(t->folder);
	snprintf(t->path, sizeof t->path, "%s/kith.db", t->folder);
	t->mem = arena_new(4096);
	assert_ok(driver_open(t->path, CONN_WRITER, &t->conn));
	assert_ok(migrate(t->conn, &(struct migration_plan){ .steps = store_schema,
	                                                     .n = store_schema_count,
	                                                     .path = t->path,
	                                                     .clock = clock_real() }));
	assert_ok(driver_begin(t->conn));
	*state = t;
	return 0;
}

/* A virtual table says SCAN whatever is asked of it, and after the last colon by what it searches. */
static bool walks(str plan)
{
	return str_starts(plan, S("SCAN ")) && !str_eq(plan, S("SCAN CONSTANT ROW")) &&
	       (str_find(plan, S(" VIRTUAL TABLE INDEX ")) == SIZE_MAX || str_ends(plan, S(":")));
}

static void assert_searches(struct tables *t, const char *sql)
{
	str question = str_format(t->mem, "EXPLAIN QUERY PLAN %s", sql);
	struct stmt *q = driver_prepare(t->conn, str_to_c(t->mem, question));
	bool row;
	for (;;) {
		assert_ok(stmt_step(q, &row));
		if (!row)
			return;
		if (walks(stmt_text_borrowed(q, 3)))
			fail_msg("walks a whole table: %s", sql);
	}
}

int tables_tear_down(void **state)
{
	struct tables *t = *state;
	const char *used[256];
	size_t n = driver_statements(t->conn, used, COUNT(used));
	assert_in_range(n, 1, COUNT(used));
	for (size_t i = 0; i < n; i++)
		if (strchr(used[i], '$') && strncmp(used[i], "INSERT", 6) &&
		    strncmp(used[i], "EXPLAIN", 7))
			assert_searches(t, used[i]);
	driver_close(&t->conn);
	arena_free(t->mem);
	remove_folder(t->folder);
	free(t);
	return 0;
}

static err insert_post(struct conn *tx, void *ctx) { return posts_insert(tx, ctx); }

err write_post(struct store *store, int64_t author, int64_t id)
{
	struct post post = { .gate = { .id = { id }, .author = { author }, .created_at_ms = id },
		             .text = S("Acknowledged means committed.") };
	return store_write(store, (struct store_job){ .work = insert_post, .ctx = &post });
}

bool has_post(struct conn *conn, int64_t author, int64_t id)
{
	struct arena *mem = arena_new(1024);
	struct post_gate gate;
	err e = posts_gate(conn, (person_id){ author }, (post_id){ id }, mem, &gate);
	arena_free(mem);
	assert_true(e.code == ERR_NONE || e.code == ERR_MISSING);
	return !failed(e);
}

size_t count_posts(struct conn *conn, int64_t author)
{
	struct stmt *q = driver_prepare(conn, count_of_author);
	int64_t n = 0;
	stmt_bind_i64(q, 1, author);
	assert_ok(stmt_number(q, "no count", &n));
	return (size_t)n;
}

void assert_sound(struct conn *conn)
{
	struct stmt *q = driver_prepare(conn, check_all);
	assert_ok(stmt_one(q, "no answer"));
	assert_text(stmt_text_borrowed(q, 0), "ok");
	stmt_done(q);
}
