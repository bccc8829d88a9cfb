/* Durable posts a second through store_write, beside what SQLite itself gives on the same disk in the same run.
 *
 *   store_bench [FOLDER] [SECONDS]      (a new folder is made in FOLDER, default /tmp, and removed)
 *
 * The bound: a bare loop in one thread, same schema, same pragmas, same rows, eight posts a commit, nobody to wake.
 * The three take turns, so that a disk or a neighbour that changes its mind changes it for all. */
#include "store/posts.h"
#include "store/store.h"

#include <sqlite3.h>

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define AUTHORS 1000
#define TEXT_BYTES 140
#define BATCH 8
#define ROUNDS 5
#define THREADS_MAX 64

struct result {
	double posts_per_s, cpu_us, p50_ms, p99_ms;
};

struct run {
	struct store *store;
	_Atomic int64_t next_id;
	int64_t until_ns;
};

struct client {
	struct run *run;
	int64_t posts;
	double *waits_ms;
	size_t n_waits, cap;
};

static char text[TEXT_BYTES + 1];

static int64_t clock_ns(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "store_bench: %s: %s\n", what, why ? why : "failed");
	exit(1);
}

/* Spread like people, not like a counter. */
static int64_t author_of(int64_t id)
{
	return (int64_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 40) % AUTHORS + 1;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static err insert(struct conn *tx, void *ctx) { return posts_insert(tx, ctx); }

static void *post_until_over(void *ctx)
{
	struct client *me = ctx;
	for (int64_t began; (began = clock_ns(CLOCK_MONOTONIC)) < me->run->until_ns; me->posts++) {
		int64_t id = atomic_fetch_add(&me->run->next_id, 1);
		struct post post = {
			.gate = { .id = { id }, .author = { author_of(id) }, .created_at_ms = id },
			.text = { text, TEXT_BYTES }
		};
		err e = store_write(me->run->store,
		                    (struct store_job){ .work = insert, .ctx = &post });
		if (failed(e))
			die("store_write", e.why);
		if (me->n_waits < me->cap)
			me->waits_ms[me->n_waits++] = (double)(clock_ns(CLOCK_MONOTONIC) - began) /
			                              1e6;
	}
	return NULL;
}

static struct result through_store(const char *folder, int n_threads, double seconds)
{
	static struct client clients[THREADS_MAX];
	struct store_settings settings = { .folder = folder };
	struct run run = { .next_id = 1 };
	pthread_t threads[THREADS_MAX];
	int64_t began, cpu, posts = 0;
	double *waits = NULL, took_s;
	size_t n = 0;
	err e = store_open(&settings, &run.store);
	if (failed(e))
		die(folder, e.why);
	cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	began = clock_ns(CLOCK_MONOTONIC);
	run.until_ns = began + (int64_t)(seconds * 1e9);
	for (int i = 0; i < n_threads; i++) {
		clients[i] = (struct client){ .run = &run,
			                      .cap = 200000,
			                      .waits_ms = calloc(200000, sizeof(double)) };
		if (!clients[i].waits_ms ||
		    pthread_create(&threads[i], NULL, post_until_over, &clients[i]))
			die("thread", NULL);
	}
	for (int i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	took_s = (double)(clock_ns(CLOCK_MONOTONIC) - began) / 1e9;
	cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	store_close(run.store);
	for (int i = 0; i < n_threads; i++) {
		posts += clients[i].posts;
		waits = realloc(waits, (n + clients[i].n_waits) * sizeof *waits);
		if (!waits)
			die("memory", NULL);
		memcpy(waits + n, clients[i].waits_ms, clients[i].n_waits * sizeof *waits);
		n += clients[i].n_waits;
		free(clients[i].waits_ms);
	}
	qsort(waits, n, sizeof *waits, by_size);
	struct result result = { (double)posts / took_s, (double)cpu / 1e3 / (double)posts,
		                 waits[n / 2], waits[n * 99 / 100] };
	free(waits);
	return result;
}

static void must(sqlite3 *db, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE)
		die("sqlite", sqlite3_errmsg(db));
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;
	must(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL));
	return q;
}

static void run_once(sqlite3 *db, sqlite3_stmt *q)
{
	must(db, sqlite3_step(q));
	must(db, sqlite3_reset(q));
}

struct bare {
	sqlite3 *db;
	sqlite3_stmt *begin, *commit, *post, *ref;
};

static struct bare bare_open(const char *folder)
{
	struct store_settings settings = { .folder = folder };
	struct store *store;
	struct bare b;
	char path[512];
	err e = store_open(&settings, &store); /* for the schema */
	if (failed(e))
		die(folder, e.why);
	store_close(store);
	snprintf(path, sizeof path, "%s/kith.db", folder);
	if (sqlite3_open(path, &b.db) != SQLITE_OK)
		die(path, "cannot be opened");
	must(b.db,
	     sqlite3_exec(
		     b.db,
		     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
		     "PRAGMA wal_autocheckpoint=4000; PRAGMA secure_delete=OFF;"
		     "PRAGMA temp_store=MEMORY;",
		     NULL, NULL, NULL));
	b.begin = prepared(b.db, "BEGIN IMMEDIATE");
	b.commit = prepared(b.db, "COMMIT");
	b.post = prepared(
		b.db,
		"INSERT INTO posts (author_id, post_id, created_at_ms, deleted_at_ms, audience, "
		"n_mentions, language, app, text) VALUES (?1, ?2, ?2, 0, 0, 0, '', '', ?3)");
	b.ref = prepared(b.db,
	                 "INSERT INTO status_refs (status_id, post_author_id, post_id, comment_id) "
	                 "VALUES (?2, ?1, ?2, 0)");
	return b;
}

static void bare_close(struct bare *b)
{
	sqlite3_finalize(b->begin);
	sqlite3_finalize(b->commit);
	sqlite3_finalize(b->post);
	sqlite3_finalize(b->ref);
	sqlite3_close(b->db);
}

static void bare_post(struct bare *b, int64_t id)
{
	sqlite3_bind_int64(b->post, 1, author_of(id));
	sqlite3_bind_int64(b->post, 2, id);
	sqlite3_bind_text(b->post, 3, text, TEXT_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(b->ref, 1, author_of(id));
	sqlite3_bind_int64(b->ref, 2, id);
	run_once(b->db, b->post);
	run_once(b->db, b->ref);
}

static struct result bare_loop(const char *folder, double seconds)
{
	struct bare b = bare_open(folder);
	int64_t began = clock_ns(CLOCK_MONOTONIC), cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), id = 1;
	double took_s;
	while (clock_ns(CLOCK_MONOTONIC) - began < (int64_t)(seconds * 1e9)) {
		run_once(b.db, b.begin);
		for (int i = 0; i < BATCH; i++)
			bare_post(&b, id++);
		run_once(b.db, b.commit);
	}
	took_s = (double)(clock_ns(CLOCK_MONOTONIC) - began) / 1e9;
	cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	bare_close(&b);
	return (struct result){ (double)(id - 1) / took_s, (double)cpu / 1e3 / (double)(id - 1), 0,
		                0 };
}

static void empty(const char *folder)
{
	char path[512];
	DIR *dir = opendir(folder);
	if (!dir)
		die(folder, "cannot be read");
	for (struct dirent *d; (d = readdir(dir));) {
		snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
		unlink(path);
	}
	closedir(dir);
}

static int by_speed(const void *a, const void *b)
{
	return by_size(&((const struct result *)a)->posts_per_s,
	               &((const struct result *)b)->posts_per_s);
}

static struct result median(struct result *results)
{
	qsort(results, ROUNDS, sizeof *results, by_speed);
	return results[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	char folder[256];
	double seconds = argc > 2 ? atof(argv[2]) : 1;
	struct result bare[ROUNDS], eight[ROUNDS], many[ROUNDS], b, e, m;
	memset(text, 'k', TEXT_BYTES);
	snprintf(folder, sizeof folder, "%s/kith-bench-XXXXXX", argc > 1 ? argv[1] : "/tmp");
	if (!mkdtemp(folder))
		die(folder, "cannot be made");
	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = bare_loop(folder, seconds);
		empty(folder);
		eight[i] = through_store(folder, 8, seconds);
		empty(folder);
		many[i] = through_store(folder, 64, seconds);
		empty(folder);
	}
	rmdir(folder);
	b = median(bare);
	e = median(eight);
	m = median(many);
	printf("durable posts through the store, median of %d rounds of %.1f s\n", ROUNDS, seconds);
	printf("%-34s %8.0f posts/s  %6.1f us CPU a post\n", "bare SQLite loop, 8 a commit",
	       b.posts_per_s, b.cpu_us);
	printf("%-34s %8.0f posts/s  %6.1f us CPU a post  p50 %.2f ms  p99 %.2f ms  (%.0f %% of the bare loop; budget 60 %%)\n",
	       "store_write, 8 threads", e.posts_per_s, e.cpu_us, e.p50_ms, e.p99_ms,
	       100 * e.posts_per_s / b.posts_per_s);
	printf("%-34s %8.0f posts/s  %6.1f us CPU a post  p50 %.2f ms  p99 %.2f ms  (budget 5,000 posts/s)\n",
	       "store_write, 64 threads", m.posts_per_s, m.cpu_us, m.p50_ms, m.p99_ms);
	return 0;
}
