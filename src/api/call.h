/* call.h - one request on its way through a handler, and the few things every handler does.
 *
 *     err api_post_show(struct call *c)
 *     {
 *             int64_t id;
 *             err e;
 *             TRY(call_path_id(c, 0, &id));
 *             TRY(read_...(c->circle, c->me.person, ..., c->now_ms, c->mem, &post));
 *             TRY(entity_status(c, call_json(c), &post));
 *             TRY(call_send(c));
 *     out:
 *             return e;
 *     }
 *
 * The error that comes back becomes the answer in one place (dispatch.c). Parameters are read with params_* of
 * http/form.h on `c->params`. */
#ifndef KITH_API_CALL_H
#define KITH_API_CALL_H

#include "api/route.h"
#include "circle/admit.h"
#include "circle/read.h"
#include "http/form.h"

struct api;
struct filter;

/* Bytes of one JSON answer at most: 500 comments of the largest size fit many times over. */
#define CALL_JSON_MAX_BYTES ((size_t)32 << 20)
/* Accounts written once in an answer and copied from there after. */
#define CALL_FRAGMENTS 64

struct call_fragment {
	int64_t id;
	size_t from, n; /* in `json` */
};

struct call {
	struct api *api;
	struct circle *circle;
	str url; /* our origin, without a slash at the end */
	const struct route *route;
	const struct http_request *request;
	const struct params *params; /* query and body as one tree */
	struct http_reply *reply;
	struct arena *mem; /* the request's */
	int64_t now_ms;
	int64_t began_us; /* for the log */
	str args[ROUTE_ARGS_MAX];
	str token;        /* as it was sent, wherever; borrows the request */
	struct bearer me; /* person 0: nobody, or an app's own token (then app is set) */
	bool by_cookie;   /* the token came as the cookie */
	err fault;        /* found in the head or by the handler; also for the log */
	int fault_status; /* when the head alone decides the status; else 0 */
	unsigned retry_after_s;
	struct buf json;
	bool filters_read; /* of the reader: api_filter.c */
	struct filter *filters;
	size_t n_filters;
	size_t n_fragments;
	struct call_fragment fragments[CALL_FRAGMENTS];
};

/* --- reading --- */

/* The id in the path. Anything else in its place is nothing that is here: ERR_MISSING. */
MUST_CHECK err call_path_id(const struct call *c, int index, int64_t *id);
/* Text that must be there, not empty: ERR_INPUT naming the field. `name` is a literal. */
MUST_CHECK err call_text(const struct call *c, const char *name, str *text);
/* max_id, since_id, min_id and limit (1 to `limit_max`, default `limit`). A malformed cursor is answered 400. */
MUST_CHECK err call_page(const struct call *c, int limit, int limit_max, struct page *page);
/* `kith_audience`; `*given` false when absent. As it was sent: what it may hold is circle's to say. */
MUST_CHECK err call_audience(const struct call *c, bool *given, struct audience *audience);

/* A handle as apps write one, without the sign and our own host. */
str call_local_handle(const struct call *c, str acct);

/* --- answering --- */

/* The answer's JSON under construction: empty at the first call. */
struct buf *call_json(struct call *c);
/* Takes back what was added to `b` after its first `n` bytes. */
void call_json_rewind(struct call *c, struct buf *b, size_t n);
/* Sends what was built, as 200. */
MUST_CHECK err call_send(struct call *c);
/* `{}`. */
MUST_CHECK err call_send_empty(struct call *c);
/* `[]`. */
MUST_CHECK err call_send_none(struct call *c);
/* Link header of a listing whose first and last ids are given (0: an empty page): "next" only when the page is full. */
MUST_CHECK err call_link(struct call *c, const struct page *page, size_t n, int64_t first_id,
                         int64_t last_id);

/* Link header with "next" alone: a page that may be short and still not the last. */
MUST_CHECK err call_link_next(struct call *c, int64_t below_id);
/* `Retry-After` of a refusal, rounded up: what an answer of 429 then says. */
void call_wait(struct call *c, int64_t wait_ms);
/* Whether a list in a header holds `token`: "gzip, br;q=0.5", `"a", W/"b"`. A weight of 0 is no. */
bool call_lists(str header, str token);
/* Whether who asks has this version already: If-None-Match (RFC 9110, 13.1.2). */
bool call_has_etag(const struct call *c, str etag);

/* --- cookies and tokens --- */

#define CALL_COOKIE "kith_session"

/* What says for half a lifetime of a browser that somebody came in by it (circle/throttle.h). It opens nothing. */
#define CALL_DEVICE_COOKIE "kith_device"

/* From where this request comes, for guesses to be counted. */
struct way_in call_way_in(const struct call *c);
/* A session for this browser, instead of the one its cookie may have held, and the cookies for it. ERR_DENIED when a
 * second factor is set and `factor` is none. */
MUST_CHECK err call_sign_in(struct call *c, person_id person, enum session_factor factor);
/* The browser and its address are known to this person from now on. */
MUST_CHECK err call_know(struct call *c, person_id person);
/* What the client calls itself, as valid UTF-8 of a bounded size. */
str call_user_agent(const struct call *c);
/* Tells the browser to forget the cookie. */
MUST_CHECK err call_clear_cookie(struct call *c);

#endif
