#include "integrity/conduct.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

const struct conduct_words conduct_words[CONDUCT_RULES] = {
	[CONDUCT_CONTACT_DISGUISED] = { "contact.disguised",
	                                "A contact name is written so that a program would not notice it. On its own this would be fine.",
	                                "联系方式写成程序认不出的样子。单有这一处，不算什么。" },
	[CONDUCT_ADVERT_DISGUISED] = { "advert.disguised",
	                               "It offers something for sale behind a disguised contact. An offer with a plain contact is welcome.",
	                               "一边卖东西，一边把联系方式藏起来。明写联系方式的买卖是欢迎的。" },
	[CONDUCT_ADVERT_CLAIM] = { "advert.claim",
	                           "It promises a cure, a result or a shortcut that nobody can promise.",
	                           "它许诺谁也保证不了的疗效、结果或门路。" },
	[CONDUCT_EVADE_MOVE] = { "evade.move", "It leads customers around a closed account.",
	                         "号被封了，它在把顾客往别处带。" },
	[CONDUCT_RECRUIT_LADDER] = { "recruit.ladder",
	                             "It recruits people who pay to join or are paid for bringing others.",
	                             "它在招人交钱入伙，或者靠拉人头拿钱。" },
	[CONDUCT_RECRUIT_INCOME] = { "recruit.income",
	                             "It promises easy earnings to whoever gets in touch.",
	                             "它许诺联系了就有轻松收入。" },
	[CONDUCT_INDUCE_SPREAD] = { "induce.spread",
	                            "It promises something for likes, forwards or friends brought. People then press friends instead of telling them something.",
	                            "用好处换赞、换转发、换拉人。这样传开的话，是在催朋友，不是在告诉朋友。" },
	[CONDUCT_FRAUD_COUNTERFEIT] = { "fraud.counterfeit",
	                                "It offers goods in the words that counterfeits are sold with.",
	                                "它用卖仿货的说法卖东西。" },
	[CONDUCT_FRAUD_GAMBLING] = { "fraud.gambling", "It invites people to gamble.",
	                             "它在拉人赌博。" },
	[CONDUCT_FRAUD_SCHEME] = { "fraud.scheme",
	                           "It uses the words of advance fees, false reviews, forged papers or certain winnings.",
	                           "它用的是先交钱、刷单、办假证、稳赚不赔一类的说法。" },
	[CONDUCT_TEXT_HIDDEN] = { "text.hidden",
	                          "Characters that do not show, or stand for other letters, are put between its words.",
	                          "字里行间夹了看不见的或冒充字母的字符。" },
	[CONDUCT_TEXT_RESEMBLES] = { "text.resembles",
	                             "Its wording resembles unsolicited advertising. On its own this weighs nothing.",
	                             "措辞很像群发广告。单有这一点，不算什么。" },
};

/* ---- evidence as counts ---- */

/* After the groups of phrases: what else a row can ask for. */
enum {
	SIGN_SLANG = PHRASE_GROUPS, /* a contact in slang */
	SIGN_HIDDEN,                /* a disguised contact */
	SIGN_EFFORT,                /* 1: some hidden characters, 2: many */
	SIGN_DISGUISED,             /* phrases of conduct with something put inside them */
	SIGN_ADVERTISES,
	SIGNS
};

#define M(sign) (UINT64_C(1) << (sign))
#define ASK M(PHRASE_ASK)
#define OFFER (M(PHRASE_OFFER) | M(SIGN_ADVERTISES))
#define LUXURY M(PHRASE_LUXURY)
#define JOIN M(PHRASE_JOIN)
#define AGENT M(PHRASE_AGENT)
#define EASY M(PHRASE_EASY)
#define MONEY M(PHRASE_MONEY)
#define MOVED M(PHRASE_MOVED)
#define CLAIM M(PHRASE_CLAIM)
#define HEADS M(PHRASE_HEADS)
#define FEE M(PHRASE_FEE)
#define INCOME M(PHRASE_INCOME)
#define SPREAD M(PHRASE_SPREAD)
#define PROOF M(PHRASE_PROOF)
#define REWARD M(PHRASE_REWARD)
#define FAKE M(PHRASE_FAKE)
#define LIKE_REAL M(PHRASE_LIKE_REAL)
#define GAMBLE M(PHRASE_GAMBLE)
#define BET M(PHRASE_BET)
#define SURE M(PHRASE_SURE)
#define SCHEME M(PHRASE_SCHEME)
#define PAPERS M(PHRASE_PAPERS)
#define SLANG M(SIGN_SLANG)
#define HIDDEN M(SIGN_HIDDEN)
#define EFFORT M(SIGN_EFFORT)
#define DISGUISED M(SIGN_DISGUISED)

/* ---- the rules ---- */

#define CLAUSES 3
struct row {
	enum conduct_rule rule;
	double weight;
	/* all must hold: at least so many different phrases or signs of these groups together */
	struct {
		uint64_t of;
		unsigned at_least;
	} needs[CLAUSES];
};

static const struct row rows[] = {
	{ CONDUCT_CONTACT_DISGUISED, 0.30, { { SLANG, 1 } } },
	{ CONDUCT_CONTACT_DISGUISED, 0.40, { { HIDDEN, 1 } } },

	{ CONDUCT_ADVERT_DISGUISED, 0.25, { { SLANG, 1 }, { OFFER, 1 } } },
	{ CONDUCT_ADVERT_DISGUISED,
	  0.40,
	  { { HIDDEN, 1 }, { OFFER | ASK | LIKE_REAL | CLAIM, 1 } } },

	{ CONDUCT_ADVERT_CLAIM, 0.15, { { CLAIM, 1 } } },
	{ CONDUCT_ADVERT_CLAIM, 0.30, { { CLAIM, 1 }, { SLANG | HIDDEN, 1 } } },
	{ CONDUCT_ADVERT_CLAIM, 0.45, { { CLAIM, 2 }, { ASK | OFFER, 1 } } },
	{ CONDUCT_ADVERT_CLAIM, 0.45, { { CLAIM, 2 }, { SLANG | HIDDEN, 1 } } },

	{ CONDUCT_EVADE_MOVE, 0.25, { { MOVED, 1 }, { OFFER, 1 }, { ASK | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_EVADE_MOVE, 0.45, { { MOVED, 1 }, { SLANG | HIDDEN, 1 }, { OFFER, 1 } } },

	{ CONDUCT_RECRUIT_LADDER, 0.25, { { HEADS, 1 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.30, { { AGENT, 1 }, { JOIN, 1 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.45, { { AGENT, 1 }, { JOIN, 1 }, { ASK | OFFER, 2 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.62, { { HEADS, 1 }, { AGENT | JOIN | FEE | INCOME, 1 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.62, { { HEADS, 2 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.62, { { AGENT, 1 }, { JOIN | ASK, 1 }, { FEE | INCOME, 1 } } },
	{ CONDUCT_RECRUIT_LADDER, 0.62, { { JOIN, 1 }, { FEE, 1 }, { INCOME, 1 } } },

	{ CONDUCT_RECRUIT_INCOME, 0.10, { { INCOME, 1 } } },
	{ CONDUCT_RECRUIT_INCOME, 0.40, { { INCOME, 1 }, { ASK | JOIN | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_RECRUIT_INCOME, 0.40, { { INCOME, 2 } } },
	{ CONDUCT_RECRUIT_INCOME,
	  0.62,
	  { { INCOME, 1 }, { EASY, 1 }, { ASK | JOIN | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_RECRUIT_INCOME, 0.62, { { INCOME, 2 }, { ASK | JOIN, 1 } } },

	{ CONDUCT_INDUCE_SPREAD, 0.30, { { SPREAD, 1 }, { REWARD, 1 } } },
	{ CONDUCT_INDUCE_SPREAD, 0.62, { { SPREAD, 1 }, { REWARD, 1 }, { PROOF, 1 } } },
	{ CONDUCT_INDUCE_SPREAD, 0.62, { { SPREAD, 2 }, { REWARD, 1 } } },
	{ CONDUCT_INDUCE_SPREAD, 0.62, { { SPREAD, 1 }, { REWARD, 2 }, { ASK, 1 } } },

	{ CONDUCT_FRAUD_COUNTERFEIT, 0.20, { { FAKE, 1 } } },
	{ CONDUCT_FRAUD_COUNTERFEIT, 0.40, { { FAKE, 1 }, { ASK | OFFER | LIKE_REAL, 1 } } },
	{ CONDUCT_FRAUD_COUNTERFEIT,
	  0.62,
	  { { FAKE, 1 }, { LUXURY | LIKE_REAL, 1 }, { ASK | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_FRAUD_COUNTERFEIT, 0.62, { { FAKE, 1 }, { LUXURY, 1 }, { LIKE_REAL, 1 } } },
	{ CONDUCT_FRAUD_COUNTERFEIT, 0.62, { { FAKE, 2 } } },
	{ CONDUCT_FRAUD_COUNTERFEIT,
	  0.40,
	  { { LIKE_REAL, 2 }, { LUXURY, 1 }, { ASK | OFFER, 1 } } },

	{ CONDUCT_FRAUD_GAMBLING, 0.20, { { GAMBLE, 1 } } },
	{ CONDUCT_FRAUD_GAMBLING, 0.62, { { GAMBLE, 2 } } },
	{ CONDUCT_FRAUD_GAMBLING,
	  0.62,
	  { { GAMBLE, 1 }, { ASK | BET | SURE | REWARD | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_FRAUD_GAMBLING, 0.50, { { BET, 2 }, { ASK, 1 } } },

	{ CONDUCT_FRAUD_SCHEME, 0.15, { { SCHEME | PAPERS, 1 } } },
	{ CONDUCT_FRAUD_SCHEME, 0.40, { { SURE, 1 }, { MONEY, 1 } } },
	{ CONDUCT_FRAUD_SCHEME, 0.40, { { SCHEME | PAPERS, 1 }, { ASK, 1 } } },
	{ CONDUCT_FRAUD_SCHEME,
	  0.62,
	  { { SCHEME | PAPERS, 1 }, { FEE | INCOME | SURE | SLANG | HIDDEN, 1 } } },
	{ CONDUCT_FRAUD_SCHEME, 0.62, { { SCHEME | PAPERS, 2 } } },
	{ CONDUCT_FRAUD_SCHEME,
	  0.62,
	  { { SURE, 1 }, { MONEY, 1 }, { ASK | INCOME | FEE | JOIN, 1 } } },
	{ CONDUCT_FRAUD_SCHEME,
	  0.62,
	  { { FEE, 1 }, { MONEY | SURE, 1 }, { INCOME | SURE | JOIN, 2 } } },

	{ CONDUCT_TEXT_HIDDEN, 0.20, { { EFFORT, 1 } } },
	{ CONDUCT_TEXT_HIDDEN, 0.40, { { EFFORT, 2 } } },
	{ CONDUCT_TEXT_HIDDEN, 0.40, { { DISGUISED, 1 } } },
};

/* Of resemblance there is one row, which needs that something else weighs. */
#define RESEMBLES_WEIGHT 0.52
#define RESEMBLES_BESIDE 0.05
/* A tale or a warning that asks for nothing. */
#define TELL_SHARE 0.3
/* Hidden characters: views_effort that is some, and much. */
#define EFFORT_SOME 3.0
#define EFFORT_MUCH 6.0

struct tally {
	unsigned counts[SIGNS];
	uint64_t present; /* signs that are not 0 */
};

static void count_evidence(const struct evidence *e, struct tally *t)
{
	*t = (struct tally){ 0 };
	for (size_t i = 0; i < e->n_hits; i++) {
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = e->hits[k].phrase == e->hits[i].phrase;
		t->counts[e->hits[i].group] += again ? 0 : 1;
		t->counts[SIGN_DISGUISED] +=
			e->hits[i].disguised && e->hits[i].group >= PHRASE_CLAIM ? 1 : 0;
	}
	for (size_t i = 0; i < e->n_contacts; i++) {
		t->counts[SIGN_SLANG] += e->contacts[i].kind == CONTACT_SLANG ? 1 : 0;
		t->counts[SIGN_HIDDEN] += e->contacts[i].kind == CONTACT_DISGUISED ? 1 : 0;
	}
	t->counts[SIGN_EFFORT] = e->effort >= EFFORT_MUCH ? 2 : e->effort >= EFFORT_SOME ? 1 : 0;
	t->counts[SIGN_ADVERTISES] = e->advertises ? 1 : 0;
	for (unsigned sign = 0; sign < SIGNS; sign++)
		t->present |= t->counts[sign] ? M(sign) : 0;
}

static bool holds(const struct row *row, const struct tally *t)
{
	for (size_t k = 0; k < CLAUSES && row->needs[k].of; k++) {
		unsigned count = 0;
		for (uint64_t of = row->needs[k].of & t->present; of; of &= of - 1)
			count += t->counts[__builtin_ctzll(of)];
		if (count < row->needs[k].at_least)
			return false;
	}
	return true;
}

void conduct_of(const struct evidence *evidence, struct conduct *out)
{
	struct tally tally;
	count_evidence(evidence, &tally);
	*out = (struct conduct){ 0 };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double *weight = &out->weights[rows[i].rule];
		if (rows[i].weight > *weight && holds(&rows[i], &tally))
			*weight = rows[i].weight;
	}
	bool tells = tally.counts[PHRASE_TELL] > 0 && !tally.counts[SIGN_HIDDEN] &&
	             !tally.counts[SIGN_SLANG] && !tally.counts[PHRASE_ASK];
	double honest = 1;
	for (size_t i = 0; i < CONDUCT_RULES; i++) {
		out->weights[i] *= tells ? TELL_SHARE : 1;
		honest *= 1 - out->weights[i];
	}
	if (evidence->resembles && honest < 1 - RESEMBLES_BESIDE)
		out->weights[CONDUCT_TEXT_RESEMBLES] = RESEMBLES_WEIGHT * (tells ? TELL_SHARE : 1);
	out->malice = 1 - honest * (1 - out->weights[CONDUCT_TEXT_RESEMBLES]);
}

/* ---- what a reason marks ---- */

bool conduct_marks_phrase(enum conduct_rule rule, const struct phrase_hit *hit)
{
	static const uint64_t marked[CONDUCT_RULES] = {
		[CONDUCT_ADVERT_DISGUISED] = M(PHRASE_OFFER),
		[CONDUCT_ADVERT_CLAIM] = CLAIM,
		[CONDUCT_EVADE_MOVE] = M(PHRASE_MOVED),
		[CONDUCT_RECRUIT_LADDER] = HEADS | AGENT | JOIN | FEE,
		[CONDUCT_RECRUIT_INCOME] = INCOME | EASY,
		[CONDUCT_INDUCE_SPREAD] = SPREAD | PROOF | REWARD,
		[CONDUCT_FRAUD_COUNTERFEIT] = FAKE | LIKE_REAL,
		[CONDUCT_FRAUD_GAMBLING] = GAMBLE | BET,
		[CONDUCT_FRAUD_SCHEME] = SCHEME | PAPERS | SURE | FEE,
	};
	return marked[rule] >> hit->group & 1;
}

bool conduct_marks_contact(enum conduct_rule rule, const struct contact *contact)
{
	return contact->kind != CONTACT_PLAIN &&
	       (rule == CONDUCT_CONTACT_DISGUISED || rule == CONDUCT_ADVERT_DISGUISED);
}

uint64_t conduct_hash(void)
{
	XXH3_state_t *state = XXH3_createState();
	if (!state)
		return 0;
	XXH3_64bits_reset(state);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		XXH3_64bits_update(state, &rows[i].rule, sizeof rows[i].rule);
		XXH3_64bits_update(state, &rows[i].weight, sizeof rows[i].weight);
		for (size_t k = 0; k < CLAUSES; k++) {
			XXH3_64bits_update(state, &rows[i].needs[k].of, sizeof rows[i].needs[k].of);
			XXH3_64bits_update(state, &rows[i].needs[k].at_least,
			                   sizeof rows[i].needs[k].at_least);
		}
	}
	for (size_t i = 0; i < phrase_table_count; i++) {
		str words = str_of(phrase_table[i].words);
		XXH3_64bits_update(state, &phrase_table[i].group, sizeof phrase_table[i].group);
		XXH3_64bits_update(state, words.p, words.n);
	}
	uint64_t hash = XXH3_64bits_digest(state);
	XXH3_freeState(state);
	return hash;
}
