/* See dispatch.h. The head's checks run in the event loop and touch memory alone (a token not seen lately costs one
 * read by key); a request they refuse never reaches a lane. */
#include "api/dispatch.h"

#include "api/api_private.h"
#include "api/handlers.h"
#include "api/house.h"
#include "api/sentences.h"

#include "base/leak.h"

#include <time.h>

static const char not_ready[] = "The server is starting.";
static const char not_here[] = "Nothing here that you can see.";

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- the head --- */

static void refuse(struct call *c, int status, enum err_code code, const char *why, const char *say)
{
	c->fault = (err){ code, why, NULL, say };
	c->fault_status = status;
}

static str bearer_of(const struct http_request *head, bool stream, bool *by_cookie)
{
	str authorization = http_header(head, "Authorization");
	str query = stream ? http_query(head, "access_token") : STR_NONE;
	str protocol = stream ? http_header(head, "Sec-WebSocket-Protocol") : STR_NONE;
	*by_cookie = false;
	if (authorization.n > 7 &&
	    str_eq_ascii_nocase(str_slice(authorization, 0, 7), S("bearer ")))
		return str_trim(str_slice(authorization, 7, authorization.n));
	if (query.n > 0 || protocol.n > 0)
		return query.n > 0 ? query : str_trim(str_cut(&protocol, ','));
	str cookie = http_cookie(head, CALL_COOKIE);
	*by_cookie = cookie.n > 0;
	return cookie;
}

/* False when the store could not be asked. */
static bool look_at_token(struct call *c)
{
	c->token = bearer_of(c->request, c->route->flags & ROUTE_STREAM, &c->by_cookie);
	if (c->token.n == 0)
		return true;
	err e = admit_bearer(c->circle, c->token, c->now_ms, &c->me);
	if (!failed(e)) {
		if (c->me.kind != SESSION_APP)
			c->me.scopes |= SCOPE_OWN;
		return true;
	}
	c->me = (struct bearer){ .person = { 0 } };
	if (e.code == ERR_MISSING)
		return true;
	c->fault = e;
	return false;
}

/* A page elsewhere can make a browser send, but cannot choose the Origin it sends. */
static bool origin_is_ours(const struct call *c)
{
	str origin = http_header(c->request, "Origin");
	if (c->request->method != HTTP_GET && c->by_cookie && c->me.session.v != 0)
		return str_eq(origin, c->url);
	if (c->route->flags & ROUTE_OWN_PAGE || (c->route->flags & ROUTE_STREAM && c->by_cookie))
		return !origin.p || str_eq(origin, c->url);
	return true;
}

static bool may_come_in(struct call *c)
{
	static const char no_token[] = "The access token is missing, expired or revoked.";
	const struct route *route = c->route;
	bool person = c->me.person.v != 0;
	if (route->who != ANYONE && c->me.session.v == 0)
		refuse(c, 401, ERR_DENIED, "no living token", no_token);
	else if (!origin_is_ours(c))
		refuse(c, 403, ERR_DENIED, "foreign origin", "This came from another page.");
	else if (route->who == ANYONE)
		return true;
	else if (route->who != APP && !person)
		refuse(c, 403, ERR_DENIED, "an app's own token", "This needs a person's token.");
	else if (route->scope != 0 && (c->me.scopes & route->scope) == 0)
		refuse(c, 403, ERR_DENIED, "outside the scopes",
		       "This action is outside the scopes of the token.");
	else if (c->me.sealed && route->who != SEALED_TOO && !LEAK("sealed.reads"))
		refuse(c, 403, ERR_DENIED, "sealed",
		       "This account is sealed. GET /api/kith/v1/measures says why and how to "
		       "appeal.");
	else if (c->me.factor_due && !(route->flags & ROUTE_KEYS))
		refuse(c, 403, ERR_DENIED, "no second factor",
		       "Keepers and stewards need a second factor. Set one up under Settings first "
		       "(kith_second_factor is due; /api/kith/v1/factors).");
	else if (route->who == STEWARD && c->me.role == ROLE_MEMBER && !LEAK("review.members"))
		refuse(c, 403, ERR_DENIED, "not a steward", "This is for stewards.");
	return c->fault_status == 0;
}

static void take_turn(struct call *c, unsigned index)
{
	bool person = c->me.person.v != 0;
	uint64_t key = person ? (uint64_t)c->me.person.v : http_peer_key(&c->request->peer);
	/* People and addresses are counted apart, lest an address spell an id. */
	if (!rate_take(c->api->rate, 2 * index + person, key, c->route->per_minute,
	               clock_mono(c->circle->clock), &c->retry_after_s))
		refuse(c, 429, ERR_LIMIT, "too often", "Too many requests. Please wait a moment.");
}

static struct call *call_new(struct api *api, const struct http_request *head)
{
	struct call *c = ARENA_NEW(head->mem, struct call);
	c->api = api;
	c->circle = api->circle;
	c->request = head;
	c->params = head->query;
	c->mem = head->mem;
	c->now_ms = clock_now(api->circle->clock);
	c->began_us = now_us();
	return c;
}

/* Fills the call; leaves a fault in it when the head decides. */
static void judge(struct call *c, const struct route_match *match)
{
	struct api *api = c->api;
	bool ready = atomic_load(&api->ready);
	c->route = match->route;
	if (ready)
		c->url = api->url;
	for (int i = 0; i < ROUTE_ARGS_MAX; i++)
		c->args[i] = match->args[i];
	if (!ready && !(c->route && c->route->flags & ROUTE_EARLY)) {
		c->fault = err_busy("not ready");
		c->fault.say = not_ready;
	} else if (!match->path_known) {
		c->fault = err_missing("no such path");
	} else if (!c->route) {
		refuse(c, 405, ERR_INPUT, "no such method",
		       "This address does not take that method.");
	} else if (look_at_token(c) && may_come_in(c)) {
		take_turn(c, (unsigned)(c->route - routes));
	}
}

/* A browser asks before it sends across origins; it needs no token for that. */
static err preflight(struct call *c)
{
	c->reply->status = 204;
	http_reply_literal(c->reply, "Access-Control-Allow-Methods",
	                   "GET, POST, PUT, PATCH, DELETE");
	http_reply_literal(c->reply, "Access-Control-Allow-Headers",
	                   "Authorization, Content-Type, Idempotency-Key");
	http_reply_literal(c->reply, "Access-Control-Max-Age", "86400");
	return OK;
}

static const struct route preflight_route = { .method = HTTP_OPTIONS,
	                                      .path = "*",
	                                      .handler = preflight };

/* Only a form of parts is read where it lies; anything else is taken apart in memory and stays small. */
static void limit_upload(const struct route *route, const struct http_request *head,
                         struct http_plan *plan)
{
	if (!(route->flags & ROUTE_FILE))
		return;
	plan->body_to_file = str_eq(head->content_type, S("multipart/form-data"));
	if (!plan->body_to_file && plan->body_max_bytes > ROUTE_FIELDS_MAX_BYTES)
		plan->body_max_bytes = ROUTE_FIELDS_MAX_BYTES;
}

struct http_plan dispatch_plan(void *ctx, const struct http_request *head)
{
	struct api *api = ctx;
	struct call *c = call_new(api, head);
	struct route_match match = router_find(api->router, head->method, head->path);
	struct http_plan plan = { .call = c, .route_index = (unsigned)routes_n };
	if (head->method == HTTP_OPTIONS && match.path_known) {
		c->route = &preflight_route;
		return plan;
	}
	judge(c, &match);
	plan.refuse = failed(c->fault);
	plan.route = c->route;
	if (c->route) {
		plan.route_index = (unsigned)(c->route - routes);
		plan.body_max_bytes = c->route->body_max_bytes;
		plan.lane = c->route->lane;
		limit_upload(c->route, head, &plan);
	}
	return plan;
}

/* --- errors --- */

static const struct {
	int status;
	const char *say;
} answers[] = {
	[ERR_INPUT] = { 422, "Something in the request is wrong." },
	[ERR_DENIED] = { 403, "This is not allowed." },
	[ERR_MISSING] = { 404, not_here },
	[ERR_CONFLICT] = { 409, "This has changed meanwhile." },
	[ERR_LIMIT] = { 429, "Too many requests. Please wait a moment." },
	[ERR_BUSY] = { 503, "Too much at once. Please try again." },
	[ERR_SYSTEM] = { 500, "Something went wrong on our side." },
};

static bool is_cursor(const char *field)
{
	str f = str_of(field);
	return str_eq(f, S("max_id")) || str_eq(f, S("since_id")) || str_eq(f, S("min_id"));
}

/* Headers that are at fault in a way that has a status of its own. */
static const struct {
	const char *name;
	enum err_code code;
	int status;
} headers[] = {
	{ "Content-Type", ERR_INPUT, 415 },
	{ "Idempotency-Key", ERR_CONFLICT, 409 },
};

static int status_of(const struct call *c, err e)
{
	if (c->fault_status)
		return c->fault_status;
	/* What no field can be blamed for is the shape of the whole; a cursor is not typed by a person. */
	if (e.code == ERR_INPUT && (!e.field || is_cursor(e.field)))
		return 400;
	for (size_t i = 0; e.field && i < sizeof headers / sizeof headers[0]; i++)
		if (e.code == headers[i].code && str_eq(str_of(e.field), str_of(headers[i].name)))
			return headers[i].status;
	if ((e.code == ERR_CONFLICT || e.code == ERR_LIMIT) && e.field)
		return 422;
	return answers[e.code].status;
}

/* As `details` that Mastodon's apps read: field by field. */
static void add_details(struct buf *b, err e, const char *say)
{
	static const char *const words[] = {
		[ERR_INPUT] = "ERR_INVALID", [ERR_CONFLICT] = "ERR_TAKEN", [ERR_LIMIT] = "ERR_LIMIT"
	};
	buf_lit(b, ",\"details\":{");
	buf_json(b, str_of(e.field));
	buf_lit(b, ":[{\"error\":");
	buf_json(b, str_of(words[e.code]));
	buf_lit(b, ",\"description\":");
	buf_json(b, str_of(say));
	buf_lit(b, "}]}");
}

static void answer_json(struct http_reply *reply, int status, err e, const char *say)
{
	const char *chinese = sentences_chinese(say);
	struct buf b;
	buf_init(&b, reply->mem, 16 * 1024);
	buf_lit(&b, "{\"error\":");
	buf_json(&b, str_of(say));
	buf_lit(&b, ",\"error_description\":");
	buf_json(&b, str_of(say));
	if (e.field) {
		buf_lit(&b, ",\"field\":");
		buf_json(&b, str_of(e.field));
	}
	if (chinese) {
		buf_lit(&b, ",\"kith_zh\":");
		buf_json(&b, str_of(chinese));
	}
	if (status == 422)
		add_details(&b, e, say);
	buf_lit(&b, "}");
	http_reply_json(reply, status, buf_str(&b));
}

/* The one place where an error becomes an answer. What is absent and what is hidden give the same bytes: 404 never
 * carries words of its own. */
static void answer_fault(struct call *c, err e)
{
	struct http_reply *reply = c->reply;
	int status = status_of(c, e);
	const char *say = e.say && e.code != ERR_MISSING ? e.say : answers[e.code].say;
	if (e.code == ERR_MISSING)
		e.field = NULL;
	http_reply_reset(reply);
	if (c->route && c->route->flags & ROUTE_HTML && status != 405)
		house_fault(c, status, say);
	else
		answer_json(reply, status, e, say);
	if (status == 401)
		http_reply_literal(reply, "WWW-Authenticate", "Bearer realm=\"kith\"");
	if (status == 429 || status == 503) {
		str wait = str_format(c->mem, "%u", c->retry_after_s ? c->retry_after_s : 5);
		(void)failed(http_reply_field(reply, "Retry-After", wait));
	}
	c->fault = e;
	if (e.code == ERR_SYSTEM)
		log_event(c->api->log, LOG_ERROR, "request.failed", LOG_STR("why", str_of(e.why)),
		          LOG_STR("route", str_of(c->route ? c->route->path : "none")));
}

/* --- the whole request --- */

static void allow(struct call *c, unsigned methods)
{
	struct buf b;
	buf_init(&b, c->mem, 64);
	for (unsigned i = 0; i < HTTP_METHODS; i++) {
		if (!(methods & 1u << i))
			continue;
		if (b.n > 0)
			buf_lit(&b, ", ");
		buf_add(&b, str_of(http_method_name((enum http_method)i)));
	}
	(void)failed(http_reply_field(c->reply, "Allow", buf_str(&b)));
}

void dispatch_serve(void *ctx, const struct http_plan *plan, const struct http_request *request,
                    struct http_reply *reply)
{
	struct api *api = ctx;
	struct call *c = plan->call;
	err e = c->fault;
	c->request = request;
	c->reply = reply;
	if (!failed(e) && request->method != HTTP_GET && !(c->route->flags & ROUTE_RAW))
		e = params_read(request, &c->params);
	if (!failed(e))
		e = c->route->handler(c);
	if (failed(e))
		answer_fault(c, e);
	if (reply->status == 405)
		allow(c, router_find(api->router, request->method, request->path).methods);
}

static bool has_field(const struct http_reply *reply, str name)
{
	for (size_t i = 0; i < reply->fields_n; i++)
		if (str_eq_ascii_nocase(reply->fields[i].name, name))
			return true;
	return false;
}

static void log_access(const struct api *api, const struct call *c, unsigned index, int status)
{
	str route = index < routes_n ? str_of(api->names[index]) : S("none");
	int64_t took_us = c ? now_us() - c->began_us : 0;
	if (c && failed(c->fault))
		log_event(api->log, LOG_INFO, "http.request", LOG_STR("route", route),
		          LOG_I64("status", status), LOG_I64("us", took_us),
		          LOG_STR("why", str_of(c->fault.why)));
	else
		log_event(api->log, LOG_INFO, "http.request", LOG_STR("route", route),
		          LOG_I64("status", status), LOG_I64("us", took_us));
}

void dispatch_finish(void *ctx, const struct http_plan *plan, const struct http_request *request,
                     struct http_reply *reply)
{
	struct api *api = ctx;
	const struct call *c = plan ? plan->call : NULL;
	bool html = c && c->route && c->route->flags & ROUTE_HTML;
	(void)request;
	http_reply_literal(reply, "X-Content-Type-Options", "nosniff");
	if (!html) {
		http_reply_literal(reply, "Access-Control-Allow-Origin", "*");
		http_reply_literal(reply, "Access-Control-Expose-Headers", "Link, Retry-After");
	}
	if (!has_field(reply, S("Cache-Control")) && !LEAK("cache.stored"))
		http_reply_literal(reply, "Cache-Control", "no-store");
	log_access(api, c, plan ? plan->route_index : (unsigned)routes_n, reply->status);
}
