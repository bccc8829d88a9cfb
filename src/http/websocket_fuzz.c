/* websocket_fuzz.c - a handshake (the first line of the input: key, tab, connection, tab, upgrade), then bytes as a client
 * might send them, in pieces of the size the next byte says. What is heard is text within its bound; what is answered is
 * whole; and an end is an end. */
#include <assert.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void hear(void *ctx, str text)
{
	size_t *heard = ctx;
	assert(text.n <= WEBSOCKET_HEARD_MAX_BYTES && utf8_valid(text));
	(*heard)++;
}

static void greet(str line, struct arena *mem)
{
	str key = str_cut(&line, '\t'), connection = str_cut(&line, '\t');
	struct http_field fields[] = { { S("Sec-WebSocket-Key"), key },
		                       { S("Connection"), connection },
		                       { S("Upgrade"), line },
		                       { S("Sec-WebSocket-Version"), S("13") } };
	struct http_request request = {
		.method = HTTP_GET, .fields = fields, .fields_n = 4, .mem = mem
	};
	struct http_reply reply;
	http_reply_init(&reply, mem);
	struct head_fault fault = websocket_greet(&request, &reply);
	assert(fault.status == 0 ? reply.status == 101 && reply.fields_n == 2
	                         : fault.sentence != NULL && reply.fields_n == 0);
}

static void drain(int fd)
{
	char sink[4096];
	while (recv(fd, sink, sizeof(sink), MSG_DONTWAIT) > 0)
		;
}

static void talk(str bytes)
{
	int fds[2];
	size_t heard = 0, read = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) != 0)
		return;
	struct websocket *ws = websocket_new(fds[0], hear, &heard);
	size_t step = bytes.n > 0 ? (size_t)(unsigned char)bytes.p[0] + 1 : 1;
	bool there = true;
	for (size_t at = 1; there && at < bytes.n; at += step) {
		str piece = str_slice(bytes, at, at + step);
		assert(send(fds[1], piece.p, piece.n, 0) == (ssize_t)piece.n);
		there = websocket_read(ws, &read) && websocket_write(ws);
		drain(fds[1]);
	}
	assert(read <= bytes.n);
	if (there && !websocket_closing(ws)) {
		websocket_text(ws, S("{}"));
		websocket_end(ws, WEBSOCKET_NORMAL);
		there = websocket_write(ws);
		websocket_text(ws, S("after the end"));
		assert(!there || !websocket_pending(ws));
	}
	websocket_free(ws);
	close(fds[0]);
	close(fds[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(1024);
	str rest = { (const char *)bytes, n };
	greet(str_cut(&rest, '\n'), mem);
	if (rest.n < 16384)
		talk(rest);
	arena_free(mem);
	return 0;
}
