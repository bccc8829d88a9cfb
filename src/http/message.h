/* message.h - one request and its reply, as the rest of the program sees them.
 *
 * Nothing here knows the library that speaks the wire, nor what a path means. A request is
 * read-only; a reply is filled by one thread and sent by the server. All of both lives until the
 * last byte of the reply is sent. */
#ifndef KITH_HTTP_MESSAGE_H
#define KITH_HTTP_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct params; /* form.h */

struct http_wake;

/* HEAD arrives as HTTP_GET: the server drops the body by itself. */
enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS };
#define HTTP_METHODS 6

/* A word a header or method name may be (RFC 9110, 5.6.2). */
bool http_is_token(str text);
const char *http_method_name(enum http_method method);
bool http_method_of(str text, enum http_method *method); /* exact upper case; HEAD gives HTTP_GET */

struct http_field {
	str name, value;
};

/* Who is calling. Through the trusted proxy (or a unix socket, whose file mode says who may open
 * it) this is the last address of X-Forwarded-For; from anyone else the socket's own, whatever the
 * headers claim. */
struct http_peer {
	uint8_t ip[16]; /* IPv6, or IPv4 as ::ffff:a.b.c.d */
	bool known;     /* false: a unix socket without X-Forwarded-For */
};

struct http_request {
	enum http_method method;
	/* Decoded once, valid UTF-8, starts with '/', no control bytes; %2F and %5C are refused. */
	str path;
	str query_text;             /* raw, without '?' */
	const struct params *query; /* the same, decoded: never NULL */
	str content_type;           /* lower case, no parameters: "application/json" */
	str body;                   /* at most the plan's body_max_bytes; empty in `plan` */
	int body_fd; /* where the plan asked for a file: `body` maps it, nothing is in memory; else -1 */
	struct http_peer peer;
	struct http_field *fields; /* in the order they came; borrow the connection */
	size_t fields_n;
	struct arena *mem;
};

/* A header's value, name in any case; STR_NONE when absent. The first of several. */
str http_header(const struct http_request *request, const char *name);
/* A cookie's value; STR_NONE when absent, and when it comes twice (a planted second one must not
 * win). */
str http_cookie(const struct http_request *request, const char *name);
/* First value of a query parameter as text; STR_NONE when absent. Lists and types: params_* on
 * `query`. */
str http_query(const struct http_request *request, const char *name);

/* "203.0.113.9" or "2001:db8::1"; "local" when unknown. */
str http_peer_text(const struct http_peer *peer, struct arena *mem);
/* What a limit counts as one caller: an IPv4 address, or the /64 of an IPv6 address. */
uint64_t http_peer_key(const struct http_peer *peer);
/* Reads "203.0.113.9", "2001:db8::1" or "[2001:db8::1]"; a port or anything else is refused. */
bool http_peer_of(str text, struct http_peer *peer);

/* The address of an accepted socket; false for a unix one, whose peer has none. */
struct sockaddr;
bool http_peer_of_socket(const struct sockaddr *at, struct http_peer *peer);

/* An answer without an end: server-sent events, or a WebSocket (RFC 6455; its handshake and its frames are the
 * server's). All functions are called one at a time for one stream and must not block. */
struct http_stream {
	void *ctx;
	bool websocket; /* else the body goes on */
	str beat; /* of a body: sent when nothing else was for beat_ms; static. A WebSocket is sent a ping */
	/* Given once, when the head is on its way: what http_stream_wake wants. */
	void (*opened)(void *ctx, struct http_wake *wake);
	/* The next thing to send into `out` (bytes of the body, or one text message); nothing when there is none now: then
	 * asleep until http_stream_wake or the next beat. Asked again only when all of it has gone. False: the end, after what is in
	 * `out`. */
	bool (*next)(void *ctx, struct buf *out);
	/* A text message of the client's, at most 4 KiB. NULL: messages are ignored. */
	void (*heard)(void *ctx, str text);
	/* Once, last, also when it never opened: nothing is called after, and `wake` is dead. */
	void (*closed)(void *ctx);
};
/* `next` is to be asked again. From any thread, between opened and closed; many times before that count once. */
void http_stream_wake(struct http_wake *wake);
/* The same, and half a second later it is closed, whatever `next` or the client do. */
void http_stream_end(struct http_wake *wake);

/* Content-Length, Connection and Date are the server's. */
struct http_reply {
	int status;
	str body; /* in the request's arena, or static: sent without a copy */
	struct http_field *fields;
	size_t fields_n, fields_cap;
	bool close; /* close the connection after this answer */
	int file; /* instead of `body`: sent from this descriptor (sendfile), which the server closes; -1: none */
	size_t file_bytes;
	const struct http_stream *stream; /* instead of both; copied when it begins */
	struct arena *mem;
};

void http_reply_init(struct http_reply *reply, struct arena *mem); /* 200, no body, no fields */
/* Init again, for another answer in its place; closes a file that was to be sent. */
void http_reply_reset(struct http_reply *reply);
/* Adds a field; a name may come more than once (Set-Cookie). `name` is copied too. Refused with
 * ERR_INPUT: a value with a byte below 0x20 or 0x7F (so no CR, LF or NUL), a name that is no token,
 * and the names the server sets by itself. */
MUST_CHECK err http_reply_field(struct http_reply *reply, const char *name, str value);
/* For a name and value written in the source: asserts instead of refusing. */
void http_reply_literal(struct http_reply *reply, const char *name, const char *value);
/* Status, body and Content-Type in one; `type` is written in the source. */
void http_reply_body(struct http_reply *reply, int status, const char *type, str body);
void http_reply_json(struct http_reply *reply, int status, str json);
/* {"error":…,"error_description":…[,"field":…]}, with 422 also "details"; `field` may be NULL. */
void http_reply_error(struct http_reply *reply, int status, const char *field,
                      const char *sentence);

/* The reply as bytes, for a connection that ends with it; of a stream, its head. */
str http_reply_wire(const struct http_reply *reply, const char *phrase, int64_t now_ms,
                    bool head_only);

#endif
