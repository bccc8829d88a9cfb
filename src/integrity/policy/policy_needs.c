/* policy_needs.c - derives the masks. Whatever is derived is true for all inputs: a missing need costs time, a wrong one a verdict.
 *
 * An atom is some inputs, absent when all of them are 0. Two questions about a node: which atoms, being absent, make this
 * condition false; and which make this number 0. */
#include "integrity/policy/policy_needs.h"

#include <string.h>

_Static_assert(SIGNALS <= INPUT_OTHERS, "signals have bits of their own");

static const struct node *resolved(const struct encoder *e, uint32_t node)
{
	const struct node *n = &e->policy->nodes[node];
	while (n->op == NODE_LET)
		n = &e->policy->nodes[e->policy->lets[n->index].node];
	return n;
}

/* The mask of one atom, which is made if there is room and it is new. */
static struct mask mask_of_atom(struct encoder *e, const struct atom *atom)
{
	struct mask mask = { 0 };
	size_t i = 0;
	while (i < e->code->n_atoms &&
	       memcmp(e->atoms[i].inputs, atom->inputs, sizeof atom->inputs) != 0)
		i++;
	if (i == ATOMS_MAX)
		return mask;
	if (i == e->code->n_atoms) {
		e->atoms[i] = *atom;
		e->code->n_atoms++;
	}
	mask.w[i / 64] = UINT64_C(1) << (i % 64);
	return mask;
}

static struct mask mask_of_load(struct encoder *e, const struct node *n)
{
	struct atom atom = { 0 };
	size_t input = n->op == NODE_SIGNAL    ? n->index
	               : n->op == NODE_PATTERN ? INPUT_PATTERNS + (size_t)n->index
	               : n->op == NODE_WINDOW  ? INPUT_WINDOWS + (size_t)n->index
	                                       : INPUT_OTHERS;
	if (n->op != NODE_WORDS)
		atom.inputs[input / 64] = UINT64_C(1) << (input % 64);
	for (size_t i = 0; i < n->n_lists; i++) {
		input = INPUT_LISTS + (size_t)n->lists[i].index;
		atom.inputs[input / 64] |= UINT64_C(1) << (input % 64);
	}
	return mask_of_atom(e, &atom);
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

/* Of two that are both enough: what they share, and the rarest of each as one. */
static struct mask mask_either(struct encoder *e, struct mask a, struct mask b)
{
	struct mask shared = mask_and(a, b);
	unsigned x = rarest_atom(e, &a), y = rarest_atom(e, &b);
	if (x == ATOMS_MAX || y == ATOMS_MAX)
		return shared;
	struct atom joined = { 0 };
	for (size_t i = 0; i < INPUTS / 64; i++)
		joined.inputs[i] = e->atoms[x].inputs[i] | e->atoms[y].inputs[i];
	return mask_or(shared, mask_of_atom(e, &joined));
}

/* Atoms that make this number exactly 0 when they are absent, whatever else is unknown. */
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
	case NODE_ADD:
		return mask_either(e, zero_by(e, n->child),
		                   zero_by(e, e->policy->nodes[n->child].next));
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

/* Atoms that make the condition come out as the opposite of `truth` - never unknown - when they are absent. */
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
	/* One false part is enough for `and` to be false; `or` wants all of them false. */
	struct mask mask = needs_for(e, n->child, truth);
	for (uint32_t k = e->policy->nodes[n->child].next; k; k = e->policy->nodes[k].next) {
		struct mask part = needs_for(e, k, truth);
		mask = (n->op == NODE_AND) == truth ? mask_or(mask, part)
		                                    : mask_either(e, mask, part);
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
static unsigned commonness(size_t input)
{
	static const enum signal common[] = { SIG_IS_POST, SIG_IS_COMMENT, SIG_LETTERS,
		                              SIG_SCORE,   SIG_AUTHOR_AGE, SIG_AUTHOR_FRIENDS };
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
		if (input == common[i])
			return 4096;
	}
	return input < INPUT_LISTS ? 2 : input < INPUT_WINDOWS ? 1 : 1024;
}

static unsigned atom_commonness(const struct atom *atom)
{
	unsigned sum = 0;
	for (size_t i = 0; i < INPUTS / 64; i++) {
		for (uint64_t bits = atom->inputs[i]; bits; bits &= bits - 1)
			sum += commonness(i * 64 + (size_t)__builtin_ctzll(bits));
	}
	return sum;
}

unsigned rarest_atom(const struct encoder *e, const struct mask *needs)
{
	unsigned best = ATOMS_MAX, least = 0;
	for (unsigned i = 0; i < e->code->n_atoms; i++) {
		if (!(needs->w[i / 64] >> (i % 64) & 1))
			continue;
		unsigned now = atom_commonness(&e->atoms[i]);
		if (best == ATOMS_MAX || now < least ||
		    (now == least && e->atoms[i].lines < e->atoms[best].lines)) {
			best = i;
			least = now;
		}
	}
	return best;
}

/* Atoms that have this input among theirs. */
static struct mask atoms_with(const struct encoder *e, size_t input)
{
	struct mask mask = { 0 };
	for (size_t i = 0; i < e->code->n_atoms; i++) {
		if (e->atoms[i].inputs[input / 64] >> (input % 64) & 1)
			mask.w[i / 64] |= UINT64_C(1) << (i % 64);
	}
	return mask;
}

static void input_table(const struct encoder *e, size_t first, size_t n, struct input_atoms **table,
                        size_t *count)
{
	const struct mask none = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct mask atoms = atoms_with(e, first + i);
		if (memcmp(&atoms, &none, sizeof atoms) == 0)
			continue;
		*table = array_room(e->policy->mem, *table, *count, sizeof **table);
		(*table)[(*count)++] = (struct input_atoms){ atoms, (uint16_t)i };
	}
}

void encode_atoms(struct encoder *e)
{
	struct code *code = e->code;
	code->list_atoms = ARENA_ARRAY(e->policy->mem, e->policy->n_lists, struct mask);
	for (size_t i = 0; i < e->policy->n_lists; i++)
		code->list_atoms[i] = atoms_with(e, INPUT_LISTS + i);
	input_table(e, 0, SIGNALS, &code->signals, &code->n_signals);
	input_table(e, INPUT_PATTERNS, e->policy->n_patterns, &code->patterns, &code->n_patterns);
	input_table(e, INPUT_WINDOWS, e->policy->n_windows, &code->windows, &code->n_windows);
	code->others_atoms = atoms_with(e, INPUT_OTHERS);
}
