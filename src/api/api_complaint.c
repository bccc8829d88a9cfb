/* Complaints from outside, for programs: the pages are plain_complaint.c. */
#include "api/handlers.h"

#include "circle/complain.h"
#include "circle/order.h"

static void add_time_or_null(struct buf *b, int64_t at_ms)
{
	if (at_ms)
		buf_json_time(b, at_ms);
	else
		buf_lit(b, "null");
}

/* All but the closing brace. Neither contact nor evidence: the link may have gone further than it should. */
static void add_complaint(struct call *c, struct buf *b, const struct complaint *is)
{
	bool answered = is->state == COMPLAINT_ANSWERED;
	buf_lit(b, "{\"category\":");
	buf_json(b, str_of(complaint_category_word(is->category)));
	buf_lit(b, ",\"state\":");
	buf_json(b, answered ? S("answered") : S("open"));
	buf_lit(b, ",\"about\":");
	buf_json(b, is->about);
	buf_lit(b, ",\"at\":");
	buf_json_time(b, is->at_ms);
	buf_lit(b, ",\"due_at\":");
	buf_json_time(b, is->due_at_ms);
	buf_add(b, !answered && order_now(c->circle, c->now_ms) > is->due_at_ms
	                   ? S(",\"late\":true")
	                   : S(",\"late\":false"));
	buf_lit(b, ",\"answer\":");
	if (answered)
		buf_json(b, is->answer);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"answered_at\":");
	add_time_or_null(b, is->answered_at_ms);
}

err api_complaint_create(struct call *c)
{
	struct complaint_draft draft;
	struct complaint_filed filed;
	struct buf *b = call_json(c);
	str category;
	err e;
	TRY(params_str(c->params, "category", &category));
	TRY(params_str(c->params, "contact", &draft.contact));
	TRY(params_str(c->params, "about", &draft.about));
	TRY(params_str(c->params, "evidence", &draft.evidence));
	if (!complaint_category_of(category, &draft.category))
		TRY(err_input("category", "It is plagiarism, counterfeit or personal-data."));
	draft.from = http_peer_key(&c->request->peer);
	draft.has_from = c->request->peer.known;
	e = complain_file(c->circle, &draft, c->url, c->now_ms, c->mem, &filed);
	c->retry_after_s = filed.retry_after_s;
	TRY(e);
	add_complaint(c, b, &filed.complaint);
	buf_lit(b, ",\"secret\":");
	buf_json(b, filed.secret);
	buf_lit(b, ",\"url\":");
	buf_json(b,
	         str_format(c->mem, "%.*s/complaint/%.*s", STR_ARG(c->url), STR_ARG(filed.secret)));
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_complaint_show(struct call *c)
{
	struct complaint is;
	err e;
	TRY(complain_look(c->circle, c->args[0], c->mem, &is));
	add_complaint(c, call_json(c), &is);
	buf_char(call_json(c), '}');
	TRY(call_send(c));
out:
	return e;
}
