/* What an open stream costs: memory of the server for 4,000 idle ones, and how long one piece takes to the last of them. The
 * clients are a process of their own. Bound: 16 KiB each. */
#include "http/server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STREAMS 4000
#define PIECE_BYTES 1500 /* a post as JSON */
#define ROUNDS 5
#define BUDGET_BYTES (16 * 1024)

static const char upgrade[] =
	"GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static const char events[] = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long resident_bytes(void)
{
	long pages = 0, ignored;
	FILE *f = fopen("/proc/self/statm", "r");
	if (!f || fscanf(f, "%ld %ld", &ignored, &pages) != 2)
		abort();
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

/* ---- the server's side ---- */

struct listener {
	struct house *house;
	struct http_wake *wake;
	struct http_stream stream;
	int told;
	struct listener *next;
};

struct house {
	pthread_mutex_t lock;
	struct listener *all;
	int open, said;
	char piece[PIECE_BYTES];
};

static void opened(void *ctx, struct http_wake *wake)
{
	struct listener *l = ctx;
	pthread_mutex_lock(&l->house->lock);
	l->wake = wake;
	l->next = l->house->all;
	l->house->all = l;
	l->house->open++;
	pthread_mutex_unlock(&l->house->lock);
}

static bool next(void *ctx, struct buf *out)
{
	struct listener *l = ctx;
	pthread_mutex_lock(&l->house->lock);
	if (l->told < l->house->said) {
		l->told++;
		buf_add(out, (str){ l->house->piece, PIECE_BYTES });
	}
	pthread_mutex_unlock(&l->house->lock);
	return true;
}

static void closed(void *ctx)
{
	struct listener *l = ctx;
	pthread_mutex_lock(&l->house->lock);
	for (struct listener **at = &l->house->all; *at; at = &(*at)->next) {
		if (*at == l) {
			*at = l->next;
			break;
		}
	}
	pthread_mutex_unlock(&l->house->lock);
	free(l);
}

static struct http_plan plan(void *ctx, const struct http_request *head)
{
	(void)ctx, (void)head;
	return (struct http_plan){ .lane = LANE_READ };
}

static void serve(void *ctx, const struct http_plan *plan_, const struct http_request *request,
                  struct http_reply *reply)
{
	struct listener *l = calloc(1, sizeof *l);
	(void)plan_;
	if (!l)
		abort();
	l->house = ctx;
	l->stream = (struct http_stream){ .ctx = l,
		                          .websocket = str_eq(request->path, S("/socket")),
		                          .beat = S(":\n\n"),
		                          .opened = opened,
		                          .next = next,
		                          .closed = closed };
	reply->stream = &l->stream;
}

static void say(struct house *house)
{
	pthread_mutex_lock(&house->lock);
	house->said++;
	for (struct listener *l = house->all; l; l = l->next)
		http_stream_wake(l->wake);
	pthread_mutex_unlock(&house->lock);
}

/* ---- the clients' ---- */

static int connect_to(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
		abort();
	return fd;
}

static void read_head(int fd)
{
	char last[4] = "", c;
	while (memcmp(last, "\r\n\r\n", 4) != 0) {
		if (recv(fd, &c, 1, 0) != 1)
			abort();
		memmove(last, last + 1, 3);
		last[3] = c;
	}
}

/* Opens them, says so, then after each round writes when the last byte of all came. */
static void clients(int port, bool sockets, int tell)
{
	static int fds[STREAMS];
	static size_t got[STREAMS];
	size_t frame = PIECE_BYTES + (sockets ? 4 : 0);
	int poll = epoll_create1(EPOLL_CLOEXEC);
	const char *ask = sockets ? upgrade : events;
	for (int i = 0; i < STREAMS; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = (uint32_t)i };
		fds[i] = connect_to(port);
		if (send(fds[i], ask, strlen(ask), MSG_NOSIGNAL) < 0)
			abort();
		read_head(fds[i]);
		epoll_ctl(poll, EPOLL_CTL_ADD, fds[i], &event);
	}
	double at = now_ms();
	if (write(tell, &at, sizeof at) != sizeof at)
		abort();
	for (int round = 1; round <= ROUNDS; round++) {
		for (int whole = 0; whole < STREAMS;) {
			struct epoll_event ready[256];
			char sink[4 * PIECE_BYTES];
			int n = epoll_wait(poll, ready, 256, 10000);
			if (n <= 0)
				abort();
			for (int i = 0; i < n; i++) {
				uint32_t k = ready[i].data.u32;
				ssize_t bytes = recv(fds[k], sink, sizeof sink, 0);
				if (bytes <= 0)
					abort();
				got[k] += (size_t)bytes;
				whole += got[k] == frame * (size_t)round;
			}
		}
		at = now_ms();
		if (write(tell, &at, sizeof at) != sizeof at)
			abort();
	}
	pause();
}

static double hear(int fd)
{
	double at;
	if (read(fd, &at, sizeof at) != sizeof at)
		abort();
	return at;
}

static void bench(bool sockets)
{
	struct house house = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct http_settings settings = http_settings_default("127.0.0.1:0", clock_real());
	struct http_server *server;
	int pipes[2];
	memset(house.piece, 'x', sizeof house.piece);
	settings.connections_per_peer = 2 * STREAMS;
	settings.write_threads = 1;
	err e = http_server_start(&settings, (struct http_app){ &house, plan, serve, NULL },
	                          &server);
	if (failed(e) || pipe2(pipes, O_CLOEXEC) != 0)
		abort();
	int64_t port;
	str address = http_server_address(server);
	if (!str_to_i64(str_slice(address, str_find(address, S(":")) + 1, address.n), &port))
		abort();
	long before = resident_bytes();
	pid_t child = fork();
	if (child == 0) {
		clients((int)port, sockets, pipes[1]);
		_exit(0);
	}
	(void)hear(pipes[0]);
	usleep(200 * 1000);
	long each = (resident_bytes() - before) / STREAMS;
	double best = 1e9, cpu = cpu_ms();
	for (int i = 0; i < ROUNDS; i++) {
		double from = now_ms();
		say(&house);
		double took = hear(pipes[0]) - from;
		best = took < best ? took : best;
	}
	cpu = (cpu_ms() - cpu) / ROUNDS;
	printf("%-10s %d open: %ld bytes each (budget %d); a piece of %d bytes to all: %.1f ms at best, %.1f ms CPU\n",
	       sockets ? "WebSocket" : "events", house.open, each, BUDGET_BYTES, PIECE_BYTES, best,
	       cpu);
	kill(child, SIGKILL);
	close(pipes[0]);
	close(pipes[1]);
	http_server_stop(server);
}

int main(void)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	bench(false);
	bench(true);
	return 0;
}
