/* See server.h. Everything the rest of the program must not know about libmicrohttpd is in this
 * file.
 *
 * A connection's request goes through steps: HEAD (its first line was read) → BODY or DROP (the
 * head was judged) → DONE (the reply is ready), then back to the start. The library calls
 * on_request at each; a lane's thread takes the request over between BODY and DONE while the
 * connection is suspended, so it always has exactly one owner.
 *
 * Answers that cannot wait for the end of a body are written straight to the socket (refuse_now),
 * because the library takes no reply between the first and the last byte of a body. */
#include "http/server_private.h"

#include <microhttpd.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A refused body up to this size is read past, so that the connection can go on; a larger one ends
 * it. */
#define DROP_MAX_BYTES (64 * 1024)
/* First chunk of a request's arena: a screenful of posts as JSON fits. */
#define ARENA_FIRST_BYTES (64 * 1024)
/* Arenas kept for the next request; more than this many at one time are rare. */
#define ARENAS_KEPT 128
/* The library's memory for a connection beside the head: its records of fields, and the reply's
 * head. */
#define WIRE_EXTRA_BYTES (16 * 1024)
#define LOOP_STACK_BYTES ((size_t)1 << 20)

/* Finer than the seam's clock, for the histogram alone: no decision depends on it. */
static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A unix socket is opened only by whom its file mode admits: our proxy. */
static bool is_proxy(const struct http_server *s, const struct http_peer *peer)
{
	return !peer->known ||
	       (s->has_proxy && memcmp(peer->ip, s->proxy.ip, sizeof(peer->ip)) == 0);
}

static enum MHD_Result on_accept(void *ctx, const struct sockaddr *at, socklen_t at_n)
{
	struct http_server *s = ctx;
	struct http_peer peer;
	(void)at_n;
	if (!http_peer_of_socket(at, &peer) || is_proxy(s, &peer) ||
	    janitor_admits(s->janitor, http_peer_key(&peer)))
		return MHD_YES;
	metrics_refused(s->settings.metrics, METRICS_PEER_FULL);
	return MHD_NO;
}

static void conn_open(struct http_server *s, struct MHD_Connection *wire, void **socket_ctx)
{
	struct conn *c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->server = s;
	c->wire = wire;
	(void)http_peer_of_socket(
		MHD_get_connection_info(wire, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
		&c->peer);
	c->proxy = is_proxy(s, &c->peer);
	janitor_due(&c->watched, PHASE_HEAD, clock_mono(s->settings.clock) + s->settings.head_ms);
	janitor_watch(s->janitor, &c->watched,
	              MHD_get_connection_info(wire, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
	              http_peer_key(&c->peer), !c->proxy);
	metrics_add(s->settings.metrics, METRICS_CONNECTIONS, 1);
	*socket_ctx = c;
}

static void on_connection(void *ctx, struct MHD_Connection *wire, void **socket_ctx,
                          enum MHD_ConnectionNotificationCode code)
{
	struct http_server *s = ctx;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_open(s, wire, socket_ctx);
		return;
	}
	struct conn *c = *socket_ctx;
	int unread = 0;
	bool sending = c->close_gently ||
	               (ioctl(c->watched.fd, FIONREAD, &unread) == 0 && unread > 0);
	janitor_leave(s->janitor, &c->watched, sending && !c->handed_over);
	metrics_add(s->settings.metrics, METRICS_CONNECTIONS, -1);
	free(c);
}

static void build_response(struct conn *c)
{
	struct http_reply *reply = &c->now.reply;
	if (reply->stream)
		return;
	/* A file becomes the response's. Persistent: the bytes are static or the arena's, which outlives the response. */
	struct MHD_Response *response =
		reply->file >= 0 ? MHD_create_response_from_fd64(reply->file_bytes, reply->file)
				 : MHD_create_response_from_buffer(reply->body.n,
	                                                           (void *)(uintptr_t)reply->body.p,
	                                                           MHD_RESPMEM_PERSISTENT);
	if (!response) {
		http_reply_reset(reply);
		return;
	}
	for (size_t i = 0; i < reply->fields_n; i++)
		(void)MHD_add_response_header(response, reply->fields[i].name.p,
		                              reply->fields[i].value.p);
	if (reply->close)
		(void)MHD_add_response_header(response, "Connection", "close");
	c->now.response = response;
}

/* From here on the connection is the streams'. The library closes its own descriptor of the socket, which ends nothing
 * as long as it does not shut it down (MHD_USE_TURBO). */
static enum MHD_Result hand_over(struct conn *c)
{
	struct http_server *s = c->server;
	struct http_reply *reply = &c->now.reply;
	int fd = fcntl(c->watched.fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return MHD_NO;
	str head = http_reply_wire(reply, MHD_get_reason_phrase_for((unsigned)reply->status),
	                           clock_now(s->settings.clock), false);
	streams_take(s->streams, fd, &c->peer, !c->proxy, reply->stream, head);
	reply->stream = NULL;
	c->now.answered = true;
	c->handed_over = true;
	return MHD_NO;
}

static enum MHD_Result send_reply(struct conn *c)
{
	struct http_server *s = c->server;
	struct current *now = &c->now;
	if (now->reply.stream)
		return hand_over(c);
	if (!now->response)
		return MHD_NO;
	janitor_due(&c->watched, PHASE_REPLY,
	            clock_mono(s->settings.clock) +
	                    request_time_for(s, now->reply.file >= 0 ? now->reply.file_bytes
	                                                             : now->reply.body.n));
	now->answered = true;
	/* on_completed drops our hold on the response. */
	return MHD_queue_response(c->wire, (unsigned)now->reply.status, now->response);
}

static enum MHD_Result reply_here(struct conn *c)
{
	request_fill_reply(c);
	build_response(c);
	return send_reply(c);
}

/* Answers although the body is not at its end, and ends the connection. */
static enum MHD_Result refuse_now(struct conn *c)
{
	struct current *now = &c->now;
	struct http_reply *reply = &now->reply;
	request_fill_reply(c);
	str bytes = http_reply_wire(reply, MHD_get_reason_phrase_for((unsigned)reply->status),
	                            clock_now(c->server->settings.clock), now->head_only);
	/* The socket's buffer is empty, or else the client does not read answers anyway. */
	ssize_t sent = send(c->watched.fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	now->answered = sent == (ssize_t)bytes.n;
	c->close_gently = true;
	return MHD_NO;
}

/* A first line was read. Keeps the target as it came, for the library cuts it up next. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *wire)
{
	struct http_server *s = ctx;
	struct conn *c =
		MHD_get_connection_info(wire, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	c->now = (struct current){ .mem = stock_take(s->stock) };
	c->now.target = str_dup(c->now.mem, str_of(target));
	if (janitor_phase(&c->watched) == PHASE_IDLE)
		janitor_due(&c->watched, PHASE_HEAD,
		            clock_mono(s->settings.clock) + s->settings.head_ms);
	return c;
}

/* The library's idea of unescaping is not strict enough; head_read has its own. */
static size_t keep_escapes(void *ctx, struct MHD_Connection *wire, char *text)
{
	(void)ctx, (void)wire;
	return strlen(text);
}

static enum MHD_Result collect_field(void *ctx, enum MHD_ValueKind kind, const char *name,
                                     size_t name_n, const char *value, size_t value_n)
{
	struct head *head = ctx;
	(void)kind;
	struct http_field field = { { name, name_n }, { value, value_n } };
	head->fields[head->fields_n++] = field;
	return MHD_YES;
}

static struct head_fault judge_head(struct conn *c, const char *method, const char *version)
{
	struct current *now = &c->now;
	struct http_server *s = c->server;
	struct head head = {
		.method = str_of(method),
		.version = str_of(version),
		.target = now->target,
		.peer = c->peer,
		.proxy = c->proxy,
	};
	int fields = MHD_get_connection_values_n(c->wire, MHD_HEADER_KIND, NULL, NULL);
	head.fields = ARENA_ARRAY(now->mem, (size_t)fields, struct http_field);
	(void)MHD_get_connection_values_n(c->wire, MHD_HEADER_KIND, collect_field, &head);
	now->head_only = str_eq(head.method, S("HEAD"));
	struct head_fault fault = head_read(&head, now->mem, &now->request, &now->framing);
	size_t head_bytes = MHD_get_connection_info(c->wire,
	                                            MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
	                            ->header_size;
	if (fault.status == 0 && head_bytes > s->settings.head_max_bytes)
		return (struct head_fault){ 431, true, "The head of the request is too large." };
	if (fault.status == 0 && atomic_load(&s->draining))
		return (struct head_fault){ 503, true, "The server is stopping." };
	if (fault.status != 0)
		metrics_refused(s->settings.metrics, METRICS_MALFORMED);
	return fault;
}

static enum MHD_Result begin(struct conn *c, const char *method, const char *version)
{
	struct http_server *s = c->server;
	struct current *now = &c->now;
	now->started = true;
	now->step = STEP_BODY;
	now->head_at_us = now_us();
	now->head_at_ms = clock_mono(s->settings.clock);
	atomic_fetch_add(&s->in_flight, 1);
	metrics_add(s->settings.metrics, METRICS_IN_FLIGHT, 1);
	janitor_due(&c->watched, PHASE_BODY, now->head_at_ms + request_time_for(s, 0));

	now->fault = judge_head(c, method, version);
	if (now->fault.status == 0) {
		now->plan = s->app.plan(s->app.ctx, &now->request);
		now->planned = true;
		request_begin_body(c);
	} else {
		now->step = STEP_DROP;
	}
	if (now->fault.close || (now->step == STEP_DROP && now->framing.bytes > DROP_MAX_BYTES))
		return refuse_now(c);
	return MHD_YES;
}

static enum MHD_Result take_body(struct conn *c, const char *bytes, size_t n)
{
	struct current *now = &c->now;
	request_add_body(c, bytes, n);
	janitor_due(&c->watched, PHASE_BODY,
	            now->head_at_ms + request_time_for(c->server, now->received_bytes));
	return now->dropped_bytes > DROP_MAX_BYTES ? refuse_now(c) : MHD_YES;
}

static enum metrics_gauge queue_gauge(const struct conn *c)
{
	return c->now.plan.lane == LANE_HASH ? METRICS_HASH_QUEUE : METRICS_WRITE_QUEUE;
}

/* On a lane's thread. After the resume the connection is the loop's again. */
static void work(void *item)
{
	struct conn *c = item;
	metrics_add(c->server->settings.metrics, queue_gauge(c), -1);
	request_fill_reply(c);
	build_response(c);
	c->now.step = STEP_DONE;
	MHD_resume_connection(c->wire);
}

static enum MHD_Result complete(struct conn *c)
{
	struct http_server *s = c->server;
	struct current *now = &c->now;
	janitor_due(&c->watched, PHASE_WORK, 0);
	request_end_body(c);
	struct lane *lane = now->step == STEP_BODY ? s->lanes[now->plan.lane] : NULL;
	if (!lane)
		return reply_here(c);
	if (!lane_reserve(lane)) {
		request_refuse_busy(c);
		return reply_here(c);
	}
	metrics_add(s->settings.metrics, queue_gauge(c), 1);
	/* Suspended first: a fast thread may resume it before lane_put returns. */
	MHD_suspend_connection(c->wire);
	lane_put(lane, c);
	return MHD_YES;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *wire, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *bytes_n, void **request_ctx)
{
	struct conn *c = *request_ctx;
	(void)ctx, (void)wire, (void)url;
	switch (c->now.step) {
	case STEP_HEAD:
		return begin(c, method, version);
	case STEP_BODY:
	case STEP_DROP:
		if (*bytes_n == 0)
			return complete(c);
		size_t n = *bytes_n;
		*bytes_n = 0;
		return take_body(c, bytes, n);
	case STEP_DONE:
		return send_reply(c);
	}
	return MHD_NO;
}

static void on_completed(void *ctx, struct MHD_Connection *wire, void **request_ctx,
                         enum MHD_RequestTerminationCode code)
{
	struct http_server *s = ctx;
	struct conn *c = *request_ctx;
	struct current *now = c ? &c->now : NULL;
	(void)wire, (void)code;
	if (!now || !now->mem)
		return;
	if (now->response)
		MHD_destroy_response(now->response);
	if (now->reply.stream) {
		request_forget_stream(c);
		streams_release(s->streams);
	}
	if (now->answered)
		metrics_request(s->settings.metrics,
		                now->planned ? now->plan.route_index : UINT32_MAX,
		                now->reply.status, now_us() - now->head_at_us);
	if (now->started) {
		atomic_fetch_sub(&s->in_flight, 1);
		metrics_add(s->settings.metrics, METRICS_IN_FLIGHT, -1);
	}
	body_drop(s->bodies, &now->body);
	stock_give(s->stock, now->mem);
	c->now = (struct current){ .mem = NULL };
	/* One that was answered while draining began missed the dismissal. */
	int64_t idle_ms = atomic_load(&s->draining) ? 0 : s->settings.idle_ms;
	janitor_due(&c->watched, PHASE_IDLE, clock_mono(s->settings.clock) + idle_ms);
}

static err start_daemon(struct http_server *s)
{
	const struct http_settings *set = &s->settings;
	struct MHD_OptionItem options[] = {
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, s },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, s },
		{ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, s },
		{ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL },
		{ MHD_OPTION_LISTEN_SOCKET, s->listener.fd, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT, (intptr_t)set->connections_max, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		  (intptr_t)(set->head_max_bytes + WIRE_EXTRA_BYTES), NULL },
		{ MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL }, /* the janitor's */
		{ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
		{ MHD_OPTION_THREAD_STACK_SIZE, (intptr_t)LOOP_STACK_BYTES, NULL },
		/* One loop is no pool, says the library. */
		{ set->loops > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
		  (intptr_t)set->loops, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0,
		on_accept, s, on_request, s, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
	return s->daemon ? OK : err_system("the event loops could not be started");
}

err http_server_start(const struct http_settings *settings, struct http_app app,
                      struct http_server **out)
{
	struct http_server *s = calloc(1, sizeof(*s));
	err e;
	if (!s)
		abort();
	s->settings = *settings;
	s->app = app;
	s->listener.fd = -1;
	s->stock = stock_new(ARENA_FIRST_BYTES, ARENAS_KEPT);
	s->bodies = body_room_new(settings->bodies_max_bytes, settings->spool,
	                          settings->spooled_max, settings->metrics);
	(void)signal(SIGPIPE, SIG_IGN);
	s->has_proxy = settings->trusted_proxy != NULL;
	if (s->has_proxy && !http_peer_of(str_of(settings->trusted_proxy), &s->proxy))
		TRY(err_input("trusted_proxy", "the trusted proxy must be a numeric address"));
	TRY(listen_open(settings->listen, settings->unix_mode, &s->listener));
	TRY(janitor_open(settings->clock, http_settings_tick_ms(settings),
	                 settings->connections_max, settings->connections_per_peer,
	                 settings->metrics, &s->janitor));
	TRY(streams_open(&(struct streams_settings){ .threads = settings->loops,
	                                             .streams_max = settings->streams_max,
	                                             .beat_ms = settings->beat_ms,
	                                             .stall_ms = settings->body_ms,
	                                             .clock = settings->clock,
	                                             .janitor = s->janitor,
	                                             .metrics = settings->metrics },
	                 &s->streams));
	TRY(lane_open(settings->write_threads, settings->write_queue, work, &s->lanes[LANE_WRITE]));
	TRY(lane_open(settings->hash_threads, settings->hash_queue, work, &s->lanes[LANE_HASH]));
	TRY(start_daemon(s));
	log_event(settings->log, LOG_INFO, "http.listening",
	          LOG_STR("address", http_server_address(s)));
	*out = s;
	s = NULL;
out:
	http_server_stop(s);
	return e;
}

str http_server_address(const struct http_server *server)
{
	return str_of(server->listener.address);
}

bool http_server_draining(const struct http_server *server)
{
	return atomic_load(&server->draining);
}

/* The kernel refuses from here on; the fd stays ours until the loops are gone. */
static void stop_accepting(struct http_server *s)
{
	if (atomic_exchange(&s->draining, true) || s->listener.fd < 0)
		return;
	if (s->daemon)
		(void)MHD_quiesce_daemon(s->daemon);
	shutdown(s->listener.fd, SHUT_RDWR);
	listen_forget(&s->listener);
}

bool http_server_drain(struct http_server *s, int64_t wait_ms)
{
	const struct timespec step = { .tv_nsec = 5 * 1000 * 1000 };
	stop_accepting(s);
	janitor_dismiss_idle(s->janitor);
	(void)streams_end(s->streams, wait_ms);
	/* Steps are counted, not a clock read: a test's clock may stand still. */
	for (int64_t waited_ms = 0; waited_ms < wait_ms && atomic_load(&s->in_flight) > 0;
	     waited_ms += 5)
		nanosleep(&step, NULL);
	int left = atomic_load(&s->in_flight);
	log_event(s->settings.log, LOG_INFO, "http.drained", LOG_I64("left", left));
	return left == 0;
}

void http_server_stop(struct http_server *s)
{
	if (!s)
		return;
	stop_accepting(s);
	/* The lanes first: each connection they hold must be resumed before the loops end. */
	for (int i = 0; i < HTTP_LANES; i++)
		lane_end(s->lanes[i]);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	for (int i = 0; i < HTTP_LANES; i++)
		lane_free(s->lanes[i]);
	streams_close(s->streams);
	janitor_close(s->janitor);
	if (s->listener.fd >= 0)
		close(s->listener.fd);
	body_room_free(s->bodies);
	stock_free(s->stock);
	free(s);
}
