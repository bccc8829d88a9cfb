/* policy_needs.c - derives the masks. Whatever is derived is true for all inputs: a missing need costs time, a wrong one a verdict.
 *
 * Two questions about a node: which inputs, being 0, make this condition false; and which inputs, being 0, make this number 0. */
#include "integrity/policy/policy_needs.h"

static const struct node *resolved(const struct encoder *e, uint32_t node)
{
	const struct node *n = &e->policy->nodes[node];
	while (n->op == NODE_LET)
		n = &e->policy->nodes[e->policy->lets[n->index].node];
	return n;
}

static bool same_load(const struct node *a, const struct node *b)
{
	if (a->op != b->op || a->index != b->index || a->n_lists != b->n_lists)
		return false;
	for (size_t i = 0; i < a->n_lists; i++) {
		if (a->lists[i].index != b->lists[i].index)
			return false;
	}
	return true;
}

static struct mask mask_of_load(struct encoder *e, const struct node *n)
{
	struct mask mask = { 0 };
	size_t i = 0;
	while (i < e->code->n_atoms && !same_load(&e->policy->nodes[e->atoms[i].node], n))
		i++;
	if (i == ATOMS_MAX)
		return mask;
	if (i == e->code->n_atoms)
		e->atoms[e->code->n_atoms++].node = (uint32_t)(n - e->policy->nodes);
	mask.w[i / 64] = UINT64_C(1) << (i % 64);
	return mask;
}

static struct mask mask_or(struct mask a, struct mask b)
{
	for (size_t i = 0; i < MASK_WORDS; i++)
		a.w[i] |= b.w[i];
	return a;
}

static struct mask mask_and(struct mask a, struct mask b)
{
	for (size_t i = 0; i < MASK_WORDS; i++)
		a.w[i] &= b.w[i];
	return a;
}

/* Inputs that make this number exactly 0 when they are 0, whatever else is unknown. */
static struct mask zero_by(struct encoder *e, uint32_t node)
{
	const struct node *n = resolved(e, node);
	const struct mask none = { 0 };
	switch (n->op) {
	case NODE_SIGNAL:
	case NODE_WORDS:
	case NODE_PATTERN:
	case NODE_WINDOW:
	case NODE_OTHERS:
		return mask_of_load(e, n);
	case NODE_ELSE: /* 0 is known, so the alternative is not asked */
		return zero_by(e, n->child);
	case NODE_MUL:
	case NODE_DIV: /* by a number that is neither 0 nor unknown nor without end */
		return resolved(e, e->policy->nodes[n->child].next)->op == NODE_NUMBER &&
		                       resolved(e, e->policy->nodes[n->child].next)->value > 0
		               ? zero_by(e, n->child)
		               : none;
	default:
		return none;
	}
}

/* Whether 0 compared with `k` is false. */
static bool false_at_zero(enum node_op op, double k)
{
	switch (op) {
	case NODE_EQ:
		return 0 != k;
	case NODE_NE:
		return 0 == k;
	case NODE_LT:
		return !(0 < k);
	case NODE_LE:
		return !(0 <= k);
	case NODE_GT:
		return !(0 > k);
	default:
		return !(0 >= k);
	}
}

static enum node_op turned(enum node_op op)
{
	switch (op) {
	case NODE_LT:
		return NODE_GT;
	case NODE_LE:
		return NODE_GE;
	case NODE_GT:
		return NODE_LT;
	case NODE_GE:
		return NODE_LE;
	default:
		return op;
	}
}

static struct mask needs_comparison(struct encoder *e, const struct node *n, bool truth)
{
	/* In the order of enum node_op from NODE_EQ: what holds when the other does not. */
	static const enum node_op opposite[] = { NODE_NE, NODE_EQ, NODE_GE,
		                                 NODE_GT, NODE_LE, NODE_LT };
	uint32_t left = n->child, right = e->policy->nodes[n->child].next;
	enum node_op op = truth ? n->op : opposite[n->op - NODE_EQ];
	const struct mask none = { 0 };
	if (resolved(e, right)->op == NODE_NUMBER)
		return false_at_zero(op, resolved(e, right)->value) ? zero_by(e, left) : none;
	if (resolved(e, left)->op == NODE_NUMBER)
		return false_at_zero(turned(op), resolved(e, left)->value) ? zero_by(e, right)
		                                                           : none;
	return none;
}

static struct mask needs_in(struct encoder *e, const struct node *n)
{
	const struct mask none = { 0 };
	for (uint32_t k = e->policy->nodes[n->child].next; k; k = e->policy->nodes[k].next) {
		const struct node *choice = resolved(e, k);
		if (choice->op != NODE_NUMBER || choice->value == 0)
			return none;
	}
	return zero_by(e, n->child);
}

/* Inputs that make the condition come out as the opposite of `truth` - never unknown - when they are 0. */
static struct mask needs_for(struct encoder *e, uint32_t node, bool truth)
{
	const struct node *n = resolved(e, node);
	const struct mask none = { 0 };
	if (n->op == NODE_NOT)
		return needs_for(e, n->child, !truth);
	if (n->op == NODE_SIGNAL)
		return truth ? mask_of_load(e, n) : none;
	if (n->op >= NODE_EQ && n->op <= NODE_GE)
		return needs_comparison(e, n, truth);
	if (n->op == NODE_IN)
		return truth ? needs_in(e, n) : none;
	if (n->op == NODE_ELSE)
		return needs_for(e, n->child, truth);
	if (n->op != NODE_AND && n->op != NODE_OR)
		return none;
	/* One false part is enough for `and` to be false; all are wanted for `or`. */
	struct mask mask = needs_for(e, n->child, truth);
	for (uint32_t k = e->policy->nodes[n->child].next; k; k = e->policy->nodes[k].next) {
		struct mask part = needs_for(e, k, truth);
		mask = (n->op == NODE_AND) == truth ? mask_or(mask, part) : mask_and(mask, part);
	}
	return mask;
}

struct mask needs_of(struct encoder *e, uint32_t node)
{
	struct mask mask = needs_for(e, node, true);
	for (size_t i = 0; i < e->code->n_atoms; i++)
		e->atoms[i].lines += (mask.w[i / 64] >> (i % 64) & 1) ? 1 : 0;
	return mask;
}

/* ---- which atom to wait for ---- */

/* How often an input is something other than 0, roughly: the greater, the more often. */
static unsigned commonness(const struct encoder *e, const struct atom *atom)
{
	static const enum signal common[] = { SIG_IS_POST, SIG_IS_COMMENT, SIG_LETTERS,
		                              SIG_SCORE,   SIG_AUTHOR_AGE, SIG_AUTHOR_FRIENDS };
	const struct node *n = &e->policy->nodes[atom->node];
	if (n->op == NODE_WORDS)
		return (unsigned)n->n_lists;
	if (n->op == NODE_PATTERN)
		return 1;
	if (n->op == NODE_WINDOW)
		return POLICY_LISTS_MAX + 1;
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
		if (n->index == common[i])
			return POLICY_LISTS_MAX + 2;
	}
	return 2;
}

unsigned rarest_atom(const struct encoder *e, const struct mask *needs)
{
	unsigned best = ATOMS_MAX;
	for (unsigned i = 0; i < e->code->n_atoms; i++) {
		if (!(needs->w[i / 64] >> (i % 64) & 1))
			continue;
		const struct atom *a = &e->atoms[i];
		const struct atom *b = best < ATOMS_MAX ? &e->atoms[best] : NULL;
		if (!b || commonness(e, a) < commonness(e, b) ||
		    (commonness(e, a) == commonness(e, b) && a->lines < b->lines))
			best = i;
	}
	return best;
}

static void atom_table(struct encoder *e, enum node_op op, uint16_t **inputs, uint16_t **atoms,
                       size_t *n)
{
	struct arena *mem = e->policy->mem;
	for (size_t i = 0; i < e->code->n_atoms; i++) {
		const struct node *load = &e->policy->nodes[e->atoms[i].node];
		if (load->op != op)
			continue;
		*inputs = array_room(mem, *inputs, *n, sizeof **inputs);
		*atoms = array_room(mem, *atoms, *n, sizeof **atoms);
		(*inputs)[*n] = load->index;
		(*atoms)[(*n)++] = (uint16_t)i;
	}
}

void encode_atoms(struct encoder *e)
{
	struct code *code = e->code;
	code->list_atoms = ARENA_ARRAY(e->policy->mem, e->policy->n_lists, struct mask);
	for (size_t i = 0; i < code->n_atoms; i++) {
		const struct node *load = &e->policy->nodes[e->atoms[i].node];
		uint64_t bit = UINT64_C(1) << (i % 64);
		for (size_t k = 0; load->op == NODE_WORDS && k < load->n_lists; k++)
			code->list_atoms[load->lists[k].index].w[i / 64] |= bit;
		if (load->op == NODE_OTHERS)
			code->others_atom.w[i / 64] |= bit;
	}
	atom_table(e, NODE_SIGNAL, &code->signals, &code->signal_atoms, &code->n_signals);
	atom_table(e, NODE_PATTERN, &code->patterns, &code->pattern_atoms, &code->n_patterns);
	atom_table(e, NODE_WINDOW, &code->windows, &code->window_atoms, &code->n_windows);
}
