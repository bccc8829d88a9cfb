/* See stream.h.
 *
 * A stream belongs to one thread (its reel), which alone touches its socket and calls its app. Others reach it through
 * the reel's queue: http_stream_wake puts it there, and so does its beginning. The lock of a reel guards the queue and
 * nothing else. */
#include "http/stream.h"

#include "http/websocket.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 64
/* A stream with more to say than this goes to the end of the queue. */
#define PIECES_A_TURN 16
#define TURNS_A_ROUND 256
/* For the goodbye and what was being sent. */
#define GOODBYE_MS 500
/* A client may say this much between two beats; streams are for listening. */
#define HEARD_MAX_BYTES (64 * 1024)
/* A WebSocket that has not answered so many pings is gone. */
#define SILENT_BEATS 3
/* What the kernel keeps of a slow client's; it doubles it. */
#define SOCKET_BYTES (64 * 1024)
#define MEM_BYTES (64 * 1024)

enum stage { OPENING, OPEN, ENDING, GONE };

struct http_wake {
	struct watched watched; /* the janitor's; holds the socket */
	struct reel *reel;
	struct http_stream app;
	struct websocket *ws; /* NULL: a body */
	enum stage stage;
	bool resting;  /* all that was said has gone, as far as the janitor knows */
	bool want_out; /* as far as the epoll knows */
	bool shut;     /* our side of the socket is closed */
	bool counted;
	uint64_t peer_key;
	struct http_wake *next, **link; /* of its reel; then of the gone */

	char *out; /* not yet gone; owned */
	size_t out_n, out_at;
	int64_t said_at_ms, heard_at_ms, heard_since_ms;
	int64_t until_ms; /* when it is dropped, whatever it does; 0: not known */
	size_t heard_bytes;

	struct http_wake *queue_next, **queue_link; /* under the reel's lock */
	bool queued;                                /* the same */
	atomic_bool hasten;
};

struct reel {
	struct streams *streams;
	pthread_t thread;
	bool started;
	int epoll_fd, wake_fd;
	struct arena *mem; /* of one piece */
	struct http_wake *all, *gone;
	size_t limited_n; /* those with an until_ms */

	pthread_mutex_t lock; /* over all below */
	struct http_wake *queue, **queue_end;
	bool ending, closing;
};

struct streams {
	struct streams_settings settings;
	atomic_uint places, next_reel;
	atomic_bool ending;
	struct reel reels[];
};

static int64_t now_of(const struct reel *reel) { return clock_mono(reel->streams->settings.clock); }

/* ---- the queue ---- */

static void signal_reel(struct reel *reel)
{
	uint64_t one = 1;
	ssize_t n = write(reel->wake_fd, &one, sizeof(one));
	(void)n; /* full: the thread is awake already */
}

static void enqueue(struct http_wake *w)
{
	struct reel *reel = w->reel;
	bool first = false;
	pthread_mutex_lock(&reel->lock);
	if (!w->queued) {
		first = !reel->queue;
		w->queued = true;
		w->queue_next = NULL;
		w->queue_link = reel->queue_end;
		*reel->queue_end = w;
		reel->queue_end = &w->queue_next;
	}
	pthread_mutex_unlock(&reel->lock);
	if (first)
		signal_reel(reel);
}

/* Under the lock. */
static void unqueue(struct reel *reel, struct http_wake *w)
{
	if (!w->queued)
		return;
	w->queued = false;
	*w->queue_link = w->queue_next;
	if (w->queue_next)
		w->queue_next->queue_link = w->queue_link;
	else
		reel->queue_end = w->queue_link;
}

static struct http_wake *dequeue(struct reel *reel)
{
	pthread_mutex_lock(&reel->lock);
	struct http_wake *w = reel->queue;
	if (w)
		unqueue(reel, w);
	pthread_mutex_unlock(&reel->lock);
	return w;
}

void http_stream_wake(struct http_wake *wake) { enqueue(wake); }

void http_stream_end(struct http_wake *wake)
{
	atomic_store(&wake->hasten, true);
	enqueue(wake);
}

/* ---- one stream ---- */

static void drop(struct http_wake *w)
{
	struct reel *reel = w->reel;
	struct streams *s = reel->streams;
	if (w->stage == GONE)
		return;
	reel->limited_n -= w->until_ms != 0;
	w->stage = GONE;
	w->app.closed(w->app.ctx); /* from here on nobody wakes it */
	pthread_mutex_lock(&reel->lock);
	unqueue(reel, w);
	pthread_mutex_unlock(&reel->lock);
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	w->next = reel->gone; /* events of this round may still name it */
	reel->gone = w;
	/* By hand: the event loop may have its descriptor of the same socket still open. */
	(void)epoll_ctl(reel->epoll_fd, EPOLL_CTL_DEL, w->watched.fd, NULL);
	janitor_leave(s->settings.janitor, &w->watched, false);
	metrics_add(s->settings.metrics, METRICS_STREAMS, -1);
	close(w->watched.fd);
	websocket_free(w->ws);
	free(w->out);
	streams_release(s);
}

static void free_gone(struct reel *reel)
{
	while (reel->gone) {
		struct http_wake *w = reel->gone;
		reel->gone = w->next;
		free(w);
	}
}

/* False: the socket is gone. */
static bool flush(struct http_wake *w)
{
	while (w->out) {
		ssize_t n = send(w->watched.fd, w->out + w->out_at, w->out_n - w->out_at,
		                 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
		w->out_at += (size_t)n;
		if (w->out_at < w->out_n)
			continue;
		free(w->out);
		w->out = NULL;
	}
	return !w->ws || websocket_write(w->ws);
}

static bool at_rest(const struct http_wake *w)
{
	return !w->out && !(w->ws && websocket_pending(w->ws));
}

static void keep(struct http_wake *w, str bytes)
{
	w->out = malloc(bytes.n);
	if (!w->out)
		abort();
	memcpy(w->out, bytes.p, bytes.n);
	w->out_n = bytes.n;
	w->out_at = 0;
}

/* Says one piece, as the stream is at rest. False: the socket is gone. */
static bool say(struct http_wake *w, str piece)
{
	w->said_at_ms = now_of(w->reel);
	if (w->ws) {
		websocket_text(w->ws, piece);
		return websocket_write(w->ws);
	}
	ssize_t n = send(w->watched.fd, piece.p, piece.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		return false;
	size_t gone = n > 0 ? (size_t)n : 0;
	if (gone < piece.n)
		keep(w, str_slice(piece, gone, piece.n));
	return true;
}

static void limit(struct http_wake *w)
{
	if (w->until_ms != 0)
		return;
	w->until_ms = now_of(w->reel) + GOODBYE_MS;
	w->reel->limited_n++;
}

static void begin_end(struct http_wake *w, enum websocket_end why)
{
	if (w->stage != OPEN)
		return;
	w->stage = ENDING;
	limit(w);
	if (w->ws)
		websocket_end(w->ws, why);
}

/* Asks for one piece. False: the socket is gone. */
static bool ask(struct http_wake *w, bool *asleep)
{
	struct reel *reel = w->reel;
	struct buf piece;
	buf_init(&piece, reel->mem, STREAM_PIECE_MAX_BYTES);
	bool more = w->app.next(w->app.ctx, &piece) && !piece.full;
	*asleep = piece.n == 0;
	bool fine = piece.n == 0 || piece.full || say(w, buf_str(&piece));
	arena_reset(reel->mem);
	if (!more)
		begin_end(w, WEBSOCKET_NORMAL);
	return fine;
}

/* After anything that happened: tells the client, the janitor and the epoll what is waited for. */
static void settle(struct http_wake *w)
{
	struct streams *s = w->reel->streams;
	bool rest = at_rest(w);
	/* The other side answers by closing its own; closing both at once could take back what was said last. */
	if (w->stage == ENDING && rest && !w->shut && (!w->ws || websocket_over(w->ws))) {
		w->shut = true;
		shutdown(w->watched.fd, SHUT_WR);
	}
	if (rest != w->resting) {
		janitor_due(&w->watched, rest ? PHASE_WORK : PHASE_REPLY,
		            now_of(w->reel) + s->settings.stall_ms);
		w->resting = rest;
	}
	if (w->want_out == rest) {
		struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP |
			                               (rest ? 0u : (unsigned)EPOLLOUT),
			                     .data.ptr = w };
		if (epoll_ctl(w->reel->epoll_fd, EPOLL_CTL_MOD, w->watched.fd, &event) != 0) {
			drop(w);
			return;
		}
		w->want_out = !rest;
	}
}

static void pump(struct http_wake *w)
{
	bool fine = flush(w), asleep = false;
	if (w->ws && websocket_closing(w->ws))
		begin_end(w, WEBSOCKET_NORMAL);
	for (int i = 0; i < PIECES_A_TURN && fine && !asleep && w->stage == OPEN && at_rest(w); i++)
		fine = ask(w, &asleep);
	/* The close frame that may have been queued last. */
	if (!fine || !flush(w)) {
		drop(w);
		return;
	}
	if (!asleep && w->stage == OPEN && at_rest(w))
		enqueue(w);
	settle(w);
}

static void listen_to(struct http_wake *w)
{
	char sink[4096];
	bool fine = true;
	if (w->ws) {
		fine = websocket_read(w->ws, &w->heard_bytes);
	} else {
		ssize_t n = recv(w->watched.fd, sink, sizeof(sink), MSG_DONTWAIT);
		fine = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
		w->heard_bytes += n > 0 ? (size_t)n : 0;
	}
	w->heard_at_ms = now_of(w->reel);
	if (w->heard_bytes > HEARD_MAX_BYTES)
		begin_end(w, WEBSOCKET_POLICY);
	if (fine)
		pump(w); /* what was heard may be answered */
	else
		drop(w);
}

/* ---- a reel ---- */

static void begin(struct reel *reel, struct http_wake *w)
{
	struct streams *s = reel->streams;
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = w };
	int64_t now_ms = now_of(reel);
	w->next = reel->all;
	w->link = &reel->all;
	if (w->next)
		w->next->link = &w->next;
	reel->all = w;
	w->stage = OPEN;
	w->resting = true;
	w->said_at_ms = w->heard_at_ms = w->heard_since_ms = now_ms;
	janitor_due(&w->watched, PHASE_WORK, 0);
	janitor_watch(s->settings.janitor, &w->watched, w->watched.fd, w->peer_key, w->counted);
	metrics_add(s->settings.metrics, METRICS_STREAMS, 1);
	if (w->app.websocket)
		w->ws = websocket_new(w->watched.fd, w->app.heard, w->app.ctx);
	w->app.opened(w->app.ctx, w);
	if ((w->app.websocket && !w->ws) ||
	    epoll_ctl(reel->epoll_fd, EPOLL_CTL_ADD, w->watched.fd, &event) != 0)
		drop(w);
}

/* A stream's turn. */
static void turn(struct reel *reel, struct http_wake *w, bool ending)
{
	if (w->stage == OPENING)
		begin(reel, w);
	if (ending)
		begin_end(w, WEBSOCKET_GOING_AWAY);
	if (w->stage == GONE)
		return;
	if (atomic_load(&w->hasten))
		limit(w);
	pump(w);
}

/* Asked first: what it has to say does as well. */
static void beat(struct http_wake *w, int64_t now_ms)
{
	int64_t said_at_ms = w->said_at_ms;
	pump(w);
	if (w->stage != OPEN || !at_rest(w) || w->said_at_ms != said_at_ms)
		return;
	w->said_at_ms = now_ms;
	if (w->ws)
		websocket_ping(w->ws);
	if (!w->ws && !say(w, w->app.beat))
		drop(w);
	else
		pump(w);
}

/* Beats, and those whose time is over. */
static void tick(struct reel *reel, int64_t now_ms)
{
	int64_t beat_ms = reel->streams->settings.beat_ms;
	struct http_wake *next;
	for (struct http_wake *w = reel->all; w; w = next) {
		next = w->next;
		if (w->until_ms != 0 && now_ms >= w->until_ms) {
			drop(w);
			continue;
		}
		if (now_ms - w->heard_since_ms >= beat_ms) {
			w->heard_since_ms = now_ms;
			w->heard_bytes = 0;
		}
		if (w->ws && now_ms - w->heard_at_ms > SILENT_BEATS * beat_ms) {
			drop(w);
			continue;
		}
		if (w->stage == OPEN && at_rest(w) && now_ms - w->said_at_ms >= beat_ms)
			beat(w, now_ms);
	}
}

/* Until when the thread may sleep: a fraction of a beat, a moment when someone is saying goodbye. */
static int timeout_of(const struct reel *reel)
{
	int64_t beat_ms = reel->streams->settings.beat_ms;
	int64_t tick_ms = beat_ms / 4 > 500 ? 500 : beat_ms / 4 < 10 ? 10 : beat_ms / 4;
	if (!reel->all)
		return -1;
	return reel->limited_n > 0 && tick_ms > 50 ? 50 : (int)tick_ms;
}

/* What the others want of this thread; true: it is to end. */
static bool take_orders(struct reel *reel, bool *ending)
{
	pthread_mutex_lock(&reel->lock);
	bool closing = reel->closing, begins = reel->ending && !*ending;
	*ending = reel->ending;
	pthread_mutex_unlock(&reel->lock);
	struct http_wake *next;
	for (struct http_wake *w = begins || closing ? reel->all : NULL; w; w = next) {
		next = w->next;
		if (closing) {
			drop(w);
			continue;
		}
		begin_end(w, WEBSOCKET_GOING_AWAY);
		pump(w);
	}
	return closing;
}

static void *run(void *arg)
{
	struct reel *reel = arg;
	struct epoll_event events[EVENTS];
	bool ending = false;
	int64_t ticked_ms = now_of(reel);
	int timeout = -1;
	while (!take_orders(reel, &ending)) {
		int n = epoll_wait(reel->epoll_fd, events, EVENTS, timeout);
		for (int i = 0; i < n; i++) {
			struct http_wake *w = events[i].data.ptr;
			uint64_t ignored;
			if (!w) {
				ssize_t got = read(reel->wake_fd, &ignored, sizeof(ignored));
				(void)got;
			} else if (w->stage == GONE) {
				continue;
			} else if (events[i].events & EPOLLIN) {
				listen_to(w);
			} else if (events[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) {
				drop(w);
			} else {
				pump(w);
			}
		}
		struct http_wake *w = NULL;
		for (int i = 0; i < TURNS_A_ROUND && (w = dequeue(reel)); i++)
			turn(reel, w, ending);
		int64_t now_ms = now_of(reel);
		timeout = timeout_of(reel);
		if (now_ms - ticked_ms >= timeout || now_ms < ticked_ms) {
			tick(reel, now_ms);
			ticked_ms = now_ms;
		}
		free_gone(reel);
		timeout = w ? 0 : timeout_of(reel); /* the queue may hold more */
	}
	for (struct http_wake *w; (w = dequeue(reel));) {
		begin(reel, w);
		drop(w);
	}
	free_gone(reel);
	return NULL;
}

static err reel_open(struct reel *reel)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	pthread_mutex_init(&reel->lock, NULL);
	reel->queue_end = &reel->queue;
	reel->mem = arena_new(MEM_BYTES);
	reel->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	reel->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (reel->epoll_fd < 0 || reel->wake_fd < 0 ||
	    epoll_ctl(reel->epoll_fd, EPOLL_CTL_ADD, reel->wake_fd, &event) != 0 ||
	    pthread_create(&reel->thread, NULL, run, reel) != 0)
		return err_system("a thread for streams could not be started");
	reel->started = true;
	return OK;
}

/* ---- all of them ---- */

err streams_open(const struct streams_settings *settings, struct streams **out)
{
	struct streams *s = calloc(1, sizeof(*s) + settings->threads * sizeof(struct reel));
	err e = OK;
	if (!s)
		abort();
	s->settings = *settings;
	for (unsigned i = 0; i < settings->threads; i++) {
		s->reels[i].streams = s;
		s->reels[i].epoll_fd = s->reels[i].wake_fd = -1;
	}
	for (unsigned i = 0; i < settings->threads; i++)
		TRY(reel_open(&s->reels[i]));
	*out = s;
	s = NULL;
out:
	streams_close(s);
	return e;
}

bool streams_reserve(struct streams *s)
{
	if (atomic_load(&s->ending))
		return false;
	if (atomic_fetch_add(&s->places, 1) < s->settings.streams_max)
		return true;
	atomic_fetch_sub(&s->places, 1);
	return false;
}

void streams_release(struct streams *s) { atomic_fetch_sub(&s->places, 1); }

void streams_take(struct streams *s, int fd, const struct http_peer *peer, bool counted,
                  const struct http_stream *app, str head)
{
	const int on = 1, off = 0, kept = SOCKET_BYTES;
	const unsigned lost_ms = (unsigned)s->settings.stall_ms;
	struct http_wake *w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->reel = &s->reels[atomic_fetch_add(&s->next_reel, 1) % s->settings.threads];
	w->watched.fd = fd;
	w->app = *app;
	w->peer_key = http_peer_key(peer);
	w->counted = counted;
	keep(w, head);
	/* None of these is needed for it to work; a unix socket knows the last one alone. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost_ms, sizeof(lost_ms));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kept, sizeof(kept));
	enqueue(w);
}

static void order(struct streams *s, bool close_all)
{
	atomic_store(&s->ending, true);
	for (unsigned i = 0; i < s->settings.threads; i++) {
		struct reel *reel = &s->reels[i];
		if (!reel->started)
			continue;
		pthread_mutex_lock(&reel->lock);
		reel->ending = true;
		reel->closing = close_all;
		pthread_mutex_unlock(&reel->lock);
		signal_reel(reel);
	}
}

bool streams_end(struct streams *s, int64_t wait_ms)
{
	const struct timespec step = { .tv_nsec = 5 * 1000 * 1000 };
	order(s, false);
	/* Steps are counted, not a clock read: a test's clock may stand still. */
	for (int64_t waited_ms = 0; waited_ms < wait_ms && atomic_load(&s->places) > 0;
	     waited_ms += 5)
		nanosleep(&step, NULL);
	return atomic_load(&s->places) == 0;
}

void streams_close(struct streams *s)
{
	if (!s)
		return;
	order(s, true);
	for (unsigned i = 0; i < s->settings.threads; i++) {
		struct reel *reel = &s->reels[i];
		if (!reel->mem)
			continue; /* never opened */
		if (reel->started)
			pthread_join(reel->thread, NULL);
		if (reel->epoll_fd >= 0)
			close(reel->epoll_fd);
		if (reel->wake_fd >= 0)
			close(reel->wake_fd);
		pthread_mutex_destroy(&reel->lock);
		arena_free(reel->mem);
	}
	free(s);
}
