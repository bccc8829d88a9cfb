/* The stewards' console: what waits, one case whole, who is at it, and whom else is asked. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/docket.h"
#include "circle/evidence.h"

#define LIMIT 40
#define LIMIT_MAX 80
#define SAY_STATE "A state is \"open\" or \"decided\"."

static err read_state(const struct call *c, enum case_state *state)
{
	str word;
	err e;
	TRY(params_str(c->params, "state", &word));
	if (word.p != NULL && !str_eq(word, S("open")) && !str_eq(word, S("decided")))
		return err_input("state", SAY_STATE);
	*state = str_eq(word, S("decided")) ? CASE_DECIDED : CASE_OPEN;
out:
	return e;
}

err api_case_queue(struct call *c)
{
	struct case_line *lines;
	struct buf *b = call_json(c);
	struct page page;
	enum case_state state;
	size_t n;
	err e;
	TRY(read_state(c, &state));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(docket_queue(c->circle, c->me.person, state, page, c->now_ms, c->mem, &lines, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_case_line(c, b, &lines[i]);
	}
	buf_char(b, ']');
	if (state != CASE_OPEN && n == (size_t)page.limit)
		TRY(call_link_next(c, lines[n - 1].one.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_case_show(struct call *c)
{
	struct case_look look;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(docket_look(c->circle, c->me.person, id, c->now_ms, c->mem, &look));
	TRY(entity_case(c, call_json(c), &look));
	TRY(call_send(c));
out:
	return e;
}

static err claim(struct call *c, bool on)
{
	struct case_line line;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY((on ? docket_claim : docket_unclaim)(c->circle, c->me.person, id, c->now_ms, c->mem,
	                                         &line));
	entity_case_line(c, call_json(c), &line);
	TRY(call_send(c));
out:
	return e;
}

err api_case_claim(struct call *c) { return claim(c, true); }

err api_case_unclaim(struct call *c) { return claim(c, false); }

err api_case_ask(struct call *c)
{
	struct evidence_draft draft = { .status = 0 };
	struct evidence_link link;
	struct buf *b = call_json(c);
	case_id in;
	err e;
	TRY(call_path_id(c, 0, &in.v));
	TRY(params_str(c->params, "whom", &draft.whom));
	TRY(params_id(c->params, "measure_id", &draft.measure.v));
	TRY(params_id(c->params, "status_id", &draft.status));
	TRY(evidence_ask(c->circle, c->me.person, in, &draft, c->now_ms, c->mem, &link));
	buf_lit(b, "{\"url\":");
	buf_json(b,
	         str_format(c->mem, "%.*s/evidence/%.*s", STR_ARG(c->url), STR_ARG(link.secret)));
	buf_lit(b, ",\"expires_at\":");
	buf_json_time(b, link.expires_at_ms);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}
