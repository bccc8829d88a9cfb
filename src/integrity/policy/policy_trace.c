/* policy_trace.c - why, for those who answer for it: the lines that counted, as written, beside what was read. */
#include "integrity/policy/policy_ast.h"

#include "base/buf.h"

#include <math.h>

#define TRACE_MAX_BYTES ((size_t)1 << 20)
#define READ_MAX 64 /* values shown of one line */

struct trace {
	const struct policy *policy;
	const struct policy_input *in;
	const struct policy_result *result;
	struct buf *b;
	double others;
	uint32_t read[READ_MAX]; /* nodes of the values of this line so far */
	size_t n_read;
};

static bool counted(const struct policy_result *result, size_t line)
{
	return result->evidence[line / 64] >> (line % 64) & 1;
}

/* What the rules weighed before damping. */
static double others_of(const struct policy *policy, const struct policy_result *result,
                        struct arena *mem)
{
	double *raw = ARENA_ARRAY(mem, policy->n_rules, double);
	for (size_t i = 0; i < policy->n_evidence; i++) {
		const struct policy_evidence *line = &policy->evidence[i];
		if (counted(result, i) && line->weight > raw[line->rule])
			raw[line->rule] = line->weight;
	}
	return policy_others(policy, raw);
}

static void put_value(struct buf *b, double v, enum signal_type type)
{
	if (!isfinite(v))
		buf_add(b, isnan(v) ? S("null") : S("\"without end\""));
	else if (type == SIGNAL_BOOL)
		buf_add(b, v != 0 ? S("true") : S("false"));
	else
		buf_json_real(b, v);
}

static bool shown_already(const struct trace *t, str text)
{
	for (size_t i = 0; i < t->n_read; i++) {
		const struct node *n = &t->policy->nodes[t->read[i]];
		if (str_eq(policy_one_line(t->policy, n->at, n->end, t->b->mem), text))
			return true;
	}
	return false;
}

/* Every different value that the expression reads, named conditions written out. */
static void put_values(struct trace *t, uint32_t node)
{
	const struct node *n = &t->policy->nodes[node];
	if (n->op == NODE_LET)
		put_values(t, t->policy->lets[n->index].node);
	for (uint32_t k = n->op >= NODE_KNOWN ? n->child : 0; k; k = t->policy->nodes[k].next)
		put_values(t, k);
	if (n->op < NODE_SIGNAL || n->op > NODE_OTHERS || n->op == NODE_LET)
		return;
	str text = policy_one_line(t->policy, n->at, n->end, t->b->mem);
	if (t->n_read == READ_MAX || shown_already(t, text))
		return;
	buf_add(t->b, t->n_read ? S(",") : STR_NONE);
	t->read[t->n_read++] = node;
	buf_json(t->b, text);
	buf_char(t->b, ':');
	put_value(t->b, policy_value(t->policy, t->in, node, t->others), n->type);
}

static bool put_line(struct trace *t, size_t line, bool first)
{
	const struct policy_evidence *evidence = &t->policy->evidence[line];
	uint32_t node = t->policy->evidence_node[line];
	bool counts = counted(t->result, line);
	if (!counts && !isnan(policy_value(t->policy, t->in, node, t->others)))
		return false;
	buf_add(t->b, first ? STR_NONE : S(","));
	buf_add(t->b, S("{\"weight\":"));
	buf_json_real(t->b, evidence->weight);
	buf_format(t->b, ",\"counts\":%s,\"when\":", counts ? "true" : "false");
	buf_json(t->b, evidence->when);
	buf_add(t->b, S(",\"values\":{"));
	t->n_read = 0;
	put_values(t, node);
	buf_add(t->b, S("}}"));
	return true;
}

static void put_rule(struct trace *t, size_t i, bool first)
{
	static const char *const statuses[] = { "draft", "shadow", "live", "retired" };
	const struct policy_rule *rule = &t->policy->rules[i];
	bool fired = t->result->states[i] == STATE_FIRED, none = true;
	buf_add(t->b, first ? S("{\"rule\":") : S(",{\"rule\":"));
	buf_json(t->b, rule->id);
	buf_format(t->b, ",\"status\":\"%s\",\"state\":\"%s\",\"weight\":", statuses[rule->status],
	           fired ? "fired" : "unknown");
	buf_json_real(t->b, t->result->weights[i]);
	buf_add(t->b, S(",\"evidence\":["));
	for (size_t k = 0; k < rule->n_evidence; k++)
		none = !put_line(t, rule->first_evidence + k, none) && none;
	buf_add(t->b, S("]}"));
}

str policy_trace(const struct policy *policy, const struct policy_input *in,
                 const struct policy_result *result, struct arena *mem)
{
	struct buf b;
	struct trace t = { .policy = policy, .in = in, .result = result, .b = &b };
	bool first = true;
	buf_init(&b, mem, TRACE_MAX_BYTES);
	t.others = others_of(policy, result, mem);
	buf_format(&b, "{\"policy\":\"%s\",\"action\":\"%s\",\"malice\":", policy->hash,
	           action_name(result->action));
	buf_json_real(&b, result->malice);
	buf_add(&b, S(",\"damped\":"));
	buf_json_real(&b, result->damped);
	buf_add(&b, S(",\"others\":"));
	buf_json_real(&b, t.others);
	buf_add(&b, S(",\"rules\":["));
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (result->states[i] == STATE_SILENT)
			continue;
		put_rule(&t, i, first);
		first = false;
	}
	buf_add(&b, S("]}"));
	/* A trace too long to keep says so rather than end in the middle. */
	return b.full ? S("{\"error\":\"the trace is over 1 MiB\"}") : buf_str(&b);
}
