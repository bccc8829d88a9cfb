/* route.h - what a route is. The table is routes.c, read from top to bottom; nothing registers itself.
 *
 * What every route needs is a column: the dispatcher does it before the handler runs. */
#ifndef KITH_API_ROUTE_H
#define KITH_API_ROUTE_H

#include "http/server.h"
#include "model/session.h"

struct call;

#define ROUTE_ARGS_MAX 2

/* Who may call. Sealed people get 403 with the way to the reasons, except where it says SEALED_TOO. */
enum route_who {
	ANYONE,     /* a token is looked at when there is one, and never missed */
	APP,        /* any living token, an app's own too */
	MEMBER,     /* a person */
	SEALED_TOO, /* a person, sealed ones too */
	STEWARD     /* steward or keeper */
};

/* A scope no app is ever granted: browser and shell sessions have it. For a person's own keys and a steward's desk. */
#define SCOPE_OWN 0x10000u

enum route_flag {
	ROUTE_OWN_PAGE =
		1, /* an Origin, if there is one, must be ours, cookie or not: it makes a session */
	ROUTE_HTML = 2,  /* for people: no CORS; the handler sets its own CSP and caching */
	ROUTE_EARLY = 4, /* answers before the server is ready */
	ROUTE_RAW = 8,   /* the handler reads the body: it is no tree of parameters */
	/* A multipart body goes to a file, up to body_max_bytes, and params_file finds the upload in it; a body of another
	 * kind has fields alone and ROUTE_FIELDS_MAX_BYTES. */
	ROUTE_FILE = 16,
	/* Answers also while a keeper or steward should have set up a second factor and has not. */
	ROUTE_KEYS = 32,
	/* A stream: what opens one cannot always set a header, so the token may come in the query (`access_token`) or as
	 * the WebSocket's protocol. With the cookie alone an Origin, if there is one, must be ours. */
	ROUTE_STREAM = 64
};
#define ROUTE_FIELDS_MAX_BYTES (64u * 1024)

struct route {
	enum http_method method;
	const char *path; /* ":name" stands for one segment */
	err (*handler)(struct call *c);
	enum route_who who;
	unsigned scope; /* any of these bits is enough; 0: none needed */
	unsigned body_max_bytes;
	unsigned
		per_minute; /* of one person, or of one address without one; 0: no limit of its own */
	enum http_lane lane;
	unsigned flags;
};

extern const struct route routes[];
extern const size_t routes_n;

/* "GET /api/v1/statuses/:id", by index, for metrics. */
const char *const *route_names(struct arena *mem);

/* Finds a route by its segments, literal ones before ":name". Immutable once made: any number of threads. */
struct router;
struct router *router_new(struct arena *mem);

struct route_match {
	const struct route *route; /* NULL: no such path, or not with this method */
	bool path_known;
	unsigned methods; /* 1 << http_method, of this path */
	str args[ROUTE_ARGS_MAX];
};
struct route_match router_find(const struct router *router, enum http_method method, str path);

#endif
