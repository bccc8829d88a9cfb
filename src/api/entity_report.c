/* See entity.h. Reports, and what Mastodon's apps offer as the reasons for one: our categories stand as the server's rules. */
#include "api/entity.h"

#include "circle/report.h"

#include <string.h>

struct words {
	const char *text, *hint;
};

/* The ids of the rules are their places, from 1. "Other" is no rule. */
static const struct {
	enum report_category category;
	struct words en, zh;
} rules[] = {
	{ REPORT_HARASSMENT,
	  { "Nobody is harassed here.", "Insults, threats, stalking, private things made known." },
	  { "不骚扰别人。", "辱骂、威胁、跟踪、抖出别人的私事。" } },
	{ REPORT_ADVERTISING,
	  { "An advertisement is one openly.",
	    "Selling in the open is fine. Disguised or hidden contacts, copied texts, friends made in order to sell are not." },
	  { "做广告就明着做。",
	    "公开卖东西可以；变着法子藏联系方式、成批复制、为了卖货加人不行。" } },
	{ REPORT_COUNTERFEIT,
	  { "No counterfeits, no pretended purchasing abroad.",
	    "Fakes of a brand, or goods that never come." },
	  { "不卖假货，不做假代购。", "仿冒品牌，或者根本没有货。" } },
	{ REPORT_LADDER,
	  { "No recruiting of recruits.", "Levels, entry fees, head-money, promises of earnings." },
	  { "不拉人头、不发展下线。", "层级、入门费、人头费、许诺收益。" } },
	{ REPORT_FRAUD,
	  { "Nobody is cheated.", "Fraud, forbidden goods, gambling, money lent by trickery." },
	  { "不骗人。", "诈骗、违禁品、赌博、套路贷。" } },
};
#define RULES (sizeof rules / sizeof rules[0])

static void add_words(struct buf *b, const struct words *words)
{
	buf_lit(b, "\"text\":");
	buf_json(b, str_of(words->text));
	buf_lit(b, ",\"hint\":");
	buf_json(b, str_of(words->hint));
}

void entity_rules(struct buf *b)
{
	buf_char(b, '[');
	for (size_t i = 0; i < RULES; i++) {
		buf_add(b, i > 0 ? S(",{\"id\":") : S("{\"id\":"));
		buf_json_id(b, (int64_t)i + 1);
		buf_char(b, ',');
		add_words(b, &rules[i].en);
		buf_lit(b, ",\"translations\":{\"zh\":{");
		add_words(b, &rules[i].zh);
		buf_lit(b, "}}}");
	}
	buf_char(b, ']');
}

bool entity_rule_of(int64_t id, enum report_category *out)
{
	if (id < 1 || id > (int64_t)RULES)
		return false;
	*out = rules[id - 1].category;
	return true;
}

/* Mastodon's word for a category, and the rule that is broken where that is "violation". */
static const char *masto_word(enum report_category category, size_t *rule)
{
	*rule = 0;
	if (category == REPORT_ADVERTISING)
		return "spam";
	for (size_t i = 0; i < RULES; i++)
		if (rules[i].category == category)
			*rule = i + 1;
	return *rule ? "violation" : "other";
}

static void add_status(struct buf *b, const struct report *report)
{
	const struct status_ref *piece = &report->piece;
	if (piece->post.v)
		buf_json_id(b, piece->comment.v ? piece->comment.v : piece->post.v);
	else
		buf_lit(b, "null");
}

static void add_outcome(struct buf *b, const struct report *report)
{
	const char *word = report_outcome_word(report->state);
	if (word)
		buf_json(b, str_of(word));
	else
		buf_lit(b, "null");
}

/* What was sent, and the card as the reporter sees it anyway. */
err entity_report(struct call *c, struct buf *b, const struct report *reports, size_t n,
                  const struct person *target)
{
	const struct report *first = &reports[0];
	size_t rule;
	const char *category = masto_word(first->category, &rule);
	buf_lit(b, "{\"id\":");
	buf_json_id(b, first->id.v);
	buf_lit(b, ",\"action_taken\":false,\"action_taken_at\":null,\"forwarded\":false,"
	           "\"category\":");
	buf_json(b, str_of(category));
	buf_lit(b, ",\"kith_category\":");
	buf_json(b, str_of(report_category_word(first->category)));
	buf_lit(b, ",\"kith_outcome\":");
	add_outcome(b, first);
	buf_lit(b, ",\"comment\":");
	buf_json(b, first->text);
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, first->at_ms);
	buf_lit(b, ",\"collection_ids\":[],\"status_ids\":[");
	for (size_t i = 0; i < n && first->piece.post.v; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_status(b, &reports[i]);
	}
	buf_lit(b, "],\"rule_ids\":");
	if (strcmp(category, "violation") == 0)
		buf_format(b, "[\"%zu\"]", rule);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"target_account\":");
	entity_account(c, b, target);
	buf_char(b, '}');
	return b->full ? err_system("a report grew too long") : OK;
}

err entity_own_report(struct call *c, struct buf *b, const struct report *report)
{
	struct person target;
	err e = report_card(c->circle, c->me.person, report->target, c->mem, &target);
	bool seen = !failed(e);
	if (failed(e) && e.code != ERR_MISSING)
		return e;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, report->id.v);
	buf_lit(b, ",\"category\":");
	buf_json(b, str_of(report_category_word(report->category)));
	buf_lit(b, ",\"target_account\":");
	if (seen)
		entity_account(c, b, &target);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"status_id\":");
	add_status(b, report);
	buf_lit(b, ",\"comment\":");
	buf_json(b, report->text);
	buf_lit(b, ",\"at\":");
	buf_json_time(b, report->at_ms);
	buf_lit(b, ",\"outcome\":");
	add_outcome(b, report);
	buf_char(b, '}');
	return OK;
}
