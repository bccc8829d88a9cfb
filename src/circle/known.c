#include "circle/known.h"

#include "circle/hold.h"
#include "circle/remember.h"

#include "integrity/policy/policy.h"

#include <sodium.h>

#include <string.h>

#define TRIES 8 /* for each that is wanted */
#define HOUR_MS (INT64_C(3600) * 1000)
#define FIRST_MS (HOUR_MS / 4) /* nobody answers sooner, */
#define LAST_MS (20 * HOUR_MS) /* or later */
#define RIGHT_OF_256 220       /* of those who were never asked */

struct candidate {
	struct known known;
	str clause, en, zh;
	const str *fires; /* all that its rule must fire on */
	size_t n_fires;
};

struct picking {
	struct arena *mem;
	struct candidate *all;
	size_t n, cap;
};

static const str *strs_dup(struct arena *mem, const str *all, size_t n)
{
	str *out = ARENA_ARRAY(mem, n, str);
	for (size_t i = 0; i < n; i++)
		out[i] = str_dup(mem, all[i]);
	return out;
}

static void add(struct picking *p, const struct policy *policy, const struct policy_rule *rule,
                str text, bool fires)
{
	if (p->n == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 256;
		p->all = arena_grow(p->mem, p->all, p->cap * sizeof *p->all, cap * sizeof *p->all);
		p->cap = cap;
	}
	p->all[p->n++] = (struct candidate){
		.known = { .rule = str_dup(p->mem, rule->id),
		           .policy = str_dup(p->mem, policy_hash(policy)),
		           .text = str_dup(p->mem, text),
		           .fires = fires },
		.clause = str_dup(p->mem, rule->clause),
		.en = str_dup(p->mem, rule->en),
		.zh = str_dup(p->mem, rule->zh),
		.fires = strs_dup(p->mem, rule->fires, rule->n_fires),
		.n_fires = rule->n_fires,
	};
}

static void collect(const struct policy *policy, void *ctx)
{
	size_t n;
	const struct policy_rule *rules = policy_rules(policy, &n);
	for (size_t i = 0; i < n; i++) {
		if (rules[i].status != RULE_LIVE || rules[i].harm == HARM_ANNOYANCE)
			continue;
		for (size_t k = 0; k < rules[i].n_fires; k++)
			add(ctx, policy, &rules[i], rules[i].fires[k], true);
		for (size_t k = 0; k < rules[i].n_silent; k++)
			add(ctx, policy, &rules[i], rules[i].silent[k], false);
	}
}

static size_t roll(const struct circle *c, size_t below)
{
	uint64_t out;
	chance_fill(c->chance, &out, sizeof out);
	return (size_t)(out % below);
}

static bool fired(const struct verdict *v, str rule)
{
	for (size_t i = 0; i < v->reason_count; i++)
		if (str_eq(v->reasons[i].rule, rule))
			return true;
	return false;
}

static bool is_inside(uint32_t at, str text)
{
	return at == 0 || at >= text.n || ((unsigned char)text.p[at] & 0xC0) != 0x80;
}

/* Some words of it, as if they had been the reason. */
static struct span mark_some(const struct circle *c, str text)
{
	uint32_t n = (uint32_t)text.n, from = (uint32_t)roll(c, text.n / 2 + 1);
	uint32_t to = from + 1 + (uint32_t)roll(c, (text.n - from) / 2 + 1);
	while (!is_inside(from, text))
		from--;
	while (to < n && !is_inside(to, text))
		to++;
	return (struct span){ from, to < n ? to : n };
}

static bool judge(const struct circle *c, str text, int64_t now_ms, struct arena *mem,
                  struct verdict *v)
{
	struct facts facts = { .kind = FACTS_POST, .at_ms = now_ms, .text = text };
	int64_t seq;
	return text.n > 0 && !failed(remember_screen(c, &facts, mem, v, &seq));
}

/* Words alone, and this rule with them. */
static bool acts(const struct verdict *v, str rule)
{
	return v->alone != ACTION_ALLOW && fired(v, rule);
}

/* Of a rule that looks at pictures, copies or a pace nobody can say by words alone that it erred. */
static bool reads_words(const struct circle *c, const struct candidate *it, int64_t now_ms,
                        struct arena *mem)
{
	struct verdict v;
	bool reads = false;
	for (size_t i = 0; i < it->n_fires && !reads; i++)
		reads = judge(c, it->fires[i], now_ms, mem, &v) && acts(&v, it->known.rule);
	return reads;
}

/* Held under its rule, with words marked that have nothing to do with it. */
static str evidence_of_nothing(const struct circle *c, const struct candidate *it,
                               const struct verdict *v, struct arena *mem)
{
	struct span span = mark_some(c, it->known.text);
	struct reason reason = { .rule = it->known.rule,
		                 .clause = it->clause,
		                 .en = it->en,
		                 .zh = it->zh,
		                 .spans = &span,
		                 .span_count = 1,
		                 .alone = true };
	struct verdict shown = *v;
	shown.reasons = &reason;
	shown.reason_count = 1;
	return hold_evidence(&shown, mem);
}

/* Whether it speaks for itself; then its evidence. */
static bool suits(const struct circle *c, struct candidate *it, int64_t now_ms, struct arena *mem)
{
	struct verdict v;
	if (!judge(c, it->known.text, now_ms, mem, &v))
		return false;
	if (it->known.fires) {
		if (!acts(&v, it->known.rule))
			return false;
		it->known.evidence = hold_evidence(&v, mem);
		return true;
	}
	if (v.action != ACTION_ALLOW || fired(&v, it->known.rule) ||
	    !reads_words(c, it, now_ms, mem))
		return false;
	it->known.evidence = evidence_of_nothing(c, it, &v, mem);
	return true;
}

void known_pick(const struct circle *c, size_t want, int64_t now_ms, struct arena *mem,
                struct known *out, size_t *n)
{
	struct picking p = { .mem = mem };
	*n = 0;
	if (want == 0)
		return;
	remember_look(c, collect, &p);
	for (size_t tries = want * TRIES; tries > 0 && p.n > 0 && *n < want; tries--) {
		size_t at = roll(c, p.n);
		if (suits(c, &p.all[at], now_ms, mem))
			out[(*n)++] = p.all[at].known;
		p.all[at] = p.all[--p.n];
	}
}

/* Of one of the others: when they seem to vote, and what. By a key: who is asked knows all the rest of it, and real others vote otherwise. */
static enum vote seeming(const struct juror_check *k, int i, int64_t *at_ms)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	unsigned char of[sizeof k->id + 1];
	uint32_t when;
	memcpy(of, &k->id, sizeof k->id);
	of[sizeof k->id] = (unsigned char)i;
	crypto_generichash(hash, sizeof hash, of, sizeof of, k->salt, sizeof k->salt);
	memcpy(&when, hash, sizeof when);
	*at_ms = k->asked_at_ms + FIRST_MS + (int64_t)(when % (uint32_t)(LAST_MS - FIRST_MS));
	bool right = hash[4] < RIGHT_OF_256;
	if (!right && hash[5] % 4 == 0)
		return VOTE_MILDER;
	return right == k->fires ? VOTE_KEEP : VOTE_OVERTURN;
}

struct tally known_tally(const struct juror_check *k, int64_t now_ms)
{
	struct tally tally = { .seats = k->seats };
	for (int i = 1; i < k->seats; i++) {
		int64_t at_ms;
		enum vote vote = seeming(k, i, &at_ms);
		if (at_ms > now_ms) {
			tally.left++;
			continue;
		}
		tally.keep += vote == VOTE_KEEP;
		tally.overturn += vote == VOTE_OVERTURN;
		tally.milder += vote == VOTE_MILDER;
	}
	return tally;
}
