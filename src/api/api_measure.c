/* The order's first room: what was done to my pieces, and what waits for a steward. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/disclose.h"
#include "circle/audit_root.h"
#include "circle/order.h"
#include "circle/review.h"

#define LIMIT 40
#define LIMIT_MAX 80

err api_measure_mine(struct call *c)
{
	struct seen_measure *measures;
	struct buf *b = call_json(c);
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(review_mine(c->circle, c->me.person, page, c->now_ms, c->mem, &measures, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(entity_measure(c, b, &measures[i]));
	}
	buf_char(b, ']');
	if (n > 0)
		TRY(call_link(c, &page, n, measures[0].measure.id.v, measures[n - 1].measure.id.v));
	TRY(call_send(c));
out:
	return e;
}

/* Who looked at what is mine: in which role, and for which measure. */
err api_access_mine(struct call *c)
{
	struct buf *b = call_json(c);
	struct access_seen *all;
	size_t n;
	err e;
	TRY(disclose_mine(c->circle, c->me.person, c->mem, &all, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",{\"day\":") : S("{\"day\":"));
		buf_json(b, audit_day_text(all[i].day, c->mem));
		buf_format(b, ",\"role\":\"%s\",\"measure\":", disclose_role_word(all[i].role));
		if (all[i].measure.v != 0)
			buf_json_id(b, all[i].measure.v);
		else
			buf_lit(b, "null");
		buf_char(b, '}');
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_measure_one(struct call *c)
{
	struct seen_measure measure;
	measure_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(review_mine_one(c->circle, c->me.person, id, c->now_ms, c->mem, &measure));
	TRY(entity_measure(c, call_json(c), &measure));
	TRY(call_send(c));
out:
	return e;
}

err api_standing_mine(struct call *c)
{
	struct standing standing;
	err e;
	TRY(order_my_standing(c->circle, c->me.person, c->now_ms, c->mem, &standing));
	entity_standing(call_json(c), &standing);
	TRY(call_send(c));
out:
	return e;
}

/* The piece was let through for this steward by review; its author's card need not be (a block, say), hence the
 * account first: the status copies it. */
static err add_case(struct call *c, struct buf *b, const struct seen_measure *s)
{
	err e;
	buf_lit(b, "{\"measure\":");
	TRY(entity_measure(c, b, s));
	buf_lit(b, ",\"account\":");
	entity_account(c, b, &s->subject);
	buf_lit(b, ",\"status\":");
	if (s->has_comment)
		TRY(entity_comment(c, b, &s->comment));
	else if (s->has_post)
		TRY(entity_status(c, b, &s->post));
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"trace\":");
	entity_trace(b, &s->measure);
	buf_char(b, '}');
out:
	return e;
}

err api_measure_queue(struct call *c)
{
	struct seen_measure *cases;
	struct buf *b = call_json(c);
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(review_queue(c->circle, c->me.person, page.limit, c->now_ms, c->mem, &cases, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(add_case(c, b, &cases[i]));
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

static err decide(struct call *c, bool release)
{
	struct seen_measure decided;
	measure_id id;
	str note;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(params_str(c->params, "note", &note));
	TRY(review_decide(c->circle, c->me.person, id, release, note, c->now_ms, c->mem, &decided));
	TRY(entity_measure(c, call_json(c), &decided));
	TRY(call_send(c));
out:
	return e;
}

err api_measure_release(struct call *c) { return decide(c, true); }

err api_measure_keep(struct call *c) { return decide(c, false); }
