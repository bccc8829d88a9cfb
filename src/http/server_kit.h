/* server_kit.h - for tests: a server with an app that has every kind of route, and a client of raw
 * sockets. */
#ifndef KITH_HTTP_SERVER_KIT_H
#define KITH_HTTP_SERVER_KIT_H

#include "http/server.h"

#include <pthread.h>

#define KIT_BODY_MAX 1000
#define KIT_LARGE_BYTES ((size_t)8 << 20)

/* Routes: /read /write /hash (answer with the lane), /echo (body, KIT_BODY_MAX, write lane), /large
 * (KIT_LARGE_BYTES), /file (body to a file, KIT_LARGE_BYTES: what came), /sent (KIT_LARGE_BYTES from a
 * file), /peer (the caller's address), /field?value= (sets a header to it), /fresh
 * (304), /wait and /wait-hash (until the gate opens), /refuse (401 by the head alone). Every answer
 * carries X-Finish. */
struct kit {
	struct http_settings settings;
	struct http_server *server;
	struct metrics *metrics;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int waiting; /* requests at the gate now */
	bool open;
	char *large;
	struct kit_stream *streams; /* those that are open; with their number, under the lock */
	int streams_n;
};

/* /events (a body that goes on, beats with ":\n") and /socket (a WebSocket that echoes what it hears): both say what
 * kit_say says, each text as a piece of its own. "bye" is said and ends them. */
void kit_say(struct kit *kit, const char *text);
/* http_stream_end for all. */
void kit_end_streams(struct kit *kit);
void kit_await_streams(struct kit *kit, int n);

/* Default settings on 127.0.0.1:0, to be changed before kit_start. */
void kit_init(struct kit *kit);
void kit_start(struct kit *kit);
/* Opens the gate, stops, frees. */
void kit_stop(struct kit *kit);
void kit_await(struct kit *kit, int waiting); /* until so many are at the gate */
void kit_open(struct kit *kit);

struct answer {
	int status; /* 0: the connection was closed without one */
	char head[4096];
	char body[70000];
	size_t length; /* Content-Length; what was read of the body is at most sizeof body */
};

int kit_connect(const struct kit *kit);                      /* reads time out after 10 s */
int kit_connect_from(const struct kit *kit, const char *ip); /* one of 127.0.0.0/8; NULL: any */
void kit_send(int fd, const char *text);
/* False when the other side is gone. */
bool kit_send_bytes(int fd, const void *bytes, size_t n);
/* One answer; `head_only`: to a HEAD request. The rest of the stream stays unread. */
void kit_read(int fd, bool head_only, struct answer *out);
/* Sends and reads. */
void kit_ask(int fd, const char *text, struct answer *out);
/* A connection of its own for one request. */
void kit_ask_alone(const struct kit *kit, const char *text, struct answer *out);
bool kit_has(const struct answer *answer, const char *line); /* in the head */
bool kit_closed(int fd);                                     /* waits for the end of the stream */
int64_t kit_now_ms(void);

#endif
