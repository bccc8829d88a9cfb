/* policy_compare.c - the first question is asked of the differences that policy_diff finds, field by field; the second of the trees. */
#include "integrity/policy/policy_compare.h"

#include "integrity/policy/policy_ast.h"
#include "integrity/policy/policy_diff.h"

#include <stdlib.h>
#include <string.h>

/* ---- stricter? ---- */

/* What a change of a field does. For numbers and steps "" (not there) is the end that the table names. */
enum bend {
	BEND_NONE,   /* nobody is judged by it */
	BEND_STRICT, /* either way unknown */
	BEND_WEIGHT, /* a share: more is stricter, and there is none where it is not said */
	BEND_FROM,   /* a threshold: less is stricter, and there is none where it is not said */
	BEND_FACTOR, /* a damp: more is stricter, and without it nothing is damped */
	BEND_ASKS,   /* allow, label, fold, hold */
	BEND_HARM    /* fraud to marketing is looser */
};

static const struct {
	const char *what, *field; /* a field that begins so; "": every other one */
	enum bend bend;
} fields[] = {
	{ "rule", "weight when ", BEND_WEIGHT },
	{ "rule", "asks", BEND_ASKS },
	{ "rule", "harm", BEND_HARM },
	{ "rule", "group", BEND_STRICT },
	{ "rule", "unknown", BEND_STRICT },
	{ "rule", "status", BEND_NONE }, /* looked at before its fields are */
	{ "rule", "", BEND_NONE },
	{ "list", "phrase", BEND_STRICT },
	{ "list", "conduct", BEND_STRICT },
	{ "list", "", BEND_NONE },
	{ "pattern", "regex", BEND_STRICT },
	{ "pattern", "", BEND_NONE },
	{ "condition", "", BEND_STRICT },
	{ "group", "cap", BEND_WEIGHT },
	{ "damp", "factor", BEND_FACTOR },
	{ "ladder", "", BEND_FROM },
	{ "policy", "", BEND_NONE },
};

static double number_of(str text, double absent)
{
	char digits[64];
	if (text.n == 0 || text.n >= sizeof digits)
		return absent;
	memcpy(digits, text.p, text.n);
	digits[text.n] = '\0';
	return strtod(digits, NULL);
}

static int asks_of(str word)
{
	for (int a = ACTION_HOLD; a > ACTION_ALLOW; a--)
		if (str_eq(word, str_of(action_name((enum action)a))))
			return a;
	return ACTION_ALLOW;
}

static enum bend bend_of(str what, str field)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (str_eq(what, str_of(fields[i].what)) &&
		    str_starts(field, str_of(fields[i].field)))
			return fields[i].bend;
	}
	return BEND_STRICT;
}

static bool field_stricter(str what, const struct policy_detail *d)
{
	switch (bend_of(what, d->field)) {
	case BEND_NONE:
		return false;
	case BEND_STRICT:
		return true;
	case BEND_WEIGHT:
		/* A rule whose lines no longer use `others` weighs for those that do. */
		return (d->after.n == 0 && str_find(d->field, S("others")) != SIZE_MAX) ||
		       number_of(d->after, 0) > number_of(d->before, 0);
	case BEND_FROM:
		return number_of(d->after, 2) < number_of(d->before, 2);
	case BEND_FACTOR:
		return number_of(d->after, 1) > number_of(d->before, 1);
	case BEND_ASKS:
		return asks_of(d->after) > asks_of(d->before);
	case BEND_HARM:
		return !(str_eq(d->before, S("fraud")) && str_eq(d->after, S("marketing")));
	}
	return true;
}

static const struct policy_rule *rule_of(const struct policy *policy, str id)
{
	for (size_t i = 0; i < policy->n_rules; i++)
		if (str_eq(policy->rules[i].id, id))
			return &policy->rules[i];
	return NULL;
}

static bool is_live(const struct policy *policy, str rule)
{
	const struct policy_rule *r = rule_of(policy, rule);
	return r && r->status == RULE_LIVE;
}

/* A list of conduct is read by a signal, whether a rule names it or not. */
static bool is_conduct(const struct policy *policy, str name)
{
	for (size_t i = 0; i < policy->n_lists; i++)
		if (str_eq(policy->lists[i].name, name))
			return policy->lists[i].conduct;
	return false;
}

static bool change_stricter(const struct policy *before, const struct policy *after,
                            const struct policy_change *c)
{
	bool rule = str_eq(c->what, S("rule"));
	if (c->kind != CHANGE_CHANGED) {
		bool added = c->kind == CHANGE_ADDED;
		if (rule)
			return added && is_live(after, c->name);
		if (str_eq(c->what, S("list")))
			return is_conduct(added ? after : before, c->name);
		/* Whoever uses a pattern, a condition or a group says so in a field of its own. */
		return str_eq(c->what, S("damp")) && !added;
	}
	if (rule && !is_live(after, c->name))
		return false;
	if (rule && !is_live(before, c->name))
		return true;
	for (size_t i = 0; i < c->n; i++)
		if (field_stricter(c->what, &c->details[i]))
			return true;
	return false;
}

/* Whether the value of this expression can only fall when `others` falls. */
static bool rises_with_others(const struct policy *policy, uint32_t at)
{
	const struct node *n = &policy->nodes[at];
	const struct node *left = &policy->nodes[n->child];
	if (!n->others)
		return true;
	switch (n->op) {
	case NODE_LET:
		return rises_with_others(policy, policy->lets[n->index].node);
	case NODE_AND:
	case NODE_OR:
		for (uint32_t child = n->child; child; child = policy->nodes[child].next)
			if (!rises_with_others(policy, child))
				return false;
		return true;
	case NODE_GE:
	case NODE_GT:
		return left->op == NODE_OTHERS && !policy->nodes[left->next].others;
	case NODE_LE:
	case NODE_LT:
		return !left->others && policy->nodes[left->next].op == NODE_OTHERS;
	default:
		return false;
	}
}

/* Taking weight away makes no line true that was not. */
static bool others_only_help(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_evidence; i++) {
		const struct policy_rule *rule = &policy->rules[policy->evidence[i].rule];
		if (rule->status == RULE_LIVE &&
		    !rises_with_others(policy, policy->evidence_node[i]))
			return false;
	}
	return true;
}

bool policy_compare_stricter(const struct policy *before, const struct policy *after,
                             struct arena *mem)
{
	size_t n;
	const struct policy_change *changes = policy_diff(before, after, mem, &n);
	bool weighs = false;
	for (size_t i = 0; i < n; i++) {
		if (change_stricter(before, after, &changes[i]))
			return true;
		weighs |= str_eq(changes[i].what, S("rule"));
	}
	return weighs && !others_only_help(after);
}

/* ---- the same rule? ---- */

struct both {
	const struct policy *a, *b;
};

static bool same_phrases(const struct policy_words *x, const struct policy_words *y)
{
	if (x->n != y->n || x->conduct != y->conduct)
		return false;
	for (size_t i = 0; i < x->n; i++) {
		size_t k = 0;
		while (k < y->n && !str_eq(x->phrases[i], y->phrases[k]))
			k++;
		if (k == y->n)
			return false;
	}
	return true;
}

static bool same_lists(const struct both *p, const struct node *x, const struct node *y)
{
	if (x->n_lists != y->n_lists)
		return false;
	for (size_t i = 0; i < x->n_lists; i++)
		if (!same_phrases(&p->a->lists[x->lists[i].index], &p->b->lists[y->lists[i].index]))
			return false;
	return true;
}

static bool same_node(const struct both *p, uint32_t a, uint32_t b);

static bool same_window(const struct both *p, const struct node *x, const struct node *y)
{
	const struct window *v = &p->a->windows[x->index], *w = &p->b->windows[y->index];
	return v->spec.op == w->spec.op && v->spec.key == w->spec.key &&
	       v->spec.field == w->spec.field && v->spec.window_ms == w->spec.window_ms &&
	       same_node(p, v->where, w->where);
}

static bool same_children(const struct both *p, const struct node *x, const struct node *y)
{
	uint32_t a = x->child, b = y->child;
	while (a && b) {
		if (!same_node(p, a, b))
			return false;
		a = p->a->nodes[a].next;
		b = p->b->nodes[b].next;
	}
	return a == b;
}

static uint32_t meant(const struct policy *policy, uint32_t at)
{
	while (policy->nodes[at].op == NODE_LET)
		at = policy->lets[policy->nodes[at].index].node;
	return at;
}

static bool same_node(const struct both *p, uint32_t a, uint32_t b)
{
	const struct node *x = &p->a->nodes[meant(p->a, a)], *y = &p->b->nodes[meant(p->b, b)];
	if (x->op != y->op)
		return false;
	switch (x->op) {
	case NODE_NUMBER:
	case NODE_TRUTH:
		return memcmp(&x->value, &y->value, sizeof x->value) == 0;
	case NODE_SIGNAL:
		return x->index == y->index;
	case NODE_WORDS:
		return same_lists(p, x, y);
	case NODE_PATTERN:
		return str_eq(p->a->patterns[x->index].regex, p->b->patterns[y->index].regex);
	case NODE_WINDOW:
		return same_window(p, x, y);
	default:
		return same_children(p, x, y);
	}
}

static bool same_damps(const struct both *p)
{
	if (p->a->n_damps != p->b->n_damps)
		return false;
	for (size_t i = 0; i < p->a->n_damps; i++) {
		const struct damp *x = &p->a->damps[i];
		size_t k = 0;
		while (k < p->b->n_damps && !(x->factor == p->b->damps[k].factor &&
		                              same_node(p, x->node, p->b->damps[k].node)))
			k++;
		if (k == p->b->n_damps)
			return false;
	}
	return true;
}

static bool has_conduct(const struct policy *policy, const struct policy_words *list)
{
	for (size_t i = 0; i < policy->n_lists; i++)
		if (policy->lists[i].conduct && same_phrases(&policy->lists[i], list))
			return true;
	return false;
}

static bool same_conduct(const struct policy *a, const struct policy *b)
{
	for (size_t i = 0; i < a->n_lists; i++)
		if (a->lists[i].conduct && !has_conduct(b, &a->lists[i]))
			return false;
	return true;
}

static bool same_lines(const struct both *p, const struct policy_rule *x,
                       const struct policy_rule *y)
{
	if (x->n_evidence != y->n_evidence)
		return false;
	for (size_t i = 0; i < x->n_evidence; i++) {
		size_t at = x->first_evidence + i, k = 0, other = 0;
		for (; k < y->n_evidence; k++) {
			other = y->first_evidence + k;
			if (p->a->evidence[at].weight == p->b->evidence[other].weight &&
			    same_node(p, p->a->evidence_node[at], p->b->evidence_node[other]))
				break;
		}
		if (k == y->n_evidence)
			return false;
	}
	return true;
}

static double cap_of(const struct policy *policy, const struct policy_rule *rule)
{
	uint16_t group = policy->more[rule - policy->rules].group_number;
	return group ? policy->groups[group - 1].cap : 1;
}

bool policy_compare_same_lines(const struct policy *a, const struct policy *b, str rule)
{
	const struct policy_rule *x = rule_of(a, rule), *y = rule_of(b, rule);
	const struct both both = { a, b };
	if (!x || !y || x->status != RULE_LIVE || y->status != RULE_LIVE)
		return false;
	return x->harm == y->harm && x->asks == y->asks &&
	       a->more[x - a->rules].unknown == b->more[y - b->rules].unknown &&
	       same_lines(&both, x, y);
}

bool policy_compare_same_rule(const struct policy *a, const struct policy *b, str rule)
{
	const struct policy_rule *x = rule_of(a, rule), *y = rule_of(b, rule);
	const struct both both = { a, b };
	return policy_compare_same_lines(a, b, rule) && str_eq(x->group, y->group) &&
	       cap_of(a, x) == cap_of(b, y) &&
	       memcmp(a->ladder, b->ladder, sizeof a->ladder) == 0 && same_damps(&both) &&
	       same_conduct(a, b) && same_conduct(b, a);
}
