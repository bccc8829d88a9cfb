/* policy_compare.h - two versions of a policy held against each other: may the later one be harder on anybody, and which rules
 * are the same in both. Both err on one side: what cannot be shown to be looser counts as stricter, and what cannot be shown to
 * be the same counts as another rule. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_COMPARE_H
#define KITH_INTEGRITY_POLICY_POLICY_COMPARE_H

#include "integrity/policy/policy.h"

/* False when `after` only takes away: live rules and lines of theirs, weights, caps, steps of the ladder; or adds damping; or
 * changes what nobody is judged by (sentences, papers, rules that are not live). What remains of a weight may then be led by a rule
 * of another class, which is no more of it: a hold of its own length is not looked at. */
bool policy_compare_stricter(const struct policy *before, const struct policy *after,
                             struct arena *mem);

/* Whether this live rule weighs the same texts the same in both: its lines with the words, patterns, conditions and windows they
 * name, its group's cap, and what is common to all rules: damps, ladder, lists of conduct. */
bool policy_compare_same_rule(const struct policy *a, const struct policy *b, str rule);
/* Without what is common to all rules, and the cap: whether the rule itself was touched. */
bool policy_compare_same_lines(const struct policy *a, const struct policy *b, str rule);

#endif
