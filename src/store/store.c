/* The life of a store: the lock of its folder, the writer, and the pool of readers. */
#include "store/store.h"

#include "store/migrate.h"
#include "store/tombstone_log.h"
#include "store/writer.h"
#include "store_schema.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define PATH_BYTES 4096
#define READERS_MAX 80 /* more than the server has workers: a request holds one, sometimes two */
#define READER_WAIT_S 5

struct store {
	struct log *log;
	int lock_fd;
	char path[PATH_BYTES];
	struct conn *write_conn;
	struct tombstone_log *tombstones;
	struct writer *writer;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t returned;
	struct conn *idle
		[READERS_MAX]; /* the last one back goes out first: its cache is warm, the others stay small */
	size_t n_idle, n_open;
};

/* Every id given out stands in one of these, each first in an index of its own. */
static const char highest_id[] =
	"SELECT MAX(id) FROM (SELECT MAX(person_id) AS id FROM people"
	" UNION ALL SELECT MAX(status_id) FROM status_refs UNION ALL SELECT MAX(measure_id) FROM measure_refs"
	" UNION ALL SELECT MAX(app_id) FROM apps UNION ALL SELECT MAX(notice_id) FROM notices"
	" UNION ALL SELECT MAX(list_id) FROM lists UNION ALL SELECT MAX(session_id) FROM sessions"
	" UNION ALL SELECT MAX(invite_id) FROM invites UNION ALL SELECT MAX(media_id) FROM media_refs"
	" UNION ALL SELECT MAX(passkey_id) FROM passkeys"
	" UNION ALL SELECT MAX(report_id) FROM reports UNION ALL SELECT MAX(complaint_id) FROM complaints"
	" UNION ALL SELECT MAX(appeal_id) FROM appeal_refs"
	" UNION ALL SELECT MAX(seat_id) FROM seats WHERE seat_id <> 0"
	" UNION ALL SELECT MAX(check_id) FROM juror_checks) AS ids";

static const char schema_version[] = "SELECT COALESCE(MAX(version), 0) FROM migrations";
static const char count_people[] = "SELECT COUNT(*) FROM people";
static const char count_posts[] = "SELECT COUNT(*) FROM posts WHERE deleted_at_ms = 0";

/* Half of the old and half of the new lie in a folder whose restore was broken off. */
static err refuse_half(const char *folder)
{
	char path[PATH_BYTES];
	snprintf(path, sizeof path, "%s/" STORE_RESTORING, folder);
	return file_exists(path)
	               ? (err){ .code = ERR_CONFLICT,
		                .why = "a restore was broken off here: run kith restore again" }
	               : OK;
}

/* Held until the store closes or the process ends, however it ends. */
static err lock_folder(struct store *store, const char *folder)
{
	char path[PATH_BYTES];
	if (snprintf(path, sizeof path, "%s/kith.lock", folder) >= (int)sizeof path)
		return err_input("data", "the path of the data folder is too long");
	store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock_fd < 0)
		return err_system("cannot create kith.lock in the data folder");
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	log_event(store->log, LOG_ERROR, "store.locked", LOG_STR("folder", str_of(folder)));
	return err_busy("the data folder is open in another kith; only one may write to it");
}

static err open_all(struct store *store, const struct store_settings *settings)
{
	err e;
	TRY(file_make_folder(settings->folder, 0700));
	TRY(lock_folder(store, settings->folder));
	TRY(refuse_half(settings->folder));
	snprintf(store->path, sizeof store->path, "%s/kith.db", settings->folder);
	TRY(driver_open(store->path, CONN_WRITER, &store->write_conn));
	TRY(migrate(store->write_conn, &(struct migration_plan){
					       .steps = store_schema,
					       .n = store_schema_count,
					       .path = store->path,
					       .log = settings->log,
					       .clock = clock_real(),
				       }));
	TRY(tombstone_log_open(store->write_conn, settings->folder, settings->log,
	                       &store->tombstones));
	if (!settings->readers_only_warm)
		TRY(writer_start(store->write_conn, store->tombstones, settings->log,
		                 &store->writer));
out:
	return e;
}

err store_open(const struct store_settings *settings, struct store **out)
{
	struct store *store = calloc(1, sizeof *store);
	pthread_condattr_t monotonic;
	err e;
	if (!store)
		return err_busy("no memory for the store");
	store->log = settings->log;
	store->lock_fd = -1;
	pthread_mutex_init(&store->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&store->returned, &monotonic);
	pthread_condattr_destroy(&monotonic);
	e = open_all(store, settings);
	if (failed(e))
		store_close(store);
	else
		*out = store;
	return e;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	writer_stop(&store->writer);
	assert(store->n_idle == store->n_open); /* a reader out would be left with a closed store */
	for (size_t i = 0; i < store->n_idle; i++)
		driver_close(&store->idle[i]);
	tombstone_log_close(&store->tombstones);
	driver_close(&store->write_conn);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	pthread_cond_destroy(&store->returned);
	pthread_mutex_destroy(&store->lock);
	free(store);
}

/* An idle reader, or leave to open one (`*out` NULL), or ERR_BUSY when all are out for long. */
static err take_reader(struct store *store, struct conn **out)
{
	struct timespec until;
	err e = OK;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += READER_WAIT_S;
	*out = NULL;
	pthread_mutex_lock(&store->lock);
	while (!store->n_idle && store->n_open == READERS_MAX)
		if (pthread_cond_timedwait(&store->returned, &store->lock, &until))
			break;
	if (store->n_idle)
		*out = store->idle[--store->n_idle];
	else if (store->n_open < READERS_MAX)
		store->n_open++;
	else
		e = err_busy("all readers are in use");
	pthread_mutex_unlock(&store->lock);
	return e;
}

/* Puts a reader back, or closes its place when it is NULL. */
static void put_reader(struct store *store, struct conn *conn)
{
	pthread_mutex_lock(&store->lock);
	if (conn)
		store->idle[store->n_idle++] = conn;
	else
		store->n_open--;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_signal(&store->returned);
}

err store_read(struct store *store, struct conn **out)
{
	struct conn *conn;
	err e = take_reader(store, &conn);
	if (failed(e))
		return e;
	if (!conn)
		TRY(driver_open(store->path, CONN_READER, &conn));
	TRY(driver_begin(conn));
	*out = conn;
	return OK;
out:
	driver_close(&conn);
	put_reader(store, NULL);
	return e;
}

void store_read_end(struct store *store, struct conn **conn)
{
	if (!*conn)
		return;
	driver_rollback(*conn);
	put_reader(store, *conn);
	*conn = NULL;
}

err store_look(const char *path, struct conn **out)
{
	err e;
	TRY(driver_open(path, CONN_READER, out));
	e = driver_begin(*out);
	if (failed(e))
		driver_close(out);
out:
	return e;
}

void store_look_end(struct conn **conn) { driver_close(conn); }

err store_write(struct store *store, struct store_job job)
{
	if (!store->writer)
		return err_denied("the store is open for reading alone");
	return writer_do(store->writer, job, false);
}

err store_write_bulk(struct store *store, struct store_job job)
{
	if (!store->writer)
		return err_denied("the store is open for reading alone");
	return writer_do(store->writer, job, true);
}

err store_copy(struct conn *conn, const char *path) { return driver_backup(conn, path); }

err store_measure(struct conn *conn, struct store_size *out)
{
	err e;
	TRY(stmt_number(driver_prepare(conn, schema_version), "no version", &out->schema));
	TRY(stmt_number(driver_prepare(conn, count_people), "no count", &out->people));
	TRY(stmt_number(driver_prepare(conn, count_posts), "no count", &out->posts));
out:
	return e;
}

err store_highest_id(struct conn *conn, int64_t *out)
{
	return stmt_number(driver_prepare(conn, highest_id), "no ids", out);
}
