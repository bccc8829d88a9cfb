/* policy_slow.c - the policy reckoned as the text reads, line by line and rule by rule. The fast evaluator is judged by it. */
#include "integrity/policy/policy_ast.h"

#include <math.h>
#include <string.h>

/* A step of the ladder is reached up to a rounding error. */
#define SLACK 1e-9

struct walk {
	const struct policy *policy;
	const struct policy_input *in;
	double others;
};

static double value_of(const struct walk *w, uint32_t node);

static double truth(bool is) { return is ? 1 : 0; }

static double words_of(const struct walk *w, const struct node *n)
{
	double sum = 0;
	for (size_t i = 0; i < n->n_lists; i++)
		sum += w->in->words[n->lists[i].index];
	return sum;
}

static double signal_of(const struct walk *w, const struct node *n)
{
	double v = w->in->signals[n->index];
	return n->type == SIGNAL_BOOL && !isnan(v) ? truth(v != 0) : v;
}

static double compare(enum node_op op, double a, double b)
{
	if (isnan(a) || isnan(b))
		return NAN;
	switch (op) {
	case NODE_EQ:
		return truth(a == b);
	case NODE_NE:
		return truth(a != b);
	case NODE_LT:
		return truth(a < b);
	case NODE_LE:
		return truth(a <= b);
	case NODE_GT:
		return truth(a > b);
	default:
		return truth(a >= b);
	}
}

static double reckon(enum node_op op, double a, double b)
{
	switch (op) {
	case NODE_ADD:
		return a + b;
	case NODE_SUB:
		return a - b;
	case NODE_MUL:
		return a * b;
	default:
		return b == 0 ? NAN : a / b;
	}
}

/* Kleene: one false settles a conjunction, one true a disjunction, and otherwise one unknown makes it unknown. */
static double logic(const struct walk *w, const struct node *n, double settles)
{
	bool unknown = false;
	for (uint32_t k = n->child; k; k = w->policy->nodes[k].next) {
		double v = value_of(w, k);
		if (v == settles)
			return settles;
		unknown |= isnan(v);
	}
	return unknown ? NAN : 1 - settles;
}

static double choice(const struct walk *w, const struct node *n)
{
	double v = value_of(w, n->child);
	bool unknown = false;
	for (uint32_t k = w->policy->nodes[n->child].next; k; k = w->policy->nodes[k].next) {
		double same = compare(NODE_EQ, v, value_of(w, k));
		if (same == 1)
			return 1;
		unknown |= isnan(same);
	}
	return unknown ? NAN : 0;
}

static double operator_of(const struct walk *w, const struct node *n)
{
	double a = value_of(w, n->child);
	uint32_t second = w->policy->nodes[n->child].next;
	if (n->op == NODE_KNOWN)
		return truth(!isnan(a));
	if (n->op == NODE_NOT)
		return isnan(a) ? NAN : 1 - a;
	if (n->op == NODE_ELSE)
		return isnan(a) ? value_of(w, second) : a;
	double b = value_of(w, second);
	return n->op >= NODE_ADD ? reckon(n->op, a, b) : compare(n->op, a, b);
}

static double value_of(const struct walk *w, uint32_t node)
{
	const struct node *n = &w->policy->nodes[node];
	switch (n->op) {
	case NODE_NUMBER:
	case NODE_TRUTH:
		return n->value;
	case NODE_SIGNAL:
		return signal_of(w, n);
	case NODE_LET:
		return value_of(w, w->policy->lets[n->index].node);
	case NODE_WORDS:
		return words_of(w, n);
	case NODE_PATTERN:
		return w->in->patterns[n->index];
	case NODE_WINDOW:
		return w->in->readings ? w->in->readings[n->index] : NAN;
	case NODE_OTHERS:
		return w->others;
	case NODE_AND:
		return logic(w, n, 0);
	case NODE_OR:
		return logic(w, n, 1);
	case NODE_IN:
		return choice(w, n);
	default:
		return operator_of(w, n);
	}
}

double policy_value(const struct policy *policy, const struct policy_input *in, uint32_t node,
                    double others)
{
	const struct walk w = { policy, in, others };
	return value_of(&w, node);
}

/* ---- rules ---- */

static void walk_rule(const struct walk *w, size_t i, struct policy_result *out)
{
	const struct policy_rule *rule = &w->policy->rules[i];
	const struct policy_evidence *lines = &w->policy->evidence[rule->first_evidence];
	for (size_t k = 0; k < rule->n_evidence; k++) {
		size_t number = rule->first_evidence + k;
		double v = value_of(w, w->policy->evidence_node[number]);
		bool counts = isnan(v) ? w->policy->more[i].unknown == UNKNOWN_FIRES : v != 0;
		if (counts) {
			out->evidence[number / 64] |= UINT64_C(1) << (number % 64);
			out->states[i] = STATE_FIRED;
			if (lines[k].weight > out->weights[i])
				out->weights[i] = lines[k].weight;
		} else if (isnan(v) && out->states[i] == STATE_SILENT) {
			out->states[i] = STATE_UNKNOWN;
		}
	}
}

double policy_others(const struct policy *policy, const double *raw)
{
	double keep = 1;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (policy->rules[i].status == RULE_LIVE && !policy->more[i].others)
			keep *= 1 - raw[i];
	}
	return 1 - keep;
}

/* 1 - (1-a)(1-b)... over the rules of each group, capped, and over the groups the same. */
static double combine(const struct policy *policy, const double *weights, bool annoyance)
{
	double groups[GROUPS_MAX + 1];
	for (size_t g = 0; g <= policy->n_groups; g++)
		groups[g] = 1;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (policy->rules[i].status == RULE_LIVE &&
		    (annoyance || policy->rules[i].harm != HARM_ANNOYANCE))
			groups[policy->more[i].group_number] *= 1 - weights[i];
	}
	double keep = groups[0];
	for (size_t g = 1; g <= policy->n_groups; g++) {
		double weight = 1 - groups[g];
		double cap = policy->groups[g - 1].cap;
		keep *= 1 - (weight > cap ? cap : weight);
	}
	return 1 - keep;
}

static enum action climb(const struct policy *policy, double malice)
{
	enum action action = ACTION_ALLOW;
	for (int step = ACTION_LABEL; step <= ACTION_HOLD; step++) {
		if (policy->ladder[step] > 0 && malice >= policy->ladder[step] - SLACK)
			action = (enum action)step;
	}
	return action;
}

static enum action act(const struct policy *policy, const struct policy_result *r)
{
	enum action action = climb(policy, combine(policy, r->weights, false));
	if (action < ACTION_LABEL && climb(policy, r->malice) >= ACTION_LABEL)
		action = ACTION_LABEL; /* annoyance never does more */
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (policy->rules[i].status == RULE_LIVE && r->states[i] == STATE_FIRED &&
		    policy->rules[i].asks > action)
			action = policy->rules[i].asks;
	}
	return action;
}

static uint64_t filters_of(const struct walk *w)
{
	uint64_t filters = 0;
	for (size_t i = 0; i < w->policy->n_windows; i++) {
		uint32_t where = w->policy->windows[i].where;
		if (!where || value_of(w, where) == 1)
			filters |= UINT64_C(1) << i;
	}
	return filters;
}

void policy_apply_slowly(const struct policy *policy, const struct policy_input *in,
                         struct arena *mem, struct policy_result *out)
{
	struct walk w = { policy, in, 0 };
	*out = (struct policy_result){
		.damped = 1,
		.weights = ARENA_ARRAY(mem, policy->n_rules, double),
		.states = ARENA_ARRAY(mem, policy->n_rules, uint8_t),
		.evidence = ARENA_ARRAY(mem, (policy->n_evidence + 63) / 64, uint64_t),
	};
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (policy_evaluates(policy, i) && !policy->more[i].others)
			walk_rule(&w, i, out);
	}
	w.others = policy_others(policy, out->weights);
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (policy_evaluates(policy, i) && policy->more[i].others)
			walk_rule(&w, i, out);
	}
	bool fired = memchr(out->states, STATE_FIRED, policy->n_rules) != NULL;
	for (size_t i = 0; i < policy->n_damps; i++) {
		if (fired && value_of(&w, policy->damps[i].node) == 1)
			out->damped *= policy->damps[i].factor;
	}
	for (size_t i = 0; i < policy->n_rules; i++)
		out->weights[i] *= out->damped;
	out->malice = combine(policy, out->weights, true);
	out->action = act(policy, out);
	out->filters = filters_of(&w);
}
