#include "media/darkroom.h"

#include "media/keeper.h"
#include "media/answer.h"

#include "model/limits.h"

#include "base/seam.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_MS 20000                    /* a keeper on a machine that has much else to do */
#define WORD_MS (DARKROOM_WALL_MS + 5000) /* the keeper ends a picture before */

struct darkroom {
	struct log *log; /* the opener's */
	pthread_mutex_t lock;
	pid_t keeper; /* 0: none */
	bool worked;  /* since darkroom_rest last asked */
	int wire;
};

static const char *const step_sentences[STEPS] = {
	[STEP_NONE] = "",
	[STEP_VIPS] =
		"pictures cannot be opened: libvips (libvips42) is not here or does not start",
	[STEP_ZBAR] = "pictures cannot be opened: zbar (libzbar0) is not here",
	[STEP_ALONE] =
		"pictures cannot be opened safely: a library made a thread before its time, or /proc is not mounted",
	[STEP_PRIVILEGES] =
		"pictures cannot be opened safely: the child could not give up its privileges",
	[STEP_LANDLOCK] =
		"pictures cannot be opened safely: this kernel has no Landlock (Linux 5.13, and landlock among its lsm=)",
	[STEP_LIMITS] = "pictures cannot be opened safely: the child's limits could not be set",
	[STEP_SECCOMP] = "pictures cannot be opened safely: this kernel refuses a seccomp filter",
	[STEP_PROOF] =
		"pictures cannot be opened safely: the child could not be seen to be held (a filter of the service it runs in?)",
	[STEP_FORK] = "pictures cannot be opened: no process could be made for them",
};

#define SENTENCE_UNREADABLE "This picture could not be read."
#define SENTENCE_LATE "This picture could not be read in time."
#define SENTENCE_LARGE "A picture may have at most 20 MB."

static const char *const fault_sentences[FAULTS] = {
	[FAULT_NONE] = "",
	[FAULT_FORMAT] = "Only JPEG, PNG and WebP pictures can be read.",
	[FAULT_CUT] = "This picture is damaged or cut short.",
	[FAULT_PIXELS] = "A picture may have at most 50 megapixels.",
	[FAULT_SIDE] = "A picture may have at most 30,000 pixels a side.",
	[FAULT_CLAIM] = "This picture claims more than its file can hold.",
	[FAULT_MOVING] = "Moving pictures cannot be shown here; a still one can.",
	[FAULT_SPACE] = "This picture is too detailed to be kept.",
};

static err err_file(const char *say) { return err_input("file", say); }
static err err_step(enum step step)
{
	const char *say = step_sentences[step];
	return (err){ ERR_SYSTEM, say, NULL, say };
}

/* ---- the keeper: started, heard, ended ---- */

static int spawn_keeper(int wire, pid_t *pid)
{
	char *argv[] = { "kith", KEEPER_WORD, NULL };
	/* Nothing of the server's environment. VIPSHOME: no modules (ImageMagick, poppler). NOVECTOR: no code made at run time. DISC: large
	 * pictures in memory, for there are no files. */
	char *environment[] = { KEEPER_VARIABLE "=1", "VIPSHOME=/nonexistent",
		                "VIPS_NOVECTOR=1",    "VIPS_DISC_THRESHOLD=4g",
		                "LC_ALL=C.UTF-8",     NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	posix_spawn_file_actions_adddup2(&files, wire, WIRE_FD);
	for (int fd = 0; fd < WIRE_FD; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_addclosefrom_np(&files, WIRE_FD + 1);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	/* A session of its own: a Ctrl-C for the server lets the picture at hand be finished. */
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
	                                       POSIX_SPAWN_SETSID);
	int failure = posix_spawn(pid, "/proc/self/exe", &files, &how, argv, environment);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return failure;
}

static bool keeper_start(struct darkroom *room)
{
	int ends[2];
	if (getenv(KEEPER_VARIABLE)) /* a program that does not ask keeper_is_called first would start itself without end */
		return false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	bool started = spawn_keeper(ends[1], &room->keeper) == 0;
	close(ends[1]);
	if (started)
		room->wire = ends[0];
	else
		close(ends[0]);
	room->keeper = started ? room->keeper : 0;
	room->worked = true;
	return started;
}

static void keeper_end(struct darkroom *room)
{
	if (room->keeper == 0)
		return;
	close(room->wire);
	kill(room->keeper, SIGKILL); /* its worker dies with it */
	while (waitpid(room->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	room->keeper = 0;
}

static bool hear(struct darkroom *room, int64_t wait_ms, struct word *word)
{
	struct clock clock = clock_real();
	int64_t until = clock_mono(clock) + wait_ms, left = wait_ms;
	struct pollfd watched = { room->wire, POLLIN, 0 };
	int n;
	while ((n = poll(&watched, 1, (int)left)) < 0 && errno == EINTR) {
		left = until - clock_mono(clock);
		left = left > 0 ? left : 0;
	}
	return n == 1 && recv(room->wire, word, sizeof *word, 0) == (ssize_t)sizeof *word &&
	       word->step < STEPS;
}

static bool send_errand(const struct darkroom *room, const struct errand *errand,
                        const int fds[ERRAND_FDS])
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * ERRAND_FDS)];
		struct cmsghdr align;
	} control = { { 0 } };
	struct errand copy = *errand;
	struct iovec part = { &copy, sizeof copy };
	struct msghdr message = { .msg_iov = &part,
		                  .msg_iovlen = 1,
		                  .msg_control = &control,
		                  .msg_controllen = sizeof control };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int) * ERRAND_FDS);
	memcpy(CMSG_DATA(head), fds, sizeof(int) * ERRAND_FDS);
	return sendmsg(room->wire, &message, MSG_NOSIGNAL) == (ssize_t)sizeof copy;
}

/* Its first word. */
static err keeper_ready(struct darkroom *room)
{
	struct word word;
	if (room->keeper == 0)
		return err_step(STEP_FORK);
	if (!hear(room, READY_MS, &word))
		word.step = STEP_FORK;
	if (word.step == STEP_NONE)
		return OK;
	keeper_end(room);
	return err_step((enum step)word.step);
}

err darkroom_start(struct log *log, struct darkroom **out)
{
	struct darkroom *room = calloc(1, sizeof *room);
	*out = NULL;
	if (!room)
		return err_system("no memory for the darkroom");
	room->log = log;
	pthread_mutex_init(&room->lock, NULL);
	(void)keeper_start(room); /* darkroom_ready tells */
	*out = room;
	return OK;
}

err darkroom_ready(struct darkroom *room)
{
	pthread_mutex_lock(&room->lock);
	err e = keeper_ready(room);
	pthread_mutex_unlock(&room->lock);
	return e;
}

err darkroom_open(struct log *log, struct darkroom **out)
{
	err e;
	TRY(darkroom_start(log, out));
	TRY(darkroom_ready(*out));
out:
	if (failed(e))
		darkroom_close(out);
	return e;
}

void darkroom_close(struct darkroom **room)
{
	if (!*room)
		return;
	keeper_end(*room);
	pthread_mutex_destroy(&(*room)->lock);
	free(*room);
	*room = NULL;
}

void darkroom_rest(struct darkroom *room)
{
	if (pthread_mutex_trylock(&room->lock) != 0)
		return; /* it has a picture in hand */
	if (!room->worked)
		keeper_end(room);
	room->worked = false;
	pthread_mutex_unlock(&room->lock);
}

/* ---- one picture: what goes in, and a stranger's answer ---- */

/* What a picture needs beside the keeper; closed with it. */
struct tray {
	int fds[ERRAND_FDS];
	int answer; /* the reading end of ERRAND_ANSWER */
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void tray_close(struct tray *tray)
{
	for (int i = 0; i < ERRAND_FDS; i++)
		shut(&tray->fds[i]);
	shut(&tray->answer);
}

/* A copy nobody can write to any more: neither the child in the caller's file, nor the caller under the child's hands. */
static err copy_sealed(int from, size_t bytes, int *out)
{
	int fd = memfd_create("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t done = 0;
	err e = OK;
	if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0) {
		shut(&fd);
		return err_busy("no memory for a picture");
	}
	char *to = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	while (to != MAP_FAILED && done < bytes) {
		ssize_t n = pread(from, to + done, bytes - done, (off_t)done);
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	if (to != MAP_FAILED)
		munmap(to, bytes);
	if (done < bytes)
		e = err_system("a picture's file could not be read");
	else if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) !=
	         0)
		e = err_system("a picture could not be sealed");
	if (failed(e))
		shut(&fd);
	*out = fd;
	return e;
}

static err tray_open(int from, size_t bytes, struct tray *tray)
{
	int ends[2];
	*tray = (struct tray){ { -1, -1, -1 }, -1 };
	err e = copy_sealed(from, bytes, &tray->fds[ERRAND_PICTURE]);
	if (failed(e))
		return e;
	tray->fds[ERRAND_FILES] = memfd_create("prints", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (tray->fds[ERRAND_FILES] < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_busy("no descriptors for a picture");
	tray->answer = ends[0];
	tray->fds[ERRAND_ANSWER] = ends[1];
	return OK;
}

/* A keeper may have been let go, or have been ended by somebody: a second is called, with nothing on the tray of what the first one's
 * worker may have begun; a third is not. */
static err run_errand(struct darkroom *room, const struct errand *errand, int from,
                      struct tray *tray, struct word *word)
{
	err e = OK;
	for (int try = 0; try < 2; try++) {
		if (room->keeper == 0) {
			(void)keeper_start(room);
			e = keeper_ready(room);
			if (failed(e))
				return err_busy(e.why);
		}
		tray_close(tray);
		TRY(tray_open(from, errand->bytes, tray));
		room->worked = true;
		if (send_errand(room, errand, tray->fds) && hear(room, WORD_MS, word))
			return word->step == STEP_NONE ? OK : err_busy(step_sentences[word->step]);
		keeper_end(room);
	}
	e = err_busy("the darkroom's keeper does not answer");
out:
	return e;
}

/* Judged as they lie, and sealed so that they stay as they were judged. */
static bool answer_stands(const struct answer *answer, bool sizes, int fd)
{
	struct stat st;
	if (!sizes)
		return answer_holds(answer, false, STR_NONE);
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0 ||
	    fstat(fd, &st) != 0 || st.st_size <= 0 || (size_t)st.st_size > FILES_MAX_BYTES)
		return false;
	size_t n = (size_t)st.st_size;
	char *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	bool holds = p != MAP_FAILED && answer_holds(answer, true, (str){ p, n });
	if (p != MAP_FAILED)
		munmap(p, n);
	return holds;
}

/* After the worker has ended: the pipe holds all it will ever hold. */
static err read_answer(struct darkroom *room, const struct word *word, bool sizes,
                       const struct tray *tray, struct answer *answer)
{
	bool whole = word->unhurt &&
	             read(tray->answer, answer, sizeof *answer) == (ssize_t)sizeof *answer;
	if (!whole)
		log_event(room->log, LOG_WARN, "darkroom.lost", LOG_I64("status", word->status),
		          LOG_STR("in_time", word->in_time ? S("yes") : S("no")));
	if (!word->in_time)
		return err_file(SENTENCE_LATE);
	if (!whole)
		return err_file(SENTENCE_UNREADABLE);
	if (answer->fault != FAULT_NONE && answer->fault < FAULTS)
		return err_file(fault_sentences[answer->fault]);
	if (answer->fault != FAULT_NONE || !answer_stands(answer, sizes, tray->fds[ERRAND_FILES])) {
		log_event(room->log, LOG_ERROR, "darkroom.untrue", LOG_I64("fault", answer->fault));
		return err_file(SENTENCE_UNREADABLE);
	}
	return OK;
}

static void print_of(const struct answer *answer, bool sizes, struct arena *mem, struct print *out)
{
	size_t from = 0;
	*out = (struct print){ .width = answer->width,
		               .height = answer->height,
		               .pdq_quality = answer->pdq_quality,
		               .fd = -1 };
	memcpy(out->pdq, answer->pdq, sizeof out->pdq);
	out->blurhash = str_dup(mem, (str){ answer->blurhash, sizes ? BLURHASH_BYTES : 0 });
	out->qr = str_dup(mem, (str){ answer->qr, answer->qr_bytes });
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS; f++) {
			const struct answer_file *file = &answer->files[s][f];
			out->files[s][f] = (struct print_file){ file->width, file->height, from,
				                                file->bytes };
			from += file->bytes;
		}
}

err darkroom_develop(struct darkroom *room, int fd, size_t bytes, bool sizes, struct arena *mem,
                     struct print *out)
{
	const struct errand errand = { bytes, sizes };
	struct tray tray = { { -1, -1, -1 }, -1 };
	struct word word;
	struct answer *answer = arena_room(mem, sizeof *answer);
	err e;
	*out = (struct print){ .fd = -1 };
	if (bytes == 0)
		return err_file(fault_sentences[FAULT_FORMAT]);
	if (bytes > MEDIA_MAX_BYTES)
		return err_file(SENTENCE_LARGE);
	pthread_mutex_lock(&room->lock);
	TRY(run_errand(room, &errand, fd, &tray, &word));
	TRY(read_answer(room, &word, sizes, &tray, answer));
	print_of(answer, sizes, mem, out);
	if (sizes) {
		out->fd = tray.fds[ERRAND_FILES];
		tray.fds[ERRAND_FILES] = -1;
	}
out:
	pthread_mutex_unlock(&room->lock);
	tray_close(&tray);
	return e;
}
