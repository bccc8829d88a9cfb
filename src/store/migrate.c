#include "store/migrate.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_BYTES 4096

static const char create_migrations[] =
	"CREATE TABLE IF NOT EXISTS migrations ("
	"version INTEGER NOT NULL, at_ms BIGINT NOT NULL, ms BIGINT NOT NULL, "
	"PRIMARY KEY (version))";
static const char find_version[] = "SELECT COALESCE(MAX(version), 0) FROM migrations";
static const char insert_version[] =
	"INSERT INTO migrations (version, at_ms, ms) VALUES ($1, $2, $3)";

static int64_t version_of(const struct embedded *step) { return strtol(step->name, NULL, 10); }

/* The copy's name must survive a power cut as well as its bytes. */
static err sync_folder(const char *path)
{
	char folder[PATH_BYTES];
	int fd, failure;
	snprintf(folder, sizeof folder, "%s", path);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_system("cannot open the data folder");
	failure = fsync(fd);
	close(fd);
	return failure ? err_system("cannot sync the data folder") : OK;
}

static err back_up(struct conn *conn, const struct migration_plan *plan, int64_t version)
{
	char path[PATH_BYTES];
	err e;
	if (snprintf(path, sizeof path, "%s.before-%03d", plan->path, (int)version) >=
	    (int)sizeof path)
		return err_input("data", "the path of the data folder is too long");
	TRY(driver_backup(conn, path));
	TRY(sync_folder(path));
	log_event(plan->log, LOG_INFO, "store.backup", LOG_STR("path", str_of(path)));
out:
	return e;
}

static err run(struct conn *conn, const struct migration_plan *plan, const struct embedded *step)
{
	int64_t began = clock_mono(plan->clock), version = version_of(step), ms;
	struct stmt *q;
	err e;
	TRY(driver_begin(conn));
	TRY(driver_script(conn, (const char *)step->bytes));
	ms = clock_mono(plan->clock) - began;
	q = driver_prepare(conn, insert_version);
	stmt_bind_i64(q, 1, version);
	stmt_bind_i64(q, 2, clock_now(plan->clock));
	stmt_bind_i64(q, 3, ms);
	TRY(stmt_run(q));
	TRY(driver_commit(conn));
	log_event(plan->log, LOG_INFO, "store.migrated", LOG_STR("step", str_of(step->name)),
	          LOG_I64("ms", ms));
out:
	driver_rollback(conn);
	return e;
}

err migrate(struct conn *conn, const struct migration_plan *plan)
{
	bool is_empty;
	int64_t have;
	err e;
	TRY(driver_is_empty(conn, &is_empty));
	TRY(driver_script(conn, create_migrations));
	TRY(stmt_number(driver_prepare(conn, find_version), "no version", &have));
	if (plan->n && have > version_of(&plan->steps[plan->n - 1])) {
		e = (err){ .code = ERR_CONFLICT,
			   .why = "the database was written by a later version of kith" };
		goto out;
	}
	for (size_t i = 0; i < plan->n; i++) {
		int64_t version = version_of(&plan->steps[i]);
		if (version <= have)
			continue;
		if (!is_empty)
			TRY(back_up(conn, plan, version));
		TRY(run(conn, plan, &plan->steps[i]));
	}
out:
	return e;
}
