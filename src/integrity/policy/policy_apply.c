/* policy_apply.c - the fast evaluator: first which inputs are there, then only the lines that may be true, then only the rules
 * that fired. Bit for bit what policy_slow.c gives: a product with 1 - 0 changes nothing, so what is skipped is not missed. */
#include "integrity/policy/policy_code.h"

#include <math.h>
#include <string.h>

#define RULE_WORDS (POLICY_RULES_MAX / 64)

struct run {
	const struct policy *policy;
	const struct code *code;
	const struct policy_input *in;
	struct policy_result *out;
	double *stack;
	struct mask there;
	uint64_t fired[RULE_WORDS];
	double others;
	const bool *down; /* NULL: no rule is */
};

/* ---- one piece of code ---- */

static inline double truth(bool is) { return is ? 1 : 0; }

static inline bool known_both(double a, double b) { return value_known(a) && value_known(b); }

static inline double both(double a, double b)
{
	return a == 0 || b == 0 ? 0 : known_both(a, b) ? 1 : NAN;
}

static inline double either(double a, double b)
{
	return a == 1 || b == 1 ? 1 : known_both(a, b) ? 0 : NAN;
}

#define COMPARE(sign) (known_both(top[0], top[1]) ? truth(top[0] sign top[1]) : NAN)
#define COMPARE_K(sign) (value_known(*top) ? truth(*top sign ins->k) : *top)

/* A machine with a stack: an arm puts one value more on it, makes the top anew, or makes two one. */
static double run_piece(const struct run *r, const struct piece *piece)
{
	const struct policy_input *in = r->in;
	const struct ins *ins = r->code->ins + piece->from, *end = r->code->ins + piece->to;
	double *top = r->stack - 1;
	for (; ins < end; ins++) {
		switch ((enum ins_op)ins->op) {
		case INS_PUSH:
			*++top = ins->k;
			break;
		case INS_SIGNAL:
			*++top = in->signals[ins->index];
			break;
		case INS_TRUTH:
			*++top = value_known(in->signals[ins->index])
			                 ? truth(in->signals[ins->index] != 0)
			                 : NAN;
			break;
		case INS_WORDS:
			*++top = in->words[ins->index];
			break;
		case INS_WORDS_MORE:
			*top = *top + in->words[ins->index];
			break;
		case INS_PATTERN:
			*++top = in->patterns[ins->index];
			break;
		case INS_WINDOW:
			*++top = in->readings ? in->readings[ins->index] : NAN;
			break;
		case INS_OTHERS:
			*++top = r->others;
			break;
		case INS_KNOWN:
			*top = truth(value_known(*top));
			break;
		case INS_NOT:
			*top = value_known(*top) ? 1 - *top : NAN;
			break;
		case INS_SKIP_FALSE:
			ins = *top == 0 ? r->code->ins + ins->to - 1 : ins;
			break;
		case INS_SKIP_TRUE:
			ins = *top == 1 ? r->code->ins + ins->to - 1 : ins;
			break;
		case INS_AND:
			top--;
			*top = both(top[0], top[1]);
			break;
		case INS_OR:
			top--;
			*top = either(top[0], top[1]);
			break;
		case INS_ELSE:
			top--;
			*top = value_known(top[0]) ? top[0] : top[1];
			break;
		case INS_IN_STEP:
			top--;
			*top = either(top[0],
			              known_both(top[-1], top[1]) ? truth(top[-1] == top[1]) : NAN);
			break;
		case INS_IN_END:
			top--;
			*top = top[1];
			break;
		case INS_EQ:
			top--;
			*top = COMPARE(==);
			break;
		case INS_NE:
			top--;
			*top = COMPARE(!=);
			break;
		case INS_LT:
			top--;
			*top = COMPARE(<);
			break;
		case INS_LE:
			top--;
			*top = COMPARE(<=);
			break;
		case INS_GT:
			top--;
			*top = COMPARE(>);
			break;
		case INS_GE:
			top--;
			*top = COMPARE(>=);
			break;
		case INS_ADD:
			top--;
			*top = top[0] + top[1];
			break;
		case INS_SUB:
			top--;
			*top = top[0] - top[1];
			break;
		case INS_MUL:
			top--;
			*top = top[0] * top[1];
			break;
		case INS_DIV:
			top--;
			*top = top[1] == 0 ? NAN : top[0] / top[1];
			break;
		case INS_EQ_K:
			*top = COMPARE_K(==);
			break;
		case INS_NE_K:
			*top = COMPARE_K(!=);
			break;
		case INS_LT_K:
			*top = COMPARE_K(<);
			break;
		case INS_LE_K:
			*top = COMPARE_K(<=);
			break;
		case INS_GT_K:
			*top = COMPARE_K(>);
			break;
		case INS_GE_K:
			*top = COMPARE_K(>=);
			break;
		}
	}
	return *top;
}

/* ---- what is there ---- */

static inline void add_mask(struct mask *mask, const struct mask *more)
{
	for (size_t i = 0; i < MASK_WORDS; i++)
		mask->w[i] |= more->w[i];
}

static void look_at_words(struct run *r)
{
	const uint16_t *words = r->in->words;
	size_t n = r->policy->n_lists, i = 0;
	while (i < n) {
		uint64_t four = 0;
		size_t step = n - i < 4 ? n - i : 4;
		if (step == 4)
			memcpy(&four, words + i, sizeof four);
		else
			four = 1;
		for (size_t k = i; four && k < i + step; k++) {
			if (words[k])
				add_mask(&r->there, &r->code->list_atoms[k]);
		}
		i += step;
	}
}

/* Unknown is not 0: a line that needs it has to be reckoned. */
static void look(struct run *r)
{
	const struct code *code = r->code;
	const struct policy_input *in = r->in;
	look_at_words(r);
	for (size_t i = 0; i < code->n_signals; i++) {
		if (in->signals[code->signals[i].index] != 0)
			add_mask(&r->there, &code->signals[i].atoms);
	}
	for (size_t i = 0; i < code->n_patterns; i++) {
		if (in->patterns[code->patterns[i].index])
			add_mask(&r->there, &code->patterns[i].atoms);
	}
	for (size_t i = 0; i < code->n_windows; i++) {
		if (!in->readings || in->readings[code->windows[i].index] != 0)
			add_mask(&r->there, &code->windows[i].atoms);
	}
}

static inline bool may_be_true(const struct run *r, const struct piece *piece)
{
	uint64_t missing = 0;
	for (size_t i = 0; i < MASK_WORDS; i++)
		missing |= piece->needs.w[i] & ~r->there.w[i];
	return missing == 0;
}

static double piece_value(const struct run *r, const struct piece *piece)
{
	return may_be_true(r, piece) ? run_piece(r, piece) : 0;
}

/* ---- lines and rules ---- */

static void weigh_line(struct run *r, const struct line *line)
{
	if (!may_be_true(r, &line->piece))
		return;
	double v = run_piece(r, &line->piece);
	struct policy_result *out = r->out;
	if (value_known(v) ? v != 0 : line->unknown_counts) {
		out->evidence[line->number / 64] |= UINT64_C(1) << (line->number % 64);
		out->states[line->rule] = STATE_FIRED;
		r->fired[line->rule / 64] |= UINT64_C(1) << (line->rule % 64);
		if (line->weight > out->weights[line->rule])
			out->weights[line->rule] = line->weight;
	} else if (!value_known(v) && out->states[line->rule] == STATE_SILENT) {
		out->states[line->rule] = STATE_UNKNOWN;
	}
}

static void weigh_first(struct run *r)
{
	const struct code *code = r->code;
	for (size_t i = 0; i < code->n_always; i++)
		weigh_line(r, &code->lines[i]);
	for (size_t w = 0; w < MASK_WORDS; w++) {
		for (uint64_t bits = r->there.w[w] & code->triggers.w[w]; bits; bits &= bits - 1) {
			size_t atom = w * 64 + (size_t)__builtin_ctzll(bits);
			for (uint32_t i = code->trigger_from[atom];
			     i < code->trigger_from[atom + 1]; i++)
				weigh_line(r, &code->lines[i]);
		}
	}
}

/* The first rule from number `from` on that fired; POLICY_RULES_MAX after the last. */
static size_t next_fired(const struct run *r, size_t from)
{
	size_t word = from / 64;
	uint64_t bits = word < RULE_WORDS ? r->fired[word] >> (from % 64) << (from % 64) : 0;
	while (!bits && ++word < RULE_WORDS)
		bits = r->fired[word];
	return bits ? word * 64 + (size_t)__builtin_ctzll(bits) : POLICY_RULES_MAX;
}

static void weigh_second(struct run *r)
{
	const struct code *code = r->code;
	double keep = 1;
	if (code->n_first == code->n_lines)
		return;
	for (size_t rule = next_fired(r, 0); rule < POLICY_RULES_MAX;
	     rule = next_fired(r, rule + 1)) {
		if (code->rules[rule].live)
			keep *= 1 - r->out->weights[rule];
	}
	r->others = 1 - keep;
	if (r->others != 0)
		add_mask(&r->there, &code->others_atoms);
	for (size_t i = code->n_first; i < code->n_lines; i++)
		weigh_line(r, &code->lines[i]);
}

/* What only annoys, or is down, does no more than label. */
static bool may_hold(const struct run *r, size_t rule)
{
	return r->code->rules[rule].harm != HARM_ANNOYANCE && !(r->down && r->down[rule]);
}

static double combine(const struct run *r, bool annoyance)
{
	const struct code *code = r->code;
	double groups[GROUPS_MAX + 1];
	for (size_t g = 0; g <= code->n_groups; g++)
		groups[g] = 1;
	for (size_t rule = next_fired(r, 0); rule < POLICY_RULES_MAX;
	     rule = next_fired(r, rule + 1)) {
		const struct rule_weighs *weighs = &code->rules[rule];
		if (weighs->live && (annoyance || may_hold(r, rule)))
			groups[weighs->group] *= 1 - r->out->weights[rule];
	}
	double keep = groups[0];
	for (size_t g = 1; g <= code->n_groups; g++) {
		double weight = 1 - groups[g];
		keep *= 1 - (weight > code->caps[g] ? code->caps[g] : weight);
	}
	return 1 - keep;
}

static enum action climb(const struct code *code, double malice)
{
	enum action action = ACTION_ALLOW;
	for (int step = ACTION_LABEL; step <= ACTION_HOLD; step++) {
		if (code->ladder[step] > 0 && malice >= code->ladder[step] - LADDER_SLACK)
			action = (enum action)step;
	}
	return action;
}

enum action policy_step(const struct policy *policy, double malice)
{
	return climb(policy->code, malice);
}

/* From the weights as they are after damping. */
static enum action decide(const struct run *r, double malice)
{
	const struct code *code = r->code;
	bool annoying = false;
	enum action asked = ACTION_ALLOW, action;
	for (size_t rule = next_fired(r, 0); rule < POLICY_RULES_MAX;
	     rule = next_fired(r, rule + 1)) {
		const struct rule_weighs *weighs = &code->rules[rule];
		enum action asks = (enum action)weighs->asks;
		if (!weighs->live)
			continue;
		annoying |= !may_hold(r, rule);
		if (asks > ACTION_LABEL && r->down && r->down[rule])
			asks = ACTION_LABEL;
		asked = asks > asked ? asks : asked;
	}
	action = climb(code, annoying ? combine(r, false) : malice);
	if (action < ACTION_LABEL && climb(code, malice) >= ACTION_LABEL)
		action = ACTION_LABEL;
	return asked > action ? asked : action;
}

static void conclude(struct run *r)
{
	struct policy_result *out = r->out;
	for (size_t i = 0; i < r->code->n_damps; i++) {
		if (piece_value(r, &r->code->damps[i].piece) == 1)
			out->damped *= r->code->damps[i].factor;
	}
	for (size_t rule = next_fired(r, 0); rule < POLICY_RULES_MAX;
	     rule = next_fired(r, rule + 1))
		out->weights[rule] *= out->damped;
	out->malice = combine(r, true);
	out->action = decide(r, out->malice);
}

enum action policy_apply_down(const struct policy *policy, const struct policy_result *result,
                              const bool *down)
{
	struct policy_result copy = *result;
	struct run r = { .policy = policy, .code = policy->code, .out = &copy, .down = down };
	for (size_t rule = 0; rule < policy->n_rules; rule++)
		if (result->states[rule] == STATE_FIRED)
			r.fired[rule / 64] |= UINT64_C(1) << (rule % 64);
	return decide(&r, result->malice);
}

static void count_windows(struct run *r)
{
	uint64_t filters = r->code->counted_always;
	for (size_t i = 0; i < r->code->n_counted; i++) {
		const struct counted *counted = &r->code->counted[i];
		if (piece_value(r, &counted->piece) == 1)
			filters |= UINT64_C(1) << counted->window;
	}
	r->out->filters = filters;
}

void policy_apply(const struct policy *policy, const struct policy_input *in, struct arena *mem,
                  struct policy_result *out)
{
	size_t rules = policy->n_rules, words = (policy->n_evidence + 63) / 64;
	const struct code *code = policy->code;
	/* One piece of memory: weights, evidence, the stack, states. */
	double *block = arena_alloc(mem, (rules + words + code->stack_max) * sizeof *block + rules);
	struct run r = { .policy = policy, .code = code, .in = in, .out = out };
	out->action = ACTION_ALLOW;
	out->damped = 1;
	out->weights = block;
	out->evidence = (uint64_t *)(void *)(block + rules);
	r.stack = block + rules + words;
	out->states = (uint8_t *)(void *)(r.stack + code->stack_max);
	look(&r);
	weigh_first(&r);
	weigh_second(&r);
	if (r.fired[0] | r.fired[1] | r.fired[2] | r.fired[3])
		conclude(&r);
	else
		out->malice = 0;
	count_windows(&r);
}
