/* See janitor.h. Connections hang in buckets by peer, so that counting a peer's and visiting all
 * need one structure.
 *
 * Invariant: a watched fd is open. The library tells us before it closes one, and leaving takes the
 * lock that the sweep holds while it shuts sockets down; so a number that was given to someone else
 * is never shut down. */
#include "http/janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUCKETS 1024
#define PHASES 8 /* the multiplier in `due` */

#define LINGER_MAX 128 /* sockets; past it, a client that keeps sending is reset */
#define LINGER_MS 2000
#define LINGER_MAX_BYTES (64 * 1024 * 1024) /* of one socket */

struct lingering {
	int fd;
	int64_t until_ms;
	size_t read_bytes;
};

struct janitor {
	struct clock clock;
	int64_t tick_ms;
	unsigned places, per_peer;
	struct metrics *metrics;
	pthread_t thread;
	int wake_fd; /* an eventfd: something to linger on, or the end */

	pthread_mutex_t lock; /* over all below */
	struct watched *buckets[BUCKETS];
	unsigned taken;                       /* of the places */
	struct lingering arrived[LINGER_MAX]; /* not yet taken by the thread */
	size_t arrived_n;
	bool closing;

	struct lingering lingering[LINGER_MAX]; /* the thread's own */
	size_t lingering_n;
};

static void wake(struct janitor *j)
{
	uint64_t one = 1;
	ssize_t n = write(j->wake_fd, &one, sizeof(one));
	(void)n; /* full: the thread is awake already */
}

static struct watched **bucket_of(struct janitor *j, uint64_t peer_key)
{
	return &j->buckets[(peer_key * UINT64_C(0x9E3779B97F4A7C15)) >> 54];
}

void janitor_due(struct watched *w, enum phase phase, int64_t at_mono_ms)
{
	int64_t due = phase == PHASE_WORK ? INT64_MAX / PHASES * PHASES : at_mono_ms * PHASES;
	atomic_store_explicit(&w->due, due + (int64_t)phase, memory_order_relaxed);
}

enum phase janitor_phase(const struct watched *w)
{
	return (enum phase)(atomic_load_explicit(&w->due, memory_order_relaxed) % PHASES);
}

static void cut(struct janitor *j, struct watched *w, enum phase phase)
{
	static const enum metrics_refusal reasons[] = {
		[PHASE_HEAD] = METRICS_SLOW_HEAD,
		[PHASE_BODY] = METRICS_SLOW_BODY,
		[PHASE_REPLY] = METRICS_SLOW_READER,
		[PHASE_IDLE] = METRICS_IDLE,
	};
	metrics_refused(j->metrics, reasons[phase]);
	janitor_due(w, PHASE_WORK, 0); /* once is enough */
	shutdown(w->fd, SHUT_RDWR);
}

static void sweep(struct janitor *j, int64_t now_ms)
{
	pthread_mutex_lock(&j->lock);
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct watched *w = j->buckets[i]; w; w = w->next) {
			int64_t due = atomic_load_explicit(&w->due, memory_order_relaxed);
			if (due / PHASES <= now_ms)
				cut(j, w, (enum phase)(due % PHASES));
		}
	}
	pthread_mutex_unlock(&j->lock);
}

void janitor_dismiss_idle(struct janitor *j)
{
	pthread_mutex_lock(&j->lock);
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct watched *w = j->buckets[i]; w; w = w->next)
			if (janitor_phase(w) == PHASE_IDLE)
				cut(j, w, PHASE_IDLE);
	pthread_mutex_unlock(&j->lock);
}

/* True when the client is done, or has had enough time or bytes. */
static bool read_empty(struct lingering *l, int64_t now_ms)
{
	char sink[65536];
	for (;;) {
		ssize_t n = recv(l->fd, sink, sizeof(sink), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) ||
			       now_ms >= l->until_ms;
		l->read_bytes += (size_t)n;
		if (l->read_bytes > LINGER_MAX_BYTES)
			return true;
	}
}

static void tend_lingering(struct janitor *j, int64_t now_ms)
{
	for (size_t i = 0; i < j->lingering_n;) {
		if (!read_empty(&j->lingering[i], now_ms)) {
			i++;
			continue;
		}
		close(j->lingering[i].fd);
		j->lingering[i] = j->lingering[--j->lingering_n];
	}
}

/* Takes over what arrived; true when it is time to end. */
static bool take_arrived(struct janitor *j)
{
	pthread_mutex_lock(&j->lock);
	while (j->arrived_n > 0) {
		struct lingering l = j->arrived[--j->arrived_n];
		if (j->lingering_n < LINGER_MAX)
			j->lingering[j->lingering_n++] = l;
		else
			close(l.fd);
	}
	bool closing = j->closing;
	pthread_mutex_unlock(&j->lock);
	return closing;
}

static void *run(void *arg)
{
	struct janitor *j = arg;
	struct pollfd fds[LINGER_MAX + 1];
	int64_t swept_ms = clock_mono(j->clock);
	while (!take_arrived(j)) {
		fds[0] = (struct pollfd){ .fd = j->wake_fd, .events = POLLIN };
		for (size_t i = 0; i < j->lingering_n; i++)
			fds[i + 1] = (struct pollfd){ .fd = j->lingering[i].fd, .events = POLLIN };
		(void)poll(fds, j->lingering_n + 1, (int)j->tick_ms);
		uint64_t ignored;
		ssize_t n = read(j->wake_fd, &ignored, sizeof(ignored));
		(void)n; /* nothing to read: it was the tick */
		int64_t now_ms = clock_mono(j->clock);
		tend_lingering(j, now_ms);
		if (now_ms - swept_ms >= j->tick_ms || now_ms < swept_ms) {
			sweep(j, now_ms);
			swept_ms = now_ms;
		}
	}
	for (size_t i = 0; i < j->lingering_n; i++)
		close(j->lingering[i].fd);
	return NULL;
}

err janitor_open(struct clock clock, int64_t tick_ms, unsigned places, unsigned per_peer,
                 struct metrics *metrics, struct janitor **out)
{
	struct janitor *j = calloc(1, sizeof(*j));
	if (!j)
		abort();
	j->clock = clock;
	j->tick_ms = tick_ms;
	j->places = places;
	j->per_peer = per_peer;
	j->metrics = metrics;
	pthread_mutex_init(&j->lock, NULL);
	j->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (j->wake_fd < 0 || pthread_create(&j->thread, NULL, run, j) != 0) {
		if (j->wake_fd >= 0)
			close(j->wake_fd);
		free(j);
		return err_system("the thread that keeps deadlines could not be started");
	}
	*out = j;
	return OK;
}

void janitor_close(struct janitor *j)
{
	if (!j)
		return;
	pthread_mutex_lock(&j->lock);
	j->closing = true;
	pthread_mutex_unlock(&j->lock);
	wake(j);
	pthread_join(j->thread, NULL);
	close(j->wake_fd);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

/* Of one peer, as full as it is now. */
static unsigned share(const struct janitor *j)
{
	unsigned half = j->places / 2, left = j->places > j->taken ? j->places - j->taken : 0;
	if (left >= half)
		return j->per_peer;
	return (unsigned)(((uint64_t)j->per_peer * left + half - 1) / half);
}

bool janitor_admits(struct janitor *j, uint64_t peer_key)
{
	unsigned n = 0;
	pthread_mutex_lock(&j->lock);
	unsigned most = share(j);
	for (const struct watched *w = *bucket_of(j, peer_key); w && n < most; w = w->next)
		n += w->counted && w->peer_key == peer_key;
	pthread_mutex_unlock(&j->lock);
	return n < most;
}

void janitor_watch(struct janitor *j, struct watched *w, int fd, uint64_t peer_key, bool counted)
{
	w->fd = fd;
	w->peer_key = peer_key;
	w->counted = counted;
	pthread_mutex_lock(&j->lock);
	j->taken += counted;
	w->link = bucket_of(j, peer_key);
	w->next = *w->link;
	if (w->next)
		w->next->link = &w->next;
	*w->link = w;
	pthread_mutex_unlock(&j->lock);
}

void janitor_leave(struct janitor *j, struct watched *w, bool linger)
{
	pthread_mutex_lock(&j->lock);
	j->taken -= w->counted;
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	int copy = -1;
	if (linger && !j->closing && j->arrived_n < LINGER_MAX)
		copy = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);
	if (copy >= 0) {
		shutdown(copy, SHUT_WR); /* the client sees the end of the answer at once */
		j->arrived[j->arrived_n++] = (struct lingering){
			.fd = copy,
			.until_ms = clock_mono(j->clock) + LINGER_MS,
		};
	}
	pthread_mutex_unlock(&j->lock);
	if (copy >= 0)
		wake(j);
}
