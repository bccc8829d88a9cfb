/* See server_kit.h. */
#include "http/server_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- streams ---- */

#define STREAM_TEXTS 64

struct kit_stream {
	struct kit *kit;
	struct http_wake *wake;
	struct kit_stream *next;
	char *texts[STREAM_TEXTS]; /* under the kit's lock */
	int first, n;
	struct http_stream stream;
};

static void stream_opened(void *ctx, struct http_wake *wake)
{
	struct kit_stream *st = ctx;
	pthread_mutex_lock(&st->kit->lock);
	st->wake = wake;
	st->next = st->kit->streams;
	st->kit->streams = st;
	st->kit->streams_n++;
	pthread_cond_broadcast(&st->kit->changed);
	pthread_mutex_unlock(&st->kit->lock);
}

static bool stream_next(void *ctx, struct buf *out)
{
	struct kit_stream *st = ctx;
	bool more = true;
	pthread_mutex_lock(&st->kit->lock);
	if (st->n > 0) {
		char *text = st->texts[st->first];
		more = strcmp(text, "bye") != 0;
		buf_add(out, str_of(text));
		free(text);
		st->first = (st->first + 1) % STREAM_TEXTS;
		st->n--;
	}
	pthread_mutex_unlock(&st->kit->lock);
	return more;
}

/* Under the lock. */
static void stream_put(struct kit_stream *st, str text)
{
	if (st->n == STREAM_TEXTS)
		return;
	char *copy = calloc(1, text.n + 1);
	assert_non_null(copy);
	memcpy(copy, text.p, text.n); /* it does not end with a NUL */
	st->texts[(st->first + st->n++) % STREAM_TEXTS] = copy;
}

static void stream_heard(void *ctx, str text)
{
	struct kit_stream *st = ctx;
	pthread_mutex_lock(&st->kit->lock);
	stream_put(st, text);
	pthread_mutex_unlock(&st->kit->lock);
}

static void stream_closed(void *ctx)
{
	struct kit_stream *st = ctx;
	struct kit *kit = st->kit;
	pthread_mutex_lock(&kit->lock);
	for (struct kit_stream **at = &kit->streams; *at; at = &(*at)->next) {
		if (*at != st)
			continue;
		*at = st->next;
		kit->streams_n--;
		break;
	}
	for (; st->n > 0; st->n--, st->first = (st->first + 1) % STREAM_TEXTS)
		free(st->texts[st->first]);
	pthread_cond_broadcast(&kit->changed);
	pthread_mutex_unlock(&kit->lock);
	free(st);
}

static void open_stream(struct kit *kit, bool websocket, struct http_reply *reply)
{
	struct kit_stream *st = calloc(1, sizeof(*st));
	assert_non_null(st);
	st->kit = kit;
	st->stream = (struct http_stream){
		.ctx = st,
		.websocket = websocket,
		.beat = S(":\n"),
		.opened = stream_opened,
		.next = stream_next,
		.heard = stream_heard,
		.closed = stream_closed,
	};
	if (!websocket)
		http_reply_literal(reply, "Content-Type", "text/event-stream");
	reply->stream = &st->stream;
}

void kit_say(struct kit *kit, const char *text)
{
	pthread_mutex_lock(&kit->lock);
	for (struct kit_stream *st = kit->streams; st; st = st->next) {
		stream_put(st, str_of(text));
		http_stream_wake(st->wake);
	}
	pthread_mutex_unlock(&kit->lock);
}

void kit_end_streams(struct kit *kit)
{
	pthread_mutex_lock(&kit->lock);
	for (struct kit_stream *st = kit->streams; st; st = st->next)
		http_stream_end(st->wake);
	pthread_mutex_unlock(&kit->lock);
}

void kit_await_streams(struct kit *kit, int n)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	int late = 0;
	pthread_mutex_lock(&kit->lock);
	while (kit->streams_n != n && !late)
		late = pthread_cond_timedwait(&kit->changed, &kit->lock, &until);
	int now = kit->streams_n;
	pthread_mutex_unlock(&kit->lock);
	assert_int_equal(now, n);
}

/* ---- requests ---- */

static struct http_plan plan(void *ctx, const struct http_request *head)
{
	static const struct {
		const char *path;
		struct http_plan plan;
	} routes[] = {
		{ "/read", { .body_max_bytes = KIT_BODY_MAX, .lane = LANE_READ } },
		{ "/write", { .body_max_bytes = KIT_BODY_MAX, .lane = LANE_WRITE } },
		{ "/hash", { .body_max_bytes = KIT_BODY_MAX, .lane = LANE_HASH } },
		{ "/echo", { .body_max_bytes = KIT_BODY_MAX, .lane = LANE_WRITE } },
		{ "/upload", { .body_max_bytes = 60000, .lane = LANE_READ } },
		{ "/file",
		  { .body_max_bytes = KIT_LARGE_BYTES, .lane = LANE_WRITE, .body_to_file = true } },
		{ "/sent", { .lane = LANE_WRITE } },
		{ "/events", { .lane = LANE_READ } },
		{ "/socket", { .lane = LANE_READ } },
		{ "/events-write", { .lane = LANE_WRITE } },
		{ "/wait", { .lane = LANE_WRITE } },
		{ "/wait-hash", { .lane = LANE_HASH } },
		{ "/refuse", { .body_max_bytes = KIT_BODY_MAX, .refuse = true } },
	};
	(void)ctx;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (str_eq(head->path, str_of(routes[i].path)))
			return routes[i].plan;
	return (struct http_plan){ .lane = LANE_READ, .route_index = 1 };
}

static void wait_at_gate(struct kit *kit)
{
	pthread_mutex_lock(&kit->lock);
	kit->waiting++;
	pthread_cond_broadcast(&kit->changed);
	while (!kit->open)
		pthread_cond_wait(&kit->changed, &kit->lock);
	kit->waiting--;
	pthread_mutex_unlock(&kit->lock);
}

static void set_field(const struct http_request *request, struct http_reply *reply)
{
	err e = http_reply_field(reply, "X-Value", http_query(request, "value"));
	if (failed(e))
		http_reply_error(reply, 422, "value", e.say);
	else
		http_reply_json(reply, 200, S("{}"));
}

/* The first and last byte and the length, so that a large body shows that it came whole. */
static void describe(const struct http_request *request, struct http_reply *reply)
{
	str body = request->body;
	bool file = request->body_fd >= 0;
	http_reply_body(reply, 200, "text/plain",
	                str_format(reply->mem, "%s %zu %c%c", file ? "file" : "memory", body.n,
	                           body.n ? body.p[0] : '-', body.n ? body.p[body.n - 1] : '-'));
}

static void send_file(const struct kit *kit, struct http_reply *reply)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, kit->large, KIT_LARGE_BYTES), KIT_LARGE_BYTES);
	http_reply_literal(reply, "Content-Type", "image/png");
	reply->file = fd;
	reply->file_bytes = KIT_LARGE_BYTES;
}

static void serve(void *ctx, const struct http_plan *plan, const struct http_request *request,
                  struct http_reply *reply)
{
	static const char *const lanes[HTTP_LANES] = { "read", "write", "hash" };
	struct kit *kit = ctx;
	str path = request->path;
	if (str_eq(path, S("/wait")) || str_eq(path, S("/wait-hash")))
		wait_at_gate(kit);
	if (str_eq(path, S("/echo")) || str_eq(path, S("/upload")))
		http_reply_body(reply, 200, "application/octet-stream", request->body);
	else if (str_eq(path, S("/large")))
		http_reply_body(reply, 200, "text/plain", (str){ kit->large, KIT_LARGE_BYTES });
	else if (str_eq(path, S("/file")))
		describe(request, reply);
	else if (str_eq(path, S("/sent")))
		send_file(kit, reply);
	else if (str_starts(path, S("/events")) || str_eq(path, S("/socket")))
		open_stream(kit, str_eq(path, S("/socket")), reply);
	else if (str_eq(path, S("/peer")))
		http_reply_body(reply, 200, "text/plain",
		                http_peer_text(&request->peer, reply->mem));
	else if (str_eq(path, S("/field")))
		set_field(request, reply);
	else if (str_eq(path, S("/fresh")))
		reply->status = 304;
	else if (plan->refuse)
		http_reply_error(reply, 401, NULL, request->body.n == 0 ? "Sign in." : "A body?");
	else if (plan->route_index == 1)
		http_reply_error(reply, 404, NULL, "Nothing here.");
	else
		http_reply_body(reply, 200, "text/plain", str_of(lanes[plan->lane]));
}

static void finish(void *ctx, const struct http_plan *plan, const struct http_request *request,
                   struct http_reply *reply)
{
	(void)ctx, (void)plan, (void)request;
	http_reply_literal(reply, "X-Finish", "yes");
}

void kit_init(struct kit *kit)
{
	*kit = (struct kit){ .settings = http_settings_default("127.0.0.1:0", clock_real()) };
	pthread_mutex_init(&kit->lock, NULL);
	pthread_cond_init(&kit->changed, NULL);
	kit->metrics = metrics_new((const char *const[]){ "known", "other" }, 2);
	kit->settings.metrics = kit->metrics;
	kit->settings.connections_per_peer = 1000;
	kit->settings.spool = "/tmp";
	kit->large = malloc(KIT_LARGE_BYTES);
	assert_non_null(kit->large);
	memset(kit->large, 'x', KIT_LARGE_BYTES);
}

void kit_start(struct kit *kit)
{
	err e = http_server_start(&kit->settings, (struct http_app){ kit, plan, serve, finish },
	                          &kit->server);
	if (failed(e))
		fail_msg("%s", e.why);
}

void kit_open(struct kit *kit)
{
	pthread_mutex_lock(&kit->lock);
	kit->open = true;
	pthread_cond_broadcast(&kit->changed);
	pthread_mutex_unlock(&kit->lock);
}

void kit_await(struct kit *kit, int waiting)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	int late = 0;
	pthread_mutex_lock(&kit->lock);
	while (kit->waiting < waiting && !late)
		late = pthread_cond_timedwait(&kit->changed, &kit->lock, &until);
	int now = kit->waiting;
	pthread_mutex_unlock(&kit->lock);
	assert_int_equal(now, waiting);
}

void kit_stop(struct kit *kit)
{
	kit_open(kit);
	http_server_stop(kit->server);
	assert_int_equal(kit->streams_n, 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_STREAMS), 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_CONNECTIONS), 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_IN_FLIGHT), 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_BODY_BYTES), 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_WRITE_QUEUE), 0);
	assert_int_equal(metrics_value(kit->metrics, METRICS_HASH_QUEUE), 0);
	metrics_free(kit->metrics);
	pthread_cond_destroy(&kit->changed);
	pthread_mutex_destroy(&kit->lock);
	free(kit->large);
}

int kit_connect_from(const struct kit *kit, const char *ip)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	str address = http_server_address(kit->server);
	bool is_unix = str_starts(address, S("unix:"));
	if (is_unix) {
		memcpy(local.sun_path, address.p + 5, address.n - 5);
	} else {
		int64_t port;
		str host = address;
		size_t colon = str_find(host, S(":"));
		assert_true(str_to_i64(str_slice(address, colon + 1, address.n), &port));
		v4.sin_port = htons((uint16_t)port);
		v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct timeval limit = { .tv_sec = 10 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	struct sockaddr_in from = { .sin_family = AF_INET };
	if (ip) {
		assert_int_equal(inet_pton(AF_INET, ip, &from.sin_addr), 1);
		assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	}
	int done = is_unix ? connect(fd, (struct sockaddr *)&local, sizeof(local))
	                   : connect(fd, (struct sockaddr *)&v4, sizeof(v4));
	if (done != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int kit_connect(const struct kit *kit) { return kit_connect_from(kit, NULL); }

bool kit_send_bytes(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n > 0) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

void kit_send(int fd, const char *text) { assert_true(kit_send_bytes(fd, text, strlen(text))); }

/* One byte, or -1 at the end. Slow, but never reads into the next answer. */
static int next_byte(int fd)
{
	unsigned char c;
	return recv(fd, &c, 1, 0) == 1 ? c : -1;
}

void kit_read(int fd, bool head_only, struct answer *out)
{
	size_t n = 0, kept = 0;
	memset(out, 0, sizeof(*out));
	while (n < sizeof(out->head) - 1 &&
	       !(n >= 4 && !memcmp(out->head + n - 4, "\r\n\r\n", 4))) {
		int c = next_byte(fd);
		if (c < 0)
			return;
		out->head[n++] = (char)c;
	}
	const char *length = strcasestr(out->head, "\r\ncontent-length:");
	assert_int_equal(sscanf(out->head, "HTTP/1.1 %d", &out->status), 1);
	if (out->status == 100) {
		kit_read(fd, head_only, out);
		return;
	}
	out->length = length ? strtoul(length + 17, NULL, 10) : 0;
	if (head_only || out->status == 304 || out->status == 204)
		return;
	for (size_t left = out->length; left > 0;) {
		char sink[65536];
		ssize_t k = recv(fd, sink, left < sizeof(sink) ? left : sizeof(sink), 0);
		if (k <= 0) {
			out->status = -out->status; /* cut in the middle */
			return;
		}
		size_t keep = kept < sizeof(out->body) - 1 ? sizeof(out->body) - 1 - kept : 0;
		memcpy(out->body + kept, sink, (size_t)k < keep ? (size_t)k : keep);
		kept += (size_t)k;
		left -= (size_t)k;
	}
}

void kit_ask(int fd, const char *text, struct answer *out)
{
	kit_send(fd, text);
	kit_read(fd, strncmp(text, "HEAD", 4) == 0, out);
}

void kit_ask_alone(const struct kit *kit, const char *text, struct answer *out)
{
	int fd = kit_connect(kit);
	assert_true(fd >= 0);
	kit_ask(fd, text, out);
	close(fd);
}

bool kit_has(const struct answer *answer, const char *line)
{
	return strcasestr(answer->head, line) != NULL;
}

bool kit_closed(int fd)
{
	char sink[65536];
	for (;;) {
		ssize_t n = recv(fd, sink, sizeof(sink), 0);
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
		if (n < 0)
			return false;
	}
}

int64_t kit_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
