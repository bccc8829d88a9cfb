#include "circle/cite.h"

#include "circle/remember.h"
#include "integrity/policy/policy.h"

#include "base/buf.h"

#include <assert.h>

#define EVIDENCE_MAX_BYTES ((size_t)64 * 1024)
#define ORDER_POLICY S("order")

/* The circle's own; those of the first four are for circles whose policy has no such rule. */
static const struct {
	const char *id, *clause;
	enum harm_class harm;
	const char *en, *zh;
} own[] = {
	{ "order.counterfeit", "o.1", HARM_CLASS_A,
	  "A steward found counterfeit goods, or goods falsely said to be bought abroad.",
	  "管事的人认定：假货，或者假称海外代购。" },
	{ "order.ladder", "o.2", HARM_CLASS_B,
	  "A steward found recruiting of people who recruit others.",
	  "管事的人认定：拉人头、层级发展。" },
	{ "order.fraud", "o.3", HARM_CLASS_A, "A steward found fraud.", "管事的人认定：诈骗。" },
	{ "order.advertising", "o.4", HARM_CLASS_B, "A steward found advertising in disguise.",
	  "管事的人认定：变相广告。" },
	{ "order.harassment", "o.5", HARM_CLASS_B, "A steward found harassment.",
	  "管事的人认定：骚扰。" },
	{ "order.plagiarism", "o.6", HARM_CLASS_B,
	  "A steward found words or pictures of somebody else, shown as one's own.",
	  "管事的人认定：把别人的文字或图片当成自己的。" },
	{ "order.personal-data", "o.7", HARM_CLASS_B,
	  "A steward found personal data of somebody who did not want them shown.",
	  "管事的人认定：未经本人同意公开个人信息。" },
	{ "order.other", "o.8", HARM_CLASS_B,
	  "A steward found something that no other rule names: the reason says what.",
	  "管事的人认定的事，别的规则都没有写到：理由里说明了是什么。" },
};
#define OWN (sizeof own / sizeof own[0])

/* What fits, the best first. */
static const char *const of_reports[REPORT_CATEGORIES][2] = {
	[REPORT_COUNTERFEIT] = { "fraud.counterfeit", "order.counterfeit" },
	[REPORT_LADDER] = { "recruit.ladder", "order.ladder" },
	[REPORT_FRAUD] = { "order.fraud", "order.fraud" },
	[REPORT_ADVERTISING] = { "advert.disguised", "order.advertising" },
	[REPORT_HARASSMENT] = { "order.harassment", "order.harassment" },
	[REPORT_OTHER] = { "order.other", "order.other" },
};
static const char *const of_complaints[COMPLAINT_CATEGORIES][2] = {
	[COMPLAINT_PLAGIARISM] = { "order.plagiarism", "order.plagiarism" },
	[COMPLAINT_COUNTERFEIT] = { "fraud.counterfeit", "order.counterfeit" },
	[COMPLAINT_PERSONAL_DATA] = { "order.personal-data", "order.personal-data" },
};

static struct cited own_rule(size_t i)
{
	return (struct cited){ .id = str_of(own[i].id),
		               .clause = str_of(own[i].clause),
		               .policy = ORDER_POLICY,
		               .en = str_of(own[i].en),
		               .zh = str_of(own[i].zh),
		               .harm = own[i].harm };
}

struct collecting {
	struct arena *mem;
	struct cited *all;
	size_t n;
};

static void collect(const struct policy *policy, void *ctx)
{
	struct collecting *k = ctx;
	size_t n;
	const struct policy_rule *rules = policy_rules(policy, &n);
	k->all = ARENA_ARRAY(k->mem, n + OWN, struct cited);
	for (size_t i = 0; i < n; i++) {
		const struct policy_rule *rule = &rules[i];
		if (rule->status != RULE_LIVE)
			continue;
		k->all[k->n++] = (struct cited){ .id = str_dup(k->mem, rule->id),
			                         .clause = str_dup(k->mem, rule->clause),
			                         .policy = str_dup(k->mem, policy_hash(policy)),
			                         .en = str_dup(k->mem, rule->en),
			                         .zh = str_dup(k->mem, rule->zh),
			                         .pass_en = str_dup(k->mem, rule->pass_en),
			                         .pass_zh = str_dup(k->mem, rule->pass_zh),
			                         .harm = rule_harm_class(rule->harm) };
	}
}

void cite_all(const struct circle *c, struct arena *mem, struct cited **out, size_t *n)
{
	struct collecting k = { .mem = mem };
	remember_look(c, collect, &k);
	if (k.all == NULL) /* nothing is screened here */
		k.all = ARENA_ARRAY(mem, OWN, struct cited);
	for (size_t i = 0; i < OWN; i++)
		k.all[k.n++] = own_rule(i);
	*out = k.all;
	*n = k.n;
}

err cite_find(const struct circle *c, str id, struct arena *mem, struct cited *out)
{
	struct cited *all;
	size_t n;
	cite_all(c, mem, &all, &n);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(all[i].id, id))
			continue;
		*out = all[i];
		return OK;
	}
	return err_missing("no such rule is in force");
}

/* The second is always there. */
static void first_of(const struct circle *c, const char *const ids[2], struct arena *mem,
                     struct cited *out)
{
	err e = cite_find(c, str_of(ids[0]), mem, out);
	if (failed(e))
		e = cite_find(c, str_of(ids[1]), mem, out);
	assert(!failed(e));
}

void cite_report(const struct circle *c, enum report_category category, struct arena *mem,
                 struct cited *out)
{
	first_of(c, of_reports[category], mem, out);
}

void cite_complaint(const struct circle *c, enum complaint_category category, struct arena *mem,
                    struct cited *out)
{
	first_of(c, of_complaints[category], mem, out);
}

str cite_clause(str rule)
{
	for (size_t i = 0; i < OWN; i++)
		if (str_eq(rule, str_of(own[i].id)))
			return str_of(own[i].clause);
	return STR_NONE;
}

static void add_both(struct buf *b, str en, str zh)
{
	buf_lit(b, "{\"en\":");
	buf_json(b, en);
	buf_lit(b, ",\"zh\":");
	buf_json(b, zh);
	buf_char(b, '}');
}

str cite_evidence(const struct cited *cited, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, EVIDENCE_MAX_BYTES);
	buf_lit(&b, "{\"score\":0,\"malice\":0,\"reasons\":[{\"rule\":");
	buf_json(&b, cited->id);
	buf_lit(&b, ",\"clause\":");
	buf_json(&b, cited->clause);
	buf_lit(&b, ",\"text\":");
	add_both(&b, cited->en, cited->zh);
	buf_lit(&b, ",\"spans\":[]}],\"would_pass\":");
	if (cited->pass_en.n > 0)
		add_both(&b, cited->pass_en, cited->pass_zh);
	else
		buf_lit(&b, "null");
	buf_char(&b, '}');
	return buf_str(&b);
}
