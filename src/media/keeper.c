#include "media/keeper.h"

#include "media/confine.h"
#include "media/develop.h"

#include "base/seam.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

bool keeper_is_called(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], KEEPER_WORD) == 0 && getenv(KEEPER_VARIABLE) != NULL;
}

/* ---- the worker: one picture ---- */

static const struct confine_limits limits = { .cpu_s = DARKROOM_MS / 1000,
	                                      .file_bytes = FILES_MAX_BYTES,
	                                      .data_bytes = WORKER_DATA_MAX_BYTES };

/* A worker without its keeper has nobody to end it. */
static void end_with(pid_t keeper)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != keeper)
		_exit(STEP_FORK);
}

static _Noreturn void work(const struct libraries *lib, const struct errand *errand,
                           const int fds[ERRAND_FDS])
{
	static struct answer answer; /* large for a stack, and zero */
	void *picture = mmap(NULL, errand->bytes, PROT_READ, MAP_PRIVATE, fds[ERRAND_PICTURE], 0);
	close(WIRE_FD);
	if (picture == MAP_FAILED)
		_exit(STEP_LIMITS);
	enum step step = confine(&limits);
	if (step != STEP_NONE)
		_exit((int)step);
	answer.fault = develop(lib, (str){ picture, errand->bytes }, errand->sizes,
	                       fds[ERRAND_FILES], &answer);
	_exit(write(fds[ERRAND_ANSWER], &answer, sizeof answer) == (ssize_t)sizeof answer
	              ? 0
	              : STEP_LIMITS);
}

/* ---- the keeper ---- */

/* Until it ends by itself, its time is over, or the server is gone. */
static struct word wait_for(pid_t worker)
{
	struct word word = { .step = STEP_NONE, .in_time = true };
	int fd = pidfd_open(worker, 0);
	struct clock clock = clock_real();
	int64_t until = clock_mono(clock) + DARKROOM_WALL_MS;
	for (int64_t left = DARKROOM_WALL_MS; word.in_time; left = until - clock_mono(clock)) {
		struct pollfd watched[] = { { fd, POLLIN, 0 },
			                    { WIRE_FD, 0, 0 } }; /* hang-up alone */
		int n = left > 0 ? poll(watched, 2, (int)left) : 0;
		if (n > 0 && watched[0].revents)
			break;
		if (fd < 0 || n == 0 || (n > 0 && watched[1].revents) ||
		    (n < 0 && errno != EINTR)) {
			word.in_time = false;
			kill(worker, SIGKILL);
		}
	}
	close(fd);
	while (waitpid(worker, &word.status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(word.status) && WTERMSIG(word.status) == SIGXCPU)
		word.in_time = false;
	word.unhurt = WIFEXITED(word.status) && WEXITSTATUS(word.status) == 0;
	/* It ends with a step when it could not be confined. */
	if (WIFEXITED(word.status) && WEXITSTATUS(word.status) < STEPS)
		word.step = (uint32_t)WEXITSTATUS(word.status);
	return word;
}

/* fork() copies the calling thread alone: what another held would stay held. */
static bool is_alone(void)
{
	int threads = 0;
	DIR *tasks = opendir("/proc/self/task");
	for (struct dirent *entry; tasks && (entry = readdir(tasks));)
		threads += entry->d_name[0] != '.' ? 1 : 0;
	if (tasks)
		closedir(tasks);
	return threads == 1;
}

static _Noreturn void try_walls(pid_t keeper, int witness)
{
	end_with(keeper);
	enum step step = confine(&limits);
	if (step != STEP_NONE)
		_exit((int)step);
	confine_try(witness);
}

/* The walls, tried on a process that is thrown away: it must bear witness, and then die of them. */
static enum step prove(void)
{
	int witness[2];
	char byte;
	if (pipe2(witness, O_CLOEXEC | O_NONBLOCK) != 0)
		return STEP_FORK;
	pid_t keeper = getpid(), worker = fork();
	if (worker == 0)
		try_walls(keeper, witness[1]);
	struct word word = { .step = STEP_FORK };
	if (worker > 0)
		word = wait_for(worker);
	bool held = worker > 0 && WIFSIGNALED(word.status) && WTERMSIG(word.status) == SIGSYS &&
	            read(witness[0], &byte, 1) == 1;
	close(witness[0]);
	close(witness[1]);
	if (held)
		return STEP_NONE;
	return word.step != STEP_NONE ? (enum step)word.step : STEP_PROOF;
}

static enum step get_ready(struct libraries *lib)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (!libraries_open_vips(lib))
		return STEP_VIPS;
	if (!libraries_open_zbar(lib))
		return STEP_ZBAR;
	return is_alone() ? prove() : STEP_ALONE;
}

static bool say(struct word word)
{
	return send(WIRE_FD, &word, sizeof word, MSG_NOSIGNAL) == (ssize_t)sizeof word;
}

/* False when there is none any more: the server is gone. */
static bool next_errand(struct errand *errand, int fds[ERRAND_FDS])
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * ERRAND_FDS)];
		struct cmsghdr align;
	} control;
	struct iovec part = { errand, sizeof *errand };
	struct msghdr message = { .msg_iov = &part,
		                  .msg_iovlen = 1,
		                  .msg_control = &control,
		                  .msg_controllen = sizeof control };
	if (recvmsg(WIRE_FD, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *errand)
		return false;
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_len != CMSG_LEN(sizeof(int) * ERRAND_FDS))
		return false;
	memcpy(fds, CMSG_DATA(head), sizeof(int) * ERRAND_FDS);
	return true;
}

void keeper_main(void)
{
	struct libraries lib;
	struct errand errand;
	int fds[ERRAND_FDS];
	pid_t keeper = getpid();
	struct word ready = { .step = get_ready(&lib) };
	bool going = say(ready) && ready.step == STEP_NONE;
	while (going && next_errand(&errand, fds)) {
		pid_t worker = fork();
		if (worker == 0) {
			end_with(keeper);
			work(&lib, &errand, fds);
		}
		for (int i = 0; i < ERRAND_FDS; i++)
			close(fds[i]);
		going = say(worker > 0 ? wait_for(worker) : (struct word){ .step = STEP_FORK });
	}
	_exit(0);
}
