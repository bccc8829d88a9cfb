/* server_private.h - one connection and its request, for server.c (which knows the library) and request.c (which does
 * not). No other room includes this. */
#ifndef KITH_HTTP_SERVER_PRIVATE_H
#define KITH_HTTP_SERVER_PRIVATE_H

#include "http/body.h"
#include "http/head.h"
#include "http/janitor.h"
#include "http/lane.h"
#include "http/listen.h"
#include "http/server.h"
#include "http/stock.h"
#include "http/stream.h"

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

enum step { STEP_HEAD, STEP_BODY, STEP_DROP, STEP_DONE };

struct conn {
	struct watched watched;
	struct http_server *server;
	struct MHD_Connection *wire;
	struct http_peer peer;
	bool proxy;        /* the trusted one: X-Forwarded-For is believed */
	bool close_gently; /* the client may still be sending */
	bool handed_over;  /* the socket is a stream's */

	/* The request under way; all zero between requests. */
	struct current {
		struct arena *mem;
		str target;
		enum step step;
		bool started, planned, head_only, answered;
		struct http_request request;
		struct head_framing framing;
		struct head_fault fault;
		struct http_plan plan;
		struct http_reply reply;
		struct MHD_Response *response;
		struct body body;
		size_t received_bytes; /* kept or dropped */
		size_t dropped_bytes;
		int64_t head_at_ms, head_at_us;
	} now;
};

struct http_server {
	struct http_settings settings;
	struct http_app app;
	struct listener listener;
	bool has_proxy;
	struct http_peer proxy;
	struct MHD_Daemon *daemon;
	struct janitor *janitor;
	struct lane *lanes[HTTP_LANES]; /* none for LANE_READ */
	atomic_bool draining;
	atomic_int in_flight;
	struct body_room *bodies;
	struct streams *streams;
	struct stock *stock;
};

/* How often the deadlines are looked after. */
int64_t http_settings_tick_ms(const struct http_settings *set);

/* How long `bytes` may take, after what is allowed for any body. */
int64_t request_time_for(const struct http_server *s, size_t bytes);
/* The head is fine: what becomes of the body is the plan's. */
void request_begin_body(struct conn *c);
/* Bytes of the body, kept or dropped. */
void request_add_body(struct conn *c, const char *bytes, size_t n);
/* The body is whole: it is the request's from here on. */
void request_end_body(struct conn *c);
/* There is no room for the work now: 503. */
void request_refuse_busy(struct conn *c);
/* The app's answer, or the refusal's. */
void request_fill_reply(struct conn *c);
/* Lets go of a stream that was answered and never began. */
void request_forget_stream(struct conn *c);

#endif
