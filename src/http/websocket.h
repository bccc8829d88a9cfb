/* websocket.h - a WebSocket on an open socket (RFC 6455): its handshake, its frames, its close.
 *
 * The frames are libwslay's (it enforces masks, UTF-8, the order of fragments and the close handshake); what is refused
 * here beside that: binary messages, and messages over WEBSOCKET_HEARD_MAX_BYTES. */
#ifndef KITH_HTTP_WEBSOCKET_H
#define KITH_HTTP_WEBSOCKET_H

#include "http/head.h"

#define WEBSOCKET_HEARD_MAX_BYTES 4096

enum websocket_end {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_GOING_AWAY = 1001,
	WEBSOCKET_POLICY = 1008
};

/* Is this a handshake that can be accepted? Then status and fields of the reply are those of the acceptance; else the
 * fault says what is missing. */
struct head_fault websocket_greet(const struct http_request *request, struct http_reply *reply);

struct websocket;

/* `fd` is borrowed and does not block. `heard` gets each text message. NULL: no memory. */
struct websocket *websocket_new(int fd, void (*heard)(void *ctx, str text), void *ctx);
void websocket_free(struct websocket *ws); /* accepts NULL */

/* Queued; websocket_write sends. */
void websocket_text(struct websocket *ws, str text);
void websocket_ping(struct websocket *ws);
void websocket_end(struct websocket *ws, enum websocket_end why);

/* Takes what has come, at most a few KiB; adds its bytes to `n`. False: the other side is gone. */
bool websocket_read(struct websocket *ws, size_t *n);
/* Sends what is queued as far as the socket takes it. False: the other side is gone. */
bool websocket_write(struct websocket *ws);
bool websocket_pending(const struct websocket *ws); /* something is queued */
bool websocket_closing(
	const struct websocket *ws); /* the other side said goodbye, or broke the rules */
bool websocket_over(const struct websocket *ws); /* and ours has gone out */

#endif
