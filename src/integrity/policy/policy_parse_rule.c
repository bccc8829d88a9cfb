/* policy_parse_rule.c - a rule and its papers: one table of fields, which also says what may not be left out. */
#include "integrity/policy/policy_parse.h"

#include <string.h>

struct rule_parser {
	struct parser *p;
	struct policy_rule *rule;
	struct rule_more *more;
};

static void field_clause(struct rule_parser *r)
{
	r->rule->clause = parser_string(r->p, "the clause, in quotes");
}

static void field_owner(struct rule_parser *r)
{
	r->rule->owner = parser_string(r->p, "the owner, in quotes");
}

static void field_false_positives(struct rule_parser *r)
{
	r->rule->known_false_positives = parser_string(
		r->p, "the known false positives, or \"none known\"");
}

/* The number of the word that stands here among `names`. */
static size_t choice(struct rule_parser *r, const char *what, const str *names, size_t n)
{
	uint32_t at = r->p->tok.at;
	struct name_ref ref = parser_name(r->p, what);
	for (size_t i = 0; i < n; i++) {
		if (str_eq(names[i], ref.name))
			return i;
	}
	fault_unknown(r->p->faults, at, what, ref.name, names, n);
	return 0;
}

static void field_status(struct rule_parser *r)
{
	static const str names[] = {
		{ "draft", 5 }, { "shadow", 6 }, { "live", 4 }, { "retired", 7 }
	};
	r->rule->status = (enum rule_status)choice(r, "status", names, 4);
}

static void field_harm(struct rule_parser *r)
{
	static const str names[] = { { "fraud", 5 }, { "marketing", 9 }, { "annoyance", 9 } };
	r->rule->harm = (enum rule_harm)choice(r, "harm", names, 3);
}

static void field_group(struct rule_parser *r)
{
	r->more->group = parser_name(r->p, "the name of a group");
}

static str dsa_value(struct rule_parser *r, const char *what, const str *values, size_t n)
{
	struct token t = r->p->tok;
	if (t.kind != TOKEN_CAPITALS) {
		parser_unexpected(r->p, what);
		return STR_NONE;
	}
	for (size_t i = 0; i < n; i++) {
		if (str_eq(values[i], t.text)) {
			parser_advance(r->p);
			return values[i];
		}
	}
	fault_unknown(r->p->faults, t.at, what, t.text, values, n);
	return STR_NONE;
}

static void field_dsa(struct rule_parser *r)
{
	size_t n;
	const str *values = dsa_categories(&n);
	r->rule->dsa_category = dsa_value(r, "DSA category", values, n);
	if (parser_takes(r->p, "/")) {
		values = dsa_keywords(&n);
		r->rule->dsa_keyword = dsa_value(r, "DSA keyword", values, n);
	}
}

static void field_evidence(struct rule_parser *r)
{
	struct policy *policy = r->p->policy;
	struct policy_evidence line = { .rule = (uint16_t)policy->n_rules };
	uint32_t at = r->p->tok.at;
	if (policy->n_evidence == EVIDENCE_MAX)
		fault_at(r->p->faults, at, "a policy has at most %d lines of evidence",
		         EVIDENCE_MAX);
	line.weight = parser_number(r->p, "a weight is above 0 and at most 1", 1e-6, 1);
	parser_wants(r->p, "when");
	uint32_t from = r->p->tok.at, node = parse_expression(r->p);
	if (r->p->faults->failed)
		return;
	line.when = policy_one_line(policy, from, r->p->last_end, policy->mem);
	policy->evidence = array_room(policy->mem, policy->evidence, policy->n_evidence,
	                              sizeof line);
	policy->evidence_node = array_room(policy->mem, policy->evidence_node, policy->n_evidence,
	                                   sizeof node);
	policy->evidence_node[policy->n_evidence] = node;
	policy->evidence[policy->n_evidence++] = line;
	r->rule->n_evidence++;
}

static void field_unknown(struct rule_parser *r)
{
	static const str names[] = { { "silent", 6 }, { "fires", 5 } };
	r->more->unknown_at = r->p->tok.at;
	r->more->unknown = (enum unknown_says)(UNKNOWN_SILENT + choice(r, "answer", names, 2));
}

static void field_asks(struct rule_parser *r)
{
	static const str names[] = { { "label", 5 }, { "fold", 4 } };
	r->more->asks_at = r->p->tok.at;
	r->rule->asks = (enum action)(ACTION_LABEL + choice(r, "action to ask for", names, 2));
}

static void marks_names(struct rule_parser *r, struct name_ref **refs, size_t *n)
{
	parser_wants(r->p, "(");
	do {
		struct name_ref ref = parser_name(r->p, "a name");
		*refs = array_room(r->p->policy->mem, *refs, *n, sizeof **refs);
		(*refs)[(*n)++] = ref;
	} while (!r->p->faults->failed && parser_takes(r->p, ","));
	parser_wants(r->p, ")");
}

static void field_marks(struct rule_parser *r)
{
	static const str names[] = { { "contact", 7 }, { "effort", 6 }, { "model", 5 },
		                     { "price", 5 },   { "fee", 3 },    { "income", 6 },
		                     { "likes", 5 },   { "tier", 4 },   { "link", 4 } };
	do {
		if (parser_takes(r->p, "words"))
			marks_names(r, &r->more->marks_lists, &r->rule->n_marks_lists);
		else if (parser_takes(r->p, "pattern"))
			marks_names(r, &r->more->marks_patterns, &r->rule->n_marks_patterns);
		else
			r->rule->marks |= 1u << choice(r, "thing to mark", names, 9);
	} while (!r->p->faults->failed && parser_takes(r->p, ","));
}

static void field_en(struct rule_parser *r)
{
	r->rule->en = parser_string(r->p, "a sentence to the writer, in English");
}

static void field_zh(struct rule_parser *r)
{
	r->rule->zh = parser_string(r->p, "a sentence to the writer, in Chinese");
}

static void field_pass(struct rule_parser *r)
{
	parser_wants(r->p, "en");
	r->rule->pass_en = parser_string(r->p, "what would make it pass, in English");
	parser_wants(r->p, "zh");
	r->rule->pass_zh = parser_string(r->p, "what would make it pass, in Chinese");
}

static void field_fires(struct rule_parser *r)
{
	parser_strings(r->p, "a text that must fire", &r->rule->fires, &r->rule->n_fires);
}

static void field_silent(struct rule_parser *r)
{
	parser_strings(r->p, "a text that must not fire", &r->rule->silent, &r->rule->n_silent);
}

static const struct field {
	str name;
	void (*parse)(struct rule_parser *r);
	bool again;          /* may be said more than once */
	const char *missing; /* why it may not be left out */
} fields[] = {
	{ { "clause", 6 }, field_clause, false, "the clause of the policy it stands on" },
	{ { "owner", 5 }, field_owner, false, "who answers for it" },
	{ { "status", 6 }, field_status, false, "draft, shadow, live or retired" },
	{ { "harm", 4 }, field_harm, false, "fraud, marketing or annoyance" },
	{ { "group", 5 }, field_group, false, NULL },
	{ { "dsa", 3 }, field_dsa, false, "the category of the DSA database" },
	{ { "evidence", 8 }, field_evidence, true, "a weight and a condition" },
	{ { "unknown", 7 }, field_unknown, false, NULL },
	{ { "asks", 4 }, field_asks, false, NULL },
	{ { "marks", 5 }, field_marks, true, NULL },
	{ { "en", 2 }, field_en, false, "a sentence to the writer, in English" },
	{ { "zh", 2 }, field_zh, false, "a sentence to the writer, in Chinese" },
	{ { "pass", 4 }, field_pass, false, "what would make it pass" },
	{ { "false_positives", 15 },
	  field_false_positives,
	  false,
	  "the known ones, or \"none known\"" },
	{ { "fires", 5 }, field_fires, true, "a text that must fire" },
	{ { "silent", 6 }, field_silent, true, "a text that must not fire" },
};
#define FIELDS (sizeof fields / sizeof fields[0])

static void parse_field(struct rule_parser *r)
{
	struct parser *p = r->p;
	str names[FIELDS];
	if (p->tok.kind != TOKEN_NAME) {
		parser_unexpected(p, "a field of the rule or end");
		return;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		names[i] = fields[i].name;
		if (!str_eq(p->tok.text, names[i]))
			continue;
		if ((r->more->fields & 1u << i) && !fields[i].again)
			fault_at(p->faults, p->tok.at, "%.*s is said twice", STR_ARG(names[i]));
		r->more->fields |= 1u << i;
		parser_advance(p);
		fields[i].parse(r);
		return;
	}
	fault_unknown(p->faults, p->tok.at, "field", p->tok.text, names, FIELDS);
}

/* A retired rule is kept for its id, so that nobody takes it again. */
static void complete(struct rule_parser *r)
{
	for (size_t i = 0; i < FIELDS && r->rule->status != RULE_RETIRED; i++) {
		if (fields[i].missing && !(r->more->fields & 1u << i))
			fault_at(r->p->faults, r->more->at, "rule %.*s has no %.*s: %s",
			         STR_ARG(r->rule->id), STR_ARG(fields[i].name), fields[i].missing);
	}
	if (!(r->more->fields & 1u << 2))
		fault_at(r->p->faults, r->more->at, "rule %.*s has no status",
		         STR_ARG(r->rule->id));
}

void parse_rule(struct parser *p)
{
	struct policy *policy = p->policy;
	struct policy_rule rule = { .first_evidence = policy->n_evidence };
	struct rule_more more = { 0 };
	struct rule_parser r = { p, &rule, &more };
	parser_advance(p);
	if (policy->n_rules == POLICY_RULES_MAX)
		fault_at(p->faults, p->tok.at, "a policy has at most %d rules", POLICY_RULES_MAX);
	more.at = p->tok.at;
	rule.id = parser_name(p, "the id of a rule").name;
	while (p->tok.kind != TOKEN_END && !p->faults->failed && !parser_sees(p, "end"))
		parse_field(&r);
	parser_wants(p, "end");
	complete(&r);
	policy->rules = array_room(policy->mem, policy->rules, policy->n_rules, sizeof rule);
	policy->more = array_room(policy->mem, policy->more, policy->n_rules, sizeof more);
	policy->more[policy->n_rules] = more;
	policy->rules[policy->n_rules++] = rule;
}
