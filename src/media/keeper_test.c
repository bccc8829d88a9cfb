/* The processes of the darkroom: that they are confined, that they may die, and machines that cannot have them. */
#include "media/keeper.h"

#include "media/darkroom.h"
#include "media/draw_testing.h"
#include "media/room_testing.h"

#include <errno.h>
#include <pthread.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct darkroom *room;
static struct arena *mem;

static int setup(void **state)
{
	(void)state;
	mem = arena_new((size_t)1 << 20);
	room = room_testing_open();
	return room ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	darkroom_close(&room);
	arena_free(mem);
	return 0;
}

static err develop(str picture, bool sizes, struct print *out)
{
	return room_testing_develop(room, picture, sizes, mem, out);
}

/* ---- processes that go away ---- */

static struct print good;

static str good_picture(void)
{
	return draw((struct drawing){ .format = CLAIM_JPEG, .width = 640, .height = 480 }, mem);
}

static void keep_a_good_one(void)
{
	if (good.width == 0)
		assert_false(failed(develop(good_picture(), true, &good)));
}

static void a_good_one_still_works(void)
{
	struct print print;
	assert_false(failed(develop(good_picture(), true, &print)));
	assert_memory_equal(print.pdq, good.pdq, PDQ_BYTES);
	assert_int_equal(lseek(print.fd, 0, SEEK_END), lseek(good.fd, 0, SEEK_END));
	close(print.fd);
}

/* The only child of a process; 0 when it has none. */
static pid_t child_of(pid_t parent)
{
	char path[64], line[64] = "";
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
	FILE *f = fopen(path, "r");
	if (f && !fgets(line, sizeof line, f))
		line[0] = 0;
	if (f)
		fclose(f);
	return (pid_t)strtol(line, NULL, 10);
}

/* Clock ticks of its own that a process has used. */
static long ticks_of(pid_t pid)
{
	char path[64];
	long user = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (f && fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld", &user) != 1)
		user = 0;
	if (f)
		fclose(f);
	return user;
}

/* Catches the worker that has a picture in hand: one that still builds its walls has used no time to speak of. */
#define IN_HAND_TICKS 5

static pid_t catch_worker(void)
{
	for (int i = 0; i < 20000; i++) {
		pid_t keeper = child_of(getpid()), worker = keeper ? child_of(keeper) : 0;
		if (worker && ticks_of(worker) >= IN_HAND_TICKS)
			return worker;
		usleep(1000);
	}
	return 0;
}

/* Long enough in hand to be caught; drawn once. */
static str slow_picture(void)
{
	static str drawn;
	if (drawn.n == 0)
		drawn = draw(
			(struct drawing){ .format = CLAIM_JPEG, .width = 5000, .height = 4000 },
			mem);
	return drawn;
}

struct job {
	str picture;
	err e;
};

static void *develop_slowly(void *arg)
{
	struct job *job = arg;
	struct arena *own = arena_new(65536);
	struct print print;
	job->e = room_testing_develop(room, job->picture, true, own, &print);
	if (!failed(job->e))
		close(print.fd);
	arena_free(own);
	return NULL;
}

static err develop_and(int signal, bool at_the_keeper)
{
	struct job job = { .picture = slow_picture() };
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, develop_slowly, &job), 0);
	pid_t worker = catch_worker();
	assert_true(worker > 0);
	assert_int_equal(kill(at_the_keeper ? child_of(getpid()) : worker, signal), 0);
	pthread_join(thread, NULL);
	return job.e;
}

static void a_worker_that_dies_costs_its_picture(void **state)
{
	(void)state;
	keep_a_good_one();
	err e = develop_and(SIGTRAP, false); /* SIGSEGV would be the sanitizer's */
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.say, "This picture could not be read.");
	a_good_one_still_works();
}

static void a_keeper_that_dies_costs_nothing(void **state)
{
	(void)state;
	keep_a_good_one();
	assert_false(failed(develop_and(SIGKILL, true)));
	a_good_one_still_works();
}

static void a_worker_that_stands_still_is_ended(void **state)
{
	struct timespec from, to;
	(void)state;
	keep_a_good_one();
	clock_gettime(CLOCK_MONOTONIC, &from);
	err e = develop_and(SIGSTOP, false);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.say, "This picture could not be read in time.");
	assert_true(to.tv_sec - from.tv_sec >= DARKROOM_WALL_MS / 1000 - 1);
	a_good_one_still_works();
}

static void a_keeper_without_work_is_let_go(void **state)
{
	(void)state;
	keep_a_good_one();
	darkroom_rest(room);
	assert_true(child_of(getpid()) > 0);
	darkroom_rest(room);
	assert_int_equal(child_of(getpid()), 0);
	a_good_one_still_works();
	assert_true(child_of(getpid()) > 0);
}

static void callers_wait_in_line(void **state)
{
	struct job jobs[8];
	pthread_t threads[8];
	(void)state;
	for (size_t i = 0; i < 8; i++) {
		jobs[i].picture = good_picture();
		assert_int_equal(pthread_create(&threads[i], NULL, develop_slowly, &jobs[i]), 0);
	}
	for (size_t i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		assert_false(failed(jobs[i].e));
	}
}

/* What the kernel says of a process; false when it is gone. */
static bool read_status(pid_t pid, char *status, size_t max)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(status, 1, max - 1, f) : 0;
	status[n] = 0;
	if (f)
		fclose(f);
	return n > 0;
}

static void a_worker_is_confined(void **state)
{
	static const char *const lines[] = { "NoNewPrivs:\t1\n", "CapEff:\t0000000000000000\n",
		                             "CapPrm:\t0000000000000000\n" };
	char status[4096];
	struct job job = { .picture = slow_picture() };
	pthread_t thread;
	bool there;
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, develop_slowly, &job), 0);
	pid_t worker = catch_worker();
	do /* it confines itself first of all */
		there = read_status(worker, status, sizeof status);
	while (there && !strstr(status, "Seccomp:\t2\n"));
	pthread_join(thread, NULL);
	assert_true(there);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_non_null(strstr(status, lines[i]));
	assert_false(failed(job.e));
}

/* ---- machines that cannot confine ---- */

/* Opens a darkroom where the kernel refuses one call; what it says comes through the pipe. */
static _Noreturn void open_without(int call, uint32_t action, int out)
{
	struct darkroom *none;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (!filter || seccomp_rule_add(filter, action, call, 0) != 0 || seccomp_load(filter) != 0)
		_exit(1);
	err e = darkroom_open(NULL, &none);
	const char *say = failed(e) ? e.say : "opened";
	_exit(none == NULL && e.code == ERR_SYSTEM && write(out, say, strlen(say)) > 0 ? 0 : 1);
}

static void a_wall_that_cannot_be_set_up_is_told(void **state)
{
	static const struct {
		const char *name;
		int call;
		uint32_t action;
		const char *word; /* in the sentence */
	} cases[] = {
		{ "no Landlock", SCMP_SYS(landlock_create_ruleset), SCMP_ACT_ERRNO(ENOSYS),
		  "Landlock" },
		{ "Landlock that confines nobody", SCMP_SYS(landlock_restrict_self),
		  SCMP_ACT_ERRNO(ENOSYS), "Landlock" },
		{ "privileges that stay", SCMP_SYS(capset), SCMP_ACT_ERRNO(ENOSYS), "privileges" },
		{ "no filter of calls", SCMP_SYS(seccomp), SCMP_ACT_ERRNO(ENOSYS), "seccomp" },
		{ "somebody's filter that kills for Landlock", SCMP_SYS(landlock_create_ruleset),
		  SCMP_ACT_KILL_PROCESS, "could not be seen" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char said[256] = "";
		int ends[2], status;
		if (cases[i].call == SCMP_SYS(capset) && geteuid() != 0)
			continue; /* nothing to give up */
		print_message("# %s\n", cases[i].name);
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		if (child == 0)
			open_without(cases[i].call, cases[i].action, ends[1]);
		close(ends[1]);
		assert_true(read(ends[0], said, sizeof said - 1) > 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		close(ends[0]);
		assert_non_null(strstr(said, cases[i].word));
	}
}

static void no_darkroom_is_started_in_one(void **state)
{
	struct darkroom *inner;
	(void)state;
	setenv("KITH_DARKROOM", "1", 1);
	err e = darkroom_open(NULL, &inner);
	unsetenv("KITH_DARKROOM");
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_non_null(e.say);
	assert_null(inner);
}

int main(int argc, char **argv)
{
	room_testing_begin(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_that_dies_costs_its_picture),
		cmocka_unit_test(a_keeper_that_dies_costs_nothing),
		cmocka_unit_test(a_worker_that_stands_still_is_ended),
		cmocka_unit_test(a_keeper_without_work_is_let_go),
		cmocka_unit_test(callers_wait_in_line),
		cmocka_unit_test(a_worker_is_confined),
		cmocka_unit_test(a_wall_that_cannot_be_set_up_is_told),
		cmocka_unit_test(no_darkroom_is_started_in_one),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
