/* policy_parse_expr.c - expressions: or, and, not, comparison, + -, * /, else, and what is read. */
#include "integrity/policy/policy_parse.h"

#include <string.h>

static uint32_t node_new(struct parser *p, enum node_op op, uint32_t at)
{
	struct policy *policy = p->policy;
	if (policy->n_nodes > NODES_MAX) {
		fault_at(p->faults, at, "a policy has at most %d operators and values", NODES_MAX);
		p->tok.kind = TOKEN_END;
		return 0;
	}
	policy->nodes = array_room(policy->mem, policy->nodes, policy->n_nodes,
	                           sizeof *policy->nodes);
	struct node *node = &policy->nodes[policy->n_nodes];
	*node = (struct node){ .op = op, .depth = 1, .at = at, .end = p->last_end };
	return (uint32_t)policy->n_nodes++;
}

/* Chains `child` after `last`, or hangs it first. A chain of operators is as deep as it is long. */
static uint32_t node_chain(struct parser *p, uint32_t parent, uint32_t last, uint32_t child)
{
	struct node *nodes = p->policy->nodes;
	if (last)
		nodes[last].next = child;
	else
		nodes[parent].child = child;
	nodes[parent].end = p->last_end;
	if (nodes[parent].depth <= nodes[child].depth)
		nodes[parent].depth = (uint16_t)(nodes[child].depth + 1);
	if (nodes[parent].depth > DEPTH_MAX) {
		fault_at(p->faults, nodes[parent].at, "expressions nest at most %d deep",
		         DEPTH_MAX);
		p->tok.kind = TOKEN_END;
	}
	return child;
}

/* A new parent over `first`, standing where `first` does. */
static uint32_t node_over(struct parser *p, enum node_op op, uint32_t first)
{
	uint32_t parent = node_new(p, op, p->policy->nodes[first].at);
	node_chain(p, parent, 0, first);
	return parent;
}

static bool deeper(struct parser *p)
{
	if (++p->depth <= DEPTH_MAX)
		return true;
	fault_at(p->faults, p->tok.at, "expressions nest at most %d deep", DEPTH_MAX);
	p->tok.kind = TOKEN_END;
	return false;
}

/* ---- what is read ---- */

static struct name_ref *name_list(struct parser *p, const char *what, size_t *n)
{
	struct name_ref *refs = NULL;
	parser_wants(p, "(");
	do {
		struct name_ref ref = parser_name(p, what);
		refs = array_room(p->policy->mem, refs, *n, sizeof *refs);
		refs[(*n)++] = ref;
		if (*n > POLICY_LISTS_MAX)
			fault_at(p->faults, ref.at, "at most %d names stand here",
			         POLICY_LISTS_MAX);
	} while (!p->faults->failed && parser_takes(p, ","));
	parser_wants(p, ")");
	return refs;
}

static uint32_t parse_words_count(struct parser *p, uint32_t at)
{
	size_t n = 0;
	struct name_ref *lists = name_list(p, "the name of a list", &n);
	uint32_t node = node_new(p, NODE_WORDS, at);
	p->policy->nodes[node].lists = lists;
	p->policy->nodes[node].n_lists = n;
	return node;
}

static uint32_t parse_pattern_count(struct parser *p, uint32_t at)
{
	parser_wants(p, "(");
	struct name_ref ref = parser_name(p, "the name of a pattern");
	parser_wants(p, ")");
	uint32_t node = node_new(p, NODE_PATTERN, at);
	p->policy->nodes[node].name = ref.name;
	return node;
}

static uint32_t parse_known(struct parser *p, uint32_t at)
{
	parser_wants(p, "(");
	uint32_t child = parse_expression(p);
	parser_wants(p, ")");
	uint32_t node = node_new(p, NODE_KNOWN, at);
	node_chain(p, node, 0, child);
	return node;
}

static uint32_t parse_in(struct parser *p, uint32_t at)
{
	uint32_t node = node_new(p, NODE_IN, at), last = 0;
	unsigned n = 0;
	parser_wants(p, "(");
	do {
		last = node_chain(p, node, last, parse_expression(p));
		n++;
	} while (!p->faults->failed && parser_takes(p, ","));
	if (n < 2)
		parser_unexpected(p, ", and a value to choose from");
	parser_wants(p, ")");
	p->policy->nodes[node].end = p->last_end;
	return node;
}

static enum window_key parse_key(struct parser *p)
{
	static const str keys[] = { { "author", 6 }, { "handle", 6 }, { "similar", 7 } };
	uint32_t at = p->tok.at;
	struct name_ref ref = parser_name(p, "author, handle or similar");
	for (size_t i = 0; i < 3; i++) {
		if (str_eq(ref.name, keys[i]))
			return (enum window_key)(KEY_AUTHOR + i);
	}
	fault_unknown(p->faults, at, "key", ref.name, keys, 3);
	return KEY_AUTHOR;
}

static int64_t parse_within(struct parser *p)
{
	parser_wants(p, "within");
	uint32_t at = p->tok.at;
	double ms = p->tok.number;
	if (p->tok.kind != TOKEN_NUMBER || p->tok.type != SIGNAL_DURATION)
		parser_unexpected(p, "a duration such as 24h or 7d");
	else if (!(ms >= 1 && ms <= (double)WINDOW_MAX_MS))
		fault_at(p->faults, at, "a window reaches back at least 1ms and at most 30d");
	parser_advance(p);
	return ms >= 1 && ms <= (double)WINDOW_MAX_MS ? (int64_t)ms : 1;
}

/* distinct(author by similar within 7d where ...) */
static uint32_t parse_window(struct parser *p, enum window_op op, uint32_t at)
{
	struct policy *policy = p->policy;
	struct window w = { .spec.op = op };
	parser_wants(p, "(");
	if (op == WINDOW_DISTINCT)
		w.spec.field = parse_key(p);
	parser_wants(p, "by");
	uint32_t key_at = p->tok.at;
	w.spec.key = parse_key(p);
	if (w.spec.key == w.spec.field)
		fault_at(p->faults, key_at, "different values of the key itself are always one");
	w.spec.window_ms = parse_within(p);
	if (parser_takes(p, "where"))
		w.where = parse_expression(p);
	parser_wants(p, ")");
	uint32_t node = node_new(p, NODE_WINDOW, at);
	/* Until the check shares equal ones, every window written has a number of its own. */
	policy->written = array_room(policy->mem, policy->written, policy->n_written, sizeof w);
	policy->nodes[node].index = (uint16_t)policy->n_written;
	policy->nodes[node].depth = (uint16_t)(policy->nodes[w.where].depth + 1);
	policy->written[policy->n_written++] = w;
	return node;
}

static const struct call {
	str name;
	uint32_t (*parse)(struct parser *p, uint32_t at);
	int window; /* enum window_op, -1: none */
} calls[] = {
	{ { "words", 5 }, parse_words_count, -1 }, { { "pattern", 7 }, parse_pattern_count, -1 },
	{ { "known", 5 }, parse_known, -1 },       { { "in", 2 }, parse_in, -1 },
	{ { "count", 5 }, NULL, WINDOW_COUNT },    { { "distinct", 8 }, NULL, WINDOW_DISTINCT },
	{ { "rate", 4 }, NULL, WINDOW_RATE },      { { "last", 4 }, NULL, WINDOW_LAST },
};
#define CALLS (sizeof calls / sizeof calls[0])

static uint32_t parse_named(struct parser *p)
{
	struct name_ref ref = parser_name(p, "a condition");
	bool is_true = str_eq(ref.name, S("true"));
	str names[CALLS];
	if (is_true || str_eq(ref.name, S("false"))) {
		uint32_t node = node_new(p, NODE_TRUTH, ref.at);
		p->policy->nodes[node].value = is_true ? 1 : 0;
		return node;
	}
	if (str_eq(ref.name, S("others")))
		return node_new(p, NODE_OTHERS, ref.at);
	for (size_t i = 0; i < CALLS; i++) {
		names[i] = calls[i].name;
		if (str_eq(ref.name, names[i]))
			return calls[i].window < 0
			               ? calls[i].parse(p, ref.at)
			               : parse_window(p, (enum window_op)calls[i].window, ref.at);
	}
	if (parser_sees(p, "(") || is_reserved(ref.name)) {
		if (is_reserved(ref.name))
			fault_at(p->faults, ref.at,
			         "here should stand a condition or a number, not %.*s",
			         STR_ARG(ref.name));
		fault_unknown(p->faults, ref.at, "function", ref.name, names, CALLS);
		p->tok.kind = TOKEN_END;
		return 0;
	}
	uint32_t node = node_new(p, NODE_SIGNAL, ref.at);
	p->policy->nodes[node].name = ref.name;
	return node;
}

static uint32_t parse_primary(struct parser *p)
{
	uint32_t at = p->tok.at;
	if (p->tok.kind == TOKEN_NUMBER) {
		struct token t = p->tok;
		parser_advance(p);
		uint32_t node = node_new(p, NODE_NUMBER, at);
		struct node *n = &p->policy->nodes[node];
		n->value = t.number;
		n->type = t.type;
		n->bare = t.bare;
		return node;
	}
	if (p->tok.kind == TOKEN_NAME)
		return parse_named(p);
	if (parser_sees(p, "-")) {
		fault_at(p->faults, at, "a number has no sign; write 0 - x");
		return 0;
	}
	if (!parser_takes(p, "(")) {
		parser_unexpected(p, "a condition or a number");
		return 0;
	}
	uint32_t inside = parse_expression(p);
	parser_wants(p, ")");
	return inside;
}

static uint32_t parse_else(struct parser *p)
{
	uint32_t left = parse_primary(p);
	while (parser_takes(p, "else")) {
		uint32_t node = node_over(p, NODE_ELSE, left);
		node_chain(p, node, left, parse_primary(p));
		left = node;
	}
	return left;
}

/* ---- operators, from the tightest ---- */

static uint32_t parse_times(struct parser *p)
{
	uint32_t left = parse_else(p);
	while (parser_sees(p, "*") || parser_sees(p, "/")) {
		enum node_op op = parser_sees(p, "*") ? NODE_MUL : NODE_DIV;
		parser_advance(p);
		uint32_t node = node_over(p, op, left);
		node_chain(p, node, left, parse_else(p));
		left = node;
	}
	return left;
}

static uint32_t parse_plus(struct parser *p)
{
	uint32_t left = parse_times(p);
	while (parser_sees(p, "+") || parser_sees(p, "-")) {
		enum node_op op = parser_sees(p, "+") ? NODE_ADD : NODE_SUB;
		parser_advance(p);
		uint32_t node = node_over(p, op, left);
		node_chain(p, node, left, parse_times(p));
		left = node;
	}
	return left;
}

static enum node_op comparison_of(const struct parser *p)
{
	static const char *const signs[] = { "=", "!=", "<", "<=", ">", ">=" };
	for (int i = 0; i < 6; i++) {
		if (parser_sees(p, signs[i]))
			return (enum node_op)(NODE_EQ + i);
	}
	return NODE_NONE;
}

static uint32_t parse_comparison(struct parser *p)
{
	uint32_t left = parse_plus(p);
	enum node_op op = comparison_of(p);
	if (op == NODE_NONE)
		return left;
	parser_advance(p);
	uint32_t node = node_over(p, op, left);
	node_chain(p, node, left, parse_plus(p));
	if (comparison_of(p) != NODE_NONE)
		fault_at(p->faults, p->tok.at, "comparisons do not chain; write a < b and b < c");
	return node;
}

static uint32_t parse_not(struct parser *p)
{
	uint32_t at = p->tok.at, node = 0;
	if (!parser_takes(p, "not"))
		return parse_comparison(p);
	if (deeper(p)) {
		node = node_new(p, NODE_NOT, at);
		node_chain(p, node, 0, parse_not(p));
	}
	p->depth--;
	return node;
}

/* Any number of operands is one node, so that a long list is not a deep one. */
static uint32_t parse_many(struct parser *p, const char *word, enum node_op op,
                           uint32_t (*operand)(struct parser *))
{
	uint32_t first = operand(p), node = 0, last = first;
	while (!p->faults->failed && parser_takes(p, word)) {
		if (!node)
			node = node_over(p, op, first);
		last = node_chain(p, node, last, operand(p));
	}
	return node ? node : first;
}

static uint32_t parse_and(struct parser *p) { return parse_many(p, "and", NODE_AND, parse_not); }

uint32_t parse_expression(struct parser *p)
{
	uint32_t node = deeper(p) ? parse_many(p, "or", NODE_OR, parse_and) : 0;
	p->depth--;
	return p->faults->failed ? 0 : node;
}
