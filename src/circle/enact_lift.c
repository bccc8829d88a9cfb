/* What a version did is released with it: all of it, where the keeper takes it back; where an urgent one ends by its clock, what the
 * one in force would not have done. A piece that was held by rules that are the same in both is held on. */
#include "circle/enact_private.h"

#include "circle/order.h"
#include "circle/verb.h"
#include "integrity/policy/policy_compare.h"

#include <jansson.h>

static err read_to_lift(struct circle *c, struct arena *mem, struct stored_policy *out, bool *there)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = policies_to_lift(conn, mem, out);
	*there = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

static err lifted_work(struct conn *tx, void *ctx)
{
	return policies_lift(tx, *(const str *)ctx, LIFTS_NOTHING);
}

struct lifting {
	enum policy_lifts lifts;
	const struct policy *of, *now; /* `of` NULL: this program cannot read it */
};

static bool is_rule_of(const struct policy *policy, str rule)
{
	size_t n;
	const struct policy_rule *rules = policy_rules(policy, &n);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rules[i].id, rule))
			return true;
	return false;
}

static bool same_in_both(const struct lifting *l, str rule)
{
	return policy_compare_same_rule(l->of, l->now, rule);
}

/* All that was found on it is found by the other version as well. */
static bool would_be_done(const struct lifting *l, const struct measure *m)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	const json_t *reasons = json_object_get(evidence, "reasons");
	bool same = same_in_both(l, m->rule);
	for (size_t i = 0; same && i < json_array_size(reasons); i++)
		same = same_in_both(l, str_of(json_string_value(json_object_get(
					       json_array_get(reasons, i), "rule"))));
	json_decref(evidence);
	return same;
}

/* What has nothing to do with a rule of the version was only done while it was in force. Of one that cannot be read any more everything is
 * its own that the program did: whatever another version would have done, it is not known to be right. */
static bool is_its(void *ctx, const struct measure *m, struct arena *mem)
{
	const struct lifting *l = ctx;
	(void)mem;
	if (l->of == NULL)
		return m->decider == DECIDER_POLICY;
	if (m->decider != DECIDER_POLICY && !is_rule_of(l->of, m->rule))
		return false;
	return l->lifts == LIFTS_ALL || !would_be_done(l, m);
}

static err lift_one(struct circle *c, const struct stored_policy *row, int64_t now_ms,
                    struct arena *mem, int *lifted)
{
	struct policy *of = NULL, *now = NULL;
	struct lifting lifting = { .lifts = row->lifts };
	struct order_lifting ask = { .policy = row->hash, .its = is_its, .ctx = &lifting };
	struct enact_law law;
	str hash = row->hash;
	err e;
	TRY(enact_law(c, mem, &law));
	e = enact_compile(row->source, mem, &of);
	if (e.code != ERR_INPUT)
		TRY(e);
	TRY(enact_compile(law.in_force.source, mem, &now));
	lifting.of = of;
	lifting.now = now;
	TRY(order_lift(c, &ask, now_ms, lifted));
	TRY(verb_write(c, lifted_work, NULL, &hash));
out:
	policy_free(of);
	policy_free(now);
	return e;
}

err enact_lift(struct circle *c, int64_t now_ms, int *lifted)
{
	struct arena *mem = arena_new((size_t)1 << 16);
	err e = OK;
	*lifted = 0;
	for (bool there = true; there;) {
		struct stored_policy row;
		int n = 0;
		TRY(read_to_lift(c, mem, &row, &there));
		if (there)
			TRY(lift_one(c, &row, now_ms, mem, &n));
		*lifted += n;
	}
out:
	if (failed(e) && e.code != ERR_SYSTEM)
		e = err_system(
			"what a policy did could not be released"); /* its `why` may lie in the arena */
	arena_free(mem);
	return e;
}
