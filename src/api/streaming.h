/* streaming.h - one open stream: what it was asked for, and how its events are said.
 *
 * Three tongues: our own page (events that say "ask again"), Mastodon's events in a body, and Mastodon's WebSocket,
 * which has several streams on one connection and may change them. It outlives the request that opened it. */
#ifndef KITH_API_STREAMING_H
#define KITH_API_STREAMING_H

#include "api/call.h"
#include "circle/live.h"

#define STREAMING_AT_ONCE 16 /* streams on one WebSocket */

enum streaming_kind {
	STREAMING_USER,          /* everything of mine */
	STREAMING_NOTIFICATIONS, /* notices alone */
	STREAMING_LIST,          /* posts of a tag's people */
	STREAMING_SILENT         /* public, hashtag, direct: there is nothing public here */
};

struct subscription {
	enum streaming_kind kind;
	const char *name; /* "user:notification" */
	list_id list;
};

enum streaming_tongue { TONGUE_PAGE, TONGUE_EVENTS, TONGUE_SOCKET };

struct streaming;

/* "user", "user:notification", "list", "public:local", ...; false for any other. */
bool streaming_named(str name, struct subscription *out);

/* Opens it for the caller and makes it the answer. `after`: the last event the client knows of; 0: from now on. */
MUST_CHECK err streaming_open(struct call *c, enum streaming_tongue tongue,
                              const struct subscription *first, int64_t after);

#endif
