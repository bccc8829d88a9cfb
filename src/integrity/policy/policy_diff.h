/* policy_diff.h - what a new version of a policy changes, item by item, so that it can be announced. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_DIFF_H
#define KITH_INTEGRITY_POLICY_POLICY_DIFF_H

#include "integrity/policy/policy.h"

enum policy_change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CHANGED };

struct policy_detail {
	str field;
	str before, after; /* one of them empty: added, taken away */
};

struct policy_change {
	enum policy_change_kind kind;
	str what; /* rule, list, pattern, condition, group, damp, ladder, policy */
	str name;
	const struct policy_detail *details; /* of a changed item */
	size_t n;
};

/* In the order of the new text, what was removed last. Spacing, comments and the order of items are no change. */
const struct policy_change *policy_diff(const struct policy *before, const struct policy *after,
                                        struct arena *mem, size_t *n);

#endif
