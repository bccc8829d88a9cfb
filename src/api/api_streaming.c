/* Live updates: Mastodon's, as a WebSocket and as events in a body, and our own page's. */
#include "api/handlers.h"

#include "api/streaming.h"

#define LIST_SAY "Which list?"

/* The stream a client asks for by `name`, with what belongs to it in the query. */
static err find_stream(const struct call *c, str name, struct subscription *out)
{
	err e = OK;
	if (!streaming_named(name, out))
		return err_missing("no such stream");
	if (out->kind != STREAMING_LIST)
		return OK;
	TRY(params_id(c->params, "list", &out->list.v));
	if (out->list.v == 0)
		e = err_input("list", LIST_SAY);
out:
	return e;
}

err api_streaming_socket(struct call *c)
{
	struct subscription first;
	str name, protocol = http_header(c->request, "Sec-WebSocket-Protocol");
	err e;
	TRY(params_str(c->params, "stream", &name));
	if (name.n > 0)
		TRY(find_stream(c, name, &first));
	/* A browser takes no answer that does not agree to one it proposed. */
	if (protocol.n > 0)
		TRY(http_reply_field(c->reply, "Sec-WebSocket-Protocol",
		                     str_trim(str_cut(&protocol, ','))));
	TRY(streaming_open(c, TONGUE_SOCKET, name.n > 0 ? &first : NULL, 0));
out:
	return e;
}

static void head_of_events(struct call *c)
{
	http_reply_literal(c->reply, "Content-Type", "text/event-stream");
	http_reply_literal(c->reply, "X-Accel-Buffering", "no"); /* nginx passes on at once */
}

/* /api/v1/streaming/user/notification is the stream "user:notification". */
err api_streaming_events(struct call *c)
{
	struct subscription sub;
	str name = c->args[0];
	err e;
	if (c->args[1].n > 0)
		name = str_format(c->mem, "%.*s:%.*s", STR_ARG(c->args[0]), STR_ARG(c->args[1]));
	TRY(find_stream(c, name, &sub));
	head_of_events(c);
	TRY(streaming_open(c, TONGUE_EVENTS, &sub, 0));
out:
	return e;
}

/* The browser sends the last event's id when it comes back by itself; a page that opens the stream anew puts it in the query. */
err api_streaming_page(struct call *c)
{
	str last = http_header(c->request, "Last-Event-ID");
	int64_t after = 0;
	err e;
	TRY(params_id(c->params, "last_event_id", &after));
	if (last.n > 0 && (!str_to_i64(last, &after) || after < 0))
		after = 0;
	head_of_events(c);
	TRY(streaming_open(c, TONGUE_PAGE, NULL, after));
out:
	return e;
}

err api_streaming_health(struct call *c)
{
	http_reply_body(c->reply, 200, "text/plain; charset=utf-8", S("OK"));
	return OK;
}
