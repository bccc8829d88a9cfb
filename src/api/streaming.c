/* See streaming.h. The hub (circle/live.h) says what happened and asks the door; what is shown of it is read through the
 * door again here, for the one who listens. */
#include "api/streaming.h"

#include "api/api_private.h"
#include "api/entity.h"
#include "circle/befriend.h"
#include "circle/hear.h"
#include "circle/secret.h"

#include <stdlib.h>

#define HEARD_MEM_BYTES 4096
/* Turns before the others have theirs, when events give nothing to say. */
#define EVENTS_A_TURN 64
#define UNREAD_MAX 100
#define REQUESTS_MAX 500
#define KINDS_ALL ((1u << NOTICE_KINDS) - 1)

struct streaming {
	struct api *api;
	struct bearer me;
	struct http_stream http;
	struct live_stream *live;
	_Atomic(struct http_wake *) wake;
	enum streaming_tongue tongue;
	struct subscription subs[STREAMING_AT_ONCE];
	size_t n_subs;
	struct live_event event; /* under way: to be said on the streams from `sub_at` on */
	bool has_event;
	size_t sub_at;
	int64_t greet_id;      /* to be said first; 0: no more */
	const char *complaint; /* about what the client said, to be said next; NULL: none */
};

static const struct {
	const char *name;
	enum streaming_kind kind;
} names[] = {
	{ "user", STREAMING_USER },
	{ "user:notification", STREAMING_NOTIFICATIONS },
	{ "list", STREAMING_LIST },
	{ "public", STREAMING_SILENT },
	{ "public:media", STREAMING_SILENT },
	{ "public:local", STREAMING_SILENT },
	{ "public:local:media", STREAMING_SILENT },
	{ "public:remote", STREAMING_SILENT },
	{ "public:remote:media", STREAMING_SILENT },
	{ "hashtag", STREAMING_SILENT },
	{ "hashtag:local", STREAMING_SILENT },
	{ "direct", STREAMING_SILENT },
};

bool streaming_named(str name, struct subscription *out)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!str_eq(name, str_of(names[i].name)))
			continue;
		*out = (struct subscription){ .kind = names[i].kind, .name = names[i].name };
		return true;
	}
	return false;
}

/* --- what is said --- */

/* A call for the writers of entities, in the arena of the piece. */
static struct call *call_for(const struct streaming *st, struct arena *mem)
{
	struct call *c = ARENA_NEW(mem, struct call);
	c->api = st->api;
	c->circle = st->api->circle;
	c->url = st->api->url;
	c->me = st->me;
	c->mem = mem;
	c->params = params_none();
	c->now_ms = clock_now(c->circle->clock);
	return c;
}

static void say_page(struct buf *out, int64_t id, const char *event, const char *name,
                     int64_t number, bool quoted)
{
	buf_format(out, "id: %lld\nevent: %s\ndata: {\"%s\":", (long long)id, event, name);
	if (quoted)
		buf_json_id(out, number);
	else
		buf_i64(out, number);
	buf_lit(out, "}\n\n");
}

static err say_requests(struct call *c, int64_t id, struct buf *out)
{
	struct friend_request *requests;
	size_t n;
	err e;
	TRY(befriend_asked_me(c->circle, c->me.person, REQUESTS_MAX, c->mem, &requests, &n));
	say_page(out, id, "requests", "open", (int64_t)n, false);
out:
	return e;
}

static err say_notice(struct call *c, const struct live_event *event, struct buf *out)
{
	struct seen_notice notice = { .notice.kind = NOTICE_LIKE };
	size_t n;
	err e = OK;
	if (event->notice.v != 0)
		TRY(read_notice(c->circle, c->me.person, event->notice, c->now_ms, c->mem,
		                &notice));
	TRY(hear_unread(c->circle, c->me.person, KINDS_ALL, UNREAD_MAX, c->now_ms, c->mem, &n));
	say_page(out, event->id, "notice", "unread", (int64_t)n, false);
	if (notice.notice.kind == NOTICE_REQUEST)
		TRY(say_requests(c, event->id, out));
out:
	return e;
}

static err say_to_page(struct call *c, const struct live_event *event, struct buf *out)
{
	int64_t post = event->ref.post.v;
	switch (event->kind) {
	case LIVE_POST:
		if (event->home)
			say_page(out, event->id, "moment", "id", post, true);
		break;
	case LIVE_CHANGED:
		say_page(out, event->id, "changed", "id", post, true);
		break;
	case LIVE_GONE:
		say_page(out, event->id, "gone", "id", post, true);
		break;
	case LIVE_NOTICE:
		return say_notice(c, event, out);
	case LIVE_REQUESTS:
		return say_requests(c, event->id, out);
	case LIVE_CASES:
		buf_format(out, "id: %lld\nevent: cases\ndata: {}\n\n", (long long)event->id);
		break;
	}
	return OK;
}

/* Mastodon's word for it on this stream; NULL: it is not told there. */
static const char *word_for(struct call *c, const struct subscription *sub,
                            const struct live_event *event)
{
	bool posts = sub->kind == STREAMING_USER && event->home;
	if (event->kind == LIVE_NOTICE)
		return event->notice.v != 0 && (sub->kind == STREAMING_USER ||
		                                sub->kind == STREAMING_NOTIFICATIONS)
		               ? "notification"
		               : NULL;
	if (event->kind == LIVE_REQUESTS || event->kind == LIVE_CASES)
		return NULL;
	if (sub->kind == STREAMING_LIST)
		posts = live_in_list(c->circle, c->me.person, sub->list, event->ref.post_author);
	if (!posts)
		return NULL;
	if (event->kind == LIVE_POST)
		return "update";
	if (event->kind == LIVE_GONE)
		return "delete";
	return event->kind == LIVE_CHANGED && event->words ? "status.update" : NULL;
}

static err add_payload(struct call *c, const struct live_event *event, struct buf *b)
{
	struct seen_notice notice;
	struct seen_post post;
	err e = OK;
	switch (event->kind) {
	case LIVE_NOTICE:
		TRY(read_notice(c->circle, c->me.person, event->notice, c->now_ms, c->mem,
		                &notice));
		/* As in the listing: Mastodon's apps know no such kind. */
		if (NOTICES_OF_KITH & 1u << notice.notice.kind)
			return err_missing("not for apps");
		e = entity_notification(c, b, &notice);
		break;
	case LIVE_GONE:
		buf_i64(b, event->ref.post.v);
		break;
	default:
		TRY(read_post(c->circle, c->me.person, &event->ref, c->now_ms, c->mem, &post));
		e = entity_status(c, b, &post);
	}
out:
	return e;
}

static void wrap_for_socket(const struct subscription *sub, const char *word, str payload,
                            struct buf *out)
{
	buf_lit(out, "{\"stream\":[");
	buf_json(out, str_of(sub->name));
	if (sub->kind == STREAMING_LIST) {
		buf_char(out, ',');
		buf_json_id(out, sub->list.v);
	}
	buf_format(out, "],\"event\":\"%s\",\"payload\":", word);
	buf_json(out, payload);
	buf_char(out, '}');
}

/* One event on one stream. */
static err say_mastodon(struct call *c, enum streaming_tongue tongue,
                        const struct subscription *sub, const struct live_event *event,
                        struct buf *out)
{
	const char *word = word_for(c, sub, event);
	struct buf *payload = call_json(c);
	err e;
	if (word == NULL)
		return OK;
	TRY(add_payload(c, event, payload));
	if (tongue == TONGUE_SOCKET)
		wrap_for_socket(sub, word, buf_str(payload), out);
	else
		buf_format(out, "event: %s\ndata: %.*s\n\n", word, STR_ARG(buf_str(payload)));
out:
	return e;
}

/* The event under way, on its next stream. What cannot be read any more is not said. */
static void say(struct streaming *st, struct buf *out)
{
	struct call *c = call_for(st, out->mem);
	size_t before = out->n;
	err e;
	if (st->tongue == TONGUE_PAGE) {
		st->has_event = false;
		e = say_to_page(c, &st->event, out);
	} else {
		size_t at = st->sub_at++;
		st->has_event = st->sub_at < st->n_subs;
		e = at < st->n_subs ? say_mastodon(c, st->tongue, &st->subs[at], &st->event, out)
		                    : OK;
	}
	if (!failed(e))
		return;
	out->n = before;
	if (e.code != ERR_MISSING)
		log_if_failed(st->api->log, "stream.say", e);
}

/* --- the stream --- */

static void on_opened(void *ctx, struct http_wake *wake)
{
	struct streaming *st = ctx;
	atomic_store(&st->wake, wake);
}

/* An event with nothing in it moves the client's place in the list. */
static void greet(struct streaming *st, struct buf *out)
{
	if (st->tongue == TONGUE_PAGE)
		buf_format(out, "retry: 2000\nid: %lld\n\n", (long long)st->greet_id);
	else if (st->tongue == TONGUE_EVENTS)
		buf_lit(out, ":)\n\n");
	st->greet_id = 0;
}

static void complain(struct streaming *st, struct buf *out)
{
	buf_format(out, "{\"error\":\"%s\",\"status\":400}", st->complaint);
	st->complaint = NULL;
}

static void say_goodbye(const struct streaming *st, struct buf *out)
{
	out->n = 0;
	if (st->tongue == TONGUE_PAGE)
		buf_lit(out, "event: bye\ndata: {}\n\n");
}

/* False: it is over. */
static bool next_event(struct streaming *st, struct buf *out)
{
	int64_t now_ms = clock_now(st->api->circle->clock);
	switch (live_next(st->live, now_ms, out->mem, &st->event)) {
	case LIVE_NOTHING:
		return true;
	case LIVE_EVENT:
		st->has_event = st->tongue == TONGUE_PAGE || st->n_subs > 0;
		st->sub_at = 0;
		return true;
	case LIVE_MISSED:
		if (st->tongue == TONGUE_PAGE)
			buf_format(out, "id: %lld\nevent: reload\ndata: {}\n\n",
			           (long long)live_latest(st->api->circle));
		return true;
	case LIVE_OVER:
		break;
	}
	say_goodbye(st, out);
	return false;
}

static bool on_next(void *ctx, struct buf *out)
{
	struct streaming *st = ctx;
	if (st->greet_id != 0)
		greet(st, out);
	if (st->complaint != NULL && out->n == 0)
		complain(st, out);
	for (int i = 0; out->n == 0; i++) {
		if (!st->has_event && !next_event(st, out))
			return false;
		if (!st->has_event)
			return true;
		say(st, out);
		if (out->n > 0 && !live_goes_on(st->live, clock_now(st->api->circle->clock))) {
			say_goodbye(st, out);
			return false;
		}
		if (i == EVENTS_A_TURN && out->n == 0) {
			http_stream_wake(atomic_load(&st->wake));
			return true;
		}
	}
	return true;
}

static void on_closed(void *ctx)
{
	struct streaming *st = ctx;
	live_close(st->live);
	free(st);
}

static void on_wake(void *ctx)
{
	struct streaming *st = ctx;
	struct http_wake *wake = atomic_load(&st->wake);
	if (wake != NULL) /* before that it is asked anyway */
		http_stream_wake(wake);
}

static void on_end(void *ctx)
{
	struct streaming *st = ctx;
	struct http_wake *wake = atomic_load(&st->wake);
	if (wake != NULL)
		http_stream_end(wake);
}

/* --- what the client says --- */

static bool same(const struct subscription *a, const struct subscription *b)
{
	return a->name == b->name && a->list.v == b->list.v;
}

static const char *subscribe(struct streaming *st, const struct subscription *sub)
{
	for (size_t i = 0; i < st->n_subs; i++)
		if (same(&st->subs[i], sub))
			return NULL;
	if (st->n_subs == STREAMING_AT_ONCE)
		return "Too many streams on one connection.";
	st->subs[st->n_subs++] = *sub;
	return NULL;
}

static void unsubscribe(struct streaming *st, const struct subscription *sub)
{
	for (size_t i = 0; i < st->n_subs; i++) {
		if (!same(&st->subs[i], sub))
			continue;
		st->subs[i] = st->subs[--st->n_subs];
		st->has_event = false; /* its places have moved */
		return;
	}
}

/* {"type": "subscribe", "stream": "list", "list": "7"}; what is wrong with it, or NULL. */
static const char *obey(struct streaming *st, str text, struct arena *mem)
{
	const struct params *p;
	struct subscription sub;
	str type, name;
	if (failed(params_of_json(text, mem, &p)) || failed(params_str(p, "type", &type)) ||
	    failed(params_str(p, "stream", &name)))
		return "This is no message a stream understands.";
	if (!streaming_named(name, &sub))
		return "There is no such stream.";
	if (sub.kind == STREAMING_LIST &&
	    (failed(params_id(p, "list", &sub.list.v)) || sub.list.v == 0))
		return "Which list?";
	if (str_eq(type, S("subscribe")))
		return subscribe(st, &sub);
	if (!str_eq(type, S("unsubscribe")))
		return "The type is subscribe or unsubscribe.";
	unsubscribe(st, &sub);
	return NULL;
}

static void on_heard(void *ctx, str text)
{
	struct streaming *st = ctx;
	struct arena *mem = arena_new(HEARD_MEM_BYTES);
	st->complaint = obey(st, text, mem);
	arena_free(mem);
}

err streaming_open(struct call *c, enum streaming_tongue tongue, const struct subscription *first,
                   int64_t after)
{
	struct streaming *st = calloc(1, sizeof *st);
	struct bearer now;
	err e;
	if (st == NULL)
		abort();
	st->api = c->api;
	st->me = c->me;
	st->tongue = tongue;
	st->greet_id = after != 0 ? after : live_latest(c->circle);
	if (first != NULL)
		st->subs[st->n_subs++] = *first;
	st->http = (struct http_stream){
		.ctx = st,
		.websocket = tongue == TONGUE_SOCKET,
		.beat = S(":thump\n\n"),
		.opened = on_opened,
		.next = on_next,
		.heard = on_heard,
		.closed = on_closed,
	};
	struct live_draft draft = {
		.person = c->me.person,
		.session = c->me.session,
		.token = secret_hash_of(c->token),
		.after = after,
		.wake = on_wake,
		.end = on_end,
		.ctx = st,
	};
	TRY(live_open(c->circle, &draft, &st->live));
	/* What ended between the head and here did not reach it. */
	e = admit_bearer(c->circle, c->token, c->now_ms, &now);
	if (e.code == ERR_MISSING) {
		c->fault_status = 401;
		e = err_denied("ended meanwhile");
	}
	TRY(e);
	c->reply->stream = &st->http;
	st = NULL;
out:
	if (st != NULL) {
		live_close(st->live);
		free(st);
	}
	return e;
}
