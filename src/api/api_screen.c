/* Other platforms' texts, a batch at a time: read once, judged in order, written as it goes. The whole batch is looked at before
 * anything of it is judged, so that a refused one has left no trace. */
#include "api/handlers.h"

#include "api/screen_json.h"
#include "circle/assess.h"

#include <stdlib.h>
#include <string.h>

#define SAY_SHAPE "The body is {\"items\": [...]} or JSON lines."
#define SAY_MANY "A batch has at most 1000 items."

struct batch {
	struct call *call;
	json_t *root;                    /* of one JSON body: owns the items */
	json_t *items[ASSESS_ITEMS_MAX]; /* of lines: owned */
	size_t n;
	bool lines;
	struct facts *facts;
	struct buf *out;
};

static err too_many(struct call *c)
{
	c->fault_status = 413;
	return err_limit("items", SAY_MANY);
}

static err blame(struct call *c, size_t i, const char *field, const char *say)
{
	str name = field ? str_format(c->mem, "items[%zu].%s", i, field)
	                 : str_format(c->mem, "items[%zu]", i);
	return err_input(str_to_c(c->mem, name), say);
}

static err add(struct batch *b, json_t *item)
{
	const char *field, *wrong;
	struct facts *facts = &b->facts[b->n];
	b->items[b->n++] = item;
	wrong = screen_json_facts(item, facts, &field);
	if (wrong)
		return blame(b->call, b->n - 1, field, wrong);
	if (facts->at_ms == 0)
		facts->at_ms = b->call->now_ms;
	return OK;
}

static err read_items(struct batch *b, str body)
{
	b->root = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
	                     NULL);
	json_t *items = json_object_get(b->root, "items");
	err e = OK;
	if (!json_is_array(items))
		return err_input("items", SAY_SHAPE);
	if (json_array_size(items) > ASSESS_ITEMS_MAX)
		return too_many(b->call);
	for (size_t i = 0; i < json_array_size(items); i++)
		TRY(add(b, json_array_get(items, i)));
out:
	return e;
}

static err read_lines(struct batch *b, str body)
{
	err e = OK;
	while (body.n > 0) {
		str line = str_trim(str_cut(&body, '\n'));
		if (line.n == 0)
			continue;
		if (b->n == ASSESS_ITEMS_MAX)
			return too_many(b->call);
		TRY(add(b,
		        json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL)));
	}
out:
	return e;
}

static void write_one(void *ctx, size_t i, const struct verdict *v)
{
	struct batch *b = ctx;
	if (i > 0 && !b->lines)
		buf_char(b->out, ',');
	screen_json_verdict(b->out, json_object_get(b->items[i], "id"), b->facts[i].text, v);
	if (b->lines)
		buf_char(b->out, '\n');
}

static err answer(struct batch *b)
{
	struct call *c = b->call;
	err e;
	if (!b->lines)
		buf_lit(b->out, "{\"results\":[");
	TRY(assess_batch(c->circle, c->me.session, b->facts, b->n, write_one, b));
	if (!b->lines)
		buf_lit(b->out, "]}");
	if (!b->lines || b->out->full)
		TRY(call_send(c));
	else
		http_reply_body(c->reply, 200, "application/x-ndjson; charset=utf-8",
		                buf_str(b->out));
out:
	return e;
}

err api_screen_batch(struct call *c)
{
	struct batch b = { .call = c,
		           .facts = ARENA_ARRAY(c->mem, ASSESS_ITEMS_MAX, struct facts),
		           .out = call_json(c) };
	b.lines = str_eq(c->request->content_type, S("application/x-ndjson"));
	err e = b.lines ? read_lines(&b, c->request->body) : read_items(&b, c->request->body);
	if (!failed(e))
		e = answer(&b);
	for (size_t i = 0; b.lines && i < b.n; i++)
		json_decref(b.items[i]);
	json_decref(b.root);
	return e;
}
