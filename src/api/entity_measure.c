/* See entity.h. A measure: what was done, to which words, by which rule, why, until when, and who decided.
 *
 * The reasons were written down with the measure, as JSON; they are passed on as they stand, so that what its subject
 * reads is what was recorded. */
#include "api/entity.h"

#include "circle/appeal.h"
#include "circle/explain.h"
#include "circle/order.h"
#include "circle/review.h"

#include "model/case.h"

#include "base/leak.h"

#include <jansson.h>
#include <stdlib.h>

static void add_json_value(struct buf *b, const json_t *value, str otherwise)
{
	char *text = value ? json_dumps(value,
	                                JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6))
	                   : NULL;
	buf_add(b, text ? str_of(text) : otherwise);
	free(text);
}

static void add_object(struct buf *b, const struct seen_measure *s)
{
	const struct measure *m = &s->measure;
	buf_lit(b, ",\"object\":{\"type\":");
	if (m->comment.v != 0)
		buf_lit(b, "\"comment\",\"id\":");
	else if (m->post.v != 0)
		buf_lit(b, "\"post\",\"id\":");
	else
		buf_lit(b, "\"account\",\"id\":");
	buf_json_id(b, m->comment.v ? m->comment.v : m->post.v ? m->post.v : m->subject.v);
	buf_lit(b, ",\"text\":");
	buf_json(b, s->text);
	buf_char(b, '}');
}

/* The sentence of the rule that weighed most: the heaviest reason comes first. */
static void add_rule(struct buf *b, const struct measure *m, const json_t *reasons)
{
	const json_t *first = json_array_get(reasons, 0);
	buf_lit(b, ",\"rule\":{\"id\":");
	buf_json(b, m->rule);
	buf_lit(b, ",\"clause\":");
	add_json_value(b, json_object_get(first, "clause"), S("\"\""));
	buf_lit(b, ",\"text\":");
	add_json_value(b, json_object_get(first, "text"), S("{\"en\":\"\",\"zh\":\"\"}"));
	buf_lit(b, ",\"policy\":");
	buf_json(b, m->policy);
	buf_lit(b, "},\"clause\":");
	add_json_value(b, json_object_get(first, "clause"), S("\"\""));
}

static void add_evidence(struct buf *b, const struct measure *m)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	const json_t *reasons = json_object_get(evidence, "reasons");
	add_rule(b, m, reasons);
	json_decref(evidence);
	buf_char(b, ',');
	explain_to_subject(m, b);
}

void entity_trace(struct buf *b, const struct measure *m)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	add_json_value(b, json_object_get(evidence, "trace"), S("null"));
	json_decref(evidence);
}

static void add_time_or_null(struct buf *b, str name, int64_t at_ms)
{
	buf_add(b, name);
	if (at_ms == 0 || at_ms == INT64_MAX)
		buf_lit(b, "null");
	else
		buf_json_time(b, at_ms);
}

/* The role alone: a steward's name is never given. */
static void add_decision(struct call *c, struct buf *b, const struct measure *m)
{
	add_time_or_null(b, S(",\"decided_at\":"), m->decided_at_ms);
	buf_lit(b, ",\"decided_by_role\":");
	if (m->decided_by.v != 0) {
		struct person by = exhibit_person(c->circle, m->decided_by, c->mem);
		buf_json(b, LEAK("measure.steward")
		                    ? by.handle
		                    : str_of(order_role_word(c->circle, m->decided_by)));
	} else if (m->decided_at_ms != 0 &&
	           (m->state == MEASURE_KEPT || m->state == MEASURE_OVERTURNED ||
	            m->state == MEASURE_MILDER)) {
		buf_lit(b, "\"jury\""); /* nobody's name, and not the program, which does neither */
	} else {
		buf_lit(b, "null");
	}
	buf_lit(b, ",\"note\":");
	if (m->decision_note.n > 0)
		buf_json(b, m->decision_note);
	else
		buf_lit(b, "null");
}

/* For its subject alone: what others appeal is theirs. */
static err add_appeal(struct call *c, struct buf *b, const struct measure *m)
{
	struct appeal_prospect prospect = { 0 };
	err e = OK;
	if (m->subject.v == c->me.person.v)
		TRY(appeal_prospect_of(c->circle, m, c->now_ms, c->mem, &prospect));
	entity_appeal_prospect(c, b, &prospect);
out:
	return e;
}

/* Who began it, how grave it is, and whether it does anything now. */
static void add_order(struct buf *b, const struct measure *m, int64_t now_ms)
{
	buf_lit(b, ",\"decider\":");
	buf_json(b, str_of(order_decider_word(m->decider)));
	buf_lit(b, ",\"harm\":");
	buf_json(b, str_of(harm_word(m->harm)));
	buf_lit(b, ",\"points\":");
	buf_i64(b, m->points);
	buf_add(b,
	        measure_in_force(m, now_ms) ? S(",\"in_force\":true") : S(",\"in_force\":false"));
}

err entity_measure(struct call *c, struct buf *b, const struct seen_measure *s)
{
	const struct measure *m = &s->measure;
	int64_t now_ms = order_now(c->circle, c->now_ms);
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, m->id.v);
	buf_lit(b, ",\"kind\":");
	buf_json(b, str_of(measure_kind_word(m->kind)));
	buf_lit(b, ",\"state\":");
	buf_json(b, str_of(measure_state_word(measure_state_at(m, now_ms))));
	add_object(b, s);
	buf_add(b, m->version.v != 0 ? S(",\"of_change\":true") : S(",\"of_change\":false"));
	add_evidence(b, m);
	add_order(b, m, now_ms);
	add_time_or_null(b, S(",\"starts_at\":"), m->starts_at_ms);
	add_time_or_null(b, S(",\"ends_at\":"), measure_end(m));
	add_decision(c, b, m);
	TRY(add_appeal(c, b, m));
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}

static void add_said(struct buf *b, const struct said_measure *said)
{
	buf_lit(b, "{\"kind\":");
	buf_json(b, str_of(measure_kind_word(said->kind)));
	if (said->id.v != 0) {
		buf_lit(b, ",\"id\":");
		buf_json_id(b, said->id.v);
	}
	buf_lit(b, ",\"rule\":{\"id\":");
	buf_json(b, said->why.rule);
	buf_lit(b, ",\"clause\":");
	buf_json(b, said->why.clause);
	buf_lit(b, ",\"text\":{\"en\":");
	buf_json(b, said->why.en);
	buf_lit(b, ",\"zh\":");
	buf_json(b, said->why.zh);
	buf_lit(b, "},\"policy\":");
	buf_json(b, said->policy);
	buf_lit(b, "}}");
}

/* Whose copy it is may be gone since: then there is none. */
static err add_fold(struct call *c, struct buf *b, const struct seen_order *order)
{
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"first\":");
	buf_json_id(b, order->first.comment.v ? order->first.comment.v : order->first.post.v);
	buf_lit(b, ",\"account\":");
	TRY(entity_account_of(c, b, order->first_by));
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}

err entity_order(struct call *c, struct buf *b, const struct seen_order *order)
{
	err e = OK;
	buf_lit(b, ",\"kith_measures\":[");
	for (size_t i = 0; i < order->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_said(b, &order->said[i]);
	}
	buf_lit(b, "],\"kith_fold\":");
	if (order->first_by.v != 0)
		e = add_fold(c, b, order);
	if (order->first_by.v == 0 || e.code == ERR_MISSING) {
		buf_lit(b, "null");
		e = OK;
	}
	return e;
}
