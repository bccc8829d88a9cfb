/* stream.h - answers without an end, on sockets that were taken over from the event loops when the head was asked for.
 *
 * A few threads, each with an epoll of its own, send to thousands of streams. A stream is asked for its next piece when
 * the last one has gone, so no more than one waits here, and a client that does not take it in time is cut. Waking is
 * cheap and counts once: a stream that is waiting to be asked is not put in the queue again. */
#ifndef KITH_HTTP_STREAM_H
#define KITH_HTTP_STREAM_H

#include "http/janitor.h"
#include "http/message.h"

#include "base/log.h"

/* A piece over it ends its stream: nothing the program sends comes near. */
#define STREAM_PIECE_MAX_BYTES ((size_t)256 << 10)

struct streams;

struct streams_settings {
	unsigned threads, streams_max;
	int64_t beat_ms;
	int64_t stall_ms; /* a piece that has not gone by then ends its stream */
	struct clock clock;
	struct janitor *janitor; /* borrowed: counts the sockets and cuts those that do not read */
	struct metrics *metrics; /* borrowed; may be NULL */
};

MUST_CHECK err streams_open(const struct streams_settings *settings, struct streams **out);
/* A place for one more: false when all are taken, or after streams_end. */
bool streams_reserve(struct streams *s);
void streams_release(struct streams *s);
/* Uses up a reserved place. `fd` becomes the stream's; `head` goes out before anything else. */
void streams_take(struct streams *s, int fd, const struct http_peer *peer, bool counted,
                  const struct http_stream *app, str head);
/* Says goodbye to all, and waits at most `wait_ms` until they are gone. True when none is left. */
bool streams_end(struct streams *s, int64_t wait_ms);
/* Cuts what is left, frees. Accepts NULL. */
void streams_close(struct streams *s);

#endif
