#include "store/store_testing.h"

#include "store/migrate.h"
#include "store_schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void make_folder(char *out)
{
	snprintf(out, 64, "/tmp/kith-store-XXXXXX");
	assert_non_null(mkdtemp(out));
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

int tables_tear_down(void **state)
{
	struct tables *t = *state;
	driver_close(&t->conn);
	arena_free(t->mem);
	remove_folder(t->folder);
	free(t);
	return 0;
}
