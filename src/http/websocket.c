/* See websocket.h. */
#include "http/websocket.h"

#include "http/sha1.h"

#include "base/encode.h"

#include <sys/types.h>
#include <wslay/wslay.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KEY_BYTES 16
#define KEY_CHARS 24 /* of base64, with "==" */
/* One call of websocket_read gives the others their turn after so much. */
#define READ_MAX_BYTES 8192

struct websocket {
	wslay_event_context_ptr frames;
	int fd;
	bool gone;
	size_t read_bytes; /* by the call under way */
	void (*heard)(void *ctx, str text);
	void *ctx;
};

/* ---- the handshake ---- */

/* Is `word` an item of a comma-separated list? */
static bool lists(str list, str word)
{
	while (list.n > 0)
		if (str_eq_ascii_nocase(str_trim(str_cut(&list, ',')), word))
			return true;
	return false;
}

/* "dGhlIHNhbXBsZSBub25jZQ==": base64 of 16 bytes, canonical. */
static bool is_key(str key)
{
	char text[KEY_CHARS];
	uint8_t bytes[KEY_BYTES];
	if (key.n != KEY_CHARS || !str_ends(key, S("==")))
		return false;
	for (size_t i = 0; i < KEY_CHARS; i++)
		text[i] = key.p[i] == '+' ? '-' : key.p[i] == '/' ? '_' : key.p[i];
	return base64url_to((str){ text, KEY_CHARS - 2 }, bytes, sizeof(bytes));
}

/* Base64 in its ordinary alphabet, of the 20 bytes of the digest: with one "=". */
static str accept_of(str key, struct arena *mem)
{
	uint8_t digest[SHA1_BYTES];
	str text = str_format(mem, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", STR_ARG(key));
	sha1_of(text, digest);
	str plain = str_format(mem, "%.*s=", STR_ARG(base64url_of(mem, digest, sizeof(digest))));
	char *accept = str_to_c(mem, plain);
	for (size_t i = 0; i < plain.n; i++)
		accept[i] = accept[i] == '-' ? '+' : accept[i] == '_' ? '/' : accept[i];
	return (str){ accept, plain.n };
}

struct head_fault websocket_greet(const struct http_request *request, struct http_reply *reply)
{
	str key = http_header(request, "sec-websocket-key");
	if (request->method != HTTP_GET ||
	    !lists(http_header(request, "upgrade"), S("websocket")) ||
	    !lists(http_header(request, "connection"), S("upgrade")))
		return (struct head_fault){ 426, false, "This address speaks WebSocket alone." };
	if (!str_eq(http_header(request, "sec-websocket-version"), S("13")))
		return (struct head_fault){ 426, false,
			                    "This server speaks WebSocket version 13." };
	if (!is_key(key))
		return (struct head_fault){ 400, false, "The WebSocket key is malformed." };
	reply->status = 101;
	reply->body = STR_NONE;
	http_reply_literal(reply, "Upgrade", "websocket");
	http_reply_literal(reply, "Sec-WebSocket-Accept",
	                   str_to_c(reply->mem, accept_of(key, reply->mem)));
	return (struct head_fault){ .status = 0 };
}

/* ---- frames ---- */

static ssize_t on_recv(wslay_event_context_ptr frames, uint8_t *bytes, size_t n, int flags,
                       void *ctx)
{
	struct websocket *ws = ctx;
	(void)flags;
	ssize_t got = -1;
	errno = EAGAIN;
	if (ws->read_bytes < READ_MAX_BYTES)
		got = recv(ws->fd, bytes, n, MSG_DONTWAIT);
	if (got > 0) {
		ws->read_bytes += (size_t)got;
		return got;
	}
	bool later = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
	ws->gone |= !later;
	wslay_event_set_error(frames, later ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static ssize_t on_send(wslay_event_context_ptr frames, const uint8_t *bytes, size_t n, int flags,
                       void *ctx)
{
	struct websocket *ws = ctx;
	int more = flags & WSLAY_MSG_MORE ? MSG_MORE : 0;
	ssize_t sent = send(ws->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL | more);
	if (sent >= 0)
		return sent;
	bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	ws->gone |= !later;
	wslay_event_set_error(frames, later ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static void on_message(wslay_event_context_ptr frames,
                       const struct wslay_event_on_msg_recv_arg *message, void *ctx)
{
	struct websocket *ws = ctx;
	if (message->opcode == WSLAY_BINARY_FRAME)
		(void)wslay_event_queue_close(frames, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
	else if (message->opcode == WSLAY_TEXT_FRAME && ws->heard)
		ws->heard(ws->ctx, (str){ (const char *)message->msg, message->msg_length });
}

struct websocket *websocket_new(int fd, void (*heard)(void *ctx, str text), void *ctx)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.on_msg_recv_callback = on_message,
	};
	struct websocket *ws = calloc(1, sizeof(*ws));
	if (!ws)
		return NULL;
	*ws = (struct websocket){ .fd = fd, .heard = heard, .ctx = ctx };
	if (wslay_event_context_server_init(&ws->frames, &callbacks, ws) != 0) {
		free(ws);
		return NULL;
	}
	wslay_event_config_set_max_recv_msg_length(ws->frames, WEBSOCKET_HEARD_MAX_BYTES);
	return ws;
}

void websocket_free(struct websocket *ws)
{
	if (!ws)
		return;
	wslay_event_context_free(ws->frames);
	free(ws);
}

/* After a close frame nothing more may be queued, and nothing is: that is no fault. */
static void queue(struct websocket *ws, uint8_t opcode, str bytes)
{
	const struct wslay_event_msg message = { .opcode = opcode,
		                                 .msg = (const uint8_t *)bytes.p,
		                                 .msg_length = bytes.n };
	if (wslay_event_queue_msg(ws->frames, &message) == WSLAY_ERR_NOMEM)
		ws->gone = true;
}

void websocket_text(struct websocket *ws, str text) { queue(ws, WSLAY_TEXT_FRAME, text); }

void websocket_ping(struct websocket *ws) { queue(ws, WSLAY_PING, STR_NONE); }

void websocket_end(struct websocket *ws, enum websocket_end why)
{
	if (wslay_event_queue_close(ws->frames, (uint16_t)why, NULL, 0) == WSLAY_ERR_NOMEM)
		ws->gone = true;
}

bool websocket_read(struct websocket *ws, size_t *n)
{
	ws->read_bytes = 0;
	if (wslay_event_want_read(ws->frames)) {
		/* A fault is the client's, and the goodbye to it is queued; of the socket's own, on_recv tells. */
		(void)wslay_event_recv(ws->frames);
	} else {
		/* Past its goodbye: what still comes is dropped, so that the close is no reset. */
		char sink[4096];
		ssize_t got = recv(ws->fd, sink, sizeof(sink), MSG_DONTWAIT);
		ws->gone |= got == 0;
		ws->read_bytes = got > 0 ? (size_t)got : 0;
	}
	*n += ws->read_bytes;
	return !ws->gone;
}

bool websocket_write(struct websocket *ws)
{
	if (wslay_event_want_write(ws->frames) && wslay_event_send(ws->frames) != 0)
		ws->gone = true;
	return !ws->gone;
}

bool websocket_pending(const struct websocket *ws) { return wslay_event_want_write(ws->frames); }

bool websocket_closing(const struct websocket *ws) { return !wslay_event_want_read(ws->frames); }

bool websocket_over(const struct websocket *ws)
{
	return !wslay_event_want_read(ws->frames) && !wslay_event_want_write(ws->frames);
}
