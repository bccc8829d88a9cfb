#include "integrity/conduct.h"

#define WARNING_FACTOR 0.4
#define GROUP(g) (1u << (g))
#define CONTACTS (GROUP(PHRASE_CONTACT) | GROUP(PHRASE_CONTACT_SLANG) | GROUP(PHRASE_MOVE))

const struct conduct_words conduct_words[CONDUCT_RULES] = {
	[CONDUCT_CONTACT_DISGUISED] = { "contact.disguised",
	                                "It hides a way to get in touch behind other characters.",
	                                "它把联系方式藏在别的字里。" },
	[CONDUCT_RECRUIT_LADDER] = { "recruit.ladder",
	                             "It recruits people who pay or are paid for bringing others.",
	                             "它在招代理、拉下线。" },
	[CONDUCT_RECRUIT_INCOME] = { "recruit.income", "It promises earnings to whoever joins.",
	                             "它许诺加入就有收入。" },
	[CONDUCT_INDUCE_SPREAD] = { "induce.spread",
	                            "It promises a gift for likes, forwards or screenshots.",
	                            "它用礼物换赞、换转发、换截图。" },
	[CONDUCT_FRAUD_COUNTERFEIT] = { "fraud.counterfeit",
	                                "It offers goods in the words that counterfeits are sold with.",
	                                "它用卖仿货的说法卖东西。" },
	[CONDUCT_FRAUD_GAMBLING] = { "fraud.gambling", "It invites people to gamble.",
	                             "它在拉人赌博。" },
	[CONDUCT_FRAUD_SCHEME] = { "fraud.scheme",
	                           "It uses the words of advance fees, false reviews or easy loans.",
	                           "它用的是垫付、刷单、秒批贷款一类的说法。" },
	[CONDUCT_TEXT_HIDDEN] = { "text.hidden",
	                          "Characters that do not show, or stand for other letters, are put between its words.",
	                          "字里行间夹了看不见的或冒充字母的字符。" },
	[CONDUCT_TEXT_RESEMBLES] = { "text.resembles",
	                             "Its wording resembles unsolicited advertising.",
	                             "措辞很像群发广告。" },
};

/* What each rule speaks of. */
static const unsigned marked[CONDUCT_RULES] = {
	[CONDUCT_CONTACT_DISGUISED] = GROUP(PHRASE_CONTACT_SLANG) | GROUP(PHRASE_CONTACT),
	[CONDUCT_RECRUIT_LADDER] = GROUP(PHRASE_RECRUIT) | GROUP(PHRASE_FEE),
	[CONDUCT_RECRUIT_INCOME] = GROUP(PHRASE_INCOME),
	[CONDUCT_INDUCE_SPREAD] = GROUP(PHRASE_SPREAD) | GROUP(PHRASE_REWARD),
	[CONDUCT_FRAUD_COUNTERFEIT] = GROUP(PHRASE_FAKE),
	[CONDUCT_FRAUD_GAMBLING] = GROUP(PHRASE_GAMBLE),
	[CONDUCT_FRAUD_SCHEME] = GROUP(PHRASE_FRAUD),
};

bool conduct_marks(enum conduct_rule rule, const struct phrase_hit *hit)
{
	bool plain_contact = hit->group == PHRASE_CONTACT && !hit->disguised;
	return (marked[rule] >> hit->group & 1) &&
	       !(rule == CONDUCT_CONTACT_DISGUISED && plain_contact);
}

/* What the phrases add up to: how many different ones of each group. */
struct tally {
	unsigned distinct[PHRASE_GROUPS];
	unsigned disguised_contacts;
};

static void count_hits(const struct phrase_hit *hits, size_t n, struct tally *t)
{
	*t = (struct tally){ 0 };
	for (size_t i = 0; i < n; i++) {
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = hits[k].phrase == hits[i].phrase;
		t->distinct[hits[i].group] += again ? 0 : 1;
		t->disguised_contacts += hits[i].group == PHRASE_CONTACT && hits[i].disguised ? 1
		                                                                              : 0;
	}
}

static bool any(const struct tally *t, unsigned groups)
{
	for (unsigned g = 0; g < PHRASE_GROUPS; g++) {
		if ((groups >> g & 1) && t->distinct[g] > 0)
			return true;
	}
	return false;
}

static double contact_disguised(const struct tally *t)
{
	unsigned slang = t->distinct[PHRASE_CONTACT_SLANG] + t->disguised_contacts;
	return slang == 0 ? 0 : slang == 1 ? 0.4 : 0.5;
}

static double recruit_ladder(const struct tally *t)
{
	unsigned recruit = t->distinct[PHRASE_RECRUIT];
	if (recruit == 0)
		return 0;
	return recruit >= 2 || any(t, GROUP(PHRASE_FEE) | GROUP(PHRASE_INCOME)) ? 0.6 : 0.25;
}

static double recruit_income(const struct tally *t)
{
	if (t->distinct[PHRASE_INCOME] == 0)
		return 0;
	if (t->distinct[PHRASE_INCOME] >= 2)
		return 0.5;
	return any(t, CONTACTS | GROUP(PHRASE_RECRUIT) | GROUP(PHRASE_FEE)) ? 0.4 : 0.1;
}

static double induce_spread(const struct tally *t)
{
	if (t->distinct[PHRASE_SPREAD] == 0)
		return 0;
	return t->distinct[PHRASE_REWARD] > 0 ? 0.62 : 0.05;
}

static double fraud_counterfeit(const struct tally *t)
{
	unsigned fake = t->distinct[PHRASE_FAKE];
	if (fake == 0)
		return 0;
	return fake >= 2 || any(t, GROUP(PHRASE_BRAND)) ? 0.62 : any(t, CONTACTS) ? 0.5 : 0.25;
}

static double fraud_gambling(const struct tally *t)
{
	unsigned gamble = t->distinct[PHRASE_GAMBLE];
	return gamble == 0                               ? 0
	       : gamble >= 2                             ? 0.62
	       : any(t, CONTACTS | GROUP(PHRASE_REWARD)) ? 0.5
	                                                 : 0.15;
}

static double fraud_scheme(const struct tally *t)
{
	unsigned fraud = t->distinct[PHRASE_FRAUD];
	return fraud == 0                                ? 0
	       : fraud >= 2                              ? 0.62
	       : any(t, CONTACTS | GROUP(PHRASE_INCOME)) ? 0.5
	                                                 : 0.15;
}

static double (*const weighers[])(const struct tally *) = {
	[CONDUCT_CONTACT_DISGUISED] = contact_disguised, [CONDUCT_RECRUIT_LADDER] = recruit_ladder,
	[CONDUCT_RECRUIT_INCOME] = recruit_income,       [CONDUCT_INDUCE_SPREAD] = induce_spread,
	[CONDUCT_FRAUD_COUNTERFEIT] = fraud_counterfeit, [CONDUCT_FRAUD_GAMBLING] = fraud_gambling,
	[CONDUCT_FRAUD_SCHEME] = fraud_scheme,
};

/* Words that warn of a scheme make it likely that it is talked about, not run; whoever also hides a contact runs it. */
static bool speaks_of_it(const struct tally *t, enum conduct_rule rule)
{
	return t->distinct[PHRASE_WARNING] > 0 && contact_disguised(t) == 0 &&
	       rule != CONDUCT_CONTACT_DISGUISED;
}

void conduct_of(const struct phrase_hit *hits, size_t n, double effort, bool resembles,
                struct conduct *out)
{
	struct tally tally;
	double honest = 1;
	count_hits(hits, n, &tally);
	*out = (struct conduct){ 0 };
	for (size_t i = 0; i < sizeof weighers / sizeof weighers[0]; i++)
		out->weights[i] = weighers[i](&tally) *
		                  (speaks_of_it(&tally, (enum conduct_rule)i) ? WARNING_FACTOR : 1);
	out->weights[CONDUCT_TEXT_HIDDEN] = effort >= 6 ? 0.4 : effort >= 3 ? 0.2 : 0;
	for (size_t i = 0; i < CONDUCT_TEXT_RESEMBLES; i++)
		honest *= 1 - out->weights[i];
	out->weights[CONDUCT_TEXT_RESEMBLES] = resembles && honest < 0.95 ? 0.35 : 0;
	out->malice = 1 - honest * (1 - out->weights[CONDUCT_TEXT_RESEMBLES]);
}
