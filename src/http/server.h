/* server.h - HTTP/1.1 on one listening socket: bytes to request, reply to bytes.
 *
 * A few event loops accept, parse and send. When a head is complete the app plans the request
 * (which route, how large a body, which lane); when the body is complete the app serves it on that
 * lane, on one thread from first to last.
 *
 * Bounded at the door: connections (all, and of one address), head bytes, body bytes, the time for
 * head, body, idling and reading the answer, and every queue. Over a bound: 413 naming it, 431, 503
 * with Retry-After, or the connection is cut. Refused: anything two parsers could read differently
 * (two lengths, length and chunks, a doubled Host, ...). */
#ifndef KITH_HTTP_SERVER_H
#define KITH_HTTP_SERVER_H

#include "http/message.h"
#include "http/metrics.h"

#include "base/log.h"
#include "base/seam.h"

enum http_lane {
	LANE_READ,  /* in the event loop: must not block */
	LANE_WRITE, /* many small threads: waits for commits, which like company */
	LANE_HASH   /* few threads, short queue: a password takes 64 MiB and 0.1 s */
};
#define HTTP_LANES 3

/* What the app decides when it has seen the head: all of the request but its body. */
struct http_plan {
	size_t body_max_bytes; /* a body over it gets 413 without being kept */
	enum http_lane lane;
	bool body_to_file; /* the body goes to a nameless file in settings.spool, not to memory */
	bool refuse; /* the head decides: the body is dropped, `serve` runs in the loop without */
	unsigned route_index; /* for metrics; from the count upwards: "none" */
	const void *route;    /* the app's own */
	void *call;           /* the app's own, in the request's arena */
};

struct http_app {
	void *ctx;
	/* Runs in an event loop: must not block. */
	struct http_plan (*plan)(void *ctx, const struct http_request *head);
	/* Fills the reply. Called exactly once for each planned request whose body arrived. */
	void (*serve)(void *ctx, const struct http_plan *plan, const struct http_request *request,
	              struct http_reply *reply);
	/* Adds what every answer carries (CORS, security headers), the server's own refusals
	 * included. May be NULL. For those `plan` is NULL when the request never got one, and
	 * `request` may have nothing but `mem`. */
	void (*finish)(void *ctx, const struct http_plan *plan, const struct http_request *request,
	               struct http_reply *reply);
};

struct http_settings {
	const char *listen;   /* "ADDR:PORT", "[ADDR]:PORT" (port 0: any free one) or "unix:PATH" */
	unsigned unix_mode;   /* of the socket file */
	const char *spool;    /* folder for bodies that go to a file; NULL: none may */
	unsigned spooled_max; /* at one time: more get 503 */
	int64_t beat_ms;      /* of streams */
	unsigned streams_max; /* open at one time: more get 503 */
	const char *trusted_proxy; /* address whose X-Forwarded-For is believed, or NULL */

	unsigned loops;
	unsigned write_threads, write_queue;
	unsigned hash_threads, hash_queue;

	unsigned connections_max;
	/* Less when more than half of all places are taken. The trusted proxy and unix sockets are not counted. */
	unsigned connections_per_peer;
	size_t head_max_bytes;
	size_t bodies_max_bytes; /* of all bodies held at one time: over it, 503 */

	/* Deadlines, not idle timeouts: a drip of bytes does not extend them. */
	int64_t head_ms; /* the head: from accepting, or from a later request's first line */
	int64_t body_ms; /* the body, and again the answer: this, ... */
	int64_t bytes_per_second; /* ... and the time their bytes take at this pace */
	int64_t idle_ms;          /* from an answer to the next request's first line */

	struct clock clock;
	struct log *log;         /* borrowed; may be NULL */
	struct metrics *metrics; /* borrowed; may be NULL */
};

/* The figures this program is run with: 2 loops, 64 writers (queue 1,024), 2 hashers (queue 64),
 * 8,192 connections, 128 of one address, heads of 16 KiB, 64 MiB of bodies and 32 in files (when there
 * is a spool), 10 s for a head, 30 s + 4 KiB/s for a body, 60 s idle, 4,096 streams with a beat of 20 s. */
struct http_settings http_settings_default(const char *listen, struct clock clock);

struct http_server;

/* Listening when it returns. `settings` and `app` are copied (what they point to is borrowed until
 * http_server_stop). ERR_CONFLICT: the address is taken; ERR_INPUT: it makes no sense. SIGPIPE is
 * ignored from here on. */
MUST_CHECK err http_server_start(const struct http_settings *settings, struct http_app app,
                                 struct http_server **out);
/* "127.0.0.1:8420", "[::1]:8420" or "unix:/run/kith.sock": with the port that was really bound. */
str http_server_address(const struct http_server *server);
/* True from the first http_server_drain on: what /readyz tells. */
bool http_server_draining(const struct http_server *server);
/* Stops accepting, lets go of idle connections, answers 503 to requests that begin from now on and
 * waits until those in flight are answered, at most `wait_ms`. True when none was left. */
bool http_server_drain(struct http_server *server, int64_t wait_ms);
/* Ends everything and frees. Work a thread has begun is waited for. Accepts NULL. */
void http_server_stop(struct http_server *server);

#endif
