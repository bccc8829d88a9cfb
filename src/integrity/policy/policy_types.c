/* policy_types.c - names, units, depth and cost of one expression, from the leaves up; equal windows become one. */
#include "integrity/policy/policy_ast.h"

#include <string.h>

#define SHOWN_BYTES 48
#define WINDOW_COST 20 /* of each different one, once; reading it is a load */

/* What kinds of operand an operator takes and gives. */
static const char *const type_names[] = { "a condition", "a count", "a share", "a duration",
	                                  "money" };

static str shown(const struct checker *c, uint32_t node)
{
	const struct node *n = &c->policy->nodes[node];
	str text = policy_text(c->policy, n->at, n->end);
	size_t cut = text.n < SHOWN_BYTES ? text.n : SHOWN_BYTES;
	return str_slice(text, 0, cut);
}

static const struct node *node_of(const struct checker *c, uint32_t node)
{
	return &c->policy->nodes[node];
}

/* ---- names ---- */

static const struct let *let_named(const struct checker *c, str name)
{
	for (size_t i = 0; i < c->policy->n_lets; i++) {
		if (str_eq(c->policy->lets[i].name, name))
			return &c->policy->lets[i];
	}
	return NULL;
}

static void unknown_value(struct checker *c, const struct node *n)
{
	str names[SIGNALS + LETS_MAX];
	size_t count = 0;
	for (; count < SIGNALS; count++)
		names[count] = str_of(signal_rows[count].name);
	for (size_t i = 0; i < c->policy->n_lets && c->policy->lets[i].at < n->at; i++)
		names[count++] = c->policy->lets[i].name;
	for (size_t i = 0; i < c->policy->n_lists; i++) {
		if (str_eq(c->policy->lists[i].name, n->name)) {
			fault_at(c->faults, n->at, "%.*s is a list; its count is words(%.*s)",
			         STR_ARG(n->name), STR_ARG(n->name));
			return;
		}
	}
	fault_unknown(c->faults, n->at, "signal or named condition", n->name, names, count);
}

static void check_name(struct checker *c, struct node *n)
{
	for (uint16_t i = 0; i < SIGNALS; i++) {
		if (str_eq(str_of(signal_rows[i].name), n->name)) {
			n->index = i;
			n->type = signal_rows[i].type;
			n->cost = signal_rows[i].cost;
			return;
		}
	}
	const struct let *let = let_named(c, n->name);
	if (!let) {
		unknown_value(c, n);
		return;
	}
	if (let->end > n->at) {
		fault_at(c->faults, n->at,
		         let->at < n->at
		                 ? "%.*s cannot use itself"
		                 : "%.*s is named further below; a name comes before its use",
		         STR_ARG(n->name));
		return;
	}
	size_t index = (size_t)(let - c->policy->lets);
	const struct node *meant = node_of(c, let->node);
	if (c->in_where && meant->windows)
		fault_at(c->faults, n->at, "a window cannot look at windows, and %.*s does",
		         STR_ARG(n->name));
	c->policy->lets[index].used = true;
	n->op = NODE_LET;
	n->index = (uint16_t)index;
	n->type = meant->type;
	n->others = meant->others;
	n->windows = meant->windows;
	n->depth = meant->depth;
	n->cost = meant->cost;
}

static void check_words(struct checker *c, struct node *n)
{
	struct policy *policy = c->policy;
	str names[POLICY_LISTS_MAX];
	for (size_t i = 0; i < policy->n_lists; i++)
		names[i] = policy->lists[i].name;
	for (size_t k = 0; k < n->n_lists; k++) {
		struct name_ref *ref = &n->lists[k];
		size_t i = 0;
		while (i < policy->n_lists && !str_eq(names[i], ref->name))
			i++;
		for (size_t j = 0; j < k; j++) {
			if (str_eq(n->lists[j].name, ref->name))
				fault_at(c->faults, ref->at, "%.*s stands here twice",
				         STR_ARG(ref->name));
		}
		if (i == policy->n_lists)
			fault_unknown(c->faults, ref->at, "list", ref->name, names, i);
		else if (policy->list_more[i].at > ref->at)
			fault_at(c->faults, ref->at,
			         "the list %.*s stands further below; a name comes before its use",
			         STR_ARG(ref->name));
		else
			policy->list_more[i].used = true;
		ref->index = (uint16_t)i;
	}
	n->type = SIGNAL_COUNT;
	n->cost = (uint32_t)n->n_lists;
}

static void check_pattern(struct checker *c, struct node *n)
{
	struct policy *policy = c->policy;
	str names[POLICY_PATTERNS_MAX];
	size_t i = 0;
	for (size_t k = 0; k < policy->n_patterns; k++)
		names[k] = policy->patterns[k].name;
	while (i < policy->n_patterns && !str_eq(names[i], n->name))
		i++;
	if (i == policy->n_patterns)
		fault_unknown(c->faults, n->at, "pattern", n->name, names, i);
	else if (policy->pattern_more[i].at > n->at)
		fault_at(c->faults, n->at,
		         "the pattern %.*s stands further below; a name comes before its use",
		         STR_ARG(n->name));
	else
		policy->pattern_more[i].used = true;
	n->index = (uint16_t)i;
	n->type = SIGNAL_COUNT;
	n->cost = 1;
}

/* ---- windows ---- */

static bool same_tree(const struct policy *policy, uint32_t x, uint32_t y)
{
	const struct node *a = &policy->nodes[x], *b = &policy->nodes[y];
	if (x == y)
		return true;
	if (!x || !y || a->op != b->op || a->type != b->type || a->index != b->index ||
	    a->n_lists != b->n_lists || memcmp(&a->value, &b->value, sizeof a->value) != 0)
		return false;
	for (size_t i = 0; i < a->n_lists; i++) {
		if (a->lists[i].index != b->lists[i].index)
			return false;
	}
	uint32_t k = a->child, l = b->child;
	for (; k && l; k = policy->nodes[k].next, l = policy->nodes[l].next) {
		if (!same_tree(policy, k, l))
			return false;
	}
	return k == l;
}

static bool same_window(const struct policy *policy, const struct window *a, const struct window *b)
{
	return a->spec.op == b->spec.op && a->spec.key == b->spec.key &&
	       a->spec.field == b->spec.field && a->spec.window_ms == b->spec.window_ms &&
	       same_tree(policy, a->where, b->where);
}

static void check_window(struct checker *c, struct node *n)
{
	struct policy *policy = c->policy;
	const struct window *w = &policy->written[n->index];
	struct checker inside = { .policy = policy, .faults = c->faults, .in_where = true };
	size_t i = 0;
	if (c->in_where)
		fault_at(c->faults, n->at, "a window cannot look at windows");
	if (c->faults->failed || (w->where && !check_expression(&inside, w->where, "where")))
		return;
	n->windows = true;
	n->type = w->spec.op == WINDOW_LAST ? SIGNAL_DURATION : SIGNAL_COUNT;
	while (i < policy->n_windows && !same_window(policy, &policy->windows[i], w))
		i++;
	if (i == WINDOWS_MAX) {
		fault_at(c->faults, n->at, "a policy has at most %d windows", WINDOWS_MAX);
		return;
	}
	if (i == policy->n_windows) {
		policy->windows = array_room(policy->mem, policy->windows, i, sizeof *w);
		policy->windows[policy->n_windows++] = *w;
		policy->cost += WINDOW_COST + policy->nodes[w->where].cost;
	}
	n->index = (uint16_t)i;
}

/* ---- operators ---- */

/* Two operands of one unit; a bare number between 0 and 1 may be a share. */
static bool unify(struct checker *c, uint32_t left, uint32_t right, const char *verb)
{
	struct node *a = &c->policy->nodes[left], *b = &c->policy->nodes[right];
	if (a->type == b->type)
		return true;
	bool first = a->bare && a->type == SIGNAL_COUNT; /* else it has become a share already */
	struct node *bare = first ? a : b;
	const struct node *other = first ? b : a;
	if (bare->bare && other->type == SIGNAL_SHARE && bare->value <= 1) {
		bare->type = SIGNAL_SHARE;
		return true;
	}
	const char *hint = !bare->bare                      ? ""
	                   : other->type == SIGNAL_DURATION ? " (write 14d, 2h, 30min)"
	                   : other->type == SIGNAL_MONEY    ? " (write 298yuan)"
	                   : other->type == SIGNAL_SHARE    ? " (a share is between 0 and 1)"
	                                                    : "";
	str x = shown(c, left), y = shown(c, right);
	fault_at(c->faults, bare->bare ? bare->at : b->at,
	         "%.*s is %s and %.*s is %s: they cannot be %s%s", STR_ARG(x), type_names[a->type],
	         STR_ARG(y), type_names[b->type], verb, hint);
	return false;
}

static bool wants_number(struct checker *c, uint32_t node, const char *verb)
{
	const struct node *n = node_of(c, node);
	if (n->type != SIGNAL_BOOL)
		return true;
	fault_at(c->faults, n->at, "%.*s is a condition; conditions cannot be %s",
	         STR_ARG(shown(c, node)), verb);
	return false;
}

static bool wants_bool(struct checker *c, uint32_t node, const char *what)
{
	const struct node *n = node_of(c, node);
	if (n->type == SIGNAL_BOOL)
		return true;
	fault_at(c->faults, n->at, "%s wants a condition, and %.*s is %s", what,
	         STR_ARG(shown(c, node)), type_names[n->type]);
	return false;
}

static void check_arithmetic(struct checker *c, struct node *n)
{
	uint32_t left = n->child, right = node_of(c, left)->next;
	if (!wants_number(c, left, "reckoned with") || !wants_number(c, right, "reckoned with"))
		return;
	enum signal_type a = node_of(c, left)->type, b = node_of(c, right)->type;
	if (n->op == NODE_ADD || n->op == NODE_SUB) {
		if (unify(c, left, right, "added or subtracted"))
			n->type = node_of(c, left)->type;
	} else if (b == SIGNAL_COUNT) {
		n->type = a;
	} else if (a == SIGNAL_COUNT && n->op == NODE_MUL) {
		n->type = b;
	} else {
		fault_at(c->faults, node_of(c, right)->at,
		         "%.*s is %s; one multiplies and divides by a count",
		         STR_ARG(shown(c, right)), type_names[b]);
	}
}

static void check_comparison(struct checker *c, struct node *n)
{
	uint32_t left = n->child, right = node_of(c, left)->next;
	bool equality = n->op == NODE_EQ || n->op == NODE_NE;
	n->type = SIGNAL_BOOL;
	if (equality || (wants_number(c, left, "compared by size") &&
	                 wants_number(c, right, "compared by size")))
		(void)unify(c, left, right, "compared");
}

static void check_in(struct checker *c, struct node *n)
{
	uint32_t first = n->child;
	for (uint32_t k = node_of(c, first)->next; k; k = node_of(c, k)->next) {
		if (!unify(c, first, k, "compared"))
			return;
	}
	n->type = SIGNAL_BOOL;
}

static void check_logic(struct checker *c, struct node *n)
{
	const char *what = n->op == NODE_AND ? "and" : n->op == NODE_OR ? "or" : "not";
	for (uint32_t k = n->child; k; k = node_of(c, k)->next)
		(void)wants_bool(c, k, what);
	n->type = SIGNAL_BOOL;
}

static void check_others(struct checker *c, struct node *n)
{
	if (c->in_where)
		fault_at(c->faults, n->at, "a window cannot look at others");
	n->others = true;
	n->type = SIGNAL_SHARE;
	n->cost = 1;
}

static void check_operator(struct checker *c, struct node *n)
{
	switch (n->op) {
	case NODE_KNOWN:
		n->type = SIGNAL_BOOL;
		break;
	case NODE_IN:
		check_in(c, n);
		break;
	case NODE_ELSE:
		if (unify(c, n->child, node_of(c, n->child)->next, "alternatives"))
			n->type = node_of(c, n->child)->type;
		break;
	case NODE_NOT:
	case NODE_AND:
	case NODE_OR:
		check_logic(c, n);
		break;
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
		check_arithmetic(c, n);
		break;
	default:
		check_comparison(c, n);
		break;
	}
}

static void check_leaf(struct checker *c, struct node *n)
{
	n->depth = 1;
	n->cost = 1;
	switch (n->op) {
	case NODE_SIGNAL:
		check_name(c, n);
		break;
	case NODE_WORDS:
		check_words(c, n);
		break;
	case NODE_PATTERN:
		check_pattern(c, n);
		break;
	case NODE_WINDOW:
		check_window(c, n);
		break;
	case NODE_OTHERS:
		check_others(c, n);
		break;
	default:
		break; /* numbers, true and false */
	}
}

/* Costs add up without overflowing: far above what a policy may cost they stay. */
static uint32_t cost_sum(uint32_t a, uint32_t b)
{
	uint32_t most = UINT32_MAX / 4;
	return a > most || b > most ? most : a + b;
}

static void check_node(struct checker *c, uint32_t node)
{
	struct node *n = &c->policy->nodes[node];
	if (n->op < NODE_KNOWN) {
		check_leaf(c, n);
	} else {
		uint16_t depth = 0;
		uint32_t cost = 1;
		for (uint32_t k = n->child; k && !c->faults->failed; k = node_of(c, k)->next) {
			check_node(c, k);
			const struct node *child = node_of(c, k);
			depth = child->depth > depth ? child->depth : depth;
			cost = cost_sum(cost, child->cost);
			n->others |= child->others;
			n->windows |= child->windows;
		}
		if (c->faults->failed)
			return;
		n->depth = (uint16_t)(depth + 1);
		n->cost = cost;
		check_operator(c, n);
	}
	if (n->depth > DEPTH_MAX)
		fault_at(c->faults, n->at,
		         "conditions nest more than %d deep, named ones written out", DEPTH_MAX);
}

bool check_expression(struct checker *c, uint32_t node, const char *wants_bool_for)
{
	if (!c->faults->failed)
		check_node(c, node);
	if (!c->faults->failed && wants_bool_for)
		(void)wants_bool(c, node, wants_bool_for);
	if (!c->faults->failed && node_of(c, node)->cost > POLICY_COST_MAX)
		fault_at(c->faults, node_of(c, node)->at,
		         "this alone costs over %d, which is what a whole policy may cost",
		         POLICY_COST_MAX);
	if (!c->faults->failed && node_of(c, node)->others && !c->may_others)
		fault_at(c->faults, node_of(c, node)->at,
		         "others is for the evidence of rules alone, not for %s",
		         wants_bool_for ? wants_bool_for : "this");
	return !c->faults->failed;
}
