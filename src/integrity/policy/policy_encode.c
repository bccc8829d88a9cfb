/* policy_encode.c - tree to flat code. Named conditions are written out; equal inputs share an atom. */
#include "integrity/policy/policy_code.h"

#include "integrity/policy/policy_needs.h"

static struct ins *emit(struct encoder *e, enum ins_op op, uint16_t index, double k)
{
	struct code *code = e->code;
	code->ins = array_room(e->policy->mem, code->ins, code->n_ins, sizeof *code->ins);
	struct ins *ins = &code->ins[code->n_ins++];
	*ins = (struct ins){ .op = (uint8_t)op, .index = index, .k = k };
	return ins;
}

static void push(struct encoder *e)
{
	if (++e->stack > e->code->stack_max)
		e->code->stack_max = e->stack;
}

static void emit_node(struct encoder *e, uint32_t node);

/* a, skip, b, and, skip, c, and: once it is settled the rest is not reckoned. */
static void emit_logic(struct encoder *e, const struct node *n)
{
	bool and = n->op == NODE_AND;
	uint32_t skips = 0; /* chained through `to` until their end is known */
	for (uint32_t k = n->child; k; k = e->policy->nodes[k].next) {
		emit_node(e, k);
		if (k != n->child) {
			emit(e, and? INS_AND : INS_OR, 0, 0);
			e->stack--;
		}
		if (e->policy->nodes[k].next) {
			emit(e, and? INS_SKIP_FALSE : INS_SKIP_TRUE, 0, 0)->to = skips;
			skips = (uint32_t)e->code->n_ins;
		}
	}
	while (skips) {
		uint32_t before = e->code->ins[skips - 1].to;
		e->code->ins[skips - 1].to = (uint32_t)e->code->n_ins;
		skips = before;
	}
}

static void emit_in(struct encoder *e, const struct node *n)
{
	emit_node(e, n->child);
	emit(e, INS_PUSH, 0, 0);
	push(e);
	for (uint32_t k = e->policy->nodes[n->child].next; k; k = e->policy->nodes[k].next) {
		emit_node(e, k);
		emit(e, INS_IN_STEP, 0, 0);
		e->stack--;
	}
	emit(e, INS_IN_END, 0, 0);
	e->stack--;
}

static void emit_two(struct encoder *e, const struct node *n)
{
	uint32_t second = e->policy->nodes[n->child].next;
	const struct node *right = &e->policy->nodes[second];
	emit_node(e, n->child);
	if (right->op == NODE_NUMBER && n->op >= NODE_EQ && n->op <= NODE_GE) {
		emit(e, (enum ins_op)(n->op - NODE_EQ + INS_EQ_K), 0, right->value);
		return;
	}
	emit_node(e, second);
	emit(e, n->op == NODE_ELSE ? INS_ELSE : (enum ins_op)(n->op - NODE_EQ + INS_EQ), 0, 0);
	e->stack--;
}

static void emit_leaf(struct encoder *e, const struct node *n)
{
	push(e);
	switch (n->op) {
	case NODE_SIGNAL:
		emit(e, n->type == SIGNAL_BOOL ? INS_TRUTH : INS_SIGNAL, n->index, 0);
		break;
	case NODE_WORDS:
		for (size_t i = 0; i < n->n_lists; i++)
			emit(e, i ? INS_WORDS_MORE : INS_WORDS, n->lists[i].index, 0);
		break;
	case NODE_PATTERN:
		emit(e, INS_PATTERN, n->index, 0);
		break;
	case NODE_WINDOW:
		emit(e, INS_WINDOW, n->index, 0);
		break;
	case NODE_OTHERS:
		emit(e, INS_OTHERS, 0, 0);
		break;
	default:
		emit(e, INS_PUSH, 0, n->value);
		break;
	}
}

static void emit_node(struct encoder *e, uint32_t node)
{
	const struct node *n = &e->policy->nodes[node];
	if (n->op == NODE_LET) {
		emit_node(e, e->policy->lets[n->index].node);
	} else if (n->op < NODE_KNOWN) {
		emit_leaf(e, n);
	} else if (n->op == NODE_AND || n->op == NODE_OR) {
		emit_logic(e, n);
	} else if (n->op == NODE_IN) {
		emit_in(e, n);
	} else if (n->op == NODE_KNOWN || n->op == NODE_NOT) {
		emit_node(e, n->child);
		emit(e, n->op == NODE_NOT ? INS_NOT : INS_KNOWN, 0, 0);
	} else {
		emit_two(e, n);
	}
}

static struct piece encode_piece(struct encoder *e, uint32_t node)
{
	struct piece piece = { .from = (uint32_t)e->code->n_ins };
	e->stack = 0;
	piece.needs = needs_of(e, node);
	emit_node(e, node);
	piece.to = (uint32_t)e->code->n_ins;
	return piece;
}

/* ---- lines, in the order in which they are looked for ---- */

/* The trigger of a line: an atom, ATOMS_MAX for none, one more for the second pass. */
static unsigned *encode_lines(struct encoder *e, struct arena *scratch)
{
	const struct policy *policy = e->policy;
	struct code *code = e->code;
	unsigned *triggers = ARENA_ARRAY(scratch, policy->n_evidence, unsigned);
	code->lines = ARENA_ARRAY(scratch, policy->n_evidence, struct line);
	for (size_t i = 0; i < policy->n_evidence; i++) {
		uint16_t rule = policy->evidence[i].rule;
		uint32_t node = policy->evidence_node[i];
		if (!policy_evaluates(policy, rule))
			continue;
		struct line *line = &code->lines[code->n_lines];
		*line = (struct line){
			.piece = encode_piece(e, node),
			.weight = policy->evidence[i].weight,
			.number = (uint32_t)i,
			.rule = rule,
			.unknown_counts = policy->more[rule].unknown == UNKNOWN_FIRES,
		};
		bool second = policy->more[rule].others;
		triggers[code->n_lines++] = second ? ATOMS_MAX + 1
		                                   : rarest_atom(e, &line->piece.needs);
	}
	return triggers;
}

/* Copies the lines of one trigger to their place in the image. */
static void place_lines(struct code *code, const struct line *lines, const unsigned *triggers,
                        unsigned trigger, size_t *at)
{
	for (size_t i = 0; i < code->n_lines; i++) {
		if (triggers[i] == trigger)
			code->lines[(*at)++] = lines[i];
	}
}

static void sort_lines(struct encoder *e, const unsigned *triggers)
{
	struct code *code = e->code;
	const struct line *lines = code->lines;
	size_t at = 0;
	code->lines = ARENA_ARRAY(e->policy->mem, code->n_lines, struct line);
	code->trigger_from = ARENA_ARRAY(e->policy->mem, code->n_atoms + 1, uint32_t);
	place_lines(code, lines, triggers, ATOMS_MAX, &at);
	code->n_always = at;
	for (unsigned atom = 0; atom < code->n_atoms; atom++) {
		code->trigger_from[atom] = (uint32_t)at;
		place_lines(code, lines, triggers, atom, &at);
		if (at > code->trigger_from[atom])
			code->triggers.w[atom / 64] |= UINT64_C(1) << (atom % 64);
	}
	code->trigger_from[code->n_atoms] = (uint32_t)at;
	code->n_first = at;
	place_lines(code, lines, triggers, ATOMS_MAX + 1, &at);
}

/* ---- the rest ---- */

static void encode_damps(struct encoder *e)
{
	const struct policy *policy = e->policy;
	e->code->damps = ARENA_ARRAY(policy->mem, policy->n_damps, struct damping);
	e->code->n_damps = policy->n_damps;
	for (size_t i = 0; i < policy->n_damps; i++) {
		e->code->damps[i].piece = encode_piece(e, policy->damps[i].node);
		e->code->damps[i].factor = policy->damps[i].factor;
	}
}

static void encode_windows(struct encoder *e)
{
	const struct policy *policy = e->policy;
	struct code *code = e->code;
	code->counted = ARENA_ARRAY(policy->mem, policy->n_windows, struct counted);
	for (size_t i = 0; i < policy->n_windows; i++) {
		if (!policy->windows[i].where) {
			code->counted_always |= UINT64_C(1) << i;
			continue;
		}
		struct counted *counted = &code->counted[code->n_counted++];
		counted->piece = encode_piece(e, policy->windows[i].where);
		counted->window = (uint16_t)i;
	}
}

static void encode_rules(const struct policy *policy, struct code *code)
{
	code->rules = ARENA_ARRAY(policy->mem, policy->n_rules, struct rule_weighs);
	for (size_t i = 0; i < policy->n_rules; i++)
		code->rules[i] = (struct rule_weighs){
			.live = policy->rules[i].status == RULE_LIVE,
			.others = policy->more[i].others,
			.harm = (uint8_t)policy->rules[i].harm,
			.asks = (uint8_t)policy->rules[i].asks,
			.group = policy->more[i].group_number,
		};
	code->n_groups = policy->n_groups;
	code->caps = ARENA_ARRAY(policy->mem, policy->n_groups + 1, double);
	for (size_t i = 0; i < policy->n_groups; i++)
		code->caps[i + 1] = policy->groups[i].cap;
	for (int step = ACTION_LABEL; step <= ACTION_HOLD; step++)
		code->ladder[step] = policy->ladder[step];
}

void policy_encode(struct policy *policy, struct arena *scratch)
{
	struct code *code = ARENA_NEW(policy->mem, struct code);
	struct encoder e = { .policy = policy, .code = code };
	policy->code = code;
	e.atoms = ARENA_ARRAY(scratch, ATOMS_MAX, struct atom);
	unsigned *triggers = encode_lines(&e, scratch);
	encode_damps(&e);
	encode_windows(&e);
	sort_lines(&e, triggers);
	encode_atoms(&e);
	encode_rules(policy, code);
}
