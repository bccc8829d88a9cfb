/* policy_unknown.c - where a condition can come out unknown.
 *
 * A conjunction with known(x) in it cannot be unknown because of x: without x that part is false, and so is the whole. The same,
 * turned round, for a disjunction with not known(x). */
#include "integrity/policy/policy_ast.h"

static struct known_facts both(struct known_facts a, struct known_facts b)
{
	return (struct known_facts){ a.signals | b.signals, a.windows | b.windows };
}

/* What is known for sure if the condition comes out as `truth`. Only known() says so. */
static struct known_facts facts_if(const struct policy *policy, uint32_t node, bool truth)
{
	const struct node *n = &policy->nodes[node];
	struct known_facts facts = { 0 };
	if (n->op == NODE_NOT)
		return facts_if(policy, n->child, !truth);
	if (n->op == NODE_LET)
		return facts_if(policy, policy->lets[n->index].node, truth);
	if (n->op == (truth ? NODE_AND : NODE_OR)) {
		for (uint32_t k = n->child; k; k = policy->nodes[k].next)
			facts = both(facts, facts_if(policy, k, truth));
	} else if (n->op == NODE_KNOWN && truth) {
		const struct node *what = &policy->nodes[n->child];
		if (what->op == NODE_SIGNAL)
			facts.signals = UINT64_C(1) << what->index;
		else if (what->op == NODE_WINDOW)
			facts.windows = UINT64_C(1) << what->index;
	}
	return facts;
}

static bool child_may(const struct policy *policy, const struct node *n, struct known_facts facts)
{
	for (uint32_t k = n->child; k; k = policy->nodes[k].next) {
		if (may_be_unknown(policy, k, facts))
			return true;
	}
	return false;
}

static bool is_not_zero(const struct policy *policy, uint32_t node)
{
	const struct node *n = &policy->nodes[node];
	return n->op == NODE_NUMBER && n->value > 0;
}

bool may_be_unknown(const struct policy *policy, uint32_t node, struct known_facts facts)
{
	const struct node *n = &policy->nodes[node];
	switch (n->op) {
	case NODE_SIGNAL:
		return signal_rows[n->index].may_be_unknown &&
		       !(facts.signals & UINT64_C(1) << n->index);
	case NODE_WINDOW:
		return !(facts.windows & UINT64_C(1) << n->index);
	case NODE_LET:
		return may_be_unknown(policy, policy->lets[n->index].node, facts);
	case NODE_KNOWN:
		return false;
	case NODE_ELSE:
		return may_be_unknown(policy, policy->nodes[n->child].next, facts);
	case NODE_AND:
	case NODE_OR:
		return child_may(policy, n, both(facts, facts_if(policy, node, n->op == NODE_AND)));
	case NODE_DIV:
		return !is_not_zero(policy, policy->nodes[n->child].next) ||
		       child_may(policy, n, facts);
	default:
		return child_may(policy, n, facts);
	}
}
