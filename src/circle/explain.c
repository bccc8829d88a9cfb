#include "circle/explain.h"

#include "circle/hold.h"

#include <jansson.h>

#include <stdlib.h>

/* Where the record has no sentence, or none for others: a person decided, and that is all there is to say. */
static const struct why decided = {
	.rule = { HOLD_WORDS("order.decided") },
	.en = { HOLD_WORDS("A person looked at this and decided it.") },
	.zh = { HOLD_WORDS("有人看过，这样裁定的。") },
};

static str text_of(const json_t *object, const char *name, struct arena *mem)
{
	const json_t *value = json_object_get(object, name);
	if (!json_is_string(value))
		return STR_NONE;
	return str_dup(mem, (str){ json_string_value(value), json_string_length(value) });
}

static struct why why_of(const json_t *reason, struct arena *mem)
{
	const json_t *text = json_object_get(reason, "text");
	return (struct why){ .rule = text_of(reason, "rule", mem),
		             .clause = text_of(reason, "clause", mem),
		             .en = text_of(text, "en", mem),
		             .zh = text_of(text, "zh", mem) };
}

static const json_t *first_alone(const json_t *reasons)
{
	size_t i;
	const json_t *reason;
	json_array_foreach(reasons, i, reason) if (json_is_true(json_object_get(
							   reason, "alone"))) return reason;
	return NULL;
}

/* "allow" earns nothing. */
static bool earns_alone(const json_t *alone)
{
	const char *action = json_string_value(alone);
	return action != NULL && action[0] != 'a';
}

/* A fold rests on what others wrote, whatever else its piece is. */
static const json_t *first_of(enum measure_kind kind, const json_t *reasons)
{
	size_t i;
	const json_t *reason;
	json_array_foreach(reasons, i, reason) if (kind != MEASURE_FOLD ||
	                                           json_is_false(json_object_get(
							   reason, "alone"))) return reason;
	return json_array_get(reasons, 0);
}

void explain_measure(const struct measure *m, struct arena *mem, struct piece_measure *out)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	const json_t *reasons = json_object_get(evidence, "reasons");
	const json_t *alone = json_object_get(evidence, "alone"), *by_itself = first_alone(reasons);
	*out = (struct piece_measure){ .id = m->id,
		                       .subject = m->subject,
		                       .comment = m->comment,
		                       .kind = m->kind,
		                       .starts_at_ms = m->starts_at_ms,
		                       .ends_at_ms = m->ends_at_ms,
		                       .family = m->family,
		                       .why = why_of(first_of(m->kind, reasons), mem),
		                       .policy = str_dup(mem, m->policy) };
	if (out->why.en.n == 0)
		out->why = decided;
	if (out->why.rule.n == 0)
		out->why.rule = str_dup(mem, m->rule);
	if (by_itself != NULL && earns_alone(alone))
		out->alone = why_of(by_itself, mem);
	else if (m->decider != DECIDER_POLICY)
		out->alone = alone == NULL ? out->why : decided;
	json_decref(evidence);
}

static void add_value(struct buf *b, const char *name, const json_t *value, const char *otherwise)
{
	char *text = value ? json_dumps(value,
	                                JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6))
	                   : NULL;
	buf_add(b, str_of(name));
	buf_add(b, str_of(text ? text : otherwise));
	free(text);
}

void explain_to_subject(const struct measure *m, struct buf *b)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	add_value(b, "\"reasons\":", json_object_get(evidence, "reasons"), "[]");
	add_value(b, ",\"would_pass\":", json_object_get(evidence, "would_pass"), "null");
	buf_lit(b, ",\"score\":");
	buf_json_real(b, json_number_value(json_object_get(evidence, "score")));
	buf_lit(b, ",\"malice\":");
	buf_json_real(b, json_number_value(json_object_get(evidence, "malice")));
	json_decref(evidence);
}
