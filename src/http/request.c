/* What becomes of a request between its head and its reply, whatever library speaks the wire: the body kept or refused,
 * the reply the app's or ours. */
#include "http/server_private.h"

#include "http/websocket.h"

int64_t request_time_for(const struct http_server *s, size_t bytes)
{
	return s->settings.body_ms + (int64_t)bytes * 1000 / s->settings.bytes_per_second;
}

/* ---- the body ---- */

static void refuse_body(struct conn *c, enum metrics_refusal why, int status, const char *sentence)
{
	metrics_refused(c->server->settings.metrics, why);
	body_drop(c->server->bodies, &c->now.body);
	c->now.step = STEP_DROP;
	c->now.fault = (struct head_fault){ status, false, sentence };
}

static void refuse_size(struct conn *c)
{
	str sentence = str_format(c->now.mem, "The body is over the limit of %zu bytes here.",
	                          c->now.plan.body_max_bytes);
	refuse_body(c, METRICS_BODY_SIZE, 413, str_to_c(c->now.mem, sentence));
}

void request_refuse_busy(struct conn *c)
{
	refuse_body(c, METRICS_QUEUE_FULL, 503, "Too much at once. Please try again.");
}

/* What could not be kept is no fault of the client's. */
static void refuse_kept(struct conn *c, err e)
{
	if (e.code == ERR_BUSY) {
		request_refuse_busy(c);
		return;
	}
	log_event(c->server->settings.log, LOG_ERROR, "http.body", LOG_STR("why", str_of(e.why)));
	if (e.code == ERR_LIMIT)
		refuse_body(c, METRICS_QUEUE_FULL, 507, e.say);
	else
		refuse_body(c, METRICS_QUEUE_FULL, 500, "Something went wrong on our side.");
}

void request_begin_body(struct conn *c)
{
	struct current *now = &c->now;
	const struct http_plan *plan = &now->plan;
	if (plan->refuse) {
		now->step = STEP_DROP;
	} else if (now->framing.bytes > plan->body_max_bytes) {
		refuse_size(c);
	} else {
		bool comes = now->framing.chunked || now->framing.bytes > 0;
		err e = body_begin(c->server->bodies, plan->body_max_bytes,
		                   plan->body_to_file && comes, &now->body);
		if (failed(e))
			refuse_kept(c, e);
	}
}

void request_add_body(struct conn *c, const char *bytes, size_t n)
{
	struct current *now = &c->now;
	now->received_bytes += n;
	if (now->step == STEP_BODY && now->received_bytes > now->plan.body_max_bytes)
		refuse_size(c);
	if (now->step == STEP_BODY) {
		err e = body_add(c->server->bodies, &now->body, now->mem, bytes, n);
		if (failed(e))
			refuse_kept(c, e);
	}
	if (now->step == STEP_DROP)
		now->dropped_bytes += n;
}

void request_end_body(struct conn *c)
{
	struct current *now = &c->now;
	if (now->step == STEP_BODY) {
		err e = body_whole(&now->body, &now->request.body);
		now->request.body_fd = now->body.is_file ? now->body.fd : -1;
		if (failed(e))
			refuse_kept(c, e);
	}
}

/* ---- the reply ---- */

void request_forget_stream(struct conn *c)
{
	const struct http_stream *stream = c->now.reply.stream;
	c->now.reply.stream = NULL;
	stream->closed(stream->ctx);
}

/* An answer without an end becomes an ordinary one where it cannot begin. */
static void settle_stream(struct conn *c)
{
	struct current *now = &c->now;
	struct http_reply *reply = &now->reply;
	struct head_fault fault = { .status = 0 };
	if (!reply->stream)
		return;
	if (now->head_only) {
		request_forget_stream(c);
		return;
	}
	if (reply->stream->websocket)
		fault = websocket_greet(&now->request, reply);
	if (fault.status == 0 && !streams_reserve(c->server->streams)) {
		metrics_refused(c->server->settings.metrics, METRICS_QUEUE_FULL);
		fault = (struct head_fault){ 503, false,
			                     "Too many streams are open. Please try again." };
	}
	if (fault.status != 0) {
		request_forget_stream(c);
		http_reply_reset(reply);
		head_fault_reply(&fault, reply);
	}
}

void request_fill_reply(struct conn *c)
{
	struct current *now = &c->now;
	struct http_app *app = &c->server->app;
	http_reply_init(&now->reply, now->mem);
	if (now->fault.status != 0)
		head_fault_reply(&now->fault, &now->reply);
	else
		app->serve(app->ctx, &now->plan, &now->request, &now->reply);
	settle_stream(c);
	if (app->finish)
		app->finish(app->ctx, now->planned ? &now->plan : NULL, &now->request, &now->reply);
	now->reply.close |= atomic_load(&c->server->draining);
}
