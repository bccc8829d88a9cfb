/* policy_diff.c - every item of a policy is a list of fields; two policies are compared as lists of items. */
#include "integrity/policy/policy_diff.h"

#include "integrity/policy/policy_ast.h"

struct pair {
	str field, value;
	bool many; /* the field may stand again with another value */
};

struct item {
	str what, name;
	struct pair *pairs;
	size_t n;
};

struct items {
	const struct policy *policy;
	struct arena *mem;
	struct item *list;
	size_t n;
};

static void item_new(struct items *items, str what, str name)
{
	items->list = array_room(items->mem, items->list, items->n, sizeof *items->list);
	items->list[items->n++] = (struct item){ .what = what, .name = name };
}

static void put(struct items *items, str field, str value, bool many)
{
	struct item *item = &items->list[items->n - 1];
	if (!value.n)
		return;
	item->pairs = array_room(items->mem, item->pairs, item->n, sizeof *item->pairs);
	item->pairs[item->n++] = (struct pair){ field, value, many };
}

static void put_all(struct items *items, str field, const str *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(items, field, values[i], true);
}

static str number(struct items *items, double v) { return str_format(items->mem, "%.10g", v); }

static void list_words(struct items *items)
{
	const struct policy *policy = items->policy;
	for (size_t i = 0; i < policy->n_lists; i++) {
		const struct policy_words *list = &policy->lists[i];
		item_new(items, S("list"), list->name);
		put(items, S("conduct"), list->conduct ? S("yes") : S("no"), false);
		put(items, S("about"), list->about, false);
		put(items, S("source"), list->source, false);
		put_all(items, S("phrase"), list->phrases, list->n);
		put_all(items, S("matches"), list->matches, list->n_matches);
		put_all(items, S("passes"), list->passes, list->n_passes);
	}
}

static void list_patterns(struct items *items)
{
	const struct policy *policy = items->policy;
	for (size_t i = 0; i < policy->n_patterns; i++) {
		const struct policy_pattern *pattern = &policy->patterns[i];
		item_new(items, S("pattern"), pattern->name);
		put(items, S("regex"), pattern->regex, false);
		put(items, S("about"), pattern->about, false);
		put(items, S("source"), pattern->source, false);
		put_all(items, S("matches"), pattern->matches, pattern->n_matches);
		put_all(items, S("passes"), pattern->passes, pattern->n_passes);
	}
}

static str written(struct items *items, uint32_t node_at, uint32_t end)
{
	return policy_one_line(items->policy, node_at, end, items->mem);
}

/* Damps of one condition are one: their factors multiply. */
static void list_damps(struct items *items)
{
	const struct policy *policy = items->policy;
	str *when = ARENA_ARRAY(items->mem, policy->n_damps, str);
	for (size_t i = 0; i < policy->n_damps; i++) {
		const struct damp *damp = &policy->damps[i];
		when[i] = written(items, policy->nodes[damp->node].at, damp->end);
	}
	for (size_t i = 0; i < policy->n_damps; i++) {
		double factor = 1;
		size_t first = 0;
		while (!str_eq(when[first], when[i]))
			first++;
		for (size_t k = i; first == i && k < policy->n_damps; k++)
			factor *= str_eq(when[k], when[i]) ? policy->damps[k].factor : 1;
		if (first < i)
			continue;
		item_new(items, S("damp"), when[i]);
		put(items, S("factor"), number(items, factor), false);
	}
}

static void list_rest(struct items *items)
{
	const struct policy *policy = items->policy;
	item_new(items, S("policy"), policy->name);
	put(items, S("version"), str_format(items->mem, "%u", policy->version), false);
	for (size_t i = 0; i < policy->n_lets; i++) {
		const struct let *let = &policy->lets[i];
		item_new(items, S("condition"), let->name);
		put(items, S("means"), written(items, let->at, let->end), false);
	}
	for (size_t i = 0; i < policy->n_groups; i++) {
		item_new(items, S("group"), policy->groups[i].name);
		put(items, S("cap"), number(items, policy->groups[i].cap), false);
	}
	list_damps(items);
	item_new(items, S("ladder"), S("ladder"));
	for (int step = ACTION_LABEL; step <= ACTION_HOLD; step++) {
		if (policy->ladder[step] > 0)
			put(items, str_of(action_name((enum action)step)),
			    number(items, policy->ladder[step]), false);
	}
}

static void put_papers(struct items *items, const struct policy_rule *rule)
{
	static const char *const statuses[] = { "draft", "shadow", "live", "retired" };
	static const char *const harms[] = { "fraud", "marketing", "annoyance" };
	put(items, S("clause"), rule->clause, false);
	put(items, S("owner"), rule->owner, false);
	put(items, S("status"), str_of(statuses[rule->status]), false);
	put(items, S("harm"), str_of(harms[rule->harm]), false);
	put(items, S("group"), rule->group, false);
	put(items, S("dsa category"), rule->dsa_category, false);
	put(items, S("dsa keyword"), rule->dsa_keyword, false);
	put(items, S("asks"), rule->asks ? str_of(action_name(rule->asks)) : STR_NONE, false);
	put(items, S("en"), rule->en, false);
	put(items, S("zh"), rule->zh, false);
	put(items, S("pass en"), rule->pass_en, false);
	put(items, S("pass zh"), rule->pass_zh, false);
	put(items, S("false_positives"), rule->known_false_positives, false);
	put_all(items, S("fires"), rule->fires, rule->n_fires);
	put_all(items, S("silent"), rule->silent, rule->n_silent);
}

static void put_marks(struct items *items, const struct policy_rule *rule)
{
	static const char *const marks[] = { "contact", "effort", "model", "price", "fee",
		                             "income",  "likes",  "tier",  "link" };
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (rule->marks & 1u << i)
			put(items, S("marks"), str_of(marks[i]), true);
	}
	for (size_t i = 0; i < rule->n_marks_lists; i++)
		put(items, S("marks words"), items->policy->lists[rule->marks_lists[i]].name, true);
	for (size_t i = 0; i < rule->n_marks_patterns; i++)
		put(items, S("marks pattern"),
		    items->policy->patterns[rule->marks_patterns[i]].name, true);
}

/* Of lines with one condition the heaviest counts. */
static void put_lines(struct items *items, const struct policy_evidence *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < n && !(str_eq(lines[k].when, lines[i].when) &&
		                  (lines[k].weight > lines[i].weight ||
		                   (k < i && lines[k].weight >= lines[i].weight))))
			k++;
		if (k < n)
			continue;
		put(items, str_format(items->mem, "weight when %.*s", STR_ARG(lines[i].when)),
		    number(items, lines[i].weight), false);
	}
}

static void list_rules(struct items *items)
{
	static const char *const unknown[] = { "", "silent", "fires" };
	const struct policy *policy = items->policy;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		item_new(items, S("rule"), rule->id);
		put_papers(items, rule);
		put(items, S("unknown"), str_of(unknown[policy->more[i].unknown]), false);
		put_marks(items, rule);
		put_lines(items, &policy->evidence[rule->first_evidence], rule->n_evidence);
	}
}

static struct items items_of(const struct policy *policy, struct arena *mem)
{
	struct items items = { .policy = policy, .mem = mem };
	list_rest(&items);
	list_words(&items);
	list_patterns(&items);
	list_rules(&items);
	return items;
}

/* ---- comparing ---- */

static const struct item *item_like(const struct items *items, const struct item *wanted)
{
	for (size_t i = 0; i < items->n; i++) {
		if (str_eq(items->list[i].what, wanted->what) &&
		    str_eq(items->list[i].name, wanted->name))
			return &items->list[i];
	}
	return NULL;
}

/* The pair of the same field, and where a field has many values of the same value too. */
static const struct pair *pair_like(const struct item *item, const struct pair *wanted)
{
	for (size_t i = 0; i < item->n; i++) {
		const struct pair *pair = &item->pairs[i];
		if (str_eq(pair->field, wanted->field) &&
		    (!wanted->many || str_eq(pair->value, wanted->value)))
			return pair;
	}
	return NULL;
}

static void put_detail(struct arena *mem, struct policy_change *change, str field, str before,
                       str after)
{
	struct policy_detail *details = (struct policy_detail *)(uintptr_t)change->details;
	details = array_room(mem, details, change->n, sizeof *details);
	details[change->n++] = (struct policy_detail){ field, before, after };
	change->details = details;
}

static struct policy_change compare(const struct item *a, const struct item *b, struct arena *mem)
{
	struct policy_change change = { .kind = CHANGE_CHANGED, .what = b->what, .name = b->name };
	for (size_t i = 0; i < a->n; i++) {
		const struct pair *pair = &a->pairs[i], *now = pair_like(b, pair);
		if (!now || !str_eq(now->value, pair->value))
			put_detail(mem, &change, pair->field, pair->value,
			           now ? now->value : STR_NONE);
	}
	for (size_t i = 0; i < b->n; i++) {
		if (!pair_like(a, &b->pairs[i]))
			put_detail(mem, &change, b->pairs[i].field, STR_NONE, b->pairs[i].value);
	}
	return change;
}

const struct policy_change *policy_diff(const struct policy *before, const struct policy *after,
                                        struct arena *mem, size_t *n)
{
	struct items a = items_of(before, mem), b = items_of(after, mem);
	struct policy_change *changes = NULL;
	*n = 0;
	for (size_t i = 0; i < b.n + a.n; i++) {
		const struct item *item = i < b.n ? &b.list[i] : &a.list[i - b.n];
		const struct item *other = item_like(i < b.n ? &a : &b, item);
		struct policy_change change = { .kind = i < b.n ? CHANGE_ADDED : CHANGE_REMOVED,
			                        .what = item->what,
			                        .name = item->name };
		if (other && i < b.n)
			change = compare(other, item, mem);
		if (other && (i >= b.n || !change.n))
			continue;
		changes = array_room(mem, changes, *n, sizeof *changes);
		changes[(*n)++] = change;
	}
	return changes;
}
