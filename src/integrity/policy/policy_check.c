/* policy_check.c - what only the whole text can tell: names taken twice, rules without what they need, the cost of it all. */
#include "integrity/policy/policy_ast.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

_Static_assert(SIGNALS <= 64, "known_facts has a bit a signal");

static void warn(struct policy *policy, const struct faults *faults, uint32_t at, const char *what,
                 str name)
{
	struct faults here = *faults;
	here.mem = policy->mem;
	policy->warnings = array_room(policy->mem, policy->warnings, policy->n_warnings,
	                              sizeof *policy->warnings);
	policy->warnings[policy->n_warnings++] = fault_of(
		&here, at, str_format(policy->mem, "%s %.*s", what, STR_ARG(name)));
}

/* ---- lists and patterns ---- */

static void check_phrase(struct faults *faults, str phrase, uint32_t at)
{
	size_t symbols = utf8_length(phrase), i = 0;
	(void)utf8_next(phrase, &i);
	if (symbols > PHRASE_MAX)
		fault_at(faults, at, "a phrase has at most %d symbols, this one has %zu",
		         PHRASE_MAX, symbols);
	else if (phrase.p[0] == '~' || (i < phrase.n && phrase.p[i] == '~'))
		fault_at(faults, at, "~ may not be among the first two symbols of a phrase");
	else if (str_trim(phrase).n != phrase.n)
		fault_at(faults, at, "a phrase neither begins nor ends with a space");
}

/* Phrases of one list are different; a table of hashes finds those that are not. */
static void check_phrases(struct policy *policy, struct faults *faults, size_t list,
                          struct arena *scratch)
{
	const struct policy_words *words = &policy->lists[list];
	const uint32_t *at = policy->list_more[list].phrases_at;
	struct arena_mark mark = arena_mark(scratch);
	size_t room = 8;
	while (room < 2 * words->n)
		room *= 2;
	uint16_t *slots = ARENA_ARRAY(scratch, room, uint16_t); /* number of a phrase and one */
	for (size_t i = 0; i < words->n && !faults->failed; i++) {
		str phrase = words->phrases[i];
		size_t slot = XXH3_64bits(phrase.p, phrase.n) & (room - 1);
		check_phrase(faults, phrase, at[i]);
		while (slots[slot] && !str_eq(words->phrases[slots[slot] - 1], phrase))
			slot = (slot + 1) & (room - 1);
		if (slots[slot])
			fault_at(faults, at[i], "the list has this phrase already");
		slots[slot] = (uint16_t)(i + 1);
	}
	arena_rewind(scratch, mark);
}

static void check_examples(struct faults *faults, uint32_t at, str name, size_t matches,
                           size_t passes)
{
	if (!matches)
		fault_at(faults, at, "%.*s has no text it must find: matches \"...\"",
		         STR_ARG(name));
	if (!passes)
		fault_at(faults, at, "%.*s has no text it must not find: passes \"...\"",
		         STR_ARG(name));
}

static void check_lists(struct policy *policy, struct faults *faults, struct arena *scratch)
{
	for (size_t i = 0; i < policy->n_lists && !faults->failed; i++) {
		const struct policy_words *list = &policy->lists[i];
		uint32_t at = policy->list_more[i].at;
		for (size_t k = 0; k < i; k++) {
			if (str_eq(policy->lists[k].name, list->name))
				fault_at(faults, at, "there is a list %.*s already",
				         STR_ARG(list->name));
		}
		if (!list->n)
			fault_at(faults, at, "%.*s has no phrases", STR_ARG(list->name));
		check_examples(faults, at, list->name, list->n_matches, list->n_passes);
		check_phrases(policy, faults, i, scratch);
	}
}

static void check_patterns(struct policy *policy, struct faults *faults)
{
	for (size_t i = 0; i < policy->n_patterns && !faults->failed; i++) {
		const struct policy_pattern *pattern = &policy->patterns[i];
		uint32_t at = policy->pattern_more[i].at;
		for (size_t k = 0; k < i; k++) {
			if (str_eq(policy->patterns[k].name, pattern->name))
				fault_at(faults, at, "there is a pattern %.*s already",
				         STR_ARG(pattern->name));
		}
		if (!pattern->regex.n)
			fault_at(faults, at, "%.*s has no regex", STR_ARG(pattern->name));
		check_examples(faults, at, pattern->name, pattern->n_matches, pattern->n_passes);
	}
}

/* ---- named conditions, groups, damps ---- */

static void check_let_name(struct policy *policy, struct faults *faults, size_t i)
{
	const struct let *let = &policy->lets[i];
	bool taken = str_find(let->name, S(".")) != SIZE_MAX;
	if (taken)
		fault_at(faults, let->at, "the name of a condition has no dot; signals do");
	taken |= is_reserved(let->name);
	for (size_t k = 0; k < SIGNALS; k++)
		taken |= str_eq(str_of(signal_rows[k].name), let->name);
	if (taken)
		fault_at(faults, let->at, "%.*s means something already", STR_ARG(let->name));
	for (size_t k = 0; k < i; k++) {
		if (str_eq(policy->lets[k].name, let->name))
			fault_at(faults, let->at, "%.*s is named twice", STR_ARG(let->name));
	}
}

static void check_lets(struct policy *policy, struct faults *faults)
{
	struct checker c = { .policy = policy, .faults = faults, .may_others = true };
	for (size_t i = 0; i < policy->n_lets && !faults->failed; i++) {
		check_let_name(policy, faults, i);
		(void)check_expression(&c, policy->lets[i].node, NULL);
	}
}

static void check_groups(struct policy *policy, struct faults *faults)
{
	for (size_t i = 0; i < policy->n_groups && !faults->failed; i++) {
		for (size_t k = 0; k < i; k++) {
			if (str_eq(policy->groups[k].name, policy->groups[i].name))
				fault_at(faults, policy->groups[i].at,
				         "there is a group %.*s already",
				         STR_ARG(policy->groups[i].name));
		}
	}
}

static void check_damps(struct policy *policy, struct faults *faults)
{
	struct checker c = { .policy = policy, .faults = faults };
	for (size_t i = 0; i < policy->n_damps && !faults->failed; i++) {
		if (check_expression(&c, policy->damps[i].node, "damp"))
			policy->cost += policy->nodes[policy->damps[i].node].cost;
	}
}

/* ---- rules ---- */

static void check_rule_group(struct policy *policy, struct faults *faults, size_t i)
{
	const struct name_ref *ref = &policy->more[i].group;
	str names[GROUPS_MAX];
	if (!ref->name.n)
		return;
	for (size_t k = 0; k < policy->n_groups; k++) {
		names[k] = policy->groups[k].name;
		if (!str_eq(names[k], ref->name))
			continue;
		if (policy->groups[k].at > ref->at)
			fault_at(faults, ref->at,
			         "the group %.*s stands further below; a name comes before its use",
			         STR_ARG(ref->name));
		policy->groups[k].used = true;
		policy->more[i].group_number = (uint16_t)(k + 1);
		policy->rules[i].group = names[k];
		return;
	}
	fault_unknown(faults, ref->at, "group", ref->name, names, policy->n_groups);
}

/* Numbers of the names among `all`, without doubles. */
static const uint8_t *check_marks(struct policy *policy, struct faults *faults, const char *what,
                                  struct name_ref *refs, size_t *n, const str *all, size_t n_all)
{
	uint8_t *numbers = arena_alloc(policy->mem, *n);
	size_t out = 0;
	for (size_t i = 0; i < *n; i++) {
		size_t k = 0;
		while (k < n_all && !str_eq(all[k], refs[i].name))
			k++;
		if (k == n_all)
			fault_unknown(faults, refs[i].at, what, refs[i].name, all, n_all);
		else if (!memchr(numbers, (int)k, out))
			numbers[out++] = (uint8_t)k;
	}
	*n = out;
	return numbers;
}

static void check_rule_marks(struct policy *policy, struct faults *faults, size_t i)
{
	struct policy_rule *rule = &policy->rules[i];
	str names[POLICY_PATTERNS_MAX > POLICY_LISTS_MAX ? POLICY_PATTERNS_MAX : POLICY_LISTS_MAX];
	for (size_t k = 0; k < policy->n_lists; k++)
		names[k] = policy->lists[k].name;
	rule->marks_lists = check_marks(policy, faults, "list", policy->more[i].marks_lists,
	                                &rule->n_marks_lists, names, policy->n_lists);
	for (size_t k = 0; k < policy->n_patterns; k++)
		names[k] = policy->patterns[k].name;
	rule->marks_patterns = check_marks(policy, faults, "pattern",
	                                   policy->more[i].marks_patterns, &rule->n_marks_patterns,
	                                   names, policy->n_patterns);
}

static void check_rule_evidence(struct policy *policy, struct faults *faults, size_t i)
{
	struct policy_rule *rule = &policy->rules[i];
	struct rule_more *more = &policy->more[i];
	struct checker c = { .policy = policy, .faults = faults, .may_others = true };
	const struct known_facts nothing = { 0 };
	bool unknown = false;
	for (size_t k = 0; k < rule->n_evidence; k++) {
		uint32_t node = policy->evidence_node[rule->first_evidence + k];
		if (!check_expression(&c, node, "evidence"))
			return;
		const struct node *n = &policy->nodes[node];
		more->others |= n->others;
		policy->cost += n->cost; /* drafts too: they are tried within the same bound */
		if (policy->cost > POLICY_COST_MAX)
			fault_at(faults, n->at,
			         "up to here the policy costs %u, and at most %d is allowed",
			         policy->cost, POLICY_COST_MAX);
		bool may = may_be_unknown(policy, node, nothing);
		if (may && more->unknown == UNKNOWN_UNSAID)
			fault_at(
				faults, n->at,
				"this can be unknown; say in the rule: unknown silent, or unknown fires");
		unknown |= may;
		if (faults->failed)
			return;
	}
	if (more->unknown != UNKNOWN_UNSAID && !unknown)
		warn(policy, faults, more->unknown_at, "no condition can be unknown in the rule",
		     rule->id);
}

static void check_rules(struct policy *policy, struct faults *faults)
{
	for (size_t i = 0; i < policy->n_rules && !faults->failed; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		for (size_t k = 0; k < i; k++) {
			if (str_eq(policy->rules[k].id, rule->id))
				fault_at(faults, policy->more[i].at, "there is a rule %.*s already",
				         STR_ARG(rule->id));
		}
		if (rule->harm == HARM_ANNOYANCE && rule->asks > ACTION_LABEL)
			fault_at(faults, policy->more[i].asks_at,
			         "a rule against annoyance asks for a label at most");
		check_rule_group(policy, faults, i);
		check_rule_marks(policy, faults, i);
		check_rule_evidence(policy, faults, i);
	}
}

/* ---- the whole ---- */

static void warn_unused(struct policy *policy, const struct faults *faults)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		for (size_t k = 0; k < policy->rules[i].n_marks_lists; k++)
			policy->list_more[policy->rules[i].marks_lists[k]].used = true;
		for (size_t k = 0; k < policy->rules[i].n_marks_patterns; k++)
			policy->pattern_more[policy->rules[i].marks_patterns[k]].used = true;
	}
	for (size_t i = 0; i < policy->n_lists; i++) {
		/* The phrases of a list of conduct count in hidden.words. */
		if (!policy->list_more[i].used && !policy->lists[i].conduct)
			warn(policy, faults, policy->list_more[i].at, "nothing uses the list",
			     policy->lists[i].name);
	}
	for (size_t i = 0; i < policy->n_patterns; i++) {
		if (!policy->pattern_more[i].used)
			warn(policy, faults, policy->pattern_more[i].at, "nothing uses the pattern",
			     policy->patterns[i].name);
	}
	for (size_t i = 0; i < policy->n_lets; i++) {
		if (!policy->lets[i].used)
			warn(policy, faults, policy->lets[i].at, "nothing uses the condition",
			     policy->lets[i].name);
	}
	for (size_t i = 0; i < policy->n_groups; i++) {
		if (!policy->groups[i].used)
			warn(policy, faults, policy->groups[i].at, "nothing uses the group",
			     policy->groups[i].name);
	}
}

void policy_check(struct policy *policy, struct faults *faults, struct arena *scratch)
{
	check_lists(policy, faults, scratch);
	check_patterns(policy, faults);
	check_lets(policy, faults);
	check_groups(policy, faults);
	check_damps(policy, faults);
	check_rules(policy, faults);
	if (policy->cost > POLICY_COST_MAX)
		fault_at(faults, 0, "the policy costs %u, and at most %d is allowed", policy->cost,
		         POLICY_COST_MAX);
	if (!policy->name.n)
		fault_at(faults, 0, "the policy has no name: policy \"...\" version 1");
	if (!policy->has_ladder)
		fault_at(faults, 0, "the policy has no ladder, so no weight would do anything");
	if (!faults->failed)
		warn_unused(policy, faults);
}
