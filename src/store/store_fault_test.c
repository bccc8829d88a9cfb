/* Disks that fail: the n-th write or sync, a full disk, a power cut. Whatever happens, an acknowledged post is there
 * after the next start, a refused one is not seen while the process lives, the file is sound, and the only way out of
 * the process is the deliberate one.
 *
 * Each trial runs in a child; what it was promised comes back by a pipe, which nothing in the child can take back. */
#include "store/store.h"

#include "store/disk_testing.h"
#include "store/posts.h"
#include "store/store_testing.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define AUTHOR 1
#define THREADS 3
#define EACH 8
#define PROMISES (THREADS * EACH + 1)
#define CALLS_MAX 20000
#define EXIT_BROKEN 70 /* what the writer promises */

/* How a child ends when the disk lets it live. */
enum { END_UNHARMED, END_HARMED, END_NOT_OPENED, END_WRONG };

struct promise {
	int64_t id;
	bool kept;
};

struct trial {
	const char *folder;
	struct store *store;
	int pipe;
	bool with_bulk;
};

static void report(const struct trial *trial, int64_t id, bool kept)
{
	struct promise promise = { .id = id, .kept = kept };
	if (write(trial->pipe, &promise, sizeof promise) != sizeof promise)
		abort();
}

struct writer_thread {
	struct trial *trial;
	int64_t first;
};

static void *write_some(void *ctx)
{
	const struct writer_thread *me = ctx;
	for (int64_t i = 0; i < EACH; i++) {
		err e = write_post(me->trial->store, AUTHOR, me->first + i);
		report(me->trial, me->first + i, !failed(e));
	}
	return NULL;
}

/* More than a checkpoint waits for, so that the writer moves the log while the trial runs. */
static err insert_much(struct conn *tx, void *ctx)
{
	static char text[8000];
	err e;
	(void)ctx;
	memset(text, 'x', sizeof text);
	for (int64_t i = 0; i < 2200; i++) {
		struct post post = { .gate = { .id = { 10000 + i }, .author = { AUTHOR } },
			             .text = { text, sizeof text } };
		TRY(posts_insert(tx, &post));
	}
out:
	return e;
}

static void write_all(struct trial *trial)
{
	struct writer_thread threads[THREADS];
	pthread_t handles[THREADS];
	if (trial->with_bulk)
		report(trial, 10000,
		       !failed(store_write_bulk(trial->store,
		                                (struct store_job){ .work = insert_much })));
	for (int i = 0; i < THREADS; i++) {
		threads[i] = (struct writer_thread){ trial, 1 + i * EACH };
		if (pthread_create(&handles[i], NULL, write_some, &threads[i]))
			abort();
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(handles[i], NULL);
}

static int run_child(struct trial *trial, enum harm harm, int at)
{
	struct store_settings settings = { .folder = trial->folder };
	disk_harm(harm, at);
	if (failed(store_open(&settings, &trial->store)))
		return END_NOT_OPENED;
	write_all(trial);
	/* A disk that was full and a process that lives on: soon it goes on as if nothing had been. */
	for (int tries = 0; harm == HARM_FULL && disk_was_harmed(); tries++) {
		if (!failed(write_post(trial->store, AUTHOR, 5000)))
			break;
		if (tries == 10)
			return END_WRONG;
	}
	store_close(trial->store);
	return disk_was_harmed() ? END_HARMED : END_UNHARMED;
}

static size_t read_promises(int pipe, struct promise *out)
{
	size_t n = 0;
	while (n < PROMISES && read(pipe, &out[n], sizeof *out) == sizeof *out)
		n++;
	return n;
}

/* Runs one trial and judges it; returns how the child ended. */
static int judge(const char *folder, enum harm harm, int at, bool with_bulk)
{
	struct promise promises[PROMISES];
	struct store_settings settings = { .folder = folder };
	struct trial trial = { .folder = folder, .with_bulk = with_bulk };
	struct conn *conn;
	int fds[2], status;
	size_t n;
	pid_t child;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		trial.pipe = fds[1];
		_exit(run_child(&trial, harm, at));
	}
	close(fds[1]);
	n = read_promises(fds[0], promises);
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) == END_WRONG)
		fail_msg("harm %d at call %d: child ended with status %d", (int)harm, at, status);
	assert_ok(store_open(&settings, &trial.store));
	assert_ok(store_read(trial.store, &conn));
	for (size_t i = 0; i < n; i++) {
		bool is_there = has_post(conn, AUTHOR, promises[i].id);
		if (promises[i].kept && !is_there)
			fail_msg("harm %d at call %d: post %d was acknowledged and is lost",
			         (int)harm, at, (int)promises[i].id);
		if (!promises[i].kept && is_there && WEXITSTATUS(status) == END_HARMED)
			fail_msg("harm %d at call %d: post %d was refused and is there", (int)harm,
			         at, (int)promises[i].id);
	}
	assert_sound(conn);
	store_read_end(trial.store, &conn);
	store_close(trial.store);
	return WEXITSTATUS(status);
}

/* Every n-th call; all of them when somebody has the time. */
static int stride(int usual) { return getenv("KITH_TEST_EVERY_FAULT") ? 1 : usual; }

/* Moves the blow through the whole life of a store until it comes too late, and counts how the trials ended. */
static void sweep(enum harm harm, int by, bool with_bulk, int ends[256])
{
	memset(ends, 0, 256 * sizeof *ends);
	for (int at = 1; at < CALLS_MAX; at += stride(by)) {
		char folder[64];
		int end;
		make_quick_folder(folder);
		end = judge(folder, harm, at, with_bulk);
		remove_folder(folder);
		ends[end]++;
		if (end == END_UNHARMED)
			return;
	}
	fail_msg("the blow never came too late");
}

/* Each end that happened is in the list of `allowed` ones, and the first of those did happen. */
static void assert_ends(const int ends[256], const int *allowed, size_t n)
{
	for (int end = 0; end < 256; end++) {
		bool is_allowed = false;
		for (size_t i = 0; i < n; i++)
			is_allowed |= allowed[i] == end;
		if (!is_allowed && ends[end])
			fail_msg("%d trials ended with %d", ends[end], end);
	}
	assert_true(ends[allowed[0]] > 0);
}

#define ASSERT_ENDS(ends, ...)                                                                     \
	assert_ends((ends), (const int[]){ __VA_ARGS__ },                                          \
	            sizeof((int[]){ __VA_ARGS__ }) / sizeof(int))

static void a_sync_that_fails_ends_the_process(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_SYNC, 1, false, ends);
	ASSERT_ENDS(ends, EXIT_BROKEN, END_UNHARMED, END_HARMED, END_NOT_OPENED);
}

static void a_sync_that_fails_while_the_log_is_moved_ends_it_too(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_SYNC, 6, true, ends);
	ASSERT_ENDS(ends, EXIT_BROKEN, END_UNHARMED, END_HARMED, END_NOT_OPENED);
}

static void a_write_that_fails_ends_the_process(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_WRITE, 17, false, ends);
	ASSERT_ENDS(ends, EXIT_BROKEN, END_UNHARMED, END_HARMED, END_NOT_OPENED);
}

static void a_full_disk_refuses_and_the_process_lives(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_FULL, 17, false, ends);
	ASSERT_ENDS(ends, END_HARMED, END_UNHARMED, END_NOT_OPENED);
}

static void a_power_cut_takes_nothing_acknowledged(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_POWER, 29, false, ends);
	ASSERT_ENDS(ends, EXIT_POWER_CUT, END_UNHARMED);
}

static void a_power_cut_that_leaves_fragments_takes_nothing_either(void **state)
{
	int ends[256];
	(void)state;
	sweep(HARM_POWER_SOME, 31, false, ends);
	ASSERT_ENDS(ends, EXIT_POWER_CUT, END_UNHARMED);
}

static int fail_to_move_the_log(const char *folder)
{
	struct store_settings settings = { .folder = folder, .readers_only_warm = true };
	struct store *store;
	struct conn *conn = NULL;
	char path[128];
	struct post post = { .gate = { .id = { 1 }, .author = { AUTHOR } } };
	snprintf(path, sizeof path, "%s/kith.db", folder);
	disk_harm(HARM_NONE, 0);
	if (failed(store_open(&settings, &store)))
		return END_NOT_OPENED;
	store_close(store);
	if (failed(driver_open(path, CONN_WRITER, &conn)) || failed(driver_begin(conn)) ||
	    failed(posts_insert(conn, &post)) || failed(driver_commit(conn)))
		return END_WRONG;
	disk_harm(HARM_SYNC, 1);
	return failed(driver_checkpoint(conn, false)) && driver_broken(conn) ? END_HARMED
	                                                                     : END_WRONG;
}

/* After a failed sync the kernel may call the lost pages clean: a second try would succeed and mean nothing. */
static void a_checkpoint_whose_sync_fails_is_never_tried_again(void **state)
{
	char folder[64];
	int status;
	pid_t child;
	(void)state;
	make_folder(folder);
	child = fork();
	if (child == 0)
		_exit(fail_to_move_the_log(folder));
	assert_int_equal(waitpid(child, &status, 0), child);
	remove_folder(folder);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), END_HARMED);
}

/* --- a real small disk --- */

enum { SMALL_FINE, SMALL_WRONG, SMALL_NO_MOUNT = 77 };

static bool write_line(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	return f && fputs(text, f) >= 0 && fclose(f) == 0;
}

/* Root needs no user namespace; others get one in which they are root, where the kernel allows it. */
static bool enter_namespaces(void)
{
	char uids[32], gids[32];
	if (unshare(CLONE_NEWNS) == 0)
		return true;
	snprintf(uids, sizeof uids, "0 %u 1", getuid());
	snprintf(gids, sizeof gids, "0 %u 1", getgid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	       write_line("/proc/self/setgroups", "deny") &&
	       write_line("/proc/self/uid_map", uids) && write_line("/proc/self/gid_map", gids);
}

static bool mount_small(const char *folder)
{
	return enter_namespaces() && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("kith", folder, "tmpfs", 0, "size=3m") == 0;
}

static bool fill(const char *path, size_t bytes)
{
	static char zeros[4096];
	FILE *f = fopen(path, "w");
	bool ok = f != NULL;
	for (size_t i = 0; ok && i < bytes; i += sizeof zeros)
		ok = fwrite(zeros, sizeof zeros, 1, f) == 1;
	return ok && fclose(f) == 0;
}

static int live_on_small_disk(const char *folder)
{
	struct store_settings settings = { .folder = folder };
	struct store *store;
	struct conn *conn;
	char ballast[128];
	int64_t id = 0;
	err e;
	if (!mount_small(folder))
		return SMALL_NO_MOUNT;
	snprintf(ballast, sizeof ballast, "%s/ballast", folder);
	if (!fill(ballast, 1 << 20) || failed(store_open(&settings, &store)))
		return SMALL_WRONG;
	do {
		e = write_post(store, AUTHOR, ++id);
	} while (!failed(e));
	/* Refused in words, reading goes on, and with room again so does writing. */
	if (e.code != ERR_BUSY || id < 20 || failed(store_read(store, &conn)) ||
	    count_posts(conn, AUTHOR) != (size_t)id - 1)
		return SMALL_WRONG;
	store_read_end(store, &conn);
	if (unlink(ballast) || failed(write_post(store, AUTHOR, id)) ||
	    failed(store_read(store, &conn)) || !has_post(conn, AUTHOR, id))
		return SMALL_WRONG;
	assert_sound(conn);
	store_read_end(store, &conn);
	store_close(store);
	return SMALL_FINE;
}

static void a_real_disk_may_fill_up(void **state)
{
	char folder[64];
	int status;
	pid_t child;
	(void)state;
	make_folder(folder);
	child = fork();
	if (child == 0)
		_exit(live_on_small_disk(folder));
	assert_int_equal(waitpid(child, &status, 0), child);
	remove_folder(folder);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SMALL_NO_MOUNT)
		skip(); /* no user namespaces here: HARM_FULL has said the same */
	assert_int_equal(WEXITSTATUS(status), SMALL_FINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sync_that_fails_ends_the_process),
		cmocka_unit_test(a_sync_that_fails_while_the_log_is_moved_ends_it_too),
		cmocka_unit_test(a_checkpoint_whose_sync_fails_is_never_tried_again),
		cmocka_unit_test(a_write_that_fails_ends_the_process),
		cmocka_unit_test(a_full_disk_refuses_and_the_process_lives),
		cmocka_unit_test(a_power_cut_takes_nothing_acknowledged),
		cmocka_unit_test(a_power_cut_that_leaves_fragments_takes_nothing_either),
		cmocka_unit_test(a_real_disk_may_fill_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
