/* Commands for a running server. The caller's own files travel with the request, so a password on standard input or
 * a gigabyte of lines never passes through a second protocol. */
#include "cmd/control.h"

#include "cmd/shell.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WORDS_MAX_BYTES (64 * 1024)
#define WORDS_MAX 64
#define AT_ONCE 4

struct control {
	struct circle *circle;
	const char *url; /* borrowed from serve's settings */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int listener, wake[2];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t fewer;
	int running;
};

struct control_call {
	struct control *control;
	int peer, files[3];
	char words[WORDS_MAX_BYTES];
	size_t n;
};

static err socket_path(const char *folder, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int n = snprintf(address->sun_path, sizeof address->sun_path, "%s/control.sock", folder);
	if (n < 0 || (size_t)n >= sizeof address->sun_path)
		return err_input("data",
		                 "the data directory's path is too long for a control socket");
	return OK;
}

/* ---- caller ---- */

static bool send_call(int peer, const char *words, size_t n, const int files[3])
{
	union {
		char room[CMSG_SPACE(3 * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)words, .iov_len = n };
	struct msghdr message = { .msg_iov = &part,
		                  .msg_iovlen = 1,
		                  .msg_control = control.room,
		                  .msg_controllen = sizeof control.room };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(3 * sizeof(int));
	memcpy(CMSG_DATA(head), files, 3 * sizeof(int));
	return sendmsg(peer, &message, MSG_NOSIGNAL) == (ssize_t)n;
}

int control_call(const char *folder, int argc, char **argv, int in)
{
	struct sockaddr_un address;
	if (failed(socket_path(folder, &address)))
		return -1;
	int peer = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (peer < 0 || connect(peer, (struct sockaddr *)&address, sizeof address) != 0) {
		if (peer >= 0)
			close(peer);
		return -1;
	}
	static char words[WORDS_MAX_BYTES];
	size_t n = 0;
	for (int i = 0; i < argc; i++) {
		size_t length = strlen(argv[i]) + 1;
		if (n + length > sizeof words) {
			close(peer);
			fprintf(stderr, "kith: the command line is over %d bytes\n",
			        WORDS_MAX_BYTES);
			return 2;
		}
		memcpy(words + n, argv[i], length);
		n += length;
	}
	int files[3] = { in, STDOUT_FILENO, STDERR_FILENO };
	unsigned char code = 1;
	fflush(stdout);
	if (!send_call(peer, words, n, files) || recv(peer, &code, 1, 0) != 1) {
		fprintf(stderr, "kith: the server ended before the command did\n");
		code = 1;
	}
	close(peer);
	return code;
}

/* ---- server ---- */

static int run_words(struct control_call *call)
{
	char *argv[WORDS_MAX + 1];
	int argc = 0;
	for (size_t at = 0; at < call->n && argc < WORDS_MAX; at += strlen(call->words + at) + 1)
		argv[argc++] = call->words + at;
	argv[argc] = NULL;
	FILE *out = fdopen(call->files[1], "w"), *error = fdopen(call->files[2], "w");
	int code = 1;
	if (out && error) {
		struct arena *mem = arena_new(64 * 1024);
		struct shell sh = { .circle = call->control->circle,
			            .url = call->control->url,
			            .in = call->files[0],
			            .out = out,
			            .err = error,
			            .peer = call->peer,
			            .mem = mem };
		code = shell_dispatch(&sh, argc, argv);
		arena_free(mem);
	}
	if (out)
		fclose(out);
	if (error)
		fclose(error);
	close(call->files[0]);
	return code;
}

static void *run_call(void *arg)
{
	struct control_call *call = arg;
	struct control *control = call->control;
	unsigned char code = (unsigned char)run_words(call);
	(void)!send(call->peer, &code, 1,
	            MSG_NOSIGNAL); /* the caller may have left: the work is done all the same */
	close(call->peer);
	free(call);
	pthread_mutex_lock(&control->lock);
	control->running--;
	pthread_cond_broadcast(&control->fewer);
	pthread_mutex_unlock(&control->lock);
	return NULL;
}

static bool receive_call(struct control_call *call)
{
	union {
		char room[CMSG_SPACE(3 * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { .iov_base = call->words, .iov_len = sizeof call->words - 1 };
	struct msghdr message = { .msg_iov = &part,
		                  .msg_iovlen = 1,
		                  .msg_control = control.room,
		                  .msg_controllen = sizeof control.room };
	struct timeval patience = { .tv_sec = 5 };
	setsockopt(call->peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	ssize_t n = recvmsg(call->peer, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	bool whole = n > 0 && head && head->cmsg_type == SCM_RIGHTS &&
	             head->cmsg_len == CMSG_LEN(3 * sizeof(int)) &&
	             !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
	if (!whole)
		return false;
	memcpy(call->files, CMSG_DATA(head), 3 * sizeof(int));
	call->n = (size_t)n;
	return true;
}

static void take_call(struct control *control)
{
	int peer = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
	if (peer < 0)
		return;
	struct control_call *call = calloc(1, sizeof *call);
	if (call)
		*call = (struct control_call){ .control = control, .peer = peer };
	if (!call || !receive_call(call)) {
		close(peer);
		free(call);
		return;
	}
	pthread_mutex_lock(&control->lock);
	while (control->running >= AT_ONCE)
		pthread_cond_wait(&control->fewer, &control->lock);
	control->running++;
	pthread_mutex_unlock(&control->lock);
	pthread_t thread;
	if (pthread_create(&thread, NULL, run_call, call) == 0)
		pthread_detach(thread);
	else
		run_call(call);
}

static void *listen_loop(void *arg)
{
	struct control *control = arg;
	struct pollfd wait[2] = { { .fd = control->listener, .events = POLLIN },
		                  { .fd = control->wake[0], .events = POLLIN } };
	for (;;) {
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (wait[1].revents)
			return NULL;
		if (wait[0].revents)
			take_call(control);
	}
}

err control_start(const char *folder, const char *url, struct circle *circle, struct control **out)
{
	err e = OK;
	struct sockaddr_un address;
	struct control *control = calloc(1, sizeof *control);
	if (!control)
		return err_system("no memory");
	*control = (struct control){
		.circle = circle, .url = url, .listener = -1, .wake = { -1, -1 }
	};
	TRY(socket_path(folder, &address));
	memcpy(control->path, address.sun_path, sizeof control->path);
	/* The store's lock on the folder is held: a socket file here is left over from a server that was killed. */
	unlink(control->path);
	control->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	mode_t mask = umask(0177);
	bool listening = control->listener >= 0 &&
	                 bind(control->listener, (struct sockaddr *)&address, sizeof address) ==
	                         0 &&
	                 listen(control->listener, 16) == 0;
	umask(mask);
	if (!listening || pipe(control->wake) != 0)
		TRY(err_system("the control socket cannot be opened"));
	pthread_mutex_init(&control->lock, NULL);
	pthread_cond_init(&control->fewer, NULL);
	if (pthread_create(&control->thread, NULL, listen_loop, control) != 0)
		TRY(err_system("no thread for the control socket"));
	*out = control;
	return OK;
out:
	if (control->listener >= 0)
		close(control->listener);
	free(control);
	return e;
}

void control_stop(struct control **control)
{
	struct control *c = *control;
	if (!c)
		return;
	(void)!write(c->wake[1], "x", 1);
	pthread_join(c->thread, NULL);
	pthread_mutex_lock(&c->lock);
	while (c->running > 0)
		pthread_cond_wait(&c->fewer, &c->lock);
	pthread_mutex_unlock(&c->lock);
	close(c->listener);
	close(c->wake[0]);
	close(c->wake[1]);
	unlink(c->path);
	free(c);
	*control = NULL;
}
